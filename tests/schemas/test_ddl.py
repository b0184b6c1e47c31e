"""Reading scripts: goldens for three dialects, single rules, and what cannot be kept."""

import json
from dataclasses import replace
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import ReadError, fill, parse_recipe, read_ddl, write_ddl

FIXTURES = Path(__file__).parent / "fixtures"
SCRIPTS = sorted(path for path in FIXTURES.glob("*.sql") if ".expected" not in path.suffixes)


def dialect_of(path):
    return path.suffixes[0][1:]


def rendered(source):
    """A source as the golden files hold it: its DDL, then losses and rows as comments."""
    lines = [write_ddl(source.schema), "-- losses"]
    lines += [f"-- {loss.reason} | {loss.statement}" for loss in source.schema.losses]
    lines += ["", "-- rows"]
    for table, rows in source.rows.items():
        for row in rows:
            shown = {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
            lines.append(f"-- {table} {json.dumps(shown, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def table(script, name="t", dialect="postgres"):
    return read_ddl(script, dialect=dialect).schema.table(name)


def reasons(script, dialect="postgres"):
    return [loss.reason for loss in read_ddl(script, dialect=dialect).schema.losses]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_reads_as_its_golden_says(path):
    source = read_ddl(path.read_text(encoding="utf-8"), dialect=dialect_of(path), infer=False)
    expected = path.with_name(path.name.split(".")[0] + ".expected.sql")
    assert rendered(source) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_survives_being_written_and_read_again(path):
    schema = read_ddl(path.read_text(encoding="utf-8"), dialect=dialect_of(path)).schema
    assert read_ddl(write_ddl(schema), dialect="sqlite").schema == replace(schema, losses=())


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_the_dialect_of_a_script_is_guessed(path):
    assert read_ddl(path.read_text(encoding="utf-8")).dialect == dialect_of(path)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_loss_is_one_short_line(path):
    for loss in read_ddl(path.read_text(encoding="utf-8")).schema.losses:
        assert len(loss.statement) <= 200
        assert "\n" not in loss.statement + loss.reason


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_damaged_script_is_read_or_refused_but_never_crashes(data):
    path = data.draw(st.sampled_from(SCRIPTS))
    text = path.read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 20))
        noise = data.draw(
            st.sampled_from(["'", '"', "`", "(", ")", ";", "$$", "/*", "--", "\\", "[", ",", "::", "NOT "])
        )
        text = text[:place] + noise + text[place + gone :]
    try:
        source = read_ddl(text)
    except ReadError:
        return
    apsw.Connection(":memory:").execute(write_ddl(source.schema))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        (" \n-- nothing\n", "no SQL script"),
        ("GIF89a\x00\x01\x00", "binary"),
        ("PGDMP\x01\x0e", "plain one"),
        ("Dear reader, this is a letter.", "'Dear reader"),
        ("CREATE VIEW v AS SELECT 1;", "no table could be read"),
        ("CREATE TABLE t (", "no table could be read"),
    ],
)
def test_a_text_without_tables_is_refused_in_one_sentence(text, says):
    with pytest.raises(ReadError, match=says) as caught:
        read_ddl(text)
    assert "\n" not in str(caught.value)


def test_an_unknown_dialect_is_named_with_those_that_exist():
    with pytest.raises(ReadError, match=r"'db2'.*mysql, oracle, postgres, sqlite, tsql"):
        read_ddl("CREATE TABLE t (a int)", dialect="db2")


def test_a_byte_order_mark_is_no_part_of_the_text():
    assert read_ddl("\ufeffCREATE TABLE t (a int);").schema.table("t")


def test_one_bad_entry_costs_itself_and_not_the_table():
    source = read_ddl("CREATE TABLE t (a int, 17 what, b text, CONSTRAINT x EXCLUDE USING gist (a WITH =));")
    assert [column.name for column in source.schema.table("t").columns] == ["a", "b"]
    assert [loss.statement for loss in source.schema.losses] == [
        "t: 17 what",
        "t: CONSTRAINT x EXCLUDE USING gist (a WITH =)",
    ]


def test_a_clause_that_is_not_known_leaves_its_column_standing():
    source = read_ddl("CREATE TABLE t (a int NOT NULL DEFAULT, b int);", dialect="postgres")
    assert not source.schema.table("t").column("a").nullable
    assert source.schema.losses[0].statement == "t: a int NOT NULL DEFAULT"


