"""What a column holds, in the sense of the person who reads it: a name, a price, a status, a secret.

Decided from its type, its words and, where there are rows, from what they show.
Keys and links are decided by the schema and are not this file's business.
"""

from __future__ import annotations

import itertools
import typing
from collections.abc import Sequence
from dataclasses import dataclass

from schemas import Column, Row, Value

from .english import PEOPLE, word_set

Kind = typing.Literal[
    "key",
    "link",
    "name",
    "contact",
    "code",
    "category",
    "text",
    "flag",
    "date",
    "time",
    "year",
    "price",
    "amount",
    "count",
    "measure",
    "ordinal",
    "audit",
    "secret",
    "opaque",
]
MOST_CATEGORIES = 24
NUMBERS = ("integer", "real", "decimal")

_NAMES = word_set(
    """
    name title surname nickname subject headline caption label
    """
)
_CONTACTS = word_set(
    """
    email mail phone telephone mobile cell fax website homepage address street line1 line2
    """
)
_CODES = word_set(
    """
    code SKU sku isbn number reference iban barcode vin plate slug key symbol guid uuid postcode zip ean upc
    """
)
_CATEGORIES = word_set(
    """
    status state type kind category gender sex city country region province county district language currency
    level grade class color colour method priority role rating genre brand race season department unit position
    town nationality breed species severity shift tier stage condition format size job salutation courtesy
    suburb
    """
)
_SECRETS = word_set(
    """
    password passwd passphrase passcode pwd secret token salt hash digest apikey ssn cvv cvc pin credential
    credentials otp signature
    """
)
_SECRET_PAIRS = (("api", "key"), ("credit", "card"), ("card", "number"), ("private", "key"), ("account", "number"))
_OPAQUE = word_set(
    """
    tsvector fulltext blob image photo picture thumbnail avatar path json xml payload geometry
    """
)
_AUDIT = (
    ("last", "update"),
    ("last", "updated"),
    ("last", "modified"),
    ("updated",),
    ("update",),
    ("modified",),
    ("deleted",),
    ("row", "version"),
    ("row", "guid"),
    ("rowguid",),
    ("rowversion",),
    ("created", "by"),
    ("updated", "by"),
    ("modified", "by"),
    ("tenant",),
    ("organization",),
)
_AUDIT_TAIL = word_set("at on date time id user by key")
_FLAGS = word_set(
    """
    active activebool enabled disabled deleted discontinued archived verified visible
    """
)
_PRICES = word_set("price cost fee fare charge toll rent rate")
_AMOUNTS = word_set(
    """
    amount total subtotal revenue sales freight tax balance salary wage income credit debit deposit refund
    outlay maintenance budget paid payment profit expense turnover commission donation bonus
    """
)
_COUNTS = word_set(
    """
    quantity count units slots seats stock copies pages guests nights days hours minutes seconds milliseconds
    points goals attendees participants duration stops visits items miles kilometers places beds rooms players
    """
)
_ORDINALS = word_set(
    """
    number sequence position rank order ordinal index version level code type status state priority line id key
    month day week quarter group floor latitude longitude percentage percent ratio score
    """
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rows show of a column.

    Attributes:
        rows: Rows looked at; 0 means that nothing is known.
        filled: Rows in which it is not NULL.
        values: Its distinct values but NULL and bytes, sorted.
    """

    rows: int = 0
    filled: int = 0
    values: tuple[Value, ...] = ()

    @property
    def empty(self) -> bool:
        """There are rows, and none has a value."""
        return self.rows > 0 and self.filled == 0

    @property
    def distinct(self) -> bool:
        """Every row has a value of its own."""
        return self.rows > 0 and len(self.values) == self.filled == self.rows


def evidence(rows: Sequence[Row], column: str) -> Evidence:
    """What `rows` show of `column`."""
    filled = [value for row in rows if (value := row.get(column)) is not None]
    distinct = dict.fromkeys(value for value in filled if not isinstance(value, bytes))
    values = sorted(distinct, key=lambda value: (isinstance(value, str), value))
    return Evidence(len(rows), len(filled), tuple(values))


def column_kind(column: Column, words: Sequence[str], shown: Evidence) -> Kind:
    """The kind of a column that is neither key nor link.

    Args:
        words: The words of its name.
    """
    last = words[-1]
    kind = column.type.kind
    if _is_secret(words):
        return "secret"
    if (
        kind in ("blob", "json")
        or tuple(words) == ("full", "text")
        or (kind == "text" and any(word in _OPAQUE for word in words))
    ):
        return "opaque"
    if _is_audit(words):
        return "audit"
    if kind == "boolean" or (kind == "integer" and _is_flag(words, shown)):
        return "flag"
    if kind in ("date", "timestamp"):
        return "date"
    if kind == "time":
        return "time"
    if kind == "uuid":
        return "code"
    if column.values:
        return "category"
    if kind in NUMBERS:
        return _number_kind(column, words)
    if last == "id":
        return "code"
    if last in _NAMES or last in PEOPLE:
        return "name"
    if any(word in _CONTACTS for word in words):
        return "contact"
    if last in _CODES or (last == "code" and len(words) > 1):
        return "code"
    if last in _CATEGORIES or _repeats(shown):
        return "category"
    return "text"


def is_additive(kind: Kind) -> bool:
    """Whether the sum over rows of such a column means something."""
    return kind in ("amount", "count")


def _number_kind(column: Column, words: Sequence[str]) -> Kind:
    last = words[-2] if words[-1] in ("cents", "usd", "eur") and len(words) > 1 else words[-1]
    if any(word in ("zip", "postal", "postcode", "house", "phone", "telephone", "fax", "mobile") for word in words):
        return "code"
    if "year" in words and column.type.kind == "integer":
        return "year"
    if last in ("id", "key", "code") or (last == "number" and column.type.kind == "integer"):
        return "code"
    if any(word in _COUNTS for word in words):
        return "count"
    if any(word in _PRICES for word in words) and not any(word in ("tax", "interest", "exchange") for word in words):
        return "price"
    if last in _ORDINALS or words[0] in _ORDINALS:
        return "ordinal"
    if any(word in _AMOUNTS for word in words):
        return "amount"
    return "measure"


def _is_secret(words: Sequence[str]) -> bool:
    if any(word in _SECRETS for word in words):
        return True
    return any(pair in list(itertools.pairwise(words)) for pair in _SECRET_PAIRS)


def _is_audit(words: Sequence[str]) -> bool:
    for name in _AUDIT:
        if tuple(words[: len(name)]) == name and all(word in _AUDIT_TAIL for word in words[len(name) :]):
            return True
    return False


def _is_flag(words: Sequence[str], shown: Evidence) -> bool:
    named = words[0] in ("is", "has") or words[-1] in _FLAGS
    return named and all(value in (0, 1) for value in shown.values)


def _repeats(shown: Evidence) -> bool:
    """Few distinct short texts over many rows."""
    few = 1 < len(shown.values) <= MOST_CATEGORIES and shown.filled >= 4 * len(shown.values)
    return few and all(isinstance(value, str) and len(value) <= 40 for value in shown.values)
