"""What runs are turned into: graph, samples, proofs, advanced tools, queries, records, commands.

Start reading at `spine.py`. The names below are loaded when they are first used,
so that the command line, which lives in this room, starts at once.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .check import Inspection, check_environment
    from .errors import RunFolderError, SynthError, UnreachableTarget
    from .graph import tool_graph
    from .ground import Ground, survey
    from .ledger import Plan, Report
    from .replay import Replay, read_run, replay_run
    from .run import synthesize
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


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import check, errors, graph, ground, ledger, replay, run, spine

    homes = (check, errors, graph, ground, ledger, replay, run, spine)
    return next(getattr(home, name) for home in homes if hasattr(home, name))
