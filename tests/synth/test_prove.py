"""Every proof is shown something wrong: a pass that lets it through fails here."""

import contextlib
from dataclasses import replace

import pytest

from environments import AnswerPart, Chain, Literal, Ref, Selector, Step, load_environment
from synth.draft import Bench, Draft, Rejected
from synth.ground import survey
from synth.prove import (
    answered,
    choices_matter,
    composed,
    equivalent,
    executed,
    grounded,
    recomputed,
    reproduced,
    said_in_words,
    traceable,
    unique,
    unleaked,
    untruncated,
)
from synth.replay import places
from synth.run import open_pairs, pairs_of
from synth.spine import PASSES


@contextlib.contextmanager
def bench_over(folder, old="", new=""):
    """A bench over the kiosk, with one piece of its tools replaced."""
    if old:
        text = (folder / "tools.py").read_text(encoding="utf-8")
        assert text.count(old) == 1
        (folder / "tools.py").write_text(text.replace(old, new), encoding="utf-8")
    ground = survey(load_environment(folder))
    with open_pairs(ground, "process") as pool:
        (pair,) = pairs_of(ground, pool)
        with Bench.at(pair) as bench:
            yield bench


def orders_of(bench, at_least=3):
    """A guest's name and orders: at least so many, none sharing its total or its date, the latest not the first."""
    rows = bench.ground.rows
    for guest in rows["guests"]:
        orders = [order for order in rows["orders"] if order["guest_id"] == guest["id"]]
        distinct = {order["total_cents"] for order in orders}, {order["placed_on"] for order in orders}
        listed = sorted(orders, key=lambda order: (order["id"] * 7919) % 1009)
        latest_first = listed[:1] == [max(orders, key=lambda order: order["placed_on"], default=None)]
        if len(orders) >= at_least and all(len(values) == len(orders) for values in distinct) and not latest_first:
            return guest["name"], listed
    raise AssertionError("the kiosk has no such guest")


LATEST = Selector("max", field="placed_on")


def asks_for_total(bench, selector=LATEST):
    name, _ = orders_of(bench)
    return Chain(
        (
            Step("s1", "find_guest", (("name", Literal("name", name, "guests.name", "guests")),)),
            Step("s2", "list_orders", (("guest_id", Ref("s1", Selector("only"), "guest_id", "guests")),)),
        ),
        (AnswerPart("s2", selector, "value", "total_cents"),),
    )


def rejection(check, draft, bench):
    with pytest.raises(Rejected) as caught:
        check(draft, bench)
    return caught.value.reason


def test_a_sound_chain_passes_every_proof(kiosk):
    with bench_over(kiosk) as bench:
        name, orders = orders_of(bench)
        latest = max(orders, key=lambda order: order["placed_on"])
        draft = Draft("1/1", asks_for_total(bench))
        for step in (said_in_words, executed, answered, traceable, unique, unleaked, composed):
            draft = step(draft, bench)
        assert draft.executed().answer == [latest["total_cents"]]
        assert name in draft.asked().hard
        equivalent(draft, bench)
        reproduced(draft, bench)


def test_the_spine_names_every_proof_once():
    assert len(set(PASSES)) == len(PASSES)
    assert PASSES[-1] is reproduced


def test_a_selector_that_finds_a_tie_is_refused(kiosk):
    with bench_over(kiosk, "placed_on, total_cents FROM orders", "placed_on, 5 AS total_cents FROM orders") as bench:
        chain = asks_for_total(bench, Selector("max", field="total_cents"))
        assert rejection(executed, Draft("1/1", chain), bench) == "refused"


def test_a_bug_of_the_tool_is_no_answer(kiosk):
    with bench_over(
        kiosk,
        '    if found is None:\n        raise ToolError(f"no guest',
        '    if 1 // 0:\n        raise ToolError(f"no guest',
    ) as bench:
        assert rejection(executed, Draft("1/1", asks_for_total(bench)), bench) == "tool_bug"


def test_an_argument_from_nowhere_is_untraceable(kiosk):
    with bench_over(kiosk) as bench:
        draft = executed(Draft("1/1", asks_for_total(bench)), bench)
        outcome = draft.executed()
        forged = replace(outcome.calls[1], args={"guest_id": -1})
        draft = replace(draft, outcome=replace(outcome, calls=(outcome.calls[0], forged)))
        assert rejection(traceable, draft, bench) == "untraceable"


def test_an_answer_that_the_results_do_not_give_is_caught_by_the_host(kiosk):
    with bench_over(kiosk) as bench:
        draft = executed(Draft("1/1", asks_for_total(bench)), bench)
        outcome = draft.executed()
        lie = replace(draft, outcome=replace(outcome, answer=[outcome.answer[0] + 1]))
        assert rejection(recomputed, lie, bench) == "other_answer"


