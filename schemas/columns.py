"""What stands in a column about which the recipe says nothing: read from its name, type and table.

Everything comes out as a `ColumnRecipe`, so that a guess is drawn by the same machinery as what a
person wrote. Keys are not guessed here: foreign keys are picked and single keys numbered by `fill.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace

from .bounds import Bounds
from .codes import abbreviated, code_source, own_name, prefix_of
from .domains import is_about, meant
from .expression import Expression
from .model import Column, Kind, Schema, Table, Value
from .moment import DAY, read_moment, write_moment
from .naming import (
    LISTS,
    LOOKUPS,
    OPTIONAL_LATE,
    OPTIONAL_TEXT,
    PEOPLE,
    TABLES,
    earlier_dates,
    ends,
    first_date,
    full_word,
    has,
    has_city,
    has_place,
    kind_of_list,
    kind_of_table,
    kinds_for,
    people_columns,
    reduction,
    snake,
)
from .produce import PHONE
from .remarks import description_source, note_source, noun_of
from .route import through
from .sources import (
    After,
    Between,
    Bits,
    Cases,
    Choice,
    ColumnRecipe,
    Constant,
    Located,
    Numbered,
    Person,
    Piece,
    Pool,
    Price,
    Shaped,
    SkewedRange,
    Source,
    Text,
)
from .states import early, prerequisite, reached, reasoned, states_before, states_of, status_column, weights_of
from .value import step_of


def guess_column(
    schema: Schema, table: Table, column: Column, bounds: Bounds, now: int, after: int = 0
) -> ColumnRecipe:
    """A recipe for a column that has none; `now` in seconds, `after` as said by `generations`."""
    kind = column.type.kind
    name = snake(column.name)
    source: Source | None = None
    null = _null(table, column, name)
    if kind in ("date", "timestamp"):
        when = _happened(table, column)
        if when is not None:
            # The state says whether there is a date; as far as the column can, it says nothing else.
            nullable = column.nullable and column.name not in table.primary_key
            source = _moment(schema, table, column, name, bounds, now, after)
            return ColumnRecipe(source, null=0.0 if nullable else null, when=when if nullable else None)
    if bounds.values is not None:
        source = _listed(bounds.values, column)
    elif kind == "text" and column is status_column(table) and (states := states_of(table, column, bounds)):
        source = Choice(states, weights_of(states))
        null = null and 0.02
    elif kind in ("date", "timestamp"):
        source = _moment(schema, table, column, name, bounds, now, after)
    elif kind == "time" and (later := _later_hours(name)):
        source = Choice(*_even(later))
    elif kind == "time":
        source = Choice(*_even([f"{hour:02}:{minute:02}:00" for hour in range(8, 20) for minute in (0, 15, 30, 45)]))
    elif kind == "boolean" or (
        kind == "integer" and (re.match(r"(is|has|was|can|allow)_", name) or ends(_FLAGS, name))
    ):
        rare = has(_SELDOM, name)
        usual = has("active|enabled|available|visible|valid|verified|paid", name)
        source = Choice((1, 0), (4.0, 96.0) if rare else (88.0, 12.0) if usual else (62.0, 38.0))
    elif kind == "integer":
        source = _integer(schema, table, column, name, bounds, now)
    elif kind in ("real", "decimal"):
        source = _number(schema, table, column, name, bounds, now)
    elif kind in ("uuid", "blob") or column.type.form:
        source = Bits()
    elif kind == "json" and column.type.items is not None:
        source = Choice(*_even(_lists(_ITEMS[column.type.items])))
    elif kind == "json":
        source = Choice(*_even(_JSON))
    else:
        known = _text(schema, table, column, name, bounds)
        if known is None and column.nullable:
            null = max(null, _MOSTLY)
        source = known or _unknown(table, column, name, _longest(column, bounds))
        shapes = bounds.texts(column.type.length)
        if shapes is not None and kind == "text":
            source = Shaped(shapes, source)
    needed = prerequisite(table, column) if null and kind in ("date", "timestamp") else None
    if null and kind == "text" and (reason := reasoned(table, column)) is not None:
        needed, null = reason, 0.0
        if has(_SELDOM_REASON, name) and bounds.values is None:
            source = Pool("correction")
    return ColumnRecipe(source=source, unique=_names_entry(table, column, name), null=null, when=needed)


def _later_hours(name: str) -> list[str]:
    """The hours of what starts or ends, so that one is before the other; [] for other times."""
    if has("start|begin|from|open|opening|in|intime|start_time", name):
        hours = range(6, 13)
    elif has("end|stop|to|until|close|closing|out|finish|end_time", name):
        hours = range(14, 22)
    else:
        return []
    return [f"{hour:02}:{minute:02}:00" for hour in hours for minute in (0, 15, 30, 45)]


_MOSTLY = 0.7
"""So often a text of which nothing is known is left out where it may be."""
_SELDOM = (
    "deleted|cancelled|canceled|blocked|locked|discontinued|void|voided|retired|removed|refunded|archived|expired|banned|"
    "suspended|revoked|hidden|obsolete|deprecated"
)
"""Flags that few rows have."""
_SELDOM_REASON = "void|voided|retire|retired|delete|deleted|deletion|removal|removed"
"""What is taken back because it was wrong."""


def _happened(table: Table, column: Column) -> Expression | None:
    """When a date is there, by the status or a flag of the row."""
    status = status_column(table)
    return reached(table, column, states_of(table, status) if status is not None else (), status)


_ITEMS: dict[Kind, tuple[Value, ...]] = {
    "integer": (1, 2, 3, 5, 8, 12),
    "real": (0.5, 1.25, 2.0, 3.75, 4.5),
    "decimal": (1, 2.5, 4, 9.9, 12.25),
    "text": ("new", "local", "repeat", "urgent", "large", "second"),
    "boolean": (1, 0, 1, 1),
    "date": ("2024-02-29", "2024-06-01", "2024-11-15", "2025-01-07"),
    "time": ("08:30:00", "12:00:00", "17:45:00"),
    "timestamp": ("2024-02-29 09:15:00", "2024-06-01 14:30:00", "2025-01-07 11:00:00"),
    "json": (),
    "uuid": ("6f2b1c7e-3d0a-4b58-9a41-0c5e8d7f2b16", "b81d4e2f-95c3-4c07-8e6a-72f1a0d35c49"),
    "blob": (),
}
"""Items of lists by their kind."""


def _lists(items: tuple[Value, ...]) -> list[str]:
    """JSON lists of some of the items, of every length up to three."""
    found = [items[start : start + size] for size in range(4) for start in range(len(items) if size else 1)]
    return [json.dumps(list(part)) for part in dict.fromkeys(found)]


def _names_entry(table: Table, column: Column, name: str) -> bool:
    """Whether the column names the entries of a look-up table, which then differ."""
    if column.type.kind != "text" or column.values or kind_of_table(table) not in LOOKUPS:
        return False
    return ends("name|title|description", name) or ends(re.escape(snake(table.name)), name)


def _null(table: Table, column: Column, name: str) -> float:
    if not column.nullable or column.name in table.primary_key:
        return 0.0
    if has("deleted|archived|banned|suspended|blocked|voided|retired|discontinued", name) and ends("at|on|date", name):
        return 0.85
    if ends("name|title|label", name) and kind_of_table(table) in LOOKUPS:
        return 0.0
    if OPTIONAL_LATE.search(name) and column.type.kind in ("date", "timestamp"):
        return 0.35
    if re.search(r"[a-z]{3}_?(?:[4-9]|1\d)$", name) and column.type.kind == "text":
        return 0.85
    if OPTIONAL_TEXT.search(name):
        return 0.4
    if first_date(table) == column.name:
        return 0.01
    if ends("name|title|status|type|code|number|city|state|country|region", name) or column.type.kind == "boolean":
        return 0.02
    return 0.08


def _even(values: Sequence[Value]) -> tuple[tuple[Value, ...], tuple[float, ...]]:
    return tuple(values), tuple(1.0 for _ in values)


def _falling(values: Sequence[Value], power: float = 0.7) -> Choice:
    return Choice(tuple(values), tuple((rank + 1) ** -power for rank in range(len(values))))


def _listed(values: tuple[Value, ...], column: Column) -> Source:
    if column.type.kind in ("integer", "boolean") and all(isinstance(value, str) for value in values):
        values = tuple(int(text) if re.fullmatch(r"-?\d+", text := str(value)) else value for value in values)
    return Choice(values, weights_of(values)) if len(values) > 1 else Constant(values[0])


# Dates ------------------------------------------------------------------------------------------------------------


_RECENTLY = Between("-730d", "-1d", "working")
_BEGUN = (
    _RECENTLY,
    Between("-900d", "-120d", "working"),
    Between("-1100d", "-270d", "working"),
    Between("-1300d", "-400d", "working"),
)
"""When rows came to be, by how many generations of rows come after them: these need time to happen in."""
_WITHIN = (730, 400, 250, 150)
"""How many days at most after what they belong to, alike."""


def _moment(schema: Schema, table: Table, column: Column, name: str, bounds: Bounds, now: int, after: int) -> Source:
    bounded = _bounded_moment(bounds, now)
    if bounded is not None:
        return bounded
    if _is_birth(column):
        if kind_of_table(table) == "pet":
            return Between("-9y", "-90d", "midnight")
        working = any(has("hire|hired", snake(other.name)) for other in table.columns)
        return Between("-64y", "-32y", "midnight") if working else Between("-76y", "-19y", "midnight")
    earlier = earlier_dates(table, column) or states_before(table, column)
    if has("updated|update|modified|changed|last|seen", name):
        # What is due or valid until some day may lie ahead, and is no reason to have been changed later.
        earlier = tuple(other for other in earlier if _ahead(snake(other), (other,)) is None)
    ahead = _ahead(name, earlier)
    if ahead is not None:
        return ahead
    if earlier:
        within = 20 * DAY if has("updated|modified|end|to|thru", name) else 9 * DAY
        return After(tuple((other,) for other in earlier), within, 0, "working", otherwise=_RECENTLY)
    if has("hire|hired|founded|established|opened", name):
        return Between("-12y", "-30d", "midnight")
    begun = _BEGUN[after] if first_date(table) == column.name else _RECENTLY
    plain = _after_parents(schema, table, column, after) or begun
    status = status_column(table)
    lately = early(states_of(table, status), status) if status is not None else None
    if lately is None or first_date(table) != column.name:
        return plain
    # What is still pending was not placed two years ago.
    recent = replace(plain, late=25 * DAY, within=3650 * DAY) if isinstance(plain, After) else _LATELY
    return Cases((ColumnRecipe(recent, when=lately), ColumnRecipe(plain)))


_LATELY = Between("-25d", "-1h", "working")


def _ahead(name: str, earlier: tuple[str, ...]) -> Source | None:
    """A date that may lie in the future: the end of a validity, the day on which something is due."""
    paths = tuple((other,) for other in earlier)
    if ends(
        "expires|expires_at|expires_on|expire_at|expire_on|valid_through|expiry|expiry_date|expire|expiration|expiration_date|valid_until|valid_to|"
        "valid_till|expire_date|renewal_date|renews_at|renews_on|warranty_until|best_before|next_run_at|next_due_date",
        name,
    ):
        anytime = Between("-300d", "500d", "midnight")
        return After(paths, 900 * DAY, DAY, "", "700d", anytime, ahead=True) if paths else anytime
    if ends("due|due_at|due_on|due_date|deadline|required_date|required_by", name) and paths:
        return After(paths, 45 * DAY, 5 * DAY, "", "60d", _RECENTLY, ahead=True)
    return None


def _bounded_moment(bounds: Bounds, now: int) -> Between | None:
    """The part of the last two years that constant bounds leave, or the range that they give."""
    try:
        low = read_moment(bounds.low) if isinstance(bounds.low, str) else None
        high = read_moment(bounds.high) if isinstance(bounds.high, str) else None
    except ValueError:
        return None
    if low is None and high is None:
        return None
    last = now - DAY if high is None else high - bounds.high_open
    if high is not None and low is None:
        last = min(last, now - DAY)
    first = last - 730 * DAY if low is None else low + bounds.low_open
    if high is None:
        first = max(first, min(last, now - 730 * DAY))
    return Between(write_moment(first), write_moment(max(first, last)))


def _after_parents(schema: Schema, table: Table, column: Column, after: int) -> After | None:
    """A row's first date follows the first dates of the rows that it points at."""
    if first_date(table) != column.name:
        return None
    paths: list[tuple[str, ...]] = []
    births: list[tuple[str, ...]] = []
    soon = False
    for position, key in enumerate(table.foreign_keys):
        parent = schema.table(key.target)
        date = first_date(parent)
        if date and parent is not table and not has("update|updated|modified|last|hire|hired|opened", snake(date)):
            paths.append((through(position), date))
            # What concerns an event follows soon; what concerns a person or a thing, at any time.
            soon = soon or not (kind_of_table(parent) or has("created|create|registered|join|joined", snake(date)))
        born = next((other.name for other in parent.columns if _is_birth(other)), "")
        if born and parent is not table:
            births.append((through(position), born))
    if not paths and births:
        return _after_births(tuple(births), _BEGUN[after])
    if not paths:
        return None
    return After((*paths, *births), (30 if soon else _WITHIN[after]) * DAY, 0, "working", otherwise=_BEGUN[after])