def test_schema_names_are_dropped_unless_two_tables_would_clash():
    source = read_ddl(
        "CREATE TABLE a.x (i int); CREATE TABLE a.t (i int); CREATE TABLE b.t (i int);", dialect="postgres"
    )
    assert [found.name for found in source.schema.tables] == ["x", "a_t", "b_t"]


def test_types_of_one_name_in_two_schemas_stay_apart():
    script = """
    CREATE TYPE a.state AS ENUM ('on'); CREATE TYPE b.state AS ENUM ('new'); CREATE TYPE public.state AS ENUM ('x');
    CREATE TABLE t (s a.state, u b.state, v public.state);
    """
    assert [column.values for column in table(script).columns] == [("on",), ("new",), ("x",)]


def test_a_set_holds_one_of_its_members_or_none_where_that_is_its_default():
    script = """CREATE TABLE t (id int NOT NULL PRIMARY KEY, s set('a','b','c') NOT NULL DEFAULT '',
      u set('a','b') NOT NULL) ENGINE=InnoDB; INSERT INTO t VALUES (1, 'a', 'b'), (2, '', 'a'), (3, 'a,b', 'a');"""
    result = read_ddl(script, dialect="mysql")
    (table,) = result.schema.tables
    assert table.column("s").values == ("a", "b", "c", "")
    assert table.column("u").values == ("a", "b")
    assert [row["id"] for row in result.rows["t"]] == [1, 2]
    reasons = [loss.reason for loss in result.schema.losses]
    assert reasons.count("a SET is kept as one of its members; several at once are refused") == 2
    assert len(reasons) == 3
    rows = fill(result.schema, parse_recipe({}, result.schema), rows=800, seed=1, now="2025-06-30 12:00:00")["t"]
    single = sum(row["s"] in ("a", "b", "c") for row in rows) / len(rows)
    assert 0.85 < single < 1


def test_a_value_that_is_added_to_an_enum_reaches_the_columns_that_have_it():
    script = """
    CREATE TYPE state AS ENUM ('b', 'd'); CREATE TABLE t (s state, kind text CHECK (kind IN ('b', 'd')));
    ALTER TYPE state ADD VALUE 'e'; ALTER TYPE state ADD VALUE IF NOT EXISTS 'a' BEFORE 'b';
    ALTER TYPE state ADD VALUE 'c' AFTER 'b';
    """
    assert table(script).column("s").values == ("a", "b", "c", "d", "e")
    assert table(script).column("kind").values == ("b", "d")


def test_a_foreign_key_into_the_public_schema_does_not_end_in_its_own():
    script = "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE s.t (id int PRIMARY KEY REFERENCES public.t (id));"
    assert table(script, "s_t").foreign_keys[0].target == "t"


def test_a_partition_that_is_attached_gives_its_rows_to_its_table():
    script = """
    CREATE TABLE log (id int, at date) PARTITION BY RANGE (at); CREATE TABLE old (at date, id int);
    CREATE TABLE older (id int, at date);
    INSERT INTO old VALUES ('2023-01-01', 1);
    ALTER TABLE ONLY old ATTACH PARTITION older DEFAULT; ALTER TABLE ONLY log ATTACH PARTITION old DEFAULT;
    ALTER TABLE ONLY old ADD CONSTRAINT k PRIMARY KEY (id); CREATE INDEX ON older (at);
    INSERT INTO older VALUES (2, '2022-01-01');
    """
    source = read_ddl(script, dialect="postgres")
    assert [found.name for found in source.schema.tables] == ["log"]
    assert source.rows == {"log": [{"id": 1, "at": "2023-01-01"}, {"id": 2, "at": "2022-01-01"}]}
    assert len(source.schema.losses) == 2


def test_the_search_path_says_where_a_bare_name_belongs():
    script = """
    CREATE TABLE a.t (id int PRIMARY KEY); CREATE TABLE b.t (id int PRIMARY KEY);
    SET search_path = b, pg_catalog;
    CREATE TABLE u (t_id int REFERENCES t);
    """
    assert table(script, "u").foreign_keys[0].target == "b_t"


def test_names_meet_whatever_their_capitals():
    script = "CREATE TABLE Parent (Id int PRIMARY KEY); CREATE TABLE t (p int REFERENCES PARENT (ID));"
    key = table(script).foreign_keys[0]
    assert (key.target, key.target_columns) == ("Parent", ("Id",))


