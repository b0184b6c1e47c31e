"""Chains in words, over a bakery that says some things itself and leaves others to the names of its schema.

The goldens are in `fixtures/words.txt`: a chain in a short notation, then its texts.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from environments import (
    AnswerPart,
    Captured,
    Chain,
    ColumnRef,
    Denotation,
    Literal,
    Param,
    Ref,
    Selector,
    Step,
    ToolWords,
    Words,
    chain_from_json,
    chain_to_json,
    read_tools,
)
from schemas import read_ddl
from synth.lexicon import Lexicon
from synth.spoken import answered, spoken
from synth.words import Unspeakable, ask, tell

HERE = Path(__file__).parent
GOLDENS = HERE / "fixtures" / "words.txt"
SCHEMA = read_ddl(
    """
    CREATE TABLE employees (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, hire_date DATE, manager_id INTEGER REFERENCES employees (id)
    );
    CREATE TABLE customers (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, city TEXT, is_member BOOLEAN,
        referred_by INTEGER REFERENCES customers (id)
    );
    CREATE TABLE cakes (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, price_cents INTEGER, weight_grams INTEGER);
    CREATE TABLE orders (
        id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, customer_id INTEGER NOT NULL REFERENCES customers (id),
        status TEXT NOT NULL CHECK (status IN ('open', 'in_oven', 'done')), placed_at TIMESTAMP, total_cents INTEGER
    );
    CREATE TABLE order_items (
        order_id INTEGER NOT NULL REFERENCES orders (id), cake_id INTEGER NOT NULL REFERENCES cakes (id),
        quantity INTEGER, PRIMARY KEY (order_id, cake_id)
    );
    CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL UNIQUE REFERENCES orders (id),
        driver_id INTEGER NOT NULL REFERENCES employees (id), delivered_at TIMESTAMP, fee_cents INTEGER
    );
    """,
    dialect="sqlite",
).schema

CUSTOMER = {
    "customer_id": "customers.id",
    "name": "customers.name",
    "city": "customers.city",
    "is_member": "customers.is_member",
    "referred_by": "customers.referred_by",
}
ORDER = {
    "order_id": "orders.id",
    "number": "orders.number",
    "customer_id": "orders.customer_id",
    "status": "orders.status",
    "placed_at": "orders.placed_at",
    "total_cents": "orders.total_cents",
}
EMPLOYEE = {
    "employee_id": "employees.id",
    "name": "employees.name",
    "hire_date": "employees.hire_date",
    "manager_id": "employees.manager_id",
}
CAKE = {"cake_id": "cakes.id", "name": "cakes.name", "price_cents": "cakes.price_cents", "weight": "cakes.weight_grams"}
ITEM = {
    "order_id": "order_items.order_id",
    "cake_id": "order_items.cake_id",
    "quantity": "order_items.quantity",
}
DELIVERY = {
    "delivery_id": "deliveries.id",
    "driver_id": "deliveries.driver_id",
    "delivered_at": "deliveries.delivered_at",
    "fee_cents": "deliveries.fee_cents",
}
ONE, MANY = "dict[str, Any]", "list[dict[str, Any]]"


def _tool(name, takes, gives, returns, **contract):
    """The source text of one tool; a parameter's annotation stands after its name."""
    parameters = "".join(f", {parameter}" for parameter in takes)
    columns = {parameter.partition(":")[0]: column for parameter, column in takes.items()}
    declared = "".join(f", {key}={value!r}" for key, value in contract.items())
    head = f"@tool(takes={columns!r}, gives={gives!r}{declared})\ndef {name}(db: Db{parameters}) -> {returns}:\n"
    return head + f'    """Do {name}."""\n    return db.rows("SELECT 1")\n\n\n'


