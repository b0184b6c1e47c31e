"""What one episode, or one program, leaves for the next: nothing that is promised here.

The next episode is a new process on the snapshot, so nothing reaches it. The next program of the same episode finds
its rows undone and time and chance restarted; the rest of the process is the episode's own, and stays.
"""

import pytest

from sandbox import RunCalls, open_sandbox

SCHEMA = """
CREATE TABLE tickets (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL UNIQUE);
CREATE TABLE replies (id INTEGER PRIMARY KEY, ticket_id INTEGER NOT NULL REFERENCES tickets (id));
INSERT INTO tickets (title) VALUES ('first'), ('second');
INSERT INTO replies VALUES (1, 1);
PRAGMA user_version = 7;
PRAGMA application_id = 11;
"""

TOOLS = """
import builtins, calendar, decimal, gc, json, os, random, resource, signal, sys, uuid
from environments import Db

SEEN = []


def seen(act):
    try:
        return act()
    except Exception as error:
        return type(error).__name__


def state(db: Db):
    connection = db._connection
    database = db._database
    ours, database._ours = database._ours, True
    def value(sql):
        return seen(lambda: connection.execute(sql, can_cache=False).fetchall())
    try:
        of_database = {
            "rows": value("SELECT * FROM tickets ORDER BY id") + value("SELECT * FROM replies"),
            "sequence": value("SELECT name, seq FROM sqlite_sequence"),
            "schema": value("SELECT type, name FROM sqlite_schema ORDER BY name"),
            "temporary": value("SELECT type, name FROM sqlite_temp_schema"),
            "attached": value("SELECT name FROM pragma_database_list"),
            "like": value("SELECT 'a' LIKE 'A'"),
            "function": value("SELECT left_behind()"),
            "collation": value("SELECT 'a' = 'b' COLLATE left_behind"),
            "upper": value("SELECT upper('a')"),
            "pragmas": {
                name: value(f"PRAGMA {name}")
                for name in (
                    "user_version", "application_id", "foreign_keys", "recursive_triggers", "ignore_check_constraints",
                    "writable_schema", "defer_foreign_keys", "reverse_unordered_selects", "query_only", "cache_size",
                    "trusted_schema", "secure_delete", "journal_mode", "temp_store", "cell_size_check",
                )
            },
        }
    finally:
        database._ours = ours
    return json.loads(json.dumps({**of_database, **of_connection(db), **of_process()}))


def of_connection(db):
    connection = db._connection
    return {
        "last": connection.last_insert_rowid(),
        "changes": connection.changes(),
        "in_transaction": connection.in_transaction,
        "limits": [connection.limit(number) for number in range(11)],
        "armed": connection.authorizer is not None,
        "draws": [random.random(), str(uuid.uuid4())] + list(db.one("SELECT random() AS n").values()),
    }


def of_process():
    return {
        "seen": list(SEEN),
        "calendar": calendar.day_name[0],
        "january": hasattr(calendar, "left_behind"),
        "modules": "left_behind" in sys.modules,
        "builtins": [sum([1]), hasattr(builtins, "left_behind")],
        "environment": sorted(os.environ.items()),
        "handlers": [str(signal.getsignal(number)) for number in (signal.SIGXCPU, signal.SIGUSR1, signal.SIGTERM)],
        "folder": seen(os.getcwd),
        "limits of the process": [resource.getrlimit(getattr(resource, name)) for name in sorted(dir(resource))
                                  if name.startswith("RLIMIT_") and name not in ("RLIMIT_AS",)],
        "recursion": sys.getrecursionlimit(),
        "digits": sys.get_int_max_str_digits(),
        "precision": decimal.getcontext().prec,
        "collector": gc.isenabled(),
        "path": list(sys.path),
        "descriptors": [number for number in range(64) if seen(lambda number=number: bool(os.fstat(number))) is True],
        "streams": [type(stream).__name__ for stream in (sys.stdin, sys.stdout, sys.stderr)],
    }


def write_honestly(db: Db):
    db.run("INSERT INTO tickets (title) VALUES ('third')")
    db.run("UPDATE tickets SET title = 'changed' WHERE id = 1")
    db.run("DELETE FROM replies")
    return {"last": db._connection.last_insert_rowid(), "changes": db._connection.changes()}


def draw(db: Db):
    random.seed(99)
    random.random()
    return db.one("SELECT random() AS n, hex(randomblob(3)) AS b")


def number_of_the_next(db: Db):
    db.run("INSERT INTO tickets (title) VALUES ('next')")
    return db.one("SELECT id AS ticket_id FROM tickets WHERE title = 'next'")


CURSORS = []


def keep_a_cursor(db: Db):
    db.run("UPDATE tickets SET title = title || ' uncommitted'")
    cursor = db._connection.execute("SELECT title FROM tickets ORDER BY id")
    next(cursor)
    CURSORS.append(cursor)
    return {"first": "kept"}


def use_the_cursor(db: Db):
    return {"found": seen(lambda: [list(row) for row in CURSORS[0]])}


def read_titles(db: Db):
    return db.rows("SELECT title FROM tickets ORDER BY id")


def leave_everything(db: Db):
    database, connection = db._database, db._connection
    db.run("INSERT INTO tickets (title) VALUES ('third')")
    database._ours = True
    run = connection.execute
    run("CREATE TEMP TABLE left_behind (a)")
    run("CREATE TEMP VIEW left_view AS SELECT 1")
    run("CREATE TEMP TRIGGER left_trigger AFTER INSERT ON tickets BEGIN DELETE FROM replies; END")
    run("CREATE TABLE left_table (a)")
    for pragma in ("user_version = 99", "application_id = 99", "case_sensitive_like = ON", "recursive_triggers = ON",
                   "reverse_unordered_selects = ON", "cache_size = 7", "query_only = ON", "cell_size_check = ON",
                   "trusted_schema = OFF", "secure_delete = ON"):
        run("PRAGMA " + pragma)
    connection.create_scalar_function("left_behind", lambda: 1)
    connection.create_scalar_function("upper", lambda text: "left behind")
    connection.create_collation("left_behind", lambda a, b: 0)
    connection.limit(1, 1000)
    connection.authorizer = None
    SEEN.append("left behind")
    calendar.left_behind = True
    calendar.day_name = ["left behind"] * 7
    builtins.left_behind = True
    builtins.sum = lambda _: 0
    sys.modules["left_behind"] = json
    os.environ["LEFT_BEHIND"] = "1"
    for number in (signal.SIGXCPU, signal.SIGUSR1, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    random.seed(1)
    sys.setrecursionlimit(5000)
    sys.set_int_max_str_digits(0)
    decimal.getcontext().prec = 3
    gc.disable()
    sys.path.append("left behind")
    os.dup(0)
    sys.stdout = None
    refused = [seen(lambda: os.umask(0)), seen(lambda: os.chdir("/")), seen(lambda: open("left_behind", "w")),
               seen(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (10, 10)))]
    return {"refused": refused}
"""


