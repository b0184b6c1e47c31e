"""`groundrow new` on dumps of our own: derived environments pass their gates and give samples."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

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
