"""When something happened, as far as names, states, bounds and what a row belongs to say."""

from __future__ import annotations

from .bounds import Bounds
from .eras import Era
from .model import Column, Schema, Table
from .moment import DAY, read_moment, write_moment
from .naming import earlier_dates, ends, first_date, has, kind_of_table, snake
from .route import through
from .sources import After, Between, Cases, ColumnRecipe, Source
from .states import acted, early, states_before, states_of, status_column

_RECENTLY = Between("-730d", "-1d", "working")
_BEGUN = ((730, 1), (900, 120), (1100, 270), (1300, 400), (1450, 480), (1600, 560), (1750, 640))
"""When rows came to be, in days ago, by how many generations come after them: these need time to happen in."""
_WITHIN = (730, 400, 250, 150, 120, 120, 120)
"""How many days at most after what they belong to, alike."""
_LEFT = 45
"""So many days before the clock are left to each generation that follows."""


def moment_source(
    schema: Schema, table: Table, column: Column, name: str, bounds: Bounds, now: int, era: Era
) -> Source:
    """When it happened; `now` in seconds, `era` is that of the table."""
    bounded = _bounded_moment(bounds, now)
    if bounded is not None:
        return bounded
    if _is_birth(column):
        if kind_of_table(table) == "pet":
            return Between("-9y", "-90d", "midnight")
        working = any(has("hire|hired|joined|join|termination|salary", snake(other.name)) for other in table.columns)
        return Between("-64y", "-32y", "midnight") if working else Between("-76y", "-19y", "midnight")
    earlier = earlier_dates(table, column) or states_before(table, column)
    if has("updated|update|modified|changed|last|seen", name):
        # What is due or valid until some day may lie ahead, and is no reason to have been changed later.
        earlier = tuple(other for other in earlier if _ahead(snake(other), (other,), table) is None)
    ahead = _ahead(name, earlier, table)
    if ahead is not None:
        return ahead
    if earlier and has(_ENDED, name) and has(_SPANS, f"{snake(table.name)}_{name}"):
        lasting = tuple((other,) for other in earlier)
        return After(lasting, 700 * DAY, 20 * DAY, "working", otherwise=_RECENTLY)
    if earlier:
        later = has("updated|update|modified|changed|edited", name)
        within = 200 * DAY if later else 20 * DAY if has("end|to|thru", name) else 9 * DAY
        return After(tuple((other,) for other in earlier), within, 0, "working", otherwise=_RECENTLY)
    if has("hire|hired|founded|established|opened", name):
        return Between("-12y", "-30d", "midnight")
    begun = _begun(era) if first_date(table) == column.name else _RECENTLY
    plain = _after_parents(schema, table, column, era) or begun
    status = status_column(table)
    lately = early(states_of(table, status), status) if status is not None else None
    if lately is None or first_date(table) != column.name or era.until is not None:
        return plain
    # What is still pending was not placed two years ago.
    recent = plain._replace(late=25 * DAY, within=3650 * DAY) if isinstance(plain, After) else _LATELY
    return Cases((ColumnRecipe(recent, when=lately), ColumnRecipe(plain)))


_SPANS = (
    "history|employment|assignment|contract|agreement|subscription|membership|enrollment|enrolment|lease|tenancy|policy|"
    "insurance|coverage|price|rate|cost|salary|wage|tariff|position|appointment|term|project|campaign|era|product|item|"
    "material|component|model|catalog|offer|territory|department|relationship|program|role|license|licence|certification|"
    "education|school|degree|experience|career|valid|validity|entitlement|period|wallet|account|"
    "grant|study|trial|season|listing|promotion|discount|restriction|prescription|medication|therapy|patient_state"
)
"""What holds for months, between two dates, by words of the table or of the date."""
_SHORT = "order|prescription|quote|quotation|offer|token|session|invite|invitation|reset|hold|cart|otp|verification"
"""What expires within weeks."""
_ENDED = "end|ended|to|thru|until|till|terminated|closed|cancelled|canceled|deactivated|discontinued|retired"
_LATELY = Between("-25d", "-1h", "working")


