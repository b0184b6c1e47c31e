"""What filled rows mean: amounts add up, states and dates agree, keys of a row belong together."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from schemas import build_snapshot, count_violations, fill, open_snapshot, parse_recipe, read_ddl

NOW = "2025-06-30 12:00:00"
SHOP = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE, gender TEXT CHECK (gender IN ('female', 'male')), order_count INTEGER NOT NULL,
  last_order_at TIMESTAMP, created_at TIMESTAMP NOT NULL);
CREATE TABLE addresses (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
  street TEXT NOT NULL, city TEXT NOT NULL, postcode TEXT NOT NULL, country TEXT NOT NULL);
CREATE TABLE payment_methods (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
  type TEXT NOT NULL);
CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price NUMERIC(10, 2) NOT NULL CHECK (price > 0),
  stock INTEGER NOT NULL, review_count INTEGER NOT NULL, average_rating NUMERIC(3, 2));
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
  shipping_address_id INTEGER NOT NULL REFERENCES addresses (id), billing_address_id INTEGER REFERENCES addresses (id),
  payment_method_id INTEGER NOT NULL REFERENCES payment_methods (id),
  status TEXT NOT NULL CHECK (status IN ('pending', 'paid', 'shipped', 'delivered', 'cancelled')),
  subtotal NUMERIC(10, 2) NOT NULL, tax NUMERIC(10, 2) NOT NULL, shipping_cost NUMERIC(10, 2) NOT NULL,
  discount_amount NUMERIC(10, 2), total NUMERIC(10, 2) NOT NULL CHECK (total >= 0), item_count INTEGER NOT NULL,
  placed_at TIMESTAMP NOT NULL, paid_at TIMESTAMP, shipped_at TIMESTAMP, delivered_at TIMESTAMP,
  cancelled_at TIMESTAMP);
CREATE TABLE order_items (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id),
  product_id INTEGER NOT NULL REFERENCES products (id), product_name TEXT NOT NULL, quantity INTEGER NOT NULL,
  unit_price NUMERIC(10, 2) NOT NULL, line_total NUMERIC(10, 2) NOT NULL, UNIQUE (order_id, product_id));
CREATE TABLE payments (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id),
  amount NUMERIC(10, 2) NOT NULL, method TEXT, created_at TIMESTAMP NOT NULL);
CREATE TABLE reviews (id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL REFERENCES products (id),
  customer_id INTEGER NOT NULL REFERENCES customers (id), rating INTEGER NOT NULL, title TEXT, body TEXT);
"""
BANK = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, full_name TEXT NOT NULL, email TEXT NOT NULL,
  is_active BOOLEAN NOT NULL, deactivated_at TIMESTAMP, created_at TIMESTAMP NOT NULL);
CREATE TABLE accounts (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
  iban TEXT NOT NULL UNIQUE, currency TEXT NOT NULL, balance NUMERIC(12, 2) NOT NULL, opened_at DATE NOT NULL);
CREATE TABLE transactions (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts (id),
  type TEXT NOT NULL CHECK (type IN ('deposit', 'withdrawal', 'fee')),
  amount NUMERIC(12, 2) NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL, created_at TIMESTAMP NOT NULL);
CREATE TABLE journals (id INTEGER PRIMARY KEY, name TEXT NOT NULL, balance INTEGER NOT NULL);
CREATE TABLE cards (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
  account_id INTEGER NOT NULL REFERENCES accounts (id), last4 CHAR(4) NOT NULL, expires_on DATE NOT NULL);
"""
CLINIC = """
CREATE TABLE doctors (id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, email TEXT NOT NULL);
CREATE TABLE patients (id INTEGER PRIMARY KEY, name TEXT NOT NULL, birth_date DATE NOT NULL,
  visit_count INTEGER NOT NULL, last_visit_date DATE);
