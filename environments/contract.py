"""What a tool promises: which column each parameter filters or sets, and each output field comes from.

Grammar of the declaration in `@tool(...)`, literals only:

* `takes={"param": SPEC}`: `"table.column"` filters for equality; `">= table.column"`,
  `"<= table.column"`, `"like table.column"` filter otherwise; `"set table.column"` writes the value,
  `"add table.column"` adds it; `"limit"` bounds the number of rows; `"note"` is kept nowhere.
* `gives={"field": SPEC}`: `"table.column"`; `"count(table)"`, `"sum(table.column)"`, `"min(table.column)"`,
  `"max(table.column)"`; `"from(table.column, ...)"` for anything else computed of these columns;
  a mapping for a field that holds a list of rows.
* `writes=("table.column", "+table", "-table")`: a column updated, rows inserted, rows deleted.
* `reads=("table", ...)`: tables read beyond those that `takes` and `gives` name.
* `order="table.column"` or `"table.column desc"` for a list with a promised order.

The entity of a tool is the table of its first output field.
"""

from __future__ import annotations

import typing
from dataclasses import dataclass

Role = typing.Literal["filter", "set", "add", "limit", "note"]
Operator = typing.Literal["=", ">=", "<=", "like"]


class ColumnRef(typing.NamedTuple):
    """A column of a table; its text form is `table.column`."""

    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: its JSON Schema, and the column it stands for (None for `limit` and `note`)."""

    name: str
    schema: dict[str, typing.Any]
    required: bool
    role: Role
    operator: Operator = "="
    column: ColumnRef | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """An output field.

    Attributes:
        path: The field that holds the list of rows this field is in, or "".
        source: The column it comes from, when it is one column's value or an aggregate of one.
        aggregate: `count`, `sum`, `min`, `max`, or "" for a plain value.
        derived: The columns it is computed from, for `from(...)`.
    """

    name: str
    path: str = ""
    source: ColumnRef | None = None
    aggregate: str = ""
    derived: tuple[ColumnRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Contract:
    """What a tool promises, as declared.

    Attributes:
        entity: The table whose rows the result is about.
        many: The result is a list of rows.
        reads: Tables read.
        writes: `table.column` updated, `+table` inserted, `-table` deleted; empty for a reading tool.
        order: `table.column` or `table.column desc`, or "" for no promised order.
    """

    entity: str
    many: bool
    params: tuple[Param, ...]
    fields: tuple[Field, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...] = ()
    order: str = ""

    def param(self, name: str) -> Param:
        """The parameter called `name`; KeyError when there is none."""
        for param in self.params:
            if param.name == name:
                return param
        raise KeyError(name)

    def field(self, name: str, path: str = "") -> Field:
        """The output field called `name` (inside the list `path`); KeyError when there is none."""
        for field in self.fields:
            if field.name == name and field.path == path:
                return field
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as the host knows it: read from its source text, never run here."""

    name: str
    description: str
    contract: Contract
    line: int

    @property
    def writes(self) -> bool:
        """Whether it changes state."""
        return bool(self.contract.writes)

    def parameters(self) -> dict[str, typing.Any]:
        """Its parameters as a JSON Schema object, the OpenAI `parameters` of a function."""
        return {
            "type": "object",
            "properties": {
                p.name: {**p.schema, **({"description": p.description} if p.description else {})}
                for p in self.contract.params
            },
            "required": [p.name for p in self.contract.params if p.required],
            "additionalProperties": False,
        }
