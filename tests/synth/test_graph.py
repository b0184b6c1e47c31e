"""The tool graph: data edges follow columns and foreign keys, state edges follow writes."""

import pytest

from environments import ColumnRef, Denotation, Field, Param, read_tools
from synth.graph import (
    Producer,
    echoes,
    feeds,
    must_be_produced,
    producers,
    resolution_costs,
    tool_graph,
)


def edges(shop, kind):
    return {(a, b): data for a, b, data in shop.graph.edges(data=True) if data["kind"] == kind}


def fed(shop, tool, param):
    return {(p.tool, p.path, p.field) for p in producers(shop.graph, tool, param)}


def test_every_tool_is_a_node_with_its_parameters_fields_prerequisites_and_entity(shop):
    assert list(shop.graph.nodes) == [tool.name for tool in shop.environment.tools]
    assert shop.graph.nodes["move_item"] == {
        "parameters": shop.tools["move_item"].parameters(),
        "fields": ("item_id", "order_id"),
        "prerequisites": ("item_id", "order_id"),
        "entity": "items",
        "writes": True,
    }
    order = shop.graph.nodes["get_order"]
    assert order["fields"] == ("order_id", "customer_id", "status", "items.item_id", "items.sku", "items.quantity")
    assert not order["writes"]
    assert shop.graph.nodes["list_orders"]["prerequisites"] == ("customer_id",)
    assert shop.graph.nodes["find_order"]["prerequisites"] == ()


def test_a_parameter_is_fed_by_every_field_of_its_column_or_of_a_link_to_it(shop):
    assert fed(shop, "get_customer", "customer_id") == {
        ("find_customer", "", "customer_id"),
        ("list_customers", "", "customer_id"),
        ("list_everyone", "", "customer_id"),
        ("find_order", "", "customer_id"),
        ("get_order", "", "customer_id"),
        ("check_item", "", "customer_id"),
    }
    assert fed(shop, "get_item", "item_id") == {("get_order", "items", "item_id"), ("list_sold", "", "item_id")}


def test_a_field_that_repeats_what_the_tool_was_given_feeds_nothing(shop):
    assert ("get_order", "", "order_id") not in fed(shop, "note_order", "order_id")
    assert ("get_item", "", "item_id") not in fed(shop, "change_quantity", "item_id")
    get_order = shop.tools["get_order"]
    assert echoes(get_order, get_order.contract.field("order_id"), shop.denotation)
    assert not echoes(get_order, get_order.contract.field("customer_id"), shop.denotation)


def test_a_field_that_repeats_an_optional_filter_does_feed(shop):
    tools = read_tools(
        "@tool(takes={'city': 'customers.city'}, gives={'city': 'customers.city'})\n"
        "def cities(db: Db, city: str | None = None) -> list[dict]:\n    'List.'\n",
        shop.environment.schema,
    )
    assert not echoes(tools[0], tools[0].contract.fields[0], Denotation(shop.environment.schema))


def test_every_producer_is_a_data_edge_and_none_leads_to_itself_in_producers(shop):
    for a, b, data in shop.graph.edges(data=True):
        if data["kind"] == "data":
            source = shop.tools[a].contract.field(data["field"], data["path"])
            param = shop.tools[b].contract.param(data["param"])
            assert feeds(source, param, shop.denotation)
            found = Producer(a, data["field"], data["path"]) in producers(shop.graph, b, data["param"])
            assert found is (a != b)


def test_a_data_edge_names_the_column_at_the_end_of_the_foreign_keys(shop):
    data = [d for _, b, d in shop.graph.in_edges("get_customer", data=True) if d["kind"] == "data"]
    assert {d["column"] for d in data} == {"customers.id"}


def test_producers_come_in_the_same_order_whatever_the_order_of_the_tools(shop):
    turned = tool_graph(tuple(reversed(shop.environment.tools)), shop.denotation)
    for tool in shop.environment.tools:
        for param in tool.contract.params:
            assert producers(turned, tool.name, param.name) == producers(shop.graph, tool.name, param.name)


@pytest.mark.parametrize(
    ("field", "param", "expected"),
    [
        (Field("x", source=ColumnRef("orders", "customer_id")), ("filter", "="), True),
        (Field("x", source=ColumnRef("customers", "id")), ("set", "="), True),
        (Field("x", source=ColumnRef("customers", "id")), ("add", "="), False),
        (Field("x", source=ColumnRef("customers", "id")), ("filter", ">="), False),
        (Field("x", source=ColumnRef("customers", "id")), ("filter", "like"), False),
        (Field("x", source=ColumnRef("customers", "id"), aggregate="max"), ("filter", "="), False),
        (Field("x", derived=(ColumnRef("customers", "id"),)), ("filter", "="), False),
        (Field("x", source=ColumnRef("customers", "email")), ("filter", "="), False),
    ],
)
def test_only_plain_values_of_the_same_column_feed_an_equality_or_a_setting(shop, field, param, expected):
    role, operator = param
    taken = Param("c", {"type": "integer"}, True, role, operator, ColumnRef("customers", "id"))
    assert feeds(field, taken, shop.denotation) is expected


def test_limits_and_notes_are_fed_by_nothing_and_need_nothing(shop):
    for tool, name in (("list_orders", "most"), ("note_order", "text")):
        param = shop.tools[tool].contract.param(name)
        assert not must_be_produced(param, shop.denotation)
        assert producers(shop.graph, tool, name) == ()


@pytest.mark.parametrize(
    ("tool", "param", "expected"),
    [
        ("get_customer", "customer_id", True),
        ("list_orders", "customer_id", True),
        ("change_quantity", "quantity", False),
        ("find_order", "number", False),
        ("list_sold", "sku", False),
    ],
)
def test_machine_keys_have_to_be_produced_and_what_people_say_has_not(shop, tool, param, expected):
    assert must_be_produced(shop.tools[tool].contract.param(param), shop.denotation) is expected


def test_state_edges_lead_from_who_writes_to_who_reads(shop):
    state = edges(shop, "state")
    assert {(a, b) for a, b in state if a == "move_item"} == {("move_item", "get_item")}
    assert {b for a, b in state if a == "change_quantity"} == {"get_order", "list_sold", "weigh_products"}
    readers = {t.name for t in shop.environment.tools if "items" in t.contract.reads and t.name != "note_order"}
    assert {b for a, b in state if a == "note_order"} == readers
    assert state["note_order", "get_item"]["column"] == "-items"


def test_costs_count_the_calls_that_make_a_tool_callable(shop):
    assert shop.costs["find_customer"] == 1
    assert shop.costs["list_everyone"] == 1
    assert shop.costs["list_orders"] == 2
    assert shop.costs["get_item"] == 2
    assert shop.costs["move_item"] == 1 + shop.costs["get_order"] - 1 + 1


def test_a_tool_that_nothing_leads_to_has_no_cost(shop):
    assert "open_vault" not in shop.costs
    assert set(shop.costs) == set(shop.tools) - {"open_vault"}


def test_costs_do_not_depend_on_the_order_of_the_tools(shop):
    turned = tuple(reversed(shop.environment.tools))
    assert resolution_costs(turned, tool_graph(turned, shop.denotation), shop.denotation) == shop.costs
