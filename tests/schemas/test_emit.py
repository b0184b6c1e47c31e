"""Writing a Schema: what stands in the DDL, and that it reads back to the same Schema."""

import json
import string

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import (
    Check,
    Column,
    ColumnType,
    ForeignKey,
    Index,
    Loss,
    ReadError,
    Schema,
    Table,
    read_ddl,
    schema_from_json,
    schema_to_json,
    write_ddl,
)

AWKWARD = [
    "select",
    "a b",
    'say "hi"',
    "it's",
    "x;y",
    "--no",
    "/*c*/",
    "[b]",
    "`q`",
    "a.b",
    "Größe",
    "表",
    "1st",
    "value",
    "%",
    "?",
]
letters = st.text(alphabet=string.ascii_letters + " _'\";-.[]()éß漢", min_size=1, max_size=12)
# Without a key, a column called like SQLite's own number of a row costs the table; test_hostile.py has that.
names = st.one_of(st.sampled_from(AWKWARD), letters).filter(
    lambda name: not name.lower().startswith("sqlite") and name.lower() not in ("rowid", "_rowid_", "oid")
)
comments = st.text(alphabet=string.ascii_letters + " ,;'\"-(é", max_size=20).map(lambda text: " ".join(text.split()))
comments = comments.map(lambda text: text.lstrip("-").strip())
kinds = st.one_of(
    st.sampled_from(
        ["integer", "real", "decimal", "text", "boolean", "date", "time", "timestamp", "json", "uuid", "blob"]
    ).map(ColumnType),
    st.builds(ColumnType, st.just("text"), length=st.integers(1, 500)),
    st.builds(ColumnType, st.just("text"), form=st.sampled_from(["inet", "duration", "whole range", "coordinates"])),
    st.builds(ColumnType, st.just("json"), items=st.sampled_from(["integer", "text", "date", "boolean"])),
    st.builds(ColumnType, st.just("decimal"), precision=st.integers(4, 12), scale=st.integers(2, 4)),
)
DEFAULTS = {
    "integer": ["0", "-7"],
    "real": ["0.5"],
    "decimal": ["9.99"],
    "text": ["'it''s; -- x'", "''", "'a' || 'b'"],
    "boolean": ["1"],
    "date": ["CURRENT_DATE", "'2024-02-29'"],
    "timestamp": ["CURRENT_TIMESTAMP"],
}


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def same_kind(one, other):
    return (one.type.kind, one.type.items, one.type.form) == (other.type.kind, other.type.items, other.type.form)


def unique_names(smallest, largest):
    return st.lists(names, min_size=smallest, max_size=largest, unique_by=lambda name: name.casefold())


@st.composite
def columns(draw, name):
    type_ = draw(kinds)
    values = ()
    if type_ == ColumnType("text") and draw(st.booleans()):
        values = tuple(draw(st.lists(st.sampled_from(["a", "it's", "x;y", ""]), min_size=1, max_size=3, unique=True)))
    default = draw(st.sampled_from([None, *DEFAULTS.get(type_.kind, [])]))
    return Column(name, type_, draw(st.booleans()), default, None, values, False, draw(comments))


@st.composite
def checks(draw, table_columns):
    column = draw(st.sampled_from(table_columns))
    if column.type.kind in ("integer", "real", "decimal"):
        sql = f"{quoted(column.name)} >= {draw(st.integers(0, 9))}"
    elif column.type.kind == "text":
        sql = f"LENGTH({quoted(column.name)}) <= {draw(st.integers(1, 99))}"
    else:
        sql = f"NOT {quoted(column.name)} IS NULL"
    return Check(sql, draw(st.one_of(st.just(""), names)))


@st.composite
def tables(draw, name, earlier):
    found = [draw(columns(column)) for column in draw(unique_names(1, 5))]
    size = draw(st.integers(0, min(2, len(found))))
    key = tuple(column.name for column in found[:size])
    single = size == 1 and found[0].type.kind == "integer"
    assigned = single and draw(st.booleans())
    for number, column in enumerate(found[:size]):
        found[number] = Column(
            column.name,
            column.type,
            False,
            None if assigned else column.default,
            None,
            column.values,
            assigned,
            column.comment,
        )
    rest = found[size:]
    if rest and rest[-1].type == ColumnType("integer") and len(found) > 1 and found[0].type.kind == "integer":
        found[-1] = Column(rest[-1].name, rest[-1].type, generated=f"{quoted(found[0].name)} + 1", comment="made")
        rest = rest[:-1]
    uniques = [(column.name,) for column in rest[:2] if draw(st.booleans())]
    keys = []
    for column in rest:
        targets = [
            table
            for table in earlier
            if len(table.primary_key) == 1 and same_kind(table.column(table.primary_key[0]), column)
        ]
        if targets and draw(st.booleans()):
            target = draw(st.sampled_from(targets))
            action = draw(st.sampled_from(["", "CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT"]))
            changed = draw(st.sampled_from(["", "CASCADE"]))
            proposed = draw(st.booleans())
            keys.append(ForeignKey((column.name,), target.name, target.primary_key, action, changed, proposed))
    conditions = []
    for check in draw(st.lists(checks(found), max_size=2)):
        if check not in conditions and check.name not in {known.name for known in conditions if known.name}:
            conditions.append(check)
    indexes = []
    if rest and draw(st.booleans()):
        column = quoted(rest[0].name)
        indexes.append(Index((column,), f"NOT {column} IS NULL", draw(st.booleans())))
    if found[0].type == ColumnType("text") and draw(st.booleans()):
        indexes.append(Index((f"LOWER({quoted(found[0].name)})",), "", draw(st.booleans())))
    return Table(
        name,
        tuple(found),
        key,
        tuple(uniques),
        tuple(dict.fromkeys(keys)),
        tuple(conditions),
        tuple(indexes),
        draw(comments),
        bool(key) and draw(st.booleans()),
    )


