"""Each metric, on rows where its value is known beforehand."""

import pytest

from schemas import read_ddl, row_metrics, schema_metrics

DDL = """
CREATE TABLE users (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE, city TEXT, country TEXT,
  status TEXT NOT NULL CHECK (status IN ('new', 'old', 'gone')), created_at TIMESTAMP, updated_at TIMESTAMP
);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), price INTEGER NOT NULL, quantity INTEGER,
  note TEXT
);
CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id));
CREATE TABLE alone (id INTEGER PRIMARY KEY);
"""
USERS = {
    "id": [1, 2, 3, 4],
    "name": ["Ann", "Ann", "Bo", "Cy"],
    "email": ["a@b.c", "d@e.f", "nobody", None],
    "city": ["Rome", "Rome", "Oslo", "Oslo"],
    "country": ["IT", "FR", "NO", "NO"],
    "status": ["new", "new", "new", "old"],
    # a Saturday night, a Monday noon
    "created_at": ["2024-06-01 03:00:00", "2024-06-03 12:00:00", None, None],
    "updated_at": ["2024-06-03 12:00:00", "2024-06-01 03:00:00", None, None],
}
ORDERS = {
    "id": list(range(1, 27)),
    "user_id": [1, 1, 1, 2] + [1] * 22,
    "price": [100] * 20 + [1000] * 6,
    "quantity": [0] + [1] * 25,
    "note": ["Lorem ipsum"] + ["fine"] * 25,
}
COLUMNS = {"users": USERS, "orders": ORDERS, "lines": {"id": [1], "order_id": [1]}, "alone": {"id": []}}


@pytest.fixture(scope="module")
def schema():
    return read_ddl(DDL, dialect="sqlite").schema


@pytest.fixture(scope="module")
def of_rows(schema):
    return {metric.name: metric for metric in row_metrics(schema, COLUMNS)}


def test_the_shape_of_a_schema_is_measured(schema):
    found = {metric.name: metric.value for metric in schema_metrics(schema)}
    assert found == {
        "tables": 4,
        "largest_component": 0.75,
        "isolated_tables": 0.25,
        "link_depth": 2,
        "nullable_columns": 7 / 16,
        "mutable_tables": 0.5,
        "natural_keys": 0.25,
    }


@pytest.mark.parametrize(
    ("name", "value", "inside"),
    [
        ("violations", 0, True),
        ("tables_filled", 0.75, False),
        ("fan_out_mean", 27 / 30, None),
        ("lookups_empty", 27 / 30, None),
        ("lookups_one", 2 / 30, None),
        ("lookups_few", 0, None),
        ("lookups_many", 1 / 30, None),
        ("links_with_none_one_and_many", 0.5, True),
        ("links_never_followed", 0, True),
        ("rarest_state", 0, False),
        ("quantities_with_a_zero", 1, None),
        ("enum_coverage", 2 / 3, False),
        ("ambiguous_names", 0.5, False),
        ("emails_like_emails", 2 / 3, False),
        ("dates_in_order", 0.5, False),
        ("cities_in_one_country", 0.5, False),
        ("filler_texts", 1, False),
        ("price_skew", (20 * 100 + 6 * 1000) / 26 / 100, True),
        ("at_weekends", 0.5, None),
        ("at_night", 0.5, False),
    ],
)
def test_each_metric_is_what_the_rows_say(of_rows, name, value, inside):
    assert of_rows[name].value == pytest.approx(value)
    assert of_rows[name].inside is inside


def test_inequality_is_0_for_equals_and_near_1_when_one_has_all(schema):
    def gini(owners):
        orders = {name: values[: len(owners)] for name, values in ORDERS.items()} | {"user_id": owners}
        found = {m.name: m.value for m in row_metrics(schema, COLUMNS | {"orders": orders, "lines": {}})}
        return found["fan_out_gini"]

    assert gini([1, 2, 3, 4]) == 0
    assert gini([1, 1, 1, 1]) == pytest.approx(0.75)


def test_a_schema_of_nothing_and_circles_are_measured_too():
    circle = read_ddl(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER REFERENCES b (id), up INTEGER REFERENCES a (id));"
        "CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a (id))",
        dialect="sqlite",
    ).schema
    assert {metric.name: metric.value for metric in schema_metrics(circle)}["link_depth"] == 0
    assert all(metric.value in (None, 0) for metric in row_metrics(circle, {}))


def test_what_cannot_be_measured_has_no_value_and_no_verdict():
    bare = read_ddl("CREATE TABLE t (a INTEGER)", dialect="sqlite").schema
    found = {metric.name: metric for metric in row_metrics(bare, {"t": {"a": [1]}})}
    assert found["price_skew"].to_json() == {"name": "price_skew", "value": None, "band": [1.05, None], "inside": None}
