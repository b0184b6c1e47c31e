"""What columns of one row, and of rows that point at each other, say about each other beside sums."""

from __future__ import annotations

from collections import Counter

import pytest

from schemas import build_snapshot, count_violations, fill, open_snapshot, parse_recipe, read_ddl

NOW = "2025-06-30 12:00:00"
PARTITIONS = """
CREATE TABLE customer (customer_id INTEGER PRIMARY KEY, create_date DATE NOT NULL);
CREATE TABLE rental (rental_id INTEGER PRIMARY KEY, rental_date TIMESTAMP NOT NULL,
  customer_id INTEGER NOT NULL REFERENCES customer (customer_id), return_date TIMESTAMP);
CREATE TABLE payment_p2007_01 (payment_id INTEGER PRIMARY KEY, payment_date TIMESTAMP NOT NULL,
  rental_id INTEGER NOT NULL REFERENCES rental (rental_id),
  CHECK (payment_date >= '2007-01-01 00:00:00' AND payment_date < '2007-02-01 00:00:00'));
CREATE TABLE payment_p2007_02 (payment_id INTEGER PRIMARY KEY, payment_date TIMESTAMP NOT NULL,
  rental_id INTEGER NOT NULL REFERENCES rental (rental_id),
  CHECK (payment_date >= '2007-02-01 00:00:00' AND payment_date < '2007-03-01 00:00:00'));
"""
CLINIC = """
CREATE TABLE concepts (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL);
CREATE TABLE medication_dispense (id INTEGER PRIMARY KEY, patient_ref INTEGER NOT NULL,
  quantity NUMERIC(8, 2) NOT NULL, dose NUMERIC(8, 2) NOT NULL, date_prepared TIMESTAMP NOT NULL,
  date_handed_over TIMESTAMP NOT NULL, was_substituted BOOLEAN NOT NULL,
  substitution_type INTEGER REFERENCES concepts (id), substitution_reason VARCHAR(60));
CREATE TABLE conditions (id INTEGER PRIMARY KEY, condition_coded INTEGER REFERENCES concepts (id),
  condition_non_coded VARCHAR(60), clinical_status VARCHAR(20) NOT NULL, onset_date DATE NOT NULL, end_date DATE);
"""
RECORDINGS = """
CREATE TABLE tracks (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL, milliseconds INTEGER NOT NULL, bytes INTEGER);
CREATE TABLE products (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL, sell_start_date DATE NOT NULL,
  sell_end_date DATE);
CREATE TABLE product_reviews (id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL REFERENCES products (id),
  review_date TIMESTAMP NOT NULL, modified_date TIMESTAMP NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, status SMALLINT NOT NULL CHECK (status >= 0 AND status <= 8));
CREATE TABLE contracts (id INTEGER PRIMARY KEY, active BOOLEAN NOT NULL, start_date DATE NOT NULL, end_date DATE);
"""
NETWORK = """
CREATE TABLE sections (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE devices (id INTEGER PRIMARY KEY, hostname VARCHAR(60) NOT NULL, snmp_port INTEGER DEFAULT 161 NOT NULL,
  snmp_timeout INTEGER DEFAULT 500 NOT NULL);
CREATE TABLE subnets (id INTEGER PRIMARY KEY, section_id INTEGER NOT NULL REFERENCES sections (id),
  device INTEGER, vlan_id INTEGER NOT NULL, parent_id INTEGER);
CREATE TABLE vlans (vlan_id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE racks (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, size INTEGER NOT NULL);
"""
GOODS = """
CREATE TABLE unit_measure (code CHAR(3) PRIMARY KEY, name VARCHAR(50) NOT NULL);
CREATE TABLE product (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL, weight NUMERIC(8, 2) NOT NULL,
  weight_unit_code CHAR(3) NOT NULL REFERENCES unit_measure (code),
  size_unit_code CHAR(3) REFERENCES unit_measure (code), price NUMERIC(10, 2) NOT NULL);
CREATE TABLE sales_order (id INTEGER PRIMARY KEY, sub_total NUMERIC(10, 2) NOT NULL, tax_amt NUMERIC(10, 2) NOT NULL,
  freight NUMERIC(10, 2) NOT NULL, total_due NUMERIC(12, 2) GENERATED ALWAYS AS (sub_total + tax_amt + freight));
CREATE TABLE sales_order_line (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES sales_order (id),
  product_id INTEGER NOT NULL REFERENCES product (id), quantity INTEGER NOT NULL, unit_price NUMERIC(10, 2) NOT NULL);
"""
MORE = """
CREATE TABLE persons (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL, year_of_birth INTEGER NOT NULL,
  month_of_birth INTEGER, birth_datetime TIMESTAMP);
CREATE TABLE wallets (id INTEGER PRIMARY KEY, balance_cents INTEGER NOT NULL, balance_currency VARCHAR(3) NOT NULL,
  consumed_cents INTEGER NOT NULL, consumed_currency VARCHAR(3) NOT NULL, created_at TIMESTAMP NOT NULL,
  terminated_at TIMESTAMP);
CREATE TABLE chart_events (id INTEGER PRIMARY KEY, chart_date TIMESTAMP NOT NULL, chart_time TIMESTAMP NOT NULL,
  value VARCHAR(40) NOT NULL, valuenum NUMERIC(8, 2));
CREATE TABLE stock_items (id INTEGER PRIMARY KEY, stock_on_hand INTEGER NOT NULL, committed_stock INTEGER NOT NULL,
  available_for_sale INTEGER NOT NULL, returnable_item INTEGER NOT NULL, track_inventory INTEGER NOT NULL);
CREATE TABLE invites (id INTEGER PRIMARY KEY, created_at TIMESTAMP NOT NULL, accepted_at TIMESTAMP,
  revoked_at TIMESTAMP);
CREATE TABLE users (id INTEGER PRIMARY KEY, username VARCHAR(40) NOT NULL, email VARCHAR(80) NOT NULL);
CREATE TABLE codes (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE obs (id INTEGER PRIMARY KEY, value_coded INTEGER REFERENCES codes (id), value_numeric NUMERIC(8, 2),
  value_text VARCHAR(60), value_datetime TIMESTAMP);
CREATE TABLE concept_numeric (id INTEGER PRIMARY KEY, hi_absolute REAL NOT NULL, hi_critical REAL NOT NULL,
  hi_normal REAL NOT NULL, low_absolute REAL NOT NULL, low_critical REAL NOT NULL, low_normal REAL NOT NULL);
CREATE TABLE persona (id INTEGER PRIMARY KEY, note VARCHAR(40) NOT NULL);
CREATE TABLE staff (id INTEGER PRIMARY KEY REFERENCES persona (id), badge VARCHAR(20) NOT NULL, hired_on DATE NOT NULL);
CREATE TABLE guests (id INTEGER PRIMARY KEY REFERENCES persona (id), vip BOOLEAN NOT NULL, since DATE NOT NULL);
CREATE TABLE attachments (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL, size INTEGER NOT NULL);
"""
CARE = """
CREATE TABLE settings (id INTEGER PRIMARY KEY, site_title VARCHAR(60) NOT NULL, vlan_max INTEGER DEFAULT 4096,
  ping_path VARCHAR(60) DEFAULT '/bin/ping', ping_status VARCHAR(20) DEFAULT '1800;3600', two_fa INTEGER DEFAULT 0);
CREATE TABLE observations (id INTEGER PRIMARY KEY, status VARCHAR(20) DEFAULT 'FINAL' NOT NULL,
  urgency VARCHAR(20) DEFAULT 'ROUTINE' NOT NULL);
CREATE TABLE sites (id INTEGER PRIMARY KEY, lat VARCHAR(12), long VARCHAR(12), active BOOLEAN NOT NULL,
  activebool INTEGER NOT NULL, secret_question VARCHAR(60), secret_answer VARCHAR(60));
CREATE TABLE routing_bgp (id INTEGER PRIMARY KEY, local_as INTEGER NOT NULL, peer_as INTEGER NOT NULL,
  bgp_type VARCHAR(10) NOT NULL CHECK (bgp_type IN ('internal', 'external')));
CREATE TABLE tracks (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL);
CREATE TABLE invoice_lines (id INTEGER PRIMARY KEY, track_id INTEGER NOT NULL REFERENCES tracks (id),
  quantity INTEGER NOT NULL);
CREATE TABLE order_lines (id INTEGER PRIMARY KEY, order_qty INTEGER NOT NULL, unit_price NUMERIC(19, 4) NOT NULL,
  discount NUMERIC(19, 4) NOT NULL, total NUMERIC(19, 4) GENERATED ALWAYS AS (unit_price * (1 - discount) * order_qty));
CREATE TABLE bills (id INTEGER PRIMARY KEY, status VARCHAR(20) NOT NULL, sub_total NUMERIC(10, 2) NOT NULL,
  adjustment NUMERIC(10, 2) NOT NULL, total NUMERIC(10, 2) NOT NULL, balance_due NUMERIC(10, 2) NOT NULL,
  received INTEGER NOT NULL);
CREATE TABLE currency_type (currency_id CHAR(3) PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE user_notifications (id INTEGER PRIMARY KEY, title VARCHAR(60) NOT NULL);
CREATE TABLE payments_1999 (id INTEGER PRIMARY KEY, paid_at TIMESTAMP NOT NULL
  CHECK (paid_at >= '1999-01-01 00:00:00' AND paid_at < '1999-12-31 00:00:00'));
CREATE TABLE genre (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE product_vendor (id INTEGER PRIMARY KEY, standard_price NUMERIC(10, 2) NOT NULL,
  last_receipt_cost NUMERIC(10, 2), last_receipt_date TIMESTAMP, modified_date TIMESTAMP NOT NULL);
"""
LAST = """
CREATE TABLE scrap_reason (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE work_order (id INTEGER PRIMARY KEY, order_qty INTEGER NOT NULL, scrapped_qty INTEGER NOT NULL,
  scrap_reason_id INTEGER REFERENCES scrap_reason (id));
CREATE TABLE routing (id INTEGER PRIMARY KEY, scheduled_start_date TIMESTAMP NOT NULL,
  scheduled_end_date TIMESTAMP NOT NULL, actual_start_date TIMESTAMP, actual_end_date TIMESTAMP,
  planned_cost NUMERIC(10, 2) NOT NULL, actual_cost NUMERIC(10, 2));
CREATE TABLE patient_visit (id INTEGER PRIMARY KEY, date_started TIMESTAMP NOT NULL, date_stopped TIMESTAMP,
  date_created TIMESTAMP NOT NULL);
CREATE TABLE diagnoses (id INTEGER PRIMARY KEY, onset_date TIMESTAMP NOT NULL, date_created TIMESTAMP NOT NULL);
CREATE TABLE contacts (id INTEGER PRIMARY KEY, first_name VARCHAR(40) NOT NULL, last_name VARCHAR(40) NOT NULL,
  city VARCHAR(40), state VARCHAR(40), postal_code VARCHAR(12));
CREATE TABLE devices (id INTEGER PRIMARY KEY, hostname VARCHAR(60) NOT NULL, auth_protocol VARCHAR(10) NOT NULL
  CHECK (auth_protocol IN ('none', 'SHA', 'MD5')), auth_pass VARCHAR(64));
CREATE TABLE prescriptions (id INTEGER PRIMARY KEY, date_created TIMESTAMP NOT NULL, expires_at TIMESTAMP NOT NULL);
CREATE TABLE songs (id INTEGER PRIMARY KEY, title VARCHAR(60) NOT NULL);
CREATE TABLE media_type (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL);
"""
BROKEN = {
    "last": (
        LAST,
        (
            "SELECT 1 FROM work_order WHERE scrapped_qty = 0 AND scrap_reason_id IS NOT NULL",
            (
                "SELECT 1 FROM routing WHERE actual_start_date NOT BETWEEN scheduled_start_date"
                " AND datetime(scheduled_start_date, '+3 days')"
            ),
            "SELECT 1 FROM routing WHERE actual_end_date < actual_start_date",
            "SELECT 1 FROM routing WHERE actual_cost > planned_cost * 1.21 + 0.01",
            "SELECT 1 FROM patient_visit WHERE date_created < date_started",
            "SELECT 1 FROM patient_visit WHERE date_stopped < date_started",
            "SELECT 1 FROM diagnoses WHERE date_created < onset_date OR date_created > datetime(onset_date, '+9 days')",
            "SELECT 1 FROM contacts WHERE city IS NULL AND (state IS NOT NULL OR postal_code IS NOT NULL)",
            "SELECT 1 FROM devices WHERE auth_protocol = 'none' AND auth_pass IS NOT NULL",
            "SELECT 1 FROM prescriptions WHERE expires_at > datetime(date_created, '+61 days')",
            "SELECT 1 FROM media_type WHERE name IN ('Paperback', 'Hardcover', 'Map', 'Magazine')",
        ),
    ),
    "care": (
        CARE,
        (
            "SELECT 1 FROM settings WHERE vlan_max <> 4096 OR ping_path <> '/bin/ping' OR ping_status <> '1800;3600'",
            "SELECT 1 FROM observations WHERE status NOT IN ('FINAL', 'PRELIMINARY', 'AMENDED')",
            "SELECT 1 FROM observations WHERE urgency <> upper(urgency)",
            "SELECT 1 FROM sites WHERE (lat IS NULL) <> (long IS NULL)",
            "SELECT 1 FROM sites WHERE (secret_question IS NULL) <> (secret_answer IS NULL)",
            "SELECT 1 FROM sites WHERE active <> activebool",
            "SELECT 1 FROM routing_bgp WHERE bgp_type = 'internal' AND local_as <> peer_as",
            "SELECT 1 FROM invoice_lines WHERE quantity <> 1",
            "SELECT 1 FROM order_lines WHERE discount >= 1 OR total < 0",
            "SELECT 1 FROM payments_1999 WHERE time(paid_at) < '06:00' OR time(paid_at) > '23:00'",
            "SELECT 1 FROM bills WHERE adjustment > sub_total * 0.051 + 0.01 OR balance_due > total",
            "SELECT 1 FROM bills WHERE status IN ('paid', 'void') AND balance_due <> 0",
            "SELECT 1 FROM bills WHERE received NOT IN (0, 1)",
            "SELECT 1 FROM currency_type WHERE name = 'US Dollar' AND currency_id <> 'USD'",
            "SELECT 1 FROM user_notifications WHERE title IN ('Receptionist', 'Analyst', 'Director', 'Engineer')",
            "SELECT 1 FROM genre WHERE name IN ('Action', 'Crime', 'Biography', 'Horror', 'War')",
            "SELECT 1 FROM product_vendor WHERE abs(last_receipt_cost - standard_price) > standard_price * 0.06",
            "SELECT 1 FROM product_vendor WHERE last_receipt_date > modified_date",
        ),
    ),
    "more": (
        MORE,
        (
            "SELECT 1 FROM persons WHERE year_of_birth <> CAST(substr(birth_datetime, 1, 4) AS INTEGER)",
            "SELECT 1 FROM persons WHERE month_of_birth <> CAST(substr(birth_datetime, 6, 2) AS INTEGER)",
            "SELECT 1 FROM wallets WHERE balance_currency <> consumed_currency",
            "SELECT 1 FROM wallets WHERE terminated_at < date(created_at, '+19 days') AND created_at < '2025-06-01'",
            "SELECT 1 FROM chart_events WHERE chart_time < chart_date OR chart_time > datetime(chart_date, '+3 hours')",
            "SELECT 1 FROM chart_events WHERE abs(CAST(value AS REAL) - valuenum) > 0.001",
            "SELECT 1 FROM stock_items WHERE committed_stock > stock_on_hand",
            "SELECT 1 FROM stock_items WHERE available_for_sale <> stock_on_hand - committed_stock",
            "SELECT 1 FROM stock_items WHERE returnable_item NOT IN (0, 1) OR track_inventory NOT IN (0, 1)",
            "SELECT 1 FROM invites WHERE accepted_at IS NOT NULL AND revoked_at IS NOT NULL",
            "SELECT 1 FROM attachments WHERE size < 20000",
            "SELECT 1 FROM users WHERE email NOT LIKE username || '@%'",
            (
                "SELECT 1 FROM obs WHERE (value_coded IS NOT NULL) + (value_numeric IS NOT NULL)"
                " + (value_text IS NOT NULL) + (value_datetime IS NOT NULL) <> 1"
            ),
            (
                "SELECT 1 FROM concept_numeric WHERE NOT (low_absolute <= low_critical AND low_critical <= low_normal"
                " AND low_normal <= hi_normal AND hi_normal <= hi_critical AND hi_critical <= hi_absolute)"
            ),
            "SELECT 1 FROM (SELECT count(*) AS n FROM staff UNION ALL SELECT count(*) FROM guests) WHERE n < 10",
        ),
    ),
    "goods": (
        GOODS,
        (
            (
                "SELECT 1 FROM product p JOIN unit_measure u ON u.code = p.weight_unit_code"
                " WHERE u.name NOT IN ('Kilogram', 'Gram', 'Pound', 'Ounce')"
            ),
            (
                "SELECT 1 FROM product p JOIN unit_measure u ON u.code = p.size_unit_code"
                " WHERE u.name NOT IN ('Centimeter', 'Millimeter', 'Meter', 'Inch', 'Foot')"
            ),
            (
                "SELECT 1 FROM sales_order o WHERE abs(sub_total - (SELECT coalesce(sum(quantity * unit_price), 0)"
                " FROM sales_order_line WHERE order_id = o.id)) > 0.005"
            ),
            "SELECT 1 FROM sales_order WHERE tax_amt > sub_total * 0.0801 + 0.01",
            "SELECT 1 FROM unit_measure GROUP BY name HAVING count(*) > 1",
        ),
    ),
    "partitions": (
        PARTITIONS,
        (
            "SELECT 1 FROM rental WHERE rental_date >= '2007-01-01' OR rental_date < '2006-01-01'",
            "SELECT 1 FROM rental r JOIN customer c USING (customer_id) WHERE r.rental_date < c.create_date",
            "SELECT 1 FROM payment_p2007_01 p JOIN rental r USING (rental_id) WHERE p.payment_date < r.rental_date",
            "SELECT 1 FROM payment_p2007_02 p JOIN rental r USING (rental_id) WHERE p.payment_date < r.rental_date",
        ),
    ),
    "clinic": (
        CLINIC,
        (
            "SELECT 1 FROM medication_dispense WHERE date_handed_over < date_prepared",
            "SELECT 1 FROM medication_dispense WHERE NOT was_substituted AND substitution_type IS NOT NULL",
            "SELECT 1 FROM medication_dispense WHERE NOT was_substituted AND substitution_reason IS NOT NULL",
            "SELECT 1 FROM medication_dispense WHERE quantity NOT IN (30, 60, 90, 14, 28, 10, 20, 120)",
            "SELECT 1 FROM medication_dispense WHERE dose NOT IN (500, 250, 100, 50, 20, 10, 5, 1, 2.5, 25, 0.5)",
            "SELECT 1 FROM conditions WHERE condition_coded IS NOT NULL AND condition_non_coded IS NOT NULL",
            "SELECT 1 FROM conditions WHERE clinical_status = 'active' AND end_date IS NOT NULL",
            "SELECT 1 FROM conditions WHERE clinical_status = 'resolved' AND end_date IS NULL",
            "SELECT 1 FROM conditions WHERE end_date < onset_date",
        ),
    ),
    "recordings": (
        RECORDINGS,
        (
            "SELECT 1 FROM tracks WHERE bytes NOT BETWEEN milliseconds * 16 AND milliseconds * 41",
            "SELECT 1 FROM products WHERE sell_end_date < date(sell_start_date, '+19 days')",
            "SELECT 1 FROM product_reviews WHERE modified_date < review_date",
            "SELECT 1 FROM contracts WHERE active AND end_date IS NOT NULL",
            "SELECT 1 FROM contracts WHERE NOT active AND end_date IS NULL",
        ),
    ),
    "network": (
        NETWORK,
        (
            "SELECT 1 FROM devices WHERE snmp_port NOT IN (161, 1161)",
            "SELECT 1 FROM devices WHERE snmp_timeout NOT IN (500, 1000, 2000, 5000)",
            "SELECT 1 FROM racks WHERE size NOT IN (42, 48, 24, 12)",
            "SELECT 1 FROM subnets WHERE device NOT IN (SELECT id FROM devices)",
            "SELECT 1 FROM subnets WHERE vlan_id NOT IN (SELECT vlan_id FROM vlans)",
            "SELECT 1 FROM subnets WHERE parent_id >= id",
        ),
    ),
}


