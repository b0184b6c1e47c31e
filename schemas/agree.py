"""Keys of a row that agree, and columns that repeat what a key points at."""

from __future__ import annotations

import ast
import re

from .counts import first_counts
from .emit import quote
from .expression import Path
from .infer import unkept_links
from .model import ForeignKey, Table
from .naming import AGENTS, LOOKUPS, POSSESSIONS, ends, has, kind_of_table, snake
from .recipe import Recipe
from .relations import Place, Said, long_enough, stem
from .route import target_columns
from .sources import Among, ColumnRecipe, Copy, Pick, Share
from .terms import among, here, ref, written

_COPIED = (
    "name|title|email|phone|sku|number|price|slug|first_name|last_name|full_name|city|country|symbol|currency|"
    "currency_code|barcode|isbn"
)
_PLACES = "country|countries|region|state|province|city|cities|district|county|zone|territory|area"

_UNITS = "unit|uom|unit_measure|unit_of_measure|measure|measurement_unit|unit_type"
_NAMES = "name|title|unit|unit_name|description|label"
_MEASURES = (
    ("weight|mass", ["Kilogram", "Gram", "Pound", "Ounce"]),
    ("size|length|height|width|depth|dimension", ["Centimeter", "Millimeter", "Meter", "Inch", "Foot"]),
    ("volume|capacity", ["Liter", "Milliliter", "Gallon", "Cubic meter"]),
    ("area", ["Square meter"]),
    ("", ["Each", "Box", "Pair", "Pack", "Dozen", "Set", "Carton"]),
)
"""Units by words of what they measure; at last those in which goods are counted."""

_UNDER = (35.0, 15.0, 20.0, 15.0, 15.0)
"""How often a row is under none, and under which part of those before it."""


