"""Pools of words that values are picked from: our own compositions, and Faker's providers.

A Faker pool is drawn once from a fixed Faker seed and kept in the user's cache folder
(`pool_cache.py`), so that it does not depend on the row seed; which entry a row gets is decided
by `randomness.py`. Faker is imported when a pool is asked for that is not kept. Providers that
read the clock are refused, as their values would differ from day to day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from . import names, phrases, words, work_names
from .model import Value
from .places import AT_HOME, GEOGRAPHY, PHONE
from .pool_cache import PoolCache
from .randomness import Stream

if TYPE_CHECKING:
    from faker import Faker

_SIZE = 1200
_FAKER_SEED = 20250101
_CLOCK_PROVIDERS = ("credit_card_expire", "credit_card_full", "dga", "doi", "passport_dates", "uuid1", "uuid7")
"""Outside the date_time provider; those of date_time are all refused but `timezone`."""


_MOST = 5000


def _pairs(form: str, first: Sequence[str], second: Sequence[str]) -> Callable[[Stream], list[str]]:
    """Every pair once, shuffled."""

    def compose(stream: Stream) -> list[str]:
        order = stream.order(len(first) * len(second))[:_MOST]
        return [form.format(first[place // len(second)], second[place % len(second)]) for place in order]

    return compose


def _listed(entries: Sequence[str]) -> Callable[[Stream], list[str]]:
    return lambda stream: list(entries)


def _titles(stream: Stream) -> list[str]:
    """Titles of books, films, songs: a few usual shapes."""
    shapes = (
        "The {a} {t}",
        "The {t} and the {u}",
        "A {t} in {p}",
        "{t} of the {u}",
        "The {t}",
        "{a} {u}",
        "Letters from {p}",
        "After the {t}",
        "{p} by Night",
        "Beyond the {a} {t}",
        "Last Train to {p}",
        "Waiting for the {t}",
        "{t} Season",
        "The Road to {p}",
        "Under the {t}",
        "What the {t} Knew",
    )
    titles: dict[str, None] = {}
    for index in range(4 * _SIZE):
        shape = shapes[stream.below(len(shapes), index, 1)]
        thing, other = (words.THINGS[stream.below(len(words.THINGS), index, salt)].title() for salt in (2, 3))
        adjective = words.ADJECTIVES[stream.below(len(words.ADJECTIVES), index, 4)].title()
        place = words.CITIES[stream.below(len(words.CITIES), index, 5)]
        title = shape.format(a=adjective, t=thing, u=other, p=place)
        titles[re.sub("^A (?=[AEIOU])", "An ", title)] = None
    return list(titles)


def _companies(stream: Stream) -> list[str]:
    names: dict[str, None] = {}
    for index in range(4 * _SIZE):
        brand = words.BRANDS[stream.below(len(words.BRANDS), index)]
        trade = words.INDUSTRIES[stream.below(len(words.INDUSTRIES), index, 1)]
        form = words.LEGAL_FORMS[stream.below(len(words.LEGAL_FORMS), index, 2)]
        names[f"{brand} {trade} {form}".strip()] = None
    return list(names)


def _courses(stream: Stream) -> list[str]:
    return [
        words.COURSE_FORMS[stream.below(len(words.COURSE_FORMS), index, 1)].format(
            words.SUBJECTS[stream.below(len(words.SUBJECTS), index)]
        )
        for index in range(_SIZE)
    ]


def _streets(stream: Stream) -> list[str]:
    return [
        f"{stream.below(1900, index) + 1} {words.PLACES[stream.below(len(words.PLACES), index, 1)]} "
        f"{words.STREET_ENDS[stream.below(len(words.STREET_ENDS), index, 2)]}"
        for index in range(_SIZE)
    ]


def _notes(family: str) -> Callable[[Stream], list[str]]:
    compose = _pairs("{}{}.", phrases.NOTES[family].split("|"), phrases.NOTE_ENDINGS)
    return lambda stream: [note.replace("?.", "?") for note in compose(stream)]


def _plots(stream: Stream) -> list[str]:
    return [plot[0].upper() + plot[1:] for plot in _pairs("{} who {}.", words.PROTAGONISTS, words.PREDICAMENTS)(stream)]


def _street_numbers(stream: Stream) -> list[str]:
    return [str(stream.below(1900, index) + 1) for index in range(_SIZE)]


_THINGS = [thing.title() for thing in words.THINGS]
_ADJECTIVES = [adjective.title() for adjective in words.ADJECTIVES]

_POOLS: dict[str, Callable[[Stream], list[str]]] = {
    **{family: _notes(family) for family in phrases.NOTES},
    **{name: _listed(entries) for name, entries in (*names.NAMES.items(), *work_names.WORK_NAMES.items())},
    "form_path": _listed(names.CARE_FORM_PATHS),
    "class_name": _listed(phrases.CLASS_NAMES),
    "county": _listed(phrases.COUNTIES),
    "coupon": _listed(phrases.COUPONS),
    "folder": _listed(phrases.FOLDERS),
    "instruction": _listed([f"{line}." for line in phrases.INSTRUCTIONS]),
    "lab_test": _listed(phrases.LAB_TESTS),
    "label": _listed(phrases.LABELS),
    "label_end": _listed(phrases.LABEL_ENDINGS),
    "remark": _listed(phrases.REMARKS),
    "remark_end": _listed(phrases.REMARK_ENDS),
    "sku_stem": _listed(phrases.SKU_STEMS),
    "sku_end": _listed(phrases.SKU_ENDS),
    "spot": _listed(phrases.SPOTS),
    "subnet": _listed(phrases.SUBNETS),
    "topic": _listed(phrases.TOPICS),
    "type": _listed(phrases.TYPES),
    "aircraft": _listed(words.AIRCRAFT),
    "agent": _listed(words.USER_AGENTS),
    "area": _listed(words.AREAS),
    "area_code": _listed([place[PHONE] for place in GEOGRAPHY[:AT_HOME]]),
    "brand": _listed(words.BRANDS),
    "carrier": _listed(words.CARRIERS),
    "category": _listed(words.CATEGORIES),
    "charge": _pairs("{}{}", words.CHARGES, words.CHARGE_ENDINGS),
    "city": _listed(words.CITIES),
    "color": _listed(words.COLORS),
    "company": _companies,
    "condition": _listed(words.CONDITIONS),
    "country": _listed(words.COUNTRIES),
    "country_code": _listed([line[1] for line in words.COUNTRY_LINES]),
    "course": _courses,
    "department": _listed(words.DEPARTMENTS),
    "description": _pairs("{} {}.", words.OPENINGS, words.OBJECTS),
    "dish": _pairs("{} {}", words.INGREDIENTS, words.DISHES),
    "domain": _listed(words.DOMAINS),
    "domain_ending": _listed(("com", "com", "org", "net")),
    "error": _listed(words.ERRORS),
    "host": _listed(("mail-", "web-", "db-", "app-", "cache-", "files-", "proxy-")),
    "event": _pairs("{} {}", words.PLACES, words.EVENTS),
    "facility": _listed([*words.FACILITIES, *(f"{name} {number}" for number in (1, 2) for name in words.FACILITIES)]),
    "file": _pairs("{}-{}", words.FILES, [str(number) for number in (*range(1, 40), *range(2019, 2026))]),
    "format": _listed(words.FORMATS),
    "genre": _listed(words.GENRES),
    "music_format": _listed(words.MUSIC_FORMATS),
    "music_genre": _listed(words.MUSIC_GENRES),
    "playlist": _listed(words.PLAYLISTS),
    "file_ending": _listed((".pdf", ".pdf", ".docx", ".xlsx", ".jpg", ".png", ".csv")),
    "hex_digits": _listed(words.HEX_COLORS),
    "network": _listed(("192.0.2.1", "198.51.100.1", "203.0.113.1", "192.0.2.", "198.51.100.", "203.0.113.")),
    "job": _listed(words.JOBS),
    "language": _listed(words.LANGUAGES),
    "medicine": _listed(words.SUBSTANCES),
    "membership": _listed(words.MEMBERSHIPS),
    "note": _notes("note_client"),
    "permission": _listed(words.PERMISSIONS),
    "pet": _listed(words.PETS),
    "phrase": _pairs("{} {}", _ADJECTIVES, _THINGS),
    "place": _pairs("{} {}", words.PLACE_QUALITIES, words.PLACES),
    "plot": _plots,
    "product": _pairs("{} {}", words.GOODS_QUALITIES, words.GOODS),
    "project": _pairs("{} {}", _THINGS, words.PROJECT_NAMES),
    "qualified": _pairs("{} {}", words.AREAS, words.QUALITIES),
    "quality": _listed([quality.capitalize() for quality in words.QUALITIES]),
    "correction": _listed(words.CORRECTIONS),
    "reason": _listed(phrases.GENERAL_REASONS),
    "return_reason": _listed(words.REASONS),
    "region": _listed(words.REGIONS),
    "review": _pairs("{}. {}.", words.VERDICTS, words.VERDICT_REASONS),
    "review_title": _listed(words.VERDICTS),
    "role": _listed(words.ROLES),
    "room": _pairs("{} {}", words.PLACES, words.ROOM_KINDS),
    "room_kind": _listed(words.ROOM_KINDS),
    "setting": _listed(words.SETTINGS),
    "setting_value": _listed(words.SETTING_VALUES),
    "specialty": _listed(words.SPECIALTIES),
    "species": _listed(words.SPECIES),
    "street": _streets,
    "street_name": _pairs("{} {}", words.PLACES, words.STREET_ENDS),
    "street_number": _street_numbers,
    "subject": _listed(words.SUBJECTS),
    "subject_line": _listed(words.SUBJECT_LINES),
    "team": _pairs("{} {}", words.CITIES, words.TEAMS),
    "title": _titles,
    "word": _listed(words.THINGS),
}


def pool_names() -> tuple[str, ...]:
    """The names of our own pools."""
    return tuple(_POOLS)


@cache
def own_pool(name: str) -> tuple[Value, ...]:
    """The entries of one of our own pools; KeyError for an unknown name."""
    return tuple(_POOLS[name](Stream(_FAKER_SEED, "pool", name)))


@cache
def faker_pool(provider: str) -> tuple[Value, ...]:
    """Draws of a Faker provider, with the repetitions that its weights give."""
    kept = _kept().get(provider)
    if kept is not None:
        return kept
    faker = _faker()
    # Seeded for each pool, so that none depends on which was drawn before it.
    faker.seed_instance(f"{_FAKER_SEED}:{provider}")
    drawn = tuple(map(_plain, _many(faker, provider)))
    _kept().put(provider, drawn)
    return drawn


_LISTED = {
    "first_name": "first_names", "last_name": "last_names", "first_name_male": "first_names_male",
    "first_name_female": "first_names_female",
}  # fmt: skip
"""Providers that are an element of a list, and the list's name: Faker adds its weights up anew for every draw."""


