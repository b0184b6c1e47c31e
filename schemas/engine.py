"""The SQLite that takes what came out of a stranger's script: it decides what is kept, and cannot be made to run away.

A default or a condition is evaluated while a script is read, so an expression that
asks for a gigabyte or for ever is refused here. It knows nothing of schemas.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import apsw

from .model import Value

# A function is one step, however long it takes; only the length of what it works on bounds it. Searching
# one text in another costs the product of their lengths: at this one a tenth of a second at most.
SHORT = 65_536
LONG = 256_000_000
_STEPS_BETWEEN_LOOKS = 100
_SECONDS_OF_A_STATEMENT = 2.0
_SECONDS_IN_ALL = 30.0
_MOST_PAGES = 131_072  # of 4 KiB: half a gibibyte

_ACTIONS = frozenset(
    {
        apsw.SQLITE_CREATE_INDEX, apsw.SQLITE_CREATE_TABLE, apsw.SQLITE_DROP_INDEX, apsw.SQLITE_DROP_TABLE,
        apsw.SQLITE_INSERT, apsw.SQLITE_UPDATE, apsw.SQLITE_DELETE, apsw.SQLITE_READ, apsw.SQLITE_SELECT,
        apsw.SQLITE_TRANSACTION, apsw.SQLITE_SAVEPOINT, apsw.SQLITE_REINDEX, apsw.SQLITE_RECURSIVE,
    }
)  # fmt: skip
_PRAGMAS = frozenset({"foreign_keys", "foreign_key_check", "max_page_count", "table_xinfo"})
_FORBIDDEN = frozenset(
    {
        "load_extension", "fts3_tokenizer", "readfile", "writefile", "edit", "random", "randomblob", "zeroblob",
        "last_insert_rowid", "changes", "total_changes", "sqlite_version", "sqlite_source_id",
    }
)  # fmt: skip


class Engine(apsw.Connection):
    """An empty database in memory that takes `"x"` for a name and never for a string.

    It can make tables, hold rows and compute; it reaches no file, and a statement that
    takes too long, or a value that grows too long, raises `apsw.Error`.
    """

    def __init__(self, longest: int = SHORT) -> None:
        super().__init__(":memory:")
        self.spent = 0.0
        self._deadline = float("inf")
        self.config(apsw.SQLITE_DBCONFIG_DQS_DDL, 0)
        self.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)
        self.execute(f"PRAGMA max_page_count = {_MOST_PAGES}")
        self.limit(apsw.SQLITE_LIMIT_LENGTH, longest)
        self.limit(apsw.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000)
        self.limit(apsw.SQLITE_LIMIT_ATTACHED, 0)
        self.limit(apsw.SQLITE_LIMIT_WORKER_THREADS, 0)
        self.authorizer = _allowed
        self.set_progress_handler(self._late, _STEPS_BETWEEN_LOOKS)

    def run(self, sql: str, values: Sequence[Value] = ()) -> list[tuple[Value, ...]]:
        """The rows of one statement or several.

        Raises:
            apsw.Error: SQLite refuses it, or it took too long, or everything before it together did.
        """
        if self.spent > _SECONDS_IN_ALL:
            raise apsw.InterruptError("what the script would have computed takes too long")
        begun = time.monotonic()
        self._deadline = begun + _SECONDS_OF_A_STATEMENT
        try:
            return list(self.execute(sql, tuple(values)))
        except MemoryError as error:
            raise apsw.NoMemError("out of memory") from error
        finally:
            self._deadline = float("inf")
            self.spent += time.monotonic() - begun

    def _late(self) -> bool:
        return time.monotonic() > self._deadline


def _allowed(action: int, first: str | None, second: str | None, database: str | None, inner: str | None) -> int:
    if action == apsw.SQLITE_FUNCTION:
        return apsw.SQLITE_DENY if (second or "").lower() in _FORBIDDEN else apsw.SQLITE_OK
    if action == apsw.SQLITE_PRAGMA:
        return apsw.SQLITE_OK if first in _PRAGMAS else apsw.SQLITE_DENY
    return apsw.SQLITE_OK if action in _ACTIONS else apsw.SQLITE_DENY


def said(error: Exception) -> str:
    """SQLite's reason, where a word that is no column's was taken for one in plain words."""
    name = str(error).removeprefix("no such column: ")
    return f"{name!r} is no word of its own" if name != str(error) else name
