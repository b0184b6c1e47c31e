"""What a row holds of the rows that point at it: balances, counters, latest dates, mean ratings."""

from __future__ import annotations

import ast
import re

from .model import Column, Table
from .naming import ends, first_date, has, snake
from .relations import Said, alike, room, stem
from .sources import Aggregate, Cases, Choice, ColumnRecipe, Price
from .terms import among, constant, here, minus, or_zero, written

_LEDGERS = "transaction|entry|entries|ledger|movement|posting|txn|operation"
_HOLDERS = "account|wallet|purse|card|fund|member|customer|user|budget|item|stock|product"
_CREDIT = "credit|deposit|in|inbound|receipt|earn|earned|topup|top_up|refund|cr|incoming|received|interest|purchase_in"
_DEBIT = "debit|withdrawal|withdraw|out|outbound|issue|spend|spent|redeem|redeemed|payment|charge|fee|dr|outgoing|sale"


class Tallies:
    """What is counted and added up."""

    def __init__(self, said: Said) -> None:
        self.said = said

    def balance(self, table: Table) -> None:
        """A balance is what its entries add up to."""
        balance = self.said.number(table, "current_balance|balance|balance_cents|account_balance|points_balance|points")
        if balance is None or not has(_HOLDERS, snake(table.name)):
            return
        for child, position in self.said.children.get(table.name, []):
            name = snake(child.name)
            if not has(_LEDGERS, name) or not self.said.key_alone(child, position):
                continue
            credit, debit = (
                self.said.number(child, "credit|credit_amount"),
                self.said.number(child, "debit|debit_amount"),
            )
            if credit is not None and debit is not None:
                value = minus(or_zero(here(child, credit)), or_zero(here(child, debit)))
                self.said.say(table, balance, Aggregate("sum", child.name, "", position, value=written(value)))
                return
            amount = self.said.number(child, "amount|amount_cents|value|points|delta|change|quantity")
            if amount is None or not alike(amount, balance) or not room(balance):
                continue
            if self._directed(table, balance, child, position, amount):
                return
            self.said.say(table, balance, Aggregate("sum", child.name, amount.name, position))
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
            word = here(child, column)
            signed = ast.IfExp(
                among(word, ins),
                here(child, amount),
                ast.IfExp(among(word, outs), ast.UnaryOp(ast.USub(), here(child, amount)), constant(0)),
            )
            self.said.say(table, balance, Aggregate("sum", child.name, "", position, value=written(signed)))
            weights = tuple(30.0 / len(ins) if value in ins else 55.0 / len(outs) for value in values)
            if (child.name, column.name) not in self.said.columns and column.name not in self.said.recipe.table(
                child.name
            ).columns:
                self.said.columns[child.name, column.name] = ColumnRecipe(Choice(tuple(values), weights))
            cents = amount.type.kind == "integer"
            large, small = Price(180, 2600, cents=cents), Price(2, 45, cents=cents)
            self.said.say(
                child,
                amount,
                Cases((ColumnRecipe(large, when=written(among(word, ins))), ColumnRecipe(small))),
            )
            return True
        return False

    def counters(self, table: Table) -> None:
        """Counters count rows, `last_order_at` is the latest of them, and a rating the mean of the reviews."""
        for column in self.said.free(table):
            name = snake(column.name)
            found = re.fullmatch(r"(?:num|number|no|count|total)_(?:of_)?(\w+?)|(\w+?)_(?:count|cnt)", name)
            if found and column.type.kind == "integer":
                counted = self._child_called(table, found.group(1) or found.group(2))
                if counted is not None:
                    self.said.say(table, column, Aggregate("count", counted[0].name, "", counted[1]))
            found = re.fullmatch(r"(last|latest|first)_(\w+?)(?:_(?:at|on|date|time))?", name)
            if found and column.type.kind in ("date", "timestamp"):
                counted = self._child_called(table, found.group(2))
                date = first_date(counted[0]) if counted is not None else ""
                if counted is not None and date and counted[0].column(date).type.kind == column.type.kind:
                    function = "min" if found.group(1) == "first" else "max"
                    self.said.say(table, column, Aggregate(function, counted[0].name, date, counted[1]))
            if column.type.kind in ("real", "decimal") and ends("avg_rating|average_rating|rating|rating_avg", name):
                for child, position in self.said.children.get(table.name, []):
                    rating = self.said.number(child, "rating|stars|score", free=False)
                    if has("review|rating|feedback", snake(child.name)) and rating is not None:
                        self.said.say(table, column, Aggregate("avg", child.name, rating.name, position))

    def _child_called(self, table: Table, word: str) -> tuple[Table, int] | None:
        """The one table pointing here whose name, or whose other key of two, is `word`."""
        wanted = stem(word)
        found: list[tuple[Table, int]] = []
        for child, position in self.said.children.get(table.name, []):
            name = stem(child.name)
            others = [key for key in child.foreign_keys if key.target not in (table.name, child.name)]
            linked = len(others) == 1 and len(child.foreign_keys) == 2 and stem(others[0].target) == wanted
            if name == wanted or name.endswith(f"_{wanted}") or linked:
                found.append((child, position))
        exact = [pair for pair in found if stem(pair[0].name) == wanted]
        found = exact or found
        return found[0] if len(found) == 1 else None
