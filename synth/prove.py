"""The proofs: each takes a draft and returns it with its evidence, or raises Rejected with the reason.

Each proof is a pass of the spine and runs alone. What a chain means is
`environments/evaluate.py`; here it is only compared with itself under other
conditions, with its composite, and with its words.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from environments import MOST_CALLS, Chain, Json, Literal, Ref, Refusal, Selector, Step, evaluate, rows_of
from sandbox import Call, Outcome, Program, RunChain, RunSource

from .compose import AdvancedTool, compose
from .describe import describe
from .draft import Bench, Draft, Rejected, seeded
from .draws import Draws
from .grounded import Ungrounded, check_grounded
from .record import canonical
from .sample import has_fields
from .shape import selectors
from .words import Unspeakable, ask, leaks

DRAWS = 5  # other draws of the free inputs; defects of a composite often show only there
REDRAWS = 60  # tries to find draws that differ
ENOUGH = 2  # draws that have to succeed
GUESSABLE = 0.5  # an answer that more than this share of the other successful draws give can be guessed


def said_in_words(draft: Draft, bench: Bench) -> Draft:
    """The easy and the hard query exist and name every free input; the composite has a description."""
    environment = bench.ground.environment
    spoken = (bench.ground.tools, environment.schema, environment.settings.words)
    try:
        queries = ask(draft.chain, *spoken, draft.key)
        description = describe(draft.chain, *spoken)
    except Unspeakable as error:
        raise Rejected(f"unspeakable_{error.reason}", str(error)) from error
    return replace(draft, queries=queries, description=description)


def composed(draft: Draft, bench: Bench) -> Draft:
    """The chain is one function of its free inputs."""
    return replace(draft, advanced=compose(draft.chain, bench.ground.tools))


def executed(draft: Draft, bench: Bench) -> Draft:
    """The chain runs to an answer on the snapshot."""
    program = RunChain(draft.chain, draft.chain.inputs())
    (outcome,) = bench.episode.run([program])
    _raise_bug(outcome)
    if outcome.refused is not None:
        raise Rejected("refused", {"kind": outcome.refused.kind, "message": outcome.refused.message})
    if not 1 <= len(outcome.calls) <= MOST_CALLS:
        raise Rejected("too_many_calls", len(outcome.calls))
    return replace(draft, outcome=outcome).resting_on([program], [outcome])


def recomputed(draft: Draft, bench: Bench) -> Draft:
    """The host's own evaluation over the recorded results asks for the same calls and ends in the same answer.

    What the first sandbox says of the chain was said by a process that the tools own.
    """
    values: dict[str, str] = {}
    for literal in draft.chain.literals(every=True):
        if values.setdefault(literal.input, canonical(literal.value)) != canonical(literal.value):
            raise Rejected("inconsistent_input", literal.input)
    recorded = iter(draft.executed().calls)

    def call(step: str, tool: str, args: dict[str, Json]) -> Json:
        made = next(recorded, None)
        if made is None or canonical([step, tool, args]) != canonical([made.step, made.tool, made.args]):
            raise Rejected("other_calls", {"step": step, "tool": tool})
        if not has_fields(made.result, bench.ground.tools[tool]):
            raise Rejected("wrong_fields", tool)
        return made.result

    try:
        answer = evaluate(draft.chain, draft.chain.inputs(), call)
    except Refusal as refusal:
        raise Rejected("other_answer", {"refused": refusal.kind}) from refusal
    if next(recorded, None) is not None or canonical(answer) != canonical(draft.executed().answer):
        raise Rejected("other_answer", answer)
    return draft.passed("recomputed", {"calls": len(draft.executed().calls)})


def grounded(draft: Draft, bench: Bench) -> Draft:
    """The host's own copy of the rows holds what the results say, and the changes fit it one after the other."""
    ground = bench.ground
    try:
        evidence = check_grounded(draft.executed().calls, ground.tools, ground.index)
    except Ungrounded as error:
        raise Rejected("ungrounded", str(error)) from error
    return draft.passed("grounded", evidence)


def untruncated(draft: Draft, bench: Bench) -> Draft:
    """No list stopped at a limit that the request does not mention."""
    for call in draft.executed().calls:
        for param in bench.ground.tools[call.tool].contract.params:
            limit = param.schema.get("default")
            if param.role != "limit" or param.name in call.args or not isinstance(limit, int):
                continue
            if len(rows_of(call.result)) >= limit:
                raise Rejected("truncated", {"tool": call.tool, "limit": limit})
    return draft


