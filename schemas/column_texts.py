"""Which texts stand in a column: names, codes, addresses, remarks."""

from __future__ import annotations

import re

from .bounds import Bounds
from .choices import falling
from .codes import code_source, own_name
from .column_patterns import column_piece, patterned_source
from .domains import is_about, meant
from .foreign_names import in_english
from .located import address_source, line_source
from .model import Column, Schema, Table
from .name_rules import field_description, field_name
from .naming import (
    LISTS,
    LOOKUPS,
    PEOPLE,
    TABLES,
    bare_name,
    ends,
    full_word,
    has,
    kind_of_list,
    kind_of_table,
    kinds_for,
    people_columns,
    snake,
)
from .remarks import note_source, noun_of
from .schema_words import of_schema
from .sources import Choice, Constant, Person, Piece, Pool, Source, Text
from .states import weights_of

_PLAIN: tuple[tuple[str, Source], ...] = (
    ("first_name|firstname|fname|given_name|forename", Person("first")),
    ("last_name|lastname|lname|surname|family_name|maiden_name", Person("last")),
    ("middle_name|middlename|mname|nick_name|nickname|nick", Pool("first_name", faker=True)),
    ((
        "contact_name|contact|manager_name|owner_name|author|artist|composer|director|recipient|"
        "ship_name|ship_to_name|full_name|card_holder|cardholder|emergency_contact|owner|assigned_to|manager|supervisor|"
        "instructor|teacher|doctor|physician|guardian|witness|inspector|driver|*ed_by|sent_by|written_by|entry_by|by"
    ), Person("full")),
    ((
        "address2|address_2|address_line2|address_line_2|line2|secondary_address|apartment"
    ), Pool("secondary_address", faker=True)),
    ((
        "street|address|address1|address_1|address_line|address_line1|address_line_1|addr|line1|"
        "street_address"
    ), Pool("street")),
    ("city|town|municipality", Pool("city")),
    ("country|nation|country_name|nationality", Pool("country")),
    ("state|province", Pool("state", faker=True)),
    ("region|territory|district|county", Pool("region")),
    ((
        "company|company_name|employer|manufacturer|supplier|vendor|publisher|organization|organisation|"
        "studio|record_label|bank|bank_name|insurer|billing_company"
    ), Pool("company")),
    ("brand|make", Pool("brand")),
    ("carrier|courier|shipper", Pool("carrier")),
    ("job|job_title|occupation|profession|position|role|contact_title", Pool("job")),
    ("department|division", Pool("department")),
    ("genre", Pool("genre")),
    ("keyword|keywords|meta_keyword|tags|labels", Pool("topic")),
    ("color|colour", Pool("color")),
    ("species|breed|animal_type", Pool("species")),
    ("specialty|speciality|specialization", Pool("specialty")),
    ("diagnosis|symptom|condition|reason|complaint|procedure", Pool("condition")),
    ("drug|medication|medicine", Pool("medicine")),
    ("subject|course|major", Pool("course")),
    ("product|product_name|item|item_name|model", Pool("product")),
    ("facility|room_name|room", Pool("facility")),
    ("team|club", Pool("team")),
    ("event", Pool("event")),
    ("project|project_name", Pool("project")),
    ("location|venue|place|site|branch|building", Pool("place")),
    ("headline|title|book|film|movie|album|song|track", Pool("title")),
)  # fmt: skip
"""Sources of text columns by the end of their name; the first that fits."""


def longest_of(column: Column, bounds: Bounds) -> int:
    """The most letters that the column takes, by its type and its bounds; 4000 where nothing says."""
    return min(value for value in (column.type.length, bounds.longest, 4000) if value is not None)


