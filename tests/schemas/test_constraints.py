"""Constraints that rows are seldom right for by chance: each is kept, or named when nothing keeps it."""

from __future__ import annotations

import time

import pytest

from schemas import FillError, Recipe, build_snapshot, count_violations, fill, open_snapshot, read_ddl
from schemas.maker import Maker
from schemas.store import Store
from schemas.unit import Unit

NOW = "2025-06-30 12:00:00"


def filled(ddl, count, seed=1):
    """Rows of a schema, judged by SQLite, with every table filled."""
    schema = read_ddl(ddl, dialect="sqlite", infer=False).schema
    assert schema.losses == ()
    rows = fill(schema, Recipe({}), rows=count, seed=seed, now=NOW)
    assert count_violations(open_snapshot(build_snapshot(schema, rows))) == 0
    assert all(rows[table.name] for table in schema.tables)
    return rows


CHECKS = {
    "an order of three": "a INT, b INT, c INT, CHECK (a <= b AND b <= c)",
    "a strict order of three, none null": "a INT NOT NULL, b INT NOT NULL, c INT NOT NULL, CHECK (a < b AND b < c)",
    "an order of four in a row of checks": "a INT NOT NULL, b INT NOT NULL, c INT NOT NULL, d INT NOT NULL,"
    " CHECK (a <= b), CHECK (b <= c), CHECK (c <= d), CHECK (d < 50)",
    "a sum": "a INT NOT NULL, b INT NOT NULL, c INT NOT NULL, CHECK (a + b = c)",
    "a sum turned around": "a INT NOT NULL, b INT NOT NULL, c INT NOT NULL, CHECK (c = a + b), CHECK (c < 40)",
    "a sum of decimals": "net NUMERIC(10, 2) NOT NULL, tax NUMERIC(10, 2) NOT NULL, total NUMERIC(10, 2) NOT NULL,"
    " CHECK (total = ROUND(net + tax, 2))",
    "a bounded sum": "a INT NOT NULL CHECK (a >= 0), b INT NOT NULL CHECK (b >= 0), CHECK (a + b <= 10)",
    "parts of a hundred": "a INT NOT NULL, b INT NOT NULL, c INT NOT NULL, CHECK (a + b + c = 100),"
    " CHECK (a >= 0 AND b >= 0 AND c >= 0)",
    "a product": "a INT NOT NULL CHECK (a > 0), b INT NOT NULL CHECK (b > 0), c INT NOT NULL, CHECK (a * b = c)",
    "a difference": "a INT NOT NULL, b INT NOT NULL, CHECK (a - b = 7)",
    "a remainder": "a INT NOT NULL CHECK (a % 97 = 13)",
    "a narrow range": "a INT NOT NULL CHECK (a BETWEEN 123456 AND 123458)",
    "two ranges": "a INT NOT NULL CHECK (a = 0 OR a BETWEEN 5000 AND 5003)",
    "negative numbers": "a INT NOT NULL CHECK (a < -1000)",
    "an implication": "status TEXT NOT NULL CHECK (status IN ('new', 'done')), d DATE,"
    " CHECK (status <> 'done' OR d IS NOT NULL)",
    "an equivalence": "status TEXT NOT NULL CHECK (status IN ('new', 'open', 'done')), d DATE,"
    " CHECK ((d IS NULL) = (status <> 'done'))",
    "either of two": "a INT, b TEXT, CHECK ((a IS NULL) <> (b IS NULL))",
    "exactly one of four": "a INT, b INT, c INT, d INT,"
    " CHECK ((a IS NOT NULL) + (b IS NOT NULL) + (c IS NOT NULL) + (d IS NOT NULL) = 1)",
    "at least one of three": "a INT, b INT, c INT, CHECK (a IS NOT NULL OR b IS NOT NULL OR c IS NOT NULL)",
    "all or none of three": "a INT, b INT, c INT, CHECK ((a IS NULL) = (b IS NULL) AND (b IS NULL) = (c IS NULL))",
    "an exclusive arc": "kind TEXT NOT NULL, a INT, b INT, CHECK ((kind = 'a' AND a IS NOT NULL AND b IS NULL)"
    " OR (kind = 'b' AND b IS NOT NULL AND a IS NULL))",
    "a case": "kind TEXT NOT NULL CHECK (kind IN ('x', 'y')), n INT NOT NULL,"
    " CHECK (CASE WHEN kind = 'x' THEN n > 5000 ELSE n < -5000 END)",
    "a case of values": "kind TEXT NOT NULL CHECK (kind IN ('x', 'y')), n INT NOT NULL,"
    " CHECK (n = CASE kind WHEN 'x' THEN 71 ELSE 1234 END)",
    "dates in order": "starts DATE NOT NULL, ends DATE NOT NULL, CHECK (ends > starts)",
    "dates against their names": "ends DATE NOT NULL, starts DATE NOT NULL, CHECK (ends < starts)",
    "dates of a month": "d DATE NOT NULL CHECK (d >= '2031-02-01' AND d < '2031-03-01')",
    "moments in order": "a TIMESTAMP NOT NULL, b TIMESTAMP, c TIMESTAMP, CHECK (b >= a), CHECK (c > b)",
    "a length": "code TEXT NOT NULL CHECK (LENGTH(code) = 17)",
    "lengths": "code TEXT NOT NULL CHECK (LENGTH(code) BETWEEN 300 AND 305)",
    "lengths of a choice": "code TEXT NOT NULL CHECK (LENGTH(code) IN (8, 14))",
    "a short column": "code VARCHAR(2) NOT NULL UNIQUE",
    "an enumeration by OR": "state TEXT NOT NULL CHECK (state = 'on' OR state = 'off' OR state = 'broken')",
    "an enumeration of any case": "state TEXT NOT NULL CHECK (LOWER(state) IN ('on', 'off'))",
    "small letters": "email TEXT NOT NULL CHECK (email = LOWER(email)), CHECK (email LIKE '%_@_%._%')",
    "capital letters": "name TEXT NOT NULL CHECK (UPPER(name) = name)",
    "nothing but blanks refused": "name TEXT NOT NULL CHECK (TRIM(name) <> '')",
    "a pattern": "isbn TEXT NOT NULL UNIQUE CHECK (isbn GLOB '97[89]-[0-9][0-9][0-9][0-9][0-9]-[0-9X]')",
    "patterns": "zip TEXT NOT NULL CHECK (zip GLOB '[0-9][0-9][0-9][0-9][0-9]' OR zip GLOB '[A-Z][0-9] [0-9]')",
    "a pattern or a word": "shelf TEXT NOT NULL CHECK (shelf GLOB '[A-Z]' OR shelf = 'N/A')",
    "only some letters": "slug TEXT NOT NULL CHECK (slug GLOB '[a-z]*' AND NOT slug GLOB '*[^a-z0-9-]*')",
    "some letters of a length": "hash VARCHAR(40) NOT NULL CHECK (LENGTH(hash) = 40 AND NOT hash GLOB '*[^0-9a-f]*')",
    "a beginning": "path TEXT NOT NULL CHECK (path LIKE '/srv/%')",
    "a beginning and an end": "path TEXT NOT NULL CHECK (path GLOB '/*') CHECK (path GLOB '*.tar')",
    "a part of a text": "code TEXT NOT NULL CHECK (SUBSTR(code, 1, 3) IN ('EUR', 'USD'))",
    "a letter inside": "email TEXT NOT NULL CHECK (INSTR(email, '@') > 0)",
    "a true one": "agreed BOOLEAN NOT NULL CHECK (agreed = TRUE)",
    "a bare boolean": "agreed BOOLEAN NOT NULL CHECK (agreed)",
    "a false one": "gone BOOLEAN NOT NULL CHECK (NOT gone)",
    "bounds finer than the scale": "rate NUMERIC(6, 2) NOT NULL CHECK (rate > 0.994 AND rate < 1.006)",
    "a whole share": "share NUMERIC(3, 2) NOT NULL CHECK (share BETWEEN 0 AND 1)",
    "few digits": "n NUMERIC(3) NOT NULL UNIQUE",
    "a real range": "x REAL NOT NULL CHECK (x > 0.25 AND x <= 0.26)",
    "json that is valid": "data JSON TEXT NOT NULL CHECK (JSON_VALID(data))",
    "a json list": "data JSON TEXT NOT NULL CHECK (JSON_TYPE(data) = 'array')",
    "a column made of others": "a INT NOT NULL, b INT NOT NULL, s INT GENERATED ALWAYS AS (a + b) STORED,"
    " CHECK (s BETWEEN 1000 AND 1010)",
    "a unique column made of another": "a TEXT NOT NULL, s TEXT GENERATED ALWAYS AS (LOWER(a)) STORED UNIQUE",
    "a unique part": "name TEXT NOT NULL, day DATE NOT NULL, UNIQUE (name, day)",
    "a unique flag": "a BOOLEAN NOT NULL UNIQUE",
    "unique but for nulls": "a INT UNIQUE, b TEXT UNIQUE",
    "a unique small range": "a INT NOT NULL UNIQUE CHECK (a > -1 AND a < 11)",
    "a unique pair of small ranges": "a INT NOT NULL CHECK (a BETWEEN 1 AND 6), b INT NOT NULL"
    " CHECK (b BETWEEN 1 AND 6), UNIQUE (a, b)",
    "different from each other": "a INT NOT NULL CHECK (a BETWEEN 1 AND 2), b INT NOT NULL CHECK (b BETWEEN 1 AND 2),"
    " CHECK (a <> b)",
    "a coalesce": "a INT, b INT, CHECK (COALESCE(a, b) IS NOT NULL), CHECK (COALESCE(a, 0) + COALESCE(b, 0) = 12)",
    "a quarter": "y INT NOT NULL CHECK (y BETWEEN 1900 AND 2100), d DATE NOT NULL,"
    " CHECK (CAST(STRFTIME('%Y', d) AS INTEGER) = y)",
    "zero only with a reason": "amount INT NOT NULL, reason TEXT, CHECK (amount > 0 OR reason = 'gift'),"
    " CHECK (reason IS NULL OR amount = 0)",
}


