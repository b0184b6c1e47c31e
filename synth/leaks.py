"""What a query must not say: machine keys, names of tools and parameters, values on the way, the answer.

What the person has to say anyway, the free inputs, is struck out of the text
first. Of the rest, a whole word or number that equals a guarded value is a leak,
a single digit too: with the inputs gone, our wordings hold no digits of their
own. Not guarded, because they give nothing away: NULL, true and false, and texts
of fewer than three letters without a digit. An answer whose text is itself a
free input is a leak even so: the question would contain its answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from environments import Chain, Denotation, Json, Ref, Refusal, Tool, ToolError, evaluate
from sandbox import Call
from schemas import Schema

_TELLING = re.compile(r"\d|[^\W\d_].*[^\W\d_].*[^\W\d_]", re.DOTALL)


def leaks(text: str, chain: Chain, calls: Sequence[Call], tools: Mapping[str, Tool], schema: Schema) -> list[str]:
    """What `text` gives away, each leak as a short description; empty when it is clean.

    Args:
        calls: The chain's executed calls, in order.
    """
    allowed = list(chain.inputs().values())
    rest = _struck(text, allowed)
    found = [f"the name {name!r}" for name in _names(chain, tools) if _says(rest, name)]
    seen: set[str] = set()
    for what, value in _guarded(chain, calls, tools, schema):
        for form in _forms(value):
            if _TELLING.search(form) and form not in seen and _says(rest, form):
                seen.add(form)
                found.append(f"{what} {value!r}")
    spoken = [value for value in allowed if isinstance(value, str)]
    for value in _answers(chain, calls):
        if isinstance(value, str) and value in spoken and _TELLING.search(value):
            found.append(f"the answer {value!r}, which is a free input")
    return list(dict.fromkeys(found))


def _struck(text: str, values: Sequence[Json]) -> str:
    """`text` without the words of the free inputs, the longest first."""
    forms = [form for value in values for form in _forms(value)]
    for form in sorted(dict.fromkeys(forms), key=lambda form: (-len(form), form)):
        text = re.sub(_whole(form), " \x00 ", text, flags=re.IGNORECASE)
    return text


def _names(chain: Chain, tools: Mapping[str, Tool]) -> list[str]:
    """Names that are no plain words: of every tool, and of what the chain's tools take and give."""
    names = list(tools)
    for step in chain.steps:
        contract = tools[step.tool].contract
        names += [param.name for param in contract.params]
        names += [field.name for field in contract.fields]
    return [name for name in dict.fromkeys(names) if "_" in name or re.search(r"[a-z][A-Z]", name)]


def _guarded(
    chain: Chain, calls: Sequence[Call], tools: Mapping[str, Tool], schema: Schema
) -> Iterator[tuple[str, Json]]:
    denotation = Denotation(schema)
    passed = {(step.id, name) for step in chain.steps for name, binding in step.bindings if isinstance(binding, Ref)}
    for call in calls:
        contract = tools[call.tool].contract
        for name, value in call.args.items():
            column = contract.param(name).column
            if column is not None and denotation.is_surrogate(column):
                yield from (("the machine key", item) for item in _flat(value))
            elif (call.step, name) in passed:
                yield from (("the intermediate value", item) for item in _flat(value))
        for field in contract.fields:
            if field.source is None or field.aggregate or not denotation.is_surrogate(field.source):
                continue
            yield from (("the machine key", item) for item in _values(call.result, field.path, field.name))
    yield from (("the answer", value) for value in _answers(chain, calls))


def _values(result: Json, path: str, name: str) -> Iterator[Json]:
    rows = result if isinstance(result, list) else [result]
    for row in rows:
        if not isinstance(row, dict):
            continue
        if path:
            yield from _values(row.get(path), "", name)
        elif name in row:
            yield row[name]


def _answers(chain: Chain, calls: Sequence[Call]) -> list[Json]:
    """The values of the answer, taken from the recorded results."""
    waiting: dict[str, list[Call]] = {}
    for call in calls:
        waiting.setdefault(call.step, []).append(call)

    def replayed(step: str, tool: str, arguments: dict[str, Json]) -> Json:
        if not waiting.get(step):
            raise ToolError(f"no call of step {step!r} was recorded")
        call = waiting[step].pop(0)
        if call.error is not None:
            raise ToolError(call.error)
        return call.result

    try:
        answer = evaluate(chain, chain.inputs(), replayed)
    except Refusal:
        return []
    return [item for part in answer for item in _flat(part)]


def _flat(value: Json) -> list[Json]:
    return [item for element in value for item in _flat(element)] if isinstance(value, list) else [value]


def _forms(value: Json) -> list[str]:
    """The ways in which a value could stand in a text."""
    if isinstance(value, list):
        return [form for item in value for form in _forms(item)]
    if value is None or isinstance(value, bool | dict):
        return []
    if isinstance(value, str):
        return list(dict.fromkeys([value, value.replace("_", " ")])) if value.strip() else []
    forms = [str(value), str(abs(value)), f"{abs(value):,}"]
    if isinstance(value, float) and value.is_integer():
        forms += [str(int(value)), f"{abs(int(value)):,}"]
    return list(dict.fromkeys(forms))


def _says(text: str, form: str) -> bool:
    return re.search(_whole(form), text, flags=re.IGNORECASE) is not None


def _whole(form: str) -> str:
    """A pattern for `form` as a whole word, or as a whole number and not a part of "1,200.50"."""
    if re.fullmatch(r"-?[\d.,]+", form):
        return rf"(?<![\w.,-]){re.escape(form)}(?!\w|[.,]\d)"
    return rf"(?<!\w){re.escape(form)}(?!\w)"
