"""Measures how good a schema and its rows are for learning to use tools, beside what real databases show.

Bands are those of a survey of 34 public dumps and of what tasks need (median and quartiles, measured in November
2026); a value outside of its band is told, and is no fault. What is wrong with rows is found by `validate.py`, and
what a tool sees of them is measured in `synth/`. The rules on names know common English ones only.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from .model import Column, Columns, Schema, Table, Value
from .validate import validate

_MUTABLE = re.compile(
    r"(?:^|_)(?:status|state|stage|phase|quantity|qty|stock|balance|points|total|amount|is_\w+|\w+ed_at|\w+ed_on)$",
    re.I,
)
_STATE = re.compile(r"(?:^|_)(?:status|state|stage|phase)$", re.I)
_QUANTITY = re.compile(r"(?:^|_)(?:quantity|qty|stock|on_hand|balance|points|refunded\w*)$", re.I)
_SPOKEN = re.compile(r"(?:(?!first|last|middle|street|city|state|country|user|brand)\w+_)?(?:name|title)", re.I)
_EMAIL_NAME = re.compile(r"e_?mail(?:_address)?$", re.I)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PRICE = re.compile(r"(?:^|_)(?:price|cost|fee|amount|total|rate)(?:_cents)?$", re.I)
_FILLER = re.compile(r"\b(?:lorem|ipsum|dolor sit)\b", re.I)
# What comes first, and what comes after it, in the names of one table's columns.
_ORDERS = (
    ("start", "end"), ("begin", "end"), ("from", "until"), ("from", "to"), ("created", "updated"),
    ("created", "shipped"), ("ordered", "shipped"), ("placed", "shipped"), ("shipped", "delivered"),
    ("born", "died"), ("birth", "death"), ("opened", "closed"), ("check_in", "check_out"), ("valid_from", "valid_to"),
    ("hire", "end"), ("order", "ship"), ("requested", "resolved"),
)  # fmt: skip
_WORDS = re.compile(r"_?(?:date|time|at|on|datetime|timestamp)$", re.I)
_FEW = 20


@dataclass(frozen=True, slots=True)
class Metric:
    """One measured quality.

    Attributes:
        value: None when there is nothing in the schema that it could be measured on.
        low: The least of the band, or None. `high` alike.
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    detail: str = ""

    @property
    def inside(self) -> bool | None:
        """Whether the value is within its band; None without a value or a band."""
        if self.value is None or (self.low is None and self.high is None):
            return None
        return (self.low is None or self.value >= self.low) and (self.high is None or self.value <= self.high)

    def to_json(self) -> dict[str, Any]:
        """The form of `--json`."""
        value = None if self.value is None else round(self.value, 4)
        return {"name": self.name, "value": value, "band": [self.low, self.high], "inside": self.inside}


# -- the schema -------------------------------------------------------------------------------------------------------


def schema_metrics(schema: Schema) -> list[Metric]:
    """What the shape of a schema shows; it needs no rows."""
    count = len(schema.tables)
    components = _components(schema)
    alone = sum(1 for component in components if len(component) == 1)
    columns = [column for table in schema.tables for column in table.columns]
    entities = [table for table in schema.tables if len(table.primary_key) == 1]
    return [
        Metric("tables", count, 5, 25),
        Metric("largest_component", _share(max(map(len, components), default=0), count), 0.8),
        Metric("isolated_tables", _share(alone if count > 1 else 0, count), None, 0.1),
        Metric("link_depth", _depth(schema), 2, 7),
        Metric("nullable_columns", _share(sum(column.nullable for column in columns), len(columns)), 0.18, 0.56),
        Metric("mutable_tables", _share(sum(any(map(_is_mutable, table.columns)) for table in schema.tables), count)),
        Metric("natural_keys", _share(sum(map(_has_natural_key, entities)), len(entities))),
    ]


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _components(schema: Schema) -> list[set[str]]:
    group = {table.name: {table.name} for table in schema.tables}
    for table in schema.tables:
        for key in table.foreign_keys:
            if group[table.name] is not group[key.target]:
                merged = group[table.name] | group[key.target]
                group |= dict.fromkeys(merged, merged)
    return list({id(component): component for component in group.values()}.values())


def _depth(schema: Schema) -> int:
    """The longest way over foreign keys; tables whose keys form a circle count as one place."""
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(table.name for table in schema.tables)
    graph.add_edges_from((table.name, key.target) for table in schema.tables for key in table.foreign_keys)
    return int(nx.dag_longest_path_length(nx.condensation(graph))) if schema.tables else 0


def _is_mutable(column: Column) -> bool:
    return _MUTABLE.search(column.name) is not None and not column.generated


def _has_natural_key(table: Table) -> bool:
    """Whether a person could name a row: by a key that is neither the surrogate nor made of links."""
    links = {name for key in table.foreign_keys for name in key.columns}
    if table.primary_key and table.column(table.primary_key[0]).type.kind == "text":
        return True
    keys = [unique for unique in table.uniques if not set(unique) <= links | set(table.primary_key)]
    return bool(keys) or any(index.unique and not index.where for index in table.indexes)


