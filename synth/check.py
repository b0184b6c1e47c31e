"""The gates of an environment: what must hold before its runs are worth anything.

Whatever can be read is checked by loading; here the tools are run in a sandbox,
and what they declared is held against what they were seen to do: the columns
that their statements read and wrote, and which output fields move when a base
column is changed.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from environments import ColumnRef, Field, Json, Tool, rows_of
from sandbox import Episode, EpisodeLost, Outcome, RunCalls, RunChain, Sandbox
from schemas import Columns, Metric, count_violations, open_snapshot, quote, row_metrics, schema_metrics

from .draft import Pair, seeded
from .draws import Draws
from .graph import must_be_produced
from .ground import Ground
from .sample import DeadEnd, Goal, sample_chain

ATTEMPTS = 120  # draws of arguments for each tool
WANTED = 12  # successful calls that are looked at
CHAINS = 8  # chains tried when no direct draw of arguments works
PERTURBED = 3  # calls for which base columns are changed
ROTATED = 2000  # distinct values of a link that are still passed round; more would make a giant statement

Arguments = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate; `detail` says what fell short, or what was seen."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """All gates of an environment, and its metrics.

    Attributes:
        quality: What its schema and rows are like, beside the bands of real databases; none of it is a gate.
    """

    gates: tuple[Gate, ...]
    metrics: dict[str, Any]
    quality: tuple[Metric, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every gate passed."""
        return all(gate.passed for gate in self.gates)


def check_environment(ground: Ground, pair: Pair, progress: Callable[[str], None] = lambda _: None) -> Inspection:
    """Run every gate over `ground`.

    Args:
        progress: Called with the name of each tool before it is run.

    Raises:
        SandboxError: The sandbox failed (not a tool in it).
    """
    seen: dict[str, _Seen] = {}
    for tool in ground.environment.tools:
        progress(tool.name)
        seen[tool.name] = _see(tool, ground, pair)
    gates = (
        _gate("rows", _violations(ground), f"{sum(map(len, ground.rows.values()))} rows, no violation"),
        _gate("tables_filled", [n for n, rows in ground.rows.items() if not rows], "every table has rows"),
        _gate("reachable", [n for n in ground.tools if n not in ground.costs], "every tool can follow from a request"),
        _gate("no_bug", _each(seen, lambda s: s.bugs), "no tool raised anything but ToolError"),
        _gate("callable", _each(seen, lambda s: [] if s.calls else [s.why]), "every tool answered on real rows"),
        _gate("fields", _each(seen, _wrong_fields), "results have the declared fields"),
        _gate("reads", _each(seen, _undeclared_reads), "no tool reads an undeclared table"),
        _gate("writes", _each(seen, _wrong_writes), "tools write what they declare"),
        _gate("read_only", _each(seen, _changed_anyway), "reading tools leave the database as it was"),
        _gate("sources", _each(seen, lambda s: s.moved), "output fields follow the declared columns"),
        _gate(
            "repeatable",
            _each(seen, lambda s: s.unstable),
            "another process, hash seed and row order give the same results",
        ),
    )
    return Inspection(gates, _metrics(ground, seen), _quality(ground))


@dataclass(slots=True)
class _Seen:
    """What a tool was seen to do."""

    tool: Tool
    calls: list[tuple[Arguments, Outcome]]
    bugs: list[str]
    why: str
    moved: list[str]
    unstable: list[str]


def _see(tool: Tool, ground: Ground, pair: Pair) -> _Seen:
    rng = seeded("check", tool.name)
    seen = _Seen(tool, [], [], "no arguments could be drawn", [], [])
    try:
        with pair.first.episode(witnessed=True) as episode:
            for arguments in _arguments(tool, ground, episode, rng):
                (outcome,) = episode.run([RunCalls(((tool.name, arguments),), observe=True)])
                if outcome.bug is not None:
                    bug = outcome.bug
                    where = "" if bug.line is None else f" (tools.py, line {bug.line})"
                    seen.bugs.append(f"{bug.type}: {bug.message}{where}")
                    break
                call = outcome.calls[0]
                if call.error is not None:
                    seen.why = f"every draw was refused, lastly: {call.error}"
                elif not rows_of(call.result):
                    seen.why = "every draw gave an empty result"
                else:
                    seen.calls.append((arguments, outcome))
                if len(seen.calls) >= WANTED:
                    break
            if not tool.writes:
                seen.moved = _perturb(seen, ground, episode)
        seen.unstable = _repeat(seen, pair.second)
    except EpisodeLost as lost:
        seen.bugs.append(str(lost))
    return seen


