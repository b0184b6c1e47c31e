"""The statement splitter, dialect by dialect, and what a broken quote costs."""

import pytest

from schemas.split import split


def texts(script, dialect):
    return [statement.text for statement in split(script, dialect)]


def test_semicolons_in_strings_names_and_comments_do_not_split():
    script = """
    INSERT INTO a VALUES ('x;y', "q;r"); -- one; two
    /* three; four */ SELECT 1;
    """
    assert texts(script, "sqlite") == ["INSERT INTO a VALUES ('x;y', \"q;r\")", "SELECT 1"]


def test_blank_statements_and_comments_alone_are_left_out():
    assert texts(";; -- nothing\n ; /* here */ ;", "postgres") == []


@pytest.mark.parametrize("tag", ["$$", "$body$", "$_$"])
def test_dollar_quotes_hold_anything(tag):
    body = f"CREATE FUNCTION f() AS {tag} BEGIN; it's \"open; END; {tag} LANGUAGE sql"
    assert texts(f"{body};\nSELECT 2;", "postgres") == [body, "SELECT 2"]


def test_escapes_in_postgres_strings_count_only_behind_an_e():
    assert texts(r"SELECT E'it\'s; one'; SELECT 'back\'; SELECT 3;", "postgres") == [
        r"SELECT E'it\'s; one'",
        r"SELECT 'back\'",
        "SELECT 3",
    ]


def test_an_escaped_string_among_inserted_values_stays_whole():
    script = r"INSERT INTO a VALUES (1, E'it\'s; one', 2); SELECT 1;"
    assert texts(script, "postgres") == [r"INSERT INTO a VALUES (1, E'it\'s; one', 2)", "SELECT 1"]


def test_postgres_comments_nest():
    assert texts("/* a /* b; */ c; */ SELECT 1;", "postgres") == ["SELECT 1"]


def test_a_copy_block_carries_its_data():
    script = "COPY t (a, b) FROM stdin;\n1\tit's; fine\n2\t\\N\n\\.\n\nSELECT 1;"
    first, second = split(script, "postgres")
    assert first.text == "COPY t (a, b) FROM stdin"
    assert first.data == "1\tit's; fine\n2\t\\N\n"
    assert second.text == "SELECT 1"


def test_an_empty_copy_block_ends_at_once():
    first, second = split("COPY t FROM stdin;\n\\.\nSELECT 1;", "postgres")
    assert (first.data, second.text) == ("", "SELECT 1")


def test_a_copy_block_that_never_ends_takes_the_rest():
    (only,) = split("COPY t FROM stdin;\n1\n2\n", "postgres")
    assert only.data == "1\n2\n"


def test_psql_commands_end_with_their_line():
    assert texts("\\connect shop\nSELECT 1;\n\\set x 'y\nSELECT 2;", "postgres") == [
        "\\connect shop",
        "SELECT 1",
        "\\set x 'y",
        "SELECT 2",
    ]


@pytest.mark.parametrize("delimiter", ["//", ";;", "$$"])
def test_mysql_delimiters_are_followed(delimiter):
    script = f"DELIMITER {delimiter}\nCREATE PROCEDURE p() BEGIN SELECT 1; END{delimiter}\nDELIMITER ;\nSELECT 2;"
    assert texts(script, "mysql") == ["CREATE PROCEDURE p() BEGIN SELECT 1; END", "SELECT 2"]


def test_versioned_mysql_comments_are_code():
    assert texts("/*!40101 SET NAMES utf8 */;\n/* plain; */ # hash;\nSELECT 'a\\';b';", "mysql") == [
        "SET NAMES utf8 */",
        "SELECT 'a\\';b'",
    ]


def test_a_sqlite_trigger_keeps_its_body():
    body = "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = CASE WHEN 1 THEN 2 END; DELETE FROM t; END"
    assert texts(f"{body};\nSELECT 1;", "sqlite") == [body, "SELECT 1"]


