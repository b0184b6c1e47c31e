"""What a query may say, and what it gives away."""

import pytest

from environments import AnswerPart, Chain, Literal, Ref, Selector, Step, read_tools
from sandbox import Call
from schemas import read_ddl
from synth.words import leaks

SCHEMA = read_ddl(
    """
    CREATE TABLE owners (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, city TEXT);
    CREATE TABLE boats (
        id INTEGER PRIMARY KEY, owner_id INTEGER NOT NULL REFERENCES owners (id),
        name TEXT, berth_code TEXT, length REAL
    );
    """,
    dialect="sqlite",
).schema
TOOLS = {
    tool.name: tool
    for tool in read_tools(
        '''
@tool(takes={"name": "owners.name"}, gives={"owner_id": "owners.id", "name": "owners.name", "city": "owners.city"})
def find_owner(db: Db, name: str) -> dict[str, Any]:
    """Find an owner."""


@tool(
    takes={"owner_id": "boats.owner_id", "at_most": "limit"},
    gives={
        "boat_id": "boats.id",
        "name": "boats.name",
        "berth_code": "boats.berth_code",
        "length": "boats.length",
    },
)
def list_boats(db: Db, owner_id: int, at_most: int = 9) -> list[dict[str, Any]]:
    """List an owner's boats."""


@tool(takes={"berth_code": "boats.berth_code"}, gives={"boat_id": "boats.id", "length": "boats.length"})
def boat_at(db: Db, berth_code: str) -> dict[str, Any]:
    """Find the boat at a berth."""
''',
        SCHEMA,
        "tools.py",
    )
}
CHAIN = Chain(
    (
        Step("s1", "find_owner", (("name", Literal("name", "Ada Quay", "owners.name", "owners")),)),
        Step(
            "s2",
            "list_boats",
            (
                ("owner_id", Ref("s1", Selector("only"), "owner_id", "owners")),
                ("at_most", Literal("at_most", 4)),
            ),
        ),
        Step("s3", "boat_at", (("berth_code", Ref("s2", Selector("max", field="length"), "berth_code")),)),
    ),
    (AnswerPart("s3", Selector("only"), "value", "length", 1),),
)
BOATS = [
    {"boat_id": 310, "name": "Heron", "berth_code": "C-14", "length": 7.5},
    {"boat_id": 311, "name": "Teal", "berth_code": "B-2", "length": 1250.0},
]
CALLS = (
    Call("s1", "find_owner", {"name": "Ada Quay"}, {"owner_id": 7, "name": "Ada Quay", "city": "Hull"}),
    Call("s2", "list_boats", {"owner_id": 7, "at_most": 4}, BOATS),
    Call("s3", "boat_at", {"berth_code": "B-2"}, {"boat_id": 311, "length": 1250.0}),
)


def found(text, chain=CHAIN, calls=CALLS):
    """The leaks of a text."""
    return leaks(text, chain, calls, TOOLS, SCHEMA)


def test_a_clean_question_has_no_leak():
    assert found("How long is the longest of the top 4 boats of Ada Quay?") == []


@pytest.mark.parametrize(
    ("text", "leak"),
    [
        ("How long is the boat of owner 7?", "the machine key 7"),
        ("How long is boat 311?", "the machine key 311"),
        ("How long is the boat at berth B-2?", "the intermediate value 'B-2'"),
        ("How long is the boat at berth b-2?", "the intermediate value 'B-2'"),
        ("Is it 1250 meters long?", "the answer 1250.0"),
        ("Is it 1,250 meters long?", "the answer 1250.0"),
        ("Please call list_boats.", "the name 'list_boats'"),
        ("Which berth_code has it?", "the name 'berth_code'"),
    ],
)
def test_what_the_chain_finds_out_is_a_leak(text, leak):
    assert found(text) == [leak]


@pytest.mark.parametrize(
    "text",
    [
        "How long are the boats of Ada Quay from pier 77?",
        "Is it 12,507 meters long, or 1250.5, or 31.1?",
        "Who lives in Hull?",
        "What is the length of AB-2?",
    ],
)
def test_a_part_of_a_longer_word_or_number_is_no_leak(text):
    assert found(text) == []


def test_the_words_of_a_free_input_are_no_leak_even_where_they_equal_one():
    literal = Literal("at_most", 7)
    step = Step("s2", "list_boats", (CHAIN.steps[1].bindings[0], ("at_most", literal)))
    chain = Chain((CHAIN.steps[0], step, CHAIN.steps[2]), CHAIN.answer)
    assert found("How long is the longest of the top 7 boats of Ada Quay?", chain) == []


def test_an_answer_that_is_a_free_input_is_a_leak():
    chain = Chain(CHAIN.steps[:1], (AnswerPart("s1", Selector("only"), "value", "name"),))
    assert found("What is the name of Ada Quay?", chain, CALLS[:1]) == ["the answer 'Ada Quay', which is a free input"]


def test_a_refused_chain_has_no_answer_to_give_away():
    calls = (CALLS[0], Call("s2", "list_boats", {"owner_id": 7, "at_most": 4}, []))
    assert found("How long is it, 1250 meters?", calls=calls) == []
    calls = (*CALLS[:2], Call("s3", "boat_at", {"berth_code": "B-2"}, None, error="there is no such berth"))
    assert found("How long is it, 1250 meters?", calls=calls) == []


def test_true_and_short_words_are_not_guarded():
    boats = [{**boat, "berth_code": "A"} for boat in BOATS]
    calls = (CALLS[0], Call("s2", "list_boats", {"owner_id": 7, "at_most": 4}, boats))
    assert found("How long is a boat of Ada Quay?", calls=calls) == []
