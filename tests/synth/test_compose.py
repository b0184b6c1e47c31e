"""The advanced tool of a chain: its source, its signature, and that it means what the evaluator means."""

import ast
import inspect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments import (
    MOST_CALLS,
    AnswerPart,
    Captured,
    Chain,
    ColumnRef,
    Contract,
    Field,
    Literal,
    Param,
    Ref,
    Refusal,
    Selector,
    Step,
    Tool,
    ToolError,
    evaluate,
    pick,
    rows_of,
)
from synth import composite_parts
from synth.compose import NAME_LENGTH, compose

ONLY, ALL, EACH = Selector("only"), Selector("all"), Selector("each")


def tool(name, *params, entity="loans", fields=("id", "amount", "label")):
    """A tool whose parameters are integers, but for `label`."""
    taken = tuple(
        Param(
            p,
            {"type": "string" if p == "label" else "integer"},
            True,
            "filter",
            "=",
            ColumnRef("loans", p),
            f"The {p}.",
        )
        for p in params
    )
    given_back = tuple(Field(f, source=ColumnRef(entity, f)) for f in fields)
    return Tool(name, f"Do {name}.", Contract(entity, True, taken, given_back, (entity,)), 1)


TOOLS = {t.name: t for t in (tool("first", "label"), tool("second", "id", "extra"), tool("everything"))}


def result_of(function, *arguments):
    """The value, or the refusal with its kind and, for a tool's own, its words."""
    try:
        return "value", repr(function(*arguments))
    except Refusal as refused:
        return "refused", refused.kind, refused.message if refused.kind == "tool_error" else ""
    except ToolError as error:
        return "refused", error.kind, str(error) if error.kind == "tool_error" else ""


class World:
    """Fixed results of `first`, of `second` by its id, and of `everything`."""

    def __init__(self, first, second=None):
        self.first = first
        self.second = second or {}

    def call(self, step, name, arguments):
        if name in ("first", "everything"):
            return self.first
        result = self.second.get(repr(arguments["id"]), [])
        if isinstance(result, str):
            raise ToolError(result)
        return result

    def evaluated(self, chain, inputs):
        return result_of(lambda: evaluate(chain, inputs, self.call))

    def composed(self, chain, inputs, tools=None):
        tools = tools or TOOLS
        advanced = compose(chain, tools)
        names: dict[str, Any] = {
            name: lambda db, _name=name, **arguments: self.call("", _name, arguments) for name in tools
        }
        exec(compile(advanced.source, "composite.py", "exec"), names)

        def run():
            answer = names[advanced.name](None, **inputs)
            assert list(answer) == list(advanced.answer_names)
            return list(answer.values())

        return result_of(run)


# What it looks like


CHAIN = Chain(
    (
        Step("s1", "first", (("label", Literal("label", "a", "loans.label")),)),
        Step("s2", "second", (("id", Ref("s1", Selector("max", "", "amount"), "id")), ("extra", Literal("extra", 3)))),
    ),
    (
        AnswerPart("s2", Selector("where", "", "label", Literal("wanted", "b", "loans.label")), "value", "amount", 2),
        AnswerPart("s2", ALL, "count"),
        AnswerPart("s2", ALL, "sum", "amount", 2),
        AnswerPart("s2", ALL, "list", "label"),
        AnswerPart("s1", Selector("min", "", "amount"), "value", "amount"),
    ),
)


def function_of(advanced):
    tree = ast.parse(advanced.source)
    return next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == advanced.name)


def test_the_source_is_one_function_of_the_free_inputs():
    advanced = compose(CHAIN, TOOLS)
    function = function_of(advanced)
    assert advanced.name == "second_by_label_extra_and_wanted".replace("label_extra", "label_and_extra")
    assert ast.get_docstring(function) == "Composes first, second."
    assert [argument.arg for argument in function.args.args] == ["db", "label", "extra", "wanted"]
    assert not function.args.defaults


