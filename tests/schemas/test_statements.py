"""Statements that change what others made: each is followed, or a loss that says so."""

import json
import re

import pytest

from schemas import Schema, fill, parse_recipe, read_ddl, validate, write_ddl


def source(script, dialect="postgres"):
    return read_ddl(script, dialect=dialect, infer=False)


def reasons(script, dialect="postgres"):
    return [loss.reason for loss in source(script, dialect).schema.losses]


def names(script, dialect="postgres"):
    return [table.name for table in source(script, dialect).schema.tables]


# -- schemas ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "target"),
    [
        ("SET search_path = b; CREATE TABLE public.t (id int UNIQUE); CREATE TABLE t (id int UNIQUE);", "b_t"),
        ('SET search_path TO "$user"; CREATE TABLE b.t (id int UNIQUE); CREATE TABLE t (id int UNIQUE);', "t"),
        ("CREATE TABLE b.t (id int UNIQUE); CREATE TABLE t (id int UNIQUE); SET search_path = a, b;", "b_t"),
        (
            "CREATE TABLE b.t (id int UNIQUE); CREATE TABLE t (id int UNIQUE); SET search_path = b; RESET ALL;",
            "t",
        ),
    ],
)
def test_a_name_without_a_schema_is_looked_for_along_the_search_path(script, target):
    found = source(f"{script} CREATE TABLE x.u (t_id int REFERENCES t (id));").schema
    assert found.table("u").foreign_keys[0].target == target
    assert {table.name for table in found.tables} == {"t", "b_t", "u"}


def test_a_key_into_a_schema_that_is_elsewhere_does_not_end_in_another_table_of_that_name():
    script = "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE t (user_id int REFERENCES auth.users (id));"
    assert source(script).schema.table("t").foreign_keys == ()
    assert reasons(script) == ["the foreign key is left out: there is no table 'auth.users'"]


def test_a_table_of_another_schema_is_neither_dropped_nor_filled_by_its_name():
    script = "CREATE TABLE t (a int); INSERT INTO t VALUES (1); DROP TABLE IF EXISTS o.t; INSERT INTO o.t VALUES (2);"
    assert source(script).rows == {"t": [{"a": 1}]}
    assert len(reasons(script)) == 1


@pytest.mark.parametrize(
    ("dialect", "change"),
    [
        ("postgres", "ALTER TABLE t SET SCHEMA b"),
        ("postgres", "CREATE SCHEMA a; ALTER TABLE t SET SCHEMA a; ALTER SCHEMA a RENAME TO b"),
        ("tsql", "ALTER SCHEMA b TRANSFER dbo.t"),
    ],
)
def test_a_table_that_moves_to_another_schema_is_found_there(dialect, change):
    script = f"CREATE TABLE t (id int);\n{change};\nCREATE TABLE t (a int);\nALTER TABLE b.t ADD more int;"
    found = source(script, dialect).schema
    assert [column.name for column in found.table("b_t").columns] == ["id", "more"]
    assert [column.name for column in found.table("t").columns] == ["a"]


# -- types --------------------------------------------------------------------------------------------------------

_STATE = "CREATE TYPE state AS ENUM ('a', 'b'); CREATE TABLE t (s state);"


@pytest.mark.parametrize(
    ("change", "values"),
    [
        ("ALTER TYPE state RENAME VALUE 'a' TO 'x';", ("x", "b")),
        ("ALTER TYPE state RENAME TO mood; ALTER TYPE mood ADD VALUE 'm' AFTER 'a';", ("a", "m", "b")),
        ("ALTER TYPE state ADD VALUE 'm' BEFORE 'b';", ("a", "m", "b")),
        ("ALTER TYPE state SET SCHEMA s; ALTER TYPE s.state ADD VALUE 'c';", ("a", "b", "c")),
        ("ALTER TABLE t RENAME TO u; ALTER TYPE state ADD VALUE 'c'; ALTER TABLE u RENAME TO t;", ("a", "b", "c")),
    ],
)
def test_what_changes_an_enum_reaches_the_columns_that_have_it(change, values):
    found = source(_STATE + change).schema
    assert found.table("t").column("s").values == values
    assert found.losses == ()


