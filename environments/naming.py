"""Names of a schema as English words: split, spelt out, singular and plural, and as identifiers.

Splits by the schema's own vocabulary, so that `titleauthor` and `facid` come apart
where the tables say so. It knows nothing of roles or rows, and says no sentences:
that is `wording.py`.
"""

from __future__ import annotations

import builtins
import keyword
import re
import typing
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas import ForeignKey, Schema, Table

from .english import (
    ABBREVIATIONS,
    ACRONYMS,
    COMMON,
    DEEDS,
    LABELS,
    PAST,
    PLURALS,
    SHORT_WORDS,
    SINGULARS,
    STARTS,
    UNCOUNTED,
    VERBS,
    word_set,
)

SHARED_PREFIX = 0.8  # of the tables, and of a table's columns, before a common first word is dropped
KEY_WORDS = word_set("id key code number fk uuid guid reference barcode isbn sku symbol slug")
_RESERVED = frozenset(
    (
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
        *sorted(word_set("db tool self sql row found changed Any Literal")),
    )
)
_RUNS = re.compile(r"[^\W_]+")
_VOWELS = "aeiou"
_REST = ("name", "title", "description", "code", "status", "type", "comment", "comments", "notes", "label", "kind")


class LinkName(typing.NamedTuple):
    """How a foreign key's column names its target.

    Attributes:
        role: The target's name here, or "" when it is the target's own.
        forward: "who recommended", or "" when the name does not say.
        backward: "recommended by", or "".
        participle: The name is a participle with "by".
    """

    role: str = ""
    forward: str = ""
    backward: str = ""
    participle: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a schema's names are made of.

    Attributes:
        words: Words proven by a name that separates them, and the tables' own nouns.
        nouns: The last word of each table's name in the singular, by table.
        prefix: A first word that most tables share, or "".
    """

    words: frozenset[str]
    nouns: tuple[str, ...]
    prefix: str

    def split(self, name: str) -> tuple[str, ...]:
        """The lower-case words of a name, abbreviations spelt out; empty when it holds no letter."""
        words: list[str] = []
        for chunk in chunks(name):
            for word in self._cut(chunk):
                words.extend(self._spell(word).split())
        return tuple(words)

    def _spell(self, word: str) -> str:
        if word in ABBREVIATIONS and word not in self.nouns:
            return ABBREVIATIONS[word]
        if len(word) < 3 or word in COMMON or word in SHORT_WORDS:
            return word
        meant = [noun for noun in self.nouns if noun != word and noun.startswith(word)]
        return meant[0] if len(dict.fromkeys(meant)) == 1 and len(word) < len(meant[0]) - 1 else word

    def _cut(self, chunk: str) -> tuple[str, ...]:
        if chunk in COMMON or chunk in ABBREVIATIONS or len(chunk) < 5:
            return (chunk,)
        if singular(chunk) in self.nouns:
            return self._two_nouns(chunk) or (chunk,)
        if chunk.endswith("by") and chunk[:-2].endswith("ed"):
            return (chunk[:-2], "by")
        stem = chunk.removesuffix("id")
        if stem != chunk and len(stem) > 1 and (stem in COMMON or any(noun.startswith(stem) for noun in self.nouns)):
            return (*self._cut(stem), "id")
        return self._segments(chunk) or (chunk,)

    def _two_nouns(self, chunk: str) -> tuple[str, ...]:
        """The nouns of two other tables that `chunk` is made of (`titleauthor`), or ()."""
        for end in range(3, len(chunk) - 2):
            if chunk[:end] in self.nouns and singular(chunk[end:]) in self.nouns:
                return (chunk[:end], chunk[end:])
        return ()

    def _segments(self, chunk: str) -> tuple[str, ...] | None:
        """The fewest known words that make up `chunk`, the longest first; None when there are none."""
        best: list[tuple[str, ...] | None] = [()] + [None] * len(chunk)
        for end in range(2, len(chunk) + 1):
            for start in range(end - 1):
                before, word = best[start], chunk[start:end]
                if before is None or not self._known(word):
                    continue
                now = best[end]
                if now is None or len(before) + 1 < len(now):
                    best[end] = (*before, word)
        found = best[-1]
        return found if found is not None and len(found) > 1 else None

    def _known(self, word: str) -> bool:
        if word in SHORT_WORDS:
            return True
        if len(word) < 3:
            return False
        return word in COMMON or word in self.nouns or (len(word) > 3 and word in self.words)


def vocabulary(schema: Schema) -> Vocabulary:
    """The vocabulary of a schema."""
    split = [chunks(table.name) for table in schema.tables]
    prefix = _shared_first([words for words in split if words])
    proven: list[str] = []
    nouns: list[str] = []
    for words in split:
        kept = words[1:] if prefix and len(words) > 1 and words[0] == prefix else words
        if kept:
            nouns.append(singular(kept[-1]))
        if len(words) > 1:
            proven.extend(kept)
    for table in schema.tables:
        for column in table.columns:
            words = chunks(column.name)
            if len(words) > 1:
                proven.extend(words)
    known = [word for word in proven if len(word) > 3]
    return Vocabulary(frozenset([*known, *(singular(word) for word in known)]), tuple(dict.fromkeys(nouns)), prefix)


def chunks(name: str) -> tuple[str, ...]:
    """The lower-case parts that a name separates by case, digits or other characters."""
    parts: list[str] = []
    for run in _RUNS.findall(unicodedata.normalize("NFKC", name)):
        start = 0
        for end in range(1, len(run)):
            if _breaks(run[end - 1], run[end], run[end + 1 : end + 2]):
                parts.append(run[start:end].lower())
                start = end
        parts.append(run[start:].lower())
    return tuple(parts)


def _breaks(before: str, here: str, after: str) -> bool:
    """Whether a new word begins at `here`: at a digit's edge, a hump, or the last capital of several."""
    if before.isdigit() != here.isdigit():
        return True
    return here.isupper() and (before.islower() or (before.isupper() and after.islower()))


