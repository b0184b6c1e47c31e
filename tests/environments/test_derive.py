"""Environments derived from schemas: their tools parse, prepare, run and keep their contracts."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from environments import ToolError
from environments.choose import FEWEST_WRITES, MOST_READS, MOST_TOOLS, MOST_WRITES, choose, reachable
from environments.contract import Tool
from environments.denotation import Denotation
from environments.derive import Derived, derive
from environments.draft import Draft, Parameter
from environments.phrases import InputValues, Words
from environments.signature import read_tools
from schemas import (
    Check,
    Column,
    ColumnType,
    ForeignKey,
    Rows,
    Schema,
    Source,
    Table,
    build_snapshot,
    fill,
    open_snapshot,
    parse_recipe,
    read_ddl,
)

FIXTURES = Path(__file__).parent / "fixtures"
NOW = "2025-06-30 12:00:00"
INTEGER = ColumnType("integer")
TEXT = ColumnType("text")
DATE = ColumnType("date")
MONEY = ColumnType("decimal", scale=2)
TIMESTAMP = ColumnType("timestamp")
BOOLEAN = ColumnType("boolean")


def column(name: str, kind: ColumnType = TEXT, *, null: bool = False, values: tuple[str, ...] = ()) -> Column:
    return Column(name, kind, nullable=null, values=values)


def link(name: str, target: str, key: str = "id") -> ForeignKey:
    return ForeignKey((name,), target, (key,))


CLUB = Schema(
    (
        Table(
            "bookings",
            (
                column("bookid", INTEGER),
                column("facid", INTEGER),
                column("memid", INTEGER),
                column("starttime", TIMESTAMP),
                column("slots", INTEGER),
            ),
            ("bookid",),
            foreign_keys=(link("facid", "facilities", "facid"), link("memid", "members", "memid")),
        ),
        Table(
            "facilities",
            (
                column("facid", INTEGER),
                column("name"),
                column("membercost", MONEY),
                column("guestcost", MONEY),
                column("monthlymaintenance", MONEY),
            ),
            ("facid",),
        ),
        Table(
            "members",
            (
                column("memid", INTEGER),
                column("surname"),
                column("firstname"),
                column("address"),
                column("telephone"),
                column("recommendedby", INTEGER, null=True),
                column("joindate", TIMESTAMP),
            ),
            ("memid",),
            foreign_keys=(link("recommendedby", "members", "memid"),),
        ),
    )
)

MUSIC = Schema(
    (
        Table("Artist", (column("ArtistId", INTEGER), column("Name"), column("Biography", null=True)), ("ArtistId",)),
        Table(
            "Album",
            (column("AlbumId", INTEGER), column("Title"), column("ArtistId", INTEGER)),
            ("AlbumId",),
            foreign_keys=(link("ArtistId", "Artist", "ArtistId"),),
        ),
        Table("Genre", (column("GenreId", INTEGER), column("Name")), ("GenreId",)),
        Table(
            "Track",
            (
                column("TrackId", INTEGER),
                column("Name"),
                column("AlbumId", INTEGER, null=True),
                column("GenreId", INTEGER, null=True),
                column("Milliseconds", INTEGER),
                column("UnitPrice", MONEY),
            ),
            ("TrackId",),
            foreign_keys=(link("AlbumId", "Album", "AlbumId"), link("GenreId", "Genre", "GenreId")),
        ),
        Table("Playlist", (column("PlaylistId", INTEGER), column("Name")), ("PlaylistId",)),
        Table(
            "PlaylistTrack",
            (column("PlaylistId", INTEGER), column("TrackId", INTEGER)),
            ("PlaylistId", "TrackId"),
            foreign_keys=(link("PlaylistId", "Playlist", "PlaylistId"), link("TrackId", "Track", "TrackId")),
        ),
    )
)

AWKWARD = Schema(
    (
        Table(
            "group",
            (
                column("id", INTEGER),
                column("name"),
                column("class"),
                column('quo"te', INTEGER),
                column("with space", MONEY),
                column("größe", INTEGER),
                column("db", null=True),
                column("sql", null=True),
                column("back\\slash", null=True),
                column('end"""', null=True),
                column("dotted.name", null=True),
                column("password_hash", null=True),
                column("photo", ColumnType("blob"), null=True),
                column("$20.00", INTEGER, null=True),
                column("update", values=("a'b", 'c"d', "e\\f", "{g}")),
            ),
            ("id",),
            checks=(Check('"quo""te" >= 0', "positive"),),
        ),
        Table(
            "select from",
            (
                column("select from id", INTEGER),
                column("group", INTEGER),
                column("when", DATE),
                column("list", INTEGER),
            ),
            ("select from id",),
            foreign_keys=(link("group", "group"),),
            checks=(Check('"list" > 0 AND "when" > \'1900-01-01\''),),
        ),
        Table("no key", (column("a"), column("status", values=("on", "off")), column("n", INTEGER))),
        Table("odd, name", (column("id", INTEGER), column("name")), ("id",)),
    )
)


