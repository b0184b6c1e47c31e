"""What a row recipe says, and reading one: the `[recipe.TABLE]` tables of an environment.

Every name is checked against the schema here. The nouns of columns are in `sources.py`;
drawing the rows is `fill.py`.

Grammar (`D` a duration "90s" "15m" "6h" "30d" "8w" "2y"; `T` a point in time: a signed
D from now, "now", 'YYYY-MM-DD' or 'YYYY-MM-DD HH:MM:SS'; `E` an expression, see
`expression.py`; `P` a path: `column` or `own_table.column`, `table.column` through the foreign key to that table, or
`key_column.column` when several keys lead there; paths may go on over further keys):

    [recipe.TABLE]
    share = 12                 relative number of rows of a table that nothing else sizes
    rows = 40                  or: exactly so many
    each = "parent"            or: so many for each row of the parent, whose key is bound
      via = "key_column"         which key, when several lead to the parent
      count = 2 | {fixed = 2} | {choice = [..], weights = [..]} | {skewed = [low, high], mean = m}    default 1
      where = E                  only for parents that fit; names are `parent.column`
      chance = 0.3               and then only with this probability
    from = [{column = v, ..}]  the rows themselves, in any order, none twice; without share and rows all of them
    A table with none of share, rows, each and from shares in the rows that remain.

    [recipe.TABLE.columns]
    column = SOURCE with any of: unique = true, null = probability, when = E (NULL when it does not hold)

    SOURCE is one of
      {value = v}                                     always the same
      {choice = [..], weights = [..]}  {values = [..]}  one of these; weights are optional
      {faker = "first_name"}                          a Faker provider without arguments, from a fixed pool
      {words = "product"}                             one of our own pools, see `pools.py`
      {text = "{first_name|slug}@{domain}"}           names are paths, pools or Faker providers (in this order),
                                                      {number:4} and {letters:2} random characters,
                                                      filters slug, lower, upper, digits, initial, from left to right
      {between = [T, T], time = "working"}            a date or timestamp; 08:00 to 17:59 when working
      {between = [1, 20]}                             a number, evenly
      {skewed = [low, high], mean = m}                an integer with a long tail
      {price = [low, high]}                           log-normal with usual endings; an integer column holds cents
      {after = P, within = D, least = D, until = T, time = ..}    later than P by least .. within; never later than now,
                                                      nor than `until` unless P itself is
      {pick = "table", where = E}                     for a foreign key: a row that fits. In E `table.column` is
                                                      the candidate's. None fits: NULL, or the row is dropped
                                                      when the column is NOT NULL
      {copy = P}                                      the value there
      {expr = E}
      {sum = "child.column"} {min = ..} {max = ..} {count = "child"}, each with optional where = E, via = key column
                                                      over the rows of a table that point here; in E
                                                      `child.column` is theirs
      {sequence = "W{n}", start = 1, step = 1, shuffled = true}    also {n:05} padded and {a:3} in letters
      {position = "key_column"}                       1, 2, 3 .. among the rows with the same value
                                                      there (or in a list of columns)
      {first = "key_column"}                          1 for one of the rows with the same value there, else 0
      {cases = [SOURCE with when, .., SOURCE]}        the first whose `when` holds

`unique = true` redraws first and then puts a number before the '@' or at the end;
a column that is UNIQUE in the schema needs no `unique = true`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .errors import RecipeError
from .expression import Expression, Path, parse_expression
from .model import Column, Schema, Table
from .moment import read_point
from .pools import is_provider, pool_names
from .route import Bound, find_key, find_route, nearest
from .scalars import duration, integer, known_keys, mapping, number, pair, scalar, string
from .sources import (
    After,
    Aggregate,
    Between,
    Cases,
    Choice,
    ColumnRecipe,
    Computed,
    Constant,
    Copy,
    Entries,
    Numbered,
    Pick,
    Piece,
    Pool,
    Position,
    Price,
    SkewedRange,
    Source,
    Text,
)

DATES = ("date", "timestamp")
NUMBERS = ("integer", "real", "decimal")
FILTERS = ("slug", "lower", "upper", "digits", "initial")
_FIELD = re.compile(r"\{([^{}]*)\}")
_COUNTER = re.compile(r"\{(n|a)(?::(\d+))?\}")


_ONCE = Constant(1)


@dataclass(frozen=True, slots=True)
class TableRecipe:
    """How a table gets its rows; see the grammar above.

    Attributes:
        key: Position of the foreign key that `each` binds.
        limit: The number of rows that `from` lists, or None.
    """

    share: float | None = None
    rows: int | None = None
    limit: int | None = None
    each: str = ""
    key: int = -1
    count: Constant | Choice | SkewedRange = _ONCE
    where: Expression | None = None
    chance: float = 1.0
    columns: Mapping[str, ColumnRecipe] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The recipes of the tables that have one."""

    tables: Mapping[str, TableRecipe]

    def table(self, name: str) -> TableRecipe:
        """The recipe of a table, an empty one when there is none."""
        return self.tables.get(name) or TableRecipe()

    def bound(self) -> Bound:
        """Table -> position of the key that its `each` binds."""
        return {name: table.key for name, table in self.tables.items() if table.each}


