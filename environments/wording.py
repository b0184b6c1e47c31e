"""The `[words]` of a derived environment: entities, columns and links as English phrases.

Only what the names alone would say wrongly or not at all is said here; the rest
is left to whoever makes the sentences.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Sequence

from .english import ABILITIES, EVENTS, EXTREMES, INTRANSITIVES, LINKS, PLACES, ROOMS, word_set
from .kinds import Kind
from .naming import KEY_WORDS, chunks, phrase
from .survey import ColumnView, LinkView, Survey, TableView

_UNITS = {
    "cents": "in cents",
    "usd": "in US dollars",
    "eur": "in euros",
    "gbp": "in pounds",
    "milliseconds": "in milliseconds",
    "seconds": "in seconds",
    "minutes": "in minutes",
    "hours": "in hours",
    "days": "in days",
    "weeks": "in weeks",
    "months": "in months",
    "bytes": "in bytes",
    "kg": "in kilograms",
    "km": "in kilometers",
    "miles": "in miles",
    "meters": "in meters",
    "grams": "in grams",
}
_DURATIONS = ("milliseconds", "seconds", "minutes", "hours", "days", "weeks", "months")
_LATER = word_set(
    """
    due required expected end ended return returned expiry expiration expires until estimated
    """
)
_START = word_set(
    """
    hire join joined hired start started enrolled registered member signup create created registration
    """
)
_DONE = ("booked", "filed", "made", "ordered", "placed", "requested", "taken out", "written")
_NOT_PARTICIPLES = word_set("need speed feed seed bed red breed")
_SENT = word_set(
    """
    sent paid sold born begun written given taken made built held left lent
    """
)
_MACHINE_WORDS = ("id", "key", "guid", "uuid", "slug")
_SHORT_CODE = 2
_HASH_LENGTH = 16

Entry = dict[str, typing.Any]


def entity_words(survey: Survey) -> dict[str, Entry]:
    """The nouns of every table."""
    return {
        view.name: {"one": view.one, "many": view.many, **({"person": True} if view.person else {})}
        for view in survey.tables.values()
    }


def column_words(survey: Survey) -> dict[str, Entry]:
    """The words of every column that may be shown, keyed by `table.column`."""
    found: dict[str, Entry] = {name: {"speakable": False} for name in machine_keys(survey)}
    for view in survey.tables.values():
        extremes = _extremes(view)
        for column in view.columns:
            entry = _column(view, column)
            if column.name in extremes:
                entry["largest"], entry["smallest"] = extremes[column.name]
            if entry:
                found[f"{view.name}.{column.name}"] = entry
    return found


def machine_keys(survey: Survey) -> list[str]:
    """The key columns whose values nobody says, as `table.column`: ids beside a name, codes of two letters."""
    return [
        f"{view.name}.{name}"
        for view in survey.tables.values()
        for name in view.key
        if view.link(name) is None and _is_code(view, name)
    ]


def link_words(survey: Survey) -> dict[str, Entry]:
    """The phrases of every link whose target tools may speak of."""
    found: dict[str, Entry] = {}
    for view in survey.tables.values():
        for link in view.links:
            parent = survey.tables[link.target]
            entry: Entry = {"forward": forward(view, link, parent), "backward": backward(view, link, parent)}
            named = [word for word in chunks(link.column) if word not in KEY_WORDS]
            if link.name.role:
                entry["role"] = link.name.role
            elif named != list(parent.words):
                entry["role"] = parent.one  # the column's own name would be taken for a role
            found[f"{view.name}.{link.column}"] = entry
    return found


def forward(view: TableView, link: LinkView, parent: TableView) -> str:
    """From a row of `view` to the row that the link points at: "who placed"."""
    if link.name.forward:
        return link.name.forward
    pair = LINKS.get((view.words[-1], parent.words[-1]))
    if pair is not None and not link.name.role:
        return pair[0]
    return "containing" if _contains(view, link, parent) else "of"


def backward(view: TableView, link: LinkView, parent: TableView) -> str:
    """From the row that the link points at to its rows of `view`: "placed by"."""
    if link.name.backward:
        return link.name.backward
    if link.name.role:
        return f"whose {link.name.role} is"
    pair = LINKS.get((view.words[-1], parent.words[-1]))
    if pair is not None:
        return pair[1]
    if view.role == "line":
        return "in" if _contains(view, link, parent) else "for"
    return "at" if parent.words[-1] in PLACES else "in" if parent.words[-1] in ROOMS else "of"


def label_and_unit(column: ColumnView) -> tuple[str, str]:
    """A column's label, and the unit that its name ends with ("in cents") or ""."""
    last = column.words[-1]
    if last in _UNITS and column.kind in ("price", "amount", "count", "measure"):
        return phrase(column.words[:-1]) or ("duration" if last in _DURATIONS else "size"), _UNITS[last]
    return column.label, ""


