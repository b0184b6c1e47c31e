"""The easy query: the same request with the look-ups spelt out step by step, in words and without ids.

Where several rows of one table are met, each gets a name of its own when it
first appears, so that "that order" never has two meanings.
"""

from __future__ import annotations

import dataclasses
import typing

from environments import AnswerPart, Captured, Ref, Selector, Step

from .hard import MOST_WORDS
from .noun_phrases import NounPhrases
from .phrase import Noun, Phrase, Said, Speaker, nouns, spaced
from .questions import question, result_clause
from .requests import request
from .sentences import check_inputs, choice, sentence
from .unspeakable import Unspeakable

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_MIDDLE = ("then", "next", "after that")


class _Clause(typing.NamedTuple):
    """One instruction, and the nouns that it makes known."""

    phrase: Phrase
    known: tuple[Noun, ...] = ()


def easy_query(described: NounPhrases, key: str) -> str:
    """The text of the easy query.

    Raises:
        Unspeakable: It cannot be said plainly.
    """
    clauses = _clauses(described)
    first = _Guide(brief=True)
    for clause in clauses:
        first.clause(clause)
    naming, ordinals = _names(first.order, first.recalled)
    second = _Guide(naming=naming, announcing=ordinals)
    texts = [second.clause(clause) for clause in clauses]
    text = " ".join(_numbered(texts, key))
    check_inputs(described.chain, second.inputs, text)
    if len(text.split()) > 2 * MOST_WORDS:
        raise Unspeakable("too_long", f"{len(text.split())} words")
    return text


@dataclasses.dataclass(slots=True)
class _Guide(Speaker):
    """A speaker who calls known rows by the names they were given.

    Attributes:
        naming: Key of a noun -> the name to use for it; the rest is "that ...".
        order: The nouns in the order in which they were met.
        announcing: The nouns whose names have to be given when they first appear.
    """

    naming: dict[str, str] = dataclasses.field(default_factory=dict)
    order: list[Noun] = dataclasses.field(default_factory=list)
    announcing: frozenset[str] = frozenset()

    def clause(self, clause: _Clause) -> str:
        """The text of one instruction, with "(the first order)" after a row whose name is an ordinal."""
        before = set(self.mentioned)
        text = self.say(clause.phrase)
        for noun in clause.known:
            if noun.key not in self.mentioned:
                self.mentioned[noun.key] = noun
                text += self._announced(noun)
        for noun in self.mentioned.values():
            if noun.key not in before:
                self.order.append(noun)
        return text

    def _noun(self, noun: Noun) -> str:
        known = noun.key in self.mentioned
        text = Speaker._noun(self, noun)
        return text if known else text + self._announced(noun)

    def _announced(self, noun: Noun) -> str:
        return f" ({self.naming[noun.key]})" if noun.key in self.announcing else ""

    def again(self, noun: Noun) -> str:
        """The name of a noun that is known."""
        return self.naming.get(noun.key) or f"{'those' if noun.plural else 'that'} {noun.head}"


def _names(order: list[Noun], recalled: set[str]) -> tuple[dict[str, str], frozenset[str]]:
    """A name for each noun that "that ..." would not tell apart from another, and those whose name is an ordinal."""
    named: dict[str, str] = {}
    ordinals: list[str] = []
    given: set[tuple[str, bool]] = set()
    by_head: dict[tuple[str, bool], list[Noun]] = {}
    for noun in order:
        if noun.before == ("new",):
            named[noun.key] = f"the new {noun.one}"
            continue
        if noun.given:
            named[noun.key] = f"that {noun.one}"
            given.add((noun.one, False))
            continue
        by_head.setdefault((noun.head, noun.plural), []).append(noun)
    for head, same in by_head.items():
        vague = [noun for noun in same if noun.key in recalled and not _described(noun, same)]
        if head in given and vague:
            raise Unspeakable("ambiguous_reference", f"'that {head[0]}' could mean two things")
        if len(same) < 2:
            continue
        if len(same) > len(_ORDINALS) and vague:
            raise Unspeakable("confusable", f"{len(same)} different rows are all called {same[0].head!r}")
        for position, noun in enumerate(same):
            if vague:
                ordinal = _ORDINALS[position]
                named[noun.key] = f"the {ordinal} {'group of ' if noun.plural else ''}{noun.head}"
                ordinals.append(noun.key)
            else:
                named[noun.key] = _described(noun, same)
    return named, frozenset(ordinals)


def _described(noun: Noun, same: list[Noun]) -> str:
    """ "the most recent order", where that can be no other of the nouns with the same head; else ""."""
    if not noun.before or any(other.before == noun.before and other.key != noun.key for other in same):
        return ""
    return Speaker().say(spaced("the", noun.before, noun.head))


def _clauses(described: NounPhrases) -> list[_Clause]:
    chain = described.chain
    clauses: list[_Clause] = []
    met: set[str] = set()
    for position, step in enumerate(chain.steps):
        tool = described.tools[step.tool]
        parts = [part for part in chain.answer if part.step == step.id]
        if tool.writes:
            clauses.append(_write(step, parts, described))
            continue
        clauses.append(_read(step, described, met))
        later_write = any(described.tools[later.tool].writes for later in chain.steps[position + 1 :])
        if later_write:
            clauses += [_answer([part], described, step) for part in parts]
    asked = [part for part in chain.answer if not _told(part, described)]
    if asked:
        clauses.append(_answer(asked, described, chain.steps[-1]))
    return clauses


def _told(part: AnswerPart, described: NounPhrases) -> bool:
    """Whether a part is asked for on the way: with its write, or before a write that comes later."""
    steps = described.chain.steps
    position = next(i for i, step in enumerate(steps) if step.id == part.step)
    return any(described.tools[step.tool].writes for step in steps[position:])


