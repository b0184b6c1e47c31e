"""What tables, columns, links and output fields are called: the environment's words, else the schema's names.

Gives words and short set phrases; which of them a chain needs is decided in
`noun_phrases.py` and `questions.py`.
"""

from __future__ import annotations

from environments import ColumnRef, ColumnWords, Denotation, EntityWords, Field, LinkWords, Tool, ToolWords, Words
from schemas import Column, ForeignKey, Schema, Table

from .inflect import article, is_participle, plural, singular, split_name, word_set
from .unspeakable import Unspeakable

_PERSONS = word_set(
    """
    person customer user employee member patient author student teacher owner client guest driver agent contact
    passenger actor doctor vet instructor player coach reviewer seller buyer artist tenant subscriber technician
    manager cardholder applicant borrower donor volunteer physician nurse staff
    """
)
_UNITS = word_set(
    """
    cents pence minutes hours seconds days weeks months years milliseconds bytes kilometers miles meters percent
    grams kilograms usd eur gbp kg km
    """
)
_UNIT_WORDS = {"usd": "US dollars", "eur": "euros", "gbp": "pounds", "kg": "kilograms", "km": "kilometers"}
_MEASURES = {
    "milliseconds": "duration",
    "seconds": "duration",
    "minutes": "duration",
    "hours": "duration",
    "days": "duration",
    "weeks": "duration",
    "months": "duration",
    "years": "duration",
    "bytes": "size",
    "miles": "distance",
    "kilometers": "distance",
    "meters": "length",
    "grams": "weight",
    "kilograms": "weight",
    "percent": "percentage",
}
_LABELS = {"email": "email address", "phone": "phone number", "telephone": "phone number", "mobile": "mobile number"}
_LINE_WORDS = frozenset({"item", "items", "line", "lines", "detail", "details"})
_STRIPPED_AFTER_ENTITY = frozenset(
    ["name", "title", "code", "status", "type", "description", "email", "phone", "kind", "category", "number"]
)
_FLAG_WORDS = frozenset({"is", "has", "was"})
_ROLES = {"reports_to": "manager", "reportsto": "manager", "parent": "parent"}
_ADJECTIVES = (  # last word of a label, adjective for the greatest value, for the least
    ("hire date", "most recently hired", "longest-serving"),
    ("price", "most expensive", "cheapest"),
    ("cost", "most expensive", "cheapest"),
    ("rating", "highest-rated", "lowest-rated"),
    ("duration", "longest", "shortest"),
    ("length", "longest", "shortest"),
    ("weight", "heaviest", "lightest"),
    ("age", "oldest", "youngest"),
    ("date of birth", "youngest", "oldest"),
    ("birth date", "youngest", "oldest"),
)
_NO_NOUN = frozenset(["via", "to", "from", "at", "in", "on", "for", "with"])  # "ship via" is no role
_AFTER = "with "  # what a superlative that stands after its noun begins with
DATE_KINDS = ("date", "timestamp", "time")
NUMBER_KINDS = ("integer", "real", "decimal")


