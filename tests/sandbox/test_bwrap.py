"""What the level `bwrap` is made of, looked at from outside."""

import os
import re
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest

from sandbox import LevelUnavailable, RunCalls, WorkerError, available_levels, bwrap, open_sandbox
from sandbox.interpreter import executable, needed_files, shared_objects, standard_library
from sandbox.stage import apsw_folder

SETGID_SETUID_KILL = 1 << 6 | 1 << 7 | 1 << 5


@pytest.fixture(params=["as this user", "in a user namespace"])
def opened(request, world, monkeypatch):
    """A sandbox with an episode; root's own kind and everyone else's differ."""
    if request.param == "in a user namespace":
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        reason = available_levels()["bwrap"].reason
        if reason:
            pytest.skip(reason)
    with open_sandbox(world, level="bwrap") as sandbox:
        monkeypatch.undo()
        sandbox.own_users = request.param == "as this user" and os.geteuid() == 0
        with sandbox.episode():
            yield sandbox


def processes(sandbox):
    """The process ids, as the host sees them: of bwrap, of the supervisor, and of an episode."""
    ids = [sandbox._engine._process.pid]
    while children := Path(f"/proc/{ids[-1]}/task/{ids[-1]}/children").read_text().split():
        ids.append(int(children[0]))
    return ids


def status(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.split() for name, _, value in (line.partition(":") for line in lines)}


def mounts(pid):
    """Options by place."""
    lines = [line.split() for line in Path(f"/proc/{pid}/mounts").read_text().splitlines()]
    assert len({line[1] for line in lines}) == len(lines)
    return {line[1].replace("\\040", " "): line[3].split(",") for line in lines}


@pytest.mark.bwrap
def test_the_root_shows_python_and_the_staged_folder_and_nothing_else(opened):
    _, supervisor, episode = processes(opened)
    python, standard, apsw = executable(), standard_library(), apsw_folder()
    libraries = shared_objects(python, (*needed_files(standard), *needed_files(apsw)))
    wanted = {"/", "/dev/null", "/opt/groundrow/apsw", "/proc", "/run/groundrow", str(python), str(standard)}
    wanted |= {name for name in libraries if not Path(name).is_relative_to(standard)}
    wanted |= {"/etc/ld.so.cache"} if Path("/etc/ld.so.cache").exists() else set()
    wanted |= {str(standard / name) for name in ("site-packages", "dist-packages") if (standard / name).is_dir()}
    found = mounts(supervisor)
    assert found == mounts(episode)
    assert {place for place in found if not place.startswith("/proc/")} == wanted
    assert {place for place, options in found.items() if "ro" not in options} == {"/proc", "/dev/null"}
    root = Path("/proc", str(supervisor), "root")
    tops = {Path(place).parts[1] for place in wanted if place != "/"}
    assert {path.name for path in root.iterdir()} == tops
    assert {path.name for path in (root / "dev").iterdir()} == {"null"}
    assert not any(path.is_file() for path in (root / "etc").iterdir() if path.name != "ld.so.cache")
    for name in ("site-packages", "dist-packages"):
        covered = root / str(standard / name)[1:]
        assert not covered.exists() or list(covered.iterdir()) == []


@pytest.mark.bwrap
def test_an_episode_is_nobody_without_capabilities_and_locked_down(opened):
    _, supervisor, episode = processes(opened)
    inside = status(episode)
    user = "65534" if opened.own_users else str(os.geteuid())
    assert inside["Uid"] == inside["Gid"] == [user] * 4
    # Of the other two kinds only a program that is executed could gain something, and none is.
    for kind in ("CapPrm", "CapEff", "CapAmb"):
        assert int(inside[kind][0], 16) == 0
    assert (inside["NoNewPrivs"], inside["Seccomp"]) == (["1"], ["2"])
    keeps = SETGID_SETUID_KILL if opened.own_users else 0
    of_supervisor = status(supervisor)
    assert int(of_supervisor["CapEff"][0], 16) == int(of_supervisor["CapPrm"][0], 16) == keeps
    assert of_supervisor["NoNewPrivs"] == ["1"]


