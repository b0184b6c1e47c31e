"""Figures of calls in an episode that is open: many chains in a message, two sandboxes at once, one call a message."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial

from sandbox import Episode, RunChain

from .bench import (
    ROUNDS,
    US,
    Figure,
    Round,
    alternate,
    median_time,
    ratio_above,
    ratio_at_most,
    timed,
)
from .bench_floors import BareSocket
from .bench_world import STEPS, Site, chain, follow
from .errors import CannotMeasure

CHAINS = 50  # chains of STEPS calls in one message
MESSAGES = 3  # messages in one turn of the two sandboxes
TURNS, TRIPS = 50, 50  # turns of one call a message, and round trips in each


def batched_calls(site: Site, wanted: frozenset[str]) -> list[Figure]:
    """`floor_call`, a tool called in a loop over a plain connection; `batched_call`, many chains in one message."""
    with site.warm().episode() as episode:
        _check_answers(site, episode)
        rounds = alternate(ROUNDS, partial(_plain_turn, site), lambda: _batch(site, episode) / (CHAINS * STEPS) * US)
    detail = f"{CHAINS} chains of {STEPS} calls a message, one sandbox; the floor is floor_call"
    figures = [
        _as_floor("floor_call", rounds, "a tool in a loop over a plain apsw connection, in process"),
        Figure("batched_call", "us", rounds, (ratio_at_most(2.5),), detail),
    ]
    return [figure for figure in figures if figure.name in wanted]


def batched_call_two_containers(site: Site) -> Figure:
    """Calls a second of two sandboxes at once, beside one of them alone."""
    with (
        site.open(site.snapshot) as other,
        site.warm().episode() as first,
        other.episode() as second,
        ThreadPoolExecutor(2, thread_name_prefix="bench") as threads,
    ):

        def work(episode: Episode) -> None:
            for _ in range(MESSAGES):
                _batch(site, episode)

        def together(*episodes: Episode) -> float:
            seconds = timed(lambda: list(threads.map(work, episodes)))
            return len(episodes) * MESSAGES * CHAINS * STEPS / seconds

        rounds = alternate(ROUNDS // 2, lambda: together(first), lambda: together(first, second))
    detail = "two sandboxes from two threads; the floor is one of them alone"
    return Figure("batched_call_two_containers", "calls/s", rounds, (ratio_above(1),), detail)


def single_calls(site: Site, wanted: frozenset[str]) -> list[Figure]:
    """`floor_socket`, a bare round trip between two processes; `single_call`, a call that travels alone.

    Turns are short and many: whether the kernel wakes the other side on this core or on one that sleeps changes a
    trip several times over, and changes from moment to moment.
    """
    with bare_socket(site) as bare, site.warm().episode() as episode:
        rounds = alternate(TURNS, partial(_trips, bare), lambda: median_call(site, episode, TRIPS) * US)
    detail = f"median of {TURNS * TRIPS} round trips, one call a message; the floor is floor_socket"
    figures = [
        _as_floor("floor_socket", rounds, "a round trip of as many bytes over a unix socket between bare processes"),
        Figure("single_call", "us", rounds, (ratio_at_most(3),), detail),
    ]
    return [figure for figure in figures if figure.name in wanted]


def median_call(site: Site, episode: Episode, number: int) -> float:
    """The median of so many round trips of one call, in seconds."""
    return median_time([partial(episode.run, [program]) for program in site.calls(number)])


def bare_socket(site: Site) -> BareSocket:
    """A bare socket whose messages have about the bytes of a call and its outcome."""
    (program,) = site.calls(1)
    with site.warm().episode() as episode:
        (outcome,) = episode.run([program])
    request = {"n": 1, "do": "run", "keep": False, "programs": [asdict(program)], "chains": []}
    return BareSocket(*(len(json.dumps(said, separators=(",", ":"))) for said in (request, asdict(outcome))))


def _as_floor(name: str, rounds: Sequence[Round], detail: str) -> Figure:
    """The floor as a figure of its own, as it was measured beside another."""
    return Figure(name, "us", tuple(Round(turn.floor, turn.floor) for turn in rounds), detail=detail)


def _plain_turn(site: Site) -> float:
    """Microseconds of a call in a plain loop, over the calls of one message."""
    orders = site.orders(CHAINS)
    started = time.perf_counter()
    for order in orders:
        follow(site.plain, order)
    return (time.perf_counter() - started) / (CHAINS * STEPS) * US


def _batch(site: Site, episode: Episode) -> float:
    """Seconds of one message with CHAINS chains."""
    programs = site.chains(CHAINS)
    return timed(lambda: episode.run(programs))


def _trips(bare: BareSocket) -> float:
    return median_time([bare.trip] * TRIPS) * US


def _check_answers(site: Site, episode: Episode) -> None:
    """How fast wrong answers come is no figure."""
    orders = site.orders(CHAINS)
    outcomes = episode.run([RunChain(chain(), {"order_id": order}) for order in orders])
    if [outcome.answer for outcome in outcomes] != [[follow(site.plain, order)] for order in orders]:
        raise CannotMeasure("the sandbox answers a chain otherwise than a plain loop does; run the tests")
