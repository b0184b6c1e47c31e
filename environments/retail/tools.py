"""The service desk of a shop: customers, catalogue, stock, orders, payments, parcels and returns.

Money is in cents. `stock.available` counts units that are free to sell: what a
placed order holds has already been taken off, and a cancelled order puts it back.
"""

from typing import Any, Literal

from environments import Db, ToolError, tool

_MOST_RESTOCKED = 1000  # units in one delivery; more is a typing error


# Customers and addresses


@tool(
    takes={"email": "customers.email"},
    gives={
        "customer_id": "customers.id",
        "first_name": "customers.first_name",
        "last_name": "customers.last_name",
        "phone": "customers.phone",
        "tier": "customers.tier",
        "loyalty_points": "customers.loyalty_points",
        "created_at": "customers.created_at",
    },
)
def find_customer(db: Db, email: str) -> dict[str, Any]:
    """Find a customer by e-mail address.

    Args:
        email: The e-mail address of the customer's account.
    """
    found = db.one(
        "SELECT id AS customer_id, first_name, last_name, phone, tier, loyalty_points, created_at"
        " FROM customers WHERE email = :email",
        email=email,
    )
    if found is None:
        raise ToolError(f"no customer has the e-mail address {email!r}")
    return found


@tool(
    takes={"customer_id": "customers.id"},
    gives={
        "customer_id": "customers.id",
        "first_name": "customers.first_name",
        "last_name": "customers.last_name",
        "email": "customers.email",
        "phone": "customers.phone",
        "tier": "customers.tier",
        "loyalty_points": "customers.loyalty_points",
        "created_at": "customers.created_at",
    },
)
def get_customer(db: Db, customer_id: int) -> dict[str, Any]:
    """Get a customer's account by its id.

    Args:
        customer_id: The customer's id.
    """
    found = db.one(
        "SELECT id AS customer_id, first_name, last_name, email, phone, tier, loyalty_points, created_at"
        " FROM customers WHERE id = :customer_id",
        customer_id=customer_id,
    )
    if found is None:
        raise ToolError(f"there is no customer with the id {customer_id}")
    return found


@tool(
    takes={"city": "addresses.city", "tier": "customers.tier"},
    gives={
        "customer_id": "customers.id",
        "first_name": "customers.first_name",
        "last_name": "customers.last_name",
        "email": "customers.email",
        "tier": "customers.tier",
        "loyalty_points": "customers.loyalty_points",
        "created_at": "customers.created_at",
    },
)
def search_customers(
    db: Db, city: str, tier: Literal["standard", "silver", "gold"] | None = None
) -> list[dict[str, Any]]:
    """List the customers who have an address in a city, sorted by e-mail address.

    Args:
        city: The city of any of the customer's addresses.
        tier: Only customers of this loyalty tier.
    """
    return db.rows(
        "SELECT id AS customer_id, first_name, last_name, email, tier, loyalty_points, created_at FROM customers"
        " WHERE EXISTS (SELECT 1 FROM addresses WHERE customer_id = customers.id AND city = :city)"
        " AND (:tier IS NULL OR tier = :tier) ORDER BY email",
        city=city,
        tier=tier,
    )


@tool(
    takes={"customer_id": "customers.id"},
    gives={
        "customer_id": "customers.id",
        "orders": "count(orders)",
        "ordered_cents": "sum(orders.total_cents)",
        "last_order_at": "max(orders.placed_at)",
    },
)
def summarize_customer(db: Db, customer_id: int) -> dict[str, Any]:
    """Summarize all orders a customer ever placed: how many, their value in cents, and when the last one was placed.

    Args:
        customer_id: The customer's id.
    """
    found = db.one(
        "SELECT c.id AS customer_id, COUNT(o.id) AS orders, SUM(o.total_cents) AS ordered_cents,"
        " MAX(o.placed_at) AS last_order_at FROM customers AS c LEFT JOIN orders AS o ON o.customer_id = c.id"
        " WHERE c.id = :customer_id GROUP BY c.id",
        customer_id=customer_id,
    )
    if found is None:
        raise ToolError(f"there is no customer with the id {customer_id}")
    return found


@tool(
    takes={"customer_id": "customers.id", "email": "set customers.email"},
    gives={"customer_id": "customers.id", "email": "customers.email"},
    writes=("customers.email",),
)
def update_customer_email(db: Db, customer_id: int, email: str) -> dict[str, Any]:
    """Change the e-mail address of a customer's account.

    Args:
        customer_id: The customer's id.
        email: The new address; no other account may use it.
    """
    if db.one("SELECT id FROM customers WHERE id = :customer_id", customer_id=customer_id) is None:
        raise ToolError(f"there is no customer with the id {customer_id}")
    name, at, domain = email.partition("@")
    if not name or not at or "." not in domain or email != email.strip():
        raise ToolError(f"{email!r} is no e-mail address")
    if db.one("SELECT id FROM customers WHERE lower(email) = lower(:email)", email=email) is not None:
        raise ToolError(f"the e-mail address {email!r} is already in use")
    db.run("UPDATE customers SET email = :email WHERE id = :customer_id", email=email, customer_id=customer_id)
    return {"customer_id": customer_id, "email": email}