def test_a_domain_over_an_enum_has_the_values_that_the_enum_gets():
    script = "CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS e; CREATE TABLE t (s d); ALTER TYPE e ADD VALUE 'b';"
    assert source(script).schema.table("t").column("s").values == ("a", "b")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("ALTER TYPE state ADD VALUE 'c' BEFORE 'q';", "the type has no value 'q'"),
        ("ALTER TYPE state RENAME VALUE 'q' TO 'c';", "the type has no value 'q', or already has 'c'"),
        ("ALTER TABLE t ALTER s SET DEFAULT 'a'; ALTER TYPE state RENAME VALUE 'a' TO 'c';", "that names 'a'"),
        ("ALTER TYPE gone ADD VALUE 'c';", "there is no type 'gone'"),
        ("DROP TYPE state CASCADE;", "columns of 't' that have the type are kept"),
    ],
)
def test_a_change_of_a_type_that_cannot_be_followed_is_a_loss(change, why):
    (reason,) = reasons(_STATE + change)
    assert why in reason


def test_what_changes_a_domain_reaches_the_columns_that_have_it():
    script = """
    CREATE DOMAIN price AS int DEFAULT 1 CHECK (VALUE > 0); CREATE TABLE t (a price, b price DEFAULT 7, old price);
    ALTER DOMAIN price SET DEFAULT 2; ALTER DOMAIN price SET NOT NULL; ALTER DOMAIN price DROP CONSTRAINT price_check;
    ALTER DOMAIN price ADD CONSTRAINT low CHECK (VALUE < 9); ALTER TABLE t ALTER old TYPE text;
    """
    found = source(script).schema
    assert [column.default for column in found.table("t").columns] == ["2", "7", None]
    assert [column.nullable for column in found.table("t").columns] == [False, False, True]
    assert [check.sql for check in found.table("t").checks] == ['"a" < 9', '"b" < 9']
    assert found.losses == ()


# -- constraints --------------------------------------------------------------------------------------------------

_OWNER = "CREATE TABLE o (id int PRIMARY KEY);"
_THREE = "DROP CONSTRAINT t_a_key, DROP CONSTRAINT t_b_check, DROP CONSTRAINT t_c_fkey"


@pytest.mark.parametrize(
    ("dialect", "gone"),
    [
        ("postgres", f"ALTER TABLE t DROP CONSTRAINT t_pkey, {_THREE};"),
        ("postgres", f"ALTER TABLE t RENAME TO x; ALTER TABLE x DROP CONSTRAINT t_pkey, {_THREE}, RENAME TO t"),
        ("mysql", "ALTER TABLE t DROP PRIMARY KEY, DROP KEY a, DROP CHECK t_chk_1, DROP FOREIGN KEY t_ibfk_1"),
        (
            "mysql",
            "DROP INDEX `PRIMARY` ON t; ALTER TABLE t DROP KEY a, DROP CHECK t_chk_1, DROP CONSTRAINT t_ibfk_1",
        ),
    ],
)
def test_constraints_are_dropped_by_the_names_that_the_server_gave_them(dialect, gone):
    script = f"""{_OWNER} CREATE TABLE t (id int, a int, b int CHECK (b > 0), c int, PRIMARY KEY (id), UNIQUE (a),
    FOREIGN KEY (c) REFERENCES o (id)); {gone};"""
    found = source(script, dialect).schema
    table = found.table("t")
    assert (table.primary_key, table.uniques, table.checks, table.foreign_keys) == ((), (), (), ())
    assert not table.column("id").nullable
    assert found.losses == ()


