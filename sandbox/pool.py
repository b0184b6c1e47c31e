"""Several warm sandboxes of one world, opened at the same time and closed together.

Which of them is used by whom is the caller's affair, one thread at a time each. That a
sandbox is started anew after long use is its own (`warm.py`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from .episode import Sandbox
from .levels import open_sandbox
from .world import Limits, World


@dataclass(frozen=True, slots=True)
class Variant:
    """In what the sandboxes of a pool differ; see `open_sandbox`."""

    hash_seed: int = 0
    reversed_rows: bool = False


class Pool:
    """Open sandboxes; a context manager.

    Args:
        world: What each of them loads.
        variants: One for each sandbox; by default one plain sandbox for each processor this process may use.
        level: A level's name, as `choose_level` gives it.
        limits: Of each sandbox.

    Attributes:
        sandboxes: In the order of `variants`.

    Raises:
        SandboxError: As `open_sandbox`, when one cannot be opened; none is left open then.
    """

    def __init__(
        self, world: World, variants: Sequence[Variant] | None = None, *, level: str, limits: Limits | None = None
    ) -> None:
        chosen = [Variant()] * processors() if variants is None else variants

        def opened(variant: Variant) -> Sandbox:
            return open_sandbox(
                world,
                level=level,
                hash_seed=variant.hash_seed,
                reversed_rows=variant.reversed_rows,
                limits=limits,
            )

        opening: list[Future[Sandbox]] = []
        try:
            with ThreadPoolExecutor(max(1, len(chosen)), thread_name_prefix="opening") as threads:
                opening += [threads.submit(opened, variant) for variant in chosen]
            self.sandboxes = tuple(future.result() for future in opening)
        except BaseException:
            for future in opening:  # all have ended: the executor waits for them, whatever ended it
                if not future.cancelled() and future.exception() is None:
                    future.result().close()
            raise

    def close(self) -> None:
        """End every sandbox."""
        for sandbox in self.sandboxes:
            sandbox.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
