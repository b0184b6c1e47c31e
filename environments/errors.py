"""What can go wrong with an environment on the host.

EnvironmentsError
├── UnknownEnvironment     no folder and no bundled domain of that name
└── BrokenEnvironment      a file of the folder is missing or says something impossible
"""

from __future__ import annotations


class EnvironmentsError(Exception):
    """Base of this room's errors; the message says what, where and what next."""


class UnknownEnvironment(EnvironmentsError):
    """There is no environment of that name."""


class BrokenEnvironment(EnvironmentsError):
    """A file of an environment's folder is missing or wrong.

    Attributes:
        file: Name of the file inside the folder.
        line: Line in it, when known (from 1).
    """

    def __init__(self, file: str, what: str, *, line: int | None = None) -> None:
        where = file if line is None else f"{file}, line {line}"
        super().__init__(f"{where}: {what}")
        self.file = file
        self.line = line