def test_a_call_that_the_chain_does_not_make_is_caught_by_the_host(kiosk):
    with bench_over(kiosk) as bench:
        draft = executed(Draft("1/1", asks_for_total(bench)), bench)
        outcome = draft.executed()
        more = replace(draft, outcome=replace(outcome, calls=(*outcome.calls, outcome.calls[-1])))
        assert rejection(recomputed, more, bench) == "other_answer"
        wrong = replace(outcome.calls[1], args={"guest_id": 1_000_000})
        other = replace(draft, outcome=replace(outcome, calls=(outcome.calls[0], wrong)))
        assert rejection(recomputed, other, bench) == "other_calls"


def test_one_input_cannot_have_two_values(kiosk):
    with bench_over(kiosk) as bench:
        chain = asks_for_total(
            bench, Selector("where", field="status", literal=Literal("name", "open", "orders.status"))
        )
        outcome = executed(Draft("1/1", asks_for_total(bench)), bench).executed()
        assert rejection(recomputed, Draft("1/1", chain, outcome=outcome), bench) == "inconsistent_input"


def test_a_list_that_stops_at_a_silent_limit_is_truncated(kiosk):
    text = (kiosk / "tools.py").read_text(encoding="utf-8")
    text = text.replace(
        'takes={"guest_id": "orders.guest_id", "status"',
        'takes={"guest_id": "orders.guest_id", "most": "limit", "status"',
    )
    text = text.replace("guest_id: int, status: Literal", "guest_id: int, most: int = 3, status: Literal")
    text = text.replace(
        'ORDER BY (id * 7919) % 1009",\n        guest_id=guest_id,',
        'ORDER BY (id * 7919) % 1009 LIMIT :most",\n        guest_id=guest_id,\n        most=most,',
    )
    (kiosk / "tools.py").write_text(text, encoding="utf-8")
    with bench_over(kiosk) as bench:
        draft = executed(Draft("1/1", asks_for_total(bench)), bench)
        assert len(draft.executed().calls[1].result) == 3
        assert rejection(untruncated, draft, bench) == "truncated"


def test_a_second_row_that_fits_makes_the_answer_ambiguous(kiosk):
    with bench_over(kiosk) as bench:
        draft = executed(Draft("1/1", asks_for_total(bench)), bench)
        outcome = draft.executed()
        last = outcome.calls[1]
        doubled = replace(last, result=[*last.result, max(last.result, key=lambda row: row["placed_on"])])
        draft = replace(draft, outcome=replace(outcome, calls=(outcome.calls[0], doubled)))
        assert rejection(unique, draft, bench) == "ambiguous"


def test_an_empty_answer_is_rejected(kiosk):
    with bench_over(kiosk) as bench:
        draft = executed(Draft("1/1", asks_for_total(bench)), bench)
        for nothing in ("", [], None):
            empty = replace(draft, outcome=replace(draft.executed(), answer=[nothing]))
            assert rejection(answered, empty, bench) == "empty_answer"


def test_a_request_that_holds_its_answer_leaks(kiosk):
    with bench_over(kiosk) as bench:
        draft = said_in_words(executed(Draft("1/1", asks_for_total(bench)), bench), bench)
        (total,) = draft.executed().answer
        queries = replace(draft.asked(), hard=f"{draft.asked().hard} Is it {total}?")
        assert rejection(unleaked, replace(draft, queries=queries), bench) == "leak"


def test_a_composite_that_takes_another_row_differs(kiosk):
    with bench_over(kiosk) as bench:
        draft = composed(executed(Draft("1/1", asks_for_total(bench)), bench), bench)
        advanced = draft.composed()
        wrong = replace(advanced, source=advanced.source.replace("reverse=True", "reverse=False"))
        assert rejection(equivalent, replace(draft, advanced=wrong), bench) == "composite_differs"


def test_a_composite_that_answers_where_the_chain_refuses_differs(kiosk):
    """Only the other draws show this: on the original one the two agree."""
    with bench_over(kiosk) as bench:
        _, orders = orders_of(bench)
        status = next(s for s in ("open", "paid", "cancelled") if [o["status"] for o in orders].count(s) == 1)
        chain = asks_for_total(
            bench, Selector("where", field="status", literal=Literal("status", status, "orders.status"))
        )
        draft = composed(executed(Draft("1/1", chain), bench), bench)
        advanced = draft.composed()
        lax = replace(advanced, source=advanced.source.replace("if len(rows) != 1:", "if len(rows) == 0:"))
        assert lax.source != advanced.source
        assert rejection(equivalent, replace(draft, advanced=lax), bench) == "composite_differs"


def test_an_answer_that_every_draw_gives_can_be_guessed(kiosk):
    with bench_over(
        kiosk, "SELECT id AS guest_id, city FROM guests", "SELECT id AS guest_id, 'Oslo' AS city FROM guests"
    ) as bench:
        chain = Chain(asks_for_total(bench).steps[:1], (AnswerPart("s1", Selector("only"), "value", "city"),))
        draft = composed(executed(Draft("1/1", chain), bench), bench)
        assert rejection(equivalent, draft, bench) == "guessable"


