"""Leaves out the rows that SQLite itself does not accept under all constraints, and counts them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import apsw

from .emit import quote, table_statements
from .engine import LONG, SHORT, Engine
from .model import Row, Rows, Table, Value
from .position import row_number
from .tally import Tally

# Columns computed of one another may double at each step.
_JOINED = 1_000_000
# What searches or matches within a value: its cost grows with the square of the value's length.
_SEARCHES = re.compile(r"\b(?:INSTR|REPLACE|TRIM|LTRIM|RTRIM|LIKE|GLOB|HEX|QUOTE)\b", re.IGNORECASE)


def sound_rows(tables: Mapping[str, Table], rows: Rows, tally: Tally) -> Rows:
    """The rows that SQLite itself accepts under all constraints."""
    if not rows:
        return {}
    engine = Engine(LONG)
    engine.execute("PRAGMA foreign_keys = OFF")
    taken = {name.lower() for name in tables}
    for table in tables.values():
        for statement in table_statements(table, taken):
            engine.execute(statement)
    alive: dict[str, dict[int, Row]] = {}
    engine.execute("BEGIN")
    for name, listed in rows.items():
        alive[name] = _insert(engine, tables[name], listed, tally)
    for _ in range(_MOST_ROUNDS):
        orphans = list(dict.fromkeys((row[0], row[1], row[2]) for row in engine.execute("PRAGMA foreign_key_check")))
        if not orphans:
            return {name: list(kept.values()) for name, kept in alive.items() if kept}
        _drop(orphans, tables, alive, engine, tally)
    for name in dict.fromkeys(orphan[0] for orphan in orphans):
        tally.add(name, "left out", "too many hang on rows that are not there", count=len(alive.pop(name)))
    return sound_rows(tables, {name: list(kept.values()) for name, kept in alive.items() if kept}, tally)


_MOST_ROUNDS = 50


def _drop(
    orphans: list[tuple[str, int, str]],
    tables: Mapping[str, Table],
    alive: dict[str, dict[int, Row]],
    engine: Engine,
    tally: Tally,
) -> None:
    """Leave out rows that point at nothing, and at once all that hang on them, however long the chain."""
    pointing = {
        (name, key): _by_key(key.columns, alive.get(name, {})) for name in alive for key in tables[name].foreign_keys
    }
    while orphans:
        name, number, parent = orphans.pop()
        row = alive[name].pop(number, None)
        if row is None:
            continue
        tally.add(name, "left out", f"they point at rows that {parent!r} does not have")
        engine.execute(f"DELETE FROM {quote(name)} WHERE {row_number(tables[name])} = ?", (number,))
        for (child, key), found in pointing.items():
            if key.target == name:
                values = tuple(row.get(column) for column in key.target_columns)
                orphans += [(child, other, name) for other in found.pop(values, ()) if None not in values]


def _by_key(columns: Sequence[str], rows: Mapping[int, Row]) -> dict[tuple[Value, ...], list[int]]:
    out: dict[tuple[Value, ...], list[int]] = {}
    for number, row in rows.items():
        out.setdefault(tuple(row.get(column) for column in columns), []).append(number)
    return out


def _insert(engine: Engine, table: Table, rows: Sequence[Row], tally: Tally) -> dict[int, Row]:
    names = [column.name for column in table.columns if column.generated is None]
    marks = ", ".join("?" * len(names))
    sql = f"INSERT INTO {quote(table.name)} ({', '.join(quote(name) for name in names)}) VALUES ({marks})"
    computed = [check.sql for check in table.checks] + [column.generated or "" for column in table.columns]
    longest = (
        SHORT if any(map(_SEARCHES.search, computed)) else _JOINED if any("||" in sql for sql in computed) else LONG
    )
    engine.limit(apsw.SQLITE_LIMIT_LENGTH, longest)
    out: dict[int, Row] = {}
    for row in rows:
        try:
            engine.run(sql, tuple(row[name] for name in names))
        except (apsw.Error, UnicodeEncodeError) as error:
            why = "half a character is no text" if isinstance(error, UnicodeEncodeError) else str(error)
            tally.add(table.name, "left out", why)
        else:
            out[engine.last_insert_rowid()] = row
    engine.limit(apsw.SQLITE_LIMIT_LENGTH, LONG)
    return out