@st.composite
def schemas(draw):
    found = []
    for name in draw(unique_names(1, 4)):
        found.append(draw(tables(name, found)))
    return Schema(tuple(found))


@settings(max_examples=200, deadline=None)
@given(schemas())
def test_a_schema_reads_back_from_its_ddl(schema):
    assert read_ddl(write_ddl(schema), dialect="sqlite", infer=False).schema == schema


@settings(max_examples=50, deadline=None)
@given(schemas())
def test_the_ddl_executes_and_is_the_same_every_time(schema):
    ddl = write_ddl(schema)
    assert ddl == write_ddl(schema)
    apsw.Connection(":memory:").execute(ddl)


def test_every_identifier_is_quoted_and_enums_are_checks():
    schema = Schema(
        (
            Table("order", (Column("id", ColumnType("integer"), False, autoincrement=True),), ("id",)),
            Table(
                "line",
                (
                    Column("order_id", ColumnType("integer"), False),
                    Column("state", ColumnType("text"), False, "'new'", values=("new", "it's")),
                    Column("price", ColumnType("decimal", precision=8, scale=2), comment="without tax"),
                    Column("twice", ColumnType("decimal"), generated='"price" * 2'),
                ),
                (),
                (("order_id", "state"),),
                (ForeignKey(("order_id",), "order", ("id",), "CASCADE"),),
                (Check('"price" >= 0', "dear"),),
                (Index(('"price"',), "\"state\" = 'new'"),),
                "What was bought",
            ),
        )
    )
    assert write_ddl(schema) == (
        'CREATE TABLE "order" (\n    "id" INTEGER PRIMARY KEY\n);\n\n'
        'CREATE TABLE "line" ( -- What was bought\n'
        '    "order_id" INTEGER NOT NULL,\n'
        "    \"state\" TEXT NOT NULL DEFAULT 'new' CHECK (\"state\" IN ('new', 'it''s')),\n"
        '    "price" NUMERIC(8, 2), -- without tax\n'
        '    "twice" NUMERIC GENERATED ALWAYS AS ("price" * 2) STORED,\n'
        '    UNIQUE ("order_id", "state"),\n'
        '    CONSTRAINT "dear" CHECK ("price" >= 0),\n'
        '    FOREIGN KEY ("order_id") REFERENCES "order" ("id") ON DELETE CASCADE\n'
        ");\n\n"
        'CREATE UNIQUE INDEX "line_unique_1" ON "line" ("price") WHERE "state" = \'new\';\n'
    )


def test_texts_that_look_like_numbers_stay_texts():
    columns = tuple(Column(kind, ColumnType(kind)) for kind in ("text", "json", "uuid", "date", "timestamp"))
    connection = apsw.Connection(":memory:")
    connection.execute(write_ddl(Schema((Table("t", columns),))))
    connection.execute("INSERT INTO t VALUES ('12', '12', '12', '2024-01-01', '2024-01-01 00:00:00')")
    (row,) = connection.execute("SELECT * FROM t")
    assert row == ("12", "12", "12", "2024-01-01", "2024-01-01 00:00:00")


def test_the_json_form_holds_every_field_and_survives_json():
    schema = Schema((Table("t", (Column("a", ColumnType("text"), values=("x",)),), ("a",)),), (Loss("s", "r"),))
    data = schema_to_json(schema)
    assert json.loads(json.dumps(data)) == data
    assert data["tables"][0]["columns"][0]["values"] == ["x"]
    assert data["losses"] == [{"statement": "s", "reason": "r"}]


@settings(max_examples=150, deadline=None)
@given(schemas())
def test_a_schema_reads_back_from_its_json(schema):
    assert schema_from_json(json.loads(json.dumps(schema_to_json(schema)))) == schema


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data.pop("tables"), "tables"),
        (lambda data: data["tables"].clear(), "no table"),
        (lambda data: data["tables"][0].update(checks=[{"sql": "1); DROP TABLE t; --"}]), "DROP"),
        (lambda data: data["tables"][0].update(checks=[{"sql": '("a" > 1)'}]), "has to be written"),
        (lambda data: data["tables"][0]["columns"][0].update(default="(SELECT 1)"), "query"),
        (lambda data: data["tables"][0].update(primary_key=["b"]), "no column 'b'"),
        (lambda data: data["tables"].append(data["tables"][0]), "two tables"),
        (
            lambda data: data["tables"][0].update(
                foreign_keys=[{"columns": ["a"], "target": "x", "target_columns": ["a"]}]
            ),
            "no such table",
        ),
    ],
)
def test_json_that_is_no_sound_schema_is_refused_in_one_sentence(change, says):
    data = schema_to_json(Schema((Table("t", (Column("a", ColumnType("integer")),)),)))
    change(data)
    with pytest.raises(ReadError, match=says) as caught:
        schema_from_json(data)
    assert "\n" not in str(caught.value)
