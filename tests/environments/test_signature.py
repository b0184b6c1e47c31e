"""Tools are read from their source text: names, schemas, contracts, and messages that name tool and line."""

import textwrap
from typing import Any

import pytest

from environments import BrokenEnvironment, ColumnRef, Field, Param, Tool, read_tools
from schemas import Column, ColumnType, Schema, Table

HEAD = "from typing import Any, Literal\nfrom environments import Db, tool\n"  # tools start on line 3
DOC = '    """Do it."""\n    return {}\n'


def read(text: str, schema: Schema) -> tuple[Tool, ...]:
    return read_tools(HEAD + textwrap.dedent(text), schema)


def one(schema: Schema, signature: str = "db: Db", declared: str = 'gives={"id": "members.id"}') -> Tool:
    """The only tool of a module; its decorator is on line 3, its `def` on line 4."""
    source = f"@tool({declared})\ndef act({signature}) -> dict[str, Any]:\n{DOC}"
    (tool,) = read_tools(HEAD + source, schema)
    return tool


def param(schema: Schema, annotation: str, takes: str = "members.email") -> Param:
    declared = f'takes={{"x": {takes!r}}}, gives={{"id": "members.id"}}'
    return one(schema, f"db: Db, x: {annotation}", declared).contract.params[0]


def field(schema: Schema, spec: str) -> Field:
    return one(schema, declared=f'gives={{"id": "members.id", "x": {spec!r}}}').contract.fields[1]


# Signatures


def test_a_tool_is_read_with_its_name_description_and_line(schema: Schema) -> None:
    tool = one(schema)
    assert (tool.name, tool.description, tool.line) == ("act", "Do it.", 4)
    assert not tool.writes


