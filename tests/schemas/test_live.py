"""Live databases: what PostgreSQL's catalogue gives beside a dump, rows, refusals, and SQLite files."""

import contextlib
import hashlib
import sqlite3
import threading
import time
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from schemas import DatabaseError, ReadError, read_database, read_ddl, write_ddl

CLINIC = Path(__file__).parent / "fixtures" / "clinic.postgres.sql"


def reasons(source):
    return [loss.reason for loss in source.schema.losses]


def losses(source):
    return [(loss.statement, loss.reason) for loss in source.schema.losses]


def as_sets(schema):
    """Tables by name with the order of their keys left out, since a dump sorts those by name."""
    return {
        table.name: replace(
            table,
            uniques=frozenset(table.uniques),
            foreign_keys=frozenset(table.foreign_keys),
            checks=frozenset(table.checks),
            indexes=frozenset(table.indexes),
        )
        for table in schema.tables
    }


def same_as_dump(database):
    """The database read live, which has to be what its dump says."""
    live, dumped = read_database(database.url, rows=True), read_ddl(database.dump(), dialect="postgres")
    assert as_sets(live.schema) == as_sets(dumped.schema)
    assert by_text(live.rows) == by_text(dumped.rows)
    return live


def by_text(rows):
    return {table: sorted(map(repr, found)) for table, found in rows.items()}


# -- PostgreSQL: tables ---------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_a_database_is_what_the_script_that_made_it_says(postgres):
    script = CLINIC.read_text(encoding="utf-8")
    roles = "CREATE ROLE {0} LOGIN"
    postgres.run("\n".join(roles.format(name) + ";" for name in ("clinic", "reader")))
    try:
        postgres.run(script)
        live, read = read_database(postgres.url, rows=True), read_ddl(script, dialect="postgres")
        same_as_dump(postgres)
    finally:
        postgres.run("DROP OWNED BY clinic, reader CASCADE; DROP ROLE clinic, reader")
    assert (live.dialect, live.guessed) == ("postgres", False)
    assert live.schema.tables == read.schema.tables
    assert sorted(reasons(live)) == sorted(
        reason for reason in reasons(read) if reason != "rows that are not written out after VALUES are not kept"
    )
    assert live.rows["owners"] == read.rows["owners"]
    assert live.rows["pets"] == read.rows["pets"]


@pytest.mark.postgres
def test_types_are_those_of_a_dump(postgres):
    postgres.run("""
    CREATE TYPE mood AS ENUM ('so''so', 'fine', 'Ü');
    ALTER TYPE mood ADD VALUE 'bad' BEFORE 'fine';
    CREATE DOMAIN cents AS integer DEFAULT 5 NOT NULL CHECK (VALUE >= 0) CHECK (VALUE < 1000);
    CREATE DOMAIN few_cents AS cents CHECK (VALUE < 10);
    CREATE TYPE pair AS (a int, b int);
    CREATE TYPE span AS RANGE (subtype = float8);
    CREATE TABLE t (
        id bigserial PRIMARY KEY, m mood NOT NULL DEFAULT 'fine', ms mood[], c cents, f few_cents, p pair, s span,
        n numeric(12, 3), v varchar(7), ch char(4), txt text COLLATE "C", b boolean, ts timestamp(3), tz timestamptz,
        tm time, d date, iv interval, u uuid, j jsonb, bin bytea, ip inet, grid integer[][], bits bit varying(5),
        price money, single "char", r real, x xml
    );
    INSERT INTO t (m, ms, c, f, p, s, n, v, ch, txt, b, ts, tz, tm, d, iv, u, j, bin, ip, grid, bits, price, single, r)
    VALUES ('so''so', '{fine,NULL,"so''so"}', 7, 3, '(1,2)', '[1,2)', 1234567.125, E'a\\tb', 'ab', '', true,
        '2024-01-02 03:04:05.678', '2024-01-02 00:30:00+02', '23:59:59.5', '2024-02-29', '1 day 02:00',
        '6BA7B8109DAD11D180B400C04FD430C8',
        '{"a": [1, null]}', '\\x00ff', '10.0.0.1', '{1,NULL,3}', '101', 1234.5, 'x', 0.1);
    """)
    live = same_as_dump(postgres)
    table = live.schema.table("t")
    assert table.column("m").values == ("so'so", "bad", "fine", "Ü")
    assert (table.column("c").type.kind, table.column("c").nullable, table.column("c").default) == (
        "integer",
        False,
        "5",
    )
    assert [check.sql for check in table.checks] == ['"c" >= 0', '"c" < 1000', '"f" >= 0', '"f" < 1000', '"f" < 10']
    assert table.column("grid").type.items == "integer"
    assert live.rows["t"] == [
        {"id": 1, "m": "so'so", "ms": '["fine", null, "so\'so"]', "c": 7, "f": 3, "p": "(1,2)", "s": "[1,2)",
         "n": 1234567.125, "v": "a\tb", "ch": "ab", "txt": "", "b": 1, "ts": "2024-01-02 03:04:05",
         "tz": "2024-01-01 22:30:00", "tm": "23:59:59", "d": "2024-02-29", "iv": "1 day 02:00:00",
         "u": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "j": '{"a": [1, null]}', "bin": b"\x00\xff", "ip": "10.0.0.1",
         "grid": "[1, null, 3]", "bits": "101", "price": 1234.5, "single": "x", "r": 0.1, "x": None}
    ]  # fmt: skip
    assert "composite and other own types are not kept" in reasons(live)


