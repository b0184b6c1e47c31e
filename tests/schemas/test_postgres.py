"""PostgreSQL DDL: it loads into a real server and reads back to the same Schema."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import (
    Check,
    Column,
    ColumnType,
    ForeignKey,
    Index,
    Schema,
    Table,
    read_database,
    read_ddl,
    write_ddl,
    write_postgres,
)

FIXTURES = Path(__file__).parent / "fixtures"
SCRIPTS = sorted(path for path in FIXTURES.glob("*.sql") if ".expected" not in path.suffixes)

spec = importlib.util.spec_from_file_location("emitted", Path(__file__).with_name("test_emit.py"))
emitted = importlib.util.module_from_spec(spec)
spec.loader.exec_module(emitted)


def through_postgres(postgres, schema):
    """What PostgreSQL makes of a schema, and what the writer could not say."""
    written = write_postgres(schema)
    postgres.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n" + written.text)
    return read_database(postgres.url, infer=False).schema, written


def without_forms(schema):
    """The forms of texts are a listed loss there; test_forms.py has that."""
    tables = [
        replace(table, columns=tuple(replace(column, type=replace(column.type, form="")) for column in table.columns))
        for table in schema.tables
    ]
    return replace(schema, tables=tuple(tables))


@pytest.mark.postgres
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(schema=emitted.schemas().map(without_forms))
def test_a_schema_reads_back_from_postgres(postgres, schema):
    found, written = through_postgres(postgres, schema)
    assert written.losses == ()
    assert found == schema


NAMES = ("n", "m", "d", "e", "t", "s", "b", "w")
SHAPE = (
    Column("n", ColumnType("integer")),
    Column("m", ColumnType("integer")),
    Column("d", ColumnType("date")),
    Column("e", ColumnType("date")),
    Column("t", ColumnType("timestamp")),
    Column("s", ColumnType("text")),
    Column("b", ColumnType("boolean")),
    Column("w", ColumnType("decimal", precision=8, scale=2)),
)
numbers = st.sampled_from(
    ["n", "m", "w", "n + m", "n * (m - 1)", "n - (m - w)", "-n", "abs(n)", "length(s)", "CAST(w AS REAL) / 2", "n / 2"]
)
number_literals = st.sampled_from(["0", "7", "-3", "0.5"])
texts = st.sampled_from(["s", "lower(s)", "s || 'x'", "substr(s, 2, 3)", "trim(s)", "coalesce(s, '')"])
dates = st.sampled_from(["d", "e", "'2024-02-29'"])
comparisons = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
atoms = st.one_of(
    st.builds("{} {} {}".format, numbers, comparisons, st.one_of(numbers, number_literals)),
    st.builds("{} {} {}".format, texts, comparisons, st.sampled_from(["'a'", "'it''s'", "s"])),
    st.builds("{} {} {}".format, dates, comparisons, dates),
    st.builds("t {} '2024-01-01 10:00:00'".format, comparisons),
    st.builds("{} BETWEEN {} AND {}".format, st.sampled_from(["n", "w"]), st.just("1"), st.just("9")),
    st.builds("{} IN (1, 2, 3)".format, st.sampled_from(["n", "m + 1"])),
    st.builds("s {} ('a', 'b')".format, st.sampled_from(["NOT IN"])),
    st.builds("{} IS {}NULL".format, st.sampled_from(NAMES), st.sampled_from(["", "NOT "])),
    st.builds("s {}LIKE '{}'".format, st.sampled_from(["", "NOT "]), st.sampled_from(["a%", "%_b", "100%%"])),
    st.builds("s GLOB '{}'".format, st.sampled_from(["a*", "?b*", "[A-Z]*", "[0-9][0-9]", "*50%*", "*[^a-z]*"])),
    st.sampled_from(["b", "NOT b", "b = TRUE", "CAST(STRFTIME('%Y', d) AS INTEGER) > 2000"]),
    st.builds("CASE WHEN {} THEN n ELSE m END > 0".format, st.sampled_from(["b", "n > 1"])),
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("NOT ({})".format, inner),
    ),
    max_leaves=5,
)


@pytest.mark.postgres
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=st.lists(conditions, min_size=1, max_size=6))
def test_a_condition_reads_back_from_postgres_as_the_same_text(postgres, written):
    columns = ", ".join(f"{column.name} {kind}" for column, kind in zip(SHAPE, KINDS, strict=True))
    checks = "".join(f", CHECK ({condition})" for condition in written)
    schema = read_ddl(f"CREATE TABLE x ({columns}{checks});", dialect="sqlite", infer=False).schema
    assert schema.losses == ()
    found, text = through_postgres(postgres, schema)
    assert text.losses == ()
    assert [check.sql for check in found.table("x").checks] == [check.sql for check in schema.table("x").checks]


KINDS = ("INTEGER", "INTEGER", "DATE", "DATE", "TIMESTAMP", "TEXT", "BOOLEAN", "NUMERIC(8, 2)")


@pytest.mark.postgres
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_what_a_script_of_any_dialect_holds_reads_back_from_postgres(postgres, path):
    script = path.read_text(encoding="utf-8")
    schema = read_ddl(script, dialect=path.suffixes[0][1:], infer=False).schema
    found, written = through_postgres(postgres, schema)
    formed = [f"{t.name}: {c.name} {c.type.form.upper()} " for t in schema.tables for c in t.columns if c.type.form]
    assert len(written.losses) == len(formed)
    assert all(loss.statement.startswith(start) for loss, start in zip(written.losses, formed, strict=True))
    assert found.tables == without_forms(schema).tables


@pytest.mark.postgres
def test_long_names_are_cut_kept_apart_and_told(postgres):
    long = "a_name_that_goes_on_and_on_until_it_is_longer_than_sixty_three_bytes"
    table = Table(long, (Column(long + "_1", ColumnType("text")), Column(long + "_2", ColumnType("text"))))
    found, written = through_postgres(postgres, Schema((table,)))
    assert written.shortened[long] == long[:63]
    assert [column.name for column in found.tables[0].columns] == [long[:63], long[:61] + "_2"]


@pytest.mark.postgres
def test_what_postgres_cannot_say_is_left_out_and_told(postgres):
    table = Table(
        "t",
        (Column("a", ColumnType("text")), Column("n", ColumnType("integer"), generated="INSTR(\"a\", 'x')")),
        checks=(Check("TYPEOF(\"a\") = 'text'", "odd"), Check('LENGTH("a") > 1')),
        indexes=(Index(('HEX("a")',), unique=False),),
    )
    found, written = through_postgres(postgres, Schema((table,)))
    assert [loss.statement for loss in written.losses] == ["t: CHECK (TYPEOF(\"a\") = 'text')", 't: HEX("a")']
    assert found.tables[0].checks == table.checks[1:]


@pytest.mark.postgres
def test_computed_columns_that_name_each_other_are_spelled_out(postgres):
    columns = (
        Column("a", ColumnType("integer")),
        Column("b", ColumnType("integer"), generated='"a" + 1'),
        Column("c", ColumnType("integer"), generated='"b" * 2'),
    )
    found, written = through_postgres(postgres, Schema((Table("t", columns),)))
    assert written.losses == ()
    assert found.tables[0].column("c").generated == '("a" + 1) * 2'


@pytest.mark.postgres
def test_foreign_keys_in_a_circle_load(postgres):
    def table(name, other):
        columns = (Column("id", ColumnType("integer"), False), Column("other", ColumnType("integer")))
        return Table(name, columns, ("id",), foreign_keys=(ForeignKey(("other",), other, ("id",)),))

    schema = Schema((table("a", "b"), table("b", "a"), table("c", "c")))
    assert through_postgres(postgres, schema)[0] == schema


@pytest.mark.postgres
def test_a_schema_means_the_same_in_both_engines(postgres):
    """Rows that one engine refuses, the other refuses."""
    script = (FIXTURES / "clinic.postgres.sql").read_text(encoding="utf-8")
    schema = read_ddl(script, dialect="postgres").schema
    again = read_ddl(write_ddl(through_postgres(postgres, schema)[0]), dialect="sqlite").schema
    assert again.tables == schema.tables
