"""Which columns hold parts of places, countries, currencies and the like that must agree with each other."""

from __future__ import annotations

from functools import cache

from .model import Schema, Table
from .naming import ends, has, has_city, kind_of_table, snake
from .places import (
    CITY,
    COUNTRY,
    COUNTRY_CODE,
    LATITUDE,
    LONG_COUNTRY_CODE,
    LONGITUDE,
    PHONE,
    POINT,
    POSTCODE,
    STATE,
    STATE_CODE,
)
from .route import Path, through
from .sources import Located, Source
from .words import LISTED

_LINES: tuple[tuple[str, str, tuple[tuple[str, int], ...]], ...] = (
    (
        "country|countries|nation|country_region",
        "country",
        (
            ("iso3|iso_3|iso_code_3|alpha3|alpha_3|code3|code_3|iso_3_code|three_letter_code", 2),
            ("numeric_code|numcode|iso_numeric|numeric", 5),
            ("phone_code|dial_code|calling_code|phone_prefix", 4),
            ("currency|currency_code", 3),
            ("continent", 6),
            (
                "code|iso|iso2|iso_2|iso_code|iso_code_2|alpha2|alpha_2|country_code|country_region_code|abbr|abbreviation",
                1,
            ),
            ("name|country|title|country_name|full_name|label", 0),
        ),
    ),
    (
        "currency|currencies|currency_type",
        "currency",
        (
            ("symbol|sign|symbol_left", 2),
            ("code|iso|iso_code|currency_code|currency_id|abbr", 1),
            ("name|title|currency|label", 0),
        ),
    ),
    (
        "language|languages|lang|locale|culture",
        "language",
        (
            ("locale", 2),
            ("iso3|iso_3|iso_code_3|alpha3|alpha_3|code3|code_3", 3),
            ("code|iso|iso2|iso_2|iso_code|language_code|abbr|abbreviation|tag|culture_id|culture_code", 1),
            ("name|language|title|language_name|label", 0),
        ),
    ),
    (
        "unit|uom|unit_measure|unit_of_measure|measure|measurement_unit|unit_type",
        "unit",
        (
            ("symbol|sign|abbreviation|abbr|short_name", 2),
            ("code|unit_measure_code|unit_code|uom_code|uom", 1),
            ("name|title|unit|description|label|unit_name", 0),
        ),
    ),
    (
        "city|cities|town|municipality",
        "city",
        (
            ("country_code|country_iso|iso2|iso_2", COUNTRY_CODE),
            ("iso3|iso_3|country_code_3", LONG_COUNTRY_CODE),
            ("country|country_name", COUNTRY),
            ("state_code|province_code|region_code", STATE_CODE),
            ("state|province|region|district|state_name|admin_name|subdivision", STATE),
            ("zip|zip_code|zipcode|postal_code|postcode|postal", POSTCODE),
            ("latitude|lat", LATITUDE),
            ("longitude|lon|lng|long", LONGITUDE),
            ("name|city|title|city_name|town|label|city_ascii", CITY),
        ),
    ),
    (
        "state|province|state_province",
        "state",
        (
            ("code|abbreviation|abbr|state_code|province_code|state_province_code|short_name", 1),
            ("name|state|province|title|state_name|label", 0),
        ),
    ),
)
"""By a table's last word: what its rows list, and which part of a line a column is."""


_LEAST = {"unit": (13, 3, 4), "city": (16, 20, 3, 16, 2, 8, 0, 8, 9, 0, 3)}
_LEAST_OF_LIST = (2, 2, 3, 3, 3, 3, 8)
"""The letters that each part needs."""


def line_source(schema: Schema, table: Table, name: str, length: int) -> Source | None:
    """A part of a country, currency, city or the like, in the table that lists these."""
    for words, of, parts in _LINES:
        if not ends(words, snake(table.name)) or (of in ("unit", "state") and kind_of_table(table)):
            continue
        for part_words, part in parts:
            if ends(part_words, name) and not has("file|image|flag", name):
                place = 2 if (of, part, length) == ("country", 1, 3) else part
                if length < _LEAST.get(of, _LEAST_OF_LIST)[place]:
                    return None
                given = settled(schema, table, beyond=("city", "state").index(of)) if of in ("city", "state") else ()
                if of == "state" and given:
                    return Located((STATE, STATE_CODE)[part], of=of, given=given)
                return Located(place, of=of, given=given)
    return None


def lines_of(schema: Schema, table: Table) -> int | None:
    """How many rows there are to list in a table of countries, currencies, languages or units; None for others."""
    for words, of, parts in _LINES:
        if of in LISTED and of != "state" and ends(words, snake(table.name)):
            names = [snake(column.name) for column in table.columns if column.type.kind == "text"]
            if any(line_source(schema, table, name, 40) for name in names if ends(parts[-1][0], name)):
                return len(LISTED[of])
    return None


