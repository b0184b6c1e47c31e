"""English word forms."""

import pytest

from synth.inflect import article, is_participle, is_plural, join, participle, plural, singular, split_name


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("order", "orders"),
        ("address", "addresses"),
        ("category", "categories"),
        ("box", "boxes"),
        ("status", "statuses"),
        ("staff member", "staff members"),
        ("person", "people"),
        ("day", "days"),
        ("invoice line", "invoice lines"),
        ("house", "houses"),
    ],
)
def test_plural_and_singular_undo_each_other(one, many):
    assert plural(one) == many
    assert singular(many) == one
    assert singular(one) == one
    assert is_plural(many)
    assert not is_plural(one)


@pytest.mark.parametrize(
    ("noun", "many"), [("date of birth", "dates of birth"), ("quantity per unit", "quantities per unit")]
)
def test_the_head_of_a_noun_phrase_takes_the_plural(noun, many):
    assert plural(noun) == many


def test_measures_are_plural_by_their_first_word():
    assert is_plural("units in stock")
    assert is_plural("units free to sell")
    assert not is_plural("unit price")


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("cancel", "cancelled"),
        ("change", "changed"),
        ("add", "added"),
        ("apply", "applied"),
        ("send", "sent"),
        ("resend", "resent"),
        ("set", "set"),
        ("pay", "paid"),
        ("destroy", "destroyed"),
    ],
)
def test_participles(verb, form):
    assert participle(verb) == form


@pytest.mark.parametrize("word", ["placed", "sent", "paid", "shipped"])
def test_participles_are_known(word):
    assert is_participle(word)


@pytest.mark.parametrize("word", ["need", "red", "order", "set", "seed"])
def test_other_words_are_no_participles(word):
    assert not is_participle(word)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("order_items", ["order", "items"]),
        ("OrderDetails", ["order", "details"]),
        ("customerID", ["customer", "ID"]),
        ("unit_qty", ["unit", "quantity"]),
        ("HTTPStatus", ["http", "status"]),
        ("dob", ["date", "of", "birth"]),
    ],
)
def test_names_are_split_into_words(name, words):
    assert split_name(name) == words


def test_articles_follow_the_sound():
    assert [article(noun) for noun in ("order", "total", "unit price", "update", "item")] == [
        "an order",
        "a total",
        "a unit price",
        "an update",
        "an item",
    ]


def test_lists_are_joined():
    assert [join([]), join(["a"]), join(["a", "b"]), join(["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
