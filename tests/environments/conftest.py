"""A small library world: its schema as nouns, and its environment folder as texts that tests bend."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from schemas import Column, ColumnType, ForeignKey, Schema, Table

# A busy machine makes single examples slow; that says nothing about the code.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

SETTINGS = """\
name = "library"
description = "Members borrow books."
rows = 30
seed = 1
clock = "2025-06-30 12:00:00"

[origin]
kind = "written"
source = "tests"
"""
SCHEMA = """\
CREATE TABLE "members" (
  "id" INTEGER PRIMARY KEY,
  "email" TEXT NOT NULL UNIQUE,
  "name" TEXT NOT NULL
);
CREATE TABLE "loans" (
  "id" INTEGER PRIMARY KEY,
  "member_id" INTEGER NOT NULL REFERENCES "members" ("id"),
  "title" TEXT NOT NULL,
  "days" INTEGER NOT NULL
);
"""
TOOLS = '''\
from typing import Any

from environments import Db, ToolError, tool


@tool(takes={"email": "members.email"}, gives={"member_id": "members.id", "name": "members.name"})
def find_member(db: Db, email: str) -> dict[str, Any]:
    """Find a member by e-mail address."""
    found = db.one("SELECT id AS member_id, name FROM members WHERE email = :email", email=email)
    if found is None:
        raise ToolError("no such member")
    return found


@tool(
    takes={"member_id": "loans.member_id", "most": "limit"},
    gives={"loan_id": "loans.id", "title": "loans.title", "days": "loans.days"},
)
def list_loans(db: Db, member_id: int, most: int = 5) -> list[dict[str, Any]]:
    """List a member's loans."""
    return db.rows("SELECT id AS loan_id, title, days FROM loans WHERE member_id = :member_id", member_id=member_id)
'''
POLICY = "Help members with their loans.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound environment folder."""
    made = tmp_path / "library"
    made.mkdir()
    for name, text in (
        ("environment.toml", SETTINGS),
        ("schema.sql", SCHEMA),
        ("tools.py", TOOLS),
        ("policy.md", POLICY),
    ):
        (made / name).write_text(text, encoding="utf-8")
    return made


@pytest.fixture
def edit(folder: Path) -> Callable[[str, str, str], None]:
    """Replaces a text that stands once in a file of the folder."""

    def replace(file: str, old: str, new: str) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old)
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture(scope="session")
def schema() -> Schema:
    """Branches, members (who may recommend each other), books with a code, covers, copies, loans."""
    integer, text, decimal = ColumnType("integer"), ColumnType("text"), ColumnType("decimal", precision=8, scale=2)
    return Schema(
        (
            Table("branches", (Column("name", text, nullable=False), Column("city", text)), ("name",)),
            Table(
                "members",
                (
                    Column("id", integer, nullable=False),
                    Column("email", text, nullable=False),
                    Column("card", ColumnType("uuid"), nullable=False),
                    Column("branch", text),
                    Column("sponsor_id", integer),
                    Column("active", ColumnType("boolean")),
                ),
                ("id",),
                uniques=(("email",), ("card",), ("branch", "active")),
                foreign_keys=(
                    ForeignKey(("branch",), "branches", ("name",)),
                    ForeignKey(("sponsor_id",), "members", ("id",)),
                ),
            ),
            Table(
                "books",
                (
                    Column("isbn", text, nullable=False),
                    Column("title", text, nullable=False),
                    Column("price", decimal),
                ),
                ("isbn",),
            ),
            Table(
                "covers",
                (Column("isbn", text, nullable=False), Column("artist", text)),
                ("isbn",),
                foreign_keys=(ForeignKey(("isbn",), "books", ("isbn",)),),
            ),
            Table(
                "copies",
                (
                    Column("isbn", text, nullable=False),
                    Column("number", integer, nullable=False),
                    Column("shelf", text),
                ),
                ("isbn", "number"),
                foreign_keys=(ForeignKey(("isbn",), "books", ("isbn",)),),
            ),
            Table(
                "loans",
                (
                    Column("member_id", integer, nullable=False),
                    Column("isbn", text, nullable=False),
                    Column("number", integer, nullable=False),
                    Column("due", ColumnType("date")),
                    Column("fee", decimal),
                ),
                ("member_id",),
                foreign_keys=(
                    ForeignKey(("member_id",), "members", ("id",)),
                    ForeignKey(("isbn", "number"), "copies", ("isbn", "number")),
                ),
            ),
        )
    )
