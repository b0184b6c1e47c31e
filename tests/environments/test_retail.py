"""The retail domain: its rows look like a shop's, and its tools keep the books straight."""

import random
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from environments import Environment, load_environment
from sandbox import Call, Episode, RunCalls, World, open_sandbox
from schemas import Row, Rows, count_violations, open_snapshot, read_ddl, write_ddl

OPEN = ("pending", "processing")
SENT = ("shipped", "delivered")


@pytest.fixture(scope="module")
def retail() -> Environment:
    return load_environment("retail")


@pytest.fixture(scope="module")
def seeded(retail: Environment) -> Rows:
    return retail.populate()


class Desk:
    """The tools over one episode, with a copy of the rows that follows every change that is reported."""

    def __init__(self, episode: Episode, rows: Rows) -> None:
        self.episode = episode
        self.tables: dict[str, dict[Any, Row]] = {
            name: {row["id"]: dict(row) for row in entries} for name, entries in rows.items()
        }

    def call(self, tool: str, **args: Any) -> Call:
        (outcome,) = self.episode.run([RunCalls(((tool, args),))], keep=True)
        assert outcome.bug is None, outcome.bug
        for change in outcome.changes:
            table = self.tables[change.table]
            if change.op == "delete":
                del table[change.key["id"]]
            else:
                table.setdefault(change.key["id"], {}).update(change.new or {})
        return outcome.calls[0]

    def result(self, tool: str, **args: Any) -> Any:
        call = self.call(tool, **args)
        assert call.error is None, call.error
        return call.result

    def refusal(self, tool: str, **args: Any) -> str:
        call = self.call(tool, **args)
        assert call.error is not None, call.result
        assert not call.changes
        return call.error

    def rows(self, table: str, **values: Any) -> list[Row]:
        found = [r for r in self.tables[table].values() if all(r[name] == value for name, value in values.items())]
        return [dict(row) for row in sorted(found, key=lambda row: row["id"])]

    def one(self, table: str, **values: Any) -> Row:
        return self.rows(table, **values)[0]

    def items(self, *statuses: str) -> list[Row]:
        return [i for i in self.rows("order_items") if self.tables["orders"][i["order_id"]]["status"] in statuses]


@pytest.fixture
def desk(retail: Environment, seeded: Rows) -> Iterator[Desk]:
    world = World(retail.tools_source, retail.tools, retail.snapshot(), retail.settings.clock, retail.version)
    with open_sandbox(world, level="inprocess") as sandbox, sandbox.episode() as episode:
        yield Desk(episode, seeded)


def faults(tables: dict[str, dict[Any, Row]]) -> list[str]:
    """What does not add up."""
    found: list[str] = []
    items = by(tables["order_items"].values(), "order_id")
    payments = by(tables["payments"].values(), "order_id")
    parcels = by(tables["shipments"].values(), "order_id")
    returns = by_item(tables["returns"].values())
    for item in tables["order_items"].values():
        if item["line_total_cents"] != item["quantity"] * item["unit_price_cents"]:
            found.append(f"item {item['id']}: line total")
        back = [r for r in returns.get((item["order_id"], item["variant_id"]), []) if r["status"] != "rejected"]
        if sum(r["quantity"] for r in back) > item["quantity"]:
            found.append(f"item {item['id']}: more returned than bought")
        for row in back:
            refund = row["quantity"] * item["unit_price_cents"] if row["status"] == "refunded" else None
            if row["refund_cents"] != refund:
                found.append(f"return {row['number']}: refund")
    for order in tables["orders"].values():
        found += [
            f"order {order['number']}: {fault}" for fault in order_faults(order, items, payments, parcels, returns)
        ]
        if tables["addresses"][order["address_id"]]["customer_id"] != order["customer_id"]:
            found.append(f"order {order['number']}: somebody else's address")
    for id, entries in by(tables["addresses"].values(), "customer_id").items():
        if sum(bool(address["is_default"]) for address in entries) != 1:
            found.append(f"customer {id}: not one default address")
    found += [f"stock {s['id']}: negative" for s in tables["stock"].values() if s["available"] < 0]
    found += [f"customer {c['id']}: negative points" for c in tables["customers"].values() if c["loyalty_points"] < 0]
    return found