TOOLS = {
    tool.name: tool
    for tool in read_tools(
        _tool("find_customer", {"email: str": "customers.email"}, CUSTOMER, ONE)
        + _tool("get_customer", {"customer_id: int": "customers.id"}, CUSTOMER, ONE)
        + _tool(
            "search_customers",
            {"city: str": "customers.city", "is_member: bool": "customers.is_member"},
            CUSTOMER,
            MANY,
        )
        + _tool("find_order", {"number: str": "orders.number"}, {**ORDER, "items": ITEM}, ONE)
        + _tool("get_order", {"order_id: int": "orders.id"}, {**ORDER, "items": ITEM}, ONE)
        + _tool("list_orders", {"customer_id: int": "orders.customer_id", "status: str": "orders.status"}, ORDER, MANY)
        + _tool(
            "top_orders",
            {"customer_id: int": "orders.customer_id", "count: int": "limit"},
            ORDER,
            MANY,
            order="orders.placed_at desc",
        )
        + _tool("orders_since", {"day: str": ">= orders.placed_at", "least: int": ">= orders.total_cents"}, ORDER, MANY)
        + _tool("list_items", {"order_id: int": "order_items.order_id"}, ITEM, MANY)
        + _tool("orders_with_cake", {"cake_id: int": "order_items.cake_id"}, ORDER, MANY)
        + _tool("find_cake", {"name: str": "cakes.name"}, CAKE, ONE)
        + _tool("get_cake", {"cake_id: int": "cakes.id"}, CAKE, ONE)
        + _tool("get_delivery", {"order_id: int": "deliveries.order_id"}, DELIVERY, ONE)
        + _tool("find_employee", {"name: str": "employees.name"}, EMPLOYEE, ONE)
        + _tool("get_employee", {"employee_id: int": "employees.id"}, EMPLOYEE, ONE)
        + _tool("list_reports", {"manager_id: int": "employees.manager_id"}, EMPLOYEE, MANY)
        + _tool(
            "count_orders",
            {"customer_id: int": "orders.customer_id", "status: str": "orders.status"},
            {"orders": "count(orders)", "largest": "max(orders.total_cents)"},
            ONE,
        )
        + _tool(
            "cancel_order",
            {"order_id: int": "orders.id", "reason: str": "note"},
            {"order_id": "orders.id", "status": "orders.status", "fee_cents": "deliveries.fee_cents"},
            ONE,
            writes=("orders.status",),
        )
        + _tool(
            "set_price",
            {"cake_id: int": "cakes.id", "price_cents: int": "set cakes.price_cents"},
            {"cake_id": "cakes.id", "price_cents": "cakes.price_cents"},
            ONE,
            writes=("cakes.price_cents",),
        )
        + _tool(
            "set_member",
            {"customer_id: int": "customers.id", "is_member: bool": "set customers.is_member"},
            {"customer_id": "customers.id"},
            ONE,
            writes=("customers.is_member",),
        )
        + _tool(
            "place_order",
            {
                "customer_id: int": "set orders.customer_id",
                "cake_id: int": "set order_items.cake_id",
                "quantity: int": "set order_items.quantity",
            },
            {"order_id": "orders.id", "number": "orders.number", "total_cents": "orders.total_cents"},
            ONE,
            writes=("+orders", "+order_items"),
        )
        + _tool(
            "remove_cake_from_order",
            {"cake_id: int": "order_items.cake_id", "order_id: int": "order_items.order_id"},
            {"order_id": "order_items.order_id"},
            ONE,
            writes=("-order_items",),
        ),
        SCHEMA,
        "tools.py",
    )
}
WORDS = Words.model_validate(
    {
        "entities": {"order_items": {"one": "item", "many": "items"}},
        "columns": {
            "orders.placed_at": {
                "label": "order date",
                "ask": "When was {it} placed?",
                "tell": "when {it} was placed",
                "largest": "most recent",
                "smallest": "earliest",
            },
            "orders.total_cents": {"label": "total", "unit": "in cents", "largest": "largest", "smallest": "smallest"},
            "orders.status": {"label": "status", "adjective": True},
            "order_items.quantity": {"label": "quantity", "largest": "largest", "smallest": "smallest"},
            "customers.city": {"label": "city", "ask": "In which city does {it} live?", "tell": "where {it} lives"},
        },
        "links": {
            "orders.customer_id": {"forward": "who placed", "backward": "placed by"},
            "order_items.order_id": {"forward": "containing", "backward": "in"},
            "order_items.cake_id": {"forward": "of", "backward": "of"},
            "deliveries.order_id": {"forward": "brought by", "backward": "of"},
            "deliveries.driver_id": {"forward": "who made", "backward": "made by", "role": "driver"},
        },
        "tools": {
            "find_order": {"it": "order {number}"},
            "list_orders": {"these": "placed by {customer_id}", "before": {"status": "{status}"}},
            "cancel_order": {"request": "cancel {order_id}, giving the reason {reason}"},
            "place_order": {"request": "order {quantity} of {cake_id} for {customer_id}", "result": "the new order"},
        },
    }
)