def rows_of(schema: Schema, number: int = 240) -> Rows:
    return fill(schema, parse_recipe({}, schema), rows=number, seed=3, now=NOW)


def fixture(name: str) -> Source:
    return read_ddl((FIXTURES / name).read_text(encoding="utf-8"), dialect=name.split(".")[1])


def _case(name: str) -> tuple[Schema, Rows | None]:
    if name.endswith(".sql"):
        source = fixture(name)
        return Schema(source.schema.tables), source.rows
    return {"club": CLUB, "music": MUSIC, "awkward": AWKWARD}[name], None


CASES = ["club", "music", "awkward", "clinic.mysql.sql", "library.sqlite.sql", "club.postgres.sql"]


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> tuple[Schema, Rows]:
    schema, rows = _case(request.param)
    return schema, rows_of(schema) if rows is None else rows


class Database:
    """A `Db` over one connection that notes which columns are read and which tables are written."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.connection = connection
        self.read: list[str] = []
        self.written: list[str] = []
        connection.authorizer = self._note

    def _note(self, operation: int, first: str | None, second: str | None, _: str | None, __: str | None) -> int:
        if operation == apsw.SQLITE_READ and first is not None:
            self.read.append(first)
        elif operation == apsw.SQLITE_UPDATE:
            self.written.append(f"{first}.{second}")
        elif operation == apsw.SQLITE_INSERT:
            self.written.append(f"+{first}")
        elif operation == apsw.SQLITE_DELETE:
            self.written.append(f"-{first}")
        return apsw.SQLITE_OK

    def rows(self, sql: str, **binds: Any) -> list[dict[str, Any]]:
        cursor = self.connection.execute(sql, binds)
        found = cursor.fetchall()
        if not found:
            return []
        # the description is gone once a cursor is exhausted
        cursor = self.connection.cursor()
        names: list[str] = []
        cursor.exec_trace = lambda c, _, __: bool(names.extend(d[0] for d in c.get_description())) or True
        cursor.execute(sql, binds)
        return [dict(zip(names, row, strict=True)) for row in found]

    def one(self, sql: str, **binds: Any) -> dict[str, Any] | None:
        found = self.rows(sql, **binds)
        return found[0] if found else None

    def run(self, sql: str, **binds: Any) -> int:
        before = self.connection.total_changes()
        self.connection.execute(sql, binds)
        return self.connection.total_changes() - before


def functions(derived: Derived) -> dict[str, Any]:
    space: dict[str, Any] = {}
    exec(compile(derived.tools_source, "tools.py", "exec"), space)  # our own text, in a test
    return space


def statements(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "db":
            statement = node.args[0]
            assert isinstance(statement, ast.Constant), ast.unparse(statement)
            assert isinstance(statement.value, str)
            yield statement.value


def names(schema: Schema, rows: Rows | None = None) -> list[str]:
    return [tool.name for tool in read_tools(derive(schema, rows).tools_source, schema)]


def test_the_tools_of_a_sports_club() -> None:
    assert names(CLUB) == [
        "find_member",
        "get_member",
        "list_members_recommended_by",
        "summarize_bookings_of_member",
        "update_member_address",
        "update_member_telephone",
        "get_booking",
        "list_bookings_of_facility",
        "list_bookings_of_member",
        "create_booking",
        "update_booking_slots",
        "update_booking_start_time",
        "cancel_booking",
        "summarize_bookings_of_facility",
        "find_facility",
        "search_facilities",
        "get_facility",
        "update_facility_member_cost",
        "update_facility_monthly_maintenance",
    ]


def test_a_lookups_name_is_joined_in_and_its_key_is_not_shown() -> None:
    tools = {tool.name: tool for tool in read_tools(derive(MUSIC).tools_source, MUSIC)}
    shown = {field.name: str(field.source) for field in tools["get_track"].contract.fields}
    assert shown["genre"] == "Genre.Name"
    assert "genre_id" not in shown
    assert not [name for name in tools if "album" in name and "artist_name" in str(tools[name].contract.fields)]
    assert str(tools["search_tracks"].contract.param("genre").column) == "Genre.Name"


def test_a_junction_is_listed_both_ways_and_joined() -> None:
    found = names(MUSIC)
    for name in ("list_tracks_of_playlist", "list_playlists_with_track", "add_track_to_playlist"):
        assert name in found


def test_derived_sources_are_read_back(case: tuple[Schema, Rows]) -> None:
    schema, rows = case
    for given in (rows, None):
        derived = derive(schema, given)
        tools = read_tools(derived.tools_source, schema)
        assert tools
        for tool in tools:
            assert all(parameter.description for parameter in tool.contract.params), tool.name
        Words.model_validate(derived.words)
        for parameters in derived.inputs.values():
            for values in parameters.values():
                InputValues.model_validate(values)


def test_the_same_schema_and_rows_give_the_same_text(case: tuple[Schema, Rows]) -> None:
    schema, rows = case
    again = json.loads(json.dumps(rows, default=lambda value: value.hex()))
    if all(column.type.kind != "blob" for table in schema.tables for column in table.columns):
        assert derive(schema, rows) == derive(schema, again)
    assert derive(schema) == derive(schema)


def test_every_statement_prepares_on_the_snapshot(case: tuple[Schema, Rows]) -> None:
    schema, rows = case
    source = derive(schema, rows).tools_source
    with open_snapshot(build_snapshot(schema, rows)) as connection:
        for statement in statements(source):
            connection.execute("EXPLAIN " + statement, dict.fromkeys(re.findall(r":(\w+)", statement)))


def test_tools_do_what_their_contracts_say(case: tuple[Schema, Rows]) -> None:
    schema, rows = case
    derived = derive(schema, rows)
    tools = functions(derived)
    image = build_snapshot(schema, rows)
    for tool in read_tools(derived.tools_source, schema):
        answered = 0
        for arguments in _arguments(tool, rows, derived, schema):
            with open_snapshot(image) as connection:
                database = Database(connection)
                try:
                    result = tools[tool.name](database, **arguments)
                except ToolError:
                    continue
            found = result if isinstance(result, list) else [result]
            for row in found:
                assert list(row) == [field.name for field in tool.contract.fields], tool.name
            answered += bool(found)
            written = {table.lstrip("+-").rpartition(".")[0] or table[1:] for table in tool.contract.writes}
            assert set(database.read) <= {*tool.contract.reads, *written}, tool.name
            if tool.writes:
                assert set(database.written) == set(tool.contract.writes), tool.name
            else:
                assert not database.written, tool.name
        assert answered, f"{tool.name} never answered"


def _arguments(tool: Tool, rows: Rows, derived: Derived, schema: Schema) -> Iterator[dict[str, Any]]:
    """Arguments from the rows: every key from a table's own rows, filters of one table from one row."""
    denotation = Denotation(schema)
    for number in range(24):
        arguments: dict[str, Any] = {}
        for place, param in enumerate(tool.contract.params):
            assert param.column is not None
            given = derived.inputs.get(tool.name, {}).get(param.name)
            options = param.schema.get("anyOf", [param.schema])[0]
            if not param.required and number % 2:
                continue
            if given is not None:
                values = given.get("values") or list(range(given["low"], given["high"] + 1))
                arguments[param.name] = values[number % len(values)]
            elif "enum" in options:
                arguments[param.name] = options["enum"][number % len(options["enum"])]
            else:
                column = denotation.root(param.column) if param.role == "set" else param.column
                held = [row for row in rows[column.table] if row[column.column] is not None]
                step = 1 if param.role == "filter" else 1 + place
                value = held[number * step % len(held)][column.column]
                arguments[param.name] = bool(value) if options["type"] == "boolean" else value
        yield arguments


