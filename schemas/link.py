"""The makers of foreign keys: picking the row that a key points at, or finding the row that it says.

Popular targets are picked more often; which are popular has nothing to do with their
place in the table. A key to its own table points at an earlier row, so that no circle closes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .errors import FillError
from .expression import Getter, split_equalities
from .maker import Maker, store_all
from .model import Value
from .randomness import Indices
from .route import target_columns
from .site import Key, Site
from .sources import Pick

_STEPS = 4096
_POPULARITY: list[float] = [(1 - (1 - step / _STEPS) ** (1 / 1.5)) ** (1 / 0.8) for step in range(_STEPS + 1)]
"""Quantiles of how far down the list of targets a row points: Kumaraswamy's distribution with a = 0.8, b = 1.5.

The first targets are pointed at most, and towards the last the density goes to nothing, so that however many rows
there are some targets have none and some one.
"""
_QUANTILES = np.array(_POPULARITY)
_PROBES = 8


def _popular(unit: float) -> float:
    place = int(unit * _STEPS)
    return _POPULARITY[place] + (unit * _STEPS - place) * (_POPULARITY[place + 1] - _POPULARITY[place])


def _many_popular(units: NDArray[np.float64]) -> NDArray[np.float64]:
    places = (units * _STEPS).astype(np.int64)
    low = _QUANTILES[places]
    found: NDArray[np.float64] = low + (units * _STEPS - places) * (_QUANTILES[places + 1] - low)
    return found


@dataclass(slots=True, eq=False)
class _Target:
    """The columns of a key and where its values come from."""

    columns: list[list[Value]]
    keys: list[list[Value]]
    link: list[int | None]

    def point(self, row: int, target: int | None) -> None:
        self.link[row] = target
        for column, key in zip(self.columns, self.keys, strict=True):
            column[row] = None if target is None else key[target]

    def point_all(self, rows: Indices, targets: list[int | None]) -> None:
        """Point every one of `rows` at its target."""
        store_all(self.link, rows, targets)
        for column, key in zip(self.columns, self.keys, strict=True):
            store_all(column, rows, [None if target is None else key[target] for target in targets])


def _outputs(site: Site, position: int, columns: tuple[str, ...]) -> tuple[Key, ...]:
    table = site.table.name
    return (("link", table, str(position)), *(("column", table, column) for column in columns))


def _target(site: Site, position: int, columns: tuple[str, ...]) -> _Target:
    """Where a key's free `columns` are read from; notes what that needs."""
    key = site.table.foreign_keys[position]
    pairs = dict(zip(key.columns, target_columns(site.schema, site.table, position), strict=True))
    site.needs["rows", key.target, ""] = None
    for name in pairs.values():
        site.needs["column", key.target, name] = None
    store, table = site.store, site.table.name
    return _Target(
        [store.columns[table, column] for column in columns],
        [store.columns[key.target, pairs[column]] for column in columns],
        store.links[table, position],
    )


def bound_maker(site: Site, position: int) -> Maker:
    """The key that `each` binds: its rows were given their parents at birth."""
    columns = site.table.foreign_keys[position].columns
    target = _target(site, position, columns)

    def put(row: int, salt: int) -> bool:
        del salt
        target.point(row, target.link[row])
        return True

    def put_many(rows: Indices, salt: int) -> list[int]:
        del salt
        target.point_all(rows, [target.link[row] for row in rows.tolist()])
        return []

    outputs = _outputs(site, position, columns)
    return Maker(site.table.name, columns[0], outputs, site.needs, put, random=False, put_many=put_many)


def found_maker(site: Site, position: int) -> Maker:
    """A key whose columns all get their values otherwise: the row that they name."""
    key = site.table.foreign_keys[position]
    names = target_columns(site.schema, site.table, position)
    target = _target(site, position, ())
    reads = [site.read((column,)) for column in key.columns]
    keys = [site.store.columns[key.target, name] for name in names]
    index: dict[tuple[Value, ...], int] = {}

    def put(row: int, salt: int) -> bool:
        del salt
        if not index:
            index.update({tuple(column[other] for column in keys): other for other in site.store.rows(key.target)})
        wanted = tuple(read(row) for read in reads)
        if None in wanted:
            target.link[row] = None
            return True
        if wanted not in index:
            raise FillError(
                f"{site.table.name}: the foreign key ({', '.join(key.columns)}) gets {wanted!r}, "
                f"and {key.target!r} has no such row; let the recipe `pick` it",
                (site.table.name,),
            )
        target.link[row] = index[wanted]
        return True

    return Maker(site.table.name, key.columns[0], _outputs(site, position, ()), site.needs, put, random=False)


