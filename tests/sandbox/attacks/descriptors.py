"""Descriptors: what a child inherits"""


@attack(
    "an inherited descriptor",
    held_by=["descriptors"],
    ends=["PermissionError"],
    shown="docker",
    without=["descriptors"],
)
def inherited(db: Db):
    kinds = [os.fstat(number) for number in range(64) if is_open(number)]
    sockets = sum(stat.S_ISSOCK(kind.st_mode) for kind in kinds)
    nulls = sum(stat.S_ISCHR(kind.st_mode) and kind.st_rdev == os.makedev(1, 3) for kind in kinds)
    if (sockets, nulls, len(kinds)) == (1, 3, 4):
        raise PermissionError(errno.EPERM, "there is one socket and nothing else")
    return {"done": [sockets, nulls, len(kinds)]}


@attack(
    "speak to the host as the supervisor",
    held_by=["descriptors"],
    ends=["PermissionError"],
    shown="docker",
    without=["descriptors"],
)
def speak_as_the_supervisor(db: Db):
    mine = own().fileno()
    for number in range(3, 64):
        if number != mine and is_open(number) and stat.S_ISSOCK(os.fstat(number).st_mode):
            return {"done": os.write(number, b"") == 0}
    raise PermissionError(errno.EPERM, "there is no other socket")


@attack(
    "open a descriptor again for writing",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp", "landlock"],
)
def open_again(db: Db):
    return {"done": os.open("/proc/self/fd/0", os.O_RDWR) >= 0}


@attack(
    "open a descriptor again for reading",
    held_by=["landlock"],
    ends=["PermissionError"],
    shown="docker",
    without=["landlock"],
)
def read_again(db: Db):
    return {"done": os.open("/proc/self/fd/0", os.O_RDONLY) >= 0}


@attack(
    "change how a shared descriptor behaves",
    held_by=["seccomp"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp"],
)
def change_flags(db: Db):
    flags = fcntl.fcntl(0, fcntl.F_GETFL)
    fcntl.fcntl(0, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    return {"done": True}


@attack(
    "end a supervisor by what it prints",
    held_by=["descriptors"],
    ends=["PermissionError"],
    shown="process",
    without=["descriptors"],
)
def write_errors(db: Db):
    if os.fstat(2).st_rdev == os.makedev(1, 3):
        raise PermissionError(errno.EPERM, "standard error leads nowhere")
    return {"done": True}
