"""Which states the rows of a table are in, and which dates and flags go with them.

A row has a `shipped_at` exactly when its status says that it was shipped; it has a `deleted_at` when
`is_deleted` is set. Words only, read from names; drawing is `produce.py`.
"""

from __future__ import annotations

import ast
import re

from .bounds import Bounds
from .expression import Expression, expression_of
from .model import Column, Table, Value
from .naming import ends, first_date, has, has_place, singular, snake

_STATUS = "status|state|stage|order_status|lifecycle_state|current_state|status_code"

_SETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("clinical_status", ("active", "resolved", "inactive", "recurrence", "remission")),
    ("flight", ("landed", "scheduled", "departed", "delayed", "cancelled")),
    ("baggage|luggage|bag", ("claimed", "loaded", "checked in", "delayed", "lost")),
    ("leave|leave_request|time_off|time_off_request", ("approved", "submitted", "in review", "rejected")),
    ("attendance", ("present", "absent", "late", "excused")),
    ("alert|alarm", ("resolved", "acknowledged", "open")),
    ("command", ("acknowledged", "sent", "failed", "pending")),
    ("gateway|sensor|beacon", ("online", "offline", "maintenance")),
    ("hold", ("ready", "waiting", "picked up", "expired", "cancelled")),
    ("pick|pick_list", ("picked", "open", "short", "cancelled")),
    ("obs|observation", ("final", "preliminary", "amended")),
    ("lab_result|test_result", ("final", "preliminary", "corrected", "cancelled")),
    ("admission|hospitalization", ("discharged", "admitted", "transferred", "cancelled")),
    ("job_posting|vacancy|job_opening|requisition", ("open", "closed", "draft", "on hold")),
    ("performance_review|appraisal", ("completed", "in progress", "draft", "signed")),
    ("payment|charge|transaction|payout|transfer|refund", ("completed", "pending", "failed", "refunded")),
    ("order|purchase|sale", ("delivered", "shipped", "processing", "pending", "cancelled", "returned")),
    ("invoice|bill|credit_note", ("paid", "sent", "overdue", "draft", "void")),
    ("quote|quotation|estimate|proposal|offer", ("sent", "accepted", "draft", "rejected", "expired")),
    ("shipment|delivery|parcel|package|consignment", ("delivered", "in transit", "preparing", "delayed", "returned")),
    ("ticket|issue|incident|request|complaint|bug", ("open", "in progress", "resolved", "closed", "on hold")),
    ("task|job|todo|milestone|step|action|workorder|work_order", ("done", "in progress", "open", "blocked")),
    ("project|campaign|initiative|program", ("active", "completed", "planned", "on hold", "cancelled")),
    ("appointment|visit|consultation|session|encounter", ("completed", "scheduled", "cancelled", "no show")),
    ("booking|reservation|stay", ("completed", "confirmed", "pending", "cancelled")),
    (
        "subscription|membership|contract|policy|license|licence|plan",
        ("active", "trialing", "past due", "cancelled", "expired"),
    ),
    ("loan|rental|borrowing|checkout|lending", ("returned", "on loan", "overdue", "lost")),
    ("post|article|page|blog|story|document|content|comment|review", ("published", "draft", "archived")),
    ("application|candidate|applicant|claim|expense|leave", ("approved", "submitted", "in review", "rejected")),
    ("enrollment|enrolment|registration|course", ("enrolled", "completed", "dropped", "waitlisted")),
    ("lead|deal|opportunity|prospect", ("new", "contacted", "qualified", "won", "lost")),
    (
        "room|table|vehicle|car|device|machine|equipment|asset|copy|copies|item|bed",
        ("available", "in use", "maintenance", "retired"),
    ),
    ("message|notification|mail|email|sms|invitation|invite", ("sent", "delivered", "failed", "queued")),
    (
        "import|export|sync|run|build|deployment|batch|process|queue|upload",
        ("succeeded", "running", "queued", "failed"),
    ),
    ("product|listing|sku|variant", ("active", "draft", "discontinued")),
    (
        "card|account|user|customer|member|employee|patient|client|supplier|vendor|company",
        ("active", "inactive", "suspended"),
    ),
)
"""The states of a table's rows, the most frequent first, by a word of its name or of the column's."""
_ANY = ("active", "completed", "pending", "cancelled", "on hold")
"""The states of what no word above is said of."""
_LENT = "principal|interest|interest_rate|collateral|underwriter|lender|loan_amount|apr"
"""Beside these, a loan is one of money."""

