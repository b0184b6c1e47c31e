"""What a candidate aims at: target tools and sizes, so that a run's mix comes out as wanted.

Every tool gets its turn as a target, by a permutation that the seed shuffles
anew each round; writing tools get more turns where they are few.
"""

from __future__ import annotations

from environments import Tool

from .draft import seeded
from .ground import Ground
from .sample import Goal

WRITES = 0.6  # of the candidates aim at a tool that changes state, where there is one
SINGLE = 0.06  # of the candidates aim at a single call
PARALLEL = 0.32  # of the candidates have a second, independent part
SIDE_BY_SIDE = 0.25  # of these are two single calls
SIZES = (2, 3, 3, 4, 4, 5, 6, 7, 8)  # calls of a part that is no single call; longer walks seldom lead anywhere

PAIRS = ((2, 2), (3, 2), (3, 3), (4, 2), (4, 3), (4, 4), (5, 2), (5, 3), (6, 2))  # calls of two dependent parts


def aim(candidate: int, seed: int, ground: Ground) -> Goal:
    """The goal of candidate number `candidate` (from 0)."""
    rng = seeded(seed, candidate, "aim")
    writes = rng.random() < WRITES
    draw = rng.random()
    if draw < SINGLE:
        return Goal((_target(candidate, seed, ground, writes=False, alone=True),), (1,))
    if draw >= SINGLE + PARALLEL:
        return Goal((_target(candidate, seed, ground, writes=writes),), (rng.choice(SIZES),))
    other = candidate + rng.randrange(1, 1000)
    if rng.random() < SIDE_BY_SIDE:
        targets = tuple(_target(turn, seed, ground, writes=False, alone=True) for turn in (candidate, other))
        return Goal(targets, (1, 1))
    first = _target(candidate, seed, ground, writes=writes)
    second = _target(other, seed, ground, writes=False, alone=rng.random() < 0.4)
    return Goal((first, second), rng.choice(PAIRS))


def _target(turn: int, seed: int, ground: Ground, *, writes: bool, alone: bool = False) -> str:
    """The tool whose turn it is among the writing or reading ones that need another tool first; or `alone`, none."""
    names = [name for name, tool in ground.tools.items() if name in ground.costs and tool.writes == writes]
    names = [name for name in names if (ground.costs[name] == 1) == alone and _is_asked_something(ground.tools[name])]
    names = names or [name for name in ground.tools if name in ground.costs and _is_asked_something(ground.tools[name])]
    names = names or [name for name in ground.tools if name in ground.costs]
    round_, place = divmod(turn, len(names))
    order = sorted(names)
    seeded(seed, "turns", round_, writes, alone).shuffle(order)
    return order[place]


def _is_asked_something(tool: Tool) -> bool:
    """Whether a call needs anything to be said; a list of everything makes no task."""
    return any(param.required for param in tool.contract.params)