def is_event(view: TableView) -> bool:
    """Whether the table's rows happen, rather than being things that have a name."""
    if view.words[-1] in EVENTS:
        return True
    return not view.names and any(column.kind == "date" for column in view.columns)


def whole_and_part(survey: Survey, view: TableView, ends: Sequence[LinkView]) -> tuple[LinkView, LinkView]:
    """Which of a junction's two links is the whole and which the part: parts are "of" it, wholes are "with" them.

    An ability is a part of whoever has it, a person a part of what people are in;
    else the first link is the whole (the playlist of a playlist's track).
    """
    order = [column.name for column in view.table.columns]
    first, second = sorted(ends, key=lambda link: order.index(link.column))
    sides = survey.tables[first.target], survey.tables[second.target]
    for parts in ([side.words[-1] in ABILITIES for side in sides], [side.person for side in sides]):
        if parts[0] != parts[1]:
            return (second, first) if parts[0] else (first, second)
    return first, second


def _contains(view: TableView, link: LinkView, parent: TableView) -> bool:
    """Whether `view` holds the lines of `parent`: its name says so, or its first link points there."""
    if view.role != "line":
        return False
    named = [one for one in view.links if one.target in (other.target for other in view.links)]
    stem = parent.words[-1]
    if stem in view.words[:-1]:
        return True
    return bool(named) and named[0] is link and not any(_stem_of(one) in view.words[:-1] for one in view.links)


def _stem_of(link: LinkView) -> str:
    return link.label.rpartition(" ")[2]


def _column(view: TableView, column: ColumnView) -> Entry:
    last = column.words[-1]
    if column.kind == "flag":
        if column.words[0] in ("is", "has", "was"):
            return {}
        return {"label": column.label.removesuffix("bool")}
    label, unit = label_and_unit(column)
    entry: Entry = {"label": label}
    if unit:
        entry["unit"] = unit
    if column.kind == "code" and (last in _MACHINE_WORDS or _is_code(view, column.name)):
        entry["speakable"] = False
    if column.kind == "category" and _reads_as_adjective(column):
        entry["adjective"] = True
    entry |= _question(view, column, label)
    return entry


def _question(view: TableView, column: ColumnView, label: str) -> Entry:
    if column.kind == "date":
        done = _participle(column)
        done = "joined" if column.words in (("join", "date"), ("joining", "date")) else done
        if done in INTRANSITIVES:
            return {"ask": f"When did {{it}} {INTRANSITIVES[done]}?", "tell": f"when {{it}} {done}"}
        if done and view.words[-1][:4] == done[:4]:
            done = _deed(view)
            return {"ask": f"When was {{it}}{done}?", "tell": f"when {{it}} was{done}"}
        if done:
            return {"ask": f"When was {{it}} {done}?", "tell": f"when {{it}} was {done}"}
        if column.words == ("birth", "date"):
            return {"ask": "When was {it} born?", "tell": "when {it} was born"}
    if label in ("city", "country") and not view.person:
        return {"ask": f"In which {label} is {{it}}?", "tell": f"in which {label} {{it}} is"}
    placed = re.fullmatch(r"(\w+s) ((?:in|on) \w+)", label)
    if is_counted(column) and placed is not None:
        said = f"how many {placed[1]} of {{it}} are {placed[2]}"
        return {"ask": f"H{said[1:]}?", "tell": said}
    if is_counted(column):
        return {"ask": f"How many {label} does {{it}} have?", "tell": f"how many {label} {{it}} has"}
    if label in (view.one, view.words[-1]):
        return {"ask": f"Which {label} is {{it}}?", "tell": f"which {label} {{it}} is"}
    return {}


def _deed(view: TableView) -> str:
    """What is done to make such a row, with a space before it: a loan is " taken out", a booking " made"; or ""."""
    for link in view.links:
        verb, by, rest = link.name.backward.partition(" by")
        pair = LINKS.get((view.words[-1], link.label.rpartition(" ")[2]))
        if not by and pair is not None:
            verb, by, rest = pair[1].partition(" by")
        if by and not rest and verb in _DONE:
            return f" {verb}"
    return ""