@pytest.mark.postgres
def test_types_of_one_name_in_two_schemas_stay_apart(postgres):
    postgres.run("""
    CREATE SCHEMA a; CREATE SCHEMA b;
    CREATE TYPE a.state AS ENUM ('on', 'off'); CREATE TYPE b.state AS ENUM ('new', 'done');
    CREATE TABLE a.x (s a.state); CREATE TABLE b.y (s b.state);
    """)
    schema = same_as_dump(postgres).schema
    assert schema.table("x").column("s").values == ("on", "off")
    assert schema.table("y").column("s").values == ("new", "done")


@pytest.mark.postgres
def test_numbered_and_computed_columns_are_known(postgres):
    postgres.run("""
    CREATE SEQUENCE alone; CREATE SEQUENCE "Odd.One";
    CREATE TABLE a (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, n int,
        twice int GENERATED ALWAYS AS (n * 2) STORED);
    CREATE TABLE b (id int PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, at timestamptz DEFAULT now());
    CREATE TABLE c (id int PRIMARY KEY DEFAULT nextval('"Odd.One"'), other serial);
    INSERT INTO a (n) VALUES (4);
    """)
    live = read_database(postgres.url, rows=True)
    for name in "abc":
        assert live.schema.table(name).column("id").autoincrement
    assert live.schema.table("a").column("twice").generated == '"n" * 2'
    assert live.schema.table("b").column("at").default == "CURRENT_TIMESTAMP"
    assert live.rows["a"] == [{"id": 1, "n": 4}]
    assert ("CREATE SEQUENCE public.alone", "a sequence that numbers no key by itself is not kept") in losses(live)


@pytest.mark.postgres
def test_keys_keep_their_columns_actions_and_order(postgres):
    postgres.run("""
    CREATE TABLE z (a int, b int, c int UNIQUE, PRIMARY KEY (b, a), UNIQUE (c, a));
    CREATE TABLE m (id int PRIMARY KEY, up int REFERENCES m ON DELETE CASCADE, za int, zb int,
        FOREIGN KEY (zb, za) REFERENCES z ON UPDATE CASCADE ON DELETE SET NULL);
    CREATE TABLE n (id int PRIMARY KEY, m_id int REFERENCES m ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED);
    ALTER TABLE m ADD n_id int REFERENCES n ON DELETE SET DEFAULT;
    """)
    live = same_as_dump(postgres)
    assert [table.name for table in live.schema.tables] == ["z", "m", "n"]
    z, m, n = live.schema.tables
    assert (z.primary_key, z.uniques) == (("b", "a"), (("c",), ("c", "a")))
    assert [(key.columns, key.target, key.target_columns, key.on_delete, key.on_update) for key in m.foreign_keys] == [
        (("up",), "m", ("id",), "CASCADE", ""),
        (("zb", "za"), "z", ("b", "a"), "SET NULL", "CASCADE"),
        (("n_id",), "n", ("id",), "SET DEFAULT", ""),
    ]
    assert n.foreign_keys[0].on_delete == "RESTRICT"
    assert "the foreign key is checked at once, not at the end of a transaction" in reasons(live)


