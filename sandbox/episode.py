"""The two seams of this room: a Sandbox, and an Episode in it. Every level provides both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, Self

from .program import Outcome, Program, RunCalls


class Episode(Protocol):
    """One private copy of a world's database, with its tools."""

    def run(self, programs: Sequence[Program], *, keep: bool = False, deadline: float = 10.0) -> list[Outcome]:
        """Run programs; each starts from the episode's state and is undone afterwards.

        Args:
            programs: What to run, in order.
            keep: Let what the one program changes stay, when it neither refuses nor fails.
            deadline: Seconds that all of them together may take.

        Raises:
            EpisodeLost: The episode ended before it had answered; it cannot be used again.
            WorkerError: The whole sandbox ended.
            ValueError: `keep` with more or fewer programs than one or with a setup, or inputs that are not JSON.
        """

    def reset(self) -> None:
        """Back to the snapshot."""

    def close(self) -> None:
        """End the episode."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Sandbox(Protocol):
    """A world that is kept warm; one thread at a time uses it, though any may close it.

    Attributes:
        level: How strongly it isolates: a name of `available_levels`.
        label: What that honestly means.
        facts: What ran: level, image, python, sqlite and apsw.
    """

    level: str
    label: str
    facts: Mapping[str, str]

    def episode(self, *, witnessed: bool = False) -> Episode:
        """A fresh episode on the snapshot.

        Args:
            witnessed: Have each program run again, over a database that tools cannot reach, in a process of trusted
                code. Then calls, arguments, changes and answers are its word, and a tool's own word is its return
                value only. It costs a second process. The level `inprocess` trusts its tools anyway.

        Raises:
            ToolsBroken: `tools.py` cannot be loaded.
            EpisodeLost: Loading it did not end, or ended the episode.
            WorkerError: The whole sandbox ended.
        """

    def close(self) -> None:
        """End every episode and the sandbox."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def check_run(programs: Sequence[Program], *, keep: bool) -> None:
    """ValueError when `keep` is asked for more or fewer programs than one, or for one with a setup."""
    if keep and len(programs) != 1:
        raise ValueError(f"keep=True takes exactly one program, not {len(programs)}; send them one after the other")
    if keep and isinstance(programs[0], RunCalls) and programs[0].setup:
        raise ValueError("a program with a setup cannot be kept; its state may break constraints")