# -- the rows ---------------------------------------------------------------------------------------------------------


def row_metrics(schema: Schema, columns: Columns) -> list[Metric]:
    """What rows show.

    Args:
        columns: What `fill_columns` gives.
    """
    cells = list(_cells(schema, columns))
    filled = sum(1 for table in schema.tables if _size(columns, table))
    return [
        Metric("violations", len(validate(schema, columns)), 0, 0),
        Metric("tables_filled", _share(filled, len(schema.tables)), 1),
        *_fan_out(schema, columns),
        *_states(cells),
        *_nulls(cells),
        *_enums(cells),
        _ambiguity(cells),
        *_agreement(schema, columns, cells),
        *_texture(cells),
    ]


class _Cells(NamedTuple):
    """A column with its values.

    Attributes:
        given: Those that are not NULL.
        key: Whether it is part of a key or a link.
    """

    table: Table
    column: Column
    values: Sequence[Value]
    given: Sequence[Value]
    key: bool


def _size(columns: Columns, table: Table) -> int:
    return len(next(iter(columns.get(table.name, {}).values()), []))


def _cells(schema: Schema, columns: Columns) -> Iterator[_Cells]:
    for table in schema.tables:
        keys = {*table.primary_key, *(name for key in table.foreign_keys for name in key.columns)}
        alone = {unique[0] for unique in table.uniques if len(unique) == 1}
        for column in table.columns:
            values = columns.get(table.name, {}).get(column.name, [])
            if values:
                given: list[Value] = [value for value in values if value is not None]
                yield _Cells(table, column, values, given, column.name in keys | alone)


def _median(values: Iterable[float]) -> float | None:
    found = list(values)
    return statistics.median(found) if found else None