_DONE = "completed|complete|done|finished|closed|fulfilled|settled|succeeded|success|successful"
_DELIVERED = rf"delivered|received|returned|{_DONE}"
_SHIPPED = rf"shipped|sent|dispatched|in_transit|out_for_delivery|on_the_way|partially_shipped|{_DELIVERED}"
_PAID = rf"paid|captured|processing|packed|preparing|refunded|partially_refunded|{_SHIPPED}"
_EVENTS: tuple[tuple[str, str], ...] = (
    ("cancelled|canceled|cancellation|cancel", "cancelled|canceled|cancellation"),
    ("voided|void", "void|voided"),
    ("returned|return", "returned"),
    ("refunded|refund", "refunded|partially_refunded"),
    ("delivered|delivery|received", _DELIVERED),
    ("shipped|dispatched|ship", _SHIPPED),
    ("paid|payment|captured|settled", _PAID),
    ("resolved|resolution|solved", "resolved|closed|done|completed|fixed"),
    ("closed|close", "closed|won|lost|resolved_and_closed"),
    (
        "completed|finished|ended|completion|end|finish",
        rf"{_DONE}|checked_out|ended|expired|terminated|resolved|inactive|remission|retired",
    ),
    ("discharged|discharge", "discharged|completed|closed"),
    (
        "started|begun|start",
        rf"in_progress|started|running|active|ongoing|failed|checked_in|terminated|past_due|expired|{_DONE}",
    ),
    ("approved|approval|accepted", rf"approved|accepted|active|{_PAID}"),
    ("rejected|declined|denied", "rejected|declined|denied"),
    ("confirmed", rf"confirmed|checked_in|checked_out|no_show|{_PAID}"),
    ("published|publish", "published|live|archived"),
    ("archived", "archived"),
    ("failed", "failed|error|errored"),
    ("expired", "expired"),
    ("submitted", "submitted|in_review|under_review|approved|rejected|accepted|declined|closed|paid"),
    ("sent", "sent|delivered|opened|clicked|bounced|accepted|rejected|paid|overdue|expired|read"),
    ("suspended|blocked|banned|locked", "suspended|blocked|banned|locked"),
    ("deactivated|terminated|disabled", "inactive|deactivated|terminated|disabled|closed"),
    ("activated", "active|activated|past_due|suspended"),
    ("assigned", rf"assigned|in_progress|pending|on_hold|resolved|{_DONE}"),
    ("won|converted", "won|converted"),
    ("lost", "lost"),
)
"""A date's event, and the states in which it has happened."""

_COMMON = (
    "delivered|completed|complete|active|paid|published|closed|approved|open|succeeded|confirmed|resolved|done|sent|"
    "available|enrolled|accepted|finished|returned|settled|in_stock|normal|enabled|verified|success"
)
_RARE = (
    "failed|rejected|refunded|expired|void|voided|cancelled|canceled|declined|suspended|blocked|banned|lost|error|"
    "no_show|overdue|terminated|deleted|archived|partially_refunded|disputed|damaged|maintenance|retired|delayed"
)

_OPPOSITE = {"deactivated": "active", "disabled": "enabled", "terminated": "active", "inactivated": "active",
             "ended": "active", "end": "active", "left": "active"}  # fmt: skip


_CONDITIONS = (
    "marital_status|civil_status|employment_status|tax_status|citizenship_status|allergy_status|smoking_status|"
    "verification_status|fulfiller_status|vaccination_status|kyc_status|visa_status|vip_status|"
    "relationship_status|flsa_status|housekeeping_status|maintenance_status|calibration_status|inspection_status|"
    "availability_status|coupon_status|refill_status|delivery_status"
)


def status_column(table: Table) -> Column | None:
    """The column that says which state a row is in."""
    for column in sorted(table.columns, key=lambda column: snake(column.name) != "status"):
        name = snake(column.name)
        if column.type.kind != "text" or column.generated or not ends(_STATUS, name):
            continue
        if ends(_CONDITIONS, name):
            continue  # of a person or of what is known, and none that a row goes through
        # The state of an address is none of a row.
        if not ends("state", name) or not has_place(table) or column.values:
            return column
    return None


def states_of(table: Table, column: Column, bounds: Bounds | None = None) -> tuple[str, ...]:
    """The states that a status column may have; () when neither the schema nor the table's name says."""
    listed = bounds.values if bounds is not None and bounds.values is not None else column.values
    if listed:
        return tuple(str(value) for value in listed)
    if codes := coded(column):
        return tuple(str(code) for code, _ in codes)
    length = column.type.length or 40
    name = snake(column.name)
    of_column = [values for words, values in _SETS if has(words, name)]
    whole = singular(snake(table.name))
    of_table = [values for words, values in _SETS if ends(words, whole)]
    if ends("loan|credit", whole) and any(has(_LENT, snake(other.name)) for other in table.columns):
        of_table = [("active", "paid off", "in arrears", "defaulted", "pending")]
    for values in (*of_column, *of_table, _ANY):
        fitting = tuple(value for value in values if len(value) <= length)
        if len(fitting) == len(values):
            return in_style(fitting, column)
    return ()


