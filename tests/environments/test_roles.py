"""The part that each table plays."""

from environments.roles import table_key, table_roles
from schemas import Column, ColumnType, ForeignKey, Rows, Schema, Table

INTEGER = ColumnType("integer")
TEXT = ColumnType("text")
DATE = ColumnType("date")


def link(column: str, target: str) -> ForeignKey:
    return ForeignKey((column,), target, ("id",))


def table(
    name: str,
    columns: dict[str, ColumnType],
    key: tuple[str, ...] = ("id",),
    links: tuple[ForeignKey, ...] = (),
    uniques: tuple[tuple[str, ...], ...] = (),
) -> Table:
    declared = tuple(Column(column, kind, nullable=column not in key) for column, kind in columns.items())
    return Table(name, declared, key, uniques, links)


SHOP = Schema(
    (
        table("customers", {"id": INTEGER, "first_name": TEXT, "last_name": TEXT}),
        table("statuses", {"id": INTEGER, "name": TEXT}),
        table(
            "orders",
            {"id": INTEGER, "customer_id": INTEGER, "status_id": INTEGER, "placed_on": DATE},
            links=(link("customer_id", "customers"), link("status_id", "statuses")),
        ),
        table("products", {"id": INTEGER, "name": TEXT, "price": ColumnType("decimal")}),
        table(
            "order_items",
            {"order_id": INTEGER, "product_id": INTEGER, "quantity": INTEGER, "price": ColumnType("decimal")},
            key=("order_id", "product_id"),
            links=(link("order_id", "orders"), link("product_id", "products")),
        ),
        table("tags", {"id": INTEGER, "name": TEXT}),
        table(
            "product_tags",
            {"product_id": INTEGER, "tag_id": INTEGER},
            key=(),
            links=(link("product_id", "products"), link("tag_id", "tags")),
            uniques=(("product_id", "tag_id"),),
        ),
        table("settings", {"id": INTEGER, "name": TEXT, "value": TEXT}),
    )
)


def test_each_table_of_a_shop_gets_its_role() -> None:
    assert table_roles(SHOP) == {
        "customers": "entity",
        "statuses": "lookup",
        "orders": "entity",
        "products": "entity",
        "order_items": "line",
        "tags": "entity",
        "product_tags": "junction",
        "settings": "orphan",
    }


def test_a_pair_that_is_unique_is_the_key_of_a_junction() -> None:
    assert table_key(SHOP.table("product_tags")) == ("product_id", "tag_id")


def test_a_large_table_is_no_lookup_whatever_its_name() -> None:
    rows: Rows = {"statuses": [{"id": number, "name": f"status {number}"} for number in range(100)]}
    assert table_roles(SHOP, rows)["statuses"] == "entity"


def test_a_small_table_that_only_names_things_is_a_lookup() -> None:
    schema = Schema(
        (
            table("colours_of_paint", {"id": INTEGER, "name": TEXT}),
            table("cans", {"id": INTEGER, "paint_id": INTEGER}, links=(link("paint_id", "colours_of_paint"),)),
        )
    )
    assert table_roles(schema)["colours_of_paint"] == "entity"
    rows: Rows = {"colours_of_paint": [{"id": 1, "name": "red"}]}
    assert table_roles(schema, rows)["colours_of_paint"] == "lookup"


def test_a_table_that_is_pointed_at_twice_from_one_table_is_no_lookup() -> None:
    schema = Schema(
        (
            table("language", {"id": INTEGER, "name": TEXT}),
            table(
                "film",
                {"id": INTEGER, "language_id": INTEGER, "original_language_id": INTEGER},
                links=(link("language_id", "language"), link("original_language_id", "language")),
            ),
        )
    )
    assert table_roles(schema)["language"] == "entity"


def test_people_are_never_a_lookup() -> None:
    schema = Schema(
        (
            table("managers", {"id": INTEGER, "name": TEXT}),
            table("shops", {"id": INTEGER, "manager_id": INTEGER}, links=(link("manager_id", "managers"),)),
        )
    )
    assert table_roles(schema, {"managers": [{"id": 1, "name": "Ann"}]})["managers"] == "entity"
