"""What the columns of a schema say about each other: sums, copies, counts and keys that must agree.

Read from names, types and keys, and only where they make it convincing; everything comes out as nouns of
`sources.py` and is drawn like what a person wrote. What the recipe says goes before all of it, and a
constraint does too: each of these gives way to a plain guess. Dates and states of one row are `states.py`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from .counts import first_counts
from .emit import quote
from .expression import Expression, Path, expression_of
from .model import Column, ForeignKey, Schema, Table
from .naming import AGENTS, LOOKUPS, POSSESSIONS, ends, first_date, has, kind_of_table, reduction, snake
from .recipe import Recipe, TableRecipe
from .route import target_columns
from .sources import After, Aggregate, Cases, Choice, ColumnRecipe, Computed, Copy, Pick, Price, Share, Source

_QUANTITY = "quantity|qty|quantity_ordered|qty_ordered|order_qty|units|pieces|hours|hours_worked|nights|days"
_PRICE = (
    "unit_price|unit_price_cents|price_each|unit_cost|unit_amount|unit_amount_cents|price_per_unit|price_per_night|"
    "hourly_rate|daily_rate|nightly_rate|price|price_cents|rate|cost"
)
_LINE = (
    "line_total|line_total_cents|line_amount|extended_price|extended_amount|item_total|total_price|total_cost|"
    "subtotal|sub_total|subtotal_cents|total|total_cents|total_amount|amount|amount_cents|net_amount|line_cost"
)
_SUBTOTAL = "subtotal|subtotal_cents|sub_total|net_total|items_total|net_amount|merchandise_total|amount_before_tax"
_TOTAL = (
    "grand_total|grand_total_cents|order_total|invoice_total|total_due|total_amount|total_amount_cents|amount_total|"
    "total_price|total_cents|total|total_cost|total_value|amount_cents|amount"
)
_TAX = "tax|tax_amount|tax_cents|tax_total|total_tax|vat|vat_amount|sales_tax"
_RATE = "tax_rate|vat_rate|tax_percent|tax_pct"
_SHIPPING = (
    "shipping|shipping_cost|shipping_fee|shipping_cents|shipping_amount|shipping_total|freight|delivery_fee|postage"
)
_EXTRA = "adjustment|surcharge|tip|handling_fee"
_DISCOUNT = "discount|discount_amount|discount_cents|discount_total|total_discount"
_PAID = "amount_paid|amount_paid_cents|paid_amount|total_paid|paid_total|paid_cents"
_DUE = "balance_due|balance_due_cents|amount_due|amount_due_cents|outstanding|outstanding_amount|due_amount|balance"
_HEADERS = (
    "order|invoice|sale|purchase|cart|basket|quote|quotation|bill|receipt|estimate|booking|reservation|requisition|"
    "claim|statement|checkout|rental|delivery|shipment|return|credit_note|refund|journal|timesheet|expense|folio|fee|"
    "loan|ticket|subscription"
)
_LINES = "item|line|detail|entry|entries|lineitem|position"
_PAYMENTS = "payment|charge|receipt|settlement|remittance"
_LEDGERS = "transaction|entry|entries|ledger|movement|posting|txn|operation"
_HOLDERS = "account|wallet|purse|card|fund|member|customer|user|budget|item|stock|product"
_CREDIT = "credit|deposit|in|inbound|receipt|earn|earned|topup|top_up|refund|cr|incoming|received|interest|purchase_in"
_DEBIT = "debit|withdrawal|withdraw|out|outbound|issue|spend|spent|redeem|redeemed|payment|charge|fee|dr|outgoing|sale"
_ORDERED = (
    "order_qty|ordered_qty|quantity_ordered|qty_ordered|ordered_quantity|ordered|quantity_requested|requested_qty|"
    "quantity|qty"
)
_RECEIVED = "received_qty|qty_received|quantity_received|received_quantity|received"
_MOSTLY_ALL = ((1.0, 0.0), (92.0, 8.0))
_HARDLY = ((0.0, 1.0), (95.0, 5.0))
_PARTS: tuple[tuple[str, str, tuple[tuple[float, ...], tuple[float, ...]]], ...] = (
    (_RECEIVED, "", _MOSTLY_ALL),
    ("shipped_qty|qty_shipped|quantity_shipped|shipped_quantity", "", _MOSTLY_ALL),
    ("delivered_qty|qty_delivered|quantity_delivered|delivered_quantity", "", _MOSTLY_ALL),
    ("rejected_qty|qty_rejected|quantity_rejected|rejected_quantity", _RECEIVED, _HARDLY),
    ("scrapped_qty|quantity_scrapped|damaged_qty", _RECEIVED, _HARDLY),
    ("returned_qty|qty_returned|quantity_returned|returned_quantity", "", _HARDLY),
    ("cancelled_qty|canceled_qty|quantity_cancelled|backordered_qty|backorder_qty|qty_backordered", "", _HARDLY),
)
"""Quantities that are a part of another: their names, those of the other, and which parts by weights."""
_SOLD_FOR = (
    "list_price|sale_price|sales_price|selling_price|sell_price|retail_price|standard_price|unit_price|msrp|price"
)
_BOUGHT_FOR = (
    "standard_cost|unit_cost|cost_price|purchase_price|buying_price|buy_price|wholesale_price|average_cost|cost"
)
_MARGINS = ((0.45, 0.5, 0.55, 0.6, 0.65, 0.75), (10.0, 20.0, 25.0, 20.0, 15.0, 10.0))
_PAID_LAST = "last_receipt_cost|last_cost|last_price|last_purchase_price|actual_cost"
_NEARLY = ((0.95, 1.0, 1.05), (30.0, 50.0, 20.0))
_COPIED = (
    "name|title|email|phone|sku|number|price|slug|first_name|last_name|full_name|city|country|symbol|currency|"
    "currency_code|barcode|isbn"
)
_PLACES = "country|countries|region|state|province|city|cities|district|county|zone|territory|area"
_COUNTS = Choice((1, 2, 3, 4, 5, 6, 8, 12), (36.0, 25.0, 16.0, 9.0, 6.0, 4.0, 3.0, 1.0))
"""How many lines a document has: never none, mostly few."""

Place = tuple[str, str]
"""(table, column)."""


@dataclass(frozen=True, slots=True)
class Relations:
    """What is said about columns and keys by others.

    Attributes:
        columns: The source of a column.
        picks: How the key at a position of a table is picked.
        copied: Columns of keys that another key of the row decides.
        together: By table, columns of keys that are drawn jointly, so that a fitting row is found for each.
        tables: How a table gets its rows.
    """

    columns: Mapping[Place, ColumnRecipe] = field(default_factory=dict)
    picks: Mapping[tuple[str, int], Pick] = field(default_factory=dict)
    copied: Mapping[Place, ColumnRecipe] = field(default_factory=dict)
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tables: Mapping[str, TableRecipe] = field(default_factory=dict)

    def concern(self, table: str) -> bool:
        """Whether anything is said about the table."""
        said = [name for name, _ in (*self.columns, *self.picks, *self.copied)]
        return table in said or table in self.tables

    def without(self, table: str) -> Relations:
        """The rest, when what is said about one table cannot be kept."""
        return Relations(
            {place: said for place, said in self.columns.items() if place[0] != table},
            {place: said for place, said in self.picks.items() if place[0] != table},
            {place: said for place, said in self.copied.items() if place[0] != table},
            {name: said for name, said in self.together.items() if name != table},
            {name: said for name, said in self.tables.items() if name != table},
        )

    def over(self, recipe: Recipe) -> Recipe:
        """The recipe, with rows for tables about which it says nothing."""
        return Recipe({**self.tables, **recipe.tables})


def relate(schema: Schema, recipe: Recipe) -> Relations:
    """Everything that the names, types and keys of the schema make convincing."""
    return _Reader(schema, recipe).read()


class _Reader:
    def __init__(self, schema: Schema, recipe: Recipe) -> None:
        self.schema, self.recipe = schema, recipe
        self.columns: dict[Place, ColumnRecipe] = {}
        self.picks: dict[tuple[str, int], Pick] = {}
        self.copied: dict[Place, ColumnRecipe] = {}
        self.together: dict[str, tuple[str, ...]] = {}
        self.tables: dict[str, TableRecipe] = {}
        self.waits: dict[Place, list[str]] = {}
        self.sizes: dict[str, float] = {}
        self.children: dict[str, list[tuple[Table, int]]] = {}
        for table in schema.tables:
            for position, key in enumerate(table.foreign_keys):
                if key.target != table.name:
                    self.children.setdefault(key.target, []).append((table, position))

    def read(self) -> Relations:
        for table in self.schema.tables:
            self._line(table)
        for table in self.schema.tables:
            self._prices(table)
            self._document(table)
            self._ledger(table)
            self._counters(table)
            self._copies(table)
            self._clocks(table)
            self._parts(table)
            self._margins(table)
        for table in self.schema.tables:
            self._payment(table)
        self.sizes = first_counts(self.schema, Recipe({**self.tables, **self.recipe.tables}), 1000.0)
        for table in self.schema.tables:
            self._keys(table)
        return Relations(self.columns, self.picks, self.copied, self.together, self.tables)

    # What a column may be ------------------------------------------------------------------------------------------

    def _free(self, table: Table) -> Iterator[Column]:
        """The columns about which something may be said."""
        keys = {name for key in table.foreign_keys for name in key.columns}
        alone = {group[0] for group in (table.primary_key, *table.uniques) if len(group) == 1}
        for column in table.columns:
            if column.name in keys or column.name in alone or column.generated or column.values:
                continue
            if column.name not in self.recipe.table(table.name).columns:
                yield column

    def _number(self, table: Table, words: str, *, free: bool = True) -> Column | None:
        """The column of an amount called by the first of `words` that any is."""
        columns = [
            column
            for column in (self._free(table) if free else table.columns)
            if column.type.kind in ("integer", "real", "decimal")
        ]
        for word in words.split("|"):
            for column in columns:
                if snake(column.name) == word:
                    return column
        for word in words.split("|"):
            for column in columns:
                if ends(word, snake(column.name)):
                    return column
        return None

    def _say(self, table: Table, column: Column, source: Source) -> None:
        self.columns.setdefault((table.name, column.name), ColumnRecipe(source))

    def _unsized(self, table: Table) -> bool:
        """Whether the recipe leaves the rows of the table to us."""
        return table.name not in self.recipe.tables and table.name not in self.tables

    def _key_alone(self, table: Table, position: int) -> bool:
        """Whether the columns of a key take part in no other key."""
        key = table.foreign_keys[position]
        others = {name for place, other in enumerate(table.foreign_keys) if place != position for name in other.columns}
        return len(key.columns) == 1 and key.columns[0] not in others

    # Amounts -------------------------------------------------------------------------------------------------------

    def _line_parts(self, table: Table) -> tuple[Column, Column] | None:
        """Quantity and price of a row that has both."""
        quantity = self._number(table, _QUANTITY, free=False)
        price = self._number(table, _PRICE, free=False)
        if quantity is None or price is None or quantity is price:
            return None
        return quantity, price

    def _line_value(self, table: Table) -> ast.expr | None:
        """Quantity times price, less the discount."""
        parts = self._line_parts(table)
        if parts is None:
            return None
        value = _times(_own(table, parts[0]), _own(table, parts[1]))
        discount = self._number(table, "discount|discount_amount|discount_cents|discount_percent|discount_pct")
        if discount is not None:
            how = reduction(discount)
            if how == "money":
                self._say(table, discount, _reduction_of((parts[1].name,)))
                value = _minus(value, _or_zero(_own(table, discount)))
            else:
                whole = _minus(_number(1 if how == "fraction" else 100), _or_zero(_own(table, discount)))
                value = _times(value, whole)
                value = value if how == "fraction" else ast.BinOp(value, ast.Div(), _number(100))
        return value

    def _line(self, table: Table) -> None:
        """A line's total is its quantity times its price."""
        parts = self._line_parts(table)
        if parts is None:
            return
        total = next(
            (
                column
                for word in _LINE.split("|")
                for column in self._free(table)
                if ends(word, snake(column.name)) and column not in parts and _alike(column, parts[1])
            ),
            None,
        )
        value = self._line_value(table)
        if total is None or value is None or has("tax|discount|shipping|paid", snake(total.name)):
            return
        tax = self._number(table, "tax|tax_amount|tax_cents|vat|vat_amount")
        if tax is not None and _alike(tax, total):
            self._say(table, tax, Share((parts[1].name,), (0.0, 0.05, 0.08), (20.0, 20.0, 60.0)))
            value = _plus(value, _or_zero(_own(table, tax)))
        self._say(table, total, Computed(_rounded(value, total)))

    def _prices(self, table: Table) -> None:
        """A line's price is that of what it is about."""
        for column in self._free(table):
            name = snake(column.name)
            if not ends(_PRICE, name) or column.type.kind not in ("integer", "real", "decimal"):
                continue
            cost = has("cost", name)
            for key in table.foreign_keys:
                target = self.schema.table(key.target)
                if target is table or len(key.columns) != 1 or (column.name,) in table.uniques:
                    continue
                same = next((other for other in target.columns if snake(other.name) == name), None)
                words = (
                    "unit_cost|standard_cost|cost|cost_price|cost_cents"
                    if cost
                    else "unit_price|price|list_price|unit_price_cents|price_cents|sale_price|retail_price"
                )
                found = same
                if found is None and (self._line_parts(table) or ends("unit_price|price_each", name)):
                    found = self._number(target, words, free=False)
                if found is not None and _alike(found, column) and (same is None or not ends("rate", name)):
                    self._say(table, column, Copy((key.columns[0], found.name)))
                    break

    def _header(self, table: Table) -> int | None:
        """The position of the key from a line to its document."""
        name = snake(table.name)
        found = [
            position
            for position, key in enumerate(table.foreign_keys)
            if key.target != table.name
            and self._key_alone(table, position)
            and has(_HEADERS, snake(key.target))
            and not has(_LINES, snake(key.target))
        ]
        named = [place for place in found if name.startswith(_stem(table.foreign_keys[place].target))]
        return named[0] if len(named) == 1 else found[0] if len(found) == 1 else None

    def _lines_of(self, table: Table) -> tuple[Table, int] | None:
        """The table of a document's lines."""
        found = [
            (child, position)
            for child, position in self.children.get(table.name, [])
            if self._header(child) == position and self._is_line(child) and self._line_amount(child) is not None
        ]
        found.sort(key=lambda pair: not ends(_LINES, snake(pair[0].name)))
        return found[0] if found else None

    def _is_line(self, table: Table) -> bool:
        name = snake(table.name)
        if has(_PAYMENTS, name):
            return False
        return has(_LINES, name) or self._number(table, _QUANTITY, free=False) is not None

    def _line_amount(self, table: Table) -> Column | ast.expr | None:
        """The column of a line's amount, or how it is computed."""
        said = [name for (owner, name), of in self.columns.items() if owner == table.name and _is_computed(of)]
        if said:
            return table.column(said[0])
        value = self._line_value(table)
        return value if value is not None else self._number(table, _LINE, free=False)

    def _document(self, table: Table) -> None:
        """A document's totals are the sums of its lines."""
        lines = self._lines_of(table)
        if lines is None:
            self._alone(table)
            return
        child, position = lines
        amount = self._line_amount(child)
        price = self._line_parts(child)
        basis = amount if isinstance(amount, Column) else price[1] if price else None
        if amount is None or basis is None:
            return
        self._size(child, position, table)

        def fitting(words: str) -> Column | None:
            found = self._number(table, words)
            return found if found is not None and _alike(found, basis) else None

        column = amount.name if isinstance(amount, Column) else ""
        value = None if isinstance(amount, Column) else _rounded(amount, basis)
        lines_sum = Aggregate("sum", child.name, column, position, value=value)
        subtotal, total = fitting(_SUBTOTAL), fitting(_TOTAL)
        parts = {
            words: found
            for words in (_TAX, _SHIPPING, _EXTRA, _DISCOUNT)
            if (found := fitting(words)) is not None and found not in (subtotal, total)
        }
        more = self._added(table, parts, subtotal)
        rate = self._number(table, _RATE)
        if subtotal is not None and subtotal is not total:
            self._say(table, subtotal, lines_sum)
            if (tax := parts.get(_TAX)) is not None:
                self._tax(table, tax, subtotal, rate)
            if (discount := parts.get(_DISCOUNT)) is not None and reduction(discount) == "money":
                self._say(table, discount, _reduction_of((subtotal.name,)))
            if total is not None:
                whole = _own(table, subtotal) if more is None else _plus(_own(table, subtotal), more)
                self._say(table, total, Computed(_rounded(whole, total)))
        elif total is not None and _room(total):
            self._say(table, total, replace(lines_sum, plus=_written(more) if more is not None else None))
        self._settled(table, total or subtotal)

    def _added(self, table: Table, parts: Mapping[str, Column], subtotal: Column | None) -> ast.expr | None:
        """What comes to the subtotal of a document, and goes off it."""
        more: ast.expr | None = None
        for words, part in parts.items():
            own = _or_zero(_own(table, part))
            if words == _DISCOUNT:
                how = reduction(part)
                if how != "money":
                    if subtotal is None:
                        continue
                    own = _times(_own(table, subtotal), own)
                    own = own if how == "fraction" else ast.BinOp(own, ast.Div(), _number(100))
                own = ast.UnaryOp(ast.USub(), own)
            more = own if more is None else _plus(more, own)
        return more

    def _alone(self, table: Table) -> None:
        """A document whose lines are nowhere: the total is still the subtotal with what comes to it."""
        subtotal, total = self._number(table, _SUBTOTAL), self._number(table, _TOTAL)
        if subtotal is None or total is None or subtotal is total or not _alike(subtotal, total):
            return
        if not has(_HEADERS, snake(table.name)) or (table.name, total.name) in self.columns:
            return
        parts = {
            words: found
            for words in (_TAX, _SHIPPING, _EXTRA, _DISCOUNT)
            if (found := self._number(table, words)) is not None
            and found not in (subtotal, total)
            and (_alike(found, total) or words == _DISCOUNT)
        }
        if (tax := parts.get(_TAX)) is not None:
            self._tax(table, tax, subtotal, self._number(table, _RATE))
        if (discount := parts.get(_DISCOUNT)) is not None and reduction(discount) == "money":
            self._say(table, discount, _reduction_of((subtotal.name,)))
        more = self._added(table, parts, subtotal)
        whole = _own(table, subtotal) if more is None else _plus(_own(table, subtotal), more)
        self._say(table, total, Computed(_rounded(whole, total)))
        self._settled(table, total)

    def _tax(self, table: Table, tax: Column, subtotal: Column, rate: Column | None) -> None:
        if rate is None or rate is tax:
            self._say(table, tax, Share((subtotal.name,), (0.0, 0.08), (6.0, 94.0)))
            return
        own = _times(_own(table, subtotal), _or_zero(_own(table, rate)))
        if reduction(rate) != "fraction":
            own = ast.BinOp(own, ast.Div(), _number(100))
        self._say(table, tax, Computed(_rounded(own, tax)))

    def _size(self, child: Table, position: int, table: Table) -> None:
        """A document has at least one line."""
        if self._unsized(child) and all(
            len(group) > 1 or group[0] not in child.foreign_keys[position].columns
            for group in (child.primary_key, *child.uniques)
            if group
        ):
            self.tables[child.name] = TableRecipe(each=table.name, key=position, count=_COUNTS)

    def _settled(self, table: Table, total: Column | None) -> None:
        """What was paid is the sum of the payments, and the rest is due."""
        paid, due = self._number(table, _PAID), self._number(table, _DUE)
        if total is None or paid is None or not _alike(paid, total):
            return
        for child, position in self.children.get(table.name, []):
            amount = self._number(child, "amount|amount_cents|payment_amount|total", free=False)
            if has(_PAYMENTS, snake(child.name)) and amount is not None and _alike(amount, paid):
                self._say(table, paid, Aggregate("sum", child.name, amount.name, position))
                break
        else:
            self._say(table, paid, Share((total.name,), (0.0, 0.5, 1.0), (20.0, 8.0, 72.0)))
        if due is not None and due not in (paid, total) and _alike(due, total):
            rest = _minus(_own(table, total), _or_zero(_own(table, paid)))
            self._say(table, due, Computed(_rounded(rest, due)))

    def _payment(self, table: Table) -> None:
        """A payment is of the whole document, which is paid once."""
        amount = self._number(table, "amount|amount_cents|payment_amount|amount_paid|total|total_cents")
        if not has(_PAYMENTS, snake(table.name)) or amount is None or (table.name, amount.name) in self.columns:
            return
        for position, key in enumerate(table.foreign_keys):
            target = self.schema.table(key.target)
            if target is table or not self._key_alone(table, position) or not has(_HEADERS, snake(target.name)):
                continue
            total = self._number(target, _TOTAL, free=False)
            if total is None or not _alike(total, amount):
                continue
            self._say(table, amount, Copy((key.columns[0], total.name)))
            alone = [group for group in (table.primary_key, *table.uniques) if group == key.columns]
            if self._unsized(table) and not alone:
                self.tables[table.name] = TableRecipe(each=target.name, key=position, chance=0.82)
            return

    def _ledger(self, table: Table) -> None:
        """A balance is what its entries add up to."""
        balance = self._number(table, "current_balance|balance|balance_cents|account_balance|points_balance|points")
        if balance is None or not has(_HOLDERS, snake(table.name)):
            return
        for child, position in self.children.get(table.name, []):
            name = snake(child.name)
            if not has(_LEDGERS, name) or not self._key_alone(child, position):
                continue
            credit, debit = self._number(child, "credit|credit_amount"), self._number(child, "debit|debit_amount")
            if credit is not None and debit is not None:
                value = _minus(_or_zero(_own(child, credit)), _or_zero(_own(child, debit)))
                self._say(table, balance, Aggregate("sum", child.name, "", position, value=_written(value)))
                return
            amount = self._number(child, "amount|amount_cents|value|points|delta|change|quantity")
            if amount is None or not _alike(amount, balance) or not _room(balance):
                continue
            if self._directed(table, balance, child, position, amount):
                return
            self._say(table, balance, Aggregate("sum", child.name, amount.name, position))
            return

    def _directed(self, table: Table, balance: Column, child: Table, position: int, amount: Column) -> bool:
        """Credits less debits, where a column of the entries says which is which; more comes in than goes out."""
        for column in child.columns:
            if column.type.kind != "text" or not ends("type|kind|direction|side|entry_type", snake(column.name)):
                continue
            values = column.values or ("deposit", "withdrawal", "fee", "interest")
            ins = [value for value in values if ends(_CREDIT, snake(value))]
            outs = [value for value in values if ends(_DEBIT, snake(value)) and value not in ins]
            if not ins or not outs:
                continue
            word = _own(child, column)
            signed = ast.IfExp(
                _among(word, ins),
                _own(child, amount),
                ast.IfExp(_among(word, outs), ast.UnaryOp(ast.USub(), _own(child, amount)), _number(0)),
            )
            self._say(table, balance, Aggregate("sum", child.name, "", position, value=_written(signed)))
            weights = tuple(30.0 / len(ins) if value in ins else 55.0 / len(outs) for value in values)
            if (child.name, column.name) not in self.columns and column.name not in self.recipe.table(
                child.name
            ).columns:
                self.columns[child.name, column.name] = ColumnRecipe(Choice(tuple(values), weights))
            cents = amount.type.kind == "integer"
            large, small = Price(180, 2600, cents=cents), Price(2, 45, cents=cents)
            self._say(
                child,
                amount,
                Cases((ColumnRecipe(large, when=_written(_among(word, ins))), ColumnRecipe(small))),
            )
            return True
        return False

    # Counters and last dates ---------------------------------------------------------------------------------------

    def _counters(self, table: Table) -> None:
        """Counters count rows, `last_order_at` is the latest of them, and a rating the mean of the reviews."""
        for column in self._free(table):
            name = snake(column.name)
            found = re.fullmatch(r"(?:num|number|no|count|total)_(?:of_)?(\w+?)|(\w+?)_(?:count|cnt)", name)
            if found and column.type.kind == "integer":
                counted = self._child_called(table, found.group(1) or found.group(2))
                if counted is not None:
                    self._say(table, column, Aggregate("count", counted[0].name, "", counted[1]))
            found = re.fullmatch(r"(last|latest|first)_(\w+?)(?:_(?:at|on|date|time))?", name)
            if found and column.type.kind in ("date", "timestamp"):
                counted = self._child_called(table, found.group(2))
                date = first_date(counted[0]) if counted is not None else ""
                if counted is not None and date and counted[0].column(date).type.kind == column.type.kind:
                    function = "min" if found.group(1) == "first" else "max"
                    self._say(table, column, Aggregate(function, counted[0].name, date, counted[1]))
            if column.type.kind in ("real", "decimal") and ends("avg_rating|average_rating|rating|rating_avg", name):
                for child, position in self.children.get(table.name, []):
                    rating = self._number(child, "rating|stars|score", free=False)
                    if has("review|rating|feedback", snake(child.name)) and rating is not None:
                        self._say(table, column, Aggregate("avg", child.name, rating.name, position))

    def _child_called(self, table: Table, word: str) -> tuple[Table, int] | None:
        """The one table pointing here whose name, or whose other key of two, is `word`."""
        stem = _stem(word)
        found: list[tuple[Table, int]] = []
        for child, position in self.children.get(table.name, []):
            name = _stem(child.name)
            others = [key for key in child.foreign_keys if key.target not in (table.name, child.name)]
            linked = len(others) == 1 and len(child.foreign_keys) == 2 and _stem(others[0].target) == stem
            if name == stem or name.endswith(f"_{stem}") or linked:
                found.append((child, position))
        exact = [pair for pair in found if _stem(pair[0].name) == stem]
        found = exact or found
        return found[0] if len(found) == 1 else None

    # Copies --------------------------------------------------------------------------------------------------------

    def _copies(self, table: Table) -> None:
        """`product_name` beside a key to a product is the product's name; a currency is that of what is paid."""
        for column in self._free(table):
            name = snake(column.name)
            for key in table.foreign_keys:
                if len(key.columns) != 1 or key.target == table.name:
                    continue
                target = self.schema.table(key.target)
                role = re.sub(r"_(?:id|no|code|key|fk)$", "", snake(key.columns[0]))
                for other in target.columns:
                    plain = snake(other.name)
                    denoted = plain in _COPIED.split("|") and name in (
                        f"{role}_{plain}",
                        f"{_stem(target.name)}_{plain}",
                    )
                    money = name == plain and ends("currency|currency_code|currency_iso", name)
                    if (
                        (denoted or money)
                        and column.type.kind == other.type.kind
                        and not (other.nullable and not column.nullable)
                        and (key.columns[0], other.name) != (column.name, other.name)
                        and _long_enough(column, other)
                    ):
                        self._say(table, column, Copy((key.columns[0], other.name)))

    def _parts(self, table: Table) -> None:
        """What came is at most what was ordered, and what was refused at most what came."""
        ordered = self._number(table, _ORDERED, free=False)
        for words, of, rates in _PARTS:
            part = self._number(table, words)
            whole = self._number(table, of, free=False) if of else ordered
            whole = whole or ordered
            if part is None or whole is None or part is whole or has("date|by|at|price|cost|amount", snake(part.name)):
                continue
            self._say(table, part, Share((whole.name,), *rates))
        received, rejected = (
            self._number(table, "received_qty|qty_received"),
            self._number(table, "rejected_qty|qty_rejected"),
        )
        kept = self._number(table, "stocked_qty|accepted_qty|qty_accepted")
        if received is not None and rejected is not None and kept is not None:
            rest = _minus(_own(table, received), _or_zero(_own(table, rejected)))
            self._say(table, kept, Computed(_rounded(rest, kept)))

    def _margins(self, table: Table) -> None:
        """What a thing costs is less than what it is sold for, and what was paid last is near the usual price."""
        price = self._number(table, _SOLD_FOR, free=False)
        for words, rates in ((_PAID_LAST, _NEARLY), (_BOUGHT_FOR, _MARGINS)):
            cost = self._number(table, words)
            if price is not None and cost is not None and cost is not price:
                # What is said first stands.
                self._say(table, cost, Share((price.name,), *rates))

    def _clocks(self, table: Table) -> None:
        """`visit_datetime` beside `visit_date` is a time of that day."""
        days = {snake(column.name): column for column in table.columns if column.type.kind == "date"}
        for column in self._free(table):
            name = snake(column.name)
            day = days.get(re.sub(r"_(?:date_?time|timestamp|at)$", "_date", name))
            if column.type.kind == "timestamp" and day is not None and not (day.nullable and not column.nullable):
                self._say(table, column, After(((day.name,),), 17 * 3600, 8 * 3600))

    # Keys that agree -----------------------------------------------------------------------------------------------

    def _keys(self, table: Table) -> None:
        """The address of an order belongs to its customer: keys whose targets are related agree."""
        if self.recipe.table(table.name).columns:
            return
        sized = self.tables.get(table.name)
        for position, key in enumerate(table.foreign_keys):
            if len(key.columns) != 1 or not self._key_alone(table, position) or key.target == table.name:
                continue
            if sized is not None and sized.key == position:
                continue
            owners = [
                (place, back)
                for place, other in enumerate(table.foreign_keys)
                if place != position
                and (back := self._belongs(table, key, other)) is not None
                and self._key_alone(table, place)
            ]
            if owners:
                self._agree(table, position, owners)

    def _belongs(self, table: Table, key: ForeignKey, other: ForeignKey) -> str | None:
        """The column of what `other` points at that says which row `key` points at."""
        if len(other.columns) != 1 or self._demanded(table, (key.columns[0], other.columns[0])):
            return None
        target = self.schema.table(other.target)
        owner = self.schema.table(key.target)
        if target is owner or self._together_unique(table, key.columns[0], other.columns[0]):
            return None
        backs = [
            back
            for back in target.foreign_keys
            if back.target == owner.name
            and len(back.columns) == 1
            and target_columns(self.schema, target, target.foreign_keys.index(back))
            == target_columns(self.schema, table, table.foreign_keys.index(key))
        ]
        if target is not table and (self._leads(target.name, table.name) or self._leads(owner.name, table.name)):
            return None
        name = snake(key.columns[0])
        same = [back for back in backs if snake(back.columns[0]) == name]
        owned = ends(POSSESSIONS, snake(target.name))
        only = len(backs) == 1 and sum(own.target == owner.name for own in table.foreign_keys) == 1
        back = same[0] if len(same) == 1 else backs[0] if only and owned else None
        if back is None or not self._convincing(owner, name, owned=owned):
            return None
        return back.columns[0]

    @staticmethod
    def _convincing(owner: Table, name: str, *, owned: bool) -> bool:
        kind = kind_of_table(owner)
        if has("created|updated|modified|changed|deleted|assigned|assignee|approved|retired|voided", name):
            return False
        if has(AGENTS, name) or has(AGENTS, snake(owner.name)):
            return owned
        if kind in LOOKUPS:
            return has(_PLACES, snake(owner.name))
        return not has("type|status|currency|language|unit|file|image", snake(owner.name))

    @staticmethod
    def _demanded(table: Table, columns: tuple[str, ...]) -> bool:
        """Whether a CHECK says itself when one of the keys is there, such as that there is just one of them."""
        return any(quote(column) in check.sql for check in table.checks for column in columns)

    def _together_unique(self, table: Table, one: str, other: str) -> bool:
        """Whether the two make a key, so that the table pairs them as it likes."""
        groups = [set(group) for group in (table.primary_key, *table.uniques)]
        return any({one, other} <= group or group in ({one}, {other}) for group in groups if group)

    def _leads(self, start: str, goal: str) -> bool:
        """Whether keys lead from one table to another."""
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            name = waiting.pop()
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                waiting.extend(key.target for key in self.schema.table(name).foreign_keys)
        return False

    def _agree(self, table: Table, position: int, owners: list[tuple[int, str]]) -> None:
        """Take the owner from one key that is never NULL, and pick the others among the owner's."""
        key = table.foreign_keys[position]
        column = table.column(key.columns[0])
        sized = self.tables.get(table.name)
        own = [pair for pair in owners if table.foreign_keys[pair[0]].target == table.name]
        rest = [pair for pair in owners if pair not in own]
        leaders = [
            (place, back)
            for place, back in rest
            if not table.column(table.foreign_keys[place].columns[0]).nullable
            and (column.nullable or not self._target(table, place).column(back).nullable)
        ]
        # The one with the fewest rows leads, as the others then mostly find a row that goes with it.
        leaders.sort(
            key=lambda pair: (
                sized is None or sized.key != pair[0],
                self.sizes.get(table.foreign_keys[pair[0]].target, 0.0),
            )
        )
        leaders = [
            pair for pair in leaders if not self._waits(table, table.foreign_keys[pair[0]].columns[0], column.name)
        ]
        if leaders:
            place, back = leaders[0]
            path: Path = (table.foreign_keys[place].columns[0], back)
            self.copied[table.name, column.name] = ColumnRecipe(Copy(path))
            self.waits.setdefault((table.name, column.name), []).append(path[0])
            rest = [pair for pair in rest if pair[0] != place]
        joint = [*([table.foreign_keys[leaders[0][0]].columns[0]] if leaders else []), column.name]
        least = len(joint)
        for place, back in (*rest, *own):
            if (table.name, place) in self.picks or (sized is not None and sized.key == place):
                continue
            other = table.foreign_keys[place]
            if (table.name, other.columns[0]) in self.copied or self._waits(table, column.name, other.columns[0]):
                continue
            self.waits.setdefault((table.name, other.columns[0]), []).append(column.name)
            wanted = ast.Compare(_ref(other.target, back), [ast.Eq()], [_own(table, column)])
            self.picks[table.name, place] = Pick(other.target, _written(wanted))
            if not table.column(other.columns[0]).nullable:
                joint.append(other.columns[0])
        if len(joint) > least:
            known = self.together.get(table.name, ())
            self.together[table.name] = (*known, *(name for name in joint if name not in known))

    def _waits(self, table: Table, start: str, goal: str) -> bool:
        """Whether one column of a key already waits for another of its row."""
        return start == goal or any(self._waits(table, name, goal) for name in self.waits.get((table.name, start), ()))

    def _target(self, table: Table, position: int) -> Table:
        return self.schema.table(table.foreign_keys[position].target)


