CREATE TABLE "customers" (
  "id" INTEGER PRIMARY KEY,
  "email" TEXT NOT NULL UNIQUE,
  "first_name" TEXT NOT NULL,
  "last_name" TEXT NOT NULL,
  "city" TEXT
);
CREATE TABLE "products" (
  "sku" TEXT PRIMARY KEY,
  "title" TEXT NOT NULL,
  "brand" TEXT NOT NULL,
  "price" NUMERIC(8, 2) NOT NULL,
  "weight" REAL
);
CREATE TABLE "orders" (
  "id" INTEGER PRIMARY KEY,
  "number" TEXT NOT NULL UNIQUE,
  "customer_id" INTEGER NOT NULL REFERENCES "customers" ("id"),
  "status" TEXT NOT NULL CHECK ("status" IN ('open', 'paid', 'sent')),
  "gift" BOOLEAN NOT NULL,
  "placed_at" TIMESTAMP NOT NULL
);
CREATE TABLE "items" (
  "id" INTEGER PRIMARY KEY,
  "order_id" INTEGER NOT NULL REFERENCES "orders" ("id"),
  "sku" TEXT NOT NULL REFERENCES "products" ("sku"),
  "quantity" INTEGER NOT NULL CHECK ("quantity" > 0)
);
CREATE TABLE "vaults" (
  "id" INTEGER PRIMARY KEY,
  "colour" TEXT NOT NULL
);