@pytest.mark.parametrize("columns", CHECKS.values(), ids=CHECKS)
def test_a_check_holds_in_many_rows(columns):
    filled(f"CREATE TABLE things (id INTEGER PRIMARY KEY, {columns});", 300)


SCHEMAS = {
    "two tables that may point at each other": """
        CREATE TABLE teams (id INTEGER PRIMARY KEY, lead_id INT REFERENCES people (id));
        CREATE TABLE people (id INTEGER PRIMARY KEY, team_id INT NOT NULL REFERENCES teams (id));
    """,
    "a circle of three": """
        CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INT NOT NULL REFERENCES b (id));
        CREATE TABLE b (id INTEGER PRIMARY KEY, c_id INT NOT NULL REFERENCES c (id));
        CREATE TABLE c (id INTEGER PRIMARY KEY, a_id INT REFERENCES a (id));
    """,
    "a circle of three without nulls": """
        CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INT NOT NULL REFERENCES b (id));
        CREATE TABLE b (id INTEGER PRIMARY KEY, c_id INT NOT NULL REFERENCES c (id));
        CREATE TABLE c (id INTEGER PRIMARY KEY, a_id INT NOT NULL UNIQUE REFERENCES a (id));
    """,
    "a circle whose tables have dates": """
        CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INT REFERENCES b (id), created_at TIMESTAMP NOT NULL,
          deleted_at TIMESTAMP);
        CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INT NOT NULL REFERENCES a (id), created_at TIMESTAMP NOT NULL);
        CREATE UNIQUE INDEX one ON a (b_id) WHERE deleted_at IS NULL;
    """,
    "a table that must point at itself": """
        CREATE TABLE nodes (id INTEGER PRIMARY KEY, root_id INT NOT NULL REFERENCES nodes (id));
    """,
    "a table that must not point at itself": """
        CREATE TABLE nodes (id INTEGER PRIMARY KEY, parent_id INT REFERENCES nodes (id), CHECK (parent_id <> id));
    """,
    "a tree that is kept within its tenant": """
        CREATE TABLE tenants (id INTEGER PRIMARY KEY);
        CREATE TABLE nodes (tenant_id INT NOT NULL REFERENCES tenants (id), id INT NOT NULL, parent_id INT,
          PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, parent_id) REFERENCES nodes (tenant_id, id));
    """,
    "keys that share a column nobody owns": """
        CREATE TABLE posts (row INTEGER PRIMARY KEY, blog TEXT NOT NULL, post TEXT NOT NULL, UNIQUE (blog, post));
        CREATE TABLE labels (row INTEGER PRIMARY KEY, blog TEXT NOT NULL, label TEXT NOT NULL, UNIQUE (blog, label));
        CREATE TABLE used (row INTEGER PRIMARY KEY, blog TEXT NOT NULL, post TEXT NOT NULL, label TEXT NOT NULL,
          FOREIGN KEY (blog, post) REFERENCES posts (blog, post),
          FOREIGN KEY (blog, label) REFERENCES labels (blog, label));
    """,
    "a key that shares a column with a key of one column": """
        CREATE TABLE countries (code CHAR(2) PRIMARY KEY);
        CREATE TABLE cities (country CHAR(2) NOT NULL, name TEXT NOT NULL, PRIMARY KEY (country, name));
        CREATE TABLE shops (id INTEGER PRIMARY KEY, country CHAR(2) NOT NULL REFERENCES countries (code),
          city TEXT NOT NULL, FOREIGN KEY (country, city) REFERENCES cities (country, name));
    """,
    "a key to a key that is a key": """
        CREATE TABLE a (id INTEGER PRIMARY KEY);
        CREATE TABLE b (a_id INT NOT NULL REFERENCES a (id), n INT NOT NULL, PRIMARY KEY (a_id, n));
        CREATE TABLE c (a_id INT NOT NULL, n INT NOT NULL, m INT NOT NULL, PRIMARY KEY (a_id, n, m),
          FOREIGN KEY (a_id, n) REFERENCES b (a_id, n));
        CREATE TABLE d (id INTEGER PRIMARY KEY, a_id INT, n INT, m INT,
          FOREIGN KEY (a_id, n, m) REFERENCES c (a_id, n, m));
    """,
    "a key to what is unique and may be null": """
        CREATE TABLE a (id INTEGER PRIMARY KEY, code INT UNIQUE);
        CREATE TABLE b (id INTEGER PRIMARY KEY, code INT NOT NULL REFERENCES a (code));
    """,
    "junctions of two and three with attributes": """
        CREATE TABLE a (id INTEGER PRIMARY KEY);
        CREATE TABLE b (id INTEGER PRIMARY KEY);
        CREATE TABLE c (id INTEGER PRIMARY KEY);
        CREATE TABLE ab (a_id INT NOT NULL REFERENCES a (id), b_id INT NOT NULL REFERENCES b (id), since DATE NOT NULL,
          weight NUMERIC(5, 2) NOT NULL CHECK (weight > 0), PRIMARY KEY (a_id, b_id));
        CREATE TABLE abc (a_id INT NOT NULL, b_id INT NOT NULL, c_id INT NOT NULL REFERENCES c (id), note TEXT,
          PRIMARY KEY (a_id, b_id, c_id), FOREIGN KEY (a_id, b_id) REFERENCES ab (a_id, b_id));
    """,
    "a key that is a key": """
        CREATE TABLE people (id INTEGER PRIMARY KEY);
        CREATE TABLE staff (id INT PRIMARY KEY REFERENCES people (id), hired DATE NOT NULL);
        CREATE TABLE heads (id INT PRIMARY KEY REFERENCES staff (id), room TEXT NOT NULL UNIQUE);
    """,
    "one of each kind for each parent": """
        CREATE TABLE people (id INTEGER PRIMARY KEY);
        CREATE TABLE phones (id INTEGER PRIMARY KEY, person_id INT NOT NULL REFERENCES people (id),
          kind TEXT NOT NULL CHECK (kind IN ('home', 'work')), UNIQUE (person_id, kind));
    """,
    "partial and computed unique indexes": """
        CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL, main BOOLEAN NOT NULL, gone_at TIMESTAMP,
          team INT NOT NULL CHECK (team BETWEEN 1 AND 5));
        CREATE UNIQUE INDEX one ON people (LOWER(email));
        CREATE UNIQUE INDEX two ON people (team) WHERE main AND gone_at IS NULL;
        CREATE UNIQUE INDEX three ON people (email) WHERE gone_at IS NULL;
    """,
    "an exclusive arc of keys": """
        CREATE TABLE cats (id INTEGER PRIMARY KEY);
        CREATE TABLE dogs (id INTEGER PRIMARY KEY);
        CREATE TABLE birds (id INTEGER PRIMARY KEY);
        CREATE TABLE visits (id INTEGER PRIMARY KEY, cat_id INT REFERENCES cats (id), dog_id INT REFERENCES dogs (id),
          bird_id INT REFERENCES birds (id),
          CHECK ((cat_id IS NOT NULL) + (dog_id IS NOT NULL) + (bird_id IS NOT NULL) = 1));
    """,
    "two keys that differ": """
        CREATE TABLE people (id INTEGER PRIMARY KEY);
        CREATE TABLE friends (a INT NOT NULL REFERENCES people (id), b INT NOT NULL REFERENCES people (id),
          PRIMARY KEY (a, b), CHECK (a < b));
    """,
    "a column named like a table": """
        CREATE TABLE concept (id INTEGER PRIMARY KEY, created_at TIMESTAMP NOT NULL);
        CREATE TABLE doses (id INTEGER PRIMARY KEY, concept INT REFERENCES concept (id),
          unit INT REFERENCES concept (id), created_at TIMESTAMP NOT NULL);
    """,
}


