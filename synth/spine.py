"""The way from an environment to a sample, in order. Read this file first.

A candidate is a number. From the run's seed and that number alone follow a goal,
a chain sampled toward it, and then the passes below, each of which adds to the
draft or rejects it. What passes them all is a sample, written down by `record.py`.
Running many candidates, keeping the mix and resuming is `run.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from environments import Chain, chain_to_json
from sandbox import EpisodeLost

from .aim import aim
from .draft import Bench, Draft, Pair, Rejected, seeded
from .prove import (
    answered,
    choices_matter,
    composed,
    equivalent,
    executed,
    grounded,
    recomputed,
    reproduced,
    said_in_words,
    traceable,
    unique,
    unleaked,
    untruncated,
)
from .record import write_sample
from .sample import DeadEnd, sample_chain

Pass = Callable[[Draft, Bench], Draft]

PASSES: tuple[Pass, ...] = (
    executed,
    recomputed,
    grounded,
    answered,
    untruncated,
    traceable,
    unique,
    choices_matter,
    composed,
    equivalent,
    said_in_words,
    unleaked,
    reproduced,
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A candidate that fell, with the reason, kept as data."""

    candidate: int
    reason: str
    evidence: Any
    chain: dict[str, Any] | None

    def to_json(self) -> dict[str, Any]:
        """The line of `rejected.jsonl`."""
        return {"candidate": self.candidate, "reason": self.reason, "evidence": self.evidence, "chain": self.chain}


def attempt(candidate: int, seed: int, pair: Pair) -> dict[str, Any] | Rejection:
    """One candidate from its number to a sample's record, or to the reason why there is none.

    Depends on nothing but the environment, its rows, `seed` and `candidate`.

    Raises:
        SandboxError: The sandbox itself failed (not a tool in it).
    """
    key = f"{seed}/{candidate}"
    rng = seeded(key, "sample")
    chain: Chain | None = None
    try:
        with Bench.at(pair) as bench:
            chain = sample_chain(aim(candidate, seed, pair.ground), pair.ground, bench.episode, rng)
            bench.episode.reset()
            return prove(Draft(key, chain), bench)
    except DeadEnd as dead:
        return Rejection(candidate, dead.reason, str(dead), None)
    except Rejected as rejected:
        return Rejection(candidate, rejected.reason, rejected.evidence, chain_to_json(chain) if chain else None)
    except EpisodeLost as lost:
        return Rejection(candidate, f"episode_{lost.kind}", str(lost), chain_to_json(chain) if chain else None)


def prove(draft: Draft, bench: Bench) -> dict[str, Any]:
    """A draft through every pass to a sample's record; `replay` calls this with a recorded chain.

    Raises:
        Rejected: A pass rejected it.
        EpisodeLost: A tool ran past its deadline or memory, or broke its process.
    """
    for step in PASSES:
        draft = step(draft, bench)
    return write_sample(draft, bench)
