"""One suite for every level: what runs inside means the same everywhere."""

import dataclasses

import pytest

from environments import AnswerPart, Chain, Literal, Ref, Selector, Step
from sandbox import (
    Change,
    EpisodeLost,
    RunCalls,
    RunChain,
    RunSource,
    ToolsBroken,
    WorkerError,
    available_levels,
    open_sandbox,
)


def calls(*named, **options):
    return RunCalls(tuple((name, args) for name, args in named), **options)


def only(episode, *named, **options):
    (outcome,) = episode.run([calls(*named, **options)])
    return outcome


COUNT = ("count_orders", {})


def step(id, tool, **bindings):
    return Step(id, tool, tuple(bindings.items()))


def orders_of(name, selector, **part):
    """The chain: find a customer, list the orders, take an answer."""
    ref = Ref("s1", Selector("only"), "customer_id", "customers")
    steps = (step("s1", "find_customer", name=Literal("name", name)), step("s2", "list_orders", customer_id=ref))
    return RunChain(Chain(steps, (AnswerPart("s2", selector, **part),)), {"name": name})


def test_a_sandbox_says_what_it_is_and_what_ran(sandbox):
    assert sandbox.label == available_levels()[sandbox.level].label
    assert list(sandbox.facts) == ["level", "image", "python", "sqlite", "apsw"]
    assert sandbox.facts["level"] == sandbox.level


def test_a_call_gives_the_rows_of_the_tool(episode):
    outcome = only(episode, ("find_customer", {"name": "Ada"}), ("list_orders", {"customer_id": 1}))
    assert [call.result for call in outcome.calls] == [
        {"customer_id": 1, "name": "Ada", "city": "Oslo"},
        [{"order_id": 10, "total": 100}, {"order_id": 11, "total": 250}],
    ]
    assert outcome.changes == ()
    assert outcome.bug is None


def test_a_tool_error_is_an_answer_and_does_not_stop_the_calls(episode):
    outcome = only(episode, ("find_customer", {"name": "Zoe"}), COUNT)
    assert [(call.error, call.result) for call in outcome.calls] == [
        ("no customer is called 'Zoe'", None),
        (None, {"orders": 4}),
    ]


@pytest.mark.parametrize(
    ("tool", "args", "word"),
    [
        ("list_orders", {"customer_id": "1"}, "customer_id"),
        ("list_orders", {}, "customer_id"),
        ("list_orders", {"customer_id": 1, "more": 2}, "more"),
        ("list_order", {}, "no tool called 'list_order'"),
    ],
)
def test_wrong_arguments_are_answered_before_the_tool_runs(episode, tool, args, word):
    outcome = only(episode, (tool, args))
    assert word in outcome.calls[0].error
    assert outcome.bug is None


@pytest.mark.parametrize(
    ("tool", "args", "taken", "words"),
    [
        ("find_customer", {"name": "\ud800"}, {}, "'name' holds half of a surrogate pair"),
        ("set_total", {"order_id": 10, "total": 2**70}, {"order_id": 10}, "'total' is an integer of more than 64 bits"),
        ("find_customer", {"\ud800": 1}, {}, "'\\ud800' holds half of a surrogate pair"),
        ("find\ud800", {}, {}, "no tool called 'find\\ud800'"),
    ],
)
def test_arguments_that_no_record_can_hold_are_answered_like_other_wrong_ones(episode, tool, args, taken, words):
    outcome = only(episode, (tool, args), COUNT)
    assert words in outcome.calls[0].error
    assert outcome.calls[0].args == taken
    assert outcome.calls[1].result == {"orders": 4}


def test_an_input_that_no_record_can_hold_refuses_a_chain(episode):
    (outcome,) = episode.run([orders_of("\ud800", Selector("max", field="total"), shape="value", field="order_id")])
    assert outcome.refused.kind == "tool_error"
    assert "surrogate" in outcome.refused.message


def test_an_outcome_that_no_record_can_hold_is_a_bug(episode):
    source = 'def entry(db):\n    raise ToolError("no", kind="\\ud800")\n'
    (outcome,) = episode.run([RunSource(source, "entry", {})])
    assert (outcome.bug.type, outcome.refused) == ("NotPlain", None)
    assert "surrogate" in outcome.bug.message
    assert only(episode, COUNT).bug is None


