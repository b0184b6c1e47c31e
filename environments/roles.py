"""The part that each table plays: entity, lookup, junction, line or orphan.

Decided from keys, foreign keys and names; rows only tell how large a table is.
Which tools a role gets is decided where the tools are made.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping, Sequence

from schemas import ForeignKey, Rows, Schema, Table

from .english import LOOKUPS, PEOPLE, word_set
from .kinds import Evidence, column_kind
from .naming import Vocabulary, column_words, table_words, vocabulary

Role = typing.Literal["entity", "lookup", "junction", "line", "orphan"]

MOST_LOOKUP_ROWS = 60  # more than a person would read through
FEW_ROWS = 20  # of a table that only names things but has no lookup's name
_LINES = word_set("line item detail entry")


def table_roles(schema: Schema, rows: Rows | None = None) -> dict[str, Role]:
    """The role of each table, by name.

    Args:
        rows: Rows of some or all tables; a table without any is judged by its shape alone.
    """
    words = vocabulary(schema)
    pointed: dict[str, list[tuple[str, ForeignKey]]] = {table.name: [] for table in schema.tables}
    for table in schema.tables:
        for key in table.foreign_keys:
            if key.target in pointed:
                pointed[key.target].append((table.name, key))
    joining = [table.name for table in schema.tables if _is_junction(table, words, pointed[table.name])]
    roles: dict[str, Role] = {}
    for table in schema.tables:
        if table.name in joining:
            roles[table.name] = "junction"
        else:
            roles[table.name] = _role(table, pointed[table.name], words, rows or {}, joining)
    return roles


def table_key(table: Table) -> tuple[str, ...]:
    """The columns that identify a row: the primary key, else the first UNIQUE over columns that are never NULL, or ().

    A pair of foreign keys that is UNIQUE counts although its columns may be NULL: that is how a
    junction without a primary key is written.
    """
    if table.primary_key:
        return table.primary_key
    links = [name for key in table.foreign_keys for name in key.columns]
    for unique in table.uniques:
        if all(not table.column(name).nullable for name in unique) or all(name in links for name in unique):
            return unique
    return ()


def single_links(table: Table) -> tuple[ForeignKey, ...]:
    """The foreign keys of one column, each column once."""
    found: dict[str, ForeignKey] = {}
    for key in table.foreign_keys:
        if len(key.columns) == 1:
            found.setdefault(key.columns[0], key)
    return tuple(found.values())


def _role(
    table: Table,
    pointed: Sequence[tuple[str, ForeignKey]],
    words: Vocabulary,
    rows: Rows,
    joining: Sequence[str],
) -> Role:
    links = single_links(table)
    key = table_key(table)
    entity = table_words(table, words)
    if not table.foreign_keys and not pointed:
        return "orphan"
    link_columns = [link.columns[0] for link in links]
    if len(key) > 1 and any(name in key for name in link_columns):
        return "line"
    if len(links) >= 2 and entity[-1] in _LINES and not _name_columns(table, words):
        return "line"
    if not any(owner in joining for owner, _ in pointed) and _is_lookup(table, pointed, words, rows):
        return "lookup"
    return "entity"


def _is_junction(table: Table, words: Vocabulary, pointed: Sequence[object]) -> bool:
    links = single_links(table)
    key = table_key(table)
    if len(links) != 2 or len(table.foreign_keys) != 2 or pointed:
        return False
    pair = [link.columns[0] for link in links]
    others = [column for column in table.columns if column.name not in pair and column.name not in key]
    said = column_words(table, table_words(table, words), words)
    payload = [c for c in others if column_kind(c, said[c.name], Evidence()) not in ("audit", "opaque")]
    if sorted(key) == sorted(pair):
        return len(payload) <= 1
    if any(sorted(unique) == sorted(pair) for unique in table.uniques):
        return not payload
    return not key and not payload


def _is_lookup(
    table: Table,
    pointed: Sequence[tuple[str, ForeignKey]],
    words: Vocabulary,
    rows: Rows,
) -> bool:
    key = table_key(table)
    entity = table_words(table, words)
    if table.foreign_keys or not pointed or len(key) != 1 or entity[-1] in PEOPLE:
        return False
    owners = [owner for owner, _ in pointed]
    if any(owners.count(owner) > 1 for owner in owners) or any(len(link.columns) != 1 for _, link in pointed):
        return False  # a joined name could not say which of the links it comes by
    said = column_words(table, entity, words)
    others = [
        column
        for column in table.columns
        if column.name not in key and column_kind(column, said[column.name], Evidence()) not in ("audit", "opaque")
    ]
    if len(others) > 2 or not others or not _name_columns(table, words):
        return False
    size = len(rows.get(table.name, []))
    if entity[-1] in LOOKUPS:
        return size <= MOST_LOOKUP_ROWS
    return 0 < size <= FEW_ROWS


def _name_columns(table: Table, words: Vocabulary) -> list[str]:
    entity = table_words(table, words)
    return name_columns(table, entity, column_words(table, entity, words), person=False)


def name_columns(
    table: Table,
    entity: Sequence[str],
    said: Mapping[str, Sequence[str]],
    *,
    person: bool,
) -> list[str]:
    """The columns by which a person calls a row of `table`: one, or first and last name; [] when it has no name.

    Args:
        entity: The words for one row.
        said: The words of each column, by name.
        person: The rows are people.
    """
    key = table_key(table)
    links = [name for link in table.foreign_keys for name in link.columns]
    texts = [c.name for c in table.columns if c.type.kind == "text" and c.name not in key and c.name not in links]
    by_words = {tuple(said[name]): name for name in reversed(texts)}
    first = next((by_words[w] for w in (("first", "name"), ("given", "name"), ("forename",)) if w in by_words), None)
    last = next((by_words[w] for w in (("last", "name"), ("surname",), ("family", "name")) if w in by_words), None)
    if first is not None and last is not None:
        return [first, last]
    wanted = [("name",), ("full", "name"), (*entity, "name"), ("display", "name")]
    if not person:
        wanted += [("title",), (*entity, "title"), tuple(entity), ("label",), ("company", "name"), ("subject",)]
    for words in wanted:
        if words in by_words:
            return [by_words[words]]
    named = [name for name in texts if said[name][-1] == "name"]
    dated = any(column.type.kind in ("date", "timestamp") for column in table.columns)
    if named and (person or not dated):
        return named[:1]
    described = [name for name in texts if said[name][-1] in ("description", "title")]
    small = len(table.columns) <= len(key) + len(links) + 2
    return described[:1] if described and small and not person and not dated else []
