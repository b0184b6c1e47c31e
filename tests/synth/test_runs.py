"""Runs as a whole: same bytes whatever the level, the workers or a kill; and replay names what was altered."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from environments import chain_from_json, load_environment
from synth.ground import survey
from synth.ledger import SAMPLES, Plan
from synth.replay import read_run, replay_run
from synth.run import synthesize
from synth.shape import skeleton

RETAIL = Plan(samples=200, seed=7, rows=None, rows_seed=None)


def without_ran_on(folder):
    lines = []
    for line in (folder / SAMPLES).read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        record.pop("ran_on")
        lines.append(json.dumps(record, sort_keys=True))
    return lines


@pytest.fixture(scope="session")
def retail():
    return survey(load_environment("retail"))


@pytest.fixture(scope="session")
def on_process(retail, tmp_path_factory):
    folder = tmp_path_factory.mktemp("process") / "out"
    synthesize(retail, RETAIL, folder, level="process", workers=2)
    return folder


@pytest.fixture(scope="session")
def samples(on_process):
    return [json.loads(line) for line in (on_process / SAMPLES).read_text(encoding="utf-8").splitlines()]


def kiosk_run(kiosk, folder, samples=12, seed=5, workers=1):
    ground = survey(load_environment(kiosk))
    return synthesize(ground, Plan(samples, seed, None, None), folder, level="process", workers=workers)


def test_a_run_has_the_samples_that_were_asked_for(samples):
    assert len(samples) == 200


@pytest.mark.docker
def test_docker_gives_the_bytes_that_a_process_gives(retail, on_process, tmp_path):
    synthesize(retail, RETAIL, tmp_path / "out", level="docker", workers=2)
    assert without_ran_on(tmp_path / "out") == without_ran_on(on_process)
    levels = {
        json.loads(line)["ran_on"]["level"]
        for line in (tmp_path / "out" / SAMPLES).read_text(encoding="utf-8").splitlines()
    }
    assert levels == {"docker"}


def test_one_worker_gives_the_bytes_of_two(kiosk, tmp_path):
    kiosk_run(kiosk, tmp_path / "one", workers=1)
    kiosk_run(kiosk, tmp_path / "two", workers=2)
    assert (tmp_path / "one" / SAMPLES).read_bytes() == (tmp_path / "two" / SAMPLES).read_bytes()


def test_another_seed_gives_other_samples(kiosk, tmp_path):
    kiosk_run(kiosk, tmp_path / "one", seed=5)
    kiosk_run(kiosk, tmp_path / "two", seed=6)
    assert (tmp_path / "one" / SAMPLES).read_bytes() != (tmp_path / "two" / SAMPLES).read_bytes()


def test_a_killed_run_resumes_and_ends_with_the_same_bytes(on_process, tmp_path):
    folder = tmp_path / "out"
    command = [sys.executable, "-m", "synth.cli", "synth", "retail", "-n", "200", "--seed", "7"]
    command += ["--out", str(folder), "--sandbox", "process"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    part = folder / f"{SAMPLES}.part"
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        if part.is_file() and part.read_bytes().count(b"\n") >= 60:
            break
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert part.is_file(), "it was killed before it could be finished"
    with part.open("ab") as torn:
        torn.write(b'{"id": "torn')
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (folder / SAMPLES).read_bytes() == (on_process / SAMPLES).read_bytes()


def test_a_folder_of_another_run_is_not_mixed_in(kiosk, tmp_path):
    from synth.errors import RunFolderError

    kiosk_run(kiosk, tmp_path / "out", seed=5)
    with pytest.raises(RunFolderError, match=r"another configuration \(seed\)"):
        kiosk_run(kiosk, tmp_path / "out", seed=6)


def test_replay_reproduces_every_sample(on_process):
    assert replay_run(read_run(on_process), "process").differences == ()


def _altered_answer(record):
    record["turns"][0]["answer"][0] = "something else"


def _altered_result(record):
    call = record["turns"][0]["trace"]["calls"][0]
    (call["result"] if isinstance(call["result"], dict) else call["result"][0])["extra"] = 1


def _altered_row(record):
    change = next(call["changes"][0] for call in record["turns"][0]["trace"]["calls"] if call["changes"])
    change["new" if "new" in change else "old"]["status"] = "lost"


def test_replay_names_exactly_the_altered_samples(kiosk, tmp_path):
    folder = tmp_path / "out"
    kiosk_run(kiosk, folder)
    records = [json.loads(line) for line in (folder / SAMPLES).read_text(encoding="utf-8").splitlines()]
    answered = next(r for r in records if r["turns"][0]["answer"])
    changed = next(
        r for r in records if r is not answered and any(c["changes"] for c in r["turns"][0]["trace"]["calls"])
    )
    other = next(r for r in records if r is not answered and r is not changed)
    _altered_answer(answered)
    _altered_row(changed)
    _altered_result(other)
    (folder / SAMPLES).write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    found = replay_run(read_run(folder), "process").differences
    assert sorted(d.id for d in found) == sorted(r["id"] for r in (answered, changed, other))


def test_replay_notices_samples_that_are_missing_or_stand_twice(kiosk, tmp_path):
    folder = tmp_path / "out"
    kiosk_run(kiosk, folder, samples=6)
    lines = (folder / SAMPLES).read_text(encoding="utf-8").splitlines(keepends=True)
    for changed in (lines[:4], [], [*lines, lines[0]], [lines[1], lines[0], *lines[2:]], [lines[0], *lines[:5]]):
        (folder / SAMPLES).write_text("".join(changed), encoding="utf-8")
        assert replay_run(read_run(folder), "process").differences


def test_inputs_that_share_a_name_share_their_value(samples):
    for sample in samples:
        for turn in sample["turns"]:
            values = {}
            for literal in chain_from_json(turn["chain"]).literals(every=True):
                assert values.setdefault(literal.input, literal.value) == literal.value


def test_the_mix_is_what_a_run_promises(samples, retail):
    turns = [sample["turns"][0] for sample in samples]
    calls = Counter(len(turn["trace"]["calls"]) for turn in turns)
    assert min(calls) >= 1
    assert max(calls) <= 8
    scenarios = Counter(sample["scenario"] for sample in samples)
    assert set(scenarios) == {"single_hop", "parallel_single_hop", "multi_hop", "parallel_multi_hop"}
    assert scenarios["single_hop"] <= 20
    used = {call["tool"] for turn in turns for call in turn["trace"]["calls"]}
    assert len(used) >= 0.8 * len(retail.tools)
    assert sum(any(call["changes"] for call in turn["trace"]["calls"]) for turn in turns) >= 200 / 3
    assert len({turn["queries"]["hard"].lower() for turn in turns}) == 200


def test_no_skeleton_takes_more_than_a_twentieth(samples):
    shapes = Counter(skeleton(chain_from_json(sample["turns"][0]["chain"])) for sample in samples)
    assert max(shapes.values()) <= 10


def test_every_record_holds_what_its_readers_need(samples):
    for sample in samples:
        assert {"id", "environment", "scenario", "turns", "advanced_tool", "difficulty", "messages", "tools"} <= set(
            sample
        )
        assert {check["name"] for check in sample["checks"]} == {
            "recomputed",
            "traceable",
            "unique",
            "no_leak",
            "composite_equal",
            "choices_matter",
            "grounded",
            "reproduced",
        }
        for message in sample["messages"]:
            for call in message.get("tool_calls", ()):
                assert isinstance(json.loads(call["function"]["arguments"]), dict)
        compile(sample["advanced_tool"]["source"], "advanced", "exec")


def test_two_draws_of_every_composite_succeed_beside_the_original(samples):
    for sample in samples:
        drawn = sample["advanced_tool"]["equivalence"]
        assert drawn[0]["outcome"] == "answered"
        assert len(drawn) > 5
        assert sum(draw["outcome"] == "answered" for draw in drawn[1:]) >= 2


def test_the_folder_of_a_run_is_all_that_replay_needs(kiosk, tmp_path):
    kiosk_run(kiosk, tmp_path / "out")
    for file in sorted(Path(kiosk).iterdir()):
        file.unlink()
    assert replay_run(read_run(tmp_path / "out"), "process").differences == ()
