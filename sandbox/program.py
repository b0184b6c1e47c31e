"""What is sent into an episode and what comes back, as nouns with a JSON form.

A Program starts from the snapshot (or from what the episode kept) and is one of:
a chain with inputs, a composite's source with inputs, or a plain list of calls.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from environments import Chain, Json, chain_to_json

from .errors import ToolsBroken

T = typing.TypeVar("T")

_MOST_SHOWN = 4000  # characters of what a person is shown of a fault; the worker keeps to half of that by itself


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


class Chains:
    """The chains of one message: each is sent once, however many programs run it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self._numbers: dict[int, int] = {}
        self._held: list[Chain] = []  # so that no other chain gets the identity of one that is gone

    def number(self, chain: Chain) -> int:
        """What stands for `chain` in a program."""
        number = self._numbers.get(id(chain))
        if number is None:
            number = self._numbers[id(chain)] = len(self.sent)
            self.sent.append(chain_to_json(chain))
            self._held.append(chain)
        return number


@dataclass(frozen=True, slots=True)
class RunChain:
    """Evaluate a chain with these inputs."""

    chain: Chain
    inputs: dict[str, Json]

    def to_json(self, chains: Chains) -> dict[str, Any]:
        """The message form."""
        return {"kind": "chain", "chain": chains.number(self.chain), "inputs": self.inputs}


@dataclass(frozen=True, slots=True)
class RunSource:
    """Define `source` beside the environment's tools and call its function `entry` with these inputs."""

    source: str
    entry: str
    inputs: dict[str, Json]

    def to_json(self, chains: Chains) -> dict[str, Any]:
        """The message form."""
        del chains
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

    def to_json(self, chains: Chains) -> dict[str, Any]:
        """The message form."""
        del chains
        return {
            "kind": "calls",
            "calls": [{"tool": tool, "args": args} for tool, args in self.calls],
            "observe": self.observe,
            "setup": list(self.setup),
        }


Program = RunChain | RunSource | RunCalls


def message_of(programs: Iterable[Program]) -> dict[str, Any]:
    """What a worker is told of `programs`."""
    chains = Chains()
    told = [program.to_json(chains) for program in programs]
    return {"programs": told, "chains": chains.sent}


def tool_names(programs: Iterable[Program]) -> tuple[str, ...]:
    """The tools that `programs` name, sorted, each once."""
    names: set[str] = set()
    for program in programs:
        match program:
            case RunChain():
                names.update(step.tool for step in program.chain.steps)
            case RunSource():
                names.add(program.entry)
            case RunCalls():
                names.update(tool for tool, _ in program.calls)
    return tuple(sorted(names))


def outcome_from_json(data: object, program: Program) -> Outcome:
    """The Outcome of a worker's reply to `program`.

    Raises:
        ValueError: The reply is malformed, or no answer to that program; the message says where.
    """
    reply = _mapping(data, "the outcome")
    outcome = Outcome(
        _each(_call, reply.get("calls"), "calls"),
        reply.get("answer"),
        _each(_change, reply["changes"], "changes") if "changes" in reply else (),
        _refused(reply["refused"]) if "refused" in reply else None,
        _bug(reply["bug"]) if "bug" in reply else None,
        _each(_text, reply["reads"], "reads") if "reads" in reply else (),
        _each(_text, reply["writes"], "writes") if "writes" in reply else (),
    )
    _check_whole(outcome, program, answered="answer" in reply)
    return outcome


def broken_from_json(data: object) -> ToolsBroken | None:
    """Why an episode could not load its tools, or None when it could; ValueError when `data` says neither."""
    loaded = _mapping(data, "loaded")
    if loaded.get("broken") is None:
        return None
    item = _mapping(loaded["broken"], "broken")
    type, message = _shown(item, "type", "broken"), _shown(item, "message", "broken")
    return ToolsBroken(type, message, _line(item.get("line"), "broken.line"))


def _check_whole(outcome: Outcome, program: Program, *, answered: bool) -> None:
    """ValueError when the parts of an outcome do not go together, or not with the program."""
    done = outcome.refused is None and outcome.bug is None
    if outcome.refused is not None and outcome.bug is not None:
        raise ValueError("it is both refused and a bug")
    if isinstance(program, RunCalls):
        if outcome.refused is not None or answered:
            raise ValueError("plain calls are neither refused nor answered as a whole")
        if len(outcome.calls) > len(program.calls) or (done and len(outcome.calls) < len(program.calls)):
            raise ValueError(f"{len(outcome.calls)} calls are reported where {len(program.calls)} were asked for")
    elif answered != done:
        raise ValueError("an answer is given by what is neither refused nor a bug, and by nothing else")
    if isinstance(program, RunChain) and done:
        parts = len(_list(outcome.answer, "answer"))
        if parts != len(program.chain.answer):
            raise ValueError(f"the answer has {parts} parts, the chain {len(program.chain.answer)}")


