"""Endless work: loops, slow queries, sleep"""


@attack("loop in Python with every signal ignored", held_by=["deadline"], ends=["lost:deadline"], shown="endless")
def loop_forever(db: Db):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    while True:
        pass


@attack("loop and swallow every exception", held_by=["deadline"], ends=["lost:deadline"], shown="endless")
def loop_and_swallow(db: Db):
    while True:
        try:
            raise KeyboardInterrupt
        except BaseException:
            continue


@attack("regular expression that backtracks in C", held_by=["deadline"], ends=["lost:deadline"], shown="endless")
def backtrack(db: Db):
    return {"found": bool(re.match(r"(a+)+$", "a" * 64 + "b"))}


@attack("query without an end", held_by=["deadline"], ends=["lost:deadline"], shown="endless")
def query_forever(db: Db):
    return db.one("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS i FROM n")


@attack("sleep", held_by=["deadline"], ends=["lost:deadline"], shown="endless")
def sleep_forever(db: Db):
    pause(3600)


@attack("multiply numbers of a hundred million bits", held_by=["deadline"], ends=["lost:deadline"], shown="endless")
def multiply(db: Db):
    large = 7 ** (1 << 24)
    while True:
        large * large


@attack("handler for the limit of processor time", held_by=["deadline"], ends=["lost:deadline"], shown="endless")
def outlive(db: Db):
    signal.signal(signal.SIGXCPU, lambda *_: None)
    while True:
        pass
