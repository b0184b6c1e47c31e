"""Commands that run tools: `synth`, `replay`, `call`."""

from __future__ import annotations

import json
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .output import FELL_SHORT, Json, emit, note, say

if TYPE_CHECKING:
    from environments import Environment

    from .ledger import Report

LEVELS = "docker, bwrap, process, inprocess, or auto: the strongest that this machine has."
Level = Annotated[str, typer.Option("--sandbox", metavar="LEVEL", help=LEVELS)]
Rows = Annotated[
    int | None, typer.Option("--rows", min=1, max=10_000_000, help="Rows in all, about (default: the environment's).")
]
RowsSeed = Annotated[int | None, typer.Option("--rows-seed", help="Seed of the rows (default: the environment's).")]
SHOWN = 3  # hard queries printed at the end of a run


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("synth")(synth)
    app.command("replay")(replay)
    app.command("call")(call)


def synth(
    env: Annotated[str, typer.Argument(metavar="ENV", help="A folder or the name of a bundled domain.")],
    samples: Annotated[int, typer.Option("-n", "--samples", min=1, help="Samples wanted.")] = 50,
    out: Annotated[Path, typer.Option("--out", help="Folder of the run; the same command resumes it.")] = Path("out"),
    seed: Annotated[int, typer.Option("--seed", help="Seed of the run.")] = 1,
    sandbox: Level = "auto",
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=64, help="Candidates at a time (default: one a processor).")
    ] = None,
    rows: Rows = None,
    rows_seed: RowsSeed = None,
    as_json: Json = False,
) -> None:
    """Make verified samples.

    Samples chains of calls from the tool graph, executes and proves each one, and writes it with its advanced tool
    and its easy and hard query. The same environment, seeds and number give the same bytes.

    Example: `groundrow synth retail -n 50 --seed 7 --out out`
    """
    from sandbox import processors

    from .ground import survey
    from .ledger import Plan
    from .meter import Meter
    from .run import synthesize

    environment = load(env)
    level = level_for(sandbox, environment)
    note(f"{environment.name}: sandbox level {level}")
    try:
        with Meter("samples", samples) as meter:
            ground = survey(environment, rows, rows_seed)
            report = synthesize(
                ground,
                Plan(samples, seed, rows, rows_seed),
                out,
                level=level,
                workers=workers or processors(),
                progress=lambda p: meter.show(p.verified, f"yield {p.verified / p.tried:.0%} of {p.tried} candidates"),
            )
    except KeyboardInterrupt:
        note(f"what was verified is kept in {out}; the same command goes on from there")
        raise
    if as_json:
        emit(
            {
                "requested": report.requested,
                "verified": report.verified,
                "rejected": report.rejected,
                "seconds": report.seconds,
                "level": report.level,
                "reason": report.reason,
                "faults": list(report.faults),
            }
        )
    else:
        _show(report, out)
    if report.verified < report.requested:
        raise typer.Exit(FELL_SHORT)


def replay(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a finished run.")],
    sandbox: Level = "auto",
    as_json: Json = False,
) -> None:
    """Prove every sample of a run again, from scratch, in fresh sandboxes.

    Exit code 1 names the samples that did not come out as recorded.

    Example: `groundrow replay out`
    """
    from .meter import Meter
    from .replay import read_run, replay_run

    held = read_run(folder)
    level = level_for(sandbox, held.ground.environment)
    note(f"{held.ground.environment.name}: sandbox level {level}")
    with Meter("samples", len(held.lines)) as meter:
        result = replay_run(held, level, lambda done, _: meter.show(done))
    if as_json:
        failed = [difference.id for difference in result.differences]
        details = {difference.id: difference.what for difference in result.differences}
        counts = {"samples": result.samples, "reproduced": result.reproduced}
        emit({**counts, "failed": failed, "details": details})
    else:
        for difference in result.differences:
            say(f"{difference.id} {difference.what}")
        say(f"{result.reproduced} of {result.samples} samples reproduced")
    if result.differences:
        raise typer.Exit(FELL_SHORT)


