"""Turns drafts into a Schema: translates expressions, resolves keys, and proves that SQLite takes every table.

Whatever SQLite refuses becomes a Loss here, so that `write_ddl` of the result
always executes.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

import apsw
from sqlglot import exp

from . import translate
from .collation import compared, keys_beside
from .cursor import QualifiedName
from .default import kept_default
from .draft import DraftColumn, DraftIndex, DraftLink, DraftTable, Losses, Part
from .drafts import Drafts, Lookup, final_names
from .emit import is_inferred, is_unnamed, quote, table_statements
from .engine import said
from .errors import Unreadable
from .kinds import sqlite_name
from .lex import Dialect
from .model import Check, Column, ColumnType, ForeignKey, Index, Kind, Table
from .position import POSITIONS, taken_positions
from .sequences import draws
from .user_types import settle_types
from .value_kind import Columns

# Kinds of a foreign key's column and of what it points at that PostgreSQL compares although they differ.
_COMPARABLE = frozenset(
    {
        ("integer", "decimal"), ("integer", "real"), ("decimal", "real"), ("date", "timestamp"),
        ("timestamp", "date"),
    }
)  # fmt: skip


_MOST_LOOSE = 4


class Finisher:
    """Finishes all tables of one reading.

    Attributes:
        used_sequences: Small-letter names of the sequences that feed a column that the engine now assigns.
    """

    def __init__(self, dialect: Dialect, losses: Losses) -> None:
        self.dialect = dialect
        self.losses = losses
        self.engine = translate.open_engine()
        self.used_sequences: set[str] = set()
        self.ignoring = False
        self.defaults: dict[tuple[str, ColumnType], str | Unreadable | None] = {}
        self.renamed: dict[tuple[str, str], QualifiedName] = {}
        self.renamed_columns: dict[QualifiedName, dict[str, str]] = {}

    def tables(self, read: Drafts) -> dict[QualifiedName, Table]:
        """The tables that SQLite accepts, by the names they were declared with."""
        drafts = read.all()
        self.renamed = read.renamed
        self.renamed_columns = {draft.name: draft.renamed for draft in drafts if draft.renamed}
        names = final_names([draft.name for draft in drafts], read.default)
        out: dict[QualifiedName, Table] = {}
        taken: set[str] = set()
        settle_types(drafts, self.dialect)
        for draft in drafts:
            self.switched_off(draft)
            self.key_columns(draft)
        self.link_types(drafts)
        for draft in drafts:
            table = self.table(draft, names[draft.name])
            table = self.with_position(draft, table)
            if table.name.lower() in taken:
                reason = "another table's name differs only in capitals, which SQLite does not tell apart"
            else:
                reason = self.hidden_position(table) or self.refusal(table)
            if reason:
                self.losses.add(draft.source, f"the table is left out: {reason}")
                continue
            taken.add(table.name.lower())
            out[draft.name] = table
        lookup = Lookup(out)
        for draft in drafts:
            if draft.name in out:
                keys = tuple(dict.fromkeys(key for link in draft.links if (key := self.link(draft, link, out, lookup))))
                out[draft.name] = self.with_keys_beside(draft, replace(out[draft.name], foreign_keys=keys))
        return out

    def with_keys_beside(self, draft: DraftTable, table: Table) -> Table:
        """Where a key ignores capitals, which the model's own do not, a unique index stands beside it."""
        more = keys_beside(draft, table, self.dialect)
        if more and self.dialect in ("mysql", "tsql") and not self.ignoring:
            self.ignoring = True
            reason = "of texts only unique keys ignore capitals, and accents count everywhere"
            self.losses.add(f"{table.name}: UNIQUE ({', '.join(more[0].columns)})", reason)
        return replace(table, indexes=(*table.indexes, *more))

    def switched_off(self, draft: DraftTable) -> None:
        """The model has no constraint that does not hold."""
        for constraint in draft.constraints():
            if constraint.off:
                reason = "the constraint is switched off in the source; here it holds"
                self.losses.add(f"{draft.name.name}: {constraint.source}", reason)

    def with_position(self, draft: DraftTable, table: Table) -> Table:
        """Where a column hides SQLite's own row number and no key is declared, a unique one serves as the key."""
        hiding = taken_positions(table)
        if table.primary_key or not hiding:
            return table
        for unique in table.uniques:
            if not any(table.column(name).nullable for name in unique):
                self.losses.add(
                    draft.source,
                    f"the unique key ({', '.join(unique)}) becomes the primary key, since the column {hiding[0]!r}"
                    " is called like SQLite's own number of a row",
                )
                rest = tuple(other for other in table.uniques if other != unique)
                return replace(table, primary_key=unique, uniques=rest, inferred_key=True)
        return table

    @staticmethod
    def hidden_position(table: Table) -> str:
        """Why a table's rows could not be told apart, or ""."""
        hiding = taken_positions(table)
        if not hiding or (table.primary_key and len(hiding) < len(POSITIONS)):
            return ""
        return (
            f"it has no key, and its column {hiding[0]!r} hides SQLite's own number of a row, so that its rows cannot"
            " be told apart; declare a key, or rename the column"
            if not table.primary_key
            else f"its columns {', '.join(hiding)} leave no name for SQLite's own number of a row; rename one"
        )

    def key_columns(self, draft: DraftTable) -> None:
        """What being a key says about a column."""
        key = [column for name in draft.primary_key if (column := draft.column(name))]
        if len(key) != len(draft.primary_key):
            self.losses.add(f"{draft.name.name}: PRIMARY KEY", "the key names a column that the table lacks")
            draft.primary_key = ()
            return
        draft.primary_key = tuple(column.name for column in key)
        linked = {name.lower() for link in draft.links for name in link.columns}
        for column in draft.columns:
            if column in key:
                column.nullable = False
            whole = self.dialect == "oracle" and column.type == ColumnType("decimal")
            if whole and (column in key or column.name.lower() in linked):
                # Oracle's NUMBER without a precision; nobody keys a table by fractions.
                column.type = ColumnType("integer")
        if self.dialect == "sqlite" and len(key) == 1 and key[0].type_name == "integer" and not draft.without_rowid:
            key[0].autoincrement = True

    def link_types(self, drafts: Sequence[DraftTable]) -> None:
        """Give a foreign key's column the type of what it points at where the two could not be compared."""
        by_name = {draft.name: draft for draft in drafts}
        lookup = Lookup(by_name)
        pairs: list[tuple[DraftTable, DraftColumn, DraftColumn]] = []
        for draft in drafts:
            for link in draft.links:
                found = lookup.find(link.target, link.places)
                target = by_name[found] if found is not None else None
                pointed = link.target_columns or (target.primary_key if target is not None else ())
                for own, other in zip(link.columns, pointed, strict=False):
                    column, aim = draft.column(own), target.column(other) if target is not None else None
                    if column is not None and aim is not None:
                        pairs.append((draft, column, aim))
        for _ in range(len(pairs)):
            changed = False
            for draft, column, aim in pairs:
                kinds = (column.type.kind, aim.type.kind)
                if kinds in _COMPARABLE or (kinds[0] == kinds[1] and column.type.items == aim.type.items):
                    continue
                reason = f"kept as {aim.type.kind}, like what it points at, and not as {column.type.kind}"
                self.losses.add(f"{draft.name.name}: {column.source}", reason)
                column.type, column.values, changed = aim.type, aim.values, True
            if not changed:
                break

    def table(self, draft: DraftTable, name: str) -> Table:
        columns = [self.column(draft, column) for column in draft.columns]
        shape = translate.by_name(tuple(columns))
        columns = [self.computed(draft, column, shape) for column in columns]
        shape = translate.by_name(tuple(columns))
        checks: list[Check] = []
        for unsigned in draft.columns:
            if unsigned.unsigned and not self.is_key(draft, unsigned):
                checks.append(Check(f"{quote(unsigned.name)} >= 0"))
        for draft_check in draft.checks:
            try:
                found = translate.condition(
                    draft_check.text, self.dialect, shape, value_name=draft_check.value_name, padded=draft.padded()
                )
                enum = translate.in_list(found.tree)
                if enum and enum[0].lower() in shape and self.make_enum(columns, enum):
                    continue  # `shape` stays as it is: a list in a CHECK gives its values no order
                check = Check(found.sql, "" if is_unnamed(draft_check.name) else draft_check.name)
                self.probe(columns, f", CHECK ({found.sql})")
                if check not in checks:
                    checks.append(check)
            except Unreadable as error:
                self.losses.add(f"{draft.name.name}: {draft_check.source}", f"the check is left out: {error}")
        table = Table(
            name,
            tuple(columns),
            draft.primary_key,
            checks=tuple(checks),
            comment=draft.comment,
            inferred_key=is_inferred(draft.key.name),
        )
        return self.with_indexes(draft, table)

    @staticmethod
    def is_key(draft: DraftTable, column: DraftColumn) -> bool:
        """Whether a bound on the sign says nothing: the engine or another table gives the value."""
        return column.autoincrement or any(link.columns == (column.name,) for link in draft.links)

    @staticmethod
    def make_enum(columns: list[Column], enum: tuple[str, tuple[str, ...]]) -> bool:
        for number, column in enumerate(columns):
            if column.name.lower() == enum[0].lower() and column.type.kind == "text" and not column.values:
                columns[number] = replace(column, values=enum[1])
                return True
        return False

    def column(self, draft: DraftTable, source: DraftColumn) -> Column:
        where = f"{draft.name.name}: {source.source}"
        assigned = source.autoincrement
        text = source.default
        taken = draws(text, self.dialect)
        if taken is not None and taken.fresh:  # also where a trigger takes it
            assigned, text = True, ""
            self.used_sequences.add(taken.sequence)
        if assigned and (len(draft.primary_key) != 1 or draft.primary_key[0].lower() != source.name.lower()):
            self.losses.add(where, "SQLite numbers only a table's single primary key by itself; values must be given")
            assigned = False
        type_ = source.type
        if assigned and type_.kind == "decimal" and not type_.scale:
            type_ = ColumnType("integer")
        if assigned and type_.kind != "integer":
            self.losses.add(where, "SQLite numbers only whole numbers by itself; values must be given")
            assigned = False
        column = Column(
            source.name,
            type_,
            source.nullable and source.name not in draft.primary_key,
            values=tuple(dict.fromkeys(source.values)),
            autoincrement=assigned,
            comment=source.comment,
            generated=source.generated or None,
        )
        if text and not assigned:
            try:
                if "nextval" in text.lower() or "next value for" in text.lower():
                    raise Unreadable("only the bare next number of a sequence is kept, not what is made of it")
                column = replace(column, default=self.default(text, column))
            except Unreadable as error:
                self.losses.add(where, f"the default is left out: {error}")
        return column

    def default(self, text: str, column: Column) -> str | None:
        """The default as it is kept; a dump has the same few again and again."""
        key = (text, column.type)
        if key not in self.defaults:
            try:
                self.defaults[key] = kept_default(text, self.dialect, column, self.engine)
            except Unreadable as error:
                self.defaults[key] = error
        known = self.defaults[key]
        if isinstance(known, Unreadable):
            raise Unreadable(str(known))
        return known

    def computed(self, draft: DraftTable, column: Column, shape: Columns) -> Column:
        if column.generated is None:
            return column
        source = draft.column(column.name)
        typed = source is not None and bool(source.type_name)
        try:
            found = translate.generated(column.generated, self.dialect, shape, padded=draft.padded())
            if not typed:
                column = replace(column, type=_type_of(found, shape))
            column = replace(column, generated=found.sql)
            others = [replace(other, generated=None) for name, other in shape.items() if name != column.name.lower()]
            self.probe([*others, column], "")
        except Unreadable as error:
            # Its rows do not say what it holds, so that it may hold nothing.
            column = replace(column, generated=None, nullable=column.name not in draft.primary_key)
            self.losses.add(
                f"{draft.name.name}: {source.source if source else column.name}",
                f"the column is kept but no longer computed: {error}",
            )
        return column

    def probe(self, columns: Sequence[Column], clause: str) -> None:
        """Have SQLite take a clause of a table; Unreadable with its own words when it does not."""
        lines = [
            f"{quote(column.name)} {sqlite_name(column.type)}"
            + (f" GENERATED ALWAYS AS ({column.generated}) STORED" if column.generated else "")
            for column in columns
        ]
        try:
            self.engine.run(f"CREATE TABLE probe ({', '.join(lines)}{clause})")
            with contextlib.suppress(apsw.ConstraintError):
                self.engine.run("INSERT INTO probe DEFAULT VALUES")
        except (apsw.Error, ValueError) as error:
            raise Unreadable(f"SQLite refuses it ({said(error)})") from error
        finally:
            self.engine.execute("DROP TABLE IF EXISTS probe")

    def refusal(self, table: Table) -> str:
        """Why SQLite does not take a table as a whole, or ""."""
        self.engine.execute("SAVEPOINT trial")
        try:
            for statement in table_statements(table, {table.name.lower()}):
                self.engine.run(statement)
        except (apsw.Error, ValueError) as error:
            return str(error)
        finally:
            self.engine.execute("ROLLBACK TO trial; RELEASE trial")
        return ""

    def with_indexes(self, draft: DraftTable, table: Table) -> Table:
        enums = {column.name for column in draft.columns if column.values}
        declared = [column if column.name in enums else replace(column, values=()) for column in table.columns]
        shape = translate.by_name(tuple(declared))
        uniques: list[tuple[str, ...]] = []
        indexes: list[Index] = []
        seen = {frozenset(name.lower() for name in table.primary_key)}
        for source in draft.indexes:
            try:
                if source.nulls_alike or (source.unique and self.dialect in ("tsql", "oracle")):
                    indexes += self.alike(draft, source, shape)
                columns = self.plain_columns(source, shape) if source.unique else None
                if columns is not None:
                    key = frozenset(name.lower() for name in columns)
                    if key not in seen:
                        seen.add(key)
                        uniques.append(columns)
                    continue
                parts = tuple(self.index_part(part, shape, draft, source.unique) for part in source.parts)
                index = Index(parts, self.where(source, shape, draft), source.unique)
                if index in indexes:
                    continue
                if not all(part.column and not part.prefix for part in source.parts) or source.where:
                    reason = self.refusal(replace(table, indexes=(index,)))
                    if reason:
                        raise Unreadable(f"SQLite refuses it ({reason})")
                indexes.append(index)
            except Unreadable as error:
                what = "unique key" if source.unique else "index"
                self.losses.add(f"{draft.name.name}: {source.source}", f"the {what} is left out: {error}")
        return replace(table, uniques=tuple(uniques), indexes=tuple(indexes))

    def alike(self, draft: DraftTable, source: DraftIndex, shape: Columns) -> list[Index]:
        """Where NULLs are alike: for all columns that may be NULL together, a unique index over the other columns.

        So they are in every key of SQL Server; in Oracle's, too, unless all columns are NULL.
        """
        parts = {part: self.index_part(part, shape, draft, True) for part in source.parts}
        loose = [part for part in parts if not part.column or shape[part.column.lower()].nullable]
        if len(loose) > _MOST_LOOSE or not all(part.column for part in loose):
            self.losses.add(f"{draft.name.name}: {source.source}", "NULLs count as distinct in SQLite's unique keys")
            return []
        found: list[Index] = []
        where = self.where(source, shape, draft)
        most = len(loose) - (self.dialect == "oracle" and len(loose) == len(parts))
        for count in range(1, most + 1):
            for absent in itertools.combinations(loose, count):
                null = [f"{quote(shape[part.column.lower()].name)} IS NULL" for part in absent]
                rest = tuple(text for part, text in parts.items() if part not in absent)
                condition = " AND ".join([*([f"({where})"] if where else []), *null])
                kept = translate.condition(condition, "sqlite", shape).sql
                found.append(Index(rest or (null[0],), kept))
        return found

    @staticmethod
    def plain_columns(unique: DraftIndex, shape: Columns) -> tuple[str, ...] | None:
        """The key's columns when it is over whole columns and without a condition."""
        out: list[str] = []
        for part in unique.parts:
            if not part.column:
                return None
            column = shape.get(part.column.lower())
            if column is None:
                raise Unreadable(f"the table has no column {part.column!r}")
            if part.prefix and not (column.type.length and column.type.length <= part.prefix):
                return None
            out.append(column.name)
        return None if unique.where else tuple(out)

    def index_part(self, part: Part, shape: Columns, draft: DraftTable, unique: bool) -> str:
        if not part.column:
            return translate.condition(part.text, self.dialect, shape, padded=draft.padded()).sql
        known = shape.get(part.column.lower())
        if known is None:
            raise Unreadable(f"the table has no column {part.column!r}")
        if not unique:
            return quote(known.name)  # its prefix saves room only
        text = compared(draft, known, self.dialect, part.collation)
        return f"SUBSTRING({text}, 1, {part.prefix})" if part.prefix else text

    def where(self, unique: DraftIndex, shape: Columns, draft: DraftTable) -> str:
        if not unique.where:
            return ""
        return translate.condition(unique.where, self.dialect, shape, padded=draft.padded()).sql

    def link(
        self, draft: DraftTable, link: DraftLink, tables: Mapping[QualifiedName, Table], lookup: Lookup
    ) -> ForeignKey | None:
        where = f"{draft.name.name}: {link.source}"
        try:
            key = self.resolved(draft, link, tables, lookup)
        except Unreadable as error:
            self.losses.add(where, f"the foreign key is left out: {error}")
            return None
        if link.deferred:
            self.losses.add(where, "the foreign key is checked at once, not at the end of a transaction")
        return key

    def resolved(
        self, draft: DraftTable, link: DraftLink, tables: Mapping[QualifiedName, Table], lookup: Lookup
    ) -> ForeignKey:
        found = lookup.find(link.target, link.places)
        if found is None:
            places = (link.target.schema,) if link.target.schema else link.places
            former = (self.renamed.get((place.lower(), link.target.name.lower())) for place in places)
            now = next((name for name in former if name is not None), None)
            found = lookup.find(now, link.places) if now else None
        if found is None:
            raise Unreadable(f"there is no table {'.'.join(part for part in link.target if part)!r}")
        own, target = tables[draft.name], tables[found]
        own_names = translate.by_name(own.columns)
        target_names = translate.by_name(target.columns)
        former_columns = self.renamed_columns.get(found, {})
        pointed = tuple(
            name if name.lower() in target_names else former_columns.get(name.lower(), name)
            for name in link.target_columns or target.primary_key
        )
        if len(pointed) != len(link.columns):
            raise Unreadable(f"it has {len(link.columns)} columns and points at {len(pointed)}")
        for table, known, names in ((own, own_names, link.columns), (target, target_names, pointed)):
            for name in names:
                if name.lower() not in known:
                    raise Unreadable(f"table {table.name!r} has no column {name!r}")
        columns = tuple(own_names[name.lower()].name for name in link.columns)
        targets = tuple(target_names[name.lower()].name for name in pointed)
        unique_keys = [set(target.primary_key), *(set(unique) for unique in target.uniques)]
        if set(targets) not in unique_keys:
            raise Unreadable(f"what it points at in {target.name!r} is not unique")
        inferred = is_inferred(link.name)
        return ForeignKey(columns, target.name, targets, link.on_delete, link.on_update, inferred)


def _type_of(found: translate.Translated, shape: Columns) -> ColumnType:
    """The type of a computed column that declares none, from the columns it is computed of."""
    if found.tree.find(exp.DPipe, exp.Lower, exp.Upper, exp.Concat, exp.Substring, exp.Trim):
        return ColumnType("text")
    kinds = [shape[node.name.lower()].type.kind for node in found.tree.find_all(exp.Column)]
    strongest: tuple[Kind, ...] = ("text", "decimal", "real", "integer")
    for kind in strongest:
        if kind in kinds:
            return ColumnType(kind)
    return shape[found.tree.name.lower()].type if isinstance(found.tree, exp.Column) else ColumnType("decimal")
