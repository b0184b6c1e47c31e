"""Keys of texts whose capitals do not count: read, filled and judged."""

import pytest

from schemas import build_snapshot, count_violations, fill, open_snapshot, parse_recipe, read_ddl, validate, write_ddl

NOW = "2025-06-30 12:00:00"


def keys(script, dialect):
    """The unique indexes of all tables, each as what it compares."""
    schema = read_ddl(script, dialect=dialect, infer=False).schema
    assert read_ddl(write_ddl(schema), dialect="sqlite", infer=False).schema.tables == schema.tables
    return [", ".join(index.columns) for table in schema.tables for index in table.indexes if index.unique]


@pytest.mark.parametrize(
    ("dialect", "script"),
    [
        ("postgres", "CREATE TABLE t (a citext PRIMARY KEY)"),
        ("postgres", "CREATE TABLE t (b int, a public.citext, UNIQUE (a))"),
        ("postgres", "CREATE DOMAIN name AS citext CHECK (value <> ''); CREATE TABLE t (a name UNIQUE)"),
        ("postgres", "CREATE TABLE t (a text UNIQUE); ALTER TABLE t ALTER a TYPE citext"),
        ("mysql", "CREATE TABLE t (a varchar(10) UNIQUE)"),
        ("mysql", "CREATE TABLE t (a varchar(10) COLLATE utf8mb4_general_ci UNIQUE) COLLATE=utf8mb4_bin"),
        ("mysql", "CREATE TABLE t (a char(9) COLLATE utf8_bin UNIQUE); ALTER TABLE t CONVERT TO CHARACTER SET utf8"),
        ("tsql", "CREATE TABLE t (a nvarchar(10) COLLATE SQL_Latin1_General_CP1_CI_AS NOT NULL PRIMARY KEY)"),
        ("sqlite", "CREATE TABLE t (a TEXT COLLATE NOCASE UNIQUE)"),
        ("sqlite", "CREATE TABLE t (a TEXT); CREATE UNIQUE INDEX i ON t (a COLLATE NOCASE)"),
        ("sqlite", "CREATE TABLE t (a TEXT, UNIQUE (a COLLATE NOCASE))"),
    ],
)
def test_a_key_that_ignores_capitals_is_one_over_small_letters_too(dialect, script):
    assert keys(script, dialect) == ['LOWER("a")']


@pytest.mark.parametrize(
    ("dialect", "script"),
    [
        ("postgres", "CREATE TABLE t (a text PRIMARY KEY)"),
        ("oracle", "CREATE TABLE t (a varchar2(10) PRIMARY KEY)"),
        ("mysql", "CREATE TABLE t (a varchar(10) COLLATE utf8mb4_0900_as_cs UNIQUE)"),
        ("mysql", "CREATE TABLE t (a varchar(10) BINARY UNIQUE)"),
        ("mysql", "CREATE TABLE t (a varchar(10) CHARACTER SET binary UNIQUE)"),
        ("mysql", "CREATE TABLE t (a varchar(10) UNIQUE) DEFAULT CHARSET=utf8 COLLATE=utf8_bin"),
        ("mysql", "CREATE DATABASE d CHARACTER SET utf8 COLLATE utf8_bin; CREATE TABLE t (a varchar(10) UNIQUE)"),
        ("mysql", "ALTER DATABASE d COLLATE utf8_bin; CREATE TABLE t (a varchar(10) UNIQUE)"),
        ("mysql", "CREATE TABLE t (a int UNIQUE, b enum('x', 'y') UNIQUE)"),
        ("tsql", "CREATE TABLE t (a nvarchar(10) COLLATE Latin1_General_CS_AS NOT NULL UNIQUE)"),
        ("tsql", "CREATE TABLE t (a nvarchar(10) COLLATE Latin1_General_BIN2 NOT NULL UNIQUE)"),
        ("sqlite", "CREATE TABLE t (a TEXT UNIQUE)"),
        ("sqlite", "CREATE TABLE t (a TEXT COLLATE NOCASE); CREATE UNIQUE INDEX i ON t (a COLLATE BINARY)"),
    ],
)
def test_a_key_whose_capitals_count_stands_alone(dialect, script):
    assert keys(script, dialect) == []


def test_what_points_at_such_a_key_needs_none_of_its_own():
    script = "CREATE TABLE t (a citext PRIMARY KEY); CREATE TABLE u (a citext REFERENCES t, b citext, UNIQUE (a, b))"
    assert keys(script, "postgres") == ['LOWER("a")', '"a", LOWER("b")']


def test_an_index_with_a_condition_or_a_prefix_ignores_capitals_too():
    partial = "CREATE TABLE t (a citext, b int); CREATE UNIQUE INDEX i ON t (a, b) WHERE b > 0"
    assert keys(partial, "postgres") == ['LOWER("a"), "b"']
    assert keys("CREATE TABLE t (a text, UNIQUE KEY k (a(5)))", "mysql") == ['SUBSTRING(LOWER("a"), 1, 5)']


def test_that_only_keys_ignore_capitals_is_said_once():
    script = "CREATE TABLE t (a varchar(9) UNIQUE, b varchar(9) UNIQUE); CREATE TABLE u (a varchar(9) UNIQUE);"
    reasons = [loss.reason for loss in read_ddl(script, dialect="mysql").schema.losses]
    assert reasons == ["of texts only unique keys ignore capitals, and accents count everywhere"]


def test_rows_never_hold_two_keys_that_differ_in_capitals():
    script = "CREATE TABLE t (a citext PRIMARY KEY CHECK (a ~ '^[a-zA-Z]$'))"
    schema = read_ddl(script, dialect="postgres").schema
    rows = fill(schema, parse_recipe({}, schema), rows=26, seed=1, now=NOW)
    assert len({row["a"].lower() for row in rows["t"]}) == len(rows["t"]) == 26
    assert count_violations(open_snapshot(build_snapshot(schema, rows))) == 0


def test_two_keys_that_differ_in_capitals_are_a_violation():
    schema = read_ddl("CREATE TABLE t (a citext, b int, UNIQUE (a, b))", dialect="postgres").schema
    found = validate(schema, {"t": {"a": ["Te", "te", "te"], "b": [1, 1, 2]}})
    assert [(one.constraint, one.row) for one in found] == [('UNIQUE INDEX (LOWER("a"), "b")', 2)]


def test_of_two_inserted_rows_whose_keys_differ_in_capitals_one_is_left_out():
    source = read_ddl("CREATE TABLE t (a citext UNIQUE); INSERT INTO t VALUES ('Te'), ('te');", dialect="postgres")
    assert source.rows == {"t": [{"a": "Te"}]}
    assert any("left out" in loss.reason for loss in source.schema.losses)
