"""The repository as somebody has it who checked it out, and what runs in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.processes import ROOT
from tests.support.servers import free_port

PORTS = ("WEB_PORT", "SIMULATOR_PORT", "SMTP_PORT")
COMMAND = [sys.executable, "-m", "launcher"]


def check_out(folder: Path) -> Path:
    """Copy what is tracked, and what of it is compiled already: that takes long."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = [Path(name.decode()) for name in listed.stdout.split(b"\0") if name]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    for parent in {name.parent for name in names}:
        if (compiled := ROOT / parent / "__pycache__").is_dir():
            shutil.copytree(compiled, folder / parent / "__pycache__")
    return folder


def ports(**changed: str) -> dict[str, str]:
    return {**{name: str(free_port()) for name in PORTS}, **changed}


def launched(tree: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `make run` until it ends by itself."""
    return subprocess.run(
        COMMAND, cwd=tree, env={**os.environ, **env}, capture_output=True, text=True, timeout=60
    )


@contextmanager
def launching(tree: Path, log: Path, env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run `make run`; whoever does not end it gets it killed."""
    with log.open("w") as out:
        run = subprocess.Popen(
            COMMAND, cwd=tree, env={**os.environ, **env}, stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield run
    finally:
        if run.poll() is None:
            run.terminate()
            run.wait(40)


def living_in(folder: Path) -> list[str]:
    """Return the commands of all processes whose working folder is this one."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve() == folder:
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found
