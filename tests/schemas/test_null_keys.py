"""Unique keys in which NULLs are alike: read, filled and judged."""

import pytest

from schemas import build_snapshot, count_violations, fill, open_snapshot, parse_recipe, read_ddl, validate, write_ddl


def kept(script, dialect):
    """The partial unique indexes of the only table, and the reasons of losses."""
    schema = read_ddl(script, dialect=dialect, infer=False).schema
    (table,) = schema.tables
    assert read_ddl(write_ddl(schema), dialect="sqlite", infer=False).schema.tables == schema.tables
    found = [(", ".join(index.columns), index.where) for index in table.indexes if index.where]
    return found, [loss.reason for loss in schema.losses]


PAIR = "CREATE TABLE t (a int NOT NULL, b int, c int"


@pytest.mark.parametrize(
    ("dialect", "script", "indexes"),
    [
        ("postgres", "CREATE TABLE t (a int UNIQUE NULLS NOT DISTINCT)", [('"a" IS NULL', '"a" IS NULL')]),
        ("postgres", f"{PAIR}, UNIQUE NULLS NOT DISTINCT (a, b))", [('"a"', '"b" IS NULL')]),
        ("postgres", f"{PAIR}, UNIQUE (a, b))", []),
        ("postgres", f"{PAIR}, UNIQUE NULLS DISTINCT (a, b))", []),
        (
            "postgres",
            f"{PAIR}); CREATE UNIQUE INDEX i ON t (a, b) NULLS NOT DISTINCT WHERE c > 0",
            [('"a"', '"c" > 0 AND "b" IS NULL'), ('"a", "b"', '"c" > 0')],
        ),
        (
            "tsql",
            f"{PAIR}, UNIQUE (b, c))",
            [('"c"', '"b" IS NULL'), ('"b"', '"c" IS NULL'), ('"b" IS NULL', '"b" IS NULL AND "c" IS NULL')],
        ),
        ("tsql", f"{PAIR}); CREATE UNIQUE INDEX i ON t (a)", []),
        ("oracle", f"{PAIR}, UNIQUE (b, c))", [('"c"', '"b" IS NULL'), ('"b"', '"c" IS NULL')]),
        ("oracle", f"{PAIR}, UNIQUE (b))", []),
    ],
)
def test_nulls_that_are_alike_are_unique_by_the_other_columns(dialect, script, indexes):
    assert kept(script, dialect) == (indexes, [])


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE t (a text); CREATE UNIQUE INDEX i ON t (lower(a)) NULLS NOT DISTINCT",
        "CREATE TABLE t (a int, b int, c int, d int, e int, UNIQUE NULLS NOT DISTINCT (a, b, c, d, e))",
    ],
)
def test_nulls_that_cannot_be_kept_alike_are_a_loss(script):
    assert kept(script, "postgres") == ([], ["NULLs count as distinct in SQLite's unique keys"])


def test_rows_never_hold_the_same_null_twice():
    script = "CREATE TABLE t (a int CHECK (a BETWEEN 1 AND 8), b int CHECK (b BETWEEN 1 AND 8), UNIQUE (a, b))"
    schema = read_ddl(script, dialect="tsql", infer=False).schema
    rows = fill(schema, parse_recipe({}, schema), rows=60, seed=1, now="2025-06-30 12:00:00")
    keys = [(row["a"], row["b"]) for row in rows["t"]]
    assert len(set(keys)) == len(keys) > 30
    assert any(None in key for key in keys)
    assert count_violations(open_snapshot(build_snapshot(schema, rows))) == 0


def test_the_same_null_twice_is_a_violation():
    schema = read_ddl("CREATE TABLE t (a int, UNIQUE NULLS NOT DISTINCT (a))", dialect="postgres").schema
    assert [one.row for one in validate(schema, {"t": {"a": [None, 1, None]}})] == [3]
