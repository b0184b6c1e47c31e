"""A small kiosk: guests, their orders and the lines of these. The domain that Groundrow's own tests use."""

from typing import Any, Literal

from environments import Db, ToolError, tool


@tool(takes={"name": "guests.name"}, gives={"guest_id": "guests.id", "city": "guests.city"})
def find_guest(db: Db, name: str) -> dict[str, Any]:
    """Find a guest by name.

    Args:
        name: The guest's full name.
    """
    found = db.one("SELECT id AS guest_id, city FROM guests WHERE name = :name", name=name)
    if found is None:
        raise ToolError(f"no guest is called {name!r}")
    return found


@tool(
    takes={"guest_id": "orders.guest_id", "status": "orders.status"},
    gives={
        "order_id": "orders.id",
        "status": "orders.status",
        "placed_on": "orders.placed_on",
        "total_cents": "orders.total_cents",
    },
)
def list_orders(
    db: Db, guest_id: int, status: Literal["open", "paid", "cancelled"] | None = None
) -> list[dict[str, Any]]:
    """List a guest's orders.

    Args:
        guest_id: The guest's id.
        status: Only orders in this state.
    """
    return db.rows(
        "SELECT id AS order_id, status, placed_on, total_cents FROM orders"
        " WHERE guest_id = :guest_id AND (:status IS NULL OR status = :status) ORDER BY (id * 7919) % 1009",
        guest_id=guest_id,
        status=status,
    )


@tool(
    takes={"order_id": "lines.order_id"}, gives={"line_id": "lines.id", "dish": "lines.dish", "pieces": "lines.pieces"}
)
def list_lines(db: Db, order_id: int) -> list[dict[str, Any]]:
    """List what an order consists of.

    Args:
        order_id: The order's id.
    """
    return db.rows(
        "SELECT id AS line_id, dish, pieces FROM lines WHERE order_id = :order_id ORDER BY dish, (id * 7919) % 1009",
        order_id=order_id,
    )


@tool(
    takes={"order_id": "orders.id"},
    gives={"order_id": "orders.id", "status": "orders.status", "total_cents": "orders.total_cents"},
    writes=("orders.status",),
)
def cancel_order(db: Db, order_id: int) -> dict[str, Any]:
    """Cancel an open order.

    Args:
        order_id: The order's id.
    """
    found = db.one("SELECT status FROM orders WHERE id = :order_id", order_id=order_id)
    if found is None:
        raise ToolError("there is no such order")
    if found["status"] != "open":
        raise ToolError(f"the order is {found['status']}; only open orders can be cancelled")
    db.run("UPDATE orders SET status = 'cancelled' WHERE id = :order_id", order_id=order_id)
    row = db.one("SELECT id AS order_id, status, total_cents FROM orders WHERE id = :order_id", order_id=order_id)
    assert row is not None
    return row


@tool(
    takes={"line_id": "lines.id", "pieces": "set lines.pieces"},
    gives={"line_id": "lines.id", "dish": "lines.dish", "pieces": "lines.pieces"},
    writes=("lines.pieces",),
)
def change_pieces(db: Db, line_id: int, pieces: int) -> dict[str, Any]:
    """Change how many pieces of a dish an order has.

    Args:
        line_id: The line's id.
        pieces: The new number, at least 1.
    """
    if pieces < 1:
        raise ToolError("at least one piece is needed")
    if db.run("UPDATE lines SET pieces = :pieces WHERE id = :line_id", line_id=line_id, pieces=pieces) == 0:
        raise ToolError("there is no such line")
    row = db.one("SELECT id AS line_id, dish, pieces FROM lines WHERE id = :line_id", line_id=line_id)
    assert row is not None
    return row