def test_a_bug_names_tool_type_message_and_line_and_stops_the_program(episode):
    outcome = only(episode, COUNT, ("write_then_fail", {}), COUNT)
    assert len(outcome.calls) == 1
    assert outcome.bug.tool == "write_then_fail"
    assert (outcome.bug.type, outcome.bug.message, outcome.bug.line) == ("IndexError", "list index out of range", 63)
    assert outcome.changes == ()


def test_a_call_that_raises_has_changed_nothing(episode):
    outcome = only(episode, ("write_then_refuse", {}), COUNT)
    assert outcome.calls[0].error == "changed my mind"
    assert outcome.calls[1].result == {"orders": 4}
    assert outcome.changes == ()


def test_a_program_starts_from_the_state_that_the_one_before_it_found(episode):
    place = calls(("place_order", {"customer_id": 3, "total": 5}), COUNT)
    first, second = episode.run([place, place])
    assert first == second
    assert first.calls[1].result == {"orders": 5}


def test_kept_changes_stay_until_the_reset(episode):
    place = calls(("place_order", {"customer_id": 3, "total": 5}))
    episode.run([place], keep=True)
    episode.run([place], keep=True)
    assert only(episode, COUNT).calls[0].result == {"orders": 6}
    episode.reset()
    assert only(episode, COUNT).calls[0].result == {"orders": 4}
    assert episode.run([place])[0].calls[0].result["order_id"] == 14


def test_a_program_that_fails_keeps_nothing(episode):
    episode.run([calls(("set_total", {"order_id": 10, "total": 1}), ("write_then_fail", {}))], keep=True)
    assert only(episode, ("list_orders", {"customer_id": 1})).calls[0].result[0]["total"] == 100


def test_keep_takes_exactly_one_program(episode):
    with pytest.raises(ValueError, match="exactly one program, not 2"):
        episode.run([calls(COUNT), calls(COUNT)], keep=True)


def test_changes_of_an_insert_an_update_and_a_delete_are_seen(episode):
    outcome = only(
        episode,
        ("place_order", {"customer_id": 3, "total": 5}),
        ("set_total", {"order_id": 10, "total": 101}),
        ("delete_customer", {"customer_id": 2}),
    )
    row = {"id": 14, "customer_id": 3, "total": 5, "placed_at": "2025-06-30 12:00:00"}
    assert outcome.calls[0].changes == (Change("orders", "insert", {"id": 14}, None, row),)
    assert outcome.calls[1].changes == (Change("orders", "update", {"id": 10}, {"total": 100}, {"total": 101}),)
    assert [(c.table, c.op, c.key) for c in outcome.calls[2].changes] == [
        ("customers", "delete", {"id": 2}),
        ("orders", "delete", {"id": 12}),
        ("orders", "delete", {"id": 13}),
    ]
    assert [(c.table, c.op, c.key["id"]) for c in outcome.changes] == [
        ("customers", "delete", 2),
        ("orders", "update", 10),
        ("orders", "delete", 12),
        ("orders", "delete", 13),
        ("orders", "insert", 14),
    ]


def test_net_changes_leave_out_what_was_taken_back(episode):
    outcome = only(
        episode,
        ("set_total", {"order_id": 10, "total": 1}),
        ("set_total", {"order_id": 10, "total": 100}),
        ("set_total", {"order_id": 11, "total": 1}),
        ("set_total", {"order_id": 11, "total": 2}),
    )
    assert [len(call.changes) for call in outcome.calls] == [1, 1, 1, 1]
    assert outcome.changes == (Change("orders", "update", {"id": 11}, {"total": 250}, {"total": 2}),)


def test_changes_of_a_table_without_a_key_are_seen_and_blobs_are_shown_in_hexadecimal(episode):
    outcome = only(episode, ("write_notes", {}))
    assert outcome.changes == (
        Change("notes", "update", {"rowid": 1}, {"body": "first"}, {"body": "second"}),
        Change("notes", "insert", {"rowid": 2}, None, {"body": "third", "data": {"blob": "00ff"}}),
    )


@pytest.mark.parametrize(
    ("tool", "words"),
    [
        ("dangle", "foreign key"),
        ("null_key", "primary key is NULL"),
        ("infinite", "codes.rank would hold inf"),
        ("write_bytes_as_text", "a text that is not UTF-8"),
        ("return_twice_named", "'a'"),
    ],
)
def test_what_cannot_stand_is_the_bug_of_the_call_that_wrote_it(episode, tool, words):
    outcome = only(episode, (tool, {}))
    assert words in outcome.bug.message
    assert outcome.bug.tool == tool
    assert only(episode, COUNT).bug is None


