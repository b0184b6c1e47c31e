"""Loads columns into a PostgreSQL database whose tables its own script has made, so that its own constraints judge.

Nothing is switched off: what a constraint refuses is reported row by row, and the rest is loaded. Parents come before
children; a foreign key of a circle is deferred to the end of the load, for which one that is not deferrable is made
so for the while. Databases that are still empty are filled by `load.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from .copy_text import Encoder, bits, copy_rows, encoder, lists, octets, texts, truths
from .cursor import QualifiedName
from .drafts import DEFAULT_SCHEMAS, final_names
from .emit import quote
from .model import Column, Columns, Schema, Table, Value
from .postgres_session import Session, refusal, session

if TYPE_CHECKING:
    import psycopg

_MOST_REFUSALS = 200  # of one table; a table with more is given up
_OURS = (
    "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'"
    " AND n.nspname NOT LIKE 'pg_temp%'"
)
_TABLES = f"""
SELECT c.oid::bigint, n.nspname::text, c.relname::text, n.nspname = current_schema()
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND {_OURS} ORDER BY c.oid
"""
# The type below a domain, as that decides how a value is written.
_COLUMNS = """
WITH RECURSIVE below AS (
  SELECT t.oid AS top, t.oid, t.typbasetype, t.typname, t.typcategory FROM pg_catalog.pg_type AS t
  UNION ALL
  SELECT b.top, t.oid, t.typbasetype, t.typname, t.typcategory
  FROM below AS b JOIN pg_catalog.pg_type AS t ON t.oid = b.typbasetype WHERE b.typbasetype <> 0
)
SELECT a.attrelid::bigint, a.attname::text, a.attgenerated <> '', b.typname::text, b.typcategory = 'A'
FROM pg_catalog.pg_attribute AS a JOIN below AS b ON b.top = a.atttypid AND b.typbasetype = 0
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = ANY(%s) ORDER BY a.attrelid, a.attnum
"""
_LINKS = """
SELECT k.conrelid::bigint, k.confrelid::bigint, k.conname::text, k.condeferrable,
  ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u (num, place)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY u.place),
  ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u (num, place)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.num ORDER BY u.place)
