"""The figures of `groundrow bench schemas`: how fast a shop is filled, into SQLite and PostgreSQL, warm and cold.

Each figure has two floors, taken in the same rounds: `plain_insert`, the same rows already drawn and merely inserted
into the same constrained tables; and `naive_faker`, rows with the same relations made by hand with Faker, of which
there are fewer, as the rate is what counts.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import apsw

from schemas import (
    Columns,
    Rows,
    SchemaError,
    as_rows,
    build_from_columns,
    build_snapshot,
    fill_columns,
    load_postgres,
    open_snapshot,
    quote,
    write_ddl,
    write_postgres,
)

from .bench import Experiment, Figure, Goal, Round, timed, value_at_most
from .bench_naive import naive_rows
from .bench_postgres import PostgresServer, private_server
from .bench_shop import INVARIANTS, NOW, shop, shop_recipe
from .errors import CannotMeasure

ROWS, FEWER, FIRST = 100_000, 4_000, 10_000
ROUNDS = 5
NAIVE = "_by_naive_faker"  # the same figure beside the other floor
_SQLITE, _POSTGRES, _COLD, _CACHED = (
    "rows_sqlite_100k", "rows_postgres_100k", "first_database_10k", "first_database_10k_cached",
)  # fmt: skip
_FIRST = """
from schemas import build_from_columns, fill_columns
from synth.bench_shop import NOW, shop, shop_recipe
build_from_columns(shop(), fill_columns(shop(), shop_recipe(), rows={rows}, seed=1, now=NOW))
"""
_FIRST_NAIVE = """
from schemas import build_snapshot
from synth.bench_naive import naive_rows
from synth.bench_shop import shop
build_snapshot(shop(), naive_rows({rows}))
"""
_FIRST_PLAIN = """
import json, sys
import apsw
with open(sys.argv[1]) as file:
    ddl, tables = json.load(file)
database = apsw.Connection(":memory:")
with database:
    database.execute(ddl)
    for statement, rows in tables:
        database.executemany(statement, rows)
