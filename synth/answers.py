"""The answer in a sentence or two: what was done, then each part's value with what it is the value of."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from environments import AnswerPart, Json

from .hard import acts
from .inflect import intransitive, is_plural, join, plural, singular
from .noun_phrases import NounPhrases, Subject
from .phrase import Noun, Phrase, Said, Speaker, spaced
from .questions import NAMES, happened, subject, summed
from .requests import done, request
from .sentences import sentence
from .spoken import answered


def answer_text(described: NounPhrases, answer: Sequence[Json]) -> str:
    """The answer's sentences, in the order in which things were asked for.

    Raises:
        Unspeakable: A part asks for something nobody says.
    """
    values = dict(zip(described.chain.answer, answer, strict=True))
    texts: list[str] = []
    named = [_named(part, described) for part in described.chain.answer]
    alike = {name for name in named if named.count(name) > 1}
    for act in acts(described):
        if act.step is not None:
            told = done(request(act.step, described))
            texts.append("That is done." if told is None else sentence("I have " + _short(told)))
        for part in act.parts:
            in_full = _named(part, described) in alike
            texts.append(sentence(_part(part, values[part], described, in_full)))
    return " ".join(texts)


def _short(phrase: Phrase) -> str:
    """A phrase with every noun cut to its head and what stands before it."""
    return "".join(_fragment(fragment) for fragment in phrase)


def _fragment(fragment: str | Said | Noun) -> str:
    if isinstance(fragment, str):
        return fragment
    if isinstance(fragment, Said):
        return fragment.text
    if fragment.given:
        return Speaker().say((fragment,))
    return _short(fragment.short())


def _named(part: AnswerPart, described: NounPhrases) -> str:
    """What a part's sentence is about, in short: parts for which it is the same need more words."""
    return f"{part.shape} {part.field} {_fragment(described.row(part.step, part.selector))}"


def _part(part: AnswerPart, value: Json, described: NounPhrases, in_full: bool) -> str:
    if part.shape == "count":
        return _counted(described.row(part.step, part.selector), value, in_full)
    tool = described.tool(part.step)
    field = tool.contract.field(part.field, part.selector.path)
    own = part.field in described.lexicon.tool(tool.name).fields
    counted = None if own else described.aggregated(part.step, field)
    if counted is not None and field.aggregate == "count":
        return _counted(counted, value, in_full)
    found = subject(part, described)
    noun = found.noun if counted is None else counted
    label, unit = found.words.label, found.words.unit
    of = Speaker().say((noun,)) if in_full else _fragment(noun)
    if isinstance(value, list):
        items = join([answered(item, unit, described.lexicon, found.column, part.decimals) for item in value])
        labels = label if is_plural(label) else plural(label)
        return f"the {labels} of {of} {'are' if len(value) != 1 else 'is'} {items}"
    if found.column is not None and described.lexicon.is_flag(found.column):
        verb, name = described.lexicon.flag(found.column)
        negated = "" if value else "not "
        if verb == "has":
            return f"{of} {'has' if value else 'does not have'} {name}"
        return f"{of} is {negated}{described.lexicon.predicate(name)}"
    if part.shape == "sum":
        label = summed(found.words)
    text = answered(value, unit, described.lexicon, found.column, part.decimals)
    told = _told(part, found, of, value, text, described) if counted is None else ""
    if told:
        return told
    if label == noun.one or (noun.person and label in NAMES):
        return f"{of} is {text}"
    return f"the {label} of {of} {'are' if is_plural(label) else 'is'} {text}"


def _told(part: AnswerPart, found: Subject, of: str, value: Json, text: str, described: NounPhrases) -> str:
    """The answer in the words of the question: "the order was placed on 2025-03-01", or "" where they do not serve."""
    if part.shape != "value" or value is None:
        return ""
    column, tell = found.column, found.words.tell
    counted = found.words.label.removeprefix("number of ")
    if counted != found.words.label and isinstance(value, int) and not found.noun.plural:
        return f"{of} has {text} {singular(counted) if value == 1 else counted}"
    dated = column is not None and column.column and described.lexicon.denotation.kind(column) in ("date", "timestamp")
    done = happened(found, described) if dated else ""
    if not tell and done:
        return f"{of} {done if intransitive(done) else f'was {done}'} on {text}"
    when = re.fullmatch(r"when \{it\} (.+)", tell)
    if when is not None and dated:
        return f"{of} {when[1]} on {text}"
    many = re.fullmatch(r"how many (.+) \{it\} has", tell)
    if many is not None and isinstance(value, int | float):
        things = singular(many[1]) if value == 1 else many[1]
        return f"{of} has {text} {things}" if not found.words.unit else ""
    return f"{of} is in {text}" if re.fullmatch(r"in which \w+ \{it\} is", tell) else ""


def _counted(noun: Noun, value: Json, in_full: bool) -> str:
    number = value if isinstance(value, int) else 0
    said = dataclasses.replace(noun, plural=number != 1)
    phrase = said.body() if in_full else spaced(said.before, said.head)
    return f"there {'is' if number == 1 else 'are'} {number:,} {Speaker().say(phrase)}"
