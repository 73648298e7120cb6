"""The whole system as it runs in production: web, worker and scheduler as processes."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import requests
from redis import Redis

from app.db import db
from app.factory import create_app
from app.jobs.schedule import schedule
from config import Settings
from tests.support.databases import Database
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
        self._app = create_app(Settings.from_environment(self.env))
        self._processes: dict[str, Process] = {}
        self._is_whole = True

    def start(self, house: Path | None = None) -> None:
        """Set a property up, the demo's unless another is given, and start everything."""
        self._set_up(house)
        self._come_up()

    def start_over(self, database: Database) -> None:
        """Be as `start` leaves it, with processes that have run before."""
        self.simulator.reset()
        if not self._is_whole:
            self._end_workers()
        # What is in hand finds nothing of its own left, and nothing new can begin.
        database.empty()
        eventually(self._is_idle, 60)
        database.empty()
        for log in self._folder.glob("*.log"):
            os.truncate(log, 0)
        self._set_up(None)
        with self._app.app_context():
            # What a scheduler does when it starts; some of it then for minutes no more.
            for one in schedule():
                one.run_if_due(datetime.now(UTC))
        self._come_up()

    def _set_up(self, house: Path | None) -> None:
        if house is None:
            house = self._folder / "house.toml"
            house.write_text(DEMO.read_text().replace("${SIMULATOR_URL}", self.simulator.url))
        self._command("setup", str(house))

    def _come_up(self) -> None:
        """Start what is not running, and wait for it."""
        for name in ("web", "worker", "scheduler"):
            if name not in self._processes:
                self._start(name)
        eventually(self._is_ready, 30)
        # Or a calendar read a moment before a test's booking is taken for one read after it.
        eventually(self._is_idle, 60)
        self.simulator.webhook(f"{self.url}/sms/inbound")

    def _end_workers(self) -> None:
        """End all workers, and forget in Redis what the dead had in hand."""
        for name in [name for name in self._processes if "worker" in name]:
            self.kill(name)
        with Redis.from_url(self.env["REDIS_URL"]) as redis:
            redis.flushdb()
        self._is_whole = True

    def _is_idle(self) -> bool:
        """Tell whether no worker has anything in hand: a job is in Redis until it is done."""
        with Redis.from_url(self.env["REDIS_URL"]) as redis:
            return next(redis.scan_iter("rq:job:*"), None) is None

    def start_web(self) -> None:
        self._start("web")

    def start_worker(self, name: str = "worker") -> None:
        """Start a worker; one by another name is there until the next test."""
        self._start("worker", name)
        self._is_whole = self._is_whole and name == "worker"

    def start_scheduler(self) -> None:
        self._start("scheduler")

    def kill(self, name: str) -> None:
        """End one of web, worker and scheduler, and all it has forked, at once."""
        self._processes.pop(name).kill()
        self._is_whole = False

    def kill_worker(self) -> None:
        self.kill("worker")

    def wait_until_ready(self) -> None:
        eventually(self._is_ready, 30)

    def stop(self) -> None:
        """End everything at once: whatever happens to it, it must not matter."""
        for process in self._processes.values():
            process.kill()
        self._processes.clear()
        with self._app.app_context():
            db.engine.dispose()

    def flask(self, *arguments: str) -> str:
        """Run a flask command; return what it printed, or fail with it."""
        done = subprocess.run(
            [str(BIN / "flask"), *arguments], cwd=ROOT, env=self.env, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise AssertionError(f"flask {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def sync(self) -> str:
        return self._command("sync")

    def _command(self, *arguments: str) -> str:
        """Run a flask command as `flask` does, in this process, which has everything loaded."""
        done = self._app.test_cli_runner().invoke(args=list(arguments))
        if done.exit_code != 0:
            raise AssertionError(f"flask {' '.join(arguments)}: {done.output}") from done.exception
        return done.output

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

    def _start(self, kind: str, name: str = "") -> None:
        command = [str(BIN / "flask"), kind]
        if kind == "web":
            bind = f"127.0.0.1:{self._port}"
            command = [str(BIN / "gunicorn"), "--bind", bind, "wsgi:app"]
        name = name or kind
        self._processes[name] = Process(command, self.env, self._folder / f"{name}.log")

    def _is_ready(self) -> bool:
        stopped = [name for name, process in self._processes.items() if not process.is_running]
        if stopped:
            raise AssertionError(f"{stopped[0]} ended:\n{self.logs()[-3000:]}")
        try:
            return requests.get(f"{self.url}/readyz", timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False
