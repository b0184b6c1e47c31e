"""What the names of tables and columns mean: which kind of thing a table's rows are, when a date happens.

Word lists and matching only; what is drawn for a meaning is `columns.py` and the files it asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from .bounds import Order
from .model import Column, Schema, Table

PEOPLE = (
    "account|actor|adopter|agent|applicant|artist|attendee|author|beneficiary|borrower|buyer|candidate|captain|caregiver|"
    "chef|claimant|client|coach|contact|cust|customer|dentist|director|doctor|donor|driver|emp|employee|guest|instructor|judge|member|nurse|officer|operator|owner|passenger|"
    "patient|patron|people|person|physician|player|practitioner|prescriber|profile|provider|recipient|referee|reader|"
    "admin|administrator|rep|reporter|resident|seller|speaker|staff|student|subscriber|teacher|technician|tenant|"
    "therapist|trainer|tutor|"
    "user|vet|visitor|volunteer|winner|worker|editor|holder|host|mentor|payer|renter|reviewer|sender|sponsor|supervisor|"
    "translator|crew|pilot|cardholder"
)
TABLES: tuple[tuple[str, str], ...] = (
    ("pet|animal|horse", "pet"),
    ("visit|appointment|admission|encounter|examination|consultation|checkup", "visit"),
    ("language", "language"),
    ("format|media_type", "format"),
    (
        (
            "book|film|movie|album|track|song|play|show|episode|article|post|game|painting|artwork|paper|"
            "magazine|video|playlist|story|title"
        ),
        "title",
    ),
    ("facility|facilities|room|amenity|court|venue|resource|equipment", "facility"),
    ("team|club|squad", "team"),
    ("specialty|specialties|speciality", "specialty"),
    ("species|breed", "species"),
    ("genre", "genre"),
    ("membership|plan|subscription", "membership"),
    ("department|dept|division|faculty|ward|section|unit", "department"),
    ("job|position|role|occupation|job_title|jobtitle", "job"),
    ("course|class|lesson|subject|module|curriculum", "course"),
    ("event|session|activity|tour|tournament|race|exhibition|campaign", "event"),
    ("project|initiative|milestone|task|ticket", "project"),
    ("region|territory|territories|zone|area|district", "region"),
    ("country|countries|nation", "country"),
    ("city|cities|town", "city"),
    ("medicine|medication|drug|prescription|vaccine", "medicine"),
    ("diagnosis|diagnoses|condition|disease|procedure|treatment|symptom", "condition"),
    ("ingredient|dish|recipe|meal|menu|food", "dish"),
    ("aircraft|plane", "aircraft"),
    ("category|categories|tag|topic|kind|type|group|collection|label", "category"),
    ("product|item|variant|part|sku|article|merchandise|gear|asset", "product"),
    ("shipper|carrier|courier", "carrier"),
    (
        (
            "company|companies|supplier|vendor|manufacturer|publisher|employer|organization|organisation|"
            "brand|insurer|partner|agency|airline|bank|airport|business|merchant"
        ),
        "company",
    ),
    (
        (
            "location|store|branch|branches|site|warehouse|office|hotel|clinic|library|libraries|hospital|"
            "shop|property|station|park|school|campus|port|restaurant|address|shelter|sanctuary|farm|garage|gym|depot|"
            "museum|gallery|pharmacy|theater|theatre|cinema|salon|studio|kennel|stable|garden"
        ),
        "place",
    ),
    (PEOPLE, "person"),
)
"""What a table's rows are, by a word of its name; the first that fits."""

AGENTS = (
    "user|staff|employee|author|creator|owner|member|agent|operator|editor|person|people|profile|worker|moderator|"
    "reviewer|sender|account"
)
"""People who act on what is another's, so that two rows of one need not have much to do with each other."""
POSSESSIONS = (
    "address|addresses|card|payment_method|payment_source|contact|account|wallet|pet|animal|vehicle|car|order|invoice|"
    "subscription|booking|reservation|rental|loan|policy|policies|membership|cart|device|phone|email|session|"
    "application|enrollment|enrolment|admission|site|location|branch|purchase|claim|contract"
)
"""What belongs to one person, so that whatever names both names the same person."""