def _scalar(text):
    return json.loads(text) if re.fullmatch(r'".*"|-?\d+|true|false', text) else text


class _Notation:
    """Reads a chain: `s1 tool name=value other=s0.selector.field`, then `? s1.selector.shape.field`.

    A selector is `only`, `max:field`, `where:field=value`, `all` ...; before it a path may stand, `items/max:field`.
    """

    def __init__(self):
        self.denotation = Denotation(SCHEMA)
        self.steps = []
        self.parts = []

    def read(self, lines):
        for line in lines:
            id, *words = re.findall(r'(?:[^\s"]|"[^"]*")+', line)
            if id == "?":
                step, selector, shape, *field = self.split(words[0])
                part = AnswerPart(step, self.selector(step, selector), shape, *field)
                self.parts.append(part)
            else:
                self.steps.append(self.step(id, *words))
        return Chain(tuple(self.steps), tuple(self.parts))

    def split(self, text):
        step, rest = text.split(".", 1)
        pieces = re.findall(r'(?:[^."]|"[^"]*")+', rest)
        return [step, *pieces]

    def step(self, id, name, *bound):
        bindings = []
        for text in bound:
            parameter, value = text.split("=", 1)
            column = TOOLS[name].contract.param(parameter).column
            denotes = "" if column is None else self.denotation.denotes(column)
            if re.match(r"s\d+\.", value):
                step, selector, field = self.split(value)
                binding = Ref(step, self.selector(step, selector), field, denotes)
            else:
                binding = Literal(self.named(parameter, _scalar(value)), _scalar(value), str(column or ""), denotes)
            bindings.append((parameter, binding))
        return Step(id, name, tuple(bindings))

    def named(self, name, value):
        taken = {literal.input: literal.value for literal in Chain(tuple(self.steps), ()).literals()}
        return name if taken.get(name, value) == value else f"{name}_2"

    def selector(self, step, text):
        path, _, rest = text.rpartition("/")
        kind, _, condition = rest.partition(":")
        field, _, value = condition.partition("=")
        if not value:
            return Selector(kind, path, field)
        tool = TOOLS[next(s.tool for s in self.steps if s.id == step)]
        column = str(tool.contract.field(field, path).source)
        return Selector(kind, path, field, Literal(self.named(field, _scalar(value)), _scalar(value), column))


def _chain(text):
    return _Notation().read([line.strip() for line in text.strip().splitlines()])


def _cases():
    """The cases of the golden file: title, chain, expected texts by label."""
    cases = []
    for block in GOLDENS.read_text(encoding="utf-8").split("\n== ")[1:]:
        title, *lines = block.strip().splitlines()
        texts = dict(line.split(": ", 1) for line in lines if re.match(r"(?:hard|easy|told|answer): ", line))
        chain = _chain("\n".join(line for line in lines if not re.match(r"(?:hard|easy|told|answer): ", line)))
        cases.append(pytest.param(chain, texts, id=title))
    return cases


@pytest.mark.parametrize(("chain", "texts"), _cases())
def test_a_chain_is_said_as_in_the_goldens(chain, texts):
    queries = ask(chain, TOOLS, SCHEMA, WORDS, "golden")
    said = {"hard": queries.hard, "easy": queries.easy}
    if "answer" in texts:
        said["answer"] = texts["answer"]
        said["told"] = tell(chain, json.loads(texts["answer"]), TOOLS, SCHEMA, WORDS)
    assert said == texts


@pytest.mark.parametrize(("chain", "texts"), _cases())
def test_every_free_input_stands_in_both_queries(chain, texts):
    del texts
    for key in ("a", "b", "c", "d"):
        queries = ask(chain, TOOLS, SCHEMA, WORDS, key)
        for literal in chain.literals():
            if isinstance(literal.value, bool):
                continue
            value = str(literal.value).replace("_", " ")
            assert value in queries.easy
            assert value in queries.hard


