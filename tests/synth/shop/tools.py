"""Tools of the shop. Orders and items lead to each other, and nothing leads to a vault."""

from typing import Any, Literal

from environments import Db, ToolError, tool


def _found(row: dict[str, Any] | None) -> dict[str, Any]:
    if row is None:
        raise ToolError("there is none")
    return row


@tool(takes={"email": "customers.email"}, gives={"customer_id": "customers.id", "city": "customers.city"})
def find_customer(db: Db, email: str) -> dict[str, Any]:
    """Find a customer by e-mail address."""
    return _found(db.one("SELECT id AS customer_id, city FROM customers WHERE email = :email", email=email))


@tool(
    takes={"first_name": "customers.first_name", "last_name": "customers.last_name"},
    gives={"customer_id": "customers.id", "email": "customers.email"},
)
def list_customers(db: Db, first_name: str, last_name: str | None = None) -> list[dict[str, Any]]:
    """List customers of a name."""
    return db.rows(
        "SELECT id AS customer_id, email FROM customers"
        " WHERE first_name = :first_name AND (:last_name IS NULL OR last_name = :last_name) ORDER BY email",
        first_name=first_name,
        last_name=last_name,
    )


@tool(gives={"customer_id": "customers.id", "email": "customers.email"})
def list_everyone(db: Db) -> list[dict[str, Any]]:
    """List all customers."""
    return db.rows("SELECT id AS customer_id, email FROM customers ORDER BY email")


@tool(
    takes={"customer_id": "customers.id"},
    gives={"customer_id": "customers.id", "email": "customers.email", "city": "customers.city"},
)
def get_customer(db: Db, customer_id: int) -> dict[str, Any]:
    """Get a customer."""
    return _found(
        db.one(
            "SELECT id AS customer_id, email, city FROM customers WHERE id = :customer_id",
            customer_id=customer_id,
        )
    )


@tool(
    takes={
        "customer_id": "orders.customer_id",
        "status": "orders.status",
        "gift": "orders.gift",
        "since": ">= orders.placed_at",
        "most": "limit",
    },
    gives={"order_id": "orders.id", "number": "orders.number", "placed_at": "orders.placed_at"},
)
def list_orders(
    db: Db,
    customer_id: int,
    status: Literal["open", "paid", "sent"] | None = None,
    gift: bool | None = None,
    since: str | None = None,
    most: int = 20,
) -> list[dict[str, Any]]:
    """List a customer's orders."""
    return db.rows(
        "SELECT id AS order_id, number, placed_at FROM orders WHERE customer_id = :customer_id"
        " AND (:status IS NULL OR status = :status) AND (:gift IS NULL OR gift = :gift)"
        " AND (:since IS NULL OR placed_at >= :since) ORDER BY number LIMIT :most",
        customer_id=customer_id,
        status=status,
        gift=gift,
        since=since,
        most=most,
    )


@tool(takes={"number": "orders.number"}, gives={"order_id": "orders.id", "customer_id": "orders.customer_id"})
def find_order(db: Db, number: str) -> dict[str, Any]:
    """Find an order by number."""
    return _found(db.one("SELECT id AS order_id, customer_id FROM orders WHERE number = :number", number=number))


@tool(
    takes={"order_id": "orders.id"},
    gives={
        "order_id": "orders.id",
        "customer_id": "orders.customer_id",
        "status": "orders.status",
        "items": {"item_id": "items.id", "sku": "items.sku", "quantity": "items.quantity"},
    },
)
def get_order(db: Db, order_id: int) -> dict[str, Any]:
    """Get an order with its items."""
    order = _found(
        db.one("SELECT id AS order_id, customer_id, status FROM orders WHERE id = :order_id", order_id=order_id)
    )
    items = db.rows(
        "SELECT id AS item_id, sku, quantity FROM items WHERE order_id = :order_id ORDER BY sku, id",
        order_id=order_id,
    )
    return {**order, "items": items}


@tool(
    takes={"item_id": "items.id"},
    gives={"item_id": "items.id", "order_id": "items.order_id", "sku": "items.sku"},
)
def get_item(db: Db, item_id: int) -> dict[str, Any]:
    """Get an item."""
    return _found(db.one("SELECT id AS item_id, order_id, sku FROM items WHERE id = :item_id", item_id=item_id))


