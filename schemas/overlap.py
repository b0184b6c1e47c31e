"""Columns that must hold values in common, because one column of another table points at all of them.

Two composite keys `(blog, post)` and `(blog, category)` of one table can only both point somewhere when posts and
categories name the same blogs. Where no foreign key says whose blogs those are, it is settled here.
"""

from __future__ import annotations

from collections import defaultdict

from .model import Schema, Table
from .route import target_columns

Place = tuple[str, str]
"""A table and its column."""


def shared_columns(schema: Schema) -> dict[Place, tuple[Place, ...]]:
    """For each such column all those that it shares values with, in the schema's order, itself included."""
    groups: dict[Place, dict[Place, None]] = {}
    for table in schema.tables:
        for targets in _targets(schema, table).values():
            if len(targets) < 2:
                continue
            together = dict.fromkeys(member for target in targets for member in groups.get(target, {target: None}))
            for member in together:
                groups[member] = together
    order = {(table.name, column.name): None for table in schema.tables for column in table.columns}
    return {place: tuple(other for other in order if other in groups[place]) for place in groups}


def _targets(schema: Schema, table: Table) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for position, key in enumerate(table.foreign_keys):
        for column, name in zip(key.columns, target_columns(schema, table, position), strict=True):
            if (key.target, name) not in found[column]:
                found[column].append((key.target, name))
    return found


def leader(schema: Schema, group: tuple[Place, ...]) -> Place | None:
    """The column of a group whose values the others take: one that is unique by itself, or part of a foreign key."""
    for unique in (True, False):
        for name, column in group:
            table = schema.table(name)
            alone = (column,) in (table.primary_key, *table.uniques)
            linked = any(column in key.columns for key in table.foreign_keys)
            if alone if unique else linked:
                return name, column
    return None
