"""What a text column holds by the field that its table is from: the address of a network is no street.

Rules by the last words of a column's name and by the words around it, the table's and those of its other columns;
the first that fits. Each field has its rules in a file of its own; what is the same in every field is in
`column_texts.py`, codes are in `codes.py`.
"""

from __future__ import annotations

from functools import cache

from . import computing_rules, medical_rules, network_rules, people_rules, service_rules, trade_rules, work_rules
from .model import Schema, Table
from .naming import ends, has, kind_of_table, people_columns, snake
from .sources import Choice, Piece, Pool, Source, Text
from .text_rules import Rule, few

NETWORK = (
    "subnet|vlan|vrf|ip|ipaddress|ipaddr|ip_addr|dns|dhcp|snmp|nat|bgp|router|routing|firewall|mac|hostname|lan|wan|cidr|"
    "netmask|nameserver|ipv4|ipv6|circuit|pstn"
)
MEDICAL = (
    "patient|diagnosis|diagnoses|symptom|doctor|vet|pet|clinic|clinical|treatment|medication|medical|health|drug|dose|"
    "specimen|lab|labevent|prescription|icd|hospital|nurse|physician|microbiology|hadm|careunit|encounter|vaccine|"
    "allergy|allergies"
)
COMPUTING = (
    "java|datatype|handler|config|configuration|json|xml|schema|deployment|bytearray|api|oauth|"
    "token|script|workflow|scheduler|plugin|extension|widget|hl7"
)
_VOCABULARY = {"network": NETWORK, "medical": MEDICAL, "computing": COMPUTING}
_SHARES = {"network": 0.25, "medical": 0.12, "computing": 0.3}
"""So many of a schema's tables speak of a field before the others are taken to be of it, too."""


@cache
def _surroundings(table: Table) -> str:
    """The words of a table and its columns, as one name."""
    return "_".join([snake(table.name), *(snake(column.name) for column in table.columns)])


@cache
def _fields(names: tuple[str, ...]) -> frozenset[str]:
    """The fields that the names of many of the tables speak of."""
    found = {
        field
        for field, words in _VOCABULARY.items()
        if sum(has(words, snake(name)) for name in names) >= max(2, _SHARES[field] * len(names))
    }
    return frozenset(found)


def is_about(field: str, schema: Schema, table: Table) -> bool:
    """Whether a table, or its schema, is about "network", "medical" or "computing" matters."""
    if has(_VOCABULARY[field], _surroundings(table)):
        return True
    return field in _fields(tuple(other.name for other in schema.tables))


_RULES: tuple[Rule, ...] = (
    *service_rules.RULES,
    *work_rules.RULES,
    *network_rules.RULES,
    *computing_rules.RULES,
    *medical_rules.RULES,
    *trade_rules.RULES,
    *people_rules.RULES,
    *computing_rules.LAST,
)  # fmt: skip


def meant(schema: Schema, table: Table, name: str, length: int) -> Source | None:
    """The source of a text column by its field; None when no rule is about it."""
    for words, context, least, source in _RULES:
        if (
            ends(words, name)
            and (length <= -least if least < 0 else least <= length or isinstance(source, Choice))
            and concerns(context, schema, table, name)
        ):
            fitting = _shorter(source, length) if isinstance(source, Choice) else source
            if fitting is not None:
                return fitting
    return _homonym(schema, table, name, length)


def concerns(context: str, schema: Schema, table: Table, name: str) -> bool:
    """Whether a column is in a field, or has one of the words around it; "" is anywhere."""
    if not context:
        return True
    if context in _VOCABULARY:
        return is_about(context, schema, table) or has(_VOCABULARY[context], name)
    first, _, rest = context.partition("|")
    if first in _VOCABULARY and is_about(first, schema, table):
        return True
    return has(rest if first in _VOCABULARY else context, _surroundings(table))


def _shorter(source: Choice, length: int) -> Choice | None:
    """The values that have room."""
    pairs = [
        (value, weight)
        for value, weight in zip(source.values, source.weights, strict=True)
        if len(str(value)) <= length
    ]
    return Choice(tuple(value for value, _ in pairs), tuple(weight for _, weight in pairs)) if len(pairs) > 1 else None


def _homonym(schema: Schema, table: Table, name: str, length: int) -> Source | None:
    """Words that mean another thing beside others."""
    first, last, _ = people_columns(table)
    names = [snake(column.name) for column in table.columns]
    if ends("address|addr", name) and length >= 13 and not ends("email_address|mac_address", name):
        posted = any(has("city|zip|zipcode|postcode|postal|postal_code|street|town", other) for other in names)
        lived = posted or has(
            "customer|location|provider|site|branch|office|contact|supplier|company|person", snake(table.name)
        )
        if is_about("network", schema, table) and not lived:
            return Text((Piece(pool=Pool("network")), Piece(kind="number", count=2)))
    if name == "title" and first and last:
        saluted = any(ends("salutation|honorific|prefix", other) for other in names)
        courteous = not saluted and (length <= 12 or any(ends("suffix|name_style", other) for other in names))
        return few("Ms.|Mr.|Mrs.|Dr.") if courteous else Pool("job")
    if name == "title" and any(_lists_people(schema.table(key.target)) for key in table.foreign_keys):
        dated = any(ends("from_date|to_date|start_date|end_date|salary", other) for other in names)
        return Pool("job") if dated and ends("title|position|job|role|employment", snake(table.name)) else None
    if first and ends("preferred_name|known_as|call_name", name):
        return Text((Piece(path=(first,)),))
    if ends("prefix", name) and not (first or last) and kind_of_table(table) != "person":
        return Text((Piece(kind="letters", count=min(3, length)),))
    return None


def _lists_people(table: Table) -> bool:
    return kind_of_table(table) == "person"
