"""What the names of columns and tables say about keys: `cust_no` numbers a `cust`, `T_CUSTOMERS` holds customers.

Names only. Which column is a key and where it points is decided in `key_rules.py` and
`link_rules.py`, where types and values have their say.
"""

from __future__ import annotations

import re
import typing
import unicodedata
from collections.abc import Sequence
from functools import cache

from .model import Schema, Table
from .naming import kind_of_table

Mark = typing.Literal["id", "number", "code", ""]


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


_MARKS: dict[str, Mark] = {
    **dict.fromkeys(("id", "key", "fk", "pk", "sk", "uid", "uuid", "guid", "oid", "pid", "ident", "identifier"), "id"),
    **dict.fromkeys(("no", "nr", "num", "nbr", "number", "nummer"), "number"),
    **dict.fromkeys(("code", "cd"), "code"),
}
_BARE = ("id", "uuid", "guid", "pk", "rowid", "recid")
_GLUED = re.compile(r"(?P<stem>[^\W\d_]{2,}?)(?P<mark>uuid|guid|id|no|nr|num|nbr|number|nummer|code|cd|key)")
# Words that only look as if they ended in a mark.
_WHOLE = word_set(
    """
    acid aid android avid avoid bid covid fluid grid humid hybrid kid liquid mid paid prepaid rapid said solid unpaid
    valid invalid void casino domino kimono piano volcano barcode zipcode postcode decode encode unicode
    donkey hockey jockey monkey turkey whiskey passkey
    """
)
_PREFIXES = word_set("t tb tbl tab table tm tx d dim f fact ref lkp lu mst m dbo")
_FILLERS = word_set("tbl tab table master mst mstr list info data dim lookup lkp")
_LOGS = word_set(
    """
    log audit trail history hist archive backup bak tmp temp staging stg raw journal activity event tracking queue
    protokoll verlauf
    """
)
_LINES = word_set("line item detail position pos entry")
_ANYBODY = re.compile(r"user|person|employe|emp|staff|member|account|personnel|worker|mitarbeiter")
_STAFF = re.compile(r"employe|emp|staff|personnel|worker|mitarbeiter")
_SHARED = 0.8  # of the tables, or of a table's columns, before a common first word says nothing
_IRREGULAR = {"people": "person", "persons": "person", "children": "child", "men": "man", "women": "woman"}


class ColumnName(typing.NamedTuple):
    """A column's name, taken apart.

    Attributes:
        whole: All its words, joined, without numbers that tell twins apart (`concept_id_1`).
        stem: The words before (or behind) the mark; empty when the name is a mark alone.
        mark: Which kind of key the name speaks of, "" when of none.
        glued: The mark was cut off a word (`custno`), so it may be none.
    """

    whole: str
    stem: tuple[str, ...]
    mark: Mark
    glued: bool = False

    @property
    def bare(self) -> bool:
        """Whether it is `id` or alike, and says nothing of what it identifies."""
        return self.whole in _BARE

    @property
    def noun(self) -> str:
        """What it speaks of, in the singular, in one word."""
        return noun(self.stem)


@cache
def words(name: str) -> tuple[str, ...]:
    """The small-letter words of a name, parted at capitals, digits and marks; accents are dropped."""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", plain)
    return tuple(word.casefold() for word in re.findall(r"[^\W\d_]+|\d+", parted))


@cache
def taken_apart(parts: tuple[str, ...]) -> ColumnName:
    """A name of these words as a ColumnName."""
    kept = tuple(word for word in parts if not word.isdigit()) or parts
    if len(kept) > 1 and kept[0] == "fk":
        kept = kept[1:]
    whole = "".join(kept)
    if not kept:
        return ColumnName(whole, (), "")
    if whole in _BARE:
        return ColumnName(whole, (), "id")
    if kept[-1] in _MARKS:
        return ColumnName(whole, kept[:-1], _MARKS[kept[-1]])
    if len(kept) > 1 and kept[0] == "id":
        return ColumnName(whole, kept[1:], "id")
    match = None if kept[-1] in _WHOLE else _GLUED.fullmatch(kept[-1])
    if match:
        return ColumnName(whole, (*kept[:-1], match["stem"]), _MARKS[match["mark"]], glued=True)
    return ColumnName(whole, kept, "")


@cache
def noun(parts: tuple[str, ...]) -> str:
    """Words as one, the last of them in a form that singular and plural share (of German too)."""
    if not parts:
        return ""
    last = _IRREGULAR.get(parts[-1], parts[-1])
    if len(last) > 3:
        if last.endswith(("ies", "ie")):
            last = last[: last.rindex("ie")] + "y"
        elif re.search(r"(?:s|x|z|ch|sh)es$", last):
            last = last[:-2]
        elif last.endswith("s") and not last.endswith(("ss", "us", "is")):
            last = last[:-1]
    if len(last) > 4:
        last = re.sub(r"(?:en|e)$", "", last)
    return "".join(parts[:-1]) + last


