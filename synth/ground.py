"""The ground that samples stand on: one environment with its rows, graph and denotations, ready to be asked.

Everything here is read on the host from declared things and from the seeded
rows; no tool is run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from environments import ColumnRef, ColumnWords, Denotation, Environment, Field, Json, Param, Tool
from schemas import Row, Rows, open_snapshot, quote

from .digest import StateDigest
from .directed import distances_to
from .graph import Graph, resolution_costs, tool_graph
from .grounded import RowIndex

NUMBER_KINDS = ("integer", "real", "decimal")
_NOT_ADDITIVE = re.compile(
    r"price|rate|ratio|percent|discount|age$|year|score|rating|level|position|rank", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Ground:
    """An environment at one size and seed.

    Attributes:
        rows: All rows as they stand in the snapshot, by table.
        image: The snapshot, a SQLite image.
        index: The rows by key and the values by column.
        digest: The digest of the snapshot's state.
        costs: The least number of calls that makes each tool callable.
        distances: For each tool as a target, the distance of every tool that leads to it.
    """

    environment: Environment
    rows_asked: int | None
    rows_seed: int | None
    rows: Rows
    image: bytes
    index: RowIndex
    digest: StateDigest
    denotation: Denotation
    graph: Graph
    costs: Mapping[str, int]
    distances: Mapping[str, Mapping[str, int]]
    tools: Mapping[str, Tool]

    def values(self, column: ColumnRef) -> list[Json]:
        """The distinct values of a column other than NULL, sorted."""
        found = {row[column.column] for row in self.rows[column.table]}
        kept = [value for value in found if value is not None and not isinstance(value, bytes)]
        return sorted(kept, key=lambda value: (str(type(value)), value))

    def words(self, tool: Tool, field: Field) -> ColumnWords:
        """How an output field is said: the tool's own words for it, else its column's, else nothing special."""
        words = self.environment.settings.words
        own = words.tools.get(tool.name)
        if own is not None and field.name in own.fields:
            return own.fields[field.name]
        if field.source is None or field.aggregate:
            return ColumnWords()
        return words.columns.get(str(field.source), ColumnWords())

    def is_speakable(self, tool: Tool, field: Field) -> bool:
        """Whether a person would say or ask for the field: no machine key, link, blob or column marked unspeakable."""
        if not self.words(tool, field).speakable:
            return False
        if field.source is None or field.aggregate:
            own = self.environment.settings.words.tools.get(tool.name)
            return own is not None and field.name in own.fields
        if self.denotation.is_surrogate(field.source) or self.denotation.is_link(field.source):
            return False
        return self.denotation.kind(field.source) not in ("blob", "json", "uuid")

    def is_additive(self, tool: Tool, field: Field) -> bool:
        """Whether the field's sum over rows means something."""
        if field.source is None or field.aggregate or not self.is_speakable(tool, field):
            return False
        return (
            self.denotation.kind(field.source) in NUMBER_KINDS
            and bool(self.words(tool, field).largest)
            and not _NOT_ADDITIVE.search(field.source.column)
        )

    def decimals(self, field: Field) -> int | None:
        """The digits to which the field's numbers are rounded: its column's declared scale (2 when it has none)."""
        if field.source is None or not field.source.column:
            return None
        kind = self.environment.schema.table(field.source.table).column(field.source.column).type
        if kind.kind == "decimal":
            return 2 if kind.scale is None else kind.scale
        return 6 if kind.kind == "real" else None

    def stands_for(self, param: Param) -> str:
        """The table that a value of `param` denotes, or ""."""
        return "" if param.column is None else self.denotation.denotes(param.column)


def survey(environment: Environment, rows: int | None = None, seed: int | None = None) -> Ground:
    """The ground of an environment at a size (rows in all) and row seed; None means its own.

    Raises:
        SchemaError: The rows cannot be made.
    """
    image = environment.snapshot(rows, seed)
    held: Rows = {}
    with open_snapshot(image) as connection:
        for table in environment.schema.tables:
            names = [column.name for column in table.columns]
            columns = ", ".join(map(quote, names))
            order = ", ".join(map(quote, table.primary_key)) or "rowid"
            query = f"SELECT {columns} FROM {quote(table.name)} ORDER BY {order}"
            held[table.name] = [Row(zip(names, values, strict=True)) for values in connection.execute(query)]
    denotation = Denotation(environment.schema, environment.settings.words.unspeakable())
    graph = tool_graph(environment.tools, denotation)
    return Ground(
        environment=environment,
        rows_asked=rows,
        rows_seed=seed,
        rows=held,
        image=image,
        index=RowIndex(environment.schema, held),
        digest=StateDigest.of(environment.schema, held),
        denotation=denotation,
        graph=graph,
        costs=resolution_costs(environment.tools, graph, denotation),
        distances={tool.name: distances_to(graph, tool.name) for tool in environment.tools},
        tools={tool.name: tool for tool in environment.tools},
    )