@pytest.mark.postgres
def test_an_action_on_some_columns_of_a_key_is_a_loss(postgres):
    postgres.run("""
    CREATE TABLE a (x int, y int, PRIMARY KEY (x, y));
    CREATE TABLE b (x int NOT NULL, y int, FOREIGN KEY (x, y) REFERENCES a ON DELETE SET NULL (y));
    """)
    assert "ON DELETE SET NULL sets all columns of the key, not only (y)" in reasons(same_as_dump(postgres))


@pytest.mark.postgres
def test_checks_and_indexes_of_all_kinds_are_kept_or_lost(postgres):
    postgres.run("""
    CREATE TABLE t (id int, name text CHECK (name ~ '(ab)+c'), kind text CHECK (kind IN ('x', 'y')), n int, r int4range,
        CONSTRAINT positive CHECK (n > 0), CONSTRAINT apart EXCLUDE USING gist (r WITH &&));
    CREATE INDEX plain ON t (n DESC, name); CREATE UNIQUE INDEX partly ON t (n) WHERE kind = 'x';
    CREATE UNIQUE INDEX lowered ON t (lower(name)) INCLUDE (n); CREATE UNIQUE INDEX pair ON t (id, n);
    CREATE INDEX ranges ON t USING gist (r);
    """)
    live = same_as_dump(postgres)
    table = live.schema.table("t")
    assert table.column("kind").values == ("x", "y")
    assert [(check.name, check.sql) for check in table.checks] == [("positive", '"n" > 0')]
    assert table.uniques == (("id", "n"),)
    assert [(index.columns, index.where, index.unique) for index in table.indexes] == [
        (('"n"', '"name"'), "", False),
        (('"n"',), "\"kind\" = 'x'", True),
        (('LOWER("name")',), "", True),
    ]
    found = reasons(live)
    assert any("a regular expression with" in reason for reason in found)
    assert "exclusion constraints have no counterpart in SQLite" in found
    assert "an index by GIST has no counterpart" in found


@pytest.mark.postgres
def test_comments_are_kept_on_one_line(postgres):
    postgres.run("CREATE TABLE t (a int); COMMENT ON TABLE t IS E'it''s \\\\ a\nt'; COMMENT ON COLUMN t.a IS 'the a';")
    table = same_as_dump(postgres).schema.table("t")
    assert (table.comment, table.column("a").comment) == ("it's \\ a t", "the a")


@pytest.mark.postgres
def test_what_is_no_table_is_a_loss_each(postgres):
    postgres.run("""
    CREATE TABLE t (id int PRIMARY KEY, a int);
    CREATE VIEW v AS SELECT a FROM t; CREATE MATERIALIZED VIEW mv AS SELECT a FROM t; CREATE INDEX ON mv (a);
    CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT x -- the secret word';
    CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
    CREATE AGGREGATE agg(int) (SFUNC = int4pl, STYPE = int);
    CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();
    CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION g();
    CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;
    ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON t USING (a > 1);
    CREATE FUNCTION h() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE EVENT TRIGGER ev ON ddl_command_start WHEN TAG IN ('CREATE CAST') EXECUTE FUNCTION h();
    CREATE TYPE own AS (x int); CREATE CAST (own AS text) WITH INOUT;
    CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE ft (a int) SERVER s;
    CREATE TABLE child (b int) INHERITS (t);
    INSERT INTO t VALUES (1, 1); INSERT INTO child VALUES (2, 2, 2);
    """)
    live = read_database(postgres.url, rows=True)
    found = losses(live)
    for start, reason in [
        ("CREATE VIEW public.v AS", "views are not kept"),
        ("CREATE MATERIALIZED VIEW public.mv AS", "views are not kept"),
        ("CREATE FUNCTION public.f(x integer) RETURNS integer", "routines are not kept"),
        ("CREATE PROCEDURE public.p()", "routines are not kept"),
        ("CREATE AGGREGATE public.agg(integer) RETURNS integer", "routines are not kept"),
        ("CREATE TRIGGER tr ", "triggers are not kept"),
        ("CREATE CONSTRAINT TRIGGER late ", "triggers are not kept"),
        ("CREATE TRIGGER ev ON EVENT", "triggers are not kept"),
        ("CREATE RULE r ", "rules are not kept"),
        ("CREATE POLICY mine ON public.t", "row policies are not kept"),
        ("CREATE TYPE public.own ", "composite and other own types are not kept"),
        ("CREATE CAST (public.own AS text)", "casts are not kept"),
        ("CREATE FOREIGN TABLE public.ft", "tables of another server are not kept"),
        ("CREATE TABLE public.child INHERITS (public.t)", "its rows are not seen through 't', from which it inherits"),
    ]:
        assert [why for statement, why in found if statement.startswith(start)] == [reason], start
    assert len(found) == 16
    assert "secret word" not in str(found)
    assert live.rows == {"t": [{"id": 1, "a": 1}], "child": [{"id": 2, "a": 2, "b": 2}]}