def answered(draft: Draft, bench: Bench) -> Draft:
    """The answer says something: no empty text, no zero sum, no list with repetitions; or state changed."""
    outcome = draft.executed()
    answer = outcome.answer if isinstance(outcome.answer, list) else []
    for part, value in zip(draft.chain.answer, answer, strict=True):
        if value in (None, "", []) or (part.shape == "sum" and not value):
            raise Rejected("empty_answer", value)
        if isinstance(value, list) and any(item in value[:n] for n, item in enumerate(value)):
            raise Rejected("repeating_list", value)
    if not answer and not outcome.changes:
        raise Rejected("no_effect")
    for call in outcome.calls:
        if bench.ground.tools[call.tool].writes and not call.changes:
            raise Rejected("no_effect", call.tool)
    return draft


def traceable(draft: Draft, bench: Bench) -> Draft:
    """Every argument is a free input, or stands in an earlier result where its binding says."""
    del bench
    inputs = draft.chain.inputs()
    results: dict[str, list[Json]] = {}
    evidence: dict[str, dict[str, str]] = {}
    for call in draft.executed().calls:
        step = draft.chain.step(call.step)
        for name, value in call.args.items():
            binding = step.binding(name)
            if isinstance(binding, Literal):
                origin, allowed = f"input {binding.input}", [inputs[binding.input]]
            elif isinstance(binding, Ref):
                rows = [r for result in results[binding.step] for r in rows_of(result, binding.selector.path)]
                origin, allowed = f"{binding.step}.{binding.field}", [row[binding.field] for row in rows]
            else:
                raise Rejected("untraceable", {"step": call.step, "argument": name})
            if canonical(value) not in map(canonical, allowed):
                raise Rejected("untraceable", {"step": call.step, "argument": name, "value": value})
            evidence.setdefault(call.step, {})[name] = origin
        results.setdefault(call.step, []).append(call.result)
    return draft.passed("traceable", evidence)


def unique(draft: Draft, bench: Bench) -> Draft:
    """Every selector that means one row fits exactly one row of the recorded result."""
    del bench
    inputs = draft.chain.inputs()
    results = _results(draft.executed().calls)
    evidence: list[dict[str, Json]] = []
    for step, selector in selectors(draft.chain):
        rows = [row for result in results[step] for row in rows_of(result, selector.path)]
        if selector.kind in ("each", "all"):
            continue
        hits = [row for row in rows if _fits(row, rows, selector, inputs)]
        if len(hits) != 1:
            raise Rejected("ambiguous", {"step": step, "selector": selector.kind, "rows": len(hits)})
        shown: dict[str, Json] = {"step": step, "selector": selector.kind, "of": len(rows)}
        evidence.append({**shown, "field": selector.field} if selector.field else shown)
    return draft.passed("unique", evidence)


def _fits(row: dict[str, Any], rows: list[dict[str, Any]], selector: Selector, inputs: dict[str, Json]) -> bool:
    if selector.kind == "only":
        return True
    value = row[selector.field]
    if value is None:
        return False
    if selector.kind == "where":
        return selector.literal is not None and bool(value == inputs[selector.literal.input])
    others = [other[selector.field] for other in rows if other[selector.field] is not None]
    return not any(other > value if selector.kind == "max" else other < value for other in others)


def unleaked(draft: Draft, bench: Bench) -> Draft:
    """The words give away no machine key, tool name, intermediate value or answer."""
    queries = draft.asked()
    environment = bench.ground.environment
    for text in (queries.easy, queries.hard):
        found = leaks(text, draft.chain, draft.executed().calls, bench.ground.tools, environment.schema)
        if found:
            raise Rejected("leak", {"text": text, "found": list[Json](found)})
    return draft.passed("no_leak", {"searched": ["easy", "hard"]})


