"""Which numbers stand in a column: money, ages, quantities and the like, within its bounds."""

from __future__ import annotations

import re

from .bounds import Bounds
from .choices import evenly, falling
from .domains import is_about
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
    return SkewedRange(least, most, min(max(mean, least + (most - least) * 0.05), least + (most - least) * 0.95))


def _evenly(low: float, high: float, bounds: Bounds, column: Column, digits: int = 2) -> Source:
    first, last = _range(low, high, bounds, column)
    if column.type.kind == "integer":
        return Between(int(-(-first // 1)), max(int(-(-first // 1)), int(last // 1)))
    return Between(first, last, digits=digits)


FLAGS = "active|enabled|deleted|archived|verified|visible|discontinued|blocked|locked|flag"
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
    return Choice(*evenly(fitting)) if fitting else _skewed(min(values), max(values), values[0], bounds, column)


def integer_source(schema: Schema, table: Table, column: Column, name: str, bounds: Bounds, now: int) -> Source:
    """What whole numbers there are; `now` in seconds."""
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
        return falling((1, 2, 3, 0) if ends("status|state", name) else (1, 2, 3, 4))
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
            Choice(*evenly([0, 0, 0, 5, 10, 15, 20, 25]))
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


def number_source(schema: Schema, table: Table, column: Column, name: str, bounds: Bounds, now: int) -> Source:
    """What numbers there are; `now` in seconds."""
    if ends("id|key", name) and column.type.kind == "decimal":
        return integer_source(schema, table, column, name, bounds, now)
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
            return Choice(*evenly(fitting))
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
