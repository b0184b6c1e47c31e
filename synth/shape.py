"""The shape of a chain: its skeleton, its scenario type and its difficulty. Reads chains only."""

from __future__ import annotations

import json
import typing
from collections.abc import Mapping

import networkx as nx

from environments import Chain, Ref, Selector, Tool, chain_to_json

Scenario = typing.Literal["single_hop", "parallel_single_hop", "multi_hop", "parallel_multi_hop"]


def step_graph(chain: Chain) -> nx.DiGraph[str]:
    """A chain's steps, with an edge from each step to those that use its output."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for step in chain.steps:
        graph.add_node(step.id)
        for _, binding in step.bindings:
            if isinstance(binding, Ref):
                graph.add_edge(binding.step, step.id)
    return graph


def scenario(chain: Chain) -> Scenario:
    """FTRL's four types (arXiv 2508.08791, section 2.1): by how the steps depend on each other.

    One step is single hop; several without dependencies, parallel single hop; a
    path, multi hop; anything that has both dependent and independent steps,
    parallel multi hop.
    """
    graph = step_graph(chain)
    if graph.number_of_nodes() == 1:
        return "single_hop"
    if graph.number_of_edges() == 0:
        return "parallel_single_hop"
    if nx.dag_longest_path_length(graph) == graph.number_of_nodes() - 1:
        return "multi_hop"
    return "parallel_multi_hop"


def skeleton(chain: Chain) -> str:
    """The chain without its values: which tools, wired how, asked for what. Equal text means equal skeleton."""
    data = chain_to_json(chain)
    for step in data["steps"]:
        for binding in step["bindings"]:
            if "literal" in binding:
                binding["literal"] = binding["literal"].get("column", "")
            else:
                earlier = binding.get("ref") or binding["captured"]
                earlier.pop("value", None)
                _bare(earlier["selector"])
    for part in data["answer"]:
        _bare(part["selector"])
    return json.dumps(data, sort_keys=True)


def _bare(selector: dict[str, typing.Any]) -> None:
    if "literal" in selector:
        selector["literal"] = selector["literal"].get("column", "")


def selectors(chain: Chain) -> list[tuple[str, Selector]]:
    """Every use of a selector with the step whose rows it looks at, in order, each once."""
    found: list[tuple[str, Selector]] = []
    for step in chain.steps:
        for _, binding in step.bindings:
            if isinstance(binding, Ref) and (binding.step, binding.selector) not in found:
                found.append((binding.step, binding.selector))
    for part in chain.answer:
        if (part.step, part.selector) not in found:
            found.append((part.step, part.selector))
    return found


def difficulty(chain: Chain, tools: Mapping[str, Tool], calls: int, words: int) -> dict[str, int]:
    """A score and the parts it is the sum of.

    Parts: `calls` made; `depth` steps on the longest dependency path; `choices`
    selectors that pick one of several rows; `branches` independent parts beyond
    the first; `writes`; `distractors` tools offered but not needed, by the ten;
    `terseness`, 3 when the request spends fewer than four words a call.
    """
    graph = step_graph(chain)
    parts = {
        "calls": calls,
        "depth": nx.dag_longest_path_length(graph) + 1,
        "choices": sum(1 for _, s in selectors(chain) if s.kind in ("max", "min", "where")),
        "branches": nx.number_weakly_connected_components(graph) - 1,
        "writes": sum(1 for step in chain.steps if tools[step.tool].writes),
        "distractors": (len(tools) - len({step.tool for step in chain.steps})) // 10,
        "terseness": 3 if words < 4 * calls else 0,
    }
    return {"score": sum(parts.values()), **parts}