@dataclass(slots=True, eq=False)
class _Candidates:
    """The rows that a key may point at, by what the own row fixes."""

    site: Site
    target: str
    pairs: list[tuple[list[Value], Getter]]
    rest: Getter | None
    own_table: bool
    names: tuple[str, ...]
    everyone: list[int] | None = None
    index: dict[tuple[Value, ...], list[int]] | None = None

    def of(self, row: int) -> list[int]:
        """In order of popularity; in order of age when the key points at its own table, and earlier rows only."""
        listed = self.all()
        if self.pairs:
            listed = self._by_key().get(tuple(read(row) for _, read in self.pairs), [])
        return listed[: bisect_left(listed, row)] if self.own_table else listed

    def blocks(self, rows: Indices) -> tuple[Indices, Indices, Indices]:
        """All candidates in one array, and for each of `rows` where its own begin there and how many they are."""
        listed = np.array(self.all(), np.int64)
        if not self.pairs:
            return listed, np.zeros(len(rows), np.int64), np.full(len(rows), len(listed), np.int64)
        wanted = [[read(row) for row in rows.tolist()] for _, read in self.pairs]
        known = [[values[row] for row in self.all()] for values, _ in self.pairs]
        numbers: dict[tuple[Value, ...], int] = {}
        keys = [numbers.setdefault(key, len(numbers)) for key in zip(*known, strict=True)]
        order = np.argsort(np.array(keys, np.int64), kind="stable")
        sizes = np.bincount(np.array(keys, np.int64), minlength=len(numbers) + 1)
        starts = np.concatenate(([0], np.cumsum(sizes)))
        # What nobody has is the last number, of which there are none.
        found = np.array([numbers.get(key, len(numbers)) for key in zip(*wanted, strict=True)], np.int64)
        return listed[order], starts[found], sizes[found]

    def all(self) -> list[int]:
        """Every living row of the target."""
        if self.everyone is None:
            rows = self.site.store.rows(self.target)
            if not self.own_table:
                living = np.array(rows, np.int64)
                rows = living[self.site.stream("popular").order(len(rows))].tolist()
            # What points at a NULL would itself be NULL.
            for values in (self.site.store.columns[self.target, name] for name in self.names):
                if None in values:
                    rows = [row for row in rows if values[row] is not None]
            self.everyone = rows
        return self.everyone

    def _by_key(self) -> dict[tuple[Value, ...], list[int]]:
        if self.index is None:
            self.index = defaultdict(list)
            for row in self.all():
                self.index[tuple(values[row] for values, _ in self.pairs)].append(row)
        return self.index

    def fits(self, row: int, candidate: int) -> bool:
        return self.rest is None or bool(self.rest((row, candidate)))


