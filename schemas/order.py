"""In which order what is planned is drawn: units of makers and constraints, and what each of them waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from .constraint import Constraint, Together
from .errors import RecipeError
from .maker import Maker
from .model import Table
from .recipe import TableRecipe
from .site import Key
from .unit import Unit

Node = tuple[str, str, str]
"""("birth", table, "") its rows are there, ("rows", table, "") it is known which stay, ("unit", table, number)."""


@dataclass(slots=True, eq=False)
class Planned:
    """A table while it is planned.

    Attributes:
        levels: How much of each constraint has been given up as a wish of its unit.
        keeping: Makers that may not drop rows.
        caps: Tables than which it has no more rows.
        fused: Places of makers that are one unit.
        tied: Keys that share a column are drawn together.
    """

    table: Table
    recipe: TableRecipe
    makers: list[Maker] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    unique: list[str] = field(default_factory=list)
    keeping: set[str] = field(default_factory=set)
    caps: list[str] = field(default_factory=list)
    fused: list[set[int]] = field(default_factory=list)
    tied: bool = True

    def computes(self, place: int) -> bool:
        """Whether the database computes what the maker at `place` makes."""
        return bool(self.table.column(self.makers[place].name).generated)

    def owner(self, column: str) -> int:
        """The position of the maker of a column."""
        return next(
            place for place, maker in enumerate(self.makers) if ("column", self.table.name, column) in maker.outputs
        )


def in_units(
    tables: Sequence[Planned], births: Mapping[str, Mapping[Key, None]]
) -> tuple[dict[Node, Unit], dict[Node, list[Node]]]:
    """Units and what each node waits for; loosens what closes a circle until none is left.

    Args:
        births: By table, what must be there before it is known how many rows it has.

    Raises:
        RecipeError: Columns depend on each other in a circle; names them.
    """
    return _Orderer(tables, births).order()


_Homes = dict[Node, list[tuple[Planned, int]]]
"""By unit the tables and numbers of its constraints."""


class _Orderer:
    def __init__(self, tables: Sequence[Planned], births: Mapping[str, Mapping[Key, None]]) -> None:
        self.tables, self.births = tables, births

    def order(self) -> tuple[dict[Node, Unit], dict[Node, list[Node]]]:
        while True:
            units, graph, homes = self._group()
            waiting = graph
            while circle := _circle(waiting):
                if not self._loosen(circle, units, homes):
                    names = tuple(dict.fromkeys(node[1] for node in circle))
                    told = f"columns depend on each other in a circle: {_told(circle, units)}"
                    raise RecipeError(told, names)
                # Grouping anew takes long, so other circles are looked for first.
                gone = set(circle)
                waiting = {node: needs for node, needs in waiting.items() if node not in gone}
            if waiting is graph:
                return units, graph

    def _group(self) -> tuple[dict[Node, Unit], dict[Node, list[Node]], _Homes]:
        units: dict[Node, Unit] = {}
        homes: _Homes = {}
        for entry in self.tables:
            roots, targets = self._joined(entry)
            for place, maker in enumerate(entry.makers):
                unit = units.setdefault(("unit", entry.table.name, str(roots[place])), Unit(entry.table.name, []))
                unit.makers.append(maker)
            for number, (constraint, target) in enumerate(zip(entry.constraints, targets, strict=True)):
                node = ("unit", entry.table.name, str(roots[target]) if target is not None else f"check {number}")
                unit = units.setdefault(node, Unit(entry.table.name, []))
                unit.constraints.append(constraint)
                homes.setdefault(node, []).append((entry, number))
        homeless = {entry.table.name: entry for entry in self.tables}
        for node, unit in units.items():
            entry = homeless[unit.table]
            keys = any(key[0] == "link" for maker in unit.makers if maker.random for key in maker.outputs)
            free = entry.recipe.share is None and entry.recipe.rows is None and not entry.recipe.columns
            can_fail = any(maker.can_fail for maker in unit.makers) or any(
                constraint.unique for constraint in unit.constraints
            )
            random = any(maker.random for maker in unit.makers)
            keeping = any(maker.name in entry.keeping for maker in unit.makers)
            # What numbers the rows waits until it is known which stay, so it cannot be what drops them.
            numbers = any(("rows", unit.table, "") in maker.needs for maker in unit.makers)
            unit.droppable = can_fail and random and (keys or free) and not keeping and not numbers
            homes.setdefault(node, [])
        return units, self._graph(units), homes

    def _joined(self, entry: Planned) -> tuple[list[int], list[int | None]]:
        """For every maker the first of its group, and for every constraint a maker of the group that asks it."""
        roots = list(range(len(entry.makers)))
        targets: list[int | None] = []
        for constraint, level in zip(entry.constraints, entry.levels, strict=True):
            owners = _owners(entry, constraint)
            random = sorted(place for place in owners if entry.makers[place].random)
            if not random or level > len(random):
                targets.append(None)
                continue
            if level == 0:
                # What is copied from one key and read by another is drawn between them.
                whole = isinstance(constraint, Together)
                joined = {
                    roots[place] for place in owners if whole or entry.makers[place].random or entry.computes(place)
                }
                first = min(joined)
                roots = [first if root in joined else root for root in roots]
            targets.append(random[-max(level, 1)])
        for group in [*entry.fused, *(_ties(entry) if entry.tied else [])]:
            joined = {roots[place] for place in group}
            first = min(joined)
            roots = [first if root in joined else root for root in roots]
        return roots, targets

    def _graph(self, units: dict[Node, Unit]) -> dict[Node, list[Node]]:
        givers: dict[Key, Node] = {
            key: node for node, unit in units.items() for maker in unit.makers for key in maker.outputs
        }
        graph: dict[Node, list[Node]] = {}
        for entry in self.tables:
            name = entry.table.name
            graph["birth", name, ""] = list(dict.fromkeys(givers.get(key, key) for key in self.births[name]))
            graph["rows", name, ""] = [("birth", name, "")]
        for node, unit in units.items():
            needs: dict[Node, None] = {("birth", unit.table, ""): None}
            wanted = [key for maker in unit.makers for key in maker.needs]
            wanted += [
                ("column", unit.table, column) for constraint in unit.constraints for column in constraint.columns
            ]
            for key in wanted:
                giver = givers.get(key, key)
                if giver != node:
                    needs[giver] = None
            self._sort(unit)
            graph[node] = list(needs)
            if unit.droppable:
                graph["rows", unit.table, ""].append(node)
        return graph

    @staticmethod
    def _sort(unit: Unit) -> None:
        """Put the makers of a unit in the order in which they read each other."""
        if len(unit.makers) == 1:
            return
        unit.makers = _in_order(unit.makers) or unit.makers

    def _loosen(
        self, circle: list[Node], units: dict[Node, Unit], homes: dict[Node, list[tuple[Planned, int]]]
    ) -> bool:
        """Give up one wish that takes part in a circle; False when none is left.

        Dropping rows whose keys have run out goes first, then drawing columns jointly, then dropping rows
        for which no key fits. Nothing is given up where all of the circle can be drawn as one unit.
        """
        if self._fuse(circle, units) or self._keep(circle, units, fitting=False):
            return True
        for node in circle:
            for entry, number in homes.get(node, []):
                constraint = entry.constraints[number]
                if entry.levels[number] <= len(constraint.columns) and len(constraint.columns) > 1:
                    entry.levels[number] += 1
                    return True
        return self._untie(circle) or self._keep(circle, units, fitting=True)

    def _untie(self, circle: list[Node]) -> bool:
        """No longer draw keys that share a column together."""
        for entry in self.tables:
            if entry.tied and any(node[0] == "unit" and node[1] == entry.table.name for node in circle):
                entry.tied = False
                if _ties(entry):
                    return True
        return False

    def _fuse(self, circle: list[Node], units: dict[Node, Unit]) -> bool:
        """Make one unit of a circle of units of one table, if their makers themselves form none."""
        if any(node not in units for node in circle) or len({node[1] for node in circle}) > 1:
            return False
        makers = [maker for node in dict.fromkeys(circle) for maker in units[node].makers]
        if not _in_order(makers):
            return False
        entry = next(entry for entry in self.tables if entry.table.name == circle[0][1])
        mine = {id(maker) for maker in makers}
        entry.fused.append({place for place, maker in enumerate(entry.makers) if id(maker) in mine})
        return True

    def _keep(self, circle: list[Node], units: dict[Node, Unit], *, fitting: bool) -> bool:
        for node in circle:
            unit = units.get(node)
            if unit is None or not unit.droppable or ("rows", unit.table, "") not in circle:
                continue
            if fitting or not any(maker.can_fail for maker in unit.makers):
                entry = next(entry for entry in self.tables if entry.table.name == unit.table)
                entry.keeping.update(maker.name for maker in unit.makers)
                return True
        return False


def _ties(entry: Planned) -> list[set[int]]:
    """Keys with the makers of the columns that they share with another key or take as they are."""
    found: list[set[int]] = []
    for place, maker in enumerate(entry.makers):
        kind, _, position = maker.outputs[0]
        if kind != "link" or not maker.random:
            continue
        columns = entry.table.foreign_keys[int(position)].columns
        group = {place, *(entry.owner(column) for column in columns)}
        if len(group) > 1 and all(entry.makers[other].random for other in group):
            found.append(group)
    return found


def _owners(entry: Planned, constraint: Constraint) -> list[int]:
    """The makers of a constraint's columns, and of the columns that generated ones among them are computed from."""
    found: dict[int, None] = {}
    waiting = list(constraint.columns)
    while waiting:
        place = entry.owner(waiting.pop(0))
        if place not in found and entry.computes(place):
            waiting += [name for kind, _, name in entry.makers[place].needs if kind == "column"]
        found[place] = None
    return list(found)


def _circle(graph: dict[Node, list[Node]]) -> list[Node]:
    """Nodes that wait for each other in a circle; empty when none do."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def _in_order(makers: list[Maker]) -> list[Maker]:
    """Makers of one table in the order in which they read each other; empty when they read in a circle."""
    givers = {key: place for place, maker in enumerate(makers) for key in maker.outputs}
    inner = {
        place: [givers[key] for key in maker.needs if key in givers and givers[key] != place]
        for place, maker in enumerate(makers)
    }
    try:
        return [makers[place] for place in TopologicalSorter(inner).static_order()]
    except CycleError:
        return []


def _told(circle: Iterable[Node], units: dict[Node, Unit]) -> str:
    told: list[str] = []
    for node in circle:
        unit = units.get(node)
        if unit is None:
            told.append(f"the rows of {node[1]}")
        else:
            told.append(f"{node[1]}.{'/'.join(maker.name for maker in unit.makers) or 'its checks'}")
    return " <- ".join(told)