def order_faults(order: Row, items: Any, payments: Any, parcels: Any, returns: Any) -> Iterator[str]:
    status = order["status"]
    lines = items.get(order["id"], [])
    paid = payments.get(order["id"], [])
    sent = parcels.get(order["id"], [])
    refunded = sum(
        r["refund_cents"] or 0 for line in lines for r in returns.get((line["order_id"], line["variant_id"]), [])
    )
    if not lines:
        yield "no items"
    if order["total_cents"] != sum(line["line_total_cents"] for line in lines):
        yield "total"
    if (status == "cancelled") != (order["cancel_reason"] is not None):
        yield "cancel reason"
    if len(sent) != (status in SENT):
        yield "parcel"
    if sent and (sent[0]["delivered_at"] is not None) != (status == "delivered"):
        yield "delivery"
    if len(paid) != 1:
        yield "not one payment"
        return
    if paid[0]["amount_cents"] != order["total_cents"]:
        yield "payment amount"
    if status == "cancelled":
        expected = order["total_cents"] if paid[0]["status"] == "refunded" else 0
        if paid[0]["refunded_cents"] != expected or paid[0]["status"] not in ("refunded", "voided"):
            yield "payment of a cancelled order"
    elif paid[0]["refunded_cents"] != refunded:
        yield "refunded amount"
    elif paid[0]["status"] not in {"pending": ("authorized",)}.get(str(status), ("paid", "refunded")):
        yield "payment status"
    elif (paid[0]["status"] == "refunded") != (refunded == order["total_cents"]):
        yield "refund status"
    if (paid[0]["paid_at"] is None) != (paid[0]["status"] in ("authorized", "voided")):
        yield "payment date"


