"""What commands print: one JSON object on standard output with `--json`, words for people without it."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console

FELL_SHORT = 1  # exit code of a command that did its work and found less than was asked for

Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output; everything else on stderr.")]


def emit(value: dict[str, Any]) -> None:
    """Print the one JSON object of `--json`."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def say(text: str = "") -> None:
    """Print a line for people on standard output."""
    Console(highlight=False, markup=False, soft_wrap=True).print(text)


def note(text: str) -> None:
    """Print a line on standard error."""
    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(text)
