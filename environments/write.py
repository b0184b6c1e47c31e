"""Writing environment folders: a new one, and a person's review mark on one that is there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit

from schemas import Rows, Schema

from .environment import KEPT_ROWS, Environment
from .errors import EnvironmentsError


def write_environment(
    folder: Path, settings: Mapping[str, Any], *, schema: str, tools: str, policy: str, kept: str = ""
) -> None:
    """Write a new environment folder; nothing is left behind when it cannot be completed.

    Args:
        settings: What `environment.toml` holds.
        kept: The text of `rows.jsonl`, or "" for none.

    Raises:
        EnvironmentsError: The folder exists already, or cannot be written.
    """
    if folder.exists():
        raise EnvironmentsError(f"{str(folder)!r} exists already; choose another name or --into")
    texts = {
        "environment.toml": tomlkit.dumps(dict(settings)),
        "schema.sql": schema,
        "tools.py": tools,
        "policy.md": policy,
        **({KEPT_ROWS: kept} if kept else {}),
    }
    draft = folder.with_name(f".{folder.name}.part")
    try:
        draft.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (draft / name).write_text(text, encoding="utf-8")
        draft.rename(folder)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise EnvironmentsError(f"cannot write {str(folder)!r}: {error.strerror}") from error


def kept_rows_text(schema: Schema, rows: Rows) -> str:
    """Rows as `rows.jsonl`, a line each, tables in the schema's order; a blob is `{"blob": "<hex>"}`."""
    lines = [
        json.dumps({"table": table.name, "row": row}, ensure_ascii=False, default=_blob)
        for table in schema.tables
        for row in rows.get(table.name, [])
    ]
    return "".join(line + "\n" for line in lines)


def _blob(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {"blob": value.hex()}
    raise TypeError(f"a row holds {type(value).__name__}")


def mark_reviewed(environment: Environment, by: str) -> None:
    """Note in `environment.toml` that `by` has read exactly this content.

    Raises:
        EnvironmentsError: The file cannot be written.
    """
    document = tomlkit.parse(environment.files["environment.toml"])
    review = document.setdefault("review", tomlkit.table())
    review["by"], review["content"] = by, environment.version
    try:
        (environment.folder / "environment.toml").write_text(tomlkit.dumps(document), encoding="utf-8")
    except OSError as error:
        raise EnvironmentsError(f"cannot write the review mark to {environment.name!r}: {error.strerror}") from error
