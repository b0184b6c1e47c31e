"""Which columns a statement reads and writes, told by SQLite's own authorizer.

Each statement is prepared, and not run, against an empty copy of the schema with
foreign keys off: on the episode's connection the enforcement of a foreign key
would look like a read of the tool's, and a cached statement would not be seen.

Standard library and apsw only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

from typing import Any

import apsw

_ROWID = frozenset({"ROWID", "_ROWID_", "OID"})


class Observer:
    """Collects what statements read and write.

    `table.column` is a column read or updated, `table.*` a table whose rows are
    read but no column of it (`count(*)`), `+table` and `-table` rows inserted
    and deleted.

    Args:
        connection: An open database with the schema.
    """

    def __init__(self, connection: apsw.Connection) -> None:
        query = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
        everything: list[Any] = connection.execute(query).fetchall()
        found: list[tuple[str, str, str]] = [entry for entry in everything if not entry[1].startswith("sqlite_")]
        self._tables = frozenset(name for kind, name, _ in found if kind == "table")
        self._reads: set[str] = set()
        self._writes: set[str] = set()
        self._connection = apsw.Connection(":memory:", statementcachesize=0)
        self._connection.pragma("foreign_keys", False)
        for _, _, statement in found:
            self._connection.execute(statement)
        self._connection.authorizer = self._authorize

    def start(self) -> None:
        """Forget what was seen."""
        self._reads.clear()
        self._writes.clear()

    def see(self, sql: str, binds: dict[str, object]) -> None:
        """Take note of a statement. One that cannot be prepared is left for its execution to report."""
        try:
            self._connection.execute(sql, binds, explain=1).fetchall()
        except (apsw.Error, KeyError, TypeError):
            return

    def effects(self, changes: list[dict[str, Any]]) -> None:
        """Add what really changed, which names the rows that a cascade reached."""
        for change in changes:
            table = change["table"]
            if change["op"] == "update":
                self._writes.update(f"{table}.{column}" for column in change["new"])
            else:
                self._writes.add(f"{'+' if change['op'] == 'insert' else '-'}{table}")

    def reads(self) -> list[str]:
        """What was read, sorted; `table.*` only where no column of the table was."""
        named = {name.rpartition(".")[0] for name in self._reads if not name.endswith(".*")}
        return sorted(name for name in self._reads if not name.endswith(".*") or name[:-2] not in named)

    def writes(self) -> list[str]:
        """What was written, sorted."""
        return sorted(self._writes)

    def close(self) -> None:
        """Close the copy of the schema."""
        self._connection.close()

    def _authorize(self, action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if first in self._tables:
            if action == apsw.SQLITE_READ and str(second).upper() not in _ROWID:
                self._reads.add(f"{first}.{second or '*'}")
            elif action == apsw.SQLITE_UPDATE:
                self._writes.add(f"{first}.{second}")
            elif action == apsw.SQLITE_INSERT:
                self._writes.add(f"+{first}")
            elif action == apsw.SQLITE_DELETE:
                self._writes.add(f"-{first}")
        return apsw.SQLITE_OK
