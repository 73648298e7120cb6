"""A running worker and scheduler over a simulated house, and a clock that all of them live by."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from redis import Redis
from sqlalchemy import Select, bindparam, false, func, or_, select, union_all

from app.db import db, reading, transaction
from app.factory import create_app
from app.models import AccessCode, Door, OutboxEntry
from app.ports.locks.ttlock import TtlockLocks
from app.seals import Seals
from app.services.code_steps import CURRENT
from app.services.lane_rests import is_resting
from config import Settings
from tests.faults.cases import TIMEOUT_SECONDS
from tests.faults.house import ALL, house_file, make_fault_house
from tests.ports.tokens import MemoryTokens
from tests.support.clocked import SharedClock
from tests.support.processes import Process
from tests.support.simulator import Simulator
from tests.support.waiting import eventually, pause

RADIO_SECONDS = 0.02
PATIENCE_SECONDS = 120.0
LOOK_SECONDS = 0.1
IDLE_SECONDS = 0.7
"""Of real time, until time goes on where something is due that nobody does."""
COMPARED_AFTER = timedelta(hours=6)


class FaultWorld:
    """Everything that runs. Times are those of the shared clock."""

    def __init__(self, env: Mapping[str, str], simulator: Simulator, folder: Path) -> None:
        self.simulator, self._folder = simulator, folder
        self._clock_file = folder / "clock"
        self.clock = SharedClock(self._clock_file)
        self._env = {
            **env,
            **{key: value for key, value in simulator.env().items() if key.startswith("TTLOCK_")},
            "TTLOCK_TIMEOUT_SECONDS": str(TIMEOUT_SECONDS),
        }
        settings = Settings.from_environment(self._env)
        self.app: Flask = create_app(settings)
        self.seals: Seals = self.app.extensions["seals"]
        self._redis_url = settings.redis_url
        self._processes: dict[str, Process] = {}
        assert settings.ttlock is not None
        one = settings.ttlock
        self.owners_app = TtlockLocks(
            one.api_url, one.client_id, one.client_secret, one.username, one.password,
            MemoryTokens(), self.clock.now,
        )  # fmt: skip
        """What the owner of the locks does in the app on their phone, behind our back."""

    def start(self) -> None:
        self.simulator.lock_cloud(strict_date=True)
        for case in ALL:
            self.simulator.gateway(case.gateway_id, delay_seconds=RADIO_SECONDS)
        now = self.clock.now()
        with transaction() as session:
            make_fault_house(session, self.seals, now, now + COMPARED_AFTER)
        self._start("scheduler")
        self.start_worker()
        eventually(self._knows_all_gateways, 90)

    def start_worker(self) -> None:
        """Start one and wait until it listens."""
        before = self._listening()
        self._start("worker")
        eventually(lambda: self._listening() - before, 60)

    def kill_worker(self) -> None:
        """End it and all it has forked, as kill -9 does."""
        self._processes.pop("worker").kill()

    def empty_redis(self) -> None:
        with Redis.from_url(self._redis_url) as redis:
            redis.flushdb()

    def stop(self) -> None:
        for process in self._processes.values():
            process.kill()

    def jump(self, seconds: float) -> None:
        """Let time pass at once, whatever is under way."""
        self.clock.move(seconds)
        self.simulator.set_clock(self.clock.now())

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and wait until what is due then is done."""
        self.jump(seconds)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is due and nobody works.

        Time goes on a little where nobody works though something is due: a ring may be lost.
        """
        idle_since = time.monotonic()
        deadline, step = idle_since + PATIENCE_SECONDS, 1.0
        while unfinished := self._unfinished():
            if time.monotonic() > deadline:
                raise AssertionError(f"still to be done: {unfinished}")
            pause(LOOK_SECONDS)
            if any(is_leased for _, is_leased in unfinished):
                idle_since, step = time.monotonic(), 1.0
            elif time.monotonic() > idle_since + IDLE_SECONDS:
                self.jump(step)
                idle_since, step = time.monotonic(), step * 2

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in self._folder.glob("*.log"))

    def _start(self, what: str) -> None:
        command = [sys.executable, "-m", "tests.support.clocked", what, str(self._clock_file)]
        self._processes[what] = Process(command, self._env, self._folder / f"{what}.log")

    def _listening(self) -> set[object]:
        with Redis.from_url(self._redis_url) as redis:
            return set(redis.smembers("rq:workers"))

    def _knows_all_gateways(self) -> bool:
        with reading() as session:
            return not session.scalars(select(Door.id).where(Door.gateway_id.is_(None))).all()

    def _unfinished(self) -> list[tuple[str, bool]]:
        """Return what is due or under way, and whether a worker has it."""
        with reading() as session:
            rows = session.execute(UNFINISHED, {"now": self.clock.now()})
            return [(str(name), bool(is_leased)) for name, is_leased in rows]


def _unfinished() -> Select[*tuple[Any, ...]]:
    now: Any = bindparam("now", type_=Door.sync_due_at.type)
    is_leased = func.coalesce(OutboxEntry.leased_until >= now, false())
    is_due = (OutboxEntry.due_at <= now) & ~is_resting(now)
    is_alive = or_(OutboxEntry.expires_at.is_(None), OutboxEntry.expires_at > now)
    at_work = OutboxEntry.done_at.is_(None) & (is_leased | (is_due & is_alive))
    has_ended = AccessCode.state.in_(CURRENT) & (AccessCode.valid_until <= now)
    rows = union_all(
        select(OutboxEntry.dedupe_key, is_leased).where(at_work),
        select(Door.name, false()).where(Door.sync_due_at <= now),
        select(AccessCode.name, false()).where(has_ended),
    )
    return select(rows.subquery())


UNFINISHED = _unfinished()


@contextmanager
def fault_world(env: Mapping[str, str], folder: Path) -> Iterator[FaultWorld]:
    """Run one, in its app's context."""
    house = folder / "house.toml"
    house.write_text(house_file())
    simulator = Simulator(sys.executable, folder, house)
    world = FaultWorld(env, simulator, folder)
    try:
        with world.app.app_context():
            world.empty_redis()
            world.start()
            yield world
            db.session.remove()
            db.engine.dispose()
    finally:
        world.stop()
        simulator.stop()