def in_style(values: tuple[str, ...], column: Column) -> tuple[str, ...]:
    """The words as a column's default is written, `ROUTINE`, and that first among them."""
    found = re.fullmatch(r"'([A-Za-z][\w -]*)'", column.default or "")
    if found is None:
        return values
    default = found[1]
    if default.isupper() and len(default) > 1:
        values = tuple(value.upper().replace(" ", "_") for value in values)
    elif default[0].isupper() and default[1:].islower():
        values = tuple(value[:1].upper() + value[1:] for value in values)
    return tuple(dict.fromkeys((default, *values)))


def coded(column: Column) -> tuple[tuple[Value, str], ...]:
    """The codes that a column's comment explains, "1 = Pending; 2 = Approved", with their meanings; () for none."""
    if column.type.kind not in ("integer", "text") or column.values:
        return ()
    found = re.findall(r"(?:^|[\s;,.(:])([A-Z]{1,3}|\d{1,2})\s*=\s*([A-Za-z][\w -]*)", column.comment)
    if column.type.kind == "integer":
        listed: list[tuple[Value, str]] = [(int(code), meaning.strip()) for code, meaning in found if code.isdecimal()]
    else:
        room = column.type.length or 3
        listed = [(code, meaning.strip()) for code, meaning in found if len(code) <= room]
    return tuple(dict(listed).items()) if len(dict(listed)) > 1 else ()


def weights_of(states: tuple[Value, ...]) -> tuple[float, ...]:
    """How frequent each is: what is usual more than what is rare, and none less than 3 % as far as that can be."""
    words = [snake(str(state)) for state in states]
    rank = [(place + 1) ** -0.45 for place in range(len(states))]
    plain = [
        (3.0 if re.fullmatch(_COMMON, word) else 0.6 if re.fullmatch(_RARE, word) else 1.3) * rank[place]
        for place, word in enumerate(words)
    ]
    least = min(0.04, 0.5 / len(states))
    free = 1 - least * len(states)
    return tuple(least + free * weight / sum(plain) for weight in plain)


def _event(column: Column) -> str:
    """What a date is the date of: `done` of `done_at` and of `date_done`."""
    event = re.sub(r"_(?:at|on|date|time|datetime|timestamp|ts|by)$", "", snake(column.name))
    return re.sub(r"^(?:date|time)_(?:of_)?", "", event)


def states_before(table: Table, column: Column) -> tuple[str, ...]:
    """The dates that come before the date of a state: the row's first one, and those of states listed earlier."""
    status = status_column(table)
    states = [snake(state) for state in states_of(table, status)] if status is not None else []
    own = _event(column)
    if own not in states:
        return ()
    first = first_date(table)
    earlier = states[: states.index(own)]
    return tuple(
        other.name
        for other in table.columns
        if other is not column
        and other.type.kind in ("date", "timestamp")
        and (other.name == first or _event(other) in earlier)
    )


def reached(table: Table, column: Column) -> Expression | None:
    """When a date of the row is there: the states or the flag that it goes with; None when nothing says."""
    event = _event(column)
    flagged = _flag(table, event.rsplit("_", 1)[-1]) if event else None
    if flagged is not None:
        return _is(*flagged)
    status, states = _told(table)
    if status is None:
        return None
    for words, after in _EVENTS:
        if not re.search(rf"(?:^|_)(?:{words})$", event):
            continue
        fitting = [state for state, word in states.items() if re.fullmatch(after, snake(word))]
        if fitting and len(fitting) < len(states):
            return _in(status, fitting)
    named = [state for state, word in states.items() if snake(word) == event]
    if named and len(states) > 1 and named[0] != next(iter(states)):
        # A state of which no word here knows; the first one is where rows begin, and its date stays.
        return _in(status, named[:1])
    return None


def _told(table: Table) -> tuple[Column | None, dict[Value, str]]:
    """The column that says which state a row is in, and its values with what they mean."""
    for column in table.columns:
        if ends("status|state", snake(column.name)) and (codes := coded(column)):
            return column, dict(codes)
    status = status_column(table)
    return status, {state: state for state in states_of(table, status)} if status is not None else {}