def table_words(table: Table, words: Vocabulary) -> tuple[str, ...]:
    """The words for one row of `table`: without a prefix that all tables share, the last word in the singular."""
    found = words.split(table.name)
    if len(found) > 1 and len(found[0]) == 1:
        found = found[1:]
    if words.prefix and len(found) > 1 and found[0] == words.prefix:
        found = found[1:]
    if not found:
        return ("row",)
    last = singular(found[-1])
    if last in UNCOUNTED:
        return (*found[:-1], last, UNCOUNTED[last])
    return (*found[:-1], last)


def column_words(table: Table, entity: Sequence[str], words: Vocabulary) -> dict[str, tuple[str, ...]]:
    """The words for each column of `table`, without prefixes that say nothing.

    A first word that repeats the table's name goes only where what is left says
    enough (`product_name`, but not `order_date`); one that is no word at all and
    stands before most columns goes always (`au_lname`).

    Args:
        entity: The words for one row of the table.
    """
    raw = {column.name: chunks(column.name) for column in table.columns}
    first = _shared_first([parts for parts in raw.values() if len(parts) > 1])
    often = sum(1 for parts in raw.values() if len(parts) > 1 and parts[0] == first)
    cut = first if first not in COMMON and often >= SHARED_PREFIX * len(raw) and often > 2 else ""
    found: dict[str, tuple[str, ...]] = {}
    for column in table.columns:
        parts = raw[column.name]
        if cut and len(parts) > 1 and parts[0] == cut:
            split = words.split(" ".join(parts[1:]))
        else:
            split = words.split(column.name)
        if len(split) > len(entity) and split[: len(entity)] == tuple(entity) and split[len(entity)] in _REST:
            split = split[len(entity) :]
        found[column.name] = split or ("value",)
    taken = list(found.values())
    return {name: shown if taken.count(shown) == 1 else (words.split(name) or shown) for name, shown in found.items()}


