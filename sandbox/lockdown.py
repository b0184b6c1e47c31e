"""What a process gives up before it runs code that nobody has reviewed.

Limits on resources, another user when we are root, Landlock (files: the given
folders, for reading), and a seccomp list of allowed system calls; everything
else answers EPERM, so that code which probes for a feature gets an ordinary
error. There is no way back, and no starting of processes, threads, programs or
connections afterwards.

The filter and the ruleset are prepared once (`Lockdown`), before any fork;
`apply` is a few system calls. It is written for x86-64 and aarch64 Linux.

Standard library only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

NOBODY = 65534

# What `Lockdown` may be told to leave out: by tests only, which show that an attack works where its defence is off.
DEFENCES = ("rlimits", "user", "landlock", "seccomp", "descriptors", "oom")

# A child starts with what its supervisor has, and ends with a few; this is more than the supervisor ever has.
_DESCRIPTORS = 64

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2

_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_LANDLOCK_VERSION = 1
_RULE_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# What others installed beside the standard library; apsw, which may be in there, is in memory already.
_INSTALLED = frozenset({"dist-packages", "site-packages"})

_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_KILL = 0x80000000


class _Arch(NamedTuple):
    audit: int
    calls: dict[str, int]


# Linux system call numbers: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
_ARCHES = {
    "x86_64": _Arch(
        0xC000003E,
        {
            "read": 0,
            "write": 1,
            "open": 2,
            "close": 3,
            "stat": 4,
            "fstat": 5,
            "lstat": 6,
            "poll": 7,
            "lseek": 8,
            "mmap": 9,
            "mprotect": 10,
            "munmap": 11,
            "brk": 12,
            "rt_sigaction": 13,
            "rt_sigprocmask": 14,
            "rt_sigreturn": 15,
            "ioctl": 16,
            "pread64": 17,
            "readv": 19,
            "writev": 20,
            "access": 21,
            "select": 23,
            "sched_yield": 24,
            "mremap": 25,
            "madvise": 28,
            "dup": 32,
            "nanosleep": 35,
            "getpid": 39,
            "sendto": 44,
            "recvfrom": 45,
            "exit": 60,
            "uname": 63,
            "fcntl": 72,
            "getcwd": 79,
            "readlink": 89,
            "gettimeofday": 96,
            "getrlimit": 97,
            "getrusage": 98,
            "sysinfo": 99,
            "times": 100,
            "getuid": 102,
            "getgid": 104,
            "geteuid": 107,
            "getegid": 108,
            "getppid": 110,
            "sigaltstack": 131,
            "statfs": 137,
            "fstatfs": 138,
            "gettid": 186,
            "time": 201,
            "futex": 202,
            "sched_getaffinity": 204,
            "getdents64": 217,
            "restart_syscall": 219,
            "clock_gettime": 228,
            "clock_getres": 229,
            "clock_nanosleep": 230,
            "exit_group": 231,
            "openat": 257,
            "newfstatat": 262,
            "readlinkat": 267,
            "faccessat": 269,
            "pselect6": 270,
            "ppoll": 271,
            "prlimit64": 302,
            "getrandom": 318,
            "membarrier": 324,
            "statx": 332,
            "rseq": 334,
            "clone3": 435,
            "openat2": 437,
            "faccessat2": 439,
        },
    ),
    "aarch64": _Arch(
        0xC00000B7,
        {
            "getcwd": 17,
            "dup": 23,
            "fcntl": 25,
            "ioctl": 29,
            "statfs": 43,
            "fstatfs": 44,
            "faccessat": 48,
            "openat": 56,
            "close": 57,
            "getdents64": 61,
            "lseek": 62,
            "read": 63,
            "write": 64,
            "readv": 65,
            "writev": 66,
            "pread64": 67,
            "pselect6": 72,
            "ppoll": 73,
            "readlinkat": 78,
            "newfstatat": 79,
            "fstat": 80,
            "exit": 93,
            "exit_group": 94,
            "futex": 98,
            "nanosleep": 101,
            "clock_gettime": 113,
            "clock_getres": 114,
            "clock_nanosleep": 115,
            "sched_getaffinity": 123,
            "sched_yield": 124,
            "restart_syscall": 128,
            "sigaltstack": 132,
            "rt_sigaction": 134,
            "rt_sigprocmask": 135,
            "rt_sigreturn": 139,
            "times": 153,
            "uname": 160,
            "getrlimit": 163,
            "getrusage": 165,
            "gettimeofday": 169,
            "getpid": 172,
            "getppid": 173,
            "getuid": 174,
            "geteuid": 175,
            "getgid": 176,
            "getegid": 177,
            "gettid": 178,
            "sysinfo": 179,
            "sendto": 206,
            "recvfrom": 207,
            "brk": 214,
            "munmap": 215,
            "mremap": 216,
            "mmap": 222,
            "mprotect": 226,
            "madvise": 233,
            "prlimit64": 261,
            "getrandom": 278,
            "membarrier": 283,
            "statx": 291,
            "rseq": 293,
            "clone3": 435,
            "openat2": 437,
            "faccessat2": 439,
        },
    ),
}
# Answered ENOSYS: glibc tries these first and falls back to a call that is judged by its arguments.
_ABSENT = ("clone3", "openat2")
# Opening for reading only: of all flags of `open` these change, make or name something.
_WRITING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | 0x400000  # the last is O_TMPFILE
_FLAGS_ARGUMENT = {"open": 1, "openat": 2}
# All that `send` and `recv` of a stream need. Out-of-band bytes of unix sockets, for one, were a way out of a sandbox
# that allowed them (CVE-2025-38236).
_MESSAGE_CALLS = ("sendto", "recvfrom")
_MESSAGE_FLAGS = 0x40 | 0x4000  # MSG_DONTWAIT, MSG_NOSIGNAL
# Duplicate, and read or set flags. F_SETOWN and F_SETSIG are left out: they can signal another process.
_FCNTL = (0, 1, 2, 3, 1030)
# TCGETS (isatty), FIONBIO (timeouts), FIOCLEX and FIONCLEX (inheritance), FIONREAD.
_IOCTL = (0x5401, 0x5421, 0x5451, 0x5450, 0x541B)


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


class Bounds(NamedTuple):
    """Resource limits of one locked-down process.

    Attributes:
        memory: Bytes of address space beyond what the supervisor has when a world is loaded.
        cpu_seconds: Processor time in all; the backstop for a host that stopped watching.
    """

    memory: int
    cpu_seconds: int


def missing() -> list[str]:
    """What this machine lacks for a lock-down, as names; empty when it can be done."""
    if platform.system() != "Linux":
        return ["Linux"]
    lacking = []
    if platform.machine() not in _ARCHES:
        lacking.append(f"a system call table for {platform.machine()!r}")
    libc = ctypes.CDLL(None, use_errno=True)
    # A null filter answers EFAULT where filters are known, EINVAL where they are not.
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, None, 0, 0) != -1 or ctypes.get_errno() != errno.EFAULT:
        lacking.append("seccomp filters")
    if _landlock_version(libc) < 1:
        lacking.append("Landlock")
    return lacking


class Lockdown:
    """A prepared lock-down.

    Args:
        readable: Folders whose files stay readable, except for those of third parties directly inside.
        bounds: Resource limits.
        user: The user and group id to become, or None to stay.
        without: Defences to leave out, of `DEFENCES`.

    Raises:
        OSError: The kernel refuses; `missing` says what it lacks.
        ValueError: `without` names what is no defence.
    """

    def __init__(
        self, readable: Sequence[str], bounds: Bounds, user: int | None, without: Collection[str] = ()
    ) -> None:
        unknown = sorted(set(without) - set(DEFENCES))
        if unknown:
            raise ValueError(f"there is no defence {unknown[0]!r}; the defences are: {', '.join(DEFENCES)}")
        self._on = frozenset(DEFENCES) - set(without)
        libc = ctypes.CDLL(None, use_errno=True)
        self._prctl, self._syscall = libc.prctl, libc.syscall
        self._bounds = bounds
        self._user = user
        self._code = _filter(_ARCHES[platform.machine()])
        self._buffer = ctypes.create_string_buffer(self._code, len(self._code))
        self._program = _FilterProgram(len(self._code) // 8, ctypes.addressof(self._buffer))
        self._ruleset = _ruleset(libc, readable)

    def apply(self, keep: Sequence[int], parent: int) -> None:
        """Lock this process down; only the descriptors `keep` and three that lead to /dev/null stay open.

        Args:
            keep: The descriptors that stay open.
            parent: The process whose end must end this one.
        """
        if "descriptors" in self._on:
            self._close_descriptors(keep)
        if "oom" in self._on:
            # A memory limit that is reached must cost this process and not the supervisor.
            _write("/proc/self/oom_score_adj", b"1000")
        if "rlimits" in self._on:
            self._limit_resources()
        if self._user is not None and "user" in self._on:
            os.setgroups([])
            os.setresgid(self._user, self._user, self._user)
            os.setresuid(self._user, self._user, self._user)
        self._check(self._prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))  # after setuid, which clears it
        if os.getppid() != parent:
            raise ProcessLookupError("the supervisor is gone")
        self._check(self._prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        if "landlock" in self._on:
            self._check(self._syscall(_LANDLOCK_RESTRICT_SELF, self._ruleset, 0))
        os.close(self._ruleset)
        if "seccomp" in self._on:
            self._check(
                self._prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(self._program), 0, 0),
            )

    def _close_descriptors(self, keep: Sequence[int]) -> None:
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(3):
            os.dup2(null, descriptor)
        after = 3
        for descriptor in sorted({*keep, self._ruleset}):
            if descriptor > after:
                os.closerange(after, descriptor)
            after = descriptor + 1
        os.closerange(after, _DESCRIPTORS)

    def prepare(self) -> None:
        """Set the limits that this process may have as well, so that no child has to: they are inherited."""
        if "rlimits" not in self._on:
            return
        for kind, most in (
            (resource.RLIMIT_AS, _address_space() + self._bounds.memory),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NOFILE, _DESCRIPTORS),
            (resource.RLIMIT_MEMLOCK, 0),
        ):
            resource.setrlimit(kind, (most, most))

    def _limit_resources(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        # At the soft limit a signal that names the reason, at the hard one, for who ignores that, the end.
        resource.setrlimit(resource.RLIMIT_CPU, (self._bounds.cpu_seconds, self._bounds.cpu_seconds + 1))

    def _check(self, answer: int) -> None:
        _check(answer)


def _write(path: str, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, content)
    finally:
        os.close(descriptor)


def _address_space() -> int:
    """Bytes of address space that this process has."""
    descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        return int(os.read(descriptor, 100).split()[0]) * resource.getpagesize()
    finally:
        os.close(descriptor)


def _check(answer: int) -> int:
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return answer


def _landlock_version(libc: ctypes.CDLL) -> int:
    return int(libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_VERSION))


def _ruleset(libc: ctypes.CDLL, readable: Sequence[str]) -> int:
    """A Landlock ruleset that handles all the kernel knows and allows reading below `readable`."""
    version = _landlock_version(libc)
    files = (1 << 13) - 1
    for since, bit in ((2, 13), (3, 14), (5, 15)):
        if version >= since:
            files |= 1 << bit
    network = 0b11 if version >= 4 else 0
    scoped = 0b11 if version >= 6 else 0
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    attributes = ctypes.create_string_buffer(struct.pack("=QQQ", files, network, scoped)[:size], size)
    ruleset = _check(libc.syscall(_LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(size), 0))
    for folder in readable:
        for path, rights in _readable(Path(folder)):
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
            rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, descriptor), 12)
            _check(libc.syscall(_LANDLOCK_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0))
            os.close(descriptor)
    return ruleset


def _readable(folder: Path) -> list[tuple[Path, int]]:
    """What is to be allowed so that `folder` can be read but not what is installed in it; names can be listed."""
    parts = list(folder.iterdir())
    if _INSTALLED.isdisjoint(part.name for part in parts):
        return [(folder, _READ_FILE | _READ_DIR)]
    inside = [part for part in parts if part.name not in _INSTALLED and part.exists()]
    return [(folder, _READ_DIR), *((part, _READ_FILE | (_READ_DIR if part.is_dir() else 0)) for part in inside)]


def _filter(arch: _Arch) -> bytes:
    """The allow-list as a classic BPF program over `struct seccomp_data`."""
    calls = arch.calls
    special = {"prlimit64", "fcntl", "ioctl", *_FLAGS_ARGUMENT, *_MESSAGE_CALLS, *_ABSENT}
    code = [_load(4), _jump_equal(arch.audit, 1, 0), _return(_KILL), _load(0)]
    for name in calls:
        if name not in special:
            code += _when(calls[name], [_return(_ALLOW)])
    for name in _ABSENT:
        code += _when(calls[name], [_return(_ERRNO | errno.ENOSYS)])
    for name, argument in _FLAGS_ARGUMENT.items():
        if name in calls:
            check = [_load(_low(argument)), _jump_set(_WRITING_FLAGS, 0, 1), _return(_ERRNO | errno.EPERM)]
            code += _when(calls[name], [*check, _return(_ALLOW)])
    for name in _MESSAGE_CALLS:
        check = [_load(_low(3)), _jump_set(0xFFFFFFFF & ~_MESSAGE_FLAGS, 5, 0)]
        check += [_load(_low(4)), _jump_equal(0, 0, 3), _load(_low(4) + 4), _jump_equal(0, 0, 1), _return(_ALLOW)]
        code += _when(calls[name], [*check, _return(_ERRNO | errno.EPERM)])
    for name, allowed in (("fcntl", _FCNTL), ("ioctl", _IOCTL)):
        check = [_load(_low(1))]
        for command in allowed:
            check += [_jump_equal(command, 0, 1), _return(_ALLOW)]
        code += _when(calls[name], [*check, _return(_ERRNO | errno.EPERM)])
    # prlimit64(0, what, NULL, old) reads one's own limits; anything else could set a neighbour's.
    own = [_load(_low(0)), _jump_equal(0, 0, 5)]
    own += [_load(_low(2)), _jump_equal(0, 0, 3), _load(_low(2) + 4), _jump_equal(0, 0, 1), _return(_ALLOW)]
    code += _when(calls["prlimit64"], [*own, _return(_ERRNO | errno.EPERM)])
    code.append(_return(_ERRNO | errno.EPERM))
    return b"".join(code)


def _when(number: int, then: list[bytes]) -> list[bytes]:
    return [_jump_equal(number, 0, len(then)), *then]


def _low(argument: int) -> int:
    return 16 + 8 * argument  # little-endian, as both architectures are run


def _load(offset: int) -> bytes:
    return struct.pack("=HBBI", 0x20, 0, 0, offset)


def _jump_equal(value: int, yes: int, no: int) -> bytes:
    return struct.pack("=HBBI", 0x15, yes, no, value)


def _jump_set(bits: int, yes: int, no: int) -> bytes:
    return struct.pack("=HBBI", 0x45, yes, no, bits)


def _return(action: int) -> bytes:
    return struct.pack("=HBBI", 0x06, 0, 0, action)
