"""The shape of a chain: its scenario type, its skeleton without values, its difficulty."""

from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments import AnswerPart, Captured, Chain, Literal, Ref, Selector, Step
from synth.shape import difficulty, scenario, selectors, skeleton, step_graph

ONLY, ALL = Selector("only"), Selector("all")


def chain_of(*edges, steps="s1"):
    """A chain of `steps` in which the first of each pair feeds the second."""
    made = []
    for id in steps.split():
        bindings = [(f"from_{a}", Ref(a, ONLY, "id")) for a, b in edges if b == id]
        made.append(Step(id, "get_item", (*bindings, ("x", Literal("x", 1)))))
    return Chain(tuple(made), (AnswerPart(made[-1].id, ONLY, "value", "sku"),))


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (chain_of(), "single_hop"),
        (chain_of(steps="s1 s2"), "parallel_single_hop"),
        (chain_of(steps="s1 s2 s3"), "parallel_single_hop"),
        (chain_of(("s1", "s2"), steps="s1 s2"), "multi_hop"),
        (chain_of(("s1", "s2"), ("s2", "s3"), steps="s1 s2 s3"), "multi_hop"),
        (chain_of(("s1", "s2"), ("s2", "s3"), ("s1", "s3"), steps="s1 s2 s3"), "multi_hop"),
        (chain_of(("s1", "s2"), steps="s1 s2 s3"), "parallel_multi_hop"),
        (chain_of(("s1", "s2"), ("s3", "s4"), steps="s1 s2 s3 s4"), "parallel_multi_hop"),
        (chain_of(("s1", "s3"), ("s2", "s3"), steps="s1 s2 s3"), "parallel_multi_hop"),
        (chain_of(("s1", "s2"), ("s1", "s3"), steps="s1 s2 s3"), "parallel_multi_hop"),
    ],
)
def test_the_scenario_follows_from_how_steps_depend_on_each_other(chain, expected):
    assert scenario(chain) == expected


@given(st.data())
def test_every_chain_has_exactly_the_scenario_of_its_definition(data):
    ids = [f"s{i}" for i in range(data.draw(st.integers(1, 5)))]
    pairs = [(a, b) for i, a in enumerate(ids) for b in ids[i + 1 :]]
    edges = data.draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    chain = chain_of(*edges, steps=" ".join(ids))
    total_order = all(nx.has_path(step_graph(chain), a, b) for a, b in pairs)
    if len(ids) == 1:
        expected = "single_hop"
    elif not edges:
        expected = "parallel_single_hop"
    else:
        expected = "multi_hop" if total_order else "parallel_multi_hop"
    assert scenario(chain) == expected


def test_a_captured_value_is_no_dependency_inside_the_chain():
    step = Step("s2", "get_item", (("x", Captured(0, "s1", ONLY, "id", 7)),))
    chain = Chain((Step("s1", "get_item", ()), step), ())
    assert list(step_graph(chain).edges) == []


# Skeletons


def rich(email="a@example.com", wanted="paid", kept=7, most="max"):
    where = Selector("where", "", "status", Literal("wanted", wanted, "orders.status"))
    return Chain(
        (
            Step("s1", "find_customer", (("email", Literal("email", email, "customers.email")),)),
            Step("s2", "list_orders", (("customer_id", Ref("s1", ONLY, "customer_id", "customers")),)),
            Step("s3", "get_order", (("order_id", Ref("s2", where, "order_id", "orders")),)),
            Step("s4", "get_item", (("item_id", Captured(0, "s0", where, "item_id", kept)),)),
        ),
        (
            AnswerPart("s2", Selector(most, "", "placed_at"), "value", "number"),
            AnswerPart("s2", where, "value", "number"),
        ),
    )


def test_the_skeleton_ignores_every_value():
    assert skeleton(rich()) == skeleton(rich("b@example.com", "open", 8))


def test_the_skeleton_keeps_tools_wiring_selectors_and_what_is_asked():
    chain = rich()
    others = [
        rich(most="min"),
        replace(chain, answer=chain.answer[:1]),
        replace(chain, steps=chain.steps[:3]),
        replace(chain, answer=(replace(chain.answer[0], field="placed_at"), chain.answer[1])),
        replace(chain, answer=(AnswerPart("s2", ALL, "count"), chain.answer[1])),
        replace(chain, steps=(replace(chain.steps[0], tool="list_customers"), *chain.steps[1:])),
        replace(
            chain,
            steps=(
                chain.steps[0],
                Step("s2", "list_orders", (("customer_id", Ref("s1", ONLY, "id", "customers")),)),
                *chain.steps[2:],
            ),
        ),
        replace(
            chain,
            steps=(
                Step("s1", "find_customer", (("email", Literal("email", "a@example.com", "customers.city")),)),
                *chain.steps[1:],
            ),
        ),
    ]
    assert len({skeleton(other) for other in (chain, *others)}) == len(others) + 1


def test_making_a_skeleton_leaves_the_chain_alone():
    chain = rich()
    skeleton(chain)
    assert chain == rich()


# Selectors and difficulty


def test_each_selector_is_listed_once_with_the_step_whose_rows_it_looks_at():
    found = selectors(rich())
    assert [(step, selector.kind) for step, selector in found] == [("s1", "only"), ("s2", "where"), ("s2", "max")]


def test_the_difficulty_is_the_sum_of_its_parts(shop):
    chain = replace(rich(), steps=rich().steps[:3])
    parts = difficulty(chain, shop.tools, calls=3, words=12)
    assert parts == {
        "score": 3 + 3 + 2 + 0 + 0 + 1 + 0,
        "calls": 3,
        "depth": 3,
        "choices": 2,
        "branches": 0,
        "writes": 0,
        "distractors": 1,
        "terseness": 0,
    }


def test_writes_branches_and_short_requests_make_a_chain_harder(shop):
    first = Step("s1", "find_order", (("number", Literal("number", "W1")),))
    second = Step("s2", "note_order", (("order_id", Ref("s1", ONLY, "order_id")), ("text", Literal("text", "x"))))
    alone = Step("s3", "find_customer", (("email", Literal("email", "a")),))
    chain = Chain((first, second, alone), ())
    parts = difficulty(chain, shop.tools, calls=3, words=11)
    assert (parts["writes"], parts["branches"], parts["terseness"], parts["depth"]) == (1, 1, 3, 2)
    assert difficulty(chain, shop.tools, calls=3, words=12)["terseness"] == 0