def test_tools_come_in_the_order_of_the_text_and_other_functions_are_no_tools(schema: Schema) -> None:
    text = '''
        @tool(gives={"id": "members.id"})
        def later(db: Db) -> dict[str, Any]:
            """Second in the alphabet."""

        def _helper(db: Db) -> int:
            return 1

        import environments

        @environments.tool(gives={"isbn": "books.isbn"})
        def earlier(db: "Db") -> "list[dict[str, Any]]":
            """First in the alphabet."""
    '''
    tools = read(text, schema)
    assert [(tool.name, tool.contract.entity, tool.contract.many) for tool in tools] == [
        ("later", "members", False),
        ("earlier", "books", True),
    ]


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("str", {"type": "string"}),
        ("int", {"type": "integer"}),
        ("float", {"type": "number"}),
        ("bool", {"type": "boolean"}),
        ('"str"', {"type": "string"}),
        ('Literal["a", "b"]', {"type": "string", "enum": ["a", "b"]}),
        ("Literal[3]", {"type": "integer", "enum": [3]}),
        ('typing.Literal["a"]', {"type": "string", "enum": ["a"]}),
        ("list[str]", {"type": "array", "items": {"type": "string"}}),
        ("list[int]", {"type": "array", "items": {"type": "integer"}}),
        ("int | None", {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        ("None | int", {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        ("Optional[str]", {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ('Literal["a"] | None', {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "null"}]}),
        ("list[str] | None", {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]}),
    ],
)
def test_an_annotation_becomes_its_json_schema(schema: Schema, annotation: str, expected: dict[str, Any]) -> None:
    found = param(schema, annotation)
    assert found.schema == expected
    assert found.required


@pytest.mark.parametrize(
    "annotation",
    ["dict", "set[str]", "bytes", "Any", "str | int", 'Literal["a", 1]', "Literal[None]", "list", "'not a type ('"],
)
def test_an_unsupported_annotation_is_refused_with_what_is_supported(schema: Schema, annotation: str) -> None:
    with pytest.raises(BrokenEnvironment, match="not supported; use str, int") as caught:
        param(schema, annotation)
    assert "tool 'act'" in str(caught.value)
    assert "'x'" in str(caught.value)
    assert caught.value.line == 4


@pytest.mark.parametrize(
    ("annotation", "extra"),
    [
        ("int = 3", {"default": 3}),
        ('str = "a"', {"default": "a"}),
        ("list[int] = [1]", {"default": [1]}),
        ("int = -1", {"default": -1}),
        ("str | None = None", {}),
    ],
)
def test_a_default_makes_a_parameter_optional(schema: Schema, annotation: str, extra: dict[str, Any]) -> None:
    found = param(schema, annotation)
    assert not found.required
    assert {key: value for key, value in found.schema.items() if key == "default"} == extra


def test_keyword_only_parameters_are_parameters(schema: Schema) -> None:
    declared = 'takes={"a": "members.email", "b": "limit", "c": "note"}, gives={"id": "members.id"}'
    tool = one(schema, "db: Db, a: str, *, b: int = 5, c: str", declared)
    assert [(p.name, p.required) for p in tool.contract.params] == [("a", True), ("b", False), ("c", True)]


def test_parameters_become_one_closed_object_schema(schema: Schema) -> None:
    text = '''
        @tool(takes={"email": "members.email", "most": "limit"}, gives={"id": "members.id"})
        def act(db: Db, email: str, most: int = 5) -> list[dict[str, Any]]:
            """Find members.

            More words that the model does not read first.

            Args:
                email: The address,
                    which is unique.
                most (int): At most so many: five.

            Returns:
                email: not a parameter.
            """
    '''
    (tool,) = read(text, schema)
    assert tool.description == "Find members."
    assert tool.parameters() == {
        "type": "object",
        "properties": {
            "email": {"type": "string", "description": "The address, which is unique."},
            "most": {"type": "integer", "default": 5, "description": "At most so many: five."},
        },
        "required": ["email"],
        "additionalProperties": False,
    }


# Contracts


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("members.email", ("filter", "=", ColumnRef("members", "email"))),
        (">= loans.due", ("filter", ">=", ColumnRef("loans", "due"))),
        ("<= loans.due", ("filter", "<=", ColumnRef("loans", "due"))),
        ("like books.title", ("filter", "like", ColumnRef("books", "title"))),
        ("set members.email", ("set", "=", ColumnRef("members", "email"))),
        ("add loans.fee", ("add", "=", ColumnRef("loans", "fee"))),
        ("limit", ("limit", "=", None)),
        ("note", ("note", "=", None)),
    ],
)
def test_takes_says_what_a_parameter_stands_for(schema: Schema, spec: str, expected: tuple[Any, ...]) -> None:
    found = param(schema, "str", spec)
    assert (found.role, found.operator, found.column) == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("books.title", Field("x", source=ColumnRef("books", "title"))),
        ("count(loans)", Field("x", source=ColumnRef("loans", ""), aggregate="count")),
        ("count(loans.fee)", Field("x", source=ColumnRef("loans", "fee"), aggregate="count")),
        ("sum(loans.fee)", Field("x", source=ColumnRef("loans", "fee"), aggregate="sum")),
        ("min(loans.due)", Field("x", source=ColumnRef("loans", "due"), aggregate="min")),
        ("max( loans.due )", Field("x", source=ColumnRef("loans", "due"), aggregate="max")),
        (
            "from(books.price, loans.fee)",
            Field("x", derived=(ColumnRef("books", "price"), ColumnRef("loans", "fee"))),
        ),
    ],
)
def test_gives_says_where_a_field_comes_from(schema: Schema, spec: str, expected: Field) -> None:
    assert field(schema, spec) == expected


def test_a_mapping_in_gives_is_a_field_that_holds_rows(schema: Schema) -> None:
    tool = one(schema, declared='gives={"id": "members.id", "loans": {"isbn": "loans.isbn", "n": "count(loans)"}}')
    assert [(f.path, f.name) for f in tool.contract.fields] == [("", "id"), ("loans", "isbn"), ("loans", "n")]
    assert tool.contract.field("isbn", "loans").source == ColumnRef("loans", "isbn")
    with pytest.raises(KeyError):
        tool.contract.field("isbn")


def test_the_entity_is_the_table_of_the_first_field(schema: Schema) -> None:
    assert one(schema, declared='gives={"n": "count(loans)", "id": "members.id"}').contract.entity == "loans"
    assert one(schema, declared='gives={"p": "from(books.price)", "id": "members.id"}').contract.entity == "books"