class Agreement:
    """The address of an order belongs to its customer."""

    def __init__(self, said: Said) -> None:
        self.said = said
        self._after: dict[Place, list[str]] = {}
        self._sizes: dict[str, float] = {}

    def copies(self, table: Table) -> None:
        """`product_name` beside a key to a product is the product's name; a currency is that of what is paid."""
        for column in self.said.free(table):
            name = snake(column.name)
            for key in table.foreign_keys:
                if len(key.columns) != 1 or key.target == table.name:
                    continue
                target = self.said.schema.table(key.target)
                role = re.sub(r"_(?:id|no|code|key|fk)$", "", snake(key.columns[0]))
                for other in target.columns:
                    plain = snake(other.name)
                    denoted = plain in _COPIED.split("|") and name in (
                        f"{role}_{plain}",
                        f"{stem(target.name)}_{plain}",
                    )
                    money = name == plain and ends("currency|currency_code|currency_iso", name)
                    if (
                        (denoted or money)
                        and column.type.kind == other.type.kind
                        and not (other.nullable and not column.nullable)
                        and (key.columns[0], other.name) != (column.name, other.name)
                        and long_enough(column, other)
                    ):
                        self.said.say(table, column, Copy((key.columns[0], other.name)))

    def links(self) -> None:
        """A column that speaks of another table's key holds one, though nothing demands it."""
        for link in unkept_links(self.said.schema):
            table = self.said.schema.table(link.table)
            column = table.column(link.column)
            if column not in self.said.free(table):
                continue
            if link.target != table.name:
                self.said.say(table, column, Among(link.target, link.target_column))
            elif column.type.kind == "integer":
                # Keys are numbered from 1, so what a row is under came before it; 0 is under nothing.
                self.said.say(table, column, Share((link.target_column,), (0.0, 0.1, 0.2, 0.3, 0.4), _UNDER))

    def units(self) -> None:
        """A weight is in a unit of weights."""
        for table in self.said.schema.tables:
            for position, key in enumerate(table.foreign_keys):
                if len(key.columns) != 1 or not ends(_UNITS, snake(key.target)):
                    continue
                target = self.said.schema.table(key.target)
                name = next((other.name for other in target.columns if ends(_NAMES, snake(other.name))), "")
                of = next((units for words, units in _MEASURES if not words or has(words, snake(key.columns[0]))), None)
                counted = self.said.number(table, "quantity|qty", free=False) is not None
                of = of if counted or (of and of is not _MEASURES[-1][1]) else None
                free = key.columns[0] not in self.said.recipe.table(table.name).columns
                if name and of is not None and free and (table.name, position) not in self.said.picks:
                    self.said.picks[table.name, position] = Pick(
                        target.name, written(among(ref(target.name, name), of))
                    )

    def keys(self) -> None:
        """All of them; the rows that tables get are known by now."""
        said = self.said
        self._sizes = first_counts(said.schema, Recipe({**said.tables, **said.recipe.tables}), 1000.0)
        for table in said.schema.tables:
            self._keys(table)

    def _keys(self, table: Table) -> None:
        """The address of an order belongs to its customer: keys whose targets are related agree."""
        if self.said.recipe.table(table.name).columns:
            return
        sized = self.said.tables.get(table.name)
        for position, key in enumerate(table.foreign_keys):
            if len(key.columns) != 1 or not self.said.key_alone(table, position) or key.target == table.name:
                continue
            if sized is not None and sized.key == position:
                continue
            owners = [
                (place, back)
                for place, other in enumerate(table.foreign_keys)
                if place != position
                and (back := self._belongs(table, key, other)) is not None
                and self.said.key_alone(table, place)
            ]
            if owners:
                self._agree(table, position, owners)

    def _belongs(self, table: Table, key: ForeignKey, other: ForeignKey) -> str | None:
        """The column of what `other` points at that says which row `key` points at."""
        if len(other.columns) != 1 or self._demanded(table, (key.columns[0], other.columns[0])):
            return None
        target = self.said.schema.table(other.target)
        owner = self.said.schema.table(key.target)
        if target is owner or self._together_unique(table, key.columns[0], other.columns[0]):
            return None
        backs = [
            back
            for back in target.foreign_keys
            if back.target == owner.name
            and len(back.columns) == 1
            and target_columns(self.said.schema, target, target.foreign_keys.index(back))
            == target_columns(self.said.schema, table, table.foreign_keys.index(key))
        ]
        if target is not table and (self._leads(target.name, table.name) or self._leads(owner.name, table.name)):
            return None
        name = snake(key.columns[0])
        same = [back for back in backs if snake(back.columns[0]) == name]
        owned = ends(POSSESSIONS, snake(target.name))
        only = len(backs) == 1 and sum(own.target == owner.name for own in table.foreign_keys) == 1
        back = same[0] if len(same) == 1 else backs[0] if only and owned else None
        if back is None or not self._convincing(owner, name, owned=owned):
            return None
        return back.columns[0]

    @staticmethod
    def _convincing(owner: Table, name: str, *, owned: bool) -> bool:
        kind = kind_of_table(owner)
        if has("created|updated|modified|changed|deleted|assigned|assignee|approved|retired|voided", name):
            return False
        if has(AGENTS, name) or has(AGENTS, snake(owner.name)):
            return owned
        if kind in LOOKUPS:
            return has(_PLACES, snake(owner.name))
        return not has("type|status|currency|language|unit|file|image", snake(owner.name))

    @staticmethod
    def _demanded(table: Table, columns: tuple[str, ...]) -> bool:
        """Whether a CHECK says itself when one of the keys is there, such as that there is just one of them."""
        return any(quote(column) in check.sql for check in table.checks for column in columns)

    def _together_unique(self, table: Table, one: str, other: str) -> bool:
        """Whether the two make a key, so that the table pairs them as it likes."""
        groups = [set(group) for group in (table.primary_key, *table.uniques)]
        return any({one, other} <= group or group in ({one}, {other}) for group in groups if group)

    def _leads(self, start: str, goal: str) -> bool:
        """Whether keys lead from one table to another."""
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            name = waiting.pop()
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                waiting.extend(key.target for key in self.said.schema.table(name).foreign_keys)
        return False

    def _agree(self, table: Table, position: int, owners: list[tuple[int, str]]) -> None:
        """Take the owner from one key that is never NULL, and pick the others among the owner's."""
        key = table.foreign_keys[position]
        column = table.column(key.columns[0])
        sized = self.said.tables.get(table.name)
        own = [pair for pair in owners if table.foreign_keys[pair[0]].target == table.name]
        rest = [pair for pair in owners if pair not in own]
        leaders = [
            (place, back)
            for place, back in rest
            if not table.column(table.foreign_keys[place].columns[0]).nullable
            and (column.nullable or not self._target(table, place).column(back).nullable)
        ]
        # The one with the fewest rows leads, as the others then mostly find a row that goes with it.
        leaders.sort(
            key=lambda pair: (
                sized is None or sized.key != pair[0],
                self._sizes.get(table.foreign_keys[pair[0]].target, 0.0),
            )
        )
        leaders = [
            pair for pair in leaders if not self._waits(table, table.foreign_keys[pair[0]].columns[0], column.name)
        ]
        if leaders:
            place, back = leaders[0]
            path: Path = (table.foreign_keys[place].columns[0], back)
            self.said.copied[table.name, column.name] = ColumnRecipe(Copy(path))
            self._after.setdefault((table.name, column.name), []).append(path[0])
            rest = [pair for pair in rest if pair[0] != place]
        joint = [*([table.foreign_keys[leaders[0][0]].columns[0]] if leaders else []), column.name]
        least = len(joint)
        for place, back in (*rest, *own):
            if (table.name, place) in self.said.picks or (sized is not None and sized.key == place):
                continue
            other = table.foreign_keys[place]
            if (table.name, other.columns[0]) in self.said.copied or self._waits(table, column.name, other.columns[0]):
                continue
            self._after.setdefault((table.name, other.columns[0]), []).append(column.name)
            wanted = ast.Compare(ref(other.target, back), [ast.Eq()], [here(table, column)])
            self.said.picks[table.name, place] = Pick(other.target, written(wanted))
            if not table.column(other.columns[0]).nullable:
                joint.append(other.columns[0])
        if len(joint) > least:
            known = self.said.together.get(table.name, ())
            self.said.together[table.name] = (*known, *(name for name in joint if name not in known))

    def _waits(self, table: Table, start: str, goal: str) -> bool:
        """Whether one column of a key already waits for another of its row."""
        return start == goal or any(self._waits(table, name, goal) for name in self._after.get((table.name, start), ()))

    def _target(self, table: Table, position: int) -> Table:
        return self.said.schema.table(table.foreign_keys[position].target)
