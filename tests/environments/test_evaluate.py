"""What a chain means: every selector, every refusal, every shape of answer."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments import (
    MOST_CALLS,
    AnswerPart,
    Binding,
    Captured,
    Chain,
    Json,
    Literal,
    Ref,
    Refusal,
    Selector,
    Step,
    ToolError,
    evaluate,
    pick,
    rows_of,
)

LOANS: list[dict[str, Any]] = [
    {"id": 1, "title": "Atlas", "days": 7, "fee": 1.255},
    {"id": 2, "title": "Birds", "days": 30, "fee": None},
    {"id": 3, "title": "Cells", "days": 2, "fee": 0.1},
]


class Desk:
    """Tools over fixed results; remembers its calls."""

    def __init__(self, results: Mapping[str, Any]) -> None:
        self.results = results
        self.calls: list[tuple[str, str, dict[str, Json]]] = []

    def __call__(self, step: str, tool: str, arguments: dict[str, Json]) -> Json:
        self.calls.append((step, tool, arguments))
        result = self.results[tool]
        if isinstance(result, Exception):
            raise result
        answer: Json = result(**arguments) if callable(result) else result
        return answer


def listed(*parts: AnswerPart, then: Binding | None = None, inputs: tuple[Literal, ...] = ()) -> Chain:
    """`rows` is called first; with `then`, `echo` gets its value; the answer is about `rows` unless parts say `s2`."""
    steps = [Step("s1", "rows", tuple((literal.input, literal) for literal in inputs))]
    if then is not None:
        steps.append(Step("s2", "echo", (("value", then),)))
    return Chain(tuple(steps), parts)


def answer(rows: Any, *parts: AnswerPart, inputs: Mapping[str, Json] | None = None) -> list[Json]:
    return evaluate(listed(*parts), inputs or {}, Desk({"rows": rows}))


def linked(rows: Any, selector: Selector, field: str, inputs: Mapping[str, Json] | None = None) -> list[Json]:
    """The values that `echo` was called with."""
    desk = Desk({"rows": rows, "echo": {"ok": 1}})
    evaluate(listed(then=Ref("s1", selector, field)), inputs or {}, desk)
    return [arguments["value"] for step, _, arguments in desk.calls if step == "s2"]


def refusal(rows: Any, selector: Selector, field: str, inputs: Mapping[str, Json] | None = None) -> Refusal:
    with pytest.raises(Refusal) as caught:
        linked(rows, selector, field, inputs)
    return caught.value


# Arguments


def test_free_inputs_take_the_given_values_and_not_those_of_the_original_draw() -> None:
    desk = Desk({"rows": []})
    evaluate(listed(inputs=(Literal("city", "Oslo"),)), {"city": "Rome"}, desk)
    assert desk.calls == [("s1", "rows", {"city": "Rome"})]


def test_a_captured_value_is_passed_as_it_was_kept() -> None:
    desk = Desk({"rows": [], "echo": {"ok": 1}})
    evaluate(listed(then=Captured(0, "s9", Selector("max", "", "days"), "id", 41)), {}, desk)
    assert desk.calls[-1] == ("s2", "echo", {"value": 41})


def test_a_parameter_without_a_binding_is_not_passed() -> None:
    desk = Desk({"rows": []})
    evaluate(listed(), {}, desk)
    assert desk.calls == [("s1", "rows", {})]


# Selectors


def test_only_takes_the_single_row_of_a_list_or_the_row_itself() -> None:
    assert linked(LOANS[:1], Selector("only"), "id") == [1]
    assert linked(LOANS[1], Selector("only"), "id") == [2]


def test_max_and_min_take_the_row_with_the_extreme_value() -> None:
    assert linked(LOANS, Selector("max", "", "days"), "id") == [2]
    assert linked(LOANS, Selector("min", "", "days"), "id") == [3]
    assert linked(LOANS, Selector("max", "", "title"), "id") == [3]


def test_rows_without_a_value_do_not_take_part_in_max_and_min() -> None:
    assert linked(LOANS, Selector("max", "", "fee"), "id") == [1]
    assert linked(LOANS, Selector("min", "", "fee"), "id") == [3]


def test_where_compares_with_the_input_and_not_with_the_original_draw() -> None:
    selector = Selector("where", "", "title", Literal("title", "Atlas"))
    assert linked(LOANS, selector, "id", {"title": "Cells"}) == [3]


def test_all_passes_every_value_in_one_call() -> None:
    assert linked(LOANS, Selector("all"), "id") == [[1, 2, 3]]


def test_each_calls_once_for_every_row() -> None:
    assert linked(LOANS, Selector("each"), "id") == [1, 2, 3]


def test_each_keeps_the_other_arguments_and_their_order() -> None:
    desk = Desk({"rows": LOANS[:2], "echo": {"ok": 1}})
    bindings = (
        ("a", Literal("a", 0)),
        ("b", Ref("s1", Selector("each"), "id")),
        ("c", Captured(0, "s0", Selector("only"), "x", "kept")),
    )
    evaluate(Chain((Step("s1", "rows", ()), Step("s2", "echo", bindings)), ()), {"a": 5}, desk)
    assert [arguments for _, _, arguments in desk.calls[1:]] == [
        {"a": 5, "b": 1, "c": "kept"},
        {"a": 5, "b": 2, "c": "kept"},
    ]
    assert list(desk.calls[1][2]) == ["a", "b", "c"]


def test_each_gathers_lists_and_single_rows_into_one_list() -> None:
    results = {1: [{"x": 1}, {"x": 2}], 2: {"x": 3}, 3: []}
    desk = Desk({"rows": LOANS, "echo": lambda value: results[value]})
    chain = listed(AnswerPart("s2", Selector("all"), "list", "x"), then=Ref("s1", Selector("each"), "id"))
    assert evaluate(chain, {}, desk) == [[1, 2, 3]]


def test_a_path_leads_to_the_rows_inside_a_row() -> None:
    order = {"number": "W1", "loans": LOANS}
    assert linked(order, Selector("max", "loans", "days"), "id") == [2]
    assert answer(order, AnswerPart("s1", Selector("all", "loans"), "count")) == [3]
    assert answer([order, order], AnswerPart("s1", Selector("all", "loans"), "count")) == [6]


def test_two_parameters_of_one_step_cannot_fan_out() -> None:
    each = Ref("s1", Selector("each"), "id")
    chain = Chain((Step("s1", "rows", ()), Step("s2", "echo", (("a", each), ("b", each)))), ())
    with pytest.raises(ValueError, match="'s2' fans out over two parameters"):
        evaluate(chain, {}, Desk({"rows": LOANS}))


# Refusals


@pytest.mark.parametrize("kind", ["only", "max", "min", "each", "all"])
def test_no_rows_is_empty(kind: Any) -> None:
    assert refusal([], Selector(kind, "", "days"), "id").kind == "empty"


def test_no_result_at_all_is_empty() -> None:
    assert refusal(None, Selector("only"), "id").kind == "empty"
    assert refusal(None, Selector("all", "loans"), "id").kind == "empty"


def test_rows_that_all_lack_the_value_are_empty_for_max_and_min() -> None:
    rows = [{"id": 1, "fee": None}, {"id": 2, "fee": None}]
    assert refusal(rows, Selector("max", "", "fee"), "id").kind == "empty"
    assert refusal(rows, Selector("min", "", "fee"), "id").kind == "empty"


def test_where_is_empty_when_no_row_fits_and_ambiguous_when_two_do() -> None:
    selector = Selector("where", "", "days", Literal("days", 7))
    assert refusal(LOANS, selector, "id", {"days": 8}).kind == "empty"
    assert refusal([*LOANS, {**LOANS[0], "id": 4}], selector, "id", {"days": 7}).kind == "ambiguous"


def test_only_is_ambiguous_over_two_rows() -> None:
    assert refusal(LOANS, Selector("only"), "id").kind == "ambiguous"


@pytest.mark.parametrize("kind", ["max", "min"])
def test_a_shared_extreme_is_a_tie(kind: Any) -> None:
    rows = [{"id": 1, "days": 4}, {"id": 2, "days": 4}, {"id": 3, "days": None}]
    found = refusal(rows, Selector(kind, "", "days"), "id")
    assert (found.kind, found.step) == ("tie", "s2")


@pytest.mark.parametrize("kind", ["only", "max", "each", "all"])
def test_a_link_that_is_missing_is_null(kind: Any) -> None:
    rows = [{"id": None, "days": 4}]
    found = refusal(rows, Selector(kind, "", "days"), "id")
    assert (found.kind, found.message) == ("null", "the row has no id")


def test_each_refuses_two_equal_values() -> None:
    rows = [{"id": 1}, {"id": 2}, {"id": 1}]
    assert refusal(rows, Selector("each"), "id").kind == "duplicate"
    assert linked(rows, Selector("all"), "id") == [[1, 2, 1]]


def test_each_follows_as_many_rows_as_allowed_and_not_one_more() -> None:
    rows = [{"id": number} for number in range(MOST_CALLS + 1)]
    assert linked(rows[:MOST_CALLS], Selector("each"), "id") == list(range(MOST_CALLS))
    assert refusal(rows, Selector("each"), "id").kind == "too_many"


def test_a_tools_refusal_is_the_chains_refusal_at_that_step() -> None:
    desk = Desk({"rows": LOANS, "echo": ToolError("the loan is closed")})
    with pytest.raises(Refusal) as caught:
        evaluate(listed(then=Ref("s1", Selector("each"), "id")), {}, desk)
    assert (caught.value.kind, caught.value.message, caught.value.step) == ("tool_error", "the loan is closed", "s2")
    assert len(desk.calls) == 2, "the calls after the refused one are not made"


def test_a_refusal_of_another_kind_keeps_its_kind() -> None:
    with pytest.raises(Refusal) as caught:
        evaluate(listed(), {}, Desk({"rows": ToolError("two fit", kind="ambiguous")}))
    assert caught.value.kind == "ambiguous"


def test_a_bug_of_a_tool_passes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        evaluate(listed(), {}, Desk({"rows": ZeroDivisionError()}))


def test_a_refusal_names_the_step_that_asks() -> None:
    assert refusal(LOANS, Selector("only"), "id").step == "s2"
    with pytest.raises(Refusal) as caught:
        answer(LOANS, AnswerPart("s1", Selector("only"), "value", "id"))
    assert caught.value.step == "s1"


def test_what_the_chain_names_wrongly_is_a_key_error() -> None:
    for chain in (
        listed(then=Ref("s7", Selector("only"), "id")),
        listed(then=Ref("s1", Selector("max", "", "weight"), "id")),
        listed(inputs=(Literal("city", "Oslo"),)),
        listed(AnswerPart("s1", Selector("max", "", "days"), "value", "weight")),
    ):
        with pytest.raises(KeyError):
            evaluate(chain, {}, Desk({"rows": LOANS, "echo": {}}))


# Answers


def test_an_answer_has_one_value_for_each_part() -> None:
    parts = (
        AnswerPart("s1", Selector("max", "", "days"), "value", "title"),
        AnswerPart("s1", Selector("all"), "count"),
        AnswerPart("s1", Selector("all"), "sum", "days"),
        AnswerPart("s1", Selector("all"), "list", "title"),
    )
    assert answer(LOANS, *parts) == ["Birds", 3, 39, ["Atlas", "Birds", "Cells"]]
    assert answer(LOANS) == []


def test_a_where_in_the_answer_reads_its_input() -> None:
    part = AnswerPart("s1", Selector("where", "", "id", Literal("id", 1)), "value", "title")
    assert answer(LOANS, part, inputs={"id": 3}) == ["Cells"]


def test_a_sum_leaves_out_rows_without_a_value_and_a_list_keeps_them() -> None:
    assert answer(LOANS, AnswerPart("s1", Selector("all"), "sum", "fee", 3)) == [1.355]
    assert answer(LOANS, AnswerPart("s1", Selector("all"), "list", "fee")) == [[1.255, None, 0.1]]


@pytest.mark.parametrize("shape", ["count", "sum", "list"])
def test_nothing_to_count_sum_or_list_is_empty(shape: Any) -> None:
    with pytest.raises(Refusal) as caught:
        answer([], AnswerPart("s1", Selector("all"), shape, "days"))
    assert caught.value.kind == "empty"


def test_a_sum_of_no_values_is_empty_and_a_missing_value_is_null() -> None:
    with pytest.raises(Refusal) as caught:
        answer(LOANS[1:2], AnswerPart("s1", Selector("all"), "sum", "fee"))
    assert caught.value.kind == "empty"
    with pytest.raises(Refusal) as caught:
        answer(LOANS[1:2], AnswerPart("s1", Selector("only"), "value", "fee"))
    assert caught.value.kind == "null"


def test_numbers_are_rounded_to_the_declared_digits_and_nothing_else_is() -> None:
    rows = [{"a": 0.1, "b": 7, "c": "x"}, {"a": 0.2, "b": 7, "c": "y"}]
    every = Selector("all")
    assert answer(rows, AnswerPart("s1", every, "sum", "a")) == [0.1 + 0.2]
    assert answer(rows, AnswerPart("s1", every, "sum", "a", 2)) == [0.3]
    assert answer(rows, AnswerPart("s1", every, "list", "a", 0)) == [[0.0, 0.0]]
    assert answer(rows, AnswerPart("s1", every, "list", "c", 2)) == [["x", "y"]]
    assert answer(rows[:1], AnswerPart("s1", Selector("only"), "value", "b", 2)) == [7]
    assert answer([{"a": 1.26}], AnswerPart("s1", Selector("only"), "value", "a", 1)) == [1.3]


@pytest.mark.parametrize("shape", ["count", "sum", "list"])
def test_a_shape_over_rows_takes_all_rows_only(shape: Any) -> None:
    with pytest.raises(ValueError, match="takes all rows"):
        answer(LOANS, AnswerPart("s1", Selector("max", "", "days"), shape, "days"))


def test_a_single_value_cannot_be_meant_by_all_rows() -> None:
    with pytest.raises(ValueError, match="does not single out one row"):
        answer(LOANS, AnswerPart("s1", Selector("all"), "value", "days"))


def test_a_where_without_a_literal_is_a_bug_of_the_chain() -> None:
    with pytest.raises(ValueError, match="needs a literal"):
        pick(LOANS, Selector("where", "", "id"), {}, "s1")


# Rows


def test_a_result_is_rows_in_every_allowed_form() -> None:
    assert rows_of(None) == []
    assert rows_of({"id": 1}) == [{"id": 1}]
    assert rows_of([{"id": 1}, {"id": 2}]) == [{"id": 1}, {"id": 2}]
    assert rows_of({"inner": [{"id": 1}]}, "inner") == [{"id": 1}]
    with pytest.raises(TypeError, match="not int"):
        rows_of(3)


@pytest.mark.parametrize("inner", [None, {"id": 1}, [], [{"id": 1}, {"id": 2}]])
def test_a_list_of_one_row_holds_what_the_row_holds(inner: Any) -> None:
    assert rows_of([{"inner": inner}], "inner") == rows_of({"inner": inner}, "inner")


rows_strategy = st.lists(
    st.fixed_dictionaries({"id": st.none() | st.integers(0, 3), "days": st.none() | st.integers(-2, 2)}), max_size=5
)


@given(rows_strategy)
def test_max_and_min_pick_the_one_row_that_nothing_beats_or_refuse(rows: list[dict[str, Any]]) -> None:
    held = [row for row in rows if row["days"] is not None]
    for kind, extreme in (("max", max), ("min", min)):
        selector = Selector("max" if kind == "max" else "min", "", "days")
        best = extreme((row["days"] for row in held), default=None)
        winners = [row for row in held if row["days"] == best]
        if len(winners) == 1:
            assert pick(rows, selector, {}, "s1") is winners[0]
        else:
            with pytest.raises(Refusal) as caught:
                pick(rows, selector, {}, "s1")
            assert caught.value.kind == ("tie" if winners else "empty")


@given(rows_strategy)
def test_evaluating_twice_gives_the_same_and_leaves_the_results_alone(rows: list[dict[str, Any]]) -> None:
    before = [dict(row) for row in rows]
    parts = (AnswerPart("s1", Selector("all"), "count"), AnswerPart("s1", Selector("all"), "list", "days"))
    outcomes = []
    for _ in range(2):
        try:
            outcomes.append(answer(rows, *parts))
        except Refusal as refused:
            outcomes.append([refused.kind])
    assert outcomes[0] == outcomes[1]
    assert rows == before
