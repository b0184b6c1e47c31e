"""Phrases as trees, and saying them: a noun that was mentioned before is said again as "that order".

A phrase is text, the words of free inputs, and nouns that hold phrases in turn.
What a noun stands for is its key, so that two ways of getting at the same row are
one thing, and two rows of one table are two.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import dataclass, field

from .unspeakable import Unspeakable


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a free input's value."""

    input: str
    text: str


@dataclass(frozen=True, slots=True)
class Noun:
    """A row, or rows, as a noun phrase: "the most recent pending order placed by NP".

    Attributes:
        key: What it stands for; equal keys are the same row or rows.
        table: The table whose row it is.
        one: The head in the singular; `many` in the plural.
        plural: Whether it means several rows.
        before: What stands between the article and the head.
        filters: What follows the head: "costing at most 500 cents".
        extreme: "with the highest total", among those that the rest describes.
        relation: The phrase that leads to the next noun: "placed by NP".
        whole: Said as it stands instead of all that.
        bounded: A set whose own size or order is part of its meaning ("the 5 most recent orders").
        role: The head is a role and not the table's usual noun.
        given: Known from an earlier turn; always "that order".
        parents: The rows that its foreign keys are known to point at, by column.
        picked: How the row was told from the others of its kind: "most recent one".
    """

    key: str
    table: str
    one: str
    many: str
    plural: bool = False
    person: bool = False
    before: Phrase = ()
    filters: Phrase = ()
    extreme: str = ""
    relation: Phrase = ()
    whole: Phrase = ()
    article: str = "the"
    bounded: bool = False
    role: bool = False
    given: bool = False
    parents: tuple[tuple[str, Noun], ...] = ()
    picked: Phrase = ()

    @property
    def head(self) -> str:
        """The head noun in its number."""
        return self.many if self.plural else self.one

    @property
    def is_named(self) -> bool:
        """Whether it is one row called by a name and by nothing else: "the member Ann Lee", "order W10237"."""
        if self.plural or self.before or self.extreme or self.relation:
            return False
        if not self.whole:
            name = self.filters[1:] if self.filters[:1] == ("named ",) else self.filters
            return len(name) == 1 and isinstance(name[0], Said)
        return not any(isinstance(f, Noun) or (isinstance(f, str) and " with " in f) for f in self.whole)

    def body(self) -> Phrase:
        """The noun phrase without its article."""
        if self._ends_with_name() and (not self.filters or (_is_with(self.filters) and not self.extreme)):
            return spaced(self.before, self.head, joined(self.relation, self.filters), self.extreme)
        among = (self.extreme, " among those") if self.filters or self.relation else (self.extreme,)
        tail = joined(self.filters, self.relation)
        return spaced(self.before, self.head, among if self.extreme else (), tail)

    def _ends_with_name(self) -> bool:
        """Whether the relation ends with a row called by its name, of which no "with ..." after it can be told."""
        last = self.relation[-1] if len(self.relation) == 2 else None
        if not isinstance(last, Noun) or last.table == self.table or (last.person and self.person):
            return False
        if self.extreme and str(self.relation[0]).startswith("with "):
            return False
        return last.is_named

    def full(self) -> Phrase:
        """The noun phrase written out."""
        return self.whole or spaced(self.article, self.body())

    def short(self) -> Phrase:
        """The noun phrase without what it is related to."""
        if self.whole:
            return (f"the {self.head}",)
        return spaced("the", self.before, self.head, self.extreme)


Fragment = str | Said | Noun
Phrase = tuple[Fragment, ...]


def spaced(*parts: str | Phrase) -> Phrase:
    """The parts that are not empty, one space between them."""
    joined: list[Fragment] = []
    for part in parts:
        phrase = (part,) if isinstance(part, str) else part
        phrase = tuple(fragment for fragment in phrase if fragment != "")
        if phrase:
            joined += [" ", *phrase] if joined else phrase
    return tuple(joined)