@pytest.mark.parametrize("count", [1, 25, 700])
@pytest.mark.parametrize("ddl", SCHEMAS.values(), ids=SCHEMAS)
def test_keys_of_every_sort_are_kept(ddl, count):
    filled(ddl, count)


IMPOSSIBLE = {
    "an empty range": ("n INT NOT NULL, CONSTRAINT rule CHECK (n > 5 AND n < 5)", "CHECK rule"),
    "a sum of nothing": (
        "a INT NOT NULL CHECK (a > 9), b INT NOT NULL CHECK (b > 9), CONSTRAINT rule CHECK (a + b < 5)",
        "CHECK",
    ),
    "a text of no shape": ("t TEXT NOT NULL, CONSTRAINT rule CHECK (t GLOB 'a' AND LENGTH(t) = 2)", "CHECK rule"),
    "nothing at all": ("n INT, CONSTRAINT rule CHECK (FALSE)", "CHECK rule"),
    "a contradiction of columns": ("a INT NOT NULL, b INT NOT NULL, CONSTRAINT rule CHECK (a < b AND b < a)", "CHECK"),
}


@pytest.mark.parametrize(("columns", "says"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_nothing_can_keep_is_named_at_once(columns, says):
    started = time.monotonic()
    with pytest.raises(FillError, match=f"table 'things' cannot be filled: {says}"):
        filled(f"CREATE TABLE things (id INTEGER PRIMARY KEY, {columns});", 300)
    assert time.monotonic() - started < 5


def test_an_option_of_a_later_column_does_not_stand_for_a_key_that_was_not_found():
    """A key that failed leaves NULL behind; what a later column may hold has nothing to do with it."""
    schema = read_ddl("CREATE TABLE t (owner INT NOT NULL, mark INT NOT NULL)", dialect="sqlite", infer=False).schema
    store = Store(schema)
    store.bear("t", 30)
    owners, marks = store.columns["t", "owner"], store.columns["t", "mark"]

    def owner(row, salt):
        owners[row] = None if row % 2 else 1
        return owners[row] is not None

    def mark(row, salt):
        marks[row] = salt
        return True

    def every_mark(row):
        for value in range(3):
            marks[row] = value
            yield

    makers = [
        Maker("t", "owner", (("column", "t", "owner"),), {}, owner, random=True, can_fail=True),
        Maker("t", "mark", (("column", "t", "mark"),), {}, mark, random=True, options=every_mark),
    ]
    Unit("t", makers, droppable=True).run(store)
    assert store.rows("t") == list(range(0, 30, 2))
