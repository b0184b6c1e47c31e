"""Figures of whole episodes: opening and ending one, its first call, its memory, and killing one whose tool spins."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

from sandbox import EpisodeLost, Program, RunCalls, Sandbox

from .bench import MS, ROUNDS, US, Figure, Goal, Round, alternate, median_time, timed, value_at_most
from .bench_calls import bare_socket
from .bench_floors import cgroup_memory, kill_after, private_memory, running, sleeping_child_memory
from .bench_world import STEPS, Site, follow
from .errors import CannotMeasure

TURNS, WARMING, COUNTED = 5, 5, 25  # turns of episodes back to back, the first ones of each not counted
LIVE = 100  # episodes open at once for the memory of one
DEADLINE = 0.1  # seconds
SETTLING = 2.0  # seconds in which a supervisor has taken notice of its ended episodes
PAUSE = 0.02  # seconds in which an episode can be made ready


def episode_20_calls(site: Site) -> Figure:
    """An episode opened, one chain in it, closed; again and again."""
    every: list[float] = []

    def episodes() -> float:
        seconds = []
        for program in site.chains(WARMING + COUNTED):
            started = time.perf_counter()
            _whole_episode(site.warm(), [program])
            seconds.append(time.perf_counter() - started)
        every.extend(seconds[WARMING:])
        return statistics.median(seconds[WARMING:]) * MS

    def floor() -> float:
        return median_time([partial(follow, site.plain, order) for order in site.orders(COUNTED)]) * MS

    rounds = alternate(TURNS, floor, episodes)
    counted = every[COUNTED:]  # without the turn that is not counted
    detail = (
        f"opened, {STEPS} calls in a message, closed; {len(counted)} episodes back to back,"
        f" mean {statistics.mean(counted) * MS:.2f} ms; the floor is the calls in process"
    )
    return Figure("episode_20_calls", "ms", rounds, (value_at_most(2, "ms"),), detail)


def first_call_preforked(site: Site) -> Figure:
    """From asking for an episode to its first answer, when the sandbox has had time to make one ready."""
    sandbox = site.warm()

    def first_call() -> float:
        program = site.calls(1)
        time.sleep(PAUSE)
        started = time.perf_counter()
        with sandbox.episode() as episode:
            episode.run(program)
            return (time.perf_counter() - started) * MS

    with bare_socket(site) as bare:

        def trip() -> float:
            time.sleep(PAUSE)
            return timed(bare.trip) * MS

        rounds = alternate(3 * ROUNDS, trip, first_call)
    detail = (
        f"episode and first answer after a rest of {PAUSE * MS:.0f} ms; the floor is one bare trip after the same rest"
    )
    return Figure("first_call_preforked", "ms", rounds, (value_at_most(1, "ms"),), detail)


def memory_per_episode(site: Site) -> Figure:
    """What an episode has for itself alone while it lives."""
    if site.level == "inprocess":
        raise CannotMeasure("an episode of the level inprocess is no process; take another level")
    before = set(running())
    with site.open(site.snapshot) as sandbox, ExitStack() as episodes:
        for program in site.calls(LIVE):
            episodes.enter_context(sandbox.episode()).run([program])
        supervisor, inside = _below_a_new_process(before)
        try:
            value = private_memory(inside) / LIVE
            how = f"private memory of the {len(inside)} processes behind {LIVE} episodes"
        except PermissionError:
            if site.level != "docker":  # only there has the sandbox a control group of its own
                raise CannotMeasure("the memory of an episode is shown to root only; run as root") from None
            value = _memory_given_back(supervisor, episodes) / LIVE
            how = f"what the container gave back when {LIVE} episodes ended, kernel memory included"
    rounds = (Round(sleeping_child_memory(LIVE // 4), value),)
    detail = f"{how}, one call made in each; the floor is the private memory of a forked child of a bare interpreter"
    return Figure("memory_per_episode", "MB", rounds, (value_at_most(2.5, "MB"),), detail)


def kill_after_deadline(site: Site) -> Figure:
    """From the deadline of a tool that spins until its caller is told, while a neighbour is called."""
    if site.level == "inprocess":
        raise CannotMeasure("the level inprocess cannot end a tool; take another level")
    meanwhile: list[float] = []
    with site.warm().episode() as neighbour, ThreadPoolExecutor(1, thread_name_prefix="bench") as threads:
        neighbour.run(site.calls(1))

        def call_neighbour() -> float:
            time.sleep(DEADLINE / 2)
            return timed(lambda: neighbour.run(site.calls(1)))

        def overshoot() -> float:
            with site.warm().episode() as episode:
                asked = threads.submit(call_neighbour)
                late = _lost_after(partial(episode.run, [RunCalls((("spin", {}),))], deadline=DEADLINE))
            meanwhile.append(asked.result())
            return late * MS

        rounds = alternate(ROUNDS, lambda: kill_after(DEADLINE) * MS, overshoot)
    answered = sum(seconds < DEADLINE / 2 for seconds in meanwhile)
    neighbour_answers = Goal("a neighbour answers meanwhile", lambda *_: answered == len(meanwhile))
    detail = (
        f"after a deadline of {DEADLINE * MS:.0f} ms; the floor sends SIGKILL to a bare spinning child; a neighbour"
        f" answered meanwhile {answered} times of {len(meanwhile)}, in {statistics.median(meanwhile) * US:.0f} us"
    )
    return Figure("kill_after_deadline", "ms", rounds, (value_at_most(5, "ms"), neighbour_answers), detail)


def _whole_episode(sandbox: Sandbox, programs: Sequence[Program]) -> None:
    with sandbox.episode() as episode:
        episode.run(programs)


def _lost_after(run: Callable[[], object]) -> float:
    """Seconds from the deadline to the EpisodeLost of a tool that never ends."""
    started = time.perf_counter()
    try:
        run()
    except EpisodeLost as lost:
        if lost.kind == "deadline":
            return time.perf_counter() - started - DEADLINE
        raise
    raise CannotMeasure("a tool that never ends was answered; run the tests")


def _memory_given_back(supervisor: int, episodes: ExitStack) -> float:
    """The MB by which the container shrinks when its episodes end."""
    full = cgroup_memory(supervisor)
    episodes.close()
    time.sleep(SETTLING)
    return full - cgroup_memory(supervisor)


def _below_a_new_process(before: set[int]) -> tuple[int, list[int]]:
    """The supervisor that has started since, known by the number of processes below it, and these."""
    new = {pid: parent for pid, parent in running().items() if pid not in before}

    def below(top: int) -> list[int]:
        children = [pid for pid, parent in new.items() if parent == top]
        return children + [pid for child in children for pid in below(child)]

    trees = [(top, tree) for top in new if len(tree := below(top)) >= LIVE]
    if not trees:
        raise CannotMeasure("the processes of episodes are not seen from here; run outside of a process namespace")
    return min(
        trees, key=lambda found: len(found[1])
    )  # a process around the supervisor has the same ones below it, and the supervisor
