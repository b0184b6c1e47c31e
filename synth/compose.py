"""The advanced tool: a chain as one typed function whose parameters are the chain's free inputs.

The source is written from the chain with control flow of its own (it does not
use the evaluator), so that running both and comparing means something. It needs
nothing but the environment's own tools beside it.
"""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from environments import AnswerPart, Captured, Chain, Json, Literal, Ref, Selector, Step, Tool

from . import composite_parts

NAME_LENGTH = 60
RESERVED = frozenset({"db", "len", *vars(composite_parts)})  # names that a composite's body uses or may use
_RESERVED = frozenset(("db", "row", *dir(composite_parts), *dir(builtins)))
_IMPORTS = "from typing import Any\n\nfrom environments import ToolError"


@dataclass(frozen=True, slots=True)
class AdvancedTool:
    """An executable composite.

    Attributes:
        parameters: JSON Schema of the free inputs.
        answer_names: The keys of the returned mapping, one for each part of the chain's answer.
        source: Python text that defines `name(db, ...)`.
    """

    name: str
    parameters: dict[str, Any]
    answer_names: tuple[str, ...]
    source: str


def compose(chain: Chain, tools: Mapping[str, Tool]) -> AdvancedTool:
    """The advanced tool of `chain`."""
    name = _name(chain, tools)
    variables = _variables(chain, tools)
    answer_names = _answer_names(chain, variables)
    schemas = _input_schemas(chain, tools)
    body, parts = _body(chain, variables, answer_names)
    signature = ", ".join(["db", *(f"{n}: {_annotation(s)}" for n, s in schemas.items())])
    lines = [
        f"def {name}({signature}):",
        f'    """Composes {", ".join(dict.fromkeys(step.tool for step in chain.steps))}."""',
        *(f"    {line}" for line in body),
    ]
    source = "\n\n\n".join([_IMPORTS, *_part_sources(parts), "\n".join(lines)]) + "\n"
    return AdvancedTool(
        name=name,
        parameters={
            "type": "object",
            "properties": schemas,
            "required": list(schemas),
            "additionalProperties": False,
        },
        answer_names=answer_names,
        source=source,
    )


def _name(chain: Chain, tools: Mapping[str, Tool]) -> str:
    fed = {b.step for step in chain.steps for _, b in step.bindings if isinstance(b, Ref)}
    goals = [step.tool for step in chain.steps if step.id not in fed]
    inputs = [literal.input for literal in chain.literals()]
    name = "_and_".join(dict.fromkeys(goals)) + ("_by_" + "_and_".join(inputs) if inputs else "")
    if len(name) > NAME_LENGTH:
        name = name[:NAME_LENGTH].rpartition("_")[0].removesuffix("_and")
    while name in tools or hasattr(composite_parts, name):  # it would call itself instead
        name += "_answer"
    return name


def _variables(chain: Chain, tools: Mapping[str, Tool]) -> dict[str, str]:
    """A readable variable for each step: its entity in the singular or plural as declared, numbered when repeated."""
    taken = {literal.input for literal in chain.literals()} | set(tools) | _RESERVED
    names: dict[str, str] = {}
    for step in chain.steps:
        base = re.sub(r"\W", "_", tools[step.tool].contract.entity.lower())
        if base[:1].isdigit() or keyword.iskeyword(base):
            base = "found_" + base
        name, number = base, 2
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name)
        names[step.id] = name
    return names


def _answer_names(chain: Chain, variables: Mapping[str, str]) -> tuple[str, ...]:
    names: list[str] = []
    for part in chain.answer:
        base = part.field
        if part.shape in ("count", "sum"):
            base = f"{part.shape}_of_{part.field or variables[part.step]}"
        name, number = base, 2
        while name in names:
            name, number = f"{base}_{number}", number + 1
        names.append(name)
    return tuple(names)


def _input_schemas(chain: Chain, tools: Mapping[str, Tool]) -> dict[str, dict[str, Any]]:
    schemas: dict[str, dict[str, Any]] = {}
    for step in chain.steps:
        for parameter, binding in step.bindings:
            if isinstance(binding, Literal):
                param = tools[step.tool].contract.param(parameter)
                schema = param.schema.get("anyOf", [param.schema])[0]
                shown = {**schema, **({"description": param.description} if param.description else {})}
                shown.pop("default", None)
                schemas.setdefault(binding.input, shown)
    for literal in chain.literals():
        schemas.setdefault(literal.input, {"type": _json_type(literal.value)})
    return {literal.input: schemas[literal.input] for literal in chain.literals()}


