"""The nouns of a row recipe's columns: where a column's values come from.

How they are written in a recipe is the grammar in `recipe.py`; drawing from them is `produce.py`. They are named
tuples, of which a fresh process makes four in the time of one frozen dataclass; all but `Piece`, as a tuple has a
`count` already. Two of different types may be equal, so it is the type that tells them apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .expression import Expression, Path
from .model import Value
from .shape import Shape


class Constant(NamedTuple):
    """Always `value`."""

    value: Value


class Choice(NamedTuple):
    """One of `values` by `weights`."""

    values: tuple[Value, ...]
    weights: tuple[float, ...]


class Pool(NamedTuple):
    """A word of a pool: `faker` a Faker provider, otherwise one of ours.

    Attributes:
        walked: Every entry once before any comes again, but for a few twins.
    """

    name: str
    faker: bool = False
    walked: bool = False


class Person(NamedTuple):
    """The `first`, `last` or `full` name of someone; a few rows of a table are namesakes of another.

    Attributes:
        gender: Where it stands, if the row says it.
    """

    part: str
    gender: Path = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: fixed (`literal`), a `path`, a `pool` or `count` random characters of `kind`."""

    literal: str = ""
    path: Path = ()
    pool: Pool | None = None
    kind: str = ""
    count: int = 0
    filters: tuple[str, ...] = ()


class Text(NamedTuple):
    """The pieces, joined."""

    pieces: tuple[Piece, ...]


class Between(NamedTuple):
    """A number of [low, high], rounded to `digits` if given, or a point in time as written in a recipe."""

    low: str | int | float
    high: str | int | float
    time: str = ""
    digits: int | None = None


class SkewedRange(NamedTuple):
    """An integer of [low, high] with a long tail."""

    low: int
    high: int
    mean: float


class Price(NamedTuple):
    """A log-normal amount of [low, high] with a usual ending; in cents when `cents`."""

    low: float
    high: float
    cents: bool = False


class After(NamedTuple):
    """Later than the latest of `paths` by `least` to `within` seconds, but not than `until`.

    Attributes:
        otherwise: Where there is nothing to come after; without it the value is NULL.
        ahead: It may lie after the clock.
        late: If not 0, at most so many seconds before the latest that is possible.
    """

    paths: tuple[Path, ...]
    within: int
    least: int = 0
    time: str = ""
    until: str = "now"
    otherwise: Between | None = None
    ahead: bool = False
    late: int = 0


class Pick(NamedTuple):
    """A row of `table` that fits `where`."""

    table: str
    where: Expression | None = None


class Copy(NamedTuple):
    """The value at `path`."""

    path: Path


class Computed(NamedTuple):
    """The value of an expression."""

    expression: Expression


class Aggregate(NamedTuple):
    """`function` (sum, count, min, max, avg) over the rows of `table` whose key at position `key` points here.

    Attributes:
        value: What is taken of each of those rows, in place of a column; names are the columns of theirs.
        plus: What the own row adds to it.
    """

    function: str
    table: str
    column: str
    key: int
    where: Expression | None = None
    value: Expression | None = None
    plus: Expression | None = None


class Share(NamedTuple):
    """The amount at `path` times one of `rates` by `weights`, rounded as the column is."""

    path: Path
    rates: tuple[float, ...]
    weights: tuple[float, ...]


class Fallback(NamedTuple):
    """What `first` says, and what `second` says where the constraints refuse that."""

    first: ColumnRecipe
    second: ColumnRecipe


class Numbered(NamedTuple):
    """A numbered code."""

    pattern: str
    start: int = 1
    step: int = 1
    shuffled: bool = False


class Position(NamedTuple):
    """1, 2, 3 .. among the rows that agree in `within`; only whether it is 1 when `first`."""

    within: tuple[str, ...]
    first: bool = False


class Entries(NamedTuple):
    """The values of one column in the rows that the recipe lists."""

    values: tuple[Value, ...]


class Located(NamedTuple):
    """A part of an address; the columns of one `group` in a row agree on the place.

    Attributes:
        part: Position in a line of `places.GEOGRAPHY`, or of what `of` says.
        of: "place", or "city", "country", "currency", "language", "state" or "unit" for the rows of a table that
            lists these.
        given: Parts that rows pointed at have settled, by the paths to them: the city of an address's `city_id`.
    """

    part: int
    group: str = ""
    of: str = "place"
    given: tuple[tuple[Path, int], ...] = ()


class Cases(NamedTuple):
    """The first source whose condition holds."""

    cases: tuple[ColumnRecipe, ...]


class Among(NamedTuple):
    """A value that some row of `table` has in `column`."""

    table: str
    column: str


class Shaped(NamedTuple):
    """What `inner` gives where it has one of the shapes, otherwise a text of one of them."""

    shapes: tuple[Shape, ...]
    inner: Source


class Bits(NamedTuple):
    """A value of the type made of random bits: a uuid, a blob, a text of the type's form, or so many hex digits."""

    digits: int = 0


Source = (
    Constant | Choice | Pool | Person | Text | Between | SkewedRange | Price | After | Pick | Copy | Computed
    | Aggregate | Share | Numbered | Position | Entries | Located | Cases | Bits | Among | Shaped | Fallback
)  # fmt: skip


class ColumnRecipe(NamedTuple):
    """How a column gets its values.

    Attributes:
        null: Probability of NULL.
        when: NULL when this does not hold.
    """

    source: Source
    unique: bool = False
    null: float = 0.0
    when: Expression | None = None
