"""The hard query: the goal alone, as a person would state it, with no word on how to get there.

Too long a sentence is cut in two at a noun that "that ..." can take up without
doubt; where there is none the chain is refused.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator, Sequence

from environments import AnswerPart, Ref, Step

from .inflect import join
from .noun_phrases import NounPhrases
from .phrase import Noun, Phrase, Size, Speaker, nouns, size
from .questions import Question, question, result_clause
from .requests import request
from .sentences import check_inputs, choice, sentence
from .unspeakable import Unspeakable

# chains.md section 6: questions of 30 words and more, or more than three hops, were read wrongly.
EASY_TO_READ = Size(words=28, depth=4)
READABLE = Size(words=34, depth=4)
MOST_WORDS = 100
MOST_CUTS = 3
SHORT = 6  # words of a noun phrase that is not worth a sentence of its own
LONGEST_INSIDE = 9  # words of a noun phrase that the rest of a question may follow


class Openings(typing.NamedTuple):
    """How a noun is introduced before what is wanted of it: as the only one, as the first of several, later on."""

    one: tuple[str, ...]
    several: str
    later: str


_ORDERS = Openings(("take ", "this is about "), "take ", "now take ")
_ASKS = Openings(("I have a question about ", "this is about "), "start with ", "I also have a question about ")


@dataclasses.dataclass(frozen=True, slots=True)
class Act:
    """One thing that is wanted.

    Attributes:
        at: Position of the step it hangs on.
        step: The writing step, for a request.
        parts: What is asked: of the request's outcome, or by itself.
    """

    at: int
    step: Step | None
    parts: tuple[AnswerPart, ...]


def hard_query(described: NounPhrases, key: str) -> str:
    """The text of the hard query.

    Raises:
        Unspeakable: It cannot be said plainly.
    """
    chain = described.chain
    speaker = Speaker()
    texts: list[str] = []
    before: list[Act] = []
    for position, act in enumerate(acts(described)):
        texts += _say(act, position, _follows(act, before, described), described, speaker, f"{key}:{position}")
        before.append(act)
    text = " ".join(texts)
    check_inputs(chain, speaker.inputs, text)
    if len(text.split()) > MOST_WORDS:
        raise Unspeakable("too_long", f"{len(text.split())} words")
    return text


def acts(described: NounPhrases) -> list[Act]:
    """What is wanted, in the order in which the chain does it; questions about one noun's plain fields are one act."""
    chain = described.chain
    order = {step.id: position for position, step in enumerate(chain.steps)}
    found: list[Act] = []
    for step in chain.steps:
        if described.tools[step.tool].writes:
            parts = tuple(part for part in chain.answer if part.step == step.id)
            found.append(Act(order[step.id], step, parts))
    found += [Act(order[part.step], None, (part,)) for part in chain.answer if not _of_write(part, described)]
    found.sort(key=lambda act: act.at)
    merged: list[Act] = []
    for act in found:
        if merged and _mergeable(merged[-1], act, described):
            merged[-1] = dataclasses.replace(merged[-1], parts=(*merged[-1].parts, *act.parts))
        else:
            merged.append(act)
    return merged


def _follows(act: Act, before: Sequence[Act], described: NounPhrases) -> bool:
    """Whether an act comes after a write in more than the order of saying: it is one too, or may see what changed."""
    written = [other.step for other in before if other.step is not None]
    if act.step is not None or not written:
        return bool(written)
    changed = {
        column.lstrip("+-").partition(".")[0]
        for step in written
        for column in described.tools[step.tool].contract.writes
    }
    first = min(other.at for other in before if other.step is not None)
    steps = described.chain.steps
    return any(
        position > first and changed & {*described.tools[step.tool].contract.reads}
        for position, step in enumerate(steps)
        if step.id in _needed(act.parts[0].step, described)
    )


def _needed(id: str, described: NounPhrases) -> set[str]:
    """A step and all that it rests on."""
    found = {id}
    for _, binding in described.chain.step(id).bindings:
        if isinstance(binding, Ref):
            found |= _needed(binding.step, described)
    return found


def _of_write(part: AnswerPart, described: NounPhrases) -> bool:
    return described.tool(part.step).writes


