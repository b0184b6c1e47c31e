"""The tools whose calls are measured: sent as text into a sandbox, and called from here in a plain loop for the floor.

Unlike an environment's tools they are our own code, so importing them here runs nothing that nobody has read.
"""

from typing import Any

from environments import Db, ToolError, tool


@tool
def get_order(db: Db, order_id: int) -> dict[str, Any]:
    """One order by its key."""
    row = db.one(
        "SELECT id AS order_id, customer_id, status, total, next_id FROM orders WHERE id = :order_id",
        order_id=order_id,
    )
    if row is None:
        raise ToolError(f"there is no order {order_id}")
    return row


@tool(writes=("lines.pieces",))
def add_piece(db: Db, line_id: int) -> dict[str, Any]:
    """One piece more on each of three lines."""
    changed = db.run("UPDATE lines SET pieces = pieces + 1 WHERE id >= :line_id AND id < :line_id + 3", line_id=line_id)
    return {"changed": changed}


@tool
def spin(db: Db) -> dict[str, Any]:
    """Never come back."""
    while True:
        pass
