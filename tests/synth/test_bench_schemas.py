"""`groundrow bench schemas`: its shop is sound, its invariants find what is wrong, and so do its floors. No speed."""

import apsw
import pytest

from schemas import as_rows, build_from_columns, build_snapshot, fill_columns, open_snapshot, validate
from synth import bench_schemas
from synth.bench_naive import naive_rows
from synth.bench_postgres import private_server
from synth.bench_schemas import broken_invariants, schemas_experiments
from synth.bench_shop import INVARIANTS, NOW, shop, shop_recipe
from synth.errors import CannotMeasure

NAMES = {"rows_sqlite_100k", "rows_postgres_100k", "first_database_10k", "first_database_10k_cached"}
WRONG = {
    "an order's total is the sum of its lines": "UPDATE order_items SET quantity = 9, amount = 9 * unit_price",
    "a payment is its order's total": "UPDATE payments SET amount = amount + 1",
    "an order's address belongs to its user": "UPDATE orders SET address_id = (SELECT MAX(id) FROM addresses)",
    "created, shipped, delivered in this order": "UPDATE orders SET shipped_at = NULL WHERE status = 'delivered'",
    "shipped_at is NULL exactly when not shipped": "UPDATE orders SET status = 'new'",
    "a line costs what its product costs": "UPDATE products SET price = price + 1",
}


def count(database):
    return lambda sql: int(database.execute(sql).get)


@pytest.fixture(scope="module")
def columns():
    return fill_columns(shop(), shop_recipe(), rows=600, seed=1, now=NOW)


def test_the_shop_keeps_every_invariant_and_every_constraint(columns):
    assert validate(shop(), columns) == []
    assert broken_invariants(count(open_snapshot(build_from_columns(shop(), columns)))) == {}


def test_rows_made_by_hand_keep_them_too():
    rows = naive_rows(400)
    assert all(rows.values())
    assert broken_invariants(count(open_snapshot(build_snapshot(shop(), rows)))) == {}


@pytest.mark.parametrize("name", INVARIANTS)
def test_each_invariant_finds_rows_that_break_it(columns, name):
    database = open_snapshot(build_from_columns(shop(), columns))
    database.pragma("ignore_check_constraints", True)
    database.execute(WRONG[name])
    assert broken_invariants(count(database))[name] > 0


def test_wrong_rows_are_never_measured(monkeypatch):
    monkeypatch.setattr(bench_schemas, "ROWS", 300)
    monkeypatch.setattr(bench_schemas, "INVARIANTS", {"nothing": "SELECT COUNT(*) FROM users"})
    with pytest.raises(CannotMeasure, match="the rows are wrong, and their speed says nothing: 'nothing' in"):
        schemas_experiments()[0].take(frozenset(NAMES))


def test_every_figure_has_both_floors(monkeypatch):
    for name, value in {"ROWS": 300, "FEWER": 60, "FIRST": 100, "ROUNDS": 1}.items():
        monkeypatch.setattr(bench_schemas, name, value)
    experiments = schemas_experiments()
    assert {name for e in experiments for name in e.names} == NAMES | {name + "_by_naive_faker" for name in NAMES}
    for experiment in (experiments[0], experiments[3]):
        figures = experiment.take(frozenset(experiment.names))
        assert tuple(figure.name for figure in figures) == experiment.names
        assert all(turn.floor > 0 and turn.value > 0 for figure in figures for turn in figure.rounds)
        assert figures[0].target


@pytest.mark.postgres
def test_postgres_is_measured_on_a_server_that_is_gone_afterwards(monkeypatch):
    for name, value in {"ROWS": 300, "FEWER": 60, "FIRST": 100, "ROUNDS": 1}.items():
        monkeypatch.setattr(bench_schemas, name, value)
    experiment = schemas_experiments()[1]
    assert [figure.name for figure in experiment.take(frozenset(experiment.names))] == list(experiment.names)
    with private_server() as server:
        assert server.answers()
    assert not server.answers()


def test_a_machine_without_a_server_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr("synth.bench_postgres._INSTALLED", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotMeasure, match="there is no PostgreSQL server on this machine"), private_server():
        pass


def test_the_floor_inserts_the_same_rows(columns, monkeypatch):
    kept = []

    class Kept(apsw.Connection):
        def close(self, *arguments):
            kept.append(self.execute("SELECT COUNT(*) FROM orders").get)
            super().close(*arguments)

    monkeypatch.setattr(apsw, "Connection", Kept)
    bench_schemas._insert(as_rows(columns))
    assert kept == [len(columns["orders"]["id"])]