def _each(take: Callable[[Any], T], data: object, place: str) -> tuple[T, ...]:
    """What `take` makes of each item of a list; its ValueErrors say which item it was."""
    items = _list(data, place)
    position = 0
    taken: list[T] = []
    try:
        for item in items:
            taken.append(take(item))
            position += 1
    except ValueError as error:
        raise ValueError(f"{place}[{position}]{error}") from None
    return tuple(taken)


def _call(item: Any) -> Call:
    """A call: step, tool, arguments, result, and where there are any its changes, and an error."""
    if type(item) is not list or not 4 <= len(item) <= 6:
        raise ValueError(" is no call")
    step, tool, args, result, *more = item
    if type(step) is not str:
        raise ValueError(".step is no text")
    if type(tool) is not str:
        raise ValueError(".tool is no text")
    if type(args) is not dict:
        raise ValueError(".args is no object")
    error = more[1] if len(more) == 2 else None
    if error is not None:
        if type(error) is not str:
            raise ValueError(".error is no text")
        if result is not None:
            raise ValueError(" has both a result and an error")
    elif type(result) is list:
        for position, row in enumerate(result):
            if type(row) is not dict:
                raise ValueError(f".result[{position}] is no object")
    elif type(result) is not dict:
        raise ValueError(".result is no object")
    if not more:
        return Call(step, tool, args, result)
    return Call(step, tool, args, result, error, _each(_change, more[0], ".changes"))


def _change(item: Any) -> Change:
    if type(item) is not dict:
        raise ValueError(" is no object")
    table, op = item.get("table"), item.get("op")
    if type(table) is not str:
        raise ValueError(".table is no text")
    key = _values(item, "key")
    match op:
        case "insert":
            _check_absent(item, "old")
            return Change(table, "insert", key, None, _values(item, "new"))
        case "update":
            before, after = _values(item, "old"), _values(item, "new")
            if before.keys() != after.keys():
                raise ValueError(" has other columns before than after")
            return Change(table, "update", key, before, after)
        case "delete":
            _check_absent(item, "new")
            return Change(table, "delete", key, _values(item, "old"), None)
    raise ValueError(".op is no insert, update or delete")


def _refused(data: object) -> Refused:
    item = _mapping(data, "refused")
    return Refused(*(_shown(item, name, "refused") for name in ("kind", "message", "step")))


def _bug(data: object) -> Bug:
    item = _mapping(data, "bug")
    tool, type, message = (_shown(item, name, "bug") for name in ("tool", "type", "message"))
    return Bug(tool, type, message, _line(item.get("line"), "bug.line"))


def _line(data: object, place: str) -> int | None:
    if data is None or (isinstance(data, int) and not isinstance(data, bool)):
        return data
    raise ValueError(f"{place} is no number of a line")


def _values(item: Mapping[str, Any], name: str) -> dict[str, Json]:
    """Column values: scalars, and blobs by their hexadecimal digits."""
    values = item.get(name)
    if type(values) is not dict:
        raise ValueError(f".{name} is no object")
    for column, value in values.items():
        if isinstance(value, dict | list):
            blob = isinstance(value, dict) and list(value) == ["blob"] and isinstance(value["blob"], str)
            if not blob:
                raise ValueError(f".{name}[{column!r}] is no value of a column")
    return values


def _check_absent(item: Mapping[str, Any], name: str) -> None:
    if item.get(name) is not None:
        raise ValueError(f".{name} is given, and a {item['op']} has none")


def _mapping(data: object, place: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ValueError(f"{place} is no object")
    return data


def _list(data: object, place: str) -> list[Any]:
    if not isinstance(data, list):
        raise ValueError(f"{place} is no list")
    return data


def _field(item: Mapping[str, Any], name: str, place: str) -> str:
    value = item.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{place}.{name} is no text")
    return value


def _shown(item: Mapping[str, Any], name: str, place: str) -> str:
    text = _field(item, name, place)
    return text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "..."


def _text(item: Any) -> str:
    if not isinstance(item, str):
        raise ValueError(" is no text")
    return item