def _extremes(view: TableView) -> dict[str, tuple[str, str]]:
    """Adjectives for the greatest and least value, no two columns of the table sharing one."""
    found: dict[str, tuple[str, str]] = {}
    taken: list[str] = []
    for column, pair in _proposed(view):
        if column.name in found or pair[0] in taken or pair[1] in taken:
            continue
        if column.shown.rows and len(column.shown.values) < 2:
            continue
        found[column.name] = pair
        taken.extend(pair)
    return found


def _proposed(view: TableView) -> Iterator[tuple[ColumnView, tuple[str, str]]]:
    dates = [c for c in view.columns if c.kind == "date"]
    main = sorted(dates, key=lambda c: any(word in _LATER for word in c.words))
    for column in main:
        if "birth" in column.words:
            yield column, ("youngest", "oldest")
        elif view.person and any(word in _START for word in column.words):
            yield column, ("newest", "longest-standing")
        elif not any(word in _LATER for word in column.words):
            yield column, ("most recent", "earliest") if is_event(view) else ("newest", "oldest")
    for column in dates:
        done = _participle(column)
        if done:
            yield column, (f"most recently {done}", f"with the earliest {column.label}")
        yield column, (f"with the latest {column.label}", f"with the earliest {column.label}")
    for column in view.columns:
        yield from _numeric(view, column)


def _numeric(view: TableView, column: ColumnView) -> Iterator[tuple[ColumnView, tuple[str, str]]]:
    if column.words == ("bytes",) and view.words[-1] not in ("file", "attachment", "document"):
        return
    words = [word for word in column.words if word not in _UNITS]
    last = words[-1] if words else "duration" if column.words[-1] in _DURATIONS else "size"
    if column.kind == "year":
        yield column, ("newest", "oldest")
        return
    if column.kind not in ("price", "amount", "count", "measure"):
        return
    if column.kind == "price" and _only(view, "price"):
        yield column, ("most expensive", "cheapest")
    elif last in EXTREMES and (last not in ("salary", "age") or view.person):
        yield column, EXTREMES[last]
    elif column.kind == "amount" and last in ("total", "amount") and _only(view, "amount"):
        yield column, ("largest", "smallest")
    label, _ = label_and_unit(column)
    if is_counted(column):
        yield column, (f"with the most {label}", f"with the fewest {label}")
    else:
        yield column, (f"with the highest {label}", f"with the lowest {label}")


def is_counted(column: ColumnView) -> bool:
    """Whether a column is a number of things, and its label those things: "slots", "units in stock"."""
    label, unit = label_and_unit(column)
    return column.kind == "count" and not unit and label.partition(" ")[0].endswith("s")


def _only(view: TableView, kind: Kind) -> bool:
    return sum(column.kind == kind for column in view.columns) == 1


def _participle(column: ColumnView) -> str:
    """The participle of a date that tells when something was done: "shipped date", "paid at"; or ""."""
    if len(column.words) != 2 or column.words[1] not in ("date", "at", "on", "time"):
        return ""
    word = column.words[0]
    regular = re.fullmatch(r"[a-z]{2,}ed", word) is not None and word not in _NOT_PARTICIPLES
    return word if (regular and word not in ("required", "expected", "estimated")) or word in _SENT else ""


def _reads_as_adjective(column: ColumnView) -> bool:
    """Statuses of plain words stand before the noun: "the pending order"."""
    if (
        column.words[-1] not in ("status", "state", "condition", "tier", "priority", "level")
        or not column.column.values
    ):
        return False
    return all(re.fullmatch(r"[a-z]{3,}(?:[_ ][a-z]+)?", value) for value in column.column.values)


def _is_code(view: TableView, name: str) -> bool:
    """Whether nobody says the values of a text column: an id beside a name, two letters at most, or a long hash."""
    declared = view.table.column(name)
    if declared.type.kind != "text":
        return declared.type.kind == "uuid"
    if name in view.key and view.names and view.key_fields[0].endswith("_id"):
        return True
    found = view.view(name)
    values = [] if found is None else [value for value in found.shown.values if isinstance(value, str)]
    if values:
        short = all(len(value) <= _SHORT_CODE for value in values)
        return short or all(re.fullmatch(r"[0-9a-fA-F-]+", v) and len(v) >= _HASH_LENGTH for v in values)
    return declared.type.length is not None and declared.type.length <= _SHORT_CODE
