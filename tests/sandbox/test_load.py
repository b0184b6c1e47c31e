"""Many episodes at once and many in a row: memory stays where it is, and nothing is left."""

import os
import signal
import threading
import time
from pathlib import Path

import docker
import pytest

from sandbox import EpisodeLost, Limits, RunCalls, open_sandbox

COUNT = RunCalls((("count_orders", {}),))
LIVE = 400
IN_A_ROW = 10_000
GIBIBYTE = 1 << 30


def supervisor_of(sandbox):
    """The supervisor's process, as the host sees it."""
    if sandbox.level != "docker":
        pid = sandbox._engine._process.pid
        return children(pid)[0] if sandbox.level == "bwrap" else pid
    client = docker.from_env()
    try:
        return client.containers.get(sandbox._engine._container.id).attrs["State"]["Pid"]
    finally:
        client.close()


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def resident(pid):
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def eventually(condition, seconds=10.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.02)


@pytest.mark.docker
def test_400_episodes_live_in_one_gibibyte(world):
    limits = Limits(container_memory=GIBIBYTE)
    with open_sandbox(world, level="docker", limits=limits) as sandbox:
        episodes = [sandbox.episode() for _ in range(LIVE)]
        for number, episode in enumerate(episodes):
            episode.run([RunCalls((("set_total", {"order_id": 10, "total": number}),))], keep=True)
        listed = [episode.run([RunCalls((("list_orders", {"customer_id": 1}),))])[0] for episode in episodes]
        assert [outcome.calls[0].result[0]["total"] for outcome in listed] == list(range(LIVE))
        for episode in episodes:
            episode.close()
        supervisor = supervisor_of(sandbox)
        eventually(lambda: len(children(supervisor)) <= limits.spares)


@pytest.mark.docker
def test_memory_is_flat_over_10000_episodes_and_no_process_is_left(world):
    limits = Limits(recycle_episodes=10 * IN_A_ROW)
    with open_sandbox(world, level="docker", limits=limits) as sandbox:
        supervisor = supervisor_of(sandbox)
        ours = len(list(Path("/proc/self/fd").iterdir()))
        sizes, seen = [], []
        for number in range(IN_A_ROW):
            with sandbox.episode(witnessed=number % 10 == 0) as episode:
                outcome = episode.run([COUNT])[0]
                assert outcome.calls[0].result == {"orders": 4}
            if number % 1000 == 999:
                sizes.append(resident(supervisor))
                seen.append(resident(os.getpid()))
        assert supervisor_of(sandbox) == supervisor
        assert sizes[-1] - sizes[0] < 2 << 20
        assert seen[-1] - seen[0] < 8 << 20
        eventually(lambda: len(children(supervisor)) <= 3 * limits.spares)
        assert len(list(Path("/proc/self/fd").iterdir())) <= ours + 3 * limits.spares


def test_neighbours_do_not_notice_a_tool_that_hangs(isolating):
    answered = []
    with isolating.episode() as neighbour, isolating.episode() as hanging:

        def ask():
            while not ended.is_set():
                before = time.monotonic()
                neighbour.run([COUNT])
                answered.append(time.monotonic() - before)

        ended = threading.Event()
        asking = threading.Thread(target=ask)
        asking.start()
        try:
            before = time.monotonic()
            with pytest.raises(EpisodeLost):
                hanging.run([RunCalls((("spin", {}),))], deadline=0.5)
            late = time.monotonic() - before - 0.5
        finally:
            ended.set()
            asking.join()
    assert late < 1.0
    assert len(answered) > 10
    assert max(answered) < 1.0


def test_what_was_made_ahead_and_has_been_ended_since_is_not_handed_out(isolating, world):
    with open_sandbox(world, level=isolating.level) as sandbox:
        with sandbox.episode() as first:
            first.run([COUNT])
        supervisor = supervisor_of(sandbox)
        eventually(lambda: len(children(supervisor)) == Limits().spares)
        for spare in children(supervisor):
            os.kill(spare, signal.SIGKILL)
        time.sleep(0.1)
        with sandbox.episode() as episode:
            assert episode.run([COUNT])[0].calls[0].result == {"orders": 4}


def test_a_sandbox_is_started_anew_after_many_episodes_when_nobody_is_using_it(isolating, world):
    limits = Limits(recycle_episodes=5)
    with open_sandbox(world, level=isolating.level, limits=limits) as sandbox:
        first = supervisor_of(sandbox)
        with sandbox.episode() as kept:
            for _ in range(8):
                sandbox.episode().close()
            assert kept.run([COUNT])[0].bug is None
            assert supervisor_of(sandbox) == first
        with sandbox.episode() as next_one:
            assert next_one.run([COUNT])[0].calls[0].result == {"orders": 4}
        assert supervisor_of(sandbox) != first
        eventually(lambda: not Path(f"/proc/{first}").exists())


def test_a_sandbox_is_started_anew_when_its_supervisor_has_grown(isolating, world, monkeypatch):
    monkeypatch.setattr("sandbox.warm._LOOK_EPISODES", 1)
    with open_sandbox(world, level=isolating.level, limits=Limits(recycle_memory=-1)) as sandbox:
        first = supervisor_of(sandbox)
        for _ in range(2):
            sandbox.episode().close()
        assert supervisor_of(sandbox) != first
