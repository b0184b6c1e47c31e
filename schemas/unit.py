"""A unit draws columns of one table together, row by row, until the constraints between them hold.

Mostly it is a single column. Columns that a CHECK or a key of several columns ties together are one
unit, so that each of them can give way. Which columns those are is decided in `plan.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from .constraint import Constraint
from .errors import FillError
from .maker import Maker
from .randomness import Indices
from .store import Store

_ATTEMPTS = 240
_PATIENCE = 20
_LISTING = (10, 30, 60, 120)
"""At these attempts every option of the last maker that can list them is tried."""


@dataclass(slots=True)
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

    def run(self, store: Store) -> None:
        """Draw every living row.

        Raises:
            FillError: No values were found; names the table and the constraint.
        """
        living = np.array(store.rows(self.table), np.int64)
        failing = self._draw_all(living)
        if failing and not self.constraints and not any(maker.can_fail for maker in self.makers):
            raise self._impossible(f"the foreign key at {self.makers[-1].name}", "its target table has no rows")
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

    def _draw_all(self, rows: Indices) -> list[int]:
        """Draw every row once and accept those that hold; the others, in their order."""
        failing: set[int] = set()
        for maker in self.makers:
            failing.update(maker.write(rows))
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
        for attempt in range(attempts):
            blamed = self._draw(row, salts, 0)
            if blamed is None:
                self._accept(row)
                return None
            failed = self._named(blamed)
            moving = self._moving(blamed)
            if not moving:
                return failed
            if not self._used_up and (attempt in _LISTING or len(moving) == 1 == len(self.makers)):
                listed = self._list(row, salts)
                if listed:
                    return None
                if listed is False and len(self.makers) == 1:
                    if self.makers[0].complete:
                        return failed
                    # A column that is unique alone has the same options for every row.
                    self._used_up = all(len(constraint.columns) == 1 for constraint in self.constraints)
            # Sometimes one alone gives way, sometimes all, as either can be what is needed.
            for place in moving if attempt % 3 else moving[-1:]:
                salts[place] = attempt + 1
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

    def _named(self, blamed: Constraint | Maker) -> tuple[str, bool]:
        if isinstance(blamed, Maker):
            return f"the foreign key at {blamed.name}", True
        return blamed.name, blamed.unique

    def _moving(self, blamed: Constraint | Maker) -> list[int]:
        """The makers that can draw again and might help."""
        if isinstance(blamed, Maker):
            return [place for place, maker in enumerate(self.makers) if maker.random]
        columns = set(blamed.columns)
        return [
            place
            for place, maker in enumerate(self.makers)
            if maker.random and any(kind == "column" and name in columns for kind, _, name in maker.outputs)
        ]

    def _list(self, row: int, salts: list[int]) -> bool | None:
        """Try every option of the last maker that can list them; None when there is no such maker."""
        for place in range(len(self.makers) - 1, -1, -1):
            options = self.makers[place].options
            if options is None:
                continue
            return self._first(options(row), row, salts, place)
        return None

    def _first(self, options: Iterable[None], row: int, salts: list[int], place: int) -> bool:
        for _ in options:
            if self._draw(row, salts, place + 1) is None:
                self._accept(row)
                return True
        return False
