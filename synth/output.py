"""What commands print: one JSON object on standard output with `--json`, words for people without it."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console

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
    Console(highlight=False, markup=False, soft_wrap=True).print(text)


def note(text: str) -> None:
    """Print a line on standard error."""
    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(text)