def test_a_choice_that_falls_on_the_first_row_is_rejected(kiosk):
    with bench_over(kiosk, "ORDER BY (id * 7919) % 1009", "ORDER BY placed_on DESC") as bench:
        draft = executed(Draft("1/1", asks_for_total(bench)), bench)
        assert rejection(choices_matter, draft, bench) == "first_row_does_as_well"


def test_a_tool_that_depends_on_the_hash_seed_is_not_reproduced(kiosk):
    text = (kiosk / "tools.py").read_text(encoding="utf-8")
    body = text[
        text.index('    return db.rows(\n        "SELECT id AS order_id') : text.index(
            '@tool(\n    takes={"order_id": "lines'
        )
    ]
    shuffled = body.replace("return db.rows(", "found = db.rows(", 1).rstrip()
    shuffled += "\n    return sorted(found, key=lambda row: hash(str(row)))\n\n\n"
    (kiosk / "tools.py").write_text(text.replace(body, shuffled), encoding="utf-8")
    with bench_over(kiosk) as bench:
        draft = executed(Draft("1/1", asks_for_total(bench)), bench)
        assert rejection(reproduced, draft, bench) == "not_reproduced"


def test_rows_in_an_order_that_nobody_asked_for_are_not_reproduced(kiosk):
    with bench_over(kiosk, " ORDER BY (id * 7919) % 1009", "") as bench:
        draft = executed(Draft("1/1", asks_for_total(bench)), bench)
        assert rejection(reproduced, draft, bench) == "not_reproduced"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("status, placed_on, total_cents FROM orders", "status, placed_on, total_cents + 1 AS total_cents FROM orders"),
        ("SELECT id AS guest_id, city FROM", "SELECT id AS guest_id, city || '!' AS city FROM"),
    ],
)
def test_a_value_that_stands_in_no_row_is_caught_by_the_host(kiosk, old, new):
    """The tool's every process says so, in both sandboxes alike."""
    with bench_over(kiosk, old, new) as bench:
        draft = executed(Draft("1/1", asks_for_total(bench)), bench)
        reproduced(draft, bench)
        assert rejection(grounded, draft, bench) == "ungrounded"


def cancelled(bench):
    order = next(order for order in bench.ground.rows["orders"] if order["status"] == "open")
    chain = Chain((Step("s1", "cancel_order", (("order_id", Literal("order", order["id"])),)),), ())
    return executed(Draft("1/1", chain), bench), order


def test_changes_that_fit_the_rows_are_grounded(kiosk):
    with bench_over(kiosk) as bench:
        draft, _ = cancelled(bench)
        (check,) = grounded(draft, bench).checks
        assert check.evidence == {"values": 3, "changes": 1}


@pytest.mark.parametrize(
    ("forged", "words"),
    [
        ({"key": {"id": 1_000_000}}, "there is no such row"),
        ({"old": {"status": "paid"}}, "'status' is not 'paid'"),
        ({"table": "nowhere"}, "no table 'nowhere'"),
        ({"op": "insert", "old": None}, "there is such a row already"),
    ],
)
def test_a_change_that_does_not_fit_the_rows_is_caught_by_the_host(kiosk, forged, words):
    with bench_over(kiosk) as bench:
        draft, _ = cancelled(bench)
        outcome = draft.executed()
        (call,) = outcome.calls
        lie = replace(call, changes=(replace(call.changes[0], **forged),))
        with pytest.raises(Rejected) as caught:
            grounded(replace(draft, outcome=replace(outcome, calls=(lie,))), bench)
        assert caught.value.reason == "ungrounded"
        assert words in caught.value.evidence


def test_a_write_that_a_tool_hides_is_not_reproduced_before_a_witness(kiosk):
    """Its module patches what would report changes, in every process that it is loaded into."""
    text = (kiosk / "tools.py").read_text(encoding="utf-8")
    text += "\nimport sandbox.database\nsandbox.database.Database.end_call = lambda self: []\n"
    (kiosk / "tools.py").write_text(text, encoding="utf-8")
    with bench_over(kiosk) as bench:
        draft, _ = cancelled(bench)
        assert draft.executed().changes == ()
        assert rejection(reproduced, draft, bench) == "not_reproduced"


def test_every_run_that_a_proof_rests_on_is_reproduced(kiosk):
    with bench_over(kiosk) as bench:
        draft = composed(executed(Draft("1/1", asks_for_total(bench)), bench), bench)
        draft = equivalent(choices_matter(draft, bench), bench)
        (check,) = [check for check in reproduced(draft, bench).checks if check.name == "reproduced"]
        assert check.evidence["runs"] == len(draft.runs) > 10
        place, (program, outcome) = [entry for entry in enumerate(draft.runs) if entry[1][1].answer][-1]
        forged = (program, replace(outcome, answer=["forged"]))
        lie = replace(draft, runs=(*draft.runs[:place], forged, *draft.runs[place + 1 :]))
        assert rejection(reproduced, lie, bench) == "not_reproduced"


def test_differences_are_named_by_their_place():
    assert places({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == ["a[1].b"]
    assert places({"a": 1}, {"a": 1}) == ["id"]
