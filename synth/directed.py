"""The Directed Sampler of FunReason-MT (arXiv 2510.24645, section 3.1): legality (Eq. 1) and the next tool (Eq. 2).

Policy only: which tool comes next among those that can run. Which arguments it
gets is `sample.py`; how unmet parameters are met is `resolve.py`.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import networkx as nx

from .errors import UnreachableTarget
from .graph import Graph

FAR = 1_000_000


def is_legal(node: str, prerequisites: Mapping[str, frozenset[str]], called: Sequence[str]) -> bool:
    """Eq. 1: every prerequisite of `node` has been executed."""
    return prerequisites[node] <= set(called)


def next_node(
    target: str,
    nodes: Sequence[str],
    prerequisites: Mapping[str, frozenset[str]],
    distances: Mapping[str, int],
    called: Sequence[str],
    rng: random.Random,
) -> str:
    """Eq. 2: random legal once the target has run; the target when it is legal; else the legal one nearest to it.

    The paper's argmin runs over all legal tools, so a greedy loop could choose the
    same one for ever; here a node that was called is not legal again. Ties are
    broken by `rng`.

    Args:
        nodes: What may be called at all, in a fixed order (a node is one use of a tool).
        prerequisites: The nodes that must have run before each node.
        distances: Graph distance of each node to the target, in edges.

    Raises:
        UnreachableTarget: The target has not run and nothing that leads to it is legal.
    """
    legal = [node for node in nodes if node not in called and is_legal(node, prerequisites, called)]
    if target in called:
        if not legal:
            raise UnreachableTarget("no tool is legal any more")
        return rng.choice(legal)
    if target in legal:
        return target
    near = min((distances.get(node, FAR) for node in legal), default=FAR)
    if near == FAR:
        raise UnreachableTarget(f"nothing that can run leads to {target!r}")
    return rng.choice([node for node in legal if distances.get(node, FAR) == near])


def distances_to(graph: Graph, target: str) -> dict[str, int]:
    """Edges on the shortest data path from each tool to `target`, by the reversed graph."""
    data: nx.DiGraph[str] = nx.DiGraph()
    data.add_nodes_from(graph.nodes)
    data.add_edges_from((a, b) for a, b, edge in graph.edges(data=True) if edge["kind"] == "data")
    return dict(nx.single_source_shortest_path_length(data.reverse(copy=False), target))