@pytest.mark.parametrize(("chain", "texts"), _cases())
def test_a_chain_can_be_said_without_any_words_of_an_author(chain, texts):
    del texts
    queries = ask(chain, TOOLS, SCHEMA, Words(), "bare")
    for text in (queries.easy, queries.hard):
        assert "_" not in text
        assert "  " not in text
        assert text[0].isupper()
        assert text[-1] in '.?"'


def test_the_key_changes_the_wording_and_nothing_else_does():
    chain = _chain(
        """
        s1 find_customer email=ann@example.com
        s2 list_orders customer_id=s1.only.customer_id
        s3 cancel_order order_id=s2.max:placed_at.order_id reason="too late"
        """
    )
    texts = {ask(chain, TOOLS, SCHEMA, WORDS, str(key)).hard for key in range(40)}
    assert 1 < len(texts) < 8
    assert ask(chain, TOOLS, SCHEMA, WORDS, "k") == ask(chain, TOOLS, SCHEMA, WORDS, "k")


def test_texts_do_not_depend_on_the_hash_seed():
    program = (
        "import runpy, sys\n"
        f"module = runpy.run_path({str(Path(__file__))!r})\n"
        "for case in module['_cases']():\n"
        "    chain = case.values[0]\n"
        "    print(module['ask'](chain, module['TOOLS'], module['SCHEMA'], module['WORDS'], 'seed'))\n"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(printed) == 1
    assert printed.pop().count("Queries(") == len(_cases())


def test_a_chain_read_back_from_its_json_is_said_the_same():
    for case in _cases():
        chain = case.values[0]
        again = chain_from_json(json.loads(json.dumps(chain_to_json(chain))))
        assert ask(again, TOOLS, SCHEMA, WORDS, "k") == ask(chain, TOOLS, SCHEMA, WORDS, "k")


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (
            "unused_step",
            """
            s1 find_customer email=ann@example.com
            s2 find_cake name="Plum Tart"
            ? s2.only.value.price_cents
            """,
        ),
        (
            "surrogate_answer",
            """
            s1 find_customer email=ann@example.com
            ? s1.only.value.customer_id
            """,
        ),
        (
            "surrogate_input",
            """
            s1 get_order order_id=17
            ? s1.only.value.status
            """,
        ),
        (
            "trivial_count",
            """
            s1 find_customer email=ann@example.com
            s2 top_orders customer_id=s1.only.customer_id count=3
            ? s2.all.count
            """,
        ),
        (
            "no_superlative",
            """
            s1 search_customers city=Graz is_member=true
            ? s1.max:name.value.city
            """,
        ),
        (
            "too_long",
            """
            s1 find_order number=B100
            s2 list_orders customer_id=s1.only.customer_id
            s3 list_items order_id=s2.max:placed_at.order_id
            s4 orders_with_cake cake_id=s3.max:quantity.cake_id
            s5 list_orders customer_id=s4.max:placed_at.customer_id
            s6 list_items order_id=s5.max:placed_at.order_id
            s7 orders_with_cake cake_id=s6.max:quantity.cake_id
            s8 list_orders customer_id=s7.max:placed_at.customer_id
            ? s8.max:placed_at.value.total_cents
            """,
        ),
        (
            "confusable",
            """
            s1 find_customer email=ann@example.com
            s2 list_orders customer_id=s1.only.customer_id status=open
            s3 cancel_order order_id=s2.max:placed_at.order_id reason="too late"
            s4 list_orders customer_id=s1.only.customer_id status=open
            s5 cancel_order order_id=s4.max:placed_at.order_id reason="too late"
            """,
        ),
    ],
)
def test_what_cannot_be_said_is_refused_with_a_reason(reason, text):
    with pytest.raises(Unspeakable) as refused:
        ask(_chain(text), TOOLS, SCHEMA, WORDS, "k")
    assert refused.value.reason == reason


def _with_tool_words(name, **said):
    return WORDS.model_copy(update={"tools": {**WORDS.tools, name: ToolWords(**said)}})