def abbreviates(short: str, long: str) -> bool:
    """Whether `short` keeps the first and then some of the letters of `long`, in their order (`dept`, `cust`)."""
    if len(short) >= len(long) or short[:1] != long[:1]:
        return False
    rest = iter(long)
    return all(letter in rest for letter in short)


def shared_run(one: str, other: str) -> int:
    """The greatest number of letters in a row that two words have in common."""
    best = 0
    for start in range(len(one)):
        while one[start : start + best + 1] in other and start + best < len(one):
            best += 1
    return best


def shared_start(one: str, other: str) -> int:
    """The number of first letters that two words have in common."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


class Nouns:
    """The names of one schema.

    Attributes:
        of: For each table the nouns that its name may stand for, the fullest first.
        holding: For each noun the tables that it may stand for.
        people: Tables whose rows are people; `staff` those who work for somebody, `anybody` those who may do anything.
        logs: Tables that note what happened, or keep copies.
    """

    def __init__(self, schema: Schema) -> None:
        split = {table.name: words(table.name) for table in schema.tables}
        prefix = _shared_first([parts for parts in split.values() if len(parts) > 1], len(split))
        self.parts = {name: _without(parts, prefix) for name, parts in split.items()}
        self.of = {name: _nouns(split[name], kept) for name, kept in self.parts.items()}
        self.holding: dict[str, list[str]] = {}
        for name, found in self.of.items():
            for each in found:
                self.holding.setdefault(each, []).append(name)
        self.people = [table.name for table in schema.tables if kind_of_table(table) == "person"]
        self.staff = [name for name in self.people if _STAFF.search(self.short(name))]
        self.anybody = [name for name in self.people if _ANYBODY.search(self.short(name))]
        self.logs = [name for name, parts in split.items() if any(noun((part,)) in _LOG_NOUNS for part in parts)]
        self.columns = {table.name: _columns(table) for table in schema.tables}

    def short(self, table: str) -> str:
        """The table's noun without prefixes and fillers."""
        return self.of[table][-1]

    def line(self, table: str) -> bool:
        """Whether its rows are parts of something: lines, items, details."""
        own = "".join(self.parts[table])
        glued = any(own.endswith(line) for line in _LINES)
        holds = glued and any(own.startswith(other) for other in self.holding if other not in self.of[table])
        return holds or noun(self.parts[table][-1:]) in _LINE_NOUNS

    def extends(self, table: str) -> bool:
        """Whether its name says that it tells more of what another table holds: `pub_info`."""
        return self.parts[table][-1] in ("info", "data") and len(self.parts[table]) > 1

    def means(self, table: str, word: str) -> bool:
        """Whether `word` is a noun of the table."""
        return bool(word) and word in self.of[table]

    def speaks_of(self, table: str, other: str) -> bool:
        """Whether a table's name holds another's: `film_actor` speaks of `film`."""
        return self.short(other) in {noun((part,)) for part in self.parts[table]} or (
            len(self.short(other)) > 2 and self.short(other) in self.of[table][0]
        )


_LOG_NOUNS = frozenset(noun((word,)) for word in _LOGS)
_LINE_NOUNS = frozenset(noun((word,)) for word in _LINES)


def _shared_first(names: Sequence[tuple[str, ...]], of: int) -> str:
    """The first word that nearly all of at least three names begin with, or ""."""
    firsts = [parts[0] for parts in names]
    best = max(sorted(set(firsts)), key=firsts.count, default="")
    return best if of > 2 and firsts.count(best) >= _SHARED * of else ""


def _without(parts: tuple[str, ...], prefix: str) -> tuple[str, ...]:
    while len(parts) > 1 and (parts[0] == prefix or parts[0] in _PREFIXES):
        parts, prefix = parts[1:], ""
    if parts and len(parts[0]) > 5 and parts[0].startswith("tbl"):
        parts = (parts[0][3:], *parts[1:])
    return parts


def _nouns(full: tuple[str, ...], kept: tuple[str, ...]) -> tuple[str, ...]:
    plain = kept[:-1] if len(kept) > 1 and kept[-1] in _FILLERS else kept
    return tuple(dict.fromkeys(noun(parts) for parts in (full, kept, plain)))


def _columns(table: Table) -> dict[str, tuple[ColumnName, ...]]:
    """Each column's name, and once more without the first words that nearly all columns of the table share."""
    split = {column.name: words(column.name) for column in table.columns}
    prefix: tuple[str, ...] = ()
    while True:
        size = len(prefix)
        rest = [parts[size:] for parts in split.values() if parts[:size] == prefix and len(parts) > size + 1]
        first = _shared_first(rest, len(split))
        if not first:
            break
        prefix += (first,)
    out: dict[str, tuple[ColumnName, ...]] = {}
    for name, parts in split.items():
        full = taken_apart(parts)
        cut = prefix and parts[: len(prefix)] == prefix and len(parts) > len(prefix)
        short = taken_apart(parts[len(prefix) :]) if cut else full
        # What is left of `order_id` in `order_lines` must not look like the lines' own id.
        out[name] = (full,) if short == full or short.bare or not short.stem else (full, short)
    return out
