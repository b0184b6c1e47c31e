"""Names of schemas as English words."""

import keyword

import pytest

from environments.naming import (
    article,
    identifier,
    is_reserved,
    label,
    link_name,
    plural,
    singular,
    table_words,
    vocabulary,
)
from schemas import Column, ColumnType, ForeignKey, Schema, Table

INTEGER = ColumnType("integer")
TEXT = ColumnType("text")


def table(name: str, *columns: str) -> Table:
    return Table(name, tuple(Column(column, TEXT) for column in columns))


CLUB = Schema(
    (
        table("bookings", "bookid", "facid", "memid", "starttime", "slots"),
        table("facilities", "facid", "name", "membercost", "initialoutlay", "monthlymaintenance"),
        table("members", "memid", "surname", "firstname", "zipcode", "recommendedby", "joindate"),
    )
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("facid", "facility id"),
        ("starttime", "start time"),
        ("membercost", "member cost"),
        ("monthlymaintenance", "monthly maintenance"),
        ("recommendedby", "recommended by"),
        ("firstname", "first name"),
        ("surname", "surname"),
        ("UnitPrice", "unit price"),
        ("HTTPStatusCode", "http status code"),
        ("order_qty", "order quantity"),
        ("Order Details", "order details"),
        ("größe", "größe"),
        ("paid", "paid"),
    ],
)
def test_a_name_is_split_into_the_words_it_is_made_of(name: str, words: str) -> None:
    assert " ".join(vocabulary(CLUB).split(name)) == words


def test_run_together_names_are_cut_at_the_schemas_own_nouns() -> None:
    schema = Schema((table("titles", "title_id"), table("authors", "au_id"), table("titleauthor", "royaltyper")))
    assert vocabulary(schema).split("titleauthor") == ("title", "author")


def test_a_prefix_that_most_tables_share_is_dropped() -> None:
    tables = tuple(table(f"shop_{name}", "id") for name in ("customers", "orders", "products", "invoices", "returns"))
    schema = Schema(tables)
    words = vocabulary(schema)
    assert [table_words(one, words) for one in schema.tables] == [
        ("customer",),
        ("order",),
        ("product",),
        ("invoice",),
        ("return",),
    ]


def test_a_table_whose_name_counts_nothing_gets_a_noun_that_does() -> None:
    schema = Schema((table("staff", "id"), table("job_history", "id"), table("inventory", "id")))
    words = vocabulary(schema)
    assert [" ".join(table_words(one, words)) for one in schema.tables] == [
        "staff member",
        "job history entry",
        "inventory item",
    ]


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("facility", "facilities"),
        ("box", "boxes"),
        ("status", "statuses"),
        ("person", "people"),
        ("address", "addresses"),
        ("analysis", "analyses"),
        ("day", "days"),
        ("species", "species"),
        ("movie", "movies"),
        ("house", "houses"),
        ("branch", "branches"),
    ],
)
def test_plurals_and_singulars_undo_each_other(one: str, many: str) -> None:
    assert plural(one) == many
    assert singular(many) == one


def test_a_participle_says_a_link_both_ways() -> None:
    words = vocabulary(CLUB)
    key = ForeignKey(("recommendedby",), "members", ("memid",))
    name = link_name(key, ("member",), words, person=True)
    assert (name.role, name.forward, name.backward) == ("", "who recommended", "recommended by")


def test_an_irregular_participle_gets_its_simple_past() -> None:
    name = link_name(ForeignKey(("written_by",), "people", ("id",)), ("person",), vocabulary(CLUB), person=True)
    assert (name.forward, name.backward) == ("who wrote", "written by")


@pytest.mark.parametrize(
    ("column", "target", "role"),
    [
        ("facid", ("facility",), ""),
        ("customer_id", ("customer",), ""),
        ("SupportRepId", ("employee",), "support rep"),
        ("reports_to", ("employee",), "manager"),
        ("manager_staff_id", ("staff", "member"), "manager"),
        ("billing_address_id", ("address",), "billing address"),
        ("u", ("user",), ""),
        ("x1", ("thing",), ""),
    ],
)
def test_a_links_column_tells_the_targets_role(column: str, target: tuple[str, ...], role: str) -> None:
    key = ForeignKey((column,), "target", ("id",))
    assert link_name(key, target, vocabulary(CLUB), person=False).role == role


@pytest.mark.parametrize("words", [("Größe",), ("2nd", "line"), ("日本",), ("a b", "c"), ("",)])
def test_every_name_gives_an_identifier(words: tuple[str, ...]) -> None:
    name = identifier(words)
    assert name.isidentifier()
    assert name.isascii()


@pytest.mark.parametrize("name", ["class", "type", "db", "sql", "self", "id", "match"])
def test_names_that_would_hide_something_are_reserved(name: str) -> None:
    assert is_reserved(name) or keyword.iskeyword(name)


def test_labels_and_articles_read_as_english() -> None:
    assert label(("home", "phone")) == "home phone number"
    assert label(("isbn",)) == "ISBN"
    assert [article(noun) for noun in ("order", "user", "unit", "album")] == [
        "an order",
        "a user",
        "a unit",
        "an album",
    ]