def equivalent(draft: Draft, bench: Bench) -> Draft:
    """The composite equals the chain, refusals included, on the original and on other draws; enough of them succeed.

    The first DRAWS other draws are compared as they fall. Where too few of them
    succeed, more draws are tried with the chain alone, and those that succeed
    are compared as well.
    """
    original = draft.chain.inputs()
    drawn = _other_draws(draft, bench)
    first = list(itertools.islice(drawn, DRAWS))
    if len(first) < DRAWS:
        raise Rejected("few_other_draws", {"draws": len(first), "needed": DRAWS})
    draft, outcomes = _compared([original, *first], draft, bench)
    missing = ENOUGH - sum(outcome.refused is None for outcome in outcomes[1:])
    if missing > 0:
        more = list(drawn)
        tried = bench.episode.run([RunChain(draft.chain, inputs) for inputs in more])
        for outcome in tried:
            _raise_bug(outcome)
        working = [inputs for inputs, o in zip(more, tried, strict=True) if o.refused is None][: missing + 1]
        if len(working) < missing:
            raise Rejected("few_draws_succeed", {"draws": len(first) + len(more), "missing": missing - len(working)})
        draft, others = _compared(working, draft, bench)
        outcomes += others
        first += working
    evidence = [
        {"inputs": inputs, "outcome": _refusal(outcome) or "answered"}
        for inputs, outcome in zip([original, *first], outcomes, strict=True)
    ]
    successes = [outcome for outcome in outcomes[1:] if outcome.refused is None]
    same = sum(_gist(outcome) == _gist(draft.executed()) for outcome in successes)
    if same / len(successes) > GUESSABLE:
        raise Rejected("guessable", {"same": same, "of": len(successes)})
    return draft.passed("composite_equal", evidence)


def _compared(draws: list[dict[str, Json]], draft: Draft, bench: Bench) -> tuple[Draft, list[Outcome]]:
    """The draft, now resting on these runs, and the chain's outcome on each draw, after its composite gave the same."""
    advanced = draft.composed()
    programs = _pairs(draft.chain, advanced, draws)
    outcomes = bench.episode.run(programs)
    for inputs, chain, composite in zip(draws, outcomes[::2], outcomes[1::2], strict=True):
        _raise_bug(chain)
        _raise_bug(composite)
        if _meaning(chain) != _composite_meaning(composite, advanced):
            raise Rejected("composite_differs", {"inputs": inputs, "refused": _refusal(chain)})
    return draft.resting_on(programs, outcomes), outcomes[::2]


def _other_draws(draft: Draft, bench: Bench) -> Iterator[dict[str, Json]]:
    """Draws of the free inputs that differ from the original and from each other, as far as there are any."""
    rng = seeded(draft.key, "draws")
    drawing = Draws(bench.ground)
    seen = [draft.chain.inputs()]
    for _ in range(REDRAWS):
        inputs = drawing.redraw(draft.chain, rng)
        if inputs is not None and inputs not in seen:
            seen.append(inputs)
            yield inputs


def choices_matter(draft: Draft, bench: Bench) -> Draft:
    """Taking the first row, the other extreme, or leaving out an optional filter leads to another outcome."""
    results = _results(draft.executed().calls)
    mutants = _mutants(draft.chain, results, bench)
    if not mutants:
        return draft.passed("choices_matter", [])
    programs = [RunChain(chain, chain.inputs()) for _, chain in mutants]
    outcomes = bench.episode.run(programs)
    right = draft.executed()
    for (name, _), outcome in zip(mutants, outcomes, strict=True):
        if outcome.bug is None and _meaning(outcome) == _meaning(right):
            raise Rejected(f"{name.split(' ')[0]}_does_as_well", name)
    return draft.resting_on(programs, outcomes).passed("choices_matter", [name for name, _ in mutants])


def reproduced(draft: Draft, bench: Bench) -> Draft:
    """A fresh episode in the other sandbox gives the same, call by call, for every run that a proof rests on.

    It is another process at another real time, with another hash seed, and gives rows in the opposite order wherever
    a query asks for none. And it is witnessed: what is recorded is not the word of a process that tools own.
    """
    with bench.second.episode(witnessed=True) as episode:
        outcomes = episode.run([program for program, _ in draft.runs])
    for number, ((_, right), outcome) in enumerate(zip(draft.runs, outcomes, strict=True)):
        if number == 0:
            _raise_bug(outcome)
        ours, theirs = _text(right), _text(outcome)
        for position, (call, our, their) in enumerate(zip(right.calls, ours, theirs, strict=False), start=1):
            if our != their:
                raise Rejected("not_reproduced", {"run": number, "call": position, "tool": call.tool})
        if ours != theirs or (right.bug is None) != (outcome.bug is None):
            raise Rejected("not_reproduced", {"run": number, "call": None, "refused": _refusal(outcome)})
    right = draft.executed()
    evidence = {"calls": len(right.calls), "rows_changed": len(right.changes), "runs": len(draft.runs)}
    return draft.passed("reproduced", evidence)


