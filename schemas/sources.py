"""The nouns of a row recipe's columns: where a column's values come from.

How they are written in a recipe is the grammar in `recipe.py`; drawing from them is `produce.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from .expression import Expression, Path
from .model import Value
from .shape import Shape


@dataclass(frozen=True, slots=True)
class Constant:
    """Always `value`."""

    value: Value


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `values` by `weights`."""

    values: tuple[Value, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """A word of a pool: `faker` a Faker provider, otherwise one of ours.

    Attributes:
        walked: Every entry once before any comes again, but for a few twins.
    """

    name: str
    faker: bool = False
    walked: bool = False


@dataclass(frozen=True, slots=True)
class Person:
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


@dataclass(frozen=True, slots=True)
class Text:
    """The pieces, joined."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A number of [low, high], rounded to `digits` if given, or a point in time as written in a recipe."""

    low: str | int | float
    high: str | int | float
    time: str = ""
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class SkewedRange:
    """An integer of [low, high] with a long tail."""

    low: int
    high: int
    mean: float


@dataclass(frozen=True, slots=True)
class Price:
    """A log-normal amount of [low, high] with a usual ending; in cents when `cents`."""

    low: float
    high: float
    cents: bool = False


@dataclass(frozen=True, slots=True)
class After:
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


@dataclass(frozen=True, slots=True)
class Pick:
    """A row of `table` that fits `where`."""

    table: str
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """The value at `path`."""

    path: Path


@dataclass(frozen=True, slots=True)
class Computed:
    """The value of an expression."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Aggregate:
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


@dataclass(frozen=True, slots=True)
class Share:
    """The amount at `path` times one of `rates` by `weights`, rounded as the column is."""

    path: Path
    rates: tuple[float, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Fallback:
    """What `first` says, and what `second` says where the constraints refuse that."""

    first: ColumnRecipe
    second: ColumnRecipe


@dataclass(frozen=True, slots=True)
class Numbered:
    """A numbered code."""

    pattern: str
    start: int = 1
    step: int = 1
    shuffled: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """1, 2, 3 .. among the rows that agree in `within`; only whether it is 1 when `first`."""

    within: tuple[str, ...]
    first: bool = False


@dataclass(frozen=True, slots=True)
class Entries:
    """The values of one column in the rows that the recipe lists."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Located:
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


@dataclass(frozen=True, slots=True)
class Cases:
    """The first source whose condition holds."""

    cases: tuple[ColumnRecipe, ...]


@dataclass(frozen=True, slots=True)
class Among:
    """A value that some row of `table` has in `column`."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Shaped:
    """What `inner` gives where it has one of the shapes, otherwise a text of one of them."""

    shapes: tuple[Shape, ...]
    inner: Source


@dataclass(frozen=True, slots=True)
class Bits:
    """A value of the type made of random bits: a uuid, a blob, a text of the type's form, or so many hex digits."""

    digits: int = 0


Source = (
    Constant | Choice | Pool | Person | Text | Between | SkewedRange | Price | After | Pick | Copy | Computed
    | Aggregate | Share | Numbered | Position | Entries | Located | Cases | Bits | Among | Shaped | Fallback
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnRecipe:
    """How a column gets its values.

    Attributes:
        null: Probability of NULL.
        when: NULL when this does not hold.
    """

    source: Source
    unique: bool = False
    null: float = 0.0
    when: Expression | None = None
