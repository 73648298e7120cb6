"""Private servers for one test session: PostgreSQL and Redis, on loopback, in temporary folders."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.redis_server import find_redis
from tests.support.processes import Process
from tests.support.system import find_pg_bin
from tests.support.waiting import eventually

# Fast rather than safe: these databases need not survive a power cut.
PG_OPTIONS = (
    "-c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off "
    "-c full_page_writes=off -c max_connections=200"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL server; yields the URL of its first database, ready for `CREATE DATABASE`.

    PostgreSQL refuses to run as root, so it then runs as the system's postgres user.
    """
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="latchkey-pg-"))
    programs = find_pg_bin()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed; run `make test`, which sees to that.")
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    port = free_port()

    def run(program: str, *arguments: str) -> None:
        as_user = []
        if os.geteuid() == 0:
            as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        command = [*as_user, str(programs / program), *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    data = str(folder / "data")
    run("initdb", "-D", data, "-U", user, "-A", "trust", "--no-sync", "-E", "UTF8",
        "--locale=C")  # fmt: skip
    options = f"-p {port} -k {folder} {PG_OPTIONS}"
    run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://{user}@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Run a Redis server on a free loopback port; yields its URL."""
    port = free_port()
    command = [find_redis(), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    process = Process(command, os.environ, folder / "redis.log")
    try:
        eventually(lambda: _listens(port))
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.stop()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
