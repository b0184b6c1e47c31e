"""What a chain's answer parts ask, as questions and as clauses ("what is the total of NP", "the total of NP")."""

from __future__ import annotations

import dataclasses
import typing

from environments import AnswerPart, ColumnRef, ColumnWords, Step

from .inflect import intransitive, is_participle, is_plural, plural, ungerund
from .noun_phrases import NounPhrases, Subject
from .phrase import Noun, Phrase, spaced
from .template import fill
from .unspeakable import Unspeakable

NAMES = ("name", "full name")
_PLACES = ("in ", "on ", "at ")
_SORTS = ("species", "breed", "type", "kind", "class", "genre", "format", "color", "colour", "size", "level", "status")
_LASTING = ("owned", "supplied", "held", "kept", "stored", "based", "located", "managed", "led")  # still so, not done


class Question(typing.NamedTuple):
    """One part of the answer, asked for.

    Attributes:
        asked: A sentence without its question mark.
        clause: What follows "tell me".
        imperative: The sentence is a command ("list ...") and takes a full stop.
        label: For a plain question of one field, "total, in cents,"; else "".
        noun: What is asked about.
        plain: The same with the noun at the very end, for a noun too long to stand inside; may be empty.
    """

    asked: Phrase
    clause: Phrase
    imperative: bool
    label: str
    noun: Noun
    plain: Phrase = ()

    @property
    def stranded(self) -> bool:
        """Whether words follow the noun that a reader must keep in mind until its end."""
        return isinstance(self.asked[-1], str) and self.noun in self.asked


def question(part: AnswerPart, described: NounPhrases, choice: int) -> Question:
    """The question for one part; `choice` picks between wordings that mean the same.

    Raises:
        Unspeakable: Nobody would ask for this.
    """
    if part.shape == "value":
        return _value(part, described, choice)
    if part.shape == "count":
        return _count(described.row(part.step, part.selector))
    return _over_rows(part, described, choice)


def subject(part: AnswerPart, described: NounPhrases) -> Subject:
    """What a part that names a field tells something of.

    Raises:
        Unspeakable: The field is a machine key or marked as nothing that people say.
    """
    found = described.subject(part.step, part.selector, part.field)
    column = found.column
    if column is not None and column.column and described.lexicon.denotation.is_surrogate(column):
        raise Unspeakable("surrogate_answer", f"{part.field!r} is a key that nobody asks for")
    if not found.words.speakable:
        raise Unspeakable("unspeakable_field", f"{part.field!r} is marked as nothing that people say")
    return found


def unit(words: ColumnWords) -> str:
    """A label's unit as an insertion: ", in cents,"."""
    return f", {words.unit}," if words.unit else ""


def result_clause(part: AnswerPart, step: Step, described: NounPhrases) -> Phrase:
    """What follows "tell me" for a field of what a write gives back: "the refund amount", "its new status"."""
    tool = described.tools[step.tool]
    found = subject(part, described)
    noun, words = found.noun, found.words
    acted = described.acted_on(step)
    column = "" if found.column is None else str(found.column)
    one = acted is not None and noun.key == acted.key and not noun.plural
    new = "new " if column in tool.contract.writes and not words.label.startswith("new ") else ""
    if words.tell and not (one and new):
        return fill(words.tell, {"it": lambda quoted: (noun,)}, described.lexicon)
    if one:
        owner = "their" if noun.person else "its"
        return (f"{owner} {new}{words.label}{_unit_after(words)}",)
    if noun.whole == (f"the {noun.one}",) and words.label.split(" ")[0] == noun.one.split(" ")[-1]:
        return (f"the {words.label}{_unit_after(words)}",)
    if part.step == step.id and found.noun.key.startswith("outcome:"):
        return (f"the {words.label}{unit(words)} of ", noun)
    return (f"the {new}{words.label}{unit(words)} of ", noun)


def _unit_after(words: ColumnWords) -> str:
    return f" {words.unit}" if words.unit else ""


