"""Nothing is lost in silence: what a text declares is counted from the text alone and held against what was read.

The count knows tokens and nothing of the reader: CREATE TABLE and REFERENCES outside of
comments, strings, GRANTs and the bodies of routines.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from schemas import read_ddl
from schemas.lex import lex
from schemas.split import split

FIXTURES = Path(__file__).parent / "fixtures"
SCRIPTS = sorted(path for path in FIXTURES.glob("*.sql") if ".expected" not in path.suffixes)
BODIES = ("FUNCTION", "PROCEDURE", "PROC", "TRIGGER", "PACKAGE", "VIEW", "EVENT", "RULE")


class Declared(NamedTuple):
    """How many tables and foreign keys a text declares."""

    tables: int
    keys: int


def declared(text, dialect):
    tables = keys = 0
    for statement in split(text, dialect):
        words = [token.value.upper() for token in lex(statement.text, dialect) if token.kind == "word"]
        if not words or words[0] in ("GRANT", "REVOKE", "DENY", "INSERT", "COPY", "COMMENT", "SELECT"):
            continue
        if words[0] == "CREATE" and any(word in BODIES for word in words[1:6]) and "SCHEMA" not in words[:2]:
            continue
        for place, word in enumerate(words):
            before = words[max(0, place - 3) : place]
            if word == "TABLE" and "CREATE" in before and words[place - 1] not in ("ON", "ALTER", "DROP"):
                tables += 1
            keys += word == "REFERENCES"
    return Declared(tables, keys)


def kept_or_said(source):
    """Tables and keys that are in the schema, or that a loss names."""
    # These tell of something else about a table that is kept.
    kept = ("its rows are not seen", "its partitions are not kept", "the unique key (")
    losses = [loss for loss in source.schema.losses if not loss.reason.startswith(kept)]
    tables = len(source.schema.tables)
    tables += sum("CREATE" in loss.statement.upper()[:8] and "TABLE" in loss.statement.upper()[:60] for loss in losses)
    tables += sum("ATTACH PARTITION" in loss.statement.upper() for loss in losses)
    keys = sum(len(table.foreign_keys) for table in source.schema.tables)
    keys += sum("the foreign key is left out" in loss.reason for loss in losses)
    return Declared(tables, keys)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_table_and_foreign_key_of_a_text_is_kept_or_said_to_be_lost(path):
    dialect = path.suffixes[0][1:]
    text = path.read_text(encoding="utf-8")
    assert kept_or_said(read_ddl(text, dialect=dialect)) == declared(text, dialect)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_loss_carries_its_statement_and_its_reason(path):
    for loss in read_ddl(path.read_text(encoding="utf-8")).schema.losses:
        assert loss.statement.strip()
        assert loss.reason.strip()


def test_the_count_sees_what_a_reader_could_miss():
    text = """
    CREATE TABLE a (x int REFERENCES b); -- REFERENCES
    GRANT REFERENCES ON a TO c; ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES d;
    """
    assert declared(text, "postgres") == Declared(1, 2)
