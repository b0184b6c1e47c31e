"""Commands that read schemas and make environments and rows: `new`, `schema`, `rows`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from .output import FELL_SHORT, Json, emit, note, say, say_metrics, say_table

Dialect = Annotated[
    str | None, typer.Option("--dialect", metavar="D", help="postgres, mysql, sqlite, tsql, oracle (default: guessed).")
]
NoInfer = Annotated[
    bool, typer.Option("--no-infer", help="Propose no keys and foreign keys where the source declares none.")
]

SOURCE = "A .sql file, a database URL (postgresql://, sqlite:///, mysql:// ...), a SQLite file or a schema as .json."


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("new")(new)
    app.command("schema")(schema)
    app.command("rows")(rows)


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new environment: a-z, 0-9, _ and -.")],
    source: Annotated[str, typer.Option("--from", metavar="SOURCE", help=SOURCE)],
    dialect: Dialect = None,
    no_infer: NoInfer = False,
    keep_rows: Annotated[
        bool | None,
        typer.Option(
            "--keep-rows/--no-keep-rows",
            help="Keep the source's own rows (default: those of a file, and none of a live database).",
        ),
    ] = None,
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="Where to write the folder.")] = Path(),
    as_json: Json = False,
) -> None:
    """Make an environment from a schema: tools, words, a policy, and the rows that came with it.

    Keys and foreign keys that the source does not declare are proposed from names, types and rows.

    Rows are generated where none are kept. A live database is only read, and its user, password and host are
    written nowhere; leave the password out of the URL where PGPASSWORD or a password file has it.

    Example: `groundrow new clinic --from clinic.sql --into .`

    Example: `groundrow new shop --from postgresql://reader@localhost:5432/shop --keep-rows`
    """
    from .new import make_environment
    from .source import read_as, read_source, source_name

    read = read_source(source, dialect, rows=keep_rows, infer=not no_infer)
    made = make_environment(name, read, source_name(source), into)
    if as_json:
        emit(
            {
                "folder": str(made.folder),
                "dialect": read.dialect,
                "guessed": read.guessed,
                "tools": made.tools,
                "rows_kept": made.rows_kept,
                "losses": [{"statement": loss.statement, "reason": loss.reason} for loss in made.losses],
            }
        )
        return
    for loss in made.losses:
        note(f"lost: {loss.reason}: {loss.statement}")
    say(read_as(read))
    say(f"{made.folder}: {len(made.tools)} tools, {made.rows_kept} rows kept, {len(made.losses)} losses")
    say(f"next: groundrow check {made.folder}")


def schema(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=SOURCE)],
    dialect: Dialect = None,
    no_infer: NoInfer = False,
    to: Annotated[str | None, typer.Option("--to", help="Print the whole schema as: sqlite, postgres or json.")] = None,
    as_json: Json = False,
) -> None:
    """Show what was read of a schema, what was inferred, and everything that was lost.

    Tables without a key get one proposed, and a source without any foreign key gets these too, from names, types
    and rows; they are listed, and marked in what is written.

    Example: `groundrow schema dump.sql --dialect postgres --to sqlite`

    Example: `groundrow schema postgresql://reader@localhost:5432/shop`
    """
    from schemas import SchemaError, describe_inferred, schema_metrics, schema_to_json, write_ddl, write_postgres

    from .source import read_as, read_source

    read = read_source(source, dialect, infer=not no_infer)
    if to not in (None, "sqlite", "postgres", "json"):
        raise SchemaError(f"cannot write a schema as {to!r}; choose sqlite, postgres or json")
    held = read.schema
    written = write_postgres(held) if to == "postgres" else None
    ddl = written.text if written else write_ddl(held) if to == "sqlite" else ""
    counts = {
        "tables": len(held.tables),
        "columns": sum(len(t.columns) for t in held.tables),
        "foreign_keys": sum(len(t.foreign_keys) for t in held.tables),
        "checks": sum(len(t.checks) + sum(1 for c in t.columns if c.values) for t in held.tables),
    }
    unwritten = written.losses if written else ()
    losses = [{"statement": loss.statement, "reason": loss.reason} for loss in (*held.losses, *unwritten)]
    inferred = describe_inferred(held)
    if as_json:
        whole: dict[str, Any] = {"schema": schema_to_json(held)} if to == "json" else {}
        whole |= {"ddl": ddl} if ddl else {}
        head = {"dialect": read.dialect, "guessed": read.guessed, "inferred": inferred}
        metrics = [metric.to_json() for metric in schema_metrics(held)]
        emit({**counts, **head, "metrics": metrics, "losses": losses, **whole})
    elif ddl:
        sys.stdout.write(ddl)
    elif to == "json":
        sys.stdout.write(json.dumps(schema_to_json(held), indent=2, ensure_ascii=False) + "\n")
    else:
        shown = [f"{n} {what.replace('_', ' ')}" for what, n in counts.items()]
        shown += [f"{len(inferred)} inferred"] if inferred else []
        say(f"{read_as(read)}: {', '.join(shown)}")
        for table in held.tables:
            kept = len(read.rows.get(table.name, []))
            say(f"  {table.name}: {len(table.columns)} columns" + (f", {kept} rows" if kept else ""))
        for line in inferred:
            say(f"inferred: {line}")
        say_metrics(schema_metrics(held))
    if not as_json:
        for name, short in (written.shortened if written else {}).items():
            note(f"shortened for PostgreSQL: {name!r} is written {short!r}")
        for loss in losses:
            note(f"lost: {loss['reason']}: {loss['statement']}")


def rows(
    source: Annotated[str, typer.Argument(metavar="ENV|SOURCE", help=f"An environment, or: {SOURCE}")],
    out: Annotated[
        str,
        typer.Option("--out", metavar="FILE.db|URL", help="The SQLite file to write, or an empty postgresql:// one."),
    ],
    number: Annotated[
        int, typer.Option("--rows", min=1, max=10_000_000, help="Rows in all, about, over the tables.")
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the rows.")] = 1,
    dialect: Dialect = None,
    no_infer: NoInfer = False,
    as_json: Json = False,
) -> None:
    """Fill a schema with rows that satisfy its constraints, and show a few of them.

    The database verifies every row as it is loaded, and a validator of our own does so once more. Exit code 1 when
    that finds a row that violates a constraint.

    Example: `groundrow rows retail --rows 5000 --seed 3 --out retail.db`

    Example: `groundrow rows sqlite:///shop.db --rows 5000 --out filled.db`

    Example: `groundrow rows dump.sql --rows 100000 --out postgresql://writer@localhost:5432/empty`
    """
    from .meter import Meter
    from .preview import preview
    from .rows import fill_source
    from .source import read_as, source_name

    with Meter("rows", number, after=2.0) as meter:

        def progress(done: float, what: str) -> None:
            meter.show(int(done * number), what)

        filled = fill_source(source, dialect, number, seed, out, infer=not no_infer, progress=progress)
    for line in filled.notes:
        note(f"not in PostgreSQL: {line}")
    for wrong in filled.violations[:20]:
        place = f" (row {wrong.row})" if wrong.row else ""
        note(f"violates {wrong.constraint}: {wrong.table}{place}: {wrong.detail}")
    if as_json:
        counts = {"rows": filled.rows, "violations": len(filled.violations), "seconds": filled.seconds}
        read = {"dialect": filled.read.dialect, "guessed": filled.read.guessed} if filled.read else {}
        emit({**counts, **read, "tables": filled.tables})
    else:
        if filled.read:
            say(read_as(filled.read))
        for table in preview(filled.columns):
            say_table(table.headings, table.rows, title=table.title)
        for name, count in filled.tables.items():
            say(f"  {name}: {count} rows")
        place = source_name(out) if "://" in out else out
        say(f"{filled.rows} rows, {len(filled.violations)} violations, {filled.seconds:.2f} s, written to {place}")
    if filled.violations:
        raise typer.Exit(FELL_SHORT)
