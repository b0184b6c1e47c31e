"""How tool code is run safely: levels of isolation, warm sandboxes, and private episodes in them."""

from .episode import Episode, Sandbox
from .errors import (
    EngineUnreachable,
    EpisodeLost,
    LevelUnavailable,
    SandboxError,
    ToolsBroken,
    WorkerError,
)
from .levels import Availability, available_levels, choose_level, open_sandbox
from .pool import Pool, Variant, processors
from .program import Bug, Call, Change, Outcome, Program, Refused, RunCalls, RunChain, RunSource
from .world import Limits, World

__all__ = [
    "Availability",
    "Bug",
    "Call",
    "Change",
    "EngineUnreachable",
    "Episode",
    "EpisodeLost",
    "LevelUnavailable",
    "Limits",
    "Outcome",
    "Pool",
    "Program",
    "Refused",
    "RunCalls",
    "RunChain",
    "RunSource",
    "Sandbox",
    "SandboxError",
    "ToolsBroken",
    "Variant",
    "WorkerError",
    "World",
    "available_levels",
    "choose_level",
    "open_sandbox",
    "processors",
]