def joined(phrase: Phrase, added: Phrase) -> Phrase:
    """Two modifiers after a noun: "with the color red and the size 42", "in Ohio, USA"."""
    first, lead = phrase[0] if phrase else "", added[0] if added else ""
    if isinstance(first, str) and first.startswith("with ") and isinstance(lead, str) and lead.startswith("with "):
        return (*phrase, " and ", lead.removeprefix("with "), *added[1:])
    if first == lead == "in ":
        return (*phrase, ", ", *added[1:])
    return spaced(phrase, added)


def _nouns(phrase: Phrase) -> list[Noun]:
    return [fragment for fragment in phrase if isinstance(fragment, Noun)]


def _is_with(filters: Phrase) -> bool:
    return str(filters[0]).startswith("with ") and not _nouns(filters)


def nouns(phrase: Phrase) -> Iterator[Noun]:
    """Every noun of a phrase, outer ones first."""
    for fragment in phrase:
        if isinstance(fragment, Noun):
            yield fragment
            yield from nouns(fragment.full())


@dataclass(slots=True)
class Speaker:
    """Says phrases one after the other and knows what has been mentioned.

    Attributes:
        mentioned: The nouns said so far, by key.
        inputs: The free inputs said so far.
        texts: What was said for which key.
        recalled: The nouns that were said again.
        deepest: How deep nouns have nested.
        brief: Says "x" for every free input and does not look for confusion: only to measure.
    """

    mentioned: dict[str, Noun] = field(default_factory=dict)
    inputs: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)
    recalled: set[str] = field(default_factory=set)
    depth: int = 0
    deepest: int = 0
    brief: bool = False

    def copy(self, *, brief: bool = False) -> Speaker:
        """A speaker who knows the same, to try a phrase on; a brief one says "x" for every free input."""
        return Speaker(dict(self.mentioned), set(self.inputs), dict(self.texts), brief=brief)

    def say(self, phrase: Phrase) -> str:
        """The text of a phrase.

        Raises:
            Unspeakable: Two nouns with different meanings would be said in the same words.
        """
        return "".join(self._fragment(fragment) for fragment in phrase)

    def again(self, noun: Noun) -> str:
        """How a noun that was mentioned is said again, or "" when "that ..." could mean another one."""
        that = "those" if noun.plural else "that"
        like = [
            other
            for other in self.mentioned.values()
            if other.key != noun.key
            and other.plural == noun.plural
            and (other.head == noun.head or (other.table == noun.table and not noun.role))
        ]
        if not like:
            return f"{that} {noun.head}"
        if noun.before and not noun.given and all(other.before != noun.before for other in like):
            return self.say(spaced(that, noun.before, noun.head))
        return ""

    def _fragment(self, fragment: Fragment) -> str:
        if isinstance(fragment, str):
            return fragment
        if isinstance(fragment, Said):
            self.inputs.add(fragment.input)
            return "x" if self.brief else fragment.text
        return self._noun(fragment)

    def _noun(self, noun: Noun) -> str:
        if noun.key in self.mentioned or noun.given:
            text = self.again(noun)
            if text:
                self.mentioned[noun.key] = noun
                self.recalled.add(noun.key)
                return text
            if noun.given:
                raise Unspeakable("ambiguous_reference", f"'that {noun.head}' could mean two things")
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)
        text = self.say(noun.full())
        self.depth -= 1
        held = self.texts.setdefault(text, noun.key)
        if held != noun.key and not self.brief:
            raise Unspeakable("confusable", f"two different things would both be called {text!r}")
        self.mentioned[noun.key] = noun
        return text


class Size(typing.NamedTuple):
    """How much a phrase asks of a reader: its words (a free input counts as one) and how deep its nouns nest."""

    words: int
    depth: int


def size(phrase: Phrase, speaker: Speaker) -> Size:
    """The size of a phrase if `speaker` said it next."""
    trial = speaker.copy(brief=True)
    text = trial.say(phrase)
    return Size(len(text.split()), trial.deepest)
