"""The folder that a sandbox is given: the code that runs inside, and the socket to the host.

Inside, `environments` and `sandbox` are copies of the few files here that need
nothing but the standard library and apsw; the rest of this project is not there.
The folder is mounted or used read-only, and removed when the sandbox has started.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import secrets
import shutil
import socket
import tempfile
from pathlib import Path, PurePosixPath
from typing import Self

import apsw

import environments

from .errors import WorkerError
from .supervisor import SOCKET

ENVIRONMENT_FILES = ("arguments.py", "chain.py", "evaluate.py", "tool.py")
SANDBOX_FILES = (
    "child.py",
    "clock.py",
    "database.py",
    "errors.py",
    "loaded.py",
    "lockdown.py",
    "observe.py",
    "rehearse.py",
    "result.py",
    "supervisor.py",
    "transport.py",
    "witness.py",
    "worker.py",
)
ENVIRONMENTS_DOOR = '''"""What tools and the worker import inside a sandbox."""

from .arguments import check_arguments
from .chain import Chain, chain_from_json
from .evaluate import Refusal, evaluate
from .tool import Db, ToolError, tool

__all__ = ["Chain", "Db", "Refusal", "ToolError", "chain_from_json", "check_arguments", "evaluate", "tool"]
'''

# Where a sandbox with a root of its own (levels docker and bwrap) finds apsw and what is staged.
LIBRARY = PurePosixPath("/opt/groundrow")
MOUNT = PurePosixPath("/run/groundrow")

_PREFIX = "groundrow-"
_OWNER = "owner"


class Stage:
    """A staged folder; remove it with `remove`, or use it as a context manager.

    Attributes:
        folder: Holds `runtime/`, `library/` (leads to apsw) and the host's listening socket.
        listener: The socket that the sandbox connects to.
    """

    def __init__(self) -> None:
        sweep()
        self._removed = False
        # Anyone may pass through the outer folder and nobody else can list it, so who does not know the inner
        # one's name cannot reach the socket, though a container's user must be able to.
        self._outer = Path(tempfile.mkdtemp(prefix=_PREFIX))
        with contextlib.ExitStack() as undo:
            undo.callback(shutil.rmtree, self._outer, ignore_errors=True)
            # Locked before it has the name that `sweep` looks for.
            unnamed = self._outer / f"{_OWNER}.new"
            self._owner = os.open(unnamed, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            undo.callback(os.close, self._owner)
            fcntl.flock(self._owner, fcntl.LOCK_EX)
            unnamed.rename(self._outer / _OWNER)
            self.folder = self._outer / secrets.token_hex(16)
            write_runtime(self.folder / "runtime")
            library = self.folder / "library"
            library.mkdir()
            (library / "apsw").symlink_to(apsw_folder())
            for folder in (library, self.folder):
                folder.chmod(0o755)
            self.listener = _listen(self.folder)
            undo.callback(self.listener.close)
            self._outer.chmod(0o711)
            undo.pop_all()

    def remove(self) -> None:
        """Close the socket and delete the folder; nothing happens when that is done already."""
        if self._removed:
            return
        self._removed = True
        self.listener.close()
        shutil.rmtree(self._outer, ignore_errors=True)
        os.close(self._owner)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def write_runtime(folder: Path) -> None:
    """Write what runs inside into `folder`: the packages `environments` and `sandbox`, readable by all."""
    for package, source, files, door in (
        ("environments", Path(environments.__file__).parent, ENVIRONMENT_FILES, ENVIRONMENTS_DOOR),
        ("sandbox", Path(__file__).parent, SANDBOX_FILES, ""),
    ):
        target = folder / package
        target.mkdir(parents=True)
        (target / "__init__.py").write_text(door, encoding="utf-8")
        for name in files:
            shutil.copy2(source / name, target / name)
            _copy_compiled(source / name, target)
        for path in (folder, target, *target.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


def apsw_folder() -> Path:
    """Where apsw is installed."""
    return Path(apsw.__file__).resolve().parent


def sweep() -> None:
    """Remove folders whose owner died: nobody holds their lock any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid != os.geteuid():
                continue
            descriptor = os.open(folder / _OWNER, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(descriptor)


def _copy_compiled(source: Path, target: Path) -> None:
    """Take the compiled form along when there is one: the copy keeps the time that it was compiled for."""
    compiled = Path(importlib.util.cache_from_source(str(source)))
    if compiled.exists():
        (target / compiled.parent.name).mkdir(exist_ok=True)
        shutil.copy2(compiled, target / compiled.parent.name / compiled.name)


def _listen(folder: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # Through the descriptor: a socket's path may have 107 bytes only.
    descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        listener.bind(f"/proc/self/fd/{descriptor}/{SOCKET}")
        (folder / SOCKET).chmod(0o666)
        listener.listen(64)
    except OSError as error:
        listener.close()
        raise WorkerError(f"no socket can be made in {str(folder)!r}: {error}; set TMPDIR elsewhere") from error
    except BaseException:
        listener.close()
        raise
    finally:
        os.close(descriptor)
    return listener