@tool(
    takes={"customer_id": "customers.id", "points": "add customers.loyalty_points"},
    gives={"customer_id": "customers.id", "loyalty_points": "customers.loyalty_points"},
    writes=("customers.loyalty_points",),
)
def adjust_loyalty_points(db: Db, customer_id: int, points: int) -> dict[str, Any]:
    """Add loyalty points to a customer's account, or take some off.

    Args:
        customer_id: The customer's id.
        points: Points to add; negative to take off. The balance cannot fall below 0.
    """
    customer = db.one("SELECT loyalty_points FROM customers WHERE id = :customer_id", customer_id=customer_id)
    if customer is None:
        raise ToolError(f"there is no customer with the id {customer_id}")
    if points == 0:
        raise ToolError("points must not be 0")
    balance = customer["loyalty_points"] + points
    if balance < 0:
        raise ToolError(f"the customer has only {customer['loyalty_points']} points; {-points} cannot be taken off")
    db.run(
        "UPDATE customers SET loyalty_points = :balance WHERE id = :customer_id",
        balance=balance,
        customer_id=customer_id,
    )
    return {"customer_id": customer_id, "loyalty_points": balance}


@tool(
    takes={
        "customer_id": "addresses.customer_id",
        "label": "addresses.label",
        "is_default": "addresses.is_default",
    },
    gives={
        "address_id": "addresses.id",
        "label": "addresses.label",
        "street": "addresses.street",
        "city": "addresses.city",
        "state": "addresses.state",
        "postcode": "addresses.postcode",
        "is_default": "addresses.is_default",
    },
)
def list_customer_addresses(
    db: Db,
    customer_id: int,
    label: Literal["home", "work", "family", "holiday"] | None = None,
    is_default: bool | None = None,
) -> list[dict[str, Any]]:
    """List a customer's addresses, sorted by street.

    Args:
        customer_id: The customer's id.
        label: Only the address with this label; a customer has at most one of each.
        is_default: True for the default address only, false for the others only.
    """
    return db.rows(
        "SELECT id AS address_id, label, street, city, state, postcode, is_default FROM addresses"
        " WHERE customer_id = :customer_id AND (:label IS NULL OR label = :label)"
        " AND (:is_default IS NULL OR is_default = :is_default) ORDER BY street, label",
        customer_id=customer_id,
        label=label,
        is_default=is_default,
    )


@tool(
    takes={"address_id": "addresses.id"},
    gives={
        "address_id": "addresses.id",
        "label": "addresses.label",
        "street": "addresses.street",
        "city": "addresses.city",
        "state": "addresses.state",
        "postcode": "addresses.postcode",
        "is_default": "addresses.is_default",
    },
)
def get_address(db: Db, address_id: int) -> dict[str, Any]:
    """Get an address by its id.

    Args:
        address_id: The address's id.
    """
    found = db.one(
        "SELECT id AS address_id, label, street, city, state, postcode, is_default"
        " FROM addresses WHERE id = :address_id",
        address_id=address_id,
    )
    if found is None:
        raise ToolError(f"there is no address with the id {address_id}")
    return found


@tool(
    takes={"address_id": "addresses.id"},
    gives={
        "address_id": "addresses.id",
        "label": "addresses.label",
        "street": "addresses.street",
        "city": "addresses.city",
        "postcode": "addresses.postcode",
    },
    reads=("addresses",),
    writes=("addresses.is_default",),
)
def set_default_address(db: Db, address_id: int) -> dict[str, Any]:
    """Make an address the default one of its customer, instead of the present default.

    Args:
        address_id: The address's id.
    """
    address = db.one(
        "SELECT id AS address_id, customer_id, label, street, city, postcode, is_default"
        " FROM addresses WHERE id = :address_id",
        address_id=address_id,
    )
    if address is None:
        raise ToolError(f"there is no address with the id {address_id}")
    if address.pop("is_default"):
        raise ToolError(f"the {address['label']} address is the customer's default already")
    db.run(
        "UPDATE addresses SET is_default = 0 WHERE customer_id = :customer_id AND is_default = 1",
        customer_id=address.pop("customer_id"),
    )
    db.run("UPDATE addresses SET is_default = 1 WHERE id = :address_id", address_id=address_id)
    return address


# Catalogue and stock


@tool(
    takes={"name": "products.name"},
    gives={
        "product_id": "products.id",
        "category": "products.category",
        "brand": "products.brand",
        "list_price_cents": "products.list_price_cents",
        "warranty_months": "products.warranty_months",
        "launched_on": "products.launched_on",
    },
)
def find_product(db: Db, name: str) -> dict[str, Any]:
    """Find a product by its exact name.

    Args:
        name: The product's name as in the catalogue.
    """
    found = db.one(
        "SELECT id AS product_id, category, brand, list_price_cents, warranty_months, launched_on"
        " FROM products WHERE name = :name",
        name=name,
    )
    if found is None:
        raise ToolError(f"there is no product named {name!r}")
    return found


@tool(
    takes={"product_id": "products.id"},
    gives={
        "product_id": "products.id",
        "name": "products.name",
        "category": "products.category",
        "brand": "products.brand",
        "list_price_cents": "products.list_price_cents",
        "warranty_months": "products.warranty_months",
        "launched_on": "products.launched_on",
    },
)
def get_product(db: Db, product_id: int) -> dict[str, Any]:
    """Get a product by its id.

    Args:
        product_id: The product's id.
    """
    found = db.one(
        "SELECT id AS product_id, name, category, brand, list_price_cents, warranty_months, launched_on"
        " FROM products WHERE id = :product_id",
        product_id=product_id,
    )
    if found is None:
        raise ToolError(f"there is no product with the id {product_id}")
    return found


