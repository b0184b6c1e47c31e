"""What is known of a schema before any tool is thought of: each table's role, words, key, names and columns.

Puts together what `naming.py`, `kinds.py` and `roles.py` find out; decides which columns a tool may
show at all (no secrets, no blobs, nothing that a contract cannot name).
"""

from __future__ import annotations

import math
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas import Column, ForeignKey, Rows, Schema, Table

from .english import PEOPLE
from .kinds import Evidence, Kind, column_kind, evidence
from .naming import (
    KEY_WORDS,
    LinkName,
    Vocabulary,
    column_words,
    identifier,
    label,
    link_name,
    phrase,
    plural,
    table_words,
    vocabulary,
)
from .roles import Role, name_columns, single_links, table_key, table_roles

MOST_FAN_IN = 9.0  # what links to a table can add to its weight: more of them make a hub of codes
MOST_FAN_OUT = 4
CORE_TABLES = 16  # more than these make tools of which each table has one or two
_HIDDEN = ("secret", "opaque", "audit")
_UNNAMEABLE = ".,()\n\r\0"
_CONTRACT_WORDS = ("like", "set", "add", ">=", "<=")


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column that tools may show.

    Attributes:
        field: Its name in results, an identifier.
        label: Its name in a sentence.
    """

    column: Column
    kind: Kind
    words: tuple[str, ...]
    field: str
    label: str
    shown: Evidence

    @property
    def name(self) -> str:
        """Its name in the schema."""
        return self.column.name


@dataclass(frozen=True, slots=True)
class LinkView:
    """A foreign key of one column to a table that tools may show.

    Attributes:
        field: Its name in results when its value is shown.
        lookup: The target is a lookup: its name is joined in, and the link itself is not shown.
        label: What the target is called here.
    """

    key: ForeignKey
    name: LinkName
    field: str
    label: str
    lookup: bool

    @property
    def column(self) -> str:
        """The owning column."""
        return self.key.columns[0]

    @property
    def target(self) -> str:
        """The table it points at."""
        return self.key.target

    @property
    def plain(self) -> bool:
        """It is called by its target's own name."""
        return not self.name.role and not self.name.participle and not self.name.backward


@dataclass(frozen=True, slots=True)
class TableView:
    """A table that tools may speak of.

    Attributes:
        words: The words for one row.
        key: The columns that identify a row, () when there are none or a contract cannot name them.
        key_fields: Their names in results and parameters.
        names: The columns a person calls a row by.
        columns: The columns that may be shown, without keys and links.
        size: Number of rows, 0 when not known.
        weight: How much the table matters, for choosing.
        leaf: No foreign key points at it.
    """

    table: Table
    role: Role
    words: tuple[str, ...]
    one: str
    many: str
    person: bool
    key: tuple[str, ...]
    key_fields: tuple[str, ...]
    names: tuple[str, ...]
    columns: tuple[ColumnView, ...]
    links: tuple[LinkView, ...]
    size: int
    weight: float
    leaf: bool

    @property
    def name(self) -> str:
        """Its name in the schema."""
        return self.table.name

    @property
    def stem(self) -> str:
        """One row, inside an identifier."""
        return identifier(self.one.lower().split(), "row")

    @property
    def stems(self) -> str:
        """Many rows, inside an identifier."""
        return identifier(self.many.lower().split(), "rows")

    def view(self, column: str) -> ColumnView | None:
        """The view of a column, or None when it may not be shown or is a key or link."""
        return next((view for view in self.columns if view.name == column), None)

    def link(self, column: str) -> LinkView | None:
        """The link that `column` is, or None."""
        return next((link for link in self.links if link.column == column), None)