def test_two_tables_that_differ_in_capitals_cannot_both_be_kept():
    source = read_ddl('CREATE TABLE "A" (x int); CREATE TABLE a (y int);', dialect="postgres")
    assert [found.name for found in source.schema.tables] == ["A"]
    assert len(source.schema.losses) == 1


@pytest.mark.parametrize(
    ("dialect", "written", "kind", "extra"),
    [
        ("postgres", "character varying(20)", "text", {"length": 20}),
        ("postgres", "timestamp(3) without time zone", "timestamp", {}),
        ("postgres", "timestamp with time zone", "timestamp", {}),
        ("postgres", "double precision", "real", {}),
        ("postgres", "numeric(8,3)", "decimal", {"precision": 8, "scale": 3}),
        ("postgres", "numeric(8)", "decimal", {"precision": 8, "scale": 0}),
        ("postgres", "jsonb", "json", {}),
        ("postgres", "bytea", "blob", {}),
        ("postgres", '"char"', "text", {}),
        ("mysql", "tinyint(1)", "boolean", {}),
        ("mysql", "tinyint(4)", "integer", {}),
        ("mysql", "bit(1)", "boolean", {}),
        ("mysql", "datetime(6)", "timestamp", {}),
        ("mysql", "double unsigned", "real", {}),
        ("mysql", "varchar(9) CHARACTER SET latin1 COLLATE latin1_bin", "text", {"length": 9}),
        ("sqlite", "UNSIGNED BIG INT", "integer", {}),
        ("sqlite", "NATIVE CHARACTER(70)", "text", {"length": 70}),
        ("tsql", "[nvarchar](max)", "text", {}),
        ("tsql", "bit", "boolean", {}),
        ("tsql", "money", "decimal", {"precision": 19, "scale": 4}),
        ("tsql", "uniqueidentifier", "uuid", {}),
        ("tsql", "datetime2(7)", "timestamp", {}),
        ("oracle", "VARCHAR2(30 CHAR)", "text", {"length": 30}),
        ("oracle", "NUMBER(6)", "integer", {}),
        ("oracle", "NUMBER(8,2)", "decimal", {"precision": 8, "scale": 2}),
        ("oracle", "DATE", "timestamp", {}),
    ],
)
def test_a_type_becomes_its_kind(dialect, written, kind, extra):
    source = read_ddl(f"CREATE TABLE t (c {written} NOT NULL);", dialect=dialect)
    column = source.schema.table("t").column("c")
    assert column.type.kind == kind
    assert not column.nullable
    for name, value in extra.items():
        assert getattr(column.type, name) == value
    assert source.schema.losses == ()


@pytest.mark.parametrize("written", ["tsvector", "inet", "interval", "point"])
def test_a_type_without_an_equal_is_kept_as_text_with_a_loss(written):
    source = read_ddl(f"CREATE TABLE t (c {written});", dialect="postgres")
    assert source.schema.table("t").column("c").type.kind == "text"
    assert source.schema.losses[0].reason == f"type {written} is kept as text"


@pytest.mark.parametrize(
    ("dialect", "script"),
    [
        ("postgres", "CREATE TABLE t (id serial PRIMARY KEY);"),
        ("postgres", "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY (START WITH 3) PRIMARY KEY);"),
        ("postgres", "CREATE TABLE t (id int DEFAULT nextval('s'::regclass)); ALTER TABLE t ADD PRIMARY KEY (id);"),
        (
            "mysql",
            "CREATE TABLE t (id int); ALTER TABLE t ADD PRIMARY KEY (id), MODIFY id int NOT NULL AUTO_INCREMENT;",
        ),
        ("sqlite", "CREATE TABLE t (id INTEGER, PRIMARY KEY (id));"),
        ("tsql", "CREATE TABLE t (id int IDENTITY(1,1) NOT NULL, CONSTRAINT p PRIMARY KEY CLUSTERED ([id] ASC))"),
        ("oracle", "CREATE TABLE t (id NUMBER GENERATED BY DEFAULT ON NULL AS IDENTITY PRIMARY KEY);"),
        ("oracle", "CREATE SEQUENCE s; CREATE TABLE t (id NUMBER DEFAULT s.NEXTVAL PRIMARY KEY);"),
    ],
)
def test_every_way_to_number_a_key_is_one(dialect, script):
    source = read_ddl(script, dialect=dialect)
    assert source.schema.table("t").column("id").autoincrement
    assert source.schema.table("t").column("id").type.kind == "integer"
    assert source.schema.table("t").primary_key == ("id",)
    assert source.schema.losses == ()