@tool(
    takes={"category": "products.category", "brand": "products.brand"},
    gives={
        "product_id": "products.id",
        "name": "products.name",
        "brand": "products.brand",
        "list_price_cents": "products.list_price_cents",
        "warranty_months": "products.warranty_months",
        "launched_on": "products.launched_on",
    },
)
def search_products(
    db: Db,
    category: Literal["clothing", "footwear", "bags", "kitchen", "lighting", "bedding", "camping", "fitness"],
    brand: str | None = None,
) -> list[dict[str, Any]]:
    """List the products of a category, sorted by name.

    Args:
        category: The category.
        brand: Only products of this brand.
    """
    return db.rows(
        "SELECT id AS product_id, name, brand, list_price_cents, warranty_months, launched_on FROM products"
        " WHERE category = :category AND (:brand IS NULL OR brand = :brand) ORDER BY name",
        category=category,
        brand=brand,
    )


@tool(
    takes={"product_id": "variants.product_id", "color": "variants.color", "size": "variants.size"},
    gives={
        "variant_id": "variants.id",
        "sku": "variants.sku",
        "color": "variants.color",
        "size": "variants.size",
        "price_cents": "variants.price_cents",
    },
)
def list_product_variants(
    db: Db, product_id: int, color: str | None = None, size: str | None = None
) -> list[dict[str, Any]]:
    """List the variants in which a product is sold, sorted by SKU.

    Args:
        product_id: The product's id.
        color: Only variants in this color.
        size: Only variants in this size, such as "M", "42" or "one size".
    """
    return db.rows(
        "SELECT id AS variant_id, sku, color, size, price_cents FROM variants WHERE product_id = :product_id"
        " AND (:color IS NULL OR color = :color) AND (:size IS NULL OR size = :size) ORDER BY sku",
        product_id=product_id,
        color=color,
        size=size,
    )


@tool(
    takes={"sku": "variants.sku"},
    gives={
        "variant_id": "variants.id",
        "product_id": "variants.product_id",
        "color": "variants.color",
        "size": "variants.size",
        "price_cents": "variants.price_cents",
    },
)
def find_variant(db: Db, sku: str) -> dict[str, Any]:
    """Find a product variant by its SKU.

    Args:
        sku: The stock keeping unit, such as "GV-40013".
    """
    found = db.one(
        "SELECT id AS variant_id, product_id, color, size, price_cents FROM variants WHERE sku = :sku", sku=sku
    )
    if found is None:
        raise ToolError(f"there is no variant with the SKU {sku!r}")
    return found


@tool(
    takes={"variant_id": "variants.id"},
    gives={
        "variant_id": "variants.id",
        "product_id": "variants.product_id",
        "sku": "variants.sku",
        "color": "variants.color",
        "size": "variants.size",
        "price_cents": "variants.price_cents",
    },
)
def get_variant(db: Db, variant_id: int) -> dict[str, Any]:
    """Get a product variant by its id.

    Args:
        variant_id: The variant's id.
    """
    found = db.one(
        "SELECT id AS variant_id, product_id, sku, color, size, price_cents FROM variants WHERE id = :variant_id",
        variant_id=variant_id,
    )
    if found is None:
        raise ToolError(f"there is no variant with the id {variant_id}")
    return found


@tool(
    takes={"variant_id": "variants.id", "price_cents": "set variants.price_cents"},
    gives={"variant_id": "variants.id", "sku": "variants.sku", "price_cents": "variants.price_cents"},
    writes=("variants.price_cents",),
)
def set_variant_price(db: Db, variant_id: int, price_cents: int) -> dict[str, Any]:
    """Change the price of a product variant; orders already placed keep their price.

    Args:
        variant_id: The variant's id.
        price_cents: The new price in cents.
    """
    variant = db.one("SELECT sku, price_cents FROM variants WHERE id = :variant_id", variant_id=variant_id)
    if variant is None:
        raise ToolError(f"there is no variant with the id {variant_id}")
    if price_cents <= 0:
        raise ToolError(f"a price must be above 0 cents, not {price_cents}")
    if price_cents == variant["price_cents"]:
        raise ToolError(f"the price of {variant['sku']} is {price_cents} cents already")
    db.run(
        "UPDATE variants SET price_cents = :price_cents WHERE id = :variant_id",
        price_cents=price_cents,
        variant_id=variant_id,
    )
    return {"variant_id": variant_id, "sku": variant["sku"], "price_cents": price_cents}


@tool(
    takes={"variant_id": "stock.variant_id"},
    gives={
        "stock_id": "stock.id",
        "warehouse": "stock.warehouse",
        "available": "stock.available",
        "restocked_at": "stock.restocked_at",
    },
)
def list_variant_stock(db: Db, variant_id: int) -> list[dict[str, Any]]:
    """List how many units of a product variant are free to sell in each warehouse that carries it.

    Args:
        variant_id: The variant's id.
    """
    return db.rows(
        "SELECT id AS stock_id, warehouse, available, restocked_at FROM stock"
        " WHERE variant_id = :variant_id ORDER BY warehouse",
        variant_id=variant_id,
    )


@tool(
    takes={"variant_id": "stock.variant_id", "warehouse": "stock.warehouse", "quantity": "add stock.available"},
    gives={
        "stock_id": "stock.id",
        "warehouse": "stock.warehouse",
        "available": "stock.available",
        "restocked_at": "stock.restocked_at",
    },
    writes=("stock.available", "stock.restocked_at"),
)
def restock_variant(
    db: Db, variant_id: int, warehouse: Literal["Columbus", "Reno", "Savannah"], quantity: int
) -> dict[str, Any]:
    """Book a delivery of new units of a product variant into a warehouse that carries it.

    Args:
        variant_id: The variant's id.
        warehouse: The warehouse.
        quantity: Units delivered, from 1 to 1000.
    """
    if not 1 <= quantity <= _MOST_RESTOCKED:
        raise ToolError(f"a delivery has from 1 to {_MOST_RESTOCKED} units, not {quantity}")
    changed = db.run(
        "UPDATE stock SET available = available + :quantity, restocked_at = datetime('now')"
        " WHERE variant_id = :variant_id AND warehouse = :warehouse",
        quantity=quantity,
        variant_id=variant_id,
        warehouse=warehouse,
    )
    if changed == 0:
        raise ToolError(f"the warehouse {warehouse} does not carry the variant with the id {variant_id}")
    return _row(
        db.one(
            "SELECT id AS stock_id, warehouse, available, restocked_at FROM stock"
            " WHERE variant_id = :variant_id AND warehouse = :warehouse",
            variant_id=variant_id,
            warehouse=warehouse,
        )
    )


