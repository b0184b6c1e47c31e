"""The command line: what it prints, how it fails, and that nothing is left behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest


def groundrow(*arguments, env=None, timeout=180):
    return subprocess.run(
        [sys.executable, "-m", "synth.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
        env={**os.environ, **(env or {})},
    )


def sentence(done):
    """The one line of a failure; a traceback or an essay fails the test."""
    lines = [line for line in done.stderr.splitlines() if line.startswith("groundrow: ")]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


@pytest.mark.parametrize("command", ["new", "check", "synth", "replay", "call", "schema", "rows", "doctor", "bench"])
def test_every_command_has_help_with_an_example(command):
    done = groundrow(command, "--help")
    assert done.returncode == 0
    assert f"groundrow {command}" in done.stdout


def test_a_wrong_name_gets_the_nearest_one():
    done = groundrow("synth", "retial", "-n", "1")
    assert done.returncode == 2
    assert sentence(done) == "groundrow: no environment named 'retial'; did you mean 'retail'?"


def test_a_wrong_tool_name_gets_the_nearest_one(kiosk):
    done = groundrow("call", kiosk, "find_gest", "{}")
    assert done.returncode == 2
    assert "did you mean 'find_guest'?" in sentence(done)


def test_an_unknown_option_is_bad_usage(kiosk):
    assert groundrow("check", kiosk, "--nonsense").returncode == 2


def test_a_broken_tool_file_is_named_with_its_line(kiosk):
    text = (kiosk / "tools.py").read_text(encoding="utf-8")
    line = text[: text.index("def list_lines")].count("\n") + 1
    (kiosk / "tools.py").write_text(text.replace("def list_lines(db: Db,", "def list_lines(db: Db"), encoding="utf-8")
    done = groundrow("check", kiosk)
    assert done.returncode == 2
    assert f"tools.py, line {line}" in sentence(done)


def test_call_shows_the_result_and_the_changed_rows(kiosk):
    done = groundrow("call", kiosk, "change_pieces", '{"line_id": 1, "pieces": 9}', "--sandbox", "process", "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert made["result"]["pieces"] == 9
    (change,) = made["changes"]
    assert (change["table"], change["op"], change["new"]) == ("lines", "update", {"pieces": 9})


def test_call_refuses_wrong_arguments_before_anything_runs(kiosk):
    done = groundrow("call", kiosk, "change_pieces", '{"line_id": "one", "pieces": 9}', "--sandbox", "process")
    assert done.returncode == 2
    assert "'line_id' must be of type integer" in sentence(done)


def test_call_reports_a_refusal_with_exit_code_one(kiosk):
    done = groundrow("call", kiosk, "change_pieces", '{"line_id": 1, "pieces": 0}', "--sandbox", "process")
    assert done.returncode == 1
    assert "at least one piece" in done.stderr


HARM = {
    "raises": ("    return row", "    return {'line_id': 1 // 0}", "ZeroDivisionError"),
    "allocates": (
        "    return row",
        "    kept = []\n    while True:\n        kept.append(bytearray(1 << 24))",
        "memory",
    ),
    "loops": ("    return row", "    while True:\n        pass", "deadline"),
}


def broken(kiosk, how):
    old, new, word = HARM[how]
    text = (kiosk / "tools.py").read_text(encoding="utf-8")
    head, tail = text[: text.rindex(old)], text[text.rindex(old) + len(old) :]
    (kiosk / "tools.py").write_text(head + new + tail, encoding="utf-8")
    from environments import load_environment, mark_reviewed

    mark_reviewed(load_environment(kiosk), "the tests")
    return word


@pytest.mark.parametrize("how", sorted(HARM))
def test_a_harmful_tool_ends_in_one_sentence(kiosk, how):
    word = broken(kiosk, how)
    done = groundrow("call", kiosk, "change_pieces", '{"line_id": 1, "pieces": 9}', "--sandbox", "process")
    assert done.returncode == 1
    assert word.lower() in sentence(done).lower()


@pytest.mark.parametrize("how", sorted(HARM))
def test_check_names_a_harmful_tool(kiosk, how):
    word = broken(kiosk, how)
    done = groundrow("check", kiosk, "--sandbox", "process", "--json")
    assert done.returncode == 1, done.stderr
    (gate,) = [g for g in json.loads(done.stdout)["gates"] if g["name"] == "no_bug"]
    assert not gate["passed"]
    assert "change_pieces" in gate["detail"]
    assert word.lower() in gate["detail"].lower()


def test_check_passes_a_sound_environment(kiosk):
    done = groundrow("check", kiosk, "--sandbox", "process", "--json")
    assert done.returncode == 0, done.stdout
    report = json.loads(done.stdout)
    assert report["passed"]
    assert report["metrics"]["tools"] == 5
    assert {metric["name"] for metric in report["metrics"]["quality"]} >= {"link_depth", "null_share", "image_kb"}


LIES = {
    "reads": (
        "dish, pieces FROM lines WHERE order_id",
        "dish, pieces FROM lines WHERE EXISTS (SELECT 1 FROM guests) AND order_id",
    ),
    "sources": (
        '"status": "orders.status",\n        "placed_on"',
        '"status": "orders.placed_on",\n        "placed_on"',
    ),
    "writes": ('writes=("orders.status",)', 'writes=("orders.total_cents",)'),
    "fields": ("dish, pieces FROM lines WHERE order_id", "dish FROM lines WHERE order_id"),
    "read_only": (
        '    found = db.one("SELECT id AS guest_id',
        '    db.run("UPDATE guests SET city = \'Rome\'")\n    found = db.one("SELECT id AS guest_id',
    ),
}


@pytest.mark.parametrize("gate", sorted(LIES))
def test_check_catches_a_contract_that_lies(kiosk, gate):
    old, new = LIES[gate]
    text = (kiosk / "tools.py").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (kiosk / "tools.py").write_text(text.replace(old, new), encoding="utf-8")
    from environments import load_environment, mark_reviewed

    mark_reviewed(load_environment(kiosk), "the tests")
    done = groundrow("check", kiosk, "--sandbox", "process", "--json")
    assert done.returncode == 1, done.stderr
    assert gate in [g["name"] for g in json.loads(done.stdout)["gates"] if not g["passed"]]


def test_unreviewed_tools_need_an_isolating_level(kiosk):
    with (kiosk / "tools.py").open("a", encoding="utf-8") as tools:
        tools.write("\n# edited after the review\n")
    done = groundrow("check", kiosk, "--sandbox", "process")
    assert done.returncode == 2
    assert "review" in sentence(done)


def test_an_unreachable_engine_is_one_sentence(kiosk):
    done = groundrow("check", kiosk, "--sandbox", "docker", env={"DOCKER_HOST": "unix:///nowhere/docker.sock"})
    assert done.returncode == 2
    assert "engine" in sentence(done).lower()


def test_auto_says_why_it_took_none_of_the_stronger_levels(tmp_path):
    without = {"DOCKER_HOST": "unix:///nowhere/docker.sock", "PATH": str(tmp_path)}
    done = groundrow("call", "retail", "find_customer", '{"email": "nobody"}', env=without)
    assert "the next level is taken, process: docker cannot be had: no container engine answers" in done.stderr
    assert "; bwrap cannot be had: there is no program bwrap in PATH" in done.stderr


def test_a_level_that_does_not_exist_is_refused(kiosk):
    done = groundrow("check", kiosk, "--sandbox", "strongbox")
    assert done.returncode == 2
    assert "strongbox" in sentence(done)


def test_replay_of_no_run_says_so(tmp_path):
    done = groundrow("replay", tmp_path)
    assert done.returncode == 2
    assert "not the folder of a run" in sentence(done)


PAYLOAD = """
import os, pathlib, socket, subprocess
for harm in (
    lambda: pathlib.Path({marker!r}).write_text("fired"),
    lambda: os.system("touch " + {marker!r}),
    lambda: subprocess.run(["touch", {marker!r}]),
    lambda: os.kill(os.getppid(), 9),
):
    try:
        harm()
    except BaseException:
        pass
