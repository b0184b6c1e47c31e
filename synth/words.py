"""Words: a chain as an easy query, a hard query and an answer sentence, by rules alone.

The front of this family of files: `noun_phrases.py` says what values denote,
`hard.py` and `easy.py` make the queries, `answers.py` the answer, `leaks.py` looks for
what a query must not say. No model is asked here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from environments import Chain, Json, Tool, Words
from schemas import Schema

from .answers import answer_text
from .easy import easy_query
from .hard import hard_query
from .leaks import leaks
from .lexicon import Lexicon
from .noun_phrases import NounPhrases
from .sentences import check_use
from .unspeakable import Unspeakable

__all__ = ["Queries", "Unspeakable", "ask", "leaks", "request", "tell"]


@dataclass(frozen=True, slots=True)
class Queries:
    """A request in words: `easy` spells the look-ups out, `hard` states the goal only."""

    easy: str
    hard: str


def ask(chain: Chain, tools: Mapping[str, Tool], schema: Schema, words: Words, key: str) -> Queries:
    """The queries of a chain; the same arguments give the same texts everywhere.

    Args:
        tools: Tools by name.
        key: Picks among wordings that mean the same.

    Raises:
        Unspeakable: No plain and unmistakable wording exists; its `reason` is for the counts.
    """
    check_use(chain, tools)
    described = NounPhrases(chain, tools, Lexicon(schema, words))
    return Queries(easy=easy_query(described, key), hard=hard_query(described, key))


def request(chain: Chain, tools: Mapping[str, Tool], schema: Schema, words: Words, key: str) -> str:
    """The hard query alone; arguments and errors as for `ask`."""
    check_use(chain, tools)
    return hard_query(NounPhrases(chain, tools, Lexicon(schema, words)), key)


def tell(chain: Chain, answer: Sequence[Json], tools: Mapping[str, Tool], schema: Schema, words: Words) -> str:
    """What is said when the chain has been run: what was done, and the answer part by part.

    Args:
        answer: One value a part, as `evaluate` returns it.

    Raises:
        Unspeakable: As for `ask`.
        ValueError: The answer does not have as many parts as the chain.
    """
    if len(answer) != len(chain.answer):
        raise ValueError(f"the chain's answer has {len(chain.answer)} parts, not {len(answer)}")
    return answer_text(NounPhrases(chain, tools, Lexicon(schema, words)), answer)
