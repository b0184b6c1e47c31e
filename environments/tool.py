"""What a tool's author sees of Groundrow: `tool`, `ToolError` and the `Db` protocol.

Standard library only: this very file is what `from environments import tool`
gives inside a sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar, overload

F = TypeVar("F", bound=Callable[..., Any])
Gives = Mapping[str, "str | Gives"]


class ToolError(Exception):
    """An answer that the model reads: the request was understood and refused.

    Any other exception that leaves a tool is a bug of the tool.

    Attributes:
        kind: `tool_error` for a tool's own refusal; the composites of advanced
            tools use the selector refusals (`empty`, `tie`, ...).
    """

    def __init__(self, message: str, *, kind: str = "tool_error") -> None:
        super().__init__(message)
        self.kind = kind


class Db(Protocol):
    """What a tool sees of the database. Binds are named, `:name`; every statement is a string literal."""

    def rows(self, sql: str, **binds: object) -> list[dict[str, Any]]:
        """All rows of a query, a dict each, keyed by output column name."""

    def one(self, sql: str, **binds: object) -> dict[str, Any] | None:
        """The first row of a query, or None."""

    def run(self, sql: str, **binds: object) -> int:
        """Execute a writing statement; the number of rows affected."""


@overload
def tool(function: F, /) -> F: ...
@overload
def tool(
    *,
    takes: Mapping[str, str] | None = None,
    gives: Gives | None = None,
    reads: Sequence[str] = (),
    writes: Sequence[str] = (),
    order: str = "",
) -> Callable[[F], F]: ...


def tool(
    function: F | None = None,
    /,
    *,
    takes: Mapping[str, str] | None = None,
    gives: Gives | None = None,
    reads: Sequence[str] = (),
    writes: Sequence[str] = (),
    order: str = "",
) -> F | Callable[[F], F]:
    """Mark a function as a tool and declare its contract; the same function comes back.

    The declaration is read from the source text and never from the function, so
    every argument must be a literal. See `contract.py` for its grammar.
    """
    del takes, gives, reads, writes, order
    if function is not None:
        return function

    def mark(marked: F) -> F:
        return marked

    return mark
