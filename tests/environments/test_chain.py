"""Chains are plain values with a JSON form that loses nothing."""

import json
import typing
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments import (
    AnswerPart,
    Binding,
    Captured,
    Chain,
    Json,
    Literal,
    Ref,
    Selector,
    Step,
    chain_from_json,
    chain_to_json,
)
from environments.chain import SelectorKind, Shape

names = st.text("abcxyz_", min_size=1, max_size=5)
maybe = st.just("") | names
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4)
values: st.SearchStrategy[Json] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=2), max_leaves=3
)
literals = st.builds(Literal, names, values, maybe, maybe)
selectors = st.builds(Selector, st.sampled_from(typing.get_args(SelectorKind)), maybe, maybe, st.none() | literals)
refs = st.builds(Ref, names, selectors, names, maybe)
captured = st.builds(Captured, st.integers(0, 9), names, selectors, names, values, maybe)
bindings: st.SearchStrategy[Binding] = literals | refs | captured
steps = st.builds(
    Step, names, names, st.dictionaries(names, bindings, max_size=3).map(lambda held: tuple(held.items()))
)
parts = st.builds(
    AnswerPart, names, selectors, st.sampled_from(typing.get_args(Shape)), maybe, st.none() | st.integers(0, 6)
)
chains = st.builds(Chain, st.lists(steps, max_size=3).map(tuple), st.lists(parts, max_size=2).map(tuple))


@given(chains)
def test_a_chain_comes_back_from_its_json_text_unchanged(chain: Chain) -> None:
    assert chain_from_json(json.loads(json.dumps(chain_to_json(chain), sort_keys=True))) == chain


def test_empty_fields_are_left_out_of_the_json_form() -> None:
    chain = Chain(
        (Step("s1", "find", (("email", Literal("email", "a@b")),)),),
        (AnswerPart("s1", Selector("only"), "value", "name"),),
    )
    assert chain_to_json(chain) == {
        "steps": [
            {
                "id": "s1",
                "tool": "find",
                "bindings": [{"parameter": "email", "literal": {"input": "email", "value": "a@b"}}],
            }
        ],
        "answer": [{"step": "s1", "selector": {"kind": "only"}, "shape": "value", "field": "name"}],
    }


def test_rounding_to_whole_numbers_and_an_empty_value_survive_the_json_form() -> None:
    chain = Chain(
        (
            Step(
                "s1", "find", (("note", Literal("note", "")), ("kept", Captured(0, "s9", Selector("only"), "f", None)))
            ),
        ),
        (AnswerPart("s1", Selector("all"), "sum", "days", 0),),
    )
    assert chain_from_json(chain_to_json(chain)) == chain


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"steps": 3, "answer": []},
        {"steps": [{"id": "s1"}], "answer": []},
        {"steps": [{"id": "s1", "tool": "t", "bindings": [{"parameter": "a"}]}], "answer": []},
        {"steps": [{"id": "s1", "tool": "t", "bindings": [{"literal": {"input": "a", "value": 1}}]}], "answer": []},
        {"steps": [{"id": "s1", "tool": "t", "bindings": [{"parameter": "a", "literal": {"value": 1}}]}], "answer": []},
        {
            "steps": [{"id": "s1", "tool": "t", "bindings": [{"parameter": "a", "literal": {"input": "a"}}]}],
            "answer": [],
        },
        {"steps": [], "answer": [{"step": "s1", "shape": "count"}]},
    ],
)
def test_what_is_no_chain_raises_one_of_the_promised_errors(data: typing.Any) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        chain_from_json(data)


def test_each_free_input_is_listed_once_in_the_order_of_use() -> None:
    first, again = Literal("a", 1), Literal("a", 2)
    pick = Selector("where", "", "f", Literal("b", "x"))
    chain = Chain(
        (
            Step("s1", "t", (("p", first),)),
            Step(
                "s2",
                "t",
                (("p", again), ("q", Ref("s1", pick, "f")), ("r", Captured(0, "s0", Selector("only"), "g", 7))),
            ),
        ),
        (AnswerPart("s2", Selector("where", "", "f", Literal("c", 3)), "value", "g"),),
    )
    assert [literal.input for literal in chain.literals()] == ["a", "b", "c"]
    assert chain.inputs() == {"a": 1, "b": "x", "c": 3}


def test_a_step_is_found_by_its_id_and_a_binding_by_its_parameter() -> None:
    step = Step("s1", "t", (("p", Literal("a", 1)),))
    chain = Chain((step,), ())
    assert chain.step("s1") is step
    assert step.binding("p") == Literal("a", 1)
    assert step.binding("q") is None
    with pytest.raises(KeyError):
        chain.step("s2")


def test_the_nouns_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Selector("only").kind = "max"  # type: ignore[misc]