# Orders


@tool(
    takes={"number": "orders.number"},
    gives={
        "order_id": "orders.id",
        "customer_id": "orders.customer_id",
        "address_id": "orders.address_id",
        "warehouse": "orders.warehouse",
        "status": "orders.status",
        "placed_at": "orders.placed_at",
        "total_cents": "orders.total_cents",
        "cancel_reason": "orders.cancel_reason",
    },
)
def find_order(db: Db, number: str) -> dict[str, Any]:
    """Find an order by its order number.

    Args:
        number: The order number, such as "W10237".
    """
    found = db.one(
        "SELECT id AS order_id, customer_id, address_id, warehouse, status, placed_at, total_cents, cancel_reason"
        " FROM orders WHERE number = :number",
        number=number,
    )
    if found is None:
        raise ToolError(f"there is no order with the number {number!r}")
    return found


@tool(
    takes={"order_id": "orders.id"},
    gives={
        "order_id": "orders.id",
        "number": "orders.number",
        "customer_id": "orders.customer_id",
        "address_id": "orders.address_id",
        "warehouse": "orders.warehouse",
        "status": "orders.status",
        "placed_at": "orders.placed_at",
        "total_cents": "orders.total_cents",
        "cancel_reason": "orders.cancel_reason",
    },
)
def get_order(db: Db, order_id: int) -> dict[str, Any]:
    """Get an order by its id.

    Args:
        order_id: The order's id.
    """
    found = db.one(
        "SELECT id AS order_id, number, customer_id, address_id, warehouse, status, placed_at, total_cents,"
        " cancel_reason FROM orders WHERE id = :order_id",
        order_id=order_id,
    )
    if found is None:
        raise ToolError(f"there is no order with the id {order_id}")
    return found


@tool(
    takes={"customer_id": "orders.customer_id", "status": "orders.status"},
    gives={
        "order_id": "orders.id",
        "number": "orders.number",
        "address_id": "orders.address_id",
        "warehouse": "orders.warehouse",
        "status": "orders.status",
        "placed_at": "orders.placed_at",
        "total_cents": "orders.total_cents",
    },
)
def list_customer_orders(
    db: Db,
    customer_id: int,
    status: Literal["pending", "processing", "shipped", "delivered", "cancelled"] | None = None,
) -> list[dict[str, Any]]:
    """List the orders that a customer has placed, sorted by order number.

    Args:
        customer_id: The customer's id.
        status: Only orders in this state.
    """
    return db.rows(
        "SELECT id AS order_id, number, address_id, warehouse, status, placed_at, total_cents FROM orders"
        " WHERE customer_id = :customer_id AND (:status IS NULL OR status = :status) ORDER BY number",
        customer_id=customer_id,
        status=status,
    )


@tool(
    takes={"variant_id": "order_items.variant_id", "status": "orders.status"},
    gives={
        "order_id": "orders.id",
        "number": "orders.number",
        "customer_id": "orders.customer_id",
        "address_id": "orders.address_id",
        "status": "orders.status",
        "placed_at": "orders.placed_at",
        "total_cents": "orders.total_cents",
    },
)
def list_orders_with_variant(
    db: Db,
    variant_id: int,
    status: Literal["pending", "processing", "shipped", "delivered", "cancelled"] | None = None,
) -> list[dict[str, Any]]:
    """List the orders that contain a product variant, sorted by order number.

    Args:
        variant_id: The variant's id.
        status: Only orders in this state.
    """
    return db.rows(
        "SELECT id AS order_id, number, customer_id, address_id, status, placed_at, total_cents FROM orders"
        " WHERE EXISTS (SELECT 1 FROM order_items WHERE order_id = orders.id AND variant_id = :variant_id)"
        " AND (:status IS NULL OR status = :status) ORDER BY number",
        variant_id=variant_id,
        status=status,
    )


@tool(
    takes={"order_id": "order_items.order_id"},
    gives={
        "item_id": "order_items.id",
        "variant_id": "order_items.variant_id",
        "quantity": "order_items.quantity",
        "unit_price_cents": "order_items.unit_price_cents",
        "line_total_cents": "order_items.line_total_cents",
    },
)
def list_order_items(db: Db, order_id: int) -> list[dict[str, Any]]:
    """List the items of an order, in catalogue order.

    Args:
        order_id: The order's id.
    """
    return db.rows(
        "SELECT id AS item_id, variant_id, quantity, unit_price_cents, line_total_cents FROM order_items"
        " WHERE order_id = :order_id ORDER BY variant_id",
        order_id=order_id,
    )


