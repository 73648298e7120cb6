"""`make run`: what stands in the way is said in a line, and nothing is left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import requests

from launcher.environment import demo_environment
from launcher.processes import Children
from launcher.redis_server import find_redis
from tests.support.processes import ROOT
from tests.support.servers import free_port
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


def test_the_whole_world_starts_and_stops_cleanly(tmp_path: Path) -> None:
    tree = tmp_path / "latchkey"
    tree.mkdir()
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "x"], cwd=tree, input=archive.stdout, check=True)
    ports = {name: str(free_port()) for name in ("WEB_PORT", "SIMULATOR_PORT", "SMTP_PORT")}
    log = tmp_path / "run.log"
    with log.open("w") as out:
        run = subprocess.Popen(
            [sys.executable, "-m", "launcher"],
            cwd=tree,
            env={**os.environ, **ports},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        eventually(lambda: "Latchkey is running." in log.read_text(), 60)
        web = f"http://127.0.0.1:{ports['WEB_PORT']}"
        assert requests.get(f"{web}/readyz", timeout=5).ok
        assert requests.get(f"http://127.0.0.1:{ports['SIMULATOR_PORT']}", timeout=5).ok
    finally:
        run.send_signal(signal.SIGINT)
        code = run.wait(30)

    assert code == 0
    assert "Traceback" not in log.read_text()
    left = subprocess.run(["pgrep", "-f", str(tree)], capture_output=True, text=True).stdout
    assert left == ""
