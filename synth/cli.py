"""The command line: `groundrow COMMAND`. Each command is a thin twin of a function that a library user can call.

The machinery is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

from typing import Annotated

import typer

from . import cli_bench, cli_care, cli_make, cli_run
from .output import emit_failure, note, say

BAD_INPUT, INTERRUPTED = 2, 130

app = typer.Typer(
    name="groundrow",
    help="Turn a SQL schema into a world that a tool-using agent can act in, and mine it for proven tasks.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
for register in (cli_make.register, cli_run.register, cli_care.register, cli_bench.register):
    register(app)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"groundrow {version('groundrow')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    del version


def main() -> None:
    """The `groundrow` script: runs a command; expected failures become one sentence and an exit code.

    Exit codes: 0 done, 1 fell short, 2 bad usage or bad input, 130 interrupted.
    """
    try:
        app()
    except SystemExit as leaving:
        if leaving.code == INTERRUPTED:
            emit_failure("interrupted")
            note("groundrow: interrupted")
        elif leaving.code not in (None, 0):
            emit_failure("bad usage; see --help")
        raise
    except Exception as error:
        if not _is_expected(error):
            emit_failure(f"a bug of Groundrow: {type(error).__name__}: {error}")
            raise
        emit_failure(str(error))
        note(f"groundrow: {error}")
        raise SystemExit(BAD_INPUT) from error


def _is_expected(error: Exception) -> bool:
    """Whether the error is one that the rooms raise for a user's input or machine, and not a bug of ours."""
    bases = {"SchemaError", "EnvironmentsError", "SandboxError", "SynthError"}
    return any(kind.__name__ in bases for kind in type(error).__mro__)


if __name__ == "__main__":
    main()
