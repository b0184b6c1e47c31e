"""Floods: answers that cost the host memory or time"""


def flood(value):
    start, end = json.dumps(answer({"value": 0})).encode().split(b"0}", 1)
    many = ((6 << 20) // (len(value) + 1)) * (value + b",")
    send(frame(start + b"[" + many + b"0]}" + end))


@attack("print flood", held_by=["descriptors"], ends=["answer"], shown="process", without=["descriptors"])
def print_flood(db: Db):
    lost = os.fstat(2).st_rdev == os.makedev(1, 3)
    for number in (1, 2):
        for _ in range(100 if lost else 0):
            os.write(number, b"x" * 65536)
    return {} if lost else {"done": True}


@attack("result of a hundred megabytes", held_by=["rlimits", "worker"], ends=["MemoryError", "TooLarge"], shown="bare")
def large_result(db: Db):
    return {"text": "x" * (100 << 20)}


@attack("result of twenty megabytes", held_by=["worker"], ends=["TooLarge"], shown="bare")
def larger_than_taken(db: Db):
    return {"text": "x" * (20 << 20)}


@attack("frame of twenty megabytes", held_by=["host"], ends=["lost:protocol"], shown="raw")
def large_frame(db: Db):
    send(frame(b" " * (20 << 20)))


@attack("millions of empty objects", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def empty_objects(db: Db):
    flood(b"{}")


@attack("millions of empty lists", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def empty_lists(db: Db):
    flood(b"[]")


@attack("millions of small rows", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def small_rows(db: Db):
    flood(b'{"a":0}')


@attack("millions of numbers", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def numbers(db: Db):
    flood(b"1.5")


@attack("one key a million times", held_by=["host"], ends=["lost:protocol"], shown="raw naive")
def one_key_often(db: Db):
    start, end = json.dumps(answer({})).encode().split(b"{}", 1)
    pairs = b'"a":{},' * 1_000_000
    send(frame(start + b"{" + pairs + b'"b":0}' + end))


@attack("never read what the host sends", held_by=["deadline"], ends=["lost:deadline"], shown="endless")
def never_read(db: Db):
    while True:
        pause(1)
