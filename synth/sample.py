"""Sampling one chain: a skeleton walked by the Directed Sampler, with values, in a live episode.

Every argument is bound to a real row's value or to an earlier output, and every
step is executed before the next is bound. Proving the chain is `prove.py`.
"""

from __future__ import annotations

import keyword
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from environments import (
    MOST_CALLS,
    AnswerPart,
    Binding,
    Chain,
    ColumnRef,
    Field,
    Json,
    Literal,
    Param,
    Ref,
    Selector,
    Step,
    Tool,
    pick,
    rows_of,
)
from sandbox import Episode, RunCalls

from .compose import RESERVED
from .directed import next_node
from .draws import Draws
from .errors import UnreachableTarget
from .ground import NUMBER_KINDS, Ground
from .resolve import Feed, Node, Resolver, Skeleton

TRIES = 12  # draws of the free inputs before a skeleton is given up
EACH_SHARE = 0.3  # of eligible reading steps that fan out over every row
FEW = 8  # rows in a listed answer at most


class DeadEnd(Exception):
    """This draw leads nowhere; `reason` is a short word for the counts."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Goal:
    """What a candidate aims at.

    Attributes:
        targets: A tool for each independent part, the first being the one that is aimed at.
        sizes: Calls for each part, about.
    """

    targets: tuple[str, ...]
    sizes: tuple[int, ...]


def sample_chain(goal: Goal, ground: Ground, episode: Episode, rng: random.Random) -> Chain:
    """A chain for `goal` that runs on the snapshot.

    Raises:
        DeadEnd: No draw worked; carries the last reason.
    """
    try:
        skeleton = _skeleton(goal, ground, rng)
    except UnreachableTarget as error:
        raise DeadEnd("unreachable", str(error)) from error
    order = _walk(skeleton, ground, rng)
    failure = DeadEnd("no_values")
    for _ in range(TRIES):
        episode.reset()
        try:
            return _Binder(skeleton, order, ground, episode, rng).chain()
        except DeadEnd as dead:
            failure = dead
    raise failure


def _skeleton(goal: Goal, ground: Ground, rng: random.Random) -> Skeleton:
    resolver = Resolver(ground, rng, budget=MOST_CALLS)
    for target, size in zip(goal.targets, goal.sizes, strict=True):
        resolver.add_target(target, size)
    return resolver.skeleton()


def _walk(skeleton: Skeleton, ground: Ground, rng: random.Random) -> list[str]:
    """The order of the nodes by Eq. 2, part after part: each target is aimed at until it has run."""
    prerequisites = skeleton.prerequisites()
    tools = {node.id: node.tool for node in skeleton.nodes}
    called: list[str] = []
    for target in skeleton.targets:
        leading = _leading_to(target, prerequisites)
        nodes = [node.id for node in skeleton.nodes if node.id in leading]
        near = {node: ground.distances[tools[target]][tools[node]] for node in nodes}
        while target not in called:
            called.append(next_node(target, nodes, prerequisites, near, called, rng))
    return called


def _leading_to(target: str, prerequisites: Mapping[str, frozenset[str]]) -> set[str]:
    """The target and everything that has to run before it."""
    found: set[str] = set()
    unseen = {target}
    while unseen:
        found |= unseen
        unseen = {before for node in unseen for before in prerequisites[node]} - found
    return found


@dataclass(slots=True)
class _Done:
    """An executed node: its step, and its result as rows."""

    step: Step
    tool: Tool
    result: Json


@dataclass(slots=True)
class _Binder:
    """One draw: binds and executes node after node."""

    skeleton: Skeleton
    order: list[str]
    ground: Ground
    episode: Episode
    rng: random.Random
    done: dict[str, _Done] = field(default_factory=dict)
    selectors: dict[tuple[str, str], Selector] = field(default_factory=dict)
    inputs: dict[str, Literal] = field(default_factory=dict)
    visited: dict[tuple[str, str], Ref] = field(default_factory=dict)
    rows: dict[tuple[str, str], str] = field(default_factory=dict)
    fanned: set[str] = field(default_factory=set)

    def chain(self) -> Chain:
        nodes = {node.id: node for node in self.skeleton.nodes}
        for position, id in enumerate(self.order, start=1):
            self._run(nodes[id], f"s{position}")
        fed = {feed.node for node in self.skeleton.nodes for feed in node.feeds.values() if feed is not None}
        answer = [part for id in self.order if id not in fed for part in self._parts(self.done[id])]
        steps = tuple(self.done[id].step for id in self.order)
        if self._moves_what_points(steps):
            raise DeadEnd("changes_what_it_points_by")
        if not answer and not any(self.done[id].tool.writes for id in self.order):
            raise DeadEnd("nothing_to_ask")
        return Chain(steps, tuple(answer))

    def _moves_what_points(self, steps: tuple[Step, ...]) -> bool:
        """Whether a write sets a column by whose old value the request picks a row: nobody asks like that.

        But for states: "make the pending order a shipped one" is how people speak.
        """
        states = self.ground.environment.settings.words.columns
        pointed = {
            binding.selector.literal.column
            for step in steps
            for _, binding in step.bindings
            if isinstance(binding, Ref) and binding.selector.literal is not None
        }
        written = {
            str(param.column)
            for step in steps
            for param in self.ground.tools[step.tool].contract.params
            if param.role == "set" and param.column is not None
        }
        return any(column not in states or not states[column].adjective for column in pointed & written)

    def _run(self, node: Node, id: str) -> None:
        tool = self.ground.tools[node.tool]
        row = Draws(self.ground).row_for(tool, [name for name, feed in node.feeds.items() if feed is None], self.rng)
        if row is None:
            raise DeadEnd("no_rows")
        known = set(self.inputs)
        bindings: list[tuple[str, Binding]] = []
        for param in tool.contract.params:
            if param.name not in node.feeds:
                continue
            feed = node.feeds[param.name]
            if feed is None:
                bindings.append((param.name, self._literal(tool, param, row)))
            else:
                bindings.append((param.name, self._ref(node, param, feed)))
        step = Step(id, tool.name, tuple(bindings))
        result = self._execute(step, tool)
        for param in tool.contract.params:
            binding = step.binding(param.name)
            if isinstance(binding, Literal) and not (param.required or param.role != "filter" or tool.writes):
                without = Step(id, tool.name, tuple(pair for pair in step.bindings if pair[0] != param.name))
                if self._execute(without, tool) == result:
                    step = without  # a filter that filters nothing would only be noise in the request
                    if binding.input not in known:
                        del self.inputs[binding.input]
        self.done[node.id] = _Done(step, tool, result)

    def _execute(self, step: Step, tool: Tool) -> Json:
        fixed: dict[str, Json] = {}
        fan: tuple[str, list[Json]] | None = None
        for name, binding in step.bindings:
            if not isinstance(binding, Ref):
                fixed[name] = binding.value
            elif binding.selector.kind == "each":
                fan = (name, [row[binding.field] for row in self._rows(binding)])
            else:
                fixed[name] = self._picked_row(binding)[binding.field]
        arguments = [fixed] if fan is None else [{**fixed, fan[0]: value} for value in fan[1]]
        calls = RunCalls(tuple((tool.name, a) for a in arguments))
        (outcome,) = self.episode.run([calls], keep=tool.writes)
        if outcome.bug is not None:
            bug = outcome.bug
            raise DeadEnd("tool_bug", f"{bug.tool} raised {bug.type}: {bug.message} (tools.py, line {bug.line})")
        for call in outcome.calls:
            if call.error is not None:
                raise DeadEnd("tool_error", f"{tool.name}: {call.error}")
        if tool.writes and not outcome.changes:
            raise DeadEnd("no_effect", tool.name)
        results: list[Json] = [call.result for call in outcome.calls]
        if not all(has_fields(result, tool) for result in results):
            raise DeadEnd("wrong_fields", f"{tool.name} does not give the fields that its contract declares")
        if fan is None:
            return results[0]
        return [row for result in results for row in (result if isinstance(result, list) else [result])]

    def _literal(self, tool: Tool, param: Param, row: Mapping[str, Json]) -> Literal:
        value = row[param.name]
        denotes = self.ground.stands_for(param)
        column = "" if param.column is None else str(param.column)
        literal = Literal(self._input_name(param.name, value), value, column, denotes)
        self.inputs[literal.input] = literal
        return literal

    def _input_name(self, base: str, value: Json) -> str:
        """A free input's name: no keyword or name that the composite needs, and not another input's."""
        if keyword.iskeyword(base) or base in RESERVED or base in self.ground.tools:
            base = f"{base}_value"
        name, number = base, 2
        while name in self.inputs and self.inputs[name].value != value:
            name, number = f"{base}_{number}", number + 1
        return name

    def _ref(self, node: Node, param: Param, feed: Feed) -> Ref:
        source = self.done[feed.node]
        denotes = self.ground.stands_for(param)
        selector = self.selectors.get((feed.node, feed.path))
        if selector is None:
            selector = self._select(source, feed, node)
            if selector.kind == "each":
                self.fanned.add(node.id)
            else:
                self.selectors[feed.node, feed.path] = selector
        ref = Ref(source.step.id, selector, feed.field, denotes)
        if selector.kind != "each":
            row = self._picked_row(ref)
            if row[ref.field] is None:
                raise DeadEnd("null_link")
            self._visit(param, ref, row[ref.field])
            self._stand_on(source, selector.path, row)
        return ref

    def _visit(self, param: Param, ref: Ref, value: Json) -> None:
        """Refuse to come back to a row by another way: the request would name the same thing twice."""
        if param.column is None:
            return
        place = (str(self.ground.denotation.root(param.column)), repr(value))
        before = self.visited.setdefault(place, ref)
        if (before.step, before.selector, before.field) != (ref.step, ref.selector, ref.field):
            raise DeadEnd("same_row_twice")

    def _rows(self, ref: Ref) -> list[dict[str, Any]]:
        result = next(d.result for d in self.done.values() if d.step.id == ref.step)
        return rows_of(result, ref.selector.path)

    def _stand_on(self, source: _Done, path: str, row: dict[str, Any]) -> None:
        """Refuse a second step that ends at a row where an earlier one stood: the walk went in a circle."""
        entity = source.tool.contract.entity
        keys = self.ground.environment.schema.table(entity).primary_key
        columns = {f.source: f.name for f in source.tool.contract.fields if f.path == path and not f.aggregate}
        names = [columns.get(ColumnRef(entity, key)) for key in keys]
        if source.tool.writes or not names or None in names:
            return
        place = (entity, repr([row[name] for name in names if name is not None]))
        if self.rows.setdefault(place, source.step.id) != source.step.id:
            raise DeadEnd("same_row_twice")

    def _picked_row(self, ref: Ref) -> dict[str, Any]:
        inputs = {name: literal.value for name, literal in self.inputs.items()}
        return pick(self._rows(ref), ref.selector, inputs, ref.step)

    def _select(self, source: _Done, feed: Feed, node: Node) -> Selector:
        rows = rows_of(source.result, feed.path)
        if not rows:
            raise DeadEnd("empty")
        if len(rows) == 1:
            return Selector("only", feed.path)
        consumer = self.ground.tools[node.tool]
        is_last = node.id in self.skeleton.targets
        values = [row[feed.field] for row in rows]
        if (
            is_last
            and not consumer.writes
            and len(self.order) + len(rows) - 1 <= MOST_CALLS
            and len(rows) <= MOST_CALLS // 2
            and None not in values
            and len({repr(value) for value in values}) == len(values)
            and not any(f is not None and f is not feed for f in node.feeds.values())
            and self.rng.random() < EACH_SHARE
        ):
            return Selector("each", feed.path)
        options = [selector for selector, _ in self._singling(source, rows, feed.path)]
        if not options:
            raise DeadEnd("no_selector")
        return self._kept(self.rng.choice(options))

    def _singling(self, source: _Done, rows: list[dict[str, Any]], path: str) -> list[tuple[Selector, dict[str, Any]]]:
        """Selectors that single out one row which is not the first (an agent that takes the first must be wrong)."""
        found: list[tuple[Selector, dict[str, Any]]] = []
        for declared in source.tool.contract.fields:
            if declared.path != path or not self.ground.is_speakable(source.tool, declared):
                continue
            words = self.ground.words(source.tool, declared)
            held = [row for row in rows if row[declared.name] is not None]
            values = [row[declared.name] for row in held]
            if not values:
                continue
            for kind, said in (("max", words.largest), ("min", words.smallest)):
                if not said or len({isinstance(value, str) for value in values}) > 1:
                    continue
                extreme = max(values) if kind == "max" else min(values)
                hits = [row for row in held if row[declared.name] == extreme]
                if len(hits) == 1 and hits[0] is not rows[0] and len(values) > 1:
                    found.append((Selector("max" if kind == "max" else "min", path, declared.name), hits[0]))
            if declared.source is not None and not declared.aggregate and self._is_category(declared):
                for row in held:
                    value = row[declared.name]
                    if values.count(value) == 1 and row is not rows[0]:
                        literal = Literal(declared.name, value, str(declared.source))
                        found.append((Selector("where", path, declared.name, literal), row))
        return found

    def _is_category(self, declared: Field) -> bool:
        """A field whose values people use to point: few distinct values, and text."""
        source = declared.source
        if source is None or self.ground.denotation.kind(source) != "text":
            return False
        return len(self.ground.values(source)) <= 40

    def _kept(self, selector: Selector) -> Selector:
        """The selector with its literal registered as a free input under a name of its own."""
        if selector.literal is None:
            return selector
        name = self._input_name(selector.literal.input, selector.literal.value)
        literal = replace(selector.literal, input=name)
        self.inputs[name] = literal
        return replace(selector, literal=literal)

    def _parts(self, leaf: _Done) -> list[AnswerPart]:
        """What to ask of a step that feeds nothing: nothing more than the effect, or one thing."""
        rows = rows_of(leaf.result)
        many = isinstance(leaf.result, list)
        if leaf.tool.writes and (many or self.rng.random() < 0.5):
            return []
        if not rows:
            raise DeadEnd("empty")
        known = [literal.value for literal in self.inputs.values()]
        shown = self._shown_before(leaf)
        given = {str(p.column) for p in leaf.tool.contract.params if p.column and leaf.step.binding(p.name)}
        fields = [
            f
            for f in leaf.tool.contract.fields
            if not f.path
            and self.ground.is_speakable(leaf.tool, f)
            and str(f.source) not in given
            and f.source not in shown
            and not self._is_foregone(leaf.tool, f)
        ]
        if not many:
            self._stand_on(leaf, "", rows[0])
            options = [
                AnswerPart(leaf.step.id, Selector("only"), "value", f.name, self.ground.decimals(f))
                for f in fields
                if rows[0][f.name] not in (None, "", *known)
            ]
        else:
            options = self._many_parts(leaf, rows, fields)
        if not options:
            if leaf.tool.writes:
                return []
            raise DeadEnd("nothing_to_ask")
        shape = self.rng.choice(sorted({part.shape for part in options}))
        part = self.rng.choice([part for part in options if part.shape == shape])
        return [replace(part, selector=self._kept(part.selector))]

    def _is_new(self, leaf: _Done, row: dict[str, Any]) -> bool:
        try:
            self._stand_on(leaf, "", row)
        except DeadEnd:
            return False
        return True

    def _shown_before(self, leaf: _Done) -> list[ColumnRef | None]:
        """The columns that the row which gave the leaf its key shows already: asking for them needs no further call."""
        if leaf.tool.writes or len(leaf.step.bindings) != 1:
            return []
        name, binding = leaf.step.bindings[0]
        if not isinstance(binding, Ref):
            return []
        source = next(done.tool for done in self.done.values() if done.step.id == binding.step).contract
        if source.field(binding.field, binding.selector.path).source != leaf.tool.contract.param(name).column:
            return []
        return [f.source for f in source.fields if f.path == binding.selector.path and f.source and not f.aggregate]

    def _is_foregone(self, tool: Tool, declared: Field) -> bool:
        """A state that the tool itself brings about: who cancels an order need not be told that it is cancelled."""
        source = declared.source
        if source is None:
            return False
        if f"+{source.table}" in tool.contract.writes:
            column = self.ground.environment.schema.table(source.table).column(source.column)
            return bool(column.values)
        return str(source) in tool.contract.writes and self.ground.denotation.kind(source) not in NUMBER_KINDS

    def _many_parts(self, leaf: _Done, rows: list[dict[str, Any]], fields: list[Field]) -> list[AnswerPart]:
        whole = Selector("all")
        options: list[AnswerPart] = []
        if len(rows) > 1 and leaf.tool.contract.many:
            options.append(AnswerPart(leaf.step.id, whole, "count"))
        for declared in fields:
            values = [row[declared.name] for row in rows]
            if self.ground.is_additive(leaf.tool, declared) and len(rows) > 1 and any(values):
                options.append(AnswerPart(leaf.step.id, whole, "sum", declared.name, self.ground.decimals(declared)))
            plain = declared.source is not None and not declared.aggregate
            if plain and 1 < len(rows) <= FEW and None not in values and self._is_name(declared, values):
                options.append(AnswerPart(leaf.step.id, whole, "list", declared.name))
        singled = self._singling(leaf, rows, "") if len(rows) > 1 else [(Selector("only"), rows[0])]
        if singled:
            selector, row = self.rng.choice(singled)
            for declared in fields:
                if declared.name != selector.field and self._is_new(leaf, row) and row[declared.name] not in (None, ""):
                    part = AnswerPart(leaf.step.id, selector, "value", declared.name, self.ground.decimals(declared))
                    options.append(part)
        return options

    def _is_name(self, declared: Field, values: list[Json]) -> bool:
        source = declared.source
        if source is None or self.ground.denotation.kind(source) != "text":
            return False
        return len({repr(value) for value in values}) == len(values)


def has_fields(result: Json, tool: Tool) -> bool:
    """Whether a result has the form and, in every row, at least the fields that the contract declares."""
    contract = tool.contract
    if isinstance(result, list) != contract.many:
        return False
    rows: list[Any] = result if isinstance(result, list) else [result]
    for row in rows:
        if not isinstance(row, dict):
            return False
        for declared in contract.fields:
            held = row.get(declared.path) if declared.path else [row]
            if not isinstance(held, list) or not all(isinstance(r, dict) and declared.name in r for r in held):
                return False
    return True