@pytest.mark.parametrize("tool", ["write_bytes_as_text", "return_twice_named", "infinite"])
def test_a_program_that_could_not_be_told_leaves_nothing_to_the_next(episode, tool):
    place = ("place_order", {"customer_id": 3, "total": 5})
    failing, following = episode.run([calls(place, (tool, {})), calls(("set_total", {"order_id": 10, "total": 1}))])
    assert failing.bug.tool == tool
    assert len(following.changes) == 1
    assert only(episode, COUNT, ("list_orders", {"customer_id": 1})).calls[1].result[0]["total"] == 100
    episode.reset()
    assert only(episode, COUNT).calls[0].result == {"orders": 4}


def test_a_check_that_fails_is_a_bug(episode):
    outcome = only(episode, ("set_total", {"order_id": 10, "total": -1}))
    assert outcome.bug.type == "ConstraintError"


@pytest.mark.parametrize(("tool", "word"), [("twice_named", "'id'"), ("unbound", ":id")])
def test_ambiguous_statements_are_bugs(episode, tool, word):
    assert word in only(episode, (tool, {})).bug.message


@pytest.mark.parametrize(
    "sql",
    [
        "COMMIT",
        "ROLLBACK TO program",
        "SAVEPOINT mine",
        "PRAGMA foreign_keys = OFF",
        "ATTACH ':memory:' AS other",
        "CREATE TABLE mine (a)",
        "CREATE TEMP TABLE mine (a)",
        "DROP TABLE notes",
        "DELETE FROM sqlite_schema",
        "VACUUM",
        "ANALYZE",
        "SELECT load_extension('x')",
        "SELECT total_changes()",
    ],
)
def test_a_tool_may_only_read_and_write_rows(episode, sql):
    outcome = only(episode, ("run_sql", {"sql": sql}))
    assert outcome.bug.type in ("AuthError", "SQLError")
    assert only(episode, COUNT).calls[0].result == {"orders": 4}


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("none", "result is NoneType"),
        ("text", "result is str"),
        ("rows of text", "result[0] is str"),
        ("tuple", "result['a'] is of type tuple"),
        ("nan", "result['a'][0] is nan"),
        ("bytes", "result['a'] is of type bytes"),
        ("big", "more than 64 bits"),
        ("key", "no string but int"),
        ("surrogate", "surrogate"),
        ("object", "is of type object"),
        ("deep", "nested deeper"),
    ],
)
def test_a_result_that_is_no_row_is_a_bug_that_says_where(episode, what, words):
    bug = only(episode, ("give", {"what": what})).bug
    assert words in bug.message
    assert bug.tool == "give"


def test_a_result_of_plain_values_arrives_as_it_is(episode):
    answer = only(episode, ("give", {"what": "fine"})).calls[0].result
    assert answer == {"a": [{"b": 1.5, "c": None, "d": True, "e": "é"}]}


def test_time_stands_still_in_sql_and_in_python(episode):
    told = only(episode, ("tell_time", {})).calls[0].result
    assert [told[name] for name in "abcdefg"] == [
        "2025-06-30 12:00:00",
        "2025-06-30",
        "13:00:00",
        "2025",
        1751284800,
        "2025-06-30 12:00:00",
        2460857.0,
    ]
    assert told["python"] == [1751284800.0, "2025-06-30 12:00:00", "2025-06-30", "2025-06-30 12:00:00", True]
    assert told["zone"] == "2025-06-30T12:00:00+00:00"
    assert told["same"] is True


NOON = ["2025-06-30 12:00:00", "2025-06-30 12:01:30"]
LATER = ["2025-06-30 12:01:31", "2025-06-30 12:03:01"]


def test_time_moves_with_every_call_and_by_what_a_tool_sleeps_and_starts_anew_with_each_program(episode):
    first, second = episode.run([calls(("pass_time", {}), ("pass_time", {}))] * 2)
    assert first == second
    one, two = (call.result for call in first.calls)
    assert (one["sql"], two["sql"]) == (NOON, LATER)
    assert (one["python"], two["python"]) == (NOON[1], LATER[1])
    assert one["counted"] == two["counted"] == 90.1
    assert 40 < one["looks"] < 60
    assert one["more"] == [1751284890.0, True, 1]