def call(
    env: Annotated[str, typer.Argument(metavar="ENV", help="A folder or the name of a bundled domain.")],
    tool: Annotated[str, typer.Argument(metavar="TOOL", help="The tool's name.")],
    arguments: Annotated[str, typer.Argument(metavar="JSON", help="Its arguments as a JSON object.")] = "{}",
    sandbox: Level = "auto",
    rows: Rows = None,
    rows_seed: RowsSeed = None,
    as_json: Json = False,
) -> None:
    """Make one call in a fresh episode and show its result and the rows it changed.

    Exit code 1 when the tool refuses or has a bug.

    Example: `groundrow call retail find_product '{"name": "Trail Running Shoes"}'`
    """
    from environments import check_arguments
    from sandbox import EpisodeLost, RunCalls, open_sandbox

    from .errors import SynthError
    from .ground import survey
    from .run import world_of

    environment = load(env)
    declared = environment.tool(tool)
    try:
        args = json.loads(arguments)
    except (ValueError, RecursionError) as error:
        raise SynthError(f'the arguments are not JSON: {error}; they look like \'{{"name": "value"}}\'') from error
    fault = check_arguments(declared.parameters(), args) if isinstance(args, dict) else "they must be a JSON object"
    if fault is not None:
        raise SynthError(f"wrong arguments for {tool!r}: {fault}")
    level = level_for(sandbox, environment)
    fault = ""
    with (
        open_sandbox(world_of(survey(environment, rows, rows_seed)), level=level) as opened,
        opened.episode(witnessed=True) as episode,
    ):
        try:
            (outcome,) = episode.run([RunCalls(((tool, args),))])
        except EpisodeLost as lost:
            fault = str(lost)
        else:
            bug = outcome.bug
            if bug is not None:
                fault = f"{bug.tool} raised {bug.type}: {bug.message} (tools.py, line {bug.line})"
    if fault:
        if as_json:
            emit({"tool": tool, "bug": fault, "level": level})
        note(f"groundrow: {fault}")
        raise typer.Exit(FELL_SHORT)
    made = outcome.calls[0]
    changes = [change.to_json() for change in made.changes]
    if as_json:
        emit({"tool": tool, "result": made.result, "error": made.error, "changes": changes, "level": level})
    elif made.error is not None:
        note(f"{tool} refused: {made.error}")
    else:
        say(json.dumps(made.result, indent=2, ensure_ascii=False))
        for change in changes:
            say(f"changed: {json.dumps(change, ensure_ascii=False)}")
    if made.error is not None:
        raise typer.Exit(FELL_SHORT)


def load(env: str) -> Environment:
    """The environment that a command was given; says so when a folder of a bundled name is passed over."""
    from environments import bundled_environments, load_environment

    if env in bundled_environments() and (Path(env) / "environment.toml").is_file():
        note(f"taking the bundled {env}; for the folder of that name write ./{env}")
    return load_environment(env)


def level_for(requested: str, environment: Environment) -> str:
    """The sandbox level for an environment's tools; SandboxError when the one asked for cannot be had."""
    return chosen_level(requested, trusted=environment.reviewed)


def chosen_level(requested: str, *, trusted: bool) -> str:
    """The sandbox level to use, with a word on standard error when `auto` had to take a weaker one."""
    from sandbox import available_levels, choose_level

    level = choose_level(requested, trusted=trusted)
    if requested == "auto" and level != "docker":
        stronger = takewhile(lambda found: found[0] != level, available_levels().items())
        passed = "; ".join(f"{name} cannot be had: {found.reason}" for name, found in stronger)
        note(f"the next level is taken, {level}: {passed}")
    return level


def _show(report: Report, out: Path) -> None:
    from .ledger import SAMPLES

    tried = report.verified + sum(report.rejected.values())
    say(f"{report.verified} of {report.requested} samples verified, {report.seconds:.1f} s, level {report.level}")
    if tried:
        say(f"yield {report.verified / tried:.0%} of {tried} candidates; rejected:")
    for reason, count in sorted(report.rejected.items(), key=lambda item: (-item[1], item[0])):
        say(f"  {count:5}  {reason}")
    with (out / SAMPLES).open(encoding="utf-8") as lines:
        for _, line in zip(range(SHOWN), lines, strict=False):
            record: dict[str, Any] = json.loads(line)
            turn = record["turns"][0]
            say()
            say(turn["queries"]["hard"])
            say(f"  -> {record['messages'][-1]['content']}")
    say()
    say(f"written to {out}")
    for fault in report.faults[:SHOWN]:
        note(f"a tool's fault: {fault}")
    if report.reason:
        note(f"groundrow: {report.reason}")
