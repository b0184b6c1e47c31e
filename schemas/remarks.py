"""What people write about a row: notes of the table's own field."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from .domains import is_about
from .model import Schema, Table
from .naming import ends, full_word, has, singular, snake
from .sources import Choice, Piece, Pool, Source, Text

_FAMILIES: tuple[tuple[str, str], ...] = (
    ("note_talk", "comment|post|message|reply|thread|discussion|chat|forum|topic|diary|blog"),
    ("note_work", "ticket|task|issue|project|incident|job|work_order|milestone|request|bug|workflow|process"),
    ("note_care", "visit|appointment|encounter|admission|patient|treatment|prescription|examination|observation"),
    (
        "note_trade",
        (
            "order|invoice|payment|purchase|sale|shipment|delivery|return|quote|cart|receipt|refund|bill|transaction|"
            "expense|voucher|journal|ledger|package|rental|loan|booking|reservation|subscription|requisition|adjustment"
        ),
    ),
    ("note_machine", "device|server|subnet|network|vlan|rack|circuit|host|interface|firewall|switch|router|ipaddress"),
    ("note_goods", "product|item|asset|stock|inventory|part|material|equipment|vehicle|warehouse|variant"),
    ("note_work", "employee|candidate|course|training|review|goal|shift|timesheet|leave|interview|vacancy"),
    ("note_client", "customer|client|contact|lead|member|account|owner|supplier|vendor|guest|subscriber|company"),
    ("note_place", "room|property|building|location|site|venue|facility|facilities|house|apartment|branch|store"),
    ("note_work_of_art", "book|film|movie|album|track|song|artist|author|recording|release|work|edition|series"),
)
"""The pool of notes by a word of the table's name."""

_MASTER = re.compile(
    r"^(?:t|tbl|tb|d|dim|fact|m|mst|tm)_|_(?:master|mst|info|data|list|table|tbl|hdr|header|description|translation|i18n)$"
)


@cache
def _first_words(schema: Schema) -> Counter[str]:
    """How many of the tables have a name that begins with each word."""
    return Counter(snake(table.name).split("_")[0] for table in schema.tables)


@cache
def noun_of(schema: Schema, table: Table) -> str:
    """What a row of the table is, in small letters: `oc_tax_class` is a tax class where all tables begin with oc."""
    name = _MASTER.sub("", snake(table.name))
    parts = [part for part in name.split("_") if part and not part.isdigit()]
    tables = len(schema.tables)
    if len(parts) > 1 and tables > 2 and _first_words(schema)[parts[0]] >= 0.6 * tables:
        parts = parts[1:]
    return " ".join([*map(full_word, parts[-2:-1]), singular(full_word(parts[-1]))]) if parts else "entry"


def note_source(schema: Schema, table: Table, name: str, length: int) -> Source:
    """A remark about a row."""
    if ends("instruction|delivery_note|delivery_instructions|shipping_note", name) and length >= 40:
        return Pool("instruction")
    if ends("request", snake(table.name)) and is_about("network", schema, table):
        return Pool("network_request")
    for pool, words in _FAMILIES:
        if has(words, snake(table.name)):
            return Pool(pool)
    if is_about("medical", schema, table):
        return Pool("note_care")
    if length >= 60:
        return Text((Piece(pool=Pool("remark")), Piece(pool=Pool("remark_end"))))
    # One or two words, where there is no room for more.
    fitting = tuple(word for word in _BRIEF if len(word) <= length)
    return Choice(fitting, tuple(1.0 for _ in fitting))


_BRIEF = ("Checked", "To be checked", "As agreed", "Confirmed", "Entered late", "Second entry", "OK", "A", "B")
