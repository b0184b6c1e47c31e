"""The container image that sandboxes run in: a Python with its standard library and apsw, and nothing else.

`host-python` copies the running interpreter, without asking any network:
no shell, no package manager. `hub` builds on the official slim Python image.
An image is made once; its tag names the versions and a hash of how it was made.
"""

from __future__ import annotations

import hashlib
import io
import platform
import sys
import tarfile
import tempfile
import threading
import typing
from pathlib import Path, PurePosixPath

import apsw
import docker
from docker.errors import APIError, BuildError, DockerException, ImageNotFound

from .errors import LevelUnavailable
from .interpreter import LOADER_INDEX, executable, needed_files, shared_objects, standard_library
from .stage import LIBRARY, MOUNT, apsw_folder

ImageBase = typing.Literal["host-python", "hub"]

REPOSITORY = "groundrow-sandbox"
PREFIX = PurePosixPath("/usr/local")

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
    recipe = hashlib.sha256()
    for file in (Path(__file__), Path(__file__).with_name("interpreter.py")):
        recipe.update(file.read_bytes())
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
    python, standard = executable(), standard_library()
    inside = PREFIX / sys.platlibdir / _python_name()
    files = {PREFIX / "bin" / _python_name(): python}
    for path in needed_files(standard):
        files[inside / path.relative_to(standard)] = path
    package = apsw_folder()
    for path in needed_files(package):
        files[LIBRARY / "apsw" / path.relative_to(package)] = path
    for name, path in shared_objects(python, files.values()).items():
        files[PurePosixPath(name)] = path
        if path.is_relative_to(sys.base_prefix):  # found through $ORIGIN, it has to move with the interpreter
            files[PREFIX / path.relative_to(sys.base_prefix)] = path
    if LOADER_INDEX.exists():  # libraries keep their places, so it stays right
        files[PurePosixPath(LOADER_INDEX)] = LOADER_INDEX
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


def _python_name() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}"