def pick_maker(
    site: Site,
    position: int,
    fixed: tuple[str, ...],
    pick: Pick | None,
    *,
    null: float,
    when: Getter | None,
    distinct: bool,
) -> Maker:
    """The maker of a key that is picked.

    Args:
        site: At the first free column of the key.
        position: Of the foreign key.
        fixed: Its columns that another key or the recipe sets.
        pick: What the recipe says.
        null: Probability of NULL, for a nullable key.
        when: NULL where this does not hold.
        distinct: The key is unique by itself.
    """
    key = site.table.foreign_keys[position]
    table = site.table.name
    free = tuple(column for column in key.columns if column not in fixed)
    target = _target(site, position, free)
    nullable = all(site.table.column(name).nullable and name not in site.table.primary_key for name in free)
    candidates = _candidates(site, position, fixed, pick)
    own_table = candidates.own_table
    stream, nulls = site.stream(), site.stream("null")
    probes = [site.stream("probe", str(number)) for number in range(_PROBES)]
    fixed_reads = [site.read((column,)) for column in fixed]

    def choose(row: int, salt: int, listed: list[int]) -> int | None:
        size = len(listed)
        if not size:
            return None
        unit = stream.unit(row, salt)
        first = int(size * (unit if distinct or own_table else _popular(unit)))
        if distinct and not salt and not candidates.pairs and not own_table:
            # The list is shuffled already, so walking along it points at every target once.
            first = row % size
        if candidates.fits(row, listed[first]):
            return listed[first]
        for probe in probes:
            place = int(size * probe.unit(row, salt))
            if candidates.fits(row, listed[place]):
                return listed[place]
        return next((other for other in (*listed[first:], *listed[:first]) if candidates.fits(row, other)), None)

    def absent(row: int) -> bool:
        return (when is not None and not when(row)) or any(read(row) is None for read in fixed_reads)

    def put(row: int, salt: int) -> bool:
        if nullable and (absent(row) or (null and nulls.unit(row, salt) < null)):
            target.point(row, None)
            return True
        chosen = choose(row, salt, candidates.of(row))
        # A first row has no other to point at; one that may point nowhere is only tried so when it had to be redrawn.
        if chosen is None and own_table and not candidates.pairs and (not nullable or salt % 4 == 3):
            chosen = row if candidates.fits(row, row) or not nullable else None
        if chosen is None and not nullable:
            return False
        target.point(row, chosen)
        return True

    def put_many(rows: Indices, salt: int) -> list[int]:
        """As `put`, for keys without conditions on the pair of rows."""
        absent = np.zeros(len(rows), bool)
        if nullable and null:
            absent |= nulls.units(rows, salt) < null
        if nullable and when is not None:
            absent |= np.array([not when(row) for row in rows.tolist()], bool)
        places, starts, sizes = candidates.blocks(rows)
        if nullable and fixed_reads:
            absent |= np.array([any(read(row) is None for read in fixed_reads) for row in rows.tolist()], bool)
        units = stream.units(rows, salt)
        skewed = units if distinct else _many_popular(units)
        offsets = (sizes * skewed).astype(np.int64)
        if distinct and not salt and not candidates.pairs:
            offsets = rows % np.maximum(sizes, 1)
        empty = (sizes == 0) & ~absent
        chosen = places[np.minimum(starts + offsets, max(len(places) - 1, 0))] if len(places) else np.zeros(len(rows))
        gone = absent | empty
        targets: list[int | None] = [
            None if missing else target
            for missing, target in zip(gone.tolist(), chosen.astype(np.int64).tolist(), strict=True)
        ]
        target.point_all(rows, targets)
        return [] if nullable else rows[empty].tolist()

    def offer(row: int, value: Value) -> bool:
        if value is not None or not nullable:
            return False
        target.point(row, None)
        return True

    def options(row: int) -> Iterator[None]:
        listed = candidates.of(row)
        start = site.stream("option").below(max(len(listed), 1), row)
        for place in range(len(listed)):
            candidate = listed[(start + place) % len(listed)]
            if candidates.fits(row, candidate):
                target.point(row, candidate)
                yield
        if nullable:
            target.point(row, None)
            yield
        if own_table and not candidates.pairs and candidates.fits(row, row):
            # Only where nothing else is left, as for a first row that must point somewhere.
            target.point(row, row)
            yield

    return Maker(
        table,
        free[0],
        _outputs(site, position, free),
        site.needs,
        put,
        random=True,
        options=options,
        can_fail=not nullable and (bool(candidates.pairs) or candidates.rest is not None),
        put_many=put_many if candidates.rest is None and not own_table else None,
        offer=offer if pick is None else None,
    )


def _candidates(site: Site, position: int, fixed: tuple[str, ...], pick: Pick | None) -> _Candidates:
    key = site.table.foreign_keys[position]
    names = dict(zip(key.columns, target_columns(site.schema, site.table, position), strict=True))
    store = site.store
    pairs: list[tuple[list[Value], Getter]] = []
    for column in fixed:
        read: Callable[[int], Value] = site.read((column,))
        pairs.append((store.columns[key.target, names[column]], read))
    rest: Getter | None = None
    if pick is not None and pick.where is not None:
        equalities, left = split_equalities(pick.where, key.target)
        for name, other in equalities:
            site.needs["column", key.target, name] = None
            pairs.append((store.columns[key.target, name], site.compile(other)))
        if left is not None:
            rest = site.compile_pair(left, key.target)
    target = site.schema.table(key.target)
    nullable = [name for name in names.values() if target.column(name).nullable]
    return _Candidates(site, key.target, pairs, rest, key.target == site.table.name, tuple(nullable))
