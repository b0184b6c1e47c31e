"""Memory: bombs of every kind

docker: one limit for all episodes together
bwrap: no limit for all episodes together
process: no limit for all episodes together
"""

SIZE = 128 << 20


@attack("bytes", held_by=["rlimits"], ends=["MemoryError"], shown="docker", without=["rlimits"])
def many_bytes(db: Db):
    return {"done": len(bytearray(SIZE))}


@attack("anonymous mapping", held_by=["rlimits"], ends=["OSError"], shown="docker", without=["rlimits"])
def map_memory(db: Db):
    with mmap.mmap(-1, SIZE) as held:
        return {"done": len(held)}


@attack(
    "a blob that SQL makes",
    held_by=["rlimits"],
    ends=["MemoryError", "NoMemError"],
    shown="docker",
    without=["rlimits"],
)
def blob_of_sql(db: Db):
    db._connection.limit(0, 1 << 30)  # of a value's length; it is the tool's to raise
    return {"done": db.one(f"SELECT length(hex(zeroblob({SIZE // 2}))) AS n")["n"] > 0}


@attack("rows", held_by=["rlimits"], ends=["MemoryError", "NoMemError"], shown="docker", without=["rlimits"])
def many_rows(db: Db):
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 128)"
    return {"done": len(db.rows(f"{numbers} SELECT printf('%.*c', 1000000, 'x') AS wide FROM n"))}


@attack("decompression bomb", held_by=["rlimits"], ends=["MemoryError"], shown="docker", without=["rlimits"])
def decompress(db: Db):
    press = zlib.compressobj(1)
    block = bytes(1 << 20)
    small = b"".join(press.compress(block) for _ in range(SIZE >> 20)) + press.flush()
    return {"done": len(zlib.decompress(small)) == SIZE}


@attack(
    "more room for itself",
    held_by=["seccomp"],
    ends=["ValueError", "PermissionError"],
    shown="docker",
    without=["seccomp"],
)
def raise_the_limit(db: Db):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 32), hard))
    return {"done": resource.getrlimit(resource.RLIMIT_NOFILE)[0]}


@attack(
    "memory that cannot be swapped",
    held_by=["seccomp"],
    ends=["PermissionError"],
    shown="process",
    without=["seccomp", "rlimits"],
)
def lock_memory(db: Db):
    return reached("mlock", 4096, 4096)


@attack("shared memory of System V", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def shared_memory(db: Db):
    return reached("shmget", 0, 1 << 50, 0o1000)  # more than there can be: nothing is made


@attack("a thousand open descriptors", held_by=["rlimits"], ends=["OSError"], shown="docker", without=["rlimits"])
def many_descriptors(db: Db):
    held = [os.dup(0) for _ in range(200)]
    for descriptor in held:
        os.close(descriptor)
    return {"done": len(held)}


@attack(
    "make another the victim of the memory limit",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp", "landlock", "rlimits"],
)
def spare_itself(db: Db):
    path = "/proc/self/oom_score_adj"
    descriptor = os.open(path, os.O_WRONLY)
    os.write(descriptor, b"1000")
    return {"done": True}


@attack("recursion", held_by=["own process"], ends=["RecursionError"], shown="bare")
def recurse(db: Db):
    return recurse(db)
