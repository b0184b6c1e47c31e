r"""Cuts a script into statements, whatever the dialect and whatever is broken in it.

Understands quotes, comments, dollar quotes, routine bodies, `DELIMITER`, `GO`,
SQL*Plus `/` and its command lines, psql backslash lines, and COPY blocks with
their data. A quote that is never closed costs one statement, not the file; a
text of hardly anything but such quotes is given up, since each costs a look
through the whole rest. It does not ask what a statement means.
"""

from __future__ import annotations

import re
import string
from typing import NamedTuple

from .lex import Dialect, end_of, pattern


class Statement(NamedTuple):
    """One statement.

    Attributes:
        text: As written, without the delimiter.
        data: The lines between `COPY ... FROM stdin` and `\\.`, or None.
        broken: It holds a quote or comment that is never closed.
    """

    text: str
    data: str | None = None
    broken: bool = False


_STARTERS = frozenset(
    {
        "ALTER", "CREATE", "COMMENT", "COPY", "DELETE", "DROP", "EXEC", "EXECUTE", "GRANT", "IF", "INSERT",
        "MERGE", "PRINT", "RAISERROR", "REVOKE", "SET", "TRUNCATE", "UPDATE", "USE",
    }
)  # fmt: skip
_PAIRS = frozenset({("CREATE", "TABLE"), ("ALTER", "TABLE"), ("INSERT", "INTO"), ("CREATE", "INDEX")})
_LEADS_ON = frozenset({"FOR", "AFTER", "BEFORE", "OR", "WITH", "AS"})
_ROUTINES = frozenset({"FUNCTION", "PROCEDURE", "PROC", "TRIGGER", "PACKAGE", "EVENT", "BODY"})
_SQLPLUS = re.compile(
    r"(?:rem(?:ark)?|prompt|set|spool|whenever|exit|quit|connect|conn|define|undefine|accept|column|ttitle|show|start|clear|pause)\b"
    r"|@",
    re.IGNORECASE,
)
_LINE_SET = re.compile(r"set\s+(?!role\b|transaction\b|constraints?\b)", re.IGNORECASE)
_COPY_DATA = re.compile(r"\s*COPY\b.*\bFROM\s+STDIN\b", re.IGNORECASE | re.DOTALL)
_COARSE = re.compile(r"[^'\"`;/\-#$\\]+")
_WORD_LETTERS = string.ascii_letters + string.digits + "_&"
_DELIMITER = re.compile(r"DELIMITER[ \t]+(\S+)", re.IGNORECASE)
_RESTART = re.compile(
    r";[ \t]*\r?\n\s{0,200}(?:--[^\n]*\n\s{0,200}){0,20}"
    r"(?=(?:CREATE|ALTER|INSERT|COMMENT|COPY|DROP|SET|GRANT|UPDATE|DELETE|SELECT)\s)",
    re.IGNORECASE,
)
_LINE_END = re.compile(r";[ \t]*(?:\r?\n|\Z)")


def split(text: str, dialect: Dialect) -> list[Statement]:
    """The statements of `text` in order; blank ones and comments alone are left out."""
    return _Splitter(text, dialect).run()