CREATE TABLE appointments (id INTEGER PRIMARY KEY, patient_id INTEGER NOT NULL REFERENCES patients (id),
  doctor_id INTEGER NOT NULL REFERENCES doctors (id), status TEXT NOT NULL, scheduled_at TIMESTAMP NOT NULL,
  completed_at TIMESTAMP, cancelled_at TIMESTAMP);
CREATE TABLE visits (id INTEGER PRIMARY KEY, appointment_id INTEGER NOT NULL REFERENCES appointments (id),
  patient_id INTEGER NOT NULL REFERENCES patients (id), visit_date DATE NOT NULL, notes TEXT);
CREATE TABLE bills (id INTEGER PRIMARY KEY, patient_id INTEGER NOT NULL REFERENCES patients (id),
  visit_id INTEGER NOT NULL REFERENCES visits (id), total_cents INTEGER NOT NULL, issued_on DATE NOT NULL);
CREATE TABLE bill_lines (bill_id INTEGER NOT NULL REFERENCES bills (id), line_no INTEGER NOT NULL,
  description TEXT NOT NULL, quantity INTEGER NOT NULL, unit_price_cents INTEGER NOT NULL,
  amount_cents INTEGER NOT NULL, PRIMARY KEY (bill_id, line_no));
"""
LIBRARY = """
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL, isbn TEXT NOT NULL UNIQUE,
  copy_count INTEGER NOT NULL);
CREATE TABLE book_authors (book_id INTEGER NOT NULL REFERENCES books (id),
  author_id INTEGER NOT NULL REFERENCES authors (id), PRIMARY KEY (book_id, author_id));
CREATE TABLE branches (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE copies (id INTEGER PRIMARY KEY, book_id INTEGER NOT NULL REFERENCES books (id),
  branch_id INTEGER NOT NULL REFERENCES branches (id), barcode TEXT NOT NULL UNIQUE);
CREATE TABLE members (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, joined_on DATE NOT NULL);
CREATE TABLE loans (id INTEGER PRIMARY KEY, copy_id INTEGER NOT NULL REFERENCES copies (id),
  book_id INTEGER NOT NULL REFERENCES books (id), member_id INTEGER NOT NULL REFERENCES members (id),
  status TEXT NOT NULL CHECK (status IN ('on_loan', 'returned', 'lost')), loaned_on DATE NOT NULL, due_on DATE NOT NULL,
  returned_on DATE);
"""
TICKETS = """
CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT NOT NULL, ticket_count INTEGER NOT NULL);
CREATE TABLE projects (id INTEGER PRIMARY KEY, team_id INTEGER NOT NULL REFERENCES teams (id), name TEXT NOT NULL);
CREATE TABLE agents (id INTEGER PRIMARY KEY, full_name TEXT NOT NULL, email TEXT NOT NULL UNIQUE);
CREATE TABLE tickets (id INTEGER PRIMARY KEY, team_id INTEGER NOT NULL REFERENCES teams (id),
  project_id INTEGER NOT NULL REFERENCES projects (id), agent_id INTEGER REFERENCES agents (id), subject TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('new', 'open', 'pending', 'resolved', 'closed')), priority TEXT NOT NULL,
  comment_count INTEGER NOT NULL, created_at TIMESTAMP NOT NULL, resolved_at TIMESTAMP, closed_at TIMESTAMP);
CREATE TABLE comments (id INTEGER PRIMARY KEY, ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  agent_id INTEGER NOT NULL REFERENCES agents (id), parent_id INTEGER REFERENCES comments (id), body TEXT NOT NULL,
  created_at TIMESTAMP NOT NULL);
"""
BILLING = """
CREATE TABLE organizations (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country_code CHAR(2),
  created_at TIMESTAMP NOT NULL);
CREATE TABLE plans (id INTEGER PRIMARY KEY, organization_id INTEGER NOT NULL REFERENCES organizations (id),
  code TEXT NOT NULL, amount_cents INTEGER NOT NULL, currency TEXT NOT NULL);