@pytest.mark.postgres
def test_what_belongs_to_an_extension_is_passed_over(postgres):
    available = postgres.run("SELECT count(*) FROM pg_available_extensions WHERE name = 'plpgsql'")
    assert available.strip() == "1"
    postgres.run("CREATE TABLE t (a int)")
    assert read_database(postgres.url).schema.losses == ()


@pytest.mark.postgres
def test_partitions_are_read_through_their_table(postgres):
    postgres.run("""
    CREATE TABLE log (id int, at date, note text, PRIMARY KEY (id, at, note)) PARTITION BY RANGE (at);
    CREATE TABLE log_new PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (note);
    CREATE TABLE log_new_a PARTITION OF log_new FOR VALUES IN ('a');
    CREATE TABLE log_old (note text, id int, at date, PRIMARY KEY (id, at, note));
    ALTER TABLE log ATTACH PARTITION log_old FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
    CREATE INDEX by_note ON log (note);
    CREATE TABLE tag (id int PRIMARY KEY, a int, b date, c text, FOREIGN KEY (a, b, c) REFERENCES log);
    INSERT INTO log VALUES (2, '2024-05-05', 'a'), (1, '2023-05-05', 'b');
    INSERT INTO tag VALUES (1, 1, '2023-05-05', 'b');
    """)
    live = same_as_dump(postgres)
    assert [table.name for table in live.schema.tables] == ["log", "tag"]
    assert len(live.schema.table("tag").foreign_keys) == 1
    assert len(live.schema.table("log").indexes) == 1
    assert [row["id"] for row in live.rows["log"]] == [1, 2]
    assert [loss.reason for loss in live.schema.losses] == ["a partition is not kept apart; its rows go to 'log'"] * 3


@pytest.mark.postgres
def test_hostile_names_are_names_and_nothing_else(postgres):
    postgres.run("""
    CREATE SCHEMA "Odd; Schema"; CREATE TYPE "Odd; Schema"."My ""Type" AS ENUM ('%s', ':x');
    CREATE TABLE "Odd; Schema"."select ""*"" from%s" (
        "Order" int PRIMARY KEY, ":user" int, "100%" "Odd; Schema"."My ""Type", "group" text DEFAULT '%(x)s :y',
        "tab	bed" int CHECK ("tab	bed" > 0),
        "ß" text GENERATED ALWAYS AS ("group" || '%') STORED);
    CREATE TABLE "table" ("check" int REFERENCES "Odd; Schema"."select ""*"" from%s", "constraint" int UNIQUE);
    COMMENT ON COLUMN "table"."check" IS 'a "check"; % :z';
    INSERT INTO "Odd; Schema"."select ""*"" from%s" VALUES (1, 2, ':x', DEFAULT, 3); INSERT INTO "table" VALUES (1, 1);
    """)
    live = same_as_dump(postgres)
    odd, plain = live.schema.tables
    assert odd.name == 'select "*" from%s'
    assert [column.name for column in odd.columns] == ["Order", ":user", "100%", "group", "tab\tbed", "ß"]
    assert odd.column("100%").values == ("%s", ":x")
    assert plain.foreign_keys[0].target == odd.name
    assert live.schema.losses == ()
    assert live.rows[odd.name] == [{"Order": 1, ":user": 2, "100%": ":x", "group": "%(x)s :y", "tab\tbed": 3}]