def test_a_numbered_column_that_is_no_key_is_a_loss():
    source = read_ddl("CREATE TABLE t (id int PRIMARY KEY, n serial);", dialect="postgres")
    assert not source.schema.table("t").column("n").autoincrement
    assert "single primary key" in source.schema.losses[0].reason


def test_a_key_that_is_not_numbered_must_be_given():
    connection = apsw.Connection(":memory:")
    connection.execute(write_ddl(read_ddl("CREATE TABLE t (id int PRIMARY KEY, a int);", dialect="postgres").schema))
    with pytest.raises(apsw.ConstraintError):
        connection.execute("INSERT INTO t (a) VALUES (1)")


def test_a_table_without_a_key_stays_without_one():
    assert table("CREATE TABLE t (a int);").primary_key == ()


def test_the_actions_of_one_alter_are_all_followed():
    script = """
    CREATE TABLE o (id int PRIMARY KEY);
    CREATE TABLE t (a int, b text, old int);
    ALTER TABLE ONLY t ADD CONSTRAINT k PRIMARY KEY (a), ADD COLUMN o_id int NOT NULL REFERENCES o(id),
        ALTER COLUMN b SET DEFAULT 'x'::text, ALTER b SET NOT NULL, DROP COLUMN old, ADD CHECK (a > 2);
    ALTER TABLE t RENAME COLUMN a TO id;
    """
    found = table(script)
    assert [column.name for column in found.columns] == ["id", "b", "o_id"]
    assert found.primary_key == ("id",)
    assert found.column("b").default == "'x'"
    assert found.checks[0].sql == '"id" > 2'
    assert found.foreign_keys[0].target == "o"


def test_server_defaults_and_keys_added_later_are_folded_in():
    script = """
    CREATE TABLE [dbo].[t] ([id] [int] NOT NULL, [n] [int] NULL, [full] AS ([n] + 1) PERSISTED)
    GO
    ALTER TABLE [dbo].[t] ADD CONSTRAINT [p] PRIMARY KEY NONCLUSTERED ([id]) WITH (PAD_INDEX = OFF) ON [PRIMARY]
    ALTER TABLE [dbo].[t] WITH CHECK ADD CONSTRAINT [d] DEFAULT ((5)) FOR [n]
    ALTER TABLE [dbo].[t] WITH NOCHECK ADD CONSTRAINT [c] CHECK (([n]>(0)))
    ALTER TABLE [dbo].[t] CHECK CONSTRAINT [c]
    GO
    """
    source = read_ddl(script, dialect="tsql")
    found = source.schema.table("t")
    assert found.primary_key == ("id",)
    assert found.column("n").default == "5"
    assert found.column("full").generated == '"n" + 1'
    assert found.column("full").type.kind == "integer"
    assert [check.sql for check in found.checks] == ['"n" > 0']
    assert source.schema.losses == ()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("(price)::numeric >= (0)::numeric", '"price" >= 0'),
        ("note = ANY (ARRAY['a'::text, 'b'::text]) OR price > 1", "\"note\" IN ('a', 'b') OR \"price\" > 1"),
        ("note <> ALL (ARRAY['a'::text])", "\"note\" <> 'a'"),
        ("note LIKE 'A_%'", "\"note\" GLOB 'A?*'"),
        ("note NOT LIKE 'A_%'", "NOT \"note\" GLOB 'A?*'"),
        ("note NOT ILIKE 'a%' ", "NOT \"note\" LIKE 'a%'"),
        ("note ~~* 'a%\\%'", "\"note\" LIKE 'a%\\%' ESCAPE '\\'"),
        ("note IS NOT NULL OR price IS NULL", 'NOT "note" IS NULL OR "price" IS NULL'),
        ("char_length(note) <= 5", 'LENGTH("note") <= 5'),
        ("start_on <= end_on", '"start_on" <= "end_on"'),
        ("start_on > '2020-01-01'::date", "\"start_on\" > '2020-01-01'"),
        ("EXTRACT(year FROM start_on) > 2000", "CAST(STRFTIME('%Y', \"start_on\") AS INTEGER) > 2000"),
    ],
)
def test_a_check_is_kept_in_the_words_of_sqlite(written, kept):
    columns = "price numeric(8,2), note text, start_on date, end_on date"
    source = read_ddl(f"CREATE TABLE t ({columns}, CHECK ({written}));", dialect="postgres")
    assert [check.sql for check in source.schema.table("t").checks] == [kept]
    assert source.schema.losses == ()


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("note ~ '^(ab)+'", "regular expression"),
        ("start_on < now()", "present time"),
        ("start_on < end_on + 7", "arithmetic on dates"),
        ("start_on < end_on + interval '1 day'", "arithmetic on dates"),
        ("coalesce(start_on, interval '1 day') > note", "intervals"),
        ("price > (SELECT 1)", "query"),
        ("price > nowhere", "'nowhere'"),
        ("strange(price)", "SQLite"),
        ("price > ", "parsed"),
        ("(" * 300 + "price" + ")" * 300, "nested 300 deep"),
    ],
)
def test_a_check_that_would_change_its_meaning_is_a_loss(written, why):
    columns = "price numeric(8,2), note text, start_on date, end_on date"
    source = read_ddl(f"CREATE TABLE t ({columns}, CHECK ({written}));", dialect="postgres")
    assert source.schema.table("t").checks == ()
    (loss,) = source.schema.losses
    assert why in loss.reason


