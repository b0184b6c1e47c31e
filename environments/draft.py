"""A tool that is not written yet: its signature, contract, statements and words, as plain values.

Made by `reading.py` and `writing.py`, chosen from by `choose.py`, turned into
source text by `write_tools.py`.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass, field

from .survey import ColumnView

PULL = 0.4  # how much a table's weight counts beside the kind of tool: less, and small tables get none at all

Group = typing.Literal["find", "get", "list", "summary", "write"]
InputTable = Mapping[str, typing.Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a draft.

    Attributes:
        options: The permitted values, when the annotation is to be a Literal of these.
        take: Its entry in `takes`.
        root: For a value that only another tool can give: the `table.column` it comes from; else "".
    """

    name: str
    annotation: str
    take: str
    text: str
    optional: bool = False
    options: tuple[str | int, ...] = ()
    root: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A tool that is not written yet.

    Attributes:
        table: The table whose rows it is about.
        body: Lines of its body, without indentation.
        gives: Field name -> contract entry.
        produces: The `table.column` roots of values that other tools can take from its result.
        score: How much the tool is wanted among those of its group.
        words: Its entry under `[words.tools]`.
        inputs: Its entry under `[inputs]`.
    """

    name: str
    group: Group
    table: str
    text: str
    parameters: tuple[Parameter, ...]
    gives: Mapping[str, str]
    many: bool
    body: tuple[str, ...]
    score: float
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    produces: tuple[str, ...] = ()
    words: Mapping[str, typing.Any] = field(default_factory=dict)
    inputs: Mapping[str, InputTable] = field(default_factory=dict)


def annotation(view: ColumnView) -> tuple[str, tuple[str | int, ...]]:
    """The annotation of a parameter for a column's values, and the options when they are few and declared."""
    kind = view.column.type.kind
    if view.column.values and kind == "text":
        return "str", tuple(view.column.values)
    if kind == "integer":
        if view.column.values and all(value.lstrip("-").isdigit() for value in view.column.values):
            return "int", tuple(int(value) for value in view.column.values)
        return "int", ()
    return annotation_of(kind), ()


def annotation_of(kind: str) -> str:
    """The annotation for values of a type."""
    return {"integer": "int", "real": "float", "decimal": "float", "boolean": "bool"}.get(kind, "str")
