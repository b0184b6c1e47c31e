"""Its own interpreter: what a tool can break there stays its own"""


@attack("take the authorizer away", held_by=["own process"], ends=["answer"], shown="inprocess")
def take_the_authorizer(db: Db):
    db._connection.authorizer = None
    json.left_by_an_attack = True
    return {}


@attack("close the connection", held_by=["own process"], ends=["lost:protocol", "lost:crash"], shown="inprocess")
def close_the_connection(db: Db):
    db._connection.close(True)
    return {}


@attack(
    "crafted image into the database",
    held_by=["own process"],
    ends=["DatabaseError", "CorruptError", "NotADBError", "lost:protocol", "lost:crash"],
    shown="inprocess",
)
def crafted_image(db: Db):
    image = bytearray(db._connection.serialize("main"))
    for at in range(100, len(image), 7):
        image[at] ^= 0x5A
    db._database._ours = True
    db._connection.execute("ROLLBACK")
    db._connection.deserialize("main", bytes(image))
    return {"rows": len(db.rows("SELECT * FROM orders"))}


@attack(
    "another schema into the database",
    held_by=["own process"],
    ends=["lost:protocol", "SQLError", "answer"],
    shown="inprocess",
)
def another_schema(db: Db):
    other = type(db._connection)(":memory:")
    other.execute("CREATE TABLE orders (id); CREATE VIEW customers AS SELECT 1; PRAGMA user_version = 9")
    db._database._ours = True
    db._connection.execute("ROLLBACK")
    db._connection.deserialize("main", other.serialize("main"))
    db._connection.execute("BEGIN")
    return {}


@attack(
    "patch the builtins",
    held_by=["own process"],
    ends=["answer", "TypeError", "lost:crash", "lost:protocol"],
    shown="inprocess",
)
def patch_builtins(db: Db):
    builtins.left_by_an_attack = True
    builtins.len = lambda _: 0
    return {}


@attack("patch what writes the replies", held_by=["own process", "host"], ends=["lost:protocol"], shown="raw")
def patch_the_checks(db: Db):
    false = frame(b'{"n": 1, "i": 0, "outcome": {"calls": [[]], "changes": []}}')
    sys.modules["sandbox.child"].encode = lambda *_, **__: false
    return {}


@attack("close every descriptor", held_by=["own process"], ends=["lost:crash"], shown="bare")
def close_descriptors(db: Db):
    os.closerange(0, 256)
    os.fstat(1)


@attack("end the process", held_by=["own process"], ends=["lost:crash"], shown="inprocess")
def end_the_process(db: Db):
    os._exit(3)


@attack("crash by a null pointer", held_by=["own process"], ends=["lost:crash"], shown="inprocess")
def crash(db: Db):
    ctypes.string_at(0)


@attack("exhaust the C stack", held_by=["own process"], ends=["lost:crash", "RecursionError"], shown="inprocess")
def exhaust_the_stack(db: Db):
    sys.setrecursionlimit(1 << 30)
    nested = []
    for _ in range(150_000):
        nested = [nested]
    return {"text": len(repr(nested))}


@attack("exception that cannot be shown", held_by=["worker"], ends=["Evil"], shown="bare")
def evil_text(db: Db):
    class Evil(Exception):
        def __str__(self):
            raise SystemExit(9)

        __repr__ = __str__

    raise Evil


@attack("exception that says it is an answer", held_by=["worker"], ends=["Wrapped"], shown="bare")
def false_kind(db: Db):
    class Wrapped(BaseException):
        @property
        def __class__(self):
            return ToolError

    raise Wrapped


@attack("SystemExit", held_by=["worker"], ends=["SystemExit"], shown="bare")
def exit_the_interpreter(db: Db):
    raise SystemExit(9)


@attack("KeyboardInterrupt", held_by=["worker"], ends=["KeyboardInterrupt"], shown="bare")
def interrupt(db: Db):
    raise KeyboardInterrupt


@attack("result that acts when it is looked at", held_by=["worker"], ends=["NotPlain"], shown="bare")
def acting_result(db: Db):
    class Rows(dict):
        def items(self):
            raise SystemExit(9)

        __iter__ = keys = values = items

    return json.loads(json.dumps(Rows(a=1))) if db is None else Rows(a=1)


@attack("handler of a signal that raises later", held_by=["own process"], ends=["answer"], shown="inprocess")
def leave_a_handler(db: Db):
    def late(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGXCPU, late)
    signal.signal(signal.SIGUSR1, late)
    json.left_by_an_attack = True
    return {}


@attack(
    "trace function that raises in the worker",
    held_by=["own process"],
    ends=["lost:crash", "KeyboardInterrupt", "lost:protocol"],
    shown="bare",
)
def trace_the_worker(db: Db):
    def late(*_):
        raise KeyboardInterrupt

    sys.settrace(late)
    at = sys._getframe()
    while at is not None:
        at.f_trace = late
        at = at.f_back
    return {}