def test_what_a_template_leaves_out_is_said_all_the_same():
    chain = _chain(
        """
        s1 find_cake name="Plum Tart"
        ? s1.only.value.price_cents
        """
    )
    assert 'the cake "Plum Tart"' in ask(chain, TOOLS, SCHEMA, _with_tool_words("find_cake", it="the cake"), "k").hard
    chain = _chain(
        """
        s1 find_order number=B100
        s2 cancel_order order_id=s1.only.order_id reason="too late"
        """
    )
    words = _with_tool_words("cancel_order", request="cancel {order_id}")
    assert 'cancel order B100, with the reason "too late"' in ask(chain, TOOLS, SCHEMA, words, "k").hard


def test_a_clause_for_an_argument_that_is_not_passed_is_left_out():
    chain = _chain(
        """
        s1 find_order number=B100
        s2 cancel_order order_id=s1.only.order_id
        """
    )
    assert ask(chain, TOOLS, SCHEMA, WORDS, "k").easy == "First, find order B100. Then cancel that order."


def test_an_input_that_no_words_mention_is_refused():
    found = TOOLS["find_cake"]
    silent = replace(found.contract, params=(replace(found.contract.params[0], role="note", column=None),))
    chain = _chain(
        """
        s1 find_cake name="Plum Tart"
        ? s1.only.value.price_cents
        """
    )
    with pytest.raises(Unspeakable) as refused:
        ask(chain, {**TOOLS, "find_cake": replace(found, contract=silent)}, SCHEMA, WORDS, "k")
    assert refused.value.reason == "unsaid_input"


def test_words_for_a_field_say_how_its_value_singles_out_a_row():
    chain = _chain(
        """
        s1 find_customer email=ann@example.com
        s2 list_orders customer_id=s1.only.customer_id
        ? s2.where:number=B107.value.total_cents
        """
    )
    words = _with_tool_words("list_orders", these="placed by {customer_id}", after={"number": "numbered {number}"})
    assert "the order numbered B107 placed by the customer" in ask(chain, TOOLS, SCHEMA, words, "k").hard


def test_a_row_of_an_earlier_turn_is_that_row():
    captured = Captured(1, "s2", Selector("max", field="placed_at"), "order_id", 4711, "orders")
    step = Step("s1", "cancel_order", (("order_id", captured), ("reason", Literal("reason", "too late"))))
    queries = ask(Chain((step,), ()), TOOLS, SCHEMA, WORDS, "k")
    assert 'ancel that order, giving the reason "too late"' in queries.hard
    assert "4711" not in queries.hard + queries.easy
    with pytest.raises(Unspeakable):
        ask(
            Chain((replace(step, bindings=(("order_id", replace(captured, denotes="")),)),), ()),
            TOOLS,
            SCHEMA,
            WORDS,
            "",
        )


def test_an_answer_of_the_wrong_length_is_a_bug_of_the_caller():
    chain = _chain(
        """
        s1 find_cake name="Plum Tart"
        ? s1.only.value.price_cents
        """
    )
    with pytest.raises(ValueError, match="1 parts, not 0"):
        tell(chain, [], TOOLS, SCHEMA, WORDS)


def test_a_column_marked_unspeakable_is_not_asked_for():
    words = WORDS.model_copy(
        update={
            "columns": {
                **WORDS.columns,
                "customers.city": WORDS.columns["customers.city"].model_copy(update={"speakable": False}),
            }
        }
    )
    chain = _chain(
        """
        s1 find_customer email=ann@example.com
        ? s1.only.value.city
        """
    )
    with pytest.raises(Unspeakable) as refused:
        ask(chain, TOOLS, SCHEMA, words, "k")
    assert refused.value.reason == "unspeakable_field"


def test_names_of_columns_are_said_in_words():
    assert ColumnRef("cakes", "weight_grams") == TOOLS["find_cake"].contract.field("weight").source
    chain = _chain(
        """
        s1 find_cake name="Plum Tart"
        ? s1.only.value.weight
        """
    )
    assert "weight, in grams," in ask(chain, TOOLS, SCHEMA, WORDS, "k").hard