def text_source(schema: Schema, table: Table, column: Column, name: str, bounds: Bounds) -> Source | None:
    """The source of a text column by its name; None when that says nothing."""
    name = name.removesuffix("_source_value") or name
    length = longest_of(column, bounds)
    if bounds.shortest and bounds.shortest == bounds.longest:
        return Text((Piece(kind="letters", count=bounds.shortest),))
    kind = kind_of_table(table)
    if kind == "category":
        kind = kind_of_list(schema, table)
    exact = line_source(schema, table, name, length) or _commented(column, length)
    exact = exact or address_source(schema, table, name, length)
    exact = exact or of_schema(schema, table, name, length) or field_name(schema, table, name, length)
    exact = exact or meant(schema, table, name, length) or patterned_source(schema, table, column, name, length)
    if exact is not None:
        return exact
    if (name in ("name", "title") or name.endswith("_name")) and not ends("guard_name|queue_name|event_name", name):
        return _named(schema, table, column, name, kind)
    if ends("detail|details", name) and kind not in DESCRIBED:
        return note_source(schema, table, name, length)
    if ends("description|desc|summary|details|detail|overview|about|bio|abstract", name):
        return _description(schema, table, column, name, kind)
    for words, values in (*kinds_for(table, name), *LISTS):
        fitting = [value for value in values if len(value) <= length]
        if ends(words, name) and len(fitting) > 1:
            return falling(fitting)
    if has("review|feedback|testimonial", snake(table.name)) and ends("body|text|comment|content|review|message", name):
        return Pool("review")
    if ends("reason|cause|complaint|procedure|condition", name) and not is_about("medical", schema, table):
        return Pool("return_reason" if has(_TRADE, snake(table.name)) else "reason")
    if ends(_REMARK, name):
        return note_source(schema, table, name, length)
    if ends("category|tag|topic", name):
        return Pool(kind_of_list(schema, table) if has("product|item|goods|stock", snake(table.name)) else "topic")
    if ends("label|caption|heading|display_name|alias", name):
        return _called(schema, table, name, length)
    for words, source in _PLAIN:
        if ends(words, name):
            return source
    if kind and ends(snake(table.name).rstrip("s"), name):
        return _named(schema, table, column, name, kind)
    if ends(PEOPLE, name) and length >= 16:
        return Person("full")
    if ends("sort|sort_name|sort_key|sort_title|filing_name", name) and (own := own_name(table, column)):
        return Text((column_piece(own),))
    shorter = _QUALIFIED.sub("", name)
    shorter = in_english(name) if shorter in ("", name) else shorter
    return text_source(schema, table, column, shorter, bounds) if shorter not in ("", name) else None


_QUALIFIED = re.compile(
    r"^(?:default|preferred|initial|current|original|raw|source|target|parent|main|other)_(?=\w{3})|"
    r"(?<=[a-z]{3})\d+$|_(?:source_value|source|non_coded|value|text|txt|str|string|desc|label|raw|ids?|\d+)$"
)
"""What a name says beside what the column holds."""
_TRADE = "order|return|refund|sale|purchase|shipment|item|rma|invoice"
_REMARK = (
    "note|comment|remark|message|body|content|review|feedback|memo|text|instructions|observation|history|answer|question|"
    "annotation|contents"
)


def _commented(column: Column, length: int) -> Source | None:
    """One of the words that the column's comment lists in quotes."""
    listed = tuple(dict.fromkeys(re.findall(r"[\"']([A-Za-z][\w -]{0,19})[\"']", column.comment)))
    fitting = tuple(value for value in listed if len(value) <= length)
    return Choice(fitting, weights_of(fitting)) if len(fitting) > 1 else None


def _varied(table: Table, column: Column) -> bool:
    """Whether a few values may not do for a column: it is part of a key, or others are made of it."""
    indexed = any(column.name in part for index in table.indexes if index.unique for part in index.columns)
    made = any(other.generated and column.name in other.generated for other in table.columns)
    return indexed or made or any(column.name in group for group in (table.primary_key, *table.uniques))


