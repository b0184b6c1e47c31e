"""What a column's values stand for, by keys and foreign keys."""

import pytest

from environments import ColumnRef, Denotation
from schemas import Column, ColumnType, ForeignKey, Schema, Table


@pytest.fixture(scope="module")
def denotation(schema: Schema) -> Denotation:
    return Denotation(schema)


def ref(text: str) -> ColumnRef:
    table, _, column = text.partition(".")
    return ColumnRef(table, column)


@pytest.mark.parametrize(
    ("column", "root"),
    [
        ("members.id", "members.id"),
        ("loans.member_id", "members.id"),
        ("members.sponsor_id", "members.id"),
        ("members.branch", "branches.name"),
        ("loans.isbn", "books.isbn"),
        ("copies.number", "copies.number"),
        ("loans.number", "copies.number"),
        ("loans.due", "loans.due"),
    ],
)
def test_a_foreign_key_is_followed_to_its_end(denotation: Denotation, column: str, root: str) -> None:
    assert denotation.root(ref(column)) == ref(root)


@pytest.mark.parametrize(
    ("column", "table"),
    [
        ("members.id", "members"),
        ("loans.member_id", "members"),
        ("members.email", "members"),
        ("members.sponsor_id", "members"),
        ("members.branch", "branches"),
        ("loans.isbn", "books"),
        ("covers.isbn", "books"),
        ("copies.number", ""),
        ("loans.number", ""),
        ("books.title", ""),
        ("members.active", ""),
    ],
)
def test_a_value_denotes_the_row_it_singles_out(denotation: Denotation, column: str, table: str) -> None:
    assert denotation.denotes(ref(column)) == table


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("loans.member_id", True),
        ("loans.isbn", True),
        ("loans.number", True),
        ("members.id", False),
        ("loans.due", False),
    ],
)
def test_links_are_columns_of_foreign_keys(denotation: Denotation, column: str, expected: bool) -> None:
    assert denotation.is_link(ref(column)) is expected


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("members.id", True),
        ("loans.member_id", True),
        ("members.sponsor_id", True),
        ("members.card", True),
        ("copies.number", True),
        ("members.email", False),
        ("members.branch", False),
        ("loans.isbn", False),
        ("books.price", False),
    ],
)
def test_machine_keys_are_keys_of_a_type_that_nobody_says(denotation: Denotation, column: str, expected: bool) -> None:
    assert denotation.is_surrogate(ref(column)) is expected


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("members.email", True),
        ("books.isbn", True),
        ("branches.name", True),
        ("members.id", False),
        ("members.card", False),
        ("members.branch", False),
        ("copies.isbn", False),
        ("covers.isbn", False),
        ("books.title", False),
    ],
)
def test_natural_keys_identify_a_row_by_something_said(denotation: Denotation, column: str, expected: bool) -> None:
    assert denotation.is_natural_key(ref(column)) is expected


def test_the_kind_of_a_column_is_that_of_its_type(denotation: Denotation) -> None:
    assert denotation.kind(ref("loans.due")) == "date"
    with pytest.raises(KeyError):
        denotation.kind(ref("loans.weight"))


def test_foreign_keys_that_go_round_in_a_circle_end() -> None:
    def half(name: str, other: str) -> Table:
        column = Column("id", ColumnType("integer"), nullable=False)
        return Table(name, (column,), ("id",), foreign_keys=(ForeignKey(("id",), other, ("id",)),))

    circle = Denotation(Schema((half("left", "right"), half("right", "left"))))
    assert circle.denotes(ColumnRef("left", "id")) == "right"
    assert circle.denotes(ColumnRef("right", "id")) == "left"


def test_a_key_that_nobody_says_is_a_machine_key_whatever_its_type(schema: Schema) -> None:
    marked = Denotation(schema, ["branches.name", "books.title"])
    assert marked.is_surrogate(ref("members.branch"))
    assert not marked.is_natural_key(ref("branches.name"))
    assert marked.is_surrogate(ref("books.title")) is Denotation(schema).is_surrogate(ref("books.title"))