@pytest.mark.parametrize(
    ("dialect", "change"),
    [
        ("postgres", "DROP INDEX i"),
        ("postgres", "DROP INDEX IF EXISTS gone, public.i CASCADE"),
        ("postgres", "ALTER INDEX i RENAME TO j; DROP INDEX CONCURRENTLY j"),
        ("mysql", "DROP INDEX i ON t"),
        ("mysql", "ALTER TABLE t RENAME INDEX i TO j, DROP KEY j"),
        ("tsql", "DROP INDEX i ON dbo.t"),
        ("tsql", "DROP INDEX t.i"),
        ("sqlite", "DROP INDEX i"),
    ],
)
def test_an_index_that_is_dropped_is_gone(dialect, change):
    found = source(f"CREATE TABLE t (a int, b int);\nCREATE UNIQUE INDEX i ON t (a);\n{change};", dialect).schema
    assert found.table("t").uniques == ()
    assert found.losses == ()


def test_keys_of_mysql_keep_their_names_for_what_drops_them():
    script = "CREATE TABLE t (a int, b int, KEY one (a), KEY two USING BTREE (b)); ALTER TABLE t DROP KEY one;"
    assert [index.columns for index in source(script, "mysql").schema.table("t").indexes] == [('"b"',)]


@pytest.mark.parametrize(
    ("dialect", "change", "why"),
    [
        ("postgres", "DROP INDEX gone", "there is no index 'gone'"),
        ("postgres", "ALTER TABLE t DROP CONSTRAINT gone", "the table has no constraint 'gone'"),
        ("tsql", "ALTER TABLE t DROP CONSTRAINT PK__t__3213E83F", "the table has no constraint 'PK__t__3213E83F'"),
        ("oracle", "ALTER TABLE t DROP CONSTRAINT SYS_C007", "the table has no constraint 'SYS_C007'"),
    ],
)
def test_what_is_not_there_to_be_dropped_is_a_loss(dialect, change, why):
    assert reasons(f"CREATE TABLE t (a int);\n{change};", dialect) == [why]


def test_a_schema_goes_with_all_that_it_holds():
    script = """CREATE TABLE s.t (id int PRIMARY KEY); CREATE TABLE t (a int); INSERT INTO s.t VALUES (1);
    DROP SCHEMA s CASCADE;"""
    assert names(script) == ["t"]
    assert source(script).rows == {}


def test_a_key_that_went_with_its_target_does_not_come_back_with_another_of_that_name():
    script = """CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE t (o_id int REFERENCES o);
    DROP TABLE o CASCADE; CREATE TABLE o (id int PRIMARY KEY);"""
    assert source(script).schema.table("t").foreign_keys == ()


def test_a_named_default_of_sql_server_can_be_dropped():
    script = "CREATE TABLE t (a int CONSTRAINT d DEFAULT 5, b int)\nALTER TABLE t DROP CONSTRAINT d"
    assert source(script, "tsql").schema.table("t").column("a").default is None


_OFF = "the constraint is switched off in the source; here it holds"


@pytest.mark.parametrize(
    ("dialect", "entry", "change"),
    [
        ("oracle", "a int PRIMARY KEY DISABLE", ""),
        ("oracle", "a int UNIQUE DISABLE", ""),
        ("oracle", "a int, PRIMARY KEY (a) DISABLE", ""),
        ("oracle", "a int, CONSTRAINT c CHECK (a > 1)", "ALTER TABLE t DISABLE CONSTRAINT c"),
        ("oracle", "a int, CONSTRAINT c CHECK (a > 1)", "ALTER TABLE t MODIFY CONSTRAINT c DISABLE"),
        ("oracle", "a int PRIMARY KEY", "ALTER TABLE t DISABLE PRIMARY KEY"),
        ("postgres", "a int, CHECK (a > 1) NOT ENFORCED", ""),
        ("postgres", "a int CHECK (a > 1) NOT ENFORCED", ""),
        ("mysql", "a int, CHECK (a > 1)", "ALTER TABLE t ALTER CHECK t_chk_1 NOT ENFORCED"),
        ("tsql", "a int, CONSTRAINT c CHECK (a > 1)", "ALTER TABLE t NOCHECK CONSTRAINT c"),
        ("tsql", "a int, CONSTRAINT c CHECK (a > 1)", "ALTER TABLE t NOCHECK CONSTRAINT ALL"),
    ],
)
def test_a_constraint_that_is_switched_off_is_a_loss(dialect, entry, change):
    assert reasons(f"CREATE TABLE t ({entry});\n{change}", dialect) == [_OFF]


