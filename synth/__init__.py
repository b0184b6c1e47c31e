"""What runs are turned into: graph, samples, proofs, advanced tools, queries, records, commands.

Start reading at `spine.py`. The names below are loaded when they are first used,
so that the command line, which lives in this room, starts at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .check import Inspection, check_environment
    from .errors import RunFolderError, SynthError, UnreachableTarget
    from .graph import tool_graph
    from .ground import Ground, survey
    from .replay import Replay, read_run, replay_run
    from .run import Plan, Report, synthesize
    from .spine import PASSES, attempt

__all__ = [
    "PASSES",
    "Ground",
    "Inspection",
    "Plan",
    "Replay",
    "Report",
    "RunFolderError",
    "SynthError",
    "UnreachableTarget",
    "attempt",
    "check_environment",
    "read_run",
    "replay_run",
    "survey",
    "synthesize",
    "tool_graph",
]

_HOMES = {
    "check": ("Inspection", "check_environment"),
    "errors": ("RunFolderError", "SynthError", "UnreachableTarget"),
    "graph": ("tool_graph",),
    "ground": ("Ground", "survey"),
    "replay": ("Replay", "read_run", "replay_run"),
    "run": ("Plan", "Report", "synthesize"),
    "spine": ("PASSES", "attempt"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
