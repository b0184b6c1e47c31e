"""`groundrow new` on dumps of our own: derived environments pass their gates and give samples."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from environments import load_environment

DUMPS = Path(__file__).parent.parent / "environments" / "fixtures"


def groundrow(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "synth.cli", *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.mark.docker
@pytest.mark.parametrize("dump", ["clinic.mysql.sql", "library.sqlite.sql", "club.postgres.sql"])
def test_a_dump_becomes_an_environment_that_gives_samples(dump, tmp_path):
    name = dump.partition(".")[0]
    made = groundrow("new", name, "--from", DUMPS / dump, "--into", tmp_path, "--json")
    assert made.returncode == 0, made.stderr
    checked = groundrow("check", tmp_path / name, "--json")
    assert checked.returncode == 0, [g for g in json.loads(checked.stdout)["gates"] if not g["passed"]]
    done = groundrow("synth", tmp_path / name, "-n", 20, "--seed", 3, "--out", tmp_path / "out", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["verified"], report["level"]) == (20, "docker")
    replayed = groundrow("replay", tmp_path / "out", "--json")
    assert json.loads(replayed.stdout)["reproduced"] == 20


def test_a_name_that_is_taken_is_refused(tmp_path):
    made = groundrow("new", "retail", "--from", DUMPS / "library.sqlite.sql", "--into", tmp_path)
    assert made.returncode == 2
    assert "bundled" in made.stderr


def test_an_existing_folder_is_left_alone(tmp_path):
    (tmp_path / "library").mkdir()
    made = groundrow("new", "library", "--from", DUMPS / "library.sqlite.sql", "--into", tmp_path)
    assert made.returncode == 2
    assert "exists already" in made.stderr


BARE = "CREATE TABLE customers (id INT, name TEXT);\nCREATE TABLE orders (id INT, customer_id INT, placed DATE);\n"


def test_what_a_source_does_not_declare_is_shown_as_inferred_unless_it_is_not_wanted(tmp_path):
    dump = tmp_path / "shop.sql"
    dump.write_text(BARE)
    shown = groundrow("schema", dump, "--dialect", "sqlite").stdout
    assert "3 inferred" in shown
    assert "inferred: orders.customer_id -> customers.id" in shown
    lines = json.loads(groundrow("schema", dump, "--json").stdout)["inferred"]
    assert lines == ["key of customers: id", "key of orders: id", "orders.customer_id -> customers.id"]
    assert json.loads(groundrow("schema", dump, "--no-infer", "--json").stdout)["inferred"] == []
    filled = groundrow("rows", dump, "--rows", 50, "--out", tmp_path / "shop.db", "--json")
    assert json.loads(filled.stdout)["violations"] == 0
    assert groundrow("rows", dump, "--no-infer", "--out", tmp_path / "bare.db").returncode == 0


def test_an_environment_keeps_what_was_inferred_and_infers_nothing_itself(tmp_path):
    dump = tmp_path / "shop.sql"
    dump.write_text(BARE)
    for name, options in (("shop", []), ("bare", ["--no-infer"])):
        made = groundrow("new", name, "--from", dump, "--into", tmp_path, *options, "--json")
        assert made.returncode == 0, made.stderr
    assert 'CONSTRAINT "inferred_link_1"' in (tmp_path / "shop" / "schema.sql").read_text()
    assert "inferred" not in (tmp_path / "bare" / "schema.sql").read_text()
    assert len(load_environment(tmp_path / "shop").schema.table("orders").foreign_keys) == 1
    assert load_environment(tmp_path / "bare").schema.table("orders").foreign_keys == ()
