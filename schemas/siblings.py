"""What columns of one row say about each other, besides sums."""

from __future__ import annotations

import ast
import re

from .column_numbers import FLAGS
from .model import Column, Table
from .naming import ends, has, snake
from .relations import Said, long_enough
from .sources import After, Between, Cases, Choice, ColumnRecipe, Computed, Copy, Piece, Share, Text
from .states import one_of_values
from .terms import among, constant, here, minus, or_zero, ref, rounded, written

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

_LENGTHS = (
    ("milliseconds|duration_ms|length_ms|millis", 1.0),
    ("seconds|duration_seconds|length_seconds|duration_sec|duration_secs", 1000.0),
)
"""Columns that say how long something plays, and milliseconds in one of theirs."""
_BYTES = (16.13, 24.07, 32.19, 40.11, 31.87, 33.02)
_OFTEN = (15.0, 10.0, 30.0, 20.0, 15.0, 10.0)
"""Bytes a millisecond, and how often."""

_PLANNED = ("scheduled", "planned", "expected", "estimated")
_BIRTH = "birth|birthday|born|dob"
_CHANGED = "from|to|base|target|quote|source|counter|settlement|original|exchange|local|foreign"


class Siblings:
    """What goes together in a row."""

    def __init__(self, said: Said) -> None:
        self.said = said

    def read(self, table: Table) -> None:
        """Everything that goes together in the rows of a table."""
        self._clocks(table)
        self._parts(table)
        self._margins(table)
        self._sizes(table)
        self._births(table)
        self._currencies(table)
        self._readings(table)
        self._stocks(table)
        self._flags(table)
        self._actual(table)
        self._peers(table)

    def _parts(self, table: Table) -> None:
        """What came is at most what was ordered, and what was refused at most what came."""
        ordered = self.said.number(table, _ORDERED, free=False)
        for words, of, rates in _PARTS:
            part = self.said.number(table, words)
            whole = self.said.number(table, of, free=False) if of else ordered
            whole = whole or ordered
            if part is None or whole is None or part is whole or has("date|by|at|price|cost|amount", snake(part.name)):
                continue
            self.said.say(table, part, Share((whole.name,), *rates))
        received, rejected = (
            self.said.number(table, "received_qty|qty_received"),
            self.said.number(table, "rejected_qty|qty_rejected"),
        )
        kept = self.said.number(table, "stocked_qty|accepted_qty|qty_accepted")
        if received is not None and rejected is not None and kept is not None:
            rest = minus(here(table, received), or_zero(here(table, rejected)))
            self.said.say(table, kept, Computed(rounded(rest, kept)))

    def _margins(self, table: Table) -> None:
        """What a thing costs is less than what it is sold for, and what was paid last is near the usual price."""
        price = self.said.number(table, _SOLD_FOR, free=False)
        for words, rates in ((_PAID_LAST, _NEARLY), (_BOUGHT_FOR, _MARGINS)):
            cost = self.said.number(table, words)
            if price is not None and cost is not None and cost is not price:
                # What is said first stands.
                self.said.say(table, cost, Share((price.name,), *rates))

    def _sizes(self, table: Table) -> None:
        """How large a recording is follows from how long it is: 128 to 320 kilobits a second are usual."""
        size = self.said.number(table, "bytes|file_size|size_bytes|file_size_bytes|filesize")
        for words, each in _LENGTHS:
            length = self.said.number(table, words, free=False)
            if size is not None and length is not None and size is not length and length.type.kind == "integer":
                self.said.say(table, size, Share((length.name,), tuple(rate * each for rate in _BYTES), _OFTEN))

    def _actual(self, table: Table) -> None:
        """What happens does so within days of when it was planned, and costs about as much."""
        moments = {snake(c.name): c for c in table.columns if c.type.kind in ("date", "timestamp")}
        for column in self.said.free(table):
            name = snake(column.name)
            found = re.fullmatch(r"actual_(\w+)|(\w+)_actual", name)
            if found is None:
                continue
            rest = found[1] or found[2]
            planned = next((f"{word}_{rest}" for word in _PLANNED if f"{word}_{rest}" in moments), None)
            if name in moments and planned is not None and (column.nullable or not moments[planned].nullable):
                begun = re.sub(r"end|finish|stop", "start", name)
                before = [moments[other].name for other in {planned: 0, begun: 0} if other in moments and other != name]
                self.said.say(table, column, After(tuple((path,) for path in before), 3 * 86400, 0, "working"))
        planned_cost = self.said.number(table, "planned_cost|estimated_cost|budgeted_cost|expected_cost", free=False)
        cost = self.said.number(table, "actual_cost")
        if planned_cost is not None and cost is not None:
            self.said.say(table, cost, Share((planned_cost.name,), (0.9, 1.0, 1.05, 1.2), (15.0, 50.0, 25.0, 10.0)))

    def _births(self, table: Table) -> None:
        """`year_of_birth` is that of the day of birth."""
        births = [c for c in table.columns if c.type.kind in ("date", "timestamp") and has(_BIRTH, snake(c.name))]
        for column in self.said.free(table):
            name = snake(column.name)
            found = re.fullmatch(r"(?:birth_(year|month|day)|(year|month|day)_of_birth)", name)
            if not births or found is None or column.type.kind != "integer":
                continue
            part = found[1] or found[2]
            of = ast.Call(ref(part), [here(table, births[0])], [])
            usual = {"year": 1974, "month": 6, "day": 15}[part]
            value = of if column.nullable else ast.Call(ref("coalesce"), [of, constant(usual)], [])
            self.said.say(table, column, Computed(written(value)))

    def _currencies(self, table: Table) -> None:
        """The amounts of a row are in one currency, unless it is about changing one into another."""
        named = [
            column
            for column in table.columns
            if column.type.kind == "text" and ends("currency|currency_code|currency_iso", snake(column.name))
        ]
        if len(named) < 2 or any(has(_CHANGED, snake(column.name)) for column in named):
            return
        first = next((column for column in named if not column.nullable), named[0])
        free = list(self.said.free(table))
        for column in named:
            fits = (column.nullable or not first.nullable) and long_enough(column, first)
            if column is not first and column in free and fits:
                self.said.say(table, column, Copy((first.name,)))

    def _readings(self, table: Table) -> None:
        """A value that is a number, too, is that number as text."""
        if any(one_of_values(table, column) is not None for column in table.columns):
            return
        number = self.said.number(table, "valuenum|value_num|value_numeric|numeric_value|value_as_number", free=False)
        text = next(
            (
                column
                for column in self.said.free(table)
                if column.type.kind == "text" and snake(column.name) in ("value", "value_text", "value_source_value")
            ),
            None,
        )
        if number is None or text is None or (text.type.length or 20) < 12:
            return
        there = written(ast.Compare(here(table, number), [ast.IsNot()], [ast.Constant(None)]))
        same = ColumnRecipe(Text((Piece(path=(number.name,)),)), when=there)
        words = Choice(("negative", "normal", "trace", "positive", "elevated"), (30.0, 30.0, 15.0, 15.0, 10.0))
        self.said.say(table, text, Cases((same, ColumnRecipe(words))))

    def _stocks(self, table: Table) -> None:
        """What is reserved is a part of what is there, and the rest is for sale."""
        there = self.said.number(table, "stock_on_hand|quantity_on_hand|qty_on_hand|on_hand|in_stock", free=False)
        held = self.said.number(
            table,
            "committed_stock|committed|allocated|allocated_qty|reserved|reserved_qty|quantity_reserved|qty_reserved",
        )
        left = self.said.number(table, "available_for_sale|available|available_qty|quantity_available|qty_available")
        if there is None or held is None or there is held:
            return
        self.said.say(table, held, Share((there.name,), (0.0, 0.05, 0.1, 0.25), (50.0, 20.0, 20.0, 10.0)))
        if left is not None and left not in (there, held):
            rest = minus(here(table, there), or_zero(here(table, held)))
            self.said.say(table, left, Computed(rounded(rest, left)))

    def _flags(self, table: Table) -> None:
        """Two flags for one fact say the same."""
        known: dict[str, Column] = {}
        free = list(self.said.free(table))
        for column in table.columns:
            name = snake(column.name)
            stem = re.sub(r"^(?:is|has)_|_?(?:bool|flag|yn|ind)$", "", name)
            flag = column.type.kind == "boolean" or stem != name or ends(FLAGS, name)
            if not flag or column.type.kind not in ("boolean", "integer"):
                continue
            first = known.setdefault(stem, column)
            if first is not column and column in free and (column.nullable or not first.nullable):
                self.said.say(table, column, Copy((first.name,)))
            elif first is not column and first in free:
                self.said.say(table, first, Copy((column.name,)))

    def _peers(self, table: Table) -> None:
        """Within one autonomous system both ends of a BGP session have its number."""
        kind = next((c for c in table.columns if c.type.kind == "text" and ends("bgp_type", snake(c.name))), None)
        local, peer = (
            self.said.number(table, "local_as|as_local", free=False),
            self.said.number(table, "peer_as|remote_as"),
        )
        if kind is not None and local is not None and peer is not None:
            within = written(among(here(table, kind), ["internal", "ibgp", "iBGP"]))
            plain = ColumnRecipe(Between(64512, 65534))
            self.said.say(table, peer, Cases((ColumnRecipe(Copy((local.name,)), when=within), plain)))

    def _clocks(self, table: Table) -> None:
        """`visit_datetime` beside `visit_date` is a time of that day."""
        days = {snake(column.name): column for column in table.columns if column.type.kind in ("date", "timestamp")}
        for column in self.said.free(table):
            name = snake(column.name)
            day = days.get(re.sub(r"_(?:date_?time|timestamp|time|at)$", "_date", name))
            if day is None or day is column or column.type.kind != "timestamp":
                continue
            if not (day.nullable and not column.nullable):
                least = 8 * 3600 if day.type.kind == "date" else 0
                self.said.say(table, column, After(((day.name,),), 17 * 3600 if least else 3 * 3600, least))
