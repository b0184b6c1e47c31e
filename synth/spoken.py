"""How a value is said: quoted names, plain numbers with their unit, underscores as spaces.

In questions numbers stand as they are, so that a reader finds the very value; in
answers they get thousands separators.
"""

from __future__ import annotations

import re

from environments import ColumnRef, Json, Param

from .inflect import join, singular, split_name, word_set
from .lexicon import Lexicon

_QUOTED = word_set(
    """
    name title description reason note notes comment comments text subject message body remark remarks headline
    summary caption instructions
    """
)
_PLAIN = word_set(
    """
    email phone city country state region street address color colour size postcode code number date SKU line
    """
)
_CODES = word_set(
    """
    code zip ZIP postcode postal year number id ID key phone telephone mobile fax house floor room version reference
    """
)
_CODED = re.compile(r"[\d\s()+./:-]+|\S+@\S+")  # dates, times, phone numbers, addresses of mail
_OWN_NAMES = frozenset(["name", "first", "last", "full", "middle", "given", "family", "display", "user", "nick"])


def spoken(value: Json, column: ColumnRef | None, lexicon: Lexicon, param: Param | None = None) -> str:
    """The words of a free input's value.

    Args:
        column: Where the value belongs, if anywhere.
        param: The parameter that takes it; its options make a text a category, a note is quoted.
    """
    if isinstance(value, list):
        return join([spoken(item, column, lexicon, param) for item in value])
    if isinstance(value, bool) or (column is not None and lexicon.is_flag(column)):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return measured(_number(value), value, unit_of(column, lexicon))
    text = str(value)
    if param is not None and param.role == "note":
        return f'"{text}"'
    if is_quoted(column, lexicon, param) or _is_free_text(text, column, lexicon, param):
        return f'"{text}"'
    return text.replace("_", " ") if _is_category(text, column, lexicon, param) else text


def answered(value: Json, unit: str, lexicon: Lexicon, column: ColumnRef | None, decimals: int | None) -> str:
    """The words of an answer's value."""
    if value is None:
        return "not known"
    if isinstance(value, bool) or (column is not None and lexicon.is_flag(column)):
        return "yes" if value else "no"
    if isinstance(value, int | float) and value == int(value) and not unit and is_code(column):
        return str(int(value))
    if isinstance(value, int):
        return measured(f"{value:,}", value, unit)
    if isinstance(value, float):
        shown = f"{value:,.{decimals}f}" if decimals and decimals <= 2 else f"{value:,.6f}".rstrip("0").rstrip(".")
        return measured(shown, value, unit)
    if column is None:
        return str(value)
    if lexicon.denotation.kind(column) == "timestamp":
        return str(value).removesuffix(" 00:00:00")
    return spoken(value, column, lexicon)


def is_code(column: ColumnRef | None) -> bool:
    """Whether a column's numbers only name something: years, postal codes, house numbers."""
    parts = split_name(column.column) if column is not None and column.column else []
    return bool(parts) and parts[:2] != ["number", "of"] and any(part in _CODES for part in parts)


def unit_of(column: ColumnRef | None, lexicon: Lexicon) -> str:
    """The unit of a column's numbers: "in cents", or ""."""
    return lexicon.column(column).unit if column is not None and column.column else ""


def measured(number: str, value: float, unit: str) -> str:
    """A number with its unit after it: "500 cents"."""
    name = unit.removeprefix("in ")
    if not name:
        return number
    return f"{number} {singular(name) if abs(value) == 1 else name}"


def is_quoted(column: ColumnRef | None, lexicon: Lexicon, param: Param | None = None) -> bool:
    """Whether values stand in quotation marks: titles and free text do, names of persons do not."""
    if column is None:
        return param is not None and split_name(param.name)[-1] in _QUOTED
    parts = split_name(column.column)
    if not parts or parts[-1] not in _QUOTED:
        return False
    own = parts[0] in _OWN_NAMES and lexicon.entity(column.table).person
    return not (parts[-1] == "name" and (own or parts[0] == "contact"))


def _is_free_text(text: str, column: ColumnRef | None, lexicon: Lexicon, param: Param | None) -> bool:
    """Whether a new value would run into the words around it: "to see the earlier message"."""
    if param is None or param.role != "set" or " " not in text or _is_category(text, column, lexicon, param):
        return False
    if _CODED.fullmatch(text):
        return False
    return column is None or split_name(column.column)[-1] not in _PLAIN


def _is_category(text: str, column: ColumnRef | None, lexicon: Lexicon, param: Param | None) -> bool:
    if param is not None and "enum" in str(param.schema):
        return True
    if column is not None and lexicon.declared(column).values:
        return True
    last = split_name(column.column)[-1] if column is not None else ""
    return last not in _PLAIN and re.fullmatch(r"[a-z]+(?:_[a-z]+)+", text) is not None


def _number(value: float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
