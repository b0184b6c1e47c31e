"""A PostgreSQL server for the length of a measurement: any free port, a temporary folder, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from .errors import CannotMeasure

_INSTALLED = Path("/usr/lib/postgresql")  # of Debian, which has no `postgres` in the path
_SECONDS = 30.0


class PostgresServer:
    """A running server; what it holds is not saved to the disk before it says that it is."""

    def __init__(self, programs: Path, password: str, port: int) -> None:
        self._programs, self._password, self._port = programs, password, port

    def url(self, database: str) -> str:
        """The URL of a database, with the password."""
        return f"postgresql://postgres:{self._password}@127.0.0.1:{self._port}/{database}"

    def run(self, sql: str) -> None:
        """Have psql run one statement on the server's own database."""
        subprocess.run(
            [self._programs / "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-c", sql, "postgres"],
            check=True, capture_output=True, env=self._environment(),
        )  # fmt: skip

    def answers(self) -> bool:
        """Whether it takes connections."""
        return not subprocess.run(
            [self._programs / "pg_isready", "-q"], check=False, env=self._environment()
        ).returncode

    def _environment(self) -> dict[str, str]:
        access = {"PGHOST": "127.0.0.1", "PGPORT": str(self._port), "PGUSER": "postgres", "PGPASSWORD": self._password}
        return {"PATH": os.environ.get("PATH", ""), **access}


@contextlib.contextmanager
def private_server() -> Iterator[PostgresServer]:
    """Start a server and stop it whatever happens.

    Raises:
        CannotMeasure: There is none on this machine, it may not be started, or it does not start.
    """
    programs, account = _programs(), _account()
    identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="groundrow-bench-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        password, port = secrets.token_hex(16), _free_port()
        (folder / "password").write_text(password, encoding="utf-8")
        for path in (folder, folder / "password"):
            os.chown(path, account.pw_uid, account.pw_gid)
        made = subprocess.run(
            [programs / "initdb", "-D", folder / "data", f"--pwfile={folder / 'password'}", "-U", "postgres",
             "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"],
            capture_output=True, check=False, cwd=folder, **identity,
        )  # type: ignore[call-overload]  # fmt: skip
        if made.returncode:
            raise CannotMeasure(f"initdb failed: {made.stderr.decode(errors='replace').strip().splitlines()[-1]}")
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": folder, "fsync": "off", "port": port}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", *options], stdout=log, stderr=log, cwd=folder, **identity
            )  # type: ignore[call-overload]
        server = PostgresServer(programs, password, port)
        until = time.monotonic() + _SECONDS
        while not server.answers():
            if process.poll() is not None or time.monotonic() > until:
                raise CannotMeasure("PostgreSQL was started and does not answer")
            time.sleep(0.05)
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGQUIT)
            process.wait(timeout=_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder of the newest server's programs."""
    found = sorted(_INSTALLED.glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    inside = shutil.which("postgres")
    if not found and inside is None:
        raise CannotMeasure("there is no PostgreSQL server on this machine (Debian: apt-get install postgresql)")
    return found[-1].parent if found else Path(str(inside)).parent


def _account() -> pwd.struct_passwd:
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise CannotMeasure("PostgreSQL does not run as root, and there is no user 'postgres'") from None


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