@tool(takes={"sku": "items.sku"}, gives={"item_id": "items.id", "quantity": "items.quantity"})
def list_sold(db: Db, sku: str) -> list[dict[str, Any]]:
    """List the items of a product."""
    return db.rows("SELECT id AS item_id, quantity FROM items WHERE sku = :sku ORDER BY quantity, id", sku=sku)


@tool(
    takes={"item_id": "items.id", "order_id": "orders.id"},
    gives={"number": "orders.number", "customer_id": "orders.customer_id"},
)
def check_item(db: Db, item_id: int, order_id: int) -> dict[str, Any]:
    """Give the order of an item when it is that order."""
    return _found(
        db.one(
            "SELECT number, customer_id FROM orders JOIN items ON items.order_id = orders.id"
            " WHERE orders.id = :order_id AND items.id = :item_id",
            order_id=order_id,
            item_id=item_id,
        )
    )


@tool(
    takes={"brand": "products.brand", "most_expensive": "<= products.price"},
    gives={"sku": "products.sku", "title": "products.title", "price": "products.price"},
)
def list_products(db: Db, brand: str, most_expensive: float | None = None) -> list[dict[str, Any]]:
    """List a brand's products."""
    return db.rows(
        "SELECT sku, title, price FROM products WHERE brand = :brand"
        " AND (:most_expensive IS NULL OR price <= :most_expensive) ORDER BY sku",
        brand=brand,
        most_expensive=most_expensive,
    )


@tool(
    takes={"skus": "products.sku"},
    gives={"sku": "products.sku", "weight": "products.weight", "pieces": "sum(items.quantity)"},
)
def weigh_products(db: Db, skus: list[str]) -> list[dict[str, Any]]:
    """Give the weights of products."""
    found = [db.one("SELECT sku, weight, 0 AS pieces FROM products WHERE sku = :sku", sku=sku) for sku in skus]
    return [row for row in found if row is not None]


@tool(
    takes={"item_id": "items.id", "order_id": "items.order_id"},
    gives={"item_id": "items.id", "order_id": "items.order_id"},
    writes=("items.order_id",),
)
def move_item(db: Db, item_id: int, order_id: int) -> dict[str, Any]:
    """Move an item to another order."""
    db.run("UPDATE items SET order_id = :order_id WHERE id = :item_id", order_id=order_id, item_id=item_id)
    return {"item_id": item_id, "order_id": order_id}


@tool(
    takes={"item_id": "items.id", "quantity": "set items.quantity"},
    gives={"item_id": "items.id", "quantity": "items.quantity"},
    writes=("items.quantity",),
)
def change_quantity(db: Db, item_id: int, quantity: int) -> dict[str, Any]:
    """Change an item's quantity."""
    db.run("UPDATE items SET quantity = :quantity WHERE id = :item_id", quantity=quantity, item_id=item_id)
    return {"item_id": item_id, "quantity": quantity}


@tool(takes={"order_id": "orders.id", "text": "note"}, gives={"order_id": "orders.id"}, writes=("-items",))
def note_order(db: Db, order_id: int, text: str) -> dict[str, Any]:
    """Note something and drop the order's items."""
    db.run("DELETE FROM items WHERE order_id = :order_id", order_id=order_id)
    return {"order_id": order_id}


@tool(
    takes={"customer_id": "set orders.customer_id"},
    gives={"order_id": "orders.id", "number": "orders.number"},
    writes=("+orders",),
)
def place_order(db: Db, customer_id: int) -> dict[str, Any]:
    """Place an empty order."""
    number = f"N{_found(db.one('SELECT count(*) AS orders FROM orders'))['orders']}"
    db.run(
        "INSERT INTO orders (number, customer_id, status, gift, placed_at)"
        " VALUES (:number, :customer_id, 'open', 0, datetime('now'))",
        number=number,
        customer_id=customer_id,
    )
    return _found(db.one("SELECT id AS order_id, number FROM orders WHERE number = :number", number=number))


@tool(takes={"vault_id": "vaults.id"}, gives={"colour": "vaults.colour"})
def open_vault(db: Db, vault_id: int) -> dict[str, Any]:
    """Open a vault."""
    return _found(db.one("SELECT colour FROM vaults WHERE id = :vault_id", vault_id=vault_id))