def parse_recipe(data: Mapping[str, Any], schema: Schema) -> Recipe:
    """Check a recipe against the schema.

    Args:
        data: The `[recipe]` table of an environment: table name -> its recipe.

    Raises:
        RecipeError: Names the table, the column and the key, and the nearest valid one.
    """
    names = [table.name for table in schema.tables]
    heads: dict[str, _Head] = {}
    for name, entry in data.items():
        if name not in names:
            raise RecipeError(f"recipe.{name}: the schema has no table {name!r}{nearest(name, names)}")
        heads[str(name)] = _Head(schema, schema.table(name), mapping(entry, f"recipe.{name}"))
    bound = {name: head.key for name, head in heads.items() if head.key >= 0}
    for name in heads:
        _refuse_circle(name, heads)
    return Recipe({name: head.read(bound) for name, head in heads.items()})


def _refuse_circle(name: str, heads: Mapping[str, _Head]) -> None:
    way = [name]
    while way[-1] in heads and (parent := heads[way[-1]].each):
        if parent in way:
            raise RecipeError(
                f"recipe.{name}.each: {' -> '.join([*way, parent])} is a circle; give one of them a `share`"
            )
        way.append(parent)


class _Head:
    """A table's recipe while it is read: the keys that size the table come first, as paths depend on them."""

    _KEYS = ("share", "rows", "each", "via", "count", "where", "chance", "from", "columns")

    def __init__(self, schema: Schema, table: Table, data: Mapping[str, Any]) -> None:
        self.schema, self.table, self.data = schema, table, data
        self.where = f"recipe.{table.name}"
        known_keys(data, self._KEYS, self.where)
        sizes = [key for key in ("share", "rows", "each") if key in data]
        if len(sizes) > 1:
            raise RecipeError(f"{self.where}: {' and '.join(sizes)} exclude each other; keep one")
        if "each" in data and "from" in data:
            raise RecipeError(f"{self.where}.from: does not go with `each`")
        self.each = string(data["each"], f"{self.where}.each") if "each" in data else ""
        if not self.each:
            for key in ("via", "count", "where", "chance"):
                if key in data:
                    raise RecipeError(f"{self.where}.{key}: goes with `each` only")
        self.key = self._find_key() if self.each else -1

    def _find_key(self) -> int:
        name = string(self.data["via"], f"{self.where}.via") if "via" in self.data else self.each
        try:
            key = find_key(self.schema, self.table, name)
        except RecipeError as error:
            raise RecipeError(f"{self.where}.{'via' if 'via' in self.data else 'each'}: {error}") from None
        if self.table.foreign_keys[key].target != self.each:
            raise RecipeError(f"{self.where}.via: {name!r} does not point at {self.each!r}")
        if self.each == self.table.name:
            raise RecipeError(f"{self.where}.each: a table cannot be sized by itself; use `share` and `pick`")
        return key

    def read(self, bound: Bound) -> TableRecipe:
        data, where = self.data, self.where
        condition = None
        if "where" in data:
            condition = _expression(data["where"], f"{where}.where")
            for path in condition.paths:
                if path[0] != self.each or len(path) < 2:
                    raise RecipeError(
                        f"{where}.where: {'.'.join(path)!r} is no column of the parent; write {self.each}.column"
                    )
                _route(self.schema, self.each, path[1:], bound, f"{where}.where")
        columns = mapping(data.get("columns", {}), f"{where}.columns")
        read: dict[str, ColumnRecipe] = {}
        listed = self._entries(data["from"]) if "from" in data else []
        for name in dict.fromkeys(name for entry in listed for name in entry):
            column = self._column(name, f"{where}.from")
            reader = _ColumnReader(self.schema, self.table, column, bound, f"{where}.from.{name}")
            read[name] = ColumnRecipe(reader.entries([entry.get(name) for entry in listed]))
        for name, entry in columns.items():
            here = f"{where}.columns.{name}"
            if name in read:
                raise RecipeError(f"{here}: `from` already gives this column; leave it out")
            column = self._column(name, here)
            read[str(name)] = _ColumnReader(self.schema, self.table, column, bound, here).read(mapping(entry, here))
        rows = integer(data["rows"], f"{where}.rows", low=0) if "rows" in data else None
        if listed and rows is None and "share" not in data:
            rows = len(listed)
        if listed and rows is not None and rows > len(listed):
            raise RecipeError(f"{where}.rows: {rows} rows, and `from` lists only {len(listed)}")
        return TableRecipe(
            share=number(data["share"], f"{where}.share", low=0) if "share" in data else None,
            rows=rows,
            limit=len(listed) or None,
            each=self.each,
            key=self.key,
            count=_count(data.get("count", 1), f"{where}.count"),
            where=condition,
            chance=number(data.get("chance", 1), f"{where}.chance", low=0, high=1),
            columns=read,
        )

    def _column(self, name: str, here: str) -> Column:
        names = [column.name for column in self.table.columns]
        if name not in names:
            raise RecipeError(f"{here}: table {self.table.name!r} has no column {name!r}{nearest(name, names)}")
        column = self.table.column(name)
        if column.generated:
            raise RecipeError(f"{here}: the column is generated by the database; leave it out")
        if self.each and name in self.table.foreign_keys[self.key].columns:
            raise RecipeError(f"{here}: `each = {self.each!r}` already binds this column; leave it out")
        return column

    def _entries(self, data: Any) -> list[Mapping[str, Any]]:
        here = f"{self.where}.from"
        if not isinstance(data, Sequence) or isinstance(data, str) or not data:
            raise RecipeError(f"{here}: {data!r} is no list of rows")
        return [mapping(entry, f"{here}[{place}]") for place, entry in enumerate(data)]