CREATE TABLE customers (id INTEGER PRIMARY KEY, organization_id INTEGER NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL, email TEXT NOT NULL);
CREATE TABLE subscriptions (id INTEGER PRIMARY KEY, organization_id INTEGER NOT NULL REFERENCES organizations (id),
  customer_id INTEGER NOT NULL REFERENCES customers (id), plan_id INTEGER NOT NULL REFERENCES plans (id),
  status TEXT NOT NULL CHECK (status IN ('active', 'pending', 'terminated', 'canceled')), started_at TIMESTAMP,
  canceled_at TIMESTAMP, terminated_at TIMESTAMP);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, organization_id INTEGER NOT NULL REFERENCES organizations (id),
  customer_id INTEGER NOT NULL REFERENCES customers (id), number TEXT NOT NULL UNIQUE, subtotal_cents INTEGER NOT NULL,
  tax_rate NUMERIC(5, 2) NOT NULL, tax_cents INTEGER NOT NULL, total_cents INTEGER NOT NULL,
  paid_cents INTEGER NOT NULL, balance_due_cents INTEGER NOT NULL, issued_on DATE NOT NULL);
CREATE TABLE invoice_lines (id INTEGER PRIMARY KEY, invoice_id INTEGER NOT NULL REFERENCES invoices (id),
  description TEXT, units INTEGER NOT NULL, unit_amount_cents INTEGER NOT NULL, amount_cents INTEGER NOT NULL);
CREATE TABLE payments (id INTEGER PRIMARY KEY, invoice_id INTEGER NOT NULL REFERENCES invoices (id),
  customer_id INTEGER NOT NULL REFERENCES customers (id), amount_cents INTEGER NOT NULL, paid_at TIMESTAMP NOT NULL);
