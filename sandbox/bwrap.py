"""The level `bwrap`: the supervisor as the first process of namespaces that bubblewrap makes.

Inside there is no network, no other process, and a root that shows the interpreter,
its standard library, the libraries these need and the staged folder, all read-only.
Started by root, the supervisor keeps only what it takes to make its episodes another
user and to kill them; started by anyone else it has a user namespace and nothing.
There is no limit on what all episodes use together: that takes cgroups.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import LevelUnavailable
from .interpreter import LOADER_INDEX, executable, needed_files, shared_objects, standard_library
from .lockdown import NOBODY
from .process import BOOT, INTERPRETER_OPTIONS, ProcessEngine, inside_environment, kernel_lacks
from .stage import LIBRARY, MOUNT, Stage, apsw_folder
from .warm import WarmSandbox
from .world import Limits, World

NAMESPACES = ("--unshare-ipc", "--unshare-net", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try")
# What the supervisor keeps when root starts it: its children become another user, and it kills them.
CAPABILITIES = ("CAP_SETUID", "CAP_SETGID", "CAP_KILL")

# bwrap's own --die-with-parent means the thread that started it, and a sandbox may outlive that one. So the host's end
# is told by its connection as at every level, and only bwrap's end by this signal (PR_SET_PDEATHSIG, SIGKILL).
_END_WITH_BWRAP = "import ctypes; ctypes.CDLL(None).prctl(1, 9, 0, 0, 0); "
_TRIAL = f"import sys; sys.path.insert(0, {str(LIBRARY)!r}); import apsw, ctypes"
_TRIAL_SECONDS = 30
_INSTALLED_INTO_PYTHON = ("site-packages", "dist-packages")


def unavailable() -> str | None:
    """Why this level cannot be had here, or None."""
    lacking = kernel_lacks()
    if lacking is not None:
        return lacking
    program = shutil.which("bwrap")
    if program is None:
        return "there is no program bwrap in PATH; install bubblewrap, or choose another level"
    return _trial(program, ordinary=os.geteuid() != 0)


def open_bwrap(world: World, *, label: str, hash_seed: int, limits: Limits, reversed_rows: bool) -> WarmSandbox:
    """A sandbox of the level `bwrap`."""
    return WarmSandbox(
        level="bwrap",
        label=label,
        world=world,
        limits=limits,
        start=lambda stage: _start(stage, hash_seed),
        reversed_rows=reversed_rows,
    )


def _start(stage: Stage, hash_seed: int) -> ProcessEngine:
    program = shutil.which("bwrap") or "bwrap"
    # The outer folder is mounted, for anyone can read what is; the inner one's name is the protection.
    inside = ["--ro-bind", str(stage.folder.parent), str(MOUNT), "--chdir", str(MOUNT / stage.folder.name)]
    try:
        with _command(program, inside, _END_WITH_BWRAP + BOOT, str(LIBRARY)) as (command, descriptor):
            return ProcessEngine(stage, command, hash_seed, (descriptor,))
    except OSError as error:
        raise LevelUnavailable(_not_executable(program, error)) from error


@functools.cache
def _trial(program: str, *, ordinary: bool) -> str | None:
    """Why an interpreter does not start in such a root, or None; tried once, for what it depends on does not change."""
    next_step = (
        "allow this user to make user namespaces (max_user_namespaces, AppArmor)"
        if ordinary
        else "allow root to make namespaces (in a container: CAP_SYS_ADMIN)"
    )
    try:
        with _command(program, [], _TRIAL) as (command, descriptor):
            done = subprocess.run(
                command,
                env=inside_environment(0),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=(descriptor,),
                timeout=_TRIAL_SECONDS,
                check=False,
            )
    except LevelUnavailable as error:
        return str(error)
    except OSError as error:
        return _not_executable(program, error)
    except subprocess.TimeoutExpired:
        return f"a trial of bubblewrap did not end within {_TRIAL_SECONDS} s; choose another level"
    if done.returncode == 0:
        return None
    said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2] or f"status {done.returncode}"
    return f"a trial of bubblewrap fails here ({said}); {next_step}, or choose another level"


@contextmanager
def _command(program: str, options: list[str], code: str, *arguments: str) -> Iterator[tuple[list[str], int]]:
    """The command that runs `code` inside, and the descriptor that it has to inherit.

    The options go through that descriptor, because anyone can read a command.
    """
    every = [*_confinement(), *_root(), *options, "--remount-ro", "/"]
    descriptor = os.memfd_create("groundrow", os.MFD_CLOEXEC)
    try:
        os.write(descriptor, "".join(f"{option}\0" for option in every).encode())
        os.lseek(descriptor, 0, os.SEEK_SET)
        inside = [str(executable()), *INTERPRETER_OPTIONS, "-c", code, *arguments]
        yield [program, "--args", str(descriptor), "--", *inside], descriptor
    finally:
        os.close(descriptor)


def _confinement() -> list[str]:
    options = [*NAMESPACES, "--hostname", "sandbox", "--new-session", "--as-pid-1"]
    if os.geteuid() != 0:
        return [*options, "--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY)]
    options += ["--cap-drop", "ALL"]
    for capability in CAPABILITIES:
        options += ["--cap-add", capability]
    return options


@functools.cache
def _root() -> tuple[str, ...]:
    """The options that make the root, everything in its usual place so that the loader and Python find it."""
    python, standard, apsw = executable(), standard_library(), apsw_folder()
    options = ["--ro-bind", str(python), str(python), "--ro-bind", str(standard), str(standard)]
    for name in _INSTALLED_INTO_PYTHON:
        if (standard / name).is_dir():
            options += ["--tmpfs", str(standard / name), "--remount-ro", str(standard / name)]
    libraries = shared_objects(python, (*needed_files(standard), *needed_files(apsw)))
    for name, path in sorted(libraries.items()):
        if not Path(name).is_relative_to(standard):
            options += ["--ro-bind", str(path), name]
    options += ["--ro-bind-try", str(LOADER_INDEX), str(LOADER_INDEX)]
    options += ["--ro-bind", str(apsw), str(LIBRARY / "apsw")]
    # No other device is opened. What bwrap remounts read-only loses its devices, so this one mount is not.
    return (*options, "--dev-bind", os.devnull, os.devnull, "--proc", "/proc")


def _not_executable(program: str, error: OSError) -> str:
    return f"bubblewrap at {program!r} cannot be executed ({error.strerror}); install it anew, or choose another level"
