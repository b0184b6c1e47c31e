"""The shop's rows as one would write them by hand: a Faker call for each value, relations kept in dictionaries."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from faker import Faker

from schemas import Row, Rows

_START = datetime(2024, 1, 1)  # noqa: DTZ001 - stored without a zone
_FORM = "%Y-%m-%d %H:%M:%S"


def naive_rows(number: int) -> Rows:
    """About `number` rows of `bench_shop.py`'s tables, with the same invariants."""
    faker, rng = Faker(), random.Random(1)
    Faker.seed(1)
    rows: Rows = {name: [] for name in ("users", "addresses", "products", "orders", "order_items", "payments")}
    for product in range(1, max(2, number * 3 // 100) + 1):
        name, price = faker.catch_phrase()[:60], rng.randint(300, 90000)
        rows["products"].append({"id": product, "sku": f"SKU-{product:05}", "name": name, "price": price})
    left = number - len(rows["products"])
    while left > 0:
        left -= _user(rows, faker, rng)
    return rows


def _user(rows: Rows, faker: Faker, rng: random.Random) -> int:
    before = sum(map(len, rows.values()))
    user = len(rows["users"]) + 1
    created = _START - timedelta(days=rng.randint(1, 700))
    names = {"first_name": faker.first_name(), "last_name": faker.last_name(), "email": faker.unique.email()}
    rows["users"].append({"id": user, **names, "created_at": created.strftime(_FORM)})
    own: list[int] = []
    for _ in range(rng.choices((1, 2, 3), (6, 3, 1))[0]):
        own.append(len(rows["addresses"]) + 1)
        place: Row = {"street": faker.street_address(), "city": faker.city()}
        rows["addresses"].append({"id": own[-1], "user_id": user, **place})
    for _ in range(rng.choices((0, 1, 2, 3, 5), (2, 3, 2, 2, 1))[0]):
        _order(rows, faker, rng, user, rng.choice(own))
    return sum(map(len, rows.values())) - before


def _order(rows: Rows, faker: Faker, rng: random.Random, user: int, address: int) -> None:
    order, total = len(rows["orders"]) + 1, 0
    for line in range(1, rng.choices((1, 2, 3, 5), (3, 4, 2, 1))[0] + 1):
        product = rng.choice(rows["products"])
        quantity, price = rng.randint(1, 6), product["price"]
        assert isinstance(price, int)
        total += quantity * price
        line_row: Row = {"order_id": order, "line": line, "product_id": product["id"], "quantity": quantity}
        rows["order_items"].append({**line_row, "unit_price": price, "amount": quantity * price})
    status = rng.choices(("new", "paid", "shipped", "delivered"), (1, 2, 2, 5))[0]
    created = faker.date_time_between(_START, _START + timedelta(days=200))
    shipped = created + timedelta(hours=rng.randint(1, 140)) if status in ("shipped", "delivered") else None
    delivered = shipped + timedelta(hours=rng.randint(5, 200)) if shipped and status == "delivered" else None
    rows["orders"].append(
        {
            "id": order,
            "user_id": user,
            "address_id": address,
            "status": status,
            "total": total,
            "created_at": created.strftime(_FORM),
            "shipped_at": shipped.strftime(_FORM) if shipped else None,
            "delivered_at": delivered.strftime(_FORM) if delivered else None,
        }
    )
    paid = (created + timedelta(minutes=rng.randint(1, 50))).strftime(_FORM)
    method = rng.choice(("card", "transfer", "voucher"))
    rows["payments"].append({"id": order, "order_id": order, "method": method, "amount": total, "paid_at": paid})
