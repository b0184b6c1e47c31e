"""A whole column drawn at once is what its rows give one by one, for every source and salt."""

import apsw
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Check, Column, ColumnType, Recipe, Schema, Table, fill, fill_columns, parse_recipe, read_ddl
from schemas.cohere import relate
from schemas.condition import Condition
from schemas.moment import NO_MOMENT, read_moment, read_moments, write_date, write_dates, write_moment, write_moments
from schemas.plan import plan
from schemas.produce import produce
from schemas.randomness import Skewed, Stream, Weighted
from schemas.site import Site

NOW = "2025-06-30 12:00:00"
SHOP = read_ddl(
    """
    CREATE TABLE users (id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, city TEXT, postcode TEXT,
        born DATE, joined TIMESTAMP, seen TIMESTAMP, score INTEGER, rate REAL, price NUMERIC(8, 2), cents INTEGER,
        state TEXT, mail TEXT, code TEXT, flag BOOLEAN, left_at TIMESTAMP, n_orders INTEGER, spent INTEGER);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), amount INTEGER,
        placed TIMESTAMP, paid TIMESTAMP, tax INTEGER, name TEXT);
    """,
    dialect="sqlite",
).schema
RECIPE = {
    "users": {
        "share": 1,
        "columns": {
            "first_name": {"faker": "first_name"},
            "last_name": {"words": "brand", "null": 0.2},
            "born": {"between": ["-60y", "-18y"]},
            "joined": {"between": ["-700d", "-1d"], "time": "working"},
            "seen": {"after": "joined", "within": "40d", "time": "working"},
            "score": {"skewed": [0, 900], "mean": 40},
            "rate": {"between": [0.5, 9.5]},
            "price": {"price": [2, 9000]},
            "cents": {"price": [2, 900]},
            "state": {"choice": ["a", "b", "c"], "weights": [1, 2, 7]},
            "mail": {"text": "{first_name|slug}.{number:4}@{domain}"},
            "code": {"text": "{letters:2}-{number:3}"},
            "flag": {"expr": "state == 'a' or score > 50 and not (rate < 3)"},
            "left_at": {"after": "seen", "within": "9d", "when": "state in ('b', 'c') and last_name is not None"},
            "n_orders": {"count": "orders"},
            "spent": {"sum": "orders.amount"},
        },
    },
    "orders": {
        "each": "users",
        "count": {"choice": [0, 1, 3]},
        "columns": {
            "amount": {"between": [1, 90]},
            "placed": {"after": "users.joined", "within": "90d"},
            "paid": {"after": "placed", "within": "2h", "null": 0.3},
            "tax": {"expr": "amount * 2 - abs(amount - 40) if amount > 9 else None"},
            "name": {"copy": "users.first_name"},
        },
    },
}


@pytest.fixture(scope="module")
def drawn():
    """The plan of the shop, drawn whole."""
    recipe = parse_recipe(RECIPE, SHOP)
    found = plan(SHOP, recipe, relate(SHOP, recipe), {"users": 300, "orders": 0}, seed=3, now=NOW)
    for step in found.steps:
        step()
    return recipe, found.store


@pytest.mark.parametrize("place", [(t, c) for t, of in RECIPE.items() for c in of["columns"]], ids="-".join)
@pytest.mark.parametrize("salt", [0, 5])
def test_many_draws_are_the_single_draws(drawn, place, salt):
    recipe, store = drawn
    table = SHOP.table(place[0])
    site = Site(SHOP, store, recipe.bound(), 3, read_moment(NOW), table, table.column(place[1]))
    made = produce(recipe.table(table.name).columns[place[1]], site)
    assert made.many is not None or made.seconds is not None
    living = store.rows(table.name)
    for rows in (living, living[3:40:7], []):
        assert made.column(np.array(rows, np.int64), salt) == [made.draw(row, salt) for row in rows]


