"""Proposes the keys and foreign keys that a source does not declare, from names, types and rows.

Plain rules, no model: `key_rules.py` and `link_rules.py` hold them. What is proposed is
marked (`Table.inferred_key`, `ForeignKey.inferred`) and never contradicts a row. A
guess that is not convincing is not made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .contents import Contents
from .key_rules import DEPTH, View, key_kind, propose_key
from .link_rules import LinkRules, Proposal
from .model import ColumnType, ForeignKey, Rows, Schema, Table
from .nouns import Nouns

_COPIED = 3  # columns from which on a table that repeats another's is a copy of it


def infer_keys(schema: Schema, rows: Rows) -> Schema:
    """The schema with proposed primary keys where there are none, and proposed foreign keys if it has none at all.

    A source that declares any foreign key is taken at its word for these. Inferring
    twice changes nothing, and the order of the tables does not matter.

    Args:
        rows: What the tables hold, in stored form; tables may be missing. No proposal contradicts a row.
    """
    nouns, contents = Nouns(schema), Contents(schema, rows)
    copies = _copies(schema, nouns)
    tables = {table.name: table for table in schema.tables}
    declared = any(not key.inferred for table in schema.tables for key in table.foreign_keys)
    depth = 1
    while depth <= DEPTH:
        view = _view(tables, nouns, contents, copies, declared)
        found = {table.name: propose_key(table, view, depth) for table in tables.values() if not table.primary_key}
        depth = 1 if any(found.values()) else depth + 1
        tables |= {name: _keyed(tables[name], columns) for name, columns in found.items() if columns}
    if not any(table.foreign_keys for table in schema.tables):
        for name, keys in _links(tables, nouns, contents, copies).items():
            tables[name] = _linked(tables[name], keys)
    return replace(schema, tables=tuple(_whole(tables[table.name], contents) for table in schema.tables))


def unkept_links(schema: Schema) -> list[Proposal]:
    """Links that names speak of though no key says so, where a source declares other keys.

    They bind nothing: rows may break them. But whoever draws rows does well to keep them.
    """
    if all(key.inferred for table in schema.tables for key in table.foreign_keys):
        return []
    nouns, contents = Nouns(schema), Contents(schema, {})
    rules = LinkRules({table.name: table for table in schema.tables}, nouns, contents, _copies(schema, nouns))
    found: list[Proposal] = []
    for table in schema.tables:
        keyed = {name for key in table.foreign_keys for name in key.columns}
        keyed |= {name for group in (table.primary_key, *table.uniques) for name in group}
        links = rules.of(table).values()
        found.extend(link for link in links if link.column not in keyed)
    return found


def describe_inferred(schema: Schema) -> list[str]:
    """A line for each proposal that the schema holds: `key of orders: id`, `orders.customer_id -> customers.id`."""
    lines: list[str] = []
    for table in schema.tables:
        if table.inferred_key:
            lines.append(f"key of {table.name}: {', '.join(table.primary_key)}")
        for key in table.foreign_keys:
            if key.inferred:
                lines.append(f"{_place(table.name, key.columns)} -> {_place(key.target, key.target_columns)}")
    return lines


def _place(table: str, columns: tuple[str, ...]) -> str:
    return f"{table}.{columns[0]}" if len(columns) == 1 else f"{table}.({', '.join(columns)})"


def _copies(schema: Schema, nouns: Nouns) -> dict[str, frozenset[str]]:
    """For each table those that it is a part, an archive or an extension of: all their columns and their name."""
    shapes = {
        table.name: frozenset((column.name.lower(), column.type.kind) for column in table.columns)
        for table in schema.tables
    }
    return {
        name: frozenset(
            other
            for other, theirs in shapes.items()
            if other != name
            and len(theirs) >= _COPIED
            and theirs <= shape
            and (nouns.short(name) != nouns.short(other) and nouns.short(other) in nouns.short(name))
        )
        for name, shape in shapes.items()
    }


def _view(
    tables: Mapping[str, Table],
    nouns: Nouns,
    contents: Contents,
    copies: Mapping[str, frozenset[str]],
    declared: bool,
) -> View:
    rules = LinkRules(tables, nouns, contents, copies)
    links: dict[str, dict[str, tuple[str, str]]] = {}
    having: dict[str, list[str]] = {}
    for table in tables.values():
        if declared:
            singles = [key for key in table.foreign_keys if len(key.columns) == 1]
            links[table.name] = {key.columns[0]: (key.target, key.target_columns[0]) for key in singles}
        else:
            found = rules.of(table).values()
            links[table.name] = {link.column: (link.target, link.target_column) for link in found}
        for column in table.columns:
            whole = nouns.columns[table.name][column.name][-1].whole
            if table.name not in having.setdefault(whole, []):
                having[whole].append(table.name)
    repeating = frozenset(name for name, others in copies.items() if others)
    return View(tables, nouns, contents, links, {name: tuple(found) for name, found in having.items()}, repeating)


def _keyed(table: Table, key: tuple[str, ...]) -> Table:
    columns = tuple(replace(c, nullable=False) if c.name in key else c for c in table.columns)
    uniques = tuple(unique for unique in table.uniques if set(unique) != set(key))
    return replace(table, columns=columns, primary_key=key, uniques=uniques, inferred_key=True)


def _linked(table: Table, keys: list[ForeignKey]) -> Table:
    order = [column.name for column in table.columns]
    listed = sorted(keys, key=lambda key: ([order.index(name) for name in key.columns], key.target))
    return replace(table, foreign_keys=tuple(listed))


def _links(
    tables: Mapping[str, Table], nouns: Nouns, contents: Contents, copies: Mapping[str, frozenset[str]]
) -> dict[str, list[ForeignKey]]:
    """The proposed foreign keys by table, without circles that no first row could enter."""
    import networkx as nx

    rules = LinkRules(tables, nouns, contents, copies)
    singles = [link for table in tables.values() for link in rules.of(table).values()]
    composites = _composites(tables, singles, nouns, contents, copies)
    implied = {
        (key_table, column, target)
        for key_table, key in composites
        for column, pointed in zip(key.columns, key.target_columns, strict=True)
        for target in [link.target for link in singles if (link.table, link.column) == (key.target, pointed)]
    }
    ranked = [
        (-link.score, link.table, ForeignKey((link.column,), link.target, (link.target_column,), inferred=True))
        for link in singles
        if (link.table, link.column, link.target) not in implied
    ]
    ranked += [(0, name, key) for name, key in composites]
    needed: nx.DiGraph[str] = nx.DiGraph()
    needed.add_nodes_from(sorted(tables))
    out: dict[str, list[ForeignKey]] = {}
    for _, name, key in sorted(ranked, key=lambda entry: (entry[0], entry[1], entry[2].columns, entry[2].target)):
        if not any(tables[name].column(column).nullable for column in key.columns):
            if nx.has_path(needed, key.target, name):
                continue
            needed.add_edge(name, key.target)
        out.setdefault(name, []).append(key)
    return out


def _composites(
    tables: Mapping[str, Table],
    singles: list[Proposal],
    nouns: Nouns,
    contents: Contents,
    copies: Mapping[str, frozenset[str]],
) -> list[tuple[str, ForeignKey]]:
    """Links to keys of several columns, by the very names of all of these."""
    linking = {(link.table, link.column) for link in singles}
    out: list[tuple[str, ForeignKey]] = []
    for table in tables.values():
        meant: list[ForeignKey] = []
        names = {column.name.lower(): column for column in table.columns}
        for target in tables.values():
            key = target.primary_key
            if target is table or len(key) < 2 or not all(name.lower() in names for name in key):
                continue
            own = tuple(names[name.lower()] for name in key)
            columns = tuple(column.name for column in own)
            # Two tables may join the same things without one of them speaking of the other's pairs.
            joins = all((target.name, name) in linking for name in key)
            alike = all(key_kind(c) == key_kind(target.column(n)) for c, n in zip(own, key, strict=True))
            if joins or not alike or columns == table.primary_key or target.name in copies.get(table.name, ()):
                continue
            if all(map(key_kind, own)) and contents.allows_link(table.name, columns, target.name, key):
                meant.append(ForeignKey(columns, target.name, key, inferred=True))
        near = [key for key in meant if nouns.speaks_of(table.name, key.target)]
        chosen = meant if len(meant) == 1 else near
        if len(chosen) == 1:
            out.append((table.name, chosen[0]))
    return out


def _whole(table: Table, contents: Contents) -> Table:
    """A bare NUMBER, as Oracle has it, in what was proposed becomes an integer: nobody keys a table by fractions."""
    proposed = {name for key in table.foreign_keys if key.inferred for name in key.columns}
    proposed |= set(table.primary_key) if table.inferred_key else set()
    columns = tuple(
        replace(c, type=ColumnType("integer"))
        if c.name in proposed
        and c.type == ColumnType("decimal")
        and all(isinstance(value, int) for (value,) in contents.values(table.name, (c.name,)))
        else c
        for c in table.columns
    )
    return replace(table, columns=columns)