# Writing expressions ----------------------------------------------------------------------------------------------


def _ref(*path: str) -> ast.expr:
    node: ast.expr = ast.Name(path[0])
    for name in path[1:]:
        node = ast.Attribute(node, name)
    return node


def _own(table: Table, column: Column) -> ast.expr:
    # A column called `now` would be read as the clock.
    return _ref(table.name, column.name) if column.name == "now" else _ref(column.name)


def _number(value: float) -> ast.expr:
    return ast.Constant(value)


def _times(one: ast.expr, other: ast.expr) -> ast.expr:
    return ast.BinOp(one, ast.Mult(), other)


def _plus(one: ast.expr, other: ast.expr) -> ast.expr:
    return ast.BinOp(one, ast.Add(), other)


def _minus(one: ast.expr, other: ast.expr) -> ast.expr:
    return ast.BinOp(one, ast.Sub(), other)


def _or_zero(node: ast.expr) -> ast.expr:
    return ast.Call(_ref("coalesce"), [node, _number(0)], [])


def _among(node: ast.expr, values: list[str]) -> ast.expr:
    return ast.Compare(node, [ast.In()], [ast.List([ast.Constant(value) for value in values])])


def _written(node: ast.expr) -> Expression:
    return expression_of(node)


def _rounded(node: ast.expr, column: Column) -> Expression:
    digits = 0 if column.type.kind == "integer" else column.type.scale if column.type.scale else 2
    return expression_of(ast.Call(_ref("round"), [node, _number(digits)], []))


# Judging columns --------------------------------------------------------------------------------------------------


def _alike(one: Column, other: Column) -> bool:
    """Whether two columns hold amounts that are both whole (cents, points) or both not."""
    kinds = {one.type.kind, other.type.kind}
    return kinds == {"integer"} or kinds <= {"real", "decimal"}


def _room(column: Column) -> bool:
    """Whether sums have room in the column."""
    return column.type.precision is None or column.type.precision - (column.type.scale or 0) >= 5


def _long_enough(column: Column, other: Column) -> bool:
    return column.type.length is None or column.type.length >= (other.type.length or 60)


def _is_computed(said: ColumnRecipe) -> bool:
    return isinstance(said.source, Computed)


def _reduction_of(path: Path) -> Share:
    return Share(path, (0.0, 0.05, 0.1, 0.15, 0.2), (70.0, 9.0, 12.0, 4.0, 5.0))


def _stem(name: str) -> str:
    """The last part in singular, the others as they are: `order_items` -> `order_item`."""
    plain = snake(name)
    for ending, single in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("xes", "x"), ("ss", "ss"), ("s", "")):
        if plain.endswith(ending):
            return plain.removesuffix(ending) + single
    return plain
