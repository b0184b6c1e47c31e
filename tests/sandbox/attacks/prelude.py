"""What the attacks share. The files of this folder are one `tools.py` together, this one first.

Each attack is a tool under `@attack(name, held_by=, ends=, shown=, without=)`, which the test reads and the sandbox
ignores: `held_by` which defences hold it, `ends` how it may end where it is held, `shown` and `without` where and
without which defences it is shown to work; there it returns `{"done": what it achieved}`.

`PORT`, `UNIX`, `ABSTRACT` and `MARKS` are put before this file by the test. Nothing here is imported by it.
"""

import builtins
import ctypes
import errno
import fcntl
import gc
import hashlib
import json
import mmap
import os
import platform
import random
import re
import resource
import select
import signal
import socket
import stat
import struct
import subprocess
import sys
import textwrap
import threading
import time
import zlib
from pathlib import Path

from environments import Db, ToolError

LIBC = ctypes.CDLL(None, use_errno=True)
SUPERVISOR = os.getppid()
SEEN = []

NUMBERS = {  # system calls: x86-64, aarch64
    "add_key": (248, 217),
    "bpf": (321, 280),
    "capset": (126, 91),
    "chroot": (161, 51),
    "clone": (56, 220),
    "clone3": (435, 435),
    "epoll_create1": (291, 20),
    "eventfd2": (290, 19),
    "execve": (59, 221),
    "execveat": (322, 281),
    "fanotify_init": (300, 262),
    "inotify_init1": (294, 26),
    "io_uring_setup": (425, 425),
    "ioprio_set": (251, 30),
    "kcmp": (312, 272),
    "keyctl": (250, 219),
    "landlock_create_ruleset": (444, 444),
    "memfd_create": (319, 279),
    "mknodat": (259, 33),
    "mlock": (149, 228),
    "mount": (165, 40),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "open_by_handle_at": (304, 265),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pivot_root": (155, 41),
    "prctl": (157, 167),
    "prlimit64": (302, 261),
    "process_madvise": (440, 440),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "recvmsg": (47, 212),
    "rt_sigqueueinfo": (129, 138),
    "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119),
    "seccomp": (317, 277),
    "semget": (64, 190),
    "sendmsg": (46, 211),
    "setitimer": (38, 103),
    "setns": (308, 268),
    "setpriority": (141, 140),
    "setrlimit": (160, 164),
    "setsid": (112, 157),
    "setuid": (105, 146),
    "shmget": (29, 194),
    "syslog": (103, 116),
    "tgkill": (234, 131),
    "timer_create": (222, 107),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}


def attack(*_, **__):
    return lambda tool: tool


def call(name, *arguments):
    """A system call, past every library."""
    number = NUMBERS[name][platform.machine() == "aarch64"]
    given = [ctypes.c_long(item) if isinstance(item, int) else item for item in arguments]
    answer = LIBC.syscall(ctypes.c_long(number), *given)
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return answer


def reached(name, *arguments):
    """Whether the kernel got as far as to look at the arguments; raises when the call itself is refused."""
    try:
        return {"done": f"{name} gave {call(name, *arguments)}"}
    except OSError as error:
        if error.errno in (errno.EPERM, errno.EACCES, errno.ENOSYS):
            raise
        return {"done": f"{name} looked at its arguments: {error.strerror}"}


def contained():
    """Refuse to harm where other processes than those of this sandbox could be hit."""
    if SUPERVISOR != 1:
        raise RuntimeError("this is not a process namespace of its own, so nothing is done")


def pause(seconds):
    """Really wait: what `time.sleep` does inside is the clock's affair."""
    select.select([], [], [], seconds)


def own():
    """The episode's only connection."""
    return next(item for item in gc.get_objects() if isinstance(item, socket.socket) and is_open(item.fileno()))


def frame(body):
    return struct.pack(">I", len(body)) + body


def send(*parts):
    """Send bytes in place of an answer, and never give that one."""
    connection = own()
    connection.settimeout(None)
    for part in parts:
        connection.sendall(part)
    while True:
        pause(1)


def siblings():
    """Other episodes' processes, as /proc lists them."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) not in (1, os.getpid())]


def first_bytes(pid):
    """Some bytes of a process's memory."""
    region = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").split("-")[0]
    with open(f"/proc/{pid}/mem", "rb") as memory:
        memory.seek(int(region, 16))
        return memory.read(4)


def disarm(db: Db):
    """Take the database's own defences away, as a tool can: its process is what holds it."""
    connection = db._connection
    connection.authorizer = None
    connection.limit(7, 10)  # SQLITE_LIMIT_ATTACHED
    connection.enable_load_extension(True)
    return {}


def mark(db: Db):
    """What the neighbour has kept."""
    db.run("UPDATE orders SET total = 4242 WHERE id = 10")
    db.run("INSERT INTO notes VALUES ('of the neighbour', x'01')")
    SEEN.append("neighbour")
    return {}


def state(db: Db):
    """All that an episode finds: its rows, and what others could have left."""
    tables = ("customers", "orders", "notes", "codes", "links")
    rows = {name: db.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in tables}
    text = repr(rows).encode()
    return {
        "rows": {name: len(found) for name, found in rows.items()},
        "digest": hashlib.sha256(text).hexdigest(),
        "schema": [row["name"] for row in db.rows("SELECT name FROM sqlite_schema ORDER BY name")],
        "temp": db.rows("SELECT name FROM sqlite_temp_schema"),
        "seen": list(SEEN),
        "attribute": hasattr(json, "left_by_an_attack"),
        "builtin": [len("four"), str(3), hasattr(builtins, "left_by_an_attack")],
        "environment": sorted(os.environ),
        "files": [os.path.lexists(f"{folder}/groundrow-was-here") for folder in (MARKS, "/tmp", "/dev/shm", "/", ".")],
        "descriptors": sum(1 for number in range(3, 64) if is_open(number)),
        "handler": str(signal.getsignal(signal.SIGXCPU)),
        "random": random.random(),
    }


def is_open(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