def _results(calls: Sequence[Call]) -> dict[str, list[Json]]:
    results: dict[str, list[Json]] = {}
    for call in calls:
        results.setdefault(call.step, []).append(call.result)
    return results


def _raise_bug(outcome: Outcome) -> None:
    if outcome.bug is not None:
        bug = outcome.bug
        evidence: dict[str, Json] = {"tool": bug.tool, "error": f"{bug.type}: {bug.message}", "line": bug.line}
        raise Rejected("tool_bug", evidence)


def _refusal(outcome: Outcome) -> str:
    return "" if outcome.refused is None else outcome.refused.kind


def _pairs(chain: Chain, advanced: AdvancedTool, draws: Sequence[dict[str, Json]]) -> list[Program]:
    programs: list[Program] = []
    for inputs in draws:
        programs += [RunChain(chain, inputs), RunSource(advanced.source, advanced.name, inputs)]
    return programs


def _meaning(outcome: Outcome) -> str:
    """What two renderings must share: answer and net changes, or the kind of refusal and a tool's own words."""
    if outcome.refused is not None:
        kind = outcome.refused.kind
        return canonical(["refused", kind, outcome.refused.message if kind == "tool_error" else ""])
    return canonical(["answered", outcome.answer, [change.to_json() for change in outcome.changes]])


def _gist(outcome: Outcome) -> str:
    """What could be guessed: the answer, or where none is asked for, the effect."""
    return canonical(outcome.answer) if outcome.answer else _meaning(outcome)


def _composite_meaning(outcome: Outcome, advanced: AdvancedTool) -> str:
    if outcome.refused is not None or not isinstance(outcome.answer, dict):
        return _meaning(outcome)
    if sorted(outcome.answer) != sorted(advanced.answer_names):
        return canonical(["other fields", sorted(outcome.answer)])
    return _meaning(replace(outcome, answer=[outcome.answer[name] for name in advanced.answer_names]))


def _text(outcome: Outcome) -> list[str]:
    """An outcome as text, a line a call and one for the end, so that 1, 1.0 and true are told apart."""
    lines = [
        canonical([c.step, c.tool, c.args, c.result, c.error, [change.to_json() for change in c.changes]])
        for c in outcome.calls
    ]
    return [*lines, _meaning(outcome)]


def _mutants(chain: Chain, results: dict[str, list[Json]], bench: Bench) -> list[tuple[str, Chain]]:
    mutants: list[tuple[str, Chain]] = []
    for at, selector in selectors(chain):
        if selector.kind not in ("max", "min", "where"):
            continue
        rows = [row for result in results[at] for row in rows_of(result, selector.path)]
        if len(rows) < 2:
            continue
        if selector.kind != "where":
            other = replace(selector, kind="min" if selector.kind == "max" else "max")
            mutants.append((f"other_extreme of {selector.field} in {at}", _with_selector(chain, at, selector, other)))
        first = _first_row(rows, selector)
        if first is None:
            raise Rejected("first_row_unclear", at)
        mutants.append((f"first_row in {at}", _with_selector(chain, at, selector, first)))
    for step in chain.steps:
        for param in bench.ground.tools[step.tool].contract.params:
            if param.role == "filter" and not param.required and step.binding(param.name) is not None:
                kept = Step(step.id, step.tool, tuple(b for b in step.bindings if b[0] != param.name))
                steps = tuple(kept if s.id == step.id else s for s in chain.steps)
                mutants.append((f"no_filter {param.name} in {step.id}", replace(chain, steps=steps)))
    return mutants


def _first_row(rows: list[dict[str, Any]], selector: Selector) -> Selector | None:
    """A selector that takes the first row, by any field whose value only that row has."""
    for name, value in rows[0].items():
        if isinstance(value, bool | int | float | str) and sum(row[name] == value for row in rows) == 1:
            return Selector("where", selector.path, name, Literal("_first", value))
    return None


def _with_selector(chain: Chain, at: str, old: Selector, new: Selector) -> Chain:
    def changed(step: Step) -> Step:
        bindings = tuple(
            (n, replace(b, selector=new) if isinstance(b, Ref) and b.step == at and b.selector == old else b)
            for n, b in step.bindings
        )
        return Step(step.id, step.tool, bindings)

    answer = tuple(replace(p, selector=new) if p.step == at and p.selector == old else p for p in chain.answer)
    return Chain(tuple(changed(step) for step in chain.steps), answer)
