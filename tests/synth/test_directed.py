"""The Directed Sampler: legality (Eq. 1), the three branches of Eq. 2, no repeats, seeded ties."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.directed import distances_to, is_legal, next_node
from synth.errors import UnreachableTarget

# a -> c -> t, b -> c, d stands alone, e is as near to the target as c
NEEDS = {
    "a": frozenset(),
    "b": frozenset(),
    "c": frozenset({"a", "b"}),
    "d": frozenset(),
    "e": frozenset(),
    "t": frozenset({"c", "e"}),
}
NODES = tuple(NEEDS)
DISTANCES = {"t": 0, "c": 1, "e": 1, "a": 2, "b": 2}


def next_of(called, seed=0, target="t", nodes=NODES, needs=NEEDS, distances=DISTANCES):
    return next_node(target, nodes, needs, distances, called, random.Random(seed))


def all_of(called, **others):
    return {next_of(called, seed, **others) for seed in range(60)}


def test_a_node_is_legal_when_all_that_it_needs_has_run():
    assert is_legal("a", NEEDS, [])
    assert not is_legal("c", NEEDS, ["a"])
    assert is_legal("c", NEEDS, ["b", "a"])


def test_the_target_is_next_as_soon_as_it_is_legal():
    assert all_of(["a", "b", "c", "e"]) == {"t"}


def test_before_that_the_nearest_legal_node_is_next():
    assert all_of([]) == {"e"}
    assert all_of(["e", "a"]) == {"b"}
    assert all_of(["e", "a", "b"]) == {"c"}


def test_after_the_target_any_legal_node_may_be_next():
    assert all_of(["a", "b", "c", "e", "t"]) == {"d"}
    assert all_of(["t"]) == {"a", "b", "d", "e"}


def test_ties_are_broken_by_the_seed_and_by_nothing_else():
    assert all_of(["e"]) == {"a", "b"}
    for seed in range(20):
        assert next_of(["e"], seed) == next_of(["e"], seed)


def test_a_node_that_was_called_is_not_called_again():
    called = ["e"]
    for seed in range(5):
        called.append(next_of(called, seed))
    assert sorted(called) == sorted(NODES)


def test_a_node_that_leads_nowhere_is_not_chosen_on_the_way():
    with pytest.raises(UnreachableTarget, match="nothing that can run leads to 't'"):
        next_of(["a", "b", "c", "e"], nodes=("d", "a"))


def test_a_target_whose_needs_cannot_run_is_unreachable():
    needs = {"a": frozenset({"b"}), "b": frozenset({"a"}), "t": frozenset({"a"})}
    with pytest.raises(UnreachableTarget, match="'t'"):
        next_of([], nodes=tuple(needs), needs=needs, distances={"t": 0, "a": 1, "b": 2})


def test_nothing_is_legal_after_everything_has_run():
    with pytest.raises(UnreachableTarget, match="no tool is legal any more"):
        next_of(list(NODES))


@given(st.data(), st.integers(0, 2**32))
def test_a_walk_reaches_its_target_in_legal_steps_without_repeats(data, seed):
    count = data.draw(st.integers(1, 7))
    nodes = [f"n{i}" for i in range(count)]
    needs = {
        node: frozenset(data.draw(st.lists(st.sampled_from(nodes[:i]), max_size=3)) if i else ())
        for i, node in enumerate(nodes)
    }
    target = nodes[-1]
    distances, edge = {target: 0}, [target]
    while edge:
        node = edge.pop(0)
        for needed in sorted(needs[node]):
            if needed not in distances:
                distances[needed] = distances[node] + 1
                edge.append(needed)
    called, rng = [], random.Random(seed)
    while target not in called:
        chosen = next_node(target, nodes, needs, distances, called, rng)
        assert chosen not in called
        assert needs[chosen] <= set(called)
        called.append(chosen)
    assert set(called) == set(distances), "nothing is called that does not lead to the target"


def test_distances_follow_data_edges_backwards_from_the_target(shop):
    near = distances_to(shop.graph, "get_item")
    assert near["get_item"] == 0
    assert near["get_order"] == 1
    assert near["list_orders"] == 2
    assert near["find_customer"] == 3
    assert near["list_products"] == 2
    assert "open_vault" not in near


def test_state_edges_do_not_lead_to_a_target(shop):
    assert shop.graph.has_edge("change_quantity", "weigh_products")
    assert "change_quantity" not in distances_to(shop.graph, "weigh_products")
