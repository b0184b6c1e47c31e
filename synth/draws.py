"""Drawing values for free inputs: from real rows, coherently, or from what the environment lists for a parameter.

The values of one call that filter on the same table come from one row, so that
a first name goes with its last name and a brand with its category.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from environments import Chain, ColumnRef, Json, Literal, Param, Ref, Tool
from schemas import Row

from .ground import Ground

TRIES = 20  # rows looked at before a table is held to have none with all the values


class Draws:
    """Draws values over one ground."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def row_for(self, tool: Tool, names: Sequence[str], rng: random.Random) -> dict[str, Json] | None:
        """A value for each of the tool's parameters `names`; None when some parameter has none to draw from."""
        drawn: dict[str, Json] = {}
        rows: dict[str, dict[str, Json] | None] = {}
        params = [tool.contract.param(name) for name in names]
        filters = [p for p in params if p.role == "filter" and p.column is not None]
        for param in filters:
            column = param.column
            if column is None or self._listed(tool, param) is not None:
                continue
            if column.table not in rows:
                wanted = [p.column.column for p in filters if p.column is not None and p.column.table == column.table]
                rows[column.table] = self._row(column.table, wanted, rng)
            row = rows[column.table]
            if row is None:
                return None
            drawn[param.name] = _typed(param, row[column.column])
        for param in params:
            if param.name in drawn:
                continue
            options = self._options(tool, param)
            if not options:
                return None
            drawn[param.name] = rng.choice(options)
        return drawn

    def redraw(self, chain: Chain, rng: random.Random) -> dict[str, Json] | None:
        """Another draw of a chain's free inputs; None when some input has nothing to draw from."""
        inputs: dict[str, Json] = {}
        for step in chain.steps:
            tool = self._ground.tools[step.tool]
            free = {name: binding for name, binding in step.bindings if isinstance(binding, Literal)}
            drawn = self.row_for(tool, list(free), rng)
            if drawn is None:
                return None
            for name, literal in free.items():
                inputs.setdefault(literal.input, drawn[name])
            for _, binding in step.bindings:
                if isinstance(binding, Ref) and binding.selector.literal is not None:
                    inputs.setdefault(binding.selector.literal.input, self._other(binding.selector.literal, rng))
        for part in chain.answer:
            if part.selector.literal is not None:
                inputs.setdefault(part.selector.literal.input, self._other(part.selector.literal, rng))
        return inputs

    def _other(self, literal: Literal, rng: random.Random) -> Json:
        table, _, column = literal.column.rpartition(".")
        return rng.choice(self._ground.values(ColumnRef(table, column)))

    def _row(self, table: str, columns: list[str], rng: random.Random) -> dict[str, Json] | None:
        rows = self._ground.rows[table]
        if not rows:
            return None
        for _ in range(TRIES):
            row = rng.choice(rows)
            if all(row[column] is not None for column in columns) and not _is_sentinel(row, columns):
                return {name: value for name, value in row.items() if not isinstance(value, bytes)}
        return None

    def _listed(self, tool: Tool, param: Param) -> list[Json] | None:
        entry = self._ground.environment.settings.inputs.get(tool.name, {}).get(param.name)
        if entry is None:
            return None
        if entry.values:
            return list(entry.values)
        low = 1 if entry.low is None else entry.low
        return list(range(low, (low if entry.high is None else entry.high) + 1))

    def _options(self, tool: Tool, param: Param) -> list[Json]:
        listed = self._listed(tool, param)
        if listed is not None:
            return listed
        schema = param.schema.get("anyOf", [param.schema])[0]
        if "enum" in schema:
            return list(schema["enum"])
        if schema.get("type") == "boolean":
            return [True, False]
        if param.role == "limit":
            return [2, 3, 5]
        if param.column is None:
            return []
        return [_typed(param, value) for value in self._ground.values(param.column)]


def _is_sentinel(row: Row, columns: Sequence[str]) -> bool:
    """A row that stands for nobody, as "GUEST GUEST" does: the same text in each of several columns."""
    texts = [row[column] for column in columns if isinstance(row[column], str)]
    return len(texts) > 1 and len(set(texts)) == 1


def _typed(param: Param, value: object) -> Json:
    """A stored value as the parameter's type: SQLite keeps booleans as 0 and 1, and whole decimals as integers."""
    schema = param.schema.get("anyOf", [param.schema])[0]
    if schema.get("type") == "boolean":
        return bool(value)
    if schema.get("type") == "number" and isinstance(value, int):
        return float(value)
    if schema.get("type") == "array":
        return [value if isinstance(value, bool | int | float | str) else None]
    return value if isinstance(value, bool | int | float | str) else None
