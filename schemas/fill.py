"""Rows for a whole schema, from a recipe, a seed and a clock; the same every time.

Drawing follows a plan (`plan.py`); here are only the numbers of rows, brought close to what was asked for, and
the collecting of the result. Nothing is loaded into a database: that is `snapshot.py`.
"""

from __future__ import annotations

from collections.abc import Callable

from .cohere import relate
from .counts import first_counts
from .errors import FillError, RecipeError
from .model import Columns, Rows, Schema
from .moment import read_moment
from .plan import Plan, plan
from .recipe import Recipe
from .relations import Relations

Progress = Callable[[float], None]

_TRIALS = 4
_CLOSE = 0.02
_ENOUGH = 8
"""With so many rows for each table, none fails for having too few."""


def fill(schema: Schema, recipe: Recipe, *, rows: int, seed: int, now: str) -> Rows:
    """Draw rows for every table.

    Args:
        schema: What the rows must fit.
        recipe: What is said about them; an empty recipe is `Recipe({})`.
        rows: About how many in all; every table of the schema gets at least one unless its recipe says otherwise.
        seed: Another seed gives other rows.
        now: The clock that the rows lie before, 'YYYY-MM-DD HH:MM:SS' in UTC.

    Returns:
        A list of rows for every table, in the schema's order, without generated columns.

    Raises:
        FillError: A constraint cannot be satisfied; names the table and the constraint.
        RecipeError: Columns of the recipe depend on each other in a circle.
    """
    return as_rows(fill_columns(schema, recipe, rows=rows, seed=seed, now=now))


def fill_columns(
    schema: Schema, recipe: Recipe, *, rows: int, seed: int, now: str, progress: Progress | None = None
) -> Columns:
    """`fill`, column by column, which takes less time and memory.

    Args:
        progress: Told now and then how much of the work is done, from 0 to 1.
    """
    if rows < 1:
        raise FillError(f"{rows!r} rows; at least 1 is needed")
    try:
        read_moment(now)
    except ValueError:
        raise FillError(f"the clock {now!r} is no moment; write 'YYYY-MM-DD HH:MM:SS'") from None
    relations = relate(schema, recipe)
    enough = len(schema.tables) * _ENOUGH
    while True:
        try:
            return _drawn(schema, recipe, relations, rows, seed, now, progress)
        except (FillError, RecipeError) as error:
            # What was only guessed about the table gives way to what it demands.
            guessed = [name for name in error.tables if relations.concern(name)]
            if guessed:
                relations = relations.without(guessed[0])
                continue
            # A constraint may need more rows to choose from than so few, such as two that differ.
            if isinstance(error, RecipeError) or rows >= enough:
                raise
            rows = min(max(rows, len(schema.tables)) * 2, enough)


def _drawn(
    schema: Schema, recipe: Recipe, relations: Relations, rows: int, seed: int, now: str, progress: Progress | None
) -> Columns:
    drawn = _sized(schema, recipe, relations, rows, seed, now)
    steps = drawn.steps[drawn.structure :]
    for number, step in enumerate(steps, start=1):
        step()
        if progress is not None:
            progress(number / len(steps))
    return _collected(schema, drawn)


def as_rows(columns: Columns) -> Rows:
    """Columns as rows."""
    found: Rows = {}
    for table, lists in columns.items():
        names = list(lists)
        found[table] = [dict(zip(names, values, strict=True)) for values in zip(*lists.values(), strict=True)]
    return found


def _sized(schema: Schema, recipe: Recipe, relations: Relations, rows: int, seed: int, now: str) -> Plan:
    """A plan whose structure has been drawn, with about `rows` rows in all."""
    target = float(rows)
    tried: dict[str, int] = {}
    for _ in range(_TRIALS):
        counts = {name: round(count) for name, count in first_counts(schema, relations.over(recipe), target).items()}
        if counts == tried:
            break
        tried = counts
        drawn = plan(schema, recipe, relations, counts, seed=seed, now=now)
        for step in drawn.steps[: drawn.structure]:
            step()
        total = sum(len(drawn.store.rows(table.name)) for table in schema.tables)
        if not total or abs(total - rows) <= rows * _CLOSE:
            break
        target *= rows / total
    return drawn


def _collected(schema: Schema, drawn: Plan) -> Columns:
    found: Columns = {}
    for table in schema.tables:
        living = drawn.store.rows(table.name)
        whole = len(living) == drawn.store.sizes[table.name]
        lists = {
            column.name: drawn.store.columns[table.name, column.name]
            for column in table.columns
            if not column.generated
        }
        found[table.name] = lists if whole else {name: [v[row] for row in living] for name, v in lists.items()}
    return found
