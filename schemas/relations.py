"""What the columns of a schema say about each other, as it is collected and as it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .model import Column, Schema, Table
from .naming import ends, snake
from .recipe import Recipe, TableRecipe
from .sources import ColumnRecipe, Pick, Source

Place = tuple[str, str]
"""(table, column)."""


@dataclass(frozen=True, slots=True)
class Relations:
    """What is said about columns and keys by others.

    Attributes:
        columns: The source of a column.
        picks: How the key at a position of a table is picked.
        copied: Columns of keys that another key of the row decides.
        together: By table, columns of keys that are drawn jointly, so that a fitting row is found for each.
        tables: How a table gets its rows.
    """

    columns: Mapping[Place, ColumnRecipe] = field(default_factory=dict)
    picks: Mapping[tuple[str, int], Pick] = field(default_factory=dict)
    copied: Mapping[Place, ColumnRecipe] = field(default_factory=dict)
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tables: Mapping[str, TableRecipe] = field(default_factory=dict)

    def concern(self, table: str) -> bool:
        """Whether anything is said about the table."""
        said = [name for name, _ in (*self.columns, *self.picks, *self.copied)]
        return table in said or table in self.tables

    def without(self, table: str) -> Relations:
        """The rest, when what is said about one table cannot be kept."""
        return Relations(
            {place: said for place, said in self.columns.items() if place[0] != table},
            {place: said for place, said in self.picks.items() if place[0] != table},
            {place: said for place, said in self.copied.items() if place[0] != table},
            {name: said for name, said in self.together.items() if name != table},
            {name: said for name, said in self.tables.items() if name != table},
        )

    def over(self, recipe: Recipe) -> Recipe:
        """The recipe, with rows for tables about which it says nothing."""
        return Recipe({**self.tables, **recipe.tables})


class Said:
    """Collects what is said; what is said first of a column stands."""

    def __init__(self, schema: Schema, recipe: Recipe) -> None:
        self.schema, self.recipe = schema, recipe
        self.columns: dict[Place, ColumnRecipe] = {}
        self.picks: dict[tuple[str, int], Pick] = {}
        self.copied: dict[Place, ColumnRecipe] = {}
        self.together: dict[str, tuple[str, ...]] = {}
        self.tables: dict[str, TableRecipe] = {}
        self.children: dict[str, list[tuple[Table, int]]] = {}
        for table in schema.tables:
            for position, key in enumerate(table.foreign_keys):
                if key.target != table.name:
                    self.children.setdefault(key.target, []).append((table, position))

    def relations(self) -> Relations:
        return Relations(self.columns, self.picks, self.copied, self.together, self.tables)

    def free(self, table: Table) -> Iterator[Column]:
        """The columns about which something may be said."""
        keys = {name for key in table.foreign_keys for name in key.columns}
        alone = {group[0] for group in (table.primary_key, *table.uniques) if len(group) == 1}
        for column in table.columns:
            if column.name in keys or column.name in alone or column.generated or column.values:
                continue
            if column.name not in self.recipe.table(table.name).columns:
                yield column

    def number(self, table: Table, words: str, *, free: bool = True) -> Column | None:
        """The column of an amount called by the first of `words` that any is."""
        columns = [
            column
            for column in (self.free(table) if free else table.columns)
            if column.type.kind in ("integer", "real", "decimal")
        ]
        for word in words.split("|"):
            for column in columns:
                if snake(column.name) == word:
                    return column
        for word in words.split("|"):
            for column in columns:
                if ends(word, snake(column.name)):
                    return column
        return None

    def say(self, table: Table, column: Column, source: Source) -> None:
        """What a column holds, unless something is said of it already."""
        self.columns.setdefault((table.name, column.name), ColumnRecipe(source))

    def unsized(self, table: Table) -> bool:
        """Whether the recipe leaves the rows of the table to us."""
        return table.name not in self.recipe.tables and table.name not in self.tables

    def key_alone(self, table: Table, position: int) -> bool:
        """Whether the columns of a key take part in no other key."""
        key = table.foreign_keys[position]
        others = {name for place, other in enumerate(table.foreign_keys) if place != position for name in other.columns}
        return len(key.columns) == 1 and key.columns[0] not in others


# Judging columns --------------------------------------------------------------------------------------------------


def alike(one: Column, other: Column) -> bool:
    """Whether two columns hold amounts that are both whole (cents, points) or both not."""
    kinds = {one.type.kind, other.type.kind}
    return kinds == {"integer"} or kinds <= {"real", "decimal"}


def room(column: Column) -> bool:
    """Whether sums have room in the column."""
    return column.type.precision is None or column.type.precision - (column.type.scale or 0) >= 5


def long_enough(column: Column, other: Column) -> bool:
    return column.type.length is None or column.type.length >= (other.type.length or 60)


def stem(name: str) -> str:
    """The last part in singular, the others as they are: `order_items` -> `order_item`."""
    plain = snake(name)
    for ending, single in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("xes", "x"), ("ss", "ss"), ("s", "")):
        if plain.endswith(ending):
            return plain.removesuffix(ending) + single
    return plain
