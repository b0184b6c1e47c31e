"""Texts that were made to hurt: all end in bounded time with a sentence, a loss or a schema.

Times are generous, since machines differ; what they catch is work that grows with the
square of the text, which at these sizes takes minutes.
"""

import random
import subprocess
import sys
import time
from pathlib import Path

import apsw
import pytest

from schemas import Loss, ReadError, read_ddl, write_ddl
from schemas import kept as kept_module
from schemas.engine import Engine
from schemas.lex import DIALECTS

FIXTURES = Path(__file__).parent / "fixtures"
SCRIPTS = sorted(path for path in FIXTURES.glob("*.sql") if ".expected" not in path.suffixes)
T = "CREATE TABLE t (a int PRIMARY KEY, b varchar(20));\n"
DEEP = 100_000
MANY = 30_000


def read(text, dialect):
    """What a text gives, and how long it took; a ReadError counts as an answer if it is one sentence."""
    begun = time.perf_counter()
    try:
        source = read_ddl(text, dialect=dialect)
    except ReadError:
        source = None
    assert time.perf_counter() - begun < 30
    return source


NESTED = {
    "parentheses of a condition": f"CREATE TABLE u (a int CHECK ({'(' * DEEP}a > 1{')' * DEEP}));",
    "parentheses of a default": f"CREATE TABLE u (a int DEFAULT {'(' * DEEP}1{')' * DEEP});",
    "parentheses among columns": f"CREATE TABLE u (a int, {'(' * DEEP}b int{')' * DEEP});",
    "parentheses never closed": f"CREATE TABLE u (a int, {'(' * DEEP}",
    "brackets behind a type": f"CREATE TABLE u (a int{'[]' * DEEP});",
    "comments": f"{'/*' * DEEP} x {'*/' * DEEP};",
    "cases": f"CREATE TABLE u (a int CHECK ({'CASE WHEN a > 1 THEN ' * 1000}1{' END' * 1000} = 1));",
    "very many cases": f"CREATE TABLE u (a int CHECK ({'CASE WHEN 1 THEN ' * 20000}1{' END' * 20000} = 1));",
    "nots": f"CREATE TABLE u (a int CHECK ({'NOT ' * 10000}a > 1));",
    "signs": f"CREATE TABLE u (a int DEFAULT {'- ' * 20000}1);",
    "types as functions": f"CREATE TABLE u (a int CHECK ({'date(' * 50}a{')' * 50} > 1));",
    "casts": f"CREATE TABLE u (a int CHECK (a{'::int' * 9000} > 1));",
    "blocks": "BEGIN " * 20000,
}


@pytest.mark.parametrize("dialect", ["postgres", "oracle"])
@pytest.mark.parametrize("name", NESTED)
def test_what_is_nested_deeply_is_lost_and_the_rest_stays(name, dialect):
    source = read(T + NESTED[name], dialect)
    assert source is not None
    assert source.schema.table("t")


UNCLOSED = {
    "quotes": "';\n", "double quotes": '";\n', "backticks": "`;\n", "brackets": "[ ;\n", "comments": "/* ;\n",
    "Oracle quotes": "q'[;\n", "both quotes": "'\";\nCREATE TABLE x (\"a int);\n",
    "apostrophes": "INSERT INTO t VALUES (1, 'it's');\nCREATE TABLE x (y int);\n",
}  # fmt: skip


@pytest.mark.parametrize("dialect", ["postgres", "sqlite", "oracle"])
@pytest.mark.parametrize("name", UNCLOSED)
def test_tens_of_thousands_of_unclosed_quotes_take_no_square_of_time(name, dialect):
    count = MANY if len(UNCLOSED[name]) < 8 else 3_001
    assert read(T + UNCLOSED[name] * count, dialect).schema.tables


def test_as_many_dollar_quotes_of_different_tags_do_not_either():
    assert read(T + "".join(f"$a{number}$;\n" for number in range(MANY)), "postgres").schema.table("t")


