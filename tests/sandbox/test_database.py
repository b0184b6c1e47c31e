"""What programs change, what is kept and what is undone, against a model that compares whole tables."""

import apsw
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.clock import Clock
from sandbox.database import Database, ToolDb, WriteFault

SCHEMA = """
CREATE TABLE parents (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE);
CREATE TABLE children (
    parent INTEGER REFERENCES parents (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    n INTEGER, note TEXT, PRIMARY KEY (parent, n)
) WITHOUT ROWID;
CREATE TABLE loose (a TEXT, b REAL);
CREATE TABLE counted (id INTEGER PRIMARY KEY CHECK (id = 1), n INTEGER NOT NULL);
CREATE TRIGGER counting AFTER INSERT ON parents BEGIN UPDATE counted SET n = n + 1; END;
INSERT INTO parents (id, name) VALUES (1, 'ada'), (2, 'ben');
INSERT INTO children VALUES (1, 1, 'x'), (1, 2, NULL), (2, 1, 'y');
INSERT INTO loose VALUES ('p', 1.5), (NULL, NULL);
INSERT INTO counted VALUES (1, 2);
"""
TABLES = {"parents": ("id",), "children": ("parent", "n"), "loose": ("rowid",), "counted": ("id",)}
STATEMENTS = (
    "SELECT count(*) FROM parents",
    "INSERT INTO parents (name) VALUES ('cleo')",
    "INSERT OR IGNORE INTO parents (name) VALUES ('ada')",
    "INSERT OR REPLACE INTO parents (name) VALUES ('ben')",
    "INSERT INTO parents (name) VALUES ('dan') RETURNING id",
    "UPDATE parents SET name = name || '!'",
    "UPDATE parents SET id = id + 10 WHERE id = 2",
    "DELETE FROM parents WHERE id = 1",
    "INSERT INTO children VALUES (1, 9, 'z')",
    "INSERT INTO children VALUES (99, 1, 'orphan')",
    "DELETE FROM children WHERE parent = 99",
    "UPDATE children SET n = n + 1 WHERE parent = 2",
    "UPDATE children SET note = note",
    "INSERT INTO loose VALUES ('q', 2.0)",
    "UPDATE loose SET b = b + 1",
    "DELETE FROM loose WHERE a IS NULL",
    "UPDATE counted SET n = n - 1",
    "SELECT 1; DELETE FROM loose",
    "nonsense",
)
CALL = st.tuples(st.lists(st.sampled_from(STATEMENTS), max_size=3), st.booleans())
PROGRAM = st.tuples(st.lists(CALL, max_size=4), st.booleans())


def content(connection):
    found = {}
    for table, keys in TABLES.items():
        names = [row[1] for row in connection.execute(f"PRAGMA table_xinfo({table})", can_cache=False)]
        names = ["rowid", *names] if keys == ("rowid",) else names
        rows = [
            dict(zip(names, row, strict=True)) for row in connection.execute(f"SELECT {', '.join(names)} FROM {table}")
        ]
        found[table] = {tuple(row[key] for key in keys): row for row in rows}
    return found


def difference(before, after):
    """What `_change` would say of two states."""
    changes = []
    for table, keys in TABLES.items():
        for key in {*before[table], *after[table]}:
            old, new = before[table].get(key), after[table].get(key)
            if old == new:
                continue
            item = {"table": table, "key": dict(zip(keys, key, strict=True))}
            shown = [{n: v for n, v in row.items() if n != "rowid"} if row else row for row in (old, new)]
            if old and new:
                moved = [name for name in old if old[name] != new[name]]
                item |= {"op": "update", "old": {n: old[n] for n in moved}, "new": {n: new[n] for n in moved}}
            else:
                item |= {"op": "delete", "old": shown[0]} if old else {"op": "insert", "new": shown[1]}
            changes.append(item)
    return changes


def ordered(changes):
    return sorted(changes, key=lambda change: repr((change["table"], sorted(change["key"].items()), change["op"])))


@settings(max_examples=150, deadline=None)
@given(st.lists(PROGRAM, max_size=5), st.booleans())
def test_changes_are_the_difference_of_whole_tables(programs, reset_between):
    seed = apsw.Connection(":memory:")
    seed.execute(SCHEMA)
    database = Database(seed.serialize("main"), Clock("2025-01-01 00:00:00"))
    db = ToolDb(database)

    def state():
        database._ours = True
        try:
            return content(database.connection)
        finally:
            database._ours = False

    first = standing = state()
    for calls, keep in programs:
        database.begin_program()
        at = standing
        failed = False
        for statements, refuses in calls:
            before = state()
            assert before == at
            for sql in statements:
                try:
                    db.run(sql)
                except apsw.Error:
                    continue
            written = state()
            try:
                if refuses:
                    database.undo_call()
                    assert state() == before
                else:
                    assert ordered(database.end_call()) == ordered(difference(before, written))
                    at = written
            except WriteFault:
                database.undo_call()
                assert state() == before
                failed = True
                break
        if not failed:
            assert ordered(database.program_changes()) == ordered(difference(standing, at))
        kept = keep and not failed
        database.end_program(keep=kept)
        standing = at if kept else standing
        assert state() == standing
        if reset_between:
            database.reset()
            standing = first
            assert state() == first
    database.reset()
    assert state() == first
    database.close()
    seed.close()
