"""The container image that sandboxes run in: a Python with its standard library and apsw, and nothing else.

`host-python` copies the running interpreter, without asking any network:
no shell, no package manager. `hub` builds on the official slim Python image.
An image is made once; its tag names the versions and a hash of how it was made.
"""

from __future__ import annotations

import hashlib
import io
import platform
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import threading
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import apsw
import docker
from docker.errors import APIError, BuildError, DockerException, ImageNotFound

from .errors import LevelUnavailable
from .stage import apsw_folder

ImageBase = typing.Literal["host-python", "hub"]

REPOSITORY = "groundrow-sandbox"
PREFIX = PurePosixPath("/usr/local")
LIBRARY = PurePosixPath("/opt/groundrow")
MOUNT = PurePosixPath("/run/groundrow")

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
_DOCKERFILE = """FROM python:{python}-slim
RUN pip install --no-cache-dir --target {library} apsw=={apsw}
"""
_building = threading.Lock()


class Image(typing.NamedTuple):
    """A usable image: its id, and the path of the interpreter in it."""

    id: str
    python: str


def image_tag(base: ImageBase) -> str:
    """The name that an image made from `base` here has."""
    recipe = hashlib.sha256(Path(__file__).read_bytes())
    for part in (base, platform.machine(), sys.version):
        recipe.update(b"\0" + part.encode())
    versions = f"py{platform.python_version()}-apsw{apsw.apsw_version()}"
    return f"{REPOSITORY}:{versions}-{recipe.hexdigest()[:10]}"


def ensure_image(client: docker.DockerClient, base: ImageBase) -> Image:
    """The image for `base`, made now when the engine does not have it.

    Raises:
        LevelUnavailable: It cannot be made; says what else to do.
    """
    if base not in typing.get_args(ImageBase):
        raise LevelUnavailable(f"there is no image base {base!r}; there are: {', '.join(typing.get_args(ImageBase))}")
    tag = image_tag(base)
    interpreter = str(PREFIX / "bin" / _python_name())
    with _building:
        try:
            return Image(str(client.images.get(tag).id), interpreter)
        except ImageNotFound:
            pass
        if base == "hub":
            _build_on_hub(client, tag)
        else:
            _import_host_python(client, tag)
        return Image(str(client.images.get(tag).id), interpreter)


def _build_on_hub(client: docker.DockerClient, tag: str) -> None:
    text = _DOCKERFILE.format(
        python=".".join(platform.python_version_tuple()[:2]), library=LIBRARY, apsw=apsw.apsw_version()
    )
    try:
        client.images.build(fileobj=io.BytesIO(text.encode()), tag=tag, rm=True, forcerm=True)
    except (BuildError, DockerException) as error:
        raise LevelUnavailable(
            f"the sandbox image cannot be built on the official Python image: {error};"
            " connect the engine to its registry, or use the image base 'host-python'"
        ) from error


def _import_host_python(client: docker.DockerClient, tag: str) -> None:
    repository, _, version = tag.partition(":")
    with tempfile.NamedTemporaryFile(suffix=".tar") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            _write_host_python(archive)
        file.flush()
        try:
            client.api.import_image_from_file(file.name, repository=repository, tag=version)
        except APIError as error:
            raise LevelUnavailable(f"the engine refuses the sandbox image: {error}; look into its log") from error


def _write_host_python(archive: tarfile.TarFile) -> None:
    executable = Path(getattr(sys, "_base_executable", "") or sys.executable).resolve()
    standard = Path(sysconfig.get_path("stdlib"))
    inside = PREFIX / sys.platlibdir / _python_name()
    files = {PREFIX / "bin" / _python_name(): executable}
    for path in _tree(standard):
        files[inside / path.relative_to(standard)] = path
    package = apsw_folder()
    for path in _tree(package):
        files[LIBRARY / "apsw" / path.relative_to(package)] = path
    binaries = [path for path in files.values() if path == executable or ".so" in path.suffixes]
    for name, path in _shared_objects(binaries).items():
        files[PurePosixPath(name)] = path
        if path.is_relative_to(sys.base_prefix):  # found through $ORIGIN, it has to move with the interpreter
            files[PREFIX / path.relative_to(sys.base_prefix)] = path
    cache = Path("/etc/ld.so.cache")  # libraries keep their places, so the loader's index of them stays right
    if cache.exists():
        files[PurePosixPath(cache)] = cache
    folders = {MOUNT, *(PurePosixPath(f"/{name}") for name in ("dev", "etc", "proc", "sys", "tmp"))}
    for target in files:
        folders.add(target.parent)
    for folder in sorted({parent for f in folders for parent in (f, *f.parents)} - {PurePosixPath("/")}):
        entry = tarfile.TarInfo(str(folder)[1:])
        entry.type, entry.mode = tarfile.DIRTYPE, 0o755
        archive.addfile(entry)
    for target, source in sorted(files.items()):
        entry = tarfile.TarInfo(str(target)[1:])
        status = source.stat()
        # The time is kept because compiled modules name the one of their source.
        entry.size, entry.mtime = status.st_size, int(status.st_mtime)
        entry.mode = 0o755 if status.st_mode & 0o100 else 0o644
        with source.open("rb") as content:
            archive.addfile(entry, content)


def _tree(folder: Path) -> Iterator[Path]:
    """The files below `folder` that an image needs."""
    for path in sorted(folder.iterdir()):
        if path.name in _LEFT_OUT or path.name.startswith(_LEFT_OUT_STARTS):
            continue
        if path.is_dir():
            if path.name == "__pycache__":
                yield from sorted(path.glob(f"*.{sys.implementation.cache_tag}.pyc"))
            else:
                yield from _tree(path)
        elif path.is_file():
            yield path


def _shared_objects(binaries: Iterable[Path]) -> dict[str, Path]:
    """What the loader would load for `binaries`, itself included: path by the name that it is looked up under."""
    try:
        listed = subprocess.run(
            ["ldd", *map(str, binaries)], capture_output=True, text=True, check=False, env={"LC_ALL": "C"}
        ).stdout
    except OSError as error:
        raise LevelUnavailable(
            f"the sandbox image cannot be made from this Python: ldd does not run ({error});"
            " install it, or use the image base 'hub'"
        ) from error
    found = {}
    for line in listed.splitlines():
        words = line.split()
        # "libz.so.1 => /lib/libz.so.1 (0x...)" or "/lib64/ld-linux-x86-64.so.2 (0x...)"
        name = words[2] if len(words) == 4 and words[1] == "=>" else words[0] if len(words) == 2 else ""
        if name.startswith("/") and not name.endswith(":"):
            found[name] = Path(name).resolve()
    return found


def _python_name() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}"
