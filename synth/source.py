"""Reading what a command was given as SOURCE; today a .sql file, later a database URL or a theme."""

from __future__ import annotations

from pathlib import Path

from schemas import SchemaError, Source, read_ddl


def read_source(source: str, dialect: str | None, *, infer: bool = True) -> Source:
    """A .sql file as a schema with its rows.

    Args:
        infer: Whether keys and foreign keys that the file does not declare are proposed.

    Raises:
        SchemaError: It is no readable SQL file, or something that cannot be read yet.
    """
    if "://" in source:
        raise SchemaError(f"cannot read a live database yet ({source.partition(':')[0]}); give a .sql dump of it")
    if source.startswith("theme:"):
        raise SchemaError("cannot make a schema from a theme yet; give a .sql file")
    try:
        data = Path(source).read_bytes()
    except OSError as error:
        raise SchemaError(f"cannot read {source!r}: {error.strerror}") from error
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"):
        try:
            return read_ddl(data.decode(encoding), dialect=dialect, infer=infer)
        except UnicodeDecodeError:
            continue
    raise SchemaError(f"{source!r} is not text in a known encoding")
