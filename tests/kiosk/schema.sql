CREATE TABLE "guests" (
  "id" INTEGER PRIMARY KEY,
  "name" TEXT NOT NULL UNIQUE,
  "city" TEXT NOT NULL
);
CREATE TABLE "orders" (
  "id" INTEGER PRIMARY KEY,
  "guest_id" INTEGER NOT NULL,
  "status" TEXT NOT NULL CHECK ("status" IN ('open', 'paid', 'cancelled')),
  "placed_on" DATE NOT NULL,
  "total_cents" INTEGER NOT NULL,
  FOREIGN KEY ("guest_id") REFERENCES "guests" ("id")
);
CREATE TABLE "lines" (
  "id" INTEGER PRIMARY KEY,
  "order_id" INTEGER NOT NULL,
  "dish" TEXT NOT NULL,
  "pieces" INTEGER NOT NULL CHECK ("pieces" > 0),
  FOREIGN KEY ("order_id") REFERENCES "orders" ("id")
);
