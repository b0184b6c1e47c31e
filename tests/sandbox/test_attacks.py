"""The attack suite: each attack of `attacks/` works where its defence is off, and is held at every level that isolates.

After each attack the neighbour, the host and the next episode are looked at. Nothing is demonstrated that could hurt
this machine: what signals or forks is shown inside a container only.
"""

import ast
import contextlib
import dataclasses
import json
import os
import pickle
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

import sandbox as room
from sandbox import EpisodeLost, Limits, RunCalls, RunSource, open_sandbox
from sandbox.container import open_container
from sandbox.lockdown import DEFENCES
from sandbox.process import open_process
from sandbox.program import message_of
from sandbox.stage import Stage
from sandbox.transport import HEADER, encode

FOLDER = Path(__file__).parent / "attacks"
GROUPS = (
    "endless",
    "processes",
    "memory",
    "signals",
    "others",
    "connections",
    "files",
    "kernel",
    "descriptors",
    "database",
    "interpreter",
    "replies",
    "floods",
    "text",
)
LIMITS = Limits(episode_memory=64 << 20, reply_bytes=16 << 20)
WEAK = dataclasses.replace(LIMITS, spares=0)  # an attack that works may hit episodes that were made ahead


@dataclasses.dataclass(frozen=True, slots=True)
class Attack:
    """One row of the table; the words are explained in `attacks/prelude.py`."""

    tool: str
    group: str
    name: str
    held_by: tuple[str, ...]
    ends: tuple[str, ...]
    shown: str
    without: tuple[str, ...] = ()
    victim: bool | str = False
    machine: str = ""


def attacks() -> Iterator[Attack]:
    """The table, read from the decorators: nothing of the attacks is imported here."""
    for group in GROUPS:
        for node in ast.parse((FOLDER / f"{group}.py").read_text(encoding="utf-8")).body:
            for decorator in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
                more = {word.arg: ast.literal_eval(word.value) for word in decorator.keywords}
                more = {key: tuple(value) if isinstance(value, list) else value for key, value in more.items()}
                yield Attack(node.name, group, ast.literal_eval(decorator.args[0]), **more)


ATTACKS = tuple(attacks())
HERE = tuple(attack for attack in ATTACKS if attack.machine in ("", platform.machine()))


def cases(*shown):
    chosen = [attack for attack in HERE if attack.shown in shown]
    return pytest.mark.parametrize("attack", chosen, ids=[attack.tool for attack in chosen])


def called(episode, *tools, keep=False, deadline=20.0):
    (outcome,) = episode.run([RunCalls(tuple((tool, {}) for tool in tools))], keep=keep, deadline=deadline)
    return outcome


def state(episode):
    outcome = called(episode, "state")
    assert outcome.bug is None, outcome.bug
    return outcome.calls[0].result


