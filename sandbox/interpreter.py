"""The running Python as files: what a root that holds it and nothing else has to hold.

The levels `docker` (an image made from it) and `bwrap` (a root that shows it) take
from here what they copy or mount. Nothing is copied or mounted here.
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from .errors import LevelUnavailable

# Where the loader looks a library's name up.
LOADER_INDEX = Path("/etc/ld.so.cache")

# "libz.so.1 => /lib/libz.so.1 (0x...)" or "/lib64/ld-linux-x86-64.so.2 (0x...)"
_LIBRARY = re.compile(r"\s*(?:.* => )?(/.*) \(0x[0-9a-f]+\)")
_LEFT_OUT = frozenset(
    {
        "__phello__",
        "dist-packages",
        "ensurepip",
        "idlelib",
        "lib2to3",
        "pydoc_data",
        "site-packages",
        "test",
        "tests",
        "tkinter",
        "turtle.py",
        "turtledemo",
    }
)
_LEFT_OUT_STARTS = ("_ctypes_test", "_test", "_tkinter", "_xx", "config-", "xx")


def executable() -> Path:
    """The interpreter itself, and not the link to it that a virtual environment has."""
    return Path(getattr(sys, "_base_executable", "") or sys.executable).resolve()


def standard_library() -> Path:
    """The folder of the standard library; what was installed into Python may be below it."""
    return Path(sysconfig.get_path("stdlib")).resolve()


def needed_files(folder: Path) -> Iterator[Path]:
    """The files below `folder`, without those that tools have no use for."""
    for path in sorted(folder.iterdir()):
        if path.name in _LEFT_OUT or path.name.startswith(_LEFT_OUT_STARTS):
            continue
        if path.is_dir():
            if path.name == "__pycache__":
                yield from sorted(path.glob(f"*.{sys.implementation.cache_tag}.pyc"))
            else:
                yield from needed_files(path)
        elif path.is_file():
            yield path


def shared_objects(python: Path, files: Iterable[Path]) -> dict[str, Path]:
    """What the loader would load for `python` and the modules among `files`, itself included, but not these.

    Returns:
        The path by the name that it is looked up under.

    Raises:
        LevelUnavailable: The libraries cannot be listed.
    """
    modules = {str(path): path for path in files if ".so" in path.suffixes}
    found = {}
    for line in (_traced(python, modules) or _listed(python, modules)).splitlines():
        match = _LIBRARY.fullmatch(line)
        if match is not None and match[1] not in modules:
            found[match[1]] = Path(match[1]).resolve()
    return found


def _traced(python: Path, modules: Iterable[str]) -> str:
    """All in one go, as the loader of glibc tells it: a hundredth of a second, where ldd takes one for each module."""
    if any(separator in name for name in modules for separator in ": "):
        return ""
    environment = {"LC_ALL": "C", "LD_TRACE_LOADED_OBJECTS": "1", "LD_PRELOAD": ":".join(modules)}
    command = [str(python), "-I", "-S", "-c", ""]  # another loader does not know that it is asked, and runs it
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment).stdout
    except OSError:
        return ""


def _listed(python: Path, modules: Iterable[str]) -> str:
    try:
        return subprocess.run(
            ["ldd", str(python), *modules], capture_output=True, text=True, check=False, env={"LC_ALL": "C"}
        ).stdout
    except OSError as error:
        raise LevelUnavailable(
            f"the libraries of {str(python)!r} cannot be listed: ldd does not run ({error}); install it, or choose"
            " what needs no copy of this Python: the level process, or docker with the image base 'hub'"
        ) from error
