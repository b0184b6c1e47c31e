"""Texts that a column's name gives a shape: addresses, numbers written as text, versions, files, keys of settings."""

from __future__ import annotations

import re

from .choices import evenly, falling
from .codes import code_source
from .located import telephone_source
from .model import Column, Schema, Table
from .naming import ends, has, has_place, kind_of_table, people_columns, person_beside, snake
from .sources import Between, Bits, Choice, Piece, Pool, Source, Text


def column_piece(name: str, *filters: str) -> Piece:
    """Another column of the row as a piece of a text."""
    return Piece(path=(name,), filters=filters)


_USER = "username|user_name|login"


def _name_pieces(table: Table, column: Column, joint: str, *filters: str) -> tuple[Piece, ...]:
    """The row's name as far as it has one, as the start of an e-mail address or user name."""
    beside = person_beside(table, column)
    if beside:
        return (column_piece(beside, *filters),)
    first, last, full = (other if other != column.name else "" for other in people_columns(table))
    if first and last:
        return (column_piece(first, *filters), Piece(literal=joint), column_piece(last, *filters))
    if full:
        return (column_piece(full, *filters),)
    if first or last:
        return (column_piece(first or last, *filters),)
    user = next(
        (c.name for c in table.columns if c is not column and ends("username|user_name|login", snake(c.name))), ""
    )
    if user and not ends("username|user_name|login", snake(column.name)):
        return (column_piece(user, *filters),)
    faker = [Piece(pool=Pool(part, faker=True), filters=filters) for part in ("first_name", "last_name")]
    return (faker[0], Piece(literal=joint), faker[1])


_ANYTHING = (
    "notifiable_type|model_type|subject_type|causer_type|entity_type|object_type|record_type|resource_type|*able_type|"
    "owner_type|target_type|source_type|item_type|content_type"
)
"""Of which table a row is that a number beside it means."""
_SETTING_NAME = "key|name|code|(?:option|setting|param|config)_(?:key|name|code)"


