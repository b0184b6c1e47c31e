"""Commands whose SOURCE is a live database."""

import contextlib
import json
import sqlite3
import subprocess
import sys

import pytest

from synth.source import source_name

CLUB = """
CREATE TABLE members (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, email text NOT NULL UNIQUE, name text NOT NULL,
    joined_on date NOT NULL, level text NOT NULL CHECK (level IN ('plain', 'silver', 'gold')));
CREATE TABLE bookings (id serial PRIMARY KEY, member_id int NOT NULL REFERENCES members, court int NOT NULL,
    booked_for timestamp NOT NULL, status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done', 'cancelled')));
CREATE VIEW open_bookings AS SELECT * FROM bookings WHERE status = 'open';
INSERT INTO members (email, name, joined_on, level)
    SELECT 'm' || i || '@example.org', 'Member ' || i, date '2024-01-01' + i,
        (ARRAY['plain', 'silver', 'gold'])[i % 3 + 1] FROM generate_series(1, 30) AS i;
INSERT INTO bookings (member_id, court, booked_for, status)
    SELECT i % 30 + 1, i % 4 + 1, timestamp '2024-05-01 08:00' + i * interval '1 hour',
        (ARRAY['open', 'done', 'cancelled'])[i % 3 + 1] FROM generate_series(1, 90) AS i;
"""


def groundrow(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "synth.cli", *map(str, arguments)], capture_output=True, text=True, check=False, cwd=cwd
    )


@pytest.fixture
def club(postgres):
    postgres.run(CLUB)
    return postgres


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "club.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL); INSERT INTO t VALUES (1, 'a');"
        )
    return path


def texts(folder):
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.mark.postgres
def test_schema_of_a_url_says_what_was_read_and_lost(club):
    done = groundrow("schema", club.url, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["tables"], report["foreign_keys"], report["checks"]) == (2, 1, 2)
    assert (report["dialect"], report["guessed"]) == ("postgres", False)
    assert [loss["reason"] for loss in report["losses"]] == ["views are not kept"]
    said = groundrow("schema", club.url)
    assert said.stdout.startswith("read as postgres: 2 tables, ")


@pytest.mark.postgres
def test_new_keeps_the_rows_of_a_database_only_when_asked_and_no_secret_ever(club, tmp_path):
    made = groundrow("new", "plain", "--from", club.url, "--into", tmp_path, "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["rows_kept"] == 0
    kept = groundrow("new", "kept", "--from", club.url, "--keep-rows", "--into", tmp_path, "--json")
    assert kept.returncode == 0, kept.stderr
    assert json.loads(kept.stdout)["rows_kept"] == 120
    assert "rows.jsonl" not in texts(tmp_path / "plain")
    assert "m1@example.org" not in str(texts(tmp_path / "plain"))
    assert "m1@example.org" in texts(tmp_path / "kept")["rows.jsonl"]
    for folder in (tmp_path / "plain", tmp_path / "kept"):
        settings = texts(folder)["environment.toml"]
        assert f"postgresql database '{club.name}'" in settings
        for secret in ("s3cret", "127.0.0.1", str(club.server.port), "postgresql:"):
            assert secret not in str(texts(folder)) + made.stderr + kept.stderr


@pytest.mark.postgres
def test_rows_fills_the_schema_of_a_database(club, tmp_path):
    done = groundrow("rows", club.url, "--rows", 200, "--out", tmp_path / "filled.db", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["violations"] == 0
    assert "m1@example.org" not in str((tmp_path / "filled.db").read_bytes())


@pytest.mark.postgres
@pytest.mark.parametrize("command", ["schema", "new", "rows"])
def test_a_refused_password_is_one_sentence_that_does_not_show_it(club, tmp_path, command):
    url = club.server.url(club.name, "postgres", "op3nsesame")
    arguments = {
        "schema": [url],
        "new": ["x", "--from", url, "--into", tmp_path],
        "rows": [url, "--out", tmp_path / "x.db"],
    }
    done = groundrow(command, *arguments[command], "--json")
    assert done.returncode == 2
    assert "the server refuses this user or password" in json.loads(done.stdout)["error"]
    assert done.stderr.count("\n") == 1
    assert "op3nsesame" not in done.stdout + done.stderr


@pytest.mark.parametrize("source", ["postgresql:/ann:op3nsesame@host/x", "ftp://ann:op3nsesame@host/x"])
def test_a_source_that_is_none_is_one_sentence_without_a_password(source, tmp_path):
    for done in (groundrow("schema", source), groundrow("new", "x", "--from", source, "--into", tmp_path)):
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "op3nsesame" not in done.stderr


def test_a_sqlite_file_is_a_source_by_its_path_and_by_its_url(file):
    for source in (file, f"sqlite:///{file}"):
        done = groundrow("schema", source, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["tables"] == 1
    made = groundrow("new", "club", "--from", file, "--into", file.parent, "--keep-rows", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["rows_kept"] == 1
    assert groundrow("rows", file, "--rows", 10, "--out", file.parent / "filled.db").returncode == 0


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("dumps/shop.sql", "shop.sql"),
        ("postgresql+psycopg://ann:hush@host:5432/shop?password=hush", "postgresql database 'shop'"),
        ("postgresql://ann:hu/sh?hush@host/the%20shop", "postgresql database 'the shop'"),
        ("mysql://host/shop?password=hush@hush/hush", "mysql database 'shop'"),
        ("postgresql://ann:hush@host", "postgresql database"),
        ("sqlite:////somewhere/private/shop.db", "sqlite database 'shop.db'"),
    ],
)
def test_what_is_said_of_a_source_for_good_is_engine_and_name(source, name):
    assert source_name(source) == name


def test_a_dialect_that_is_not_the_databases_is_bad_input(file):
    done = groundrow("schema", file, "--dialect", "mysql")
    assert done.returncode == 2
    assert "the database is sqlite and not mysql" in done.stderr


def test_the_rows_of_a_dump_can_be_left_out(tmp_path):
    dump = tmp_path / "dump.sql"
    dump.write_text("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL); INSERT INTO t VALUES (1, 'a');")
    for option, kept in ((), 1), (("--keep-rows",), 1), (("--no-keep-rows",), 0):
        made = groundrow("new", f"made{len(str(option))}", "--from", dump, "--into", tmp_path, "--json", *option)
        assert json.loads(made.stdout)["rows_kept"] == kept


def test_a_guessed_dialect_is_said_to_be_guessed(tmp_path):
    dump = tmp_path / "dump.sql"
    dump.write_text("CREATE TABLE t (id serial PRIMARY KEY, a jsonb);")
    assert groundrow("schema", dump).stdout.startswith("read as postgres (guessed): 1 tables")
    assert groundrow("schema", dump, "--dialect", "postgres").stdout.startswith("read as postgres: 1 tables")
    assert json.loads(groundrow("schema", dump, "--json").stdout)["guessed"] is True
    dump.write_text("CREATE TABLE t (id serial PRIMARY KEY, a jsonb, name text NOT NULL);")
    assert "read as postgres (guessed)" in groundrow("new", "guessed", "--from", dump, "--into", tmp_path).stdout
    assert "read as postgres (guessed)" in groundrow("rows", dump, "--out", tmp_path / "rows.db").stdout
    made = groundrow("rows", dump, "--dialect", "postgres", "--out", tmp_path / "more.db", "--json")
    assert (json.loads(made.stdout)["dialect"], json.loads(made.stdout)["guessed"]) == ("postgres", False)
