"""English word forms by small rule sets: plurals, participles, articles, and the words inside a name.

Only what names in schemas and imperatives in phrases need; this is no dictionary.
"""

from __future__ import annotations

import functools
import re

_PLURALS = {
    "person": "people",
    "child": "children",
    "man": "men",
    "woman": "women",
    "foot": "feet",
    "medium": "media",
    "datum": "data",
    "criterion": "criteria",
    "analysis": "analyses",
    "basis": "bases",
    "diagnosis": "diagnoses",
    "half": "halves",
    "shelf": "shelves",
    "leaf": "leaves",
    "quiz": "quizzes",
    "staff": "staff",
    "series": "series",
    "species": "species",
    "news": "news",
    "equipment": "equipment",
    "information": "information",
    "stock": "stock",
    "feedback": "feedback",
}
_SINGULARS = {many: one for one, many in _PLURALS.items()} | {"movies": "movie", "cookies": "cookie"}
_ABBREVIATIONS = {
    "qty": "quantity",
    "amt": "amount",
    "num": "number",
    "no": "number",
    "nbr": "number",
    "addr": "address",
    "desc": "description",
    "fname": "first name",
    "lname": "last name",
    "firstname": "first name",
    "lastname": "last name",
    "dob": "date of birth",
    "zip": "ZIP code",
    "zipcode": "ZIP code",
    "sku": "SKU",
    "isbn": "ISBN",
    "url": "URL",
    "vat": "VAT",
    "ssn": "SSN",
    "iban": "IBAN",
    "id": "ID",
    "ip": "IP",
    "vin": "VIN",
    "dept": "department",
    "acct": "account",
    "tel": "telephone number",
    "lat": "latitude",
    "lng": "longitude",
    "lon": "longitude",
    "avg": "average",
    "pct": "percentage",
    "temp": "temperature",
    "descr": "description",
}
_PARTICIPLES = {
    "be": "been",
    "begin": "begun",
    "bring": "brought",
    "build": "built",
    "buy": "bought",
    "choose": "chosen",
    "cut": "cut",
    "do": "done",
    "draw": "drawn",
    "drop": "dropped",
    "find": "found",
    "get": "got",
    "give": "given",
    "grant": "granted",
    "hold": "held",
    "keep": "kept",
    "leave": "left",
    "lend": "lent",
    "let": "let",
    "make": "made",
    "pay": "paid",
    "put": "put",
    "reset": "reset",
    "run": "run",
    "sell": "sold",
    "send": "sent",
    "set": "set",
    "split": "split",
    "swap": "swapped",
    "take": "taken",
    "withdraw": "withdrawn",
    "write": "written",
    "hide": "hidden",
    "undo": "undone",
    "log": "logged",
    "submit": "submitted",
    "commit": "committed",
    "refer": "referred",
    "transfer": "transferred",
    "ship": "shipped",
    "stop": "stopped",
    "plan": "planned",
    "tag": "tagged",
    "flag": "flagged",
    "cancel": "cancelled",
    "enrol": "enrolled",
    "permit": "permitted",
    "admit": "admitted",
    "step": "stepped",
    "wrap": "wrapped",
    "rebook": "rebooked",
}
_IRREGULAR_PARTICIPLES = frozenset(_PARTICIPLES.values()) - {
    "run",
    "set",
    "cut",
    "put",
    "let",
    "left",
    "split",
    "reset",
}
_NO_PARTICIPLE = frozenset({"need", "speed", "feed", "seed", "bed", "red", "hundred", "breed", "weed", "shed", "led"})
_COUNTED = frozenset(["units", "items", "points", "pieces", "copies", "seats", "nights", "beds", "slots"])
_GERUNDS = {
    "arriving": "arrive",
    "attending": "attend",
    "belonging": "belong",
    "bearing": "bear",
    "carrying": "carry",
    "containing": "contain",
    "costing": "cost",
    "covering": "cover",
    "departing": "depart",
    "featuring": "feature",
    "going": "go",
    "having": "have",
    "holding": "hold",
    "including": "include",
    "leading": "lead",
    "leaving": "leave",
    "lending": "lend",
    "living": "live",
    "mentioning": "mention",
    "naming": "name",
    "offering": "offer",
    "owning": "own",
    "playing": "play",
    "referring": "refer",
    "refunding": "refund",
    "reporting": "report",
    "selling": "sell",
    "serving": "serve",
    "showing": "show",
    "starring": "star",
    "starting": "start",
    "teaching": "teach",
    "treating": "treat",
    "using": "use",
    "visiting": "visit",
    "weighing": "weigh",
    "working": "work",
}
_INTRANSITIVES = {
    "arrived": "arrive",
    "began": "begin",
    "begun": "begin",
    "closed": "close",
    "departed": "depart",
    "died": "die",
    "ended": "end",
    "expired": "expire",
    "finished": "finish",
    "joined": "join",
    "left": "leave",
    "opened": "open",
    "retired": "retire",
    "started": "start",
}
_VOWEL_SOUND = re.compile(r"^(?:[aeio]|u(?!ni|se|ti|su|ro))", re.IGNORECASE)


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for lists of words in code."""
    return frozenset(text.split())


def split_name(name: str) -> list[str]:
    """The lower-case words of a table's or column's name: snake case and camel case, abbreviations spelt out."""
    return list(_split(name))


@functools.cache
def _split(name: str) -> tuple[str, ...]:
    parts = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    parts = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", parts)
    words = [word.lower() for word in re.split(r"[^A-Za-z0-9]+", parts) if word]
    return tuple(part for word in words for part in _ABBREVIATIONS.get(word, word).split(" "))


def plural(noun: str) -> str:
    """The plural of a noun phrase, formed on its head ("dates of birth", "units in stock")."""
    head, tail = _head(noun)
    lead, space, last = head.rpartition(" ")
    return lead + space + _plural(last) + tail


def singular(noun: str) -> str:
    """The singular of a noun phrase, formed on its last word; one that is singular already stays."""
    lead, space, last = noun.rpartition(" ")
    return lead + space + _singular(last)


def is_plural(noun: str) -> bool:
    """Whether a noun phrase's head looks like a plural ("units in stock", "payment terms")."""
    if noun.partition(" ")[0] in _COUNTED:
        return True
    last = _head(noun)[0].rpartition(" ")[2]
    return last != _singular(last) or (last in _SINGULARS and last not in _PLURALS)


