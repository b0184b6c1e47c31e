"""Backward resolution: skeletons hold only orders that can run, and no walk comes back to itself."""

import random
from collections import Counter
from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.errors import UnreachableTarget
from synth.graph import must_be_produced, producers
from synth.resolve import Feed, Resolver

TARGETS = (
    "place_order",
    "get_customer",
    "list_orders",
    "get_order",
    "get_item",
    "weigh_products",
    "move_item",
    "check_item",
    "change_quantity",
    "note_order",
    "find_customer",
)
seeds = st.integers(0, 2**32)
targets = st.sampled_from(TARGETS)
sizes = st.integers(1, 8)


def skeleton_of(shop, goals, seed, budget=8):
    """A skeleton of the goals, or None when this seed finds none."""
    resolver = Resolver(shop, random.Random(seed), budget)
    try:
        for tool, size in goals:
            resolver.add_target(tool, size)
    except UnreachableTarget:
        return None
    return resolver.skeleton()


def dependencies(skeleton):
    graph = nx.DiGraph()
    for node in skeleton.nodes:
        graph.add_node(node.id, tool=node.tool)
        graph.add_edges_from((feed.node, node.id) for feed in node.feeds.values() if feed is not None)
    return graph


def walks(skeleton):
    """The tools on every path from a node that needs nothing to a target."""
    graph = dependencies(skeleton)
    for target in skeleton.targets:
        for start in (node for node in graph if graph.in_degree(node) == 0):
            paths = [[target]] if start == target else nx.all_simple_paths(graph, start, target)
            for path in paths:
                yield [graph.nodes[node]["tool"] for node in path]


goals = st.lists(st.tuples(targets, sizes), min_size=1, max_size=3)


@given(goals, seeds)
def test_nodes_stand_in_an_order_in_which_they_can_run(shop, goals, seed):
    skeleton = skeleton_of(shop, goals, seed)
    if skeleton is None:
        return
    needs = skeleton.prerequisites()
    done = set()
    for node in skeleton.nodes:
        assert needs[node.id] <= done
        done.add(node.id)
    assert len(done) == len(skeleton.nodes)
    assert set(skeleton.targets) <= done


@given(goals, seeds)
def test_every_needed_parameter_is_fed_by_a_producer_of_its_column(shop, goals, seed):
    skeleton = skeleton_of(shop, goals, seed)
    if skeleton is None:
        return
    uses = {node.id: node.tool for node in skeleton.nodes}
    for node in skeleton.nodes:
        for param in shop.tools[node.tool].contract.params:
            if param.required:
                assert param.name in node.feeds
            feed = node.feeds.get(param.name)
            if feed is None:
                assert param.name not in node.feeds or not must_be_produced(param, shop.denotation)
            else:
                found = [(p.tool, p.field, p.path) for p in producers(shop.graph, node.tool, param.name)]
                assert (uses[feed.node], feed.field, feed.path) in found


@given(goals, seeds)
def test_no_tool_stands_twice_on_a_walk(shop, goals, seed):
    skeleton = skeleton_of(shop, goals, seed)
    for walk in walks(skeleton) if skeleton else ():
        assert max(Counter(walk).values()) == 1, walk


def test_a_walk_does_not_come_back_through_a_use_that_is_already_there(shop):
    for seed in range(300):
        skeleton = skeleton_of(shop, [("check_item", 7)], seed)
        for walk in walks(skeleton) if skeleton else ():
            assert len(set(walk)) == len(walk), (seed, walk)


@given(goals, seeds, st.integers(1, 8))
def test_the_budget_holds_for_all_parts_together(shop, goals, seed, budget):
    skeleton = skeleton_of(shop, goals, seed, budget)
    assert skeleton is None or len(skeleton.nodes) <= budget


@given(goals, seeds, st.integers(2, 8))
def test_nothing_in_a_skeleton_is_there_for_nothing(shop, goals, seed, budget):
    skeleton = skeleton_of(shop, goals, seed, budget)
    if skeleton is None:
        return
    graph = dependencies(skeleton)
    useful = set(skeleton.targets).union(*(nx.ancestors(graph, target) for target in skeleton.targets))
    assert set(graph) == useful


@given(goals, seeds)
def test_producers_read_only_and_are_told_something(shop, goals, seed):
    skeleton = skeleton_of(shop, goals, seed)
    for node in skeleton.nodes if skeleton else ():
        if node.id not in skeleton.targets:
            assert not shop.tools[node.tool].writes
            assert any(param.required for param in shop.tools[node.tool].contract.params)


def trees(shop, tool, size):
    """Skeletons in which no use is used twice, with the uses that lead to each node."""
    for seed in range(200):
        skeleton = skeleton_of(shop, [(tool, size)], seed)
        if skeleton is not None:
            graph = dependencies(skeleton)
            if max(dict(graph.out_degree).values()) <= 1:
                yield skeleton, graph


def test_no_entity_stands_more_than_twice_on_a_walk(shop):
    counts = Counter()
    for skeleton, _ in trees(shop, "check_item", 6):
        for walk in walks(skeleton):
            entities = Counter(shop.tools[tool].contract.entity for tool in walk)
            counts[max(entities.values())] += 1
    assert max(counts) == 2