def _in(status: Column, states: list[Value]) -> Expression:
    listed = ast.List([ast.Constant(state) for state in states])
    return expression_of(ast.Compare(ast.Name(status.name), [ast.In()], [listed]))


def reasoned(table: Table, column: Column) -> Expression | None:
    """When a reason of the row is there: the flag of what it is the reason of; None when there is no such flag."""
    found = re.fullmatch(r"(?:(\w+)_)?(?:reason|reason_text|reason_code)", snake(column.name))
    stem = found[1] if found else None
    if not stem:
        return None
    for event in (stem, f"{stem}ed", f"{stem}d", re.sub(r"(?:ation|al)$", "ed", stem)):
        flagged = _flag(table, event.rsplit("_", 1)[-1])
        if flagged is not None:
            return _is(*flagged)
    return None


def only_when(table: Table, column: Column) -> Expression | None:
    """When a column of the row that may be empty is not, by the others; None when nothing says."""
    said = (rule(table, column) for rule in (acted, _followed, _uncoded, _paired, _protected))
    return next((when for when in said if when is not None), None)


def _followed(table: Table, column: Column) -> Expression | None:
    """`substitution_type` is there where `was_substituted` is set."""
    found = re.fullmatch(
        r"(\w+?)_(?:type|reason|reason_code|code|note|notes|comment|amount|method|details?)(?:_id)?", snake(column.name)
    )
    if found is None or not column.nullable or column.name in table.primary_key:
        return None
    stem = found[1].rsplit("_", 1)[-1]
    for event in (
        f"{stem}ed",
        f"{stem}d",
        re.sub(r"(?:ation|ion|al|ment)$", "ed", stem),
        re.sub(r"ation$", "led", stem),
    ):
        flagged = _flag(table, event)
        if flagged is not None:
            return _is(*flagged)
    for other in table.columns:
        counted = rf"{stem}(?:p?ed|d)?_(?:qty|quantity|count)|(?:qty|quantity)_{stem}(?:p?ed|d)?"
        if other.type.kind in ("integer", "real", "decimal") and re.fullmatch(counted, snake(other.name)):
            return expression_of(ast.Compare(ast.Name(other.name), [ast.Gt()], [ast.Constant(0)]))
    return None


_VALUES = "numeric|number|decimal|integer|coded|text|string|datetime|date|time|boolean|drug|complex|json|file|option"


def one_of_values(table: Table, column: Column) -> tuple[Expression | None, float] | None:
    """When one of the columns `value_numeric`, `value_text`, .. may be filled, of which a row has one, and how seldom.

    None where the table has no such columns, or only two.
    """
    found = [
        other
        for other in table.columns
        if other.nullable and re.fullmatch(rf"value_(?:{_VALUES})|(?:{_VALUES})_value", snake(other.name))
    ]
    if len(found) < 3 or column not in found:
        return None
    before = found[: found.index(column)]
    tests: list[ast.expr] = [ast.Compare(ast.Name(other.name), [ast.Is()], [ast.Constant(None)]) for other in before]
    null = 0.0 if column is found[-1] else 0.5
    if not tests:
        return None, null
    return expression_of(tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)), null


_OUTCOMES = ("accepted|approved", "rejected|declined|denied|refused", "revoked|withdrawn")
"""Of these a row has one at most."""


def excluded(table: Table, column: Column) -> Expression | None:
    """When none of the outcomes is there that exclude a date's: what was accepted is not revoked."""
    if column.type.kind not in ("date", "timestamp") or not column.nullable:
        return None
    own = next((place for place, words in enumerate(_OUTCOMES) if re.fullmatch(words, _event(column))), 0)
    before: list[ast.expr] = [
        ast.Compare(ast.Name(other.name), [ast.Is()], [ast.Constant(None)])
        for other in table.columns
        if other.nullable
        and other.type.kind in ("date", "timestamp")
        and any(re.fullmatch(words, _event(other)) for words in _OUTCOMES[:own])
    ]
    if not before:
        return None
    return expression_of(before[0] if len(before) == 1 else ast.BoolOp(ast.And(), before))


def _uncoded(table: Table, column: Column) -> Expression | None:
    """`diagnosis_non_coded` is there where `diagnosis_coded` is not: what no list has is said in words."""
    name = snake(column.name)
    if "non_coded" not in name and "noncoded" not in name:
        return None
    stem = re.sub(r"_?non_?coded_?", "", name)
    wanted = {f"{stem}_coded", f"coded_{stem}", f"{stem}_concept_id", f"{stem}_concept", f"{stem}_id", stem}
    for other in table.columns:
        if other is not column and snake(other.name) in wanted and other.nullable and column.nullable:
            return expression_of(ast.Compare(ast.Name(other.name), [ast.Is()], [ast.Constant(None)]))
    return None