@tool(
    takes={
        "customer_id": "set orders.customer_id",
        "variant_id": "set order_items.variant_id",
        "quantity": "set order_items.quantity",
        "method": "set payments.method",
    },
    gives={
        "order_id": "orders.id",
        "number": "orders.number",
        "status": "orders.status",
        "total_cents": "orders.total_cents",
    },
    reads=("addresses", "customers", "orders", "stock", "variants"),
    writes=("+orders", "+order_items", "+payments", "stock.available"),
)
def place_order(
    db: Db,
    customer_id: int,
    variant_id: int,
    quantity: int,
    method: Literal["card", "PayPal", "gift card", "bank transfer"],
) -> dict[str, Any]:
    """Place an order for one product variant, to be sent to the customer's default address.

    Args:
        customer_id: The customer's id.
        variant_id: The variant's id.
        quantity: How many units, from 1 to 10.
        method: How the customer pays.
    """
    if db.one("SELECT id FROM customers WHERE id = :customer_id", customer_id=customer_id) is None:
        raise ToolError(f"there is no customer with the id {customer_id}")
    variant = db.one("SELECT sku, price_cents FROM variants WHERE id = :variant_id", variant_id=variant_id)
    if variant is None:
        raise ToolError(f"there is no variant with the id {variant_id}")
    if not 1 <= quantity <= 10:
        raise ToolError(f"an order has from 1 to 10 units of a variant, not {quantity}")
    address = db.one(
        "SELECT id FROM addresses WHERE customer_id = :customer_id AND is_default = 1", customer_id=customer_id
    )
    if address is None:
        raise ToolError("the customer has no default address to send the order to")
    stock = db.one(
        "SELECT id, warehouse FROM stock WHERE variant_id = :variant_id AND available >= :quantity"
        " ORDER BY available DESC, warehouse LIMIT 1",
        variant_id=variant_id,
        quantity=quantity,
    )
    if stock is None:
        raise ToolError(f"no warehouse has {quantity} units of {variant['sku']} free to sell")
    total = quantity * variant["price_cents"]
    db.run("UPDATE stock SET available = available - :quantity WHERE id = :id", quantity=quantity, id=stock["id"])
    number = _row(
        db.one("SELECT 'W' || (COALESCE(MAX(CAST(substr(number, 2) AS INTEGER)), 10230) + 7) AS next FROM orders")
    )["next"]
    db.run(
        "INSERT INTO orders (number, customer_id, address_id, warehouse, status, placed_at, total_cents)"
        " VALUES (:number, :customer_id, :address_id, :warehouse, 'pending', datetime('now'), :total)",
        number=number,
        customer_id=customer_id,
        address_id=address["id"],
        warehouse=stock["warehouse"],
        total=total,
    )
    order = _row(
        db.one("SELECT id AS order_id, number, status, total_cents FROM orders WHERE number = :number", number=number)
    )
    db.run(
        "INSERT INTO order_items (order_id, variant_id, quantity, unit_price_cents, line_total_cents)"
        " VALUES (:order_id, :variant_id, :quantity, :price, :total)",
        order_id=order["order_id"],
        variant_id=variant_id,
        quantity=quantity,
        price=variant["price_cents"],
        total=total,
    )
    db.run(
        "INSERT INTO payments (order_id, method, amount_cents, refunded_cents, status)"
        " VALUES (:order_id, :method, :total, 0, 'authorized')",
        order_id=order["order_id"],
        method=method,
        total=total,
    )
    return order


@tool(
    takes={"order_id": "orders.id", "reason": "set orders.cancel_reason"},
    gives={
        "order_id": "orders.id",
        "number": "orders.number",
        "status": "orders.status",
        "refunded_cents": "payments.refunded_cents",
    },
    reads=("order_items", "payments", "stock"),
    writes=(
        "orders.status",
        "orders.cancel_reason",
        "payments.status",
        "payments.refunded_cents",
        "stock.available",
        "+stock",
    ),
)
def cancel_order(
    db: Db,
    order_id: int,
    reason: Literal["no longer needed", "ordered by mistake", "found cheaper elsewhere", "takes too long"],
) -> dict[str, Any]:
    """Cancel an order that has not been shipped; its units go back on sale and its payment back to the customer.

    Args:
        order_id: The order's id; it must be pending or processing.
        reason: Why the customer cancels.
    """
    order = _order(db, order_id)
    if order["status"] not in ("pending", "processing"):
        raise ToolError(
            f"order {order['number']} is {order['status']}; only a pending or processing order can be cancelled"
        )
    db.run(
        "UPDATE orders SET status = 'cancelled', cancel_reason = :reason WHERE id = :order_id",
        reason=reason,
        order_id=order_id,
    )
    db.run(
        "UPDATE payments SET refunded_cents = CASE status WHEN 'paid' THEN amount_cents ELSE 0 END,"
        " status = CASE status WHEN 'paid' THEN 'refunded' ELSE 'voided' END WHERE order_id = :order_id",
        order_id=order_id,
    )
    for item in db.rows(
        "SELECT variant_id, quantity FROM order_items WHERE order_id = :order_id ORDER BY id", order_id=order_id
    ):
        _put_back(db, item["variant_id"], order["warehouse"], item["quantity"])
    return _row(
        db.one(
            "SELECT o.id AS order_id, o.number, o.status, p.refunded_cents"
            " FROM orders AS o JOIN payments AS p ON p.order_id = o.id WHERE o.id = :order_id",
            order_id=order_id,
        )
    )


@tool(
    takes={"order_id": "orders.id", "address_id": "set orders.address_id"},
    gives={
        "order_id": "orders.id",
        "number": "orders.number",
        "address_id": "orders.address_id",
    },
    reads=("addresses",),
    writes=("orders.address_id",),
)
def change_order_address(db: Db, order_id: int, address_id: int) -> dict[str, Any]:
    """Send an order that has not been shipped to another address of the same customer.

    Args:
        order_id: The order's id; it must be pending or processing.
        address_id: The id of the new address.
    """
    order = _order(db, order_id)
    if order["status"] not in ("pending", "processing"):
        raise ToolError(
            f"order {order['number']} is {order['status']};"
            " the address can only be changed while an order is pending or processing"
        )
    address = db.one("SELECT customer_id FROM addresses WHERE id = :address_id", address_id=address_id)
    if address is None:
        raise ToolError(f"there is no address with the id {address_id}")
    if address["customer_id"] != order["customer_id"]:
        raise ToolError(f"the address belongs to another customer than order {order['number']}")
    if address_id == order["address_id"]:
        raise ToolError(f"order {order['number']} goes to this address already")
    db.run("UPDATE orders SET address_id = :address_id WHERE id = :order_id", address_id=address_id, order_id=order_id)
    return {"order_id": order_id, "number": order["number"], "address_id": address_id}


