"""A digest that follows changes equals the digest of the changed state from scratch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import Change
from schemas import Column, ColumnType, Schema, Table
from synth.digest import StateDigest

INTEGER, TEXT = ColumnType("integer"), ColumnType("text")
SCHEMA = Schema(
    (
        Table("guests", (Column("id", INTEGER), Column("name", TEXT), Column("points", INTEGER)), ("id",)),
        Table("seats", (Column("row", TEXT), Column("number", INTEGER), Column("held", TEXT)), ("row", "number")),
    )
)
KEYS = {"guests": ("id",), "seats": ("row", "number")}
VALUES = {"guests": ("name", "points"), "seats": ("held",)}

cells = st.none() | st.integers(-2, 2) | st.sampled_from(["", "a", "é", "1"])
keys = {
    "guests": st.tuples(st.integers(0, 4)),
    "seats": st.tuples(st.sampled_from("AB"), st.integers(0, 2)),
}


def row_of(table, key, values):
    return {**dict(zip(KEYS[table], key, strict=True)), **dict(zip(VALUES[table], values, strict=True))}


@st.composite
def histories(draw):
    """Rows before, and changes that lead to rows after."""
    state = {
        table: draw(st.dictionaries(keys[table], st.tuples(*[cells] * len(VALUES[table])), max_size=4))
        for table in KEYS
    }
    before = {table: [row_of(table, k, v) for k, v in held.items()] for table, held in state.items()}
    changes = []
    for _ in range(draw(st.integers(0, 6))):
        table = draw(st.sampled_from(list(KEYS)))
        key = draw(keys[table])
        named = dict(zip(KEYS[table], key, strict=True))
        old = state[table].get(key)
        values = draw(st.tuples(*[cells] * len(VALUES[table])))
        if old is None:
            state[table][key] = values
            changes.append(Change(table, "insert", named, None, row_of(table, key, values)))
        elif draw(st.booleans()):
            del state[table][key]
            changes.append(Change(table, "delete", named, row_of(table, key, old), None))
        else:
            state[table][key] = values
            moved = [i for i, pair in enumerate(zip(old, values, strict=True)) if pair[0] != pair[1]]
            names = VALUES[table]
            changes.append(
                Change(table, "update", named, {names[i]: old[i] for i in moved}, {names[i]: values[i] for i in moved})
            )
    after = {table: [row_of(table, k, v) for k, v in held.items()] for table, held in state.items()}
    return before, changes, after


@given(histories())
def test_following_changes_gives_the_digest_from_scratch(history):
    before, changes, after = history
    assert StateDigest.of(SCHEMA, before).after(changes) == StateDigest.of(SCHEMA, after)


@given(histories())
def test_following_changes_one_by_one_is_following_them_at_once(history):
    before, changes, _ = history
    digest = StateDigest.of(SCHEMA, before)
    for change in changes:
        digest = digest.after([change])
    assert digest == StateDigest.of(SCHEMA, before).after(changes)


@given(histories())
def test_two_states_have_the_same_digest_only_when_they_are_the_same(history):
    before, _, after = history

    def content(rows):
        return {(table, repr(sorted(row.items()))) for table, held in rows.items() for row in held}

    same = StateDigest.of(SCHEMA, before) == StateDigest.of(SCHEMA, after)
    assert same is (content(before) == content(after))


@given(histories(), st.randoms())
def test_the_order_of_rows_does_not_matter(history, rng):
    _, _, rows = history
    shuffled = {table: rng.sample(held, len(held)) for table, held in rows.items()}
    assert StateDigest.of(SCHEMA, shuffled) == StateDigest.of(SCHEMA, rows)


def digest_of(**row):
    return StateDigest.of(SCHEMA, {"guests": [{"id": 1, "name": None, "points": None, **row}], "seats": []})


def test_values_of_different_types_are_different():
    found = [digest_of(name=value) for value in (None, "", "1", 1, b"1", {"blob": "31"}.__repr__())]
    assert len({digest.hex for digest in found}) == len(found)


def test_a_value_counts_for_its_column_row_and_table():
    moved = [
        digest_of(name=1),
        digest_of(points=1),
        digest_of(id=2, name=1),
        StateDigest.of(SCHEMA, {"guests": [], "seats": [{"row": "A", "number": 1, "held": 1}]}),
    ]
    assert len({digest.hex for digest in moved}) == len(moved)


def test_a_swap_of_two_values_is_seen():
    def pair(first, second):
        rows = [{"id": 1, "name": first, "points": 0}, {"id": 2, "name": second, "points": 0}]
        return StateDigest.of(SCHEMA, {"guests": rows, "seats": []})

    assert pair("a", "b") != pair("b", "a")


def test_the_digest_of_a_state_never_changes():
    rows = {"guests": [{"id": 1, "name": "Ann", "points": 3}], "seats": [{"row": "A", "number": 1, "held": None}]}
    expected = "e1b539ca2368680e6720721f02fd33d41f1efee983c57545645bf5fb7d502f52"
    assert StateDigest.of(SCHEMA, rows).hex == expected
    assert StateDigest.of(SCHEMA, {"guests": [], "seats": []}).hex == "0" * 64


def test_a_table_without_a_key_is_keyed_by_position():
    schema = Schema((Table("notes", (Column("text", TEXT),)),))
    digest = StateDigest.of(schema, {"notes": [{"text": "a"}, {"text": "b"}]})
    assert digest != StateDigest.of(schema, {"notes": [{"text": "b"}, {"text": "a"}]})
    added = Change("notes", "insert", {"rowid": 3}, None, {"text": "c"})
    assert digest.after([added]) == StateDigest.of(schema, {"notes": [{"text": t} for t in "abc"]})


def test_a_cell_that_no_database_holds_is_refused():
    with pytest.raises(TypeError, match="a cell holds set"):
        digest_of(name={1})
