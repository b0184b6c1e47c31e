"""The validator is shown every kind of wrong row, and finds exactly what SQLite finds."""

import copy
import importlib.util
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from schemas import (
    Column,
    ColumnType,
    FillError,
    Recipe,
    Schema,
    SnapshotError,
    Table,
    build_from_columns,
    fill_columns,
    read_ddl,
    validate,
)

DDL = """
CREATE TABLE rooms (code VARCHAR(4) PRIMARY KEY, floor INTEGER NOT NULL, UNIQUE (floor, code));
CREATE TABLE guests (
  id INTEGER PRIMARY KEY, mail VARCHAR(12) NOT NULL, phone TEXT UNIQUE, born DATE, seen TIMESTAMP, wakes TIME,
  state TEXT NOT NULL CHECK (state IN ('new', 'old')), paid NUMERIC(5, 2), vip BOOLEAN NOT NULL, score REAL,
  about JSON TEXT, face BLOB, double INTEGER GENERATED ALWAYS AS (score * 2) STORED
);
CREATE UNIQUE INDEX one_mail ON guests (LOWER(mail));
CREATE UNIQUE INDEX one_vip ON guests (state) WHERE vip;
CREATE UNIQUE INDEX one_sum ON guests (paid + score);
CREATE TABLE stays (
  room TEXT NOT NULL REFERENCES rooms (code), guest INTEGER REFERENCES guests (id), start DATE NOT NULL, until DATE,
  host INTEGER, PRIMARY KEY (room, start), CHECK (until IS NULL OR until >= start),
  CONSTRAINT long_enough CHECK (guest IS NOT NULL OR until IS NULL),
  FOREIGN KEY (room, start) REFERENCES stays (room, start)
);
"""
RIGHT = {
    "rooms": {"code": ["A1", "B2"], "floor": [1, 1]},
    "guests": {
        "id": [1, 2], "mail": ["a@b.c", "d@e.f"], "phone": [None, None], "born": ["1990-01-31", None],
        "seen": ["2024-01-01 10:00:00", None], "wakes": ["07:30:00", None], "state": ["new", "old"],
        "paid": [999.99, -1], "vip": [1, 0], "score": [1.5, 2], "about": ['{"a": 1}', None], "face": [b"x", None],
    },
    "stays": {"room": ["A1", "A1"], "guest": [1, None], "start": ["2024-01-01", "2024-01-02"],
              "until": ["2024-01-01", None], "host": [None, 5]},
}  # fmt: skip


@pytest.fixture(scope="module")
def hotel():
    return read_ddl(DDL, dialect="sqlite").schema


def broken(table, **lists):
    found = copy.deepcopy(RIGHT)
    found[table] |= lists
    return found


def told(schema, columns):
    return [(v.constraint, v.row) for v in validate(schema, columns)]


def test_right_rows_have_nothing_wrong(hotel):
    assert validate(hotel, RIGHT) == []
    assert validate(hotel, {}) == []


@pytest.mark.parametrize(
    ("table", "lists", "expected"),
    [
        ("guests", {"mail": ["a@b.c", None]}, [("NOT NULL mail", 2)]),
        ("rooms", {"code": ["A1", None]}, [("NOT NULL code", 2)]),
        ("guests", {"id": [1, "2"]}, [("type of id", 2)]),
        ("guests", {"id": [1, 2.0]}, [("type of id", 2)]),
        ("guests", {"id": [1, 2**63]}, [("SQLite", 0), ("type of id", 2)]),
        ("guests", {"score": [1.5, float("nan")]}, [("type of score", 2)]),
        ("guests", {"phone": [None, 5]}, [("type of phone", 2)]),
        ("guests", {"born": ["1990-13-01", None]}, [("type of born", 1)]),
        ("guests", {"seen": ["2024-01-01", None]}, [("type of seen", 1)]),
        ("guests", {"wakes": ["7:30", None]}, [("type of wakes", 1)]),
        ("guests", {"vip": [1, 2]}, [("type of vip", 2)]),
        ("guests", {"about": ["{", None]}, [("type of about", 1)]),
        ("guests", {"face": ["x", None]}, [("type of face", 1)]),
        ("guests", {"mail": ["a@b.c", "1234567@e.com"]}, [("length of mail", 2)]),
        ("guests", {"paid": [1000, 0.125]}, [("precision of paid", 1), ("precision of paid", 2)]),
        ("guests", {"state": ["new", "odd"]}, [("values of state", 2)]),
        ("guests", {"id": [1, 1]}, [("PRIMARY KEY", 2)]),
        ("guests", {"phone": ["5", "5"]}, [("UNIQUE (phone)", 2)]),
        ("stays", {"start": ["2024-01-01", "2024-01-01"]}, [("PRIMARY KEY", 2)]),
        ("guests", {"mail": ["a@b.c", "A@b.C"]}, [('UNIQUE INDEX (LOWER("mail"))', 2)]),
        ("guests", {"state": ["new", "new"], "vip": [1, 1]}, [('UNIQUE INDEX ("state") WHERE "vip"', 2)]),
        ("guests", {"paid": [2, 1.5]}, [('UNIQUE INDEX ("paid" + "score")', 2)]),
        ("stays", {"room": ["A1", "C3"]}, [("FOREIGN KEY 1 (room)", 2)]),
        ("stays", {"guest": [7, None]}, [("FOREIGN KEY 2 (guest)", 1)]),
        ("stays", {"until": ["2023-12-31", None]}, [('CHECK ("until" IS NULL OR "until" >= "start")', 1)]),
        ("stays", {"until": ["2024-01-01", "2024-01-03"]}, [("CHECK long_enough", 2)]),
        ("guests", {"double": [3, 5]}, [("computed double", 2)]),
        ("guests", {"vip": [1]}, [("columns", 0)]),
        ("guests", {"odd": [1, 1]}, [("columns", 0)]),
    ],
)
def test_each_kind_of_wrong_row_is_named_with_its_number(hotel, table, lists, expected):
    found = [violation for violation in told(hotel, broken(table, **lists)) if "FOREIGN" not in violation[0]]
    assert (found or told(hotel, broken(table, **lists))) == expected


