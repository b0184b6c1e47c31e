"""Unspeakable: a chain that has no plain words.

Not one of this room's errors: it says something about a chain, which becomes a
rejection with its reason.
"""

from __future__ import annotations


class Unspeakable(Exception):
    """No sentence says this chain both plainly and unmistakably.

    Attributes:
        reason: A short snake_case word for the counts.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
