"""The rules that propose a primary key for a table without one, the most convincing first.

A rule names candidates by what columns are called; types, NOT NULL and rows only
rule out. The first rule that leaves exactly one decides, and where none does the table
stays without a key. Why each rule is as strict as it is stands with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from .contents import Contents
from .model import Column, Table
from .nouns import ColumnName, Mark, Nouns, abbreviates, noun, shared_run, word_set, words

Links = Mapping[str, tuple[str, str]]
"""For each linking column of one table, by its name: the table and column that it points at."""

_LONGEST = 128  # characters of a text that still may tell rows apart
_HANDFUL = 5  # rows below which telling them apart shows nothing
_MANY = 20
_NATURAL = word_set(
    "abbr abbreviation barcode email iban iso iso2 iso3 isbn issn login name plate sku slug symbol ticker username vin"
)
_PART = word_set("seq sequence line item pos position version ordinal lfd zeile row")
_LINE = word_set("line item pos position zeile")
_START = word_set("start from begin effective since valid")
_AUDIT = word_set("create created update updated modified changed inserted added timestamp")
_TIMES = ("date", "time", "timestamp")
_MARKS: tuple[Mark, ...] = ("id", "number", "code")


class View(NamedTuple):
    """What a rule sees.

    Attributes:
        tables: As they are by now: keys that were proposed count.
        links: What each table's columns point at, by the table's name.
        having: For each column name the tables that have such a column.
        copies: Tables that repeat the columns of another, such as a partition of it.
    """

    tables: Mapping[str, Table]
    nouns: Nouns
    contents: Contents
    links: Mapping[str, Links]
    having: Mapping[str, tuple[str, ...]]
    copies: frozenset[str]

    def names(self, table: Table, column: Column) -> tuple[ColumnName, ...]:
        """The column's name and what is left of it without what all of the table's columns share."""
        return self.nouns.columns[table.name][column.name]

    def certain(self, table: Table, column: Column) -> bool:
        """Whether the column always has a value, as declared or as the rows show.

        A table that declares no NOT NULL at all says nothing by leaving it out; nor does its first column, which
        is where a key stands that was to be declared later.
        """
        if not column.nullable:
            return True
        silent = all(other.nullable for other in table.columns) or column is table.columns[0]
        return (silent or self.contents.count(table.name) > 0) and not self.contents.has_null(table.name, column.name)

    def marked(self, table: Table, column: Column) -> bool:
        """Whether the name says that the column identifies something."""
        return any(name.mark for name in self.names(table, column))

    def loose(self, table: Table) -> list[Column]:
        """The columns that are called like a key and point nowhere that is known, in their order."""
        links = self.links[table.name]
        return [
            c
            for c in table.columns
            if c.name not in links and self.marked(table, c) and _identifies(c) and not c.values
        ]


def propose_key(table: Table, view: View, depth: int) -> tuple[str, ...]:
    """The columns of the key that the first convincing rule finds; () when none does.

    Args:
        depth: How many of the groups of rules are asked. The weaker ones rely on what the stronger ones found
            in all tables, so they come when these find nothing more.
    """
    for rule in [rule for group in _GROUPS[:depth] for rule in group]:
        found = list(dict.fromkeys(rule(table, view)))
        fitting = [columns for columns in found if view.contents.allows_key(table.name, columns)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            return ()
    return ()


Rule = Callable[[Table, View], Iterator[tuple[str, ...]]]


def _bare(table: Table, view: View) -> Iterator[tuple[str, ...]]:
    """`id`, or `uuid` where there is none."""
    for wanted in ("id", "uuid", "guid", "pk", "rowid", "recid"):
        for column in table.columns:
            called = _identifies(column) and view.names(table, column)[0].whole == wanted
            if called and view.contents.allows_key(table.name, (column.name,)):
                yield (column.name,)
                return


def _own_name(table: Table, view: View) -> Iterator[tuple[str, ...]]:
    """`customer_id` of `customers`; an id before a number, a number before a code."""
    for mark in _MARKS:
        found = [
            column
            for position, column in enumerate(table.columns)
            if _identifies(column)
            and (mark == "id" or position == 0 or view.certain(table, column))
            and any(name.mark == mark and view.nouns.means(table.name, name.noun) for name in view.names(table, column))
            and view.contents.allows_key(table.name, (column.name,))
            and not (view.nouns.extends(table.name) and _shortened(table, view, column))
        ]
        if found:
            yield (found[0].name,)
            return


def _declared_unique(table: Table, view: View) -> Iterator[tuple[str, ...]]:
    """The only UNIQUE over columns that are never NULL is a key in all but name."""
    for unique in table.uniques:
        columns = [table.column(name) for name in unique]
        if all(not c.nullable and not c.generated and _short(c) for c in columns):
            yield unique


def _bare_code(table: Table, view: View) -> Iterator[tuple[str, ...]]:
    """A first column that is called `code`, `key` or `number` and nothing else."""
    first = table.columns[0]
    name = view.names(table, first)[0]
    if name.mark and not name.stem and _identifies(first) and view.certain(table, first) and not _is_log(table, view):
        yield (first.name,)


def _short_name(table: Table, view: View) -> Iterator[tuple[str, ...]]:
    """`fac_id` of `facilities`, `stay_id` of `icustays`: the first column that does not point elsewhere."""
    column = _first_loose(table, view)
    if column is None or not view.certain(table, column) or table.name in view.copies:
        return
    alone = len(view.loose(table)) == 1 and not view.links[table.name]
    first = table.columns[0] is column
    firsts = [noun((word,)) for word in view.nouns.parts[table.name][:-1]]
    # The events of `episode_event` have ids elsewhere; it ties them to episodes.
    ties = any(view.nouns.speaks_of(table.name, target) for target, _ in view.links[table.name].values())
    for name in view.names(table, column):
        stem, own = name.noun, view.nouns.short(table.name)
        others = [other for other in view.nouns.holding.get(stem, ()) if other != table.name]
        if name.mark and len(stem) > 3 and own.endswith(stem) and (first or not (ties or view.nouns.line(table.name))):
            if not others or (first and alone):
                yield (column.name,)
        elif (
            name.mark
            and first
            and not others
            and stem not in firsts
            and _shortens(stem, own)
            and not _rivals(table, view, stem, own)
        ):
            yield (column.name,)


def _home(table: Table, view: View) -> Iterator[tuple[str, ...]]:
    """`subject_id` of `patients`: a column that others have too is at home where it stands first and alone.

    Of several such tables, and where it does not stand alone, only a name that shares letters with the
    column's decides.
    """
    column = _first_loose(table, view)
    if column is None or _is_log(table, view) or not view.certain(table, column) or table.name in view.copies:
        return
    name = view.names(table, column)[-1]
    tables = [view.tables[other] for other in view.having[name.whole]]
    rivals = [
        other
        for other in tables
        if other is not table and not other.primary_key and _stands_first(other, view, name.whole)
    ]
    guests = len(tables) - 1
    alike = _alike(table, view, name)
    decided = alike and guests > 1 and not any(_alike(other, view, name) for other in rivals)
    alone = _alone(table, view) and not any(_alone(other, view) for other in rivals)
    if decided or (alone and guests > (0 if alike else 2)):
        yield (column.name,)


def _versioned_code(table: Table, view: View) -> Iterator[tuple[str, ...]]:
    """`icd_code, icd_version`: a code that counts within its version, of a table that only explains codes."""
    if len(table.columns) < 3 or view.links[table.name] or len(view.loose(table)) != 1:
        return
    first, second = table.columns[:2]
    code, version = view.names(table, first)[0], words(second.name)
    versioned = code.mark == "code" and code.stem and version == (*code.stem, "version")
    if versioned and _identifies(first) and _short(second):
        yield (first.name, second.name)


def _numbered_part(table: Table, view: View) -> Iterator[tuple[str, ...]]:
    """`order_id, line_no` of `order_lines`."""
    if not view.nouns.line(table.name) or len(table.columns) < 3:
        return
    first, second = table.columns[:2]
    name = view.names(table, second)[-1]
    parts = words(second.name)
    numbered = second.type.kind == "integer" and not _LINE.isdisjoint(parts) and (name.mark or len(parts) == 1)
    if numbered and first.name in view.links[table.name] and second.name not in view.links[table.name]:
        yield (first.name, second.name)


def _junction(table: Table, view: View) -> Iterator[tuple[str, ...]]:
    """All columns that point elsewhere, of a table that is made of little else.

    What it holds besides must be numbers, or moments of its rows' making. And its name has to
    speak of what it joins, since sales join customers and products as well; or its rows tell pairs apart.
    """
    links = view.links[table.name]
    if not 2 <= len(links) <= 3 or view.loose(table) or _is_log(table, view):
        return
    columns = [table.column(name) for name in links]
    rest = [column for column in table.columns if column.name not in links]
    leading = {column.name for column in table.columns[: len(links)]} == set(links)
    if not leading and not all(view.certain(table, column) for column in columns):
        return
    targets = list(dict.fromkeys(target for target, _ in links.values()))
    spoken = [target for target in targets if view.nouns.speaks_of(table.name, target)]
    paired = len(links) == 2 and (len(spoken) == 2 or (len(spoken) == 1 and view.nouns.line(table.name)))
    plain = all(_is_audit(c) or c.type.kind in ("integer", "decimal", "real", "boolean") for c in rest)
    shown = len(targets) == len(links) and view.contents.count(table.name) >= _HANDFUL
    if (
        (spoken and not rest)
        or (plain and paired)
        or (plain and shown and not any(c.type.kind in _TIMES for c in rest))
    ):
        yield tuple(column.name for column in table.columns if column.name in links)


def _period(table: Table, view: View) -> Iterator[tuple[str, ...]]:
    """`employee_id, start_date` of `job_history`: what was the case for somebody, from when on."""
    if len(table.columns) < 3 or not {"history", "hist", "verlauf"} & set(words(table.name)):
        return
    first, second = table.columns[:2]
    starts = [c for c in table.columns if c.type.kind in _TIMES and not _START.isdisjoint(words(c.name))]
    if first.name in view.links[table.name] and starts == [second]:
        yield (first.name, second.name)


def _shown(table: Table, view: View) -> Iterator[tuple[str, ...]]:
    """The smallest leading combination that rows tell apart, of columns that are called like parts of a key."""
    count = view.contents.count(table.name)
    if count < _HANDFUL or _is_log(table, view):
        return
    links = view.links[table.name]
    chosen: list[Column] = []
    for column in table.columns[:3]:
        part = not _PART.isdisjoint(words(column.name)) and column.type.kind == "integer"
        natural = not chosen and view.names(table, column)[0].whole in _NATURAL
        if not (column.name in links or view.marked(table, column) or (part and chosen) or natural):
            return
        if column.generated or column.values or not _short(column):
            return
        chosen.append(column)
        columns = tuple(c.name for c in chosen)
        if not view.contents.allows_key(table.name, columns):
            if natural:
                return
            continue
        tail = tuple(c.name for c in chosen[1:])
        by_chance = len(chosen) > 1 and (count < _MANY or any(c.type.kind in _TIMES for c in table.columns))
        if not (part and len(chosen) > 1) and by_chance:
            return
        if not tail or not view.contents.allows_key(table.name, tail):
            yield columns
        return


_GROUPS: tuple[tuple[Rule, ...], ...] = (
    (_bare, _own_name, _declared_unique, _bare_code),
    (_short_name,),
    (_home,),
    (_versioned_code, _numbered_part, _junction, _period, _shown),
)
DEPTH = len(_GROUPS)


def key_kind(column: Column) -> str:
    """The family of a column whose values can identify: "whole", "text" or "uuid"; "" for all others."""
    kind = column.type.kind
    if column.generated is not None:
        return ""
    if kind == "integer" or (kind == "decimal" and not column.type.scale):
        return "whole"
    return kind if kind in ("text", "uuid") and (column.type.length or 0) <= _LONGEST else ""


def _identifies(column: Column) -> bool:
    return bool(key_kind(column)) and not column.values


def _short(column: Column) -> bool:
    return bool(key_kind(column)) or column.type.kind in _TIMES


def _is_log(table: Table, view: View) -> bool:
    return table.name in view.nouns.logs


def _is_audit(column: Column) -> bool:
    return column.type.kind in _TIMES and not _AUDIT.isdisjoint(words(column.name))


def _first_loose(table: Table, view: View) -> Column | None:
    """The first column, or the first behind those that point elsewhere, when it is called like a key."""
    for column in table.columns:
        if column.name not in view.links[table.name]:
            return column if view.marked(table, column) and _identifies(column) else None
    return None


def _shortens(stem: str, own: str) -> bool:
    return len(stem) > 1 and (own.startswith(stem) or abbreviates(stem, own))


def _rivals(table: Table, view: View, stem: str, own: str) -> bool:
    """Whether another table's name fits the stem as well."""
    whole = own.startswith(stem)
    for other in view.tables:
        word = view.nouns.short(other)
        if other == table.name or view.nouns.extends(other) or word.startswith(own):
            continue  # lines of orders do not make `ord_no` less the orders'
        if word.startswith(stem) or (not whole and abbreviates(stem, word)):
            return True
    return False


def _shortened(table: Table, view: View, column: Column) -> bool:
    """Whether the column's name is rather short for another table's, as `pub_id` of `pub_info` is."""
    stems = [name.noun for name in view.names(table, column)]
    others = [view.nouns.short(other) for other in view.tables if other != table.name]
    return any(other.startswith(stem) for other in others for stem in stems)


def _stands_first(table: Table, view: View, whole: str) -> bool:
    column = _first_loose(table, view)
    if column is None or view.names(table, column)[-1].whole != whole:
        return False
    return view.contents.allows_key(table.name, (column.name,))


def _alike(table: Table, view: View, name: ColumnName) -> bool:
    return shared_run("".join(name.stem), view.nouns.short(table.name)) > 2


def _alone(table: Table, view: View) -> bool:
    """Whether nothing else in the table identifies, counts or dates its rows, or points elsewhere."""
    dated = any(c.type.kind in _TIMES and view.certain(table, c) and not _is_audit(c) for c in table.columns)
    parted = any(c.type.kind == "integer" and not _PART.isdisjoint(words(c.name)) for c in table.columns)
    return len(view.loose(table)) == 1 and not view.links[table.name] and not dated and not parted