@pytest.mark.postgres
def test_tables_that_differ_in_capitals_do_not_get_each_others_keys_and_rows(postgres):
    postgres.run("""
    CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE "T" (id int, x int UNIQUE);
    CREATE TABLE u (t_x int REFERENCES "T" (x));
    INSERT INTO t VALUES (1); INSERT INTO "T" VALUES (2, 2);
    """)
    live = read_database(postgres.url, rows=True)
    assert [(table.name, table.uniques) for table in live.schema.tables] == [("t", ()), ("u", ())]
    assert live.rows == {"t": [{"id": 1}]}
    assert any("another table" in reason or "already is a table" in reason for reason in reasons(live))
    assert "the foreign key is left out: the table it points at is not kept" in reasons(live)


@pytest.mark.postgres
def test_tables_of_one_name_carry_their_schemas(postgres):
    postgres.run("CREATE SCHEMA s; CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE s.t (id int REFERENCES public.t);")
    live = same_as_dump(postgres)
    assert [table.name for table in live.schema.tables] == ["t", "s_t"]
    assert live.schema.table("s_t").foreign_keys[0].target == "t"


# -- PostgreSQL: rows -----------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_rows_are_kept_only_when_asked_for_and_in_the_order_of_the_key(postgres):
    postgres.run("CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (3, 'c'), (1, NULL), (2, '');")
    assert read_database(postgres.url).rows == {}
    rows = read_database(postgres.url, rows=True).rows
    assert rows == {"t": [{"id": 1, "a": None}, {"id": 2, "a": ""}, {"id": 3, "a": "c"}]}


@pytest.mark.postgres
def test_rows_without_a_key_come_in_the_order_of_their_texts(postgres):
    postgres.run(
        "CREATE TABLE t (a text, j json); INSERT INTO t VALUES ('b', '1'), ('a', '2'), ('a', '1'), ('b', '1');"
    )
    rows = read_database(postgres.url, rows=True).rows["t"]
    assert [row["a"] + row["j"] for row in rows] == ["a1", "a2", "b1", "b1"]


@pytest.mark.postgres
def test_values_that_do_not_fit_are_lost_as_those_of_a_dump(postgres):
    postgres.run("""
    CREATE TABLE t (id int PRIMARY KEY, n numeric NOT NULL, at timestamp, grid int[]);
    INSERT INTO t VALUES (1, 'NaN', NULL, NULL), (2, 2, 'infinity', NULL), (3, 3, '0044-03-15 BC', '{{1,2},{3,4}}');
    """)
    live = same_as_dump(postgres)
    assert live.rows["t"] == [{"id": 2, "n": 2, "at": None, "grid": None}, {"id": 3, "n": 3, "at": None, "grid": None}]
    assert reasons(live)[0].startswith("1 row: left out: column 'n': the value does not fit the type decimal")


@pytest.mark.postgres
def test_rows_load_into_the_schema_that_is_read_with_them(postgres):
    postgres.run("""
    CREATE TABLE a (id int PRIMARY KEY, b_id int); CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);
    INSERT INTO a SELECT i, i FROM generate_series(1, 3000) AS i;
    INSERT INTO b SELECT i, i FROM generate_series(1, 3000) AS i;
    ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;
    """)
    live = read_database(postgres.url, rows=True)
    assert {name: len(found) for name, found in live.rows.items()} == {"a": 3000, "b": 3000}
    connection = apsw.Connection(":memory:")
    connection.execute(write_ddl(live.schema))


@pytest.mark.postgres
def test_more_rows_than_are_kept_are_refused_with_their_number(postgres):
    postgres.run("CREATE TABLE few AS SELECT 1 AS a; CREATE TABLE many AS SELECT generate_series(1, 50) AS a;")
    assert len(read_database(postgres.url, rows=True, most_rows=51).rows["many"]) == 50
    with pytest.raises(DatabaseError, match=r"at least 41 rows \('many' alone at least 40\) and 39 are the most"):
        read_database(postgres.url, rows=True, most_rows=39)