def children(pid):
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        with contextlib.suppress(OSError):
            if Path(f"/proc/{child}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z":
                found += [int(child), *children(child)]
    return found


class Listener:
    """What an attack could reach on this machine: every way of connecting leads here and nowhere else."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="attacked-"))
        self.folder.chmod(0o755)
        self.unix = str(self.folder / "socket")
        self.abstract = f"\0attacked-{os.getpid()}"
        self.sockets = [socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)]
        self.port = self.sockets[0].getsockname()[1]
        self.sockets[1].bind(("127.0.0.1", self.port))
        for address in (self.unix, self.abstract):
            sock = socket.socket(socket.AF_UNIX)
            sock.bind(address)
            sock.listen()
            self.sockets.append(sock)
        Path(self.unix).chmod(0o777)
        for sock in self.sockets:
            sock.setblocking(False)

    def heard(self):
        """How many connections or datagrams have come since the last time."""
        count = 0
        for sock in self.sockets:
            with contextlib.suppress(BlockingIOError):
                if sock.type == socket.SOCK_DGRAM:
                    sock.recv(100)
                else:
                    sock.accept()[0].close()
                count += 1
        return count

    def close(self):
        for sock in self.sockets:
            sock.close()
        shutil.rmtree(self.folder)


class Site:
    """A sandbox with all attacks for its tools, and the folder that is open to everybody."""

    def __init__(self, level, listener, world_of, *, without=(), more=""):
        self.level = level
        self.marks = Path(tempfile.mkdtemp(prefix="marks-"))
        self.marks.chmod(0o777)
        self.restore()
        given = {"PORT": listener.port, "UNIX": listener.unix, "ABSTRACT": listener.abstract, "MARKS": str(self.marks)}
        source = "".join(f"{name} = {value!r}\n" for name, value in given.items())
        source += "\n".join((FOLDER / f"{name}.py").read_text(encoding="utf-8") for name in ("prelude", *GROUPS))
        source += more
        self.world = world_of(source)
        if not without:
            self.sandbox = open_sandbox(self.world, level=level, limits=LIMITS)
        elif level == "docker":
            self.sandbox = open_container(
                self.world,
                label="",
                hash_seed=0,
                limits=WEAK,
                reversed_rows=False,
                base="host-python",
                without=without,
            )
        else:
            self.sandbox = open_process(
                self.world, label="", hash_seed=0, limits=WEAK, reversed_rows=False, without=without
            )

    def restore(self):
        for path in self.marks.iterdir():
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        (self.marks / "kept").write_text("kept", encoding="utf-8")
        (self.marks / "kept").chmod(0o666)
        os.utime(self.marks / "kept", (1, 1))

    def untouched(self):
        kept = self.marks / "kept"
        return [path.name for path in self.marks.iterdir()] == ["kept"] and (
            kept.read_text(encoding="utf-8"),
            kept.stat().st_mtime,
        ) == ("kept", 1)

    def settle(self):
        """A neighbour with rows of its own, and what everything looks like before any attack."""
        self.neighbour = self.sandbox.episode()
        called(self.neighbour, "mark", keep=True)
        self.kept = state(self.neighbour)
        with self.sandbox.episode() as first:
            self.clean = state(first)
        if self.level != "docker":
            self.top = self.sandbox._engine._process.pid
        else:
            client = docker.from_env()
            try:
                self.top = client.containers.get(self.sandbox._engine._container.id).attrs["State"]["Pid"]
            finally:
                client.close()

        # The neighbour, and what is made ahead when the first one is closed; below bubblewrap the supervisor as well.
        until = time.monotonic() + 5
        while len(self.processes()) != 1 + LIMITS.spares + (self.level == "bwrap") and time.monotonic() < until:
            time.sleep(0.01)
        self.usual = len(self.processes())

    def processes(self):
        """The episodes' processes, as the host sees them; none where the engine is in another process namespace."""
        return sorted(children(self.top)) if Path(f"/proc/{self.top}/task/{self.top}").exists() else []

    def close(self):
        self.sandbox.close()
        shutil.rmtree(self.marks)


@pytest.fixture(scope="module")
def listener():
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture(scope="module")
def site(listener, world_of):
    """`site(level, without=...)`: each opened once."""
    opened = {}

    def at(level, without=()):
        key = (level, tuple(sorted(without)))
        if key not in opened:
            opened[key] = Site(level, listener, world_of, without=without)
        return opened[key]

    yield at
    for one in opened.values():
        one.close()


@pytest.fixture
def held(isolating, site):
    """The attacked sandbox at each level that isolates, looked over after the attack."""
    held = site(isolating.level)
    if not hasattr(held, "neighbour"):
        held.settle()
    return held


def look_over(site, listener):
    """The neighbour is alive and unchanged, the host untouched, and the next episode as clean as the first."""
    assert state(site.neighbour) == site.kept
    with site.sandbox.episode() as following:
        assert state(following) == site.clean
    assert site.untouched()
    assert listener.heard() == 0
    for folder in ("/tmp", "/dev/shm", "/"):
        assert not os.path.lexists(f"{folder}/groundrow-was-here")
    until = time.monotonic() + 5
    while len(site.processes()) > site.usual:  # an ended episode is still being collected
        assert time.monotonic() < until, "processes are left"
        time.sleep(0.01)


def how_it_ended(site, attack, *, witnessed=False):
    deadline = 0.3 if "lost:deadline" in attack.ends else 20.0
    with site.sandbox.episode(witnessed=witnessed) as episode:
        before = time.monotonic()
        try:
            outcome = called(episode, attack.tool, deadline=deadline)
        except EpisodeLost as lost:
            if lost.kind == "deadline" and time.monotonic() - before > deadline + 1.0:
                pytest.fail("it was stopped long after its deadline")
            return f"lost:{lost.kind}", str(lost)
        if outcome.bug is not None:
            return outcome.bug.type, outcome.bug.message
        return "answer", str(outcome.calls[0].result)


@pytest.mark.parametrize("attack", HERE, ids=[f"{attack.group}-{attack.tool}" for attack in HERE])
def test_an_attack_is_held(held, listener, attack):
    end, said = how_it_ended(held, attack)
    assert end in attack.ends, f"{end}: {said}"
    look_over(held, listener)


ELSEWHERE = ("database", "interpreter", "replies", "floods")  # there it meets the witness and not the host


@pytest.fixture(scope="module")
def witnessing(listener, world_of):
    """A sandbox of the level that adds least, with witnessed episodes made ahead."""
    with contextlib.closing(Site("process", listener, world_of)) as site:
        site.settle()
        with site.sandbox.episode(witnessed=True) as first:
            state(first)
            site.usual += 2 * LIMITS.spares
        yield site


@pytest.mark.parametrize("attack", HERE, ids=[f"{attack.group}-{attack.tool}" for attack in HERE])
def test_an_attack_is_held_in_a_witnessed_episode(witnessing, listener, attack):
    end, said = how_it_ended(witnessing, attack, witnessed=True)
    if attack.group not in ELSEWHERE:
        # What SQL takes is taken from the witness, which ends for want of it; and there is nothing behind `db`.
        ends = (*attack.ends, "lost:memory", "AttributeError") if attack.group == "memory" else attack.ends
        assert end in ends, f"{end}: {said}"
    look_over(witnessing, listener)


AT_IMPORT = """
HELD = {}
for name in NAMES:
    try:
        HELD[name] = repr(globals()[name](None))
    except BaseException as error:
        HELD[name] = type(error).__name__


def held_at_import(db: Db):
    return HELD
"""


def test_the_same_attacks_are_held_while_tools_are_loaded(isolating, listener, world_of):
    """Those that need neither a database nor an end of the episode, all in one."""
    tried = {
        attack.tool: attack.ends
        for attack in HERE
        if attack.group in ("processes", "signals", "others", "connections", "files", "kernel", "descriptors")
        and not any(end.startswith("lost:") for end in attack.ends)
    }
    with contextlib.closing(
        Site(isolating.level, listener, world_of, more=f"NAMES = {list(tried)!r}\n{AT_IMPORT}")
    ) as site:
        site.settle()
        with site.sandbox.episode() as episode:
            held = called(episode, "held_at_import").calls[0].result
        look_over(site, listener)
    assert held.keys() == tried.keys()
    assert {tool: end for tool, end in held.items() if end not in tried[tool]} == {}


def weakened(site, attack):
    if attack.shown == "root" and os.geteuid() != 0:
        pytest.skip("shown as root only")
    return site("docker" if attack.shown == "docker" else "process", attack.without)


SHOWN = tuple(
    pytest.param(attack, marks=[pytest.mark.docker] if attack.shown == "docker" else [], id=attack.tool)
    for attack in HERE
    if attack.shown in ("docker", "process", "root")
)


@pytest.mark.parametrize("attack", SHOWN)
def test_an_attack_works_where_its_defence_is_off(site, listener, attack):
    weak = weakened(site, attack)
    try:
        with contextlib.ExitStack() as open_:
            victim = open_.enter_context(weak.sandbox.episode()) if attack.victim else None
            episode = open_.enter_context(weak.sandbox.episode())
            try:
                outcome = called(episode, attack.tool)
            except EpisodeLost:
                assert attack.victim is True  # it may have hit itself too
            else:
                assert outcome.bug is None, outcome.bug
                assert outcome.calls[0].result["done"]
            if attack.victim is True:
                with pytest.raises(EpisodeLost):
                    state(victim)
    finally:
        weak.restore()
        listener.heard()
    with weak.sandbox.episode():
        pass  # the weakened sandbox goes on, for the attacks that share it


ALONE = tuple(
    pytest.param(
        attack,
        defence,
        marks=[pytest.mark.docker] if attack.shown == "docker" else [],
        id=f"{attack.tool}-{defence}",
    )
    for attack in HERE
    if len(attack.without) > 1
    for defence in attack.without
    if defence in attack.held_by
)


@pytest.mark.parametrize(("attack", "defence"), ALONE)
def test_each_defence_that_is_named_holds_an_attack_by_itself(site, listener, attack, defence):
    if attack.shown == "root" and os.geteuid() != 0:
        pytest.skip("shown as root only")
    weak = site("docker" if attack.shown == "docker" else "process", set(attack.without) - {defence})
    try:
        with weak.sandbox.episode() as victim:
            end, said = how_it_ended(weak, attack)
            state(victim)  # it is alive: to all at once, a signal that reaches nobody is not refused either
    finally:
        weak.restore()
        listener.heard()
    if attack.victim:
        return
    refusals = {"BlockingIOError", "FileNotFoundError", "PermissionError", "ProcessLookupError", "RuntimeError"}
    assert end in {*attack.ends, *refusals}, said


def begun(episode, tool):
    """Ask for a tool without waiting for the answer: the bytes that come, as they come."""
    asked = message_of([RunCalls(((tool, {}),))])
    episode._connection.send(encode({"n": 1, "do": "run", "keep": False, **asked}))
    return episode._connection.sock


def arriving(sock, seconds):
    until = time.monotonic() + seconds
    found = bytearray()
    while (left := until - time.monotonic()) > 0:
        sock.settimeout(left)
        try:
            chunk = sock.recv(1 << 20)
        except TimeoutError:
            break
        if not chunk:
            break
        found += chunk
        length = HEADER.unpack_from(found)[0] if len(found) >= HEADER.size else 1
        if length > 32 << 20 or len(found) - HEADER.size >= length:
            break
    return found


@cases("endless", "endless bytes")
def test_endless_work_has_no_end_where_no_deadline_is_kept(site, attack):
    with site("process").sandbox.episode() as episode:
        found = arriving(begun(episode, attack.tool), 0.3)
    assert bool(found) == (attack.shown == "endless bytes")
    if found:
        assert len(found) < HEADER.size + HEADER.unpack_from(found)[0]


@cases("raw", "raw naive")
def test_what_is_no_answer_does_arrive_and_plain_json_would_take_it(site, attack):
    with site("process").sandbox.episode() as episode:
        found = arriving(begun(episode, attack.tool), 10.0)
    assert len(found) >= HEADER.size
    if attack.shown == "raw naive":
        (length,) = HEADER.unpack_from(found)
        assert json.loads(bytes(found[HEADER.size : HEADER.size + length]))


@cases("disarmed", "disarmed lost")
def test_a_statement_works_where_the_authorizer_is_off(site, attack):
    disarmed = site("process")
    with disarmed.sandbox.episode() as episode:
        if attack.shown == "disarmed":
            outcome = called(episode, "disarm", attack.tool)
            assert outcome.bug is None, outcome.bug
            assert outcome.calls[1].result["done"]
        else:
            with pytest.raises(EpisodeLost) as lost:
                called(episode, "disarm", attack.tool)
            assert lost.value.kind == "protocol"
    assert disarmed.untouched()  # SQLite itself has no way to the file system either


@cases("smaller")
def test_a_statement_works_when_it_is_smaller(site, attack):
    tree = ast.parse((FOLDER / f"{attack.group}.py").read_text(encoding="utf-8"))
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == attack.tool)
    source = ast.unparse(ast.fix_missing_locations(ast.FunctionDef(**{**vars(function), "decorator_list": []})))
    assert "100000" in source
    with site("process").sandbox.episode() as episode:
        (outcome,) = episode.run([RunSource(source.replace("100000", "40"), attack.tool, {})])
    assert outcome.answer["done"]