"""


def sums(parent, column, child, value, key):
    return (
        f"SELECT 1 FROM {parent} p WHERE abs(p.{column} - coalesce("
        f"(SELECT sum({value}) FROM {child} c WHERE c.{key} = p.id), 0)) > 0.006"
    )


def counts(parent, column, child, key):
    return f"SELECT 1 FROM {parent} p WHERE p.{column} <> (SELECT count(*) FROM {child} c WHERE c.{key} = p.id)"


def agree(table, own, key, target, back):
    return f"SELECT 1 FROM {table} t JOIN {target} o ON o.id = t.{key} WHERE o.{back} <> t.{own}"


def dated(table, column, states):
    listed = ", ".join(f"'{state}'" for state in states)
    return f"SELECT 1 FROM {table} WHERE ({column} IS NOT NULL) <> (status IN ({listed}))"


BROKEN = {
    "shop": (
        SHOP,
        (
            "SELECT 1 FROM order_items WHERE abs(line_total - quantity * unit_price) > 0.006",
            sums("orders", "subtotal", "order_items", "line_total", "order_id"),
            "SELECT 1 FROM orders WHERE abs(subtotal + tax + shipping_cost - ifnull(discount_amount, 0)-total) > 0.01",
            counts("orders", "item_count", "order_items", "order_id"),
            counts("customers", "order_count", "orders", "customer_id"),
            counts("products", "review_count", "reviews", "product_id"),
            """SELECT 1 FROM products p WHERE abs(p.average_rating -
               (SELECT avg(rating) FROM reviews r WHERE r.product_id = p.id)) > 0.006""",
            """SELECT 1 FROM customers c WHERE c.last_order_at IS NOT
               (SELECT max(placed_at) FROM orders o WHERE o.customer_id = c.id)""",
            """SELECT 1 FROM order_items i JOIN products p ON p.id = i.product_id
               WHERE i.unit_price <> p.price OR i.product_name <> p.name""",
            "SELECT 1 FROM payments p JOIN orders o ON o.id = p.order_id WHERE p.amount <> o.total",
            agree("orders", "customer_id", "shipping_address_id", "addresses", "customer_id"),
            agree("orders", "customer_id", "billing_address_id", "addresses", "customer_id"),
            agree("orders", "customer_id", "payment_method_id", "payment_methods", "customer_id"),
            dated("orders", "paid_at", ("paid", "shipped", "delivered")),
            dated("orders", "shipped_at", ("shipped", "delivered")),
            dated("orders", "delivered_at", ("delivered",)),
            dated("orders", "cancelled_at", ("cancelled",)),
            "SELECT 1 FROM orders WHERE shipped_at < placed_at OR delivered_at < shipped_at OR paid_at < placed_at",
            "SELECT 1 FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.placed_at < c.created_at",
        ),
    ),
    "bank": (
        BANK,
        (
            sums(
                "accounts",
                "balance",
                "transactions",
                "CASE WHEN type = 'deposit' THEN amount ELSE -amount END",
                "account_id",
            ),
            "SELECT 1 FROM transactions t JOIN accounts a ON a.id = t.account_id WHERE a.currency <> t.currency",
            agree("cards", "customer_id", "account_id", "accounts", "customer_id"),
            "SELECT 1 FROM customers WHERE (deactivated_at IS NOT NULL) <> (is_active = 0)",
        ),
    ),
    "clinic": (
        CLINIC,
        (
            agree("visits", "patient_id", "appointment_id", "appointments", "patient_id"),
            agree("bills", "patient_id", "visit_id", "visits", "patient_id"),
            "SELECT 1 FROM bill_lines WHERE amount_cents <> quantity * unit_price_cents",
            sums("bills", "total_cents", "bill_lines", "amount_cents", "bill_id"),
            counts("patients", "visit_count", "visits", "patient_id"),
            """SELECT 1 FROM patients p WHERE p.last_visit_date IS NOT
               (SELECT max(visit_date) FROM visits v WHERE v.patient_id = p.id)""",
            dated("appointments", "completed_at", ("completed",)),
            dated("appointments", "cancelled_at", ("cancelled",)),
        ),
    ),
    "library": (
        LIBRARY,
        (
            agree("loans", "book_id", "copy_id", "copies", "book_id"),
            counts("books", "copy_count", "copies", "book_id"),
            dated("loans", "returned_on", ("returned",)),
            "SELECT 1 FROM loans WHERE due_on < loaned_on OR returned_on < loaned_on",
        ),
    ),
    "tickets": (
        TICKETS,
        (
            agree("tickets", "team_id", "project_id", "projects", "team_id"),
            counts("tickets", "comment_count", "comments", "ticket_id"),
            counts("teams", "ticket_count", "tickets", "team_id"),
            "SELECT 1 FROM comments c JOIN comments p ON p.id = c.parent_id WHERE c.ticket_id <> p.ticket_id",
            dated("tickets", "resolved_at", ("resolved", "closed")),
            dated("tickets", "closed_at", ("closed",)),
            "SELECT 1 FROM tickets WHERE closed_at < resolved_at OR resolved_at < created_at",
            "SELECT 1 FROM comments c JOIN tickets t ON t.id = c.ticket_id WHERE c.created_at < t.created_at",
        ),
    ),
    "billing": (
        BILLING,
        (
            agree("subscriptions", "organization_id", "customer_id", "customers", "organization_id"),
            agree("subscriptions", "organization_id", "plan_id", "plans", "organization_id"),
            agree("invoices", "organization_id", "customer_id", "customers", "organization_id"),
            agree("payments", "customer_id", "invoice_id", "invoices", "customer_id"),
            "SELECT 1 FROM invoice_lines WHERE amount_cents <> units * unit_amount_cents",
            sums("invoices", "subtotal_cents", "invoice_lines", "amount_cents", "invoice_id"),
            "SELECT 1 FROM invoices WHERE abs(tax_cents - subtotal_cents * tax_rate / 100.0) > 0.51",
            "SELECT 1 FROM invoices WHERE total_cents <> subtotal_cents + tax_cents",
            sums("invoices", "paid_cents", "payments", "amount_cents", "invoice_id"),
            "SELECT 1 FROM invoices WHERE balance_due_cents <> total_cents - paid_cents",
            dated("subscriptions", "canceled_at", ("canceled",)),
        ),
    ),
}


def filled(sql, rows, seed=1, recipe=None):
    schema = read_ddl(sql, dialect="sqlite").schema
    data = fill(schema, parse_recipe(recipe or {}, schema), rows=rows, seed=seed, now=NOW)
    return data, open_snapshot(build_snapshot(schema, data))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("rows", [300, 3000])
@pytest.mark.parametrize("name", BROKEN)
def test_what_names_and_keys_imply_holds_in_every_row(name, rows, seed):
    sql, broken = BROKEN[name]

    data, database = filled(sql, rows, seed)

    assert count_violations(database) == 0
    assert all(data.values())
    assert {query: found for query in broken if (found := len(list(database.execute(query))))} == {}


def test_every_state_is_populated_and_none_as_often_as_another():
    data, _ = filled(SHOP, 3000)

    found = Counter(row["status"] for row in data["orders"])
    assert len(found) == 5
    assert min(found.values()) >= 0.03 * sum(found.values())
    assert max(found.values()) > 2 * min(found.values())


@pytest.mark.parametrize("parent", ["product", "customer"])
def test_parents_have_no_one_and_many_children(parent):
    data, _ = filled(SHOP, 3000)

    reviews = Counter(row[f"{parent}_id"] for row in data["reviews"])
    sizes = sorted(reviews.get(row["id"], 0) for row in data[f"{parent}s"])
    mean = sum(sizes) / len(sizes)
    gini = sum(abs(one - other) for one in sizes for other in sizes) / (2 * len(sizes) ** 2 * mean)
    assert 0.03 < sizes.count(0) / len(sizes) < 0.6
    assert sizes.count(1) / len(sizes) > 0.03
    assert sizes[-1] > 3 * mean
    assert 0.25 < gini < 0.85


def test_a_few_people_are_namesakes_and_most_are_not():
    data, _ = filled(LIBRARY.replace("TEXT NOT NULL UNIQUE, joined_on", "TEXT NOT NULL, joined_on"), 3000)

    for table in ("members", "authors"):
        names = Counter(row["name"] for row in data[table])
        shared = sum(count for count in names.values() if count > 1) / len(data[table])
        assert 0.01 <= shared <= 0.1, table


def test_first_names_go_with_the_gender_of_the_row_and_with_the_email():
    data, _ = filled(SHOP, 3000)

    sets = {
        kind: {row["first_name"] for row in data["customers"] if row["gender"] == kind} for kind in ("female", "male")
    }
    assert len(sets["female"] & sets["male"]) < 0.2 * len(sets["female"] | sets["male"])
    for row in data["customers"]:
        start = re.sub(r"[^a-z.-]", "", f"{row['first_name']}.{row['last_name']}".lower())
        assert row["email"].split("@")[0].rstrip("0123456789") == start


def test_a_recipe_goes_before_what_names_imply():
    recipe = {
        "orders": {"share": 2, "columns": {"total": {"value": 5}, "status": {"value": "paid"}}},
        "order_items": {"share": 3, "columns": {"unit_price": {"value": 7}}},
    }
    data, database = filled(SHOP, 500, recipe=recipe)

    assert count_violations(database) == 0
    assert {row["total"] for row in data["orders"]} == {5}
    assert {row["unit_price"] for row in data["order_items"]} == {7}
    assert all(row["line_total"] == row["quantity"] * 7 for row in data["order_items"])
    assert all(row["paid_at"] is not None and row["shipped_at"] is None for row in data["orders"])


def test_a_total_that_a_check_refuses_gives_way_to_a_plain_guess():
    sql = SHOP.replace("CHECK (total >= 0)", "CHECK (total BETWEEN 10 AND 90)")

    data, database = filled(sql, 300)

    assert count_violations(database) == 0
    assert all(10 <= row["total"] <= 90 for row in data["orders"])


def test_a_comment_is_by_anyone_and_not_only_by_the_author_of_the_post():
    data, _ = filled(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), title TEXT);"
        "CREATE TABLE comments (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL REFERENCES posts (id),"
        " user_id INTEGER NOT NULL REFERENCES users (id), body TEXT NOT NULL);",
        300,
    )

    authors = {row["id"]: row["user_id"] for row in data["posts"]}
    assert any(authors[row["post_id"]] != row["user_id"] for row in data["comments"])


def test_a_list_of_countries_has_the_codes_of_each():
    data, _ = filled(
        "CREATE TABLE countries (id INTEGER PRIMARY KEY, name TEXT NOT NULL, iso2 CHAR(2) NOT NULL UNIQUE,"
        " iso3 CHAR(3) NOT NULL, currency_code CHAR(3) NOT NULL);"
        "CREATE TABLE offices (id INTEGER PRIMARY KEY, country_id INTEGER NOT NULL REFERENCES countries (id));",
        60,
    )

    known = {"Germany": ("DE", "DEU", "EUR"), "Canada": ("CA", "CAN", "CAD"), "Japan": ("JP", "JPN", "JPY")}
    assert len({row["name"] for row in data["countries"]}) == len(data["countries"])
    for row in data["countries"]:
        assert known.get(row["name"], (row["iso2"], row["iso3"], row["currency_code"])) == (
            row["iso2"],
            row["iso3"],
            row["currency_code"],
        )


def test_a_state_that_only_the_schema_knows_has_its_date_in_that_state_and_in_the_order_of_states():
    script = """
    CREATE TABLE pets (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born_on DATE NOT NULL, weight NUMERIC(5, 2));
    CREATE TABLE grooming (id INTEGER PRIMARY KEY, pet_id INTEGER NOT NULL REFERENCES pets (id),
      status TEXT NOT NULL CHECK (status IN ('booked', 'washed', 'collected')),
      booked_at TIMESTAMP NOT NULL, washed_at TIMESTAMP, collected_at TIMESTAMP);
    """
    rows = fill(read_ddl(script, dialect="sqlite").schema, parse_recipe({}, read_ddl(script).schema),
                rows=400, seed=2, now=NOW)  # fmt: skip
    born = {pet["id"]: pet["born_on"] for pet in rows["pets"]}
    for row in rows["grooming"]:
        assert row["booked_at"] >= born[row["pet_id"]]
        for state in ("washed", "collected"):
            assert (row[f"{state}_at"] is not None) == (row["status"] == state)
            assert row[f"{state}_at"] is None or row[f"{state}_at"] >= row["booked_at"]


def test_a_thing_costs_what_such_things_cost():
    script = """
    CREATE TABLE tracks (id INTEGER PRIMARY KEY, title TEXT NOT NULL, price NUMERIC(8, 2) NOT NULL);
    CREATE TABLE rooms (id INTEGER PRIMARY KEY, number TEXT NOT NULL, nightly_rate NUMERIC(8, 2) NOT NULL);
    """
    schema = read_ddl(script, dialect="sqlite").schema
    rows = fill(schema, parse_recipe({}, schema), rows=300, seed=2, now=NOW)
    assert max(row["price"] for row in rows["tracks"]) < 20
    assert min(row["nightly_rate"] for row in rows["rooms"]) > 40


def test_what_is_voided_is_rare_and_says_why_only_then():
    script = """
    CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL, created_at TIMESTAMP NOT NULL,
      voided BOOLEAN NOT NULL, date_voided TIMESTAMP, void_reason TEXT);
    """
    schema = read_ddl(script, dialect="sqlite").schema
    rows = fill(schema, parse_recipe({}, schema), rows=900, seed=2, now=NOW)["notes"]
    voided = [row for row in rows if row["voided"]]
    assert 0 < len(voided) < 90
    for row in rows:
        assert (row["date_voided"] is not None) == (row["void_reason"] is not None) == bool(row["voided"])
    assert all(row["date_voided"] >= row["created_at"] for row in voided)
