"""What keeps `make run` from starting or going on is said in a line, and all is stopped."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.processes import LAST_LINES, ChildEnded, Children
from tests.support.processes import ROOT
from tests.support.servers import free_port
from tests.support.waiting import eventually

PORTS = ("WEB_PORT", "SIMULATOR_PORT", "SMTP_PORT")
SLEEP = "import time; time.sleep(60)"


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield one.getsockname()[1]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The repository as it is checked out, with a state of its own."""
    folder = tmp_path / "latchkey"
    folder.mkdir()
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "x"], cwd=folder, input=archive.stdout, check=True)
    return folder


def ports(**changed: str) -> dict[str, str]:
    return {**{name: str(free_port()) for name in PORTS}, **changed}


def launched(tree: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "launcher"],
        cwd=tree,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


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


@pytest.mark.parametrize("name", PORTS)
def test_taken_port_is_one_line_naming_it_and_its_variable(taken: int, name: str) -> None:
    done = launched(ROOT, **ports(**{name: str(taken)}))

    assert done.returncode == 1
    [line] = done.stdout.strip().splitlines()
    assert f"Port {taken} is in use" in line
    assert line.endswith(f"make run {name}={taken + 1}")
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [("WEB_PORT", "0"), ("SIMULATOR_PORT", "65536"), ("SMTP_PORT", "-1"), ("WEB_PORT", "²")],
)
def test_text_that_is_no_port_is_one_line_with_its_variable_and_a_good_one(
    name: str, text: str
) -> None:
    done = launched(ROOT, **ports(**{name: text}))

    assert done.returncode == 1
    [line] = done.stdout.strip().splitlines()
    assert line.startswith(f"{name} is {text!r}; give it a number such as 8")
    assert done.stderr == ""


def test_child_that_ends_is_named_with_its_last_lines_alone(tmp_path: Path) -> None:
    children = Children(tmp_path)
    loud = "for n in range(100): print('line', n)\nraise SystemExit(7)"
    children.start("worker", [sys.executable, "-c", loud], os.environ)

    with pytest.raises(ChildEnded) as said:
        children.watch()

    first, *rest = str(said.value).splitlines()
    assert first.startswith("The worker ended by itself (exit 7).")
    assert str(tmp_path / "worker.log") in first
    assert rest == [f"line {n}" for n in range(100 - LAST_LINES, 100)]


def test_child_that_never_gets_ready_is_named(tmp_path: Path) -> None:
    children = Children(tmp_path)
    children.start("web", [sys.executable, "-c", SLEEP], os.environ)

    with pytest.raises(ChildEnded, match="Latchkey did not come up within 0 seconds"):
        children.wait_until(lambda: False, "Latchkey", seconds=0.2)
    children.stop()


def test_children_are_stopped_last_started_first(tmp_path: Path) -> None:
    children = Children(tmp_path)
    tells = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    open(sys.argv[1], 'a').write(sys.argv[2])\n"
        "    raise SystemExit\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    order = tmp_path / "order"
    for name in "abc":
        child = children.start(name, [sys.executable, "-c", tells, str(order), name], os.environ)
        eventually(lambda child=child: "ready" in child.last_lines())  # type: ignore[misc]

    children.stop()

    assert order.read_text() == "cba"


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="looks at Linux's /proc")
def test_second_start_says_so_and_no_child_survives_sigterm(tree: Path) -> None:
    chosen, log = ports(), tree.parent / "run.log"
    with log.open("w") as out:
        run = subprocess.Popen(
            [sys.executable, "-m", "launcher"], cwd=tree, env={**os.environ, **chosen},
            stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        eventually(lambda: "Latchkey is running." in log.read_text() or run.poll(), 60)
        running = living_in(tree)
        second = launched(tree, **chosen)
    finally:
        run.send_signal(signal.SIGTERM)
        code = run.wait(40)

    assert len(running) >= 5, log.read_text()
    assert second.returncode == 1
    assert f"Port {chosen['WEB_PORT']} is in use" in second.stdout
    assert code == 0
    assert "Traceback" not in log.read_text()
    assert living_in(tree) == []


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="looks at Linux's /proc")
def test_child_that_cannot_start_is_named_and_the_others_are_stopped(tree: Path) -> None:
    (tree / "gunicorn.conf.py").write_text("raise RuntimeError('the roof is off')\n")

    done = launched(tree, **ports())

    assert done.returncode == 1
    assert "The web ended by itself" in done.stdout
    assert "the roof is off" in done.stdout
    assert living_in(tree) == []
