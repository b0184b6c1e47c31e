"""The command that measures this machine: `bench`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from .cli_run import Level, chosen_level, level_for, load
from .output import FELL_SHORT, Json, emit, note, say, say_table

if TYPE_CHECKING:
    from .bench import Experiment, Figure

PARTS = ("schemas", "sandbox", "synth")


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command("bench")(bench)


def bench(
    part: Annotated[
        str | None, typer.Argument(metavar="[schemas|sandbox|synth]", help="What to measure (default: all there is).")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="NAME", help="Take this figure; may be given again.")
    ] = None,
    sandbox: Level = "auto",
    as_json: Json = False,
) -> None:
    """Measure this machine: each figure beside its floor, taken in turns in the same run.

    The ratio is the figure over its floor: for times the smaller, for rates the larger the better. A missed target is
    marked and is no failure. A figure that cannot be taken here is left out, and standard error says why.

    Example: `groundrow bench sandbox --only single_call --only reset_1mb`
    """
    from .bench import measure
    from .bench_sandbox import sandbox_experiments
    from .bench_schemas import schemas_experiments
    from .bench_synth import DOMAIN, synth_experiments
    from .bench_world import Site
    from .meter import Meter

    chosen = PARTS if part is None else (_known_part(part),)
    with ExitStack() as opened:
        experiments: dict[str, list[Experiment]] = {}
        level = ""
        if "schemas" in chosen:
            experiments["schemas"] = schemas_experiments()
        if "sandbox" in chosen:  # its tools are our own text, so they need no review mark
            level = chosen_level(sandbox, trusted=True)
            experiments["sandbox"] = sandbox_experiments(opened.enter_context(Site(level)))
        if "synth" in chosen:
            level = level_for(sandbox, load(DOMAIN))
            experiments["synth"] = synth_experiments(level)
        wanted = _wanted(only, experiments)
        if level:
            note(f"sandbox level {level}")
        with Meter("figures", len(wanted)) as meter:
            done = 0

            def progress(name: str) -> None:
                nonlocal done
                meter.show(done, name)
                done += 1

            measured = measure([e for part in experiments.values() for e in part], wanted, progress)
    for name, reason in measured.left_out.items():
        note(f"{name} is left out: {reason}")
    if as_json:
        figures = [figure.to_json() for figure in measured.figures]
        emit({"figures": figures, "left_out": measured.left_out, "level": level})
    else:
        _show(measured.figures)
    if not measured.figures:
        raise typer.Exit(FELL_SHORT)


def _known_part(part: str) -> str:
    from .errors import SynthError

    if part in PARTS:
        return part
    ways = " or ".join(f"`groundrow bench {name}`" for name in PARTS)
    close = difflib.get_close_matches(part, PARTS, 1)
    raise SynthError(f"bench has no part {part!r}; " + (f"did you mean {close[0]!r}?" if close else f"run {ways}"))


def _wanted(only: list[str] | None, experiments: Mapping[str, Iterable[Experiment]]) -> frozenset[str]:
    """The figures to take; SynthError for a name that none has."""
    from .errors import SynthError

    names = [name for part in experiments.values() for experiment in part for name in experiment.names]
    if not only:
        return frozenset(names)
    for name in only:
        if name not in names:
            close = difflib.get_close_matches(name, names, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(names)}"
            raise SynthError(f"no figure named {name!r} in bench {' and '.join(experiments)}; {hint}")
    return frozenset(only)


def _show(figures: list[Figure]) -> None:
    state = {True: "yes", False: "MISSED", None: ""}
    say_table(
        ("figure", "value", "floor", "unit", "ratio", "target", "reached"),
        [
            (f.name, _number(f.value), _number(f.floor), f.unit, f"{_number(f.ratio)} x", f.target, state[f.reached])
            for f in figures
        ],
        numbers=("value", "floor", "ratio"),
    )
    for figure in figures:
        say(f"{figure.name}: {figure.detail}")


def _number(value: float) -> str:
    """Three digits that count, in plain notation."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