def test_its_parameters_are_described_like_the_tools_parameters():
    assert compose(CHAIN, TOOLS).parameters == {
        "type": "object",
        "properties": {
            "label": {"type": "string", "description": "The label."},
            "extra": {"type": "integer", "description": "The extra."},
            "wanted": {"type": "string"},
        },
        "required": ["label", "extra", "wanted"],
        "additionalProperties": False,
    }


def test_an_optional_parameter_becomes_a_required_one_without_null_and_default():
    param = Param("label", {"anyOf": [{"type": "string"}, {"type": "null"}], "default": "x"}, False, "filter")
    optional = Tool("first", "", Contract("loans", True, (param,), (), ()), 1)
    chain = Chain((Step("s1", "first", (("label", Literal("label", "a")),)),), ())
    assert compose(chain, {"first": optional}).parameters["properties"] == {"label": {"type": "string"}}


def test_its_answer_is_keyed_by_what_is_asked():
    assert compose(CHAIN, TOOLS).answer_names == (
        "amount",
        "count_of_loans_2",
        "sum_of_amount",
        "label",
        "amount_2",
    )


def test_it_brings_the_parts_it_needs_and_no_others():
    chain = Chain((Step("s1", "everything", ()),), (AnswerPart("s1", ALL, "count"),))
    tree = ast.parse(compose(chain, TOOLS).source)
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert functions == ["flattened", "some", "everything_answer"]


def test_it_uses_nothing_but_its_parts_the_tools_and_tool_error():
    tree = ast.parse(compose(CHAIN, TOOLS).source)
    imports = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert imports == ["from typing import Any", "from environments import ToolError"]


def test_a_name_that_is_a_tools_name_would_call_itself_and_is_changed():
    chain = Chain((Step("s1", "everything", ()),), (AnswerPart("s1", ALL, "count"),))
    assert compose(chain, TOOLS).name not in TOOLS
    assert World([{"id": 1}]).composed(chain, {}) == ("value", "[1]")


def test_a_long_name_is_cut_at_a_word():
    names = ["a_rather_long_input_name", "another_rather_long_input_name", "one_more"]
    steps = tuple(Step(f"s{i}", "first", (("label", Literal(name, "a")),)) for i, name in enumerate(names))
    name = compose(Chain(steps, ()), TOOLS).name
    assert name == "first_by_a_rather_long_input_name_and_another_rather_long"
    assert len(name) <= NAME_LENGTH


@pytest.mark.parametrize(
    "entity", ["class", "round", "row", "value", "len", "total", "2024 sales", "Order Details", "db", "label"]
)
def test_a_table_of_any_name_gives_a_usable_variable(entity):
    tools = {t.name: t for t in (tool("first", "label", entity=entity), tool("second", "id", "extra", entity=entity))}
    chain = Chain(
        (
            Step("s1", "first", (("label", Literal("label", "a")),)),
            Step("s2", "second", (("id", Ref("s1", EACH, "id")), ("extra", Literal("extra", 3)))),
        ),
        (
            AnswerPart("s2", ALL, "sum", "amount", 2),
            AnswerPart("s2", ALL, "list", "amount", 1),
            AnswerPart("s1", ALL, "count"),
            AnswerPart("s2", Selector("where", "", "label", Literal("label", "a")), "value", "amount"),
        ),
    )
    rows = [{"id": 1, "amount": 0.25, "label": "a"}, {"id": 2, "amount": 1.5, "label": "b"}]
    world = World(rows, {"1": rows[:1], "2": rows[1]})
    inputs = {"label": "a", "extra": 3}
    assert world.composed(chain, inputs, tools) == ("value", "[1.75, [0.2, 1.5], 2, 0.25]")
    assert world.evaluated(chain, inputs) == world.composed(chain, inputs, tools)


def test_a_free_input_may_be_called_like_the_loop():
    chain = Chain(
        (
            Step("s1", "everything", ()),
            Step("s2", "second", (("id", Ref("s1", EACH, "id")), ("extra", Literal("value", 3)))),
            Step("s3", "second", (("id", Literal("value", 3)), ("extra", Literal("row", 3)))),
        ),
        (AnswerPart("s3", ALL, "list", "id"),),
    )
    world = World([{"id": 1}, {"id": 2}], {"3": [{"id": 30}, {"id": 31}]})
    assert world.composed(chain, {"value": 3, "row": 4}) == ("value", "[[30, 31]]")


