"""Regular expressions as GLOBs: the same texts pass, or there is a reason."""

import re

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import read_ddl

PATTERNS = [
    "^[A-Z]",
    "^[0-9]{5}$",
    r"^\d{3}-\d{4}$",
    "^[a-z][a-z0-9_]*$",
    "^[a-z]+$",
    "^[^@ ]+$",
    "@",
    "^.+@.+$",
    "^(red|green|blue)$",
    "^a|b$",
    r"^[A-Z]{2,3}\.[0-9]?$",
    "^[]a-]{2}$",
    "^[[:alpha:]]{2}[[:digit:]]+$",
    r"^\[x\]\*$",
    "ab.d",
    "^$",
    "^[a-zA-Z](_?[a-zA-Z0-9])+$",
    "^([-]?[a-z])+$",
    "^_?([_]?[A-Z09])+$",
]
texts = st.text(alphabet="aAbzZ09@.-_[]*^? ", max_size=7)


def python_pattern(pattern):
    for name, letters in (("alpha", "a-zA-Z"), ("digit", "0-9")):
        pattern = pattern.replace(f"[:{name}:]", letters)
    return re.compile(pattern.replace("[]a-]", r"[\]a\-]").replace("$", r"\Z"), re.DOTALL)


@pytest.fixture(scope="module")
def engine():
    return apsw.Connection(":memory:")


def check_of(pattern, operator="~"):
    script = f"CREATE TABLE t (a text, CHECK (a {operator} '{pattern}'));"
    return read_ddl(script, dialect="postgres").schema


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_same_texts_pass(pattern, engine):
    schema = check_of(pattern)
    assert not schema.losses
    condition = schema.table("t").checks[0].sql
    known = [
        "12345",
        "123-4567",
        "ab_1",
        "red",
        "blue",
        "ABC.1",
        "AB.",
        "]a",
        "-]",
        "ab12",
        "[x]*",
        "abXd",
        "",
        "b",
        "a_b",
        "a__b",
        "a-b-",
        "__A",
        "A_",
    ]

    @settings(max_examples=150, deadline=None)
    @given(texts)
    def same(text):
        (found,) = next(iter(engine.execute(f"SELECT ({condition}) IS TRUE FROM (SELECT ? AS a)", (text,))))
        assert bool(found) == (python_pattern(pattern).search(text) is not None), condition

    for text in known:
        same.hypothesis.inner_test(text)
    same()


def test_a_negated_expression_turns_the_condition_round():
    assert check_of("^[0-9]+$", "!~").table("t").checks[0].sql.startswith("NOT (")


@pytest.mark.parametrize(
    "pattern",
    [
        "^(ab)+$",
        "^(_?[a-z])*$",
        "^(_?[a-z]){2,}$",
        "^(_?[a-z])+x$",
        "^(_?[a-z_])+$",
        "(_?[a-z])+$",
        "^(_?[a-z])+",
        "(_?[a-z])+",
        "^[a-z]+@[a-z]+$",
        r"(?=a)b",
        r"\ba",
        "^[a-z]{1,9}[0-9]{1,9}$",
    ],
)
def test_what_no_glob_can_say_is_a_loss(pattern):
    schema = check_of(pattern)
    assert not schema.table("t").checks
    assert "regular expression" in schema.losses[0].reason


def test_capitals_that_do_not_matter_are_a_loss():
    assert "regular expressions" in check_of("^[a-z]+$", "~*").losses[0].reason


def test_an_operator_of_an_extension_is_read_where_capitals_do_not_matter():
    check = """CREATE TABLE t (a text, CONSTRAINT shape CHECK ((a OPERATOR(public.~) '%s'::public.citext)));"""
    plain = check_of("^[a-zA-Z](_?[a-zA-Z0-9])+$").table("t").checks[0].sql
    found = read_ddl(check % "^[a-zA-Z](_?[a-zA-Z0-9])+$", dialect="postgres").schema
    assert found.losses == ()
    assert found.table("t").checks[0].sql == plain
    lost = read_ddl(check % "^[a-z]+$", dialect="postgres").schema
    assert "OPERATOR(public.~)" in lost.losses[0].reason
    assert "not known" in lost.losses[0].reason