LOOKUPS = (
    "category",
    "genre",
    "department",
    "region",
    "country",
    "specialty",
    "species",
    "job",
    "language",
    "format",
    "membership",
    "carrier",
)
"""Kinds of tables that list a few entries for others to point at."""

LISTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("gender|sex", ("female", "male", "other")),
    ("currency|currency_code|currency_id|curr", ("USD", "EUR", "GBP", "CAD", "JPY", "CHF")),
    ("language|lang", ("English", "Spanish", "French", "German", "Italian", "Japanese", "Mandarin", "Portuguese")),
    ("locale", ("en_US", "en_GB", "es_ES", "fr_FR", "de_DE")),
    (
        "timezone|time_zone|tz",
        ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Europe/London"),
    ),
    ("priority|severity|urgency", ("normal", "low", "high", "urgent")),
    ("shirt_size|size", ("M", "L", "S", "XL", "XS")),
    ("marital_status", ("single", "married", "divorced", "widowed")),
    ("payment_method|payment_type|payment_mode", ("card", "cash", "bank transfer", "voucher")),
    ("salutation|prefix|honorific|title_of_courtesy", ("Ms.", "Mr.", "Mrs.", "Dr.")),
    ("suffix", ("Jr.", "Sr.", "II", "III")),
    ("unit|uom|unit_of_measure", ("each", "box", "kg", "g", "l", "ml", "pack")),
    ("rating", ("PG", "G", "PG-13", "R", "NC-17")),
    ("blood_type|blood_group", ("O+", "A+", "B+", "O-", "A-", "AB+", "B-", "AB-")),
    ("day|weekday|day_of_week", ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")),
    (
        "month",
        (
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
    ),
    ("relationship|relation|relationship_type", ("spouse", "parent", "child", "sibling", "friend")),
    ("queue|queue_name", ("default", "mail", "low", "high")),
    ("disk|driver|storage|connection|store", ("local", "default", "s3", "cache")),
    ("guard|guard_name", ("web", "api")),
    ("environment|env", ("production", "staging", "test")),
    ("oauth_provider|identity_provider", ("google", "github", "microsoft", "apple")),
    ("text_alignment_style|alignment|align", ("left", "right", "center")),
    ("http_method|request_method", ("GET", "POST", "PUT", "DELETE")),
    ("action|operation|event_type|event_name", ("created", "updated", "viewed", "deleted", "exported")),
    ("channel|source", ("web", "phone", "store", "referral", "email")),
    ("format|media_type|mime_type", ("print", "digital", "audio", "video")),
    ("frequency|interval|period", ("monthly", "weekly", "daily", "quarterly", "yearly")),
    ("race|ethnicity", ("not stated", "white", "black", "asian", "hispanic", "mixed")),
    ("religion", ("not stated", "catholic", "protestant", "jewish", "muslim", "none")),
    ("insurance", ("private", "public", "none")),
    ("grade", ("B", "A", "C", "D", "F")),
    ("payment_status", ("paid", "pending", "refunded", "failed")),
    ("membership|tier|plan", ("standard", "basic", "premium", "gold")),
    ("level", ("medium", "low", "high", "basic", "advanced")),
    ("status|state|stage|outcome|result", ("active", "completed", "pending", "cancelled", "on hold")),
    (
        "type|kind|class|classification|mode|style",
        ("standard", "regular", "special", "internal", "external", "temporary"),
    ),
)
"""Values of columns by the end of their name, most frequent first."""

_STAGES = (
    "first|created|create|entered|recorded|defined|registered|signup|joined|join|added|inserted|hired|hire|enrolled|opened|submitted|posted",
    (
        "requested|order|ordered|placed|booked|booking|reserved|issued|issue|admitted|admit|invoice|"
        "invoiced|rental|rent|loaned|borrowed|bill|billed|sale|sold|purchase|purchased|transaction|measurement|"
        "observation|obs|encounter|incident|activated|procedure|specimen|note|expense|chart|review"
    ),
    "start|started|starts|begin|began|schedule|onset|since|commenced|launch|launched|from|effective|checkin|check_in|arrival|in|departure|visit|appointment|scheduled",
    "paid|payment|approved|confirmed|accepted|charted|reviewed|decided|tested|inspected",
    "packed|prepared|shipped|ship|sent|dispatched|required|due|expected|estimated|planned",
    (
        "delivered|received|handed|dispensed|administered|arrived|discharge|discharged|stop|stopped|end|ended|ends|finish|finished|to|until|thru|"
        "checkout|check_out|out|completed|resolved|expired|expires|expire|expiry|cancelled|canceled|terminated|left"
    ),
    "return|returned|closed|refunded|archived|deleted|voided|retired|removed|revoked|death|died",
    "updated|update|modified|changed|last|login|seen|stored|store|verified|read|clicked|used|accessed|viewed|edit|edited",
)
"""Words of a date's name by when it happens in the life of a row."""

OPTIONAL_LATE = re.compile(
    r"end|ended|deleted|cancel\w*|closed|resolved|return\w*|complet\w*|terminated|death|died|left|"
    r"discharg\w*|thru|until|ship\w*|deliver\w*|paid|publish\w*|approved|accepted|processed|confirmed"
)
"""Dates that many rows do not have."""
OPTIONAL_TEXT = re.compile(r"note|comment|remark|middle|suffix|address2|address_2|line2|fax|memo")
"""Texts that many rows do not have."""


@cache
def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split("|"))