def participle(verb: str) -> str:
    """The past participle of a verb's base form."""
    lead, hyphen, base = verb.rpartition("-")
    if base in _PARTICIPLES:
        return lead + hyphen + _PARTICIPLES[base]
    if base.startswith("re") and base[2:] in _PARTICIPLES:
        return lead + hyphen + "re" + _PARTICIPLES[base[2:]]
    if base.endswith("e"):
        return verb + "d"
    if base.endswith("y") and base[-2:-1] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + "ed"


def is_participle(word: str) -> bool:
    """Whether a word reads as a past participle ("placed", "sent")."""
    return word in _IRREGULAR_PARTICIPLES or (
        word.endswith("ed") and len(word) > 3 and word not in _NO_PARTICIPLE and not word.endswith("eed")
    )


def intransitive(word: str) -> str:
    """The base form of a past form that is said without an object ("joined": "join"), "" for others."""
    return _INTRANSITIVES.get(word, "")


def ungerund(word: str) -> str:
    """The base form of a verb's -ing form, "" when it is not known."""
    return _GERUNDS.get(word, "")


def article(phrase: str) -> str:
    """`phrase` with "a" or "an" before it."""
    return ("an " if _VOWEL_SOUND.match(phrase) else "a ") + phrase


def join(items: list[str], conjunction: str = "and") -> str:
    """ "A", "A and B", "A, B and C"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def _head(noun: str) -> tuple[str, str]:
    """The part of a noun phrase whose last word carries the number, and the rest."""
    found = re.search(r" (?:of|in|per|for|on|at|to|by) ", noun)
    return (noun, "") if found is None else (noun[: found.start()], noun[found.start() :])


def _plural(word: str) -> str:
    if word in _PLURALS:
        return _PLURALS[word]
    if word in _SINGULARS:
        return word
    if re.search(r"(?:s|x|z|ch|sh)$", word):
        return word + "es"
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + "s"


def _singular(word: str) -> str:
    if word in _SINGULARS:
        return _SINGULARS[word]
    if word in _PLURALS or len(word) < 4:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if re.search(r"(?:ss|sh|ch|x|zz)es$", word) or word in ("statuses", "buses", "viruses", "bonuses", "aliases"):
        return word[:-2]
    if word.endswith("s") and not re.search(r"(?:ss|us|is)$", word):
        return word[:-1]
    return word
