"""When the rows of a table come to be, as far as the rows that come after them say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .bounds import Bounds, read_checks
from .emit import quote
from .model import Schema, Table
from .moment import DAY, read_moment
from .naming import first_date
from .states import acted


class Era(NamedTuple):
    """What is known of when the rows of a table begin.

    Attributes:
        after: So many generations of rows with dates of their own come after them; at most 6.
        until: In seconds, when rows that point at them must have begun by a CHECK; None when none says so.
    """

    after: int = 0
    until: int | None = None


ALONE = Era()
_GENERATIONS = 6
_LATELY = 30 * DAY
"""What may happen until so shortly before the clock leaves its parents all the time they need."""


def eras(schema: Schema, now: int) -> Mapping[str, Era]:
    """The era of each table with dates; `now` in seconds.

    The payments of January 2007 have a table of their own in some schemas, with a CHECK that says so: what is paid
    for was bought before.
    """
    dated = {table.name for table in schema.tables if first_date(table)}
    after = dict.fromkeys(dated, 0)
    until: dict[str, int] = {}
    links = [
        (table, key.target)
        for table in schema.tables
        for key in table.foreign_keys
        if key.target != table.name and not (len(key.columns) == 1 and acted(table, table.column(key.columns[0])))
    ]
    for _ in range(_GENERATIONS):
        for table, target in links:
            if table.name in dated and target in dated:
                after[target] = max(after[target], min(after[table.name] + 1, _GENERATIONS))
    own = {table.name: start for table in schema.tables if (start := _start(table, now)) is not None}
    for _ in range(_GENERATIONS):
        for table, target in links:
            known = [moment for moment in (own.get(table.name), until.get(table.name)) if moment is not None]
            if known and target not in own:
                until[target] = min(*known, until.get(target, now))
    return {name: Era(after.get(name, 0), until.get(name)) for name in {*dated, *until}}


def _start(table: Table, now: int) -> int | None:
    """When the rows of a table begin that all lie in the past, as a CHECK says."""
    first = first_date(table)
    if not first or not any(quote(first) in check.sql for check in table.checks):
        return None
    bounds: Bounds = read_checks(table)[0][first]
    try:
        low = read_moment(bounds.low) if isinstance(bounds.low, str) else None
        high = read_moment(bounds.high) if isinstance(bounds.high, str) else None
    except ValueError:
        return None
    return low if low is not None and high is not None and high < now - _LATELY else None
