"""Figures of what a call costs the way it is often done with Docker: `docker exec` or a fresh container for each.

The Docker SDK, the sandbox image and the same database as for ours; the floor is one of our own single calls.
This is the one file of this room that speaks to the engine.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import docker
import requests
from docker.errors import DockerException
from docker.models.containers import Container
from docker.types import Mount

from sandbox import available_levels, open_sandbox

from .bench import MS, Figure, alternate, timed
from .bench_calls import median_call
from .bench_tools import get_order
from .bench_world import Site, world
from .errors import CannotMeasure

SINGLE = 50  # of our own calls in one turn
LIFE = 120  # seconds after which a container ends even when nobody removes it
_FOLDER = "/world"
_PYTHON = f"/usr/local/bin/python{sys.version_info.major}.{sys.version_info.minor}"  # where the sandbox image has it
_SELECT = "SELECT id AS order_id, customer_id, status, total, next_id FROM orders WHERE id = :order_id"
_SCRIPT = f"""
import json, sqlite3, sys
connection = sqlite3.connect("file:{_FOLDER}/world.db?mode=ro&immutable=1", uri=True)
connection.row_factory = sqlite3.Row
print(json.dumps(dict(connection.execute({_SELECT!r}, {{"order_id": int(sys.argv[1])}}).fetchone())))
"""


def docker_exec_call(site: Site) -> Figure:
    """A process started in a running container for every call."""
    with _docker(site) as (client, options):
        sleeper = client.containers.run(
            command=[_PYTHON, "-I", "-S", "-c", f"import time; time.sleep({LIFE})"],
            detach=True,
            auto_remove=True,
            **options,
        )
        try:
            return _against_ours(site, "docker_exec_call", 5, partial(_executed, sleeper))
        finally:
            sleeper.remove(force=True)


def docker_run_call(site: Site) -> Figure:
    """A container started and removed for every call."""
    with _docker(site) as (client, options):
        return _against_ours(
            site,
            "docker_run_call",
            3,
            lambda command: bytes(client.containers.run(command=command, remove=True, **options)),
        )


def _executed(container: Container, command: list[str]) -> bytes:
    output = container.exec_run(command, stderr=False).output
    assert isinstance(output, bytes)  # it is a stream only when one is asked for
    return output


@contextmanager
def _docker(site: Site) -> Iterator[tuple[docker.DockerClient, dict[str, Any]]]:
    """A client, and how containers are started: hardened like ours, with the database where they can read it."""
    found = available_levels()["docker"]
    if not found.available:
        raise CannotMeasure(found.reason)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "world.db"
        database.write_bytes(site.snapshot)
        database.chmod(0o644)
        Path(folder).chmod(0o755)  # the container's user is nobody here
        client = docker.from_env()
        try:
            options = {
                "image": _image(site),
                "mounts": [Mount(_FOLDER, folder, type="bind", read_only=True)],
                "user": "65534:65534",
                "network_mode": "none",
                "read_only": True,
                "cap_drop": ["ALL"],
                "security_opt": ["no-new-privileges:true"],
                "pids_limit": 64,
                "mem_limit": 1 << 30,
            }
            yield client, options
        except (DockerException, requests.RequestException) as error:
            raise CannotMeasure(f"the container engine refuses: {error}") from error
        finally:
            client.close()


def _image(site: Site) -> str:
    """The sandbox image, made by opening a sandbox where none of that level is open."""
    if site.level == "docker":
        return site.warm().facts["image"]
    with open_sandbox(world(site.snapshot), level="docker") as sandbox:
        return sandbox.facts["image"]


def _against_ours(site: Site, name: str, rounds: int, run: Callable[[list[str]], bytes]) -> Figure:
    def call() -> float:
        (order,) = site.orders(1)
        said: list[bytes] = []
        seconds = timed(lambda: said.append(run([_PYTHON, "-I", "-S", "-c", _SCRIPT, str(order)])))
        if json.loads(said[0]) != get_order(site.plain, order):
            raise CannotMeasure(f"the container answers {said[0][:200]!r}, which is another order")
        return seconds * MS

    with site.warm().episode() as episode:
        taken = alternate(rounds, lambda: median_call(site, episode, SINGLE) * MS, call)
    figure = Figure(name, "ms", taken)
    ways = {
        "docker_exec_call": "`docker exec` through the SDK for every call",
        "docker_run_call": "a fresh hardened container through the SDK for every call",
    }
    detail = f"{ways[name]}: {figure.ratio:,.0f} times a single_call of ours, which is the floor here"
    return Figure(name, "ms", taken, detail=detail)
