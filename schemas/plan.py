"""The order in which everything is drawn: every column, foreign key and number of rows once what it reads is there.

Dependencies are between columns, so that a parent's total can sum its children and be copied by others in turn,
and tables whose keys form a circle pose no difficulty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from graphlib import TopologicalSorter

import apsw
import numpy as np

from .bounds import Bounds, read_checks
from .column_dates import after_some
from .columns import guess_column, key_source
from .condition import Condition, used_columns
from .constraint import Together, constraints_of
from .eras import Era, eras
from .link import bound_maker, found_maker, pick_maker
from .maker import Limit, Maker, column_maker, generated_maker
from .model import Column, Schema, Table, Value
from .moment import read_moment
from .naming import implied_orders
from .order import Node, Planned, in_units
from .overlap import leader, shared_columns
from .produce import produce
from .randomness import Indices, Skewed, Stream, Weighted
from .recipe import Recipe, TableRecipe
from .relations import Relations
from .route import target_columns
from .site import Key, Site
from .sources import (
    After,
    Among,
    Cases,
    Choice,
    ColumnRecipe,
    Constant,
    Fallback,
    Located,
    Pick,
    Position,
    Shaped,
    SkewedRange,
    Source,
)  # fmt: skip
from .states import one_of_values, only_when
from .store import Store
from .unit import Unit

_NULL_KEY = 0.12
_NULL_OWN_KEY = 0.25
_SHARED = 4
"""So many values have columns that must share them."""


@dataclass(slots=True, eq=False)
class Plan:
    """Steps in order; the first `structure` of them settle how many rows every table has."""

    store: Store
    steps: list[Callable[[], None]]
    structure: int


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
        self.tables = [Planned(table, recipe.table(table.name)) for table in schema.tables]
        self.needs: dict[Key, dict[Key, None]] = {}
        self.shared = shared_columns(schema)
        self.pointed = {
            (key.target, name)
            for table in schema.tables
            for position, key in enumerate(table.foreign_keys)
            for name in target_columns(schema, table, position)
        }
        self.births: dict[str, dict[Key, None]] = {}
        self.eras = eras(schema, self.now)

    def plan(self) -> Plan:
        for entry in self.tables:
            self.births[entry.table.name] = self._birth_needs(entry)
        for entry in self.tables:
            self._cap(entry)
            self._add_known(entry)
        for entry in self.tables:
            self._add_guessed(entry)
            unique = (*entry.unique, *(name for name, column in entry.recipe.columns.items() if column.unique))
            entry.constraints = constraints_of(entry.table, self.store, self.cursor, unique)
            if entry.table.name in self.relations.together:
                keys = self.relations.together[entry.table.name]
                entry.constraints.append(Together(f"keys that agree ({', '.join(keys)})", keys))
            entry.levels = [0] * len(entry.constraints)
        units, graph = in_units(self.tables, self.births)
        return self._assemble(units, graph)

    # What is drawn -------------------------------------------------------------------------------------------------

    def _site(self, table: Table, column: Column) -> Site:
        return Site(self.schema, self.store, self.bound, self.seed, self.now, table, column)

    def _add(self, entry: Planned, maker: Maker) -> None:
        entry.makers.append(maker)
        for key in maker.outputs:
            self.needs[key] = maker.needs

    def _add_known(self, entry: Planned) -> None:
        """Keys, generated columns and what the recipe says."""
        table, recipe = entry.table, entry.recipe
        copied = {name: of for (owner, name), of in self.relations.copied.items() if owner == table.name}
        said = {name for name, column in recipe.columns.items() if not isinstance(column.source, Pick)} | set(copied)
        said |= {column.name for column in table.columns if column.generated}
        linked: set[str] = set()
        for position in self._key_order(entry):
            columns = table.foreign_keys[position].columns
            own = _itself(table, position)
            fixed = tuple(column for column in columns if column in said or column in linked or column in own)
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

    def _key_order(self, entry: Planned) -> list[int]:
        """The key that `each` binds, then those that the recipe picks, then the widest."""
        table, recipe = entry.table, entry.recipe

        def rank(position: int) -> tuple[int, int, int]:
            key = table.foreign_keys[position]
            bound = bool(recipe.each) and position == recipe.key
            picked = any(self._picks(recipe, column, key.target) for column in key.columns)
            itself = bool(_itself(table, position))
            return (0 if bound else 1 if picked else 3 if itself else 2, -len(key.columns), position)

        return sorted(range(len(table.foreign_keys)), key=rank)

    @staticmethod
    def _picks(recipe: TableRecipe, column: str, target: str) -> ColumnRecipe | None:
        said = recipe.columns.get(column)
        return said if said is not None and isinstance(said.source, Pick) and said.source.table == target else None

    def _pick(self, entry: Planned, site: Site, position: int, fixed: tuple[str, ...]) -> Maker:
        table = entry.table
        key = table.foreign_keys[position]
        said = next((found for name in key.columns if (found := self._picks(entry.recipe, name, key.target))), None)
        null = said.null if said else _NULL_OWN_KEY if key.target == table.name else _NULL_KEY
        when = said.when if said is not None else None
        if (
            said is None
            and len(key.columns) == 1
            and (done := only_when(table, table.column(key.columns[0]))) is not None
        ):
            when, null = done, 0.0
        if said is None and len(key.columns) == 1:
            alternative = one_of_values(table, table.column(key.columns[0]))
            when, null = alternative if alternative is not None else (when, null)
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
            when=site.compile(when) if when is not None else None,
            distinct=any(group <= set(key.columns) and group & free for group in groups) or bool(said and said.unique),
        )

    def _add_guessed(self, entry: Planned) -> None:
        table = entry.table
        done = {name for maker in entry.makers for kind, _, name in maker.outputs if kind == "column"}
        bounds, stated = read_checks(table)
        orders = list(dict.fromkeys((*stated, *implied_orders(table))))
        for column in table.columns:
            if column.name in done:
                continue
            site = self._site(table, column)
            unique = _single_key(table, column.name) or _unique_text(table, column)
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
            # A number at the end of a text would spoil its shape.
            numbering = unique and not isinstance(said.source, Shaped)
            self._add(entry, column_maker(site, drawn, unique=numbering, limits=tuple(limits), guessed=True))

    def _guess(self, entry: Planned, column: Column, bounds: Bounds, done: set[str], *, unique: bool) -> ColumnRecipe:
        table = entry.table
        if unique:
            numbered = key_source(self.schema, table, column, bounds, max(self.counts.get(table.name, 0), 100))
            if numbered is not None:
                return numbered
        rest = tuple(name for name in table.primary_key if name != column.name)
        if column.name in table.primary_key and rest and column.type.kind == "integer" and set(rest) <= done:
            return ColumnRecipe(Position(rest))
        shared = self._shared(table, column, bounds)
        if shared is not None and not unique:
            return shared
        plain = self._plain(table, column, bounds)
        if (table.name, column.name) in self.pointed:
            return plain._replace(null=0.0, when=None)
        return self._related(table, column, plain, bounds)

    def _related(self, table: Table, column: Column, plain: ColumnRecipe, bounds: Bounds) -> ColumnRecipe:
        """What other columns say about this one, unless that would close a circle or break a bound."""
        said = self.relations.columns.get((table.name, column.name))
        if said is None or bounds.values is not None:
            return plain
        site = self._site(table, column)
        produce(said, site)
        if any(self._reaches(key, ("column", table.name, column.name)) for key in site.needs):
            return plain
        return ColumnRecipe(Fallback(said, plain._replace(unique=False)), unique=plain.unique)

    def _plain(self, table: Table, column: Column, bounds: Bounds) -> ColumnRecipe:
        said = guess_column(self.schema, table, column, bounds, self.now, self.eras.get(table.name, Era()))
        if said.when is not None and any(self._circular(table, path, column.name) for path in said.when.paths):
            said = said._replace(when=None)
        if isinstance(said.source, Cases):
            conditions = [case.when for case in said.source.cases if case.when is not None]
            if any(self._circular(table, path, column.name) for when in conditions for path in when.paths):
                said = said._replace(source=said.source.cases[-1].source)
        if isinstance(said.source, Cases):
            cases = tuple(case._replace(source=self._open(table, column, case.source)) for case in said.source.cases)
            return said._replace(source=Cases(cases))
        return said._replace(source=self._open(table, column, said.source))

    def _open(self, table: Table, column: Column, source: Source) -> Source:
        """A guessed source without the paths that would close a circle."""
        if isinstance(source, After):
            paths = tuple(path for path in source.paths if not self._circular(table, path, column.name))
            return after_some(source, paths)
        if isinstance(source, Located):
            given = tuple(pair for pair in source.given if not self._circular(table, pair[0], column.name))
            return source._replace(given=given)
        return source

    def _shared(self, table: Table, column: Column, bounds: Bounds) -> ColumnRecipe | None:
        """The source of a column that must have values in common with others."""
        group = self.shared.get((table.name, column.name))
        if group is None:
            return None
        lead = leader(self.schema, group)
        if lead is not None:
            waits = any(
                self._reaches(key, ("column", table.name, column.name))
                for key in (("rows", lead[0], ""), ("column", *lead))
            )
            return None if lead == (table.name, column.name) or waits else ColumnRecipe(Among(*lead))
        first = self.schema.table(group[0][0])
        site = self._site(first, first.column(group[0][1]))
        drawn = produce(guess_column(self.schema, first, site.column, bounds, self.now), site)
        if site.needs:
            return None
        values = dict.fromkeys(drawn.draw(row, 0) for row in range(_SHARED))
        values.pop(None, None)
        return ColumnRecipe(Choice(tuple(values), tuple(1.0 for _ in values))) if values else None

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

    def _birth_needs(self, entry: Planned) -> dict[Key, None]:
        recipe = entry.recipe
        if not recipe.each:
            return {}
        needs: dict[Key, None] = {("rows", recipe.each, ""): None}
        if recipe.where is not None:
            site = self._site(entry.table, entry.table.columns[0])
            site.compile_pair(recipe.where, recipe.each)
            needs.update(site.needs)
        return needs

    def _cap(self, entry: Planned) -> None:
        """A table whose key is unique by itself gets no more rows than there are targets, once those are known."""
        table, recipe = entry.table, entry.recipe
        if recipe.each or recipe.rows is not None:
            return
        for key in table.foreign_keys:
            alone = len(key.columns) == 1 and _single_key(table, key.columns[0])
            column = table.column(key.columns[0])
            must = not column.nullable or column.name in table.primary_key
            if alone and must and key.target != table.name and not self._born_after(key.target, table.name):
                entry.caps.append(key.target)
                self.births[table.name]["rows", key.target, ""] = None

    def _born_after(self, table: str, other: str) -> bool:
        """Whether the rows of `table` are only known after those of `other` are born."""
        waiting, seen = [table], set[str]()
        while waiting:
            name = waiting.pop()
            if name == other:
                return True
            if name not in seen:
                seen.add(name)
                waiting += [key[1] for key in self.births.get(name, ())]
                waiting += [key.target for key in self.schema.table(name).foreign_keys]
        return False

    def _give_birth(self, entry: Planned) -> None:
        table, recipe = entry.table, entry.recipe
        if not recipe.each:
            room = [len(self.store.rows(target)) for target in entry.caps]
            self.store.bear(table.name, min([self.counts.get(table.name, 0), *room]))
            return
        site = self._site(table, table.columns[0])
        parents = self.store.indices(recipe.each)
        if recipe.where is not None:
            holds = site.compile_many_pairs(recipe.where, recipe.each)
            kept = [bool(found) for found in holds(np.zeros_like(parents), parents)]
            parents = parents[np.array(kept, bool)]
        if recipe.chance < 1:
            parents = parents[Stream(self.seed, table.name, "", "chance").units(parents) < recipe.chance]
        numbers = _counts(recipe, Stream(self.seed, table.name, "", "count"), parents)
        born = np.repeat(parents, numbers)
        living = self.store.rows(recipe.each)
        if not len(born) and living and table.name in self.relations.tables:
            born = np.array(living[:1], np.int64)
        self.store.bear(table.name, len(born))
        # Shuffled, so that a row's place says nothing about its parent's.
        order = Stream(self.seed, table.name, "", "order").order(len(born))
        self.store.links[table.name, recipe.key][:] = born[order].tolist()

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


def _itself(table: Table, position: int) -> set[str]:
    """The columns of a key to the own table that point at themselves, so that parent and child agree in them."""
    key = table.foreign_keys[position]
    if key.target != table.name:
        return set()
    targets = key.target_columns or table.primary_key
    return {column for column, target in zip(key.columns, targets, strict=True) if column == target}


def _unique_text(table: Table, column: Column) -> bool:
    """Whether a unique index is about this text column alone, under whatever condition or function."""
    if column.type.kind != "text":
        return False
    return any(index.unique and used_columns(table, index.columns) == [column.name] for index in table.indexes)


def _single_key(table: Table, column: str) -> bool:
    return (column,) in (table.primary_key, *table.uniques)


def _comparable(one: Column, other: Column) -> bool:
    families = (("integer", "real", "decimal", "boolean"), ("date", "timestamp"))
    return any(one.type.kind in family and other.type.kind in family for family in families)


def _counts(recipe: TableRecipe, stream: Stream, parents: Indices) -> Indices:
    """How many rows each parent gets."""
    match recipe.count:
        case Constant(value):
            return np.full(len(parents), _whole(value))
        case Choice(values, weights):
            wholes = np.array([_whole(value) for value in values], np.int64)
            return wholes[Weighted(weights).many(stream.units(parents))]
        case SkewedRange(low, high, mean):
            return Skewed(low, high, mean).many(stream.units(parents))


def _whole(value: Value) -> int:
    return value if isinstance(value, int) else 0
