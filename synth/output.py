"""What commands print: one JSON object on standard output with `--json`, words for people without it.

Messages may hold text from inside a sandbox, so control characters never reach a terminal as they are.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Annotated, Any

import typer
from rich.console import Console

# Controls but for tab and newline (of C1 too: U+009B begins a command as ESC does), what ends a line or turns the
# direction of writing, and halves of surrogate pairs, which no terminal takes.
_COMMANDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

FELL_SHORT = 1  # exit code of a command that did its work and found less than was asked for

Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output; everything else on stderr.")]


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


def note(text: str) -> None:
    """Print a line on standard error."""
    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(_harmless(text))


def _harmless(text: str) -> str:
    """`text` with an escape, as Python writes it, for each character that commands a terminal."""
    return _COMMANDING.sub(lambda found: found.group().encode("unicode_escape").decode(), text)
