"""Commands that look after environments and machines: `check`, `doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from .cli_run import Level, Rows, RowsSeed, level_for, load
from .output import FELL_SHORT, Json, emit, note, say, say_metrics


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("check")(check)
    app.command("doctor")(doctor)


def check(
    env: Annotated[str, typer.Argument(metavar="ENV", help="A folder or the name of a bundled domain.")],
    sandbox: Level = "auto",
    rows: Rows = None,
    rows_seed: RowsSeed = None,
    review: Annotated[
        str | None, typer.Option("--review", metavar="NAME", help="When all gates pass, note that NAME read tools.py.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Run the gates of an environment: rows, tools, contracts.

    Exit code 1 names what fell short.

    Example: `groundrow check retail`
    """
    from environments import EnvironmentsError, mark_reviewed
    from sandbox import choose_level

    from .check import check_environment
    from .ground import survey
    from .meter import Meter
    from .run import open_pairs, pairs_of

    environment = load(env)
    if review is not None and not review.strip():
        raise EnvironmentsError("a review needs the name of the person who read tools.py")
    level = level_for(sandbox, environment) if review is None else choose_level(sandbox, trusted=True)
    note(f"{environment.name}: sandbox level {level}")
    done = 0
    with Meter("tools", len(environment.tools)) as meter:

        def progress(tool: str) -> None:
            nonlocal done
            meter.show(done, tool)
            done += 1

        ground = survey(environment, rows, rows_seed)
        with open_pairs(ground, level) as pool:
            (pair,) = pairs_of(ground, pool)
            inspection = check_environment(ground, pair, progress)
    if inspection.passed and review is not None:
        mark_reviewed(environment, review)
    if as_json:
        gates = [{"name": g.name, "passed": g.passed, "detail": g.detail} for g in inspection.gates]
        metrics = inspection.metrics | {"quality": [metric.to_json() for metric in inspection.quality]}
        emit({"passed": inspection.passed, "gates": gates, "metrics": metrics, "level": level})
    else:
        for gate in inspection.gates:
            say(f"{'passed' if gate.passed else 'FAILED'}  {gate.name}: {gate.detail}")
        say_metrics(inspection.quality)
        metrics = inspection.metrics
        say(
            f"{metrics['tools']} tools ({metrics['writing_tools']} change state), {metrics['data_edges']} data edges, "
            f"{metrics['state_edges']} state edges, {metrics['rows']} rows in {metrics['tables']} tables, "
            + ("reviewed" if environment.reviewed or (inspection.passed and review) else "not reviewed by a person")
        )
    if not inspection.passed:
        raise typer.Exit(FELL_SHORT)


def doctor(as_json: Json = False) -> None:
    """Show what this machine can do: sandbox levels, versions, and import names that something else shadows.

    Exit code 1 when samples cannot be made here.

    Example: `groundrow doctor`
    """
    from .doctor import examine

    found = examine()
    if as_json:
        emit(found.to_json())
    else:
        for name, level in found.levels.items():
            state = "available" if level.available else "not available"
            say(f"{name}: {state} ({level.label})" + (f": {level.reason}" if level.reason else ""))
        for name, version in found.versions.items():
            say(f"{name} {version}")
        for shadow in found.shadowed:
            note(f"shadowed: {shadow}")
    if not found.able:
        raise typer.Exit(FELL_SHORT)
