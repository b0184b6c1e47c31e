"""How many rows each table gets at first, before any is drawn.

Tables of the recipe get theirs by share, the rest by their place in the schema: look-up tables few, tables far from
the roots many. What `each` really gives is only known after drawing; `fill.py` then scales these numbers.
"""

from __future__ import annotations

from functools import cache

from .bounds import read_checks
from .located import lines_of
from .model import Schema, Table
from .naming import LOOKUPS, has, kind_of_table, snake
from .randomness import Skewed
from .recipe import Recipe, TableRecipe
from .sources import Choice, Constant, SkewedRange

_LOOKUP_LIMIT = 18
_PLENTY = 10_000
_FEW = ("facility", "team", "place", "company", "course", "aircraft", "city", "project")
"""Kinds of tables with fewer rows than others at the same place."""
_OWNER = "customer|client|member|patient|subscriber|student|guest|contact|user|account|person|holder|owner"
_STAFF = "vet|staff|employee|doctor|instructor|teacher|trainer|driver|agent|nurse|author|artist|director"


def first_counts(schema: Schema, recipe: Recipe, rows: float) -> dict[str, float]:
    """Rows of every table that no `each` sizes, so that `rows` is met if every condition holds."""
    fixed: dict[str, float] = {}
    shared: dict[str, float] = {}
    free: dict[str, float] = {}
    for table in schema.tables:
        of = recipe.table(table.name)
        if of.each:
            continue
        if of.rows is not None:
            fixed[table.name] = float(of.rows)
        elif of.share is not None:
            shared[table.name] = of.share
        else:
            free[table.name] = _weight(schema, table)
    factors = _factors(schema, recipe)
    left = max(0.0, rows - sum(count * factors[name] for name, count in fixed.items()))
    part = left * len(free) / max(len(schema.tables) - len(fixed), 1) if shared else left
    counts = dict(fixed)
    listed = {name: float(limit) for name in shared if (limit := recipe.table(name).limit) is not None}
    counts.update(_scaled(shared, factors, left - part if free else left, listed))
    limits: dict[str, float] = {}
    least = min(8.0, rows / (3 * len(schema.tables)))
    for _ in range(4):
        counts.update(_scaled(free, factors, part, limits))
        for name in free:
            table = schema.table(name)
            few = least if _is_lookup(schema, table) else least / 2 if _is_pointed_at(schema, table) else 0.0
            # One city for all addresses leaves nothing to ask.
            counts[name] = max(counts[name], min(few, limits.get(name, few)))
        limits = {name: _limit(schema, schema.table(name), counts) for name in free}
    return counts


def _scaled(
    weights: dict[str, float], factors: dict[str, float], total: float, limits: dict[str, float]
) -> dict[str, float]:
    """Counts in proportion to the weights, none above its limit, which with their descendants sum to `total`."""
    counts: dict[str, float] = {}
    open_ = dict(weights)
    while open_:
        mass = sum(weight * factors[name] for name, weight in open_.items())
        scale = max(total, 0.0) / mass if mass else 0.0
        full = [name for name, weight in open_.items() if weight * scale > limits.get(name, float("inf"))]
        if not full:
            counts.update({name: max(1.0, weight * scale) if weight else 0.0 for name, weight in open_.items()})
            break
        for name in full:
            counts[name] = max(1.0, limits[name])
            total -= counts[name] * factors[name]
            del open_[name]
    return counts


def _factors(schema: Schema, recipe: Recipe) -> dict[str, float]:
    """Expected number of rows that a row of each table stands for, itself and all its descendants by `each`."""
    factors: dict[str, float] = {}
    children: dict[str, list[str]] = {}
    for table in schema.tables:
        if recipe.table(table.name).each not in ("", table.name):
            children.setdefault(recipe.table(table.name).each, []).append(table.name)

    def factor(name: str) -> float:
        if name not in factors:
            factors[name] = 1.0
            for child in children.get(name, ()):
                factors[name] += expected_count(recipe.table(child)) * factor(child)
        return factors[name]

    for table in schema.tables:
        factor(table.name)
    return factors


