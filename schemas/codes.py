"""Codes and numbers as texts: each thing has the shape that its codes have, and a list's code is short for its name."""

from __future__ import annotations

import re

from .model import Column, Table
from .naming import LOOKUPS, ends, has, kind_of_table, singular, snake
from .sources import Bits, Piece, Pool, Source, Text
from .text_rules import few, shape

_ARTICLES = (
    "sku|mpn|part_number|part_no|product_number|product_no|model_number|item_number|item_no|product_code|item_code|"
    "article_number"
)
_SHAPES: tuple[tuple[str, int, Source], ...] = (
    ("airport_code|iata|iata_code|origin_airport|destination_airport|origin_code|destination_code", 3,
     few("ATL|JFK|LHR|FRA|DEN|SEA|CDG|ORD|AMS|MUC")),
    (_ARTICLES, 9, shape(Pool("sku_stem"), "-", 4, Pool("sku_end"))),
    ("coupon|coupon_code|promo_code|voucher_code|discount_code|promotion_code|gift_code", 9,
     shape(Pool("coupon"), 2)),
    ("plate|license_plate|licence_plate|registration_number|plate_number|number_plate", 8, shape(-3, "-", 4)),
    ("vin|vin_number|chassis_number", 17, shape(1, -4, 2, -4, 6)),
    ("passport|passport_number|passport_no", 9, shape(-1, 8)),
    ("license_number|licence_number|license_no|driving_license|driver_license|license", 8, shape(-1, 7)),
    ("tracking|tracking_number|tracking_no|tracking_code|carrier_tracking_number", 18, shape("1Z", 16)),
    ("tracking|tracking_number|tracking_no|tracking_code|carrier_tracking_number", 12, shape("", 12)),
    ("account_code|accno|gl_code|account_number|account_no", 4, shape(4)),
    ("serial|serial_number|serial_no", 10, shape("SN", 8)),
    ("status_code|http_status|response_code|http_code", 3, few("200|404|201|302|500|401")),
    ("area_code|dial_code|phone_code", 3, Pool("area_code")),
    ("hcpcs_code|cpt_code|procedure_code|naics_code", 5, shape(5)),
    ("ndc|ndc_code", 12, shape(5, "-", 3, "-", 2)),
    ("transaction_reference|gateway_reference|charge_id|external_id|remote_id|message_id|request_id|correlation_id",
     24, Bits(24)),
    ("catalog_number|call_number|shelf_mark", 8, shape(3, ".", 2, " ", -1)),
)  # fmt: skip

_SHORT = "code|abbreviation|abbr|symbol|short|short_name|shortname|acronym|mnemonic|short_code|abbrev"
_MARKS = (
    r"_?(?:code|abbreviation|abbr|symbol|acronym|mnemonic|short_name|short|sku|number|no|num|nr|ref|reference|key|"
    r"identifier|id|account|uid|guid)s?(?:_\d+)?$"
)
_USUAL = {
    "invoice": "INV", "order": "ORD", "purchase_order": "PO", "sale_order": "SO", "sales_order": "SO", "quote": "QUO",
    "payment": "PAY", "receipt": "RCT", "ticket": "TIC", "claim": "CLM", "policy": "POL", "booking": "BKG",
    "reservation": "RES", "customer": "CUS", "supplier": "SUP", "employee": "EMP", "shipment": "SHP", "return": "RET",
}  # fmt: skip


def own_name(table: Table, column: Column) -> str:
    """The column that names the rows of a table, for another column that is made of it; "" when there is none."""
    listed = kind_of_table(table) in LOOKUPS
    for words in ("name|title|label", "description") if listed else ("name|title|label",):
        for other in table.columns:
            if other is column or other.type.kind != "text" or other.generated or other.values:
                continue
            keyed = any(other.name in key.columns for key in table.foreign_keys)
            named = snake(other.name) in words.split("|") or (
                words.startswith("name") and snake(other.name) == f"{singular(snake(table.name))}_name"
            )
            if named and not keyed and (column.nullable or not other.nullable):
                return other.name
    return ""