def patterned_source(schema: Schema, table: Table, column: Column, name: str, length: int) -> Source | None:
    """A text of a shape that the column's name tells, or None."""
    named = {snake(other.name) for other in table.columns}
    if name.endswith("_type") and f"{name.removesuffix('_type')}_id" in named and ends(_ANYTHING, name):
        return falling(("User", "Order", "Invoice", "Product", "Comment", "Project"))
    if (
        ends(
            "payload|properties|settings|config|options|metadata|meta|params|parameters|attributes|extra|context|"
            "custom_fields|preferences|raw_data|json",
            name,
        )
        and length >= 30
    ):
        return Choice(*evenly(SOME_JSON))
    if ends("sid|session|session_id|sessionid|session_key|nonce", name) and length >= 16:
        return Bits(min(length, 32))
    if ends(
        "exception|error|error_message|error_msg|incident_msg|last_error|failure_reason|stack_trace|stacktrace|error_text",
        name,
    ):
        return Pool("error")
    if ends("host|hostname|host_name|server|server_name|smtp_host|domain|fqdn", name) and length >= 24:
        return Text((Piece(pool=Pool("host")), Piece(kind="number", count=2), Piece(literal=".example.com")))
    if ends("no|number|num", name) and has("home|mobile|office|contact|phone|cell|tel|telephone|fax", name):
        name = "phone"
    number = _number_as_text(name, length)
    if number is not None:
        return number
    if has("email|e_mail|mail", name) and not has("code|stop|type|template|subject|host|status|server|format", name):
        return Text((*_name_pieces(table, column, ".", "slug"), Piece(literal="@"), Piece(pool=Pool("domain"))))
    if ends("username|user_name|login|handle|nickname|screen_name|user", name) and column.type.kind == "text":
        return Text((*_name_pieces(table, column, "", "slug"), Piece(kind="number", count=2)))
    if ends("phone|mobile|telephone|cell|fax|tel|phone_number|homephone|home_phone", name):
        if length < 8:
            return Text((Piece(kind="number", count=length),))
        short = (Piece(literal="555-01"), Piece(kind="number", count=2))
        if length < 12:
            return Text(short)
        located = telephone_source(schema, table, name)
        if located is not None:
            return located
        return Text((Piece(pool=Pool("area_code")), Piece(literal="-"), *short))
    if ends("extension|ext", name):
        return Text((Piece(kind="number", count=min(3, length)),))
    if ends("zip|zip_code|zipcode|postal_code|postcode|postal|billing_postal_code", name):
        return Text((Piece(kind="number", count=min(5, length)),))
    if ends("country_code|countrycode|iso_code|country_iso", name) or (ends("country", name) and length <= 3):
        return Pool("country_code")
    if ends("state|province|state_code|state_province", name) and has_place(table):
        return Pool("state_abbr" if length < 14 else "state", faker=True)
    if ends("uuid|guid", name) and length >= 32:
        return Bits() if length >= 36 else Bits(32)
    if ends("user_agent|useragent|agent_string|browser", name) and length >= 60:
        return Pool("agent")
    if ends("mime_type|mimetype|content_type|media_type", name) and length >= 20:
        return falling(("application/pdf", "image/jpeg", "image/png", "text/plain", "text/csv", "application/zip"))
    if ends("version|app_version|revision", name):
        return falling(("1.0", "1.1", "1.2", "2.0", "2.1", "1.3", "2.2", "3.0") if length < 5 else _VERSIONS)
    if ends("slug|permalink", name) and length >= 12:
        return _slugged(table, column)
    if (
        ends("hex|color_code|colour_code|hex_color|bgcolor|fgcolor|background_color|text_color", name) and length >= 7
    ) or (ends("color|colour", name) and length == 7):
        return Text((Piece(literal="#"), Piece(pool=Pool("hex_digits"))))
    if ends("mac|mac_address|mac_addr", name):
        return Pool("mac_address", faker=True)
    if ends("setting|option|param|config", snake(table.name)) and re.fullmatch(_SETTING_NAME, name):
        return Pool("setting", walked=True)
    if ends("setting|option|param|config|preference", snake(table.name)) and ends("value|val|default_value", name):
        return Pool("setting_value")
    if ends("icd|icd10|icd_code|icd10_code|icd9_code", name) or (
        ends("code", name) and has("diagnosis|diagnoses|icd|condition", snake(table.name))
    ):
        return Text(
            (
                Piece(kind="letters", count=1),
                Piece(kind="number", count=2),
                Piece(literal="."),
                Piece(kind="number", count=1),
            )
        )
    if ends("subject|headline", name) and kind_of_table(table) not in ("course",) and length >= 40:
        return Pool("subject_line")
    if ends("iban", name) and length >= 22:
        return Text(
            (Piece(literal="GB"), Piece(kind="number", count=2), Piece(literal="EXMP"), Piece(kind="number", count=14))
        )
    if ends("swift|swift_code|bic", name) and length >= 8:
        return Text((Piece(kind="letters", count=4), Piece(literal="US"), Piece(kind="letters", count=2)))
    if ends("routing_number|sort_code|branch_code", name):
        return Text((Piece(kind="number", count=min(6, length)),))
    if ends("account_number|account_no|acct_no|card_number", name) and length >= 8:
        return Text((Piece(kind="number", count=min(10, length)),))
    if ends("last4|last_4|last_four", name):
        return Text((Piece(kind="number", count=4),))
    if ends("url|website|link|homepage|home_page|web_site|uri", name):
        return Text(
            (
                Piece(literal="https://www.example.com/"),
                Piece(pool=Pool("phrase"), filters=("slug",)),
                Piece(kind="number", count=2),
            )
        )
    if ends("file|filename|file_name|attachment|file_path|document|original_name", name) and length >= 24:
        return Text((Piece(pool=Pool("file")), Piece(pool=Pool("file_ending"))))
    if ends("image|photo|picture|avatar|image_url|photo_path|file|filename|file_name|attachment|path|logo|icon", name):
        return Text(
            (Piece(pool=Pool("phrase"), filters=("slug",)), Piece(kind="number", count=3), Piece(literal=".jpg"))
        )
    if ends("ip|ip_address|ipaddress|ip_addr|ipaddr|remote_addr|client_ip|remote_ip|host_ip", name):
        nets = Pool("network")
        return Text((Piece(pool=nets), Piece(kind="number", count=2)))
    if has("password|passwd|hash|token|secret|checksum|salt|digest|signature|session_key", name):
        return Bits(min(length, 40))
    if ends("isbn|isbn13", name):
        return Text((Piece(literal="978"), Piece(kind="number", count=min(10, max(1, length - 3)))))
    if ends("barcode|upc|ean|gtin", name):
        return Text((Piece(kind="number", count=min(12, length)),))
    if ends("ssn|tax_id|national_id|social_security", name):
        return Text((Piece(kind="number", count=min(9, length)),))
    if ends("date|datetime|timestamp", name) and length >= 10:
        return Between("-730d", "-1d")
    if ends("year", name):
        return falling([str(year) for year in range(2025, 1989, -1)])
    if ends("middle_initial|initial|mi", name) or (length == 1 and has("middle|initial", name)):
        return Text((Piece(kind="letters", count=1),))
    if ends(
        (
            "code|sku|number|no|num|nr|ref|reference|serial|license|licence|plate|vin|iban|account|tracking|"
            "barcode|abbreviation|abbr|symbol|key|identifier|id|icd|ndc|serial_number|voucher|slug|mpn|short_name|"
            "acronym|mnemonic"
        ),
        name,
    ):
        return code_source(table, column, name, length)
    if ends("gender|sex|flag|yn", name) and length == 1:
        return Choice(("F", "M"), (51.0, 49.0)) if ends("gender|sex", name) else Choice(("N", "Y"), (70.0, 30.0))
    return None


_VERSIONS = ("1.0.0", "1.2.0", "1.1.3", "2.0.0", "1.4.2", "2.1.0", "2.3.1", "1.9.5", "3.0.0", "3.1.2")


SOME_JSON = (
    "{}", '{"source": "web"}', '{"source": "phone"}', '{"theme": "dark", "page_size": 50}', '{"notify": true}',
    '{"tags": ["new"]}', '{"tags": ["repeat", "local"]}', '{"theme": "light"}', '{"attempt": 2}', '{"locale": "en_US"}',
)  # fmt: skip


def _number_as_text(name: str, length: int) -> Source | None:
    """Digits, where a number is stored as text."""
    if ends("width|height|depth|file_size|filesize|score|duration|capacity", name):
        return Text((Piece(kind="number", count=min(3, length)),))
    if ends("salary|amount|price|total|balance", name):
        return Text((Piece(kind="number", count=min(4, length)),))
    if ends("sort_order|display_order|position_no|seqno|seq|order_column|line_no|rank", name):
        return Text((Piece(kind="number", count=1),))
    if re.match(r"(?:is|has|can|allow|show|enable)_", name) or ends("required|enabled|active|visible|valid", name):
        return Choice(("Y", "N") if length < 3 else ("yes", "no"), (65.0, 35.0))
    return None


def _slugged(table: Table, column: Column) -> Source:
    """A slug of the row's own name or title."""
    for other in table.columns:
        if other is not column and other.type.kind == "text" and ends("name|title|label", snake(other.name)):
            return Text((column_piece(other.name, "slug"),))
    return Text((Piece(pool=Pool("phrase"), filters=("slug",)), Piece(literal="-"), Piece(kind="number", count=3)))
