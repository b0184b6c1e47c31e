"""The rows a script inserts: INSERT ... VALUES and COPY blocks, in their stored form.

Large data is scanned by one pattern a value and never parsed as SQL; only a
value that is no plain literal is looked at more closely. Rows that their own
tables would refuse are left out with a Loss, so that what is kept always loads.
Of a huge dump the first `MOST_ROWS` rows are kept, in the order of the script;
the others are counted, in one Loss a table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from . import translate
from .cursor import Cursor, QualifiedName, names_in
from .draft import DraftTable, Losses
from .engine import Engine
from .errors import Unreadable
from .lex import Dialect, Token, end_of, lex, pattern, tokens, unescape, unquote
from .literals import is_rounded, stored_form
from .model import Column, Row, Rows, Table, Value
from .numbering import Drawn, Numbering, drawn
from .sound import sound_rows
from .tally import Tally

MOST_ROWS = 200_000
_EARLIEST_NOW = "2000-01-01 00:00:00"
_LATEST_NOW = "2100"


class _Written:
    """A value that only its column can tell: DEFAULT, or an expression's text."""

    def __init__(self, text: str) -> None:
        self.text = text


_DEFAULT = _Written("DEFAULT")
_Field = Value | _Written | Drawn


@dataclass(slots=True, eq=False)
class RowSource:
    """One INSERT or COPY, not yet scanned, since its columns' types may still change; or a live table's rows.

    Attributes:
        columns: The columns it lists, None when it lists none.
        values: Its text from the first row on.
        copied: Whether `values` are the lines of a COPY block.
        live: Gives the rows of a live table, whose `values` are empty.
    """

    name: QualifiedName
    columns: tuple[str, ...] | None
    statement: str
    values: str
    copied: bool
    dialect: Dialect
    table: DraftTable | None = None
    live: Callable[[], Iterator[list[Value]]] | None = None

    @classmethod
    def of_insert(cls, text: str, dialect: Dialect) -> RowSource:
        """From an INSERT or REPLACE; Unreadable when its rows are not written out."""
        opening = _VALUES.search(text, 0, 4000)
        known = _known_head(text[: opening.end()], dialect) if opening else None
        if opening and known:
            return cls(*known, text[:2000], text[opening.end() :], False, dialect)
        depth = 0
        head: list[Token] = []
        for token in tokens(text, dialect):
            depth += token.is_op("(") - token.is_op(")")
            if depth == 0 and len(head) > 1 and cls._opens_rows(token, text):
                name, columns = _whole_head(Cursor(text, head))
                return cls(name, columns, text[:2000], text[token.end :], False, dialect)
            head.append(token)
        raise Unreadable("rows that are not written out after VALUES are not kept")

    @staticmethod
    def _opens_rows(token: Token, text: str) -> bool:
        """MySQL also says VALUE; `OVERRIDING SYSTEM VALUE` is something else."""
        return token.is_word("VALUES") or (
            token.is_word("VALUE") and text[token.end : token.end + 80].lstrip()[:1] == "("
        )

    @classmethod
    def of_copy(cls, text: str, data: str, dialect: Dialect) -> RowSource:
        """From a COPY ... FROM stdin and its lines; Unreadable for forms other than psql's plain one."""
        cursor = Cursor(text, lex(text, dialect))
        cursor.next()
        name = cursor.qualified_name()
        columns = names_in(cursor) if cursor.peek().is_op("(") else None
        if any(token.is_word("CSV", "BINARY", "DELIMITER", "DELIMITERS") for token in cursor.tokens):
            raise Unreadable("only COPY data in its plain form, parted by tabs, is read")
        return cls(name, columns, text, data, True, dialect)

    @classmethod
    def of_table(
        cls, table: DraftTable, columns: tuple[str, ...], rows: Callable[[], Iterator[list[Value]]], dialect: Dialect
    ) -> RowSource:
        """From a live table; `rows` is called once, after the schema is finished."""
        name = table.name
        return cls(name, columns, f"rows of {name.name}", "", False, dialect, table, rows)

    def rows(self) -> Iterator[list[_Field]]:
        if self.live is not None:
            return (list(row) for row in self.live())
        return _copied_rows(self.values) if self.copied else _inserted_rows(self.values, self.dialect)

    def count(self) -> int:
        """How many rows there are, without keeping any."""
        if self.copied:
            return self.values.count("\n") + (self.values[-1:] not in ("", "\n"))
        return sum(1 for _ in self.rows())