@pytest.mark.parametrize(
    ("dialect", "change"),
    [
        ("oracle", "ALTER TABLE t DISABLE CONSTRAINT c;\nALTER TABLE t ENABLE NOVALIDATE CONSTRAINT c;"),
        ("tsql", "ALTER TABLE t NOCHECK CONSTRAINT ALL\nALTER TABLE t WITH CHECK CHECK CONSTRAINT ALL"),
    ],
)
def test_a_constraint_that_is_switched_on_again_is_none(dialect, change):
    assert reasons(f"CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 1));\n{change}", dialect) == []


@pytest.mark.parametrize(
    "entry",
    ["a int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED", "a int, PRIMARY KEY (a) DEFERRABLE INITIALLY DEFERRED",
     "a int UNIQUE INITIALLY DEFERRED"],
)  # fmt: skip
def test_a_key_that_is_checked_later_is_a_loss(entry):
    assert reasons(f"CREATE TABLE t ({entry});") == [
        "the constraint is checked at once, not at the end of a transaction"
    ]


@pytest.mark.parametrize("entry", ["n int, CHECK (n > 1) NO INHERIT", "n int CHECK (n > 1) NO INHERIT"])
def test_a_check_that_is_not_inherited_stays_with_its_table(entry):
    found = source(f"CREATE TABLE a ({entry}); CREATE TABLE t (m int) INHERITS (a);").schema
    assert len(found.table("a").checks) == 1
    assert found.table("t").checks == ()


def test_a_foreign_key_of_sql_server_may_say_so_in_a_column():
    script = f"{_OWNER} CREATE TABLE t (k int FOREIGN KEY REFERENCES o(id), n int CONSTRAINT f REFERENCES o)"
    found = source(script, "tsql").schema
    assert [key.columns for key in found.table("t").foreign_keys] == [("k",), ("n",)]
    assert found.losses == ()


# -- columns and tables -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dialect", "change"),
    [
        ("tsql", "ALTER TABLE t DROP COLUMN y, z"),
        ("tsql", "ALTER TABLE t DROP CONSTRAINT c, COLUMN y, z"),
        ("oracle", "ALTER TABLE t DROP (Y, Z)"),
        ("oracle", "ALTER TABLE t SET UNUSED (Y, Z)"),
        ("postgres", "ALTER TABLE t DROP COLUMN y, DROP COLUMN IF EXISTS gone, DROP z CASCADE"),
    ],
)
def test_several_columns_may_be_dropped_at_once(dialect, change):
    found = source(f"CREATE TABLE t (x int, y int, z int, CONSTRAINT c CHECK (y > 1));\n{change};", dialect).schema
    assert [column.name for column in found.table("t").columns] == ["x"]
    assert found.losses == ()


def test_only_sql_server_goes_on_adding_after_a_comma():
    script = "CREATE TABLE t (v int); ALTER TABLE t ADD INDEX q (v), ALGORITHM=INPLACE, LOCK=NONE;"
    assert [column.name for column in source(script, "mysql").schema.table("t").columns] == ["v"]
    script = "CREATE TABLE t (v int);\nALTER TABLE t ADD a int, b int"
    assert [column.name for column in source(script, "tsql").schema.table("t").columns] == ["v", "a", "b"]