_COMPOUND = re.compile(
    r"(?<=[a-z]{3})(?=(?:date|time|name|cost|price|amount|fee|code|address|outlay|maintenance|salary|rating|type|number|status|unit)(?:_|$))"
)
_WHOLE = _listed(
    "surname|forename|barcode|postcode|zipcode|username|nickname|filename|lifetime|runtime|overtime|datetime|update|coffee|"
    "prototype|archetype|genotype|phenotype|stereotype|subtype|mimetype"
)
"""Words that only look like two."""


@cache
def snake(name: str) -> str:
    """`CustomerFirstName` and `customer-first name` as `customer_first_name`, `joindate` as `join_date`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    plain = re.sub(r"[^0-9a-z]+", "_", parted.lower()).strip("_")
    plain = re.sub(r"(?:(?<=^)|(?<=_))in(?=(?:time|date)(?:_|$))", "in_", plain)
    return "_".join(part if part in _WHOLE else _COMPOUND.sub("_", part) for part in plain.split("_"))


@cache
def _open(words: str) -> re.Pattern[str] | None:
    """Those of `words` with a star, which stands for any letters: "*ed_by"."""
    found = [re.escape(word).replace(r"\*", r"\w*") for word in words.split("|") if "*" in word]
    return re.compile("|".join(found)) if found else None


@cache
def _runs(name: str) -> frozenset[str]:
    """The words of a name and all that follow each other in it, also without an s at the end."""
    parts = name.split("_")
    runs = {"_".join(parts[start:end]) for end in range(1, len(parts) + 1) for start in range(end)}
    return frozenset(runs | {run[:-1] for run in runs if run.endswith("s")})


@cache
def _tails(name: str) -> frozenset[str]:
    """The last words of a name, also without a number behind them and an s at the end; the whole name after a ^."""
    parts = name.split("_")
    tails = {f"^{name}", *("_".join(parts[start:]) for start in range(len(parts)))}
    if parts[-1].isdecimal():
        tails |= {"_".join(parts[start:-1]) for start in range(len(parts) - 1)}
    return frozenset(tails | {tail[:-1] for tail in tails if tail.endswith("s")})


def _is_one(words: str, part: str) -> bool:
    """Whether `part` is one of `words`, in singular or plural."""
    return any(part.removesuffix(ending) in _listed(words) for ending in ("", "s", "es", "ses"))


# Sets and not patterns, as there are hundreds, and compiling one takes longer than all its matches.
@cache
def ends(words: str, name: str) -> bool:
    """Whether the last words of a name are among `words`, in singular or plural, numbered or not.

    Args:
        words: As in "a|b|c_d|^e|*ed_by": after a ^ it must be the whole name, and a star stands for any letters.
    """
    tails, pattern = _tails(name), _open(words)
    return not _listed(words).isdisjoint(tails) or (pattern is not None and any(map(pattern.fullmatch, tails)))


@cache
def has(words: str, name: str) -> bool:
    """Whether any words of a name are among `words`."""
    return not _listed(words).isdisjoint(_runs(name))


_AMBIGUOUS = (
    (
        "class|module|subject",
        "course|student|teacher|instructor|trainer|school|lesson|credit|capacity|semester|room|gym",
    ),
    ("unit|section|division", "manager|head|employee|staff|company|organization|chief|budget"),
    ("resource|court", "booking|reservation|capacity|member|hourly_rate|available|sport"),
    ("port|station", "city|country|ship|vessel|harbor|harbour|train|bus|latitude|address"),
)
"""Words of tables that mean what `TABLES` says only beside others."""


_TELLING = ("description", "translation", "info", "data", "lang", "list", "master", "detail", "details")
"""Last words of tables that say more of what the words before name."""
_LISTS_ONLY = ("country", "language", "region", "city", "genre", "format", "species", "job", "department")
"""Kinds of tables that another one is not for having the word in its name: a country's tax form is no country."""