def test_time_and_chance_go_on_after_what_is_kept_and_start_anew_with_a_reset(episode):
    told = calls(("tell_time", {}), ("draw", {}))
    (first,) = episode.run([told], keep=True)
    (second,) = episode.run([told], keep=True)
    assert first.calls[0].result["a"] == "2025-06-30 12:00:00"
    assert second.calls[0].result["a"] == "2025-06-30 12:00:02"
    assert all(first.calls[1].result[name] != second.calls[1].result[name] for name in "abcde")
    episode.reset()
    assert episode.run([told]) == [first]


def test_time_moves_in_a_composite_as_it_does_in_a_chain(episode):
    chain = Chain(
        (step("s1", "count_orders"), step("s2", "tell_time")), (AnswerPart("s2", Selector("only"), "value", "a"),)
    )
    source = "def entry(db):\n    count_orders(db)\n    return [tell_time(db)['a']]\n"
    one, two = episode.run([RunChain(chain, {}), RunSource(source, "entry", {})])
    assert one.answer == two.answer == ["2025-06-30 12:00:01"]


def test_rows_in_no_asked_order_come_reversed_where_that_is_wanted(sandbox, world):
    unordered = ("run_sql", {"sql": "SELECT id FROM orders"})
    ordered = ("run_sql", {"sql": "SELECT id FROM orders ORDER BY id"})
    with open_sandbox(world, level=sandbox.level, reversed_rows=True) as other:
        for witnessed in (False, True):
            with other.episode(witnessed=witnessed) as episode:
                found = [[row["id"] for row in call.result] for call in only(episode, unordered, ordered).calls]
                assert found == [[13, 12, 11, 10], [10, 11, 12, 13]]


def test_chance_starts_anew_with_each_program_and_goes_on_within_it(sandbox, episode):
    drawn = calls(("draw", {}), ("draw", {}))
    first, second = episode.run([drawn, drawn])
    with sandbox.episode() as other:
        (third,) = other.run([drawn])
    assert first == second == third
    one, two = (call.result for call in first.calls)
    assert all(one[name] != two[name] for name in "abcde")


def test_a_chain_is_evaluated_and_its_calls_are_recorded(episode):
    largest = orders_of("Ada", Selector("max", field="total"), shape="value", field="order_id")
    (outcome,) = episode.run([largest])
    assert outcome.answer == [11]
    assert [(call.step, call.tool, call.args) for call in outcome.calls] == [
        ("s1", "find_customer", {"name": "Ada"}),
        ("s2", "list_orders", {"customer_id": 1}),
    ]


@pytest.mark.parametrize(
    ("name", "kind", "step_id"), [("Ben", "tie", "s2"), ("Cleo", "empty", "s2"), ("Zoe", "tool_error", "s1")]
)
def test_a_chain_refuses_where_its_selectors_or_tools_do(episode, name, kind, step_id):
    (outcome,) = episode.run([orders_of(name, Selector("max", field="total"), shape="value", field="order_id")])
    assert (outcome.refused.kind, outcome.refused.step) == (kind, step_id)
    assert outcome.answer is None
    assert outcome.bug is None


def test_wrong_arguments_refuse_a_chain(episode):
    chain = Chain((step("s1", "list_orders", customer_id=Literal("c", 1)),), ())
    (outcome,) = episode.run([RunChain(chain, {"c": "one"})])
    assert outcome.refused.kind == "tool_error"
    assert "customer_id" in outcome.refused.message


def test_a_refused_chain_has_changed_nothing_in_all(episode):
    write = step("s1", "set_total", order_id=Literal("o", 10), total=Literal("t", 1))
    chain = Chain((write, step("s2", "find_customer", name=Literal("n", "Zoe"))), ())
    (outcome,) = episode.run([RunChain(chain, {"o": 10, "t": 1, "n": "Zoe"})], keep=True)
    assert outcome.refused.kind == "tool_error"
    assert len(outcome.calls[0].changes) == 1
    assert outcome.changes == ()
    assert only(episode, ("list_orders", {"customer_id": 1})).calls[0].result[0]["total"] == 100


def test_a_chain_stops_at_a_bug_of_a_tool(episode):
    chain = Chain((step("s1", "count_orders"), step("s2", "write_then_fail")), ())
    (outcome,) = episode.run([RunChain(chain, {})])
    assert (outcome.bug.tool, outcome.bug.line) == ("write_then_fail", 63)


