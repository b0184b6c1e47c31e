"""A worker's reply is judged before anything is made of it."""

import pytest

from environments import AnswerPart, Chain, Selector, Step
from sandbox import Bug, Call, Change, Outcome, Refused, RunCalls, RunChain, RunSource
from sandbox.program import outcome_from_json, tool_names

CALLS = RunCalls((("place", {"n": 1}),))
CHAIN = RunChain(Chain((Step("s1", "look", ()),), (AnswerPart("s1", Selector("only"), shape="value", field="a"),)), {})
SOURCE = RunSource("", "entry", {})
CHANGE = {"table": "t", "op": "update", "key": {"id": 1}, "old": {"a": None}, "new": {"a": {"blob": "00"}}}
CALL = ["", "place", {"n": 1}, [{"a": 1}], [CHANGE]]
PARTS = ("step", "tool", "args", "result", "changes", "error")
GOOD = {"calls": [CALL], "changes": [CHANGE], "reads": ["t.a"], "writes": []}
BUG = {"tool": "place", "type": "KeyError", "message": "x", "line": 3}
REFUSED = {"kind": "empty", "message": "nothing", "step": "s1"}


def test_a_whole_reply_becomes_an_outcome():
    change = Change("t", "update", {"id": 1}, {"a": None}, {"a": {"blob": "00"}})
    call = Call("", "place", {"n": 1}, [{"a": 1}], None, (change,))
    assert outcome_from_json(GOOD, CALLS) == Outcome((call,), None, (change,), observed_reads=("t.a",))
    none = {"calls": [], "changes": []}
    assert outcome_from_json({**none, "bug": BUG}, CALLS).bug == Bug("place", "KeyError", "x", 3)
    assert outcome_from_json({**none, "refused": REFUSED}, CHAIN).refused == Refused("empty", "nothing", "s1")
    assert outcome_from_json({**none, "answer": [1]}, CHAIN).answer == [1]
    assert outcome_from_json({**none, "answer": None}, SOURCE).answer is None


def changed(**fields):
    return {**GOOD, "changes": [{**CHANGE, **fields}]}


def called(**fields):
    parts = dict(zip(PARTS, [*CALL, None], strict=True)) | fields
    return {**GOOD, "calls": [list(parts.values())]}


@pytest.mark.parametrize(
    ("reply", "where"),
    [
        (None, "the outcome"),
        ([], "the outcome"),
        ({}, "calls"),
        ({**GOOD, "calls": {}}, "calls"),
        ({**GOOD, "calls": [1]}, r"calls\[0\]"),
        ({**GOOD, "calls": [CALL[:3]]}, r"calls\[0\] is no call"),
        ({**GOOD, "calls": [{}]}, r"calls\[0\] is no call"),
        ({**GOOD, "calls": []}, "0 calls are reported where 1"),
        ({**GOOD, "calls": [CALL, CALL]}, "2 calls are reported where 1"),
        (called(step=None), r"calls\[0\]\.step"),
        (called(tool=1), r"calls\[0\]\.tool"),
        (called(args=[]), r"calls\[0\]\.args"),
        (called(error=1), r"calls\[0\]\.error"),
        (called(error="no"), "both a result and an error"),
        (called(result=None), r"calls\[0\]\.result"),
        (called(result="x"), r"calls\[0\]\.result"),
        (called(result=[1]), r"calls\[0\]\.result\[0\]"),
        (called(changes=None), r"calls\[0\]\.changes"),
        (called(changes=["x"]), r"calls\[0\]\.changes\[0\]"),
        ({**GOOD, "changes": None}, "changes"),
        (changed(table=1), r"changes\[0\]\.table"),
        (changed(op="upsert"), r"changes\[0\]\.op"),
        (changed(op=[]), r"changes\[0\]\.op"),
        (changed(op="insert"), r"changes\[0\]\.old is given"),
        (changed(op="delete"), r"changes\[0\]\.new is given"),
        (changed(old=None), r"changes\[0\]\.old"),
        (changed(new={"b": 1}), "other columns"),
        (changed(key=[]), r"changes\[0\]\.key"),
        (changed(key={"id": []}), r"changes\[0\]\.key\['id'\]"),
        (changed(key={"id": {"blob": 1}}), r"changes\[0\]\.key\['id'\]"),
        ({**GOOD, "bug": "x"}, "bug"),
        ({**GOOD, "bug": {**BUG, "message": None}}, "bug.message"),
        ({**GOOD, "bug": {**BUG, "line": "3"}}, "bug.line"),
        ({**GOOD, "bug": {**BUG, "line": True}}, "bug.line"),
        ({**GOOD, "refused": []}, "refused"),
        ({**GOOD, "refused": {**REFUSED, "kind": 1}}, "refused.kind"),
        ({**GOOD, "refused": REFUSED}, "neither refused"),
        ({**GOOD, "answer": 1}, "neither refused nor answered"),
        ({**GOOD, "reads": "t.a"}, "reads"),
        ({**GOOD, "writes": [1]}, r"writes\[0\]"),
    ],
)
def test_a_malformed_reply_is_refused_with_the_place(reply, where):
    with pytest.raises(ValueError, match=where):
        outcome_from_json(reply, CALLS)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({}, "an answer is given"),
        ({"answer": [1], "bug": BUG}, "an answer is given"),
        ({"refused": REFUSED, "bug": BUG}, "both"),
        ({"answer": 1}, "answer is no list"),
        ({"answer": [1, 2]}, "2 parts, the chain 1"),
    ],
)
def test_the_answer_of_a_chain_has_to_fit_it(fields, where):
    with pytest.raises(ValueError, match=where):
        outcome_from_json({"calls": [], "changes": [], **fields}, CHAIN)


def test_the_tools_that_programs_name_are_known():
    assert tool_names([CALLS, CHAIN, SOURCE, CALLS]) == ("entry", "look", "place")