@dataclass(frozen=True, slots=True)
class Survey:
    """All tables that tools may speak of, in the order of the schema; `core` are those that get tools."""

    tables: Mapping[str, TableView]
    core: tuple[str, ...]

    def root(self, table: str, column: str) -> str:
        """The `table.column` at the end of the foreign keys that start there: equal for values that mean the same."""
        seen: list[str] = []
        while f"{table}.{column}" not in seen:
            seen.append(f"{table}.{column}")
            view = self.tables.get(table)
            link = None if view is None else view.link(column)
            if link is None:
                break
            table, column = link.target, link.key.target_columns[0]
        return f"{table}.{column}"


class _Said(typing.NamedTuple):
    words: tuple[str, ...]
    one: str
    many: str


def survey(schema: Schema, rows: Rows | None = None) -> Survey:
    """Survey a schema; tables without rows are judged by their declaration alone."""
    words = vocabulary(schema)
    roles = table_roles(schema, rows)
    tables = [table for table in schema.tables if _nameable(table.name) and not _is_partition(table, schema)]
    said = _said(tables, words)
    fan_in = {table.name: 0 for table in schema.tables}
    for table in schema.tables:
        for key in table.foreign_keys:
            if key.target in fan_in and key.target != table.name:
                fan_in[key.target] += 1
    views = {table.name: _table_view(table, roles, said, words, rows or {}, fan_in, schema) for table in tables}
    return Survey(views, _core(views))


def _is_partition(table: Table, schema: Schema) -> bool:
    """Whether `table` holds a share of another table's rows: the same columns, and a name that goes on from its."""
    names = [column.name for column in table.columns]
    return any(
        other is not table and table.name.startswith(other.name) and [c.name for c in other.columns] == names
        for other in schema.tables
    )


def _said(tables: Sequence[Table], words: Vocabulary) -> dict[str, _Said]:
    found: dict[str, _Said] = {}
    taken: list[str] = []
    for table in tables:
        parts = table_words(table, words)
        if phrase(parts) in taken:
            parts = (*words.split(table.name)[:-1], parts[-1])
        one, number = phrase(parts), 2
        while one in taken:
            one, number = f"{phrase(parts)} {number}", number + 1
        taken.append(one)
        many = f"{one} rows" if one[-1].isdigit() else phrase((*parts[:-1], plural(parts[-1])))
        found[table.name] = _Said(parts, one, many)
    return found


def _table_view(
    table: Table,
    roles: Mapping[str, Role],
    said: Mapping[str, _Said],
    words: Vocabulary,
    rows: Rows,
    fan_in: Mapping[str, int],
    schema: Schema,
) -> TableView:
    parts, one, many = said[table.name]
    columns = column_words(table, parts, words)
    held = rows.get(table.name, [])
    person = _is_person(table, parts, columns)
    key = table_key(table)
    if not all(_nameable(name) for name in key):
        key = ()
    links = _links(table, roles, said, words, columns, key, schema)
    linked = [name for link in table.foreign_keys for name in link.columns]
    stem = identifier(one.lower().split(), "row")
    key_fields = tuple(_key_field(name, stem, columns[name], links, len(key)) for name in key)
    taken = [*key_fields, *(link.field for link in links)]
    shown: list[ColumnView] = []
    for column in table.columns:
        if column.name in key or column.name in linked or not _nameable(column.name):
            continue
        seen = evidence(held, column.name)
        kind = column_kind(column, columns[column.name], seen)
        if kind in _HIDDEN or seen.empty:
            continue
        field = _free(identifier(columns[column.name], "column"), taken)
        taken.append(field)
        said_as = label(columns[column.name])
        if kind == "amount" and columns[column.name][-1] == "paid":
            said_as = said_as.removesuffix("paid") + "amount paid"
        shown.append(ColumnView(column, kind, columns[column.name], field, said_as, seen))
    visible = [view.name for view in shown]
    names = name_columns(table, parts, columns, person=person)
    names = names if all(name in visible for name in names) else []
    fan_out = len(links)
    weight = (
        min(1.5 * fan_in[table.name], MOST_FAN_IN) + min(fan_out, MOST_FAN_OUT) + 0.1 * len(shown) + (2 if names else 0)
    )
    weight += math.log10(len(held) + 1) if held else 1.0
    if roles[table.name] in ("junction", "lookup"):
        weight *= 0.5
    return TableView(
        table=table,
        role=roles[table.name],
        words=parts,
        one=one,
        many=many,
        person=person,
        key=key,
        key_fields=key_fields,
        names=tuple(names),
        columns=tuple(shown),
        links=links,
        size=len(held),
        weight=weight,
        leaf=not any(link.target == table.name for other in schema.tables for link in other.foreign_keys),
    )


