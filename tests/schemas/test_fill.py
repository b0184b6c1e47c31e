"""Filling whole schemas: constraints hold, draws are reproducible, values are plausible."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import (
    Check,
    Column,
    ColumnType,
    FillError,
    ForeignKey,
    Index,
    Recipe,
    Schema,
    Table,
    build_snapshot,
    count_violations,
    fill,
    open_snapshot,
    parse_recipe,
    read_ddl,
)

NOW = "2025-06-30 12:00:00"
CLINIC = """
CREATE TABLE clinics (
  id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL, street VARCHAR(80) NOT NULL, city VARCHAR(40) NOT NULL,
  state VARCHAR(20) NOT NULL, zip VARCHAR(10) NOT NULL, manager_id INTEGER REFERENCES doctors (id)
);
CREATE TABLE doctors (
  id INTEGER PRIMARY KEY, clinic_id INTEGER NOT NULL REFERENCES clinics (id),
  first_name VARCHAR(30) NOT NULL, last_name VARCHAR(30) NOT NULL, email VARCHAR(60) NOT NULL UNIQUE,
  mentor_id INTEGER REFERENCES doctors (id), code CHAR(7) NOT NULL UNIQUE
);
CREATE TABLE specialties (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE doctor_specialties (
  doctor_id INTEGER NOT NULL REFERENCES doctors (id), specialty_id INTEGER NOT NULL REFERENCES specialties (id),
  PRIMARY KEY (doctor_id, specialty_id)
);
CREATE TABLE patients (
  id INTEGER PRIMARY KEY, full_name VARCHAR(60) NOT NULL, email VARCHAR(60), birth_date DATE NOT NULL,
  phone VARCHAR(20), gender CHAR(1) NOT NULL CHECK (gender IN ('f', 'm', 'x')), created_at TIMESTAMP NOT NULL,
  updated_at TIMESTAMP NOT NULL
);
CREATE TABLE visits (
  id INTEGER PRIMARY KEY, patient_id INTEGER NOT NULL REFERENCES patients (id),
  doctor_id INTEGER NOT NULL REFERENCES doctors (id), start_date DATE NOT NULL, end_date DATE,
  low INTEGER NOT NULL CHECK (low BETWEEN 40 AND 90), high INTEGER NOT NULL,
  fee NUMERIC(6, 2) NOT NULL CHECK (fee >= 0),
  fee_band TEXT GENERATED ALWAYS AS (CASE WHEN fee < 50 THEN 'low' ELSE 'high' END) VIRTUAL,
  room INTEGER NOT NULL, notes VARCHAR(200), is_paid BOOLEAN NOT NULL,
  CHECK (high > low), CHECK (end_date IS NULL OR end_date >= start_date), CHECK (is_paid = 0 OR notes IS NOT NULL),
  UNIQUE (doctor_id, start_date, room)
);
CREATE UNIQUE INDEX one_open ON visits (patient_id) WHERE end_date IS NULL;
CREATE TABLE visit_lines (
  visit_id INTEGER NOT NULL REFERENCES visits (id), line INTEGER NOT NULL, quantity INTEGER NOT NULL,
  price NUMERIC(8, 2) NOT NULL, PRIMARY KEY (visit_id, line)
);
CREATE TABLE insurance (patient_id INTEGER PRIMARY KEY REFERENCES patients (id), policy_number VARCHAR(12) NOT NULL);
"""


@pytest.fixture(scope="module")
def clinic():
    return read_ddl(CLINIC, dialect="sqlite").schema


@pytest.fixture(scope="module")
def rows(clinic):
    return fill(clinic, Recipe({}), rows=900, seed=1, now=NOW)


def violations(schema, rows):
    return count_violations(open_snapshot(build_snapshot(schema, rows)))


def digest(rows):
    return hashlib.sha256(json.dumps(rows, default=bytes.hex).encode()).hexdigest()


def test_every_constraint_holds_and_no_table_is_empty(clinic, rows):
    assert violations(clinic, rows) == 0
    assert all(rows[table.name] for table in clinic.tables)
    assert 900 * 0.9 < sum(len(table) for table in rows.values()) < 900 * 1.1


def test_a_handful_of_rows_still_fills_every_table(clinic):
    rows = fill(clinic, Recipe({}), rows=1, seed=1, now=NOW)

    assert violations(clinic, rows) == 0
    assert all(rows[table.name] for table in clinic.tables)


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(clinic, rows):
    assert fill(clinic, Recipe({}), rows=900, seed=1, now=NOW) == rows
    assert fill(clinic, Recipe({}), rows=900, seed=2, now=NOW)["patients"] != rows["patients"]


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_another_process_under_another_hash_seed_gives_the_same_bytes(clinic, rows, hash_seed):
    program = (
        "import hashlib, json, sys\n"
        "from schemas import Recipe, build_snapshot, fill, read_ddl\n"
        "schema = read_ddl(sys.stdin.read(), dialect='sqlite').schema\n"
        f"rows = fill(schema, Recipe({{}}), rows=900, seed=1, now={NOW!r})\n"
        "print(hashlib.sha256(json.dumps(rows, default=bytes.hex).encode()).hexdigest())\n"
        "print(hashlib.sha256(build_snapshot(schema, rows)).hexdigest())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=CLINIC,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )

    image = build_snapshot(clinic, rows)
    assert done.stdout.split() == [digest(rows), hashlib.sha256(image).hexdigest()]


def test_another_column_or_table_changes_no_other_value():
    before = read_ddl(
        "CREATE TABLE guests (id INTEGER PRIMARY KEY, name TEXT NOT NULL, visits INTEGER NOT NULL,"
        " since DATE NOT NULL);"
        "CREATE TABLE nights (id INTEGER PRIMARY KEY, guest_id INTEGER NOT NULL REFERENCES guests (id),"
        " price REAL NOT NULL);",
        dialect="sqlite",
    ).schema
    after = read_ddl(
        "CREATE TABLE rooms (id INTEGER PRIMARY KEY, label TEXT NOT NULL UNIQUE);"
        "CREATE TABLE guests (id INTEGER PRIMARY KEY, nickname TEXT, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE,"
        " visits INTEGER NOT NULL, since DATE NOT NULL);"
        "CREATE TABLE nights (id INTEGER PRIMARY KEY, room_id INTEGER NOT NULL REFERENCES rooms (id),"
        " guest_id INTEGER NOT NULL REFERENCES guests (id), paid BOOLEAN NOT NULL,"
        " price REAL NOT NULL);",
        dialect="sqlite",
    ).schema
    sizes = {"guests": {"rows": 40}, "nights": {"each": "guests", "count": {"skewed": [0, 6], "mean": 2}}}
    old = fill(before, parse_recipe(sizes, before), rows=120, seed=4, now=NOW)
    new = fill(after, parse_recipe({**sizes, "rooms": {"rows": 9}}, after), rows=129, seed=4, now=NOW)

    for table in ("guests", "nights"):
        names = list(old[table][0])
        assert [{name: row[name] for name in names} for row in new[table]] == old[table]


def test_more_rows_keep_the_values_of_the_first_ones():
    schema = read_ddl(
        "CREATE TABLE guests (id INTEGER PRIMARY KEY, name TEXT NOT NULL, since DATE)", dialect="sqlite"
    ).schema
    few, many = (fill(schema, Recipe({}), rows=count, seed=1, now=NOW)["guests"] for count in (10, 50))

    assert many[:10] == few


def test_names_and_addresses_agree_within_a_row(rows):
    for doctor in rows["doctors"]:
        local = doctor["email"].split("@")[0]
        assert local.startswith(doctor["first_name"].lower() + ".")
    numbers = {row["state"]: set() for row in rows["clinics"]}
    for row in rows["clinics"]:
        numbers[row["state"]].add(row["zip"][:2])
    assert all(row["zip"] for row in rows["clinics"])
    assert all(len(prefixes) <= 3 for prefixes in numbers.values())


def test_dates_come_in_their_usual_order_and_before_now(rows):
    assert all(row["created_at"] <= row["updated_at"] <= NOW for row in rows["patients"])
    assert all(row["end_date"] is None or row["start_date"] <= row["end_date"] <= NOW for row in rows["visits"])
    assert all(row["birth_date"] < "2010" for row in rows["patients"])


def test_lengths_and_scales_are_kept(clinic, rows):
    for table in clinic.tables:
        for column in table.columns:
            if column.generated:
                assert column.name not in rows[table.name][0]
                continue
            for row in rows[table.name]:
                value = row[column.name]
                if isinstance(value, str) and column.type.length is not None:
                    assert len(value) <= column.type.length
                if isinstance(value, float) and column.type.scale is not None:
                    assert round(value, column.type.scale) == value


def test_no_filler_text_stands_in_user_facing_columns(rows):
    text = json.dumps(rows).lower()

    assert "lorem" not in text
    assert "ipsum" not in text


def test_a_key_to_its_own_table_closes_no_circle(rows):
    mentors = {row["id"]: row["mentor_id"] for row in rows["doctors"]}

    assert None in mentors.values()
    assert all(mentor is None or mentor < own for own, mentor in mentors.items())


def test_lines_are_numbered_within_their_parent(rows):
    lines = {}
    for row in rows["visit_lines"]:
        lines.setdefault(row["visit_id"], []).append(row["line"])

    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in lines.values())


def test_values_repeat_now_and_then_but_mostly_differ(rows):
    names = [row["full_name"] for row in rows["patients"]]

    assert len(set(names)) > len(names) * 0.7
    assert len({row["fee"] for row in rows["visits"]}) < len(rows["visits"])


INTEGER, TEXT = ColumnType("integer"), ColumnType("text")


def key(name="id"):
    return Column(name, INTEGER, nullable=False)


def one_table(*columns, **settings):
    return Schema((Table("things", (key(), *columns), primary_key=("id",), **settings),))


@pytest.mark.parametrize("sql", ["size > 5 AND size < 3", "size IS NULL", "length(label) = 3 AND label = 'four'"])
def test_a_check_that_nothing_satisfies_is_named(sql):
    columns = (Column("size", INTEGER, nullable=False), Column("label", TEXT, nullable=False))
    schema = one_table(*columns, checks=(Check(sql, name="odd_rule"),))

    with pytest.raises(FillError, match=r"'things' cannot be filled: CHECK odd_rule \("):
        fill(schema, Recipe({}), rows=5, seed=1, now=NOW)


def test_a_recipe_that_breaks_a_check_is_told():
    schema = one_table(Column("size", INTEGER, nullable=False), checks=(Check("size < 10"),))
    recipe = parse_recipe({"things": {"columns": {"size": {"value": 12}}}}, schema)

    with pytest.raises(FillError, match=r"'things' cannot be filled: CHECK \(size < 10\)"):
        fill(schema, recipe, rows=5, seed=1, now=NOW)


@pytest.mark.parametrize(
    "sql", ["(a IS NULL) <> (b IS NULL)", "a + b <= 60 AND a <> b", "a % 2 = 0 OR b = 1", "-5 <= a AND a < 0"]
)
def test_checks_over_several_columns_are_met_by_drawing_again(sql):
    schema = one_table(Column("a", INTEGER), Column("b", INTEGER), checks=(Check(sql),))

    rows = fill(schema, Recipe({}), rows=200, seed=1, now=NOW)

    assert violations(schema, rows) == 0


def test_keys_in_a_circle_are_all_set_even_without_nulls():
    column = Column("other_id", INTEGER, nullable=False)
    schema = Schema(
        tuple(
            Table(name, (key(), column), ("id",), foreign_keys=(ForeignKey(("other_id",), other, ("id",)),))
            for name, other in (("left", "right"), ("right", "left"))
        )
    )

    assert violations(schema, fill(schema, Recipe({}), rows=40, seed=1, now=NOW)) == 0


def test_composite_keys_that_share_a_column_agree():
    ddl = """
    CREATE TABLE tenants (id INTEGER PRIMARY KEY);
    CREATE TABLE users (
      tenant_id INTEGER NOT NULL REFERENCES tenants (id), id INTEGER NOT NULL, PRIMARY KEY (tenant_id, id)
    );
    CREATE TABLE projects (
      tenant_id INTEGER NOT NULL REFERENCES tenants (id), id INTEGER NOT NULL, PRIMARY KEY (tenant_id, id)
    );
    CREATE TABLE tasks (
      id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES tenants (id),
      user_id INTEGER, project_id INTEGER NOT NULL,
      FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
      FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id)
    );
    """
    schema = read_ddl(ddl, dialect="sqlite").schema
    rows = fill(schema, Recipe({}), rows=200, seed=1, now=NOW)

    assert violations(schema, rows) == 0
    assert sum(row["user_id"] is not None for row in rows["tasks"]) > 5


def test_a_table_whose_keys_leave_little_room_stays_small():
    ddl = """
    CREATE TABLE colors (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE sizes (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE pairs (color_id INTEGER REFERENCES colors (id), size_id INTEGER REFERENCES sizes (id),
      PRIMARY KEY (color_id, size_id));
    """
    schema = read_ddl(ddl, dialect="sqlite").schema
    recipe = parse_recipe({"colors": {"rows": 4}, "sizes": {"rows": 5}}, schema)
    rows = fill(schema, recipe, rows=500, seed=1, now=NOW)

    assert violations(schema, rows) == 0
    assert 8 <= len(rows["pairs"]) <= 20


def test_a_unique_expression_index_holds():
    schema = one_table(Column("label", TEXT, nullable=False), indexes=(Index(("lower(label)",)),))

    assert violations(schema, fill(schema, Recipe({}), rows=400, seed=1, now=NOW)) == 0


def test_a_clock_or_number_of_rows_that_makes_no_sense_is_refused(clinic):
    with pytest.raises(FillError, match="0 rows"):
        fill(clinic, Recipe({}), rows=0, seed=1, now=NOW)
    with pytest.raises(FillError, match="'noon' is no moment"):
        fill(clinic, Recipe({}), rows=5, seed=1, now="noon")


kinds = st.sampled_from(
    [
        ColumnType("integer"),
        ColumnType("real"),
        ColumnType("decimal", precision=6, scale=2),
        ColumnType("text"),
        ColumnType("text", length=4),
        ColumnType("text", length=30),
        ColumnType("boolean"),
        ColumnType("date"),
        ColumnType("time"),
        ColumnType("timestamp"),
        ColumnType("json"),
        ColumnType("json", items="integer"),
        ColumnType("decimal", precision=3, scale=0),
        ColumnType("uuid"),
        ColumnType("blob"),
    ]
)
COLUMN_NAMES = """
name email status price quantity created_at updated_at start_date end_date notes code city phone rating is_open title
"""
names = st.sampled_from(COLUMN_NAMES.split())


TOTALS = [
    "part + rest = whole",
    "part <= rest AND rest <= whole",
    "part + rest <= 20 AND part >= 0",
    "(part IS NULL) = (rest IS NULL)",
    "(part IS NOT NULL) + (rest IS NOT NULL) + (whole IS NOT NULL) >= 1",
    "CASE WHEN part > 10 THEN rest > 1000 ELSE whole < 0 END",
    "whole = part * 2 OR rest % 7 = 3",
    "part BETWEEN 100 AND 90000 AND (rest = 5 OR rest = 11)",
]
SHAPES = [
    "shape GLOB '[A-Z][0-9][0-9][a-z]' OR shape = 'N/A'",
    "length(shape) = 6",
    "shape LIKE 'a%' AND shape = lower(shape)",
    "NOT shape GLOB '*[^a-f0-9]*' AND length(shape) >= 3",
    "substr(shape, 1, 2) IN ('xy', 'yz', 'zz')",
    "trim(shape) <> ''",
]
STATES = ["closed IS NULL OR shape <> 'x'", "(closed IS NULL) = (shape < 'k')", "closed >= '2019-05-01'"]
short = st.sampled_from([ColumnType("text"), ColumnType("text", length=8)])


@st.composite
def schemas(draw):
    """Small schemas with keys of every sort, checks and enums."""
    tables = []
    for number in range(draw(st.integers(1, 5))):
        columns = [key()]
        for name in draw(st.lists(names, unique=True, max_size=6)):
            columns.append(Column(name, draw(kinds), nullable=draw(st.booleans())))
        uniques, keys, checks, indexes = [], [], [], []
        for place, target in enumerate(draw(st.lists(st.integers(0, number), max_size=3))):
            column = Column(f"ref{place}_id", INTEGER, nullable=draw(st.booleans()) or target == number)
            columns.append(column)
            keys.append(ForeignKey((column.name,), f"t{target}", ("id",)))
        references = [column.name for column in columns if column.name.startswith("ref")]
        if references and draw(st.booleans()):
            uniques.append(tuple(references[:2]))
        plain = [column.name for column in columns[1:] if column.type.kind in ("integer", "text", "decimal", "date")]
        if plain and draw(st.booleans()):
            uniques.append(tuple(draw(st.lists(st.sampled_from(plain), unique=True, min_size=1, max_size=2))))
        if draw(st.booleans()):
            columns.append(Column("low", INTEGER))
            columns.append(Column("high", INTEGER, nullable=False))
            checks.append(
                Check(draw(st.sampled_from(["low < high", "low <= high AND low > -3", "high BETWEEN 5 AND 9"])))
            )
        if draw(st.booleans()):
            columns += [Column(name, INTEGER, nullable=draw(st.booleans())) for name in ("part", "rest", "whole")]
            checks.append(Check(draw(st.sampled_from(TOTALS))))
        if draw(st.booleans()):
            columns += [Column("shape", draw(short), nullable=False), Column("closed", ColumnType("date"))]
            checks += [Check(draw(st.sampled_from(SHAPES))), Check(draw(st.sampled_from(STATES)))]
            columns.append(Column("initial", TEXT, generated="substr(shape, 1, 1)"))
            if draw(st.booleans()):
                where = draw(st.sampled_from(["", "closed IS NULL", "shape > 'm'"]))
                indexes.append(Index((draw(st.sampled_from(["shape", "lower(shape)"])),), where))
        if references and draw(st.booleans()):
            checks.append(Check(" + ".join(f"({name} IS NOT NULL)" for name in references) + " >= 0"))
            nullable = [column.name for column in columns if column.name in references and column.nullable]
            if len(nullable) > 1:
                checks.append(Check(f"({nullable[0]} IS NULL) <> ({nullable[1]} IS NULL)"))
        if draw(st.booleans()):
            columns.append(Column("state", TEXT, nullable=False, values=("new", "old", "gone")))
            checks.append(Check("state <> 'gone' OR id > 0"))
        rest = (tuple(uniques), tuple(keys), tuple(checks), tuple(indexes))
        tables.append(Table(f"t{number}", tuple(columns), ("id",), *rest))
    return Schema(tuple(tables))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schemas(), st.integers(1, 150), st.integers(0, 3))
def test_rows_satisfy_every_constraint_of_a_generated_schema(schema, count, seed):
    rows = fill(schema, Recipe({}), rows=count, seed=seed, now=NOW)

    assert violations(schema, rows) == 0
    assert all(rows[table.name] for table in schema.tables)
    for table in schema.tables:
        for column in table.columns:
            if not column.generated:
                assert all(fits(row[column.name], column.type) for row in rows[table.name])


def fits(value, type_):
    """Whether a value may stand in a column of a stricter engine than SQLite."""
    if value is None:
        return True
    if type_.kind in ("date", "timestamp"):
        return "1900" <= value < "2101" and len(value) == (10 if type_.kind == "date" else 19)
    if type_.kind == "decimal" and type_.precision is not None:
        return abs(value) < 10 ** (type_.precision - type_.scale) and round(value, type_.scale) == value
    if type_.kind == "json":
        return isinstance(json.loads(value), list if type_.items else object)
    if type_.kind == "uuid":
        return str(uuid.UUID(value)) == value
    if type_.kind == "integer":
        return abs(value) < 2**63
    if type_.kind == "text":
        return "\0" not in value and (type_.length is None or len(value) <= type_.length)
    return True