_SETTLING: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (
    ("city|cities|town|municipality", (("name|city|city_name|town|title", CITY),)),
    (
        "state|province|state_province",
        (("name|state|province|state_name|title", STATE), ("code|state_code|abbreviation|abbr", STATE_CODE)),
    ),
    (
        "country|countries|nation|country_region",
        (
            ("name|country|country_name|title", COUNTRY),
            ("iso3|iso_3|iso_code_3|alpha3|alpha_3", LONG_COUNTRY_CODE),
            ("code|iso|iso2|iso_2|iso_code|country_code|country_region_code", COUNTRY_CODE),
        ),
    ),
)
"""By a table's last word: which part of a place its rows are, and the columns that say it."""
_WIDER = 10
_GROUPS = ("billing", "bill", "bill_to", "shipping", "ship", "ship_to", "delivery", "home", "work", "mailing")


@cache
def settled(schema: Schema, table: Table, group: str = "", beyond: int = -1) -> tuple[tuple[Path, int], ...]:
    """The parts of an address that keys of the row settle: the city of `city_id`; the narrowest first.

    Args:
        beyond: Only what is wider than this place of `_SETTLING`: of a city its state and country.
    """
    found: list[tuple[int, Path, int]] = []
    for position, key in enumerate(table.foreign_keys):
        if len(key.columns) != 1 or key.target == table.name or _group_of(snake(key.columns[0])) != group:
            continue
        target = schema.table(key.target)
        for rank, (words, parts) in enumerate(_SETTLING):
            if rank <= beyond or not ends(words, snake(target.name)):
                continue
            named = [
                (column, part)
                for part_words, part in parts
                for column in target.columns
                if column.type.kind == "text" and ends(part_words, snake(column.name))
            ]
            if named:
                column, part = named[0]
                part = LONG_COUNTRY_CODE if part == COUNTRY_CODE and column.type.length == 3 else part
                found.append((rank, (through(position), column.name), part))
                # Where no place of that name is known, the country still is.
                wider = settled(schema, target, beyond=rank)
                found.extend((_WIDER + part, (through(position), *path), part) for path, part in wider)
    found.sort()
    ranks = [rank for rank, _, _ in found]
    # Of two keys to cities neither is known to be that of the address.
    return tuple((path, part) for rank, path, part in found if ranks.count(rank) == 1)


def _group_of(name: str) -> str:
    """`billing` of `billing_city`: an address beside others of the row."""
    return next((group for group in sorted(_GROUPS, key=len, reverse=True) if name.startswith(f"{group}_")), "")


def has_address(schema: Schema, table: Table, group: str = "") -> bool:
    """Whether a row says in which city or country it is, itself or by a key."""
    return has_city(table) or bool(settled(schema, table, group))


def address_source(schema: Schema, table: Table, name: str, length: int) -> Source | None:
    """Parts of an address that must agree with each other; a postal code alone is no such part."""
    group = _group_of(name)
    if kind_of_table(table) in ("city", "country") or not has_address(schema, table, group):
        return None
    given = settled(schema, table, group)
    for words, part, least in _PARTS:
        if ends(words, name) and length >= least:
            return Located(_short(part, length), group, given=given)
    return None


def _short(part: int, length: int) -> int:
    """The code of a state or country where its name has no room."""
    if part == STATE and length < 16:
        return STATE_CODE
    if part == COUNTRY and length <= 3:
        return LONG_COUNTRY_CODE if length == 3 else COUNTRY_CODE
    return part


_PARTS = (
    ("country_code|country_iso|iso_code", COUNTRY_CODE, 2),
    ("city|town|municipality", CITY, 3),
    ("state|province|state_province|state_code|region|district|county", STATE, 2),
    ("country", COUNTRY, 2),
    ("zip|zip_code|zipcode|postal_code|postcode|postal", POSTCODE, 5),
    ("latitude|lat", LATITUDE, 9),
    ("longitude|lon|lng|long", LONGITUDE, 10),
    ("spatial_location|geom|geometry|coordinates|coordinate|geo_point|geo_location", POINT, 26),
)
"""Parts of an address by the end of a column's name, and the letters that they need."""


def coordinate_source(schema: Schema, table: Table, name: str) -> Source | None:
    """A latitude or longitude as a number, where the row says in which city it is."""
    for words, part in (("latitude|lat", LATITUDE), ("longitude|lon|lng|long", LONGITUDE)):
        if ends(words, name):
            if kind_of_table(table) == "city":
                return line_source(schema, table, name, 20)
            group = _group_of(name)
            return Located(part, group, given=settled(schema, table, group)) if has_address(schema, table) else None
    return None


def telephone_source(schema: Schema, table: Table, name: str) -> Source | None:
    """A telephone number with the area code of the row's city, if it says one."""
    group = _group_of(name)
    if not any(snake(column.name) == f"{group}_city" for column in table.columns):
        group = ""  # where somebody works is told by a number of another kind than where the post goes
    if kind_of_table(table) in ("city", "country") or not has_address(schema, table, group):
        return None
    return Located(PHONE, group, given=settled(schema, table, group))