@tool(
    takes={"item_id": "order_items.id", "quantity": "set order_items.quantity"},
    gives={
        "item_id": "order_items.id",
        "quantity": "order_items.quantity",
        "line_total_cents": "order_items.line_total_cents",
        "order_id": "order_items.order_id",
        "total_cents": "orders.total_cents",
    },
    reads=("stock", "payments"),
    writes=(
        "order_items.quantity",
        "order_items.line_total_cents",
        "orders.total_cents",
        "payments.amount_cents",
        "stock.available",
        "+stock",
    ),
)
def change_item_quantity(db: Db, item_id: int, quantity: int) -> dict[str, Any]:
    """Change how many units of an item a pending order has; total, payment and stock follow.

    Args:
        item_id: The order item's id; its order must be pending.
        quantity: The new number of units, from 1 to 10.
    """
    item = db.one(
        "SELECT i.variant_id, i.quantity, i.order_id, o.number, o.status, o.warehouse"
        " FROM order_items AS i JOIN orders AS o ON o.id = i.order_id WHERE i.id = :item_id",
        item_id=item_id,
    )
    if item is None:
        raise ToolError(f"there is no order item with the id {item_id}")
    if item["status"] != "pending":
        raise ToolError(f"order {item['number']} is {item['status']}; only a pending order's items can be changed")
    if not 1 <= quantity <= 10:
        raise ToolError(f"an order has from 1 to 10 units of a variant, not {quantity}")
    more = quantity - item["quantity"]
    if more == 0:
        raise ToolError(f"the quantity is {quantity} already")
    if more > 0:
        taken = db.run(
            "UPDATE stock SET available = available - :more"
            " WHERE variant_id = :variant_id AND warehouse = :warehouse AND available >= :more",
            more=more,
            variant_id=item["variant_id"],
            warehouse=item["warehouse"],
        )
        if taken == 0:
            raise ToolError(f"the warehouse {item['warehouse']} does not have {more} more units free to sell")
    else:
        _put_back(db, item["variant_id"], item["warehouse"], -more)
    db.run(
        "UPDATE order_items SET quantity = :quantity, line_total_cents = :quantity * unit_price_cents"
        " WHERE id = :item_id",
        quantity=quantity,
        item_id=item_id,
    )
    db.run(
        "UPDATE orders SET total_cents ="
        " (SELECT SUM(line_total_cents) FROM order_items WHERE order_id = :order_id) WHERE id = :order_id",
        order_id=item["order_id"],
    )
    db.run(
        "UPDATE payments SET amount_cents = (SELECT total_cents FROM orders WHERE id = :order_id)"
        " WHERE order_id = :order_id",
        order_id=item["order_id"],
    )
    return _row(
        db.one(
            "SELECT i.id AS item_id, i.quantity, i.line_total_cents, i.order_id, o.total_cents"
            " FROM order_items AS i JOIN orders AS o ON o.id = i.order_id WHERE i.id = :item_id",
            item_id=item_id,
        )
    )


# Payments and parcels


@tool(
    takes={"order_id": "payments.order_id"},
    gives={
        "payment_id": "payments.id",
        "method": "payments.method",
        "amount_cents": "payments.amount_cents",
        "refunded_cents": "payments.refunded_cents",
        "status": "payments.status",
        "paid_at": "payments.paid_at",
    },
)
def get_order_payment(db: Db, order_id: int) -> dict[str, Any]:
    """Get the payment of an order.

    Args:
        order_id: The order's id.
    """
    found = db.one(
        "SELECT id AS payment_id, method, amount_cents, refunded_cents, status, paid_at"
        " FROM payments WHERE order_id = :order_id",
        order_id=order_id,
    )
    if found is None:
        raise ToolError(f"there is no payment for the order with the id {order_id}")
    return found


@tool(
    takes={"order_id": "shipments.order_id"},
    gives={
        "shipment_id": "shipments.id",
        "carrier": "shipments.carrier",
        "tracking_number": "shipments.tracking_number",
        "shipped_at": "shipments.shipped_at",
        "delivered_at": "shipments.delivered_at",
    },
)
def get_order_shipment(db: Db, order_id: int) -> dict[str, Any]:
    """Get the parcel in which an order was shipped.

    Args:
        order_id: The order's id.
    """
    found = db.one(
        "SELECT id AS shipment_id, carrier, tracking_number, shipped_at, delivered_at"
        " FROM shipments WHERE order_id = :order_id",
        order_id=order_id,
    )
    if found is None:
        raise ToolError(f"the order with the id {order_id} has not been shipped")
    return found


@tool(
    takes={"tracking_number": "shipments.tracking_number"},
    gives={
        "shipment_id": "shipments.id",
        "order_id": "shipments.order_id",
        "carrier": "shipments.carrier",
        "shipped_at": "shipments.shipped_at",
        "delivered_at": "shipments.delivered_at",
    },
)
def find_shipment(db: Db, tracking_number: str) -> dict[str, Any]:
    """Find a parcel by its tracking number.

    Args:
        tracking_number: The carrier's tracking number, such as "TN700391".
    """
    found = db.one(
        "SELECT id AS shipment_id, order_id, carrier, shipped_at, delivered_at"
        " FROM shipments WHERE tracking_number = :tracking_number",
        tracking_number=tracking_number,
    )
    if found is None:
        raise ToolError(f"there is no parcel with the tracking number {tracking_number!r}")
    return found