def by(rows: Any, column: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def by_item(rows: Any) -> dict[Any, list[Row]]:
    return by([{**row, "item": (row["order_id"], row["variant_id"])} for row in rows], "item")


# Rows


def test_the_domain_loads_and_its_snapshot_breaks_no_constraint(retail: Environment) -> None:
    with open_snapshot(retail.snapshot()) as connection:
        assert count_violations(connection) == 0


def test_its_schema_is_in_the_form_that_is_written(retail: Environment) -> None:
    text = retail.files["schema.sql"]
    assert write_ddl(read_ddl(text, dialect="sqlite").schema) == text


@pytest.mark.parametrize(("rows", "seed"), [(300, 1), (2400, 2), (6000, 3)])
def test_other_sizes_and_seeds_fill_every_table_with_rows_that_add_up(
    retail: Environment, rows: int, seed: int
) -> None:
    filled = retail.populate(rows, seed)
    assert 0.8 * rows <= sum(map(len, filled.values())) <= 1.2 * rows
    assert all(filled.values())
    assert faults({name: {row["id"]: row for row in entries} for name, entries in filled.items()}) == []


def test_seeded_rows_add_up(seeded: Rows) -> None:
    assert faults({name: {row["id"]: row for row in entries} for name, entries in seeded.items()}) == []


def test_email_addresses_match_names(seeded: Rows) -> None:
    for customer in seeded["customers"]:
        expected = f"{customer['first_name']}.{customer['last_name']}".lower()
        assert str(customer["email"]).startswith(expected)


def test_dates_are_in_order_and_before_the_clock(retail: Environment, seeded: Rows) -> None:
    clock = retail.settings.clock
    customers = {row["id"]: row for row in seeded["customers"]}
    orders = {row["id"]: row for row in seeded["orders"]}
    parcels = {row["order_id"]: row for row in seeded["shipments"]}
    for order in orders.values():
        assert str(customers[order["customer_id"]]["created_at"]) <= str(order["placed_at"]) < clock
    for payment in seeded["payments"]:
        if payment["paid_at"] is not None:
            assert str(orders[payment["order_id"]]["placed_at"]) < str(payment["paid_at"]) < clock
    for parcel in parcels.values():
        assert str(orders[parcel["order_id"]]["placed_at"]) < str(parcel["shipped_at"]) < clock
        if parcel["delivered_at"] is not None:
            assert str(parcel["shipped_at"]) < str(parcel["delivered_at"]) < clock
    for back in seeded["returns"]:
        delivered = parcels[back["order_id"]]["delivered_at"]
        assert str(delivered) < str(back["requested_at"]) < clock


def test_customers_have_none_one_and_many_orders(seeded: Rows) -> None:
    placed = Counter(order["customer_id"] for order in seeded["orders"])
    sizes = Counter(placed[customer["id"]] for customer in seeded["customers"])
    assert sizes[0] > 3
    assert sizes[1] > 3
    assert sum(count for size, count in sizes.items() if size >= 4) > 10


def test_every_state_is_populated(seeded: Rows) -> None:
    assert min(Counter(order["status"] for order in seeded["orders"]).values()) >= 15
    assert len(Counter(order["status"] for order in seeded["orders"])) == 5
    assert len(Counter(row["status"] for row in seeded["returns"])) == 3
    assert len(Counter(row["status"] for row in seeded["payments"])) >= 3


def test_there_are_ties_and_near_duplicates(seeded: Rows) -> None:
    surnames = Counter(customer["last_name"] for customer in seeded["customers"])
    assert max(surnames.values()) >= 4
    prices = Counter((variant["product_id"], variant["price_cents"]) for variant in seeded["variants"])
    assert sum(count > 1 for count in prices.values()) >= 10
    assert any(row["delivered_at"] is None for row in seeded["shipments"])
    assert any(row["restocked_at"] is None for row in seeded["stock"])


def test_versions_of_a_product_fit_its_category(seeded: Rows) -> None:
    products = {row["id"]: row for row in seeded["products"]}
    sizes: dict[Any, set[Any]] = {}
    for variant in seeded["variants"]:
        sizes.setdefault(products[variant["product_id"]]["category"], set()).add(variant["size"])
    assert sizes["clothing"] <= {"S", "M", "L", "XL"}
    assert all(str(size).isdigit() for size in sizes["footwear"])
    assert sizes["kitchen"] == sizes["bags"] == {"one size"}


def test_order_numbers_say_nothing_about_dates(seeded: Rows) -> None:
    by_number = sorted(seeded["orders"], key=lambda order: str(order["number"]))
    dates = [str(order["placed_at"]) for order in by_number]
    later = sum(b > a for a, b in pairwise(dates))
    assert 0.4 < later / (len(dates) - 1) < 0.6


# Orders


def test_cancelling_a_pending_order_voids_its_payment_and_frees_its_units(desk: Desk) -> None:
    order = desk.one("orders", status="pending")
    units = sum(row["available"] for row in desk.rows("stock"))
    held = sum(item["quantity"] for item in desk.rows("order_items", order_id=order["id"]))
    result = desk.result("cancel_order", order_id=order["id"], reason="no longer needed")
    assert result == {
        "order_id": order["id"],
        "number": order["number"],
        "status": "cancelled",
        "refunded_cents": 0,
    }
    assert desk.one("payments", order_id=order["id"])["status"] == "voided"
    assert sum(row["available"] for row in desk.rows("stock")) == units + held
    assert faults(desk.tables) == []


def test_cancelling_a_processing_order_refunds_what_was_paid(desk: Desk) -> None:
    order = desk.one("orders", status="processing")
    result = desk.result("cancel_order", order_id=order["id"], reason="takes too long")
    assert result["refunded_cents"] == order["total_cents"]
    assert desk.one("payments", order_id=order["id"])["status"] == "refunded"
    assert faults(desk.tables) == []


@pytest.mark.parametrize("status", ["shipped", "delivered", "cancelled"])
def test_an_order_that_has_left_the_house_cannot_be_cancelled_rerouted_or_changed(desk: Desk, status: str) -> None:
    order = desk.one("orders", status=status)
    item = desk.one("order_items", order_id=order["id"])
    refused = [
        desk.refusal("cancel_order", order_id=order["id"], reason="takes too long"),
        desk.refusal("change_order_address", order_id=order["id"], address_id=order["address_id"]),
        desk.refusal("change_item_quantity", item_id=item["id"], quantity=9),
        desk.refusal("ship_order", order_id=order["id"], carrier="FastLane"),
    ]
    assert all(str(order["number"]) in text and f"is {status}" in text for text in refused)


def test_an_order_can_only_go_to_an_address_of_its_customer(desk: Desk) -> None:
    mine = by(desk.rows("addresses"), "customer_id")
    order = next(o for o in desk.rows("orders") if o["status"] in OPEN and len(mine[o["customer_id"]]) > 1)
    other = next(a for a in mine[order["customer_id"]] if a["id"] != order["address_id"])
    stranger = next(a for a in desk.rows("addresses") if a["customer_id"] != order["customer_id"])
    assert "another customer" in desk.refusal("change_order_address", order_id=order["id"], address_id=stranger["id"])
    assert "already" in desk.refusal("change_order_address", order_id=order["id"], address_id=order["address_id"])
    desk.result("change_order_address", order_id=order["id"], address_id=other["id"])
    assert desk.one("orders", id=order["id"])["address_id"] == other["id"]
    assert faults(desk.tables) == []


def test_total_payment_and_stock_follow_a_changed_quantity(desk: Desk) -> None:
    for item in desk.items("pending"):
        order = desk.one("orders", id=item["order_id"])
        place = {"variant_id": item["variant_id"], "warehouse": order["warehouse"]}
        before = sum(row["available"] for row in desk.rows("stock", **place))
        wanted = item["quantity"] % 10 + 1
        call = desk.call("change_item_quantity", item_id=item["id"], quantity=wanted)
        more = wanted - item["quantity"]
        if more > before:
            assert call.error == f"the warehouse {order['warehouse']} does not have {more} more units free to sell"
            continue
        assert call.result == {
            "item_id": item["id"],
            "quantity": wanted,
            "line_total_cents": wanted * item["unit_price_cents"],
            "order_id": item["order_id"],
            "total_cents": desk.one("orders", id=item["order_id"])["total_cents"],
        }
        assert sum(row["available"] for row in desk.rows("stock", **place)) == before - more
    assert faults(desk.tables) == []


def test_a_quantity_is_refused_when_it_is_out_of_range_or_nothing_new(desk: Desk) -> None:
    item = desk.items("pending")[0]
    assert "from 1 to 10" in desk.refusal("change_item_quantity", item_id=item["id"], quantity=0)
    assert "from 1 to 10" in desk.refusal("change_item_quantity", item_id=item["id"], quantity=11)
    assert "already" in desk.refusal("change_item_quantity", item_id=item["id"], quantity=item["quantity"])


def test_a_new_order_goes_to_the_default_address_from_the_fullest_warehouse(desk: Desk) -> None:
    address = desk.one("addresses", is_default=1)
    stock = max(desk.rows("stock"), key=lambda row: row["available"])
    price = desk.one("variants", id=stock["variant_id"])["price_cents"]
    numbers = {order["number"] for order in desk.rows("orders")}
    result = desk.result(
        "place_order",
        customer_id=address["customer_id"],
        variant_id=stock["variant_id"],
        quantity=3,
        method="PayPal",
    )
    order = desk.one("orders", id=result["order_id"])
    assert order["number"] not in numbers
    assert (order["address_id"], order["total_cents"], order["status"]) == (address["id"], 3 * price, "pending")
    assert order["placed_at"] == "2025-06-30 12:00:00"
    assert order["warehouse"] == stock["warehouse"]
    assert desk.one("stock", id=stock["id"])["available"] == stock["available"] - 3
    assert desk.one("payments", order_id=order["id"])["status"] == "authorized"
    assert faults(desk.tables) == []


def test_an_order_is_refused_without_stock_customer_or_version(desk: Desk) -> None:
    good: dict[str, Any] = {
        "customer_id": desk.one("addresses", is_default=1)["customer_id"],
        "variant_id": desk.one("variants")["id"],
        "quantity": 1,
        "method": "card",
    }
    assert "no customer" in desk.refusal("place_order", **{**good, "customer_id": 99999})
    assert "no variant" in desk.refusal("place_order", **{**good, "variant_id": 99999})
    assert "from 1 to 10" in desk.refusal("place_order", **{**good, "quantity": 11})
    for stock in desk.rows("stock", variant_id=good["variant_id"]):
        while desk.one("stock", id=stock["id"])["available"] > 0:
            units = min(10, desk.one("stock", id=stock["id"])["available"])
            if desk.call("place_order", **{**good, "quantity": units}).error is not None:
                break
    while desk.call("place_order", **good).error is None:
        pass
    assert "no warehouse has 1 units" in desk.refusal("place_order", **good)
    assert faults(desk.tables) == []


# Parcels and returns


def test_shipping_takes_the_payment_and_delivery_earns_points(desk: Desk) -> None:
    order = desk.one("orders", status="pending")
    points = desk.one("customers", id=order["customer_id"])["loyalty_points"]
    assert "is pending" in desk.refusal("mark_delivered", order_id=order["id"])
    parcel = desk.result("ship_order", order_id=order["id"], carrier="Bluebird")
    assert parcel["shipped_at"] == "2025-06-30 12:00:01"  # the call before it took a second
    assert desk.result("get_order_shipment", order_id=order["id"])["tracking_number"] == parcel["tracking_number"]
    assert desk.one("payments", order_id=order["id"])["status"] == "paid"
    assert faults(desk.tables) == []
    assert desk.result("mark_delivered", order_id=order["id"])["status"] == "delivered"
    earned = desk.one("customers", id=order["customer_id"])["loyalty_points"] - points
    assert earned == order["total_cents"] // 100
    assert faults(desk.tables) == []


def test_a_returned_item_is_refunded_once_and_goes_back_on_sale(desk: Desk) -> None:
    returned = by_item(desk.rows("returns"))
    item = next(
        i for i in desk.items("delivered") if (i["order_id"], i["variant_id"]) not in returned and i["quantity"] > 1
    )
    order = desk.one("orders", id=item["order_id"])
    place = {"variant_id": item["variant_id"], "warehouse": order["warehouse"]}
    before = sum(row["available"] for row in desk.rows("stock", **place))
    opened = desk.result("request_return", item_id=item["id"], quantity=1, reason="does not fit")
    left = item["quantity"] - 1
    assert f"only {left} of {item['quantity']} units" in desk.refusal(
        "request_return", item_id=item["id"], quantity=left + 1, reason="damaged"
    )
    received = desk.result("receive_return", return_id=opened["return_id"])
    assert received["refund_cents"] == item["unit_price_cents"]
    assert sum(row["available"] for row in desk.rows("stock", **place)) == before + 1
    assert "is refunded" in desk.refusal("receive_return", return_id=opened["return_id"])
    assert faults(desk.tables) == []


def test_damaged_units_do_not_go_on_sale_again(desk: Desk) -> None:
    returned = by_item(desk.rows("returns"))
    item = next(i for i in desk.items("delivered") if (i["order_id"], i["variant_id"]) not in returned)
    units = sum(row["available"] for row in desk.rows("stock"))
    opened = desk.result("request_return", item_id=item["id"], quantity=1, reason="damaged")
    desk.result("receive_return", return_id=opened["return_id"])
    assert sum(row["available"] for row in desk.rows("stock")) == units
    assert faults(desk.tables) == []


def test_only_delivered_items_can_be_returned(desk: Desk) -> None:
    item = desk.items("processing")[0]
    assert "is processing" in desk.refusal("request_return", item_id=item["id"], quantity=1, reason="damaged")


# Accounts, catalogue and stock


def test_an_email_address_belongs_to_one_account(desk: Desk) -> None:
    first, second = desk.rows("customers")[:2]
    taken = str(second["email"]).upper()
    assert "in use" in desk.refusal("update_customer_email", customer_id=first["id"], email=taken)
    assert "is no e-mail address" in desk.refusal("update_customer_email", customer_id=first["id"], email="nobody")
    desk.result("update_customer_email", customer_id=first["id"], email="new.inbox@example.org")
    assert desk.result("find_customer", email="new.inbox@example.org")["customer_id"] == first["id"]
    assert str(first["email"]) in desk.refusal("find_customer", email=first["email"])


def test_loyalty_points_never_fall_below_zero(desk: Desk) -> None:
    customer = desk.one("customers")
    points = customer["loyalty_points"]
    assert "only" in desk.refusal("adjust_loyalty_points", customer_id=customer["id"], points=-points - 1)
    assert desk.result("adjust_loyalty_points", customer_id=customer["id"], points=50)["loyalty_points"] == points + 50


def test_a_new_default_address_replaces_the_old_one(desk: Desk) -> None:
    address = desk.one("addresses", is_default=0)
    desk.result("set_default_address", address_id=address["id"])
    owned = desk.result("list_customer_addresses", customer_id=address["customer_id"], is_default=True)
    assert [row["address_id"] for row in owned] == [address["id"]]
    assert "already" in desk.refusal("set_default_address", address_id=address["id"])
    assert faults(desk.tables) == []


def test_a_new_price_leaves_placed_orders_alone(desk: Desk) -> None:
    item = desk.items("pending")[0]
    old = item["unit_price_cents"]
    assert "already" in desk.refusal("set_variant_price", variant_id=item["variant_id"], price_cents=old)
    assert "above 0" in desk.refusal("set_variant_price", variant_id=item["variant_id"], price_cents=0)
    desk.result("set_variant_price", variant_id=item["variant_id"], price_cents=old + 150)
    assert desk.result("get_variant", variant_id=item["variant_id"])["price_cents"] == old + 150
    assert desk.one("order_items", id=item["id"])["unit_price_cents"] == old


def test_a_delivery_is_added_where_the_version_is_carried(desk: Desk) -> None:
    carried = by(desk.rows("stock"), "variant_id")
    variant, entries = next((v, e) for v, e in sorted(carried.items()) if len(e) < 3)
    missing = next(w for w in ("Columbus", "Reno", "Savannah") if w not in {row["warehouse"] for row in entries})
    assert missing in desk.refusal("restock_variant", variant_id=variant, warehouse=missing, quantity=5)
    assert "from 1 to 1000" in desk.refusal(
        "restock_variant", variant_id=variant, warehouse=entries[0]["warehouse"], quantity=0
    )
    result = desk.result("restock_variant", variant_id=variant, warehouse=entries[0]["warehouse"], quantity=12)
    assert result["available"] == entries[0]["available"] + 12
    assert result["restocked_at"] == "2025-06-30 12:00:02"  # two calls came before


# Everything


def test_lists_do_not_come_sorted_by_date_or_amount(desk: Desk) -> None:
    first_is_latest = first_is_largest = lists = 0
    for customer in desk.rows("customers"):
        found = desk.result("list_customer_orders", customer_id=customer["id"])
        if len(found) >= 3:
            lists += 1
            first_is_latest += found[0]["placed_at"] == max(row["placed_at"] for row in found)
            first_is_largest += found[0]["total_cents"] == max(row["total_cents"] for row in found)
    assert lists > 20
    assert first_is_latest < 0.5 * lists
    assert first_is_largest < 0.5 * lists


def test_a_missing_row_is_an_answer_for_every_tool_that_takes_a_key(retail: Environment, desk: Desk) -> None:
    for tool in retail.tools:
        keys = [p for p in tool.contract.params if p.required and p.role == "filter"]
        if len(keys) != 1 or tool.contract.many or tool.writes:
            continue
        absent: Any = "nothing of the kind" if keys[0].schema["type"] == "string" else 99999
        assert desk.refusal(tool.name, **{keys[0].name: absent})


def test_the_books_stay_straight_through_a_long_day(retail: Environment, desk: Desk) -> None:
    rng = random.Random(20250630)
    done: Counter[str] = Counter()
    writing = [tool for tool in retail.tools if tool.writes]
    for _ in range(600):
        tool = rng.choice(writing)
        args: dict[str, Any] = {}
        for param in tool.contract.params:
            assert param.column is not None
            if "enum" in param.schema:
                args[param.name] = rng.choice(param.schema["enum"])
            elif param.name.endswith("_id"):
                table = {"item": "order_items", "address": "addresses", "return": "returns"}
                stem = param.name.removesuffix("_id")
                args[param.name] = rng.choice(desk.rows(table.get(stem, stem + "s")))["id"]
            elif param.schema["type"] == "string":
                args[param.name] = f"inbox{rng.randrange(10**6)}@example.org"
            else:
                args[param.name] = rng.randrange(-2, 9)
        if {"order_id", "address_id"} <= set(args):
            customer = desk.one("orders", id=args["order_id"])["customer_id"]
            args["address_id"] = rng.choice(desk.rows("addresses", customer_id=customer))["id"]
        before = {name: {id: dict(row) for id, row in rows.items()} for name, rows in desk.tables.items()}
        if desk.call(tool.name, **args).error is None:
            done[tool.name] += 1
            assert faults(desk.tables) == [], (tool.name, args)
        else:
            assert desk.tables == before
    assert set(done) == {tool.name for tool in writing}
