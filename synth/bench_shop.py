"""The shop that filling is measured on: six tables, a recipe for their rows, and SQL that asks whether they agree.

The tables and what must agree are those of the comparison with other generators (measured by hand in November 2026).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from schemas import Recipe, Schema, parse_recipe, read_ddl

NOW = "2025-06-30 12:00:00"
DDL = """
CREATE TABLE users (
  id INTEGER PRIMARY KEY, first_name VARCHAR(40) NOT NULL, last_name VARCHAR(40) NOT NULL,
  email VARCHAR(120) NOT NULL UNIQUE, created_at TIMESTAMP NOT NULL
);
CREATE TABLE addresses (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), street VARCHAR(80) NOT NULL,
  city VARCHAR(40) NOT NULL
);
CREATE TABLE products (
  id INTEGER PRIMARY KEY, sku VARCHAR(16) NOT NULL UNIQUE, name VARCHAR(60) NOT NULL,
  price INTEGER NOT NULL CHECK (price > 0)
);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id),
  address_id INTEGER NOT NULL REFERENCES addresses (id),
  status VARCHAR(12) NOT NULL CHECK (status IN ('new', 'paid', 'shipped', 'delivered')),
  total INTEGER NOT NULL CHECK (total >= 0), created_at TIMESTAMP NOT NULL, shipped_at TIMESTAMP,
  delivered_at TIMESTAMP, CHECK (shipped_at IS NULL OR shipped_at >= created_at),
  CHECK (delivered_at IS NULL OR delivered_at >= shipped_at)
);
CREATE TABLE order_items (
  order_id INTEGER NOT NULL REFERENCES orders (id), line INTEGER NOT NULL,
  product_id INTEGER NOT NULL REFERENCES products (id), quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 9),
  unit_price INTEGER NOT NULL, amount INTEGER NOT NULL, PRIMARY KEY (order_id, line),
  CHECK (amount = quantity * unit_price)
);
CREATE TABLE payments (
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL UNIQUE REFERENCES orders (id),
  method VARCHAR(12) NOT NULL CHECK (method IN ('card', 'transfer', 'voucher')), amount INTEGER NOT NULL,
  paid_at TIMESTAMP NOT NULL
);
"""
RECIPE: dict[str, Any] = {
    "users": {
        "share": 12,
        "columns": {
            "first_name": {"faker": "first_name"},
            "last_name": {"faker": "last_name"},
            "email": {"text": "{first_name|slug}.{last_name|slug}@example.com", "unique": True},
            "created_at": {"between": ["-900d", "-200d"]},
        },
    },
    "addresses": {
        "each": "users",
        "count": {"choice": [1, 2, 3], "weights": [6, 3, 1]},
        "columns": {"street": {"text": "{street_number} {street_name}"}, "city": {"words": "city"}},
    },
    "products": {
        "share": 3,
        "columns": {
            "sku": {"sequence": "SKU-{n:05}", "start": 101},
            "name": {"words": "product"},
            "price": {"price": [300, 90000]},
        },
    },
    "orders": {
        "each": "users",
        "count": {"choice": [0, 1, 2, 3, 5], "weights": [2, 3, 2, 2, 1]},
        "columns": {
            "address_id": {"pick": "addresses", "where": "addresses.user_id == user_id"},
            "status": {"choice": ["new", "paid", "shipped", "delivered"], "weights": [1, 2, 2, 5]},
            "created_at": {"between": ["-180d", "-20d"]},
            "shipped_at": {
                "after": "created_at", "least": "1h", "within": "6d", "when": "status in ('shipped', 'delivered')",
            },
            "delivered_at": {
                "after": "shipped_at", "least": "5h", "within": "9d", "when": "status == 'delivered'",
            },
            "total": {"sum": "order_items.amount"},
        },
    },
    "order_items": {
        "each": "orders",
        "count": {"choice": [1, 2, 3, 5], "weights": [3, 4, 2, 1]},
        "columns": {
            "line": {"position": "order_id"},
            "product_id": {"pick": "products"},
            "quantity": {"choice": [1, 2, 3, 6], "weights": [6, 3, 2, 1]},
            "unit_price": {"copy": "products.price"},
            "amount": {"expr": "quantity * unit_price"},
        },
    },
    "payments": {
        "each": "orders",
        "columns": {
            "method": {"choice": ["card", "transfer", "voucher"], "weights": [7, 2, 1]},
            "amount": {"copy": "orders.total"},
            "paid_at": {"after": "orders.created_at", "least": "1m", "within": "50m"},
        },
    },
}  # fmt: skip
INVARIANTS = {
    "an order's total is the sum of its lines": """
SELECT COUNT(*) FROM orders AS o WHERE o.total <> (SELECT SUM(i.amount) FROM order_items AS i WHERE i.order_id = o.id)
OR NOT EXISTS (SELECT 1 FROM order_items AS i WHERE i.order_id = o.id)""",
    "a payment is its order's total": """
SELECT COUNT(*) FROM orders AS o LEFT JOIN payments AS p ON p.order_id = o.id
WHERE p.amount IS NULL OR p.amount <> o.total""",
    "an order's address belongs to its user": """
SELECT COUNT(*) FROM orders AS o JOIN addresses AS a ON a.id = o.address_id WHERE a.user_id <> o.user_id""",
    "created, shipped, delivered in this order": """
SELECT COUNT(*) FROM orders WHERE shipped_at < created_at OR delivered_at < shipped_at
OR (delivered_at IS NOT NULL AND shipped_at IS NULL)""",
    "shipped_at is NULL exactly when not shipped": """
SELECT COUNT(*) FROM orders WHERE (shipped_at IS NULL) <> (status NOT IN ('shipped', 'delivered'))""",
    "a line costs what its product costs": """
SELECT COUNT(*) FROM order_items AS i JOIN products AS p ON p.id = i.product_id WHERE i.unit_price <> p.price""",
}


@cache
def shop() -> Schema:
    """The six tables."""
    return read_ddl(DDL, dialect="sqlite").schema


@cache
def shop_recipe() -> Recipe:
    """What is said about their rows."""
    return parse_recipe(RECIPE, shop())