LONG = {
    "one line of rows": T.strip() + "INSERT INTO t VALUES " + ",".join(f"({n}, 'x')" for n in range(100_000)) + ";",
    "one line of statements": T.strip() + "".join(f"INSERT INTO t VALUES ({n}, 'a');" for n in range(10_000)),
    "one line of words": T.strip() + "word " * 100_000 + ";",
    "blank lines": "\n" * 400_000 + T,
    "blanks behind GO": T + "GO" + " " * 500_000 + "x",
    "comment lines in a string": T + "INSERT INTO t VALUES (1, ';\n" + "--;\n" * DEEP + "');",
    "rubbish": T + "".join(f"x{number};\n" for number in range(20_000)),
    "a name of a megabyte": T + f"CREATE TABLE {'x' * 1_000_000} (a int);",
    "a quoted name of 900,000": T + f'CREATE TABLE "{"x" * 900_000}" (a int);',
}


@pytest.mark.parametrize("dialect", ["mysql", "tsql"])
@pytest.mark.parametrize("name", LONG)
def test_a_long_line_or_a_long_text_takes_no_square_of_time(name, dialect):
    assert read(LONG[name], dialect).schema.table("t")


def test_a_table_of_very_many_columns_is_a_loss():
    columns = ",".join(f"c{number} int" for number in range(200_000))
    source = read(f"{T}CREATE TABLE u ({columns});", "postgres")
    assert [table.name for table in source.schema.tables] == ["t"]
    assert "characters long" in source.schema.losses[0].reason


def test_a_table_of_more_columns_than_sqlite_takes_is_a_loss():
    columns = ",".join(f"c{number} int" for number in range(2_001))
    (loss,) = read(f"{T}CREATE TABLE u ({columns});", "postgres").schema.losses
    assert loss == Loss("u: c2000 int", "a table of SQLite takes 2,000 columns and no more")


def test_many_tables_take_time_by_their_number():
    script = "".join(
        f"CREATE TABLE t{n} (id int PRIMARY KEY, up int REFERENCES t{n // 2} (id));\nCREATE INDEX i{n} ON t{n} (up);\n"
        for n in range(2_000)
    )
    assert len(read(script, "postgres").schema.tables) == 2_000


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_script_under_a_wrong_dialect_is_read_or_refused(path, dialect):
    source = read(path.read_text(encoding="utf-8"), dialect)
    if source is not None:
        Engine().run(write_ddl(source.schema))


