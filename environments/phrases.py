"""How an environment's entities, columns, links and tools are said in English.

These are the `[words]` and `[inputs]` tables of `environment.toml`, checked at the border;
`synth/words.py` builds sentences from them. Everything is optional: what is not
said here falls back to the names in the schema.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

Scalar = bool | int | float | str


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EntityWords(_Table):
    """`one = "customer"`, `many = "customers"`; a person is asked for with "who"."""

    one: str
    many: str
    person: bool = False


class ColumnWords(_Table):
    """How a column is said.

    Attributes:
        label: "order date", as in "the order date of X".
        ask: A question, `{it}` standing for the row: "When was {it} placed?".
        tell: A clause for an added request: "when {it} was placed".
        largest: Adjective for the row with the greatest value: "most recent". One that begins
            with "with" stands after the noun: "with the most slots".
        smallest: Adjective for the row with the least: "earliest".
        unit: Said after the label of a number: "in cents".
        speakable: False for codes and keys that nobody says or asks for.
        adjective: The value itself stands before the noun ("the pending order").
    """

    label: str = ""
    ask: str = ""
    tell: str = ""
    largest: str = ""
    smallest: str = ""
    unit: str = ""
    speakable: bool = True
    adjective: bool = False


class LinkWords(_Table):
    """A foreign key said both ways.

    Attributes:
        forward: From the owning row to its target: "who placed" (the customer who placed the order).
        backward: From the target to its rows: "placed by" (the orders placed by the customer).
        role: The target's name here when it is not the entity's own: "support rep".
    """

    forward: str = ""
    backward: str = ""
    role: str = ""


class ToolWords(_Table):
    """How a tool's result or effect is said; `{parameter}` stands for what the argument denotes.

    Attributes:
        it: The one row found: 'the customer with the email address {email}'.
        these: What follows the noun of a list: "placed by {customer_id}".
        before: For an optional filter, what precedes the noun: status = "{status}".
        after: For an optional filter, what follows: max_price = "costing at most {max_price}".
        request: The effect as an imperative: "cancel {order_id}".
        result: After the effect, what the new or changed row is called: "the refund".
        fields: Words for output fields that are no plain column (aggregates, derived).
    """

    it: str = ""
    these: str = ""
    before: dict[str, str] = Field(default_factory=dict)
    after: dict[str, str] = Field(default_factory=dict)
    request: str = ""
    result: str = ""
    fields: dict[str, ColumnWords] = Field(default_factory=dict)


class Words(_Table):
    """The `[words]` table. Columns and links are keyed by `table.column`."""

    entities: dict[str, EntityWords] = Field(default_factory=dict)
    columns: dict[str, ColumnWords] = Field(default_factory=dict)
    links: dict[str, LinkWords] = Field(default_factory=dict)
    tools: dict[str, ToolWords] = Field(default_factory=dict)

    def unspeakable(self) -> list[str]:
        """The columns, as `table.column`, whose values nobody says."""
        return [name for name, words in self.columns.items() if not words.speakable]


class InputValues(_Table):
    """Where the values of a parameter come from when no column's rows serve: a list, or whole numbers in a range."""

    values: tuple[Scalar, ...] = ()
    low: int | None = None
    high: int | None = None
