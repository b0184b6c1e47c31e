"""From a schema to the contents of an environment folder: tools, words, inputs and policy.

The same schema and rows give the same text. It writes no files, makes no rows
and runs nothing: what comes out is checked in a sandbox like a person's work.
"""

from __future__ import annotations

import typing
from collections.abc import Sequence
from dataclasses import dataclass

from schemas import Rows, Schema

from .choose import choose
from .draft import Draft
from .reading import ReadingDrafts
from .survey import Survey, survey
from .wording import column_words, entity_words, link_words
from .write_tools import write_tools
from .writing import WritingDrafts


@dataclass(frozen=True, slots=True)
class Derived:
    """What a schema gives.

    Attributes:
        tools_source: The text of `tools.py`.
        words: The `[words]` table of `environment.toml`.
        inputs: Its `[inputs]` table.
        policy: The text of `policy.md`.
    """

    tools_source: str
    words: dict[str, typing.Any]
    inputs: dict[str, typing.Any]
    policy: str


def derive(schema: Schema, rows: Rows | None = None) -> Derived:
    """Derive tools, words, inputs and policy.

    Args:
        schema: Tables that no contract can name (dots, commas, brackets) get no tools.
        rows: Rows of some or all tables: they say which names are distinct and which columns
            have few values. Without them the declarations alone decide.

    Returns:
        The texts and tables. A schema from which no tool can be made gives a source without tools.
    """
    surveyed = survey(schema, rows)
    drafts = [*ReadingDrafts(schema, surveyed).drafts(), *WritingDrafts(schema, surveyed).drafts()]
    chosen = choose(_by_table(drafts, surveyed))
    words = {
        "entities": entity_words(surveyed),
        "columns": column_words(surveyed),
        "links": link_words(surveyed),
        "tools": {draft.name: dict(draft.words) for draft in chosen if draft.words},
    }
    inputs = {draft.name: {name: dict(v) for name, v in draft.inputs.items()} for draft in chosen if draft.inputs}
    return Derived(write_tools(chosen, _title(surveyed)), words, inputs, _policy(chosen, surveyed))


def _by_table(drafts: Sequence[Draft], surveyed: Survey) -> list[Draft]:
    """Drafts grouped by table in the order of the core, reading before writing."""
    return [draft for name in surveyed.core for draft in drafts if draft.table == name]


def _title(surveyed: Survey) -> str:
    return f"Tools over {_listed([surveyed.tables[name].many for name in surveyed.core[:4]])}."


def _policy(chosen: Sequence[Draft], surveyed: Survey) -> str:
    about = _listed(list(dict.fromkeys(surveyed.tables[draft.table].many for draft in chosen)))
    writes = [draft for draft in chosen if draft.group == "write"]
    lines = [
        "# Policy",
        "",
        f"You look after the records of {about or 'this database'}.",
        "",
        "- Answer from what the tools return, never from memory or by guessing.",
        "- Ids are for the tools. Look them up by what the person says, and do not ask the person for one.",
        "- When a tool refuses, say why in plain words instead of trying other values.",
    ]
    if not writes:
        return "\n".join([*lines, "- Nothing can be changed here; say so when asked to."]) + "\n"
    lines += [
        "- Change only what was asked for, and only the record that was meant. When several fit, say so first.",
        "- What can be done to the records:",
        *(f"  - {draft.text[0].lower()}{draft.text[1:].rstrip('.')}" for draft in writes),
        "- Nothing else can be changed; say so when asked to.",
    ]
    return "\n".join(lines) + "\n"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else ""