def test_a_very_long_condition_is_kept_or_lost_but_never_a_crash():
    chain = " OR ".join(f"a = {number}" for number in range(3000))
    source = read_ddl(f"CREATE TABLE t (a int, CHECK ({chain}));", dialect="postgres")
    assert len(source.schema.table("t").checks) + len(source.schema.losses) == 1


@pytest.mark.parametrize(
    ("declared", "default"),
    [
        ("boolean DEFAULT true", "1"),
        ("text DEFAULT 'it''s'::character varying", "'it''s'"),
        ("text DEFAULT NULL::character varying", None),
        ("numeric(5,2) DEFAULT '4.990'::numeric", "4.99"),
        ("integer DEFAULT '-1'::integer", "-1"),
        ("integer DEFAULT 1 + 2", "1 + 2"),
        ("date DEFAULT ('now'::text)::date", "CURRENT_DATE"),
        ("timestamp DEFAULT (now() AT TIME ZONE 'utc'::text)", "CURRENT_TIMESTAMP"),
        ("date DEFAULT '2020-02-03'::date", "'2020-02-03'"),
    ],
)
def test_a_default_is_kept_in_stored_form(declared, default):
    source = read_ddl(f"CREATE TABLE t (c {declared});", dialect="postgres")
    assert source.schema.table("t").column("c").default == default
    assert source.schema.losses == ()


def test_a_random_default_is_a_loss():
    assert reasons("CREATE TABLE t (c uuid DEFAULT gen_random_uuid());") == [
        "the default is left out: its value would be random"
    ]


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("CREATE TABLE t (a int REFERENCES gone (id));", "there is no table 'gone'"),
        ("CREATE TABLE o (id int); CREATE TABLE t (a int REFERENCES o (id));", "is not unique"),
        ("CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES o (nr));", "no column 'nr'"),
        ("CREATE TABLE o (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (a int REFERENCES o);", "1 columns"),
    ],
)
def test_a_foreign_key_that_cannot_hold_is_a_loss(script, why):
    source = read_ddl(script, dialect="postgres")
    assert source.schema.table("t").foreign_keys == ()
    assert why in source.schema.losses[0].reason


def test_foreign_keys_may_run_in_circles():
    script = """
    CREATE TABLE a (id int PRIMARY KEY, b_id int); CREATE TABLE t (id int PRIMARY KEY, a_id int REFERENCES a);
    ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES t ON DELETE SET NULL;
    """
    source = read_ddl(script, dialect="postgres")
    assert source.schema.table("a").foreign_keys[0].on_delete == "SET NULL"
    apsw.Connection(":memory:").execute(write_ddl(source.schema))


def test_session_statements_and_plain_indexes_are_no_losses():
    script = """
    \\connect shop
    SET client_encoding = 'UTF8'; BEGIN; CREATE USER x PASSWORD 'y'; CREATE DATABASE d; GRANT ALL ON t TO x;
    CREATE TABLE t (a int); CREATE INDEX i ON t (a); ALTER TABLE t OWNER TO x; COMMENT ON EXTENSION e IS 'x';
    ANALYZE; COMMIT;
    """
    assert reasons(script) == []


