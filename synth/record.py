"""The sample record: the canonical form from which all exports are made, one JSON line a sample."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from environments import Json, Tool, chain_to_json
from sandbox import Call

from .digest import StateDigest
from .draft import Bench, Draft
from .shape import difficulty, scenario
from .words import tell

FORMAT = 1
NOT_COMPARED = "ran_on"  # facts of the run: level, image, host; the one field that may differ between equal runs


def write_sample(draft: Draft, bench: Bench) -> dict[str, Any]:
    """The record of a draft that passed every proof."""
    ground = bench.ground
    environment = ground.environment
    outcome = draft.executed()
    queries = draft.asked()
    advanced = draft.composed()
    answer = outcome.answer if isinstance(outcome.answer, list) else []
    words = len(queries.hard.split())
    reply = tell(draft.chain, answer, ground.tools, environment.schema, environment.settings.words)
    sample: dict[str, Any] = {
        "format": FORMAT,
        "environment": {
            "name": environment.name,
            "version": environment.version,
            "rows": sum(len(rows) for rows in ground.rows.values()),
            "rows_asked": ground.rows_asked,
            "rows_seed": environment.settings.seed if ground.rows_seed is None else ground.rows_seed,
        },
        "key": draft.key,
        "scenario": scenario(draft.chain),
        "turns": [
            {
                "chain": chain_to_json(draft.chain),
                "trace": _trace(outcome.calls, ground.digest),
                "answer": answer,
                "queries": {"easy": queries.easy, "hard": queries.hard},
            }
        ],
        "advanced_tool": {
            "name": advanced.name,
            "description": draft.description,
            "parameters": advanced.parameters,
            "returns": list(advanced.answer_names),
            "source": advanced.source,
            "equivalence": next(c.evidence for c in draft.checks if c.name == "composite_equal"),
        },
        "difficulty": difficulty(draft.chain, ground.tools, len(outcome.calls), words),
        "messages": _messages(environment.policy, queries.hard, outcome.calls, reply),
        "tools": [openai_tool(tool) for tool in environment.tools],
        "checks": [{"name": c.name, "passed": True, "evidence": c.evidence} for c in draft.checks],
        "written_by": {"easy": "template", "hard": "template", "reply": "template", "advanced_tool": "template"},
    }
    return {"id": sample_id(sample), **sample, NOT_COMPARED: dict(bench.second.facts)}


def sample_id(sample: dict[str, Any]) -> str:
    """The id of a record: a hash of everything in it but the id and the facts of the run."""
    content = {name: value for name, value in sample.items() if name not in ("id", NOT_COMPARED)}
    return "s" + hashlib.sha256(canonical(content).encode()).hexdigest()[:16]


def canonical(value: Any) -> str:
    """One line of canonical JSON: sorted keys, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def openai_tool(tool: Tool) -> dict[str, Any]:
    """A tool in the form that chat completion endpoints take."""
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters()},
    }


def _trace(calls: Sequence[Call], before: StateDigest) -> dict[str, Any]:
    shown: list[dict[str, Any]] = []
    state = before
    for call in calls:
        state = state.after(call.changes)
        shown.append(
            {
                "step": call.step,
                "tool": call.tool,
                "args": call.args,
                "result": call.result,
                "changes": [change.to_json() for change in call.changes],
                "digest": state.hex,
            }
        )
    return {
        "digest": before.hex,
        "calls": shown,
        "error_tool_response": any(call.error is not None for call in calls),
    }


def _messages(policy: str, request: str, calls: Sequence[Call], reply: str) -> list[dict[str, Any]]:
    """The solved conversation; the calls of one step go out together."""
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": policy.strip()},
        {"role": "user", "content": request},
    ]
    position = 0
    while position < len(calls):
        together = [call for call in calls[position:] if call.step == calls[position].step]
        ids = [f"call_{position + offset + 1}" for offset in range(len(together))]
        messages.append(
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"id": id, "type": "function", "function": {"name": c.tool, "arguments": _arguments(c.args)}}
                    for id, c in zip(ids, together, strict=True)
                ],
            }
        )
        messages += [
            {"role": "tool", "tool_call_id": id, "content": json.dumps(c.result, ensure_ascii=False)}
            for id, c in zip(ids, together, strict=True)
        ]
        position += len(together)
    messages.append({"role": "assistant", "content": reply})
    return messages


def _arguments(arguments: dict[str, Json]) -> str:
    return json.dumps(arguments, ensure_ascii=False)
