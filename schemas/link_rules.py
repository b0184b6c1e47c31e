"""The rules that propose foreign keys: what a column's name speaks of, held against kinds and values.

Rows never make a link by themselves, since small numbers lie among other small numbers
everywhere; they only take proposals away. Where a name speaks of several tables, there is no proposal.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Mapping

from .contents import Contents
from .key_rules import key_kind
from .model import Column, Table
from .nouns import ColumnName, Nouns, abbreviates, noun, shared_start, word_set, words

_EXACT, _ENDING, _ROLE, _SHORT, _LIKE = 5, 4, 3, 2, 1
_HANDFUL = 5  # distinct values that support a name which only resembles a table's
_OWN = word_set("parent root previous prev preceding predecessor superior ancestor replyto eltern vorgaenger")
_CHIEF = re.compile(r"(?:\w*(?:manager|supervisor)|mgr|boss|chief|head|superior|reports?to|vorgesetzter?)")
_STAFF = re.compile(r"\w*rep|representative|salesperson|assignee|approver|handler|clerk")
_DONE_BY = re.compile(r"\w*(?:ed|en)by|assignedto|\w+edbyuser")
_PERSON = word_set("creator author owner reporter requester sender recipient reviewer editor assignee modifier user")
# What names something of another system.
_ELSEWHERE = word_set(
    """
    external ext foreign remote legacy old stripe paypal google facebook twitter github apple amazon aws azure
    salesforce third
    """
)


class Proposal(typing.NamedTuple):
    """A link of one column.

    Attributes:
        score: How much its name says; the greater, the more.
    """

    table: str
    column: str
    target: str
    target_column: str
    score: int


class LinkRules:
    """The links of single columns of one state of a schema."""

    def __init__(
        self, tables: Mapping[str, Table], nouns: Nouns, contents: Contents, copies: Mapping[str, frozenset[str]]
    ) -> None:
        self.tables = tables
        self.nouns = nouns
        self.contents = contents
        self.copies = copies
        self.keys: dict[str, str] = {}
        self.named: dict[str, list[tuple[str, str]]] = {}
        for table in tables.values():
            singles = [unique for unique in table.uniques if len(unique) == 1]
            if len(table.primary_key) == 1:
                self.keys[table.name] = table.primary_key[0]
                singles.append(table.primary_key)
            for (name,) in dict.fromkeys(singles):
                for found in self.names(table.name, name):
                    if found.mark and found.stem and not found.bare:
                        self.named.setdefault(found.whole, []).append((table.name, name))

    def names(self, table: str, column: str) -> tuple[ColumnName, ...]:
        return self.nouns.columns[table][column]

    def of(self, table: Table) -> dict[str, Proposal]:
        """The proposals for the columns of one table, by column."""
        out: dict[str, Proposal] = {}
        for column in table.columns:
            able = key_kind(column) and not column.values and not self.is_own(table, column)
            found = self.proposal(table, column) if able else None
            if found is not None:
                out[column.name] = found
        return out

    def is_own(self, table: Table, column: Column) -> bool:
        """Whether `itemid` is rather the own id of `labitems`: it stands first, and no other column identifies."""
        if table.primary_key or column is not table.columns[0]:
            return False
        if any(name.mark for other in table.columns[1:] for name in self.names(table.name, other.name)):
            return False
        own = self.nouns.short(table.name)
        return any(len(name.noun) > 3 and own.endswith(name.noun) for name in self.names(table.name, column.name))

    def proposal(self, table: Table, column: Column) -> Proposal | None:
        """The one link that the column's name speaks of, or None."""
        shared = table.primary_key == (column.name,)
        for rule in (self.exact, self.ending, self.role, self.short, self.like):
            found = dict.fromkeys(
                (target, pointed)
                for name in self.names(table.name, column.name)
                for target, pointed in rule(table, column, name)
                if self.fits(table, column, target, pointed)
            )
            one = self.only(table, column, list(found), rule == self.exact)
            if one is None and found:
                return None
            if one is not None:
                score = {self.exact: _EXACT, self.ending: _ENDING, self.role: _ROLE, self.short: _SHORT}.get(
                    rule, _LIKE
                )
                target, pointed = one
                proposal = Proposal(table.name, column.name, target, pointed, score)
                if not self.borne_out(proposal) or (shared and not self.shares(table, proposal)):
                    return None
                return proposal
        return None

    def exact(self, table: Table, column: Column, name: ColumnName) -> Iterator[tuple[str, str]]:
        """`customer_id` for `customers.id`; `facid` for `facilities.facid`, which has the same name."""
        if name.mark and name.stem and name.stem[0] not in _ELSEWHERE | {""}:
            yield from self.same_name(table, name.whole)
        if not name.stem or name.bare:
            return
        for target in self.nouns.holding.get(name.noun, ()):
            if target == table.name or target not in self.keys:
                continue
            key = self.keys[target]
            if name.mark:
                if self.same_class(name, target, key):
                    yield target, key
            elif column.type.kind == "integer" and not _is_plural(name.stem[-1]):
                yield target, key

    def same_name(self, table: Table, whole: str) -> Iterator[tuple[str, str]]:
        for target, key in self.named.get(whole, ()):
            if target != table.name:
                yield target, key

    def same_class(self, name: ColumnName, target: str, key: str) -> bool:
        """A customer's number is not the customer's id."""
        return any(found.mark in (name.mark, "") for found in self.names(target, key))

    def ending(self, table: Table, column: Column, name: ColumnName) -> Iterator[tuple[str, str]]:
        """`billing_address_id` for `addresses.id`; the longest ending that says something."""
        if not name.mark or name.glued or name.stem[:1] == () or name.stem[0] in _ELSEWHERE:
            return
        parts = tuple(word for word in words(column.name) if not word.isdigit())
        for start in range(1, len(name.stem)):
            found = list(self.key_endings("".join(parts[start:])))
            for target in self.nouns.holding.get(noun(name.stem[start:]), ()):
                if target in self.keys and self.same_class(name, target, self.keys[target]):
                    found.append((target, self.keys[target]))
            if found:
                yield from found
                return

    def key_endings(self, whole: str) -> Iterator[tuple[str, str]]:
        for target, key in self.named.get(whole, ()):
            if self.keys.get(target) == key:
                yield target, key

    def role(self, table: Table, column: Column, name: ColumnName) -> Iterator[tuple[str, str]]:
        """`parent_id` for the own table; `manager_id`, `reports_to` and `recommended_by` for people."""
        stem = "".join(name.stem) or name.whole
        own = self.nouns.short(table.name)
        if name.mark and (stem in _OWN or (stem.startswith(own) and stem[len(own) :] in _OWN)):
            target: str | None = table.name
        elif _CHIEF.fullmatch(stem):
            target = table.name if table.name in self.nouns.people else self.person(self.nouns.staff)
        elif name.mark and _STAFF.fullmatch(stem):
            target = self.person(self.nouns.staff)
        elif _DONE_BY.fullmatch(name.whole) or _DONE_BY.fullmatch(stem) or (name.mark and stem in _PERSON):
            # An editor is no author, even where authors are the only people.
            anybody = self.nouns.anybody
            target = table.name if self.nouns.people == [table.name] else anybody[0] if len(anybody) == 1 else None
        else:
            return
        # Text there may as well be somebody's name.
        if target in self.keys and (column.type.kind != "text" or self.contents.count(table.name)):
            yield target, self.keys[target]

    def person(self, among: list[str]) -> str | None:
        """The only table of people, or of those `among` them."""
        chosen = among or self.nouns.people
        return chosen[0] if len(chosen) == 1 else None

    def short(self, table: Table, column: Column, name: ColumnName) -> Iterator[tuple[str, str]]:
        """`cust_id` for `customers.id`, `dept_no` for `departments.dept_no`."""
        stem = "".join(name.stem)
        if not name.mark or len(stem) < 3:
            return
        nouns = {target: self.nouns.short(target) for target in self.tables}
        starting = [target for target, word in nouns.items() if word.startswith(stem)]
        fewer = [target for target, word in nouns.items() if len(stem) > 3 and abbreviates(stem, word)]
        meant = starting or fewer
        one = meant[0] if len(meant) == 1 and meant[0] != table.name else ""
        if one in self.keys and self.same_class(name, one, self.keys[one]):
            yield one, self.keys[one]

    def like(self, table: Table, column: Column, name: ColumnName) -> Iterator[tuple[str, str]]:
        """`ShipVia` for `Shippers.ShipperID`, when enough values say so too."""
        first = name.stem[0] if name.stem else ""
        if len(first) < 4 or len(self.contents.values(table.name, (column.name,))) < _HANDFUL:
            return
        meant = [target for target in self.tables if self.nouns.short(target).startswith(first)]
        if len(meant) == 1 and meant[0] != table.name and meant[0] in self.keys:
            yield meant[0], self.keys[meant[0]]

    def fits(self, table: Table, column: Column, target: str, pointed: str) -> bool:
        """Whether a link is possible at all: one kind, not to itself, not from a copy to what it copies."""
        if (table.name, column.name) == (target, pointed) or target in self.copies.get(table.name, ()):
            return False
        own, other = key_kind(column), key_kind(self.tables[target].column(pointed))
        return bool(own) and own == other

    def only(self, table: Table, column: Column, found: list[tuple[str, str]], exact: bool) -> tuple[str, str] | None:
        """The one that is meant: whose name the column bears, or which the table's own name resembles."""
        if len(found) < 2:
            return found[0] if found else None
        own = self.nouns.short(table.name)
        near = [pair for pair in found if shared_start(own, self.nouns.short(pair[0])) > 2]
        if len(near) == 1:
            return near[0]
        if exact:
            stems = {name.noun for name in self.names(table.name, column.name)}
            bearing = [pair for pair in found if stems & set(self.nouns.of[pair[0]])]
            keyed = [pair for pair in bearing if self.keys.get(pair[0]) == pair[1]]
            if len({target for target, _ in bearing}) == 1 and len(keyed) == 1:
                return keyed[0]
        return None

    def borne_out(self, proposal: Proposal) -> bool:
        """Whether the rows allow it."""
        table, column, target, pointed, _ = proposal
        return self.contents.allows_link(table, (column,), target, (pointed,))

    def shares(self, table: Table, proposal: Proposal) -> bool:
        """Whether a table's own key is another's: only when the name speaks of the other, and rows show it."""
        stems = {name.noun for name in self.names(table.name, proposal.column)}
        own, other = set(self.nouns.of[table.name]), set(self.nouns.of[proposal.target])
        shown = self.contents.count(table.name) > 0
        return proposal.score == _EXACT and shown and bool(stems & other) and not stems & own


def _is_plural(word: str) -> bool:
    """A column called `orders` counts them."""
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))
