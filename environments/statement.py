"""SQL statements of derived tools as lines of text, every identifier quoted, every value a named bind.

Lists are ordered by a name, or else by a scattering of the key: an order that
says nothing about dates or numbers, so that the first row is not the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas import quote

from .naming import identifier
from .survey import Survey, TableView

WIDTH = 100
MOST_FIELDS = 12
_RANK = {
    "name": 0,
    "category": 1,
    "date": 2,
    "amount": 2,
    "price": 2,
    "count": 3,
    "measure": 4,
    "code": 4,
    "year": 4,
    "contact": 5,
    "text": 6,
    "ordinal": 6,
    "flag": 6,
    "time": 6,
}


@dataclass(frozen=True, slots=True)
class Output:
    """A field of a result: its name and the column it comes from."""

    field: str
    table: str
    column: str

    @property
    def spec(self) -> str:
        """Its entry in `gives`."""
        return f"{self.table}.{self.column}"


def outputs(survey: Survey, view: TableView, *, without: Sequence[str] = (), most: int = MOST_FIELDS) -> list[Output]:
    """What a row of `view` shows: key, names, links, names of lookups, and what else matters most.

    Args:
        without: Columns that the caller knows already.
        most: Number of fields at most, keys and names not counted.
    """
    fields = [Output(f, view.name, c) for f, c in zip(view.key_fields, view.key, strict=True) if c not in without]
    fields += [
        Output(c.field, view.name, c.name) for c in view.columns if c.name in view.names and c.name not in without
    ]
    rest: list[tuple[int, int, Output]] = []
    for link in view.links:
        if link.column in view.key or link.column in without:
            continue
        if link.lookup:
            target = survey.tables[link.target]
            rest.append((0, len(rest), Output(link.field, target.name, target.names[0])))
        else:
            rest.append((1, len(rest), Output(link.field, view.name, link.column)))
    for column in view.columns:
        if column.name not in view.names and column.name not in without:
            rest.append((_RANK[column.kind], len(rest), Output(column.field, view.name, column.name)))
    kept = sorted(sorted(rest, key=lambda entry: entry[0])[:most], key=lambda entry: entry[1])
    return _distinct(fields + [output for _, _, output in kept])


def select(
    survey: Survey,
    view: TableView,
    fields: Sequence[Output],
    *,
    where: Sequence[str],
    through: Sequence[str] = (),
    ordered: bool = False,
    known: Sequence[str] = (),
    lookups: Sequence[str] = (),
) -> list[str]:
    """The lines of a query over `view` and the lookups that `fields` name.

    Args:
        where: Conditions; a column is written as `column()` writes it for the same `qualified`.
        through: Lines of further joins.
        ordered: Add the order of lists.
        known: Columns that the conditions fix, which therefore order nothing.
        lookups: Lookups that only the conditions name.
    """
    full = qualified(view, fields, through, lookups)
    shown = [
        column(f.table, f.column, full) + ("" if not full and f.column == f.field else f" AS {quote(f.field)}")
        for f in fields
    ]
    lines = wrapped("SELECT ", shown)
    lines.append(f"FROM {quote(view.name)}")
    lines += through
    needed = [field.table for field in fields] + list(lookups)
    for link in view.links:
        if link.lookup and link.target in needed:
            lines.append(
                f"LEFT JOIN {quote(link.target)} ON {column(link.target, link.key.target_columns[0], True)}"
                f" = {column(view.name, link.column, True)}"
            )
    lines += [("WHERE " if number == 0 else "  AND ") + condition for number, condition in enumerate(where)]
    if ordered:
        lines.append("ORDER BY " + ", ".join(_order(view, full, known)))
    return lines


def qualified(
    view: TableView,
    fields: Sequence[Output],
    through: Sequence[str] = (),
    lookups: Sequence[str] = (),
) -> bool:
    """Whether the query needs its columns written with their table."""
    return bool(through) or bool(lookups) or any(field.table != view.name for field in fields)


def column(table: str, name: str, full: bool) -> str:
    """A column in SQL, with its table when `full`."""
    return f"{quote(table)}.{quote(name)}" if full else quote(name)


def key_condition(view: TableView, full: bool = False) -> list[str]:
    """The conditions for one row by its key; columns with their table when `full`."""
    return [f"{column(view.name, c, full)} = :{f}" for c, f in zip(view.key, view.key_fields, strict=True)]


def row_by_key(survey: Survey, view: TableView, fields: Sequence[Output]) -> list[str]:
    """The lines of the query for one row by its key."""
    return select(survey, view, fields, where=key_condition(view, qualified(view, fields)))


def _order(view: TableView, full: bool, known: Sequence[str]) -> list[str]:
    key = [name for name in view.key if name not in known]
    keys = [column(view.name, name, full) for name in key]
    if view.names:
        return [column(view.name, name, full) for name in reversed(view.names)] + keys
    whole = [name for name in key if view.table.column(name).type.kind == "integer"]
    if whole:
        return [f"({column(view.name, whole[-1], full)} * 7919) % 1009", *keys]
    if key:
        last = column(view.name, key[-1], full)
        return [f"substr({last}, -2)", *keys]
    held = [c for c in view.columns if c.kind != "date"] + [c for c in view.columns if c.kind == "date"]
    links = [column(view.name, link.column, full) for link in view.links if link.column not in known]
    return ([column(view.name, c.name, full) for c in held] + links) or ["1"]


def _distinct(fields: Sequence[Output]) -> list[Output]:
    taken: list[str] = []
    found: list[Output] = []
    for field in fields:
        name, number = field.field, 2
        while name in taken:
            name, number = f"{field.field}_{number}", number + 1
        taken.append(name)
        found.append(Output(identifier([name], "column"), field.table, field.column))
    return found


def wrapped(start: str, items: Sequence[str]) -> list[str]:
    """`start` and the items with commas between them, over several lines where one is too long."""
    lines = [start + items[0]]
    for item in items[1:]:
        if len(lines[-1]) + len(item) + 2 > WIDTH:
            lines[-1] += ","
            lines.append("    " + item)
        else:
            lines[-1] += ", " + item
    return lines