@pytest.mark.bwrap
def test_namespaces_are_its_own_and_the_supervisor_is_the_first_process_of_them(opened):
    _, supervisor, episode = processes(opened)
    kinds = ["net", "ipc", "uts", "pid", "mnt", *([] if opened.own_users else ["user"])]
    for kind in kinds:
        of_supervisor = Path(f"/proc/{supervisor}/ns/{kind}").stat().st_ino
        assert of_supervisor != Path(f"/proc/self/ns/{kind}").stat().st_ino
        assert of_supervisor == Path(f"/proc/{episode}/ns/{kind}").stat().st_ino
    assert status(supervisor)["NSpid"] == [str(supervisor), "1"]


@pytest.mark.bwrap
def test_the_network_has_a_loopback_and_no_way_out(opened):
    _, supervisor, _ = processes(opened)
    lines = Path(f"/proc/{supervisor}/net/dev").read_text().splitlines()[2:]
    assert [line.partition(":")[0].strip() for line in lines] == ["lo"]
    assert Path(f"/proc/{supervisor}/net/route").read_text().splitlines()[1:] == []


@pytest.mark.bwrap
def test_the_supervisor_has_its_errors_and_its_connections_open_and_nothing_of_the_host(opened):
    _, supervisor, _ = processes(opened)
    ends = [str(path.readlink()) for path in Path(f"/proc/{supervisor}/fd").iterdir()]
    others = [end for end in ends if end != "/dev/null" and not end.startswith("socket:")]
    assert [Path(end).name for end in others if not end.startswith("anon_inode:")] == ["errors (deleted)"]


@pytest.mark.bwrap
def test_the_name_that_protects_the_socket_is_not_among_the_mounts(opened):
    for pid in processes(opened):
        assert not re.search(r"groundrow-[^ /]*/[0-9a-f]{32}", Path(f"/proc/{pid}/mountinfo").read_text())


@pytest.mark.bwrap
def test_a_sandbox_outlives_the_thread_that_opened_it(world):
    made = []
    thread = threading.Thread(target=lambda: made.append(open_sandbox(world, level="bwrap")))
    thread.start()
    thread.join()
    with made[0] as sandbox, sandbox.episode() as episode:
        (outcome,) = episode.run([RunCalls((("count_orders", {}),))])
        assert outcome.calls[0].result == {"orders": 4}


@pytest.mark.bwrap
def test_everything_inside_ends_with_bubblewrap(world):
    with open_sandbox(world, level="bwrap") as sandbox, sandbox.episode() as episode:
        ids = processes(sandbox)
        os.kill(ids[0], signal.SIGKILL)
        until = time.monotonic() + 10
        while any(Path(f"/proc/{pid}").exists() for pid in ids[1:]):
            assert time.monotonic() < until
            time.sleep(0.02)
        with pytest.raises(WorkerError, match=r"the supervisor ended with status -9"):
            episode.run([RunCalls((("count_orders", {}),))])


@pytest.mark.bwrap
def test_a_bubblewrap_that_is_not_let_is_said_in_one_sentence(monkeypatch, tmp_path):
    real = shutil.which("bwrap")
    for words, said in (
        ("echo 'bwrap: no namespaces today' >&2; exit 1", "fails here (bwrap: no namespaces today); allow "),
        (f'exec {real} --no-such-option "$@"', "fails here (bwrap: Unknown option --no-such-option); allow "),
        ("exit 3", "fails here (status 3); allow "),
    ):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        (folder / "bwrap").write_text(f"#!/bin/sh\n{words}\n")
        (folder / "bwrap").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        reason = available_levels()["bwrap"].reason
        assert said in reason
        assert reason.endswith(", or choose another level")
        assert "\n" not in reason


def test_a_bubblewrap_that_is_no_program_is_said_in_one_sentence(monkeypatch, tmp_path, world):
    (tmp_path / "bwrap").write_text("no program")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LevelUnavailable, match=r"bwrap' cannot be executed \(Exec format error\); install it anew"):
        open_sandbox(world, level="bwrap")
    with pytest.raises(LevelUnavailable, match=r"bwrap' cannot be executed \(Exec format error\); install it anew"):
        bwrap.open_bwrap(world, label="", hash_seed=0, limits=None, reversed_rows=False)
