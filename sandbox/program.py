"""What is sent into an episode and what comes back, as nouns with a JSON form.

A Program starts from the snapshot (or from what the episode kept) and is one of:
a chain with inputs, a composite's source with inputs, or a plain list of calls.
"""

from __future__ import annotations

import typing
from dataclasses import dataclass
from typing import Any

from environments import Chain, Json, chain_to_json


@dataclass(frozen=True, slots=True)
class Change:
    """One row that a call changed.

    Attributes:
        key: Primary key columns and their values (before the change).
        old: Values before, of the whole row for a delete, of the changed columns for an update, None for an insert.
        new: Values after, of the whole row for an insert, of the changed columns for an update, None for a delete.
    """

    table: str
    op: typing.Literal["insert", "update", "delete"]
    key: dict[str, Json]
    old: dict[str, Json] | None
    new: dict[str, Json] | None

    def to_json(self) -> dict[str, Any]:
        """The JSON form, `old` and `new` left out when None."""
        shown: dict[str, Any] = {"table": self.table, "op": self.op, "key": self.key}
        if self.old is not None:
            shown["old"] = self.old
        if self.new is not None:
            shown["new"] = self.new
        return shown


@dataclass(frozen=True, slots=True)
class Call:
    """One executed call.

    Attributes:
        step: The chain's step it belongs to, or "" outside a chain.
        error: The ToolError's message; the result is None then.
        changes: Rows it changed, ordered by table and key.
    """

    step: str
    tool: str
    args: dict[str, Json]
    result: Json
    error: str | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a chain or composite has no answer; `kind` as in `environments.evaluate`."""

    kind: str
    message: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class Bug:
    """An exception of the tool's that is no ToolError: the tool's fault, never an answer."""

    tool: str
    type: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one program did.

    Attributes:
        calls: Every call in order (empty for a composite's own run).
        answer: A chain's answer parts, or a composite's returned value; None when refused or buggy.
        changes: The net row changes of the whole program, ordered by table and key.
        observed: With `observe`: columns read and written, `table.column`, `+table`, `-table`.
    """

    calls: tuple[Call, ...]
    answer: Json
    changes: tuple[Change, ...]
    refused: Refused | None = None
    bug: Bug | None = None
    observed_reads: tuple[str, ...] = ()
    observed_writes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunChain:
    """Evaluate a chain with these inputs."""

    chain: Chain
    inputs: dict[str, Json]

    def to_json(self) -> dict[str, Any]:
        """The message form."""
        return {"kind": "chain", "chain": chain_to_json(self.chain), "inputs": self.inputs}


@dataclass(frozen=True, slots=True)
class RunSource:
    """Define `source` beside the environment's tools and call its function `entry` with these inputs."""

    source: str
    entry: str
    inputs: dict[str, Json]

    def to_json(self) -> dict[str, Any]:
        """The message form."""
        return {"kind": "source", "source": self.source, "entry": self.entry, "inputs": self.inputs}


@dataclass(frozen=True, slots=True)
class RunCalls:
    """Make these calls (tool, arguments) in order; a ToolError does not stop the rest.

    Attributes:
        observe: Record the columns that are read and written (slower: no statement is cached).
        setup: Statements that the host itself wrote, run before the calls, with constraints off.
    """

    calls: tuple[tuple[str, dict[str, Json]], ...]
    observe: bool = False
    setup: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The message form."""
        return {
            "kind": "calls",
            "calls": [{"tool": tool, "args": args} for tool, args in self.calls],
            "observe": self.observe,
            "setup": list(self.setup),
        }


Program = RunChain | RunSource | RunCalls


def outcome_from_json(data: dict[str, Any]) -> Outcome:
    """The Outcome of a worker's reply; KeyError, TypeError or ValueError when the reply is malformed."""
    refused = data.get("refused")
    bug = data.get("bug")
    return Outcome(
        calls=tuple(
            Call(c["step"], c["tool"], c["args"], c.get("result"), c.get("error"), _changes(c.get("changes", [])))
            for c in data["calls"]
        ),
        answer=data.get("answer"),
        changes=_changes(data["changes"]),
        refused=None if refused is None else Refused(refused["kind"], refused["message"], refused["step"]),
        bug=None if bug is None else Bug(bug["tool"], bug["type"], bug["message"], bug.get("line")),
        observed_reads=tuple(data.get("reads", ())),
        observed_writes=tuple(data.get("writes", ())),
    )


def _changes(items: list[dict[str, Any]]) -> tuple[Change, ...]:
    return tuple(Change(c["table"], c["op"], c["key"], c.get("old"), c.get("new")) for c in items)
