"""Filling an author's template: `{parameter}` becomes a noun phrase or the words of a value.

A clause (from one comma to the next) that mentions a parameter which is not
bound is left out. Templates are read here only; what an argument means is
`noun_phrases.py`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping

from .inflect import is_plural, singular, word_set
from .lexicon import Lexicon
from .phrase import Noun, Phrase, Said
from .unspeakable import Unspeakable

_HOLE = re.compile(r"\{(\w+)\}")
_LEADS = r"(?:(?:the|an?)\s+)?{head}(?:\s+(?:with the\s+)?(?:number|name|code|named|called|id))*\s*$"
_THE = ("United States", "United Kingdom", "Netherlands", "Philippines", "Czech Republic", "Dominican Republic")
_SMALL_WORDS = word_set("to of for from in on at with by and or as is was has this its")

Argument = Callable[[bool], Phrase]
"""The words of one argument; called with True where the template itself has quotation marks around it."""


def holes(template: str) -> tuple[str, ...]:
    """The parameters that a template mentions, each once."""
    return tuple(dict.fromkeys(_HOLE.findall(template)))


def fill(template: str, arguments: Mapping[str, Argument], lexicon: Lexicon) -> Phrase:
    """The phrase of `template`.

    Raises:
        Unspeakable: Every clause needs a parameter that is not bound.
    """
    kept = [clause for clause in _clauses(template) if all(name in arguments for name in holes(clause))]
    if not kept or (holes(template) and not any(holes(clause) for clause in kept)):
        raise Unspeakable("unbound_parameter", f"the template {template!r} needs a parameter that the call leaves out")
    return tuple(_fill("".join(kept).removeprefix(", "), arguments, lexicon))


def _clauses(template: str) -> list[str]:
    return re.findall(r"(?:^|, )(?:(?!, ).)*", template)


def _fill(template: str, arguments: Mapping[str, Argument], lexicon: Lexicon) -> Iterator[str | Said | Noun]:
    pieces = _HOLE.split(template)
    for index in range(0, len(pieces), 2):
        text = pieces[index]
        if index == len(pieces) - 1:
            if text:
                yield text
            return
        following = pieces[index + 2]
        argument = arguments[pieces[index + 1]]
        phrase = _fitted(argument(text.endswith(('"', "'"))), following)
        if phrase and isinstance(phrase[0], Noun):
            text = _without_head(text, phrase[0], lexicon)
            noun = _without_role(phrase[0], following)
            phrase = (noun, *phrase[1:])
            pieces[index + 2] = re.sub(rf"^ as the {re.escape(noun.one)}(?=,|$)", "", following)
        elif len(phrase) == 1 and isinstance(phrase[0], Said) and phrase[0].text == "1":
            pieces[index + 2] = _for_one(following)
        elif len(phrase) == 1 and isinstance(phrase[0], Said) and re.search(r"(?:^|\s)(?:in|from) $", text):
            phrase = (definite(phrase[0]),)
        if text:
            yield text
        yield from phrase


def definite(place: Said) -> Said:
    """A country's name with the article that it has after "in" and "from"."""
    return Said(place.input, f"the {place.text}") if place.text in _THE else place


def _without_role(noun: Noun, following: str) -> Noun:
    """A person by name alone where the role follows: "make Ann Lee the owner of"."""
    named = noun.person and len(noun.whole) > 1 and noun.whole[0] == f"the {noun.one} "
    if not named or not following.startswith(f" the {noun.one} of"):
        return noun
    return dataclasses.replace(noun, whole=noun.whole[1:])


def _without_head(text: str, noun: Noun, lexicon: Lexicon) -> str:
    """`text` without a last "order" or "the order number" that the noun phrase says itself."""
    head = re.escape(lexicon.entity(noun.table).one)
    return re.sub(r"(?:^|(?<=\s))" + _LEADS.replace("{head}", head), "", text)


def _for_one(following: str) -> str:
    """What follows the number 1, with its noun in the singular: " new unit to" for " new units to"."""
    words = following.split(" ")
    for position, word in enumerate(words[1:], start=1):
        bare = word.rstrip(",")
        if not bare.isalpha() or bare in _SMALL_WORDS:
            break
        if is_plural(bare):
            words[position] = singular(bare) + word[len(bare) :]
            break
        if bare != word:
            break
    return " ".join(words) if following.startswith(" ") else following


def _fitted(phrase: Phrase, following: str) -> Phrase:
    """A value without its unit when the template goes on with that unit."""
    word = re.match(r"\s+(\w+)", following)
    if word is None or len(phrase) != 1 or not isinstance(phrase[0], Said):
        return phrase
    said = phrase[0]
    return (Said(said.input, said.text.removesuffix(" " + word[1])),)
