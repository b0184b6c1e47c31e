"""Sums of lines and documents: a total is what its lines add up to, and a payment is of the whole."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from .expression import Path
from .model import Column, Table
from .naming import ends, has, reduction, snake
from .recipe import TableRecipe
from .relations import Said, alike, room, stem
from .sources import Aggregate, Cases, Choice, ColumnRecipe, Computed, Constant, Copy, Share
from .states import states_of, status_column
from .terms import among, constant, here, minus, or_zero, plus, rounded, times, written

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
_TAX = "tax|tax_amount|tax_amt|taxes|tax_cents|tax_total|total_tax|vat|vat_amount|sales_tax"
_RATE = "tax_rate|vat_rate|tax_percent|tax_pct"
_SHIPPING = (
    "shipping|shipping_cost|shipping_fee|shipping_cents|shipping_amount|shipping_total|shipment_charges|"
    "shipping_charges|shipping_charge|delivery_charge|freight|delivery_fee|postage"
)
_SETTLED = "paid|void|voided|cancelled|canceled|refunded|closed|settled"
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
_COUNTS = Choice((1, 2, 3, 4, 5, 6, 8, 12), (36.0, 25.0, 16.0, 9.0, 6.0, 4.0, 3.0, 1.0))
"""How many lines a document has: never none, mostly few."""


class Amounts:
    """What documents, their lines and their payments say."""

    def __init__(self, said: Said) -> None:
        self.said = said

    def _line_parts(self, table: Table) -> tuple[Column, Column] | None:
        """Quantity and price of a row that has both."""
        quantity = self.said.number(table, _QUANTITY, free=False)
        price = self.said.number(table, _PRICE, free=False)
        if quantity is None or price is None or quantity is price:
            return None
        return quantity, price

    def _line_value(self, table: Table) -> ast.expr | None:
        """Quantity times price, less the discount."""
        parts = self._line_parts(table)
        if parts is None:
            return None
        value = times(here(table, parts[0]), here(table, parts[1]))
        discount = self.said.number(table, "discount|discount_amount|discount_cents|discount_percent|discount_pct")
        if discount is not None:
            how = reduction(table, discount)
            if how == "money":
                self.said.say(table, discount, reduction_of((parts[1].name,)))
                value = minus(value, or_zero(here(table, discount)))
            else:
                whole = minus(constant(1 if how == "fraction" else 100), or_zero(here(table, discount)))
                value = times(value, whole)
                value = value if how == "fraction" else ast.BinOp(value, ast.Div(), constant(100))
        return value

    def line(self, table: Table) -> None:
        """A line's total is its quantity times its price."""
        parts = self._line_parts(table)
        if parts is None:
            return
        total = next(
            (
                column
                for word in _LINE.split("|")
                for column in self.said.free(table)
                if ends(word, snake(column.name)) and column not in parts and alike(column, parts[1])
            ),
            None,
        )
        value = self._line_value(table)
        if total is None or value is None or has("tax|discount|shipping|paid", snake(total.name)):
            return
        tax = self.said.number(table, "tax|tax_amount|tax_cents|vat|vat_amount")
        if tax is not None and alike(tax, total):
            self.said.say(table, tax, Share((parts[1].name,), (0.0, 0.05, 0.08), (20.0, 20.0, 60.0)))
            value = plus(value, or_zero(here(table, tax)))
        self.said.say(table, total, Computed(rounded(value, total)))

    def price(self, table: Table) -> None:
        """A line's price is that of what it is about."""
        for column in self.said.free(table):
            name = snake(column.name)
            if (
                not ends(_PRICE, name)
                or has("last|previous|old|former", name)
                or column.type.kind not in ("integer", "real", "decimal")
            ):
                continue
            cost = has("cost", name)
            for key in table.foreign_keys:
                target = self.said.schema.table(key.target)
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
                    found = self.said.number(target, words, free=False)
                if found is not None and alike(found, column) and (same is None or not ends("rate", name)):
                    self.said.say(table, column, Copy((key.columns[0], found.name)))
                    break

    def _header(self, table: Table) -> int | None:
        """The position of the key from a line to its document."""
        name = snake(table.name)
        found = [
            position
            for position, key in enumerate(table.foreign_keys)
            if key.target != table.name
            and self.said.key_alone(table, position)
            and has(_HEADERS, snake(key.target))
            and not has(_LINES, snake(key.target))
        ]
        named = [place for place in found if name.startswith(stem(table.foreign_keys[place].target))]
        return named[0] if len(named) == 1 else found[0] if len(found) == 1 else None

    def _lines_of(self, table: Table) -> tuple[Table, int] | None:
        """The table of a document's lines."""
        found = [
            (child, position)
            for child, position in self.said.children.get(table.name, [])
            if self._header(child) == position and self._is_line(child) and self._line_amount(child) is not None
        ]
        found.sort(key=lambda pair: not ends(_LINES, snake(pair[0].name)))
        return found[0] if found else None

    def _is_line(self, table: Table) -> bool:
        name = snake(table.name)
        if has(_PAYMENTS, name):
            return False
        return has(_LINES, name) or self.said.number(table, _QUANTITY, free=False) is not None

    def _line_amount(self, table: Table) -> Column | ast.expr | None:
        """The column of a line's amount, or how it is computed."""
        said = [name for (owner, name), of in self.said.columns.items() if owner == table.name and is_computed(of)]
        if said:
            return table.column(said[0])
        value = self._line_value(table)
        return value if value is not None else self.said.number(table, _LINE, free=False)

    def document(self, table: Table) -> None:
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
            found = self.said.number(table, words)
            return found if found is not None and alike(found, basis) else None

        column = amount.name if isinstance(amount, Column) else ""
        value = None if isinstance(amount, Column) else rounded(amount, basis)
        lines_sum = Aggregate("sum", child.name, column, position, value=value)
        subtotal, total = fitting(_SUBTOTAL), fitting(_TOTAL)
        total = None if total is subtotal else total  # the whole may be computed, and only its part be free
        parts = {
            words: found
            for words in (_TAX, _SHIPPING, _EXTRA, _DISCOUNT)
            if (found := fitting(words)) is not None and found not in (subtotal, total)
        }
        more = self._added(table, parts, subtotal)
        rate = self.said.number(table, _RATE)
        if subtotal is not None and subtotal is not total:
            self.said.say(table, subtotal, lines_sum)
            if (tax := parts.get(_TAX)) is not None:
                self._tax(table, tax, subtotal, rate)
            if (discount := parts.get(_DISCOUNT)) is not None and reduction(table, discount) == "money":
                self.said.say(table, discount, reduction_of((subtotal.name,)))
            if total is not None:
                whole = here(table, subtotal) if more is None else plus(here(table, subtotal), more)
                self.said.say(table, total, Computed(rounded(whole, total)))
        elif total is not None and room(total):
            self.said.say(table, total, lines_sum._replace(plus=written(more) if more is not None else None))
        self._settled(table, total or subtotal)

    def _added(self, table: Table, parts: Mapping[str, Column], subtotal: Column | None) -> ast.expr | None:
        """What comes to the subtotal of a document, and goes off it."""
        more: ast.expr | None = None
        for words, part in parts.items():
            own = or_zero(here(table, part))
            if words == _EXTRA and subtotal is not None:
                self.said.say(table, part, Share((subtotal.name,), (0.0, 0.02, 0.05), (70.0, 15.0, 15.0)))
            if words == _DISCOUNT:
                how = reduction(table, part)
                if how != "money":
                    if subtotal is None:
                        continue
                    own = times(here(table, subtotal), own)
                    own = own if how == "fraction" else ast.BinOp(own, ast.Div(), constant(100))
                own = ast.UnaryOp(ast.USub(), own)
            more = own if more is None else plus(more, own)
        return more

    def _alone(self, table: Table) -> None:
        """A document whose lines are nowhere: the total is still the subtotal with what comes to it."""
        subtotal, total = self.said.number(table, _SUBTOTAL), self.said.number(table, _TOTAL)
        if subtotal is None or total is None or subtotal is total or not alike(subtotal, total):
            return
        if not has(_HEADERS, snake(table.name)) or (table.name, total.name) in self.said.columns:
            return
        parts = {
            words: found
            for words in (_TAX, _SHIPPING, _EXTRA, _DISCOUNT)
            if (found := self.said.number(table, words)) is not None
            and found not in (subtotal, total)
            and (alike(found, total) or words == _DISCOUNT)
        }
        if (tax := parts.get(_TAX)) is not None:
            self._tax(table, tax, subtotal, self.said.number(table, _RATE))
        if (discount := parts.get(_DISCOUNT)) is not None and reduction(table, discount) == "money":
            self.said.say(table, discount, reduction_of((subtotal.name,)))
        more = self._added(table, parts, subtotal)
        whole = here(table, subtotal) if more is None else plus(here(table, subtotal), more)
        self.said.say(table, total, Computed(rounded(whole, total)))
        self._settled(table, total)

    def _tax(self, table: Table, tax: Column, subtotal: Column, rate: Column | None) -> None:
        if rate is None or rate is tax:
            self.said.say(table, tax, Share((subtotal.name,), (0.0, 0.08), (6.0, 94.0)))
            return
        own = times(here(table, subtotal), or_zero(here(table, rate)))
        if reduction(table, rate) != "fraction":
            own = ast.BinOp(own, ast.Div(), constant(100))
        self.said.say(table, tax, Computed(rounded(own, tax)))

    def _owed(self, table: Table, total: Column, due: Column) -> None:
        """What is still to be paid: nothing of what is paid or void, and mostly all of the rest."""
        status = status_column(table)
        done = (
            [state for state in states_of(table, status) if ends(_SETTLED, snake(state))] if status is not None else []
        )
        owed = Share((total.name,), (1.0, 0.5, 0.0), (55.0, 10.0, 35.0))
        if status is None or not done:
            self.said.say(table, due, owed)
            return
        settled = ColumnRecipe(Constant(0), when=written(among(here(table, status), done)))
        self.said.say(table, due, Cases((settled, ColumnRecipe(owed._replace(rates=(1.0, 0.5), weights=(85.0, 15.0))))))

    def _size(self, child: Table, position: int, table: Table) -> None:
        """A document has at least one line."""
        if self.said.unsized(child) and all(
            len(group) > 1 or group[0] not in child.foreign_keys[position].columns
            for group in (child.primary_key, *child.uniques)
            if group
        ):
            self.said.tables[child.name] = TableRecipe(each=table.name, key=position, count=_COUNTS)

    def _settled(self, table: Table, total: Column | None) -> None:
        """What was paid is the sum of the payments, and the rest is due."""
        paid, due = self.said.number(table, _PAID), self.said.number(table, _DUE)
        if total is None:
            return
        if paid is None or not alike(paid, total):
            if due is not None and due is not total and alike(due, total):
                self._owed(table, total, due)
            return
        for child, position in self.said.children.get(table.name, []):
            amount = self.said.number(child, "amount|amount_cents|payment_amount|total", free=False)
            if has(_PAYMENTS, snake(child.name)) and amount is not None and alike(amount, paid):
                self.said.say(table, paid, Aggregate("sum", child.name, amount.name, position))
                break
        else:
            self.said.say(table, paid, Share((total.name,), (0.0, 0.5, 1.0), (20.0, 8.0, 72.0)))
        if due is not None and due not in (paid, total) and alike(due, total):
            rest = minus(here(table, total), or_zero(here(table, paid)))
            self.said.say(table, due, Computed(rounded(rest, due)))

    def payment(self, table: Table) -> None:
        """A payment is of the whole document, which is paid once."""
        amount = self.said.number(table, "amount|amount_cents|payment_amount|amount_paid|total|total_cents")
        if not has(_PAYMENTS, snake(table.name)) or amount is None or (table.name, amount.name) in self.said.columns:
            return
        for position, key in enumerate(table.foreign_keys):
            target = self.said.schema.table(key.target)
            if target is table or not self.said.key_alone(table, position) or not has(_HEADERS, snake(target.name)):
                continue
            total = self.said.number(target, _TOTAL, free=False)
            if total is None or not alike(total, amount):
                continue
            self.said.say(table, amount, Copy((key.columns[0], total.name)))
            alone = [group for group in (table.primary_key, *table.uniques) if group == key.columns]
            if self.said.unsized(table) and not alone:
                self.said.tables[table.name] = TableRecipe(each=target.name, key=position, chance=0.82)
            return


def is_computed(said: ColumnRecipe) -> bool:
    return isinstance(said.source, Computed)


def reduction_of(path: Path) -> Share:
    return Share(path, (0.0, 0.05, 0.1, 0.15, 0.2), (70.0, 9.0, 12.0, 4.0, 5.0))
