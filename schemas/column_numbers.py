"""Which numbers stand in a column: money, ages, quantities and the like, within its bounds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from .bounds import Bounds
from .choices import evenly, falling
from .domains import is_about
from .located import coordinate_source
from .model import Column, Schema, Table
from .moment import DAY
from .naming import ends, has, reduction, snake
from .sources import Between, Choice, Constant, Price, SkewedRange, Source
from .value import step_of


def _range(low: float, high: float, bounds: Bounds, column: Column) -> tuple[float, float]:
    """The usual range, moved into the bounds and the type's precision."""
    step = step_of(column)
    least = float(bounds.low) + (step if bounds.low_open else 0) if isinstance(bounds.low, int | float) else None
    most = float(bounds.high) - (step if bounds.high_open else 0) if isinstance(bounds.high, int | float) else None
    if column.type.precision is not None and column.type.kind == "decimal":
        limit = 10.0 ** (column.type.precision - (column.type.scale or 0)) - step
        most = limit if most is None else min(most, limit)
    span = high - low
    if least is not None and least > low:
        low = least
        high = max(high, low + span) if most is None or high <= low else high
    if most is not None and most < high:
        high = most
        floor = high - span if high < 0 or low < 0 else max(high - span, 0)
        low = low if low < high else (least if least is not None else floor)
    return low, max(low, high)


def _inside(value: float, bounds: Bounds) -> bool:
    low = not isinstance(bounds.low, int | float) or value > bounds.low or (value == bounds.low and not bounds.low_open)
    high = isinstance(bounds.high, int | float) and (value > bounds.high or (value == bounds.high and bounds.high_open))
    return low and not high