class _Splitter:
    """One pass over a text. `start` is where the statement under way begins."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self.text = text
        self.dialect = dialect
        self.match_at = pattern(dialect).match
        self.out: list[Statement] = []
        self.delimiter = ";"
        self.suspect: tuple[int, int, int] | None = None  # statement start, restart position, statements before it
        self.patience = 5_000_000 + 5 * len(text)  # characters that may be read more than once
        self.begin(0)

    def begin(self, position: int) -> None:
        self.start = position
        self.words: list[str] = []
        self.depth = 0
        self.body = 0
        self.blank = True
        self.last = ""
        self.ended = False

    def end(self, stop: int, resume: int, *, broken: bool = False) -> int:
        if not self.blank:
            self.out.append(Statement(self.text[self.start : stop].strip(), None, broken))
        self.begin(resume)
        return resume

    def run(self) -> list[Statement]:
        position, size = 0, len(self.text)
        while position < size:
            if self.blank:
                position = self.skip_line_command(position)
                if position >= size:
                    break
            if self.words[:1] in (["INSERT"], ["REPLACE"]) and self.dialect != "tsql" and not self.body:
                # Inside the values of an INSERT only quotes and the delimiter matter; a word may belong to a quote.
                run = _COARSE.match(self.text, position) if self.depth else None
                plain = run.group().rstrip(_WORD_LETTERS) if run else ""
                if plain:
                    self.depth += plain.count("(") - plain.count(")")
                    position += len(plain)
                    continue
            match = self.match_at(self.text, position)
            if match is None:
                break
            position = self.take(match, position)
        self.end(size, size)
        return self.out

    def take(self, match: re.Match[str], position: int) -> int:
        group, text = match.lastgroup, match.group()
        end = match.end()
        if group in ("space", "line", "introduced"):
            return end
        if self.delimiter != ";" and group in ("op", "word", "dollar"):
            found = self.text.find(self.delimiter, position, max(end, position + len(self.delimiter)))
            if found >= 0:
                if found > position:
                    self.blank = False
                return self.end(found, found + len(self.delimiter))
        end = end_of(match, self.text, self.dialect)
        if end < 0:
            return self.recover(position)
        if group == "block":
            return end
        if group == "string":
            self.note_suspect(position, end)
        if group == "op":
            return self.punctuation(text, position, end)
        if group == "word":
            return self.word(text.upper(), position, end)
        self.blank = False
        self.last = ""
        return end

    def punctuation(self, text: str, position: int, end: int) -> int:
        if text == ";" and self.delimiter == ";" and (not self.body or self.closes_block(end)):
            stop = self.end(position, end)
            return self.copy_data(stop)
        if text == "/" and self.dialect == "oracle" and self.alone(position, end):
            return self.end(position, end)
        self.blank = False
        self.last = text
        if text == "(":
            self.depth += 1
        elif text == ")":
            self.depth = max(0, self.depth - 1)
        return end

    def word(self, word: str, position: int, end: int) -> int:
        if word == "GO" and self.dialect == "tsql" and self.alone(position, end, r"\d*\s*;?"):
            line = self.text.find("\n", end)
            return self.end(position, line if line >= 0 else len(self.text))
        outside = not self.blank and self.depth == 0 and not self.body
        # Only SQL Server lets a row's parenthesis end an INSERT.
        again = self.dialect == "tsql" and [word] == ["INSERT"] == self.words[:1] and self.last == ")"
        if outside and (again or self.starts_line(position)) and self.starts(word, end):
            self.end(position, position)
        self.blank = False
        if len(self.words) < 8:
            self.words.append(word)
        if self.is_routine() or self.is_block():
            self.track_body(word, end)
        self.last = word
        return end

    def starts(self, word: str, end: int) -> bool:
        """Whether a word at the start of a line opens a new statement although no delimiter came before it."""
        first = self.words[0] if self.words else ""
        nested = self.words[:2] == ["CREATE", "SCHEMA"] and self.dialect != "tsql"
        if nested or self.is_routine() or "VIEW" in self.words or self.last in _LEADS_ON:
            return False
        if self.last == "ON" and word in ("DELETE", "UPDATE"):
            return False
        if self.dialect == "tsql":
            if word == "SET":
                return first not in ("UPDATE", "ALTER", "MERGE")
            return word in _STARTERS and not (first == "MERGE" and word in ("INSERT", "UPDATE", "DELETE"))
        following = self.match_at(self.text, end + 1) if end < len(self.text) else None
        second = following.group().upper() if following else ""
        return first in ("CREATE", "ALTER", "INSERT") and (word, second) in _PAIRS and self.last == ")"

    def is_routine(self) -> bool:
        return self.words[:1] == ["CREATE"] and any(word in _ROUTINES for word in self.words[1:7])

    def is_block(self) -> bool:
        """In Oracle BEGIN never opens a transaction."""
        return self.dialect == "oracle" and self.words[:1] in (["BEGIN"], ["DECLARE"])

    def track_body(self, word: str, end: int) -> None:
        """Semicolons between BEGIN and END, or anywhere in PL/SQL, do not end a statement."""
        if self.dialect == "oracle":
            self.body = max(self.body, 1)
        if word in ("BEGIN", "CASE") and self.last != "END":
            self.body += 1
        elif word == "END" and self.body and self.following(end) not in ("IF", "LOOP", "WHILE", "REPEAT", "FOR"):
            self.body -= 1
            self.ended = True

    def following(self, position: int) -> str:
        """The next token in capitals, comments and blanks apart; "" when there is none."""
        found = self.match_at(self.text, position)
        while found and found.lastgroup in ("space", "line"):
            found = self.match_at(self.text, found.end())
        return found.group()[:40].upper() if found else ""

    def closes_block(self, end: int) -> bool:
        """Whether a PL/SQL block is over although no `/` follows it."""
        whole = self.dialect == "oracle" and self.ended and self.body <= 1
        return whole and self.following(end) in _STARTERS | {"COMMIT", "REM", "PROMPT"} - {"IF", "EXECUTE", "SET"}

    def copy_data(self, position: int) -> int:
        """Take the data lines of a COPY block that has just ended."""
        if self.dialect not in ("postgres", "sqlite") or not self.out:
            return position
        last = self.out[-1]
        if last.data is not None or not _COPY_DATA.match(last.text):
            return position
        begin = self.text.find("\n", position) + 1
        if begin == 0:
            return position
        if self.text.startswith(("\\.\n", "\\.\r"), begin):
            stop = begin
        else:
            found = re.compile(r"\n\\\.[ \t\r]*(?:\n|\Z)").search(self.text, max(begin - 1, 0))
            stop = found.start() + 1 if found else len(self.text)
        self.out[-1] = last._replace(data=self.text[begin:stop])
        line = self.text.find("\n", stop)
        resume = line if line >= 0 else len(self.text)
        self.begin(resume)
        return resume

    def skip_line_command(self, position: int) -> int:
        """At the start of a statement: step over blanks, and over client commands that end with their line."""
        while True:
            match = self.match_at(self.text, position)
            if match is None:
                return len(self.text)
            if match.lastgroup in ("space", "line"):
                position = match.end()
                continue
            if match.lastgroup == "block":
                end = end_of(match, self.text, self.dialect)
                if end < 0:
                    return position
                position = end
                continue
            self.start = position
            line = self.text[position : position + 200].partition("\n")[0]
            named = (line[:1] == "\\" and self.dialect != "mysql") or (line[:1] == "." and self.dialect == "sqlite")
            delimiter = _DELIMITER.match(line) if self.dialect == "mysql" else None
            sqlplus = self.dialect == "oracle" and _SQLPLUS.match(line) is not None and self.is_sqlplus(line)
            if not (named or delimiter or sqlplus):
                return position
            line_end = self.text.find("\n", position)
            line_end = len(self.text) if line_end < 0 else line_end
            if delimiter:
                self.delimiter = delimiter.group(1)
            elif named:
                self.out.append(Statement(self.text[position:line_end].strip()))
            position = line_end

    @staticmethod
    def is_sqlplus(line: str) -> bool:
        return not line.lower().startswith("set") or _LINE_SET.match(line) is not None

    def note_suspect(self, start: int, end: int) -> None:
        """Remember the first string that seems to have swallowed the start of another statement."""
        if self.suspect is None and end - start > 8:
            found = _RESTART.search(self.text, start, end)
            if found:
                self.suspect = (self.start, found.end(), len(self.out))

    def recover(self, position: int) -> int:
        """A quote or comment opened at `position` never ends: give up one statement and go on after it."""
        self.patience -= len(self.text) - position
        if self.suspect is not None:
            start, resume, count = self.suspect
            self.patience -= position - resume
            del self.out[count:]
            self.start = start
        else:
            found = _LINE_END.search(self.text, position)
            resume = found.end() if found else len(self.text)
        self.suspect = None
        self.blank = False
        if self.patience < 0:
            resume = len(self.text)
        return self.end(resume, resume, broken=True)

    def starts_line(self, position: int) -> bool:
        before = position - 1
        while before >= 0 and self.text[before] in " \t\r\f\v":
            before -= 1
        return before < 0 or self.text[before] == "\n"

    def alone(self, start: int, end: int, rest: str = "") -> bool:
        """Whether a token is all that its line holds."""
        if not self.starts_line(start):
            return False
        line = self.text.find("\n", end)
        tail = self.text[end : line if line >= 0 else len(self.text)]
        return re.fullmatch(rest, tail.strip()) is not None
