"""A unit draws columns of one table together, row by row, until the constraints between them hold.

Mostly it is a single column. Columns that a CHECK or a key of several columns ties together are one
unit, so that each of them can give way. Which columns those are is decided in `plan.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from .advice import Advice
from .constraint import Constraint
from .errors import FillError
from .maker import Maker
from .randomness import Indices, Stream
from .site import Key
from .store import Store

_ATTEMPTS = 240
_PATIENCE = 20
_ROUNDS, _TOGETHER = 3, 8
"""So often rows that failed are drawn again together, and how many that takes at least."""
_REPAIRS = (6, 24, 80, 160)
"""At these attempts what the CHECKs themselves suggest is tried."""
_FEW = 32
"""So many options are tried for a row once the unit's patience with lists is at its end."""
_STEPS = 12
_LUCK = Stream(0, "repair")
_REDRAWS = 3
_LISTING = (10, 30, 60, 120)
"""At these attempts every option of the last maker that can list them is tried."""


@dataclass(slots=True, eq=False)
class Unit:
    """Makers in the order in which they run, and the constraints that can be asked after them.

    Attributes:
        droppable: A row for which no key fits or is free is dropped rather than an error.
    """

    table: str
    makers: list[Maker]
    constraints: list[Constraint] = field(default_factory=list)
    droppable: bool = False
    _used_up: bool = False
    _patience: int = 20_000
    _lists: list[list[Any]] = field(default_factory=list)
    _homes: dict[str, int] = field(default_factory=dict)
    _movable: dict[int, list[int]] = field(default_factory=dict)

    def run(self, store: Store) -> None:
        """Draw every living row.

        Raises:
            FillError: No values were found; names the table and the constraint.
        """
        living = store.indices(self.table)
        failing = self._draw_all(living, 0)
        for salt in range(1, _ROUNDS + 1):
            # Most of what collides once is free at the next draw; what is left goes row by row.
            if len(failing) < _TOGETHER or not all(maker.random for maker in self.makers):
                break
            failing = self._draw_all(np.array(failing, np.int64), salt)
        if failing and not self.constraints and not any(maker.can_fail for maker in self.makers):
            raise self._impossible(f"the foreign key at {self.makers[-1].name}", "its target table has no rows")
        if failing:
            self._prepare(store)
        dropped: list[int] = []
        for row in failing:
            # Once keys have run out, further rows are given up sooner.
            failed = self._settle(row, _ATTEMPTS if len(dropped) < _PATIENCE else _LISTING[1] + 2)
            if failed is None:
                continue
            name, unique = failed
            if not (self.droppable and unique):
                raise self._impossible(name, f"found no values in {_ATTEMPTS} draws for row {row + 1}")
            dropped.append(row)
        if dropped:
            if len(dropped) == len(living):
                raise self._impossible(failed[0] if failed else "its keys", "no row at all fits")
            store.drop(self.table, dropped)

    def _prepare(self, store: Store) -> None:
        """Look up once what every row that is drawn alone needs."""
        keys = [key for maker in self.makers for key in maker.outputs]
        self._lists = [_list(store, key) for key in keys]
        self._homes = {
            key[2]: place for place, maker in enumerate(self.makers) for key in maker.outputs if key[0] == "column"
        }
        self._movable = {id(constraint): self._moving(constraint) for constraint in self.constraints}

    def _draw_all(self, rows: Indices, salt: int) -> list[int]:
        """Draw rows once and accept those that hold; the others, in their order."""
        failing: set[int] = set()
        for maker in self.makers:
            failing.update(maker.write(rows, salt))
        standing = rows.tolist() if not failing else [row for row in rows.tolist() if row not in failing]
        for constraint in self.constraints:
            broken = constraint.broken(standing)
            if broken:
                failing.update(broken)
                gone = set(broken)
                standing = [row for row in standing if row not in gone]
        for constraint in self.constraints:
            constraint.accept_all(standing)
        return sorted(failing)

    def _impossible(self, constraint: str, why: str) -> FillError:
        return FillError(f"table {self.table!r} cannot be filled: {constraint}: {why}", (self.table,))

    def _settle(self, row: int, attempts: int) -> tuple[str, bool] | None:
        """Draw one row; None, or what failed and whether it is about keys rather than a CHECK."""
        salts = [0] * len(self.makers)
        failed: tuple[str, bool] | None = None
        taken = False
        start = 0  # what stands before the first maker that moves is what it would give again
        for attempt in range(attempts):
            blamed = self._draw(row, salts, start)
            if blamed is None:
                self._accept(row)
                return None
            name, unique = self._named(blamed)
            # A CHECK may fail only because what fits it is taken.
            taken = taken or unique
            failed = name, taken
            moving = self._moving(blamed) if isinstance(blamed, Maker) else self._movable[id(blamed)]
            if not moving:
                return failed
            whole = isinstance(blamed, Maker)  # or else all was drawn, and what moves is drawn again
            if not self._used_up and (attempt in _LISTING or len(moving) == 1 == len(self.makers)):
                reached = self.makers.index(blamed) if isinstance(blamed, Maker) else len(self.makers)
                listed = self._list(row, salts, [place for place in moving if place <= reached])
                whole = True
                if listed:
                    return None
                if listed is False and len(self.makers) == 1:
                    if self.makers[0].complete:
                        mended = not isinstance(blamed, Maker) and self._repair(row, attempt)
                        return None if mended else failed
                    # A column that is unique alone has the same options for every row.
                    self._used_up = all(len(constraint.columns) == 1 for constraint in self.constraints)
            # Sometimes one alone gives way, sometimes all, as either can be what is needed.
            again = moving if attempt % 3 else moving[-1:]
            if attempt in _REPAIRS and not isinstance(blamed, Maker):
                if self._repair(row, attempt):
                    return None
                whole = True
            for place in again:
                salts[place] = attempt + 1
            start = 0 if whole else again[0]
        return failed

    def _draw(self, row: int, salts: list[int], start: int) -> Constraint | Maker | None:
        for maker, salt in zip(self.makers[start:], salts[start:], strict=True):
            if not maker.put(row, salt):
                return maker
        for constraint in self.constraints:
            if not constraint.holds(row):
                return constraint
        return None

    def _accept(self, row: int) -> None:
        for constraint in self.constraints:
            constraint.accept(row)

    def _repair(self, row: int, round_: int) -> bool:
        """Write what broken CHECKs suggest, each time what leaves the fewest constraints broken."""
        seen: set[tuple[object, ...]] = set()
        for step in range(_STEPS):
            broken = [constraint for constraint in self.constraints if not constraint.holds(row)]
            if not broken:
                self._accept(row)
                return True
            least = len(self.constraints) + 1
            best: list[tuple[object, ...]] = []
            before = self._state(row)
            seen.add(before)
            for advice in broken[(step + round_) % len(broken)].advice(row, round_ + step):
                place = self._homes.get(advice.column)
                if place is None or not self._follow(advice, place, row, round_ + step):
                    continue
                sound = self._recompute(row, place, round_ + step)
                state = self._state(row)
                if sound and state not in seen:
                    left = sum(not constraint.holds(row) for constraint in self.constraints)
                    if left < least:
                        least, best = left, []
                    if left == least:
                        best.append(state)
                self._restore(row, before)
                if not least:
                    break
            if not best:
                return False
            # Where nothing alone is enough, any step may be the right one.
            self._restore(row, best[_LUCK.below(len(best), row, round_ + step)])
        return False

    def _follow(self, advice: Advice, place: int, row: int, round_: int) -> bool:
        maker = self.makers[place]
        if not advice.fresh:
            return maker.offer is not None and maker.offer(row, advice.value)
        return maker.random and any(maker.put(row, round_ * _REDRAWS + salt + 1) for salt in range(_REDRAWS))

    def _recompute(self, row: int, place: int, salt: int) -> bool:
        """Bring up to date what follows from the columns at `place`; False when no key fits them."""
        changed = set(self.makers[place].outputs)
        for maker in self.makers[place + 1 :]:
            linked = maker.outputs[0][0] == "link" and not changed.isdisjoint(maker.needs)
            if not maker.random or linked:
                if not maker.put(row, salt if maker.random else 0):
                    return False
                changed.update(maker.outputs)
        return True

    def _state(self, row: int) -> tuple[object, ...]:
        return tuple([values[row] for values in self._lists])

    def _restore(self, row: int, state: tuple[object, ...]) -> None:
        for values, value in zip(self._lists, state, strict=True):
            values[row] = value

    def _named(self, blamed: Constraint | Maker) -> tuple[str, bool]:
        if isinstance(blamed, Maker):
            return f"the foreign key at {blamed.name}", True
        return blamed.name, blamed.unique

    def _moving(self, blamed: Constraint | Maker) -> list[int]:
        """The makers that can draw again and might help."""
        if isinstance(blamed, Maker):
            return [place for place, maker in enumerate(self.makers) if maker.random]
        columns = set(blamed.columns)
        for maker in reversed(self.makers):
            if not maker.random and any(kind == "column" and name in columns for kind, _, name in maker.outputs):
                columns.update(name for kind, table, name in maker.needs if kind == "column" and table == self.table)
        return [
            place
            for place, maker in enumerate(self.makers)
            if maker.random and any(kind == "column" and name in columns for kind, _, name in maker.outputs)
        ]

    def _list(self, row: int, salts: list[int], moving: list[int]) -> bool | None:
        """Try every option of the last maker that might help and can list them; None when there is no such maker.

        After a maker that failed nothing helps: what it left would stand.
        """
        for place in reversed(moving):
            options = self.makers[place].options
            if options is None:
                continue
            return self._first(options(row), row, salts, place)
        return None

    def _first(self, options: Iterable[None], row: int, salts: list[int], place: int) -> bool:
        alone = len(self.makers) == 1
        for _ in options if alone or self._patience > 0 else islice(options, _FEW):
            self._patience -= 1
            if self._draw(row, salts, place + 1) is None:
                self._accept(row)
                return True
        return False


def _list(store: Store, key: Key) -> list[Any]:
    kind, table, name = key
    return store.columns[table, name] if kind == "column" else store.links[table, int(name)]