@cases("text")
def test_control_characters_do_arrive(site, attack):
    with site("process").sandbox.episode() as episode:
        outcome = called(episode, attack.tool)
    text = outcome.bug.message if outcome.bug else outcome.calls[0].error
    assert "\x1b[2J" in text
    assert "\x9b" in text


UNPROTECTED = """
import json, os, pickle, resource, signal, sys
import builtins
from sandbox import RunCalls, open_sandbox

world, tools = pickle.load(sys.stdin.buffer)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(tool, shown):
    if shown == "bare":
        names = {}
        exec(compile(world.tools_source, "tools.py", "exec"), names)
        answer = names[tool](None)
        return len(json.dumps(answer)) > 16 << 20
    with open_sandbox(world, level="inprocess") as sandbox:
        with sandbox.episode() as episode:
            before = episode.run([RunCalls((("state", {}),))])[0].calls[0].result
        with sandbox.episode() as episode:
            episode.run([RunCalls(((tool, {}),))])
            again = episode.run([RunCalls((("state", {}),))])[0]
        with sandbox.episode() as episode:
            after = episode.run([RunCalls((("state", {}),))])[0].calls[0].result
        return before != after or again.bug is not None or again.calls[0].result != after


ended = {}
for tool, shown in tools:
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        signal.alarm(20)
        harmed = 1
        try:
            harmed = int(run(tool, shown))
        finally:
            os._exit(harmed)
    ended[tool] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(json.dumps(ended))
"""