@pytest.mark.parametrize(
    ("dialect", "statement", "count"),
    [
        ("postgres", "SELECT setval('s', 4, true)", 0),
        ("postgres", "SELECT 1 AS a INTO made", 1),
        ("postgres", "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", 1),
        ("postgres", "DO $$ BEGIN DELETE FROM t; END $$", 1),
        ("tsql", "IF OBJECT_ID('x') IS NULL PRINT 'no'", 0),
        ("tsql", "IF OBJECT_ID('x') IS NULL CREATE TABLE x (a int)", 0),
        ("tsql", "IF @@VERSION = 'x' CREATE TABLE x (a int)", 1),
        ("sqlite", "BEGIN TRANSACTION", 0),
    ],
)
def test_a_statement_that_holds_others_is_a_loss_only_when_they_change_something(dialect, statement, count):
    assert len(reasons(f"CREATE TABLE t (a int);\n{statement};", dialect)) == count


def test_inherited_and_copied_columns_are_there():
    script = """
    CREATE TABLE a (id int NOT NULL, n int DEFAULT 2, CHECK (n > 1));
    CREATE TABLE t (extra text) INHERITS (a);
    CREATE TABLE u (LIKE a INCLUDING ALL, more int);
    """
    assert [column.name for column in table(script).columns] == ["id", "n", "extra"]
    assert [check.sql for check in table(script).checks] == ['"n" > 1']
    assert [column.name for column in table(script, "u").columns] == ["id", "n", "more"]
    assert table(script, "u").column("n").default == "2"


def test_a_table_that_is_dropped_is_gone_with_its_rows():
    source = read_ddl(
        "CREATE TABLE t (a int); INSERT INTO t VALUES (1); DROP TABLE IF EXISTS t; CREATE TABLE t (b int);",
        dialect="postgres",
    )
    assert [column.name for column in source.schema.table("t").columns] == ["b"]
    assert source.rows == {}


def test_rows_go_to_columns_by_name_or_by_place():
    script = """
    CREATE TABLE t (a int, b text DEFAULT 'd', c int);
    INSERT INTO t (c, a) VALUES (3, 1); INSERT INTO t VALUES (4, 'x', 6);
    """
    assert read_ddl(script, dialect="sqlite").rows == {"t": [{"a": 1, "b": "d", "c": 3}, {"a": 4, "b": "x", "c": 6}]}


@pytest.mark.parametrize(
    ("dialect", "declared", "literal", "stored"),
    [
        ("postgres", "boolean", "'t'", 1),
        ("postgres", "timestamptz", "'2024-01-01 00:30:00+01'", "2023-12-31 23:30:00"),
        ("postgres", "date", "DATE '2024-01-05'", "2024-01-05"),
        ("postgres", "bytea", r"'\x0aff'", b"\x0a\xff"),
        ("postgres", "text", r"E'a\'b\n'", "a'b\n"),
        ("postgres", "text[]", "ARRAY['a', 'b']", '["a", "b"]'),
        ("postgres", "numeric(6,2)", "'12.345'::numeric", 12.35),
        ("mysql", "text", r"'a\'b\\c'", "a'b\\c"),
        ("mysql", "text", "_utf8mb4'ü'", "ü"),
        ("mysql", "tinyint(1)", "b'1'", 1),
        ("mysql", "blob", "0x4142", b"AB"),
        ("mysql", "varchar(9)", "42", "42"),
        ("sqlite", "REAL", "-1.5e3", -1500.0),
        ("sqlite", "BLOB", "X'00ff'", b"\x00\xff"),
        ("tsql", "nvarchar(9)", "N'it''s'", "it's"),
        ("tsql", "datetime", "'7/4/1996'", "1996-07-04 00:00:00"),
        ("tsql", "datetime", "'19960704'", "1996-07-04 00:00:00"),
        ("tsql", "int", "1 + 2 * 3", 7),
        ("oracle", "DATE", "TO_DATE('17-06-2003', 'DD-MM-YYYY')", "2003-06-17 00:00:00"),
        ("oracle", "NUMBER(4)", "-3", -3),
    ],
)
def test_a_literal_is_brought_into_stored_form(dialect, declared, literal, stored):
    script = f"CREATE TABLE t (k int, c {declared});\nINSERT INTO t VALUES (1, {literal});"
    source = read_ddl(script, dialect=dialect)
    assert source.rows["t"][0]["c"] == stored
    assert type(source.rows["t"][0]["c"]) is type(stored)


def test_a_value_that_does_not_fit_costs_the_row_only_where_null_is_forbidden():
    script = "CREATE TABLE t (a int, b int NOT NULL); INSERT INTO t VALUES ('x', 1), (2, 'y'), (3, 3), ('z', 4);"
    source = read_ddl(script, dialect="postgres")
    assert source.rows["t"] == [{"a": None, "b": 1}, {"a": 3, "b": 3}, {"a": None, "b": 4}]
    assert [loss.reason for loss in source.schema.losses] == [
        "2 rows: kept with NULL: column 'a': the value does not fit the type integer, such as 'x'",
        "1 row: left out: column 'b': the value does not fit the type integer, such as 'y'",
    ]


