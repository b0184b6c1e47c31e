"""The effect of a writing step as an imperative: "cancel the most recent order placed by NP".

The author's template is used where there is one; else the verb follows from what
the contract says is written.
"""

from __future__ import annotations

import dataclasses
import re
import typing

from environments import Binding, Literal, Param, Ref, Step, Tool

from .inflect import participle, split_name
from .lexicon import Lexicon
from .noun_phrases import NounPhrases, said
from .phrase import Noun, Phrase, Said, spaced
from .template import fill, holes
from .unspeakable import Unspeakable

_SECOND_VERB = re.compile(r"(?:^| )and (?!(?:the|an?|its|their|all|for|with) )")


class _Bound(typing.NamedTuple):
    param: Param
    binding: Binding


def request(step: Step, described: NounPhrases) -> Phrase:
    """What a writing step does, as an imperative without a full stop.

    Raises:
        Unspeakable: Nothing says what the step does, or what with.
    """
    tool = described.tools[step.tool]
    words = described.lexicon.tool(tool.name)
    if words.request:
        phrase = fill(words.request, described.arguments(step), described.lexicon)
        mentioned = set(holes(words.request))
    else:
        phrase, mentioned = _by_contract(step, tool, described)
    for name, binding in step.bindings:
        if name not in mentioned:
            phrase = (*phrase, *_added(step, tool, name, binding, described))
    return _arranged(phrase)


def done(phrase: Phrase) -> Phrase | None:
    """A request told afterwards, "cancelled the order", cut at its first comma; None when its verb is not plain."""
    first = phrase[0] if phrase else ""
    if not isinstance(first, str):
        return None
    verb, space, rest = first.partition(" ")
    if not verb.isalpha() or not verb.islower():
        return None
    kept: list[str | Said | Noun] = [participle(verb) + space + rest]
    kept += phrase[1:]
    cut = next((i for i, f in enumerate(kept) if isinstance(f, str) and ", " in f), None)
    if cut is not None:
        text = str(kept[cut]).partition(", ")[0]
        kept = [*kept[:cut], text] if text else kept[:cut]
    if any(isinstance(f, str) and _SECOND_VERB.search(f) for f in kept):
        return None
    return tuple(kept)


def _arranged(phrase: Phrase) -> Phrase:
    """With what several nouns share said once: "remove the blue variant from the order", not "in the order from it"."""
    top = [fragment for fragment in phrase if isinstance(fragment, Noun)]
    keys = [noun.key for noun in top]
    fragments: list[str | Said | Noun] = []
    for position, fragment in enumerate(phrase):
        if not isinstance(fragment, Noun):
            fragments.append(fragment)
            continue
        noun = _everything(fragment)
        last = noun.relation[-1] if noun.relation else None
        later = {other.key for other in phrase[position + 1 :] if isinstance(other, Noun)}
        if isinstance(last, Noun) and last.key in later and not noun.whole and keys.count(noun.key) == 1:
            noun = dataclasses.replace(noun, relation=())
        fragments.append(noun)
    return tuple(fragments)


def _everything(noun: Noun) -> Noun:
    return dataclasses.replace(noun, article="all") if noun.plural and not noun.bounded else noun


def _added(step: Step, tool: Tool, name: str, binding: Binding, described: NounPhrases) -> Phrase:
    """A bound parameter that the template leaves out."""
    template = described.lexicon.tool(tool.name).after.get(name)
    if template:
        return (" ", *fill(template, described.arguments(step), described.lexicon))
    param = tool.contract.param(name)
    words = described.argument(step, param, binding)
    if param.role == "limit":
        raise Unspeakable("unspeakable_limit", f"the request of {tool.name!r} does not mention {name!r}")
    if param.role == "note" or param.column is None:
        return (f", with the {_label(param, described.lexicon)} ", *words)
    if isinstance(binding, Ref) and len(words) == 1 and isinstance(words[0], Noun):
        return (" for ", *words) if param.role == "filter" else (", with ", *words)
    return (f", with the {_label(param, described.lexicon)} ", *words)


def _label(param: Param, lexicon: Lexicon) -> str:
    if param.column is not None:
        return lexicon.column(param.column).label
    return " ".join(split_name(param.name))


