"""The order in which everything is drawn: every column, foreign key and number of rows once what it reads is there.

Dependencies are between columns, so that a parent's total can sum its children and be copied by others in turn,
and tables whose keys form a circle pose no difficulty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter

import apsw

from .bounds import Bounds, read_checks
from .cohere import Relations
from .columns import guess_column, key_source
from .condition import Condition
from .constraint import Constraint, Together, constraints_of
from .errors import RecipeError
from .link import bound_maker, found_maker, pick_maker
from .maker import Limit, Maker, column_maker, generated_maker
from .model import Column, Schema, Table, Value
from .moment import read_moment
from .naming import implied_orders
from .produce import Key, Site, produce
from .randomness import Skewed, Stream, Weighted
from .recipe import Recipe, TableRecipe
from .sources import After, Cases, Choice, ColumnRecipe, Constant, Fallback, Pick, Position, SkewedRange, Source
from .store import Store
from .unit import Unit

_NULL_KEY = 0.12
_NULL_OWN_KEY = 0.25

Node = tuple[str, str, str]
"""("birth", table, "") its rows are there, ("rows", table, "") it is known which stay, ("unit", table, number)."""


@dataclass(slots=True)
class Plan:
    """Steps in order; the first `structure` of them settle how many rows every table has."""

    store: Store
    steps: list[Callable[[], None]]
    structure: int


@dataclass(slots=True)
class _Table:
    """A table while it is planned."""

    table: Table
    recipe: TableRecipe
    makers: list[Maker] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    unique: list[str] = field(default_factory=list)
    keeping: set[str] = field(default_factory=set)

    def owner(self, column: str) -> int:
        """The position of the maker of a column."""
        return next(
            place for place, maker in enumerate(self.makers) if ("column", self.table.name, column) in maker.outputs
        )


def plan(schema: Schema, recipe: Recipe, relations: Relations, counts: dict[str, int], *, seed: int, now: str) -> Plan:
    """Work out what is drawn, and in which order.

    Raises:
        RecipeError: Columns of the recipe depend on each other in a circle; names them.
    """
    return _Planner(schema, recipe, relations, counts, seed, now).plan()


class _Planner:
    def __init__(
        self, schema: Schema, recipe: Recipe, relations: Relations, counts: dict[str, int], seed: int, now: str
    ) -> None:
        self.schema, self.relations, self.counts, self.seed = schema, relations, counts, seed
        self.recipe = recipe = relations.over(recipe)
        self.now = read_moment(now)
        self.store = Store(schema)
        self.bound = recipe.bound()
        self.cursor = apsw.Connection(":memory:").cursor()
        self.tables = [_Table(table, recipe.table(table.name)) for table in schema.tables]
        self.needs: dict[Key, dict[Key, None]] = {}
        self.births: dict[str, dict[Key, None]] = {}

    def plan(self) -> Plan:
        for entry in self.tables:
            self.births[entry.table.name] = self._birth_needs(entry)
            self._add_known(entry)
        for entry in self.tables:
            self._add_guessed(entry)
            unique = (*entry.unique, *(name for name, column in entry.recipe.columns.items() if column.unique))
            entry.constraints = constraints_of(entry.table, self.store, self.cursor, unique)
            if entry.table.name in self.relations.together:
                keys = self.relations.together[entry.table.name]
                entry.constraints.append(Together(f"keys that agree ({', '.join(keys)})", keys))
            entry.levels = [0] * len(entry.constraints)
        units, graph = self._order()
        return self._assemble(units, graph)

    # What is drawn -------------------------------------------------------------------------------------------------

    def _site(self, table: Table, column: Column) -> Site:
        return Site(self.schema, self.store, self.bound, self.seed, self.now, table, column)

    def _add(self, entry: _Table, maker: Maker) -> None:
        entry.makers.append(maker)
        for key in maker.outputs:
            self.needs[key] = maker.needs

    def _add_known(self, entry: _Table) -> None:
        """Keys, generated columns and what the recipe says."""
        table, recipe = entry.table, entry.recipe
        copied = {name: of for (owner, name), of in self.relations.copied.items() if owner == table.name}
        said = {name for name, column in recipe.columns.items() if not isinstance(column.source, Pick)} | set(copied)
        said |= {column.name for column in table.columns if column.generated}
        linked: set[str] = set()
        for position in self._key_order(entry):
            columns = table.foreign_keys[position].columns
            fixed = tuple(column for column in columns if column in said or column in linked)
            free = [column for column in columns if column not in fixed]
            site = self._site(table, table.column(free[0] if free else columns[0]))
            if recipe.each and position == recipe.key:
                self._add(entry, bound_maker(site, position))
            elif not free:
                self._add(entry, found_maker(site, position))
            else:
                self._add(entry, self._pick(entry, site, position, fixed))
            linked |= set(free)
        for column in table.columns:
            site = self._site(table, column)
            if column.generated:
                condition = Condition(self.cursor, table, (column.generated,), f"{table.name}.{column.name}")
                self._add(entry, generated_maker(site, condition))
            elif column.name in said:
                of = recipe.columns.get(column.name) or copied[column.name]
                drawn = produce(of, site)
                unique = of.unique or _single_key(table, column.name)
                self._add(entry, column_maker(site, drawn, unique=unique))

    def _key_order(self, entry: _Table) -> list[int]:
        """The key that `each` binds, then those that the recipe picks, then the widest."""
        table, recipe = entry.table, entry.recipe

        def rank(position: int) -> tuple[int, int, int]:
            key = table.foreign_keys[position]
            bound = bool(recipe.each) and position == recipe.key
            picked = any(self._picks(recipe, column, key.target) for column in key.columns)
            return (0 if bound else 1 if picked else 2, -len(key.columns), position)

        return sorted(range(len(table.foreign_keys)), key=rank)

    @staticmethod
    def _picks(recipe: TableRecipe, column: str, target: str) -> ColumnRecipe | None:
        said = recipe.columns.get(column)
        return said if said is not None and isinstance(said.source, Pick) and said.source.table == target else None

    def _pick(self, entry: _Table, site: Site, position: int, fixed: tuple[str, ...]) -> Maker:
        table = entry.table
        key = table.foreign_keys[position]
        said = next((found for name in key.columns if (found := self._picks(entry.recipe, name, key.target))), None)
        null = said.null if said else _NULL_OWN_KEY if key.target == table.name else _NULL_KEY
        groups = [set(group) for group in (table.primary_key, *table.uniques) if group]
        free = {column for column in key.columns if column not in fixed}
        return pick_maker(
            site,
            position,
            fixed,
            said.source
            if said is not None and isinstance(said.source, Pick)
            else self.relations.picks.get((table.name, position)),
            null=null,
            when=site.compile(said.when) if said is not None and said.when else None,
            distinct=any(group <= set(key.columns) and group & free for group in groups) or bool(said and said.unique),
        )

    def _add_guessed(self, entry: _Table) -> None:
        table = entry.table
        done = {name for maker in entry.makers for kind, _, name in maker.outputs if kind == "column"}
        bounds, orders = read_checks(table)
        orders += [order for order in implied_orders(table) if order not in orders]
        for column in table.columns:
            if column.name in done:
                continue
            site = self._site(table, column)
            unique = _single_key(table, column.name)
            said = self._guess(entry, column, bounds[column.name], done, unique=unique)
            if said.unique and not unique:
                unique = True
                entry.unique.append(column.name)
            limits: list[Limit] = []
            for order in orders:
                other = order.higher if order.lower == column.name else order.lower
                if column.name not in (order.lower, order.higher) or other == column.name:
                    continue
                # Of two guessed columns the later one gives way, unless that would close a circle.
                known = ("column", table.name, other) in self.needs
                if (
                    known
                    and not self._circular(table, (other,), column.name)
                    and _comparable(column, table.column(other))
                ):
                    limits.append(Limit(other, above=order.higher == column.name, strict=order.strict))
            drawn = produce(said, site)
            self._add(entry, column_maker(site, drawn, unique=unique, limits=tuple(limits)))

    def _guess(self, entry: _Table, column: Column, bounds: Bounds, done: set[str], *, unique: bool) -> ColumnRecipe:
        table = entry.table
        if unique:
            numbered = key_source(table, column, bounds, max(self.counts.get(table.name, 0), 100))
            if numbered is not None:
                return numbered
        rest = tuple(name for name in table.primary_key if name != column.name)
        if column.name in table.primary_key and rest and column.type.kind == "integer" and set(rest) <= done:
            return ColumnRecipe(Position(rest))
        return self._related(table, column, self._plain(table, column, bounds), bounds)

    def _related(self, table: Table, column: Column, plain: ColumnRecipe, bounds: Bounds) -> ColumnRecipe:
        """What other columns say about this one, unless that would close a circle or break a bound."""
        said = self.relations.columns.get((table.name, column.name))
        if said is None or bounds.values is not None:
            return plain
        site = self._site(table, column)
        produce(said, site)
        if any(self._reaches(key, ("column", table.name, column.name)) for key in site.needs):
            return plain
        return ColumnRecipe(Fallback(said, replace(plain, unique=False)), unique=plain.unique)

    def _plain(self, table: Table, column: Column, bounds: Bounds) -> ColumnRecipe:
        said = guess_column(self.schema, table, column, bounds, self.now)
        if said.when is not None and any(self._circular(table, path, column.name) for path in said.when.paths):
            said = replace(said, when=None)
        if isinstance(said.source, Cases):
            conditions = [case.when for case in said.source.cases if case.when is not None]
            if any(self._circular(table, path, column.name) for when in conditions for path in when.paths):
                said = replace(said, source=said.source.cases[-1].source)
        if isinstance(said.source, Cases):
            cases = tuple(replace(case, source=self._open(table, column, case.source)) for case in said.source.cases)
            return replace(said, source=Cases(cases))
        return replace(said, source=self._open(table, column, said.source))

    def _open(self, table: Table, column: Column, source: Source) -> Source:
        """A guessed source without the paths that would close a circle."""
        if isinstance(source, After):
            paths = tuple(path for path in source.paths if not self._circular(table, path, column.name))
            return replace(source, paths=paths)
        return source

    def _circular(self, table: Table, path: tuple[str, ...], column: str) -> bool:
        """Whether reading `path` waits for the column itself."""
        site = self._site(table, table.column(column))
        site.read(path)
        return any(self._reaches(key, ("column", table.name, column)) for key in site.needs)

    def _reaches(self, start: Key, goal: Key) -> bool:
        """Whether `start` waits for `goal`, as far as is known by now."""
        waiting = [start]
        seen: set[Key] = set()
        while waiting:
            key = waiting.pop()
            if key == goal:
                return True
            if key not in seen:
                seen.add(key)
                waiting.extend(self.needs.get(key, ()))
                waiting.extend(self.births.get(key[1], ()) if key[0] == "rows" else ())
        return False

    # How many rows -------------------------------------------------------------------------------------------------

    def _birth_needs(self, entry: _Table) -> dict[Key, None]:
        recipe = entry.recipe
        if not recipe.each:
            return {}
        needs: dict[Key, None] = {("rows", recipe.each, ""): None}
        if recipe.where is not None:
            site = self._site(entry.table, entry.table.columns[0])
            site.compile_pair(recipe.where, recipe.each)
            needs.update(site.needs)
        return needs

    def _give_birth(self, entry: _Table) -> None:
        table, recipe = entry.table, entry.recipe
        if not recipe.each:
            self.store.bear(table.name, self.counts.get(table.name, 0))
            return
        site = self._site(table, table.columns[0])
        holds = site.compile_pair(recipe.where, recipe.each) if recipe.where is not None else None
        chance = Stream(self.seed, table.name, "", "chance")
        draw = _count_draw(recipe, Stream(self.seed, table.name, "", "count"))
        parents: list[int] = []
        for parent in self.store.rows(recipe.each):
            if (holds is None or holds((0, parent))) and chance.unit(parent) < recipe.chance:
                parents.extend([parent] * draw(parent))
        living = self.store.rows(recipe.each)
        if not parents and living and table.name in self.relations.tables:
            parents = living[:1]
        self.store.bear(table.name, len(parents))
        # Shuffled, so that a row's place says nothing about its parent's.
        order = Stream(self.seed, table.name, "", "order").order(len(parents))
        self.store.links[table.name, recipe.key][:] = [parents[place] for place in order]

    # In which order ------------------------------------------------------------------------------------------------

    def _order(self) -> tuple[dict[Node, Unit], dict[Node, list[Node]]]:
        """Units and what each node waits for; loosens what closes a circle until none is left."""
        while True:
            units, graph, homes = self._group()
            try:
                TopologicalSorter(graph).prepare()
            except CycleError as error:
                if not self._loosen(error.args[1], units, homes):
                    circle = error.args[1]
                    names = tuple(dict.fromkeys(node[1] for node in circle))
                    told = f"columns depend on each other in a circle: {_told(circle, units)}"
                    raise RecipeError(told, names) from None
                continue
            return units, graph

    def _group(self) -> tuple[dict[Node, Unit], dict[Node, list[Node]], dict[Node, list[tuple[_Table, int]]]]:
        units: dict[Node, Unit] = {}
        homes: dict[Node, list[tuple[_Table, int]]] = {}
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

    def _joined(self, entry: _Table) -> tuple[list[int], list[int | None]]:
        """For every maker the first of its group, and for every constraint a maker of the group that asks it."""
        roots = list(range(len(entry.makers)))
        targets: list[int | None] = []
        for constraint, level in zip(entry.constraints, entry.levels, strict=True):
            owners = list(dict.fromkeys(entry.owner(column) for column in constraint.columns))
            random = sorted(place for place in owners if entry.makers[place].random)
            if not random or level > len(random):
                targets.append(None)
                continue
            if level == 0:
                # What is copied from one key and read by another is drawn between them.
                joined = {roots[place] for place in (owners if isinstance(constraint, Together) else random)}
                first = min(joined)
                roots = [first if root in joined else root for root in roots]
            targets.append(random[-max(level, 1)])
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
        givers = {key: place for place, maker in enumerate(unit.makers) for key in maker.outputs}
        inner = {
            place: [givers[key] for key in maker.needs if key in givers and givers[key] != place]
            for place, maker in enumerate(unit.makers)
        }
        try:
            order = list(TopologicalSorter(inner).static_order())
        except CycleError:
            return
        unit.makers = [unit.makers[place] for place in order]

    def _loosen(self, circle: list[Node], units: dict[Node, Unit], homes: dict[Node, list[tuple[_Table, int]]]) -> bool:
        """Give up one wish that takes part in a circle; False when none is left.

        Dropping rows whose keys have run out goes first, then drawing columns jointly, then dropping rows
        for which no key fits.
        """
        if self._keep(circle, units, fitting=False):
            return True
        for node in circle:
            for entry, number in homes.get(node, []):
                constraint = entry.constraints[number]
                if entry.levels[number] <= len(constraint.columns) and len(constraint.columns) > 1:
                    entry.levels[number] += 1
                    return True
        return self._keep(circle, units, fitting=True)

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

    def _assemble(self, units: dict[Node, Unit], graph: dict[Node, list[Node]]) -> Plan:
        structure: dict[Node, None] = {}
        for entry in self.tables:
            _ancestors(("rows", entry.table.name, ""), graph, structure)
        entries = {entry.table.name: entry for entry in self.tables}
        order = list(TopologicalSorter(graph).static_order())
        order = [node for node in order if node in structure] + [node for node in order if node not in structure]
        steps: list[Callable[[], None]] = []
        for node in order:
            if node in units:
                steps.append(_bind(units[node].run, self.store))
            elif node[0] == "birth":
                steps.append(_bind(self._give_birth, entries[node[1]]))
            else:
                steps.append(lambda: None)
        return Plan(self.store, steps, len(structure))


def _bind(function: Callable[[object], None] | Callable[..., None], argument: object) -> Callable[[], None]:
    return lambda: function(argument)


def _ancestors(start: Node, graph: dict[Node, list[Node]], into: dict[Node, None]) -> None:
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if node not in into:
            into[node] = None
            waiting.extend(graph.get(node, ()))


def _single_key(table: Table, column: str) -> bool:
    return (column,) in (table.primary_key, *table.uniques)


def _comparable(one: Column, other: Column) -> bool:
    families = (("integer", "real", "decimal", "boolean"), ("date", "timestamp"))
    return any(one.type.kind in family and other.type.kind in family for family in families)


def _told(circle: Iterable[Node], units: dict[Node, Unit]) -> str:
    told: list[str] = []
    for node in circle:
        unit = units.get(node)
        if unit is None:
            told.append(f"the rows of {node[1]}")
        else:
            told.append(f"{node[1]}.{'/'.join(maker.name for maker in unit.makers) or 'its checks'}")
    return " <- ".join(told)


def _count_draw(recipe: TableRecipe, stream: Stream) -> Callable[[int], int]:
    match recipe.count:
        case Constant(value):
            fixed = _whole(value)
            return lambda row: fixed
        case Choice(values, weights):
            weighted = Weighted(weights)
            return lambda row: _whole(values[weighted.at(stream.unit(row))])
        case SkewedRange(low, high, mean):
            skewed = Skewed(low, high, mean)
            return lambda row: skewed.at(stream.unit(row))


def _whole(value: Value) -> int:
    return value if isinstance(value, int) else 0
