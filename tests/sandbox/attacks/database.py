"""SQL: what a tool may not say"""


def say(db, statement):
    db.rows(statement)
    return {"done": statement}


@attack("ATTACH another database", held_by=["authorizer"], ends=["AuthError"], shown="disarmed")
def attach(db: Db):
    return say(db, "ATTACH ':memory:' AS other")


@attack("load_extension in SQL", held_by=["authorizer"], ends=["AuthError", "SQLError"], shown="disarmed")
def load_an_extension(db: Db):
    try:
        return say(db, "SELECT load_extension('no-such-file')")
    except Exception as error:
        if "not authorized" in str(error) or "may not use" in str(error):
            raise
        return {"done": f"it was looked for: {error}"}


@attack("writable_schema", held_by=["authorizer"], ends=["AuthError"], shown="disarmed")
def writable_schema(db: Db):
    db.rows("PRAGMA writable_schema = ON")
    return {"done": db.run("UPDATE sqlite_schema SET sql = sql WHERE name = 'notes'")}


@attack("delete from the schema", held_by=["authorizer"], ends=["AuthError", "SQLError"], shown="disarmed")
def delete_the_schema(db: Db):
    if db._connection.authorizer is None:
        db.rows("PRAGMA writable_schema = ON")
    return {"done": db.run("DELETE FROM sqlite_schema WHERE name = 'notes'")}


@attack("COMMIT", held_by=["authorizer"], ends=["AuthError"], shown="disarmed lost")
def commit(db: Db):
    return say(db, "COMMIT")


@attack("ROLLBACK", held_by=["authorizer"], ends=["AuthError"], shown="disarmed lost")
def rollback(db: Db):
    return say(db, "ROLLBACK")


@attack("release the program's savepoint", held_by=["authorizer"], ends=["AuthError"], shown="disarmed lost")
def release(db: Db):
    return say(db, "RELEASE program")


@attack("a savepoint of its own", held_by=["authorizer"], ends=["AuthError"], shown="disarmed")
def savepoint(db: Db):
    return say(db, "SAVEPOINT mine")


@attack("foreign keys off", held_by=["authorizer"], ends=["AuthError"], shown="disarmed")
def foreign_keys_off(db: Db):
    return say(db, "PRAGMA foreign_keys = OFF")


@attack("CHECK constraints off", held_by=["authorizer"], ends=["AuthError"], shown="disarmed")
def checks_off(db: Db):
    db.rows("PRAGMA ignore_check_constraints = ON")
    return {"done": db.run("UPDATE orders SET total = -1 WHERE id = 10")}


@attack("another meaning of LIKE", held_by=["authorizer"], ends=["AuthError"], shown="disarmed")
def case_sensitive_like(db: Db):
    db.rows("PRAGMA case_sensitive_like = ON")
    return {"done": db.one("SELECT 'a' LIKE 'A' AS same")["same"] == 0}


@attack("PRAGMA as a table", held_by=["authorizer"], ends=["AuthError", "SQLError"], shown="disarmed")
def pragma_as_a_table(db: Db):
    return {"done": db.rows("SELECT file FROM pragma_database_list")}


@attack("where temporary files go", held_by=["authorizer"], ends=["AuthError"], shown="disarmed")
def temporary_files(db: Db):
    return say(db, "PRAGMA temp_store_directory = '/tmp'")


@attack(
    "VACUUM INTO a file",
    held_by=["authorizer", "seccomp", "landlock"],
    ends=["AuthError", "SQLError"],
    shown="disarmed",
)
def vacuum_into(db: Db):
    try:
        return say(db, f"VACUUM INTO '{MARKS}/groundrow-was-here'")
    except Exception as error:
        if "within a transaction" in str(error) and db._connection.authorizer is None:
            return {"done": "only the transaction was in its way"}
        raise


@attack("temporary trigger", held_by=["authorizer"], ends=["AuthError"], shown="disarmed")
def temporary_trigger(db: Db):
    return say(db, "CREATE TEMP TRIGGER spy AFTER INSERT ON orders BEGIN DELETE FROM notes; END")


@attack("trigger", held_by=["authorizer"], ends=["AuthError"], shown="disarmed")
def trigger(db: Db):
    return say(db, "CREATE TRIGGER spy AFTER INSERT ON orders BEGIN DELETE FROM notes; END")


@attack("temporary table before a real one", held_by=["authorizer"], ends=["AuthError"], shown="disarmed")
def shadow_a_table(db: Db):
    db.rows("CREATE TEMP TABLE orders (id, total)")
    return {"done": db.one("SELECT count(*) AS n FROM orders")["n"] == 0}


@attack("virtual table", held_by=["authorizer"], ends=["AuthError", "SQLError"], shown="disarmed")
def virtual_table(db: Db):
    return say(db, "CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'words', 'row')")


@attack("DROP a table", held_by=["authorizer"], ends=["AuthError"], shown="disarmed")
def drop(db: Db):
    return say(db, "DROP TABLE notes")


@attack(
    "count the changes of earlier programs", held_by=["authorizer"], ends=["AuthError", "SQLError"], shown="disarmed"
)
def count_changes(db: Db):
    return say(db, "SELECT total_changes()")


@attack("address of a tokenizer", held_by=["authorizer"], ends=["AuthError", "SQLError"], shown="disarmed")
def tokenizer(db: Db):
    try:
        return say(db, "SELECT fts3_tokenizer('simple')")
    except Exception as error:
        if "may not use" in str(error) or "not authorized" in str(error):
            raise
        return {"done": f"it was asked: {error}"}


@attack(
    "expression of a hundred thousand levels",
    held_by=["SQLite's limits"],
    ends=["SQLError", "TooBigError", "NoMemError"],
    shown="smaller",
)
def deep_expression(db: Db):
    return say(db, "SELECT " + "(" * 100_000 + "1" + ")" * 100_000)


@attack(
    "statement of sixty megabytes",
    held_by=["rlimits"],
    ends=["MemoryError", "NoMemError", "TooBigError"],
    shown="docker",
    without=["rlimits"],
)
def long_statement(db: Db):
    db._connection.limit(0, 1 << 30)  # of a text's length
    db._connection.limit(1, 1 << 30)  # of a statement's
    return {"done": len(db.rows("SELECT 1 AS a --" + "x" * (60 << 20)))}


@attack("a hundred thousand terms", held_by=["SQLite's limits"], ends=["SQLError", "TooBigError"], shown="smaller")
def many_terms(db: Db):
    return say(db, "SELECT 1 UNION ALL " * 100_000 + "SELECT 1")