def link_name(key: ForeignKey, target: Sequence[str], words: Vocabulary, *, person: bool) -> LinkName:
    """How a single-column foreign key names its target, whose words are `target`.

    Args:
        person: The target's rows are people.
    """
    parts = list(words.split(key.columns[0]))
    while len(parts) > 1 and parts[-1] in KEY_WORDS and tuple(parts) != tuple(target):
        parts.pop()
    text = " ".join(parts)
    if text in VERBS:
        forward, backward, role = VERBS[text]
        return LinkName(f"{role} {target[-1]}" if role == "parent" else role, forward, backward)
    if len(parts) > 1 and parts[-1] == "by":
        verb = parts[-2]
        past = " ".join((*parts[:-2], PAST.get(verb, verb)))
        return LinkName("", f"{'who' if person else 'that'} {past}", text, participle=True)
    if len(parts) > 1 and parts[-1] in target and parts[-1] != target[-1]:
        text = " ".join(parts[:-1])
    if _means(parts, target) or all(len(part) <= 2 for part in parts):
        return LinkName()
    return LinkName(text)


def _means(parts: Sequence[str], target: Sequence[str]) -> bool:
    """Whether a link's words only repeat or abbreviate the target's name."""
    own = "".join(parts)
    names = ["".join(target), target[-1], "".join(target[:1]) if len(target) > 1 else target[-1]]
    return any(own == name or singular(own) == name or (len(own) > 1 and name.startswith(own)) for name in names)


def singular(word: str) -> str:
    """The singular of an English noun; a word that is none stays as it is."""
    if word in SINGULARS:
        return SINGULARS[word]
    if word in PLURALS or word in UNCOUNTED or len(word) < 4:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if re.search(r"(?:ss|sh|ch|x|zz)es$", word):
        return word[:-2]
    if word.endswith("s") and not re.search(r"(?:ss|us|is|ous|ics)$", word):
        return word[:-1]
    return word


def plural(word: str) -> str:
    """The plural of an English noun in the singular."""
    if word in PLURALS:
        return PLURALS[word]
    if word.endswith("ics"):
        return word
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + "s"


def phrase(words: Iterable[str]) -> str:
    """Words as they stand in a sentence: acronyms in capitals."""
    return " ".join(ACRONYMS.get(word, word) for word in words)


def label(words: Sequence[str]) -> str:
    """A column's words as a label: a phone is a phone number, what was hired on is a hire date."""
    if len(words) == 2 and words[-1] in ("at", "on") and words[0] in STARTS:
        words = (STARTS[words[0]], "time" if words[-1] == "at" else "date")
    if len(words) > 1 and words[-1] in ("at", "on"):
        words = (*words[:-1], "date")
    if len(words) == 2 and words[-1] in ("date", "year") and words[0] in DEEDS:
        words = (DEEDS[words[0]], words[1])
    return phrase((*words[:-1], LABELS.get(words[-1], words[-1])))


def identifier(words: Iterable[str], fallback: str = "value") -> str:
    """Words as a Python identifier in ASCII; `fallback` when nothing is left. It may be a reserved word."""
    text = unicodedata.normalize("NFKD", "_".join(words)).encode("ascii", "ignore").decode()
    text = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    if not text:
        return fallback
    return f"{fallback}_{text}" if text[0].isdigit() else text


def is_reserved(name: str) -> bool:
    """Whether a parameter of this name would hide something: a keyword, a built-in, or what tools already use."""
    return name in _RESERVED


def article(noun: str) -> str:
    """`noun` with "a" or "an" before it."""
    return ("an " if re.match(r"[aeio]|u(?!ni|se|ti)", noun, re.IGNORECASE) else "a ") + noun


def _shared_first(names: Sequence[Sequence[str]]) -> str:
    """The first word that more than `SHARED_PREFIX` of at least four names begin with, or ""."""
    if len(names) < 4:
        return ""
    firsts = [name[0] for name in names]
    best = max(dict.fromkeys(firsts), key=firsts.count)
    return best if firsts.count(best) > SHARED_PREFIX * len(names) else ""