def _value(part: AnswerPart, described: NounPhrases, choice: int) -> Question:
    tool = described.tool(part.step)
    field = tool.contract.field(part.field, part.selector.path)
    counted = described.aggregated(part.step, field) if part.field not in _own(tool.name, described) else None
    if counted is not None and field.aggregate == "count":
        return _count(counted)
    found = subject(part, described)
    if counted is not None:
        return _plain(dataclasses.replace(counted, article="all"), found.words.label, found.words)
    if found.noun.plural:
        raise Unspeakable("plural_value", f"one value is asked of several {found.noun.many}")
    asked = _worded(found, described, choice)
    if not found.words.tell or asked.clause == (found.noun,):
        return asked
    return asked._replace(clause=fill(found.words.tell, {"it": lambda quoted: (found.noun,)}, described.lexicon))


def _worded(found: Subject, described: NounPhrases, choice: int) -> Question:
    """The most natural wording for one field of one row."""
    noun, words, column = found
    plain = _plain(noun, words.label, words)
    lexicon = described.lexicon
    if words.label in (noun.one, noun.one.rpartition(" ")[2]) and not noun.person:
        # "the country of the country": the row is called by this field, so the noun alone asks for it.
        return Question(("what is ", noun), (noun,), False, "", noun)
    if words.ask:
        asked = fill(words.ask.rstrip("?"), {"it": lambda quoted: (noun,)}, lexicon)
        return Question(_lower(asked), plain.clause, False, "", noun, plain.asked)
    if column is not None and lexicon.is_flag(column):
        verb, label = lexicon.flag(column)
        return _flag(noun, verb, label if verb == "has" else lexicon.predicate(label))
    if words.label in NAMES and noun.person:
        return _who(noun)
    if words.label in (*NAMES, "title") and choice % 3 == 2 and not noun.person:
        return Question(("what is ", noun, " called"), plain.clause, False, "", noun, plain.asked)
    done = happened(found, described)
    if done and intransitive(done):
        asked = ("when did ", noun, f" {intransitive(done)}")
        return Question(asked, ("when ", noun, f" {done}"), False, "", noun, plain.asked)
    if done:
        return Question(("when was ", noun, f" {done}"), ("when ", noun, f" was {done}"), False, "", noun, plain.asked)
    if words.label.startswith("number of ") and _is_sort(noun):
        asked = (f"how many {words.label.removeprefix('number of ')} are there of ", noun)
        return Question(asked, plain.clause, False, "", noun)
    if words.label.startswith("number of "):
        things = words.label.removeprefix("number of ")
        asked = (f"how many {things} does ", noun, " have")
        return Question(asked, (f"how many {things} ", noun, " has"), False, "", noun, plain.asked)
    return plain


def happened(found: Subject, described: NounPhrases) -> str:
    """The participle of a date column that the author has not named himself: "placed", or ""."""
    column = found.column
    return described.lexicon.happened(column) if column is not None and not _labelled(column, described) else ""


def _own(tool: str, described: NounPhrases) -> set[str]:
    return set(described.lexicon.tool(tool).fields)


def _labelled(column: ColumnRef, described: NounPhrases) -> bool:
    """Whether the author has named the column himself."""
    known = described.lexicon.words.columns.get(str(column))
    return known is not None and bool(known.label)


def _plain(noun: Noun, label: str, words: ColumnWords) -> Question:
    verb = "what are" if is_plural(label) else "what is"
    asked: Phrase = (f"{verb} the {label}{unit(words)} of ", noun)
    return Question(asked, _of(noun, label, words), False, f"{label}{unit(words)}", noun)


def _of(noun: Noun, label: str, words: ColumnWords) -> Phrase:
    return (f"the {label}{unit(words)} of ", noun)


def _flag(noun: Noun, verb: str, label: str) -> Question:
    if verb == "has":
        return Question(("does ", noun, f" have {label}"), ("whether ", noun, f" has {label}"), False, "", noun)
    return Question(("is ", noun, f" {label}"), ("whether ", noun, f" is {label}"), False, "", noun)


