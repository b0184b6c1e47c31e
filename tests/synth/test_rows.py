"""`groundrow rows`: into a file or a PostgreSQL database, shown, judged twice, and never half there."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import apsw
import pytest

from schemas import SnapshotError, read_ddl, write_database
from synth.preview import preview

SHOP = """
CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(40) NOT NULL UNIQUE, created_at TIMESTAMP NOT NULL);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), total INTEGER NOT NULL CHECK (total > 0)
);
CREATE INDEX by_user ON orders (user_id);
"""


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "shop.sql"
    path.write_text(SHOP, encoding="utf-8")
    return path


def started(*arguments, **options):
    command = [sys.executable, "-m", "synth.cli", "rows", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def rows(*arguments, **options):
    process = started(*arguments, **options)
    out, err = process.communicate(timeout=180)
    return process.returncode, out, err


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def sentence(err):
    (line,) = [line for line in err.splitlines() if line.startswith("groundrow: ")]
    assert "Traceback" not in err
    return line


def test_the_json_tells_rows_violations_seconds_and_each_table(shop, tmp_path):
    code, out, err = rows(shop, "--rows", 300, "--out", tmp_path / "x.db", "--json")
    assert code == 0, err
    told = json.loads(out)
    assert set(told) == {"rows", "violations", "seconds", "tables", "dialect", "guessed"}
    assert told["violations"] == 0
    assert told["rows"] == sum(told["tables"].values())
    with apsw.Connection(str(tmp_path / "x.db")) as database:
        counts = {name: database.execute(f"SELECT COUNT(*) FROM {name}").get for name in told["tables"]}
        assert counts == told["tables"]
        assert database.pragma("integrity_check") == "ok"
        assert database.execute("SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'orders_index%'").get == 1


def test_people_are_shown_a_few_rows_of_the_largest_tables(shop, tmp_path):
    code, out, _ = rows(shop, "--rows", 300, "--out", tmp_path / "x.db")
    assert code == 0
    assert "orders: " in out
    assert [word for word in ("user_id", "email", "created_at") if word not in out] == []
    assert "0 violations" in out.splitlines()[-1]
    assert left(tmp_path) == ["shop.sql", "x.db"]


def test_the_same_seed_gives_the_same_file(shop, tmp_path):
    for name in ("a.db", "b.db"):
        assert rows(shop, "--rows", 200, "--out", tmp_path / name)[0] == 0
    assert (tmp_path / "a.db").read_bytes() == (tmp_path / "b.db").read_bytes()


def test_a_preview_cuts_wide_values_and_leaves_out_what_is_empty():
    wide = {f"c{number}": [None, None] for number in range(9)}
    (shown,) = preview({"t": wide | {"text": ["x" * 50, "a\nb"]}, "empty": {"a": []}})
    assert shown.title == "t: 2 rows, 2 more columns"
    assert shown.headings[-1] == "text"
    assert [row[-1] for row in shown.rows] == ["x" * 19 + "…", "a b"]


def test_an_interrupt_leaves_no_half_file(shop, tmp_path):
    process = started(shop, "--rows", 60_000, "--out", tmp_path / "x.db", "--json")
    until = time.monotonic() + 60
    while not any(name.endswith(".part") for name in left(tmp_path)) and time.monotonic() < until:
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert left(tmp_path) == ["shop.sql"]


def test_a_file_that_cannot_grow_is_one_sentence_and_gone(shop, tmp_path):
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    code, _, err = rows(shop, "--rows", 3000, "--out", tmp_path / "x.db", preexec_fn=limit)
    assert code == 2
    assert sentence(err).startswith(f"groundrow: cannot write {str(tmp_path / 'x.db')!r}: ")
    assert left(tmp_path) == ["shop.sql"]


def test_a_full_disk_is_said_to_be_full(tmp_path, monkeypatch):
    schema = read_ddl(SHOP, dialect="sqlite").schema
    opened = apsw.Connection

    def small(path):
        found = opened(path)
        found.pragma("max_page_count", 12)  # what SQLite raises then is what it raises for a full disk
        return found

    monkeypatch.setattr(apsw, "Connection", small)
    users = {"id": list(range(9999)), "email": [f"{n}@b.c" for n in range(9999)], "created_at": ["2024-01-01"] * 9999}
    with pytest.raises(SnapshotError, match=r"cannot write '.*x\.db': the disk is full"):
        write_database(schema, {"users": users}, tmp_path / "x.db")
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("no/such/folder/x.db", "there is no such folder, or it may not be written to"),
        ("mysql://a:secret@b/c", "rows cannot be written to mysql://"),
        ("postgresql://a:secret@127.0.0.1:1/c", "nothing answers there"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_one_sentence(shop, tmp_path, out, said):
    code, _, err = rows(
        shop.name, "--rows", 20, "--out", out, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    )
    assert code == 2
    assert said in sentence(err)
    assert "secret" not in err


def test_a_file_that_exists_is_left_alone(shop, tmp_path):
    (tmp_path / "x.db").write_text("mine", encoding="utf-8")
    code, _, err = rows(shop, "--out", tmp_path / "x.db")
    assert code == 2
    assert "exists already" in sentence(err)
    assert (tmp_path / "x.db").read_text(encoding="utf-8") == "mine"


@pytest.mark.postgres
def test_a_postgres_database_is_filled_and_a_filled_one_refused(postgres, shop):
    code, out, err = rows(shop, "--rows", 300, "--out", postgres.url, "--json")
    assert code == 0, err
    told = json.loads(out)
    assert int(postgres.run("SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM orders)")) == told["rows"]
    code, out, err = rows(shop, "--rows", 300, "--out", postgres.url)
    assert code == 2
    assert "is not empty, it holds 'orders'" in sentence(err)
    assert "s3cret" not in out + err
