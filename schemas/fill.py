"""Rows for a whole schema, from a recipe, a seed and a clock; the same every time.

Drawing follows a plan (`plan.py`); here are only the numbers of rows, brought close to what was asked for, and
the collecting of the result. Nothing is loaded into a database: that is `snapshot.py`.
"""

from __future__ import annotations

from .counts import first_counts
from .errors import FillError
from .model import Row, Rows, Schema
from .moment import read_moment
from .plan import Plan, plan
from .recipe import Recipe

_TRIALS = 4
_CLOSE = 0.02


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
    if rows < 1:
        raise FillError(f"{rows!r} rows; at least 1 is needed")
    try:
        read_moment(now)
    except ValueError:
        raise FillError(f"the clock {now!r} is no moment; write 'YYYY-MM-DD HH:MM:SS'") from None
    drawn = _sized(schema, recipe, rows, seed, now)
    for step in drawn.steps[drawn.structure :]:
        step()
    return _collected(schema, drawn)


def _sized(schema: Schema, recipe: Recipe, rows: int, seed: int, now: str) -> Plan:
    """A plan whose structure has been drawn, with about `rows` rows in all."""
    target = float(rows)
    tried: dict[str, int] = {}
    for _ in range(_TRIALS):
        counts = {name: round(count) for name, count in first_counts(schema, recipe, target).items()}
        if counts == tried:
            break
        tried = counts
        drawn = plan(schema, recipe, counts, seed=seed, now=now)
        for step in drawn.steps[: drawn.structure]:
            step()
        total = sum(len(drawn.store.rows(table.name)) for table in schema.tables)
        if not total or abs(total - rows) <= rows * _CLOSE:
            break
        target *= rows / total
    return drawn


def _collected(schema: Schema, drawn: Plan) -> Rows:
    found: Rows = {}
    for table in schema.tables:
        columns = [column.name for column in table.columns if not column.generated]
        lists = [drawn.store.columns[table.name, name] for name in columns]
        listed: list[Row] = [
            dict(zip(columns, (values[row] for values in lists), strict=True)) for row in drawn.store.rows(table.name)
        ]
        found[table.name] = listed
    return found