def test_a_captured_value_stands_in_the_source():
    captured = Captured(0, "s9", ONLY, "id", "it's")
    chain = Chain((Step("s1", "second", (("id", captured), ("extra", Literal("extra", 1)))),), ())
    advanced = compose(chain, TOOLS)
    assert '"it\'s"' in advanced.source
    assert list(advanced.parameters["properties"]) == ["extra"]


# What it means


numbers = st.none() | st.integers(-2, 3) | st.sampled_from([0.5, 1.255, -0.125, 2.0])
flat_row = st.fixed_dictionaries(
    {"id": st.none() | st.integers(0, 4), "amount": numbers, "label": st.sampled_from(["a", "b", None])}
)
deep_row = st.builds(lambda row, inner: {**row, "inner": inner}, flat_row, st.lists(flat_row, max_size=3))
plain_result = st.lists(deep_row, max_size=MOST_CALLS + 2) | deep_row
# distinct ids, so that `each` is often followed to the end
distinct = st.lists(deep_row, max_size=4, unique_by=lambda row: repr(row["id"]))
fields = st.sampled_from(["id", "amount", "label"])
paths = st.sampled_from(["", "inner"])


@st.composite
def picking(draw):
    """A selector that means one row. NULLs and mixed types cannot be compared, so extremes are of numbers."""
    kind = draw(st.sampled_from(["only", "max", "min", "where"]))
    if kind == "where":
        return Selector("where", draw(paths), "label", Literal("wanted", "a"))
    return Selector(kind, draw(paths), draw(st.sampled_from(["id", "amount"])) if kind != "only" else "")


@st.composite
def asked(draw, step):
    shape = draw(st.sampled_from(["value", "count", "sum", "list"]))
    decimals = draw(st.none() | st.integers(0, 3))
    if shape == "value":
        return AnswerPart(step, draw(picking()), shape, draw(fields), decimals)
    field = draw(st.sampled_from(["id", "amount"]) if shape == "sum" else fields)
    return AnswerPart(step, Selector("all", draw(paths)), shape, "" if shape == "count" else field, decimals)


@st.composite
def chains(draw):
    selector = draw(picking() | st.builds(Selector, st.sampled_from(["each", "all"]), paths))
    extra = Literal("extra", 3)
    if selector.kind != "each" and draw(st.booleans()):
        extra = Ref("s1", draw(picking()), draw(fields))
    return Chain(
        (
            Step("s1", "first", (("label", Literal("label", "a")),)),
            Step("s2", "second", (("id", Ref("s1", selector, "id")), ("extra", extra))),
        ),
        tuple(draw(asked(draw(st.sampled_from(["s1", "s2"])))) for _ in range(draw(st.integers(0, 3)))),
    )


second_results = st.dictionaries(
    st.integers(0, 4).map(repr), plain_result | st.sampled_from(["closed", "gone"]), max_size=5
)


@given(chains(), plain_result | distinct, second_results, st.sampled_from(["a", "b"]))
def test_the_composite_means_what_the_chain_means_refusals_included(chain, first, second, wanted):
    world = World(first, second)
    inputs = {"label": "a", "wanted": wanted, "extra": 7}
    inputs = {name: inputs[name] for name in chain.inputs()}
    assert world.composed(chain, inputs) == world.evaluated(chain, inputs)


ONE, TWO = {"id": 1, "amount": 2}, {"id": 2, "amount": 2}


