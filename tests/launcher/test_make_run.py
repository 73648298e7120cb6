"""`make run`: what stands in the way is said in a line, and nothing is left behind."""

import os
import signal
import sys
from pathlib import Path

import pytest
import requests

from launcher.environment import demo_environment
from launcher.processes import Children
from launcher.redis_server import find_redis
from tests.launcher.trees import launched, launching, living_in, ports
from tests.support.waiting import eventually


def test_all_children_are_stopped_also_those_that_do_not_listen(tmp_path: Path) -> None:
    children = Children(tmp_path)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    started = [
        children.start(name, [sys.executable, "-c", code], os.environ)
        for name, code in (("deaf", deaf), ("good", "import time; time.sleep(60)"))
    ]

    children.stop()

    assert all(child.process.poll() is not None for child in started)


def test_secrets_are_made_once_and_kept_private(tmp_path: Path) -> None:
    first = demo_environment(tmp_path, "http://w", "http://s", "h:1", "unix://r")
    again = demo_environment(tmp_path, "http://w:2", "http://s", "h:1", "unix://r")

    assert again["SECRET_KEY"] == first["SECRET_KEY"]
    assert again["CODES_KEY"] == first["CODES_KEY"]
    assert again["PUBLIC_URL"] == "http://w:2"
    mode = (tmp_path / "var" / "run" / "demo.env").stat().st_mode & 0o777
    assert mode == 0o600


def test_a_redis_server_is_found() -> None:
    assert Path(find_redis()).exists()


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="looks at Linux's /proc")
def test_the_whole_world_starts_but_once_and_stops_cleanly(tree: Path) -> None:
    chosen, log = ports(), tree.parent / "run.log"
    with launching(tree, log, chosen) as run:
        eventually(lambda: "Latchkey is running." in log.read_text() or run.poll(), 60)
        running = living_in(tree)
        for name, path in (("WEB_PORT", "/readyz"), ("SIMULATOR_PORT", "/")):
            assert requests.get(f"http://127.0.0.1:{chosen[name]}{path}", timeout=5).ok
        second = launched(tree, **chosen)
        run.send_signal(signal.SIGTERM)
        code = run.wait(40)

    assert len(running) >= 5, log.read_text()
    assert second.returncode == 1
    assert f"Port {chosen['WEB_PORT']} is in use" in second.stdout
    assert code == 0
    assert "Traceback" not in log.read_text()
    assert living_in(tree) == []


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="looks at Linux's /proc")
def test_ctrl_c_while_it_starts_leaves_nothing_behind(tree: Path) -> None:
    log = tree.parent / "run.log"
    with launching(tree, log, ports()) as run:
        eventually(lambda: "Preparing the database" in log.read_text(), 60)
        run.send_signal(signal.SIGINT)
        code = run.wait(40)

    assert code == 0, log.read_text()
    assert "Traceback" not in log.read_text()
    assert living_in(tree) == []