def unknown_source(table: Table, column: Column, name: str, length: int) -> Source:
    """For a column whose name says nothing: its default, a code where rows must differ, or one of few plain words."""
    default = re.fullmatch(r"'([^']*)'", column.default or "")
    if default is not None and default[1]:
        return Constant(default[1])
    if _varied(table, column) and length >= 6:
        return code_source(table, column, name, length)
    listed = [word for word in _PLAIN_WORDS if len(word) <= length]
    if len(listed) < 3:
        listed = [letter for letter in "ABCD" if length]
    if default is not None:
        # An empty text stands for none.
        return Choice(("", *listed), (70.0, *(30.0 / len(listed) for _ in listed)))
    return falling(listed)


_PLAIN_WORDS = ("standard", "basic", "extended", "other", "special", "custom")
"""What may be said of anything."""


DESCRIBED = {
    "title": "plot",
    "visit": "condition",
    "product": "description",
    "facility": "description",
    "course": "description",
    "event": "description",
    "dish": "description",
    "place": "description",
    "company": "description",
    "membership": "description",
}
"""The pool of a description by the kind of table."""


def _description(schema: Schema, table: Table, column: Column, name: str, kind: str) -> Source:
    length = column.type.length or 4000
    if ends("item|line|detail|fee|charge|entry|entries|transaction", snake(table.name)) and name != "details":
        return Pool("charge")
    names = [bare_name(table, other) for other in table.columns if other is not column]
    named = any(ends("name|title|label", other) for other in names)
    told = has("description|translation", snake(table.name))
    if kind and kind != "person" and not named and not told and ends("description|desc|summary", name):
        if kind_of_table(table) == "category" and _stem_of_list(table):
            return _called(schema, table, name, length)
        return Pool(DESCRIBED[kind] if kind == "visit" else kind)
    if kind in DESCRIBED and length >= 40:
        return Pool(DESCRIBED[kind])
    return field_description(schema, table, length)


def _stem_of_list(table: Table) -> str:
    """What the entries of a list are types, groups or the like of, if the table's name says it."""
    found = re.fullmatch(
        r"(\w+)_(?:category|categories|tag|topic|kind|type|group|collection|label)s?", snake(table.name)
    )
    return found[1] if found and not ends("product|item|article|shop|store|catalog|goods", found[1]) else ""


def _pool_of(table: Table) -> str:
    """The pool of names that a word of the table's name asks for, or ""."""
    return next((pool for words, pool in _NAMED if ends(words, snake(table.name))), "")


def _named(schema: Schema, table: Table, column: Column, name: str, kind: str) -> Source:
    if name.endswith("_by_name"):
        return Person("full")
    stem = name.removesuffix("_name").removesuffix("name").strip("_")
    stem = re.sub(r"(?<=\w)_(?:display|full|legal|official|trade|trading)$", "", stem)
    if kind_of_table(table) == "category" and stem in ("", "title", snake(table.name)) and _stem_of_list(table):
        return _typed(table, name)
    if ends("sort|sort_as", stem) and (own := own_name(table, column)):
        return Text((column_piece(own),))
    plain = next((source for words, source in _PLAIN if stem and stem not in ("title",) and ends(words, name)), None)
    if plain is not None:
        return plain
    if stem and stem != "title":
        parts = full_word(stem.split("_")[-1])
        itself = snake(table.name).endswith(stem) or stem in _OF_ANYTHING
        kind = next(
            (found for words, found in TABLES if re.fullmatch(rf"(?:{words})s?", parts)), kind if itself else ""
        )
        kind = kind_of_list(schema, table) if kind == "category" else kind
        if kind in ("facility", "course", "category") and is_about("computing", schema, table):
            kind = ""
        if not kind and not itself:
            return _named_for(schema, table, stem, column.type.length)
    if kind == "person" and name == "title":
        return Pool("job")
    if stem in ("", "title") and has("review|feedback|rating|testimonial", snake(table.name)):
        return Pool("review_title")
    if kind in ("job", "project") and not stem and (pool := _pool_of(table)):
        return Pool(pool, walked=True)
    if kind == "visit":
        return Pool("condition")
    if kind == "person":
        first, last, _ = people_columns(table)
        if first and last and column.name not in (first, last):
            return Text((column_piece(first), Piece(literal=" "), column_piece(last)))
        return Person("full")
    if kind == "genre" and any(has("track|song|album", snake(other.name)) for other in schema.tables):
        kind = "music_genre"
    if kind == "format" and any(has("track|song", snake(other.name)) for other in schema.tables):
        kind = "music_format"
    if kind in ("pet", "region", "country", "city", "topic", *LOOKUPS):
        return Pool(kind)
    if kind:
        return Pool(kind, walked=True)
    return _called(schema, table, name, column.type.length)


