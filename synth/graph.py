"""The tool graph G = (T, R, P): which tool's output can feed which tool's parameter, and who changes what others read.

Edges come from declared contracts and the schema's foreign keys (FunReason-MT,
section 3, leaves their source open). Nothing is executed here.
"""

from __future__ import annotations

import typing
from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx

from environments import Denotation, Field, Param, Tool

if typing.TYPE_CHECKING:
    Graph = nx.MultiDiGraph[str]
else:
    Graph = nx.MultiDiGraph


@dataclass(frozen=True, slots=True)
class Producer:
    """One way to obtain a parameter's value: the field `field` (inside the list `path`) of `tool`'s result."""

    tool: str
    field: str
    path: str


def tool_graph(tools: Sequence[Tool], denotation: Denotation) -> Graph:
    """The graph of a tool set.

    Returns:
        A directed multigraph with the tools' names as nodes, each with its JSON Schema (`parameters`), its
        output fields (`fields`), the parameters that another tool has to give (`prerequisites`), its `entity`
        and whether it `writes`. Data edges (`kind="data"`, with `field`,
        `path`, `param`, `column`) run from the tool whose output column is, or by foreign key means,
        what the parameter filters on or sets. State edges (`kind="state"`, with `column`) run from a
        tool that writes a column or table to one that reads it.
    """
    graph: Graph = nx.MultiDiGraph()
    for tool in tools:
        graph.add_node(
            tool.name,
            parameters=tool.parameters(),
            fields=tuple(f"{field.path}.{field.name}".lstrip(".") for field in tool.contract.fields),
            prerequisites=tuple(p.name for p in tool.contract.params if p.required and must_be_produced(p, denotation)),
            entity=tool.contract.entity,
            writes=tool.writes,
        )
    for consumer in tools:
        for param in consumer.contract.params:
            if param.column is None:
                continue
            for producer in tools:
                for field in producer.contract.fields:
                    if feeds(field, param, denotation) and not echoes(producer, field, denotation):
                        graph.add_edge(
                            producer.name,
                            consumer.name,
                            kind="data",
                            field=field.name,
                            path=field.path,
                            param=param.name,
                            column=str(denotation.root(param.column)),
                        )
    for writer in tools:
        for target in writer.contract.writes:
            for reader in tools:
                if reader.name != writer.name and _reads(reader, target):
                    graph.add_edge(writer.name, reader.name, kind="state", column=target)
    return graph


def feeds(field: Field, param: Param, denotation: Denotation) -> bool:
    """Whether a value of `field` is a value that `param` filters on or sets."""
    if field.source is None or field.aggregate or param.column is None or param.role not in ("filter", "set"):
        return False
    if param.operator != "=":
        return False
    return denotation.root(field.source) == denotation.root(param.column)


def echoes(tool: Tool, field: Field, denotation: Denotation) -> bool:
    """Whether `field` only repeats what the tool was given: such a tool produces nothing new by it."""
    return any(
        feeds(field, param, denotation) for param in tool.contract.params if param.required and param.role == "filter"
    )


def must_be_produced(param: Param, denotation: Denotation) -> bool:
    """Whether nobody can say the parameter's value: a machine key that an earlier call has to give."""
    return param.column is not None and param.role in ("filter", "set") and denotation.is_surrogate(param.column)


def producers(graph: Graph, tool: str, param: str) -> tuple[Producer, ...]:
    """Every way to obtain `param` of `tool`, in a fixed order."""
    found = {
        Producer(source, data["field"], data["path"])
        for source, _, data in graph.in_edges(tool, data=True)
        if data["kind"] == "data" and data["param"] == param and source != tool
    }
    return tuple(sorted(found, key=lambda p: (p.tool, p.path, p.field)))


def resolution_costs(tools: Sequence[Tool], graph: Graph, denotation: Denotation) -> dict[str, int]:
    """The least number of calls that makes each tool callable, itself included; unreachable tools are left out."""
    costs: dict[str, int] = {}
    changed = True
    while changed:
        changed = False
        for tool in tools:
            cost = _cost(tool, graph, denotation, costs)
            if cost is not None and cost < costs.get(tool.name, cost + 1):
                costs[tool.name] = cost
                changed = True
    return costs


def _cost(tool: Tool, graph: Graph, denotation: Denotation, costs: dict[str, int]) -> int | None:
    total = 1
    for param in tool.contract.params:
        if not param.required or not must_be_produced(param, denotation):
            continue
        known = [costs[p.tool] for p in producers(graph, tool.name, param.name) if p.tool in costs]
        if not known:
            return None
        total += min(known)
    return total


def _reads(tool: Tool, target: str) -> bool:
    if target[:1] in ("+", "-"):
        return target[1:] in tool.contract.reads
    return any(
        str(column) == target
        for field in tool.contract.fields
        for column in ((field.source,) if field.source else field.derived)
    )
