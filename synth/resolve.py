"""Backward resolution: from a target tool to the uses of tools that meet every parameter nobody can say.

Gives a skeleton: which tool is used where, and which earlier field feeds which
parameter. No values are chosen and nothing is run; EnvFactory (arXiv 2605.18703)
calls the same idea topology-aware sampling.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from environments import ColumnRef, Tool

from .errors import UnreachableTarget
from .graph import Producer, must_be_produced, producers
from .ground import Ground

OPTIONAL_SHARE = 0.3  # of optional filters that are used
REUSE_SHARE = 0.75  # of parameters fed by a use that is already there, when one fits


@dataclass(frozen=True, slots=True)
class Feed:
    """Where a parameter's value comes from: `field` (inside `path`) of the use `node`."""

    node: str
    field: str
    path: str


@dataclass(frozen=True, slots=True)
class Node:
    """One use of a tool. `feeds` maps each parameter that is passed to its feed, or to None for a free input."""

    id: str
    tool: str
    feeds: Mapping[str, Feed | None]


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Uses of tools in an order in which they could run; the targets are what the rest is for."""

    nodes: tuple[Node, ...]
    targets: tuple[str, ...]

    def prerequisites(self) -> dict[str, frozenset[str]]:
        """The nodes that must run before each node."""
        return {n.id: frozenset(f.node for f in n.feeds.values() if f is not None) for n in self.nodes}


@dataclass(frozen=True, slots=True)
class _Path:
    """What lies between a parameter and the target: used to refuse walks that come back to where they were."""

    tools: tuple[str, ...] = ()
    climbed: tuple[ColumnRef, ...] = ()

    def through(self, tool: str, climbed: ColumnRef | None) -> _Path:
        return _Path((*self.tools, tool), self.climbed if climbed is None else (*self.climbed, climbed))


@dataclass(slots=True)
class Resolver:
    """Builds one skeleton; call `add_target` once for each independent part.

    Args:
        budget: Uses of tools at most, all parts together.
    """

    ground: Ground
    rng: random.Random
    budget: int
    nodes: list[Node] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)

    def add_target(self, tool: str, size: int) -> None:
        """Add `tool` as a target with about `size` uses of tools for it in all.

        Raises:
            UnreachableTarget: It cannot be resolved within the budget.
        """
        if tool not in self.ground.costs:
            raise UnreachableTarget(f"no combination of tools makes {tool!r} callable")
        reusable = len(self.nodes)
        self.targets.append(self._resolve(self.ground.tools[tool], size, _Path(), reusable))

    def skeleton(self) -> Skeleton:
        """What was built."""
        return Skeleton(tuple(self.nodes), tuple(self.targets))

    def _resolve(self, tool: Tool, size: int, path: _Path, first: int) -> str:
        if len(self.nodes) + len(path.tools) + 1 > self.budget:  # the tools of the path are still to be added
            raise UnreachableTarget(f"{tool.name!r} does not fit into {self.budget} calls")
        feeds: dict[str, Feed | None] = {}
        remaining = size - 1
        below = path.through(tool.name, None)
        for param in tool.contract.params:
            if must_be_produced(param, self.ground.denotation):
                if not param.required:
                    continue
                before = len(self.nodes)
                feeds[param.name] = self._feed(tool, param.name, remaining, below, first)
                remaining -= len(self.nodes) - before
            elif param.required or (param.role == "filter" and self.rng.random() < OPTIONAL_SHARE):
                feeds[param.name] = None
        node = Node(f"n{len(self.nodes)}", tool.name, feeds)
        self.nodes.append(node)
        return node.id

    def _feed(self, tool: Tool, param: str, remaining: int, path: _Path, first: int) -> Feed:
        options = [p for p in producers(self.ground.graph, tool.name, param) if not self._is_idle(tool, param, p)]
        here = [
            Feed(node.id, p.field, p.path)
            for node in self.nodes[first:]
            for p in options
            if p.tool == node.tool and not self._tools_of(node.id) & set(path.tools)
        ]
        if here and self.rng.random() < REUSE_SHARE:
            return self.rng.choice(here)
        fitting = [p for p in options if self._fits(p, path)]
        weights = [self._weight(p, remaining) for p in fitting]
        while fitting:
            chosen = self.rng.choices(range(len(fitting)), weights)[0]
            producer = fitting.pop(chosen)
            weights.pop(chosen)
            kept = len(self.nodes)
            try:
                climbed = self._climbed(producer)
                node = self._resolve(
                    self.ground.tools[producer.tool],
                    remaining,
                    _Path(path.tools, path.climbed if climbed is None else (*path.climbed, climbed)),
                    first,
                )
            except UnreachableTarget:
                del self.nodes[kept:]
                continue
            return self._shortened(Feed(node, producer.field, producer.path))
        raise UnreachableTarget(f"no walk gives {param!r} of {tool.name!r} without coming back to itself")

    def _shortened(self, feed: Feed) -> Feed:
        """Take a value from the row that gave the key, when looking the row up by that key would only repeat it."""
        node = self.nodes[-1]
        if node.id != feed.node or feed.path:
            return feed
        column = self.ground.tools[node.tool].contract.field(feed.field).source
        before = self._row_before(node)
        if before is None or column is None:
            return feed
        source = self.ground.tools[next(n.tool for n in self.nodes if n.id == before.node)]
        for given in source.contract.fields:
            if given.path == before.path and given.source == column and not given.aggregate:
                self.nodes.pop()
                return Feed(before.node, given.name, given.path)
        return feed

    def _row_before(self, node: Node) -> Feed | None:
        """The feed that gives `node` the key of a row of its own entity, when it only looks that row up again."""
        contract = self.ground.tools[node.tool].contract
        if contract.many or len(node.feeds) != 1:
            return None
        ((name, feed),) = node.feeds.items()
        if feed is None:
            return None
        source = self.ground.tools[next(n.tool for n in self.nodes if n.id == feed.node)].contract
        field = source.field(feed.field, feed.path)
        return feed if field.source == contract.param(name).column and field.source is not None else None

    def _fits(self, producer: Producer, path: _Path) -> bool:
        """No tool twice on a walk, no entity more than twice, never down the link that a later step climbs."""
        if producer.tool in path.tools or producer.tool not in self.ground.costs:
            return False
        tool = self.ground.tools[producer.tool]
        if tool.writes:
            return False
        if not any(p.required for p in tool.contract.params):
            return False  # a list of everything singles nothing out by what the asker knows
        entities = [self.ground.tools[name].contract.entity for name in path.tools]
        if entities.count(tool.contract.entity) >= 2:
            return False
        if any(_crossed(tool) & _crossed(self.ground.tools[name]) for name in path.tools):
            return False
        filtered = [p.column for p in tool.contract.params if p.role == "filter" and p.column is not None]
        return not any(column in path.climbed for column in filtered)

    def _is_idle(self, tool: Tool, param: str, producer: Producer) -> bool:
        """Setting a column to what that very column holds somewhere: mostly no change, and never a sensible request."""
        declared = tool.contract.param(param)
        field = self.ground.tools[producer.tool].contract.field(producer.field, producer.path)
        return declared.role == "set" and field.source == declared.column

    def _tools_of(self, id: str) -> set[str]:
        """The tools of a use that is there and of all that feeds it."""
        node = next(node for node in self.nodes if node.id == id)
        return {node.tool}.union(*(self._tools_of(feed.node) for feed in node.feeds.values() if feed is not None))

    def _climbed(self, producer: Producer) -> ColumnRef | None:
        source = self.ground.tools[producer.tool].contract.field(producer.field, producer.path).source
        return source if source is not None and self.ground.denotation.is_link(source) else None

    def _weight(self, producer: Producer, remaining: int) -> float:
        """Walks that use up what remains are preferred; those that overrun it are a last resort."""
        cost = self.ground.costs[producer.tool]
        if cost > remaining:
            return 0.02
        return 3.0 if cost > 1 or remaining <= 1 else 0.6


def _crossed(tool: Tool) -> set[str]:
    """The tables that a call walks across without stopping: a junction crossed twice leads back."""
    contract = tool.contract
    tables = {p.column.table for p in contract.params if p.role == "filter" and p.column is not None}
    return tables - {contract.entity}