@pytest.mark.parametrize(
    ("kind", "first", "selector"),
    [
        ("empty", [], ONLY),
        ("empty", [], EACH),
        ("empty", [], ALL),
        ("empty", [{"id": 1, "amount": None}], Selector("max", "", "amount")),
        ("empty", [{"inner": []}, {"inner": []}], Selector("all", "inner")),
        ("ambiguous", [ONE, TWO], ONLY),
        ("ambiguous", [ONE, TWO], Selector("where", "", "amount", Literal("wanted", 2))),
        ("tie", [ONE, TWO], Selector("min", "", "amount")),
        ("null", [{"id": None}], ONLY),
        ("null", [ONE, {"id": None}], EACH),
        ("null", [ONE, {"id": None}], ALL),
        ("duplicate", [ONE, ONE], EACH),
        ("duplicate", {"inner": [ONE, ONE]}, Selector("each", "inner")),
        ("too_many", [{"id": number} for number in range(MOST_CALLS + 1)], EACH),
        ("too_many", [{"id": None}] * (MOST_CALLS + 1), EACH),
        ("tool_error", [{"id": 9}, {"id": 8}], EACH),
        ("tool_error", {"id": 9}, ONLY),
    ],
)
def test_a_refusal_of_every_kind_is_the_composites_too(kind, first, selector):
    chain = Chain((Step("s1", "everything", ()), Step("s2", "second", (("id", Ref("s1", selector, "id")),))), ())
    world = World(first, {"9": "the loan is closed"})
    inputs = dict.fromkeys(chain.inputs(), 2)
    expected = ("refused", kind, "the loan is closed" if kind == "tool_error" else "")
    assert world.evaluated(chain, inputs) == expected
    assert world.composed(chain, inputs) == expected


@given(plain_result, picking(), st.sampled_from(["a", "b"]))
def test_the_parts_pick_the_row_that_the_evaluator_picks(result, selector, wanted):
    rows = rows_of(result, selector.path)
    flat = composite_parts.inner_rows(result, selector.path) if selector.path else composite_parts.flattened(result)
    assert flat == rows
    part = {
        "only": lambda: composite_parts.the_only(rows),
        "max": lambda: composite_parts.the_largest(rows, selector.field),
        "min": lambda: composite_parts.the_smallest(rows, selector.field),
        "where": lambda: composite_parts.the_one_where(rows, selector.field, wanted),
    }[selector.kind]
    assert result_of(part) == result_of(lambda: pick(rows, selector, {"wanted": wanted}, "s1"))


@given(st.lists(flat_row, max_size=MOST_CALLS + 2), st.sampled_from(["each", "all"]))
def test_the_parts_link_to_the_values_that_the_evaluator_links_to(rows, kind):
    called = []

    def call(step, name, arguments):
        if name == "first":
            return rows
        called.append(arguments["id"])
        return []

    chain = Chain((Step("s1", "first", ()), Step("s2", "second", (("id", Ref("s1", Selector(kind), "id")),))), ())

    def evaluated():
        evaluate(chain, {}, call)
        return called if kind == "each" else called[0]

    part = composite_parts.distinct_links if kind == "each" else composite_parts.all_links
    assert result_of(part, rows, "id") == result_of(evaluated)


def test_as_many_rows_are_followed_as_the_evaluator_follows():
    rows = [{"id": number} for number in range(MOST_CALLS + 1)]
    assert composite_parts.distinct_links(rows[:-1], "id") == list(range(MOST_CALLS))
    with pytest.raises(ToolError) as caught:
        composite_parts.distinct_links(rows, "id")
    assert caught.value.kind == "too_many"


def test_every_part_is_used_by_some_composite():
    """A part that nothing needs, or that is forgotten when it is needed, shows here."""
    everything = (
        AnswerPart("s1", ONLY, "value", "id", 2),
        AnswerPart("s1", Selector("max", "inner", "id"), "value", "id"),
        AnswerPart("s1", Selector("min", "", "id"), "value", "id"),
        AnswerPart("s1", Selector("where", "", "id", Literal("x", 1)), "value", "id"),
        AnswerPart("s1", ALL, "sum", "id"),
    )
    chain = Chain(
        (
            Step("s1", "everything", ()),
            Step("s2", "second", (("id", Ref("s1", ALL, "id")),)),
            Step("s3", "second", (("id", Ref("s1", EACH, "id")),)),
        ),
        everything,
    )
    tree = ast.parse(compose(chain, TOOLS).source)
    brought = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    parts = {name for name, part in vars(composite_parts).items() if inspect.isfunction(part)}
    assert parts <= brought
