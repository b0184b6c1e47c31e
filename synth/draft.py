"""What the passes of the spine hand on: a Draft that fills up, the Bench they work at, and the ways it can end."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from environments import Chain, Json
from sandbox import Episode, Outcome, Program, Sandbox

from .compose import AdvancedTool
from .ground import Ground
from .words import Queries


class Rejected(Exception):
    """A candidate fell to a check; kept as data, never a crash.

    Attributes:
        reason: A short word, the same for all candidates that fell this way.
        evidence: What shows it, JSON.
    """

    def __init__(self, reason: str, evidence: Json = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.evidence = evidence


@dataclass(frozen=True, slots=True)
class Check:
    """A named proof that a sample passed, with its evidence (JSON without time, pid or path)."""

    name: str
    evidence: Any


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sandboxes over one ground; the second differs in process, hash seed and the order of unordered rows."""

    ground: Ground
    first: Sandbox
    second: Sandbox


@dataclass(frozen=True, slots=True)
class Bench:
    """Where one draft is worked on.

    Attributes:
        episode: An episode of the first sandbox that only this draft uses; each program in it is rolled back. What
            happens in it is the word of a process that tools own.
        second: The sandbox in which all that proofs rest on has to be reproduced before a witness.
    """

    ground: Ground
    episode: Episode
    second: Sandbox

    @classmethod
    @contextmanager
    def at(cls, pair: Pair) -> Iterator[Bench]:
        """A bench with a fresh episode."""
        with pair.first.episode() as episode:
            yield cls(pair.ground, episode, pair.second)


@dataclass(frozen=True, slots=True)
class Draft:
    """A chain on its way to a sample.

    Attributes:
        key: Seeds every choice made for this draft: run seed and candidate number.
        queries: The request in words, easy and hard.
        description: What the advanced tool does, in words.
        advanced: The chain as one function.
        outcome: The recorded execution.
        runs: Every program whose outcome a proof rests on, with that outcome.
        checks: The proofs passed so far.
    """

    key: str
    chain: Chain
    queries: Queries | None = None
    description: str = ""
    advanced: AdvancedTool | None = None
    outcome: Outcome | None = None
    runs: tuple[tuple[Program, Outcome], ...] = ()
    checks: tuple[Check, ...] = ()

    def passed(self, name: str, evidence: Any) -> Draft:
        """This draft with one more proof."""
        return replace(self, checks=(*self.checks, Check(name, evidence)))

    def resting_on(self, programs: Sequence[Program], outcomes: Sequence[Outcome]) -> Draft:
        """This draft with more runs that a proof rests on."""
        return replace(self, runs=(*self.runs, *zip(programs, outcomes, strict=True)))

    def executed(self) -> Outcome:
        """The recorded execution; RuntimeError when a pass runs before it."""
        if self.outcome is None:
            raise RuntimeError("this pass needs the executed chain")
        return self.outcome

    def asked(self) -> Queries:
        """The words; RuntimeError when a pass runs before them."""
        if self.queries is None:
            raise RuntimeError("this pass needs the queries")
        return self.queries

    def composed(self) -> AdvancedTool:
        """The advanced tool; RuntimeError when a pass runs before it."""
        if self.advanced is None:
            raise RuntimeError("this pass needs the advanced tool")
        return self.advanced


def seeded(*parts: object) -> random.Random:
    """A generator that depends on nothing but the text of `parts`."""
    text = "\x1f".join(str(part) for part in parts)
    return random.Random(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big"))
