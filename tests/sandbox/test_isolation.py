"""What code that nobody has reviewed cannot do, at each level that isolates."""

import dataclasses
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path

import docker
import pytest

from sandbox import EpisodeLost, Limits, RunCalls, RunSource, WorkerError, open_sandbox

COUNT = ("count_orders", {})


def only(episode, *named, deadline=10.0):
    (outcome,) = episode.run([RunCalls(tuple(named))], deadline=deadline)
    return outcome


def lost(sandbox, *named, deadline=10.0):
    with sandbox.episode() as episode:
        with pytest.raises(EpisodeLost) as caught:
            only(episode, *named, deadline=deadline)
        with pytest.raises(EpisodeLost):
            only(episode, COUNT)
    return caught.value


def wait_until(condition, seconds=10.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.02)


@pytest.mark.parametrize("tool", ["spin", "query_forever"])
def test_an_endless_tool_is_stopped_at_the_deadline_and_its_neighbour_goes_on(isolating, tool):
    with isolating.episode() as neighbour:
        neighbour.run([RunCalls((("set_total", {"order_id": 10, "total": 1}),))], keep=True)
        before = time.monotonic()
        error = lost(isolating, (tool, {}), deadline=0.3)
        assert 0.3 <= time.monotonic() - before < 1.0
        assert error.kind == "deadline"
        assert "0.3 s" in str(error)
        assert str(error).startswith(f"an episode of 'shop@1' in the {isolating.level} sandbox is lost: ")
        assert f"0.3 s passed and the tool {tool!r} did not end" in str(error)
        assert only(neighbour, ("list_orders", {"customer_id": 1})).calls[0].result[0]["total"] == 1


def test_a_memory_bomb_is_a_bug_of_its_tool_and_its_neighbour_goes_on(isolating):
    with isolating.episode() as neighbour, isolating.episode() as episode:
        assert only(episode, ("eat_memory", {})).bug.type == "MemoryError"
        assert only(episode, COUNT).calls[0].result == {"orders": 4}
        assert only(neighbour, COUNT).calls[0].result == {"orders": 4}


def test_a_tool_that_ends_its_process_loses_its_episode_only(isolating):
    with isolating.episode() as neighbour:
        error = lost(isolating, ("leave", {}))
        assert error.kind == "crash"
        assert "status 3" in str(error)
        assert only(neighbour, COUNT).bug is None


def test_an_outcome_that_is_too_large_is_a_bug(isolating):
    with isolating.episode() as episode:
        outcomes = episode.run([RunCalls((("flood", {"size": size}),)) for size in (10, 20_000_000, 10)])
    assert [outcome.bug.type if outcome.bug else "" for outcome in outcomes] == ["", "TooLarge", ""]


def test_the_host_judges_the_length_of_a_reply_by_itself(isolating, world_of):
    source = textwrap.dedent(
        """
        import gc, os, socket
        from environments import Db
        def leave(db: Db):
            sock = next(o for o in gc.get_objects() if isinstance(o, socket.socket))
            sock.sendall(b"\\xff" * 64)
            return {}
        """
    )
    with open_sandbox(world_of(source), level=isolating.level) as sandbox:
        error = lost(sandbox, ("leave", {}))
    assert error.kind == "protocol"
    assert "4294967295 bytes" in str(error)


@pytest.mark.parametrize(
    "sent",
    [
        '{"n": 1}',
        '{"n": 1, "i": 0, "outcome": null}',
        '{"n": 1, "i": 0, "outcome": {"calls": [{}]}}',
        '{"n": 1, "i": 0, "outcome": {"calls": [], "changes": []}}',
        '{"n": 1, "lost": ' + "[" * 900 + "]" * 900 + "}",
        '{"n": 1, "lost": 1e999}',
        "[" * 100_000,
        "[]",
        "nonsense",
        "[NaN]",
    ],
)
def test_a_reply_that_is_no_answer_ends_the_episode(isolating, world_of, sent):
    source = textwrap.dedent(
        f"""
        import gc, socket
        from environments import Db
        def leave(db: Db):
            sock = next(o for o in gc.get_objects() if isinstance(o, socket.socket))
            body = {sent!r}.encode()
            sock.sendall(len(body).to_bytes(4, "big") + body)
            return {{}}
        """
    )
    with open_sandbox(world_of(source), level=isolating.level) as sandbox:
        assert lost(sandbox, ("leave", {})).kind == "protocol"


