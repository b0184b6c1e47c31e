"""Making an environment folder from a source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environments import (
    EnvironmentsError,
    bundled_environments,
    derive,
    kept_rows_text,
    load_environment,
    write_environment,
)
from schemas import (
    Loss,
    Row,
    Rows,
    Schema,
    SchemaError,
    Source,
    build_snapshot,
    fill,
    parse_recipe,
    write_ddl,
)

CLOCK = "2025-06-30 12:00:00"  # of an environment whose rows hold no date
ROWS_PER_TABLE = 120  # generated rows, on average, of an environment that came without rows


@dataclass(frozen=True, slots=True)
class Made:
    """A new environment."""

    folder: Path
    tools: list[str]
    rows_kept: int
    losses: tuple[Loss, ...]


def make_environment(name: str, source: Source, source_name: str, into: Path) -> Made:
    """Write the environment `into`/`name` that is derived from `source`.

    `source_name` is written into it for everybody to read: no place for a user, a host or a password.
    Rows that came with every table are kept as they are. Where only some tables
    have rows, those are kept by the row recipe and the rest is generated.

    Raises:
        EnvironmentsError: The name is not usable, or the folder exists or cannot be written.
        SchemaError: The schema has no table, or its rows cannot be kept or generated.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,63}", name):
        raise EnvironmentsError(f"{name!r} is no name for an environment; use a-z, 0-9, _ and -, a letter first")
    if name in bundled_environments():
        raise EnvironmentsError(f"{name!r} is the name of a bundled domain; choose another")
    schema = Schema(source.schema.tables)
    if not schema.tables:
        raise SchemaError(f"{source_name!r} declares no table")
    given = {table: rows for table, rows in source.rows.items() if rows}
    whole = len(given) == len(schema.tables)
    recipe: dict[str, Any] = {} if whole else {table: {"from": _plain(found)} for table, found in given.items()}
    number = ROWS_PER_TABLE * len(schema.tables)
    clock = _clock(schema, given)
    rows = given if whole else fill(schema, parse_recipe(recipe, schema), rows=number, seed=1, now=clock)
    build_snapshot(schema, rows)
    derived = derive(schema, rows)
    settings = {
        "name": name,
        "description": f"Derived from {source_name}: {len(schema.tables)} tables.",
        "rows": sum(map(len, rows.values())) if whole else number,
        "seed": 1,
        "clock": clock,
        "origin": {"kind": "derived", "source": source_name},
        **({"recipe": recipe} if recipe else {}),
        **({"inputs": derived.inputs} if derived.inputs else {}),
        "words": derived.words,
    }
    folder = into / name
    write_environment(
        folder,
        settings,
        schema=write_ddl(schema),
        tools=derived.tools_source,
        policy=derived.policy,
        kept=kept_rows_text(schema, rows) if whole else "",
    )
    environment = load_environment(folder)
    kept = sum(map(len, given.values()))
    return Made(folder, [tool.name for tool in environment.tools], kept, source.schema.losses)


def _plain(rows: list[Row]) -> list[Row]:
    """Rows as TOML can hold them: without NULLs and blobs, which are then generated where they are needed."""
    return [{k: v for k, v in row.items() if v is not None and not isinstance(v, bytes)} for row in rows]


def _clock(schema: Schema, rows: Rows) -> str:
    """Just after the last moment that the kept rows know, so that nothing lies in the future."""
    moments = [
        str(row[column.name])
        for table in schema.tables
        for column in table.columns
        if column.type.kind in ("date", "timestamp")
        for row in rows.get(table.name, [])
        if row.get(column.name) is not None
    ]
    last = max(moments, default="")[:10]
    return f"{last} 23:59:59" if re.fullmatch(r"\d{4}-\d{2}-\d{2}", last) else CLOCK