def test_a_missing_column_and_an_unknown_table_are_told(hotel):
    columns = broken("rooms")
    del columns["rooms"]["floor"]
    assert ("columns", 0) in told(hotel, columns)
    assert told(hotel, RIGHT | {"odd": {}}) == [("tables", 0)]


def test_a_list_holds_items_of_its_kind():
    table = Table("t", (Column("l", ColumnType("json", items="integer")),))
    schema = Schema((table,))
    assert told(schema, {"t": {"l": ["[1, null]", "[]", None]}}) == []
    assert [row for _, row in told(schema, {"t": {"l": ['["a"]', '{"a": 1}', "[1]"]}})] == [1, 2]


def test_no_constraint_is_told_more_often_than_asked_for(hotel):
    columns = broken("guests", vip=[7, 8], born=["x", "y"])
    assert len(validate(hotel, columns, most=1)) == 2


def test_an_expression_that_sqlite_refuses_is_told_and_not_raised(hotel):
    (table,) = read_ddl("CREATE TABLE t (a INTEGER, CHECK (ABS(a) > 0))", dialect="sqlite").schema.tables
    assert told(Schema((table,)), {"t": {"a": [-(2**63)]}}) == [("SQLite", 0)]


# -- against SQLite ----------------------------------------------------------------------------------------------

spec = importlib.util.spec_from_file_location("filled", Path(__file__).with_name("test_fill.py"))
filled = importlib.util.module_from_spec(spec)
spec.loader.exec_module(filled)
OURS = ("type of", "length of", "precision of", "items of", "columns")
VALUES = {
    "integer": [-1, 0, 1, 7, 10**6], "decimal": [-1, 0, 0.5, 10**5], "real": [-1.5, 0.0, 2], "boolean": [0, 1],
    "text": ["", "new", "gone", "Zebra"], "date": ["0001-01-01", "2024-06-01", "9999-12-31"],
    "timestamp": ["0001-01-01 00:00:00", "9999-12-31 23:59:59"],
}  # fmt: skip


def refused_by_sqlite(schema, columns):
    try:
        build_from_columns(schema, columns)
    except SnapshotError:
        return True
    return False


def agree(schema, columns):
    wrong = [v for v in validate(schema, columns) if not v.constraint.startswith(OURS)]
    assert bool(wrong) == refused_by_sqlite(schema, columns), wrong


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(filled.schemas(), st.just(read_ddl(filled.CLINIC, dialect="sqlite").schema)), st.data())
def test_one_broken_value_is_found_exactly_when_sqlite_finds_it(schema, data):
    try:
        columns = fill_columns(schema, Recipe({}), rows=40, seed=1, now=filled.NOW)
    except FillError:
        assume(False)
    assert validate(schema, columns) == []
    table = data.draw(st.sampled_from(schema.tables))
    column = data.draw(st.sampled_from([column for column in table.columns if not column.generated]))
    values = columns[table.name][column.name]
    row = data.draw(st.integers(0, len(values) - 1))
    others = [None, *values[:20], *VALUES.get(column.type.kind, [])]
    new = data.draw(st.sampled_from(others))
    # SQLite numbers the rows of a key that it assigns.
    assume(not (new is None and column.name in table.primary_key))
    columns[table.name][column.name] = [*values[:row], new, *values[row + 1 :]]
    agree(schema, columns)
