CREATE TABLE "customers" (
    "id" INTEGER PRIMARY KEY,
    "first_name" TEXT NOT NULL,
    "last_name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "phone" TEXT,
    "tier" TEXT NOT NULL CHECK ("tier" IN ('standard', 'silver', 'gold')),
    "loyalty_points" INTEGER NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    UNIQUE ("email"),
    CHECK ("loyalty_points" >= 0)
);

CREATE TABLE "addresses" (
    "id" INTEGER PRIMARY KEY,
    "customer_id" INTEGER NOT NULL,
    "label" TEXT NOT NULL CHECK ("label" IN ('home', 'work', 'family', 'holiday')),
    "street" TEXT NOT NULL,
    "city" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "postcode" TEXT NOT NULL,
    "is_default" BOOLEAN NOT NULL,
    UNIQUE ("customer_id", "label"),
    FOREIGN KEY ("customer_id") REFERENCES "customers" ("id")
);

CREATE UNIQUE INDEX "addresses_unique_1" ON "addresses" ("customer_id") WHERE "is_default" = TRUE;

CREATE TABLE "products" (
    "id" INTEGER PRIMARY KEY,
    "name" TEXT NOT NULL,
    "category" TEXT NOT NULL CHECK ("category" IN ('clothing', 'footwear', 'bags', 'kitchen', 'lighting', 'bedding', 'camping', 'fitness')),
    "brand" TEXT NOT NULL,
    "list_price_cents" INTEGER NOT NULL,
    "warranty_months" INTEGER,
    "launched_on" DATE NOT NULL,
    UNIQUE ("name"),
    CHECK ("list_price_cents" > 0)
);

CREATE TABLE "variants" (
    "id" INTEGER PRIMARY KEY,
    "product_id" INTEGER NOT NULL,
    "sku" TEXT NOT NULL,
    "color" TEXT NOT NULL,
    "size" TEXT NOT NULL,
    "price_cents" INTEGER NOT NULL,
    UNIQUE ("sku"),
    UNIQUE ("product_id", "color", "size"),
    CHECK ("price_cents" > 0),
    FOREIGN KEY ("product_id") REFERENCES "products" ("id")
);

CREATE TABLE "stock" (
    "id" INTEGER PRIMARY KEY,
    "variant_id" INTEGER NOT NULL,
    "warehouse" TEXT NOT NULL CHECK ("warehouse" IN ('Columbus', 'Reno', 'Savannah')),
    "available" INTEGER NOT NULL,
    "restocked_at" TIMESTAMP,
    UNIQUE ("variant_id", "warehouse"),
    CHECK ("available" >= 0),
    FOREIGN KEY ("variant_id") REFERENCES "variants" ("id")
);

CREATE TABLE "orders" (
    "id" INTEGER PRIMARY KEY,
    "number" TEXT NOT NULL,
    "customer_id" INTEGER NOT NULL,
    "address_id" INTEGER NOT NULL,
    "warehouse" TEXT NOT NULL CHECK ("warehouse" IN ('Columbus', 'Reno', 'Savannah')),
    "status" TEXT NOT NULL CHECK ("status" IN ('pending', 'processing', 'shipped', 'delivered', 'cancelled')),
    "placed_at" TIMESTAMP NOT NULL,
    "total_cents" INTEGER NOT NULL,
    "cancel_reason" TEXT CHECK ("cancel_reason" IN ('no longer needed', 'ordered by mistake', 'found cheaper elsewhere', 'takes too long')),
    UNIQUE ("number"),
    CHECK ("total_cents" >= 0),
    FOREIGN KEY ("customer_id") REFERENCES "customers" ("id"),
    FOREIGN KEY ("address_id") REFERENCES "addresses" ("id")
);

CREATE TABLE "order_items" (
    "id" INTEGER PRIMARY KEY,
    "order_id" INTEGER NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "quantity" INTEGER NOT NULL,
    "unit_price_cents" INTEGER NOT NULL,
    "line_total_cents" INTEGER NOT NULL,
    UNIQUE ("order_id", "variant_id"),
    CHECK ("quantity" > 0),
    FOREIGN KEY ("order_id") REFERENCES "orders" ("id"),
    FOREIGN KEY ("variant_id") REFERENCES "variants" ("id")
);

CREATE TABLE "payments" (
    "id" INTEGER PRIMARY KEY,
    "order_id" INTEGER NOT NULL,
    "method" TEXT NOT NULL CHECK ("method" IN ('card', 'PayPal', 'gift card', 'bank transfer')),
    "amount_cents" INTEGER NOT NULL,
    "refunded_cents" INTEGER NOT NULL DEFAULT 0,
    "status" TEXT NOT NULL CHECK ("status" IN ('authorized', 'paid', 'voided', 'refunded')),
    "paid_at" TIMESTAMP,
    UNIQUE ("order_id"),
    CHECK ("amount_cents" >= 0),
    CHECK ("refunded_cents" >= 0),
    FOREIGN KEY ("order_id") REFERENCES "orders" ("id")
);

CREATE TABLE "shipments" (
    "id" INTEGER PRIMARY KEY,
    "order_id" INTEGER NOT NULL,
    "carrier" TEXT NOT NULL CHECK ("carrier" IN ('Bluebird', 'FastLane', 'Northern Post')),
    "tracking_number" TEXT NOT NULL,
    "shipped_at" TIMESTAMP NOT NULL,
    "delivered_at" TIMESTAMP,
    UNIQUE ("order_id"),
    UNIQUE ("tracking_number"),
    FOREIGN KEY ("order_id") REFERENCES "orders" ("id")
);

CREATE TABLE "returns" (
    "id" INTEGER PRIMARY KEY,
    "number" TEXT NOT NULL,
    "order_id" INTEGER NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "payment_id" INTEGER NOT NULL,
    "quantity" INTEGER NOT NULL,
    "reason" TEXT NOT NULL CHECK ("reason" IN ('damaged', 'wrong item', 'does not fit', 'not as described', 'changed my mind')),
    "status" TEXT NOT NULL CHECK ("status" IN ('requested', 'refunded', 'rejected')),
    "requested_at" TIMESTAMP NOT NULL,
    "refund_cents" INTEGER,
    UNIQUE ("number"),
    CHECK ("quantity" > 0),
    FOREIGN KEY ("order_id", "variant_id") REFERENCES "order_items" ("order_id", "variant_id"),
    FOREIGN KEY ("payment_id") REFERENCES "payments" ("id")
);