def _skewed(low: float, high: float, mean: float, bounds: Bounds, column: Column) -> Source:
    first, last = _range(low, high, bounds, column)
    least, most = int(-(-first // 1)), int(last // 1)
    if most <= least:
        return Constant(least)
    if not least < mean < most:
        # What is usual lies outside: then most are small, as nearly everywhere.
        mean = least + (most - least) * 0.35
    return SkewedRange(least, most, min(max(mean, least + (most - least) * 0.05), least + (most - least) * 0.95))


def _evenly(low: float, high: float, bounds: Bounds, column: Column, digits: int = 2) -> Source:
    first, last = _range(low, high, bounds, column)
    if column.type.kind == "integer":
        return Between(int(-(-first // 1)), max(int(-(-first // 1)), int(last // 1)))
    return Between(first, last, digits=digits)


FLAGS = (
    "active|enabled|deleted|archived|verified|visible|discontinued|blocked|locked|flag|delivered|billed|invoiced|packed|"
    "approved|confirmed|published|processed|closed|notified|exported|imported|synced|required|selected|featured|pinned|"
    "translated|customized|regenerated|returnable|returnable_item|taxable|editable|sortable|searchable|refundable|"
    "shippable|mandatory|optional|warning|recurring|^received|^shipped|^returned|^payed|^packaged|payment_recorded|smoker|"
    "email_sent"
)
ASKING = "is|has|was|can|allow|allows|track|enable|use|uses|show|require|requires|include|send|notify|auto|needs|should"
"""First words of what is so or is not."""
_MONEY = (
    "price|amount|cost|total|subtotal|fee|salary|wage|balance|payment|charge|deposit|budget|revenue|"
    "freight|value|tax|refund|credit|sum|paid|cents|outlay|spent|income|fine|tip|maintenance|msrp|worth|quota|bonus|ytd|"
    "sales|turnover"
)


_BANDS: tuple[tuple[str, float, float], ...] = (
    ("track|song|mp3|ringtone|stream", 0.69, 2.49),
    ("album|app", 1.99, 19.0),
    ("film|movie|rental|dvd|video|loan|lending", 0.99, 14.0),
    ("dish|meal|menu|drink|coffee|snack|recipe|food|grocery", 2.0, 38.0),
    ("book|magazine|ebook|edition|publication", 4.0, 65.0),
    ("ticket|seat|screening|show|concert|match", 8.0, 160.0),
    ("room|stay|night|reservation|booking|accommodation", 45.0, 420.0),
    ("flight|trip|tour|cruise", 60.0, 1400.0),
    ("car|vehicle|motorcycle|truck|machine", 2500.0, 48000.0),
    ("property|house|apartment|listing|estate", 85000.0, 950000.0),
)
"""What one of a thing costs, by words of the table or of what it points at."""


def _band(table: Table) -> tuple[float, float] | None:
    for place in (table.name, *(key.target for key in table.foreign_keys)):
        for words, low, high in _BANDS:
            if has(words, snake(place)):
                return low, high
    return None


def _money(table: Table, name: str, bounds: Bounds, column: Column) -> Source:
    band = _band(table)
    if has("salary|wage|income", name):
        low, high = 18000.0, 140000.0
    elif has("bonus", name):
        low, high = 300.0, 9000.0
    elif has("budget|revenue|quota|ytd|sales|turnover", name):
        low, high = 5000.0, 900000.0
    elif band is not None and has("price|rate|cost|amount|total|fare|rent|charge|replacement_cost", name):
        low, high = band
    elif has("total|balance|amount|payment|credit", name):
        low, high = 8.0, 900.0
    elif has("tax|fee|freight|tip|fine|charge|discount", name):
        low, high = 1.0, 60.0
    else:
        low, high = 3.0, 400.0
    cents = column.type.kind == "integer" and has("cents|minor", name)
    first, last = _range(low * 100 if cents else low, high * 100 if cents else high, bounds, column)
    if first <= 0 or last / first > 10000:
        first = max(first, last / 500)
    if last <= 0 or first <= 0:
        return _evenly(low, high, bounds, column)
    return Price(first / 100, last / 100, cents=True) if cents else Price(first, last)


def _fitting_choice(values: tuple[int, ...], bounds: Bounds, column: Column) -> Source:
    """Those of some usual numbers that the bounds leave."""
    fitting = tuple(value for value in values if _inside(value, bounds))
    return Choice(*evenly(fitting)) if fitting else _skewed(min(values), max(values), values[0], bounds, column)


def _of_numbers(values: tuple[float, ...], bounds: Bounds, column: Column) -> Source:
    """The usual numbers that bounds and type leave, the first the most frequent."""
    digits = column.type.scale if column.type.kind == "decimal" and column.type.scale is not None else 2
    fitting = tuple(value for value in values if _inside(value, bounds) and round(value, digits) == value)
    low, high = _range(min(values), max(values), bounds, column)
    fitting = tuple(value for value in fitting if low <= value <= high)
    return falling(fitting) if len(fitting) > 1 else _evenly(low, high, bounds, column)


class _Asked(NamedTuple):
    """A column of whole numbers."""

    schema: Schema
    table: Table
    column: Column
    name: str
    bounds: Bounds
    now: int

    @property
    def is_free(self) -> bool:
        """Whether no bound is known."""
        return self.bounds.low is None and self.bounds.high is None


_Test = Callable[[_Asked], bool]
_Make = Callable[[_Asked], Source]


def integer_source(schema: Schema, table: Table, column: Column, name: str, bounds: Bounds, now: int) -> Source:
    """What whole numbers there are; `now` in seconds."""
    asked = _Asked(schema, table, column, name, bounds, now)
    return next(make(asked) for test, make in _WHOLE if test(asked))


def _any(words: str) -> _Test:
    return lambda asked: has(words, asked.name)


def _last(words: str) -> _Test:
    return lambda asked: ends(words, asked.name)


def _like(pattern: str) -> _Test:
    return lambda asked: re.search(pattern, asked.name) is not None


def _skew(low: int, high: int, mean: float) -> _Make:
    return lambda asked: _skewed(low, high, mean, asked.bounds, asked.column)


def _even(low: int, high: int) -> _Make:
    return lambda asked: _evenly(low, high, asked.bounds, asked.column)


def _of(*values: int) -> _Make:
    return lambda asked: _fitting_choice(values, asked.bounds, asked.column)


def _is_vlan(asked: _Asked) -> bool:
    numbered = ends("number|tag", asked.name) and has("vlan", snake(asked.table.name))
    return numbered or ends("vlan|vlan_id|vlan_number|vid", asked.name)


def _is_stamp(asked: _Asked) -> bool:
    named = asked.name.endswith("_at") or ends("timestamp|unixtime|epoch|last_activity|unix_time", asked.name)
    return named and asked.bounds.high is None


_FEW_STATES = 12


def _has_few_states(asked: _Asked) -> bool:
    low, high = asked.bounds.low, asked.bounds.high
    known = isinstance(low, int | float) and isinstance(high, int | float) and high - low <= _FEW_STATES
    return known and ends("status|state", asked.name)


def _states(asked: _Asked) -> Source:
    """Every state that the bounds allow; the first is where rows begin, and most have come further."""
    low, high = asked.bounds.low, asked.bounds.high
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    states = [state for state in range(int(-(-low // 1)), int(high // 1) + 1) if _inside(state, asked.bounds)]
    if not states:
        return Constant(int(low))
    return Choice(tuple(states), tuple(1.0 / (1 + abs(place - len(states) // 2)) for place in range(len(states))))


def _of_a_rack(asked: _Asked) -> bool:
    return ends("size|height|units", asked.name) and ends("rack|cabinet", snake(asked.table.name))


def _timeout(asked: _Asked) -> Source:
    """In seconds or milliseconds, as a default or the name says."""
    default = re.fullmatch(r"'?(\d+)'?", asked.column.default or "")
    long = has("ms|millis|milliseconds", asked.name) or (default is not None and int(default[1]) >= 200)
    return _fitting_choice((500, 1000, 2000, 5000) if long else (30, 10, 60, 5), asked.bounds, asked.column)


def _of_a_download(asked: _Asked) -> bool:
    goods = any(
        ends("track|song|mp3|ebook|download|ringtone|app", snake(key.target)) for key in asked.table.foreign_keys
    )
    return goods and ends("quantity|qty", asked.name)


def _of_a_file(asked: _Asked) -> bool:
    files = has("file|attachment|document|image|upload|media|photo", f"{snake(asked.table.name)}_{asked.name}")
    return files and ends("size|filesize|length|bytes", asked.name) and asked.bounds.high is None


def _later(asked: _Asked) -> Source:
    """Seconds since 1970, soon after the clock."""
    return _evenly(asked.now + 60, asked.now + 30 * DAY, asked.bounds, asked.column, 0)


def _in_stock(asked: _Asked) -> Source:
    """Where there is a level at which more is ordered, more than that."""
    ordered = any(has("reorder|safety_stock|min_stock", snake(other.name)) for other in asked.table.columns)
    return _skewed(12 if ordered else 0, 250, 46, asked.bounds, asked.column)


_WHOLE: tuple[tuple[_Test, _Make], ...] = (
    (_any("year_of_birth|birth_year|yob"), _skew(1940, 2005, 1978)),
    (_last("attempt|attempts|retries|tries|failure_count|error_count"), _skew(0, 5, 1)),
    (_last("precision|decimals|decimal_places|display_precision"), _of(2, 0, 1, 3)),
    (_last("years_of_experience|years_of_exp|experience_years|years_experience|seniority"), _skew(0, 30, 7)),
    (_last("severity|log_level|loglevel"), _of(4, 3, 5, 6, 2)),
    (_last("refill|refills"), _of(0, 0, 1, 2, 3, 5)),
    (_last("days_supply|supply_days"), _of(30, 30, 90, 14, 7, 10, 60)),
    (_last("cycle|billing_cycle|interval_count|trial_cycle|trial_duration"), _of(1, 1, 3, 6, 12)),
    (_of_a_file, _skew(20_000, 9_000_000, 1_200_000)),
    (_last("expiration|available_at|reserved_at"), _later),
    (_like("^month_of"), _even(1, 12)),
    (_like("^day_of"), _even(1, 28)),
    (_last("snmp_port"), _of(161, 161, 161, 1161)),
    (_last("smtp_port|mail_port|mport"), _of(587, 25, 465)),
    (
        lambda asked: ends("port", asked.name) and is_about("network", asked.schema, asked.table),
        _of(443, 22, 161, 80, 8080, 3306, 514),
    ),
    (_last("rack_start|start_unit|rack_unit|rack_position|u_position"), _even(1, 40)),
    (_of_a_rack, _of(42, 42, 48, 24, 12)),
    (lambda asked: ends("row", asked.name) and ends("rack|cabinet|seat", snake(asked.table.name)), _even(1, 12)),
    (_last("dx_rank|diagnosis_rank"), _of(1, 1, 2, 2, 3)),
    (_last("rack_size|u_size|height_u|units_high"), _of(1, 1, 2, 4)),
    (_last("rack_deep|rack_depth"), _of(1, 2)),
    (_any("timeout"), _timeout),
    (_is_vlan, _even(10, 400)),
    (
        lambda asked: ends("as|asn|as_number", asked.name) and is_about("network", asked.schema, asked.table),
        _even(64512, 65534),
    ),
    (_last("exp_year|expiry_year|expiration_year|card_year"), _even(2025, 2030)),
    (_last("expires_in|ttl|lifetime|timeout_seconds"), _of(3600, 7200, 86400, 900)),
    (_last("opening_hour|open_hour|opens"), _even(7, 10)),
    (_last("closing_hour|close_hour|closes"), _even(16, 22)),
    (_last("version|rev|revision|revision_number|version_number|revision_no|version_no"), _skew(1, 12, 2)),
    (lambda asked: ends("status|state", asked.name) and asked.is_free, lambda asked: falling((1, 2, 3, 0))),
    (_has_few_states, _states),
    (lambda asked: ends("type|mode|kind|class", asked.name) and asked.is_free, lambda asked: falling((1, 2, 3, 4))),
    (_like("^min$|(?:^|_)(?:min_occurs|minimum_occurs|min_occurrences)$"), _of(0, 0, 1)),
    (_like("^max$|(?:^|_)(?:max_occurs|maximum_occurs|max_occurrences)$"), _of(1, 1, 5, 10)),
    (lambda asked: ends("id|ref|key", asked.name) and asked.bounds.high is None, _skew(1, 500, 120)),
    (
        lambda asked: has("duration|days|period", asked.name) and has("rental|loan|lending|return", asked.name),
        _skew(3, 14, 5),
    ),
    (_any("reorder|reorder_level|reorder_point|safety_stock|minimum_stock|min_stock"), _even(3, 10)),
    (lambda asked: ends("year|yr", asked.name) or has("release_year|model_year", asked.name), _skew(1975, 2024, 2010)),
    (
        _is_stamp,
        lambda asked: _evenly(asked.now - 730 * DAY, asked.now - DAY, asked.bounds, asked.column, 0),
    ),
    (_like(r"day_(?:number_|no_)?(?:in|of)_week$"), _even(1, 7)),
    (_like(r"day_(?:number_|no_)?(?:in|of)_month$"), _even(1, 28)),
    (_last("week|week_number|week_no|week_of_year"), _even(1, 52)),
    (_last("quarter|quarter_number|quarter_no"), _even(1, 4)),
    (_last("month|month_number|month_no"), _even(1, 12)),
    (_last("day|day_of_month"), _even(1, 28)),
    (_last("hour"), _even(8, 19)),
    (_last("age"), _skew(18, 85, 41)),
    (_last("zip|zip_code|zipcode|postal_code|postcode"), _even(10001, 99400)),
    (_last("phone|mobile|telephone|fax"), _even(2125550100, 9895550199)),
    (_any("rating|score|stars|grade"), _skew(1, 5, 3.9)),
    (_any("stock|on_hand|inventory|available"), _in_stock),
    (_of_a_download, _of(1)),
    (_any("quantity|qty|units|seats|guests|adults|pieces|slots|people|passengers|copies"), _skew(1, 12, 2.4)),
    (
        lambda asked: has("percent|pct|percentage|discount", asked.name) and asked.is_free,
        lambda asked: Choice(*evenly([0, 0, 0, 5, 10, 15, 20, 25])),
    ),
    (_any("percent|pct|percentage|discount"), _skew(0, 60, 12)),
    (_any("duration|minutes|mins|length|runtime"), _skew(15, 240, 80)),
    (_any("milliseconds|millis|ms"), _skew(90_000, 420_000, 230_000)),
    (_any("bytes|file_size"), _skew(20_000, 9_000_000, 1_800_000)),
    (_any("capacity|population|enrollment"), _skew(10, 500, 90)),
    (_any("floor|storey|priority|rank|level|position|line|seq|sequence|order|sort_order|ordinal"), _skew(1, 10, 3)),
    (_any(_MONEY), lambda asked: _money(asked.table, asked.name, asked.bounds, asked.column)),
    (_any("weight"), _skew(1, 120, 30)),
    (_any("height|width|depth"), _skew(10, 200, 70)),
    (_any("count|visits|times|number_of|num|attempts|points|children"), _skew(0, 20, 4)),
    (lambda asked: not asked.bounds.low, _skew(0, 100, 24)),
    (lambda asked: True, _skew(1, 100, 24)),
)
"""What whole numbers mean by their name, and which there are; the first that fits."""


def number_source(schema: Schema, table: Table, column: Column, name: str, bounds: Bounds, now: int) -> Source:
    """What numbers there are; `now` in seconds."""
    if ends("id|key", name) and column.type.kind == "decimal":
        return integer_source(schema, table, column, name, bounds, now)
    if re.search(r"days_in_\w*month$", name):
        return _evenly(28, 31, bounds, column, 0)
    if re.search(r"days_in_\w*quarter$", name):
        return _evenly(90, 92, bounds, column, 0)
    if (coordinate := coordinate_source(schema, table, name)) is not None:
        return coordinate
    if ends("latitude|lat", name):
        return _evenly(26, 47, bounds, column, 5)
    if ends("longitude|lon|lng|long", name):
        return _evenly(-121, -71, bounds, column, 5)
    if has("sort|sort_weight|sort_order|rank|sequence|ordinal|position", name):
        return _skewed(1, 40, 9, bounds, column)
    if ends("per_day|a_day|daily_frequency", name):
        return _of_numbers((1, 2, 3, 4, 6, 0.5), bounds, column)
    if ends("hours|length_hours|hours_worked", name):
        return _of_numbers((8, 4, 7.5, 2, 1, 6, 3, 0.5, 1.5, 2.5), bounds, column)
    if ends("days|days_used|no_of_days|number_of_days|length_days|entitlement", name):
        return _of_numbers((1, 2, 5, 3, 10, 0.5, 4, 15, 20, 7), bounds, column)
    if ends("dose|dosage|strength", name) and not has("number|count", name):
        return _of_numbers((500, 250, 100, 50, 20, 10, 5, 1, 2.5, 25, 0.5), bounds, column)
    if has("quantity|qty", name):
        medical = is_about("medical", schema, table)
        usual = (30, 60, 90, 14, 28, 10, 20, 120) if medical else (1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 24, 0.5, 1.5, 2.5)
        return _of_numbers(usual, bounds, column)
    if has("rating|score|stars|gpa|grade", name):
        return _evenly(1, 5, bounds, column, 1)
    if has("percent|pct|percentage|discount|probability|share|ratio|commission", name):
        small = column.type.precision is not None and column.type.precision - (column.type.scale or 0) <= 1
        fraction = (
            small
            or reduction(table, column) == "fraction"
            or (bounds.high is not None and bounds.high == 1)
            or column.type.kind == "real"
        )
        rates = [0.0, 0.0, 0.05, 0.1, 0.15, 0.2, 0.25] if fraction else [0, 0, 5, 7.5, 10, 15, 20, 25]
        fitting = [rate for rate in rates if _inside(rate, bounds)]
        if len(fitting) > 3:
            return Choice(*evenly(fitting))
        return _evenly(0, 0.3 if fraction else 30, bounds, column)
    if has("temperature|temp", name):
        return _evenly(36.1, 39.8, bounds, column, 1)
    taxed = ends("rate|percent|percentage", name) and has("tax|vat", snake(table.name))
    if taxed or ends("tax_rate|taxes_rate|vat_rate|interest_rate|tax_percent|apr", name):
        fraction = reduction(table, column) == "fraction"
        taxes = [
            rate
            for rate in (0.0, 5.0, 7.5, 8.25, 10.0, 19.0, 20.0)
            if _inside(rate / 100 if fraction else rate, bounds)
        ]
        if len(taxes) > 2:
            return Choice(*evenly([round(rate / 100, 4) if fraction else rate for rate in taxes]))
    if ends("rate", name) and has("exchange|currency|fx|average|conversion", f"{snake(table.name)}_{name}"):
        return _evenly(0.6, 1.6, bounds, column, 4)
    if has(_MONEY, name) or ends("rate", name):
        return _money(table, name, bounds, column)
    if has("weight|mass", name):
        return _evenly(0.5, 30, bounds, column, 1)
    if has("height|width|depth|length|distance|size|area|volume", name):
        return _evenly(5, 220, bounds, column)
    if column.type.scale == 0 and column.type.kind == "decimal":
        return integer_source(schema, table, column, name, bounds, now)
    return _evenly(0, 100, bounds, column)