def test_what_comes_after_the_answer_ends_the_episode(isolating, world_of):
    source = textwrap.dedent(
        """
        import gc, json, socket
        from environments import Db
        def leave(db: Db):
            sock = next(o for o in gc.get_objects() if isinstance(o, socket.socket))
            call = ["", "leave", {}, {}]
            outcome = {"calls": [call], "changes": []}
            body = b""
            for n in (1, 2):
                message = json.dumps({"n": n, "i": 0, "outcome": outcome}).encode()
                body += len(message).to_bytes(4, "big") + message
            sock.sendall(body)
            while True:
                pass
        """
    )
    with open_sandbox(world_of(source), level=isolating.level) as sandbox:
        assert "more than was asked" in str(lost(sandbox, ("leave", {})))


@pytest.mark.parametrize("sent", ['{"loaded": []}', '{"loaded": {"broken": 1}}', '{"loaded": {"broken": {"type": 1}}}'])
def test_a_false_report_of_being_loaded_ends_the_episode(isolating, world_of, sent):
    source = textwrap.dedent(
        f"""
        import gc, socket
        sock = next(o for o in gc.get_objects() if isinstance(o, socket.socket))
        body = {sent!r}.encode()
        sock.sendall(len(body).to_bytes(4, "big") + body)
        """
    )
    with open_sandbox(world_of(source), level=isolating.level) as sandbox, pytest.raises(EpisodeLost) as caught:
        sandbox.episode()
    assert caught.value.kind == "protocol"


def test_a_deadline_names_the_world_briefly_and_only_a_tool_that_is_certain(isolating, world):
    world = dataclasses.replace(world, version="0123456789abcdef" * 4)
    with open_sandbox(world, level=isolating.level) as sandbox:
        several = str(lost(sandbox, COUNT, ("spin", {}), deadline=0.2))
        with sandbox.episode() as episode, pytest.raises(EpisodeLost) as caught:
            episode.run([RunSource("def endless(db):\n    spin(db)\n", "endless", {})], deadline=0.2)
    assert several.startswith("an episode of '0123456789ab' in ")
    assert "0.2 s passed and the tool that was running did not end" in several
    assert "the tool 'endless' did not end" in str(caught.value)


HARM = """
import ctypes, os, signal, socket, subprocess, threading
from environments import Db

HELD = {{}}


def attempt(name, act):
    try:
        act()
    except BaseException as error:
        HELD[name] = type(error).__name__
    else:
        HELD[name] = "done"


def prlimit():
    libc = ctypes.CDLL(None, use_errno=True)
    new = (ctypes.c_uint64 * 2)(1, 1)
    if libc.prlimit(os.getppid(), 7, new, None):
        raise OSError(ctypes.get_errno())


attempt("write", lambda: open({marker!r}, "w").close())
attempt("write /tmp", lambda: open("/tmp/groundrow-was-here", "w").close())
attempt("write here", lambda: os.mkdir("here"))
attempt("read", lambda: open("/etc/hostname").read())
attempt("read /proc", lambda: open("/proc/self/environ").read())
attempt("list", lambda: os.listdir("/"))
attempt("fork", os.fork)
attempt("thread", lambda: threading.Thread(target=print).start())
attempt("exec", lambda: os.execv("/bin/true", ["true"]))
attempt("subprocess", lambda: subprocess.run(["true"]))
attempt("socket", lambda: socket.socket(socket.AF_INET))
attempt("unix socket", lambda: socket.socket(socket.AF_UNIX))
attempt("kill", lambda: os.kill(os.getppid(), signal.SIGKILL))
attempt("kill all", lambda: os.kill(-1, signal.SIGTERM))
attempt("prlimit", prlimit)
attempt("setuid", lambda: os.setuid(0))
attempt("chroot", lambda: os.chroot("/"))
attempt("memfd", lambda: os.memfd_create("x"))
attempt("pipe", os.pipe)


def held(db: Db):
    return HELD


def inside(db: Db):
    return {{
        "environment": sorted(os.environ),
        "descriptors": [d for d in range(64) if is_open(d)],
        "uid": os.getuid(),
        "hash": hash("groundrow"),
        "pid": os.getpid(),
    }}


def is_open(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
"""


@pytest.fixture
def harmful(isolating, world_of, tmp_path):
    tmp_path.chmod(0o777)
    marker = tmp_path / "was-here"
    with open_sandbox(world_of(HARM.format(marker=str(marker))), level=isolating.level) as sandbox:
        sandbox.marker = marker
        yield sandbox


def test_harm_at_import_is_held(harmful):
    with harmful.episode() as episode:
        held = only(episode, ("held", {})).calls[0].result
    assert len(held) == 19
    assert set(held.values()) <= {"PermissionError", "OSError", "RuntimeError", "FileNotFoundError"}, held
    assert not harmful.marker.exists()
    assert not Path("/tmp/groundrow-was-here").exists()