_ABSTRACT = (
    "reason", "status", "event", "setting", "option", "level", "term", "rule", "method", "notification", "token", "log",
    "session", "message", "permission", "award", "badge", "attachment", "preference", "favorite", "like", "device",
)  # fmt: skip
"""Last words of tables whose rows are never what the words before name."""
_FULL = {
    "prod": "product", "cust": "customer", "emp": "employee", "promo": "promotion", "pub": "publisher", "stor": "store",
    "dept": "department", "ord": "order", "inv": "invoice", "addr": "address", "acct": "account", "cat": "category",
    "mgr": "manager", "org": "organization", "loc": "location", "lang": "language", "proc": "process", "msg": "message",
    "grp": "group", "usr": "user", "doc": "document", "img": "image", "conf": "configuration", "inst": "instance",
    "def": "definition", "attr": "attribute", "cfg": "configuration", "txn": "transaction", "mfr": "manufacturer",
}  # fmt: skip


def full_word(word: str) -> str:
    """`prod` as "product"."""
    return _FULL.get(word, word)


@cache
def kind_of_table(table: Table) -> str:
    """What the rows are: "person", "product", .. or "" when the name does not say."""
    name = snake(table.name)
    parts = name.split("_")
    names = [snake(column.name) for column in table.columns]
    for part in (name, "_".join(parts[-2:]), parts[-1], *parts[:-1]):
        meant = next((around for words, around in _AMBIGUOUS if _is_one(words, part)), None)
        if meant is not None and not any(has(meant, other) for other in (*parts, *names)):
            continue
        whole = part in (name, parts[-1]) or parts[-1] in _TELLING
        if not whole and singular(parts[-1]) in _ABSTRACT:
            continue
        for words, kind in TABLES:
            named = _is_one(words, part) or _is_one(words, singular(part))
            if named and (whole or kind not in _LISTS_ONLY):
                return kind
    return "person" if any(ends("first_name|last_name|surname|firstname|lastname", other) for other in names) else ""