_PAIRS = (("latitude", "longitude"), ("lat", "long"), ("lat", "lng"), ("lat", "lon"), ("question", "answer"))
"""The second is there exactly when the first is."""


def _protected(table: Table, column: Column) -> Expression | None:
    """`auth_pass` is there where `auth_protocol` is not none."""
    found = re.fullmatch(r"(\w+)_(?:pass|password|passphrase|secret)", snake(column.name))
    if found is None or not column.nullable:
        return None
    for other in table.columns:
        if snake(other.name) == f"{found[1]}_protocol" and other.type.kind == "text":
            return expression_of(ast.Compare(ast.Name(other.name), [ast.NotEq()], [ast.Constant("none")]))
    return None


def _paired(table: Table, column: Column) -> Expression | None:
    name = snake(column.name)
    for first, second in _PAIRS:
        if not re.search(rf"(?:^|_){second}$", name) or not column.nullable:
            continue
        wanted = name[: -len(second)] + first
        for other in table.columns:
            if other.nullable and snake(other.name) == wanted:
                return expression_of(ast.Compare(ast.Name(other.name), [ast.IsNot()], [ast.Constant(None)]))
    return None


def _is(flag: Column, holds: bool) -> Expression:
    return expression_of(ast.Compare(ast.Name(flag.name), [ast.Eq()], [ast.Constant(int(holds))]))


def acted(table: Table, column: Column) -> Expression | None:
    """When somebody is named who did it: `voided_by` where a row is voided, `approved_by` where it has a date of that.

    None when the row says neither, or always names somebody.
    """
    found = re.fullmatch(r"(?:user_)?(\w+?)_by(?:_(?:id|user|user_id|name))?", snake(column.name))
    if found is None or not column.nullable or column.name in table.primary_key:
        return None
    event = found[1]
    flagged = _flag(table, event)
    if flagged is not None:
        return _is(*flagged)
    dates = {f"{event}_{end}" for end in ("at", "on", "date", "time", "datetime")} | {f"date_{event}"}
    for other in table.columns:
        if snake(other.name) in dates and other.nullable and other.type.kind in ("date", "timestamp"):
            return expression_of(ast.Compare(ast.Name(other.name), [ast.IsNot()], [ast.Constant(None)]))
    return None


_PREREQUISITES = (
    ("delivered|delivery|received|arrived", "shipped|dispatched|ship|sent"),
    ("returned|return", "delivered|shipped"),
    ("refunded|refund", "paid|payment|captured"),
    ("completed|finished|ended|end", "started|start|begun"),
    ("checked_out|checkout|check_out", "checked_in|checkin|check_in"),
    ("resolved|closed", "assigned"),
)
"""What does not happen before something else has."""


def prerequisite(table: Table, column: Column) -> Expression | None:
    """The date without which this one cannot be there, as a condition."""
    event = re.sub(r"_(?:at|on|date|time|datetime)$", "", snake(column.name))
    for words, before in _PREREQUISITES:
        if not re.search(rf"(?:^|_)(?:{words})$", event):
            continue
        for other in table.columns:
            earlier = re.sub(r"_(?:at|on|date|time|datetime)$", "", snake(other.name))
            if (
                other is not column
                and other.nullable
                and other.type.kind in ("date", "timestamp")
                and re.search(rf"(?:^|_)(?:{before})$", earlier)
            ):
                return expression_of(ast.Compare(ast.Name(other.name), [ast.IsNot()], [ast.Constant(None)]))
    return None


_EARLY = (
    "new|pending|draft|open|in_progress|processing|placed|created|queued|submitted|requested|awaiting_payment|in_review|"
    "scheduled|received|preparing|in_transit|shipped|running|on_loan|trialing|unpaid|sent"
)


def early(states: tuple[str, ...], status: Column) -> Expression | None:
    """When a row is in a state that it does not stay in for long."""
    listed = [state for state in states if re.fullmatch(_EARLY, snake(state))]
    if not listed or len(listed) == len(states):
        return None
    return _in(status, list(listed))


def _flag(table: Table, event: str) -> tuple[Column, bool] | None:
    """The flag that says whether the event has happened, and what it then is."""
    for column in table.columns:
        if column.type.kind not in ("boolean", "integer") or column.generated or column.values:
            continue
        name = re.sub(r"^(?:is|has|was)_", "", snake(column.name))
        if name in (event, f"email_{event}") and (column.type.kind == "boolean" or name != snake(column.name)):
            return column, True
        if name == _OPPOSITE.get(event):
            return column, False
    return None
