"""The parts that the sources of advanced tools are built with; `compose.py` copies the ones it needs.

They say in code what the selectors of a chain mean, independently of the
evaluator, and refuse where it refuses. Every function stands on its own text.
"""

from __future__ import annotations

from typing import Any

from environments import ToolError


def flattened(result: Any) -> list[Any]:
    """A tool's result as a list of rows."""
    if isinstance(result, list):
        return list(result)
    return [] if result is None else [result]


def inner_rows(result: Any, path: str) -> list[Any]:
    """The rows that a result's rows hold under `path`."""
    return [row for outer in flattened(result) for row in flattened(outer[path])]


def the_only(rows: list[Any]) -> Any:
    """The single row."""
    if len(rows) != 1:
        kind = "ambiguous" if rows else "empty"
        raise ToolError(f"expected one row, found {len(rows)}", kind=kind)
    return rows[0]


def the_largest(rows: list[Any], field: str) -> Any:
    """The row with the largest value; rows without one do not count."""
    ranked = sorted((row for row in rows if row[field] is not None), key=lambda row: row[field], reverse=True)
    if not ranked:
        raise ToolError(f"no row has a {field}", kind="empty")
    if len(ranked) > 1 and ranked[0][field] == ranked[1][field]:
        raise ToolError(f"two rows share the largest {field}", kind="tie")
    return ranked[0]


def the_smallest(rows: list[Any], field: str) -> Any:
    """The row with the smallest value; rows without one do not count."""
    ranked = sorted((row for row in rows if row[field] is not None), key=lambda row: row[field])
    if not ranked:
        raise ToolError(f"no row has a {field}", kind="empty")
    if len(ranked) > 1 and ranked[0][field] == ranked[1][field]:
        raise ToolError(f"two rows share the smallest {field}", kind="tie")
    return ranked[0]


def the_one_where(rows: list[Any], field: str, value: Any) -> Any:
    """The single row whose field has the value."""
    return the_only([row for row in rows if row[field] == value])


def linked(row: Any, field: str) -> Any:
    """A row's field, which must be there."""
    if row[field] is None:
        raise ToolError(f"the row has no {field}", kind="null")
    return row[field]


def all_links(rows: list[Any], field: str) -> list[Any]:
    """The field of every row, none missing."""
    if not rows:
        raise ToolError("there is no row", kind="empty")
    return [linked(row, field) for row in rows]


def distinct_links(rows: list[Any], field: str) -> list[Any]:
    """The field of every row, none missing, none twice, and few enough to follow."""
    if len(rows) > 8:
        raise ToolError(f"{len(rows)} rows are too many to follow", kind="too_many")
    values = all_links(rows, field)
    for position, value in enumerate(values):
        if value in values[:position]:
            raise ToolError(f"two rows have the same {field}", kind="duplicate")
    return values


def some(rows: list[Any]) -> list[Any]:
    """The rows, which must not be none."""
    if not rows:
        raise ToolError("there is no row", kind="empty")
    return rows


def total(rows: list[Any], field: str) -> Any:
    """The sum of the field over the rows that have it."""
    values = [row[field] for row in some(rows) if row[field] is not None]
    if not values:
        raise ToolError(f"no row has a {field}", kind="empty")
    return sum(values)


def rounded(value: Any, decimals: int) -> Any:
    """The value, rounded when it is no whole number."""
    return round(value, decimals) if isinstance(value, float) else value