def test_a_chain_that_names_what_is_not_there_is_reported_and_not_a_crash(episode):
    (outcome,) = episode.run([orders_of("Ada", Selector("max", field="price"), shape="value", field="order_id")])
    assert (outcome.bug.type, outcome.bug.tool) == ("KeyError", "")
    assert only(episode, COUNT).bug is None


COMPOSITE = """
def largest_order(db, name):
    customer = find_customer(db, name=name)
    orders = list_orders(db, customer_id=customer["customer_id"])
    if not orders:
        raise ToolError("no orders", kind="empty")
    set_total(db, order_id=orders[0]["order_id"], total=7)
    return [max(row["total"] for row in orders)]
"""


def test_a_composite_runs_beside_the_tools(episode):
    (outcome,) = episode.run([RunSource(COMPOSITE, "largest_order", {"name": "Ada"})])
    assert outcome.answer == [250]
    assert outcome.changes == (Change("orders", "update", {"id": 10}, {"total": 100}, {"total": 7}),)
    assert outcome.calls == ()


@pytest.mark.parametrize(("name", "kind"), [("Cleo", "empty"), ("Zoe", "tool_error")])
def test_a_composite_refuses_by_tool_error(episode, name, kind):
    (outcome,) = episode.run([RunSource(COMPOSITE, "largest_order", {"name": name})])
    assert outcome.refused.kind == kind
    assert outcome.changes == ()


@pytest.mark.parametrize(
    ("source", "type", "line"),
    [
        ("def entry(db):\n    return 1 / 0\n", "ZeroDivisionError", 2),
        ("def entry(db):\n    return write_then_fail(db)\n", "IndexError", 63),
        ("def entry(db)\n    pass\n", "SyntaxError", 1),
        ("x = 1\n", "NameError", None),
        ("def entry(db):\n    return {1, 2}\n", "NotPlain", None),
    ],
)
def test_a_composite_that_fails_is_a_bug_with_a_line(episode, source, type, line):
    (outcome,) = episode.run([RunSource(source, "entry", {})])
    assert (outcome.bug.tool, outcome.bug.type, outcome.bug.line) == ("entry", type, line)


def test_a_composite_leaves_the_tools_as_they_are(episode):
    source = "def count_orders(db):\n    return {}\ndef entry(db):\n    return {}\n"
    episode.run([RunSource(source, "entry", {})])
    assert only(episode, COUNT).calls[0].result == {"orders": 4}


def test_observed_columns_are_the_ones_of_the_statements(episode):
    place = ("place_order", {"customer_id": 3, "total": 5})
    for _ in range(2):  # the second time every statement is known already
        outcome = only(episode, ("list_orders", {"customer_id": 1}), observe=True)
        assert outcome.observed_reads == ("orders.customer_id", "orders.id", "orders.total")
        assert outcome.observed_writes == ()
        assert only(episode, COUNT, observe=True).observed_reads == ("orders.*",)
        outcome = only(episode, place, ("set_total", {"order_id": 10, "total": 1}), observe=True)
        assert outcome.observed_reads == ("orders.id", "orders.placed_at")
        assert outcome.observed_writes == ("+orders", "orders.total")
        outcome = only(episode, ("delete_customer", {"customer_id": 1}), observe=True)
        assert outcome.observed_reads == ("customers.id",)
        assert outcome.observed_writes == ("-customers", "-orders")
    assert only(episode, COUNT).observed_reads == ()


def test_setup_may_break_constraints_and_leaves_nothing_behind(episode):
    setup = ("UPDATE orders SET customer_id = 99, total = -5 WHERE id = 10",)
    outcome = only(episode, ("list_orders", {"customer_id": 99}), ("delete_customer", {"customer_id": 2}), setup=setup)
    assert outcome.calls[0].result == [{"order_id": 10, "total": -5}]
    assert [c.op for c in outcome.changes] == ["delete", "delete", "delete"]  # foreign keys are on for the calls
    assert only(episode, ("list_orders", {"customer_id": 99})).calls[0].result == []
    assert only(episode, ("set_total", {"order_id": 10, "total": -1})).bug.type == "ConstraintError"


def test_setup_starts_from_what_was_kept_and_leaves_that_alone(episode):
    episode.run([calls(("set_total", {"order_id": 10, "total": 1}))], keep=True)
    setup = ("UPDATE orders SET total = total + 1 WHERE id = 10",)
    outcome = only(episode, ("list_orders", {"customer_id": 1}), setup=setup)
    assert outcome.calls[0].result[0]["total"] == 2
    assert only(episode, ("list_orders", {"customer_id": 1})).calls[0].result[0]["total"] == 1
    episode.reset()
    assert only(episode, ("list_orders", {"customer_id": 1})).calls[0].result[0]["total"] == 100