def test_a_mysql_routine_without_delimiters_keeps_its_body():
    body = "CREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END IF; END"
    assert texts(f"{body};\nSELECT 1;", "mysql") == [body, "SELECT 1"]


def test_go_ends_a_batch_and_a_line_can_open_a_statement():
    script = (
        "CREATE TABLE [a;b] (x int)\nGO\nSET NOCOUNT ON\nINSERT a VALUES ('GO\nGO')\n"
        "INSERT a VALUES (2)\ngo 5\nSELECT 1"
    )
    assert texts(script, "tsql") == [
        "CREATE TABLE [a;b] (x int)",
        "SET NOCOUNT ON",
        "INSERT a VALUES ('GO\nGO')",
        "INSERT a VALUES (2)",
        "SELECT 1",
    ]


def test_oracle_scripts_shed_their_client_commands():
    script = (
        "rem it's a remark; with\nPrompt making 'things\nSET FEEDBACK 1\nCREATE TABLE a (x NUMBER)\n/\n"
        "CREATE OR REPLACE TRIGGER g BEFORE INSERT ON a BEGIN NULL; END;\n/\nCREATE TABLE b (y NUMBER / 2);"
    )
    assert texts(script, "oracle") == [
        "CREATE TABLE a (x NUMBER)",
        "CREATE OR REPLACE TRIGGER g BEFORE INSERT ON a BEGIN NULL; END;",
        "CREATE TABLE b (y NUMBER / 2)",
    ]


def test_a_forgotten_delimiter_does_not_swallow_the_next_table():
    script = "CREATE TABLE a (x int)\n\nCREATE TABLE b (y int);\nALTER TABLE a\n  ADD z int;"
    assert texts(script, "postgres") == [
        "CREATE TABLE a (x int)",
        "CREATE TABLE b (y int)",
        "ALTER TABLE a\n  ADD z int",
    ]


def test_a_quote_never_closed_costs_one_statement():
    script = "SELECT 1;\nINSERT INTO a VALUES ('it's');\nCREATE TABLE b (y text DEFAULT 'z');\nSELECT 'end';\n"
    statements = split(script, "postgres")
    assert [statement.text for statement in statements if not statement.broken] == [
        "SELECT 1",
        "CREATE TABLE b (y text DEFAULT 'z')",
        "SELECT 'end'",
    ]
    assert [statement.text for statement in statements if statement.broken] == ["INSERT INTO a VALUES ('it's');"]


@pytest.mark.parametrize("opening", ["'", '"', "/* ", "$x$ "])
def test_an_opening_at_the_very_end_costs_only_its_statement(opening):
    statements = split(f"SELECT 1;\nSELECT {opening}no end;\nSELECT 3;", "postgres")
    assert statements[0].text == "SELECT 1"
    assert [statement.broken for statement in statements] == [False, True, False]
    assert statements[2].text == "SELECT 3"


def test_oracle_quotes_with_a_mark_of_their_own_hold_anything():
    script = "INSERT INTO a VALUES (q'[it's; one]', nq'{x'};}', Q'!don't!'); SELECT 1;"
    assert texts(script, "oracle") == [
        "INSERT INTO a VALUES (q'[it's; one]', nq'{x'};}', Q'!don't!')",
        "SELECT 1",
    ]


def test_an_oracle_block_keeps_what_it_holds_and_ends_without_a_slash():
    block = "BEGIN FOR i IN 1 .. 3 LOOP\nINSERT INTO a VALUES (i);\nEND LOOP; END;"
    trigger = "CREATE TRIGGER g BEFORE INSERT ON a BEGIN IF 1 = 1 THEN NULL; END IF; END"
    assert texts(f"{block}\n/\n{trigger};\nCREATE TABLE b (x NUMBER);\n", "oracle") == [
        block,
        trigger,
        "CREATE TABLE b (x NUMBER)",
    ]