database.serialize("main")
"""


def schemas_experiments() -> list[Experiment]:
    """Every figure of the part."""
    return [
        Experiment((_SQLITE, _SQLITE + NAIVE), _sqlite),
        Experiment((_POSTGRES, _POSTGRES + NAIVE), _postgres),
        Experiment((_COLD, _COLD + NAIVE), lambda wanted: _first(wanted, _COLD, value_at_most(1.0, "s"))),
        Experiment((_CACHED, _CACHED + NAIVE), lambda wanted: _first(wanted, _CACHED, value_at_most(0.4, "s"))),
    ]


def broken_invariants(run: Callable[[str], int]) -> dict[str, int]:
    """How many rows break each of the shop's invariants that is broken; `run` gives a statement's one number."""
    counted = {name: run(sql) for name, sql in INVARIANTS.items()}
    return {name: count for name, count in counted.items() if count}


# -- into SQLite, warm ------------------------------------------------------------------------------------------------


def _sqlite(wanted: frozenset[str]) -> list[Figure]:
    drawn = _drawn(ROWS)
    with contextlib.closing(open_snapshot(build_from_columns(shop(), drawn))) as database:
        _require_sound(broken_invariants(lambda sql: int(database.execute(sql).get)))
    rows = as_rows(drawn)
    count, fewer = _count(rows), naive_rows(FEWER)
    plain, naive = (lambda: _insert(rows)), (lambda: build_snapshot(shop(), naive_rows(FEWER)))
    turns = _turns(
        lambda: count / timed(plain),
        lambda: _count(fewer) / timed(naive),
        lambda: count / timed(lambda: build_from_columns(shop(), _drawn(ROWS))),
    )
    detail = f"{count:,} rows of 6 tables, drawn and loaded into SQLite in memory with its constraints on, warm"
    return _figures(_SQLITE, "rows/s", turns, wanted, _at_least(150_000), detail)


def _insert(rows: Rows) -> None:
    with contextlib.closing(apsw.Connection(":memory:")) as database, database:
        database.execute(write_ddl(shop()))
        for table, statement in _statements("?").items():
            database.executemany(statement, [tuple(row.values()) for row in rows[table]])


# -- into PostgreSQL --------------------------------------------------------------------------------------------------


def _postgres(wanted: frozenset[str]) -> list[Figure]:
    try:
        import psycopg
    except ImportError:
        raise CannotMeasure('the driver psycopg is not installed; pip install "groundrow[postgres]"') from None
    with private_server() as server:
        with _database(server) as url:
            load_postgres(url, shop(), _drawn(ROWS))
            with psycopg.connect(url) as connection:
                _require_sound(broken_invariants(lambda sql: _number(connection, sql)))
        some, fewer = as_rows(_drawn(FIRST)), naive_rows(FEWER)

        def plain() -> float:
            with _database(server) as url:
                return _count(some) / timed(lambda: _insert_postgres(url, some))

        def naive() -> float:
            with _database(server) as url:
                return _count(fewer) / timed(lambda: _insert_postgres(url, naive_rows(FEWER)))

        counts: list[int] = []

        def filled() -> float:
            with _database(server) as url:
                started = time.perf_counter()
                counts.append(load_postgres(url, shop(), _drawn(ROWS)))
                return counts[-1] / (time.perf_counter() - started)

        turns = _turns(plain, naive, filled)
    detail = f"{counts[-1]:,} rows of 6 tables, drawn and loaded into an empty database, with its constraints on"
    return _figures(_POSTGRES, "rows/s", turns, wanted, _at_least(90_000), detail)


@contextlib.contextmanager
def _database(server: PostgresServer) -> Iterator[str]:
    server.run("CREATE DATABASE shop")
    try:
        yield server.url("shop")
    finally:
        server.run("DROP DATABASE shop WITH (FORCE)")


def _insert_postgres(url: str, rows: Rows) -> None:
    import psycopg

    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(write_postgres(shop()).text.encode())
        for table, statement in _statements("%s").items():
            cursor.executemany(statement.encode(), [tuple(row.values()) for row in rows[table]])


def _number(connection: object, sql: str) -> int:
    import psycopg

    assert isinstance(connection, psycopg.Connection)
    row = connection.execute(sql.encode()).fetchone()
    assert row is not None
    return int(row[0])


# -- a fresh process --------------------------------------------------------------------------------------------------


def _first(wanted: frozenset[str], name: str, goal: Goal) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        rows = as_rows(_drawn(FIRST))
        kept = Path(folder) / "rows"
        tables = [(text, [list(row.values()) for row in rows[table]]) for table, text in _statements("?").items()]
        kept.write_text(json.dumps((write_ddl(shop()), tables)), encoding="utf-8")
        cached = name == _CACHED

        def fresh(program: str, *arguments: str) -> float:
            with tempfile.TemporaryDirectory() as empty:
                place = folder if cached else empty
                return timed(lambda: _run(program.format(rows=FIRST), place, *arguments))

        turns = _turns(lambda: fresh(_FIRST_PLAIN, str(kept)), lambda: fresh(_FIRST_NAIVE), lambda: fresh(_FIRST))
    pools = "cached" if cached else "not cached"
    detail = f"a fresh process with its imports, {FIRST:,} rows into SQLite in memory; pools of names {pools}"
    return _figures(name, "s", turns, wanted, goal, detail)


def _run(program: str, cache: str, *arguments: str) -> None:
    # An installed package has its bytecode; the run that is not counted writes what is missing.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["XDG_CACHE_HOME"] = cache
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        raise CannotMeasure(f"a fresh process failed: {(done.stderr.splitlines() or ['it said nothing'])[-1]}")


# -- what they share --------------------------------------------------------------------------------------------------


def _turns(
    plain: Callable[[], float], naive: Callable[[], float], figure: Callable[[], float]
) -> tuple[tuple[Round, ...], tuple[Round, ...]]:
    """Both floors and the figure in turns, after one that is not counted; the rounds beside each floor."""
    beside: tuple[list[Round], list[Round]] = ([], [])
    plain(), naive(), figure()
    for _ in range(ROUNDS):
        floors = plain(), naive()
        value = figure()
        for rounds, floor in zip(beside, floors, strict=True):
            rounds.append(Round(floor, value))
    return tuple(beside[0]), tuple(beside[1])


def _figures(
    name: str,
    unit: str,
    turns: tuple[tuple[Round, ...], tuple[Round, ...]],
    wanted: frozenset[str],
    goal: Goal,
    detail: str,
) -> list[Figure]:
    both = (
        Figure(
            name, unit, turns[0], (goal,), f"{detail}; the floor inserts rows that are drawn already (plain_insert)"
        ),
        Figure(
            name + NAIVE, unit, turns[1], (), f"{detail}; the floor is a hand-written loop over Faker (naive_faker)"
        ),
    )
    return [figure for figure in both if figure.name in wanted]


def _at_least(least: float) -> Goal:
    return Goal(f"at least {least:,.0f} rows/s", lambda value, _: value >= least)


def _drawn(rows: int) -> Columns:
    try:
        return fill_columns(shop(), shop_recipe(), rows=rows, seed=1, now=NOW)
    except SchemaError as error:
        raise CannotMeasure(f"the shop cannot be filled: {error}") from None


def _require_sound(broken: Mapping[str, int]) -> None:
    if broken:
        shown = ", ".join(f"{name!r} in {count} rows" for name, count in broken.items())
        raise CannotMeasure(f"the rows are wrong, and their speed says nothing: {shown}")


def _count(rows: Rows) -> int:
    return sum(map(len, rows.values()))


def _statements(mark: str) -> dict[str, str]:
    return {
        table.name: f"INSERT INTO {quote(table.name)} ({', '.join(quote(column.name) for column in table.columns)})"
        f" VALUES ({', '.join(mark for _ in table.columns)})"
        for table in shop().tables
    }