def _by_contract(step: Step, tool: Tool, described: NounPhrases) -> tuple[Phrase, set[str]]:
    """A request from the contract's `writes`, and the parameters it mentions."""
    contract = tool.contract
    bound = [_Bound(contract.param(name), binding) for name, binding in step.bindings]
    added = [table[1:] for table in contract.writes if table.startswith("+")]
    removed = [table[1:] for table in contract.writes if table.startswith("-")]
    keyed = described.acted_on(step)
    keys = [b for b in bound if b.param.role == "filter"]
    changed = [b for b in bound if b.param.role in ("set", "add")]
    if keyed is not None and changed:
        return _change(step, tool, keyed, changed, described), {b.param.name for b in [*keys[:1], *changed]}
    if removed and keyed is not None:
        return ("delete ", keyed), {keys[0].param.name}
    moved = _moved(step, tool, bound, described)
    if moved is not None:
        return moved
    for table in [*added, *removed]:
        if described.lexicon.is_junction(table):
            pair = [described.argument(step, b.param, b.binding) for b in bound if _is_link(b, described)][:2]
            if len(pair) == 2:
                verb, word = ("link ", " to ") if added else ("unlink ", " from ")
                return (verb, *pair[0], word, *pair[1]), {b.param.name for b in bound if _is_link(b, described)}
    if added:
        return _create(step, tool, added[0], bound, described)
    if keyed is not None:
        verb = split_name(tool.name)[0]
        return (f"{verb} ", keyed), {keys[0].param.name}
    raise Unspeakable("no_request", f"nothing says what {tool.name!r} does; give it a `request`")


def _moved(step: Step, tool: Tool, bound: list[_Bound], described: NounPhrases) -> tuple[Phrase, set[str]] | None:
    """A request from a tool's name of the form verb, thing, preposition, thing: "add_track_to_playlist"."""
    words = split_name(tool.name)
    found: list[tuple[int, _Bound, Phrase]] = []
    for b in bound:
        if not _is_link(b, described) or b.param.column is None:
            continue
        noun = described.lexicon.entity(described.lexicon.denotation.denotes(b.param.column)).one
        name = noun.split(" ")
        places = [i for i in range(1, len(words)) if words[i : i + len(name)] == name]
        if len(places) == 1:
            found.append((places[0], b, described.argument(step, b.param, b.binding)))
    if len(found) != 2:
        return None
    (first, one, what), (second, other, where) = sorted(found, key=lambda entry: entry[0])
    between = words[second - 1]
    if between not in ("to", "from", "in", "into", "on", "with", "at", "for"):
        return None
    phrase: Phrase = (" ".join(words[:first]) + " ", *what, f" {between} ", *where)
    return phrase, {one.param.name, other.param.name}


def _is_link(bound: _Bound, described: NounPhrases) -> bool:
    return bound.param.column is not None and described.lexicon.denotation.denotes(bound.param.column) != ""


def _change(step: Step, tool: Tool, keyed: Noun, changed: list[_Bound], described: NounPhrases) -> Phrase:
    parts: list[Phrase] = []
    for position, (param, binding) in enumerate(changed):
        label = _label(param, described.lexicon)
        of: Phrase = (f"the {label} of ", keyed) if position == 0 else (f"the {label}",)
        words = described.argument(step, param, binding)
        if param.column is not None and described.lexicon.is_flag(param.column) and isinstance(binding, Literal):
            verb, flag = described.lexicon.flag(param.column)
            if verb == "has":
                owned = Said(binding.input, f"{'has' if binding.value else 'does not have'} {flag}")
                parts.append(spaced("record that", (keyed,), (owned,)))
                continue
            name = described.lexicon.predicate(flag)
            text = name if binding.value else f"not {name}"
            parts.append(spaced("mark", (keyed,), "as", (Said(binding.input, text),)))
        elif param.role == "add" and isinstance(binding, Literal) and isinstance(binding.value, int | float):
            less = binding.value < 0
            amount = said(binding.input, abs(binding.value), param.column, param, described.lexicon, bare=False)
            parts.append(spaced("reduce" if less else "increase", of, "by", (amount,)))
        else:
            parts.append(spaced("change", of, "to", words))
    joined = parts[0]
    for part in parts[1:]:
        joined = (*joined, " and ", *part)
    return joined


def _create(step: Step, tool: Tool, table: str, bound: list[_Bound], described: NounPhrases) -> tuple[Phrase, set[str]]:
    entity = described.lexicon.entity(table)
    links: list[Phrase] = []
    values: list[Phrase] = []
    for param, binding in bound:
        words = described.argument(step, param, binding)
        if len(words) == 1 and isinstance(words[0], Noun):
            links.append(words)
        else:
            values.append((f"the {_label(param, described.lexicon)} ", *words))
    phrase: Phrase = (f"create a new {entity.one}",)
    # The short one first: what follows a long noun phrase would seem to belong to it.
    links.sort(key=lambda words: words[0].whole == () if isinstance(words[0], Noun) else False)
    for position, words in enumerate(links):
        phrase = (*phrase, " for " if position == 0 else " and for ", *words)
    for position, words in enumerate(values):
        lead = ", with " if position == 0 else (" and " if position == len(values) - 1 else ", ")
        phrase = (*phrase, lead, *words)
    return phrase, {b.param.name for b in bound}