_VALUES = re.compile(r"\bVALUES\b(?=\s*\()", re.IGNORECASE)


@lru_cache(maxsize=256)
def _known_head(text: str, dialect: Dialect) -> tuple[QualifiedName, tuple[str, ...] | None] | None:
    """The head of an INSERT up to VALUES; a dump repeats the same one for every row."""
    head = lex(text, dialect)
    values = [token.is_word("VALUES", "VALUE") for token in head]
    depth = sum(token.is_op("(") - token.is_op(")") for token in head)
    if depth or not values[-1] or sum(values) > 1 or head[-1].end != len(text):
        return None
    try:
        return _whole_head(Cursor(text, head[:-1]))
    except Unreadable:
        return None


def insert_head(cursor: Cursor) -> tuple[QualifiedName, tuple[str, ...] | None]:
    """The table of an INSERT or REPLACE and the columns that it lists; steps over all that stands before its rows."""
    cursor.next()
    if cursor.accept("OR"):
        cursor.next()
    while cursor.accept_any("LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE"):
        pass
    cursor.accept("INTO")
    name = cursor.qualified_name()
    if cursor.accept("AS"):
        cursor.next()
    columns = names_in(cursor) if cursor.peek().is_op("(") and not cursor.peek(1).is_word("SELECT") else None
    if cursor.accept("OVERRIDING"):
        cursor.next()
        cursor.accept("VALUE")
    return name, columns


def _whole_head(cursor: Cursor) -> tuple[QualifiedName, tuple[str, ...] | None]:
    head = insert_head(cursor)
    if not cursor.done:
        raise Unreadable("rows that are not written out after VALUES are not kept")
    return head


def _copied_rows(data: str) -> Iterator[list[_Field]]:
    for line in data.split("\n"):
        text = line.removesuffix("\r")
        if not text:
            continue
        fields = text.split("\t")
        if "\\" not in text:
            yield list(fields)
        else:
            yield [None if field == "\\N" else unescape(field) for field in fields]


@cache
def _literal_pattern(dialect: Dialect) -> re.Pattern[str]:
    string = r"'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'" if dialect == "mysql" else r"'[^']*(?:''[^']*)*'"
    return re.compile(
        r"\s*(?:(?P<null>NULL)|(?P<real>[+-]?(?:\d+\.\d*|\.\d+|\d+[eE])(?:[eE]?[+-]?\d+)?)|(?P<whole>[+-]?\d+)"
        rf"|[nN]?(?P<string>{string})|(?P<truth>TRUE|FALSE))\s*(?P<after>[,)])",
        re.IGNORECASE | re.DOTALL,
    )


def _inserted_rows(text: str, dialect: Dialect) -> Iterator[list[_Field]]:
    """The rows after VALUES; ends at the first thing that is no row."""
    match_at = _literal_pattern(dialect).match
    escapes = dialect == "mysql"
    position = _opened(text, 0, dialect)
    while position >= 0:
        row: list[_Field] = []
        while True:
            match = match_at(text, position)
            if match is None:
                written, position, after = _expression(text, position, dialect)
                row.append(written)
            else:
                position, after = match.end(), match["after"]
                value = _plain(match, escapes)
                row.append(None if value == "" and dialect == "oracle" else value)
            if after == ")":
                break
        yield row
        position = _opened(text, position, dialect)


_OPENING = re.compile(r"[\s,]*\(")


def _opened(text: str, position: int, dialect: Dialect) -> int:
    """Just behind the parenthesis that opens the next row, or -1 when there is none."""
    found = _OPENING.match(text, position)
    if found:
        return found.end()
    for token in tokens(text, dialect, start=position):
        if token.is_op("("):
            return token.end
        if token.is_word("ON", "RETURNING", "AS", "SELECT"):
            return -1
        if not (token.is_op(",", ";") or token.is_word("ROW")):
            raise Unreadable(f"its rows are read only up to {text[token.start : token.start + 40]!r}")
    return -1