def _worded(columns):
    data = WORDS.model_dump()
    for name, words in columns.items():
        data["columns"][name] = {**data["columns"].get(name, {}), **words}
    return Words.model_validate(data)


MOST = _worded({"orders.total_cents": {"largest": "with the most cakes", "smallest": "with the fewest cakes"}})


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (
            "s1 find_order number=B100\ns2 list_orders customer_id=s1.only.customer_id",
            "the order with the most cakes among those placed by the customer who placed order B100",
        ),
        (
            's1 find_cake name="Plum Tart"\ns2 orders_with_cake cake_id=s1.only.cake_id',
            'the order containing the cake "Plum Tart" with the most cakes',
        ),
    ],
)
def test_a_superlative_after_its_noun_stands_where_it_cannot_belong_to_another(steps, said):
    chain = _chain(f"{steps}\n? s2.max:total_cents.value.placed_at")
    assert said in ask(chain, TOOLS, SCHEMA, MOST, "k").hard


def test_a_value_without_an_adjective_follows_a_name():
    words = _worded({"orders.status": {"adjective": False}})
    data = words.model_dump()
    data["tools"]["list_orders"]["before"] = {}
    chain = _chain(
        """
        s1 find_cake name="Plum Tart"
        s2 orders_with_cake cake_id=s1.only.cake_id
        ? s2.where:status=open.value.number
        """
    )
    hard = ask(chain, TOOLS, SCHEMA, Words.model_validate(data), "k").hard
    assert 'the order containing the cake "Plum Tart" with the status open' in hard


def _request(template, chain):
    tools = {**WORDS.tools, "place_order": ToolWords(request=template)}
    return ask(_chain(chain), TOOLS, SCHEMA, WORDS.model_copy(update={"tools": tools}), "k").hard


ORDERING = """
    s1 find_customer email=ann@example.com
    s2 find_cake name="Plum Tart"
    s3 place_order customer_id=s1.only.customer_id cake_id=s2.only.cake_id quantity={}
    """


def test_a_role_that_the_noun_names_itself_is_not_said_again():
    hard = _request("order {quantity} for {customer_id}, with {cake_id} as the cake", ORDERING.format(2))
    assert hard.rstrip("?.").endswith('with the cake "Plum Tart"')
    hard = _request("order {quantity} for {customer_id}, with {cake_id} as the dessert", ORDERING.format(2))
    assert hard.rstrip("?.").endswith('with the cake "Plum Tart" as the dessert')


@pytest.mark.parametrize(("count", "said"), [(1, "1 large box of"), (2, "2 large boxes of")])
def test_one_is_followed_by_the_singular(count, said):
    assert said in _request("order {quantity} large boxes of {cake_id} for {customer_id}", ORDERING.format(count))


def test_a_key_marked_unspeakable_is_neither_said_nor_asked_for():
    words = _worded({"orders.number": {"label": "number", "speakable": False}})
    with pytest.raises(Unspeakable) as refused:
        ask(_chain("s1 find_order number=B100\n? s1.only.value.status"), TOOLS, SCHEMA, words, "k")
    assert refused.value.reason in ("surrogate_input", "surrogate_answer")


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("customers.zip_code", 56754, "56754"),
        ("books.published_year", 1984, "1984"),
        ("orders.total_cents", 12345, "12,345"),
        ("orders.number_of_guests", 1200, "1,200"),
    ],
)
def test_numbers_that_name_something_have_no_separators(column, value, said):
    table, _, name = column.partition(".")
    schema = read_ddl(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, {name} INTEGER);", dialect="sqlite").schema
    assert answered(value, "", Lexicon(schema, Words()), ColumnRef(table, name), None) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2013-01-14 09:00:00", "2013-01-14 09:00:00"),
        ("(822) 354-0152", "(822) 354-0152"),
        ("see the earlier message", '"see the earlier message"'),
    ],
)
def test_only_free_text_is_quoted(text, said):
    schema = read_ddl("CREATE TABLE visits (id INTEGER PRIMARY KEY, detail TEXT);", dialect="sqlite").schema
    column = ColumnRef("visits", "detail")
    param = Param("detail", {"type": "string"}, True, "set", column=column)
    assert spoken(text, column, Lexicon(schema, Words()), param) == said