def test_no_key_is_asked_that_no_tool_gives(case: tuple[Schema, Rows]) -> None:
    schema, rows = case
    denotation = Denotation(schema)
    tools = read_tools(derive(schema, rows).tools_source, schema)
    given = {
        denotation.root(field.source)
        for tool in tools
        for field in tool.contract.fields
        if field.source is not None and not field.aggregate
    }
    for tool in tools:
        for param in tool.contract.params:
            if param.required and param.column is not None and denotation.is_surrogate(param.column):
                assert denotation.root(param.column) in given, (tool.name, param.name)


def test_awkward_names_survive() -> None:
    derived = derive(AWKWARD, rows_of(AWKWARD))
    for tool in read_tools(derived.tools_source, AWKWARD):
        for param in tool.contract.params:
            assert param.name.isidentifier()
            assert param.name.isascii()
            assert param.name not in ("db", "sql", "type", "list", "class")
    assert "password" not in derived.tools_source
    assert "photo" not in derived.tools_source
    assert "dotted" not in derived.tools_source
    assert "odd" not in derived.tools_source


def test_a_check_is_answered_before_it_is_broken() -> None:
    rows = rows_of(AWKWARD)
    tools = functions(derive(AWKWARD, rows))
    name = next(name for name in tools if name.startswith("create_"))
    with open_snapshot(build_snapshot(AWKWARD, rows)) as connection:
        database = Database(connection)
        group = rows["group"][0]["id"]
        given = {"group_id": group, "when": "2025-07-01", "select_from_list": -1}
        with pytest.raises(ToolError, match="rule"):
            tools[name](database, **given)
        with pytest.raises(ToolError, match="YYYY-MM-DD"):
            tools[name](database, **{**given, "when": "tomorrow", "select_from_list": 1})
        with pytest.raises(ToolError, match="no group"):
            tools[name](database, **{**given, "group_id": -5, "select_from_list": 1})
        assert tools[name](database, **{**given, "select_from_list": 2})["list"] == 2