def _count(data: Any, where: str) -> Constant | Choice | SkewedRange:
    if not isinstance(data, Mapping):
        return Constant(integer(data, where, low=0))
    source = next((key for key in ("fixed", "choice", "skewed") if key in data), None)
    if source is None:
        raise RecipeError(f"{where}: write fixed = 2, choice = [..] or skewed = [low, high]")
    if source == "fixed":
        known_keys(data, ("fixed",), where)
        return Constant(integer(data["fixed"], f"{where}.fixed", low=0))
    if source == "choice":
        known_keys(data, ("choice", "weights"), where)
        choice = _choice(data, "choice", where)
        for value in choice.values:
            integer(value, f"{where}.choice", low=0)
        return choice
    known_keys(data, ("skewed", "mean"), where)
    skewed = _skewed(data, where)
    integer(skewed.low, f"{where}.skewed", low=0)
    return skewed


class _ColumnReader:
    """Reads one column's recipe; every method for a source gets the data and returns the noun."""

    _COMMON = ("unique", "null", "when")

    def __init__(self, schema: Schema, table: Table, column: Column, bound: Bound, where: str) -> None:
        self.schema, self.table, self.column, self.bound, self.where = schema, table, column, bound, where
        self.sources: dict[str, tuple[tuple[str, ...], Callable[[Mapping[str, Any]], Source]]] = {
            "value": ((), self._value),
            "choice": (("weights",), lambda data: self._fitting(_choice(data, "choice", self.where))),
            "values": (("weights",), lambda data: self._fitting(_choice(data, "values", self.where))),
            "faker": ((), self._faker),
            "words": ((), self._words),
            "text": ((), self._text),
            "between": (("time",), self._between),
            "skewed": (("mean",), lambda data: _skewed(data, self.where)),
            "price": ((), self._price),
            "after": (("within", "least", "until", "time"), self._after),
            "pick": (("where",), self._pick),
            "copy": ((), lambda data: Copy(self._path(data["copy"], "copy"))),
            "expr": ((), lambda data: Computed(self._expression(data["expr"], "expr"))),
            "sum": (("where", "via"), self._aggregate),
            "count": (("where", "via"), self._aggregate),
            "min": (("where", "via"), self._aggregate),
            "max": (("where", "via"), self._aggregate),
            "sequence": (("start", "step", "shuffled"), self._sequence),
            "position": ((), self._position),
            "first": ((), self._position),
            "cases": ((), self._cases),
        }

    def read(self, data: Mapping[str, Any], *, case: bool = False) -> ColumnRecipe:
        named = [key for key in data if key in self.sources]
        known = (*self.sources, *self._COMMON)
        if len(named) != 1:
            unknown = [key for key in data if key not in known]
            if unknown and not named:
                known_keys(data, known, self.where)
            what = (
                f"{' and '.join(named)} exclude each other"
                if named
                else "says nothing about where the values come from"
            )
            raise RecipeError(f"{self.where}: {what}; write exactly one of {', '.join(self.sources)}")
        options, build = self.sources[named[0]]
        known_keys(data, (named[0], *options, *self._COMMON), self.where)
        null = number(data.get("null", 0), f"{self.where}.null", low=0, high=1)
        when = self._expression(data["when"], "when") if "when" in data else None
        never_null = not self.column.nullable or self.column.name in self.table.primary_key
        if never_null and (null or (when is not None and not case)):
            raise RecipeError(f"{self.where}.{'null' if null else 'when'}: the column is NOT NULL")
        unique = data.get("unique", False)
        if not isinstance(unique, bool):
            raise RecipeError(f"{self.where}.unique: {unique!r} is neither true nor false")
        return ColumnRecipe(source=build(data), unique=unique, null=null, when=when)

    def _path(self, text: Any, key: str) -> Path:
        path = tuple(string(text, f"{self.where}.{key}").split("."))
        _route(self.schema, self.table.name, path, self.bound, f"{self.where}.{key}")
        return path

    def _expression(self, text: Any, key: str, other: str = "") -> Expression:
        expression = _expression(text, f"{self.where}.{key}")
        for path in expression.paths:
            start, rest = (other, path[1:]) if other and path[0] == other and len(path) > 1 else (self.table.name, path)
            _route(self.schema, start, rest, self.bound, f"{self.where}.{key}")
        return expression

    def _needs_kind(self, kinds: Sequence[str], key: str) -> None:
        if self.column.type.kind not in kinds:
            raise RecipeError(
                f"{self.where}.{key}: the column is of type {self.column.type.kind}, not {' or '.join(kinds)}"
            )

    def _value(self, data: Mapping[str, Any]) -> Source:
        value = scalar(data["value"], f"{self.where}.value")
        if value is None:
            raise RecipeError(f"{self.where}.value: nothing is given")
        self._fitting(Choice((value,), (1.0,)))
        return Constant(value)

    def _fitting(self, choice: Choice) -> Choice:
        if self.column.values:
            for value in choice.values:
                if str(value) not in self.column.values:
                    allowed = list(self.column.values)
                    raise RecipeError(
                        f"{self.where}: {value!r} is not permitted in the column{nearest(str(value), allowed)}"
                    )
        if self.column.type.kind in NUMBERS:
            for value in choice.values:
                if isinstance(value, str):
                    raise RecipeError(
                        f"{self.where}: {value!r} in a column of type {self.column.type.kind}; write a number"
                    )
        return choice

    def _faker(self, data: Mapping[str, Any]) -> Source:
        name = string(data["faker"], f"{self.where}.faker")
        if not is_provider(name):
            raise RecipeError(
                f"{self.where}.faker: {name!r} is no Faker provider that can be used here "
                "(it must take no arguments, give text or a number, and not depend on the date)"
            )
        return Pool(name, faker=True)

    def _words(self, data: Mapping[str, Any]) -> Source:
        name = string(data["words"], f"{self.where}.words")
        if name not in pool_names():
            raise RecipeError(f"{self.where}.words: there is no pool {name!r}{nearest(name, list(pool_names()))}")
        return Pool(name)

    def _text(self, data: Mapping[str, Any]) -> Source:
        template = string(data["text"], f"{self.where}.text")
        pieces: list[Piece] = []
        end = 0
        for found in _FIELD.finditer(template):
            pieces.append(Piece(literal=template[end : found.start()]))
            pieces.append(self._piece(found.group(1)))
            end = found.end()
        pieces.append(Piece(literal=template[end:]))
        if any("{" in piece.literal or "}" in piece.literal for piece in pieces):
            raise RecipeError(f"{self.where}.text: a bracket without its partner in {template!r}")
        return Text(tuple(piece for piece in pieces if piece != Piece()))

    def _piece(self, text: str) -> Piece:
        name, *filters = (part.strip() for part in text.split("|"))
        for filter_ in filters:
            if filter_ not in FILTERS:
                raise RecipeError(f"{self.where}.text: there is no filter {filter_!r}{nearest(filter_, list(FILTERS))}")
        drawn = re.fullmatch(r"(number|letters):(\d{1,2})", name)
        if drawn:
            return Piece(kind=drawn.group(1), count=int(drawn.group(2)), filters=tuple(filters))
        columns = [column.name for column in self.table.columns]
        if "." not in name and name not in columns:
            if name in pool_names():
                return Piece(pool=Pool(name), filters=tuple(filters))
            if is_provider(name):
                return Piece(pool=Pool(name, faker=True), filters=tuple(filters))
        return Piece(path=self._path(name, "text"), filters=tuple(filters))

    def _between(self, data: Mapping[str, Any]) -> Source:
        low, high = pair(data["between"], f"{self.where}.between")
        time = self._time(data)
        if isinstance(low, str) and isinstance(high, str):
            self._needs_kind((*DATES, "text"), "between")
            try:
                first, last = read_point(low, 0), read_point(high, 0)
            except ValueError as error:
                raise RecipeError(f"{self.where}.between: {error}") from None
            if last < first and (low[:1] in "+-") == (high[:1] in "+-"):
                raise RecipeError(f"{self.where}.between: {low!r} is later than {high!r}")
            return Between(low, high, time)
        self._needs_kind(NUMBERS, "between")
        first_number, last_number = number(low, f"{self.where}.between"), number(high, f"{self.where}.between")
        if last_number < first_number:
            raise RecipeError(f"{self.where}.between: {low!r} is more than {high!r}")
        return Between(low, high)

    def _time(self, data: Mapping[str, Any]) -> str:
        time = data.get("time", "")
        if time not in ("", "working", "any"):
            raise RecipeError(f"{self.where}.time: {time!r}; write 'working' or 'any'")
        return str(time)

    def _price(self, data: Mapping[str, Any]) -> Source:
        low, high = pair(data["price"], f"{self.where}.price")
        self._needs_kind(NUMBERS, "price")
        first, last = number(low, f"{self.where}.price", low=0), number(high, f"{self.where}.price", low=0)
        if not 0 < first <= last:
            raise RecipeError(f"{self.where}.price: [{low!r}, {high!r}] must rise and start above 0")
        return Price(first, last, cents=self.column.type.kind == "integer")

    def _after(self, data: Mapping[str, Any]) -> Source:
        self._needs_kind((*DATES, "text"), "after")
        path = self._path(data["after"], "after")
        within = duration(data.get("within", "30d"), f"{self.where}.within")
        least = duration(data.get("least", "0s"), f"{self.where}.least")
        if within < least:
            raise RecipeError(f"{self.where}.within: shorter than `least`")
        until = string(data.get("until", "now"), f"{self.where}.until")
        try:
            read_point(until, 0)
        except ValueError as error:
            raise RecipeError(f"{self.where}.until: {error}") from None
        return After((path,), within, least, self._time(data), until)

    def _pick(self, data: Mapping[str, Any]) -> Source:
        name = string(data["pick"], f"{self.where}.pick")
        targets = [key.target for key in self.table.foreign_keys if self.column.name in key.columns]
        if name not in targets:
            why = nearest(name, targets) if targets else "; the column is part of no foreign key"
            raise RecipeError(f"{self.where}.pick: the column does not point at {name!r}{why}")
        where = self._expression(data["where"], "where", name) if "where" in data else None
        return Pick(name, where)

    def _aggregate(self, data: Mapping[str, Any]) -> Source:
        function = next(key for key in ("sum", "count", "min", "max") if key in data)
        here = f"{self.where}.{function}"
        child, _, column = string(data[function], here).partition(".")
        names = [table.name for table in self.schema.tables]
        if child not in names:
            raise RecipeError(f"{here}: the schema has no table {child!r}{nearest(child, names)}")
        if (function == "count") == bool(column):
            form = '"child"' if function == "count" else '"child.column"'
            raise RecipeError(f"{here}: {data[function]!r}; write {form}")
        if column:
            _route(self.schema, child, (column,), self.bound, here)
        table = self.schema.table(child)
        name = string(data["via"], f"{self.where}.via") if "via" in data else self.table.name
        try:
            key = find_key(self.schema, table, name, self.bound.get(child))
        except RecipeError as error:
            raise RecipeError(f"{here}: {error}") from None
        if table.foreign_keys[key].target != self.table.name:
            raise RecipeError(f"{here}: {name!r} of {child!r} does not point at {self.table.name!r}")
        where = self._expression(data["where"], "where", child) if "where" in data else None
        return Aggregate(function, child, column, key, where)

    def _sequence(self, data: Mapping[str, Any]) -> Source:
        pattern = string(data["sequence"], f"{self.where}.sequence")
        if len(_COUNTER.findall(pattern)) != 1 or "{" in _COUNTER.sub("", pattern):
            raise RecipeError(f"{self.where}.sequence: {pattern!r} must hold {{n}}, {{n:05}} or {{a:3}} exactly once")
        shuffled = data.get("shuffled", False)
        if not isinstance(shuffled, bool):
            raise RecipeError(f"{self.where}.shuffled: {shuffled!r} is neither true nor false")
        step = integer(data.get("step", 1), f"{self.where}.step", low=1)
        return Numbered(pattern, integer(data.get("start", 1), f"{self.where}.start", low=0), step, shuffled)

    def _position(self, data: Mapping[str, Any]) -> Source:
        key = "position" if "position" in data else "first"
        self._needs_kind(("integer",) if key == "position" else ("integer", "boolean"), key)
        within = data[key]
        names = [within] if isinstance(within, str) else within
        if not isinstance(names, Sequence) or not names:
            raise RecipeError(f"{self.where}.{key}: {within!r} is no column name")
        for name in names:
            _route(self.schema, self.table.name, (string(name, self.where),), self.bound, f"{self.where}.{key}")
        return Position(tuple(str(name) for name in names), first=key == "first")

    def entries(self, data: Sequence[Any]) -> Entries:
        """The column's values in the rows of `from`; a row that leaves it out has NULL."""
        values = tuple(scalar(value, self.where) for value in data)
        given = tuple(value for value in values if value is not None)
        if len(given) < len(values) and (not self.column.nullable or self.column.name in self.table.primary_key):
            raise RecipeError(f"{self.where}: the column is NOT NULL and some rows leave it out")
        self._fitting(Choice(given, tuple(1.0 for _ in given)))
        return Entries(values)

    def _cases(self, data: Mapping[str, Any]) -> Source:
        entries = data["cases"]
        if not isinstance(entries, Sequence) or isinstance(entries, str) or not entries:
            raise RecipeError(f"{self.where}.cases: {entries!r} is no list of sources")
        read: list[ColumnRecipe] = []
        for position, entry in enumerate(entries):
            here = f"{self.where}.cases[{position}]"
            reader = _ColumnReader(self.schema, self.table, self.column, self.bound, here)
            case = reader.read(mapping(entry, here), case=True)
            if isinstance(case.source, Pick | Numbered | Position | Cases) or case.unique:
                raise RecipeError(f"{here}: pick, sequence, position, cases and unique do not go inside cases")
            read.append(case)
        if not self.column.nullable and read[-1].when is not None:
            raise RecipeError(
                f"{self.where}.cases: the column is NOT NULL, so the last case must hold always; drop its `when`"
            )
        return Cases(tuple(read))


