"""Faker's draws kept in the user's cache folder, so that a fresh process need not load Faker.

What is kept is what would be drawn: the file's name has the version of Faker and of this form in it, its head the
seed, the size and Python's version. A file that cannot be read, written or believed is as none. Nothing is read or
written by import.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from .model import Value

_PLAIN = (bool, int, float, str)
_FORM = 1  # another number when draws of the same Faker come out differently


class PoolCache:
    """The pools of one seed and size.

    Attributes:
        path: Where they are kept, or None when there is no such folder.
    """

    def __init__(self, seed: int, size: int) -> None:
        self.path = _path()
        self._head = {"seed": seed, "size": size, "python": f"{sys.version_info.major}.{sys.version_info.minor}"}
        self._size = size
        self._pools: dict[str, list[Value]] | None = None

    def get(self, provider: str) -> tuple[Value, ...] | None:
        """The draws of a provider, or None when they are not kept."""
        if self._pools is None:
            self._pools = self._read()
        found = self._pools.get(provider)
        return None if found is None else tuple(found)

    def __contains__(self, provider: str) -> bool:
        return self.get(provider) is not None

    def put(self, provider: str, entries: Sequence[Value]) -> None:
        """Keep the draws of a provider, beside what other processes have kept meanwhile."""
        self._pools = self._read() | {provider: list(entries)}
        if self.path is None:
            return
        part = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                part.write_text(json.dumps({**self._head, "pools": self._pools}), encoding="utf-8")
                part.replace(self.path)
            finally:
                part.unlink(missing_ok=True)

    def _read(self) -> dict[str, list[Value]]:
        kept = dict(self._pools or {})
        if self.path is None:
            return kept
        try:
            data: Any = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return kept
        if not isinstance(data, dict) or any(data.get(name) != value for name, value in self._head.items()):
            return kept
        pools = data.get("pools")
        if isinstance(pools, dict):
            kept |= {name: entries for name, entries in pools.items() if self._is_pool(entries)}
        return kept

    def _is_pool(self, entries: object) -> bool:
        return (
            isinstance(entries, list)
            and len(entries) == self._size
            and all(isinstance(entry, _PLAIN) for entry in entries)
        )


@cache
def _path() -> Path | None:
    faker = _faker_version()
    if not faker:
        return None
    given = os.environ.get("XDG_CACHE_HOME", "")
    if Path(given).is_absolute():  # a relative one is to be ignored, says the XDG Base Directory Specification
        folder = Path(given)
    else:
        try:
            folder = Path.home() / ".cache"
        except RuntimeError:
            return None
    return folder / "groundrow" / f"pools-{faker}-{_FORM}.json"


def _faker_version() -> str:
    """The installed version of Faker, "" when there is none."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        # Its own attribute `version` reads all of the file as an e-mail, the description in it included.
        told = distribution("faker").read_text("METADATA") or ""
    except PackageNotFoundError:
        return ""
    found = re.search(r"^Version: *(\S+)", told, re.MULTILINE)
    return found[1] if found else ""