def _body(chain: Chain, variables: Mapping[str, str], answer_names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    lines: list[str] = []
    parts: list[str] = []
    for step in chain.steps:
        lines.extend(_step_lines(step, variables, parts))
    pairs = [
        f"{name!r}: {_part_expression(part, variables, parts)}"
        for name, part in zip(answer_names, chain.answer, strict=True)
    ]
    lines.append("return {" + ", ".join(pairs) + "}")
    return lines, parts


def _step_lines(step: Step, variables: Mapping[str, str], parts: list[str]) -> list[str]:
    passed: list[str] = []
    fan: Ref | None = None
    for parameter, binding in step.bindings:
        if isinstance(binding, Literal):
            passed.append(f"{parameter}={binding.input}")
        elif isinstance(binding, Captured):
            passed.append(f"{parameter}={binding.value!r}")
        elif binding.selector.kind == "each":
            fan = binding
            passed.append(f"{parameter}=each_{variables[fan.step]}")
        else:
            passed.append(f"{parameter}={_ref_expression(binding, variables, parts)}")
    call = f"{step.tool}(db, {', '.join(passed)})" if passed else f"{step.tool}(db)"
    name = variables[step.id]
    if fan is None:
        return [f"{name} = {call}"]
    source = _rows_expression(fan.selector, variables[fan.step], parts)
    _need("distinct_links", parts)
    _need("flattened", parts)
    return [
        f"{name} = []",
        f"for each_{variables[fan.step]} in distinct_links({source}, {fan.field!r}):",
        f"    {name} += flattened({call})",
    ]


def _need(part: str, parts: list[str]) -> str:
    if part not in parts:
        parts.append(part)
    return part


def _rows_expression(selector: Selector, variable: str, parts: list[str]) -> str:
    _need("flattened", parts)
    if selector.path:
        return f"{_need('inner_rows', parts)}({variable}, {selector.path!r})"
    return f"flattened({variable})"


def _row_expression(selector: Selector, variable: str, parts: list[str]) -> str:
    rows = _rows_expression(selector, variable, parts)
    if selector.kind == "max":
        return f"{_need('the_largest', parts)}({rows}, {selector.field!r})"
    if selector.kind == "min":
        return f"{_need('the_smallest', parts)}({rows}, {selector.field!r})"
    if selector.kind == "where" and selector.literal is not None:
        return f"{_need('the_one_where', parts)}({rows}, {selector.field!r}, {selector.literal.input})"
    return f"{_need('the_only', parts)}({rows})"


def _ref_expression(ref: Ref, variables: Mapping[str, str], parts: list[str]) -> str:
    if ref.selector.kind == "all":
        rows = _rows_expression(ref.selector, variables[ref.step], parts)
        return f"{_need('all_links', parts)}({rows}, {ref.field!r})"
    return f"{_need('linked', parts)}({_row_expression(ref.selector, variables[ref.step], parts)}, {ref.field!r})"


def _part_expression(part: AnswerPart, variables: Mapping[str, str], parts: list[str]) -> str:
    variable = variables[part.step]
    if part.shape == "value":
        value = f"{_need('linked', parts)}({_row_expression(part.selector, variable, parts)}, {part.field!r})"
    else:
        rows = _rows_expression(part.selector, variable, parts)
        if part.shape == "count":
            return f"len({_need('some', parts)}({rows}))"
        if part.shape == "list":
            value = f"row[{part.field!r}]"
            if part.decimals is not None:
                value = f"{_need('rounded', parts)}({value}, {part.decimals})"
            return f"[{value} for row in {_need('some', parts)}({rows})]"
        value = f"{_need('total', parts)}({rows}, {part.field!r})"
    return value if part.decimals is None else f"{_need('rounded', parts)}({value}, {part.decimals})"


def _part_sources(parts: list[str]) -> list[str]:
    """The text of the parts that are used and of those that they use, in the order of their file."""
    known = _known_parts()
    wanted: set[str] = set()
    unseen = list(parts)
    while unseen:
        name = unseen.pop()
        if name not in wanted:
            wanted.add(name)
            unseen += known[name].uses
    return [part.source for name, part in known.items() if name in wanted]


class _Part(NamedTuple):
    """A part's text, and the other parts that it calls."""

    source: str
    uses: tuple[str, ...]


@functools.cache
def _known_parts() -> dict[str, _Part]:
    tree = ast.parse(inspect.getsource(composite_parts))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return {
        name: _Part(
            ast.unparse(node),
            tuple(n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in functions),
        )
        for name, node in functions.items()
    }


def _annotation(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "str" if schema["type"] == "string" else "int"
    return {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}.get(schema["type"], "list")


def _json_type(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "number" if isinstance(value, float) else "string"
