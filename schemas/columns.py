"""What stands in a column about which the recipe says nothing: read from its name, type and table.

Everything comes out as a `ColumnRecipe`, so that a guess is drawn by the same machinery as what a
person wrote. Keys are not guessed here: foreign keys are picked and single keys numbered by `fill.py`.
"""

from __future__ import annotations

import ast
import json
import math
import re

from .bounds import Bounds
from .choices import evenly, falling
from .codes import abbreviated, drawn_key, prefix_of
from .column_dates import moment_source
from .column_numbers import ASKING, FLAGS, integer_source, number_source
from .column_patterns import SOME_JSON
from .column_texts import DESCRIBED, longest_of, text_source, unknown_source
from .eras import ALONE, Era
from .expression import Expression, expression_of
from .located import address_source, line_source
from .model import Column, Kind, Schema, Table, Value
from .naming import LOOKUPS, OPTIONAL_LATE, OPTIONAL_TEXT, bare_name, ends, first_date, has, kind_of_table, snake
from .sources import Bits, Choice, ColumnRecipe, Constant, Located, Numbered, Pool, Shaped, Source
from .states import (
    coded,
    excluded,
    in_style,
    one_of_values,
    only_when,
    prerequisite,
    reached,
    reasoned,
    states_of,
    status_column,
    weights_of,
)


def guess_column(
    schema: Schema, table: Table, column: Column, bounds: Bounds, now: int, era: Era = ALONE
) -> ColumnRecipe:
    """A recipe for a column that has none; `now` in seconds, `era` as `eras` says."""
    kind = column.type.kind
    name = bare_name(table, column)
    source: Source | None = None
    null = _null(table, column, name)
    if kind in ("date", "timestamp"):
        when = reached(table, column)
        if when is not None:
            # The state says whether there is a date; as far as the column can, it says nothing else.
            nullable = column.nullable and column.name not in table.primary_key
            source = moment_source(schema, table, column, name, bounds, now, era)
            return ColumnRecipe(source, null=0.0 if nullable else null, when=when if nullable else None)
    if (default := _set(table, column)) is not None:
        return ColumnRecipe(default)
    if bounds.values is None and bounds.shapes is None and (codes := _coded(column, bounds)):
        source = Choice(tuple(codes), weights_of(tuple(codes.values())))
    elif bounds.values is not None:
        source = _listed(bounds.values, column)
    elif kind == "text" and column is status_column(table) and (states := states_of(table, column, bounds)):
        source = Choice(states, weights_of(states))
        null = null and 0.02
    elif kind in ("date", "timestamp"):
        source = moment_source(schema, table, column, name, bounds, now, era)
    elif kind == "time" and (later := _later_hours(name)):
        source = Choice(*evenly(later))
    elif kind == "time":
        source = Choice(*evenly([f"{hour:02}:{minute:02}:00" for hour in range(8, 20) for minute in (0, 15, 30, 45)]))
    elif kind == "boolean" or (kind == "integer" and (re.match(rf"(?:{ASKING})_", name) or ends(FLAGS, name))):
        rare = has(_SELDOM, name)
        usual = has("active|enabled|available|visible|valid|verified|paid", name)
        source = Choice((1, 0), (4.0, 96.0) if rare else (88.0, 12.0) if usual else (62.0, 38.0))
    elif kind == "integer":
        source = integer_source(schema, table, column, name, bounds, now)
    elif kind in ("real", "decimal"):
        source = number_source(schema, table, column, name, bounds, now)
    elif (
        column.type.form in ("wkt", "coordinates") and (where := address_source(schema, table, name, 4000)) is not None
    ):
        source = where
    elif kind in ("uuid", "blob") or column.type.form:
        source = Bits()
    elif kind == "json" and column.type.items is not None:
        source = Choice(*evenly(_lists(_ITEMS[column.type.items], column.type.length)))
    elif kind == "json":
        source = Choice(*evenly(SOME_JSON))
    else:
        known = text_source(schema, table, column, name, bounds)
        if known is None and column.nullable:
            null = max(null, _MOSTLY)
        source = known or unknown_source(table, column, name, longest_of(column, bounds))
        source = _as_by_default(column, source)
        shapes = bounds.texts(column.type.length)
        if shapes is not None and kind == "text":
            source = Shaped(shapes, source)
    needed = prerequisite(table, column) if null and kind in ("date", "timestamp") else None
    if null and kind == "text" and (reason := reasoned(table, column)) is not None:
        needed, null = reason, 0.0
        if has(_SELDOM_REASON, name) and bounds.values is None:
            source = Pool("correction")
    if null and needed is None and (instead := excluded(table, column)) is not None:
        needed, null = instead, max(null, 0.5)
    if null and needed is None and (done := only_when(table, column)) is not None:
        needed, null = done, 0.0
    if null and needed is None and isinstance(source, Located):
        needed, null = _beside_city(table, column, source), min(null, 0.03)
    if null and (alternative := one_of_values(table, column)) is not None:
        needed, null = alternative
    return ColumnRecipe(source=source, unique=_names_entry(table, column, name), null=null, when=needed)


def _coded(column: Column, bounds: Bounds) -> dict[Value, str]:
    """The codes of a column's comment that its bounds allow, with what they mean."""
    low = bounds.low if isinstance(bounds.low, int | float) else -math.inf
    high = bounds.high if isinstance(bounds.high, int | float) else math.inf
    codes = {code: word for code, word in coded(column) if not isinstance(code, int) or low <= code <= high}
    return codes if len(codes) > 1 else {}


