"""Which drafts become tools: by score within quotas, and only those that some chain of calls can reach.

The quotas keep large schemas from ending as thirty lists and two writes
(a fifth find or search, a sixth get, a third list, a tenth count, a fifth write).
"""

from __future__ import annotations

from collections.abc import Sequence

from .draft import Draft, Group

MOST_TOOLS = 36
FEWEST_WRITES = 3
MOST_READS = 7  # of one table
MOST_WRITES = 4
REPEATED = 1.0  # what a tool loses for each tool of its group and table that is taken before it
SHARES: dict[Group, float] = {"find": 0.20, "get": 0.15, "list": 0.35, "summary": 0.10, "write": 0.20}


def choose(drafts: Sequence[Draft], most: int = MOST_TOOLS) -> list[Draft]:
    """At most `most` drafts in the order given.

    Every group first gets its share by score; what a group leaves over goes to
    the best of the others. A draft that needs a key which no kept draft gives
    is left out, and so are those that only it made reachable.
    """
    open_ = _named_once(drafts)
    while True:
        kept = _within_quotas(open_, most)
        reached = reachable(kept)
        if len(reached) == len(kept):
            return [draft for draft in drafts if draft in kept]
        lost = [draft for draft in kept if draft not in reached]
        open_ = [draft for draft in open_ if draft not in lost]


def reachable(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts whose machine keys can be had from others that can be had."""
    known: list[str] = []
    found: list[Draft] = []
    rest = list(drafts)
    while True:
        now = [d for d in rest if all(p.optional or not p.root or p.root in known for p in d.parameters)]
        if not now:
            return [draft for draft in drafts if draft in found]
        for draft in now:
            rest.remove(draft)
            found.append(draft)
            known += [root for root in draft.produces if root not in [p.root for p in draft.parameters]]


def _named_once(drafts: Sequence[Draft]) -> list[Draft]:
    taken: list[str] = []
    found: list[Draft] = []
    for draft in drafts:
        if draft.name not in taken:
            taken.append(draft.name)
            found.append(draft)
    return found


def _within_quotas(drafts: Sequence[Draft], most: int) -> list[Draft]:
    ranked = sorted(drafts, key=lambda draft: -draft.score)
    capped: list[Draft] = []
    for draft in ranked:
        writes = draft.group == "write"
        same = [d for d in capped if d.table == draft.table and (d.group == "write") == writes]
        if len(same) < (MOST_WRITES if writes else MOST_READS):
            capped.append(draft)
    if len(capped) <= most:
        return capped
    chosen: list[Draft] = []
    for group, share in SHARES.items():
        quota = round(share * most)
        if group == "write":
            quota = max(quota, FEWEST_WRITES)
        chosen += _spread([draft for draft in capped if draft.group == group], quota)
    rest = [draft for draft in capped if draft not in chosen]
    return [*chosen, *rest[: most - len(chosen)]]


def _spread(drafts: Sequence[Draft], most: int) -> list[Draft]:
    """The `most` best, each counting for less the more of its table are taken already."""
    rest, chosen = list(drafts), list[Draft]()
    while rest and len(chosen) < most:
        tables = [draft.table for draft in chosen]
        best = max(rest, key=lambda draft: draft.score - REPEATED * tables.count(draft.table))
        rest.remove(best)
        chosen.append(best)
    return chosen
