"""Nothing is left over, whenever and by whom a sandbox is ended."""

import functools
import gc
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import warnings
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container, ContainerCollection

from sandbox import EngineUnreachable, LevelUnavailable, Limits, RunCalls, WorkerError, available_levels, open_sandbox
from sandbox.stage import Stage
from sandbox.transport import Connection
from sandbox.warm import WarmSandbox

SLOW = "while True:\n    pass\n"


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def containers():
    client = docker.from_env()
    try:
        found = client.api.containers(all=True, filters={"label": "groundrow.owner"})
    finally:
        client.close()
    mine = [c for c in found if c["Labels"]["groundrow.owner"].split("/")[2] == str(os.getpid())]
    return {c["Id"] for c in mine}


def interrupt(*_, **__):
    raise KeyboardInterrupt


@pytest.mark.docker
@pytest.mark.parametrize("moment", ["before it is made", "after it is made", "after it is started", "connecting"])
def test_an_interrupt_while_a_container_is_opened_leaves_nothing(world, temporary, monkeypatch, moment):
    before = containers()
    create, start = ContainerCollection.create, Container.start

    def after(act):
        def acted(*args, **kwargs):
            act(*args, **kwargs)
            raise KeyboardInterrupt

        return acted

    if moment == "before it is made":
        monkeypatch.setattr(ContainerCollection, "create", interrupt)
    elif moment == "after it is made":
        monkeypatch.setattr(ContainerCollection, "create", after(create))
    elif moment == "after it is started":
        monkeypatch.setattr(Container, "start", after(start))
    else:
        monkeypatch.setattr(WarmSandbox, "_accept", interrupt)
    with pytest.raises(KeyboardInterrupt):
        open_sandbox(world, level="docker")
    assert list(temporary.iterdir()) == []
    assert containers() <= before


@pytest.mark.docker
def test_a_container_that_does_not_start_leaves_nothing(world, temporary):
    before = containers()
    with pytest.raises(EngineUnreachable, match="does not start"):
        open_sandbox(world, level="docker", limits=Limits(container_memory=1))
    assert list(temporary.iterdir()) == []
    assert containers() <= before


def test_an_interrupt_while_a_folder_is_staged_leaves_nothing(temporary, monkeypatch):
    monkeypatch.setattr("sandbox.stage.write_runtime", interrupt)
    with pytest.raises(KeyboardInterrupt):
        Stage()
    assert list(temporary.iterdir()) == []


def test_an_interrupt_while_a_supervisor_connects_takes_no_time(isolating, world, monkeypatch):
    monkeypatch.setattr(WarmSandbox, "_accept", interrupt)
    before = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        open_sandbox(world, level=isolating.level)
    assert time.monotonic() - before < 4.0


def test_an_interpreter_that_cannot_be_executed_is_said_in_one_sentence(world, temporary, monkeypatch):
    python = temporary / "python"
    python.touch(0o644)
    monkeypatch.setattr(sys, "executable", str(python))
    assert not available_levels()["process"].available
    with pytest.raises(LevelUnavailable, match="python' cannot be executed") as caught:
        open_sandbox(world, level="process")
    assert "\n" not in str(caught.value)
    python.write_text("no program")
    python.chmod(0o755)
    with pytest.raises(LevelUnavailable, match="python' cannot be executed"):
        open_sandbox(world, level="process")
    assert list(temporary.iterdir()) == [python]


def in_thread(act):
    """Runs `act` in a thread; the list gets what it raised."""
    raised = []

    def acted():
        try:
            act()
        except BaseException as error:  # noqa: BLE001
            raised.append(error)

    thread = threading.Thread(target=acted)
    thread.start()
    return thread, raised


def assert_no_socket_is_left():
    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always")
        gc.collect()
    assert [str(warning.message) for warning in left] == []


def test_closing_in_another_thread_ends_an_episode_that_is_being_opened(isolating, world_of):
    sandbox = open_sandbox(world_of(SLOW), level=isolating.level)
    thread, raised = in_thread(sandbox.episode)
    time.sleep(0.3)
    before = time.monotonic()
    sandbox.close()
    thread.join(5)
    assert time.monotonic() - before < 4.0
    assert [type(error) for error in raised] == [WorkerError]
    assert "was closed while it was in use" in str(raised[0])
    raised.clear()
    assert_no_socket_is_left()


def test_closing_in_another_thread_ends_what_is_running_and_what_is_idle(isolating, world):
    sandbox = open_sandbox(world, level=isolating.level)
    idle, busy = sandbox.episode(), sandbox.episode()
    thread, raised = in_thread(functools.partial(busy.run, [RunCalls((("spin", {}),))]))
    time.sleep(0.3)
    sandbox.close()
    thread.join(5)
    assert [type(error) for error in raised] == [WorkerError]
    with pytest.raises(ValueError, match="closed"):
        idle.run([])
    with pytest.raises(ValueError, match="closed"):
        sandbox.episode()
    raised.clear()
    del idle, busy
    assert_no_socket_is_left()


def test_many_threads_may_be_opening_episodes_when_a_sandbox_is_closed(isolating, world):
    sandbox = open_sandbox(world, level=isolating.level)

    def opening():
        while True:
            sandbox.episode()

    threads = [in_thread(opening) for _ in range(4)]
    time.sleep(0.3)
    sandbox.close()
    for thread, raised in threads:
        thread.join(10)
        assert not thread.is_alive()
        assert isinstance(raised[0], WorkerError | ValueError)
        raised.clear()
    assert_no_socket_is_left()


def test_an_interrupt_while_an_episode_is_loading_closes_its_connection(isolating, world, monkeypatch):
    with open_sandbox(world, level=isolating.level) as sandbox:
        with monkeypatch.context() as patched:
            patched.setattr(Connection, "receive", interrupt)
            with pytest.raises(KeyboardInterrupt):
                sandbox.episode()
        sandbox.episode().close()
    assert_no_socket_is_left()


HOST = """
import apsw, sys, time
from sandbox import World, open_sandbox
connection = apsw.Connection(":memory:")
connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY)")
world = World("", (), bytes(connection.serialize("main")), "2025-06-30 12:00:00", "terminated")
with open_sandbox(world, level=sys.argv[1]) as sandbox, sandbox.episode():
    print("open", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_a_host_that_ends_however_it_ends(isolating, temporary, number):
    host = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOST), isolating.level],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    try:
        assert host.stdout.readline() == b"open\n"
        inside = _children(host.pid)
        host.send_signal(number)
        assert host.wait(10) != 0
    finally:
        host.kill()
        host.wait()
        host.stdout.close()
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in inside):
        assert time.monotonic() < until
        time.sleep(0.02)
    assert list(temporary.iterdir()) == []


def _children(pid):
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*children, *(deeper for child in children for deeper in _children(child))]