def test_rows_that_break_a_constraint_are_left_out_with_all_that_hangs_on_them():
    script = """
    CREATE TABLE a (id int PRIMARY KEY, up int REFERENCES a (id));
    CREATE TABLE t (id int PRIMARY KEY CHECK (id < 9), a_id int NOT NULL REFERENCES a (id));
    INSERT INTO a VALUES (1, NULL), (2, 1), (3, 7), (4, 3), (1, NULL);
    INSERT INTO t VALUES (1, 1), (2, 4), (10, 1);
    """
    source = read_ddl(script, dialect="postgres")
    assert [row["id"] for row in source.rows["a"]] == [1, 2]
    assert [row["id"] for row in source.rows["t"]] == [1]
    assert len(source.schema.losses) == 4


def test_the_present_moment_in_rows_is_the_latest_that_they_name():
    script = """
    CREATE TABLE t (id int PRIMARY KEY, at timestamp DEFAULT now());
    INSERT INTO t VALUES (1, now()), (2, '2021-05-05 10:00:00'); INSERT INTO t (id) VALUES (3);
    """
    source = read_ddl(script, dialect="postgres")
    assert [row["at"] for row in source.rows["t"]] == ["2021-05-05 10:00:00"] * 3
    assert "the present moment" in source.schema.losses[0].reason


def test_copied_rows_keep_tabs_newlines_and_nulls():
    script = "CREATE TABLE t (a int, b text);\nCOPY t (b, a) FROM stdin;\nx\\ty\\nz\\\\\t1\n\\N\t2\n\t3\n\\.\n"
    assert [row["b"] for row in read_ddl(script, dialect="postgres").rows["t"]] == ["x\ty\nz\\", None, ""]


def test_rows_of_a_query_and_changes_of_rows_are_losses():
    script = "CREATE TABLE t (a int); INSERT INTO t SELECT a FROM t; UPDATE t SET a = 2; DELETE FROM t WHERE a = 1;"
    assert len(reasons(script)) == 3


def test_emptying_a_table_is_followed():
    script = "CREATE TABLE t (a int); INSERT INTO t VALUES (1); TRUNCATE TABLE t; INSERT INTO t VALUES (2);"
    assert read_ddl(script, dialect="postgres").rows == {"t": [{"a": 2}]}


def test_many_inserted_rows_are_read_without_being_parsed():
    rows = ",\n".join(f"({number}, 'name (of); number {number}', {number}.5, NULL)" for number in range(20000))
    script = f"CREATE TABLE t (a int, b text, c numeric(9,1), d date);\nINSERT INTO t VALUES {rows};"
    found = read_ddl(script, dialect="mysql").rows["t"]
    assert len(found) == 20000
    assert found[-1] == {"a": 19999, "b": "name (of); number 19999", "c": 19999.5, "d": None}


def test_texts_that_sql_server_adds_are_joined_however_many_they_are():
    script = "CREATE TABLE t (a varchar(9), b varchar(9), CHECK (a + '-' + b + 'x' <> 'y'))"
    assert table(script, dialect="tsql").checks[0].sql == "\"a\" || '-' || \"b\" || 'x' <> 'y'"


def test_decimals_are_divided_as_such_and_whole_numbers_as_whole_ones():
    script = "CREATE TABLE t (w numeric(8,2), n int, CHECK (w / 4 > n / 4), CHECK ((n)::numeric / 4 > 1))"
    assert [check.sql for check in table(script).checks] == [
        'CAST("w" AS REAL) / 4 > "n" / 4',
        'CAST("n" AS REAL) / 4 > 1',
    ]