@tool(
    takes={"order_id": "orders.id", "carrier": "set shipments.carrier"},
    gives={
        "shipment_id": "shipments.id",
        "carrier": "shipments.carrier",
        "tracking_number": "shipments.tracking_number",
        "shipped_at": "shipments.shipped_at",
    },
    reads=("orders", "payments"),
    writes=("+shipments", "orders.status", "payments.status", "payments.paid_at"),
)
def ship_order(db: Db, order_id: int, carrier: Literal["Bluebird", "FastLane", "Northern Post"]) -> dict[str, Any]:
    """Hand an order over to a carrier; a payment that is only authorized is taken.

    Args:
        order_id: The order's id; it must be pending or processing.
        carrier: The carrier.
    """
    order = _order(db, order_id)
    if order["status"] not in ("pending", "processing"):
        raise ToolError(
            f"order {order['number']} is {order['status']}; only a pending or processing order can be shipped"
        )
    db.run("UPDATE orders SET status = 'shipped' WHERE id = :order_id", order_id=order_id)
    db.run(
        "UPDATE payments SET status = 'paid', paid_at = datetime('now')"
        " WHERE order_id = :order_id AND status = 'authorized'",
        order_id=order_id,
    )
    db.run(
        "INSERT INTO shipments (order_id, carrier, tracking_number, shipped_at)"
        " SELECT :order_id, :carrier,"
        " 'TN' || (COALESCE(MAX(CAST(substr(tracking_number, 3) AS INTEGER)), 700378) + 13), datetime('now')"
        " FROM shipments",
        order_id=order_id,
        carrier=carrier,
    )
    return _row(
        db.one(
            "SELECT id AS shipment_id, carrier, tracking_number, shipped_at FROM shipments WHERE order_id = :order_id",
            order_id=order_id,
        )
    )


@tool(
    takes={"order_id": "orders.id"},
    gives={
        "order_id": "orders.id",
        "number": "orders.number",
        "status": "orders.status",
        "delivered_at": "shipments.delivered_at",
    },
    reads=("customers",),
    writes=("orders.status", "shipments.delivered_at", "customers.loyalty_points"),
)
def mark_delivered(db: Db, order_id: int) -> dict[str, Any]:
    """Record that a shipped order has arrived; the customer earns one loyalty point per full 100 cents.

    Args:
        order_id: The order's id; it must be shipped.
    """
    order = _order(db, order_id)
    if order["status"] != "shipped":
        raise ToolError(f"order {order['number']} is {order['status']}; only a shipped order can be delivered")
    db.run("UPDATE orders SET status = 'delivered' WHERE id = :order_id", order_id=order_id)
    db.run("UPDATE shipments SET delivered_at = datetime('now') WHERE order_id = :order_id", order_id=order_id)
    db.run(
        "UPDATE customers SET loyalty_points = loyalty_points + :points WHERE id = :customer_id",
        points=order["total_cents"] // 100,
        customer_id=order["customer_id"],
    )
    return _row(
        db.one(
            "SELECT o.id AS order_id, o.number, o.status, s.delivered_at"
            " FROM orders AS o JOIN shipments AS s ON s.order_id = o.id WHERE o.id = :order_id",
            order_id=order_id,
        )
    )


# Returns


@tool(
    takes={"number": "returns.number"},
    gives={
        "return_id": "returns.id",
        "order_id": "returns.order_id",
        "variant_id": "returns.variant_id",
        "quantity": "returns.quantity",
        "reason": "returns.reason",
        "status": "returns.status",
        "requested_at": "returns.requested_at",
        "refund_cents": "returns.refund_cents",
    },
)
def find_return(db: Db, number: str) -> dict[str, Any]:
    """Find a return by its return number.

    Args:
        number: The return number, such as "R20417".
    """
    found = db.one(
        "SELECT id AS return_id, order_id, variant_id, quantity, reason, status, requested_at, refund_cents"
        " FROM returns WHERE number = :number",
        number=number,
    )
    if found is None:
        raise ToolError(f"there is no return with the number {number!r}")
    return found


@tool(
    takes={"order_id": "returns.order_id", "status": "returns.status"},
    gives={
        "return_id": "returns.id",
        "number": "returns.number",
        "variant_id": "returns.variant_id",
        "quantity": "returns.quantity",
        "reason": "returns.reason",
        "status": "returns.status",
        "requested_at": "returns.requested_at",
        "refund_cents": "returns.refund_cents",
    },
)
def list_order_returns(
    db: Db, order_id: int, status: Literal["requested", "refunded", "rejected"] | None = None
) -> list[dict[str, Any]]:
    """List the returns of an order's items, sorted by return number.

    Args:
        order_id: The order's id.
        status: Only returns in this state.
    """
    return db.rows(
        "SELECT id AS return_id, number, variant_id, quantity, reason, status, requested_at, refund_cents FROM returns"
        " WHERE order_id = :order_id AND (:status IS NULL OR status = :status) ORDER BY number",
        order_id=order_id,
        status=status,
    )


