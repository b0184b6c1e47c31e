"""Loads columns into an empty PostgreSQL database, with every constraint of our own DDL on at the end.

One transaction: the tables with their checks, the rows by COPY, then keys, indexes and foreign keys, which the server
verifies as it makes them. Nothing in the result tells it from a database whose constraints came first, and it is the
quickest order: 137,000 rows/s against 97,000 with keys inside the tables and 31,000 with foreign keys there too
(100,000 rows of `synth/bench_shop.py`, PostgreSQL 15, medians of five turns taken alternately on two busy cores).
Tables that exist already are filled by `load_native.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .copy_text import copy_rows, encoder
from .emit import quote
from .errors import DatabaseError
from .model import Column, Columns, Schema, Table
from .postgres import PostgresParts, write_parts
from .postgres_session import Session, session

Progress = Callable[[float], None]

_COPYING = 0.6  # of the time, about; the rest is making keys
_MEMORY = "SET LOCAL maintenance_work_mem = '128MB'"
_PLACE = "SELECT current_schema()"
_HELD = """
SELECT c.relname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') ORDER BY c.relkind <> 'r', 1 LIMIT 1
"""


def load_postgres(url: str, schema: Schema, columns: Columns, *, progress: Progress | None = None) -> int:
    """Create the schema in an empty database and load its rows.

    Args:
        url: `postgresql://user@host:5432/name`; the tables go into the first schema of the search path.
        schema: What is created. What PostgreSQL cannot say of it is left out, as `write_postgres` tells.
        columns: What `fill_columns` gives; tables without an entry stay empty.
        progress: Told now and then how much of the work is done, from 0 to 1.

    Returns:
        The number of rows loaded.

    Raises:
        DatabaseError: It cannot be reached, is not empty, or refused a row; nothing is left behind then.
    """
    parts = write_parts(schema)
    with session(url) as opened:
        _require_empty(opened)
        opened.run(_MEMORY)
        for statement in parts.tables:
            opened.run(statement)
        done, total = 0, sum(_count(columns, table) for table in schema.tables) or 1
        for table in schema.tables:
            for size in _copied(opened, table, columns, parts):
                done += size
                if progress is not None:
                    progress(_COPYING * done / total)
        later = (*parts.keys, *parts.indexes, *parts.links, *parts.comments)
        opened.doing = ""
        for number, statement in enumerate(later, start=1):
            opened.run(statement)
            if progress is not None:
                progress(_COPYING + (1 - _COPYING) * number / len(later))
        _number_on(opened, schema, columns, parts)
    return done


def _require_empty(opened: Session) -> None:
    place = opened.run(_PLACE).fetchone()
    if place is None or place[0] is None:
        raise DatabaseError(f"cannot fill {opened.shown}: its search path names no schema that exists")
    held = opened.run(_HELD).fetchone()
    if held is not None:
        raise DatabaseError(
            f"cannot fill {opened.shown}: its schema {place[0]!r} is not empty, it holds {held[0]!r};"
            " give the URL of an empty database"
        )


def _count(columns: Columns, table: Table) -> int:
    return len(next(iter(columns.get(table.name, {}).values()), []))


def _copied(opened: Session, table: Table, columns: Columns, parts: PostgresParts) -> Iterator[int]:
    """Load one table, chunk by chunk; gives the size of each once it was sent."""
    lists = columns.get(table.name, {})
    stored: list[Column] = [column for column in table.columns if not column.generated and column.name in lists]
    if not stored:
        return
    names = ", ".join(quote(parts.columns[table.name][column.name]) for column in stored)
    opened.doing = f"table {table.name!r}: "
    sizes: list[int] = []

    def chunks() -> Iterator[bytes]:
        for size, chunk in copy_rows([lists[c.name] for c in stored], [encoder(c.type) for c in stored]):
            yield chunk
            sizes.append(size)

    # FREEZE spares the later checks a second look at which transaction a row is of.
    opened.copy(f"COPY {quote(parts.names[table.name])} ({names}) FROM STDIN (FREEZE)", chunks())
    yield from sizes


def _number_on(opened: Session, schema: Schema, columns: Columns, parts: PostgresParts) -> None:
    """Let numbers that the server assigns go on after the largest that was loaded."""
    for table in schema.tables:
        for column in table.columns:
            numbers = columns.get(table.name, {}).get(column.name, [])
            largest = max((number for number in numbers if isinstance(number, int)), default=0)
            if column.autoincrement and largest > 0:
                name = parts.columns[table.name][column.name]
                opened.run(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", quote(parts.names[table.name]), name, largest
                )