STAGED = """
import json, os, pickle, sys

world, tools = pickle.load(sys.stdin.buffer)
names = {}
exec(compile(world.tools_source, "tools.py", "exec"), names)
print(json.dumps({tool: bool(names[tool](None)["done"]) for tool in tools}))
"""


@cases("staged")
def test_an_attack_works_on_what_is_staged_until_the_supervisor_has_started(site, attack):
    with Stage() as stage:
        done = subprocess.run(
            [sys.executable, "-c", STAGED],
            input=pickle.dumps((site("process").world, [attack.tool])),
            capture_output=True,
            check=True,
            cwd=stage.folder,
        )
    assert json.loads(done.stdout) == {attack.tool: True}


@pytest.fixture(scope="module")
def unprotected(site):
    """How a process of its own ended that ran each of these attacks without any level around it."""
    tools = [(attack.tool, attack.shown) for attack in HERE if attack.shown in ("bare", "inprocess")]
    done = subprocess.run(
        [sys.executable, "-c", UNPROTECTED],
        input=pickle.dumps((site("process").world, tools)),
        capture_output=True,
        check=True,
        timeout=120,
    )
    return json.loads(done.stdout)


@cases("bare", "inprocess")
def test_an_attack_harms_a_process_that_it_shares(unprotected, attack):
    assert unprotected[attack.tool] not in (0, -signal.SIGALRM)