def _many(faker: Faker, provider: str) -> Iterable[object]:
    """The draws of a provider; of a list all at once, which are the same ones."""
    name = _LISTED.get(provider, "")
    for home in faker.get_providers() if name else ():
        if hasattr(home, name):
            drawn: Iterable[object] = home.random_elements(getattr(home, name), _SIZE)
            return drawn
    return (getattr(faker, provider)() for _ in range(_SIZE))


@cache
def _kept() -> PoolCache:
    return PoolCache(_FAKER_SEED, _SIZE)


def _plain(entry: object) -> Value:
    if isinstance(entry, Decimal):
        return float(entry)
    if isinstance(entry, str):
        return entry.replace("\n", ", ")
    if isinstance(entry, bool | int | float):
        return entry
    raise TypeError(f"{type(entry).__name__} is neither text nor number")


@cache
def is_provider(name: str) -> bool:
    """Whether `name` is a Faker provider that can be used: no arguments, no clock, text or a number."""
    if name in _kept():
        return True
    if name.startswith(("_", "add_", "seed")) or name not in _providers():
        return False
    from faker.exceptions import BaseFakerException  # noqa: PLC0415 - loaded by now

    try:
        _plain(getattr(_faker(), name)())
    except (BaseFakerException, TypeError, ValueError, AttributeError, ImportError, OSError):
        return False
    return True


@cache
def _providers() -> frozenset[str]:
    names: set[str] = set()
    clock: set[str] = set(_CLOCK_PROVIDERS)
    for provider in _faker().get_providers():
        methods = {name for name in dir(provider) if not name.startswith("_") and callable(getattr(provider, name))}
        if provider.__provider__ == "date_time":
            clock |= methods - {"timezone"}
        names |= methods
    return frozenset(names - clock)


@cache
def _faker() -> Faker:
    from faker import Faker  # noqa: PLC0415 - half a second that only filling needs

    return Faker("en_US", use_weighting=True)
