"""Guesses a script's dialect from words that only one of them uses.

Plain evidence with weights; nothing is parsed. Our own emitted form counts as SQLite.
"""

from __future__ import annotations

import re
from functools import cache

from .lex import Dialect

_HEAD, _PIECES, _PIECE = 40_000, 6, 8_000  # characters
_MOST_PER_MARK = 5

_MARKS: dict[Dialect, tuple[tuple[str, int], ...]] = {
    "postgres": (
        (r"PostgreSQL database dump", 10),
        (r"^COPY\b.*\bFROM stdin", 6),
        (r"\bSET search_path\b", 6),
        (r"::[a-z]", 3),
        (r"\b(?:big|small)?serial\b", 4),
        (r"\bnextval\s*\(", 3),
        (r"\bcharacter varying\b", 3),
        (r"\bwith(?:out)? time zone\b", 3),
        (r"\bALTER TABLE ONLY\b", 5),
        (r"\bOWNER TO\b", 4),
        (r"^\\(?:c|connect|i)\b", 5),
        (r"\b(?:jsonb|bytea|timestamptz|tsvector)\b", 4),
        (r"\bCREATE (?:EXTENSION|TYPE|DOMAIN)\b", 3),
        (r"\$\$|\$_\$", 3),
        (r"\bUSING btree\b", 3),
        (r"--\s*postgresql", 6),
        # Neither is SQLite's; both are said in more than one other dialect.
        (r"\bADD CONSTRAINT\b|\bCREATE SCHEMA\b", 1),
    ),
    "mysql": (
        (r"(?:MySQL|MariaDB) dump", 10),
        (r"`", 2),
        (r"\bENGINE\s*=", 6),
        (r"\bAUTO_INCREMENT\b", 5),
        (r"/\*!\d{5}", 5),
        (r"^DELIMITER\b", 3),
        (r"^LOCK TABLES\b", 4),
        (r"\bUNSIGNED\b", 3),
        (r"\bON UPDATE CURRENT_TIMESTAMP\b", 5),
        (r"\bINSERT IGNORE\b", 3),
        (r"\bDEFAULT CHARSET\b|\bCHARACTER SET utf8|\bCOLLATE utf8mb", 5),
        (r"\bMODIFY\s+(?:COLUMN\s+)?[\w\"]+\s+\w", 3),
        (r"\bON DUPLICATE KEY UPDATE\b|\bREPLACE INTO\b", 4),
        (r"^(?:UN)?LOCK TABLES?\b", 4),
        (r"^SET (?:NAMES|FOREIGN_KEY_CHECKS|SQL_MODE|@)", 5),
        (r"\bCOMMENT\s*=?\s*'", 1),
        (r"\b(?:tinyint\(1\)|mediumtext|longtext|mediumint)\b", 3),
        (r"\bENUM\s*\(\s*'", 2),
        (r"^[ \t]*(?:UNIQUE )?KEY\b", 2),
    ),
    "sqlite": (
        (r"\bAUTOINCREMENT\b", 6),
        (r"^PRAGMA\b", 6),
        (r"\bWITHOUT ROWID\b", 6),
        (r"\)\s*STRICT\b", 5),
        (r"\bsqlite_sequence\b", 8),
        (r"\bINTEGER PRIMARY KEY\b", 2),
        (r"\b(?:datetime|strftime|julianday)\s*\(\s*'", 3),
    ),
    "tsql": (
        (r"^[ \t]*GO[ \t]*\r?$", 4),
        (r"(?<!\w)\[\w+\]", 2),
        (r"\bIDENTITY\s*\(\s*\d", 5),
        (r"\bdbo\b", 4),
        (r"\bSET (?:ANSI_NULLS|QUOTED_IDENTIFIER|NOCOUNT)\b", 5),
        (r"\b(?:NON)?CLUSTERED\b", 5),
        (r"\buniqueidentifier\b", 4),
        (r"\bGETDATE\s*\(", 4),
        (r"\bdatetime2\b", 4),
        (r"\bnvarchar\b", 1),
        (r"\bN'[^']", 2),
        (r"\b(?:smalldatetime|datetimeoffset|rowversion|smallmoney|sysname)\b", 4),
        (r"\bIDENTITY\b(?!\s*\(\s*START)", 1),
        (r"\bSET IDENTITY_INSERT\b", 8),
        (r"\bWITH (?:NO)?CHECK ADD\b", 6),
        (r"\b(?:OBJECT_ID|NEWID|SYSDATETIME|GETUTCDATE)\s*\(", 5),
        (r"\bDEFAULT\b.{1,60}\bFOR\s+\[?\w", 4),
        (r"^\s?EXEC(?:UTE)?\s+(?:sys\.)?sp_", 6),
    ),
    "oracle": (
        (r"\bN?VARCHAR2\b", 6),
        (r"\bNUMBER\s*[(,\s]", 4),
        (r"^/[ \t]*\r?$", 3),
        (r"\bSYSDATE\b", 4),
        (r"^(?:rem|prompt)\b", 4),
        (r"\bTO_DATE\s*\(", 3),
        (r"\bN?CLOB\b", 2),
        (r"\bINSERT ALL\b", 4),
        (r"\bFROM dual\b", 3),
        (r"\.NEXTVAL\b", 3),
        (r"\b(?:NO)?ENABLE\b\s*[,)]", 2),
        (r"\b(?:PCTFREE|TABLESPACE|BINARY_DOUBLE|BINARY_FLOAT|SYSTIMESTAMP|ORGANIZATION INDEX)\b", 3),
        (r"\bVARCHAR2?\s*\(\s*\d+\s+(?:CHAR|BYTE)\)", 6),
        (r"^SET (?:DEFINE|FEEDBACK|SERVEROUTPUT|ECHO)\b", 5),
        (r"\bMODIFY\s*\(", 3),
        (r"^\s?q'[\[({<!]", 3),
    ),
}


def _sample(text: str) -> str:
    """The beginning of a text, which says most, and pieces from all over the rest."""
    if len(text) <= _HEAD + _PIECES * _PIECE:
        return text
    step = (len(text) - _HEAD) // _PIECES
    pieces = [text[start : start + _PIECE] for start in range(_HEAD, len(text) - _PIECE, step)]
    return "\n".join([text[:_HEAD], *pieces])


@cache
def _pattern(mark: str) -> re.Pattern[str]:
    # Searching small letters only is several times as fast as ignoring capitals; escapes keep theirs.
    small = re.sub(r"\\.|[A-Z]+", lambda found: found[0] if found[0][0] == "\\" else found[0].lower(), mark)
    return re.compile(small, re.MULTILINE)


def guess_dialect(text: str) -> Dialect:
    """The dialect with the strongest evidence; SQLite, whose rules are the loosest, when there is none."""
    sample = _sample(text).lower()
    best: Dialect = "sqlite"
    strongest = 0
    for dialect, marks in _MARKS.items():
        score = 0
        for mark, weight in marks:
            found = 0
            for _ in _pattern(mark).finditer(sample):
                found += 1
                if found == _MOST_PER_MARK:
                    break
            score += weight * found
        if score > strongest:
            best, strongest = dialect, score
    return best