def _read(step: Step, described: NounPhrases, met: set[str]) -> _Clause:
    """Looking something up, and taking from it what later steps need."""
    noun = described.rows(step.id)
    taken = _taken(step, described)
    fanned = any(isinstance(b, Ref) and b.selector.kind == "each" for _, b in step.bindings)
    if fanned:
        phrase: Phrase = _for_each(step, noun, described)
    elif noun.key in met:
        phrase = ("look up the details of ", noun)
    elif any(isinstance(b, Ref | Captured) for _, b in step.bindings):
        phrase = ("look up ", noun)
    else:
        phrase = ("list " if noun.plural else "find ", noun)
    met |= {noun.key, *(inner.key for inner in nouns((noun,)))}
    singled = [row for row in taken if row.key not in met]
    known = [noun, *singled]
    for index, row in enumerate(singled):
        lead = (", and take " if fanned else " and take ") if index == 0 else " and also "
        phrase = (*phrase, lead, *_one_of(row, noun))
        met.add(row.key)
    return _Clause(phrase, tuple(known))


def _taken(step: Step, described: NounPhrases) -> list[Noun]:
    """The single rows that are taken from a step's result, each once."""
    selectors: list[Selector] = []
    for later in described.chain.steps:
        for _, binding in later.bindings:
            if isinstance(binding, Ref) and binding.step == step.id:
                selectors.append(binding.selector)
    selectors += [part.selector for part in described.chain.answer if part.step == step.id]
    rows: dict[str, Noun] = {}
    for selector in selectors:
        if selector.kind in ("each", "all"):
            continue
        row = described.row(step.id, selector)
        if not row.plural:
            rows.setdefault(row.key, row)
    return list(rows.values())


def _one_of(row: Noun, base: Noun) -> Phrase:
    """ "the most recent one"; a row inside another row is named in full."""
    return ("the ", *row.picked) if row.key.startswith(base.key + "[") else (row,)


def _for_each(step: Step, noun: Noun, described: NounPhrases) -> Phrase:
    """ "for each of those orders, look up the payment for that order"."""
    for _, binding in step.bindings:
        if not isinstance(binding, Ref) or binding.selector.kind != "each":
            continue
        rows = described.row(binding.step, binding.selector)
        if noun.key == rows.key:
            return ("look up the details of each of ", rows)
        said = f"that {rows.one}"
        if described.value(binding) == (noun,):
            column = described.tool(binding.step).contract.field(binding.field, binding.selector.path).source
            forward = described.lexicon.link(column.table, column.column).forward if column is not None else "of"
            return ("for each of ", rows, f", look up the {noun.one} {forward} {said}")
        one = dataclasses.replace(noun, plural=described.tools[step.tool].contract.many)
        return ("for each of ", rows, ", look up ", *_of_one(one.full(), rows, said))
    return ("look up ", noun)


def _of_one(phrase: Phrase, rows: Noun, said: str) -> Phrase:
    """`phrase` with `said` where several rows stood, and in the singular what hangs on them."""
    swapped: list[str | Said | Noun] = []
    for part in phrase:
        if not isinstance(part, Noun):
            swapped.append(part)
        elif part.key == rows.key:
            swapped.append(said)
        elif rows.key in {inner.key for inner in nouns(part.full())}:
            swapped += _of_one(dataclasses.replace(part, plural=False).full(), rows, said)
        else:
            swapped.append(part)
    return tuple(swapped)


def _write(step: Step, parts: list[AnswerPart], described: NounPhrases) -> _Clause:
    phrase = request(step, described)
    outcome = described.rows(step.id)
    for index, part in enumerate(parts):
        lead = ", and tell me " if index == 0 else " and "
        phrase = (*phrase, lead, *result_clause(part, step, described))
    known = (outcome,) if outcome.key.startswith("outcome:") and (outcome.whole or outcome.before) else ()
    return _Clause(phrase, known)


def _answer(parts: list[AnswerPart], described: NounPhrases, last: Step) -> _Clause:
    """Asking for parts of the answer; rows that were looked up just before are only counted."""
    clauses = [_asked(part, described, last, len(parts) == 1) for part in parts]
    inner = any(isinstance(part, str) and ", " in part for clause in clauses for part in clause)
    phrase: Phrase = ("tell me ", *clauses[0])
    for position, clause in enumerate(clauses[1:], start=2):
        ending = " and " if len(clauses) == 2 and not inner else ", and "
        phrase = (*phrase, ending if position == len(clauses) else ", ", *clause)
    return _Clause(phrase)


def _asked(part: AnswerPart, described: NounPhrases, last: Step, alone: bool) -> Phrase:
    if part.shape != "count":
        return question(part, described, 0).clause
    question(part, described, 0)
    if alone and part.step == last.id and not _taken(last, described):
        return ("how many there are",)
    return ("how many of ", described.row(part.step, part.selector), " there are")


def _numbered(texts: list[str], key: str) -> list[str]:
    if len(texts) == 1:
        return [sentence(texts[0])]
    said: list[str] = []
    for position, text in enumerate(texts):
        if position == 0:
            lead = "first, "
        elif position == len(texts) - 1 and len(texts) > 2:
            lead = "finally, "
        else:
            lead = "then " if len(texts) == 2 else _middle(position, key)
        said.append(sentence(lead + text))
    return said


def _middle(position: int, key: str) -> str:
    word = _MIDDLE[(position + choice(key, "easy")) % len(_MIDDLE)]
    return f"{word} " if word == "then" else f"{word}, "