@pytest.mark.postgres
def test_rows_hidden_by_a_policy_are_an_error_and_not_left_out(postgres_server, postgres):
    postgres.run("""
    CREATE ROLE peep LOGIN PASSWORD 'peep'; CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2);
    GRANT SELECT ON t TO peep; ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (a = 1);
    CREATE TABLE closed (a int);
    """)
    try:
        url = postgres_server.url(postgres.name, "peep", "peep")
        assert [table.name for table in read_database(url).schema.tables] == ["t", "closed"]
        with pytest.raises(DatabaseError, match="row policies would hide rows"):
            read_database(url, rows=True)
        postgres.run("DROP POLICY p ON t; ALTER TABLE t DISABLE ROW LEVEL SECURITY")
        with pytest.raises(DatabaseError, match="permission denied for table closed"):
            read_database(url, rows=True)
    finally:
        postgres.run("DROP OWNED BY peep; DROP ROLE peep")


@pytest.mark.postgres
def test_nothing_is_written(postgres):
    postgres.run(
        CLINIC.read_text(encoding="utf-8").replace("OWNER TO clinic", "OWNER TO postgres").replace("reader", "PUBLIC")
    )
    before = postgres.dump()
    written = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables"
    changes = postgres.run(written)
    read_database(postgres.url, rows=True)
    assert (postgres.dump(), postgres.run(written)) == (before, changes)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'groundrow'"
    assert postgres.run(waiting).strip() == "0"


@pytest.mark.postgres
def test_a_function_that_would_write_cannot(postgres):
    postgres.run("""
    CREATE TABLE seen (a int); CREATE SCHEMA trap; CREATE TABLE t (a int); INSERT INTO t VALUES (1);
    CREATE FUNCTION public.format(text, VARIADIC "any") RETURNS text LANGUAGE internal AS 'text_format';
    CREATE FUNCTION public.num_nulls(int) RETURNS int LANGUAGE sql AS 'INSERT INTO public.seen VALUES (1) RETURNING 1';
    """)
    assert read_database(postgres.url, rows=True).rows == {"t": [{"a": 1}]}


# -- PostgreSQL: what goes wrong ------------------------------------------------------------------------------


def refusal(url, **options):
    with pytest.raises(DatabaseError) as caught:
        read_database(url, **options)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None
    return str(caught.value)


@pytest.mark.postgres
def test_a_wrong_password_user_or_database_is_one_sentence_without_either(postgres_server, postgres):
    wrong = refusal(postgres_server.url(postgres.name, "postgres", "hush%40hush"))
    assert wrong == (
        f"cannot read postgresql://127.0.0.1:{postgres_server.port}/{postgres.name}:"
        " the server refuses this user or password"
    )
    assert "the server refuses" in refusal(postgres_server.url(postgres.name, "nobody_here", "hush"))
    missing = refusal(postgres_server.url("nowhere"))
    assert missing.endswith("/nowhere: the server has no such database")


def test_a_server_that_does_not_answer_is_one_sentence():
    said = refusal("postgresql://zoe:hush%2Fhush@127.0.0.1:1/shop?sslpassword=sesame")
    assert said.startswith("cannot read postgresql://127.0.0.1:1/shop: nothing answers there")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://zoe:hush@host:port/shop", "this is no database URL"),
        ("db2://zoe:hush@host/shop", "kind 'db2'; there are postgresql, sqlite"),
        ("postgresql+quick://zoe:hush@host/shop", "knows no driver 'quick'"),
        ("mysql+mysqldb://zoe:hush@host/shop", "pip install"),
        ("postgresql://zoe:hush@127.0.0.1:1/shop?sslmode=hush", "cannot read"),
        ("sqlite://", "names no file"),
        ("sqlite:///nowhere.db", "no such file"),
    ],
)
def test_a_url_that_cannot_be_used_says_why_and_shows_no_password(url, says):
    said = refusal(url)
    assert says in said
    assert "hush" not in said
    assert "zoe" not in said


@pytest.mark.postgres
def test_a_locked_table_is_not_waited_for_longer_than_allowed(postgres):
    postgres.run("CREATE TABLE t (a int)")
    with locked(postgres, "t"):
        said = refusal(postgres.url, rows=True, seconds=0.3)
    assert said.endswith("0.3 seconds")