@pytest.fixture(scope="module")
def reset_world(world_of):
    return world_of(TOOLS, SCHEMA)


@pytest.fixture
def warm(isolating, reset_world):
    with open_sandbox(reset_world, level=isolating.level) as sandbox:
        yield sandbox


@pytest.fixture
def anywhere(sandbox, reset_world):
    """An episode at every level, `inprocess` too: what is promised between programs does not rest on isolation."""
    with open_sandbox(reset_world, level=sandbox.level) as opened, opened.episode() as episode:
        yield episode


def called(episode, *tools, keep=False):
    (outcome,) = episode.run([RunCalls(tuple((tool, {}) for tool in tools))], keep=keep)
    assert outcome.bug is None, outcome.bug
    return [call.result for call in outcome.calls]


def state(episode):
    (found,) = called(episode, "state")
    return found


def test_nothing_that_an_episode_did_is_visible_to_the_next(warm):
    with warm.episode() as first:
        clean = state(first)
    with warm.episode() as beside:
        with warm.episode() as leaving:
            leaving.run([RunCalls((("leave_everything", {}), ("state", {})))])
            with warm.episode() as during:
                assert state(during) == clean
        with warm.episode() as following:
            assert state(following) == clean
        assert state(beside) == clean


def test_all_of_it_is_visible_inside_the_episode_that_did_it(warm):
    """So the test above looks in the right places."""
    with warm.episode() as episode:
        clean = state(episode)
        (outcome,) = episode.run([RunCalls((("leave_everything", {}), ("state", {})))])
        left = outcome.calls[1].result if outcome.bug is None else None
    assert left is not None, outcome.bug
    assert outcome.calls[0].result["refused"] == ["OSError", "PermissionError", "PermissionError", "ValueError"]
    same = {name for name in clean if clean[name] == left[name]}
    assert same == {"attached", "in_transaction", "folder", "limits of the process"}
    pragmas = {name for name in clean["pragmas"] if clean["pragmas"][name] != left["pragmas"][name]}
    assert {"user_version", "application_id", "recursive_triggers", "query_only", "cache_size"} <= pragmas