def _arguments(tool: Tool, ground: Ground, episode: Episode, rng: random.Random) -> Iterable[Arguments]:
    """Arguments drawn from real rows; and, for calls that only hang together in a chain, those of sampled chains."""
    drawing = Draws(ground)
    for attempt in range(ATTEMPTS):
        names = [p.name for p in tool.contract.params if p.required or (attempt % 3 == 2 and p.role == "filter")]
        drawn = drawing.row_for(tool, names, rng)
        if drawn is not None:
            yield drawn
        if not names:
            break
    keys = [p for p in tool.contract.params if p.required and must_be_produced(p, ground.denotation)]
    if len(keys) < 2 or tool.name not in ground.costs:
        return
    for size in range(CHAINS):
        try:
            chain = sample_chain(Goal((tool.name,), (2 + size % 3,)), ground, episode, rng)
        except DeadEnd:
            continue
        finally:
            episode.reset()
        (outcome,) = episode.run([RunChain(chain, chain.inputs())])
        yield from [dict(call.args) for call in outcome.calls if call.tool == tool.name]


def _repeat(seen: _Seen, sandbox: Sandbox) -> list[str]:
    if not seen.calls:
        return []
    with sandbox.episode(witnessed=True) as episode:
        again = episode.run([RunCalls(((seen.tool.name, arguments),)) for arguments, _ in seen.calls])
    for (arguments, first), second in zip(seen.calls, again, strict=True):
        if (first.calls, first.changes) != (second.calls, second.changes):
            differing = "another process, with another hash seed and another order where a query asks for none"
            return [f"another result for {arguments!r} in {differing}"]
    return []


def _perturb(seen: _Seen, ground: Ground, episode: Episode) -> list[str]:
    """Change one base column at a time and compare which fields move with which were declared to come from it."""
    contract = seen.tool.contract
    filtered = {p.column for p in contract.params if p.role == "filter"}
    columns = dict.fromkeys(c for f in contract.fields for c in _columns(f) if c.column and c not in filtered)
    faults: list[str] = []
    for column in columns:
        statement = _perturbation(column, ground)
        if statement is None:
            continue
        for arguments, before in seen.calls[:PERTURBED]:
            call = ((seen.tool.name, arguments),)
            (after,) = episode.run([RunCalls(call, setup=(statement,))])
            if after.bug is not None or after.calls[0].error is not None:
                continue
            fault = _compare(contract.fields, column, before.calls[0].result, after.calls[0].result)
            if fault is not None:
                faults.append(fault)
                break
    return faults


def _compare(fields: tuple[Field, ...], column: ColumnRef, before: Json, after: Json) -> str | None:
    for field in fields:
        old = _values(before, field)
        new = _values(after, field)
        if len(old) != len(new):
            return None  # the column also decides which rows come back
        moved = old != new
        declared = column in _columns(field)
        if moved and not declared:
            return f"{field.name!r} moves with {column}, which its contract does not name"
        plain = field.source == column and not field.aggregate
        # Values that were passed round among all rows are still the same ones; only who has which has changed.
        moved = moved or _by_key(fields, before, field) != _by_key(fields, after, field)
        if plain and not moved and any(value != "null" for value in old):
            return f"{field.name!r} does not come from {column} as its contract says"
    return None


def _values(result: Json, field: Field) -> list[str]:
    return sorted(_text(row.get(field.name)) for row in rows_of(result, field.path))


def _by_key(fields: tuple[Field, ...], result: Json, field: Field) -> dict[str, str]:
    """The field's value in each row, by the first field of the row, which tells its entity."""
    first = next(f.name for f in fields if f.path == field.path)
    return {_text(row.get(first)): _text(row.get(field.name)) for row in rows_of(result, field.path)}


def _text(value: object) -> str:
    return "null" if value is None else f"{type(value).__name__} {value!r}"


def _columns(field: Field) -> tuple[ColumnRef, ...]:
    return field.derived if field.source is None else (field.source,)


