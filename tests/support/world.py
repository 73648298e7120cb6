"""The whole system as it runs in production: web, worker and scheduler as processes."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import requests

from app.db import db, transaction
from app.domain.house_file import read_house_file
from app.factory import create_app
from app.services.setup import set_up
from config import Settings
from tests.support.guest import Browser
from tests.support.processes import ROOT, Process
from tests.support.servers import free_port
from tests.support.simulator import Simulator
from tests.support.waiting import eventually

BIN = Path(sys.executable).parent
DEMO = ROOT / "demo" / "canal-house.toml"


class World:
    """One running Latchkey over one simulated world, with the demo property set up."""

    def __init__(self, env: Mapping[str, str], simulator: Simulator, folder: Path) -> None:
        self.simulator, self._folder = simulator, folder
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.env = {**env, "PUBLIC_URL": self.url}
        self._processes: dict[str, Process] = {}

    def start(self, house: Path | None = None) -> None:
        """Set a property up, the demo's unless another is given, and start everything."""
        if house is None:
            house = self._folder / "house.toml"
            house.write_text(DEMO.read_text().replace("${SIMULATOR_URL}", self.simulator.url))
        self._set_up(house)
        self.start_web()
        self.start_worker()
        self.start_scheduler()
        eventually(self._is_ready, 30)
        self.simulator.webhook(f"{self.url}/sms/inbound")

    def _set_up(self, house: Path) -> None:
        """Do what `flask setup` does, which has tests of its own, without a process for it."""
        app = create_app(Settings.from_environment(self.env))
        with app.app_context():
            file = read_house_file(house.read_text(encoding="utf-8"))
            with transaction() as session:
                set_up(session, file, seals=app.extensions["seals"], now=datetime.now(UTC))
            db.session.remove()
            db.engine.dispose()

    def start_web(self) -> None:
        bind = f"127.0.0.1:{self._port}"
        self._start("web", str(BIN / "gunicorn"), "--bind", bind, "wsgi:app")

    def start_worker(self, name: str = "worker") -> None:
        self._start(name, str(BIN / "flask"), "worker")

    def start_scheduler(self) -> None:
        self._start("scheduler", str(BIN / "flask"), "scheduler")

    def kill(self, name: str) -> None:
        """End one of web, worker and scheduler, and all it has forked, at once."""
        self._processes.pop(name).kill()

    def kill_worker(self) -> None:
        self.kill("worker")

    def wait_until_ready(self) -> None:
        eventually(self._is_ready, 30)

    def stop(self) -> None:
        """End everything at once: whatever happens to it, it must not matter."""
        for process in self._processes.values():
            process.kill()
        self._processes.clear()

    def flask(self, *arguments: str) -> str:
        """Run a flask command; return what it printed, or fail with it."""
        done = subprocess.run(
            [str(BIN / "flask"), *arguments], cwd=ROOT, env=self.env, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise AssertionError(f"flask {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def sync(self) -> str:
        return self.flask("sync")

    def browser(self) -> Browser:
        """Return a visitor with a cookie jar of their own, and no JavaScript."""
        return Browser(self.url)

    def memory_mb(self) -> float:
        """Return what the processes weigh, shared pages counted once (Linux)."""
        groups = {process.pid for process in self._processes.values()}
        total = 0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if os.getpgid(int(folder.name)) in groups:
                    rollup = (folder / "smaps_rollup").read_text()
                    total += int(re.findall(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[0])
            except (OSError, IndexError):
                continue
        return total / 1024

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in self._folder.glob("*.log"))

    def _start(self, name: str, *command: str) -> None:
        self._processes[name] = Process(command, self.env, self._folder / f"{name}.log")

    def _is_ready(self) -> bool:
        stopped = [name for name, process in self._processes.items() if not process.is_running]
        if stopped:
            raise AssertionError(f"{stopped[0]} ended:\n{self.logs()[-3000:]}")
        try:
            return requests.get(f"{self.url}/readyz", timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False