def _who(noun: Noun) -> Question:
    lead = noun.relation[0] if noun.relation and not noun.whole and not noun.before and not noun.extreme else ""
    if isinstance(lead, str) and lead.startswith("who ") and not noun.plural:
        return Question(noun.relation, ("who ", noun, " is"), False, "", noun)
    return Question(("who is ", noun), ("who ", noun, " is"), False, "", noun)


def _count(noun: Noun) -> Question:
    if noun.bounded or noun.whole:
        raise Unspeakable("trivial_count", "the number is part of the request already")
    head: Phrase = spaced(noun.before, noun.many)
    lead = noun.relation[0] if noun.relation else ""
    first = lead.split(" ")[0] if isinstance(lead, str) and lead else ""
    if noun.relation and (is_participle(first) or first in _LASTING):
        verb = "are" if first in _LASTING else "were"
        asked = spaced("how many", head, noun.filters, verb, noun.relation)
        if lead == "owned by " and len(noun.relation) == 2 and not noun.filters:
            return _had(noun, head, asked)
    elif noun.relation and isinstance(lead, str) and lead.startswith(_PLACES):
        asked = spaced("how many", head, noun.filters, "are", noun.relation)
    elif noun.relation and ungerund(first):
        clause_: Phrase = (ungerund(first) + str(lead)[len(first) :], *noun.relation[1:])
        asked = spaced("how many", head, noun.filters, clause_)
    else:
        asked = spaced("how many", head, "are there", noun.filters, noun.relation)
        if lead == "of " and len(noun.relation) == 2 and not noun.filters:
            return _had(noun, head, asked)
        clause = spaced("how many", head, "there are", noun.filters, noun.relation)
        return Question(asked, clause, False, "", noun)
    return Question(asked, asked, False, "", noun)


def _is_sort(noun: Noun) -> bool:
    """Whether a row is what others are, and not what has them: nobody says that a species has pets."""
    return noun.one.rpartition(" ")[2] in _SORTS


def _had(noun: Noun, head: Phrase, asked: Phrase) -> Question:
    """ "How many pets does the owner have", where one row is what all the others are of."""
    owner = noun.relation[1]
    if not isinstance(owner, Noun) or owner.plural or _is_sort(owner):
        clause = asked if noun.relation[0] != "of " else spaced("how many", head, "there are", noun.relation)
        return Question(asked, clause, False, "", noun)
    have = (*spaced("how many", head, "does"), " ", owner, " have")
    return Question(have, (*spaced("how many", head), " ", owner, " has"), False, "", owner, asked)


def _over_rows(part: AnswerPart, described: NounPhrases, choice: int) -> Question:
    found = subject(part, described)
    if not found.noun.plural:
        raise Unspeakable("singular_rows", f"all rows are asked of one {found.noun.one}")
    noun = found.noun if found.noun.bounded or found.noun.whole else dataclasses.replace(found.noun, article="all")
    words = found.words
    if part.shape == "sum":
        label = summed(words)
        question = _plain(noun, label, words)
        return question._replace(label="")
    labels = words.label if is_plural(words.label) else plural(words.label)
    listed: Phrase = (f"the {labels}{unit(words)} of ", noun)
    verb = ("list ", "give me ")[choice % 2]
    return Question((verb, *listed), listed, True, "", noun)


def summed(words: ColumnWords) -> str:
    """What the sum of a field is called."""
    if words.label.startswith(("total ", "combined ", "number of ")):
        return words.label
    if is_plural(words.label) and not words.unit:
        return f"total number of {words.label}"
    return f"combined {words.label}"


def _lower(phrase: Phrase) -> Phrase:
    """With a small first letter; the sentence's own place decides about capitals."""
    first = phrase[0]
    if isinstance(first, str) and first[:1].isupper() and not first[:2].isupper() and not first.startswith("I "):
        return (first[0].lower() + first[1:], *phrase[1:])
    return phrase