def prefix_of(table: Table, name: str) -> str:
    """The letters that a column's numbers begin with: INV for an invoice_number, PI for a process_instance_id."""
    stem = re.sub(_MARKS, "", name)
    if len(stem) < 3:
        stem = snake(table.name)
    parts = [singular(part) for part in stem.split("_") if part]
    usual = _USUAL.get("_".join(parts)) or _USUAL.get("_".join(parts[-2:])) or _USUAL.get(parts[-1])
    letters = re.sub(r"[^A-Z]", "", "".join(part[0] for part in parts[-3:]).upper())
    return usual or (letters if len(letters) > 1 else re.sub(r"[^A-Z]", "", stem.upper())[:3])


def abbreviated(table: Table, column: Column, name: str, length: int) -> Source | None:
    """A code that is short for the row's own name, where the table is a list of named things."""
    own = own_name(table, column) if ends(_SHORT, name) else ""
    if own and ends("short|short_name|shortname", name) and length >= 20:
        return Text((Piece(path=(own,)),))
    if (
        not own
        or kind_of_table(table) in ("person", "product", "company")
        or has("history|log|audit", snake(table.name))
    ):
        return None
    return Text((Piece(path=(own,), filters=("abbreviation",), count=max(1, min(length, 6))),))


_SESSIONS = "session|sessions"
_MACHINE = (
    "session_id|sid|sess_id|credential_id|key_id|raw_id|token|access_token|refresh_token|api_key|activation_key|hash|"
    "account_number|account_no|acct_no|card_number|api_token|jti|ulid|md5|sha1|discid|isrc|fingerprint|etag"
)

_ISSUED = (
    "tail_number|aircraft_registration|confirmation_number|record_locator|booking_reference|license_plate|plate_number|"
    "number_plate|barcode|upc|ean|passport_number|user_code"
)
"""Keys that somebody else hands out, in no order."""


def drawn_key(table: Table, name: str, length: int) -> bool:
    """Whether a key is drawn at random, and no number in a row: what a program or a bank made up."""
    if length >= 6 and ends(_ISSUED, name):
        return True
    if length < 10:
        return False
    if name in ("id", "sid", "session_id", "session_key") and ends(_SESSIONS, snake(table.name)):
        return length >= 26
    return ends(_MACHINE, name) or (length >= 12 and ends(_ARTICLES, name) and kind_of_table(table) == "product")


def article_code(table: Table, column: Column, name: str, length: int) -> Source | None:
    """A number of goods that begins with letters of their name."""
    own = own_name(table, column)
    if not own or length < 9 or not ends(_ARTICLES, name) or kind_of_table(table) != "product":
        return None
    return Text(
        (Piece(path=(own,), filters=("abbreviation",), count=4), Piece(literal="-"), Piece(kind="number", count=4))
    )


def code_source(table: Table, column: Column, name: str, length: int) -> Source:
    """The source of a column that its name calls a code, number or reference."""
    article = article_code(table, column, name, length)
    if article is not None:
        return article
    if name in ("id", "sid") and ends(_SESSIONS, snake(table.name)) and length >= 26:
        return Bits(min(length, 32))
    for words, least, source in _SHAPES:
        if ends(words, name) and length >= least:
            return source
    short = abbreviated(table, column, name, length)
    if short is not None:
        return short
    if ends("abbreviation|abbr|acronym|mnemonic|symbol|short|short_name", name):
        return shape(-max(1, min(length, 3)))
    prefix = prefix_of(table, name)
    if ends("number|no|num|nr|account", name) and not any(has(word, name) for word in _USUAL):
        return shape(min(length, 6))
    if length >= len(prefix) + 5:
        return shape(f"{prefix}-", min(5, length - len(prefix) - 1))
    if length > 4:
        return shape(prefix[:1] or "A", length - 1)
    if length == 1:
        return few("A|B|C|D")
    stem = (prefix + "XX")[: length - 1]
    return few("|".join(stem + letter for letter in "ABCDEF"))
