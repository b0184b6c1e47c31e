"""A filled database from an environment, a script or a live database: drawn, loaded, and judged twice.

The database itself judges while it is loaded; `validate` judges the same rows on its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from environments import load_environment
from schemas import (
    Columns,
    Recipe,
    Schema,
    Source,
    Violation,
    fill_columns,
    load_postgres,
    parse_recipe,
    validate,
    write_database,
    write_postgres,
)

from .errors import SynthError
from .new import CLOCK
from .source import is_database, read_source

Progress = Callable[[float, str], None]

_DRAWN, _LOADED = 0.65, 0.85  # of the time, about


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled database.

    Attributes:
        columns: Its rows.
        violations: What is wrong with them; a database that refuses a row raises instead.
        notes: What a PostgreSQL database could not be told of the schema.
        read: The source as it was read, without rows; None when it is an environment.
    """

    columns: Columns
    violations: tuple[Violation, ...]
    seconds: float
    notes: tuple[str, ...] = ()
    read: Source | None = None

    @property
    def tables(self) -> dict[str, int]:
        """The number of rows of each table."""
        return {name: len(next(iter(lists.values()), [])) for name, lists in self.columns.items()}

    @property
    def rows(self) -> int:
        """Rows in all."""
        return sum(self.tables.values())


def fill_source(
    source: str,
    dialect: str | None,
    number: int,
    seed: int,
    out: str,
    *,
    infer: bool = True,
    progress: Progress = lambda done, what: None,
) -> Filled:
    """Fill the schema of an environment, a .sql file or a live database and write the database `out`.

    Args:
        out: A file that does not exist, or the URL of an empty PostgreSQL database.
        progress: Told now and then how much is done, from 0 to 1, and what comes next.

    Raises:
        SchemaError: The source cannot be read, a constraint cannot be satisfied, or the database refuses a row.
        EnvironmentsError: The environment is unknown or broken.
        SynthError: `out` exists or is no place to write to.
    """
    server = _is_server(out)
    started = time.monotonic()
    schema, recipe, clock, read = _what(source, dialect, infer)
    columns = fill_columns(
        schema, recipe, rows=number, seed=seed, now=clock, progress=lambda done: progress(done * _DRAWN, "drawing")
    )

    def loading(done: float) -> None:
        progress(_DRAWN + done * (_LOADED - _DRAWN), "loading")

    notes: tuple[str, ...] = ()
    if server:
        load_postgres(out, schema, columns, progress=loading)
        notes = tuple(f"{loss.reason}: {loss.statement}" for loss in write_postgres(schema).losses)
    else:
        write_database(schema, columns, Path(out), progress=loading)
    progress(_LOADED, "verifying")
    found = tuple(validate(schema, columns))
    return Filled(columns, found, round(time.monotonic() - started, 3), notes, read)


def _is_server(out: str) -> bool:
    scheme, mark, _ = out.partition("://")
    if not mark:
        if Path(out).exists():
            raise SynthError(f"{out!r} exists already; choose another --out")
        return False
    if scheme.partition("+")[0] not in ("postgresql", "postgres"):
        raise SynthError(f"rows cannot be written to {scheme}://; --out is a FILE.db or a postgresql:// URL")
    return True


def _what(source: str, dialect: str | None, infer: bool) -> tuple[Schema, Recipe, str, Source | None]:
    if source.endswith((".sql", ".json")) or is_database(source):
        read = read_source(source, dialect, rows=False, infer=infer)
        schema = Schema(read.schema.tables)
        return schema, parse_recipe({}, schema), CLOCK, read
    environment = load_environment(source)
    return environment.schema, environment.recipe, environment.settings.clock, None