def _choice(data: Mapping[str, Any], key: str, where: str) -> Choice:
    entries = data[key]
    if not isinstance(entries, Sequence) or isinstance(entries, str) or not entries:
        raise RecipeError(f"{where}.{key}: {entries!r} is no list of values")
    values = tuple(scalar(value, f"{where}.{key}") for value in entries)
    weights = data.get("weights", [1] * len(values))
    if not isinstance(weights, Sequence) or len(weights) != len(values):
        raise RecipeError(f"{where}.weights: give one number for each of the {len(values)} values")
    numbers = tuple(float(number(weight, f"{where}.weights", low=0)) for weight in weights)
    if not sum(numbers):
        raise RecipeError(f"{where}.weights: all are 0")
    return Choice(values, numbers)


def _skewed(data: Mapping[str, Any], where: str) -> SkewedRange:
    low, high = pair(data["skewed"], f"{where}.skewed")
    first, last = integer(low, f"{where}.skewed"), integer(high, f"{where}.skewed")
    if last < first:
        raise RecipeError(f"{where}.skewed: {low!r} is more than {high!r}")
    mean = number(data.get("mean", first + (last - first) * 0.3), f"{where}.mean", low=first, high=last)
    return SkewedRange(first, last, mean)


def _expression(data: Any, where: str) -> Expression:
    try:
        return parse_expression(string(data, where))
    except RecipeError as error:
        raise RecipeError(f"{where}: {error}") from None


def _route(schema: Schema, table: str, path: Path, bound: Bound, where: str) -> None:
    try:
        find_route(schema, table, path, bound)
    except RecipeError as error:
        raise RecipeError(f"{where}: {error}") from None
