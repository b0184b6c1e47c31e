"""Arguments against the JSON Schema that a tool's signature gives.

Covers exactly the forms that `signature.py` writes (type, enum, items, required,
additionalProperties) and nothing more of JSON Schema.

Standard library only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def check_arguments(parameters: Mapping[str, Any], arguments: Mapping[str, Any]) -> str | None:
    """What is wrong with `arguments`, as one sentence, or None.

    Args:
        parameters: A tool's parameters: an object schema with `properties` and `required`.
        arguments: Argument values by parameter name.
    """
    properties: Mapping[str, Any] = parameters["properties"]
    for name in arguments:
        if name not in properties:
            known = ", ".join(properties) or "none"
            return f"there is no parameter {name!r}; the parameters are: {known}"
    for name in parameters["required"]:
        if name not in arguments:
            return f"the parameter {name!r} is missing"
    for name, value in arguments.items():
        fault = _fault(properties[name], value)
        if fault:
            return f"the parameter {name!r} {fault}, not {value!r}"
    return None


def _fault(schema: Mapping[str, Any], value: Any) -> str | None:
    if "anyOf" in schema:
        faults = [_fault(option, value) for option in schema["anyOf"]]
        return None if None in faults else faults[0]
    kind = schema.get("type")
    if kind is not None and not _is(kind, value):
        return f"must be of type {kind}"
    if "enum" in schema and value not in schema["enum"]:
        return "must be one of " + ", ".join(repr(option) for option in schema["enum"])
    if kind == "array":
        for item in value:
            fault = _fault(schema["items"], item)
            if fault:
                return f"has an item that {fault}"
    return None


def _is(kind: str, value: Any) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "string":
        return isinstance(value, str)
    if kind == "array":
        return isinstance(value, list)
    return kind == "null" and value is None
