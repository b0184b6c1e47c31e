"""Rows as a verified SQLite image."""

from __future__ import annotations

import pytest

from schemas import Recipe, SnapshotError, build_snapshot, count_violations, fill, open_snapshot, read_ddl

DDL = """
CREATE TABLE shelves (id INTEGER PRIMARY KEY, label TEXT NOT NULL UNIQUE);
CREATE TABLE books (
  id INTEGER PRIMARY KEY,
  shelf_id INTEGER NOT NULL REFERENCES shelves (id),
  title TEXT NOT NULL,
  pages INTEGER NOT NULL CHECK (pages > 0),
  twice INTEGER GENERATED ALWAYS AS (pages * 2) STORED
);
"""
ROWS = {
    "books": [{"id": 1, "shelf_id": 7, "title": "Tides", "pages": 90}],
    "shelves": [{"id": 7, "label": "A"}],
}


@pytest.fixture(scope="module")
def schema():
    return read_ddl(DDL, dialect="sqlite").schema


def changed(**books):
    return {**ROWS, "books": [{**ROWS["books"][0], **books}]}


def test_rows_come_back_from_an_image(schema):
    connection = open_snapshot(build_snapshot(schema, ROWS))

    assert list(
        connection.execute("SELECT title, pages, twice, label FROM books JOIN shelves ON shelf_id = shelves.id")
    ) == [("Tides", 90, 180, "A")]
    assert count_violations(connection) == 0


def test_the_same_rows_give_the_same_bytes(schema):
    rows = fill(schema, Recipe({}), rows=300, seed=5, now="2025-06-30 12:00:00")

    assert build_snapshot(schema, rows) == build_snapshot(schema, rows)


def test_every_opening_is_a_private_copy(schema):
    image = build_snapshot(schema, ROWS)
    open_snapshot(image).execute("DELETE FROM books")

    assert next(open_snapshot(image).execute("SELECT count(*) FROM books")) == (1,)


def test_an_opened_snapshot_enforces_foreign_keys(schema):
    connection = open_snapshot(build_snapshot(schema, ROWS))

    with pytest.raises(Exception, match="FOREIGN KEY constraint failed"):
        connection.execute("UPDATE books SET shelf_id = 8")


def test_violations_are_counted(schema):
    connection = open_snapshot(build_snapshot(schema, ROWS))
    connection.pragma("foreign_keys", False)
    connection.pragma("ignore_check_constraints", True)
    connection.execute("UPDATE books SET shelf_id = 8, pages = -1")
    connection.pragma("ignore_check_constraints", False)

    assert count_violations(connection) == 2


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (changed(shelf_id=8), "a row of 'books' .* points at a row of 'shelves' that is not there"),
        (changed(pages=0), "'books': .*CHECK constraint failed.*'pages': 0"),
        (changed(title=None), "'books': .*NOT NULL constraint failed: books.title"),
        ({**ROWS, "shelves": [{"id": 7, "label": "A"}, {"id": 8, "label": "A"}]}, "'shelves': .*UNIQUE.*'id': 8"),
        (changed(colour="red"), "no column 'colour'"),
        ({"boxes": []}, "'boxes', and the schema has no such table"),
    ],
)
def test_rows_that_break_a_constraint_are_named(schema, rows, message):
    with pytest.raises(SnapshotError, match=message):
        build_snapshot(schema, rows)


def test_generated_columns_in_rows_are_left_to_the_database(schema):
    connection = open_snapshot(build_snapshot(schema, changed(twice=1)))

    assert next(connection.execute("SELECT twice FROM books")) == (180,)


@pytest.mark.parametrize("image", [b"", b"no database", b"x" * 5000])
def test_bytes_that_are_no_database_are_refused(image):
    with pytest.raises(SnapshotError, match="no SQLite database"):
        open_snapshot(image)