def _plain(match: re.Match[str], escapes: bool) -> Value:
    if (string := match["string"]) is not None:
        return unquote(string, escapes=escapes)
    if (whole := match["whole"]) is not None:
        return int(whole) if len(whole) < 1000 else whole
    if match["null"] is not None:
        return None
    if (real := match["real"]) is not None:
        return real
    return match["truth"].upper() == "TRUE"


def _expression(text: str, position: int, dialect: Dialect) -> tuple[_Field, int, str]:
    """A value that is no plain literal: where it ends, and what can be said of it already."""
    match_at = pattern(dialect).match
    start, depth = position, 0
    while position < len(text):
        match = match_at(text, position)
        end = end_of(match, text, dialect) if match else -1
        if match is None or end < 0:
            break
        if match.lastgroup == "op":
            mark = match.group()
            if depth == 0 and mark in (",", ")"):
                return _read(text[start:position].strip(), dialect), match.end(), mark
            depth += (mark in ("(", "[")) - (mark in (")", "]"))
        position = end
    raise Unreadable("a row in it is never closed")


def _read(text: str, dialect: Dialect) -> _Field:
    tokens = lex(text, dialect)
    if not tokens:
        return _DEFAULT
    first = tokens[0]
    if len(tokens) == 1:
        if first.kind == "bytes":
            return bytes.fromhex(first.value if len(first.value) % 2 == 0 else "0" + first.value)
        if first.kind == "bits":
            # In PostgreSQL a string of bits is no number.
            return first.value if dialect == "postgres" else int(first.value or "0", 2)
        if first.kind == "string":
            return first.value if first.value or dialect != "oracle" else None
        if first.is_word("DEFAULT"):
            return _DEFAULT
    is_cast = len(tokens) > 2 and tokens[1].is_op("::") and first.kind in ("string", "number")
    if is_cast and all(token.kind != "op" or token.value in _CAST_MARKS for token in tokens):
        return first.value
    if len(tokens) == 2 and first.is_word("DATE", "TIMESTAMP", "TIME", "TIMESTAMPTZ") and tokens[1].kind == "string":
        return tokens[1].value
    if taken := drawn(tokens):
        return taken
    if dialect == "tsql" and first.is_word("CAST", "CONVERT") and (inner := _converted(tokens)):
        return inner
    if len(tokens) > 2 and first.is_word("INTERVAL") and tokens[1].kind == "string":
        return f"{tokens[1].value}{text[tokens[1].end :]}"
    if len(tokens) == 3 and first.is_word("EMPTY_CLOB", "EMPTY_BLOB"):
        return ""
    if (moment := literal_moment(tokens)) is not None:
        return moment
    if dialect == "tsql" and first.is_op("$") and [token.kind for token in tokens[1:]] == ["number"]:
        return tokens[1].value  # money
    if first.is_word("ARRAY") and len(tokens) > 2 and tokens[1].is_op("["):
        return _braced(tokens[2:])
    return _Written(text)


def _braced(tokens: Sequence[Token]) -> str:
    """The inside of `ARRAY[...]` in PostgreSQL's other form, which `stored_form` brings to the items' kind."""
    out: list[str] = []
    sign = ""
    for token in tokens:
        if token.kind == "string":
            out.append(json.dumps(token.value, ensure_ascii=False))
        elif token.kind == "number" or token.is_word("NULL", "TRUE", "FALSE"):
            out.append(sign + token.value)
        sign = "-" if token.is_op("-") else ""
        if token.is_op("]"):
            break
    return f"{{{','.join(out)}}}"


def _converted(tokens: Sequence[Token]) -> _Field:
    """The literal in SQL Server's `CAST(N'...' AS type)` or `CONVERT(type, '...')`; None when it holds none."""
    literals = [token for token in tokens if token.kind in ("string", "bytes")]
    words = [token.value.lower() for token in tokens[1:] if token.is_name]
    plain = all(token.kind != "op" or token.value in ("(", ")", ",") for token in tokens)
    if len(literals) != 1 or not plain or not words:
        return None
    (found,) = literals
    if found.kind == "string":
        return found.value
    data = bytes.fromhex(found.value if len(found.value) % 2 == 0 else "0" + found.value)
    return _binary_moment(data, words)


