"""Reads a Schema back from the JSON that `emit.py` writes.

The file may come from anywhere: its shape is checked, names have to fit together, and every
expression has to be in the one form that `translate.py` gives it, so that none can smuggle in
anything else when DDL is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from . import translate
from .default import kept_default
from .engine import Engine
from .errors import ReadError, Unreadable
from .model import Column, Index, Schema, Table
from .value_kind import Columns


def schema_from_json(data: Any) -> Schema:
    """The schema of `schema_to_json`'s data.

    Raises:
        ReadError: The data has another shape, names what is not there, or holds an expression
            that is not in a Schema's form; says where.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        schema = TypeAdapter(Schema).validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ReadError(f"this JSON is no schema: {where}: {first['msg']}") from error
    if not schema.tables:
        raise ReadError("the schema has no table")
    for fault in _faults(schema):
        raise ReadError(f"this JSON is no sound schema: {fault}")
    return schema


def _faults(schema: Schema) -> Iterator[str]:
    names = [table.name.lower() for table in schema.tables]
    for name in names:
        if names.count(name) > 1:
            yield f"there are two tables named {name!r}"
    for table in schema.tables:
        yield from (f"table {table.name!r}: {fault}" for fault in _table_faults(schema, table))


def _table_faults(schema: Schema, table: Table) -> Iterator[str]:
    names = [column.name for column in table.columns]
    if not names:
        yield "it has no column"
    if len({name.lower() for name in names}) < len(names):
        yield "two of its columns have the same name"
    for group in (table.primary_key, *table.uniques, *(key.columns for key in table.foreign_keys)):
        yield from (f"it has no column {name!r}" for name in group if name not in names)
    for key in table.foreign_keys:
        target = next((other for other in schema.tables if other.name == key.target), None)
        if target is None:
            yield f"a foreign key points at {key.target!r}, and there is no such table"
        elif len(key.columns) != len(key.target_columns) or not {*key.target_columns} <= {
            column.name for column in target.columns
        }:
            yield f"a foreign key points at {key.target_columns!r} of {key.target!r}"
    columns = translate.by_name(table.columns)
    engine = translate.open_engine()
    for column in table.columns:
        yield from _column_faults(column, columns, engine)
    for check in table.checks:
        yield from _fault(check.sql, _conditions(columns))
    for index in table.indexes:
        yield from _index_faults(index, columns)


def _column_faults(column: Column, columns: Columns, engine: Engine) -> Iterator[str]:
    if column.generated is not None:
        yield from _fault(column.generated, lambda text: translate.generated(text, "sqlite", columns).sql)
    if column.default is not None:
        yield from _fault(column.default, lambda text: kept_default(text, "sqlite", column, engine))


def _index_faults(index: Index, columns: Columns) -> Iterator[str]:
    for text in (*index.columns, *([index.where] if index.where else [])):
        yield from _fault(text, _conditions(columns))


def _conditions(columns: Columns) -> Callable[[str], str]:
    return lambda text: translate.condition(text, "sqlite", columns).sql


def _fault(text: str, kept: Callable[[str], str | None]) -> Iterator[str]:
    try:
        found = kept(text)
    except Unreadable as error:
        yield f"the expression {text[:80]!r} cannot be kept: {error}"
    else:
        if found != text:
            yield f"the expression {text[:80]!r} has to be written {(found or 'NULL')[:80]!r}"