_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("payment|charge|payout", ("card", "bank transfer", "cash", "voucher")),
    ("payment_method|payment_source|payment_option|card", ("credit card", "debit card", "bank account", "wallet")),
    ("transaction|ledger|entry|movement|posting", ("deposit", "withdrawal", "fee", "interest")),
    ("bank_account|account", ("checking", "savings", "business", "credit")),
    ("address|addresses", ("home", "billing", "shipping", "work")),
    ("phone|telephone|contact_point", ("mobile", "home", "work", "fax")),
    ("email|mail", ("personal", "work", "other")),
    ("contact|customer|client|company|organization|organisation", ("individual", "business", "public", "partner")),
    ("user|member|employee|staff|person", ("regular", "manager", "guest", "temporary")),
    ("appointment|visit|encounter|consultation", ("check-up", "follow-up", "consultation", "emergency")),
    ("room|unit|apartment", ("single", "double", "suite", "family")),
    ("vehicle|car|truck", ("sedan", "van", "truck", "bike")),
    ("notification|message|alert|reminder", ("email", "sms", "push", "in-app")),
    ("event|log|activity|audit|history|action", ("created", "updated", "viewed", "deleted", "exported")),
    ("ticket|issue|request|incident|bug", ("question", "problem", "request", "incident")),
    ("document|file|attachment|upload|image|media", ("report", "invoice", "contract", "letter", "photo")),
    ("product|item|article", ("simple", "bundle", "digital", "service")),
    ("discount|coupon|promotion|voucher|offer", ("percentage", "fixed amount", "free shipping")),
    ("tax|fee|rate|price|charge", ("fixed", "percentage", "tiered")),
    ("course|lesson", ("lecture", "seminar", "workshop", "lab")),
    ("exam|test|quiz|assessment|question", ("multiple choice", "essay", "oral", "practical")),
    ("loan|credit|mortgage", ("personal", "mortgage", "car", "student")),
    ("policy|insurance|claim", ("health", "car", "home", "travel")),
    ("property|building|house", ("apartment", "house", "office", "studio")),
    ("field|attribute|option|setting|parameter|property", ("text", "number", "date", "select", "checkbox")),
    ("shipment|delivery|shipping", ("standard", "express", "pickup")),
    ("device|machine|equipment|sensor", ("laptop", "phone", "printer", "scanner", "router")),
    ("task|job|step|activity", ("manual", "scheduled", "recurring", "review")),
    ("book|title|publication", ("novel", "reference", "textbook", "biography")),
)
"""What a type column of a table may hold, by the last word of the table's name."""


@cache
def kinds_for(table: Table, name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The values of a column such as `type` or `kind` in a table, as an entry like those of `LISTS`."""
    found = re.search(r"(?:^|_)(?:type|kind|category|method|class|mode)s?$", name)
    if found is None:
        return ()
    stem = name[: found.start()]
    for where in (stem,) if stem and not has(stem, snake(table.name)) else (stem, snake(table.name)):
        for words, values in _KINDS:
            if where and ends(words, where):
                return (("type|kind|category|method|class|mode", values),)
    return ()


def singular(word: str) -> str:
    """`banners` -> `banner`."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:ss|us|is)$", word) or len(word) <= 3:
        return word
    return re.sub(r"(?<=ch|sh|ss)es$|(?<=x)es$|s$", "", word)


_MOMENTS = ("date", "timestamp")
_CHANGED = "updated|update|modified|changed|edited|edit"


def _is_birth(column: Column) -> bool:
    return has("birth|birthday|born|dob", snake(column.name))


def _stage(column: Column) -> int | None:
    """When in the life of a row a date lies, or None when its name does not say."""
    if column.type.kind not in _MOMENTS or _is_birth(column):
        return None
    parts = snake(column.name).split("_")
    stages = [stage for stage, words in enumerate(_STAGES) for part in parts if part in _listed(words)]
    return max(stages) if stages else None


_RECORDED = 3
"""When a row is entered that is a record of what has happened; what it tells of began before, and may end later."""


@cache
def _stages(table: Table) -> dict[str, int]:
    """When in the life of a row each of its dates lies, as far as their names say."""
    found = {column.name: stage for column in table.columns if (stage := _stage(column)) is not None}
    told = any(has(_EVENTS, snake(name)) for name in found) or (
        has("visit|encounter|admission|hospitalization", snake(table.name))
        and any(has("start|started|admitted", snake(name)) for name in found)
    )
    if told:
        for name, stage in found.items():
            if stage == 0 and not has(_EVENTS, snake(name)):
                found[name] = _RECORDED
    return found


_EVENTS = "onset|encounter|obs|observed|observation|diagnosed|incident|measured|measurement|accident"
"""Words of what is entered after it has happened."""