def test_the_next_program_finds_rows_sequence_and_counters_as_they_were(anywhere):
    before = state(anywhere)
    (wrote,) = called(anywhere, "write_honestly")
    assert wrote == {"last": 3, "changes": 1}
    after = state(anywhere)
    # changes() survives a rollback in SQLite; SQL may not ask for it, and `db.run` counts for itself.
    assert {name for name in before if before[name] != after[name]} <= {"changes"}


def test_chance_starts_again_with_each_program_and_each_episode(warm):
    with warm.episode() as episode:
        first = called(episode, "draw")
        assert called(episode, "draw") == first
        assert called(episode, "draw", "draw")[1] != first[0]
    with warm.episode() as episode:
        assert called(episode, "draw") == first


def test_a_number_that_was_taken_back_is_given_again(anywhere):
    assert called(anywhere, "number_of_the_next") == [{"ticket_id": 3}]
    assert called(anywhere, "number_of_the_next") == [{"ticket_id": 3}]


def test_kept_rows_are_gone_with_the_reset_and_so_is_their_sequence(anywhere):
    called(anywhere, "number_of_the_next", keep=True)
    anywhere.reset()
    assert called(anywhere, "number_of_the_next") == [{"ticket_id": 3}]


def test_a_cursor_that_was_kept_gives_the_next_program_no_row_that_was_undone(anywhere):
    called(anywhere, "keep_a_cursor")
    (titles, through) = called(anywhere, "read_titles", "use_the_cursor")
    assert titles == [{"title": "first"}, {"title": "second"}]
    assert "uncommitted" not in str(through)


def test_a_cursor_that_was_kept_does_not_reach_the_next_episode(warm):
    with warm.episode() as episode:
        called(episode, "keep_a_cursor", keep=False)
    with warm.episode() as episode:
        assert called(episode, "use_the_cursor", "read_titles") == [
            {"found": "IndexError"},
            [{"title": "first"}, {"title": "second"}],
        ]


def test_what_is_not_promised_between_programs_of_one_episode_module_globals_stay(warm):
    with warm.episode() as episode:
        called(episode, "keep_a_cursor")
        (found,) = called(episode, "use_the_cursor")
    assert found != {"found": "IndexError"}  # the global list still holds it


def test_what_is_not_promised_between_programs_of_one_episode_patches_stay(warm):
    with warm.episode() as episode:
        clean = state(episode)
        episode.run([RunCalls((("leave_everything", {}),))])
        (outcome,) = episode.run([RunCalls((("state", {}),))])
        later = outcome.calls[0].result if outcome.calls else None
    assert later is not None, outcome.bug
    assert later["rows"] == clean["rows"]
    assert later["sequence"] == clean["sequence"]
    assert later["temporary"] == clean["temporary"] == []
    for name in ("seen", "calendar", "builtins", "environment", "handlers"):
        assert later[name] != clean[name]