def _perturbation(column: ColumnRef, ground: Ground) -> str | None:
    """A statement that changes every value of a column and keeps them distinct; None for keys, which rows hang on.

    The values of a link are passed round among its rows.
    """
    kind = ground.denotation.kind(column)
    table, name = quote(column.table), quote(column.column)
    if ground.denotation.is_link(column):
        values = ground.values(column)
        if not 1 < len(values) <= ROTATED:
            return None
        turns = " ".join(
            f"WHEN {_literal(old)} THEN {_literal(new)}"
            for old, new in zip(values, [*values[1:], values[0]], strict=True)
        )
        return f"UPDATE {table} SET {name} = CASE {name} {turns} END WHERE {name} IS NOT NULL"
    if ground.denotation.is_surrogate(column):
        return None
    if any(c.name == column.column and c.generated for c in ground.environment.schema.table(column.table).columns):
        return None
    changed = {
        "integer": f"{name} + 1000003",
        "real": f"{name} + 1000003.5",
        "decimal": f"{name} + 1000003",
        "boolean": f"1 - {name}",
        "date": f"date({name}, '+1 day')",
        "timestamp": f"datetime({name}, '+1 day')",
        "text": f"{name} || '~'",
    }.get(kind)
    return None if changed is None else f"UPDATE {table} SET {name} = {changed} WHERE {name} IS NOT NULL"


def _literal(value: Json) -> str:
    """A value of a key in SQL."""
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def _wrong_fields(seen: _Seen) -> list[str]:
    declared = [f.name for f in seen.tool.contract.fields if not f.path]
    declared += [f.path for f in seen.tool.contract.fields if f.path]
    wanted = sorted(dict.fromkeys(declared))
    for _, outcome in seen.calls:
        result = outcome.calls[0].result
        if isinstance(result, list) != seen.tool.contract.many:
            return [f"returns {'a list' if isinstance(result, list) else 'one row'}, against its annotation"]
        for row in rows_of(result):
            if sorted(row) != wanted:
                odd = sorted({*row} ^ {*wanted})
                return [f"result and contract differ in the fields {', '.join(odd)}"]
    return []


def _undeclared_reads(seen: _Seen) -> list[str]:
    contract = seen.tool.contract
    allowed = {*contract.reads, *(_table(write) for write in contract.writes)}
    read = {_table(column) for _, outcome in seen.calls for column in outcome.observed_reads}
    return [f"reads {table!r}" for table in sorted(read - allowed)]


def _wrong_writes(seen: _Seen) -> list[str]:
    if not seen.calls:
        return []
    declared = set(seen.tool.contract.writes)
    observed = {write for _, outcome in seen.calls for write in outcome.observed_writes}
    faults = [f"writes {write!r} undeclared" for write in sorted(observed - declared)]
    return faults + [f"declares {write!r} and was never seen to write it" for write in sorted(declared - observed)]


def _changed_anyway(seen: _Seen) -> list[str]:
    if seen.tool.writes:
        return []
    return ["changes rows"] if any(outcome.changes for _, outcome in seen.calls) else []


def _table(text: str) -> str:
    return text[1:] if text[:1] in ("+", "-") else text.rpartition(".")[0]


def _violations(ground: Ground) -> list[str]:
    with open_snapshot(ground.image) as connection:
        found = count_violations(connection)
    return [f"{found} constraint violations"] if found else []


def _each(seen: dict[str, _Seen], faults: Callable[[_Seen], list[str]]) -> list[str]:
    return [f"{name}: {fault}" for name, s in seen.items() for fault in faults(s)]


def _gate(name: str, faults: list[str], fine: str) -> Gate:
    return Gate(name, not faults, "; ".join(faults) or fine)


def _quality(ground: Ground) -> tuple[Metric, ...]:
    schema = ground.environment.schema
    columns: Columns = {
        table.name: {
            column.name: [row[column.name] for row in rows]
            for column in table.columns
            if all(column.name in row for row in rows)
        }
        for table in schema.tables
        if (rows := ground.rows.get(table.name, []))
    }
    started = time.perf_counter()
    open_snapshot(ground.image).close()
    cost = Metric("image_kb", len(ground.image) / 1024), Metric("restore_ms", (time.perf_counter() - started) * 1e3)
    return (*schema_metrics(schema), *row_metrics(schema, columns), *cost)


def _metrics(ground: Ground, seen: dict[str, _Seen]) -> dict[str, Any]:
    edges = [data["kind"] for _, _, data in ground.graph.edges(data=True)]
    return {
        "tables": len(ground.rows),
        "rows": sum(map(len, ground.rows.values())),
        "tools": len(ground.tools),
        "writing_tools": sum(tool.writes for tool in ground.tools.values()),
        "data_edges": edges.count("data"),
        "state_edges": edges.count("state"),
        "calls_from_a_request": {name: ground.costs.get(name) for name in ground.tools},
        "calls_seen": {name: len(s.calls) for name, s in seen.items()},
        "reviewed": ground.environment.reviewed,
    }