def filled(sql, rows, seed=1):
    schema = read_ddl(sql, dialect="sqlite").schema
    data = fill(schema, parse_recipe({}, schema), rows=rows, seed=seed, now=NOW)
    return data, open_snapshot(build_snapshot(schema, data))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", BROKEN)
def test_no_row_contradicts_itself_or_what_it_points_at(name, seed):
    sql, broken = BROKEN[name]
    data, database = filled(sql, 400, seed)
    assert count_violations(database) == 0
    assert all(len(rows) > 1 for rows in data.values())
    for query in broken:
        assert not list(database.execute(query)), query


def test_what_may_be_empty_is_neither_always_nor_never():
    _, database = filled(CLINIC, 400)
    for condition in ("substitution_type IS NULL", "substitution_reason IS NULL"):
        share = next(database.execute(f"SELECT avg({condition}) FROM medication_dispense"))[0]
        assert 0.05 < share < 0.95
    assert next(database.execute("SELECT count(condition_non_coded) FROM conditions"))[0] > 1
    assert next(database.execute("SELECT count(end_date) FROM conditions"))[0] > 1
    _, database = filled(MORE, 400)
    assert next(database.execute("SELECT count(accepted_at) FROM invites"))[0] > 1
    assert next(database.execute("SELECT count(revoked_at) FROM invites"))[0] > 1
    assert next(database.execute("SELECT count(*) FROM invites WHERE accepted_at IS NULL AND revoked_at IS NULL"))[0]