def _mergeable(before: Act, act: Act, described: NounPhrases) -> bool:
    if before.step is not None or act.step is not None or len(before.parts) > 1:
        return False
    one, other = (question(a.parts[0], described, 0) for a in (before, act))
    return bool(one.label and other.label) and one.noun.key == other.noun.key


def _say(act: Act, position: int, after: bool, described: NounPhrases, speaker: Speaker, key: str) -> Iterator[str]:
    """The sentences of one act; `after`: it comes after a write in more than the order of saying."""
    if act.step is not None:
        yield from _say_request(act, act.step, position, after, described, speaker, key)
    else:
        yield from _say_question(act, position, after, described, speaker, key)


def _say_request(
    act: Act, step: Step, position: int, after: bool, described: NounPhrases, speaker: Speaker, key: str
) -> Iterator[str]:
    wanted = request(step, described)
    phrase = _with_results(wanted, act.parts, step, described)
    lead, stop = _request_lead(position, after, choice(key, "request"))
    inner = [noun for noun, most in _inside(wanted) if size((noun,), speaker).words > most]
    ahead = _ahead(inner[0], phrase, speaker) if len(inner) == 1 else []
    openings = _ORDERS
    yield from _sentences(phrase, lead, openings, stop, position, speaker, choice(key, "split"), ahead)


def _say_question(
    act: Act, position: int, after: bool, described: NounPhrases, speaker: Speaker, key: str
) -> Iterator[str]:
    asked = [question(part, described, choice(key, part.field)) for part in act.parts]
    phrase = _asked(asked)
    imperative = asked[0].imperative
    lead = _question_lead(position, after, imperative, choice(key, "question"))
    openings = _ORDERS if imperative else _ASKS
    stop, chosen = "." if imperative else "?", choice(key, "split")
    ahead: list[Noun] = []
    if len(asked) == 1 and asked[0].stranded and size((asked[0].noun,), speaker).words > LONGEST_INSIDE:
        if not asked[0].plain or _is_how(phrase) or (position == 0 and chosen % 2):
            ahead = _ahead(asked[0].noun, phrase, speaker)
        phrase = phrase if ahead else asked[0].plain or phrase
    yield from _sentences(phrase, lead, openings, stop, position, speaker, chosen, ahead)


def _is_how(phrase: Phrase) -> bool:
    return isinstance(phrase[0], str) and phrase[0].startswith("how ")


def _inside(phrase: Phrase) -> Iterator[tuple[Noun, int]]:
    """The nouns of a request that more words of the same clause follow, and how many words each may have."""
    for position, fragment in enumerate(phrase[:-1]):
        following = phrase[position + 1]
        if isinstance(fragment, Noun) and not (isinstance(following, str) and following.startswith(",")):
            # "with" after a noun would seem to belong to it.
            with_ = isinstance(following, str) and following.startswith(" with ")
            yield fragment, LONGEST_INSIDE // 2 if with_ else LONGEST_INSIDE


def _ahead(inner: Noun, phrase: Phrase, speaker: Speaker) -> list[Noun]:
    """The nouns to introduce so that `inner` is short in `phrase`; none when it cannot be taken up."""
    try:
        found = [*_cuts(("take ", inner), speaker, 1), inner]
    except Unspeakable:
        return []
    trial = speaker.copy()
    for noun in found:
        trial.say((noun,))
    return found if trial.again(inner) and _fits(size(phrase, trial), EASY_TO_READ) else []


def _with_results(wanted: Phrase, parts: Sequence[AnswerPart], step: Step, described: NounPhrases) -> Phrase:
    if not parts:
        return wanted
    clauses = [result_clause(part, step, described) for part in parts]
    comma = any(isinstance(fragment, str) and ", " in fragment for fragment in wanted)
    phrase: Phrase = (*wanted, ", and tell me " if comma else " and tell me ", *clauses[0])
    for clause in clauses[1:]:
        phrase = (*phrase, " and ", *clause)
    return phrase


def _asked(asked: list[Question]) -> Phrase:
    if len(asked) == 1:
        return asked[0].asked
    return (f"what are {join([f'the {q.label}' for q in asked])} of ", asked[0].noun)


def _request_lead(position: int, written: bool, chosen: int) -> tuple[str, str]:
    if position == 0:
        return (("please ", "."), ("please ", "."), ("could you ", "?"))[chosen % 3]
    if written:
        return (("then ", "."), ("after that, please ", "."))[chosen % 2]
    return ("then please ", ".")


