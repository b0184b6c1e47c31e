"""The nouns of a chain: Step, Binding, Selector, AnswerPart, Chain.

A chain is written once and rendered as calls, as code and as words. These are
plain values with a JSON form; evaluating them is `evaluate.py`.

Standard library only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import typing
from dataclasses import dataclass
from typing import Any

Json = None | bool | int | float | str | list[Any] | dict[str, Any]
SelectorKind = typing.Literal["only", "max", "min", "where", "each", "all"]
Shape = typing.Literal["value", "count", "sum", "list"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A free input of the chain: something the person who asks has to say.

    Attributes:
        input: Its name; the same name twice in a chain is the same input.
        value: The value of the original draw.
        column: `table.column` whose values it is drawn from, or "" when it is not a column's value.
        denotes: The table whose row this value stands for, or "".
    """

    input: str
    value: Json
    column: str = ""
    denotes: str = ""


@dataclass(frozen=True, slots=True)
class Selector:
    """How one row (or all rows) of an earlier result is meant.

    Attributes:
        kind: `only` the single row; `max`/`min` the row with the largest or
            smallest `field`; `where` the row whose `field` equals `literal`;
            `each` every row, one call for each; `all` every row at once.
        path: The field of the (single-row) result that holds the rows, or "" for the result itself.
        field: What `max`, `min` and `where` look at.
        literal: What `where` compares with.
    """

    kind: SelectorKind
    path: str = ""
    field: str = ""
    literal: Literal | None = None


@dataclass(frozen=True, slots=True)
class Ref:
    """A value taken from an earlier step's result.

    `denotes` is the table whose row the value stands for: an order line's
    `product_id` denotes a product, not a line.
    """

    step: str
    selector: Selector
    field: str
    denotes: str = ""


@dataclass(frozen=True, slots=True)
class Captured:
    """A value that an earlier turn of the same dialogue obtained, kept because a write may have moved it."""

    turn: int
    step: str
    selector: Selector
    field: str
    value: Json
    denotes: str = ""


Binding = Literal | Ref | Captured


@dataclass(frozen=True, slots=True)
class Step:
    """One tool with a binding for each argument that is passed, in the order of the tool's signature."""

    id: str
    tool: str
    bindings: tuple[tuple[str, Binding], ...]

    def binding(self, parameter: str) -> Binding | None:
        """The binding of `parameter`, or None when it is left to its default."""
        return dict(self.bindings).get(parameter)


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One part of the answer.

    Attributes:
        shape: `value` of `field` in the selected row; `count` of the rows;
            `sum` of `field` over the rows; `list` of `field` over the rows.
        decimals: Digits to which a number is rounded (the column's declared scale), or None.
    """

    step: str
    selector: Selector
    shape: Shape
    field: str = ""
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """A directed acyclic program of steps, in an order in which they can run.

    `answer` may be empty when the last step changes state and nothing is asked.
    """

    steps: tuple[Step, ...]
    answer: tuple[AnswerPart, ...]

    def step(self, id: str) -> Step:
        """The step called `id`; KeyError when there is none."""
        for step in self.steps:
            if step.id == id:
                return step
        raise KeyError(id)

    def literals(self, *, every: bool = False) -> tuple[Literal, ...]:
        """The free inputs in the order in which they are used, each name once, or `every` use of them."""
        used: list[Literal] = []
        for step in self.steps:
            for _, binding in step.bindings:
                if isinstance(binding, Literal):
                    used.append(binding)
                elif binding.selector.literal is not None:
                    used.append(binding.selector.literal)
        used += [part.selector.literal for part in self.answer if part.selector.literal is not None]
        if every:
            return tuple(used)
        first: dict[str, Literal] = {}
        for literal in used:
            first.setdefault(literal.input, literal)
        return tuple(first.values())

    def inputs(self) -> dict[str, Json]:
        """The free inputs' original values by name."""
        return {literal.input: literal.value for literal in self.literals()}


def chain_to_json(chain: Chain) -> dict[str, Any]:
    """The JSON form of a chain; empty fields are left out."""
    return {
        "steps": [
            {"id": s.id, "tool": s.tool, "bindings": [{"parameter": n, **_binding_to_json(b)} for n, b in s.bindings]}
            for s in chain.steps
        ],
        "answer": [
            _filled(
                step=p.step,
                selector=_selector_to_json(p.selector),
                shape=p.shape,
                field=p.field,
                decimals=p.decimals,
            )
            for p in chain.answer
        ],
    }


def chain_from_json(data: dict[str, Any]) -> Chain:
    """The chain of a JSON form; KeyError, TypeError or ValueError when it is none."""
    return Chain(
        tuple(
            Step(s["id"], s["tool"], tuple((b["parameter"], _binding_from_json(b)) for b in s["bindings"]))
            for s in data["steps"]
        ),
        tuple(
            AnswerPart(
                p["step"],
                _selector_from_json(p["selector"]),
                p["shape"],
                p.get("field", ""),
                p.get("decimals"),
            )
            for p in data["answer"]
        ),
    )


def _filled(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and value != ""}


def _literal_to_json(literal: Literal) -> dict[str, Any]:
    shown = _filled(input=literal.input, column=literal.column, denotes=literal.denotes)
    return {**shown, "value": literal.value}


def _literal_from_json(data: dict[str, Any]) -> Literal:
    return Literal(data["input"], data["value"], data.get("column", ""), data.get("denotes", ""))


def _selector_to_json(selector: Selector) -> dict[str, Any]:
    literal = None if selector.literal is None else _literal_to_json(selector.literal)
    return _filled(kind=selector.kind, path=selector.path, field=selector.field, literal=literal)


def _selector_from_json(data: dict[str, Any]) -> Selector:
    literal = data.get("literal")
    return Selector(
        data["kind"],
        data.get("path", ""),
        data.get("field", ""),
        None if literal is None else _literal_from_json(literal),
    )


def _binding_to_json(binding: Binding) -> dict[str, Any]:
    if isinstance(binding, Literal):
        return {"literal": _literal_to_json(binding)}
    shown = _filled(
        step=binding.step,
        selector=_selector_to_json(binding.selector),
        field=binding.field,
        denotes=binding.denotes,
    )
    if isinstance(binding, Captured):
        return {"captured": {**shown, "turn": binding.turn, "value": binding.value}}
    return {"ref": shown}


def _binding_from_json(data: dict[str, Any]) -> Binding:
    if "literal" in data:
        return _literal_from_json(data["literal"])
    if "captured" in data:
        kept = data["captured"]
        return Captured(
            kept["turn"],
            kept["step"],
            _selector_from_json(kept["selector"]),
            kept["field"],
            kept["value"],
            kept.get("denotes", ""),
        )
    ref = data["ref"]
    return Ref(ref["step"], _selector_from_json(ref["selector"]), ref["field"], ref.get("denotes", ""))
