"""What Python says of a simple CHECK is what SQLite says, NULLs included."""

import apsw
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.judge import Unsure, compile_check

numbers = st.sampled_from(["n", "m", "n + m", "n * (m - 1)", "0", "-3", "7"])
texts = st.sampled_from(["s", "t", "'a'", "'B'", "''"])
compared = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
atoms = st.one_of(
    st.builds("{} {} {}".format, numbers, compared, numbers),
    st.builds("{} {} {}".format, texts, compared, texts),
    st.builds("{} IS {}NULL".format, st.sampled_from(["n", "m", "s", "t"]), st.sampled_from(["", "NOT "])),
    st.just("n IN (1, 2, 7)"),
    st.just("s NOT IN ('a', 'b')"),
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({}) AND ({})".format, inner, inner),
        st.builds("({}) OR ({})".format, inner, inner),
        st.builds("NOT ({})".format, inner),
    ),
    max_leaves=5,
)
whole = st.one_of(st.none(), st.integers(-9, 9))
words = st.one_of(st.none(), st.sampled_from(["a", "b", "B", "", "aa"]))
rows = st.lists(st.tuples(whole, whole, words, words), min_size=1, max_size=8)


@settings(max_examples=300, deadline=None)
@given(conditions, rows)
def test_python_and_sqlite_agree(condition, rows):
    verdict = compile_check(sqlglot.parse_one(condition, read="sqlite"))
    assert verdict is not None
    try:
        said = verdict(dict(zip("nmst", zip(*rows, strict=True), strict=True)))
    except Unsure:
        return
    query = f"SELECT ({condition}) FROM (SELECT ?1 AS n, ?2 AS m, ?3 AS s, ?4 AS t)"
    asked = [value for row in rows for (value,) in apsw.Connection(":memory:").execute(query, row)]
    assert [None if value is None else bool(value) for value in asked] == list(said)


def test_a_column_of_nothing_but_null_is_judged():
    verdict = compile_check(sqlglot.parse_one("s IS NULL OR s >= n", read="sqlite"))
    assert verdict({"s": [None, None], "n": [1, 2]}) == [True, True]