@pytest.mark.parametrize(
    ("dialect", "script"),
    [
        ("tsql", "CREATE TABLE Customer (Id int IDENTITY PRIMARY KEY, Name nvarchar(50) NOT NULL, Since datetime2);"),
        ("tsql", "CREATE TABLE a (id int NOT NULL);\nALTER TABLE a ADD CONSTRAINT d DEFAULT ((1)) FOR id;"),
        ("tsql", "CREATE TABLE a (id int, b varchar(9));\nINSERT INTO a VALUES (1, N'x'), (2, N'y');"),
        ("oracle", "CREATE TABLE a (id NUMBER(10), name VARCHAR2(20));"),
        ("oracle", "CREATE TABLE a (id INTEGER, name VARCHAR(20 CHAR));\nINSERT INTO a SELECT 1, 'x' FROM dual;"),
        ("mysql", 'CREATE TABLE "a" ("id" int(11) NOT NULL AUTO_INCREMENT, "b" mediumtext, PRIMARY KEY ("id"));'),
        ("mysql", 'SET SQL_MODE=\'ANSI\';\nCREATE TABLE "a" ("id" int NOT NULL, KEY "k" ("id")) COMMENT=\'x\';'),
        ("postgres", "CREATE TABLE a (id bigserial PRIMARY KEY, tags text[] DEFAULT '{}'::text[]);"),
        ("postgres", "CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY (START WITH 3), at timestamptz);"),
        ("sqlite", "CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT);"),
        ("sqlite", 'CREATE TABLE "a" ("id" INT NOT NULL, "b" VARCHAR(10), PRIMARY KEY ("id"));'),
    ],
)
def test_a_dialect_is_guessed_from_few_marks(dialect, script):
    assert read_ddl(script).dialect == dialect


def test_sql_server_money_bits_and_identities_are_read_as_it_takes_them():
    script = """CREATE TABLE t (id int IDENTITY(5,1) PRIMARY KEY, name varchar(9), price money, good bit)
go
execute sp_addtype code, 'char(3)', 'NOT NULL'
raiserror('now the rows', 0, 1)
insert t values ('a', $19.99, 3)
insert t values ('b', -$2, 0)
"""
    assert read_ddl(script, dialect="tsql").rows["t"][0] == {"id": 5, "name": "a", "price": 19.99, "good": 1}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a LIKE '[0-9][0-9]%'", "\"a\" GLOB '[0-9][0-9]*'"),
        ("a LIKE 'x[^A-Z]_'", "\"a\" GLOB '[xX][^A-Za-z]?'"),
        ("a NOT LIKE '[b]'", "NOT \"a\" GLOB '[bB]'"),
    ],
)
def test_sets_of_characters_in_sql_servers_like_become_a_glob(written, kept):
    assert table(f"CREATE TABLE t (a varchar(9), CHECK ({written}))", dialect="tsql").checks[0].sql == kept


def test_a_computed_column_of_sql_server_needs_no_parentheses():
    script = "CREATE TABLE t (a int, b int, c AS ISNULL(a + b, 0) PERSISTED NOT NULL, d AS a * 2, e int)"
    found = table(script, dialect="tsql")
    assert [column.generated for column in found.columns] == [
        None, None, 'COALESCE("a" + "b", 0)', '"a" * 2', None
    ]  # fmt: skip


def test_an_operator_class_is_no_part_of_an_index():
    script = """CREATE TABLE t (a text, b text);
CREATE UNIQUE INDEX i ON t USING btree ("a" "text_ops");
CREATE INDEX j ON t (lower(b) public.text_pattern_ops DESC, a varchar_ops);"""
    found = table(script)
    assert found.uniques == (("a",),)
    assert found.indexes[0].columns == ('LOWER("b")', '"a"')


def test_escaped_strings_of_postgres_may_hold_a_pattern():
    assert table(r"CREATE TABLE t (a text, CHECK (a ~ E'^\\d{2}$'))").checks[0].sql == "\"a\" GLOB '[0-9][0-9]'"


@pytest.mark.parametrize(
    ("dialect", "statement", "why"),
    [
        ("mysql", "source load_rows.dump;", ["what it reads stands in another file"]),
        ("mysql", "LOAD DATA INFILE 'a.csv' INTO TABLE t;", ["what it reads stands in another file"]),
        ("tsql", "\nGO\nBULK INSERT t FROM 'a.csv'\nGO", ["what it reads stands in another file"]),
        ("mysql", "-----------------------------------\n-- a table\n-----\nSET x = 1;", []),
        ("postgres", "ALTER TABLE IF EXISTS ONLY public.gone DROP CONSTRAINT IF EXISTS k;", []),
        ("oracle", "ALTER TABLE t MODIFY CONSTRAINT k RELY ENABLE NOVALIDATE;", []),
    ],
)
def test_what_says_nothing_of_tables_is_passed_over_and_what_is_elsewhere_is_lost(dialect, statement, why):
    assert reasons(f"CREATE TABLE t (a int);\n{statement}", dialect) == why