def test_a_value_that_is_taken_in_other_capitals_is_answered() -> None:
    script = """CREATE TABLE customers (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) NOT NULL,
      email VARCHAR(60) NOT NULL UNIQUE);
    CREATE TABLE orders (id INT AUTO_INCREMENT PRIMARY KEY, customer_id INT NOT NULL, placed_on DATE NOT NULL,
      FOREIGN KEY (customer_id) REFERENCES customers (id));"""
    schema = Schema(read_ddl(script, dialect="mysql").schema.tables)
    rows = rows_of(schema)
    one, other = rows["customers"][:2]
    tools = functions(derive(schema, rows))
    with open_snapshot(build_snapshot(schema, rows)) as connection:
        change, database = tools["update_customer_email"], Database(connection)
        with pytest.raises(ToolError, match="Another customer has"):
            change(database, customer_id=one["id"], email=str(other["email"]).upper())
        assert change(database, customer_id=one["id"], email=str(one["email"]).upper())


def test_lists_are_not_in_the_order_of_keys_or_dates() -> None:
    source = derive(CLUB).tools_source
    orders = re.findall(r"ORDER BY (.*)", source)
    assert orders
    for order in orders:
        first = order.split(", ")[0]
        assert first in ('"surname"', '"name"') or "% 1009" in first, order


def test_a_secret_is_never_shown() -> None:
    secret = ("password", "api_key", "salt", "ssn", "credit_card_number", "session_token")
    table = Table("users", (column("id", INTEGER), column("name"), *(column(name) for name in secret)), ("id",))
    child = Table(
        "posts",
        (column("id", INTEGER), column("user_id", INTEGER), column("body")),
        ("id",),
        foreign_keys=(link("user_id", "users"),),
    )
    derived = derive(Schema((table, child)))
    assert not [name for name in secret if name in derived.tools_source or name in json.dumps(derived.words)]


def test_a_name_that_many_rows_share_gives_a_list() -> None:
    schema = Schema((Table("pets", (column("id", INTEGER), column("name")), ("id",)),))
    rows: Rows = {"pets": [{"id": number, "name": f"Pet {number % 7}"} for number in range(30)]}
    (tool,) = [tool for tool in read_tools(derive(schema, rows).tools_source, schema) if tool.name.startswith("find")]
    assert (tool.name, tool.contract.many) == ("find_pets", True)


def test_two_rows_of_one_name_are_answered_with_a_refusal() -> None:
    rows = rows_of(CLUB)
    members = rows["members"]
    members[1] = {**members[1], "firstname": members[0]["firstname"], "surname": members[0]["surname"]}
    tools = functions(derive(CLUB, rows))
    with (
        open_snapshot(build_snapshot(CLUB, rows)) as connection,
        pytest.raises(ToolError, match=r"members are called"),
    ):
        tools["find_member"](Database(connection), str(members[0]["firstname"]), str(members[0]["surname"]))


def test_superlatives_of_one_table_never_say_two_things() -> None:
    for name in CASES:
        schema, rows = _case(name)
        for table in schema.tables:
            said = [
                adjective
                for key, words in derive(schema, rows).words["columns"].items()
                if key.startswith(f"{table.name}.")
                for adjective in (words.get("largest"), words.get("smallest"))
                if adjective
            ]
            assert len(said) == len(dict.fromkeys(said)), (name, table.name)


def test_links_are_said_both_ways_whatever_their_columns_are_called() -> None:
    links = derive(CLUB).words["links"]
    assert links["bookings.memid"] == {"forward": "who made", "backward": "made by", "role": "member"}
    assert links["members.recommendedby"] == {
        "forward": "who recommended",
        "backward": "recommended by",
        "role": "member",
    }