def _question_lead(position: int, written: bool, imperative: bool, chosen: int) -> str:
    if position == 0:
        return ""
    if written:
        return ("after that, ", "once that is done, ")[chosen % 2]
    if imperative:
        return "also "
    return ("also, ", "and ")[chosen % 2]


def _sentences(
    phrase: Phrase,
    lead: str,
    openings: Openings,
    stop: str,
    position: int,
    speaker: Speaker,
    chosen: int,
    ahead: Sequence[Noun] = (),
) -> Iterator[str]:
    intros = list(ahead) or _cuts(phrase, speaker)
    for index, intro in enumerate(intros):
        if index > 0:
            first = "then take "
        elif position > 0:
            first = openings.later
        elif len(intros) > 1:
            first = openings.several
        else:
            first = openings.one[chosen % len(openings.one)]
        yield sentence(first + speaker.say(_definite(intro)))
    text = speaker.say(phrase)
    if intros and position > 0:
        lead = "please " if "please" in lead or lead == "then " else ""
    yield sentence(lead + text, stop)


def _definite(noun: Noun) -> Phrase:
    return (dataclasses.replace(noun, article="the"),)


def _cuts(phrase: Phrase, speaker: Speaker, most: int = MOST_CUTS) -> list[Noun]:
    """The nouns to introduce in sentences of their own, so that each sentence can be read.

    Raises:
        Unspeakable: The sentence is too long and no noun in it can be taken up with "that ...".
    """
    whole = size(phrase, speaker)
    if _fits(whole, EASY_TO_READ):
        return []
    best: tuple[int, int, list[Noun]] | None = None
    if most > 0:
        for noun in _candidates(phrase, speaker):
            found = _cut(phrase, noun, speaker, most)
            if found is not None and (best is None or (len(found[1]), found[0]) < best[:2]):
                best = (len(found[1]), found[0], found[1])
    if best is not None:
        return best[2]
    if _fits(whole, READABLE):
        return []
    raise Unspeakable("too_long", f"a sentence of {whole.words} words and {whole.depth} nested nouns cannot be cut")


def _cut(phrase: Phrase, noun: Noun, speaker: Speaker, most: int) -> tuple[int, list[Noun]] | None:
    """Cutting at `noun`: the longest sentence's words, and the nouns to introduce."""
    intro: Phrase = ("take ", *_definite(noun))
    before: list[Noun] = []
    trial = speaker.copy()
    if not _fits(size(intro, trial), EASY_TO_READ):
        try:
            before = _cuts(intro, trial, most - 1)
        except Unspeakable:
            return None
        if not before or noun.key in {n.key for n in before}:
            return None
    longest = 0
    for earlier in before:
        longest = max(longest, size(("take ", earlier), trial).words)
        trial.say((earlier,))
    longest = max(longest, size(intro, trial).words)
    trial.say(intro)
    if not trial.again(noun):
        return None
    rest = size(phrase, trial)
    if not _fits(rest, EASY_TO_READ):
        if len(before) + 1 >= most:
            return None
        try:
            more = _cuts(phrase, trial, most - len(before) - 1)
        except Unspeakable:
            return None
        return (max(longest, EASY_TO_READ.words), [*before, noun, *more]) if more else None
    return max(longest, rest.words), [*before, noun]


def _candidates(phrase: Phrase, speaker: Speaker) -> Iterator[Noun]:
    """Nouns worth a sentence: not said yet, and with something to say about them."""
    seen: set[str] = set()
    top = {fragment.key for fragment in phrase if isinstance(fragment, Noun)}
    # "whose manager is that manager" would be no help to anybody.
    echoed = {
        last.key
        for noun in nouns(phrase)
        if noun.relation and isinstance(last := noun.relation[-1], Noun)
        if str(noun.relation[0]).endswith(f"whose {last.one} is ")
    }
    for noun in nouns(phrase):
        if noun.key in seen or noun.key in speaker.mentioned or noun.given:
            continue
        seen.add(noun.key)
        inner = {n.key for n in nouns(noun.full())}
        worth = bool(inner) or size((noun,), speaker).words > SHORT
        if worth and not inner & top and noun.key not in echoed:
            yield noun


def _fits(measured: Size, limit: Size) -> bool:
    return measured.words <= limit.words and measured.depth <= limit.depth
