"""Conditions of MySQL, SQL Server and Oracle: in SQLite's words where those mean the same, else refused."""

import pytest

from schemas import read_ddl, schema_from_json, schema_to_json, write_postgres
from schemas.errors import Unreadable
from schemas.translate import by_name, condition

TABLE = """CREATE TABLE x (n integer, m integer, w decimal(8,2), s varchar(20), z varchar(20) NOT NULL, d date, e date,
    t {}, f {}, code varchar(20) NOT NULL);"""
TIMES = {"mysql": "datetime", "tsql": "datetime2", "oracle": "timestamp"}


def kept(dialect, written):
    script = TABLE.format(TIMES[dialect], "double" if dialect == "mysql" else "float")
    columns = by_name(read_ddl(script, dialect=dialect, infer=False).schema.table("x").columns)
    return condition(written, dialect, columns).sql


@pytest.mark.parametrize(
    ("dialect", "written", "expected"),
    [
        ("mysql", r"s LIKE 'a\_b'", r""""s" LIKE 'a\_b' ESCAPE '\'"""),
        ("mysql", "s LIKE 'a!_b' ESCAPE '!'", r""""s" LIKE 'a\_b' ESCAPE '\'"""),
        ("mysql", "s LIKE 'a_b'", "\"s\" LIKE 'a_b'"),
        ("mysql", "n / 2 > 1", 'CAST("n" AS REAL) / 2 > 1'),
        ("mysql", "n DIV 2 > 1", '"n" / 2 > 1'),
        ("mysql", "CAST(s AS SIGNED) > 1", 'CAST("s" AS INTEGER) > 1'),
        ("mysql", "YEAR(d) > 2000", "CAST(STRFTIME('%Y', \"d\") AS INTEGER) > 2000"),
        ("mysql", "DATE(t) = d", 'DATE("t") = "d"'),
        ("mysql", "INSTR(s, '@') > 0", "INSTR(\"s\", '@') > 0"),
        ("tsql", "s LIKE 'a!_b' ESCAPE '!'", r""""s" LIKE 'a\_b' ESCAPE '\'"""),
        ("tsql", "s LIKE 'a![[0-9]' ESCAPE '!'", "\"s\" GLOB '[aA][[][0-9]'"),
        ("tsql", "'x' + CONVERT(varchar(23), n) = 'x1'", "'x' || \"n\" = 'x1'"),
        ("tsql", "LEN(s) > 2", 'LENGTH(RTRIM("s")) > 2'),
        ("tsql", "LEN('a ') = n", "LENGTH(RTRIM('a ')) = \"n\""),
        ("tsql", "n + '1' > 100", "\"n\" + '1' > 100"),
        ("tsql", "s + 'x' = 'ax'", "\"s\" || 'x' = 'ax'"),
        ("mysql", "n > '5'", '"n" > 5'),
        ("tsql", "CAST(w AS int) = 2", 'CAST("w" AS INTEGER) = 2'),
        ("oracle", r"s LIKE 'a\_b'", r""""s" GLOB 'a\?b'"""),
        ("oracle", "s LIKE 'a!_b' ESCAPE '!'", "\"s\" GLOB 'a_b'"),
        ("oracle", "SUBSTR(s, 0, 1) = 'a'", "SUBSTRING(\"s\", 1, 1) = 'a'"),
        ("oracle", "GREATEST(n, m) > 1", 'MAX("n", "m") > 1'),
        ("oracle", "z || code = 'a'", '"z" || "code" = \'a\''),
        ("oracle", "TO_CHAR(d, 'YYYY') = '2020'", "STRFTIME('%Y', \"d\") = '2020'"),
        ("oracle", "REGEXP_LIKE(s, '^.{2}$')", "\"s\" GLOB '[^\n][^\n]'"),
        ("oracle", "n / 2 > 1", 'CAST("n" AS REAL) / 2 > 1'),
    ],
)
def test_a_condition_is_kept_in_words_that_mean_the_same(dialect, written, expected):
    assert kept(dialect, written) == expected