FROM pg_catalog.pg_constraint AS k WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid = ANY(%s) ORDER BY k.oid
"""
_TRIGGERS = """
SELECT t.tgrelid::bigint, t.tgname::text, t.tgenabled = 'A' FROM pg_catalog.pg_trigger AS t
WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgparentid = 0 AND t.tgrelid = ANY(%s) ORDER BY t.oid
"""


class Refusal(NamedTuple):
    """What the database did not take.

    Attributes:
        constraint: Its name, or what stands for one: `NOT NULL column`, or the server's error class.
        row: The number of the row, from 1; 0 when it is not about one row.
        detail: What the server says.
    """

    table: str
    constraint: str
    row: int
    detail: str


@dataclass(slots=True)
class NativeLoad:
    """What came of a load.

    Attributes:
        rows: The number of rows taken, by table.
        refused: What was not, in the order in which it was met.
        kept: Whether the database holds the rows now; it does not when a deferred foreign key turned out broken.
    """

    rows: dict[str, int] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    kept: bool = True


class _NativeColumn(NamedTuple):
    name: str
    generated: bool
    type: str
    array: bool


class _Link(NamedTuple):
    table: int
    target: int
    name: str
    deferrable: bool
    columns: list[str]
    target_columns: list[str]


@dataclass(slots=True, eq=False)
class _Native:
    """A table of the model and its counterpart."""

    table: Table
    oid: int
    place: str
    columns: dict[str, _NativeColumn] = field(default_factory=dict)


def load_native(url: str, schema: Schema, columns: Columns, *, triggers: bool = True) -> NativeLoad:
    """Load rows into tables that exist, and report what their constraints refuse.

    Tables and columns are found by name without regard to capitals, a table of a name that several schemas have as
    `schema_name`. List columns are written as arrays.

    Args:
        triggers: Whether the database's own triggers run; they may change or refuse rows.

    Raises:
        DatabaseError: It cannot be reached, or this user may not write to it.
    """
    found = NativeLoad()
    with session(url) as opened:
        tables = _matched(opened, schema, found)
        oids = [native.oid for native in tables]
        links = [_Link(*row) for row in opened.run(_LINKS, oids)]
        silenced = [] if triggers else _silence(opened, tables)
        ordered, deferred = _order(tables, links)
        _defer(opened, tables, deferred)
        for native in ordered:
            opened.doing = f"table {native.table.name!r}: "
            _Loader(opened, native, columns.get(native.table.name, {}), found).run()
        opened.doing = ""
        _settle(opened, tables, deferred, found)
        if not found.kept:
            import psycopg

            raise psycopg.Rollback
        for link in deferred:
            if not link.deferrable:
                opened.run(
                    f"ALTER TABLE {_place(tables, link.table)} ALTER CONSTRAINT {quote(link.name)} NOT DEFERRABLE"
                )
        for place, name, always in silenced:
            opened.run(f"ALTER TABLE {place} ENABLE {'ALWAYS ' if always else ''}TRIGGER {quote(name)}")
    return found


# -- names --------------------------------------------------------------------------------------------------------


def _matched(opened: Session, schema: Schema, found: NativeLoad) -> list[_Native]:
    by_name: dict[str, tuple[int, str]] = {}
    listed = list(opened.run(_TABLES))
    names = final_names([QualifiedName(place, name) for _, place, name, _ in listed], DEFAULT_SCHEMAS["postgres"])
    for oid, place, name, current in listed:
        where = f"{quote(place)}.{quote(name)}"
        by_name.setdefault(names[QualifiedName(place, name)].lower(), (oid, where))
        if current:  # a script names its tables without a schema, then
            by_name[name.lower()] = (oid, where)
    out: list[_Native] = []
    for table in schema.tables:
        match = by_name.get(_folded(table.name))
        if match is None:
            found.refused.append(Refusal(table.name, "no table", 0, "the database has no such table"))
        else:
            out.append(_Native(table, *match))
    by_oid = {native.oid: native for native in out}
    for oid, *rest in opened.run(_COLUMNS, list(by_oid)):
        column = _NativeColumn(*rest)
        by_oid[oid].columns.setdefault(column.name.lower(), column)
    return out


def _folded(name: str) -> str:
    """A name as PostgreSQL keeps it, without its capitals."""
    return name.encode()[:63].decode("utf-8", "ignore").lower()


def _place(tables: Sequence[_Native], oid: int) -> str:
    return next(native.place for native in tables if native.oid == oid)


# -- order --------------------------------------------------------------------------------------------------------


def _order(tables: Sequence[_Native], links: Sequence[_Link]) -> tuple[list[_Native], list[_Link]]:
    """Parents first; and the foreign keys whose target comes later all the same, as they form a circle."""
    import networkx as nx

    number = {native.oid: place for place, native in enumerate(tables)}
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(number.values())
    inside = [link for link in links if link.target in number]
    graph.add_edges_from((number[link.target], number[link.table]) for link in inside)
    circles = nx.condensation(graph)
    members = {node: sorted(circles.nodes[node]["members"]) for node in circles}
    ordered = [
        place
        for node in nx.lexicographical_topological_sort(circles, key=lambda node: members[node][0])
        for place in members[node]
    ]
    turn = {place: position for position, place in enumerate(ordered)}
    late = [link for link in inside if turn[number[link.target]] > turn[number[link.table]]]
    return [tables[place] for place in ordered], late


def _defer(opened: Session, tables: Sequence[_Native], links: Sequence[_Link]) -> None:
    for link in links:
        if not link.deferrable:
            opened.run(
                f"ALTER TABLE {_place(tables, link.table)} ALTER CONSTRAINT {quote(link.name)}"
                " DEFERRABLE INITIALLY DEFERRED"
            )
    if links:
        opened.run("SET CONSTRAINTS ALL DEFERRED")


def _settle(opened: Session, tables: Sequence[_Native], links: Sequence[_Link], found: NativeLoad) -> None:
    """Have everything that was deferred verified now."""
    import psycopg

    try:
        with opened.connection.transaction():
            opened.run("SET CONSTRAINTS ALL IMMEDIATE")
        return
    except psycopg.Error as error:
        found.kept = False
        said = Refusal(error.diag.table_name or "", _constraint(error), 0, refusal(error))
    names = {native.oid: native.table.name for native in tables}
    counted = [(link, _broken(opened, tables, link)) for link in links]
    found.refused += [
        Refusal(names[link.table], link.name, 0, f"{broken} rows point at no row") for link, broken in counted if broken
    ] or [said]


def _broken(opened: Session, tables: Sequence[_Native], link: _Link) -> int:
    given = " AND ".join(f"c.{quote(name)} IS NOT NULL" for name in link.columns)
    pairs = zip(link.columns, link.target_columns, strict=True)
    same = " AND ".join(f"t.{quote(target)} = c.{quote(name)}" for name, target in pairs)
    child, target = _place(tables, link.table), _place(tables, link.target)
    row = opened.run(
        f"SELECT count(*) FROM {child} AS c WHERE {given} AND NOT EXISTS (SELECT 1 FROM {target} AS t WHERE {same})"
    ).fetchone()
    return int(row[0]) if row else 0


def _silence(opened: Session, tables: Sequence[_Native]) -> list[tuple[str, str, bool]]:
    """Disable the triggers that would run; each with what brings it back."""
    places = {native.oid: native.place for native in tables}
    found = [(places[oid], name, always) for oid, name, always in opened.run(_TRIGGERS, list(places))]
    for place, name, _ in found:
        opened.run(f"ALTER TABLE {place} DISABLE TRIGGER {quote(name)}")
    return found


# -- rows ---------------------------------------------------------------------------------------------------------


class _Loader:
    """Loads one table, by halves where it is refused, until each row stands alone."""

    def __init__(self, opened: Session, native: _Native, lists: dict[str, list[Value]], found: NativeLoad) -> None:
        self.opened, self.native, self.found = opened, native, found
        self.refused: list[tuple[int, psycopg.Error]] = []
        chosen: list[tuple[_NativeColumn, Encoder, list[Value]]] = []
        for column in native.table.columns:
            target = native.columns.get(_folded(column.name))
            if target is None and not column.generated:
                found.refused.append(
                    Refusal(native.table.name, "no column", 0, f"the table has no column {column.name!r}")
                )
            if target is not None and not target.generated and column.name in lists:
                chosen.append((target, _native_encoder(column, target), lists[column.name]))
        self.encoders = [encode for _, encode, _ in chosen]
        self.values = [values for *_, values in chosen]
        names = ", ".join(quote(target.name) for target, *_ in chosen)
        self.statement = f"COPY {native.place} ({names}) FROM STDIN"

    def run(self) -> None:
        count = len(self.values[0]) if self.values else 0
        name = self.native.table.name
        left = list(range(count))
        while left:
            self.refused = []
            self.load(left)
            again = [row for row, _ in self.refused]
            # A row may point at one of its own table that was refused before it, or came after it.
            if not again or len(again) == len(left) or len(again) >= _MOST_REFUSALS:
                break
            left = again
        self.found.rows[name] = count - len(self.refused)
        for row, error in self.refused[:_MOST_REFUSALS]:
            self.found.refused.append(Refusal(name, _constraint(error), row + 1, refusal(error)))
        if len(self.refused) > _MOST_REFUSALS:
            more = len(self.refused) - _MOST_REFUSALS
            self.found.refused.append(Refusal(name, "given up", 0, f"{more} more rows were not taken"))

    def load(self, rows: Sequence[int]) -> None:
        import psycopg

        try:
            with self.opened.connection.transaction():
                chosen = [[values[row] for row in rows] for values in self.values]
                self.opened.copy(self.statement, (chunk for _, chunk in copy_rows(chosen, self.encoders)))
            return
        except psycopg.errors.InsufficientPrivilege:
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError):
            raise
        except psycopg.Error as error:
            if len(rows) == 1 or len(self.refused) >= _MOST_REFUSALS:
                self.refused += [(row, error) for row in rows]
                return
        middle = len(rows) // 2
        self.load(rows[:middle])
        self.load(rows[middle:])


def _native_encoder(column: Column, target: _NativeColumn) -> Encoder:
    if target.array:
        return lists
    if target.type == "bytea":
        return octets
    if column.type.kind == "boolean":
        return truths if target.type == "bool" else bits
    return texts if column.type.items is not None else encoder(column.type)


def _constraint(error: psycopg.Error) -> str:
    said = error.diag
    if said.constraint_name:
        return said.constraint_name
    if error.sqlstate == "23502":
        return f"NOT NULL {said.column_name or said.datatype_name}"
    return type(error).__name__