"""


@pytest.mark.docker
def test_an_import_time_payload_fires_under_no_command(kiosk, tmp_path):
    marker = tmp_path / "marker"
    text = (kiosk / "tools.py").read_text(encoding="utf-8")
    (kiosk / "tools.py").write_text(text + PAYLOAD.format(marker=str(marker)), encoding="utf-8")
    assert groundrow("check", kiosk).returncode in (0, 1)
    groundrow("call", kiosk, "change_pieces", '{"line_id": 1, "pieces": 9}')
    groundrow("synth", kiosk, "-n", 3, "--out", tmp_path / "out")
    groundrow("replay", tmp_path / "out")
    groundrow("rows", kiosk, "--rows", 50, "--out", tmp_path / "k.db")
    groundrow("schema", kiosk / "schema.sql")
    groundrow("new", "copy", "--from", kiosk / "schema.sql", "--into", tmp_path)
    assert not marker.exists()


def test_a_reviewed_payload_is_held_by_the_process_level_too(kiosk, tmp_path):
    from environments import load_environment, mark_reviewed

    marker = tmp_path / "marker"
    marker_folder_open_to_all = tmp_path
    marker_folder_open_to_all.chmod(0o777)
    text = (kiosk / "tools.py").read_text(encoding="utf-8")
    (kiosk / "tools.py").write_text(text + PAYLOAD.format(marker=str(marker)), encoding="utf-8")
    mark_reviewed(load_environment(kiosk), "somebody careless")
    done = groundrow("call", kiosk, "change_pieces", '{"line_id": 1, "pieces": 9}', "--sandbox", "process")
    assert done.returncode == 0, done.stderr
    assert not marker.exists()


def containers():
    import docker

    client = docker.from_env()
    try:
        return {c.id for c in client.containers.list(all=True, filters={"label": "groundrow"})}
    finally:
        client.close()


@pytest.mark.docker
def test_an_interrupted_run_leaves_no_container_and_says_so(tmp_path):
    before = containers()
    command = [sys.executable, "-m", "synth.cli", "synth", "retail", "-n", "5000", "--out", str(tmp_path / "out")]
    process = subprocess.Popen(
        [*command, "--sandbox", "docker"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    part = tmp_path / "out" / "samples.jsonl.part"
    until = time.monotonic() + 60
    while time.monotonic() < until and not (part.is_file() and part.stat().st_size):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "interrupted" in errors
    until = time.monotonic() + 10
    while containers() - before and time.monotonic() < until:
        time.sleep(0.1)
    assert containers() - before == set()


def test_schema_counts_what_was_read(kiosk):
    done = groundrow("schema", kiosk / "schema.sql", "--json")
    report = json.loads(done.stdout)
    assert (report["tables"], report["foreign_keys"], report["losses"]) == (3, 2, [])


def test_schema_writes_postgres_and_json_that_is_a_source_again(kiosk, tmp_path):
    assert "GENERATED BY DEFAULT AS IDENTITY" in groundrow("schema", kiosk / "schema.sql", "--to", "postgres").stdout
    written = tmp_path / "kiosk.json"
    written.write_text(groundrow("schema", kiosk / "schema.sql", "--to", "json").stdout, encoding="utf-8")
    done = groundrow("schema", written, "--to", "sqlite")
    assert done.returncode == 0, done.stderr
    assert done.stdout == groundrow("schema", kiosk / "schema.sql", "--to", "sqlite").stdout
    filled = groundrow("rows", written, "--rows", 100, "--out", tmp_path / "k.db", "--json")
    assert json.loads(filled.stdout)["violations"] == 0


@pytest.mark.parametrize("text", ["{", "[]", '{"tables": []}', '{"tables": [{"name": "t"}]}'])
def test_json_that_is_no_schema_is_one_sentence(tmp_path, text):
    (tmp_path / "odd.json").write_text(text, encoding="utf-8")
    done = groundrow("schema", tmp_path / "odd.json")
    assert done.returncode == 2
    sentence(done)


def test_schema_of_no_sql_file_is_one_sentence(tmp_path):
    (tmp_path / "picture.sql").write_bytes(bytes(range(256)) * 40)
    done = groundrow("schema", tmp_path / "picture.sql")
    assert done.returncode == 2
    sentence(done)


def test_rows_fills_a_schema_without_violations(kiosk, tmp_path):
    done = groundrow("rows", kiosk, "--rows", 300, "--out", tmp_path / "k.db", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["violations"] == 0
    assert 240 <= report["rows"] <= 360


def test_doctor_names_every_level():
    report = json.loads(groundrow("doctor", "--json").stdout)
    assert {"docker", "bwrap", "process", "inprocess"} <= set(report["levels"])
    assert all({"available", "label", "reason"} == set(level) for level in report["levels"].values())


def test_a_run_with_a_looping_tool_gives_up_and_says_why(kiosk, tmp_path):
    broken(kiosk, "loops")
    done = groundrow("synth", kiosk, "-n", 30, "--out", tmp_path / "out", "--sandbox", "process", "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert "lost their episode" in report["reason"]
    assert any("deadline" in fault for fault in report["faults"])


def test_a_run_with_a_raising_tool_goes_on_and_names_it(kiosk, tmp_path):
    broken(kiosk, "raises")
    done = groundrow("synth", kiosk, "-n", 10, "--out", tmp_path / "out", "--sandbox", "process", "--json")
    assert done.returncode == 0
    (fault,) = json.loads(done.stdout)["faults"]
    assert "change_pieces raised ZeroDivisionError" in fault
    assert "tools.py, line" in fault


@pytest.mark.parametrize(
    "arguments", [["synth"], ["synth", "retail", "-n", "0"], ["nonsense"], ["check", "retail", "--nonsense"]]
)
def test_bad_usage_gives_one_json_object_too(arguments):
    done = groundrow(*arguments, "--json")
    assert done.returncode == 2
    assert "error" in json.loads(done.stdout)


def test_deeply_nested_arguments_are_one_sentence(kiosk):
    done = groundrow("call", kiosk, "find_guest", "[" * 100_000, "--sandbox", "process")
    assert done.returncode == 2
    assert "not JSON" in sentence(done)


def test_a_review_needs_a_name(kiosk):
    done = groundrow("check", kiosk, "--sandbox", "process", "--review", "")
    assert done.returncode == 2
    assert "name" in sentence(done)


def test_two_processes_do_not_write_into_one_folder(kiosk, tmp_path):
    command = [sys.executable, "-m", "synth.cli", "synth", str(kiosk), "-n", "2000", "--out", str(tmp_path / "out")]
    first = subprocess.Popen([*command, "--sandbox", "process"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and not (tmp_path / "out" / "samples.jsonl.part").is_file():
            time.sleep(0.02)
        second = groundrow("synth", kiosk, "-n", 2000, "--out", tmp_path / "out", "--sandbox", "process")
    finally:
        first.kill()
        first.wait()
    assert second.returncode == 2
    assert "another process" in sentence(second)


def test_check_catches_a_link_that_comes_from_another_column(tmp_path):
    from environments import bundled_environments, load_environment, mark_reviewed

    assert "retail" in bundled_environments()
    folder = tmp_path / "shop"
    shutil.copytree(load_environment("retail").folder, folder)
    text = (folder / "tools.py").read_text(encoding="utf-8")
    honest = "SELECT id AS order_id, customer_id, address_id, warehouse"
    assert text.count(honest) == 1
    lie = honest.replace("customer_id,", "id AS customer_id,")
    (folder / "tools.py").write_text(text.replace(honest, lie), encoding="utf-8")
    mark_reviewed(load_environment(folder), "the tests")
    done = groundrow("check", folder, "--sandbox", "process", "--json")
    assert done.returncode == 1
    (gate,) = [gate for gate in json.loads(done.stdout)["gates"] if not gate["passed"]]
    assert gate["name"] == "sources"
    assert "find_order: 'customer_id' does not come from orders.customer_id" in gate["detail"]