def first_date(table: Table) -> str:
    """The date column that comes first in the life of a row of the table, or ""."""
    staged = [(stage, name) for name, stage in _stages(table).items()]
    return next((name for stage, name in staged if stage == min(stage for stage, _ in staged) and stage < 5), "")


_OPPOSITES = (
    ("min", "max"),
    ("minimum", "maximum"),
    ("low", "high"),
    ("lowest", "highest"),
    ("lower", "upper"),
    ("least", "most"),
    ("smallest", "largest"),
    ("lo", "hi"),
    ("low", "hi"),
    ("min", "list"),
)
_ENDS = (
    ("start", "end"),
    ("begin", "end"),
    ("from", "to"),
    ("first", "last"),
    ("open", "close"),
    ("opening", "closing"),
)
"""What comes in order along a row of numbers; for dates that is what stages are for."""


_NUMBERS = ("integer", "real", "decimal")


def implied_orders(table: Table) -> list[Order]:
    """Orders between columns that their names imply: `min_salary` is at most `max_salary`."""
    names = {snake(column.name): column.name for column in table.columns}
    found: list[Order] = []
    for name, column in names.items():
        parts = name.split("_")
        pairs = (*_OPPOSITES, *_ENDS) if table.column(column).type.kind in _NUMBERS else _OPPOSITES
        for less, more in pairs:
            other = "_".join(more if part == less else part for part in parts)
            if less in parts and other in names and not has("balance|stock|inventory", name):
                found.append(Order(column, names[other], strict=False))
        if table.column(column).type.kind in _NUMBERS:
            found.extend(Order(one, other, strict=False) for one, other in _levels(name, column, names))
    return _closed(found)


def _closed(orders: list[Order]) -> list[Order]:
    """The orders with all that follow from them, as of two columns the later drawn gives way to the other."""
    pairs = dict.fromkeys((order.lower, order.higher) for order in orders)
    for _ in range(3):
        pairs |= dict.fromkeys((one, far) for one, mid in pairs for near, far in pairs if mid == near and one != far)
    return [Order(lower, higher, strict=False) for lower, higher in pairs]


_LEVELS = ("normal", "warning", "critical", "panic", "absolute")
"""Limits of a measurement, from the inner ones to the outer ones."""


