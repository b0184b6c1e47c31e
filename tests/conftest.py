"""Tests marked `docker`, `bwrap` or `postgres`: skipped with the reason when there is none, failing where required.

The PostgreSQL server is the tests' own: any free port, any folder, stopped and removed at the end.
"""

import atexit
import contextlib
import functools
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox import available_levels

# Where the suite is started in the background, a shell has SIGINT ignored, and every process started here would too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# The suite neither reads nor fills the cache of whoever runs it.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="groundrow-cache-")
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)


PASSWORD = "s3cret/word?"
INITDB = ("-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync")
IN_URL = "s3cret%2Fword%3F"


@functools.cache
def _why_not(need):
    return why_no_postgres() if need == "postgres" else available_levels()[need].reason


def pytest_runtest_setup(item):
    for need in ("docker", "bwrap", "postgres"):
        if item.get_closest_marker(need) is None or not _why_not(need):
            continue
        if os.environ.get("GROUNDROW_REQUIRE_DOCKER") == "1":
            pytest.fail(f"{need} is required here: {_why_not(need)}", pytrace=False)
        pytest.skip(_why_not(need))


@functools.cache
def binaries():
    """The folder of the newest server's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    inside = shutil.which("postgres")
    return found[-1].parent if found else Path(inside).parent if inside else None


@functools.cache
def why_no_postgres():
    """Why no server can be started here, or ""."""
    if binaries() is None:
        return "there is no PostgreSQL server on this machine (Debian: apt-get install postgresql)"
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return "PostgreSQL does not run as root, and there is no user 'postgres'"
    return ""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `folder` holds its data and its socket."""

    folder: Path
    port: int

    def url(self, database, user="postgres", password=IN_URL):
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def psql(self, database, text="", *options):
        """What psql prints for a script, which has to succeed."""
        done = subprocess.run(
            [binaries() / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", *options, "-f", "-"],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            env=self.environment(database),
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def dump(self, database):
        """The whole database as pg_dump writes it."""
        done = subprocess.run(
            [binaries() / "pg_dump"], capture_output=True, text=True, check=True, env=self.environment(database)
        )
        return "\n".join(line for line in done.stdout.split("\n") if not re.match(r"\\(un)?restrict ", line))

    def environment(self, database):
        return {
            "PATH": os.environ["PATH"],
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": "postgres",
            "PGPASSWORD": PASSWORD,
            "PGDATABASE": database,
        }


@contextlib.contextmanager
def running_server():
    """Start a server, stop it whatever happens."""
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="groundrow-postgres-"))
    process = None
    try:
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        for path in (folder, folder / "password"):
            os.chown(path, account.pw_uid, account.pw_gid)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        data = folder / "data"
        made = subprocess.run(
            [binaries() / "initdb", "-D", data, f"--pwfile={folder / 'password'}", *INITDB],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            **identity,
        )
        assert made.returncode == 0, made.stderr
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": folder, "fsync": "off", "port": port}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                [binaries() / "postgres", "-D", data, *options], stdout=log, stderr=log, cwd=folder, **identity
            )
        server = Server(folder, port)
        until = time.monotonic() + 30
        while subprocess.run(
            [binaries() / "pg_isready", "-q"], check=False, env=server.environment("postgres")
        ).returncode:
            assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGQUIT)
            process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server():
    with running_server() as server:
        yield server


@dataclass(frozen=True, slots=True)
class Database:
    """A fresh database on the server."""

    server: Server
    name: str

    @property
    def url(self):
        return self.server.url(self.name)

    def run(self, text):
        return self.server.psql(self.name, text)

    def dump(self):
        return self.server.dump(self.name)


@pytest.fixture
def postgres(postgres_server):
    """A database of a test's own."""
    name = f"t_{secrets.token_hex(6)}"
    postgres_server.psql("postgres", f"CREATE DATABASE {name}")
    yield Database(postgres_server, name)
    postgres_server.psql("postgres", f"DROP DATABASE {name} WITH (FORCE)")