def _binary_moment(data: bytes, words: Sequence[str]) -> _Field:
    """Dates as Management Studio once wrote them: days since 1900 and parts of a day, or days since the year 1."""
    try:
        if "datetime" in words and len(data) == 8:
            days = int.from_bytes(data[:4], "big", signed=True)
            seconds = int.from_bytes(data[4:], "big") // 300
            return str(datetime(1900, 1, 1, tzinfo=UTC) + timedelta(days=days, seconds=seconds))
        if "smalldatetime" in words and len(data) == 4:
            days, minutes = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:], "big")
            return str(datetime(1900, 1, 1, tzinfo=UTC) + timedelta(days=days, minutes=minutes))
        if "date" in words and len(data) in (3, 4):
            return str(date(1, 1, 1) + timedelta(days=int.from_bytes(data[:3], "little")))
    except OverflowError:
        return None
    return data if {"binary", "varbinary", "image"} & set(words) else None


_CAST_MARKS = ("::", "(", ")", "[", "]", ".", ",")
_DATE_PARTS = (
    ("YYYY", "%Y"), ("RRRR", "%Y"), ("MONTH", "%B"), ("MON", "%b"), ("MM", "%m"), ("DD", "%d"), ("HH24", "%H"),
    ("HH12", "%I"), ("HH", "%I"), ("MI", "%M"), ("SS", "%S"), ("RR", "%y"), ("YY", "%y"), ("AM", "%p"), ("PM", "%p"),
)  # fmt: skip


def literal_moment(tokens: Sequence[Token]) -> str | None:
    """Oracle's TO_DATE or TO_TIMESTAMP of a literal by a literal form; the literal itself when it does not fit that."""
    kinds = [token.kind for token in tokens[2:]]
    if kinds != ["string", "op", "string", "op"] or not tokens[0].is_word("TO_DATE", "TO_TIMESTAMP"):
        return None
    text, directive = tokens[2].value, tokens[4].value.upper()
    for part, code in _DATE_PARTS:
        directive = directive.replace(part, code)
    try:
        return datetime.strptime(text.strip(), directive).replace(tzinfo=UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, re.error):  # a form that names a part twice makes no pattern
        return text


def kept_rows(
    sources: Sequence[RowSource],
    tables: Mapping[QualifiedName, Table],
    dialect: Dialect,
    losses: Losses,
    sequences: Mapping[str, Numbering] | None = None,
) -> Rows:
    """All rows of a script that its tables accept, complete with defaults, in stored form.

    A row that leaves a column out gets its default, or the next number of an
    assigned key. The present moment (`now()`, or a default of it) becomes the latest
    moment that the rows themselves name, so that reading twice gives the same bytes.

    Args:
        sources: In the order of the script.
        tables: The tables that were kept, by the name they were declared with.
        losses: Receives one Loss for each kind of fault, with the number of rows.
        sequences: By small-letter name, those that rows may draw from.
    """
    keeper = _Keeper(dialect, sequences or {})
    for source in sources:
        table = tables.get(source.table.name) if source.table is not None else None
        if table is None or source.table is None:
            losses.add(source.statement, "its rows are not kept because their table is not")
            continue
        try:
            keeper.take(source, table, source.table)
        except Unreadable as error:
            losses.add(source.statement, str(error))
    order = {table.name: table for table in tables.values()}
    rows = {name: keeper.rows[name] for name in order if keeper.rows.get(name)}
    keeper.settle()
    kept = sound_rows(order, rows, keeper.tally)
    keeper.tally.report(losses)
    return kept


_LITERAL = re.compile(r"'[^']*'|\d[\d.]*")
_NAMES_NOW = re.compile(r"now|current|date|time|stamp|today", re.IGNORECASE)
_TRIALS = 3
_MOST_COMPUTED = 20_000