def _fan_out(schema: Schema, columns: Columns) -> Iterator[Metric]:
    """Children per parent over every foreign key, and what a look-up by key gives."""
    counts: list[list[int]] = []
    for table in schema.tables:
        for key in table.foreign_keys:
            parents, own = columns.get(key.target, {}), columns.get(table.name, {})
            if not {*key.target_columns} <= {*parents} or not {*key.columns} <= {*own}:
                continue
            children = Counter(zip(*(own[name] for name in key.columns), strict=True))
            pointed = zip(*(parents[name] for name in key.target_columns), strict=True)
            counts.append(sorted(children.get(values, 0) for values in pointed))
    counts = [listed for listed in counts if listed]
    everything = [count for listed in counts for count in listed]
    whole = len(everything)
    yield Metric("fan_out_mean", _share(sum(everything), whole))
    yield Metric("fan_out_gini", _median(_gini(listed) for listed in counts if listed[-1]))
    yield Metric("fan_out_p99", _median(listed[min(len(listed) - 1, len(listed) * 99 // 100)] for listed in counts))
    shares: tuple[tuple[str, Callable[[int], bool]], ...] = (
        ("lookups_empty", lambda count: count == 0),
        ("lookups_one", lambda count: count == 1),
        ("lookups_few", lambda count: 2 <= count <= _FEW),
        ("lookups_many", lambda count: count > _FEW),
    )
    for name, fits in shares:
        yield Metric(name, _share(sum(map(fits, everything)), whole))
    mixed = sum(1 for listed in counts if listed[0] == 0 and 1 in listed and listed[-1] > 1)
    yield Metric("links_with_none_one_and_many", _share(mixed, len(counts)), 0.3)
    yield Metric("links_never_followed", _share(sum(1 for listed in counts if not listed[-1]), len(counts)), None, 0)


def _gini(counts: Sequence[int]) -> float:
    """0 when all have the same, near 1 when one has everything; of sorted counts."""
    size, total = len(counts), sum(counts)
    return sum((2 * place - size - 1) * count for place, count in enumerate(counts, start=1)) / (size * total)


def _states(cells: Sequence[_Cells]) -> Iterator[Metric]:
    rarest: list[float] = []
    for cell in cells:
        counted = Counter(cell.given)
        if _STATE.search(cell.column.name) and cell.column.values:
            rarest.append(min(counted[value] for value in cell.column.values) / len(cell.given) if cell.given else 0)
    yield Metric("rarest_state", min(rarest, default=None), 0.03)
    zeros = [0 in cell.given for cell in cells if _QUANTITY.search(cell.column.name) and not cell.key]
    yield Metric("quantities_with_a_zero", _share(sum(zeros), len(zeros)))


def _nulls(cells: Sequence[_Cells]) -> Iterator[Metric]:
    shares = [
        1 - len(cell.given) / len(cell.values) for cell in cells if cell.column.nullable and not cell.column.generated
    ]
    yield Metric("null_share", _median(shares), 0.02, 0.4)
    yield Metric("nullable_within_band", _share(sum(0.02 <= share <= 0.4 for share in shares), len(shares)))


def _enums(cells: Sequence[_Cells]) -> Iterator[Metric]:
    wanted = seen = uneven = judged = 0
    for cell in cells:
        if not cell.column.values:
            continue
        counted = Counter(str(value) for value in cell.given)
        wanted += len(cell.column.values)
        seen += sum(1 for value in cell.column.values if counted[value])
        if len(cell.column.values) > 1 and len(cell.given) >= 20 * len(cell.column.values):
            judged += 1
            uneven += max(counted.values()) >= 1.5 * min(counted[value] for value in cell.column.values)
    yield Metric("enum_coverage", _share(seen, wanted), 1)
    yield Metric("enums_uneven", _share(uneven, judged), 0.5)


def _ambiguity(cells: Sequence[_Cells]) -> Metric:
    """How many rows share the name that a person would call them by."""
    called: list[Sequence[object]] = [
        cell.given
        for cell in cells
        if _SPOKEN.fullmatch(cell.column.name) and cell.column.type.kind == "text" and not cell.key and cell.given
    ]
    named = {(cell.table.name, cell.column.name.lower()): cell.values for cell in cells}
    for (table, name), firsts in named.items():
        if name == "first_name" and (table, "last_name") in named:
            called.append(list(zip(firsts, named[table, "last_name"], strict=True)))
    shares = [sum(n for n in Counter(names).values() if n > 1) / len(names) for names in called]
    return Metric("ambiguous_names", _median(shares), 0.01, 0.1)


def _agreement(schema: Schema, columns: Columns, cells: Sequence[_Cells]) -> Iterator[Metric]:
    emails = [
        _EMAIL.fullmatch(str(value)) is not None
        for cell in cells
        if _EMAIL_NAME.search(cell.column.name) and cell.column.type.kind == "text"
        for value in cell.given
    ]
    yield Metric("emails_like_emails", _share(sum(emails), len(emails)), 1)
    right = judged = 0
    places: list[bool] = []
    for table in schema.tables:
        lists = columns.get(table.name, {})
        for first, second in _ordered(table):
            pairs = [
                (early, late)
                for early, late in zip(lists.get(first, []), lists.get(second, []), strict=True)
                if early is not None and late is not None
            ]
            judged += len(pairs)
            right += sum(str(early)[:10] <= str(late)[:10] for early, late in pairs)
        places += _places(table, lists)
    yield Metric("dates_in_order", _share(right, judged), 1)
    yield Metric("cities_in_one_country", _share(sum(places), len(places)), 0.95)


def _ordered(table: Table) -> Iterator[tuple[str, str]]:
    """Pairs of a table's moments of which the second comes later, as their names say."""
    moments = {
        _WORDS.sub("", column.name).lower(): column.name
        for column in table.columns
        if column.type.kind in ("date", "timestamp") and not column.generated
    }
    for early, late in _ORDERS:
        if early in moments and late in moments:
            yield moments[early], moments[late]


def _places(table: Table, lists: dict[str, list[Value]]) -> list[bool]:
    """Whether each city of a table has one country or state."""
    names = {column.name.lower(): column.name for column in table.columns if column.type.kind == "text"}
    wider = next((names[name] for name in ("country", "country_code", "state", "region") if name in names), None)
    if "city" not in names or wider is None:
        return []
    found: dict[Value, set[Value]] = {}
    for city, place in zip(lists.get(names["city"], []), lists.get(wider, []), strict=True):
        if city is not None and place is not None:
            found.setdefault(city, set()).add(place)
    return [len(around) == 1 for around in found.values()]


def _texture(cells: Sequence[_Cells]) -> Iterator[Metric]:
    texts = [
        cell
        for cell in cells
        if cell.column.type.kind == "text" and not cell.column.values and not cell.key and cell.given
    ]
    yield Metric("text_distinct", _median(len(set(cell.given)) / len(cell.given) for cell in texts))
    fillers = sum(1 for cell in texts for value in cell.given if _FILLER.search(str(value)))
    yield Metric("filler_texts", fillers, 0, 0)
    skews = []
    for cell in cells:
        numbers = [float(value) for value in cell.given if isinstance(value, int | float)]
        if _PRICE.search(cell.column.name) and not cell.key and len(numbers) >= _FEW and statistics.median(numbers) > 0:
            skews.append(statistics.fmean(numbers) / statistics.median(numbers))
    # A uniform price has 1, a log-normal one with the usual spread 1.1 to 2.
    yield Metric("price_skew", _median(skews), 1.05)
    days: Counter[int] = Counter()
    night = moments = 0
    for cell in cells:
        if cell.column.type.kind != "timestamp":
            continue
        for value in map(str, cell.given):
            days[_weekday(value[:10])] += 1
            moments += 1
            night += value[11:13] < "06"
    # By chance 2 in 7 fall on a weekend, and 1 in 4 before six o'clock.
    yield Metric("at_weekends", _share(days[5] + days[6], moments))
    yield Metric("at_night", _share(night, moments), None, 0.2)


def _weekday(day: str) -> int:
    try:
        return date.fromisoformat(day).weekday()
    except ValueError:
        return -1
