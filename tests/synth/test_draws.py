"""Values for free inputs: from real rows, coherently, in the parameter's type, by the seed."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments import AnswerPart, Chain, ColumnRef, Literal, Param, Ref, Selector, Step, check_arguments
from synth.draws import Draws

seeds = st.integers(0, 2**32)


def row_for(ground, tool, *names, seed=0):
    return Draws(ground).row_for(ground.tools[tool], names, random.Random(seed))


def emptied(ground, table, rows=()):
    """The same ground with other rows in one table."""
    return replace(ground, rows={**ground.rows, table: list(rows)})


@given(seeds)
def test_values_that_filter_on_one_table_come_from_one_row(shop, seed):
    drawn = row_for(shop, "list_customers", "first_name", "last_name", seed=seed)
    pairs = {(row["first_name"], row["last_name"]) for row in shop.rows["customers"]}
    assert (drawn["first_name"], drawn["last_name"]) in pairs


def test_different_seeds_draw_different_rows_and_the_same_seed_the_same(shop):
    drawn = [row_for(shop, "find_customer", "email", seed=seed) for seed in range(30)]
    assert drawn == [row_for(shop, "find_customer", "email", seed=seed) for seed in range(30)]
    assert len({row["email"] for row in drawn}) > 5


@given(seeds)
def test_every_drawn_value_is_an_argument_that_the_tool_accepts(shop, seed):
    for tool in shop.environment.tools:
        names = [param.name for param in tool.contract.params]
        drawn = Draws(shop).row_for(tool, names, random.Random(seed))
        assert drawn is not None
        assert set(drawn) == set(names)
        assert check_arguments(tool.parameters(), drawn) is None


def test_booleans_come_as_booleans_and_whole_decimals_as_numbers(shop):
    drawn = [row_for(shop, "list_orders", "gift", seed=seed)["gift"] for seed in range(30)]
    assert {repr(value) for value in drawn} == {"True", "False"}
    whole = emptied(shop, "products", [{"sku": "A", "title": "a", "brand": "b", "price": 5, "weight": None}])
    assert repr(row_for(whole, "list_products", "most_expensive")["most_expensive"]) == "5.0"


def test_a_list_parameter_gets_a_list_of_one_value(shop):
    drawn = row_for(shop, "weigh_products", "skus")["skus"]
    assert len(drawn) == 1
    assert drawn[0] in shop.values(ColumnRef("products", "sku"))


def test_listed_values_and_ranges_come_before_the_rows(shop):
    quantities = {row_for(shop, "change_quantity", "quantity", seed=seed)["quantity"] for seed in range(40)}
    assert quantities == {2, 3, 4}
    texts = {row_for(shop, "note_order", "text", seed=seed)["text"] for seed in range(40)}
    assert texts == {"call first", "leave at the door"}


def test_a_limit_gets_a_small_number(shop):
    assert {row_for(shop, "list_orders", "most", seed=seed)["most"] for seed in range(40)} == {2, 3, 5}


def test_a_row_without_one_of_the_values_is_not_drawn(shop):
    rows = [{**shop.rows["customers"][0], "first_name": None}] * 3 + [shop.rows["customers"][1]]
    ground = emptied(shop, "customers", rows)
    for seed in range(20):
        assert row_for(ground, "list_customers", "first_name", seed=seed) in (
            {"first_name": shop.rows["customers"][1]["first_name"]},
            None,
        )


def test_a_column_without_values_gives_no_draw(shop):
    assert row_for(emptied(shop, "customers"), "find_customer", "email") is None
    without = [{**row, "email": None} for row in shop.rows["customers"]]
    assert row_for(emptied(shop, "customers", without), "find_customer", "email") is None


def test_a_parameter_with_nothing_to_draw_from_gives_no_draw(shop):
    tool = shop.tools["note_order"]
    unlisted = Param("memo", {"type": "string"}, True, "note")
    contract = replace(tool.contract, params=(*tool.contract.params, unlisted))
    assert Draws(shop).row_for(replace(tool, contract=contract), ["memo"], random.Random(0)) is None


def test_a_set_parameter_without_a_list_gets_a_value_of_its_column(shop):
    tool = replace(shop.tools["change_quantity"], name="unlisted")
    drawn = Draws(shop).row_for(tool, ["quantity"], random.Random(0))
    assert drawn["quantity"] in shop.values(ColumnRef("items", "quantity"))


# Redraws

CHAIN = Chain(
    (
        Step(
            "s1",
            "list_customers",
            (
                ("first_name", Literal("first_name", "x", "customers.first_name")),
                ("last_name", Literal("last_name", "y", "customers.last_name")),
            ),
        ),
        Step("s2", "list_orders", (("customer_id", Ref("s1", Selector("only"), "customer_id")),)),
        Step(
            "s3",
            "get_order",
            (
                (
                    "order_id",
                    Ref("s2", Selector("where", "", "number", Literal("number", "n", "orders.number")), "order_id"),
                ),
            ),
        ),
        Step("s4", "find_customer", (("email", Literal("email", "e", "customers.email")),)),
    ),
    (AnswerPart("s3", Selector("where", "items", "sku", Literal("sku", "k", "products.sku")), "value", "quantity"),),
)


@given(seeds)
def test_a_redraw_has_a_value_for_every_free_input(shop, seed):
    drawn = Draws(shop).redraw(CHAIN, random.Random(seed))
    assert set(drawn) == set(CHAIN.inputs())
    names = {(row["first_name"], row["last_name"]) for row in shop.rows["customers"]}
    assert (drawn["first_name"], drawn["last_name"]) in names
    assert drawn["number"] in shop.values(ColumnRef("orders", "number"))
    assert drawn["sku"] in shop.values(ColumnRef("products", "sku"))
    assert drawn == Draws(shop).redraw(CHAIN, random.Random(seed))


def test_redraws_differ(shop):
    rng = random.Random(0)
    drawn = [Draws(shop).redraw(CHAIN, rng) for _ in range(10)]
    assert len({repr(inputs) for inputs in drawn}) > 5


def test_an_input_that_two_steps_share_is_drawn_once(shop):
    email = Literal("email", "e", "customers.email")
    chain = Chain(tuple(Step(f"s{i}", "find_customer", (("email", email),)) for i in (1, 2)), ())
    assert list(Draws(shop).redraw(chain, random.Random(0))) == ["email"]


def test_a_chain_whose_rows_are_gone_has_no_redraw(shop):
    assert Draws(emptied(shop, "customers")).redraw(CHAIN, random.Random(0)) is None


def test_a_chain_without_free_inputs_redraws_to_nothing(shop):
    assert Draws(shop).redraw(Chain((Step("s1", "list_everyone", ()),), ()), random.Random(0)) == {}


@pytest.mark.parametrize("seed", range(3))
def test_drawing_leaves_the_rows_alone(shop, seed):
    before = repr(shop.rows)
    Draws(shop).redraw(CHAIN, random.Random(seed))
    assert repr(shop.rows) == before
