"""Attacks that take more than one call: while tools are loaded, over many programs, after an episode's end.

And what is not held, said as tests: what `sandbox/ISOLATION.md` admits must be true as well.
"""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox import EpisodeLost, Limits, RunCalls, ToolsBroken, open_sandbox

COUNT = RunCalls((("count", {}),))
SOURCE = """
import ctypes, gc, json, os, select, signal, socket, struct, sys, time
from environments import Db, ToolError


def own():
    return next(item for item in gc.get_objects() if isinstance(item, socket.socket) and is_open(item.fileno()))


def is_open(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def count(db: Db):
    return db.one("SELECT count(*) AS orders FROM orders")


def many_values(db: Db):
    return {"values": [0] * 1_000_000}


def too_many_values(db: Db):
    return {"values": [0] * 1_100_000}


def ignore_the_limit(db: Db):
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        pass


def lie(db: Db):
    return {"orders": 0}


def forge(db: Db):
    call = ["", "count", {}, {"orders": -1}]
    body = json.dumps({"n": 1, "i": 0, "outcome": {"calls": [call]}}).encode()
    own().sendall(struct.pack(">I", len(body)) + body)
    select.select([], [], [], 60)


def long_bug(db: Db):
    fault = {"tool": "x" * 1_000_000, "type": "y" * 1_000_000, "message": "z" * 8_000_000, "line": None}
    body = json.dumps({"n": 1, "i": 0, "outcome": {"calls": [], "changes": [], "bug": fault}}).encode()
    own().sendall(struct.pack(">I", len(body)) + body)
    select.select([], [], [], 60)


def exists(db: Db):
    found = {}
    for path in ("/etc/shadow", "/etc/passwd"):
        try:
            found[path] = os.stat(path).st_size > 0
        except OSError as error:
            found[path] = type(error).__name__
    return found


def leave(db: Db):
    os._exit(3)
"""


@pytest.fixture(scope="module")
def opened(world_of):
    """`opened(level)`: one sandbox a level."""
    with contextlib.ExitStack() as stack:
        found = {}

        def at(level):
            if level not in found:
                found[level] = stack.enter_context(
                    open_sandbox(world_of(SOURCE), level=level, limits=Limits(reply_bytes=16 << 20))
                )
            return found[level]

        yield at


@pytest.fixture
def attacked(isolating, opened):
    return opened(isolating.level)


def called(episode, *tools, deadline=20.0):
    return episode.run([RunCalls(((tool, {}),)) for tool in tools], deadline=deadline)


def test_a_run_whose_answers_are_too_much_together_is_ended(attacked):
    with attacked.episode() as episode, attacked.episode() as neighbour:
        assert [len(o.calls[0].result["values"]) for o in called(episode, "many_values", "many_values")] == [10**6] * 2
        with pytest.raises(EpisodeLost, match="together are too large") as lost:
            called(episode, *["many_values"] * 12)
        assert lost.value.kind == "protocol"
        assert called(neighbour, "count")[0].calls[0].result == {"orders": 4}


def test_an_outcome_of_too_many_values_is_a_bug_of_its_program_only(attacked):
    with attacked.episode() as episode:
        large, small = called(episode, "too_many_values", "count")
    assert large.bug.type == "NotPlain"
    assert "more than 1048576 values" in large.bug.message
    assert small.calls[0].result == {"orders": 4}


def test_the_limit_of_processor_time_cannot_be_ignored(isolating, world_of):
    with (
        open_sandbox(world_of(SOURCE), level=isolating.level, limits=Limits(cpu_seconds=1)) as sandbox,
        sandbox.episode() as neighbour,
        sandbox.episode() as episode,
    ):
        with pytest.raises(EpisodeLost) as lost:
            called(episode, "ignore_the_limit")
        assert "20.0 s passed" not in str(lost.value)
        assert lost.value.kind == "deadline"
        assert "of processor time" in str(lost.value)
        assert called(neighbour, "count")[0].bug is None


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import os\nos._exit(3)\n", EpisodeLost),
        ("import ctypes\nctypes.string_at(0)\n", EpisodeLost),
        ("raise SystemExit(3)\n", ToolsBroken),
        ("raise KeyboardInterrupt\n", ToolsBroken),
        ("x = bytearray(8 << 30)\n", ToolsBroken),
        ("def f():\n    f()\nf()\n", ToolsBroken),
        ("import os\nos.kill(os.getppid(), 9)\n", ToolsBroken),
        ("open('/etc/passwd')\n", ToolsBroken),
        ("class E(Exception):\n    def __str__(self):\n        raise SystemExit\nraise E\n", ToolsBroken),
    ],
)
def test_an_attack_while_tools_are_loaded_costs_its_own_episode(isolating, world_of, source, error):
    world = world_of(source + "def count(db: Db):\n    return {}\n")
    with open_sandbox(world, level=isolating.level) as sandbox:
        for _ in range(2):  # the sandbox itself goes on
            with pytest.raises(error):
                sandbox.episode()


def test_a_forged_bug_is_shown_at_a_length_that_can_be_read(attacked):
    with attacked.episode() as episode:
        bug = called(episode, "long_bug")[0].bug
    assert bug.message.startswith("zzz")
    assert max(len(bug.tool), len(bug.type), len(bug.message)) < 5000


def test_a_number_that_another_process_took_over_is_not_killed(world_of):
    """At the level `process`, whose process numbers are those of this machine and can be chosen here."""
    chooser = Path("/proc/sys/kernel/ns_last_pid")
    if not os.access(chooser, os.W_OK):
        pytest.skip("process numbers cannot be chosen here")
    with open_sandbox(world_of(SOURCE), level="process", limits=Limits(spares=0)) as sandbox:
        episode = sandbox.episode()
        supervisor = sandbox._engine._process.pid
        (pid,) = map(int, Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split())
        with pytest.raises(EpisodeLost):
            called(episode, "leave")
        assert not Path(f"/proc/{pid}").exists()
        for _ in range(50):
            chooser.write_text(str(pid - 1), encoding="ascii")
            other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
            if other.pid == pid:
                break
            other.kill()
            other.wait()
        else:
            pytest.skip("the number was taken by another process each time")
        try:
            sandbox.kill(episode._number)
            sandbox.kill(episode._number)
            sandbox.ask({"do": "fate", "episode": episode._number})
            sandbox.episode().close()
            sandbox.close()
            time.sleep(0.1)
            assert other.poll() is None
        finally:
            other.kill()
            other.wait()


def test_what_is_not_held_a_tool_lies_about_its_own_result(attacked):
    with attacked.episode() as episode:
        assert called(episode, "lie")[0].calls[0].result == {"orders": 0}
    with attacked.episode() as episode:
        assert called(episode, "forge")[0].calls[0].result == {"orders": -1}
    # Witnessed, its own word is what its function returns, and there is no frame of the host's to forge.
    with attacked.episode(witnessed=True) as episode:
        assert called(episode, "lie")[0].calls[0].result == {"orders": 0}
    with attacked.episode(witnessed=True) as episode, pytest.raises(EpisodeLost) as caught:
        called(episode, "forge")
    assert caught.value.kind == "protocol"
    with attacked.episode() as episode:
        assert episode.run([COUNT])[0].calls[0].result == {"orders": 4}


def test_what_is_not_held_at_process_a_path_of_the_host_can_be_asked_for(attacked):
    with attacked.episode() as episode:
        found = called(episode, "exists")[0].calls[0].result
    if attacked.level == "process":
        assert found["/etc/passwd"] is True
    else:
        assert set(found.values()) <= {"FileNotFoundError", "PermissionError"}