def _ahead(name: str, earlier: tuple[str, ...], table: Table) -> Source | None:
    """A date that may lie in the future: the end of a validity, the day on which something is due."""
    paths = tuple((other,) for other in earlier)
    if ends(
        "expires|expires_at|expires_on|expire_at|expire_on|valid_through|expiry|expiry_date|expire|expiration|expiration_date|valid_until|valid_to|"
        "valid_till|expire_date|renewal_date|renews_at|renews_on|warranty_until|best_before|next_run_at|next_due_date",
        name,
    ):
        anytime = Between("-300d", "500d", "midnight")
        within = 60 if has(_SHORT, snake(table.name)) else 900
        return After(paths, within * DAY, DAY, "", f"{within}d", anytime, ahead=True) if paths else anytime
    if ends("due|due_at|due_on|due_date|deadline|required_date|required_by", name) and paths:
        return After(paths, 45 * DAY, 5 * DAY, "", "60d", _RECENTLY, ahead=True)
    return None


def _bounded_moment(bounds: Bounds, now: int) -> Between | None:
    """The part of the last two years that constant bounds leave, or the range that they give."""
    try:
        low = read_moment(bounds.low) if isinstance(bounds.low, str) else None
        high = read_moment(bounds.high) if isinstance(bounds.high, str) else None
    except ValueError:
        return None
    if low is None and high is None:
        return None
    last = now - DAY if high is None else high - bounds.high_open
    if high is not None and low is None:
        last = min(last, now - DAY)
    first = last - 730 * DAY if low is None else low + bounds.low_open
    if high is None:
        first = max(first, min(last, now - 730 * DAY))
    # People do things by day, unless the bounds leave no day for it.
    return Between(write_moment(first), write_moment(max(first, last)), "working" if last - first > 3 * DAY else "")


def _begun(era: Era) -> Between:
    """When the first rows of their line begin."""
    if era.until is None:
        longest, shortest = _BEGUN[era.after]
        return Between(f"-{longest}d", f"-{shortest}d", "working")
    return Between(write_moment(era.until - (30 + 150 * era.after) * DAY), write_moment(era.until - 1), "working")


def _after_parents(schema: Schema, table: Table, column: Column, era: Era) -> After | None:
    """A row's first date follows the first dates of the rows that it points at."""
    if first_date(table) != column.name:
        return None
    paths: list[tuple[str, ...]] = []
    births: list[tuple[str, ...]] = []
    soon = False
    for position, key in enumerate(table.foreign_keys):
        if len(key.columns) == 1 and acted(table, table.column(key.columns[0])) is not None:
            continue  # who changed the row later says nothing of when it began
        parent = schema.table(key.target)
        date = first_date(parent)
        if date and parent is not table and not has("update|updated|modified|last|hire|hired|opened", snake(date)):
            paths.append((through(position), date))
            # What concerns an event follows soon; what concerns a person or a thing, at any time.
            soon = soon or not (kind_of_table(parent) or has("created|create|registered|join|joined", snake(date)))
        born = next((other.name for other in parent.columns if _is_birth(other)), "")
        if born and parent is not table:
            births.append((through(position), born))
    if not paths and births:
        return _after_births(tuple(births), _begun(era))
    if not paths:
        return None
    within = (30 if soon else _WITHIN[era.after]) * DAY
    until = f"-{_LEFT * era.after}d" if era.until is None else write_moment(era.until)
    return After((*paths, *births), within, 0, "working", until, otherwise=_begun(era))


def _after_births(births: tuple[tuple[str, ...], ...], begun: Between) -> After:
    """Nothing happens to anybody who is not born yet, and most of it happened lately."""
    return After(births, 120 * 365 * DAY, 0, "working", str(begun.high), otherwise=begun, late=730 * DAY)


def after_some(source: After, paths: tuple[tuple[str, ...], ...]) -> After:
    """A guessed date that can only follow some of what it follows."""
    if paths and paths != source.paths and all(has(_BIRTH, snake(path[-1])) for path in paths):
        return _after_births(paths, source.otherwise or _RECENTLY)
    return source._replace(paths=paths)


def _is_birth(column: Column) -> bool:
    return column.type.kind in ("date", "timestamp") and has(_BIRTH, snake(column.name))


_BIRTH = "birth|birthday|born|dob"