@pytest.mark.postgres
def test_a_server_that_goes_away_is_one_sentence(postgres):
    postgres.run("CREATE TABLE t (a int)")

    def end():
        waiting = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'groundrow'"
        until = time.monotonic() + 20
        while not postgres.run(f"{waiting} AND wait_event_type = 'Lock'") and time.monotonic() < until:
            time.sleep(0.05)

    with locked(postgres, "t"):
        ending = threading.Thread(target=end)
        ending.start()
        said = refusal(postgres.url, rows=True)
        ending.join()
    assert said.endswith("the server went away while it was being read; try again")


@contextlib.contextmanager
def locked(database, table):
    """Another session holds a table for itself."""
    import psycopg

    with psycopg.connect(database.url) as session:
        session.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        session.rollback()


@pytest.mark.postgres
@pytest.mark.parametrize("scheme", ["postgres", "postgresql+psycopg", "postgresql+asyncpg"])
def test_the_url_of_an_application_is_taken_as_it_is(postgres, scheme):
    postgres.run("CREATE TABLE t (a int)")
    assert read_database(postgres.url.replace("postgresql", scheme, 1)).schema.table("t")


@pytest.mark.postgres
def test_an_empty_database_is_refused_in_one_sentence(postgres):
    with pytest.raises(ReadError, match="no table could be read from postgresql://127") as caught:
        read_database(postgres.url)
    assert "postgres:" not in str(caught.value).removeprefix("no table could be read from ")


# -- SQLite ---------------------------------------------------------------------------------------------------


SHOP = """
CREATE TABLE items ( -- what is sold
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, -- as on the label
    cents INT CHECK (cents > 0), euros REAL GENERATED ALWAYS AS (cents / 100.0) VIRTUAL);
CREATE TABLE "odd ""name%s" (":a" TEXT PRIMARY KEY, item INT REFERENCES items) WITHOUT ROWID;
CREATE TABLE loose (x, y);
CREATE VIEW dear AS SELECT * FROM items WHERE cents > 100;
CREATE TRIGGER t AFTER INSERT ON items BEGIN DELETE FROM items WHERE name = ''; END;
CREATE UNIQUE INDEX by_name ON items (lower(name)); CREATE INDEX by_cents ON items (cents);
CREATE VIRTUAL TABLE words USING fts5(word);
INSERT INTO items (id, name, cents) VALUES (2, 'cup', 350), (1, 'plate', NULL);
INSERT INTO "odd ""name%s" VALUES ('z', 1), ('k', 2);
INSERT INTO loose VALUES (2, 'two'), (1, x'ff');
INSERT INTO loose VALUES (3, CAST(x'ff' AS TEXT));
"""


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "a shop%20?.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(SHOP)
    return path


