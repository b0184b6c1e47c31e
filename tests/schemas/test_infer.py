"""Proposed keys and foreign keys: what convinces, what must not, and that rows always hold."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import (
    Column,
    ColumnType,
    ForeignKey,
    Schema,
    Table,
    build_snapshot,
    describe_inferred,
    fill,
    infer_keys,
    parse_recipe,
    read_ddl,
    write_ddl,
)


def inferred(script, dialect="sqlite"):
    return describe_inferred(read_ddl(script, dialect=dialect).schema)


GERMAN = """
CREATE TABLE KUNDEN (KDNR INTEGER NOT NULL, NAME VARCHAR(40), ORT VARCHAR(40));
CREATE TABLE ARTIKEL (ARTNR INTEGER NOT NULL, BEZEICHNUNG VARCHAR(80), PREIS DECIMAL(9,2));
CREATE TABLE AUFTRAG (AUFNR INTEGER NOT NULL, KDNR INTEGER NOT NULL, DATUM DATE, VERTRETER_NR INTEGER);
CREATE TABLE AUFTRAGSPOS (AUFNR INTEGER NOT NULL, POS INTEGER NOT NULL, ARTNR INTEGER NOT NULL, MENGE INTEGER);
CREATE TABLE VERTRETER (VERTRETER_NR INTEGER NOT NULL, NAME VARCHAR(40), PROVISION FLOAT);
"""

CAMEL = """
CREATE TABLE teams (teamId INTEGER NOT NULL, teamName TEXT, sponsors INTEGER);
CREATE TABLE sponsors (sponsorId INTEGER NOT NULL, name TEXT);
CREATE TABLE players (playerId INTEGER NOT NULL, teamId INTEGER, fullName TEXT, externalTeamId INTEGER);
CREATE TABLE matches (matchId INTEGER NOT NULL, homeTeamId INTEGER NOT NULL, awayTeamId INTEGER, refereeId INTEGER);
CREATE TABLE matchPlayers (matchId INTEGER NOT NULL, playerId INTEGER NOT NULL, minutes INTEGER);
"""

LEGACY = """
CREATE TABLE T_CUST (CUST_CUSTNO INTEGER NOT NULL, CUST_NAME VARCHAR(40), CUST_CITY VARCHAR(40));
CREATE TABLE T_ORD (ORD_ORDNO INTEGER NOT NULL, ORD_CUSTNO INTEGER NOT NULL, ORD_DATE DATE);
CREATE TABLE T_PROD (PROD_PRODCD CHAR(8) NOT NULL, PROD_DESC VARCHAR(40), PROD_PRICE FLOAT);
CREATE TABLE T_ORDITEM (ITM_ORDNO INTEGER NOT NULL, ITM_PRODCD CHAR(8), ITM_QTY INTEGER);
CREATE TABLE T_PARM (PARM_VALUE VARCHAR(40), PARM_TEXT VARCHAR(200));
"""

MYISAM = """
CREATE TABLE authors (id int NOT NULL, name varchar(40)) ENGINE=MyISAM;
CREATE TABLE categories (id int NOT NULL, parent_id int NOT NULL DEFAULT 0, name varchar(40)) ENGINE=MyISAM;
CREATE TABLE posts (id int NOT NULL, author_id int NOT NULL DEFAULT 0, category_id int NOT NULL, views int);
CREATE TABLE post_category (post_id int NOT NULL, category_id int NOT NULL) ENGINE=MyISAM;
CREATE TABLE comments (id int, post_id int, views int) ENGINE=MyISAM;
INSERT INTO authors VALUES (1, 'a'), (2, 'b'), (3, 'c');
INSERT INTO categories VALUES (1, 0, 'x'), (2, 1, 'y');
INSERT INTO posts VALUES (10, 1, 1, 1), (11, 2, 2, 2), (12, 0, 1, 3);
INSERT INTO post_category VALUES (10, 1), (11, 2), (12, 1);
INSERT INTO comments VALUES (1, 10, 1), (1, 11, 2), (3, 12, 3);
"""

LOGS = """
CREATE TABLE page_views (user_id INTEGER, page_id INTEGER, viewed_at TIMESTAMP, duration REAL);
CREATE TABLE event_log (user_id INTEGER NOT NULL, event_code TEXT NOT NULL, at TIMESTAMP NOT NULL, payload TEXT);
CREATE TABLE sensor_readings (sensor_id INTEGER NOT NULL, read_at TIMESTAMP NOT NULL, value REAL);
CREATE TABLE users (user_id INTEGER NOT NULL, email TEXT, tax_id TEXT, google_user_id INTEGER, score INTEGER);
CREATE TABLE users_archive (user_id INTEGER NOT NULL, email TEXT, tax_id TEXT, google_user_id INTEGER, score INTEGER);
CREATE TABLE sales (customer_id INTEGER NOT NULL, product_id INTEGER NOT NULL, quantity INTEGER);
CREATE TABLE measures (id REAL, note TEXT);
CREATE TABLE pictures (id BLOB, data JSON);
"""


def test_german_abbreviations_find_their_tables():
    assert inferred(GERMAN) == [
        "key of KUNDEN: KDNR",
        "key of ARTIKEL: ARTNR",
        "key of AUFTRAG: AUFNR",
        "AUFTRAG.KDNR -> KUNDEN.KDNR",
        "AUFTRAG.VERTRETER_NR -> VERTRETER.VERTRETER_NR",
        "key of AUFTRAGSPOS: AUFNR, POS",
        "AUFTRAGSPOS.AUFNR -> AUFTRAG.AUFNR",
        "AUFTRAGSPOS.ARTNR -> ARTIKEL.ARTNR",
        "key of VERTRETER: VERTRETER_NR",
    ]


def test_camel_case_roles_and_junctions_are_seen_and_counts_and_ids_of_elsewhere_are_not():
    assert inferred(CAMEL) == [
        "key of teams: teamId",
        "key of sponsors: sponsorId",
        "key of players: playerId",
        "players.teamId -> teams.teamId",
        "key of matches: matchId",
        "matches.homeTeamId -> teams.teamId",
        "matches.awayTeamId -> teams.teamId",
        "key of matchPlayers: matchId, playerId",
        "matchPlayers.matchId -> matches.matchId",
        "matchPlayers.playerId -> players.playerId",
    ]


def test_prefixes_that_all_columns_of_a_table_share_say_nothing():
    assert inferred(LEGACY) == [
        "key of T_CUST: CUST_CUSTNO",
        "key of T_ORD: ORD_ORDNO",
        "T_ORD.ORD_CUSTNO -> T_CUST.CUST_CUSTNO",
        "key of T_PROD: PROD_PRODCD",
        "key of T_ORDITEM: ITM_ORDNO, ITM_PRODCD",
        "T_ORDITEM.ITM_ORDNO -> T_ORD.ORD_ORDNO",
        "T_ORDITEM.ITM_PRODCD -> T_PROD.PROD_PRODCD",
    ]


def test_rows_with_zero_for_none_or_with_a_repeated_id_take_proposals_away():
    source = read_ddl(MYISAM, dialect="mysql")
    assert describe_inferred(source.schema) == [
        "key of authors: id",
        "key of categories: id",
        "key of posts: id",
        "posts.category_id -> categories.id",
        "key of post_category: post_id, category_id",
        "post_category.post_id -> posts.id",
        "post_category.category_id -> categories.id",
        "comments.post_id -> posts.id",
    ]
    assert {table: len(rows) for table, rows in source.rows.items()} == {
        "authors": 3,
        "categories": 2,
        "posts": 3,
        "post_category": 3,
        "comments": 3,
    }
    build_snapshot(source.schema, source.rows)


def test_logs_archives_and_sales_stay_without_a_key():
    assert inferred(LOGS) == [
        "page_views.user_id -> users.user_id",
        "event_log.user_id -> users.user_id",
        "key of users: user_id",
    ]


@pytest.mark.parametrize(
    ("column", "link"),
    [
        ("manager_id INTEGER", "staff.manager_id -> staff.id"),
        ("reports_to INTEGER", "staff.reports_to -> staff.id"),
        ("ReportsTo INTEGER", "staff.ReportsTo -> staff.id"),
        ("hired_by INTEGER", "staff.hired_by -> staff.id"),
        ("parent_id INTEGER", "staff.parent_id -> staff.id"),
        ("shop_id INTEGER", "staff.shop_id -> shops.id"),
        ("fk_shop INTEGER", "staff.fk_shop -> shops.id"),
        ("id_shop INTEGER", "staff.id_shop -> shops.id"),
        ("shopid INTEGER", "staff.shopid -> shops.id"),
        ("shop INTEGER", "staff.shop -> shops.id"),
        ("former_shop_id INTEGER", "staff.former_shop_id -> shops.id"),
        ("shop_id_2 INTEGER", "staff.shop_id_2 -> shops.id"),
        ("dept_id INTEGER", "staff.dept_id -> departments.id"),
        ("shops INTEGER", ""),
        ("shop TEXT", ""),
        ("shop_id TEXT", ""),
        ("shop_no INTEGER", ""),
        ("shop_code INTEGER", ""),
        ("external_shop_id INTEGER", ""),
        ("manager TEXT", ""),
        ("manager_id INTEGER NOT NULL", ""),
        ("paid INTEGER", ""),
        ("de_id INTEGER", ""),
        ("cat_id INTEGER", ""),
    ],
)
def test_a_column_links_by_its_name_and_kind(column, link):
    script = f"""
    CREATE TABLE shops (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE departments (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE catalogs (id INTEGER PRIMARY KEY);
    CREATE TABLE categories (id INTEGER PRIMARY KEY);
    CREATE TABLE staff (id INTEGER PRIMARY KEY, {column});
    """
    assert inferred(script) == ([link] if link else [])


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("customer (id INTEGER, name TEXT)", ["id"]),
        ("customers (name TEXT, customer_id INTEGER)", ["customer_id"]),
        ("customers (customerid INTEGER, name TEXT)", ["customerid"]),
        ("customers (cust_no INTEGER, name TEXT)", ["cust_no"]),
        ("tbl_customers (customer_code CHAR(5), name TEXT)", ["customer_code"]),
        ("countries (country_code CHAR(2), name TEXT)", ["country_code"]),
        ("categories (category_key TEXT, name TEXT)", ["category_key"]),
        ("people (person_uuid UUID TEXT, name TEXT)", ["person_uuid"]),
        ("currencies (code CHAR(3) NOT NULL, name TEXT)", ["code"]),
        ("plants (label TEXT NOT NULL UNIQUE, height REAL)", ["label"]),
        ("places (x INTEGER NOT NULL, y INTEGER NOT NULL, UNIQUE (x, y))", ["x", "y"]),
        ("customers (customer_id REAL, name TEXT)", []),
        ("customers (name TEXT, phone TEXT)", []),
        ("points (x REAL NOT NULL UNIQUE, y REAL)", []),
        ("plants (label TEXT UNIQUE)", []),
        ("pairs (a INTEGER NOT NULL UNIQUE, b INTEGER NOT NULL UNIQUE)", []),
        ("grants (valid INTEGER, paid INTEGER)", []),
    ],
)
def test_a_table_without_a_key_gets_the_one_its_names_speak_of(table, key):
    (found,) = read_ddl(f"CREATE TABLE {table};", dialect="sqlite").schema.tables
    assert list(found.primary_key) == key
    assert found.inferred_key == bool(key)
    assert all(not found.column(name).nullable for name in key)


def test_a_name_that_fits_two_tables_is_no_proposal():
    script = """
    CREATE TABLE invoices (id INTEGER PRIMARY KEY);
    CREATE TABLE inventories (id INTEGER PRIMARY KEY);
    CREATE TABLE lines (id INTEGER PRIMARY KEY, inv_id INTEGER);
    """
    assert inferred(script) == []


def test_a_source_with_foreign_keys_of_its_own_gets_keys_only():
    script = """
    CREATE TABLE shops (id INTEGER PRIMARY KEY);
    CREATE TABLE staff (staff_id INTEGER, shop_id INTEGER, first_shop_id INTEGER REFERENCES shops (id));
    """
    assert inferred(script) == ["key of staff: staff_id"]


def test_small_numbers_that_coincide_are_no_link():
    values = ", ".join(f"({number}, {number})" for number in range(1, 31))
    script = f"""
    CREATE TABLE shops (id INTEGER PRIMARY KEY, floor INTEGER);
    CREATE TABLE staff (id INTEGER PRIMARY KEY, rank INTEGER);
    INSERT INTO shops VALUES {values};
    INSERT INTO staff VALUES {values};
    """
    assert inferred(script) == []


def test_values_that_the_target_lacks_are_no_link():
    script = """
    CREATE TABLE shops (id INTEGER PRIMARY KEY);
    CREATE TABLE staff (id INTEGER PRIMARY KEY, shop_id INTEGER);
    INSERT INTO shops VALUES (1), (2);
    INSERT INTO staff VALUES (1, 1), (2, NULL), (3, 7);
    """
    assert inferred(script) == []


def test_a_table_shares_the_key_of_another_only_when_rows_show_it():
    script = """
    CREATE TABLE orders (order_id INTEGER PRIMARY KEY, placed TEXT);
    CREATE TABLE shipping (order_id INTEGER PRIMARY KEY, street TEXT);
    """
    rows = "INSERT INTO orders VALUES (1, 'a'), (2, 'b'); INSERT INTO shipping VALUES (2, 'c');"
    assert inferred(script) == []
    assert inferred(script + rows) == ["shipping.order_id -> orders.order_id"]


def test_no_circle_of_keys_that_need_each_other_is_made():
    script = """
    CREATE TABLE shops (id INTEGER PRIMARY KEY, manager_staff_id INTEGER NOT NULL);
    CREATE TABLE staff (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL);
    """
    assert inferred(script) == ["staff.shop_id -> shops.id"]


def test_a_key_of_several_columns_is_found_by_all_their_names():
    script = """
    CREATE TABLE orders (order_id INTEGER, placed DATE);
    CREATE TABLE order_lines (order_id INTEGER, line_no INTEGER, price INTEGER);
    CREATE TABLE refunds (refund_id INTEGER, order_id INTEGER, line_no INTEGER);
    """
    assert inferred(script) == [
        "key of orders: order_id",
        "key of order_lines: order_id, line_no",
        "order_lines.order_id -> orders.order_id",
        "key of refunds: refund_id",
        "refunds.(order_id, line_no) -> order_lines.(order_id, line_no)",
    ]


def test_proposals_are_marked_and_survive_being_written():
    schema = read_ddl(CAMEL, dialect="sqlite").schema
    assert read_ddl(write_ddl(schema), dialect="sqlite", infer=False).schema == schema
    assert read_ddl(write_ddl(schema), dialect="sqlite").schema == schema


def test_nothing_is_proposed_when_it_is_not_wanted():
    assert describe_inferred(read_ddl(CAMEL, dialect="sqlite", infer=False).schema) == []


@pytest.mark.parametrize("script", [GERMAN, CAMEL, LEGACY, LOGS], ids=["german", "camel", "legacy", "logs"])
def test_a_schema_with_proposals_can_be_filled(script):
    schema = read_ddl(script, dialect="sqlite").schema
    build_snapshot(schema, fill(schema, parse_recipe({}, schema), rows=200, seed=1, now="2025-06-30 12:00:00"))


NAMES = ["id", "code", "shop_id", "shop_no", "staff_id", "order_id", "line_no", "manager_id", "name", "shop", "at"]
TABLES = ["shops", "staff", "orders", "order_lines", "shop_staff", "shop_log", "t_shop"]
KINDS = [ColumnType("integer"), ColumnType("integer"), ColumnType("text"), ColumnType("decimal"), ColumnType("real")]


@st.composite
def worlds(draw):
    """A schema without foreign keys, out of names that speak of each other, and rows that satisfy it."""
    tables, rows = [], {}
    for name in draw(st.lists(st.sampled_from(TABLES), min_size=1, max_size=5, unique=True)):
        columns = [
            Column(column, draw(st.sampled_from(KINDS)), draw(st.booleans()))
            for column in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
        ]
        listed = []
        for _ in range(draw(st.integers(0, 8))):
            row = {}
            for column in columns:
                number = draw(st.integers(0, 6))
                value = f"v{number}" if column.type.kind == "text" else number
                row[column.name] = None if column.nullable and number == 6 else value
            listed.append(row)
        if listed and draw(st.booleans()):
            rows[name] = listed
        tables.append(Table(name, tuple(columns)))
    return Schema(tuple(tables)), rows


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_proposals_never_contradict_rows(world):
    schema, rows = world
    found = infer_keys(schema, rows)
    build_snapshot(found, rows)
    assert [table.name for table in found.tables] == [table.name for table in schema.tables]
    for table in found.tables:
        assert table.inferred_key == bool(table.primary_key)
        assert all(key.inferred for key in table.foreign_keys)
        assert len(set(table.foreign_keys)) == len(table.foreign_keys)


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_inferring_twice_changes_nothing(world):
    schema, rows = world
    found = infer_keys(schema, rows)
    assert infer_keys(found, rows) == found


@settings(max_examples=300, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_tables_does_not_matter(world, random):
    schema, rows = world
    shuffled = list(schema.tables)
    random.shuffle(shuffled)
    one, other = infer_keys(schema, rows), infer_keys(Schema(tuple(shuffled)), rows)
    assert {table.name: table for table in one.tables} == {table.name: table for table in other.tables}


def test_what_is_declared_stays_as_it_is():
    key = ForeignKey(("shop_id",), "shops", ("id",))
    shops = Table("shops", (Column("id", ColumnType("integer"), False),), ("id",))
    staff = Table("staff", (Column("id", ColumnType("integer"), False), Column("shop_id", ColumnType("integer"))))
    declared = Schema((shops, replace(staff, primary_key=("id",), foreign_keys=(key,))))
    assert infer_keys(declared, {}) == declared