def test_reads_are_the_tables_of_filters_and_fields_and_what_is_added(schema: Schema) -> None:
    declared = (
        'takes={"x": "loans.isbn", "y": "set copies.shelf"}, gives={"id": "members.id", "p": "from(books.price)"}, '
        'reads=("branches",), writes=("copies.shelf", "+loans", "-members")'
    )
    contract = one(schema, "db: Db, x: str, y: str", declared).contract
    assert contract.reads == ("books", "branches", "loans", "members")
    assert contract.writes == ("copies.shelf", "+loans", "-members")


@pytest.mark.parametrize("order", ["members.email", "members.email desc"])
def test_a_promised_order_names_a_column(schema: Schema, order: str) -> None:
    assert one(schema, declared=f'gives={{"id": "members.id"}}, order={order!r}').contract.order == order


def test_a_table_or_column_with_dots_and_spaces_is_found_by_its_whole_name() -> None:
    odd = Schema((Table("order details", (Column("unit.price", ColumnType("real")),)),))
    found = one(odd, declared='gives={"x": "order details.unit.price"}')
    assert found.contract.fields[0].source == ColumnRef("order details", "unit.price")


# Messages


GOOD = 'gives={"id": "members.id"}'


def act(declared: str = GOOD, signature: str = "db: Db", returns: str = "dict[str, Any]", body: str = DOC) -> str:
    return f"@tool({declared})\ndef act({signature}) -> {returns}:\n{body}"


def taking(spec: str, parameter: str = "x: int") -> str:
    return act(f'{GOOD}, takes={{"x": {spec}}}', f"db: Db, {parameter}")


NO_COLUMN = "'members.age', which is no column of the schema"
BAD_TOOLS: dict[str, tuple[str, str]] = {
    "no docstring": (act(body="    return {}\n"), "no docstring"),
    "empty docstring": (act(body='    """  """\n'), "no docstring"),
    "bare decorator": (act().replace(f"({GOOD})", ""), "`gives` is missing"),
    "no gives": (act(""), "`gives` is missing"),
    "empty gives": (act("gives={}"), "`gives` is missing"),
    "positional argument": (act(f"{{}}, {GOOD}"), "keyword arguments only"),
    "unknown argument": (act(f"{GOOD}, read=()"), "no argument 'read'"),
    "spread argument": (act(f"{GOOD}, **{{}}"), "no argument None"),
    "computed argument": (act("gives=GIVES"), "`gives` must be a literal"),
    "list as a key": (act(f'{GOOD}, takes={{["x"]: "note"}}'), "`takes` must be a literal"),
    "takes as a list": (act(f"{GOOD}, takes=[]"), "`takes` has the wrong form"),
    "gives as text": (act('gives="x"'), "`gives` has the wrong form"),
    "reads as text": (act(f'{GOOD}, reads="x"'), "`reads` has the wrong form"),
    "writes as text": (act(f'{GOOD}, writes="x"'), "`writes` has the wrong form"),
    "starred": (act(signature="db: Db, *x: int"), "must be plain names"),
    "double starred": (act(signature="db: Db, **x: int"), "must be plain names"),
    "positional only": (act(signature="db: Db, /"), "must be plain names"),
    "nothing first": (act(signature=""), "first parameter must be `db`"),
    "another first": (act(signature="x: int"), "first parameter must be `db`"),
    "db as int": (act(signature="db: int"), "annotation of `db` must be Db"),
    "takes no parameter": (act(f'{GOOD}, takes={{"y": "note"}}'), "`takes` names 'y', which is no parameter"),
    "not in takes": (act(signature="db: Db, x: int"), "does not say what 'x' stands for"),
    "takes a number": (taking("3"), "`takes` has 3"),
    "takes nothing": (taking("''"), "`takes` has ''"),
    "takes no column": (taking("'>= members.age'"), NO_COLUMN),
    "no type": (taking("'note'", "x"), "parameter 'x' has no type"),
    "computed default": (taking("'note'", "x: int = LIMIT"), "default of 'x' must be a literal"),
    "computed literal": (taking("'note'", "x: Literal[STATES]"), "Literal of 'x' holds no literals"),
    "no return type": (act().replace(" -> dict[str, Any]", ""), "annotated to return"),
    "another return type": (act(returns="str"), "annotated to return"),
    "nested twice": (act('gives={"a": {"b": {"c": "members.id"}}}'), "nests 'b' too deeply"),
    "gives a number": (act('gives={"a": 3}'), "`gives` has 3 for 'a'"),
    "a number gives": (act('gives={3: "members.id"}'), "`gives` has 3 as a field"),
    "gives no column": (act('gives={"a": "members.age"}'), NO_COLUMN),
    "sums no column": (act('gives={"a": "sum(members.age)"}'), NO_COLUMN),
    "counts no table": (act('gives={"a": "count(people)"}'), "no table 'people'; the tables are: branches, members"),
    "from nothing": (act('gives={"a": "from()"}'), "'', which is no column"),
    "writes no table": (act(f'{GOOD}, writes=("+people",)'), "no table 'people'"),
    "writes no column": (act(f'{GOOD}, writes=("members.age",)'), NO_COLUMN),
    "reads no table": (act(f'{GOOD}, reads=("people",)'), "no table 'people'"),
    "orders by no column": (act(f'{GOOD}, order="members.age desc"'), NO_COLUMN),
    "defined twice": (act() * 2, "tool 'act' is defined twice"),
    "asynchronous": (act().replace("def act", "async def act"), "must be a plain function"),
    "class": (f'@tool({GOOD})\nclass act:\n    """Act."""\n', "must be a plain function"),
}