def test_nothing_of_the_host_is_inside(harmful, monkeypatch, isolating, world_of):
    monkeypatch.setenv("GROUNDROW_TEST_SECRET", "secret")
    with (
        open_sandbox(world_of(HARM.format(marker="/x")), level=isolating.level, hash_seed=3) as sandbox,
        sandbox.episode() as episode,
    ):
        inside = only(episode, ("inside", {})).calls[0].result
    assert inside["environment"] == ["LC_ALL", "PYTHONHASHSEED", "TZ"]
    assert len(inside["descriptors"]) == 4
    assert inside["uid"] != 0


def test_the_hash_seed_is_the_one_asked_for_and_changes_no_outcome(isolating, world, world_of):
    programs = [RunCalls((("find_customer", {"name": "Ada"}), ("draw", {}), ("delete_customer", {"customer_id": 1})))]
    outcomes, hashes = [], []
    for seed in (1, 2):
        with open_sandbox(world, level=isolating.level, hash_seed=seed) as sandbox, sandbox.episode() as episode:
            outcomes.append(episode.run(programs))
            hashes.append(only(episode, ("remember", {})).calls[0].result["hash"])
    assert outcomes[0] == outcomes[1]
    assert hashes[0] != hashes[1]


def test_the_standard_library_can_be_used_after_the_lock_down(isolating, world_of):
    names = "base64 csv dataclasses decimal difflib enum fractions hashlib heapq html json math operator re secrets"
    names += " statistics string textwrap urllib.parse uuid xml.etree.ElementTree zlib zoneinfo"
    source = textwrap.dedent(
        f"""
        import {", ".join(names.split())}
        from environments import Db
        @dataclasses.dataclass
        class Money:
            cents: "int"
        def leave(db: Db):
            return {{
                "a": hashlib.sha256(b"x").hexdigest()[:4],
                "b": str(decimal.Decimal("1.10") + 1),
                "c": statistics.median([3, 1, 2]),
                "d": len(secrets.token_hex(4)),
                "e": json.loads(json.dumps({{"x": [1.5]}})),
                "f": Money(3).cents,
                "g": "{{:,}}".format(10**6),
                "h": difflib.get_close_matches("appel", ["apple"]),
                "i": sorted(str(x) for x in range(3)),
            }}
        """
    )
    with open_sandbox(world_of(source), level=isolating.level) as sandbox, sandbox.episode() as episode:
        outcome = only(episode, ("leave", {}))
    assert outcome.bug is None
    assert outcome.calls[0].result["e"] == {"x": [1.5]}


def test_an_endless_import_is_stopped(isolating, world_of):
    limits = Limits(start_seconds=2.0)
    with (
        open_sandbox(world_of("while True:\n    pass\n"), level=isolating.level, limits=limits) as sandbox,
        pytest.raises(EpisodeLost, match=r"tools\.py was not loaded within 2\.0 s") as caught,
    ):
        sandbox.episode()
    assert caught.value.kind == "deadline"


def test_processor_time_is_bounded_even_when_nobody_watches(isolating, world):
    with open_sandbox(world, level=isolating.level, limits=Limits(cpu_seconds=1)) as sandbox:
        error = lost(sandbox, ("spin", {}))
    assert error.kind == "deadline"
    assert "1 s of processor time" in str(error)


def test_memory_that_runs_out_between_calls_is_told_apart(isolating, world):
    with open_sandbox(world, level=isolating.level, limits=Limits(episode_memory=40 << 20)) as sandbox:
        error = lost(sandbox, ("flood", {"size": 15_000_000}))
    assert error.kind == "memory"


def test_many_episodes_live_side_by_side(isolating):
    episodes = [isolating.episode() for _ in range(20)]
    for number, episode in enumerate(episodes):
        episode.run([RunCalls((("set_total", {"order_id": 10, "total": number}),))], keep=True)
    totals = [only(e, ("list_orders", {"customer_id": 1})).calls[0].result[0]["total"] for e in episodes]
    for episode in episodes:
        episode.close()
    assert totals == list(range(20))


def test_a_sandbox_that_ends_is_our_fault_and_not_the_fault_of_a_tool(world, isolating):
    with open_sandbox(world, level=isolating.level) as sandbox, sandbox.episode() as episode:
        threading.Timer(0.3, end_supervisor, [sandbox]).start()
        with pytest.raises(WorkerError, match=r"'shop@1' ended: .*; what was done is kept, run the command again"):
            only(episode, ("spin", {}))
        with pytest.raises(WorkerError, match="run the command again"):
            only(episode, COUNT)
        with pytest.raises(WorkerError, match="run the command again"):
            sandbox.episode()


HOG = """
from environments import Db
def leave(db: Db):
    held = bytearray(200 << 20)
    for at in range(0, len(held), 4096):
        held[at] = 1
    return {"size": len(held)}
"""


@pytest.mark.docker
def test_the_memory_limit_of_a_container_costs_an_episode_and_not_the_sandbox(world_of):
    limits = Limits(container_memory=96 << 20)
    with open_sandbox(world_of(HOG), level="docker", limits=limits) as sandbox:
        assert lost(sandbox, ("leave", {})).kind == "memory"
        sandbox.episode().close()


