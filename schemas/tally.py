"""Counts what is lost of rows."""

from __future__ import annotations

from .draft import Losses


class Tally:
    """Counts what is lost of rows, so that a thousand rows with one fault make one Loss."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], int] = {}
        self.samples: dict[tuple[str, str], tuple[str, str]] = {}

    def add(self, table: str, what: str, why: str, *, statement: str = "", sample: str = "", count: int = 1) -> None:
        key = (table, f"{what}: {why}")
        self.counts[key] = self.counts.get(key, 0) + count
        self.samples.setdefault(key, (statement or f"rows of {table}", sample))

    def report(self, losses: Losses) -> None:
        for (table, reason), count in self.counts.items():
            statement, sample = self.samples[table, reason]
            example = f", such as {sample}" if sample else ""
            losses.add(statement, f"{count} {'row' if count == 1 else 'rows'}: {reason}{example}")
