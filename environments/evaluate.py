"""The meaning of a chain: its steps run in order, its selectors resolved, its answer taken.

A selector that does not single out what it promises refuses, and the refusal is
part of the chain's meaning: `empty`, `ambiguous`, `tie`, `null`, `duplicate`,
`too_many`, or `tool_error` when a tool answered with a ToolError.

Standard library only: this very file is what the sandbox's worker runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .chain import AnswerPart, Captured, Chain, Json, Literal, Ref, Selector, Step
from .tool import ToolError

MOST_CALLS = 8  # of one step under `each`; a request that means more is not one a person would check

Call = Callable[[str, str, dict[str, Json]], Json]
Record = dict[str, Any]


class Refusal(Exception):
    """The chain has no answer on this state and these inputs, for a reason that is part of its meaning."""

    def __init__(self, kind: str, message: str, step: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.step = step


def evaluate(chain: Chain, inputs: Mapping[str, Json], call: Call) -> list[Json]:
    """Run `chain` with `inputs` (free input name -> value) and return its answer, one value a part.

    Args:
        call: Executes one tool: (step id, tool name, arguments) -> result. A ToolError it raises
            becomes a Refusal of kind `tool_error`; any other exception passes through.

    Raises:
        Refusal: A selector or a tool refused.
        KeyError: The chain names a step, field or input that is not there (a bug of the chain's maker).
    """
    results: dict[str, Json] = {}
    for step in chain.steps:
        results[step.id] = _run_step(step, inputs, results, call)
    return [_answer(part, results[part.step], inputs) for part in chain.answer]


def _run_step(step: Step, inputs: Mapping[str, Json], results: Mapping[str, Json], call: Call) -> Json:
    fixed: dict[str, Json] = {}
    fanned: tuple[str, list[Json]] | None = None
    for parameter, binding in step.bindings:
        if isinstance(binding, Literal):
            fixed[parameter] = inputs[binding.input]
        elif isinstance(binding, Captured):
            fixed[parameter] = binding.value
        elif binding.selector.kind == "each":
            if fanned is not None:
                raise ValueError(f"step {step.id!r} fans out over two parameters")
            fanned = (parameter, _each(binding, results[binding.step], step.id))
        else:
            fixed[parameter] = resolve(binding, results[binding.step], inputs, step.id)
    try:
        if fanned is None:
            return call(step.id, step.tool, fixed)
        parameter, values = fanned
        gathered: list[Json] = []
        names = [name for name, _ in step.bindings]
        for value in values:
            arguments = {name: value if name == parameter else fixed[name] for name in names}
            result = call(step.id, step.tool, arguments)
            gathered.extend(result if isinstance(result, list) else [result])
        return gathered
    except ToolError as error:
        raise Refusal(error.kind, str(error), step.id) from error


def resolve(ref: Ref, result: Json, inputs: Mapping[str, Json], at: str) -> Json:
    """The value that `ref` (not an `each`) takes from `result`; `at` is the step that asks, for the refusal."""
    if type(result) is dict and ref.selector.kind == "only" and not ref.selector.path:
        return _link(result, ref.field, at)  # the most common case, made quick
    rows = rows_of(result, ref.selector.path)
    if ref.selector.kind == "all":
        if not rows:
            raise Refusal("empty", "there is no row", at)
        return [_link(row, ref.field, at) for row in rows]
    return _link(pick(rows, ref.selector, inputs, at), ref.field, at)


def rows_of(result: Json, path: str = "") -> list[Record]:
    """A tool's result as rows: a list as it is, one row as a list of one, nothing as none."""
    if path:
        if isinstance(result, list):
            return [row for outer in result for row in rows_of(outer[path])]
        if not isinstance(result, dict):
            return []
        return rows_of(result[path])
    if result is None:
        return []
    if isinstance(result, list):
        return result
    if isinstance(result, dict):
        return [result]
    raise TypeError(f"a result must be a row or a list of rows, not {type(result).__name__}")


def pick(rows: list[Record], selector: Selector, inputs: Mapping[str, Json], at: str) -> Record:
    """The one row of `rows` that `selector` means. NULLs do not take part in `max` and `min`."""
    if selector.kind in ("max", "min"):
        held = [row for row in rows if row[selector.field] is not None]
        if not held:
            raise Refusal("empty", f"no row has a {selector.field}", at)
        extreme = (max if selector.kind == "max" else min)(row[selector.field] for row in held)
        held = [row for row in held if row[selector.field] == extreme]
        if len(held) > 1:
            raise Refusal("tie", f"{len(held)} rows share the {selector.kind} {selector.field}", at)
        return held[0]
    if selector.kind == "where":
        if selector.literal is None:
            raise ValueError("a where selector needs a literal")
        wanted = inputs[selector.literal.input]
        rows = [row for row in rows if row[selector.field] == wanted]
    elif selector.kind != "only":
        raise ValueError(f"{selector.kind!r} does not single out one row")
    if not rows:
        raise Refusal("empty", "there is no such row", at)
    if len(rows) > 1:
        raise Refusal("ambiguous", f"{len(rows)} rows fit", at)
    return rows[0]


def _each(ref: Ref, result: Json, at: str) -> list[Json]:
    rows = rows_of(result, ref.selector.path)
    if not rows:
        raise Refusal("empty", "there is no row", at)
    if len(rows) > MOST_CALLS:
        raise Refusal("too_many", f"{len(rows)} rows, at most {MOST_CALLS} are followed", at)
    values = [_link(row, ref.field, at) for row in rows]
    if any(value in values[:position] for position, value in enumerate(values)):
        raise Refusal("duplicate", f"two rows have the same {ref.field}", at)
    return values


def _link(row: Record, field: str, at: str) -> Json:
    value: Json = row[field]
    if value is None:
        raise Refusal("null", f"the row has no {field}", at)
    return value


def _answer(part: AnswerPart, result: Json, inputs: Mapping[str, Json]) -> Json:
    rows = rows_of(result, part.selector.path)
    if part.shape == "value":
        return _rounded(_link(pick(rows, part.selector, inputs, part.step), part.field, part.step), part.decimals)
    if part.selector.kind != "all":
        raise ValueError(f"the shape {part.shape!r} takes all rows")
    if not rows:
        raise Refusal("empty", "there is no row", part.step)
    if part.shape == "count":
        return len(rows)
    values = [row[part.field] for row in rows]
    if part.shape == "list":
        return [_rounded(value, part.decimals) for value in values]
    numbers = [value for value in values if value is not None]
    if not numbers:
        raise Refusal("empty", f"no row has a {part.field}", part.step)
    return _rounded(sum(numbers), part.decimals)


def _rounded(value: Json, decimals: int | None) -> Json:
    if isinstance(value, float) and decimals is not None:
        return round(value, decimals)
    return value