def end_supervisor(sandbox):
    if sandbox.level == "docker":
        client = docker.from_env()
        client.api.kill(newest_of_ours(client)["Id"])
        client.close()
    else:
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        os.kill(int(children[-1]), signal.SIGKILL)


def newest_of_ours(client):
    """The engine lists the newest first, and those of other processes among them."""
    found = client.api.containers(filters={"label": "groundrow.owner"})
    return next(c for c in found if c["Labels"]["groundrow.owner"].split("/")[2] == str(os.getpid()))


HOST = """
import sys, time
from environments import Contract, Field, Tool
from sandbox import RunCalls, World, open_sandbox
import apsw
connection = apsw.Connection(":memory:")
connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY)")
source = "def leave(db): return {}"
world = World(source, (), bytes(connection.serialize("main")), "2025-06-30 12:00:00", sys.argv[2])
sandbox = open_sandbox(world, level=sys.argv[1])
episode = sandbox.episode()
with sandbox.episode() as other:
    other.run([RunCalls(())])  # when it is closed others are made ahead
print("open", flush=True)
time.sleep(60)
"""


def test_everything_ends_with_a_host_that_is_killed(isolating, tmp_path):
    name = f"killed-{os.getpid()}"
    docked = isolating.level == "docker"
    host = subprocess.Popen(
        [sys.executable, "-c", HOST, isolating.level, name],
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    try:
        assert host.stdout.readline() == b"open\n"
        # (bubblewrap,) the supervisor, the episode, and two that were made ahead
        wanted = {"docker": 0, "bwrap": 5, "process": 4}[isolating.level]
        wait_until(lambda: len(descendants(host.pid)) == wanted)
        inside = descendants(host.pid)
        assert not docked or len(containers(name)) == 1
    finally:
        host.kill()
        host.wait()
        host.stdout.close()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in inside))
    wait_until(lambda: not docked or not containers(name))


def containers(version):
    client = docker.from_env()
    try:
        return client.api.containers(all=True, filters={"label": f"groundrow.sandbox={version}"})
    finally:
        client.close()


def descendants(pid):
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*children, *(deeper for child in children for deeper in descendants(child))]


@pytest.mark.docker
def test_a_container_is_gone_after_close_and_an_orphan_after_the_next_start(world):
    client = docker.from_env()
    try:
        with open_sandbox(world, level="docker") as sandbox:
            image = sandbox.facts["image"]
            assert image.startswith("sha256:")
            found = newest_of_ours(client)
            owner = found["Labels"]["groundrow.owner"]
        assert found["Id"] not in [other["Id"] for other in containers("shop@1")]
        boot, namespace, _, started = owner.split("/")
        dead = f"{boot}/{namespace}/4194304/{started}"  # above every pid there can be
        labels = {"groundrow.sandbox": "orphan", "groundrow.owner": dead}
        orphan = client.containers.create(image, ["/usr/local/bin/python3"], labels=labels)
        elsewhere = client.containers.create(
            image, ["python"], labels={"groundrow.sandbox": "orphan", "groundrow.owner": f"else/{namespace}/1/1"}
        )
        open_sandbox(world, level="docker").close()
        assert [other["Id"] for other in containers("orphan")] == [elsewhere.id]
        elsewhere.remove()
        assert orphan.id not in [other["Id"] for other in containers("orphan")]
    finally:
        client.close()


@pytest.mark.docker
def test_the_container_is_hardened(world):
    client = docker.from_env()
    try:
        with open_sandbox(world, level="docker"):
            config = client.api.inspect_container(newest_of_ours(client)["Id"])
    finally:
        client.close()
    host = config["HostConfig"]
    assert host["NetworkMode"] == "none"
    assert host["ReadonlyRootfs"]
    assert host["AutoRemove"]
    assert host["CapDrop"] == ["ALL"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert host["LogConfig"]["Type"] == "none"
    assert host["Memory"] == host["MemorySwap"] == 2 << 30
    assert host["PidsLimit"] == 1033
    assert config["Config"]["User"] == "65534:65534"
    assert [(m["Destination"], m["RW"]) for m in config["Mounts"]] == [("/run/groundrow", False)]
    assert not any(entry.startswith(("HOME", "USER")) for entry in config["Config"]["Env"])


def test_nothing_is_left_to_connect_to_once_a_sandbox_is_open(world, isolating, tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with open_sandbox(world, level=isolating.level) as sandbox, sandbox.episode() as episode:
        assert list(tmp_path.iterdir()) == []
        assert only(episode, COUNT).bug is None
        listening = Path("/proc/net/unix").read_text()
        assert str(tmp_path) not in listening
