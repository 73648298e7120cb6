"""What keeps `make run` from starting or going on is said in a line, and all is stopped."""

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.processes import LAST_LINES, ChildEnded, Children
from tests.launcher.trees import PORTS, launched, living_in, ports
from tests.support.processes import ROOT
from tests.support.waiting import eventually

SLEEP = "import time; time.sleep(60)"


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield one.getsockname()[1]


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
def test_child_that_cannot_start_is_named_and_the_others_are_stopped(tree: Path) -> None:
    (tree / "gunicorn.conf.py").write_text("raise RuntimeError('the roof is off')\n")

    done = launched(tree, **ports())

    assert done.returncode == 1
    assert "The web ended by itself" in done.stdout
    assert "the roof is off" in done.stdout
    assert living_in(tree) == []