@pytest.mark.parametrize("level", ["docker", "process"])
def test_no_user_can_leave_a_defence_out(world_of, level):
    with pytest.raises(TypeError, match="without"):
        open_sandbox(world_of(""), level=level, without=("seccomp",))


def test_the_table_is_whole():
    assert len(ATTACKS) >= 60
    assert {attack.group for attack in ATTACKS} == {path.stem for path in FOLDER.glob("*.py")} - {"prelude"}
    assert len({attack.tool for attack in ATTACKS}) == len(ATTACKS)
    assert len({(attack.group, attack.name) for attack in ATTACKS}) == len(ATTACKS)
    for attack in ATTACKS:
        assert set(attack.without) <= set(DEFENCES)
        assert set(attack.held_by) <= set(WORDS)
        assert (attack.shown in ("docker", "process", "root")) == bool(attack.without), attack
        if attack.without:  # what is on while the attack works does not hold it
            assert set(attack.held_by) & set(DEFENCES) <= set(attack.without), attack


WORDS = {
    "authorizer": "SQLite's authorizer",
    "deadline": "the host's deadline",
    "gone": "nothing staged is left",
    "descriptors": "no inherited descriptors",
    "host": "the host's checks of each reply",
    "landlock": "Landlock",
    "output": "the command line's escaping",
    "own process": "one process per episode",
    "rlimits": "resource limits",
    "seccomp": "seccomp",
    "SQLite's limits": "SQLite's own limits",
    "user": "another user",
    "worker": "the worker's checks of each result",
}
LEVELS_THAT_ISOLATE = ("docker", "bwrap", "process")


def isolation_table():
    """The table of `sandbox/ISOLATION.md`."""
    lines = [
        f"| attacks | number | held at each level by | {' | '.join(f'`{level}`' for level in LEVELS_THAT_ISOLATE)} |",
        "|---|---|---|---|---|---|",
    ]
    for group in GROUPS:
        tree = ast.parse((FOLDER / f"{group}.py").read_text(encoding="utf-8"))
        first, *rest = (ast.get_docstring(tree) or "").splitlines()
        of_level = dict(line.split(": ", 1) for line in rest if line.partition(": ")[0] in LEVELS_THAT_ISOLATE)
        mine = [attack for attack in ATTACKS if attack.group == group]
        by = ", ".join(sorted({WORDS[name] for attack in mine for name in attack.held_by}, key=str.lower))
        own = " | ".join("; ".join(["held", of_level.get(level, "")]).rstrip("; ") for level in LEVELS_THAT_ISOLATE)
        lines.append(f"| {first} | {len(mine)} | {by} | {own} |")
    return "\n".join(lines)


def test_the_published_table_is_the_table_of_the_suite():
    published = (Path(room.__file__).parent / "ISOLATION.md").read_text(encoding="utf-8")
    assert isolation_table() in published