def test_a_comment_of_mysql_may_be_changed():
    script = "CREATE TABLE t (v int) COMMENT='a'; ALTER TABLE t ENGINE=InnoDB COMMENT='what it holds', ADD w int;"
    assert source(script, "mysql").schema.table("t").comment == "what it holds"


@pytest.mark.parametrize(
    ("dialect", "change"),
    [
        ("mysql", "RENAME TABLE a TO old, t TO b, old TO c"),
        ("mysql", "ALTER TABLE t RENAME b; ALTER TABLE a RENAME AS c"),
        ("oracle", "RENAME t TO b;\nRENAME a TO c"),
    ],
)
def test_tables_that_are_renamed_have_their_new_names(dialect, change):
    assert names(f"CREATE TABLE a (x int); CREATE TABLE t (x int);\n{change};", dialect) == ["c", "b"]


@pytest.mark.parametrize(
    ("dialect", "statement"),
    [
        ("postgres", "DELETE FROM t USING u"),
        ("postgres", "TRUNCATE t CASCADE"),
        ("mysql", "DELETE FROM t LIMIT 1"),
        ("mysql", "DELETE FROM t ORDER BY a LIMIT 1"),
        ("mysql", "DELETE t FROM t JOIN u"),
        ("tsql", "DELETE TOP (1) FROM t"),
    ],
)
def test_a_deletion_that_may_leave_rows_is_a_loss(dialect, statement):
    read = source(f"CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\n{statement};", dialect)
    assert read.rows == {"t": [{"a": 1}]}
    assert [loss.reason for loss in read.schema.losses] == ["changes of rows after they are inserted are not replayed"]


@pytest.mark.parametrize(
    ("dialect", "statement"),
    [
        ("postgres", "DELETE FROM ONLY public.t AS x"),
        ("postgres", "TRUNCATE TABLE ONLY t, u RESTART IDENTITY"),
        ("tsql", "DELETE t"),
        ("oracle", "TRUNCATE TABLE t DROP STORAGE"),
    ],
)
def test_every_way_to_empty_a_table_is_followed(dialect, statement):
    read = source(f"CREATE TABLE t (a int);\nCREATE TABLE u (a int);\nINSERT INTO t VALUES (1);\n{statement};", dialect)
    assert (read.rows, read.schema.losses) == ({}, ())


# -- values -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement", ["CREATE UNIQUE INDEX i ON t (a COLLATE RTRIM)", "CREATE TABLE u (a text, UNIQUE (a COLLATE RTRIM))"]
)
def test_a_unique_key_that_ignores_blanks_is_a_loss(statement):
    assert reasons(f"CREATE TABLE t (a text); {statement};", "sqlite") == [
        "collation RTRIM is not kept; text is compared exactly"
    ]


def test_bits_of_postgres_are_digits_and_no_number():
    script = "CREATE TABLE t (a bit(3) DEFAULT B'101', n int); INSERT INTO t VALUES (B'011', 1);"
    assert source(script).schema.table("t").column("a").default == "'101'"
    assert source(script).rows == {"t": [{"a": "011", "n": 1}]}


def test_strings_of_postgres_may_name_characters_by_their_numbers():
    script = r"""CREATE TABLE t (a text DEFAULT U&'d\0061t\+000061', CHECK (a <> U&'!0041' UESCAPE '!'));
    INSERT INTO t VALUES (U&'\\ \0027'), ('U&''\0041');"""
    table = source(script).schema.table("t")
    assert table.column("a").default == "'data'"
    assert [check.sql for check in table.checks] == ["\"a\" <> 'A'"]
    assert source(script).rows == {"t": [{"a": "\\ '"}, {"a": r"U&'\0041"}]}


def test_what_is_made_of_a_sequences_number_is_no_numbering():
    script = "CREATE TABLE t (id text DEFAULT 'x' || nextval('s') PRIMARY KEY);"
    assert not source(script).schema.table("t").column("id").autoincrement
    assert reasons(script) == [
        "the default is left out: only the bare next number of a sequence is kept, not what is made of it"
    ]