def _levels(name: str, column: str, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Pairs of limits on one side, the lower first: `low_critical` and `low_normal`, `hi_normal` and `hi_critical`."""
    parts = name.split("_")
    level = next((part for part in parts if part in _LEVELS), None)
    if level is None:
        return
    for outer in _LEVELS[_LEVELS.index(level) + 1 :]:
        other = names.get("_".join(outer if part == level else part for part in parts))
        if other is not None:
            low = any(part in ("low", "lo", "min", "lower") for part in parts)
            yield (other, column) if low else (column, other)


_LISTED_FOR = {"pet": "species", "facility": "room_kind", "product": "category", "dish": "category"}
_WORKS = "film|movie|book|album|track|song|game|show|series|episode|playlist"
_MUSIC = "album|track|song|playlist"
_GOODS = "product|item|article|goods|sku|shop|store|catalog|stock|inventory|merchandise|order|sale"
_WARES = "product|goods|sku|merchandise|stock|catalog|inventory"


def kind_of_list(schema: Schema, table: Table) -> str:
    """What a table of categories or types lists, by the tables that point at it, or are linked to it."""
    near: list[Table] = []
    for other in schema.tables:
        targets = [key.target for key in other.foreign_keys]
        if other is not table and table.name in targets:
            near.append(other)
            if len(targets) == 2 and len(other.columns) <= 4:
                near.extend(schema.table(target) for target in targets if target != table.name)
    for other in near:
        if kind_of_table(other) == "title" and has(_WORKS, snake(other.name)):
            return "music_genre" if has(_MUSIC, snake(other.name)) else "genre"
        if kind_of_table(other) == "person" and ends("category|type|kind|level", snake(table.name)):
            return "membership"
        kind = _LISTED_FOR.get(kind_of_table(other))
        if kind is not None:
            return kind
    goods = any(has(_GOODS if near else _WARES, snake(other.name)) for other in (near or schema.tables))
    return "category" if goods else "topic"


def earlier_dates(table: Table, column: Column) -> tuple[str, ...]:
    """The date columns of the same row that a date column follows, by the usual course of things."""
    stages = _stages(table)
    own = stages.get(column.name)
    if own is None:
        return ()
    changed = has(_CHANGED, snake(column.name))
    staged = [(stages.get(other.name), other) for other in table.columns if not other.generated]
    return tuple(
        other.name
        for stage, other in staged
        if (stage is not None and stage < own)
        or (changed and other.type.kind in _MOMENTS and not _is_birth(other) and not has(_CHANGED, snake(other.name)))
    )


_BARE = (
    "name|title|description|desc|code|type|status|date|comment|note|number|address|email|phone|action|result|user|"
    "first_name|last_name|label|kind|price|amount|quantity|city|country|url"
)


def bare_name(table: Table, column: Column) -> str:
    """A column's name without a letter that it has in front with others of its table: `tname`, `g_desc`."""
    name = snake(column.name)
    found = re.fullmatch(rf"([a-z])_?({_BARE})", name)
    if found is None or name in _BARE.split("|"):
        return name
    alike = sum(re.fullmatch(rf"{found[1]}_?(?:id|{_BARE})", snake(other.name)) is not None for other in table.columns)
    return found[2] if alike > 1 else name


def people_columns(table: Table) -> tuple[str, str, str]:
    """The row's first name, last name and full name columns, "" where there is none."""
    first = last = full = ""
    for column in table.columns:
        name = snake(column.name)
        if column.type.kind != "text" or column.generated:
            continue
        if not first and ends("first_name|firstname|fname|given_name|forename", name):
            first = column.name
        elif not last and ends("last_name|lastname|lname|surname|family_name", name):
            last = column.name
        elif not full and (
            ends("full_name|display_name", name) or (name in ("name", *(f"{part}_name" for part in PEOPLE.split("|"))))
        ):
            full = column.name
    if full and kind_of_table(table) != "person" and snake(full) in ("name", "full_name", "display_name"):
        full = ""  # of what the rows are, which is no person
    return first, last, full


def person_beside(table: Table, column: Column) -> str:
    """The name of whom an e-mail address is, by its own name: `contact_person` beside `contact_mail`; "" for none."""
    stem = re.sub(r"_?e?_?mail(?:_address)?$", "", snake(column.name))
    wanted = {stem, f"{stem}_name", f"{stem}_person", f"{stem}_full_name"} if stem else set()
    for other in table.columns:
        if other is not column and other.type.kind == "text" and not other.generated and snake(other.name) in wanted:
            return other.name
    return ""


def reduction(table: Table, column: Column) -> str:
    """Whether a discount or rate is a "fraction" of 1, a "percent" or "money", by a formula or its name and type."""
    name = snake(column.name)
    kept = re.compile(rf"\b1(?:\.0+)?\s*-\s*\(?\s*\"?{re.escape(column.name)}\b", re.IGNORECASE)
    if any(kept.search(other.generated or "") for other in table.columns):
        return "fraction"
    whole = None if column.type.precision is None else column.type.precision - (column.type.scale or 0)
    if has("percent|pct|percentage", name):
        return "fraction" if whole is not None and whole <= 1 else "percent"
    if has("rate|ratio", name):
        return "fraction" if column.type.kind == "real" or (whole is not None and whole <= 1) else "percent"
    if whole is not None and whole <= 1:
        return "fraction"
    if ends("cents|amount|amt|total|value", name) or (whole is not None and whole > 3):
        return "money"
    return "fraction" if column.type.kind == "real" else "percent"


def has_city(table: Table) -> bool:
    """Whether the table has a text column for a city, apart from being a table of cities."""
    if kind_of_table(table) == "city":
        return False
    return any(column.type.kind == "text" and ends("city|town", snake(column.name)) for column in table.columns)


def has_place(table: Table) -> bool:
    """Whether rows of the table have an address."""
    return any(
        has("city|zip|zipcode|postal|postcode|street|address|country|town", snake(column.name))
        for column in table.columns
    )