def _after_births(births: tuple[tuple[str, ...], ...], begun: Between) -> After:
    """Nothing happens to anybody who is not born yet, and most of it happened lately."""
    return After(births, 120 * 365 * DAY, 0, "working", str(begun.high), otherwise=begun, late=730 * DAY)


def after_some(source: After, paths: tuple[tuple[str, ...], ...]) -> After:
    """A guessed date that can only follow some of what it follows."""
    if paths and paths != source.paths and all(has(_BIRTH, snake(path[-1])) for path in paths):
        return _after_births(paths, source.otherwise or _RECENTLY)
    return replace(source, paths=paths)


def _is_birth(column: Column) -> bool:
    return column.type.kind in ("date", "timestamp") and has(_BIRTH, snake(column.name))


_BIRTH = "birth|birthday|born|dob"


# Numbers ----------------------------------------------------------------------------------------------------------


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
    return SkewedRange(least, most, min(max(mean, least + (most - least) * 0.05), least + (most - least) * 0.95))


def _evenly(low: float, high: float, bounds: Bounds, column: Column, digits: int = 2) -> Source:
    first, last = _range(low, high, bounds, column)
    if column.type.kind == "integer":
        return Between(int(-(-first // 1)), max(int(-(-first // 1)), int(last // 1)))
    return Between(first, last, digits=digits)


_FLAGS = "active|enabled|deleted|archived|verified|visible|discontinued|blocked|locked|flag"
_MONEY = (
    "price|amount|cost|total|subtotal|fee|salary|wage|balance|payment|charge|deposit|budget|revenue|"
    "freight|value|tax|refund|credit|sum|paid|cents|outlay|spent|income|fine|tip|maintenance|msrp|worth|quota|bonus|ytd|"
    "sales|turnover"
)


_BANDS: tuple[tuple[str, float, float], ...] = (
    ("track|song|album|mp3|ringtone|app|stream", 0.49, 19.0),
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
    return Choice(*_even(fitting)) if fitting else _skewed(min(values), max(values), values[0], bounds, column)


def _integer(schema: Schema, table: Table, column: Column, name: str, bounds: Bounds, now: int) -> Source:
    if has("year_of_birth|birth_year|yob", name):
        return _skewed(1940, 2005, 1978, bounds, column)
    if name.startswith("month_of"):
        return _evenly(1, 12, bounds, column)
    if name.startswith("day_of"):
        return _evenly(1, 28, bounds, column)
    if ends("port", name) and is_about("network", schema, table):
        return _fitting_choice((443, 22, 161, 80, 8080, 3306, 514), bounds, column)
    if ends("vlan|vlan_id|vlan_number|vid", name) or (ends("number|tag", name) and has("vlan", snake(table.name))):
        return _evenly(10, 400, bounds, column)
    if ends("as|asn|as_number", name) and is_about("network", schema, table):
        return _evenly(64512, 65534, bounds, column)
    if ends("exp_year|expiry_year|expiration_year|card_year", name):
        return _evenly(2025, 2030, bounds, column)
    if ends("expires_in|ttl|lifetime|timeout_seconds", name):
        return _fitting_choice((3600, 7200, 86400, 900), bounds, column)
    if ends("opening_hour|open_hour|opens", name):
        return _evenly(7, 10, bounds, column)
    if ends("closing_hour|close_hour|closes", name):
        return _evenly(16, 22, bounds, column)
    if ends("version|rev|revision", name):
        return _skewed(1, 12, 2, bounds, column)
    if ends("status|state|type|mode|kind|class", name) and bounds.low is None and bounds.high is None:
        return _falling((1, 2, 3, 0) if ends("status|state", name) else (1, 2, 3, 4))
    if name == "min" or ends("min_occurs|minimum_occurs|min_occurrences", name):
        return _fitting_choice((0, 0, 1), bounds, column)
    if name == "max" or ends("max_occurs|maximum_occurs|max_occurrences", name):
        return _fitting_choice((1, 1, 5, 10), bounds, column)
    if ends("id|ref|key", name) and bounds.high is None:
        return _skewed(1, 500, 120, bounds, column)
    if has("duration|days|period", name) and has("rental|loan|lending|return", name):
        return _skewed(3, 14, 5, bounds, column)
    if has("reorder|reorder_level|reorder_point|safety_stock|minimum_stock|min_stock", name):
        return _evenly(3, 10, bounds, column)
    if ends("year|yr", name) or has("release_year|model_year", name):
        return _skewed(1975, 2024, 2010, bounds, column)
    if (name.endswith("_at") or ends("timestamp|unixtime|epoch|last_activity|unix_time", name)) and bounds.high is None:
        return _evenly(now - 730 * DAY, now - DAY, bounds, column, 0)
    if re.search(r"day_(?:number_|no_)?(?:in|of)_week$", name):
        return _evenly(1, 7, bounds, column)
    if re.search(r"day_(?:number_|no_)?(?:in|of)_month$", name):
        return _evenly(1, 28, bounds, column)
    if ends("week|week_number|week_no|week_of_year", name):
        return _evenly(1, 52, bounds, column)
    if ends("quarter|quarter_number|quarter_no", name):
        return _evenly(1, 4, bounds, column)
    if ends("month|month_number|month_no", name):
        return _evenly(1, 12, bounds, column)
    if ends("day|day_of_month", name):
        return _evenly(1, 28, bounds, column)
    if ends("hour", name):
        return _evenly(8, 19, bounds, column)
    if ends("age", name):
        return _skewed(18, 85, 41, bounds, column)
    if ends("zip|zip_code|zipcode|postal_code|postcode", name):
        return _evenly(10001, 99400, bounds, column)
    if ends("phone|mobile|telephone|fax", name):
        return _evenly(2125550100, 9895550199, bounds, column)
    if has("rating|score|stars|grade", name):
        return _skewed(1, 5, 3.9, bounds, column)
    if has("stock|on_hand|inventory|available", name):
        ordered = any(has("reorder|safety_stock|min_stock", snake(other.name)) for other in table.columns)
        return _skewed(12 if ordered else 0, 250, 46, bounds, column)
    if has("quantity|qty|units|seats|guests|adults|pieces|slots|people|passengers|copies", name):
        return _skewed(1, 12, 2.4, bounds, column)
    if has("percent|pct|percentage|discount", name):
        return (
            Choice(*_even([0, 0, 0, 5, 10, 15, 20, 25]))
            if bounds.low is None and bounds.high is None
            else _skewed(0, 60, 12, bounds, column)
        )
    if has("duration|minutes|mins|length|runtime", name):
        return _skewed(15, 240, 80, bounds, column)
    if has("milliseconds|millis|ms", name):
        return _skewed(90_000, 420_000, 230_000, bounds, column)
    if has("bytes|file_size", name):
        return _skewed(20_000, 9_000_000, 1_800_000, bounds, column)
    if has("capacity|population|enrollment", name):
        return _skewed(10, 500, 90, bounds, column)
    if has("floor|storey|priority|rank|level|position|line|seq|sequence|order|sort_order|ordinal", name):
        return _skewed(1, 10, 3, bounds, column)
    if has(_MONEY, name):
        return _money(table, name, bounds, column)
    if has("weight", name):
        return _skewed(1, 120, 30, bounds, column)
    if has("height|width|depth", name):
        return _skewed(10, 200, 70, bounds, column)
    if has("count|visits|times|number_of|num|attempts|points|children", name):
        return _skewed(0, 20, 4, bounds, column)
    return (
        _skewed(0, 100, 24, bounds, column)
        if bounds.low is None or not bounds.low
        else _skewed(1, 100, 24, bounds, column)
    )


def _number(schema: Schema, table: Table, column: Column, name: str, bounds: Bounds, now: int) -> Source:
    if ends("id|key", name) and column.type.kind == "decimal":
        return _integer(schema, table, column, name, bounds, now)
    if re.search(r"days_in_\w*month$", name):
        return _evenly(28, 31, bounds, column, 0)
    if re.search(r"days_in_\w*quarter$", name):
        return _evenly(90, 92, bounds, column, 0)
    if ends("latitude|lat", name):
        return _evenly(26, 47, bounds, column, 5)
    if ends("longitude|lon|lng|long", name):
        return _evenly(-121, -71, bounds, column, 5)
    if has("rating|score|stars|gpa|grade", name):
        return _evenly(1, 5, bounds, column, 1)
    if has("percent|pct|percentage|discount|probability|share|ratio|commission", name):
        small = column.type.precision is not None and column.type.precision - (column.type.scale or 0) <= 1
        fraction = small or (bounds.high is not None and bounds.high == 1) or column.type.kind == "real"
        rates = [0.0, 0.0, 0.05, 0.1, 0.15, 0.2, 0.25] if fraction else [0, 0, 5, 7.5, 10, 15, 20, 25]
        fitting = [rate for rate in rates if _inside(rate, bounds)]
        if len(fitting) > 3:
            return Choice(*_even(fitting))
        return _evenly(0, 0.3 if fraction else 30, bounds, column)
    if has("temperature|temp", name):
        return _evenly(36.1, 39.8, bounds, column, 1)
    taxed = ends("rate|percent|percentage", name) and has("tax|vat", snake(table.name))
    if taxed or ends("tax_rate|taxes_rate|vat_rate|interest_rate|tax_percent|apr", name):
        fraction = reduction(column) == "fraction"
        taxes = [
            rate
            for rate in (0.0, 5.0, 7.5, 8.25, 10.0, 19.0, 20.0)
            if _inside(rate / 100 if fraction else rate, bounds)
        ]
        if len(taxes) > 2:
            return Choice(*_even([round(rate / 100, 4) if fraction else rate for rate in taxes]))
    if ends("rate", name) and has("exchange|currency|fx|average|conversion", f"{snake(table.name)}_{name}"):
        return _evenly(0.6, 1.6, bounds, column, 4)
    if has(_MONEY, name) or ends("rate", name):
        return _money(table, name, bounds, column)
    if has("weight|mass", name):
        return _evenly(0.5, 30, bounds, column, 1)
    if has("height|width|depth|length|distance|size|area|volume", name):
        return _evenly(5, 220, bounds, column)
    if column.type.scale == 0 and column.type.kind == "decimal":
        return _integer(schema, table, column, name, bounds, now)
    return _evenly(0, 100, bounds, column)


# Text -------------------------------------------------------------------------------------------------------------


def _column_piece(name: str, *filters: str) -> Piece:
    return Piece(path=(name,), filters=filters)


def _name_pieces(table: Table, column: Column, joint: str, *filters: str) -> tuple[Piece, ...]:
    """The row's name as far as it has one, as the start of an e-mail address or user name."""
    first, last, full = (other if other != column.name else "" for other in people_columns(table))
    if first and last:
        return (_column_piece(first, *filters), Piece(literal=joint), _column_piece(last, *filters))
    if full:
        return (_column_piece(full, *filters),)
    if first or last:
        return (_column_piece(first or last, *filters),)
    faker = [Piece(pool=Pool(part, faker=True), filters=filters) for part in ("first_name", "last_name")]
    return (faker[0], Piece(literal=joint), faker[1])


_PLAIN: tuple[tuple[str, Source], ...] = (
    ("first_name|firstname|fname|given_name|forename", Person("first")),
    ("last_name|lastname|lname|surname|family_name|maiden_name", Person("last")),
    ("middle_name|middlename|mname", Pool("first_name", faker=True)),
    ((
        "contact_name|contact|manager_name|owner_name|author|artist|composer|director|recipient|"
        "ship_name|ship_to_name|full_name|card_holder|cardholder|emergency_contact|owner|assigned_to|manager|supervisor|"
        r"instructor|teacher|doctor|physician|guardian|witness|inspector|driver|\w+ed_by|sent_by|written_by|entry_by|by"
    ), Person("full")),
    ((
        "address2|address_2|address_line2|address_line_2|line2|secondary_address|apartment"
    ), Pool("secondary_address", faker=True)),
    ((
        "street|address|address1|address_1|address_line|address_line1|address_line_1|addr|line1|"
        "street_address"
    ), Pool("street")),
    ("city|town|municipality", Pool("city")),
    ("country|nation|country_name|nationality", Pool("country")),
    ("state|province", Pool("state", faker=True)),
    ("region|territory|district|county", Pool("region")),
    ((
        "company|company_name|employer|manufacturer|supplier|vendor|publisher|organization|organisation|"
        "studio|record_label|bank|bank_name|insurer|billing_company"
    ), Pool("company")),
    ("brand|make", Pool("brand")),
    ("carrier|courier|shipper", Pool("carrier")),
    ("job|job_title|occupation|profession|position|role|contact_title", Pool("job")),
    ("department|division", Pool("department")),
    ("genre", Pool("genre")),
    ("keyword|keywords|meta_keyword|tags|labels", Pool("topic")),
    ("color|colour", Pool("color")),
    ("species|breed|animal_type", Pool("species")),
    ("specialty|speciality|specialization", Pool("specialty")),
    ("diagnosis|symptom|condition|reason|complaint|procedure", Pool("condition")),
    ("drug|medication|medicine", Pool("medicine")),
    ("subject|course|major", Pool("course")),
    ("product|product_name|item|item_name|model", Pool("product")),
    ("facility|room_name|room", Pool("facility")),
    ("team|club", Pool("team")),
    ("event", Pool("event")),
    ("project|project_name", Pool("project")),
    ("location|venue|place|site|branch|building", Pool("place")),
    ("headline|title|book|film|movie|album|song|track", Pool("title")),
)  # fmt: skip
"""Sources of text columns by the end of their name; the first that fits."""


def _longest(column: Column, bounds: Bounds) -> int:
    return min(value for value in (column.type.length, bounds.longest, 4000) if value is not None)


def _text(schema: Schema, table: Table, column: Column, name: str, bounds: Bounds) -> Source | None:
    """The source of a text column by its name; None when that says nothing."""
    name = name.removesuffix("_source_value") or name
    length = _longest(column, bounds)
    if bounds.shortest and bounds.shortest == bounds.longest:
        return Text((Piece(kind="letters", count=bounds.shortest),))
    kind = kind_of_table(table)
    if kind == "category":
        kind = kind_of_list(schema, table)
    exact = _listed_line(table, name, length) or _commented(column, length) or _located(table, name, length)
    exact = exact or meant(schema, table, name, length) or _patterned(table, column, name, length)
    if exact is not None:
        return exact
    if (name in ("name", "title") or name.endswith("_name")) and not ends("guard_name|queue_name|event_name", name):
        return _named(schema, table, column, name, kind)
    if ends("description|desc|summary|details|detail|overview|about|bio|abstract", name):
        return _description(schema, table, column, name, kind)
    for words, values in (*kinds_for(table, name), *LISTS):
        fitting = [value for value in values if len(value) <= length]
        if ends(words, name) and len(fitting) > 1:
            return _falling(fitting)
    if has("review|feedback|testimonial", snake(table.name)) and ends("body|text|comment|content|review|message", name):
        return Pool("review")
    if ends("reason|cause|complaint|procedure|condition", name) and not is_about("medical", schema, table):
        return Pool("return_reason" if has(_TRADE, snake(table.name)) else "reason")
    if ends(_REMARK, name):
        return note_source(schema, table, name, length)
    if ends("category|tag|topic", name):
        return Pool(kind_of_list(schema, table) if has("product|item|goods|stock", snake(table.name)) else "topic")
    if ends("label|caption|heading|display_name|alias", name):
        return _called(schema, table, name, length)
    for words, source in _PLAIN:
        if ends(words, name):
            return source
    if kind and ends(re.escape(snake(table.name).rstrip("s")), name):
        return _named(schema, table, column, name, kind)
    if ends(PEOPLE, name) and length >= 16:
        return Person("full")
    if ends("sort|sort_name|sort_key|sort_title|filing_name", name) and (own := own_name(table, column)):
        return Text((_column_piece(own),))
    shorter = _QUALIFIED.sub("", name)
    return _text(schema, table, column, shorter, bounds) if shorter not in ("", name) else None


_QUALIFIED = re.compile(
    r"^(?:default|preferred|initial|current|original|raw|source|target|parent|main|other)_(?=\w{3})|"
    r"(?<=[a-z]{3})\d+$|_(?:source_value|source|non_coded|value|text|txt|str|string|desc|label|raw|ids?|\d+)$"
)
"""What a name says beside what the column holds."""
_TRADE = "order|return|refund|sale|purchase|shipment|item|rma|invoice"
_REMARK = (
    "note|comment|remark|message|body|content|review|feedback|memo|text|instructions|observation|history|answer|question|"
    "annotation|contents"
)


def _commented(column: Column, length: int) -> Source | None:
    """One of the words that the column's comment lists in quotes."""
    listed = tuple(dict.fromkeys(re.findall(r"[\"']([A-Za-z][\w -]{0,19})[\"']", column.comment)))
    fitting = tuple(value for value in listed if len(value) <= length)
    return Choice(fitting, weights_of(fitting)) if len(fitting) > 1 else None


def _varied(table: Table, column: Column) -> bool:
    """Whether a few values may not do for a column: it is part of a key, or others are made of it."""
    indexed = any(column.name in part for index in table.indexes if index.unique for part in index.columns)
    made = any(other.generated and column.name in other.generated for other in table.columns)
    return indexed or made or any(column.name in group for group in (table.primary_key, *table.uniques))


def _unknown(table: Table, column: Column, name: str, length: int) -> Source:
    """For a column whose name says nothing: its default, or something neutral in words of its own name."""
    default = re.fullmatch(r"'([^']*)'", column.default or "")
    if default is not None and default[1]:
        return Constant(default[1])
    own = snake(table.name).split("_")
    parts = [part for part in re.sub(r"\d", "", name).split("_") if part and part not in own] or [name]
    word = " ".join(parts[-2:])
    if _varied(table, column) and length >= 6:
        word = word[: length - 5].strip()
        return Text((Piece(literal=f"{word} "), Piece(kind="number", count=4)))
    if length >= len(word) + 2:
        listed = [f"{word} {mark}" for mark in ("1", "2", "3", "4", "5", "6")]
    elif length >= len(parts[-1]) + 1:
        listed = [f"{parts[-1]}{mark}" for mark in ("1", "2", "3", "4")]
    else:
        listed = ["A", "B", "C", "D"]
    if default is not None:
        # An empty text stands for none.
        return Choice(("", *listed), (70.0, *(30.0 / len(listed) for _ in listed)))
    return _falling(listed)


_DESCRIBED = {
    "title": "plot",
    "visit": "condition",
    "product": "description",
    "facility": "description",
    "course": "description",
    "event": "description",
    "dish": "description",
    "place": "description",
    "company": "description",
    "membership": "description",
}
"""The pool of a description by the kind of table."""


def _description(schema: Schema, table: Table, column: Column, name: str, kind: str) -> Source:
    length = column.type.length or 4000
    if ends("item|line|detail|fee|charge|entry|entries|transaction", snake(table.name)) and name != "details":
        return Pool("charge")
    names = [snake(other.name) for other in table.columns if other is not column]
    named = any(ends("name|title|label", other) for other in names)
    told = has("description|translation", snake(table.name))
    if kind and kind != "person" and not named and not told and ends("description|desc|summary", name):
        if kind_of_table(table) == "category" and _stem_of_list(table):
            return _called(schema, table, name, length)
        return Pool(_DESCRIBED[kind] if kind == "visit" else kind)
    if kind in _DESCRIBED and length >= 40:
        return Pool(_DESCRIBED[kind])
    return description_source(schema, table, column, length)


def _stem_of_list(table: Table) -> str:
    """What the entries of a list are types, groups or the like of, if the table's name says it."""
    found = re.fullmatch(
        r"(\w+)_(?:category|categories|tag|topic|kind|type|group|collection|label)s?", snake(table.name)
    )
    return found[1] if found and not ends("product|item|article|shop|store|catalog|goods", found[1]) else ""


_LINES: tuple[tuple[str, str, tuple[tuple[str, int], ...]], ...] = (
    (
        "country|countries|nation|country_region",
        "country",
        (
            ("iso_?3|iso_code_3|alpha_?3|code_?3|iso_3_code|three_letter_code", 2),
            ("numeric_code|numcode|iso_numeric|numeric", 5),
            ("phone_code|dial_code|calling_code|phone_prefix", 4),
            ("currency|currency_code", 3),
            ("continent", 6),
            ("code|iso|iso_?2|iso_code|iso_code_2|alpha_?2|country_code|country_region_code|abbr|abbreviation", 1),
            ("name|country|title|country_name|full_name|label", 0),
        ),
    ),
    (
        "currency|currencies",
        "currency",
        (("symbol|sign|symbol_left", 2), ("code|iso|iso_code|currency_code|abbr", 1), ("name|title|currency|label", 0)),
    ),
    (
        "language|languages|lang|locale|culture",
        "language",
        (
            ("locale", 2),
            ("iso_?3|iso_code_3|alpha_?3|code_?3", 3),
            ("code|iso|iso_?2|iso_code|language_code|abbr|abbreviation|tag|culture_id|culture_code", 1),
            ("name|language|title|language_name|label", 0),
        ),
    ),
    (
        "unit|uom|unit_measure|unit_of_measure|measure|measurement_unit|unit_type",
        "unit",
        (
            ("symbol|sign|abbreviation|abbr|short_name", 2),
            ("code|unit_measure_code|unit_code|uom_code|uom", 1),
            ("name|title|unit|description|label|unit_name", 0),
        ),
    ),
    (
        "state|province|state_province",
        "state",
        (
            ("code|abbreviation|abbr|state_code|province_code|state_province_code|short_name", 1),
            ("name|state|province|title|state_name|label", 0),
        ),
    ),
)
"""By a table's last word: what its rows list, and which part of a line a column is."""


def _listed_line(table: Table, name: str, length: int) -> Source | None:
    """A part of a country, currency or language, in the table that lists these."""
    for words, of, parts in _LINES:
        if not ends(words, snake(table.name)) or (of in ("unit", "state") and kind_of_table(table)):
            continue
        for part_words, part in parts:
            if ends(part_words, name) and not has("file|image|flag", name):
                place = 2 if (of, part, length) == ("country", 1, 3) else part
                least = (13, 3, 4) if of == "unit" else (2, 2, 3, 3, 3, 3, 8)
                return Located(place, of=of) if length >= least[place] else None
    return None


def _pool_of(table: Table) -> str:
    """The pool of names that a word of the table's name asks for, or ""."""
    return next((pool for words, pool in _NAMED if ends(words, snake(table.name))), "")


def _located(table: Table, name: str, length: int) -> Source | None:
    """Parts of an address that must agree with each other; a postal code alone is no such part."""
    group = name.rsplit("_", 1)[0].removesuffix("_postal").removesuffix("_zip").removesuffix("_country")
    groups = ("billing", "bill", "bill_to", "shipping", "ship", "ship_to", "delivery", "home", "work", "mailing")
    group = group if group in groups else ""
    if ends("country_code|country_iso|iso_code", name):
        return Located(4, group) if has_city(table) else None
    if ends("city|town|municipality", name) and has_city(table):
        return Located(0, group)
    if ends("state|province|state_province|state_code|region", name) and has_city(table):
        return Located(2 if length < 16 else 1, group)
    if ends("country", name) and has_city(table):
        return Located(4 if length <= 3 else 3, group)
    if ends("zip|zip_code|zipcode|postal_code|postcode|postal", name) and has_city(table) and length >= 5:
        return Located(5, group)
    return None


def _named(schema: Schema, table: Table, column: Column, name: str, kind: str) -> Source:
    if name.endswith("_by_name"):
        return Person("full")
    stem = name.removesuffix("_name").removesuffix("name").strip("_")
    if kind_of_table(table) == "category" and stem in ("", "title", snake(table.name)) and _stem_of_list(table):
        return _typed(table, name)
    if ends("sort|sort_as", stem) and (own := own_name(table, column)):
        return Text((_column_piece(own),))
    plain = next((source for words, source in _PLAIN if stem and stem not in ("title",) and ends(words, name)), None)
    if plain is not None:
        return plain
    if stem and stem != "title":
        parts = full_word(stem.split("_")[-1])
        itself = snake(table.name).endswith(stem) or stem in _OF_ANYTHING
        kind = next(
            (found for words, found in TABLES if re.fullmatch(rf"(?:{words})s?", parts)), kind if itself else ""
        )
        kind = kind_of_list(schema, table) if kind == "category" else kind
        if kind in ("facility", "course", "category") and is_about("computing", schema, table):
            kind = ""
        if not kind and not itself:
            return _named_for(schema, table, stem, column.type.length)
    if kind == "person" and name == "title":
        return Pool("job")
    if stem in ("", "title") and has("review|feedback|rating|testimonial", snake(table.name)):
        return Pool("review_title")
    if kind in ("job", "project") and not stem and (pool := _pool_of(table)):
        return Pool(pool, walked=True)
    if kind == "visit":
        return Pool("condition")
    if kind == "person":
        first, last, _ = people_columns(table)
        if first and last and column.name not in (first, last):
            return Text((_column_piece(first), Piece(literal=" "), _column_piece(last)))
        return Person("full")
    if kind in ("pet", "region", "country", "city", "topic", *LOOKUPS):
        return Pool(kind)
    if kind:
        return Pool(kind, walked=True)
    return _called(schema, table, name, column.type.length)


_OF_ANYTHING = (
    "full", "display", "short", "long", "common", "legal", "official", "sort", "nick", "public", "old", "new",
    "alternate", "other", "generic", "real", "preferred", "birth", "business",
)  # fmt: skip
"""Before "name" they say which name of the row it is, and not whose."""


def _typed(table: Table, name: str) -> Source:
    """A name for the rows of a list of types or groups of something."""
    stem = _stem_of_list(table)
    if ends("user|staff|member|permission|admin", stem) and ends("group", snake(table.name)):
        return Pool("role", walked=True)
    for words, values in kinds_for(table, f"{stem}_type"):
        del words
        return _falling([value.capitalize() for value in values])
    return Pool("type", walked=True)


def _named_for(schema: Schema, table: Table, stem: str, length: int | None) -> Source:
    """A name of something that is not the row itself: `container_name` names a container."""
    for words, pool in _NAMED:
        if ends(words, stem):
            return Pool(pool)
    word = " ".join(map(full_word, stem.split("_")[-2:]))
    if length is not None and length < len(word) + 12:
        return Pool("type")
    return Text((Piece(pool=Pool("label")), Piece(literal=f" {word}")))


_NAMED: tuple[tuple[str, str], ...] = (
    ("permission|privilege|authority|capability|scope|right", "permission"),
    ("role", "role"),
    ("setting|option|preference|parameter|config|configuration|property|properties|variable|attribute", "setting"),
    ("file|document|attachment|upload|image|media|photo", "file"),
    ("message|mail|email|thread|conversation|notification|ticket|issue|request|complaint|inquiry", "subject_line"),
    ("color|colour", "color"),
)
"""Pools of names by a word of the table's name, where its kind does not say."""


def _called(schema: Schema, table: Table, name: str, length: int | None) -> Source:
    """A name for the rows of a table of which only the name is known: "North banner", "Backup banner 2"."""
    whole = snake(table.name)
    for words, pool in _NAMED:
        if ends(words, whole):
            return Pool(pool, walked=True)
    if name == "title" and not is_about("computing", schema, table) and _reads_like_a_work(table):
        return Pool("title", walked=True)
    word = noun_of(schema, table)
    word = word if length is None or length >= len(word) + 12 else word.split(" ")[-1]
    if length is not None and length < len(word) + 12:
        return Pool("type", walked=True)
    return Text((Piece(pool=Pool("label")), Piece(literal=f" {word}"), Piece(pool=Pool("label_end"))))


def _reads_like_a_work(table: Table) -> bool:
    """Whether a title is that of something written or played."""
    names = [snake(table.name), *(snake(column.name) for column in table.columns)]
    return any(
        has("author|artist|genre|isbn|publish|published|publisher|edition|pages|director|queue|list", n) for n in names
    )


_SETTING_NAME = "key|name|code|(?:option|setting|param|config)_(?:key|name|code)"
_ANYTHING = (
    r"notifiable_type|model_type|subject_type|causer_type|entity_type|object_type|record_type|resource_type|\w+able_type|"
    "owner_type|target_type|source_type|item_type|content_type"
)
"""Of which table a row is that a number beside it means."""


def _patterned(table: Table, column: Column, name: str, length: int) -> Source | None:
    named = {snake(other.name) for other in table.columns}
    if name.endswith("_type") and f"{name.removesuffix('_type')}_id" in named and ends(_ANYTHING, name):
        return _falling(("User", "Order", "Invoice", "Product", "Comment", "Project"))
    if (
        ends(
            "payload|properties|settings|config|options|metadata|meta|params|parameters|attributes|extra|context|"
            "custom_fields|preferences|raw_data|json",
            name,
        )
        and length >= 30
    ):
        return Choice(*_even(_JSON))
    if ends("sid|session|session_id|sessionid|session_key|nonce", name) and length >= 16:
        return Bits(min(length, 32))
    if ends(
        "exception|error|error_message|error_msg|incident_msg|last_error|failure_reason|stack_trace|stacktrace|error_text",
        name,
    ):
        return Pool("error")
    if ends("host|hostname|host_name|server|server_name|smtp_host|domain|fqdn", name) and length >= 24:
        return Text((Piece(pool=Pool("host")), Piece(kind="number", count=2), Piece(literal=".example.com")))
    if ends("no|number|num", name) and has("home|mobile|office|contact|phone|cell|tel|telephone|fax", name):
        name = "phone"
    number = _number_as_text(name, length)
    if number is not None:
        return number
    if has("email|e_mail|mail", name) and not has("code|stop|type|template|subject|host|status|server|format", name):
        return Text((*_name_pieces(table, column, ".", "slug"), Piece(literal="@"), Piece(pool=Pool("domain"))))
    if ends("username|user_name|login|handle|nickname|screen_name|user", name) and column.type.kind == "text":
        return Text((*_name_pieces(table, column, "", "slug"), Piece(kind="number", count=2)))
    if ends("phone|mobile|telephone|cell|fax|tel|phone_number|homephone|home_phone", name):
        if length < 8:
            return Text((Piece(kind="number", count=length),))
        short = (Piece(literal="555-01"), Piece(kind="number", count=2))
        if length < 12:
            return Text(short)
        if has_city(table):
            return Located(PHONE)
        return Text((Piece(pool=Pool("area_code")), Piece(literal="-"), *short))
    if ends("extension|ext", name):
        return Text((Piece(kind="number", count=min(3, length)),))
    if ends("zip|zip_code|zipcode|postal_code|postcode|postal|billing_postal_code", name):
        return Text((Piece(kind="number", count=min(5, length)),))
    if ends("country_code|countrycode|iso_code|country_iso", name) or (ends("country", name) and length <= 3):
        return Pool("country_code")
    if ends("state|province|state_code|state_province", name) and has_place(table):
        return Pool("state_abbr" if length < 14 else "state", faker=True)
    if ends("uuid|guid", name) and length >= 32:
        return Bits() if length >= 36 else Bits(32)
    if ends("user_agent|useragent|agent_string|browser", name) and length >= 60:
        return Pool("agent")
    if ends("mime_type|mimetype|content_type|media_type", name) and length >= 20:
        return _falling(("application/pdf", "image/jpeg", "image/png", "text/plain", "text/csv", "application/zip"))
    if ends("version|app_version|revision", name):
        return _falling(("1.0", "1.1", "1.2", "2.0", "2.1", "1.3", "2.2", "3.0") if length < 5 else _VERSIONS)
    if ends("slug|permalink", name) and length >= 12:
        return _slugged(table, column)
    if (
        ends("hex|color_code|colour_code|hex_color|bgcolor|fgcolor|background_color|text_color", name) and length >= 7
    ) or (ends("color|colour", name) and length == 7):
        return Text((Piece(literal="#"), Piece(pool=Pool("hex_digits"))))
    if ends("mac|mac_address|mac_addr", name):
        return Pool("mac_address", faker=True)
    if ends("setting|option|param|config", snake(table.name)) and re.fullmatch(_SETTING_NAME, name):
        return Pool("setting", walked=True)
    if ends("setting|option|param|config|preference", snake(table.name)) and ends("value|val|default_value", name):
        return Pool("setting_value")
    if ends("icd|icd10|icd_code|icd10_code|icd9_code", name) or (
        ends("code", name) and has("diagnosis|diagnoses|icd|condition", snake(table.name))
    ):
        return Text(
            (
                Piece(kind="letters", count=1),
                Piece(kind="number", count=2),
                Piece(literal="."),
                Piece(kind="number", count=1),
            )
        )
    if ends("subject|headline", name) and kind_of_table(table) not in ("course",) and length >= 40:
        return Pool("subject_line")
    if ends("iban", name) and length >= 22:
        return Text(
            (Piece(literal="GB"), Piece(kind="number", count=2), Piece(literal="EXMP"), Piece(kind="number", count=14))
        )
    if ends("swift|swift_code|bic", name) and length >= 8:
        return Text((Piece(kind="letters", count=4), Piece(literal="US"), Piece(kind="letters", count=2)))
    if ends("routing_number|sort_code|branch_code", name):
        return Text((Piece(kind="number", count=min(6, length)),))
    if ends("account_number|account_no|acct_no|card_number", name) and length >= 8:
        return Text((Piece(kind="number", count=min(10, length)),))
    if ends("last4|last_4|last_four", name):
        return Text((Piece(kind="number", count=4),))
    if ends("url|website|link|homepage|home_page|web_site|uri", name):
        return Text(
            (
                Piece(literal="https://www.example.com/"),
                Piece(pool=Pool("phrase"), filters=("slug",)),
                Piece(kind="number", count=2),
            )
        )
    if ends("file|filename|file_name|attachment|file_path|document|original_name", name) and length >= 24:
        return Text((Piece(pool=Pool("file")), Piece(pool=Pool("file_ending"))))
    if ends("image|photo|picture|avatar|image_url|photo_path|file|filename|file_name|attachment|path|logo|icon", name):
        return Text(
            (Piece(pool=Pool("phrase"), filters=("slug",)), Piece(kind="number", count=3), Piece(literal=".jpg"))
        )
    if ends("ip|ip_address|ipaddress|ip_addr|ipaddr|remote_addr|client_ip|remote_ip|host_ip", name):
        nets = Pool("network")
        return Text((Piece(pool=nets), Piece(kind="number", count=2)))
    if has("password|passwd|hash|token|secret|checksum|salt|digest|signature|session_key", name):
        return Bits(min(length, 40))
    if ends("isbn|isbn13", name):
        return Text((Piece(literal="978"), Piece(kind="number", count=min(10, max(1, length - 3)))))
    if ends("barcode|upc|ean|gtin", name):
        return Text((Piece(kind="number", count=min(12, length)),))
    if ends("ssn|tax_id|national_id|social_security", name):
        return Text((Piece(kind="number", count=min(9, length)),))
    if ends("date|datetime|timestamp", name) and length >= 10:
        return Between("-730d", "-1d")
    if ends("year", name):
        return _falling([str(year) for year in range(2025, 1989, -1)])
    if ends("middle_initial|initial|mi", name) or (length == 1 and has("middle|initial", name)):
        return Text((Piece(kind="letters", count=1),))
    if ends(
        (
            "code|sku|number|no|num|nr|ref|reference|serial|license|licence|plate|vin|iban|account|tracking|"
            "barcode|abbreviation|abbr|symbol|key|identifier|id|icd|ndc|serial_number|voucher|slug|mpn|short_name|"
            "acronym|mnemonic"
        ),
        name,
    ):
        return code_source(table, column, name, length)
    if ends("gender|sex|flag|yn", name) and length == 1:
        return Choice(("F", "M"), (51.0, 49.0)) if ends("gender|sex", name) else Choice(("N", "Y"), (70.0, 30.0))
    return None


_VERSIONS = ("1.0.0", "1.2.0", "1.1.3", "2.0.0", "1.4.2", "2.1.0", "2.3.1", "1.9.5", "3.0.0", "3.1.2")


_JSON = (
    "{}", '{"source": "web"}', '{"source": "phone"}', '{"theme": "dark", "page_size": 50}', '{"notify": true}',
    '{"tags": ["new"]}', '{"tags": ["repeat", "local"]}', '{"theme": "light"}', '{"attempt": 2}', '{"locale": "en_US"}',
)  # fmt: skip


def _number_as_text(name: str, length: int) -> Source | None:
    """Digits, where a number is stored as text."""
    if ends("width|height|depth|file_size|filesize|score|duration|capacity", name):
        return Text((Piece(kind="number", count=min(3, length)),))
    if ends("salary|amount|price|total|balance", name):
        return Text((Piece(kind="number", count=min(4, length)),))
    if ends("sort_order|display_order|position_no|seqno|seq|order_column|line_no|rank", name):
        return Text((Piece(kind="number", count=1),))
    if re.match(r"(?:is|has|can|allow|show|enable)_", name) or ends("required|enabled|active|visible|valid", name):
        return Choice(("Y", "N") if length < 3 else ("yes", "no"), (65.0, 35.0))
    return None


def _slugged(table: Table, column: Column) -> Source:
    """A slug of the row's own name or title."""
    for other in table.columns:
        if other is not column and other.type.kind == "text" and ends("name|title|label", snake(other.name)):
            return Text((_column_piece(other.name, "slug"),))
    return Text((Piece(pool=Pool("phrase"), filters=("slug",)), Piece(literal="-"), Piece(kind="number", count=3)))


_FEW = 400
"""A list has at most so many entries; their codes are short for their names."""


def key_source(table: Table, column: Column, bounds: Bounds, rows: int) -> ColumnRecipe | None:
    """A numbered source for a column that is a key of its own, or None when its guess does with `unique`."""
    kind = column.type.kind
    if kind in ("integer", "decimal", "real") and bounds.values is None:
        if bounds.room(column) < rows:
            return None
        low = int(bounds.low) + bounds.low_open if isinstance(bounds.low, int | float) else 1
        primary = table.primary_key == (column.name,)
        far = not primary and bounds.high is None and bounds.room(column) > rows + 1000
        return ColumnRecipe(Numbered("{n}", low + 1000 * far, 1, not primary))
    if kind != "text" or column.type.form or bounds.values is not None or bounds.texts(None) is not None:
        return None
    length = min(value for value in (column.type.length, bounds.longest, 4000) if value is not None)
    name = snake(column.name)
    if (ends("uuid|guid", name) and length >= 32) or _listed_line(table, name, length) is not None:
        return None
    if not ends(
        (
            "code|sku|number|no|num|nr|ref|reference|serial|key|identifier|id|abbr|abbreviation|symbol|uuid|"
            "account|barcode|tracking"
        ),
        name,
    ):
        return None
    if length >= 3 and rows <= (_FEW if length > 3 else _FEW // 4):
        short = abbreviated(table, column, name, length)
        if short is not None:
            return ColumnRecipe(short)
    prefix = prefix_of(table, name)
    digits = len(str(1000 + rows * 7))
    if length >= len(prefix) + 1 + digits:
        return ColumnRecipe(Numbered(f"{prefix}-{{n}}", 1017, 7, shuffled=True))
    if length >= digits:
        return ColumnRecipe(Numbered("{n}", 1017, 7, shuffled=True))
    step = 4567 if 26**length > 100_000 else 35
    return ColumnRecipe(Numbered(f"{{a:{length}}}", 29, step, shuffled=True))