class _Keeper:
    """Converts rows of one script."""

    def __init__(self, dialect: Dialect, sequences: Mapping[str, Numbering]) -> None:
        self.dialect = dialect
        self.sequences = sequences
        self.drawn: dict[str, int] = {}
        self.engine = Engine()
        self.taken = 0
        self.trials = 0
        self.failed: dict[tuple[str, str], tuple[str, int]] = {}
        self.tally = Tally()
        self.rows: Rows = {}
        self.numbers: dict[str, Numbering] = {}
        self.latest = ""
        self.moments: list[tuple[str, Row, Column, str]] = []
        self.defaults: dict[tuple[str, str], _Field] = {}

    def take(self, source: RowSource, table: Table, draft: DraftTable) -> None:
        declared = [column.name for column in draft.columns]
        if table.name not in self.numbers:
            # The draft says where numbering starts; from then on this is the next number.
            assigned = [draft.column(column.name) for column in table.columns if column.autoincrement]
            self.numbers[table.name] = next((column.numbering for column in assigned if column), Numbering())
        columns = {column.name.lower(): column for column in table.columns}
        listed = [columns.get(name.lower()) for name in source.columns] if source.columns is not None else None
        filled = draft.padded()
        padded = [column.name for column in table.columns if column.name.lower() in filled and not column.generated]
        widths: dict[int, list[Column | None]] = {}
        if self.taken >= MOST_ROWS:
            self.left_out(source, table, source.count())
            return
        for number, fields in enumerate(source.rows()):
            if self.taken >= MOST_ROWS:
                self.left_out(source, table, source.count() - number)
                return
            self.taken += 1
            if len(fields) not in widths:
                widths[len(fields)] = self.layout(listed, len(fields), [columns.get(name.lower()) for name in declared])
            layout = widths[len(fields)]
            if not layout:
                self.tally.add(
                    table.name, "left out", f"{len(fields)} values do not fit the columns", statement=source.statement
                )
                continue
            given = {column.name: field for column, field in zip(layout, fields, strict=True) if column is not None}
            row = self.row(table, given, source)
            if row is not None:
                for name in padded:
                    value = row[name]
                    row[name] = value.rstrip(" ") if isinstance(value, str) else value
                self.rows.setdefault(table.name, []).append(row)

    def left_out(self, source: RowSource, table: Table, count: int) -> None:
        if count:
            why = f"no more than {MOST_ROWS:,} rows of a script are kept"
            self.tally.add(table.name, "left out", why, statement=source.statement, count=count)

    def layout(
        self, listed: list[Column | None] | None, width: int, declared: list[Column | None]
    ) -> list[Column | None]:
        """Which column each value of a row belongs to; empty when they do not fit."""
        if listed is not None:
            return listed if len(listed) == width else []
        plain = [column for column in declared if column is None or column.generated is None]
        if len(plain) == width:
            return plain
        if self.dialect == "tsql":
            given = [column for column in plain if column is None or not column.autoincrement]
            if len(given) == width:
                return given  # SQL Server takes no value for an identity
        return declared[:width] if width <= len(declared) else []

    def row(self, table: Table, given: Mapping[str, _Field], source: RowSource) -> Row | None:
        row: Row = {}
        moments: list[tuple[str, Row, Column, str]] = []
        for column in table.columns:
            if column.generated is not None:
                continue
            field = given.get(column.name, _DEFAULT)
            if isinstance(field, Drawn):
                field = self.draw(field, table, column)
            if field is None and column.autoincrement:
                field = _DEFAULT
            if field is _DEFAULT:
                field = self.default(table, column)
            try:
                row[column.name] = self.value(field, column)
                if isinstance(field, _Written) and (moment := self.moment(field, column)):
                    moments.append((table.name, row, column, moment))
            except Unreadable as error:
                sample = repr(field.text if isinstance(field, _Written) else field)[:60]
                what = "kept with NULL" if column.nullable else "left out"
                why = f"column {column.name!r}: {_plainly(error)}"
                self.tally.add(table.name, what, why, statement=source.statement, sample=sample)
                if not column.nullable:
                    return None
                row[column.name] = None
            plain = None if isinstance(field, _Written | Drawn) else field
            if column.type.kind == "decimal" and is_rounded(plain, row[column.name]):
                why = f"a number of column {column.name!r} has more digits than SQLite keeps, and is rounded"
                self.tally.add(table.name, "changed", why, statement=source.statement, sample=repr(plain))
            if column.type.kind in ("date", "timestamp") and column.name not in (m[2].name for m in moments):
                self.see(row[column.name])
        self.number(table, row)
        self.moments += moments
        return row

    def see(self, moment: Value) -> None:
        if isinstance(moment, str) and self.latest < moment < _LATEST_NOW:
            self.latest = moment

    def draw(self, field: Drawn, table: Table, column: Column) -> _Field:
        """The next or present number of a sequence; a key that the engine numbers takes from its own."""
        before = self.drawn.get(field.sequence)
        if not field.fresh and before is not None:
            return before
        start, step = self.sequences.get(field.sequence, Numbering())
        number = start if before is None else before + step
        if column.autoincrement:
            number = self.numbers[table.name].start
        self.drawn[field.sequence] = number
        return number

    def number(self, table: Table, row: Row) -> None:
        """Give an assigned key its next number, or note the one that was given."""
        for column in table.columns:
            if column.autoincrement:
                value = row[column.name]
                following, step = self.numbers[table.name]
                if value is None:
                    value = row[column.name] = following
                if isinstance(value, int):
                    past = max(following, value + step) if step > 0 else min(following, value + step)
                    self.numbers[table.name] = Numbering(past, step)

    def default(self, table: Table, column: Column) -> _Field:
        key = (table.name, column.name)
        if key not in self.defaults:
            if column.default is None:
                self.defaults[key] = None
            elif column.default.startswith("CURRENT_"):
                self.defaults[key] = _Written(column.default)
            else:
                self.defaults[key] = self.engine.run(f"SELECT {column.default}")[0][0]
        return self.defaults[key]

    def value(self, field: _Field, column: Column) -> Value:
        if isinstance(field, Drawn):
            raise Unreadable(f"nothing was drawn from the sequence {field.sequence!r} before")
        if isinstance(field, _Written):
            if self.moment(field, column):
                return _EARLIEST_NOW
            field = self.computed(field.text, column)
        return stored_form(field, column.type, self.dialect)

    def computed(self, text: str, column: Column) -> Value:
        """The value of an expression. One of a form that failed before is not tried again and again."""
        form = (column.name, _LITERAL.sub("?", text[:1000]))
        if self.failed.get(form, ("", 0))[1] >= _TRIALS:
            raise Unreadable(self.failed[form][0])
        self.trials += 1
        if self.trials > _MOST_COMPUTED:
            raise Unreadable(f"more than {_MOST_COMPUTED:,} values of the script would have to be computed")
        try:
            value = translate.constant(text, self.dialect, self.engine)
            if value is None and "NULL" not in text.upper():
                raise Unreadable("SQLite makes nothing of it")
        except Unreadable as error:
            self.failed[form] = (str(error), self.failed.get(form, ("", 0))[1] + 1)
            raise
        return value

    def moment(self, field: _Written, column: Column) -> str:
        if column.type.kind not in ("date", "time", "timestamp", "text"):
            return ""
        if len(field.text) > 100 or not _NAMES_NOW.search(field.text):
            return ""  # spares most values from being parsed twice
        try:
            return translate.present_moment(field.text, self.dialect, column)
        except Unreadable:
            return ""

    def settle(self) -> None:
        """Give the present moment its value, now that all rows are known."""
        present = self.latest or _EARLIEST_NOW
        present = present if len(present) > 10 else f"{present} 00:00:00"
        for table, row, column, _ in self.moments:
            moment = present[11:] if column.type.kind == "time" else present
            row[column.name] = stored_form(moment, column.type, "sqlite")
            reason = f"the present moment in column {column.name!r} became {present!r}"
            self.tally.add(table, "changed", reason)


def _plainly(error: Unreadable) -> str:
    """The reason without the value, so that equal faults count together."""
    return re.sub(r"the value .* does not fit", "the value does not fit", str(error), flags=re.DOTALL)