@pytest.mark.parametrize("case", BAD_TOOLS)
def test_every_message_names_the_tool_the_file_and_the_line(schema: Schema, case: str) -> None:
    source, message = BAD_TOOLS[case]
    with pytest.raises(BrokenEnvironment) as caught:
        read_tools(HEAD + source, schema)
    text = str(caught.value)
    assert message in text
    assert "tool 'act'" in text
    expected = 8 if case == "defined twice" else 4
    assert caught.value.line in (expected, expected - 1), "the line of the decorator or of the function"
    assert text.startswith(f"tools.py, line {caught.value.line}: ")
    assert caught.value.file == "tools.py"


def test_a_fault_in_a_long_signature_is_reported_on_its_own_line(schema: Schema) -> None:
    text = '''
        @tool(takes={"a": "members.email", "b": "note"}, gives={"id": "members.id"})
        def act(
            db: Db,
            a: str,
            b: bytes,
        ) -> dict[str, Any]:
            """Do it."""
    '''
    with pytest.raises(BrokenEnvironment) as caught:
        read(text, schema)
    assert caught.value.line == 8


@pytest.mark.parametrize(
    ("source", "line"),
    [("x = 1\ndef act(:\n", 2), ("a\x00b", None), ("(" * 300, 1)],
)
def test_a_text_that_is_not_python_is_refused_with_the_line(schema: Schema, source: str, line: int | None) -> None:
    with pytest.raises(BrokenEnvironment, match="not valid Python") as caught:
        read_tools(source, schema)
    if line is not None:
        assert caught.value.line == line


def test_a_text_without_tools_says_how_to_mark_one(schema: Schema) -> None:
    with pytest.raises(BrokenEnvironment, match="no tool found; mark functions with @tool"):
        read_tools("def act(db):\n    return {}\n", schema)


def test_the_name_of_the_file_in_messages_can_be_given(schema: Schema) -> None:
    with pytest.raises(BrokenEnvironment) as caught:
        read_tools("x = (", schema, "mine.py")
    assert str(caught.value).startswith("mine.py, line 1: ")


def test_reading_runs_nothing_of_the_text(schema: Schema, capsys: pytest.CaptureFixture[str]) -> None:
    tools = read(
        """
        print("ran")
        raise SystemExit(3)

        @tool(gives={"id": "members.id"})
        def act(db: Db) -> dict[str, Any]:
            '''Do it.'''
        """,
        schema,
    )
    assert [tool.name for tool in tools] == ["act"]
    assert capsys.readouterr().out == ""