def _visits(*columns: Column) -> dict[str, Any]:
    """The derived words of a table of visits with these columns, made by the members of a club."""
    members = Table("members", (column("id", INTEGER), column("name")), ("id",))
    keys = (column("id", INTEGER), column("member_id", INTEGER))
    visits = Table("visits", (*keys, *columns), ("id",), foreign_keys=(link("member_id", "members"),))
    return derive(Schema((members, visits))).words


def test_counts_and_fees_are_extreme_after_the_noun() -> None:
    said = _visits(column("guests", INTEGER), column("zip_code", INTEGER))["columns"]
    assert said["visits.guests"]["largest"] == "with the most guests"
    assert said["visits.guests"]["smallest"] == "with the fewest guests"
    assert "largest" not in said["visits.zip_code"]


def test_what_happens_by_itself_is_asked_for_without_being_done_to_anybody() -> None:
    said = _visits(column("joined_on", DATE), column("paid_on", DATE))["columns"]
    assert said["visits.joined_on"]["ask"] == "When did {it} join?"
    assert said["visits.paid_on"]["ask"] == "When was {it} paid?"


def test_a_state_of_being_cancelled_leaves_no_tool_that_cancels() -> None:
    states = column("status", values=("planned", "cancelled"))
    plain, stated = (_visits(column("visit_date", DATE), *more)["tools"] for more in ((), (states,)))
    assert "cancel_visit" in plain
    assert "cancel_visit" not in stated
    assert stated["delete_visit"]["request"] == "delete {visit_id}"


def test_a_flag_is_marked_and_not_changed_to_yes() -> None:
    groups = Table("groups", (column("id", INTEGER), column("name")), ("id",))
    columns = (column("id", INTEGER), column("group_id", INTEGER), column("name"), column("active", BOOLEAN))
    members = Table("members", columns, ("id",), foreign_keys=(link("group_id", "groups"),))
    derived = derive(Schema((groups, members)))
    assert "Set whether a member is active." in derived.tools_source
    assert "update_member_active" not in derived.words["tools"]


def test_a_schema_without_keys_gets_searches_only() -> None:
    schema = Schema((Table("events", (column("kind", values=("on", "off")), column("level", INTEGER))),))
    assert names(schema) == ["search_events"]


def test_a_large_schema_stays_within_quotas() -> None:
    tables = []
    for number in range(30):
        links = (link("parent_id", f"thing{number - 1}"), link("other_id", f"thing{number // 2}")) if number else ()
        tables.append(
            Table(
                f"thing{number}",
                (
                    column("id", INTEGER),
                    column("name"),
                    column("status", values=("open", "closed")),
                    column("email"),
                    column("amount", MONEY),
                    *(column(one.columns[0], INTEGER) for one in links),
                ),
                ("id",),
                foreign_keys=links,
            )
        )
    schema = Schema(tuple(tables))
    tools = read_tools(derive(schema).tools_source, schema)
    assert len(tools) == MOST_TOOLS
    kinds = [tool.name.partition("_")[0] for tool in tools]
    assert sum(tool.writes for tool in tools) >= 7
    assert kinds.count("list") <= 16
    assert kinds.count("find") + kinds.count("search") >= 7
    for table in schema.tables:
        own = [tool for tool in tools if tool.contract.entity == table.name]
        assert sum(tool.writes for tool in own) <= MOST_WRITES
        assert sum(not tool.writes for tool in own) <= MOST_READS


def _draft(name: str, needs: str = "", gives: str = "", group: str = "list") -> Draft:
    parameters = (Parameter("key", "int", "t.id", "", root=needs),) if needs else ()
    return Draft(
        name=name,
        group="write" if group == "write" else "list",
        table=name,
        text="",
        parameters=parameters,
        gives={},
        many=True,
        body=(),
        score=1.0,
        produces=(gives,) if gives else (),
    )


def test_a_tool_that_only_feeds_itself_is_left_out() -> None:
    drafts = [
        _draft("a", gives="t.id"),
        _draft("b", needs="t.id", gives="u.id"),
        _draft("c", needs="v.id", gives="v.id"),
    ]
    assert [draft.name for draft in reachable(drafts)] == ["a", "b"]
    assert [draft.name for draft in choose(drafts)] == ["a", "b"]


def test_there_are_at_least_three_writes_where_there_can_be() -> None:
    drafts = [_draft(f"read{n}", gives="t.id") for n in range(9)] + [_draft(f"w{n}", group="write") for n in range(5)]
    chosen = choose(drafts, most=6)
    assert sum(draft.group == "write" for draft in chosen) >= FEWEST_WRITES