def _links(
    table: Table,
    roles: Mapping[str, Role],
    said: Mapping[str, _Said],
    words: Vocabulary,
    columns: Mapping[str, tuple[str, ...]],
    key: Sequence[str],
    schema: Schema,
) -> tuple[LinkView, ...]:
    found: list[LinkView] = []
    for link in single_links(table):
        if link.target not in said or not _nameable(link.columns[0]) or not _nameable(link.target_columns[0]):
            continue
        target = schema.table(link.target)
        goal = said[link.target]
        person = _is_person(target, goal.words, column_words(target, goal.words, words))
        name = link_name(link, goal.words, words, person=person)
        said_as = name.role or (phrase(columns[link.columns[0]]) if name.participle else goal.one)
        ending = _ending(target, words)
        field = identifier([*said_as.lower().split(), ending], "link")
        lookup = roles[link.target] == "lookup" and link.columns[0] not in key
        if lookup:
            field = identifier(said_as.lower().split(), "kind")
        field = _free(field, [other.field for other in found])
        found.append(LinkView(link, name, field, said_as, lookup))
    return tuple(found)


def _ending(target: Table, words: Vocabulary) -> str:
    key = table_key(target)
    last = words.split(key[0])[-1:] if len(key) == 1 else ()
    return last[0] if last and last[0] in KEY_WORDS else "id"


def _key_field(name: str, stem: str, words: Sequence[str], links: Sequence[LinkView], size: int) -> str:
    link = next((link for link in links if link.column == name), None)
    if link is not None and size > 1:
        return link.field
    if size > 1:
        return identifier(words, "key")
    ending = words[-1] if words[-1] in KEY_WORDS else "id"
    return f"{stem}_{ending}"


def _is_person(table: Table, entity: Sequence[str], said: Mapping[str, Sequence[str]]) -> bool:
    named = name_columns(table, entity, said, person=True)
    if len(named) == 2:
        return True
    people = entity[-1] in PEOPLE or (entity[-1] == "member" and entity[-2:-1] == ("staff",))
    company = any("company" in words for words in said.values())
    return people and bool(named) and not company


def _nameable(name: str) -> bool:
    """Whether the grammar of contracts can name it."""
    return (
        bool(name)
        and name == name.strip()
        and not any(character in _UNNAMEABLE for character in name)
        and name.split(maxsplit=1)[0] not in _CONTRACT_WORDS
    )


def _free(name: str, taken: Sequence[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _core(views: Mapping[str, TableView]) -> tuple[str, ...]:
    """The tables that get tools: grown along links from the one that matters most, then the next piece."""
    order = sorted(views.values(), key=lambda view: -view.weight)
    near: dict[str, list[str]] = {name: [] for name in views}
    for view in views.values():
        for link in view.links:
            near[view.name].append(link.target)
            near[link.target].append(view.name)
    core: list[str] = []
    counted = 0
    while counted < CORE_TABLES and len(core) < len(views):
        edge = [view for view in order if view.name not in core and any(name in core for name in near[view.name])]
        rest = [view for view in order if view.name not in core]
        chosen = (edge or rest)[0]
        core.append(chosen.name)
        counted += chosen.role in ("entity", "line", "orphan")
    return tuple(core)
