"""Words that a schema gives itself: what may be done to its tables, and which of them a row speaks of."""

from __future__ import annotations

import re

from .choices import falling
from .model import Schema, Table
from .naming import ends, has, singular, snake
from .remarks import noun_of
from .sources import Choice, Source

_DEEDS = ("view", "create", "update", "delete", "export")
_MOST = 14
_INSIDE = (
    "permission|permissions|privilege|role|log|logs|history|session|migration|token|setting|settings|config|lock|audit|"
    "changelog|archive|queue|cache|type|attribute|translation|description|password|key|job|batch|temp|map|mapping|link|property|properties|"
    "preference|preferences|version|hl7|oauth|api|widget|cron|failed"
)
"""Words of tables that people do not speak of as things to work with."""


def objects_of(schema: Schema) -> tuple[str, ...]:
    """What the schema's main tables hold, one word or two each, those first that others point at most."""
    pointed: dict[str, int] = {}
    for table in schema.tables:
        for key in table.foreign_keys:
            pointed[key.target] = pointed.get(key.target, 0) + 1
    kept = [table for table in schema.tables if _is_thing(table)]
    kept.sort(key=lambda table: -pointed.get(table.name, 0))
    return tuple(dict.fromkeys(noun_of(schema, table).replace(" ", "_") for table in kept))[:_MOST]


def _is_thing(table: Table) -> bool:
    keyed = {column for key in table.foreign_keys for column in key.columns}
    return not has(_INSIDE, snake(table.name)) and any(column.name not in keyed for column in table.columns)


def _plural(word: str) -> str:
    if re.search(r"(?:s|x|ch|sh)$", word):
        return f"{word}es"
    return re.sub(r"(?<![aeiou])y$", "ie", word) + "s"


_ALLOWED = "permission|permissions|privilege|privileges|capability|authority|access_right"
_NAMES = "name|slug|key|code|title|codename|authority|permission|privilege"
_SUBJECTS = (
    r"notifiable_type|model_type|subject_type|causer_type|entity_type|object_type|record_type|resource_type|*able_type|"
    "owner_type|target_type|source_type|item_type|content_type|auditable|log_type"
)
_CHANGES = "changelog|change_log|audit|audit_log|audit_trail|audit_event|activity_log|revision|version"


def of_schema(schema: Schema, table: Table, name: str, length: int) -> Source | None:
    """A permission, a kind of object or a table's name in the words of the schema; None for any other column."""
    whole = snake(table.name)
    permitted = ends(_ALLOWED, name) or (ends(_ALLOWED, whole) and name in _NAMES.split("|"))
    subject = (
        name.endswith("_type")
        and ends(_SUBJECTS, name)
        and (_has_id(table, name) or ends("entity_type|resource_type|object_type", name))
    )
    changed = ends(_CHANGES, whole) and name in ("type", "object", "entity", "object_type", "item_type", "module")
    listed = ends("table_name|entity_name|model_name|object_name|entity|table|model_class", name) and not ends(
        "product|vehicle|car", whole
    )
    if not (permitted or subject or changed or listed):
        return None
    things = [thing for thing in objects_of(schema) if len(thing) + 8 * permitted <= length]
    if len(things) < 2:
        return None
    if permitted:
        values = [f"{_plural(thing)}.{deed}" for thing in things for deed in _DEEDS]
        fitting = tuple(value for value in values if len(value) <= length)
        return Choice(fitting, tuple(1.0 for _ in fitting))
    if subject:
        return falling(["".join(part.capitalize() for part in thing.split("_")) for thing in things])
    return falling(things if changed else [_plural(singular(thing)) for thing in things])


def _has_id(table: Table, name: str) -> bool:
    return any(snake(column.name) == f"{name.removesuffix('_type')}_id" for column in table.columns)
