"""Replies: what is no answer"""


def answer(result, n=1, **more):
    call = {"step": "", "tool": "forged", "args": {}, "result": result, "changes": []}
    return {"n": n, "i": 0, "outcome": {"calls": [call], "changes": []}, **more}


def written(message):
    return frame(json.dumps(message).encode())


@attack("answer with another number", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def other_number(db: Db):
    send(written(answer({}, n=2)))


@attack("two answers to one question", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def two_answers(db: Db):
    send(written(answer({})) + written(answer({}, n=2)))


@attack("more calls than were asked for", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def more_calls(db: Db):
    forged = answer({})
    forged["outcome"]["calls"] *= 2
    send(written(forged))


@attack("a call without its parts", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def call_without_parts(db: Db):
    send(written({"n": 1, "i": 0, "outcome": {"calls": [{}], "changes": []}}))


@attack("NaN", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def nan(db: Db):
    send(written(answer({"value": float("nan")})))


@attack("number beyond every float", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def infinite(db: Db):
    send(frame(json.dumps(answer({"value": 0})).replace(": 0}", ": 1e999}", 1).encode()))


@attack("10 ** 4000", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def huge_number(db: Db):
    send(written(answer({"value": 10**4000})))


@attack("sixteen million digits", held_by=["host"], ends=["lost:protocol"], shown="raw")
def many_digits(db: Db):
    send(frame(b"[" + b"1" * ((16 << 20) - 2) + b"]"))


@attack("half of a surrogate pair", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def surrogate(db: Db):
    send(written(answer({"value": "\ud800"})))


@attack("half of a surrogate pair as a key", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def surrogate_key(db: Db):
    send(written(answer({"\udc00": 1})))


@attack("nine hundred levels", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def deep(db: Db):
    send(frame(json.dumps(answer({"value": 0})).replace(": 0}", ": " + "[" * 900 + "]" * 900 + "}", 1).encode()))


@attack("sixteen million brackets", held_by=["host"], ends=["lost:protocol"], shown="raw")
def brackets(db: Db):
    send(frame(b"[" * (16 << 20)))


@attack("bytes that are no text", held_by=["host"], ends=["lost:protocol"], shown="raw")
def no_text(db: Db):
    send(frame(b"\xff\xfe\x00"))


@attack("the image of a database as a reply", held_by=["host"], ends=["lost:protocol"], shown="raw")
def image_as_a_reply(db: Db):
    send(frame(bytes(db._connection.serialize("main"))))


@attack("length of four gigabytes", held_by=["host"], ends=["lost:protocol"], shown="raw")
def false_length(db: Db):
    send(b"\xff" * 64)


@attack("end inside a message", held_by=["host"], ends=["lost:protocol", "lost:crash"], shown="raw")
def cut_short(db: Db):
    own().sendall(b"\0\0\0\x40[")
    os._exit(0)


@attack("one byte at a time", held_by=["deadline"], ends=["lost:deadline"], shown="endless bytes")
def byte_by_byte(db: Db):
    connection = own()
    connection.settimeout(None)
    for byte in written(answer({"text": "x" * 10_000})):
        connection.sendall(bytes([byte]))
        pause(0.01)


@attack("answer without an end", held_by=["deadline"], ends=["lost:deadline"], shown="endless bytes")
def without_an_end(db: Db):
    connection = own()
    connection.settimeout(None)
    connection.sendall((16 << 20).to_bytes(4, "big"))
    while True:
        connection.sendall(b" ")
        pause(0.001)


@attack("empty frames without an end", held_by=["host"], ends=["lost:protocol"], shown="raw")
def empty_frames(db: Db):
    connection = own()
    connection.settimeout(None)
    while True:
        connection.sendall(bytes(4096))


@attack("program that reports the loss of its transaction", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def false_loss(db: Db):
    send(written({"n": 1, "lost": "\x1b[2J\x1b]0;owned\x07 it is gone"}))


@attack("the image of a database in a result", held_by=["worker"], ends=["NotPlain"], shown="bare")
def image_in_a_result(db: Db):
    return {"image": b"SQLite format 3" if db is None else bytes(db._connection.serialize("main"))}
