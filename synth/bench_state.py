"""Figures of an episode's database: going back to the snapshot, and finding the rows that a call changed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from sandbox import Episode, Program, RunCalls

from .bench import ROUNDS, US, Figure, Round, close_to, relative, timed, value_at_most
from .bench_tools import add_piece
from .bench_world import LINES, PlainDb, Site, image
from .errors import CannotMeasure

RESET_LINES = {"reset_1mb": LINES, "reset_10mb": 10 * LINES, "reset_100mb": 100 * LINES}
DIFFERENCE_LINES = {"row_difference_800": 800, "row_difference_80000": 80_000}
RESETS = 20  # in one turn
WRITES = 50  # calls in one message
ROWS = 3  # that a write changes


def resets(site: Site, wanted: frozenset[str]) -> list[Figure]:
    """Back to the snapshot after a kept write; the largest database beside the smallest."""
    turns = _turns(site, RESET_LINES, wanted, lambda plain, episode: Round(_rollbacks(plain), _resets(episode)))
    detail = f"after a kept write of {ROWS} rows; the floor is ROLLBACK TO in process"
    figures = []
    for name in (name for name in RESET_LINES if name in wanted):
        goals = [value_at_most(60, "us")]
        if name == "reset_100mb":
            goals.append(close_to("reset_1mb", 1.5, relative(turns[name], turns["reset_1mb"])))
        figures.append(Figure(name, "us", turns[name], tuple(goals), detail))
    return figures


def row_differences(site: Site, wanted: frozenset[str]) -> list[Figure]:
    """A writing call with the rows it changed; the larger table beside the smaller."""
    turns = _turns(site, DIFFERENCE_LINES, wanted, _write_turn)
    figures = []
    for name in (name for name in DIFFERENCE_LINES if name in wanted):
        goals = []
        if name == "row_difference_80000":
            goals.append(close_to("row_difference_800", 1.5, relative(turns[name], turns["row_difference_800"])))
        detail = (
            f"a call that writes {ROWS} of {DIFFERENCE_LINES[name]:,} rows and is undone, {WRITES} in a message;"
            " the floor writes and undoes in process"
        )
        figures.append(Figure(name, "us", turns[name], tuple(goals), detail))
    return figures


def _turns(
    site: Site, sizes: Mapping[str, int], wanted: frozenset[str], turn: Callable[[PlainDb, Episode], Round]
) -> dict[str, tuple[Round, ...]]:
    """Rounds by name, all sizes in each; the smallest always takes part, as the measure of the largest."""
    smallest = min(sizes, key=lambda name: sizes[name])
    names = [name for name in sizes if name in wanted or name == smallest]
    taken: dict[str, list[Round]] = {name: [] for name in names}
    with ExitStack() as opened:
        places = {}
        for name in names:
            snapshot = image(sizes[name])
            sandbox = opened.enter_context(site.open(snapshot))
            places[name] = (PlainDb(snapshot), opened.enter_context(sandbox.episode()))
            opened.callback(places[name][0].connection.close)
        for plain, episode in places.values():
            turn(plain, episode)
        for _ in range(ROUNDS):
            for name, (plain, episode) in places.items():
                taken[name].append(turn(plain, episode))
    return {name: tuple(rounds) for name, rounds in taken.items()}


def _rollbacks(plain: PlainDb) -> float:
    seconds = []
    for line in _lines(RESETS):
        plain.connection.execute("SAVEPOINT start")
        add_piece(plain, line)
        seconds.append(timed(lambda: plain.connection.execute("ROLLBACK TO start")))
        plain.connection.execute("RELEASE start")
    return statistics.median(seconds) * US


def _resets(episode: Episode) -> float:
    seconds = []
    for line in _lines(RESETS):
        episode.run([_write(line)], keep=True)
        seconds.append(timed(episode.reset))
    return statistics.median(seconds) * US


def _write_turn(plain: PlainDb, episode: Episode) -> Round:
    lines = _lines(WRITES)
    programs = [_write(line) for line in lines]
    started = time.perf_counter()
    for line in lines:
        plain.connection.execute("SAVEPOINT start")
        add_piece(plain, line)
        plain.connection.execute("ROLLBACK TO start")
        plain.connection.execute("RELEASE start")
    between = time.perf_counter()
    outcomes = episode.run(programs)
    ended = time.perf_counter()
    if any(len(outcome.changes) != ROWS for outcome in outcomes):
        raise CannotMeasure(f"a call that writes {ROWS} rows does not show {ROWS}; run the tests")
    return Round((between - started) / WRITES * US, (ended - between) / WRITES * US)


def _lines(number: int) -> range:
    """The first rows of so many writes, none of which touch the same."""
    return range(1, 1 + number * ROWS, ROWS)


def _write(line: int) -> Program:
    return RunCalls((("add_piece", {"line_id": line}),))
