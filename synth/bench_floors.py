"""Floors that are processes: a bare socket's other end, and children that only sleep or spin, in plain Python.

Each is what the operating system and the interpreter take for the same kind of work when nothing is isolated,
checked or recorded.
"""

from __future__ import annotations

import select
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from .errors import CannotMeasure

_PYTHON = (sys.executable, "-I", "-S", "-c")
_CHUNK = 1 << 16
_ECHO = """
import socket, sys
sock = socket.socket(fileno=int(sys.argv[1]))
reply = b"x" * int(sys.argv[2])
while sock.recv(65536):
    sock.sendall(reply)
"""
_SLEEPERS = """
import os, sys, time
children = []
for _ in range(int(sys.argv[1])):
    pid = os.fork()
    if pid == 0:
        time.sleep(60)
        os._exit(0)
    children.append(pid)
print(*children, flush=True)
sys.stdin.read()
for pid in children:
    os.kill(pid, 9)
    os.waitpid(pid, 0)
"""
_SPINNER = "print(flush=True)\nwhile True: pass"


class BareSocket:
    """A child process that answers every message on a unix socket at once; a context manager.

    Args:
        request: Bytes of a message to it.
        reply: Bytes of its answer.
    """

    def __init__(self, request: int, reply: int) -> None:
        self._request = b"x" * request
        self._reply = reply
        self._sock, theirs = socket.socketpair()
        try:
            command = [*_PYTHON, _ECHO, str(theirs.fileno()), str(reply)]
            self._process = subprocess.Popen(command, pass_fds=(theirs.fileno(),))
        except BaseException:
            self._sock.close()
            raise
        finally:
            theirs.close()

    def trip(self) -> None:
        """There and back."""
        self._sock.sendall(self._request)
        left = self._reply
        while left:
            left -= len(self._sock.recv(_CHUNK))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.close()  # the child ends with it
        self._process.wait()


def sleeping_child_memory(count: int) -> float:
    """Private MB of a forked child of a bare interpreter that only sleeps, the mean of `count` of them."""
    with subprocess.Popen(
        [*_PYTHON, _SLEEPERS, str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        children = [int(pid) for pid in parent.stdout.readline().split()]
        return private_memory(children) / count


def private_memory(pids: list[int]) -> float:
    """The MB that processes share with no other, summed.

    Raises:
        PermissionError: One of them is another user's, and this one is not root.
    """
    kilobytes = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except (FileNotFoundError, ProcessLookupError):  # one that was kept ready may end at any time
            continue
        kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))
    return kilobytes / 1024


def cgroup_memory(pid: int) -> float:
    """The MB that the control group of a process is charged with, kernel memory included; anybody may look.

    Raises:
        CannotMeasure: Its group is not where it is expected.
    """
    for line in Path(f"/proc/{pid}/cgroup").read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers in ("", "memory"):  # version 2, version 1
            folder = Path("/sys/fs/cgroup") / controllers / path.lstrip("/")
            for usage in (folder / "memory.current", folder / "memory.usage_in_bytes"):
                if usage.is_file():
                    return int(usage.read_text(encoding="ascii")) / (1 << 20)
    raise CannotMeasure("neither the memory of episodes nor that of their container is shown to this user; run as root")


def kill_after(seconds: float) -> float:
    """Seconds from a deadline until a bare spinning child has been sent its end."""
    process = subprocess.Popen([*_PYTHON, _SPINNER], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        started = time.perf_counter()
        select.select([], [], [], seconds)
        process.kill()
        return time.perf_counter() - started - seconds


def running() -> dict[int, int]:
    """Every process that this one sees, with its parent."""
    found: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:  # it has ended meanwhile
                continue
            found[int(folder.name)] = int(status.rpartition(")")[2].split()[1])
    return found
