"""The filter's own arithmetic, for both architectures, by running it as the kernel would."""

import errno
import json
import os
import socket
import struct
import subprocess
import sys

import pytest

from sandbox.lockdown import _ARCHES, Bounds, Lockdown, _filter

ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
NEVER = {  # by architecture: execve, execveat, fork or clone, vfork, socket, connect, kill, ptrace, memfd_create, bpf
    "x86_64": (59, 322, 56, 57, 58, 41, 42, 62, 101, 319, 321, 272, 165, 425),
    "aarch64": (221, 281, 220, 198, 203, 129, 117, 279, 280, 97, 40, 425),
}


def judge(arch, number, *arguments, audit=None):
    data = struct.pack("<IIQ", number, _ARCHES[arch].audit if audit is None else audit, 0)
    data += struct.pack("<6Q", *arguments, *[0] * (6 - len(arguments)))
    code = list(struct.iter_unpack("=HBBI", _filter(_ARCHES[arch])))
    at = value = 0
    while True:
        operation, yes, no, operand = code[at]
        at += 1
        if operation == 0x06:
            return operand
        if operation == 0x20:
            value = int.from_bytes(data[operand : operand + 4], "little")
        else:
            at += yes if (value == operand if operation == 0x15 else value & operand) else no


@pytest.fixture(params=sorted(_ARCHES))
def arch(request):
    return request.param


def test_only_what_is_listed_is_allowed(arch):
    plain = {
        number
        for name, number in _ARCHES[arch].calls.items()
        if name not in ("open", "openat", "fcntl", "ioctl", "prlimit64", "clone3", "openat2", "sendto", "recvfrom")
    }
    for number in range(1000):
        if number in plain:
            assert judge(arch, number) == ALLOW
        elif number not in _ARCHES[arch].calls.values():
            assert judge(arch, number) == ERRNO | errno.EPERM
    assert all(judge(arch, number) == ERRNO | errno.EPERM for number in NEVER[arch])


def test_another_architecture_is_killed(arch):
    assert judge(arch, 0, audit=0x40000003) == KILL
    if arch == "x86_64":
        assert judge(arch, 0x40000000) == ERRNO | errno.EPERM  # the x32 table


def test_files_are_opened_for_reading_only(arch):
    number = _ARCHES[arch].calls["openat"]
    assert judge(arch, number, 3, 0, os.O_RDONLY | os.O_CLOEXEC) == ALLOW
    for flags in (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_APPEND, os.O_TMPFILE):
        assert judge(arch, number, 3, 0, flags) == ERRNO | errno.EPERM


def test_descriptors_cannot_be_made_to_signal_others(arch):
    calls = _ARCHES[arch].calls
    assert judge(arch, calls["fcntl"], 3, 3) == ALLOW
    assert judge(arch, calls["ioctl"], 3, 0x5401) == ALLOW
    for command in (4, 8, 10, 15):  # F_SETFL (O_ASYNC), F_SETOWN, F_SETSIG, F_SETOWN_EX
        assert judge(arch, calls["fcntl"], 3, command) == ERRNO | errno.EPERM
    for command in (0x5452, 0x8901, 0x8902, 0x5412):  # FIOASYNC, FIOSETOWN, SIOCSPGRP, TIOCSTI
        assert judge(arch, calls["ioctl"], 3, command) == ERRNO | errno.EPERM


def test_limits_can_be_read_and_not_set(arch):
    number = _ARCHES[arch].calls["prlimit64"]
    assert judge(arch, number, 0, 7, 0, 1) == ALLOW
    for arguments in ((0, 7, 1, 0), (0, 7, 1 << 32, 0), (1, 7, 0, 1), (1, 7, 1, 0)):
        assert judge(arch, number, *arguments) == ERRNO | errno.EPERM


def test_calls_with_a_fallback_answer_that_they_do_not_exist(arch):
    assert judge(arch, _ARCHES[arch].calls["clone3"]) == ERRNO | errno.ENOSYS
    assert judge(arch, _ARCHES[arch].calls["openat2"]) == ERRNO | errno.ENOSYS


LOCKED = """
import json, os, pathlib, sys
from sandbox.lockdown import Bounds, Lockdown

folder = pathlib.Path(sys.argv[1])
without = sys.argv[2:]
lockdown = Lockdown([str(folder)], Bounds(64 << 20, 60), None, without)
left, right = os.pipe()
parent = os.getpid()
if os.fork() == 0:
    lockdown.apply([right], parent)
    found = []
    for name in ("module.py", "package/part.py", "site-packages/secret.py", "dist-packages/secret.py"):
        try:
            found.append((folder / name).read_text())
        except PermissionError:
            found.append(None)
    found.append(sorted(os.listdir(folder)))
    os.write(right, json.dumps(found).encode())
    os._exit(0)
os.close(right)
print(os.read(left, 10_000).decode())
os.wait()
"""


@pytest.mark.parametrize("without", [[], ["landlock"]])
def test_what_is_installed_beside_the_standard_library_stays_unread(tmp_path, without):
    for folder in ("package", "site-packages", "dist-packages"):
        (tmp_path / folder).mkdir()
    for name in ("module.py", "package/part.py", "site-packages/secret.py", "dist-packages/secret.py"):
        (tmp_path / name).write_text(name)
    done = subprocess.run(
        [sys.executable, "-c", LOCKED, str(tmp_path), *without], capture_output=True, text=True, check=True
    )
    *read, listed = json.loads(done.stdout)
    assert listed == ["dist-packages", "module.py", "package", "site-packages"]
    assert read[:2] == ["module.py", "package/part.py"]
    assert read[2:] == (["site-packages/secret.py", "dist-packages/secret.py"] if without else [None, None])


def test_an_unknown_defence_cannot_be_left_out():
    with pytest.raises(ValueError, match="no defence 'secomp'; the defences are: rlimits, user, landlock"):
        Lockdown([], Bounds(1, 1), None, ["secomp"])


def test_a_socket_is_used_as_a_stream_only(arch):
    for name in ("sendto", "recvfrom"):
        number = _ARCHES[arch].calls[name]
        for flags in (0, socket.MSG_DONTWAIT, socket.MSG_NOSIGNAL):
            assert judge(arch, number, 3, 1, 1, flags, 0, 0) == ALLOW
        for flags in (socket.MSG_OOB, socket.MSG_PEEK, socket.MSG_ERRQUEUE, 0x4000000):  # the last is MSG_ZEROCOPY
            assert judge(arch, number, 3, 1, 1, flags, 0, 0) == ERRNO | errno.EPERM
        for address in (1, 1 << 32):
            assert judge(arch, number, 3, 1, 1, 0, address, 8) == ERRNO | errno.EPERM