def _beside_city(table: Table, column: Column, source: Located) -> Expression | None:
    """An address is there as a whole, or not at all."""
    for other in table.columns:
        name = snake(other.name)
        there = other.nullable and other.type.kind == "text" and ends("city|town", name)
        if there and other is not column and name.startswith(source.group):
            return expression_of(ast.Compare(ast.Name(other.name), [ast.IsNot()], [ast.Constant(None)]))
    return None


def _as_by_default(column: Column, source: Source) -> Source:
    """A few words in the style of the column's default, which is the most frequent."""
    if not isinstance(source, Choice) or not all(isinstance(value, str) and value for value in source.values):
        return source
    words = in_style(tuple(str(value) for value in source.values), column)
    return source if words == source.values else falling(words)


_MANY_SETTINGS = 6
"""A table of settings with so many columns has one for each setting, and not a row."""


def _set(table: Table, column: Column) -> Source | None:
    """The default of a column of settings: what nobody has changed."""
    if not ends("setting|config|configuration|preference|option|settings_mail", snake(table.name)):
        return None
    if column.name in table.primary_key or len(table.columns) < _MANY_SETTINGS or not column.default:
        return None
    text = re.fullmatch(r"'([^']+)'", column.default)
    if text is not None and text[1] in column.values:
        # What can be chosen has been chosen otherwise here and there.
        rest = tuple(value for value in column.values if value != text[1])
        return Choice((text[1], *rest), (70.0, *(30.0 / len(rest) for _ in rest))) if rest else Constant(text[1])
    if text is not None and column.type.kind in ("text", "json"):
        return Constant(text[1])
    number = re.fullmatch(r"'?(-?\d+(?:\.\d+)?)'?", column.default)
    if number is not None and column.type.kind in ("integer", "boolean", "real", "decimal"):
        return Constant(float(number[1]) if "." in number[1] else int(number[1]))
    return None


def _later_hours(name: str) -> list[str]:
    """The hours of what starts or ends, so that one is before the other; [] for other times."""
    if has("start|begin|from|open|opening|in|intime|start_time", name):
        hours = range(6, 13)
    elif has("end|stop|to|until|close|closing|out|finish|end_time", name):
        hours = range(14, 22)
    else:
        return []
    return [f"{hour:02}:{minute:02}:00" for hour in hours for minute in (0, 15, 30, 45)]


_MOSTLY = 0.75
"""So often a text of which nothing is known is left out where it may be."""
_SELDOM = (
    "deleted|cancelled|canceled|blocked|locked|discontinued|void|voided|retired|removed|refunded|archived|expired|banned|"
    "suspended|revoked|hidden|obsolete|deprecated|folder|gateway"
)
"""Flags that few rows have."""
_SELDOM_REASON = "void|voided|retire|retired|delete|deleted|deletion|removal|removed"
"""What is taken back because it was wrong."""


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


def _lists(items: tuple[Value, ...], longest: int | None) -> list[str]:
    """JSON lists of some of the items, of every length up to three; no text is longer than that."""
    items = tuple(dict.fromkeys(item[:longest] if isinstance(item, str) else item for item in items))
    found = [items[start : start + size] for size in range(4) for start in range(len(items) if size else 1)]
    return [json.dumps(list(part)) for part in dict.fromkeys(found)]


def _names_entry(table: Table, column: Column, name: str) -> bool:
    """Whether the column names the entries of a look-up table, which then differ."""
    if column.type.kind != "text" or column.values or kind_of_table(table) not in LOOKUPS:
        return False
    return ends("name|title|description", name) or ends(snake(table.name), name)


def _null(table: Table, column: Column, name: str) -> float:
    if not column.nullable or column.name in table.primary_key:
        return 0.0
    if has("deleted|archived|banned|suspended|blocked|voided|retired|discontinued", name) and ends("at|on|date", name):
        return 0.85
    if ends("name|title|label", name) and kind_of_table(table) in LOOKUPS:
        return 0.0
    if OPTIONAL_LATE.search(name) and column.type.kind in ("date", "timestamp"):
        return 0.35
    if has("changed|modified|updated|edited", name) and column.type.kind in ("date", "timestamp"):
        return 0.38
    if re.search(r"[a-z]{3}_?(?:[4-9]|1\d)$", name) and column.type.kind == "text":
        return 0.85
    if OPTIONAL_TEXT.search(name):
        return 0.4
    if ends("description|desc|details|detail|remarks|additional_info", name) and kind_of_table(table) not in DESCRIBED:
        return 0.5  # what little can be said of such a row is said by its name
    if first_date(table) == column.name:
        return 0.01
    if ends("name|title|status|type|code|number|city|state|country|region", name) or column.type.kind == "boolean":
        return 0.02
    return 0.08


def _listed(values: tuple[Value, ...], column: Column) -> Source:
    if column.type.kind in ("integer", "boolean") and all(isinstance(value, str) for value in values):
        values = tuple(int(text) if re.fullmatch(r"-?\d+", text := str(value)) else value for value in values)
    single = tuple(value for value in values if value != "" and "," not in str(value))
    if 0 < len(single) < len(values):
        # Of a set mostly one is chosen.
        rest = tuple(value for value in values if value not in single)
        return Choice(
            (*single, *rest), (*(0.95 * weight for weight in weights_of(single)), *(0.05 / len(rest) for _ in rest))
        )
    return Choice(values, weights_of(values)) if len(values) > 1 else Constant(values[0])


_FEW = 400
"""A list has at most so many entries; their codes are short for their names."""


def key_source(schema: Schema, table: Table, column: Column, bounds: Bounds, rows: int) -> ColumnRecipe | None:
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
    if (ends("uuid|guid", name) and length >= 32) or line_source(schema, table, name, length) is not None:
        return None
    if drawn_key(table, name, length):
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
