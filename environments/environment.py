"""An environment folder as a value: schema, row recipe, tools, policy and words, with its content hash.

Loading reads text only. Nothing of the folder is imported or run on the host.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import tomllib
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas import Recipe, Rows, Schema, SchemaError, Value, build_snapshot, fill, parse_recipe, read_ddl

from .contract import Tool
from .errors import BrokenEnvironment, UnknownEnvironment
from .phrases import InputValues, Words
from .signature import read_tools

FILES = ("environment.toml", "schema.sql", "tools.py", "policy.md")
KEPT_ROWS = "rows.jsonl"


class Origin(BaseModel):
    """Where the environment comes from: written by a person, or derived from a source by `groundrow new`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: typing.Literal["written", "derived"]
    source: str = ""


class Review(BaseModel):
    """A person's mark that the tools were read; it counts only while `content` is the content hash."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    by: str = Field(min_length=1)
    content: str


class Settings(BaseModel):
    """The form of `environment.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")
    description: str
    rows: int = Field(default=1000, ge=1)
    seed: int = 1
    clock: str = Field(pattern=r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$")
    origin: Origin
    review: Review | None = None
    recipe: dict[str, Any] = Field(default_factory=dict)
    words: Words = Field(default_factory=Words)
    inputs: dict[str, dict[str, InputValues]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Environment:
    """A loaded environment.

    Attributes:
        version: SHA-256 (hex) of everything in the folder but the review mark.
        reviewed: A person marked exactly this content as read.
        kept: Rows that came with the source, or None when rows are generated.
        folder: Where it was loaded from.
        files: The text of each of its files by name, as loaded.
    """

    settings: Settings
    schema: Schema
    recipe: Recipe
    tools: tuple[Tool, ...]
    version: str
    reviewed: bool
    kept: Rows | None
    folder: Path
    files: Mapping[str, str]

    @property
    def name(self) -> str:
        """Its name, as in `environment.toml`."""
        return self.settings.name

    @property
    def policy(self) -> str:
        """The text of `policy.md`."""
        return self.files["policy.md"]

    @property
    def tools_source(self) -> str:
        """The text of `tools.py`."""
        return self.files["tools.py"]

    def tool(self, name: str) -> Tool:
        """The tool called `name`.

        Raises:
            UnknownEnvironment: There is none; names the nearest.
        """
        for tool in self.tools:
            if tool.name == name:
                return tool
        nearest = difflib.get_close_matches(name, [tool.name for tool in self.tools], n=1)
        hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
        raise UnknownEnvironment(f"{self.name} has no tool named {name!r}{hint}")

    def populate(self, rows: int | None = None, seed: int | None = None) -> Rows:
        """Its rows: the kept ones, or generated ones when there are none or a number is asked for.

        Raises:
            SchemaError: The recipe or a constraint cannot be satisfied.
        """
        if self.kept is not None and rows is None and seed is None:
            return self.kept
        return fill(
            self.schema,
            self.recipe,
            rows=self.settings.rows if rows is None else rows,
            seed=self.settings.seed if seed is None else seed,
            now=self.settings.clock,
        )

    def snapshot(self, rows: int | None = None, seed: int | None = None) -> bytes:
        """The seeded database as a SQLite image; arguments and errors as for `populate`."""
        return build_snapshot(self.schema, self.populate(rows, seed))


def bundled_environments() -> tuple[str, ...]:
    """Names of the domains that come with Groundrow."""
    here = Path(__file__).parent
    return tuple(sorted(entry.name for entry in here.iterdir() if (entry / "environment.toml").is_file()))


def load_environment(name: str | Path) -> Environment:
    """Load a folder, or a bundled domain by its name (as a str; a Path is always a folder).

    Raises:
        UnknownEnvironment: Neither exists; names the nearest bundled domain.
        BrokenEnvironment: A file is missing or wrong; names the file and, where known, the line.
    """
    folder = _find(name)
    texts = {file: _read(folder, file) for file in FILES}
    if (folder / KEPT_ROWS).is_file():
        texts[KEPT_ROWS] = _read(folder, KEPT_ROWS)
    settings, data = _settings(texts["environment.toml"])
    version = _version(data, texts)
    schema = _schema(texts["schema.sql"])
    try:
        recipe = parse_recipe(settings.recipe, schema)
    except SchemaError as error:
        raise BrokenEnvironment("environment.toml", str(error)) from error
    tools = read_tools(texts["tools.py"], schema)
    _check_inputs(settings, tools)
    return Environment(
        settings=settings,
        schema=schema,
        recipe=recipe,
        tools=tools,
        version=version,
        reviewed=settings.review is not None and settings.review.content == version,
        kept=_kept(texts[KEPT_ROWS], schema) if KEPT_ROWS in texts else None,
        folder=folder,
        files=texts,
    )


def _find(name: str | Path) -> Path:
    bundled = bundled_environments()
    if isinstance(name, str) and name in bundled:
        return Path(__file__).parent / name
    folder = Path(name)
    if (folder / "environment.toml").is_file():
        return folder
    if folder.is_dir():
        raise BrokenEnvironment("environment.toml", f"the folder {str(name)!r} has no such file; it is no environment")
    nearest = difflib.get_close_matches(str(name), bundled, n=1)
    hint = f"; did you mean {nearest[0]!r}?" if nearest else f"; bundled are: {', '.join(bundled)}"
    raise UnknownEnvironment(f"no environment named {str(name)!r}{hint}")


def _read(folder: Path, file: str) -> str:
    try:
        return (folder / file).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise BrokenEnvironment(file, f"missing from the environment {str(folder)!r}") from error
    except UnicodeDecodeError as error:
        raise BrokenEnvironment(file, "not UTF-8 text") from error
    except OSError as error:
        raise BrokenEnvironment(file, f"cannot be read: {error.strerror}") from error


def _settings(text: str) -> tuple[Settings, dict[str, Any]]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenEnvironment("environment.toml", f"not valid TOML: {error}") from error
    try:
        return Settings.model_validate(data), data
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BrokenEnvironment("environment.toml", f"{where}: {first['msg']}") from error


def _version(data: dict[str, Any], texts: Mapping[str, str]) -> str:
    content = {key: value for key, value in data.items() if key != "review"}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode())
    for file in sorted(texts):
        if file != "environment.toml":
            digest.update(f"\0{file}\0{len(texts[file])}\0{texts[file]}".encode())
    return digest.hexdigest()


def _schema(text: str) -> Schema:
    try:
        source = read_ddl(text, dialect="sqlite", infer=False)  # what stands there is final
    except SchemaError as error:
        raise BrokenEnvironment("schema.sql", str(error)) from error
    if source.schema.losses:
        loss = source.schema.losses[0]
        raise BrokenEnvironment("schema.sql", f"{loss.reason}: {loss.statement}")
    return source.schema


def _kept(text: str, schema: Schema) -> Rows:
    rows: Rows = {table.name: [] for table in schema.tables}
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else (), start=1):
        try:
            entry = json.loads(line)
            rows[entry["table"]].append({name: _value(value) for name, value in entry["row"].items()})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BrokenEnvironment(KEPT_ROWS, "not a row of a table of the schema", line=number) from error
    return rows


def _value(value: Any) -> Value:
    """A stored value of its JSON form."""
    if isinstance(value, dict):
        return bytes.fromhex(value["blob"])
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a row holds {type(value).__name__}")


def _check_inputs(settings: Settings, tools: tuple[Tool, ...]) -> None:
    known = {tool.name: [param.name for param in tool.contract.params] for tool in tools}
    for name, parameters in settings.inputs.items():
        if name not in known:
            raise BrokenEnvironment("environment.toml", f"inputs.{name}: there is no such tool in tools.py")
        for parameter in parameters:
            if parameter not in known[name]:
                raise BrokenEnvironment("environment.toml", f"inputs.{name}.{parameter}: no such parameter")
    for name in settings.words.tools:
        if name not in known:
            raise BrokenEnvironment("environment.toml", f"words.tools.{name}: there is no such tool in tools.py")