def test_a_walk_does_not_go_down_the_link_that_it_climbs(shop):
    """An order of a customer, to ask for the order's customer, comes back to where it was."""
    climbs = 0
    for skeleton, graph in trees(shop, "get_customer", 5):
        for node in skeleton.nodes:
            for feed in node.feeds.values():
                if feed is None:
                    continue
                source = shop.tools[graph.nodes[feed.node]["tool"]].contract.field(feed.field, feed.path).source
                if shop.denotation.is_link(source):
                    climbs += 1
                    before = [graph.nodes[id]["tool"] for id in nx.ancestors(graph, feed.node)]
                    assert all(p.column != source for tool in before for p in shop.tools[tool].contract.params)
    assert climbs > 20


def test_a_column_is_not_set_to_what_it_holds_somewhere(shop):
    origins = Counter()
    for seed in range(200):
        skeleton = skeleton_of(shop, [("place_order", 4)], seed)
        if skeleton is not None:
            feed = skeleton.nodes[-1].feeds["customer_id"]
            tool = next(node.tool for node in skeleton.nodes if node.id == feed.node)
            origins[str(shop.tools[tool].contract.field(feed.field, feed.path).source)] += 1
    assert list(origins) == ["customers.id"]


def test_a_row_is_not_looked_up_again_for_what_it_already_gave(shop):
    """`find_order` gives the customer itself: no `get_order` by the id that it also gives."""
    looked_up = Counter()
    for seed in range(300):
        skeleton = skeleton_of(shop, [("get_customer", 4)], seed)
        if skeleton is not None:
            uses = {node.id: node for node in skeleton.nodes}
            source = uses[skeleton.nodes[-1].feeds["customer_id"].node]
            if source.tool == "get_order":
                looked_up[uses[source.feeds["order_id"].node].tool] += 1
    assert looked_up["get_item"] > 0
    assert looked_up["find_order"] == 0


def test_a_walk_that_fails_leaves_nothing_behind(shop):
    """`check_item` needs two things: what was added for the first has to go when the second does not fit any more."""
    resolved = 0
    for seed in range(600):
        skeleton = skeleton_of(shop, [("get_customer", 6)], seed, budget=3)
        if skeleton is not None:
            resolved += 1
            graph = dependencies(skeleton)
            assert set(graph) == {*nx.ancestors(graph, skeleton.targets[0]), skeleton.targets[0]}
    assert resolved > 100


@given(goals, seeds)
def test_parts_do_not_share_uses(shop, goals, seed):
    skeleton = skeleton_of(shop, goals, seed)
    if skeleton is None:
        return
    graph = dependencies(skeleton)
    assert nx.number_weakly_connected_components(graph) == len(goals)
    assert [graph.nodes[target]["tool"] for target in skeleton.targets] == [tool for tool, _ in goals]


@given(goals, seeds)
def test_the_same_seed_gives_the_same_skeleton(shop, goals, seed):
    assert skeleton_of(shop, goals, seed) == skeleton_of(shop, goals, seed)


def test_every_target_that_has_a_cost_is_resolved_by_some_seed(shop):
    for tool in shop.costs:
        assert any(skeleton_of(shop, [(tool, 4)], seed) for seed in range(20)), tool


def test_a_larger_size_gives_longer_skeletons(shop):
    def calls(size):
        found = [skeleton_of(shop, [("get_item", size)], seed) for seed in range(200)]
        lengths = [len(skeleton.nodes) for skeleton in found if skeleton]
        return sum(lengths) / len(lengths)

    assert calls(2) < calls(4) - 0.5


def test_optional_machine_keys_are_left_out_and_optional_filters_are_used_now_and_then(shop):
    used = Counter()
    for seed in range(300):
        skeleton = skeleton_of(shop, [("list_orders", 2)], seed)
        used.update(list(skeleton.nodes[-1].feeds) if skeleton else ())
    assert used["customer_id"] == 300
    assert 60 < used["status"] < 120
    assert used["most"] == 0, "a limit is no filter"


def test_a_use_that_fits_is_used_again(shop):
    shared = Counter()
    for seed in range(200):
        skeleton = skeleton_of(shop, [("move_item", 5)], seed)
        if skeleton:
            uses = [feed.node for node in skeleton.nodes for feed in node.feeds.values() if isinstance(feed, Feed)]
            shared[len(set(uses)) < len(uses)] += 1
    assert shared[True] > 0
    assert shared[False] > 0


def test_a_target_that_nothing_leads_to_is_unreachable(shop):
    with pytest.raises(UnreachableTarget, match="no combination of tools makes 'open_vault' callable"):
        Resolver(shop, random.Random(0), 8).add_target("open_vault", 3)


def test_a_target_that_does_not_fit_the_budget_is_unreachable(shop):
    for seed in range(20):
        with pytest.raises(UnreachableTarget):
            Resolver(shop, random.Random(seed), 1).add_target("get_order", 1)


def test_without_its_producers_a_target_is_unreachable(shop):
    bare = replace(shop, tools={"get_item": shop.tools["get_item"]}, costs={})
    with pytest.raises(UnreachableTarget):
        Resolver(bare, random.Random(0), 8).add_target("get_item", 2)