def test_what_stands_in_the_columns_is_what_single_draws_give(drawn):
    recipe, store = drawn
    for table in SHOP.tables:
        for name, said in recipe.table(table.name).columns.items():
            site = Site(SHOP, store, recipe.bound(), 3, read_moment(NOW), table, table.column(name))
            made = produce(said, site)
            expected = [made.draw(row, 0) for row in store.rows(table.name)]
            found = [store.columns[table.name, name][row] for row in store.rows(table.name)]
            assert found == [int(v) if isinstance(v, bool) else v for v in expected], name


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 9), limit=st.integers(1, 2**40), start=st.integers(0, 10**6), salt=st.integers(0, 500))
def test_a_streams_draws_do_not_depend_on_how_many_are_asked_for(seed, limit, start, salt):
    stream = Stream(seed, "t", "c")
    rows = np.arange(start, start + 20)
    assert stream.many_bits(rows, salt).tolist() == [stream.bits(row, salt) for row in rows.tolist()]
    assert stream.units(rows, salt).tolist() == [stream.unit(row, salt) for row in rows.tolist()]
    assert stream.belows(limit, rows, salt).tolist() == [stream.below(limit, row, salt) for row in rows.tolist()]
    units = stream.units(rows, salt)
    weighted, skewed = Weighted((1, 0, 5, 2)), Skewed(3, 3 + limit % 5000, 4 + limit % 7)
    assert weighted.many(units).tolist() == [weighted.at(unit) for unit in units.tolist()]
    assert skewed.many(units).tolist() == [skewed.at(unit) for unit in units.tolist()]


def test_a_streams_draws_look_random():
    units = Stream(1, "a").units(np.arange(200_000))
    other = Stream(1, "b").units(np.arange(200_000))
    counts = np.histogram(units, 100, (0, 1))[0]
    assert 60 < float(((counts - 2000) ** 2 / 2000).sum()) < 160  # chi squared with 99 degrees of freedom
    for one, two in ((units[1:], units[:-1]), (units, other), (units, Stream(1, "a").units(np.arange(200_000), 1))):
        assert abs(float(np.corrcoef(one, two)[0, 1])) < 0.012


@given(st.lists(st.one_of(st.none(), st.integers(-(10**9), 4 * 10**9)), max_size=30))
def test_many_moments_are_written_and_read_like_single_ones(seconds):
    known = [number for number in seconds if number is not None]
    array = np.array(known, np.int64)
    assert write_moments(array) == [write_moment(number) for number in known]
    assert write_dates(array) == [write_date(number) for number in known]
    texts = [None if number is None else write_moment(number) for number in seconds]
    assert read_moments(texts).tolist() == [NO_MOMENT if number is None else number for number in seconds]


values = st.one_of(st.none(), st.integers(-5, 5), st.sampled_from([0.5, 2.0, 2**33, "a", "b", ""]))
checks = st.sampled_from(
    [
        '"a" > 1', '"a" <> "b"', '"a" + "b" <= 3', "\"a\" IN (1, 2.0)", "\"a\" IN ('a', 'b') OR \"b\" = 0",
        'NOT "a" < "b"', '"a" IS NULL OR "b" >= 2', '"a" * "b" > "a" - 1', "\"a\" = 'a'", '"a" >= -2 AND "b" <= 0.5',
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(check=checks, rows=st.lists(st.tuples(values, values), min_size=1, max_size=8))
def test_a_check_is_judged_of_many_rows_as_sqlite_judges_each(check, rows):
    table = Table("t", (Column("a", ColumnType("blob")), Column("b", ColumnType("blob"))), checks=(Check(check),))
    condition = Condition(apsw.Connection(":memory:").cursor(), table, (check,), "t")
    columns = [[row[("a", "b").index(name)] for row in rows] for name in condition.columns]
    singly = [condition.values(tuple(column[place] for column in columns))[0] for place in range(len(rows))]
    together = [value for (value,) in condition.many(columns, len(rows))]
    assert [None if v is None else bool(v) for v in together] == [None if v is None else bool(v) for v in singly]


def test_rows_and_columns_are_the_same_and_a_column_more_changes_nothing():
    recipe = parse_recipe(RECIPE, SHOP)
    columns = fill_columns(SHOP, recipe, rows=500, seed=2, now=NOW)
    rows = fill(SHOP, recipe, rows=500, seed=2, now=NOW)
    assert rows["users"] == [
        dict(zip(columns["users"], values, strict=True)) for values in zip(*columns["users"].values(), strict=True)
    ]
    users, orders = SHOP.tables
    wider = Schema((Table("users", (*users.columns, Column("more", ColumnType("text"))), ("id",)), orders))
    again = fill_columns(wider, parse_recipe(RECIPE, wider), rows=500, seed=2, now=NOW)
    assert {name: again["users"][name] for name in columns["users"]} == columns["users"]
    assert again["orders"] == columns["orders"]
    assert fill_columns(Schema((users,)), Recipe({}), rows=50, seed=2, now=NOW)["users"]["id"] == list(range(1, 51))
