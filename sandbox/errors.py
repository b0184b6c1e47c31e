"""What can go wrong when tool code is run.

    SandboxError
    ├── LevelUnavailable     the level asked for cannot be had here, or is not enough for this code
    │   └── EngineUnreachable    no container engine answers, or it refuses to work for us
    ├── ToolsBroken          tools.py cannot be loaded: the tools' fault, with the line
    ├── EpisodeLost          an episode ended early: deadline, memory, crash, protocol
    └── WorkerError          the sandbox itself ended or misbehaved: our fault
        └── FrameError           a message is no message (raised by the transport on both sides)

A tool that raises is none of these: it is an `Outcome`.
Standard library only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import typing

LostKind = typing.Literal["deadline", "memory", "crash", "protocol"]


class SandboxError(Exception):
    """Base of everything that this room raises on purpose."""


class LevelUnavailable(SandboxError):
    """The level asked for cannot be had here, or is weaker than this code needs."""


class EngineUnreachable(LevelUnavailable):
    """No container engine answers, or it refuses what the `docker` level needs."""


class ToolsBroken(SandboxError):
    """`tools.py` cannot be loaded, so no tool of it can be called.

    Attributes:
        type: The exception's type name.
        message: The exception's message.
        line: The line in `tools.py`, or None when none is known.
    """

    def __init__(self, type: str, message: str, line: int | None) -> None:
        at = "tools.py" if line is None else f"tools.py, line {line}"
        super().__init__(f"{at}: {type}: {message}; mend the file and load it again")
        self.type = type
        self.message = message
        self.line = line


class EpisodeLost(SandboxError):
    """An episode ended before it answered, while its sandbox and the other episodes go on.

    Attributes:
        kind: `deadline` it was stopped for taking too long, `memory` the kernel
            stopped it for want of memory, `crash` its process ended by itself,
            `protocol` what it sent is no answer.
    """

    def __init__(self, kind: LostKind, message: str) -> None:
        super().__init__(message)
        self.kind: LostKind = kind


class WorkerError(SandboxError):
    """The sandbox's own machinery failed, or was ended from outside: a fault of ours, never of a tool."""


class FrameError(WorkerError):
    """Bytes that are no message: too long, cut short, or not JSON."""
