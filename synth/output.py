"""What commands print: one JSON object on standard output with `--json`, words for people without it.

Messages may hold text from inside a sandbox, so control characters never reach a terminal as they are.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from schemas import Metric

# Controls but for tab and newline (of C1 too: U+009B begins a command as ESC does), what ends a line or turns the
# direction of writing, and halves of surrogate pairs, which no terminal takes.
_COMMANDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

FELL_SHORT = 1  # exit code of a command that did its work and found less than was asked for

Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output; everything else on stderr.")]


_PIPE_WIDTH = 1000  # columns; a table is only as wide as what it holds
_emitted: list[bool] = []


def emit(value: dict[str, Any]) -> None:
    """Print the one JSON object of `--json`."""
    _emitted.append(True)
    sys.stdout.write(json.dumps(value) + "\n")


def emit_failure(message: str) -> None:
    """Print the JSON object of a failed command, where one is asked for and none was printed."""
    if "--json" in sys.argv and not _emitted:
        emit({"error": message})


def say(text: str = "") -> None:
    """Print a line for people on standard output."""
    Console(highlight=False, markup=False, soft_wrap=True).print(_harmless(text))


def say_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str] = (), title: str = ""
) -> None:
    """Print a table for people on standard output; columns named in `numbers` are aligned to the right."""
    table = Table(box=SIMPLE_HEAD, title=Text(_harmless(title)) if title else None, title_justify="left")
    for heading in headings:
        table.add_column(
            Text(_harmless(heading)), justify="right" if heading in numbers else "left", no_wrap=bool(title)
        )
    for row in rows:
        table.add_row(*(Text(_harmless(cell)) for cell in row))
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:  # what reads a pipe has no width to fit into
        console.width = _PIPE_WIDTH
    console.print(table)


def say_metrics(metrics: Sequence[Metric]) -> None:
    """Print metrics for people, those outside of their bands marked; one without a value is left out."""
    state = {True: "", False: "OUTSIDE", None: ""}
    say_table(
        ("metric", "value", "band", ""),
        [
            (metric.name, f"{metric.value:.3g}", _band(metric), state[metric.inside])
            for metric in metrics
            if metric.value is not None
        ],
        numbers=("value",),
    )


def _band(metric: Metric) -> str:
    if metric.low is None or metric.high is None:
        least = "" if metric.low is None else f"at least {metric.low:g}"
        return least if metric.high is None else f"at most {metric.high:g}"
    return f"{metric.low:g}" if metric.low == metric.high else f"{metric.low:g} to {metric.high:g}"


def note(text: str) -> None:
    """Print a line on standard error."""
    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(_harmless(text))


def _harmless(text: str) -> str:
    """`text` with an escape, as Python writes it, for each character that commands a terminal."""
    return _COMMANDING.sub(lambda found: found.group().encode("unicode_escape").decode(), text)