def test_a_date_of_oracle_may_be_a_default():
    script = "CREATE TABLE t (a DATE DEFAULT TO_DATE('02.01.2020', 'DD.MM.YYYY'));"
    assert source(script, "oracle").schema.table("t").column("a").default == "'2020-01-02 00:00:00'"


@pytest.mark.parametrize(
    "script", ["CREATE TABLE t (e int); ALTER TABLE t ADD INDEX ();", "CREATE TABLE t (e int, INDEX ());"]
)
def test_an_index_without_a_column_is_a_loss(script):
    schema = read_ddl(script, dialect="mysql", infer=False).schema
    assert schema.table("t").column("e")
    assert [loss.reason for loss in schema.losses] == ["a key or an index has no column"]


def test_characters_of_a_fixed_length_are_kept_without_their_blanks_and_matched_with_them():
    script = """CREATE DOMAIN code AS char(3);
    CREATE TABLE t (a character(4) CHECK (a ~ '^[a-z]+$'), b code CHECK (b LIKE 'x__%'), c char);
    COPY t (a, b, c) FROM stdin;
abcd\tx  \ty
ab  \txyz\t\\N
\\.
"""
    read = source(script)
    table = read.schema.table("t")
    assert [check.sql for check in table.checks] == [
        '"a" GLOB \'[a-z]*\' AND NOT "a" GLOB \'*[^a-z]*\' AND LENGTH("a") = 4',
        "SUBSTRING(\"b\" || '   ', 1, 3) GLOB 'x??*'",
    ]
    assert read.rows == {"t": [{"a": "abcd", "b": "x", "c": "y"}]}
    assert table.column("c").type.length == 1


def test_texts_that_are_matched_with_their_blanks_are_filled():
    script = "CREATE TABLE t (a char(5) NOT NULL CHECK (a ~ '^[A-Z]{2}.*$'), b char(6) NOT NULL CHECK (b ~ '^[a-z]+$'))"
    schema = source(script).schema
    rows = fill(schema, parse_recipe({}, schema), rows=40, seed=1, now="2025-06-30 12:00:00")["t"]
    assert len(rows) == 40
    assert all(re.fullmatch("[A-Z]{2}.*", row["a"]) and re.fullmatch("[a-z]{6}", row["b"]) for row in rows)


def test_decimals_of_more_digits_than_sqlite_keeps_are_rounded_within_their_type_and_listed():
    script = """CREATE TABLE t (a numeric(30, 6), b numeric(30), c numeric, d numeric(18, 4), e numeric(500));
    INSERT INTO t VALUES (999999999999999999999999.999999, 123456789012345678901234, 1.5, '99999999999999.9999', 1),
      (-999999999999999999999999.999999, 12345678901234567, 0.1234567890123456789, 12345.6789, 1.0);"""
    read = source(script)
    assert [row["b"] for row in read.rows["t"]] == [1.2345678901234568e23, 12345678901234567]
    columns = {name: [row[name] for row in read.rows["t"]] for name in "abcde"}
    assert validate(read.schema, {"t": columns}) == []
    told = [loss.reason.partition(", such as")[0] for loss in read.schema.losses]
    assert told == [
        f"{count}: changed: a number of column {name!r} has more digits than SQLite keeps, and is rounded"
        for name, count in (("a", "2 rows"), ("b", "1 row"), ("d", "1 row"), ("c", "1 row"))
    ]


def test_a_decimal_that_is_too_large_is_still_a_violation():
    schema = source("CREATE TABLE t (a numeric(4, 2), b numeric(25))").schema
    found = validate(schema, {"t": {"a": [99.99, 100.0], "b": [1e24, 1e25]}})
    assert [(one.constraint, one.row) for one in found] == [("precision of a", 2), ("precision of b", 2)]