@tool(
    takes={
        "item_id": "order_items.id",
        "quantity": "set returns.quantity",
        "reason": "set returns.reason",
    },
    gives={
        "return_id": "returns.id",
        "number": "returns.number",
        "status": "returns.status",
        "requested_at": "returns.requested_at",
    },
    reads=("order_items", "orders", "payments", "returns"),
    writes=("+returns",),
)
def request_return(
    db: Db,
    item_id: int,
    quantity: int,
    reason: Literal["damaged", "wrong item", "does not fit", "not as described", "changed my mind"],
) -> dict[str, Any]:
    """Open a return for units of an item of a delivered order.

    Args:
        item_id: The order item's id; its order must be delivered.
        quantity: How many units come back; units of an earlier return cannot come back again.
        reason: Why the customer returns them.
    """
    item = db.one(
        "SELECT i.order_id, i.variant_id, i.quantity, o.number, o.status, p.id AS payment_id FROM order_items AS i"
        " JOIN orders AS o ON o.id = i.order_id JOIN payments AS p ON p.order_id = o.id WHERE i.id = :item_id",
        item_id=item_id,
    )
    if item is None:
        raise ToolError(f"there is no order item with the id {item_id}")
    if item["status"] != "delivered":
        raise ToolError(f"order {item['number']} is {item['status']}; only items of a delivered order can be returned")
    if quantity < 1:
        raise ToolError(f"at least 1 unit must come back, not {quantity}")
    before = _row(
        db.one(
            "SELECT COALESCE(SUM(quantity), 0) AS units FROM returns"
            " WHERE order_id = :order_id AND variant_id = :variant_id AND status <> 'rejected'",
            order_id=item["order_id"],
            variant_id=item["variant_id"],
        )
    )
    left = item["quantity"] - before["units"]
    if quantity > left:
        raise ToolError(f"only {left} of {item['quantity']} units can still be returned, not {quantity}")
    number = _row(
        db.one("SELECT 'R' || (COALESCE(MAX(CAST(substr(number, 2) AS INTEGER)), 20406) + 11) AS next FROM returns")
    )["next"]
    db.run(
        "INSERT INTO returns (number, order_id, variant_id, payment_id, quantity, reason, status, requested_at)"
        " VALUES (:number, :order_id, :variant_id, :payment_id, :quantity, :reason, 'requested', datetime('now'))",
        number=number,
        order_id=item["order_id"],
        variant_id=item["variant_id"],
        payment_id=item["payment_id"],
        quantity=quantity,
        reason=reason,
    )
    return _row(
        db.one(
            "SELECT id AS return_id, number, status, requested_at FROM returns WHERE number = :number", number=number
        )
    )


@tool(
    takes={"return_id": "returns.id"},
    gives={
        "return_id": "returns.id",
        "number": "returns.number",
        "status": "returns.status",
        "refund_cents": "returns.refund_cents",
    },
    reads=("customers", "order_items", "orders", "payments", "stock"),
    writes=(
        "returns.status",
        "returns.refund_cents",
        "payments.status",
        "payments.refunded_cents",
        "customers.loyalty_points",
        "stock.available",
        "+stock",
    ),
)
def receive_return(db: Db, return_id: int) -> dict[str, Any]:
    """Book in a requested return that has arrived: refund its units, take back their points, put them back on sale.

    Units that came back damaged do not go on sale again.

    Args:
        return_id: The return's id; it must be requested.
    """
    back = db.one(
        "SELECT r.number, r.status, r.reason, r.quantity, r.payment_id, r.variant_id, i.unit_price_cents,"
        " o.warehouse, o.customer_id FROM returns AS r JOIN orders AS o ON o.id = r.order_id"
        " JOIN order_items AS i ON i.order_id = r.order_id AND i.variant_id = r.variant_id WHERE r.id = :return_id",
        return_id=return_id,
    )
    if back is None:
        raise ToolError(f"there is no return with the id {return_id}")
    if back["status"] != "requested":
        raise ToolError(f"return {back['number']} is {back['status']}; only a requested return can be booked in")
    refund = back["quantity"] * back["unit_price_cents"]
    db.run(
        "UPDATE returns SET status = 'refunded', refund_cents = :refund WHERE id = :return_id",
        refund=refund,
        return_id=return_id,
    )
    db.run(
        "UPDATE payments SET refunded_cents = refunded_cents + :refund,"
        " status = CASE WHEN refunded_cents + :refund = amount_cents THEN 'refunded' ELSE status END"
        " WHERE id = :payment_id",
        refund=refund,
        payment_id=back["payment_id"],
    )
    db.run(
        "UPDATE customers SET loyalty_points = MAX(loyalty_points - :points, 0) WHERE id = :customer_id",
        points=refund // 100,
        customer_id=back["customer_id"],
    )
    if back["reason"] != "damaged":
        _put_back(db, back["variant_id"], back["warehouse"], back["quantity"])
    return {"return_id": return_id, "number": back["number"], "status": "refunded", "refund_cents": refund}


def _order(db: Db, order_id: int) -> dict[str, Any]:
    order = db.one(
        "SELECT number, customer_id, address_id, warehouse, status, total_cents FROM orders WHERE id = :order_id",
        order_id=order_id,
    )
    if order is None:
        raise ToolError(f"there is no order with the id {order_id}")
    return order


def _put_back(db: Db, variant_id: int, warehouse: str, quantity: int) -> None:
    db.run(
        "INSERT INTO stock (variant_id, warehouse, available) VALUES (:variant_id, :warehouse, :quantity)"
        " ON CONFLICT (variant_id, warehouse) DO UPDATE SET available = available + excluded.available",
        variant_id=variant_id,
        warehouse=warehouse,
        quantity=quantity,
    )


def _row(found: dict[str, Any] | None) -> dict[str, Any]:
    """The row of a look-up that cannot fail, because this call wrote the row or holds its key."""
    if found is None:
        raise LookupError("a row that was just written is not there")
    return found