class Lexicon:
    """Answers what things are called in one environment.

    Args:
        schema: Its tables, for names, keys and types.
        words: What its author has said; gaps are filled from names.
    """

    def __init__(self, schema: Schema, words: Words) -> None:
        self.schema = schema
        self.words = words
        self.denotation = Denotation(schema, words.unspeakable())
        self._tables = {table.name: table for table in schema.tables}
        self._prefix = _shared_prefix([split_name(table.name) for table in schema.tables])

    def table(self, name: str) -> Table:
        """The table called `name`."""
        return self._tables[name]

    def entity(self, table: str) -> EntityWords:
        """The nouns for a row and for rows of `table`."""
        known = self.words.entities.get(table)
        if known is not None:
            return known
        parts = split_name(table)
        if self._prefix and len(parts) > 1 and parts[0] == self._prefix:
            parts = parts[1:]
        one = singular(" ".join(parts)) or table
        return EntityWords(one=one, many=plural(one), person=one.rpartition(" ")[2] in _PERSONS)

    def column(self, column: ColumnRef) -> ColumnWords:
        """How a column is said, the label and a unit always filled in where the name gives them."""
        known = self.words.columns.get(str(column), ColumnWords())
        if known.label:
            return known
        label, unit = self._named(column)
        return known.model_copy(update={"label": label, "unit": known.unit or unit})

    def tool(self, name: str) -> ToolWords:
        """What the author says of a tool."""
        return self.words.tools.get(name, ToolWords())

    def field(self, tool: Tool, field: Field) -> ColumnWords:
        """How an output field of `tool` is said."""
        own = self.tool(tool.name).fields.get(field.name)
        if own is not None and own.label:
            return own
        if field.source is not None and not field.aggregate:
            base = self.column(field.source)
        else:
            base = ColumnWords(label=self._computed(field), unit=self._computed_unit(field))
        if own is None:
            return base
        said = {
            name: value for name, value in own.model_dump().items() if value != ColumnWords.model_fields[name].default
        }
        return base.model_copy(update=said)

    def superlative(self, tool: Tool, field: Field, kind: str) -> str:
        """The adjective for the row with the greatest (`max`) or least (`min`) value, or "" when none is clear.

        An adjective that two fields of the same rows share is not clear; one that begins
        with "with" stands after the noun and is what `extreme` gives.
        """
        mine = self._clear(tool, field, kind)
        return "" if mine.startswith(_AFTER) else mine

    def _clear(self, tool: Tool, field: Field, kind: str) -> str:
        mine = self._adjective(tool, field, kind)
        others = [f for f in tool.contract.fields if f.path == field.path and f.name != field.name]
        if mine and any(self._adjective(tool, other, kind) == mine for other in others):
            return ""
        return mine

    def extreme(self, tool: Tool, field: Field, kind: str) -> str:
        """The same as a phrase after the noun: "with the highest total".

        Raises:
            Unspeakable: The field is no measure.
        """
        said = self._clear(tool, field, kind)
        if said.startswith(_AFTER):
            return said
        label = self.field(tool, field).label
        greatest = kind == "max"
        if field.aggregate == "count" and field.source is not None:
            return f"with the {'most' if greatest else 'fewest'} {self.entity(field.source.table).many}"
        of_kind = self.kind(field)
        if of_kind in DATE_KINDS:
            return f"with the {'latest' if greatest else 'earliest'} {label}"
        if of_kind not in (*NUMBER_KINDS, "") or (field.source is not None and self._is_key(field.source)):
            raise Unspeakable("no_superlative", f"nobody says which row has the {kind} {field.name!r} of {tool.name!r}")
        return f"with the {'highest' if greatest else 'lowest'} {label}"

    def kind(self, field: Field) -> str:
        """The kind of an output field's values, "" when the contract does not tell."""
        if field.aggregate in ("count", "sum"):
            return "decimal"
        return "" if field.source is None else self.denotation.kind(field.source)

    def link(self, table: str, column: str) -> LinkWords:
        """A foreign key said both ways; `forward` and `backward` always filled in."""
        known = self.words.links.get(f"{table}.{column}", LinkWords())
        key = self.foreign_key(table, column)
        role = known.role or ("" if key is None else self._role(table, column, key))
        if role.rpartition(" ")[2] in _NO_NOUN:
            role = ""
        forward, backward = "of", "of"
        if role:
            last = role.rpartition(" ")[2]
            backward = f"whose {role} is"
            if last == "by" and is_participle(role.partition(" ")[0]):
                person = key is not None and self.entity(key.target).person
                forward, backward, role = f"{'who' if person else 'that'} {role.removesuffix(' by')}", role, ""
        return LinkWords(forward=known.forward or forward, backward=known.backward or backward, role=role)

    def foreign_key(self, table: str, column: str) -> ForeignKey | None:
        """The foreign key that `column` belongs to."""
        return next((key for key in self._tables[table].foreign_keys if column in key.columns), None)

    def links(self, table: str, target: str) -> tuple[ForeignKey, ...]:
        """The foreign keys from `table` to `target`."""
        return tuple(key for key in self._tables[table].foreign_keys if key.target == target)

    def is_key(self, table: str, columns: set[str]) -> bool:
        """Whether `columns` are the primary key or a unique key of `table`."""
        found = self._tables[table]
        return columns == set(found.primary_key) or any(columns == set(unique) for unique in found.uniques)

    def is_line(self, table: str) -> bool:
        """Whether rows of `table` only join two others (order lines, junctions) and are passed over in speech."""
        found = self._tables[table]
        linked = {column for key in found.foreign_keys for column in key.columns}
        if len(found.foreign_keys) < 2:
            return False
        in_key = len(found.primary_key) > 1 and any(column in linked for column in found.primary_key)
        last = split_name(table)[-1]
        return in_key or last in _LINE_WORDS

    def contains(self, table: str, key: ForeignKey) -> bool:
        """Whether a link of a line table points at what the lines are in: its name says so, or it comes first."""
        named = [k for k in self._tables[table].foreign_keys if self._stem(k) in split_name(table)[:-1]]
        return key in named if named else key is self._tables[table].foreign_keys[0]

    def _stem(self, key: ForeignKey) -> str:
        return self.entity(key.target).one.rpartition(" ")[2]

    def is_junction(self, table: str) -> bool:
        """Whether `table` holds nothing but two links (and at most one more column besides its key)."""
        found = self._tables[table]
        linked = {column for key in found.foreign_keys for column in key.columns}
        rest = [c for c in found.columns if c.name not in linked and c.name not in found.primary_key]
        named = split_name(table)[-1] in _LINE_WORDS
        return len(found.foreign_keys) == 2 and len(rest) <= 1 and not named

    def is_adjective(self, column: ColumnRef) -> bool:
        """Whether a column's values stand before the noun: the author says so, or it is a status of listed values."""
        known = self.words.columns.get(str(column))
        if known is not None and known.label:
            return known.adjective
        return split_name(column.column)[-1] in ("status", "tier") and bool(self.declared(column).values)

    def is_flag(self, column: ColumnRef) -> bool:
        """Whether a column is a yes or no."""
        return bool(column.column) and self.denotation.kind(column) == "boolean"

    def flag(self, column: ColumnRef) -> tuple[str, str]:
        """A flag's verb ("is", "has") and its words without it."""
        known = self.words.columns.get(str(column))
        if known is not None and known.label:
            return "is", known.label
        parts = split_name(column.column)
        if len(parts) > 1 and parts[0] in _FLAG_WORDS:
            return ("has" if parts[0] == "has" else "is"), " ".join(parts[1:])
        return "is", " ".join(parts)

    def predicate(self, label: str) -> str:
        """A flag's words after "is": "active", but "a member" and "the default"."""
        if label == "default":
            return f"the {label}"
        return article(label) if label.rpartition(" ")[2] in _PERSONS | {"admin", "gift", "guest"} else label

    def happened(self, column: ColumnRef) -> str:
        """The participle of a date column that tells when something was done ("placed_at": "placed"), or ""."""
        parts = split_name(column.column)
        if self.denotation.kind(column) not in DATE_KINDS or len(parts) < 2:
            return ""
        if parts[-1] in ("at", "on", "date", "time", "number") and is_participle(parts[-2]) and len(parts) == 2:
            return parts[0]
        return ""

    def declared(self, column: ColumnRef) -> Column:
        """The schema's column."""
        return self._tables[column.table].column(column.column)

    def _is_key(self, column: ColumnRef) -> bool:
        return self.denotation.is_surrogate(column) or self.denotation.is_link(column)

    def _adjective(self, tool: Tool, field: Field, kind: str) -> str:
        words = self.field(tool, field)
        said = words.largest if kind == "max" else words.smallest
        if said or field.source is None or field.aggregate or self._is_key(field.source):
            return said
        of_kind = self.kind(field)
        greatest = kind == "max"
        for ending, most, least in _ADJECTIVES:
            if words.label == ending or words.label.endswith(" " + ending):
                return most if greatest else least
        if of_kind not in DATE_KINDS:
            return ""
        done = self.happened(field.source)
        if done == "created":
            return "newest" if greatest else "oldest"
        if done:
            return f"{'most recently' if greatest else 'earliest'} {done}"
        if words.label in ("date", f"{self.entity(field.source.table).one} date"):
            return "most recent" if greatest else "earliest"
        return ""

    def _named(self, column: ColumnRef) -> tuple[str, str]:
        """A column's label and unit from its name."""
        done = self.happened(column)
        if done:
            return f"{done} date", ""
        parts = split_name(column.column)
        if self.denotation.is_link(column) and len(parts) > 1 and parts[-1] in ("ID", "number", "code", "key"):
            parts = parts[:-1]
        shared = _shared_prefix([split_name(c.name) for c in self._tables[column.table].columns])
        if shared and len(parts) > 1 and parts[0] == shared:
            parts = parts[1:]
        own = split_name(self.entity(column.table).one)
        if parts[: len(own)] == own and parts[len(own) :] and parts[len(own)] in _STRIPPED_AFTER_ENTITY:
            parts = parts[len(own) :]
        unit = ""
        if parts[-1] in _UNITS and self.denotation.kind(column) in NUMBER_KINDS:
            unit = f"in {_UNIT_WORDS.get(parts[-1], parts[-1])}"
            parts = parts[:-1] or [_MEASURES.get(parts[-1], "amount")]
        if len(parts) > 1 and parts[0] in _FLAG_WORDS:
            parts = parts[1:]
        label = " ".join(parts)
        return _LABELS.get(label, label), unit

    def _computed(self, field: Field) -> str:
        if field.source is None or not field.aggregate:
            return " ".join(split_name(field.name))
        if field.aggregate == "count":
            return f"number of {self.entity(field.source.table).many}"
        label = self.column(field.source).label
        return f"{ {'sum': 'combined', 'max': 'highest', 'min': 'lowest'}[field.aggregate] } {label}"

    def _computed_unit(self, field: Field) -> str:
        if field.source is not None and field.aggregate and field.aggregate != "count":
            return self.column(field.source).unit
        parts = split_name(field.name)
        return f"in {parts[-1]}" if len(parts) > 1 and parts[-1] in _UNITS else ""

    def _role(self, table: str, column: str, key: ForeignKey) -> str:
        """The target's name by the column's own name, "" when that is the entity's name anyway."""
        if column.lower() in _ROLES:
            return _ROLES[column.lower()]
        parts = split_name(column)
        if len(parts) > 1 and parts[-1] in ("ID", "number", "code", "key", "fk"):
            parts = parts[:-1]
        role = " ".join(parts)
        entity = self.entity(key.target).one
        if len(role) < 3 or role == entity or entity.endswith(" " + role) or entity.startswith(role + " "):
            return ""
        if set(parts) <= set(split_name(key.target)) or role == singular(" ".join(split_name(key.target))):
            return ""
        return role


def _shared_prefix(names: list[list[str]]) -> str:
    """A first word that more than four fifths of at least three names begin with."""
    if len(names) < 3:
        return ""
    firsts = [parts[0] for parts in names if len(parts) > 1]
    for first in dict.fromkeys(firsts):
        if firsts.count(first) > 0.8 * len(names):
            return first
    return ""
