"""What the columns of a schema say about each other: sums, copies, counts and keys that must agree.

Read from names, types and keys, and only where they make it convincing; everything comes out as nouns of
`sources.py` and is drawn like what a person wrote. What the recipe says goes before all of it, and a
constraint does too: each of these gives way to a plain guess. Dates and states of one row are `states.py`.
"""

from __future__ import annotations

from .agree import Agreement
from .amounts import Amounts
from .model import Schema
from .recipe import Recipe
from .relations import Relations, Said
from .siblings import Siblings
from .tallies import Tallies


def relate(schema: Schema, recipe: Recipe) -> Relations:
    """Everything that the names, types and keys of the schema make convincing."""
    said = Said(schema, recipe)
    amounts, tallies, siblings, agreement = Amounts(said), Tallies(said), Siblings(said), Agreement(said)
    for table in schema.tables:
        amounts.line(table)
    for table in schema.tables:
        amounts.price(table)
        amounts.document(table)
        tallies.balance(table)
        tallies.counters(table)
        agreement.copies(table)
        siblings.read(table)
    for table in schema.tables:
        amounts.payment(table)
    agreement.links()
    agreement.units()
    agreement.keys()
    return said.relations()
