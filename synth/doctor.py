"""What this machine can do. Looks, and changes nothing."""

from __future__ import annotations

import importlib.util
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sandbox import Availability, available_levels

ROOMS = ("schemas", "environments", "sandbox", "synth")
PARTS = ("groundrow", "apsw", "docker", "faker", "sqlglot")


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found; `shadowed` names import names that lead to somebody else's code."""

    levels: Mapping[str, Availability]
    versions: Mapping[str, str]
    shadowed: tuple[str, ...]

    @property
    def able(self) -> bool:
        """Whether samples can be made: an isolating level works and no name is shadowed."""
        isolating = [level.available for name, level in self.levels.items() if name != "inprocess"]
        return any(isolating) and not self.shadowed

    def to_json(self) -> dict[str, Any]:
        """The form of `groundrow doctor --json`."""
        return {
            "levels": {
                name: {"available": level.available, "label": level.label, "reason": level.reason}
                for name, level in self.levels.items()
            },
            "versions": dict(self.versions),
            "shadowed": list(self.shadowed),
        }


def examine() -> Findings:
    """Look at levels, versions and import names."""
    versions = {"python": platform.python_version(), **{part: version(part) for part in PARTS}}
    return Findings(available_levels(), versions, tuple(_shadowed()))


def _shadowed() -> list[str]:
    """Rooms whose name another folder on the import path also claims; either could win, depending on its order."""
    home = Path(__file__).resolve().parent.parent
    found: list[str] = []
    for room in ROOMS:
        spec = importlib.util.find_spec(room)
        origin = None if spec is None or spec.origin is None else Path(spec.origin).resolve().parent
        if origin != home / room:
            found.append(f"`import {room}` leads to {origin or 'nothing'}, not to Groundrow")
        for entry in sys.path:
            for claim in (Path(entry or ".") / room / "__init__.py", Path(entry or ".") / f"{room}.py"):
                if claim.is_file() and claim.resolve().parent not in (home / room, home):
                    found.append(f"{claim} has the same import name as Groundrow's {room!r}")
    return found