def test_half_a_statement_at_the_end_costs_only_itself():
    whole = SCRIPTS[0].read_text(encoding="utf-8")
    for cut in range(200, len(whole), 397):
        read(T + whole[:cut], "tsql")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (T + "CREATE TABLE u (a int);\n" + "\x00\x01\x02" * 50, "binary data"),
        ("".join(f"{letter}\x00" for letter in T), "UTF-16"),
        (T + "INSERT INTO t VALUES (1, '\udcff');", "UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_in_a_sentence(text, says):
    with pytest.raises(ReadError, match=says):
        read_ddl(text)


def test_bytes_of_every_value_are_read_or_refused():
    letters = random.Random(7)
    for dialect in DIALECTS:
        noise = "".join(chr(letters.randrange(1, 256)) for _ in range(50_000))
        read(T + noise, dialect)


def test_a_zero_byte_far_in_costs_its_statement():
    source = read(T + " " * 70_000 + "CREATE TABLE u (a\x00b int);\nINSERT INTO t VALUES (1, 'x');", "sqlite")
    assert [loss.reason for loss in source.schema.losses] == ["it holds binary data"]
    assert source.rows["t"]


def test_half_a_character_in_an_escape_becomes_a_mark():
    source = read(T + r"INSERT INTO t VALUES (1, E'\ud800'), (2, E'\ud83d\ude00');", "postgres")
    assert [row["b"] for row in source.rows["t"]] == ["\ufffd", "\U0001f600"]


def test_a_length_beyond_all_measure_bounds_nothing():
    columns = f"a varchar(99999999999999999999), b decimal(99999999999,2), c varchar({'9' * 5000}), d varchar(²)"
    table = read(f"CREATE TABLE u ({columns});", "postgres").schema.table("u")
    assert [column.type.length for column in table.columns] == [None] * 4


BOMBS = (
    "zeroblob(1000000000)",
    "randomblob(1000000000)",
    "printf('%.*c', 1000000000, 'x')",
    "printf('%1000000000d', 1)",
    "replace(hex(zeroblob(100000000)), '0', '00000')",
    "load_extension('x')",
    "readfile('/etc/hostname')",
    "(WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT count(*) FROM x)",
)


@pytest.mark.parametrize("bomb", BOMBS)
def test_an_expression_that_would_run_away_is_a_loss_wherever_it_stands(bomb):
    script = f"""
    CREATE TABLE t (k int PRIMARY KEY, a text DEFAULT ({bomb}), g text AS ({bomb}) STORED, CHECK (k < ({bomb})));
    INSERT INTO t (k, a) VALUES (1, ({bomb})), (2, 'plain');
    """
    begun = time.perf_counter()
    source = read_ddl(script, dialect="sqlite")
    assert time.perf_counter() - begun < 10
    assert source.schema.table("t").column("a").default is None
    assert [row["a"] for row in source.rows["t"]] == [None, "plain"]
    assert len(source.schema.losses) == 4


def test_columns_that_double_one_another_are_stopped():
    doubled = "".join(f", g{n} text AS (g{n - 1} || g{n - 1} || g{n - 1} || g{n - 1})" for n in range(1, 20))
    rows = ",".join(f"({n}, 'xxxxxxxxxx')" for n in range(1_000))
    source = read(f"CREATE TABLE t (k int PRIMARY KEY, g0 text{doubled}); INSERT INTO t VALUES {rows};", "sqlite")
    assert "left out" in source.schema.losses[0].reason


def test_the_engine_reaches_no_file():
    engine = Engine()
    for statement in ("ATTACH 'x.db' AS x", "PRAGMA temp_store_directory = 'x'", "VACUUM INTO 'x.db'"):
        with pytest.raises(apsw.Error, match=r"authoriz|prohibited|not authorized|too many attached"):
            engine.run(statement)


def test_rows_beyond_the_most_that_are_kept_are_counted_in_one_loss_a_table(monkeypatch):
    monkeypatch.setattr(kept_module, "MOST_ROWS", 5)
    script = f"{T}CREATE TABLE u (a int);\nINSERT INTO t VALUES (1, 'x'), (2, 'x'), (3, 'x');\n"
    script += "INSERT INTO u VALUES (1), (2), (3), (4);\nINSERT INTO u VALUES (5);\n"
    script += "COPY t FROM stdin;\n7\tx\n8\ty\n\\.\n"
    source = read_ddl(script, dialect="postgres")
    assert [len(rows) for rows in source.rows.values()] == [3, 2]
    assert [loss.reason for loss in source.schema.losses] == [
        "3 rows: left out: no more than 5 rows of a script are kept",
        "2 rows: left out: no more than 5 rows of a script are kept",
    ]


def test_a_fault_of_many_statements_is_one_loss_and_losses_have_an_end():
    faulty = "".join(f"INSERT INTO t VALUES ('x{number}', 'y');\n" for number in range(3_000))
    assert len(read(T + faulty, "postgres").schema.losses) == 1
    losses = read(T + "".join(f"x{number};\n" for number in range(3_000)), "postgres").schema.losses
    assert len(losses) == 1_001
    assert losses[-1].reason.startswith("and 2,000 more like it")


def test_a_long_chain_of_rows_that_hang_on_a_missing_one_goes_at_once():
    rows = ",".join(f"({number}, {number - 1})" for number in range(1, 20_000))
    source = read(f"CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES t (a)); INSERT INTO t VALUES {rows};", "mysql")
    assert source.rows == {}


def test_ten_megabytes_are_read_in_a_bounded_memory():
    program = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from schemas import read_ddl
line = "INSERT INTO t VALUES (%d, 'some words that fill the line of this row, and a few more', 1.25, NULL);\\n"
text = "CREATE TABLE t (a int PRIMARY KEY, b text, c decimal(9,2), d date);\\n"
text += "".join(line % number for number in range(105_000))
assert len(text) > 9_500_000
print(len(read_ddl(text, dialect="mysql").rows["t"]))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "105000", done.stderr[-500:]


def test_a_column_called_like_the_number_of_a_row_needs_a_key():
    script = """
    CREATE TABLE t (rowid int, a int); CREATE TABLE u (oid int NOT NULL UNIQUE, a int);
    CREATE TABLE v (_rowid_ int, a int PRIMARY KEY, b int REFERENCES v (a));
    INSERT INTO v VALUES (9, 1, NULL), (1, 2, 7);
    """
    source = read(script, "postgres")
    assert [(table.name, table.primary_key) for table in source.schema.tables] == [("u", ("oid",)), ("v", ("a",))]
    assert source.rows == {"v": [{"_rowid_": 9, "a": 1, "b": None}]}
    assert "hides SQLite's own number of a row" in source.schema.losses[0].reason
