"""Kept pools are what Faker would draw, and a file that cannot be used is as none."""

import json
import os
import subprocess
import sys
from importlib.metadata import version

import pytest

from schemas.pool_cache import PoolCache, _path
from schemas.pools import _SIZE, _many

PROGRAM = """
import json, sys
from schemas import Recipe, fill, parse_recipe, read_ddl
schema = read_ddl("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT NOT NULL)", dialect="sqlite").schema
columns = {"a": {"faker": "swift"}, "b": {"text": "{ssn} {iban}"}}
recipe = parse_recipe({"t": {"columns": columns}}, schema)
rows = fill(schema, recipe, rows=30, seed=1, now="2025-06-30 12:00:00")
print(json.dumps([rows, "faker" in sys.modules]))
"""


def filled(folder):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "XDG_CACHE_HOME": str(folder)},
    )
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    _path.cache_clear()
    yield PoolCache(1, 2).path
    _path.cache_clear()


def test_a_second_process_draws_the_same_without_loading_faker(tmp_path):
    first, loaded = filled(tmp_path)
    assert loaded
    (file,) = (tmp_path / "groundrow").iterdir()
    assert file.name.startswith("pools-40.54.0-")
    assert filled(tmp_path) == [first, False]


@pytest.mark.parametrize("content", ["", "{", "[]", "[" * 100_000, '{"pools": 3}'])
def test_a_broken_file_is_as_none_and_is_replaced(path, content):
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    pools = PoolCache(1, 2)
    assert "color" not in pools
    pools.put("color", ["red", 1.5])
    assert PoolCache(1, 2).get("color") == ("red", 1.5)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_pools_of_another_seed_or_size_are_not_taken(path):
    PoolCache(1, 2).put("color", ["red", "blue"])
    assert PoolCache(2, 2).get("color") is None
    assert PoolCache(1, 3).get("color") is None


def test_a_pool_that_is_none_is_left_out_and_the_others_kept(path):
    PoolCache(1, 2).put("color", ["red", "blue"])
    data = json.loads(path.read_text(encoding="utf-8"))
    data["pools"] |= {"short": ["red"], "odd": [[], {}]}
    path.write_text(json.dumps(data), encoding="utf-8")
    found = PoolCache(1, 2)
    assert [found.get(name) is not None for name in ("color", "short", "odd")] == [True, False, False]


def test_two_processes_keep_what_both_have_drawn(path):
    one, other = PoolCache(1, 2), PoolCache(1, 2)
    assert one.get("a") is other.get("b") is None
    one.put("a", [1, 2])
    other.put("b", [3, 4])
    assert (PoolCache(1, 2).get("a"), PoolCache(1, 2).get("b")) == ((1, 2), (3, 4))


def test_a_folder_that_cannot_be_written_to_changes_nothing(tmp_path):
    (tmp_path / "groundrow").write_text("a file where the folder would be", encoding="utf-8")
    expected, _ = filled(tmp_path / "other")
    assert filled(tmp_path) == [expected, True]


def test_import_writes_nothing(tmp_path):
    program = "import schemas, environments, synth.cli"
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("provider", ["first_name", "last_name", "first_name_male", "first_name_female"])
def test_what_is_drawn_at_once_is_what_faker_draws_one_by_one(provider):
    from faker import Faker

    faker = Faker("en_US", use_weighting=True)
    faker.seed_instance(provider)
    at_once = list(_many(faker, provider))
    faker.seed_instance(provider)
    assert at_once == [getattr(faker, provider)() for _ in at_once]
    assert len(at_once) == _SIZE


def test_the_version_of_faker_is_in_the_name_of_the_file(path):
    assert path.name.startswith(f"pools-{version('faker')}-")