def test_the_last_row_of_a_setup_is_not_seen_by_calls(episode):
    last = ("run_sql", {"sql": "SELECT last_insert_rowid() AS last"})
    setup = ("INSERT INTO notes VALUES ('by the host', NULL)",)
    assert only(episode, last, setup=setup).calls[0].result == [{"last": 0}]
    assert only(episode, last).calls[0].result == [{"last": 0}]


@pytest.mark.parametrize("column", ["rowid", "_rowid_", "OID"])
def test_a_table_whose_rows_could_not_be_told_apart_is_refused(world_of, sandbox, column):
    world = world_of("", f"CREATE TABLE t ({column} TEXT)")
    with (
        pytest.raises(WorkerError, match="no primary key and a column called"),
        open_sandbox(world, level=sandbox.level) as other,
    ):
        other.episode()


def test_subclasses_of_a_date_are_told_apart_as_ever(sandbox, world_of):
    source = """
import datetime
from environments import Db
class Due(datetime.datetime):
    pass
now = datetime.datetime.now()
FOUND = [isinstance(now, Due), issubclass(datetime.datetime, Due)]
FOUND += [isinstance(Due.now(), Due), isinstance(now, datetime.date)]
def found(db: Db):
    return {"found": FOUND}
"""
    with open_sandbox(world_of(source), level=sandbox.level) as other, other.episode() as episode:
        assert only(episode, ("found", {})).calls[0].result == {"found": [False, False, True, True]}


def test_setup_that_fails_is_reported(episode):
    assert only(episode, COUNT).bug is None
    outcome = only(episode, COUNT, setup=("UPDATE orders SET total = NULL",))
    assert "setup" in outcome.bug.message
    assert only(episode, COUNT).calls[0].result == {"orders": 4}


@pytest.mark.parametrize("tool", ["commit_behind", "write_behind"])
def test_an_episode_whose_tool_goes_behind_its_db_is_lost(sandbox, tool):
    with sandbox.episode() as episode, pytest.raises(EpisodeLost) as caught:
        episode.run([calls((tool, {}))])
    assert caught.value.kind == "protocol"


@pytest.mark.parametrize("tool", ["commit_behind", "write_behind"])
def test_whose_tool_goes_behind_its_db_is_lost_before_a_witness_too(isolating, tool):
    with isolating.episode(witnessed=True) as episode, pytest.raises(EpisodeLost) as caught:
        episode.run([calls((tool, {}))])
    assert caught.value.kind == "protocol"


def test_episodes_do_not_see_each_other(sandbox):
    with sandbox.episode() as one, sandbox.episode() as two:
        one.run([calls(("delete_customer", {"customer_id": 1}))], keep=True)
        assert only(one, COUNT).calls[0].result == {"orders": 2}
        assert only(two, COUNT).calls[0].result == {"orders": 4}


def test_a_closed_episode_says_so(sandbox):
    episode = sandbox.episode()
    episode.close()
    episode.close()
    with pytest.raises(ValueError, match="closed"):
        episode.run([calls(COUNT)])


@pytest.mark.parametrize(
    ("source", "type", "line"),
    [
        ("import os\n\nraise RuntimeError('no')\n", "RuntimeError", 3),
        ("def broken(:\n", "SyntaxError", 1),
        ("import nothing_of_this_name\n", "ModuleNotFoundError", 1),
        ("import sys\nsys.exit(1)\n", "SystemExit", 2),
    ],
)
def test_tools_that_cannot_be_loaded_are_named_with_the_line(sandbox, world_of, source, type, line):
    with pytest.raises(ToolsBroken) as caught, open_sandbox(world_of(source), level=sandbox.level) as broken:
        broken.episode()
    assert (caught.value.type, caught.value.line) == (type, line)
    assert f"tools.py, line {line}" in str(caught.value)


def test_a_declared_tool_that_is_not_defined_is_named(sandbox, world):
    world = dataclasses.replace(world, tools_source="find_customer = 1\n")
    with (
        pytest.raises(ToolsBroken, match="no function 'find_customer'"),
        open_sandbox(world, level=sandbox.level) as broken,
    ):
        broken.episode()
