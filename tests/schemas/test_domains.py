"""What a column holds by the field of its table: the same word is another thing in another field."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest

from schemas import build_snapshot, count_violations, fill, open_snapshot, parse_recipe, read_ddl
from schemas.pools import own_pool

CITIES = own_pool("city")


def listed(pool):
    """The entries of a pool as SQL literals; their trailing digits are cut, as those of a name in use twice are."""
    return ", ".join(repr(str(entry).rstrip(" 0123456789")) for entry in own_pool(pool))


NOW = "2025-06-30 12:00:00"
NETWORK = """
CREATE TABLE subnets (id INTEGER PRIMARY KEY, subnet VARCHAR(64) NOT NULL, mask VARCHAR(20) NOT NULL,
  gateway VARCHAR(40) NOT NULL, description VARCHAR(200));
CREATE TABLE vlans (id INTEGER PRIMARY KEY, number INTEGER NOT NULL, name VARCHAR(60) NOT NULL);
CREATE TABLE ranges (id INTEGER PRIMARY KEY, network VARCHAR(64) NOT NULL, vlan_id INTEGER REFERENCES vlans (id));
CREATE TABLE peers (id INTEGER PRIMARY KEY, subnet_id INTEGER NOT NULL REFERENCES subnets (id),
  local_address VARCHAR(40) NOT NULL, peer_address VARCHAR(40) NOT NULL, local_as INTEGER NOT NULL,
  port INTEGER NOT NULL, interface VARCHAR(20) NOT NULL, snmp_community VARCHAR(30) NOT NULL);
"""
CLINIC = """
CREATE TABLE patients (id INTEGER PRIMARY KEY, name TEXT NOT NULL, birth_date DATE NOT NULL, title VARCHAR(60));
CREATE TABLE diagnosis_codes (icd_code VARCHAR(8) PRIMARY KEY, long_title VARCHAR(200) NOT NULL);
CREATE TABLE prescriptions (id INTEGER PRIMARY KEY, patient_id INTEGER NOT NULL REFERENCES patients (id),
  drug VARCHAR(60) NOT NULL, dose_unit VARCHAR(10) NOT NULL, route VARCHAR(20) NOT NULL,
  starttime TIMESTAMP NOT NULL, stoptime TIMESTAMP NOT NULL, comments VARCHAR(200) NOT NULL);
"""
STORE = """
CREATE TABLE regions (code VARCHAR(6) NOT NULL UNIQUE, name VARCHAR(40) NOT NULL, id INTEGER PRIMARY KEY);
CREATE TABLE unit_measure (unit_measure_code CHAR(3) PRIMARY KEY, name VARCHAR(50) NOT NULL);
CREATE TABLE culture (culture_id CHAR(6) PRIMARY KEY, name VARCHAR(50) NOT NULL);
CREATE TABLE address_type (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL);
CREATE TABLE persons (id INTEGER PRIMARY KEY, title VARCHAR(8), first_name TEXT NOT NULL, last_name TEXT NOT NULL);
CREATE TABLE titles (person_id INTEGER NOT NULL REFERENCES persons (id), title VARCHAR(50) NOT NULL,
  from_date DATE NOT NULL, to_date DATE NOT NULL);
CREATE TABLE receipts (id INTEGER PRIMARY KEY, order_qty INTEGER NOT NULL, received_qty NUMERIC(8, 2) NOT NULL,
  rejected_qty NUMERIC(8, 2) NOT NULL, start_number INTEGER NOT NULL, end_number INTEGER NOT NULL,
  exchange_rate NUMERIC(10, 4) NOT NULL, invoice_number VARCHAR(20) NOT NULL, handler VARCHAR(80),
  prod_xyz VARCHAR(50) NOT NULL, odd_xyz VARCHAR(50));