# -- heirs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ("ALTER TABLE p ADD x text NOT NULL DEFAULT 'q'", ["a INTEGER", "b INTEGER", "x TEXT NOT NULL DEFAULT 'q'"]),
        ("ALTER TABLE ONLY p ADD x text", ["a INTEGER", "b INTEGER"]),
        ("ALTER TABLE p ADD b text", ["a INTEGER", "b INTEGER"]),
        ("ALTER TABLE p ADD x text UNIQUE, ADD UNIQUE (a)", ["a INTEGER", "b INTEGER", "x TEXT"]),
        ("ALTER TABLE p RENAME a TO z", ["z INTEGER", "b INTEGER"]),
        ("ALTER TABLE p ALTER a TYPE text, ALTER a SET NOT NULL", ["a TEXT NOT NULL", "b INTEGER"]),
        ("ALTER TABLE p ADD CHECK (a > 0)", ["a INTEGER", "b INTEGER", "CHECK (a > 0)"]),
        ("ALTER TABLE p ADD CHECK (a > 0) NO INHERIT", ["a INTEGER", "b INTEGER"]),
        ("ALTER TABLE p ADD CONSTRAINT k CHECK (a > 0); ALTER TABLE p DROP CONSTRAINT k", ["a INTEGER", "b INTEGER"]),
        ("ALTER TABLE p ADD x int; ALTER TABLE p DROP COLUMN a", ["b INTEGER", "x INTEGER"]),
    ],
)
@pytest.mark.parametrize("heir", ["c", "g"])
def test_what_changes_a_table_reaches_those_that_inherit_from_it(change, columns, heir):
    script = "CREATE TABLE p (a int); CREATE TABLE c (b int) INHERITS (p); CREATE TABLE g () INHERITS (c);"
    table = Schema((source(f"{script} {change};").schema.table(heir),))
    lines = write_ddl(table).replace('"', "").split("\n")[1:-2]
    assert [line.strip().rstrip(",") for line in lines] == columns


def test_a_column_that_an_heir_defines_itself_stays_with_it():
    read = source("CREATE TABLE p (a int); CREATE TABLE c (a int) INHERITS (p); ALTER TABLE p ADD b int, DROP a;")
    assert [column.name for column in read.schema.table("c").columns] == ["a", "b"]


# -- more of PostgreSQL ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call", ["pg_catalog.set_config('search_path', 's, public', false)", "SET_CONFIG('search_path', 's', true)"]
)
def test_a_search_path_that_a_function_sets_counts(call):
    script = f"""CREATE SCHEMA s; CREATE TABLE t (b int PRIMARY KEY); SELECT {call}; CREATE TABLE t (a int PRIMARY KEY);
    SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE u (c int REFERENCES t);"""
    schema = source(script).schema
    assert [(key.target, key.target_columns) for key in schema.table("u").foreign_keys] == [("t", ("b",))]
    assert {table.name: table.primary_key for table in schema.tables} == {"t": ("b",), "s_t": ("a",), "u": ()}


def test_the_texts_of_an_array_are_as_long_as_it_says():
    schema = source("CREATE TABLE t (a bit(3)[], b bit varying(2)[], c varchar(4)[]);").schema
    assert [column.type.length for column in schema.table("t").columns] == [3, 2, 4]
    assert source(write_ddl(schema), "sqlite").schema.tables == schema.tables
    rows = fill(schema, parse_recipe({}, schema), rows=40, seed=1, now="2025-06-30 12:00:00")["t"]
    lengths = {name: {len(item) for row in rows for item in json.loads(row[name] or "[]")} for name in "abc"}
    assert lengths["a"] == {3}
    assert lengths["b"] == {1, 2}
    assert 0 < max(lengths["c"]) <= 4
    wrong = validate(
        schema, {"t": {"a": ['["10"]', '["101"]'], "b": ['["101"]', None], "c": ['["abcd"]', '["abcde"]']}}
    )
    assert [(one.constraint, one.row) for one in wrong] == [("items of a", 1), ("items of b", 1), ("items of c", 2)]
