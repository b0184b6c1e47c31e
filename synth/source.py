"""Reading what a command was given as SOURCE: a .sql file, a schema as JSON, a live database, later a theme."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

from schemas import SchemaError, Source, is_sqlite_file, read_database, read_ddl, schema_from_json


def is_database(source: str) -> bool:
    """Whether SOURCE is a live database: a URL, or the path of a SQLite file."""
    return "://" in source or is_sqlite_file(Path(source))


def read_source(source: str, dialect: str | None, *, rows: bool | None = None, infer: bool = True) -> Source:
    """A .sql file, a schema as JSON or a live database as a schema, with its rows.

    Args:
        rows: Whether rows are kept. When it is None, those of a file are and those of a live database, which
            are somebody's real ones, are not.
        infer: Whether keys and foreign keys that the source does not declare are proposed.

    Raises:
        SchemaError: It cannot be read, or is something that cannot be read yet.
    """
    if source.startswith("theme:"):
        raise SchemaError("cannot make a schema from a theme yet; give a .sql file or a database URL")
    if is_database(source):
        found = read_database(source if "://" in source else Path(source), rows=bool(rows), infer=infer)
        if dialect not in (None, found.dialect):
            raise SchemaError(f"the database is {found.dialect} and not {dialect}; leave --dialect out")
        return found
    if source.endswith(".json"):
        return _read_json(source)
    found = _read_file(source, dialect, infer)
    return found if rows is not False else found._replace(rows={})


def read_as(read: Source) -> str:
    """The dialect that a source was read in, and whether that was guessed, in words."""
    return f"read as {read.dialect}{' (guessed)' if read.guessed else ''}"


def source_name(source: str) -> str:
    """What may be said of SOURCE for good: the name of a file, or engine and name of a database and nothing more."""
    if "://" not in source:
        return Path(source).name
    scheme, _, rest = source.partition("://")
    engine = scheme.partition("+")[0]
    # As SQLAlchemy has it: a password ends at the first @ and may hold a slash or a question mark.
    path = re.sub(r"^[^:/]*(?::[^@]*)?@", "", rest).partition("?")[0].partition("/")[2]
    name = Path(path).name if engine == "sqlite" else unquote(path)
    return f"{engine} database {name!r}" if name else f"{engine} database"


def _bytes(source: str) -> bytes:
    try:
        return Path(source).read_bytes()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no path"
        raise SchemaError(f"cannot read {_shown(source)!r}: {why}") from error


def _read_json(source: str) -> Source:
    """What `groundrow schema --to json` printed, with the losses that were met on the way to it."""
    try:
        data = json.loads(_bytes(source))
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"{source!r} is no JSON: {error}") from error
    return Source(schema_from_json(data), {}, "json")


def _read_file(source: str, dialect: str | None, infer: bool) -> Source:
    data = _bytes(source)
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"):
        try:
            return read_ddl(data.decode(encoding), dialect=dialect, infer=infer)
        except UnicodeDecodeError:
            continue
    raise SchemaError(f"{source!r} is not text in a known encoding")


def _shown(source: str) -> str:
    """SOURCE without what would be a user and a password, were it a URL with a slip of the pen in it."""
    return re.sub(r"^(\w[\w+.-]*:/*).*@", r"\1", source)