CREATE TABLE shifts (id INTEGER PRIMARY KEY, start_time TIME NOT NULL, end_time TIME NOT NULL);
"""
ADDRESS = "GLOB '[0-9]*.[0-9]*.[0-9]*.[0-9]*'"
BROKEN = {
    "network": (
        NETWORK,
        (
            f"SELECT 1 FROM subnets WHERE subnet NOT {ADDRESS} OR subnet LIKE '%/%'",
            "SELECT 1 FROM ranges WHERE network NOT GLOB '[0-9]*.[0-9]*.[0-9]*.[0-9]*/[0-9]*'",
            "SELECT 1 FROM subnets WHERE mask NOT LIKE '255.255.%'",
            f"SELECT 1 FROM subnets WHERE gateway NOT {ADDRESS}",
            f"SELECT 1 FROM peers WHERE local_address NOT {ADDRESS} OR peer_address NOT {ADDRESS}",
            "SELECT 1 FROM peers WHERE local_as NOT BETWEEN 64512 AND 65534",
            "SELECT 1 FROM peers WHERE port NOT IN (22, 80, 161, 443, 514, 3306, 8080)",
            "SELECT 1 FROM vlans WHERE number NOT BETWEEN 1 AND 4094",
            f"SELECT 1 FROM vlans WHERE rtrim(name, ' 0123456789') NOT IN ({listed('vlan_name')})",
            f"SELECT 1 FROM subnets WHERE rtrim(description, ' 0123456789') NOT IN ({listed('network_use')})",
        ),
    ),
    "clinic": (
        CLINIC,
        (
            "SELECT 1 FROM prescriptions WHERE dose_unit IN ('each', 'box', 'pack')",
            "SELECT 1 FROM prescriptions WHERE route NOT IN ('oral','intravenous','subcutaneous','topical','inhaled')",
            "SELECT 1 FROM prescriptions WHERE stoptime < starttime",
            "SELECT 1 FROM diagnosis_codes WHERE long_title LIKE 'The %' OR long_title LIKE '% and the %'",
            "SELECT 1 FROM prescriptions p JOIN patients o ON o.id = p.patient_id WHERE p.starttime < o.birth_date",
            "SELECT 1 FROM prescriptions WHERE starttime < '2021-01-01'",
        ),
    ),
    "store": (
        STORE,
        (
            "SELECT 1 FROM regions WHERE substr(code, 1, 1) <> upper(substr(name, 1, 1))",
            "SELECT 1 FROM unit_measure WHERE name = 'Kilogram' AND unit_measure_code <> 'KG'",
            "SELECT 1 FROM culture WHERE name = 'French' AND rtrim(culture_id, '0123456789') <> 'fr'",
            (
                "SELECT 1 FROM address_type WHERE lower(name) NOT LIKE '%home%' AND lower(name) NOT LIKE '%billing%'"
                " AND lower(name) NOT LIKE '%shipping%' AND lower(name) NOT LIKE '%work%'"
            ),
            "SELECT 1 FROM persons WHERE title NOT IN ('Ms.', 'Mr.', 'Mrs.', 'Dr.')",
            "SELECT 1 FROM titles WHERE title LIKE 'The %' OR title LIKE '% of %'",
            "SELECT 1 FROM receipts WHERE received_qty > order_qty OR rejected_qty > received_qty",
            "SELECT 1 FROM receipts WHERE start_number > end_number",
            "SELECT 1 FROM receipts WHERE exchange_rate NOT BETWEEN 0.6 AND 1.6",
            "SELECT 1 FROM receipts WHERE invoice_number NOT GLOB 'INV-[0-9]*'",
            "SELECT 1 FROM receipts WHERE handler NOT LIKE 'org.example.%'",
            "SELECT 1 FROM receipts WHERE prod_xyz LIKE '%xyz%' OR odd_xyz LIKE '%xyz%'",
            (
                "SELECT 1 FROM receipts WHERE prod_xyz NOT IN"
                " ('standard', 'basic', 'extended', 'other', 'special', 'custom')"
            ),
            "SELECT 1 FROM shifts WHERE start_time >= end_time",
        ),
    ),
}


def filled(sql, rows, seed=1):
    schema = read_ddl(sql, dialect="sqlite").schema
    data = fill(schema, parse_recipe({}, schema), rows=rows, seed=seed, now=NOW)
    return data, open_snapshot(build_snapshot(schema, data))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", BROKEN)
def test_a_word_means_what_it_does_in_the_field_of_its_table(name, seed):
    sql, broken = BROKEN[name]

    data, database = filled(sql, 400, seed)

    assert count_violations(database) == 0
    assert all(data.values())
    assert {query: found for query in broken if (found := len(list(database.execute(query))))} == {}


def test_a_text_of_which_nothing_is_known_is_mostly_left_out():
    data, _ = filled(STORE, 1000)

    told = [row["odd_xyz"] for row in data["receipts"]]
    assert 0.55 < told.count(None) / len(told) < 0.85


def test_notes_are_of_the_field_of_their_table():
    sql = "CREATE TABLE {} (id INTEGER PRIMARY KEY, number INTEGER NOT NULL, notes VARCHAR(200) NOT NULL);"
    told = {
        table: {row["notes"] for row in filled(sql.format(table), 300)[0][table]}
        for table in ("devices", "tickets", "invoices", "albums", "gizmos")
    }

    for one, other in combinations(told, 2):
        assert not told[one] & told[other], (one, other)
    # What nothing is known of is not called by its table's name: "checked against the previous gizmo" says nothing.
    assert not any("gizmo" in note for note in told["gizmos"])
    assert len(told["gizmos"]) > 20


def test_rows_that_others_follow_begin_early_enough_for_these_to_be_spread():
    tables = ["CREATE TABLE t0 (id INTEGER PRIMARY KEY, created_at TIMESTAMP NOT NULL);"]
    tables += [
        f"CREATE TABLE t{level} (id INTEGER PRIMARY KEY, t_id INTEGER NOT NULL REFERENCES t{level - 1} (id),"
        " created_at TIMESTAMP NOT NULL);"
        for level in (1, 2, 3)
    ]
    _, database = filled("".join(tables), 1200)

    late = "SELECT avg(created_at > '2025-06-15') FROM t3"
    assert next(database.execute(late))[0] < 0.2
    assert not list(database.execute("SELECT 1 FROM t3 JOIN t2 ON t2.id = t3.t_id WHERE t3.created_at < t2.created_at"))


def test_a_row_is_not_changed_later_than_now_because_it_is_due_later():
    _, database = filled(
        "CREATE TABLE tasks (id INTEGER PRIMARY KEY, name TEXT NOT NULL, create_time TIMESTAMP NOT NULL,"
        " due_date TIMESTAMP, last_updated TIMESTAMP NOT NULL);",
        500,
    )

    assert not list(database.execute(f"SELECT 1 FROM tasks WHERE last_updated > '{NOW}'"))
    assert list(database.execute(f"SELECT 1 FROM tasks WHERE due_date > '{NOW}'"))


@pytest.mark.parametrize(
    ("works", "kinds"), [("films", {"Horror", "Comedy", "Drama"}), ("products", {"Kitchen", "Garden", "Hardware"})]
)
def test_a_category_is_one_of_what_is_linked_to_it(works, kinds):
    data, _ = filled(
        f"""CREATE TABLE categories (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE {works} (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE links (category_id INTEGER NOT NULL REFERENCES categories (id),
          other_id INTEGER NOT NULL REFERENCES {works} (id), PRIMARY KEY (category_id, other_id));""",
        900,
    )

    assert kinds & {row["name"] for row in data["categories"]}


def test_a_letter_that_columns_have_in_front_is_none_of_their_names():
    schema = read_ddl(
        "CREATE TABLE groups (g_id INTEGER PRIMARY KEY, g_name VARCHAR(60) NOT NULL, g_desc VARCHAR(200));"
        "CREATE TABLE makers (tid INTEGER PRIMARY KEY, tname VARCHAR(60) NOT NULL, tcity VARCHAR(60) NOT NULL);",
        dialect="sqlite",
        infer=False,
    ).schema
    rows = fill(schema, parse_recipe({}, schema), rows=100, seed=1, now=NOW)
    assert not [row for row in rows["groups"] if " g" in row["g_name"] or row["g_name"].startswith("g_name")]
    assert not [row for row in rows["makers"] if "tname" in row["tname"] or "tcity" in row["tcity"]]
    assert {row["tcity"] for row in rows["makers"]} <= set(CITIES)


def test_a_thing_costs_less_than_it_is_sold_for_and_posts_are_held_for_months():
    schema = read_ddl(
        """
CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, unit_cost NUMERIC(12, 4) NOT NULL,
  list_price NUMERIC(12, 4) NOT NULL);
CREATE TABLE employees (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE job_history (employee_id INTEGER NOT NULL REFERENCES employees (id), start_date DATE NOT NULL,
  end_date DATE, PRIMARY KEY (employee_id, start_date));
""",
        dialect="sqlite",
        infer=False,
    ).schema
    rows = fill(schema, parse_recipe({}, schema), rows=600, seed=2, now=NOW)
    assert all(0 < row["unit_cost"] < row["list_price"] for row in rows["products"])
    assert all(round(row["unit_cost"], 2) == row["unit_cost"] for row in rows["products"])
    days = [
        (date.fromisoformat(row["end_date"]) - date.fromisoformat(row["start_date"])).days
        for row in rows["job_history"]
        if row["end_date"]
    ]
    assert sorted(days)[len(days) // 2] > 60
    assert sum(span < 20 for span in days) < len(days) / 10  # those that began lately


def test_who_did_it_is_named_where_it_was_done_and_an_address_is_that_of_its_person():
    schema = read_ddl(
        """
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, created_at TIMESTAMP NOT NULL);
CREATE TABLE notes (id INTEGER PRIMARY KEY, created_at TIMESTAMP NOT NULL, created_by INTEGER REFERENCES users (id),
  voided BOOLEAN NOT NULL, voided_by INTEGER REFERENCES users (id), changed_by INTEGER REFERENCES users (id),
  date_changed TIMESTAMP, approved_at TIMESTAMP, approved_by TEXT);
CREATE TABLE sites (id INTEGER PRIMARY KEY, contact_person VARCHAR(80) NOT NULL, contact_mail VARCHAR(80) NOT NULL);
CREATE TABLE reviews (id INTEGER PRIMARY KEY, reviewer_name VARCHAR(80) NOT NULL, email_address VARCHAR(80) NOT NULL);
""",
        dialect="sqlite",
        infer=False,
    ).schema
    rows = fill(schema, parse_recipe({}, schema), rows=1200, seed=3, now=NOW)
    notes = rows["notes"]
    assert all((note["voided_by"] is not None) == bool(note["voided"]) for note in notes)
    assert all((note["changed_by"] is not None) == (note["date_changed"] is not None) for note in notes)
    assert all((note["approved_by"] is not None) == (note["approved_at"] is not None) for note in notes)
    assert all(note["date_changed"] >= note["created_at"] for note in notes if note["date_changed"])
    assert {bool(note["voided"]) for note in notes} == {note["date_changed"] is None for note in notes} == {False, True}
    for table, name, address in (
        ("sites", "contact_person", "contact_mail"),
        ("reviews", "reviewer_name", "email_address"),
    ):
        for row in rows[table]:
            assert row[address].startswith(row[name].lower().replace("'", "").replace(" ", "-")), row