_OF_ANYTHING = (
    "full", "display", "short", "long", "common", "legal", "official", "sort", "nick", "public", "old", "new",
    "alternate", "other", "generic", "real", "preferred", "birth", "business",
)  # fmt: skip
"""Before "name" they say which name of the row it is, and not whose."""


def _typed(table: Table, name: str) -> Source:
    """A name for the rows of a list of types or groups of something."""
    stem = _stem_of_list(table)
    if ends("user|staff|member|permission|admin", stem) and ends("group", snake(table.name)):
        return Pool("role", walked=True)
    for words, values in kinds_for(table, f"{stem}_type"):
        del words
        plain = [value.capitalize() for value in values]
        return falling([*plain, *(f"{mark} {value}" for mark in _MARKED for value in values)])
    return Pool("type", walked=True)


_MARKED = ("Special", "Internal", "External", "Partner", "Trial", "Seasonal", "Group", "Express")
"""Before the kinds of a list that has more entries than there are kinds."""


def _named_for(schema: Schema, table: Table, stem: str, length: int | None) -> Source:
    """A name of something that is not the row itself: `container_name` names a container."""
    for words, pool in _NAMED:
        if ends(words, stem):
            return Pool(pool)
    word = " ".join(map(full_word, stem.split("_")[-2:]))
    if length is not None and length < len(word) + 12:
        return Pool("type")
    return Text((Piece(pool=Pool("label")), Piece(literal=f" {word}")))


_NAMED: tuple[tuple[str, str], ...] = (
    ("permission|privilege|authority|capability|scope|right", "permission"),
    ("role", "role"),
    ("setting|option|preference|parameter|config|configuration|property|properties|variable|attribute", "setting"),
    ("file|document|attachment|upload|image|media|photo", "file"),
    ("message|mail|email|thread|conversation|notification|ticket|issue|request|complaint|inquiry", "subject_line"),
    ("color|colour", "color"),
)
"""Pools of names by a word of the table's name, where its kind does not say."""


def _called(schema: Schema, table: Table, name: str, length: int | None) -> Source:
    """A name for the rows of a table of which only the name is known: "North banner", "Backup banner 2"."""
    whole = snake(table.name)
    for words, pool in _NAMED:
        if ends(words, whole):
            return Pool(pool, walked=True)
    if name == "title" and not is_about("computing", schema, table) and _reads_like_a_work(table):
        return Pool("title", walked=True)
    word = noun_of(schema, table)
    word = word if length is None or length >= len(word) + 12 else word.split(" ")[-1]
    if length is not None and length < len(word) + 12:
        return Pool("type", walked=True)
    return Text((Piece(pool=Pool("label")), Piece(literal=f" {word}"), Piece(pool=Pool("label_end"))))


def _reads_like_a_work(table: Table) -> bool:
    """Whether a title is that of something written or played."""
    names = [snake(table.name), *(snake(column.name) for column in table.columns)]
    return any(
        has("author|artist|genre|isbn|publish|published|publisher|edition|pages|director|queue|list", n) for n in names
    )
