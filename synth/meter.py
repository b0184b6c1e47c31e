"""Progress on standard error: a bar with time left on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

EVERY = 5.0  # seconds between lines when standard error is no terminal


class Meter:
    """Shows how far something is; a context manager.

    Args:
        what: What is counted.
        total: How many there will be, if known.
        after: Seconds of silence at the start, for what is mostly over by then.
    """

    def __init__(self, what: str, total: int | None, after: float = 0.0) -> None:
        self._console = Console(stderr=True)
        self._bar: Progress | None = None
        self._total = total
        self._what = what
        self._started = self._said = time.monotonic()
        self._after, self._running = after, False
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                TimeElapsedColumn(),
                TextColumn("left"),
                TimeRemainingColumn(),
                TextColumn("{task.fields[note]}"),
                console=self._console,
                transient=True,
            )
            self._task = self._bar.add_task(what, total=total, note="")

    def __enter__(self) -> Meter:
        self._start()
        return self

    def _start(self) -> bool:
        """Show the bar once it is time; whether it is."""
        if not self._running and time.monotonic() - self._started >= self._after:
            self._running = True
            if self._bar is not None:
                self._bar.start()
        return self._running

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None and self._running:
            self._bar.stop()

    def show(self, done: int, note: str = "") -> None:
        """Say that `done` of the total are done."""
        if not self._start():
            return
        if self._bar is not None:
            self._bar.update(self._task, completed=done, note=note)
            return
        now = time.monotonic()
        if now - self._said < (EVERY if self._said > self._started else self._after or EVERY):
            return
        self._said = now
        spent = now - self._started
        left = f", about {spent / done * (self._total - done):.0f} s left" if done and self._total else ""
        of = f" of {self._total}" if self._total else ""
        self._console.print(f"{self._what}: {done}{of} after {spent:.0f} s{left} {note}".rstrip(), highlight=False)
