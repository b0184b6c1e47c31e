"""The level `docker`: the supervisor as the first process of a warm, hardened container.

The container has no network, nothing writable but a small /tmp, no capabilities
and no privileges to gain, and an unprivileged user; it removes itself when its
supervisor ends, and the supervisor ends with the host's connection. Containers of
hosts that died otherwise are removed when the next sandbox is opened.
"""

from __future__ import annotations

import contextlib
import os
import platform
import secrets
import socket
from collections.abc import Collection, Iterator
from pathlib import Path

import docker
import requests
from docker.errors import APIError, DockerException, NotFound
from docker.models.containers import Container
from docker.types import LogConfig, Mount, Ulimit

from .errors import EngineUnreachable
from .image import ImageBase, ensure_image
from .lockdown import NOBODY
from .process import BOOT, INTERPRETER_OPTIONS, STOP_SECONDS, inside_environment
from .stage import LIBRARY, MOUNT, Stage
from .warm import WarmSandbox
from .world import Limits, World

LABEL = "groundrow.sandbox"
OWNER_LABEL = "groundrow.owner"
TMP_BYTES = 1 << 20

_ASK_SECONDS = 60
_NEXT = "start a Docker engine on this machine (and be allowed to use its socket), or choose another level"


def unavailable() -> str | None:
    """Why this level cannot be had here, or None."""
    try:
        _connect().close()
    except EngineUnreachable as error:
        return str(error)
    return None


class ContainerEngine:
    """A container with a supervisor in it."""

    def __init__(self, client: docker.DockerClient, container: Container, image: str) -> None:
        self.image = image
        self._client = client
        self._container = container

    def ended(self) -> str | None:
        """How it ended, or None while it runs."""
        try:
            self._container.reload()
        except NotFound:
            return "its container ended and removed itself"
        except (DockerException, requests.RequestException) as error:
            return f"the engine does not answer any more ({error})"
        if self._container.status in ("created", "running"):
            return None
        state = self._container.attrs["State"]
        return f"its container is {self._container.status}, status {state['ExitCode']} {state['Error']}".rstrip()

    def stop(self) -> None:
        """Wait until it has removed itself, and remove it when it does not."""
        with contextlib.closing(self._client):
            try:
                self._container.wait(condition="removed", timeout=STOP_SECONDS)
            except NotFound:
                return
            except (DockerException, requests.RequestException):
                _remove(self._client, str(self._container.id))
            except BaseException:
                _remove(self._client, str(self._container.id))
                raise


def open_container(
    world: World,
    *,
    label: str,
    hash_seed: int,
    limits: Limits,
    reversed_rows: bool,
    base: ImageBase,
    without: Collection[str] = (),
) -> WarmSandbox:
    """A sandbox of the level `docker`; `without` is for tests, see `WarmSandbox`."""
    return WarmSandbox(
        level="docker",
        label=label,
        world=world,
        limits=limits,
        start=lambda stage: _start(stage, world.version, hash_seed, limits, base),
        reversed_rows=reversed_rows,
        without=without,
    )


def _start(stage: Stage, version: str, hash_seed: int, limits: Limits, base: ImageBase) -> ContainerEngine:
    with contextlib.ExitStack() as undo:
        client = _connect()
        undo.callback(client.close)
        remove_orphans(client)
        image = ensure_image(client, base)
        # Named by us, so that it can be removed although the engine's answer never came.
        name = f"groundrow-{secrets.token_hex(8)}"
        undo.callback(_remove, client, name)
        try:
            container = client.containers.create(
                image.id,
                [image.python, *INTERPRETER_OPTIONS, "-c", BOOT, str(LIBRARY)],
                name=name,
                detach=True,
                auto_remove=True,
                labels={LABEL: version, OWNER_LABEL: owner()},
                hostname="sandbox",
                user=f"{NOBODY}:{NOBODY}",
                working_dir=str(MOUNT),
                environment=inside_environment(hash_seed),
                mounts=[Mount(str(MOUNT), str(stage.folder), type="bind", read_only=True)],
                network_mode="none",
                ipc_mode="none",
                read_only=True,
                tmpfs={"/tmp": f"size={TMP_BYTES},mode=0755,noexec,nosuid,nodev"},
                cap_drop=["ALL"],
                security_opt=["no-new-privileges:true"],
                pids_limit=1 + 2 * (limits.episodes + 2 * limits.spares),
                mem_limit=limits.container_memory,
                memswap_limit=limits.container_memory,
                ulimits=[Ulimit(name="core", soft=0, hard=0)],
                log_config=LogConfig(type="none"),
            )
            container.start()
        except (DockerException, requests.RequestException) as error:
            raise EngineUnreachable(f"the engine does not start a sandbox container: {error}; {_NEXT}") from error
        undo.pop_all()
        return ContainerEngine(client, container, image.id)


def remove_orphans(client: docker.DockerClient) -> None:
    """Remove the containers whose host process has died.

    Only those of this machine's present start and of this process namespace are judged: of others, nothing is known.
    """
    *here, _, _ = owner().split("/")
    for found in client.api.containers(all=True, filters={"label": OWNER_LABEL}):
        *there, pid, started = found["Labels"][OWNER_LABEL].split("/")
        if there == here and _started(int(pid)) != started:
            with contextlib.suppress(APIError):  # another process may be removing it
                client.api.remove_container(found["Id"], force=True)


def _remove(client: docker.DockerClient, container: str) -> None:
    """Remove a container by force; nothing happens when it is gone or the engine does not answer."""
    with contextlib.suppress(DockerException, requests.RequestException):
        client.api.remove_container(container, force=True)


def owner() -> str:
    """This process, told apart from every other: boot, process namespace, pid, and when it started."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    namespace = Path("/proc/self/ns/pid").stat().st_ino
    return f"{boot}/{namespace}/{os.getpid()}/{_started(os.getpid())}"


def _started(pid: int) -> str:
    """When a process started, in clock ticks since boot; "" when there is none."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return status.rpartition(")")[2].split()[19]


def _connect() -> docker.DockerClient:
    """A client of a Linux engine on this very machine, whose containers can reach our socket."""
    address = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    if not address.startswith("unix://"):
        raise EngineUnreachable(f"the engine at {address!r} is not on this machine; {_NEXT}")
    _knock(address.removeprefix("unix://"))
    try:
        client = docker.DockerClient(base_url=address, version="auto", timeout=_ASK_SECONDS)
    except (DockerException, requests.RequestException) as error:
        raise EngineUnreachable(f"the container engine does not answer ({error}); {_NEXT}") from error
    with _closed_on_error(client):
        try:
            info = client.info()
        except (DockerException, requests.RequestException) as error:
            raise EngineUnreachable(f"the container engine does not answer ({error}); {_NEXT}") from error
        if info.get("OSType") != "linux" or info.get("KernelVersion") != platform.release():
            raise EngineUnreachable(
                f"the engine runs on another kernel ({info.get('OperatingSystem')}), from where a container cannot"
                f" reach this process; {_NEXT}"
            )
    return client


def _knock(path: str) -> None:
    """Say plainly what is wrong with the engine's socket: the SDK wraps it thrice and leaves a socket open."""
    with socket.socket(socket.AF_UNIX) as sock:
        try:
            sock.connect(path)
        except OSError as error:
            raise EngineUnreachable(f"no container engine answers at {path!r} ({error.strerror}); {_NEXT}") from error


@contextlib.contextmanager
def _closed_on_error(client: docker.DockerClient) -> Iterator[None]:
    try:
        yield
    except BaseException:
        client.close()
        raise
