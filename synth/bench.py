"""A figure of this machine beside its floor, and how both are taken: in turns, so that what disturbs one disturbs both.

What is measured is not known here: see `bench_sandbox.py`, `bench_peers.py` and `bench_synth.py`.
A figure that cannot be taken is left out with the reason; none is ever estimated.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sandbox import SandboxError

from .errors import CannotMeasure

US, MS = 1e6, 1e3  # in a second
ROUNDS = 12  # turns of most figures
_DIGITS = 6  # significant digits in JSON: more than any of these can be repeated to


class Round(NamedTuple):
    """One turn: the floor, then the figure, in the same unit."""

    floor: float
    value: float

    @property
    def ratio(self) -> float:
        """The value in floors."""
        return self.value / self.floor


class Goal(NamedTuple):
    """What a figure should reach: said, and judged from its value and its ratio."""

    text: str
    holds: Callable[[float, float], bool]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured quantity.

    Attributes:
        name: As given to `--only`; fixed, since others compare runs by it.
        unit: The unit of the value and of the floor.
        rounds: What was measured, in order.
        goals: What it should reach; empty where nothing is promised.
        detail: What else was seen, for a reader.
    """

    name: str
    unit: str
    rounds: tuple[Round, ...]
    goals: tuple[Goal, ...] = ()
    detail: str = ""

    @property
    def value(self) -> float:
        """The median value of the rounds."""
        return statistics.median(turn.value for turn in self.rounds)

    @property
    def floor(self) -> float:
        """The median floor of the rounds."""
        return statistics.median(turn.floor for turn in self.rounds)

    @property
    def ratio(self) -> float:
        """The median of the rounds' own ratios, which drifts less than the ratio of the medians."""
        return statistics.median(turn.ratio for turn in self.rounds)

    @property
    def target(self) -> str:
        """The goals in words, or ""."""
        return ", ".join(goal.text for goal in self.goals)

    @property
    def reached(self) -> bool | None:
        """Whether every goal is reached; None without goals."""
        value, ratio = self.value, self.ratio
        return all(goal.holds(value, ratio) for goal in self.goals) if self.goals else None

    def to_json(self) -> dict[str, Any]:
        """The form of `groundrow bench --json`."""
        return {
            "name": self.name,
            "value": _short(self.value),
            "unit": self.unit,
            "floor": _short(self.floor),
            "ratio": _short(self.ratio),
            "target": self.target,
            "reached": self.reached,
            "detail": self.detail,
            "rounds": [{"floor": _short(turn.floor), "value": _short(turn.value)} for turn in self.rounds],
        }


class Experiment(NamedTuple):
    """Figures that are taken together.

    Attributes:
        names: Every figure it can give.
        take: Takes those that are wanted of them; CannotMeasure when this machine cannot.
    """

    names: tuple[str, ...]
    take: Callable[[frozenset[str]], list[Figure]]


@dataclass(slots=True)
class Measured:
    """What came of some experiments; `left_out` says why a figure is missing, by name."""

    figures: list[Figure] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


def measure(
    experiments: Iterable[Experiment], wanted: frozenset[str], progress: Callable[[str], None] = lambda _: None
) -> Measured:
    """Take the wanted figures, one experiment after the other.

    Args:
        experiments: What there is.
        wanted: Names of figures.
        progress: Called with a figure's name before it is taken.
    """
    measured = Measured()
    for experiment in experiments:
        names = [name for name in experiment.names if name in wanted]
        if not names:
            continue
        progress(names[0])
        try:
            measured.figures += experiment.take(frozenset(names))
        except (CannotMeasure, SandboxError) as error:
            measured.left_out |= dict.fromkeys(names, str(error))
    return measured


def alternate(rounds: int, floor: Callable[[], float], figure: Callable[[], float]) -> tuple[Round, ...]:
    """Floor and figure in turns, after one turn of each that is not counted: caches fill in it."""
    floor(), figure()
    return tuple(Round(floor(), figure()) for _ in range(rounds))


def timed(action: Callable[[], object]) -> float:
    """Seconds that `action` took by the wall clock."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def median_time(actions: Sequence[Callable[[], object]]) -> float:
    """The median of the seconds that each of `actions` took."""
    return statistics.median([timed(action) for action in actions])


def ratio_at_most(most: float) -> Goal:
    """At most so many floors."""
    return Goal(f"at most {most:g} x", lambda _, ratio: ratio <= most)


def ratio_above(least: float) -> Goal:
    """More than so many floors."""
    return Goal(f"over {least:g} x", lambda _, ratio: ratio > least)


def value_at_most(most: float, unit: str) -> Goal:
    """At most so much, whatever the floor."""
    return Goal(f"at most {most:g} {unit}", lambda value, _: value <= most)


def close_to(name: str, most: float, factor: float) -> Goal:
    """At most `most` times another figure of the same run, of which it was measured to be `factor` times."""
    return Goal(f"at most {most:g} x {name}", lambda *_: factor <= most)


def relative(rounds: Sequence[Round], to: Sequence[Round]) -> float:
    """The median of value over value, round by round."""
    return statistics.median(mine.value / other.value for mine, other in zip(rounds, to, strict=True))


def _short(number: float) -> float:
    return float(f"{number:.{_DIGITS}g}")
