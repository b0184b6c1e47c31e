"""Which levels of isolation there are, which of them can be had here, and opening one.

Nothing is ever substituted quietly: a level that was asked for and cannot be had
is an error, and code without a review mark never gets less than it needs.
"""

from __future__ import annotations

import difflib
import typing
from dataclasses import dataclass

from . import bwrap, process
from .episode import Sandbox
from .errors import LevelUnavailable
from .inprocess import InProcessSandbox
from .world import Limits, World

if typing.TYPE_CHECKING:
    from .image import ImageBase

LABELS = {
    "docker": "container isolation",
    "bwrap": "namespace isolation, no cgroup limits",
    "process": "process hardening: same kernel view, same uid; for code you have read",
    "inprocess": "no isolation; trusted tools and tests only",
}
_FOR_UNREVIEWED = ("docker", "bwrap")
_NEVER_BY_ITSELF = "inprocess"


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a level can be had here.

    Attributes:
        label: What the level honestly gives.
        reason: Why it cannot be had, or "".
    """

    available: bool
    label: str
    reason: str = ""


def available_levels() -> dict[str, Availability]:
    """Every level by name, strongest first, with what this machine can do."""
    return {name: _availability(name) for name in LABELS}


def choose_level(requested: str, *, trusted: bool) -> str:
    """The level to use.

    Args:
        requested: A level's name, or "auto" for the strongest that can be had; never `inprocess` by itself.
        trusted: Whether a person has reviewed the code that is to run.

    Raises:
        LevelUnavailable: The level cannot be had here, or is too weak for code that nobody has reviewed.
    """
    review = "read tools.py and mark it with `groundrow check ENV --review NAME`"
    if requested == "auto":
        passed = []
        for level in LABELS:
            if level == _NEVER_BY_ITSELF or not (trusted or level in _FOR_UNREVIEWED):
                continue
            found = _availability(level)
            if found.available:
                return level
            passed.append(f"{level}: {found.reason}")
        reasons = "; ".join(passed)
        if not trusted:
            raise LevelUnavailable(
                "these tools carry no review mark, so they need the level docker or bwrap, and neither can be had"
                f" here ({reasons}); mend one of these, or {review}"
            )
        raise LevelUnavailable(
            f"no level can be had here: {reasons}; ask for inprocess by name when the tools are your own"
        )
    _known(requested)
    if not trusted and requested not in _FOR_UNREVIEWED:
        raise LevelUnavailable(
            f"these tools carry no review mark, and the level {requested!r} is too weak for that"
            f" ({LABELS[requested]}); use docker or bwrap, or {review}"
        )
    found = _availability(requested)
    if not found.available:
        raise LevelUnavailable(f"the level {requested!r} cannot be had here: {found.reason}")
    return requested


def open_sandbox(
    world: World,
    *,
    level: str,
    hash_seed: int = 0,
    reversed_rows: bool = False,
    limits: Limits | None = None,
    image_base: ImageBase = "host-python",
) -> Sandbox:
    """Open a sandbox for a world; a context manager.

    Args:
        world: What to load.
        level: A level's name, as `choose_level` gives it.
        hash_seed: Python's hash seed inside (not at the level `inprocess`).
        reversed_rows: Give rows in the opposite order wherever a query asks for none, to find tools that rely on one.
        limits: What may be used; the defaults of `Limits` when left out.
        image_base: What the container's image is made from (level `docker`).

    Raises:
        LevelUnavailable: The level cannot be had here.
        ToolsBroken: The tools' source is no Python; what it raises when executed shows at the first episode.
        WorkerError: The sandbox did not start.
    """
    _known(level)
    limits = limits or Limits()
    label = LABELS[level]
    if level == "inprocess":
        return InProcessSandbox(world, label=label, reversed_rows=reversed_rows)
    if level == "docker":  # it finds out by itself what is wrong with the engine, asking only once
        from . import container  # noqa: PLC0415 - a tenth of a second that only this level needs

        return container.open_container(
            world, label=label, hash_seed=hash_seed, limits=limits, reversed_rows=reversed_rows, base=image_base
        )
    found = _availability(level)
    if not found.available:
        raise LevelUnavailable(f"the level {level!r} cannot be had here: {found.reason}")
    opening = bwrap.open_bwrap if level == "bwrap" else process.open_process
    return opening(world, label=label, hash_seed=hash_seed, limits=limits, reversed_rows=reversed_rows)


def _availability(level: str) -> Availability:
    reason = None
    if level == "docker":
        from . import container  # noqa: PLC0415 - as above

        reason = container.unavailable()
    elif level == "bwrap":
        reason = bwrap.unavailable()
    elif level == "process":
        reason = process.unavailable()
    return Availability(reason is None, LABELS[level], reason or "")


def _known(level: str) -> None:
    if level not in LABELS:
        close = difflib.get_close_matches(level, LABELS, 1)
        hint = f"did you mean {close[0]!r}?" if close else f"the levels are: {', '.join(LABELS)}"
        raise LevelUnavailable(f"there is no level {level!r}; {hint}")