@pytest.mark.parametrize(
    ("dialect", "written"),
    [
        ("mysql", "DATE_ADD(d, INTERVAL 1 DAY) > e"),
        ("mysql", "DATEDIFF(d, e) > 2"),
        ("mysql", "s LIKE z"),
        ("mysql", "LENGTH(s) > 2"),
        ("mysql", "SUBSTR(s, -2) = 'ab'"),
        ("mysql", "d >= '2020-01-01 10:00:00'"),
        ("mysql", "INSTR(s, 'a') > 0"),
        ("mysql", "s REGEXP '^a'"),
        ("tsql", "DATEADD(day, 1, d) > e"),
        ("tsql", "DATEDIFF(day, d, e) > 2"),
        ("tsql", "CONVERT(varchar(8), d, 112) = '20200101'"),
        ("tsql", "CONVERT(varchar(3), w) = '1.5'"),
        ("tsql", "TRY_CAST(s AS int) > 1"),
        ("tsql", "n + s > 3"),
        ("tsql", "n + 'x' > 3"),
        ("tsql", "code > 5"),
        ("oracle", "code > 5"),
        ("mysql", "code > 5"),
        ("mysql", "code IN (1, 2)"),
        ("mysql", "CAST(n AS UNSIGNED) > 0"),
        ("tsql", "s LIKE '[a-9]'"),
        ("oracle", "TO_CHAR(d) = '01-JAN-20'"),
        ("oracle", "TO_CHAR(w, '999') = '1'"),
        ("oracle", "TRUNC(d) = e"),
        ("oracle", "d + 1 > e"),
        ("oracle", "ADD_MONTHS(d, 1) > e"),
        ("oracle", "s || z = 'a'"),
        ("oracle", "SUBSTR(s, -2) = 'ab'"),
        ("oracle", "MOD(n, m) = 1"),
        ("oracle", "REGEXP_LIKE(s, '^.+@.+$')"),
        ("oracle", "REGEXP_LIKE(s, '^a$', 'i')"),
    ],
)
def test_a_condition_that_sqlite_would_bend_is_refused(dialect, written):
    with pytest.raises(Unreadable):
        kept(dialect, written)


@pytest.mark.parametrize(
    "written",
    ["-\"n\" || 'x' = '1x'", "-(\"n\" || '1') = 1", "\"n\" || \"s\" || 'x' <> 'y'", "(\"n\" * 2) || 'x' <> 'y'"],
)
def test_what_binds_more_tightly_reads_back_as_it_is(written):
    columns = by_name(read_ddl("CREATE TABLE x (n integer, s text);", dialect="sqlite").schema.table("x").columns)
    assert condition(written, "sqlite", columns).sql == written


@pytest.mark.parametrize("dialect", ["postgres", "mysql"])
def test_a_default_of_bytes_reads_back_from_json(dialect):
    written = "bytea DEFAULT '\\x00ff'" if dialect == "postgres" else "varbinary(9) DEFAULT 0x00ff"
    schema = read_ddl(f"CREATE TABLE x (n integer, y {written});", dialect=dialect).schema
    assert schema.table("x").column("y").default == "X'00FF'"
    assert schema_from_json(schema_to_json(schema)) == schema


def test_a_list_in_a_check_gives_its_values_no_order():
    script = "CREATE TABLE x (s text CHECK (s IN ('b', 'a')), CHECK (s > 'a'));"
    assert [check.sql for check in read_ddl(script, dialect="postgres").schema.table("x").checks] == ["\"s\" > 'a'"]


def test_an_index_over_an_enum_goes_by_its_order():
    script = "CREATE TYPE o AS ENUM ('b', 'a'); CREATE TABLE x (s o); CREATE INDEX i ON x (s) WHERE s > 'b';"
    assert read_ddl(script, dialect="postgres").schema.table("x").indexes[0].where == "\"s\" = 'a'"


@pytest.mark.postgres
def test_truths_as_numbers_and_dates_that_are_none_are_written_for_postgres_or_told(postgres):
    script = """CREATE TABLE x (b boolean, d date, CHECK (CAST(b AS INTEGER) + 1 > 1), CHECK (CAST(b AS REAL) / 2 > 0),
    CHECK (d > '2020'), CHECK (d > '2020-01-01'));"""
    written = write_postgres(read_ddl(script, dialect="sqlite").schema)
    postgres.run(written.text)
    assert [loss.statement for loss in written.losses] == ["x: CHECK (\"d\" > '2020')"]