def expected_count(recipe: TableRecipe) -> float:
    """Expected rows for each fitting parent."""
    match recipe.count:
        case Constant(value):
            mean = float(value or 0)
        case Choice(values, weights):
            mean = sum(float(value or 0) * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
        case SkewedRange(low, high, wanted):
            mean = Skewed(low, high, wanted).mean
    return mean * recipe.chance


@cache
def _is_pointed_at(schema: Schema, table: Table) -> bool:
    return any(key.target == table.name for other in schema.tables if other is not table for key in other.foreign_keys)


@cache
def _is_lookup(schema: Schema, table: Table) -> bool:
    others = {key.target for key in table.foreign_keys} - {table.name}
    small = len(table.columns) <= 3 and kind_of_table(table) not in ("person", "product", "title")
    small = small and not _extensions(schema, table)
    listed = kind_of_table(table) in LOOKUPS and not _somebodys(schema, table)
    return (listed or (small and not others)) and _is_pointed_at(schema, table)


def _somebodys(schema: Schema, table: Table) -> bool:
    """Whether each row is one person's own, such as a subscription; who wrote or changed it does not own it."""
    for key in table.foreign_keys:
        target = schema.table(key.target)
        own = any(has(_OWNER, snake(name)) for name in key.columns)
        if kind_of_table(target) == "person" and own and not any(table.column(name).nullable for name in key.columns):
            return True
    return False


@cache
def _extensions(schema: Schema, table: Table) -> list[Table]:
    """The tables whose rows are rows of this one, with more said of them: employees that are persons."""
    return [
        other
        for other in schema.tables
        if other is not table
        and any(key.target == table.name and key.columns == other.primary_key for key in other.foreign_keys)
    ]


def _weight(schema: Schema, table: Table) -> float:
    """The share of a table; what others extend has as many rows as these, and some."""
    return _common_weight(schema, table, ())


def _common_weight(schema: Schema, table: Table, path: tuple[str, ...]) -> float:
    own = _own_weight(schema, table)
    if table.name in path or _is_lookup(schema, table):
        return own
    path = (*path, table.name)
    parts = [_common_weight(schema, other, path) for other in _extensions(schema, table) if other.name not in path]
    return max(own, _SPARE * max(parts, default=0.0), 0.8 * sum(parts))


_SPARE = 1.25
"""A table has so many times the rows of the largest that extends it."""


def _own_weight(schema: Schema, table: Table) -> float:
    others = {key.target for key in table.foreign_keys} - {table.name}
    if _is_lookup(schema, table):
        return 0.15
    if kind_of_table(table) in _FEW and len(others) < 3 and not has("address|addresses", snake(table.name)):
        return 0.4
    if has(_STAFF, snake(table.name)) and len(others) < 3:
        return 0.8
    if any(key.columns == table.primary_key and key.target != table.name for key in table.foreign_keys):
        return 1.0  # some of the rows of what it extends
    entity = 1.4 if kind_of_table(table) in ("person", "product", "title") else 1.0
    return entity * 1.5 ** min(_depth(schema, table, ()), 4) * (1 + 0.4 * len(others))


def _depth(schema: Schema, table: Table, path: tuple[str, ...]) -> int:
    if table.name in path or len(path) > 6:
        return 0
    targets = [
        schema.table(name) for name in dict.fromkeys(key.target for key in table.foreign_keys) if name != table.name
    ]
    return max((1 + _depth(schema, target, (*path, table.name)) for target in targets), default=0)


def _limit(schema: Schema, table: Table, counts: dict[str, float]) -> float:
    """The most rows that the keys of a table without recipe have room for, with some room to spare."""
    limit = float("inf")
    if _is_lookup(schema, table):
        limit = _LOOKUP_LIMIT
    limit = min(limit, lines_of(schema, table) or limit)
    for group in (table.primary_key, *table.uniques):
        factors = _room(schema, table, group, counts)
        if factors is None or not group:
            continue
        room = 1.0
        for factor in factors:
            room *= factor
        limit = min(limit, room * (0.85 if len(factors) == 1 else 0.6))
    return limit


def _room(schema: Schema, table: Table, group: tuple[str, ...], counts: dict[str, float]) -> list[float] | None:
    """The number of values of each part of a key, or None when one of them is not limited."""
    factors: list[float] = []
    covered: set[str] = set()
    for key in sorted(table.foreign_keys, key=lambda key: -len(key.columns)):
        if set(key.columns) & set(group) and not set(key.columns) <= covered and key.target != table.name:
            factors.append(counts.get(key.target, float("inf")))
            covered |= set(key.columns)
    for name in group:
        column = table.column(name)
        if name in covered:
            continue
        room = read_checks(table)[0][name].room(column)
        if room > _PLENTY:
            return None
        factors.append(room)
    return factors