def test_every_state_that_a_check_allows_is_there_and_none_is_as_good_as_alone():
    data, _ = filled(RECORDINGS, 1000)
    counts = [sum(row["status"] == state for row in data["orders"]) for state in range(9)]
    assert all(counts)
    assert max(counts) < sum(counts) / 2


def test_dates_of_long_lines_do_not_crowd_before_the_clock():
    names = [f"level{number}" for number in range(7)]
    sql = "".join(
        f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, created_at TIMESTAMP NOT NULL"
        + (f", {names[number - 1]}_id INTEGER NOT NULL REFERENCES {names[number - 1]} (id)" if number else "")
        + ");"
        for number, name in enumerate(names)
    )
    data, database = filled(sql, 1400)
    for number, name in enumerate(names):
        late = sum(row["created_at"] >= "2025-06-27" for row in data[name])
        assert late < len(data[name]) * 0.06, name
        if number:
            above = names[number - 1]
            query = f"SELECT 1 FROM {name} a JOIN {above} b ON b.id = {above}_id WHERE a.created_at < b.created_at"
            assert not list(database.execute(query))


def test_codes_are_those_that_the_comment_explains_and_dates_follow_their_meaning():
    schema = read_ddl(
        """
        CREATE TABLE orders (id INT NOT NULL PRIMARY KEY AUTO_INCREMENT, placed_at DATETIME NOT NULL,
          status INT NOT NULL COMMENT '1 = In process; 2 = Approved; 3 = Shipped; 4 = Cancelled',
          shipped_at DATETIME, class CHAR(2) COMMENT 'H = High, M = Medium, L = Low',
          note VARCHAR(80) COMMENT 'Free text, as written') ENGINE=InnoDB;
        """,
        dialect="mysql",
    ).schema
    rows = fill(schema, parse_recipe({}, schema), rows=400, seed=1, now=NOW)["orders"]
    assert {row["status"] for row in rows} == {1, 2, 3, 4}
    assert {row["class"] for row in rows} <= {"H", "M", "L", None}
    assert all((row["shipped_at"] is not None) == (row["status"] == 3) for row in rows)
    assert len({row["note"] for row in rows}) > 8


@pytest.mark.parametrize("check", ["", "CHECK (level BETWEEN 2 AND 9)"])
def test_a_code_that_a_check_refuses_is_none(check):
    schema = read_ddl(
        f"CREATE TABLE t (id INT NOT NULL PRIMARY KEY AUTO_INCREMENT, level INT NOT NULL"
        f" COMMENT '1 = Low, 2 = Middle, 3 = High' {check}) ENGINE=InnoDB;",
        dialect="mysql",
    ).schema
    rows = fill(schema, parse_recipe({}, schema), rows=200, seed=1, now=NOW)["t"]
    assert {row["level"] for row in rows} == ({2, 3} if check else {1, 2, 3})


@pytest.mark.parametrize("table", ["circuit_providers", "racks", "vaults"])
def test_names_that_have_run_out_are_numbered_and_few_are_shared(table):
    sql = f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL, vlan INTEGER, subnet VARCHAR(40));"
    data, _ = filled(sql, 600)
    names = Counter(row["name"] for row in data[table])
    shared = sum(count for count in names.values() if count > 1) / len(data[table])
    assert 0 < shared < 0.1
