"""Values that a person might ask to be set: new phone numbers, dates to come, codes that are not taken.

Only for columns whose present values would make poor new ones; for the others
(statuses, quantities, prices) the rows themselves serve. Everything is derived
from what the rows show, so the same rows give the same values.
"""

from __future__ import annotations

import datetime
import re

from .draft import InputTable
from .english import word_set
from .survey import ColumnView, TableView

DEFAULT_DAY = "2025-06-30"  # the day on which environments stand when nothing says otherwise
COUNT = 8
_STREETS = ("Harbour Street", "Mill Lane", "Orchard Road", "Station Road", "Church Hill", "Park Avenue", "Elm Street")
_NOTES = (
    "asked to be called back",
    "moved at short notice",
    "follow-up needed",
    "first time",
    "brought forward by a week",
    "see the earlier message",
)
_TIMES = ("09:00:00", "10:30:00", "13:00:00", "14:30:00", "16:00:00", "18:30:00")
FREE_TEXT = word_set("note notes comment comments remark remarks description reason message instructions summary text")
_PAST = word_set("birth death hire hired join joined created founded")


def input_values(view: TableView, column: ColumnView) -> InputTable | None:
    """The `[inputs]` entry for a parameter that sets `column`, or None when its rows serve."""
    kind = column.column.type.kind
    if column.column.values:
        return None
    if any(column.name in unique for unique in view.table.uniques):
        return _entry(_fresh(column))
    if column.kind == "date":
        return None if any(word in _PAST for word in column.words) and column.shown.values else _entry(_dates(column))
    if column.kind == "time":
        return _entry([time for time in _TIMES if kind == "time"])
    if kind != "text":
        return None if column.shown.values or column.kind == "flag" else _numbers(column)
    if column.kind == "contact":
        return _entry(_fitting(column, _contacts(column)))
    if column.kind == "text" and column.words[-1] in FREE_TEXT:
        shown = [value for value in column.shown.values if isinstance(value, str)]
        return None if 4 <= len(shown) <= 40 else _entry(_fitting(column, list(_NOTES)))
    return None


def _entry(values: list[str] | list[int]) -> InputTable | None:
    return {"values": values} if values else None


def _numbers(column: ColumnView) -> InputTable | None:
    if column.column.type.kind == "integer":
        return {"low": 1, "high": 9}
    return {"values": [float(number) + 0.5 for number in range(4, 20, 3)]}


def _dates(column: ColumnView) -> list[str]:
    """Days after the last one known, about two weeks."""
    known = [value for value in column.shown.values if isinstance(value, str)]
    last = known[-1] if known else DEFAULT_DAY
    try:
        day = datetime.date.fromisoformat(last[:10])
    except ValueError:
        day = datetime.date.fromisoformat(DEFAULT_DAY)
    whole = [datetime.time.fromisoformat(time) for time in _TIMES]
    found: list[str] = []
    for number in range(COUNT):
        try:
            later = day + datetime.timedelta(days=1 + 2 * number)
        except OverflowError:
            return found
        timed = column.column.type.kind == "timestamp"
        found.append(f"{later.isoformat()} {whole[number % len(whole)].isoformat()}" if timed else later.isoformat())
    return found


def _contacts(column: ColumnView) -> list[str]:
    words = column.words
    known = [value for value in column.shown.values if isinstance(value, str)]
    if any(word in ("email", "mail") for word in words):
        return [f"desk{number}@example.com" for number in range(11, 11 + 7 * COUNT, 7)]
    if any(word in ("website", "homepage") for word in words):
        return [f"https://www.example.com/{number}" for number in range(11, 11 + 7 * COUNT, 7)]
    if any(word in ("address", "street", "line1", "line2") for word in words):
        return [f"{12 + 19 * number} {street}" for number, street in enumerate(_STREETS)]
    digits = {value: re.findall(r"\d", value) for value in known}
    formats = [v for v, found in digits.items() if len(found) >= 7 and len(dict.fromkeys(found)) > 2] or [
        "555-555-0000"
    ]
    return [_numbered(formats[number % len(formats)], 100 + 13 * number) for number in range(COUNT)]


def _numbered(shape: str, number: int) -> str:
    """`shape` with its last four digits replaced: a phone number in the same form."""
    digits = list(f"{number:04d}")
    found = list(shape)
    for position in range(len(found) - 1, -1, -1):
        if found[position].isdigit() and digits:
            found[position] = digits.pop()
    return "".join(found)


def _fresh(column: ColumnView) -> list[str] | list[int]:
    """Values that are not taken: the greatest known number counted on, in the form of the last value."""
    known = column.shown.values
    if column.column.type.kind == "integer":
        last = max((value for value in known if isinstance(value, int)), default=0)
        return [last + 1 + 3 * number for number in range(COUNT)]
    if column.column.type.kind != "text":
        return []
    if any(word in ("email", "mail") for word in column.words):
        return [value for value in _contacts(column) if value not in known]
    texts = [value for value in known if isinstance(value, str)]
    numbered = [(int(match[2]), match) for text in texts if (match := re.fullmatch(r"(.*?)(\d+)(\D*)", text))]
    if numbered:
        last, match = max(numbered, key=lambda entry: entry[0])
        width = len(match[2])
        return [f"{match[1]}{last + 1 + 3 * number:0{width}d}{match[3]}" for number in range(COUNT)]
    label = column.words[-1].upper()[:3]
    return _fitting(
        column, [value for number in range(COUNT) if (value := f"{label}-{4001 + 7 * number}") not in known]
    )


def _fitting(column: ColumnView, values: list[str]) -> list[str]:
    length = column.column.type.length
    return [value for value in values if length is None or len(value) <= length]