def state(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_a_sqlite_file_is_what_its_script_says(shop):
    before = state(shop.parent)
    live, read = read_database(shop, rows=True), read_ddl(SHOP, dialect="sqlite")
    assert (live.dialect, live.guessed) == ("sqlite", False)
    assert live.schema.tables == read.schema.tables
    assert live.schema.table("items").column("euros").generated == '"cents" / 100.0'
    assert live.schema.table("items").column("name").comment == "as on the label"
    assert live.rows == {
        "items": [{"id": 1, "name": "plate", "cents": None}, {"id": 2, "name": "cup", "cents": 350}],
        'odd "name%s': [{":a": "k", "item": 2}, {":a": "z", "item": 1}],
        "loose": [{"x": "2", "y": "two"}, {"x": "1", "y": None}, {"x": "3", "y": None}],
    }
    assert [reason for reason in reasons(live) if "not kept" in reason] == [
        "virtual tables are not kept",
        "views are not kept",
        "triggers are not kept",
    ]
    assert state(shop.parent) == before


def test_a_sqlite_url_is_read_as_its_path(shop, monkeypatch):
    monkeypatch.chdir(shop.parent)
    Path("plain.db").write_bytes(shop.read_bytes())
    for url in ("sqlite:///plain.db", f"sqlite:///{shop.parent}/plain.db", "sqlite+pysqlite:///plain.db"):
        assert read_database(url).schema == read_database(shop).schema


def test_a_file_in_write_ahead_mode_stays_as_it_is(shop):
    with contextlib.closing(sqlite3.connect(shop)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO loose VALUES (4, 'four')")
        writer.commit()
        before = shop.read_bytes()
        assert len(read_database(shop, rows=True).rows["loose"]) == 4
        assert shop.read_bytes() == before


def test_a_file_in_write_ahead_mode_that_nobody_has_open_gets_no_log(shop):
    with contextlib.closing(sqlite3.connect(shop)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
    before = state(shop.parent)
    assert len(read_database(shop, rows=True).rows["loose"]) == 3
    assert state(shop.parent) == before


def test_a_damaged_file_is_one_sentence(shop):
    data = bytearray(shop.read_bytes())
    data[100:4000] = b"\x07" * 3900
    shop.write_bytes(data)
    assert "damaged" in refusal(shop)
    shop.write_bytes(b"SQLite format 3\x00" + b"\x00" * 30)
    assert refusal(shop).endswith("the file is no SQLite database, or an encrypted one")
    shop.write_text("Dear reader")
    assert refusal(shop).endswith("the file is no SQLite database, or an encrypted one")


def test_a_locked_file_is_one_sentence(shop):
    with contextlib.closing(sqlite3.connect(shop, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        assert refusal(shop, seconds=0.2).endswith("another session held it locked for 0.2 seconds")


def test_nothing_that_a_sqlite_file_holds_is_run(tmp_path):
    path = tmp_path / "trap.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.create_function("boom", 1, lambda _: 1 / 0, deterministic=True)
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT AS (abs(a)) STORED)")
        connection.execute("CREATE INDEX i ON t (boom(id)) WHERE a > 1000")
        connection.execute("INSERT INTO t (a) VALUES (1)")
        connection.commit()
    live = read_database(path, rows=True)
    assert live.rows == {"t": [{"id": 1, "a": 1}]}
    assert any("index is left out" in reason for reason in reasons(live))


def test_a_sqlite_file_has_a_limit_of_rows_too(shop):
    with pytest.raises(DatabaseError, match="at least 7 rows"):
        read_database(shop, rows=True, most_rows=6)


# -- other engines, on the one that is here -------------------------------------------------------------------


SMALL = """
CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER, day DATE, twice INTEGER GENERATED ALWAYS AS (a_id * 2),
    FOREIGN KEY (a_id) REFERENCES a (id) ON DELETE CASCADE);
CREATE TABLE a (id INTEGER PRIMARY KEY, name VARCHAR(9) DEFAULT 'x' NOT NULL, n NUMERIC(5, 2),
    CONSTRAINT small CHECK (n < 100), CONSTRAINT one UNIQUE (name));
CREATE INDEX by_day ON b (day);
CREATE VIEW v AS SELECT 1;
INSERT INTO a VALUES (2, 'y', 1.5), (1, 'z', NULL);
INSERT INTO b (id, a_id, day) VALUES (1, 2, '2024-05-05')
"""


def test_another_engine_is_read_as_far_as_sqlalchemy_reflects_it(tmp_path):
    from sqlalchemy import create_engine

    from schemas.ddl import StatementReader
    from schemas.kept import RowSource
    from schemas.reflect import reflect, reflected_rows

    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.begin() as connection:
        for statement in SMALL.split(";"):
            connection.exec_driver_sql(statement)
    with engine.connect() as connection:
        reader = StatementReader("sqlite")
        tables = reflect(connection, reader)
        reader.rows = [
            RowSource.of_table(
                table.draft, table.columns, lambda table=table: reflected_rows(connection, table, ("id",)), "sqlite"
            )
            for table in tables
        ]
        live = reader.finish("it")
    engine.dispose()
    a, b = live.schema.tables
    assert (a.primary_key, a.uniques, a.column("name").default, a.column("name").type.length) == (
        ("id",),
        (("name",),),
        "'x'",
        9,
    )
    assert [(check.name, check.sql) for check in a.checks] == [("small", '"n" < 100')]
    assert b.foreign_keys[0].on_delete == "CASCADE"
    assert b.column("twice").generated == '"a_id" * 2'
    assert b.indexes[0].columns == ('"day"',)
    assert live.rows == {
        "a": [{"id": 1, "name": "z", "n": None}, {"id": 2, "name": "y", "n": 1.5}],
        "b": [{"id": 1, "a_id": 2, "day": "2024-05-05"}],
    }
    assert reasons(live)[0] == "views are not kept"
    assert "were not looked for" in reasons(live)[1]
