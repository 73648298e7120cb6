"""What goes wrong: gateways unplugged, answers lost, locks full, people with the lock's own app."""

import heapq
import itertools
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.windows import Window
from app.jobs.locks import refresh_doors
from app.ports.errors import PortError
from app.ports.locks import CodeOrder, LockPort
from app.services.door_syncs import EVERY
from tests.season.clock import SeasonClock
from tests.season.house import GATEWAYS, ROOMS, gateway_of
from tests.season.model import FRONT, Model, lock_of
from tests.season.ports import PATIENCE
from tests.support.simulator import Simulator

SYNCS_EVERY = timedelta(minutes=60)
"""Doors to be compared are taken together, or most of the season would be spent on that."""

FAR = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
LOCKS = (FRONT, *(lock_of(room) for room in ROOMS))
KINDS = (
    "timeout_before", "timeout_after", "cut_before", "cut_after", "http_500", "http_500_after",
    "nonsense", "errcode",
)  # fmt: skip
ERRCODES = (-3003, -3002, -3037, 90000, 1, 10004, 80000, 30006)


class Agenda:
    """What is to happen at a later moment of the season."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Callable[[], object]]] = []
        self._number = itertools.count()

    def at(self, instant: datetime, what: Callable[[], object]) -> None:
        heapq.heappush(self._heap, (instant, next(self._number), what))

    @property
    def next_at(self) -> datetime:
        return self._heap[0][0] if self._heap else FAR

    def do_due(self, now: datetime) -> None:
        while self._heap and self._heap[0][0] <= now:
            heapq.heappop(self._heap)[2]()


class Troubles:
    """Each begins one trouble and sees to its end; the model is told which locks it keeps away."""

    def __init__(
        self,
        simulator: Simulator,
        owner: LockPort,
        model: Model,
        clock: SeasonClock,
        dice: random.Random,
        agenda: Agenda,
    ) -> None:
        self._simulator, self._owner, self._model = simulator, owner, model
        self._clock, self._dice, self._agenda = clock, dice, agenda
        self._off: set[int] = set()
        self._full: set[str] = set()
        self._faulty = False
        self._kept_away: dict[str, datetime] = {}
        self.kill_next = False

    @property
    def weighted(self) -> list[tuple[Callable[[], bool], int]]:
        """Return what can go wrong, and how often beside all that happens."""
        return [
            (self.unplug, 2),
            (self.lose_answers, 6),
            (self.fill, 1),
            (self.add_stranger, 2),
            (self.wipe, 1),
            (self.kill, 8),
        ]

    def unplug(self) -> bool:
        """Take a gateway from its power, for minutes or for a day and a half."""
        plugged = [gateway for gateway in GATEWAYS if gateway not in self._off]
        if not plugged:
            return False
        gateway = self._dice.choice(plugged)
        self._simulator.gateway(gateway, online=False)
        self._off.add(gateway)
        self._mark()
        minutes = self._dice.choice((3, 20, 60, 60, 240, 2000)) * self._dice.uniform(0.5, 1.2)
        back = self._clock.now() + timedelta(minutes=minutes)
        self._agenda.at(back, lambda: self._plug(gateway))
        self._look_within_ten_minutes()
        return True

    def _plug(self, gateway: int) -> None:
        self._simulator.gateway(gateway, online=True)
        self._off.discard(gateway)
        self._mark()
        self._look_within_ten_minutes()

    def _look_within_ten_minutes(self) -> None:
        """Have the providers asked how their locks are, as the scheduler does all the time."""
        soon = self._clock.now() + timedelta(minutes=self._dice.uniform(0, 10))
        self._agenda.at(soon, lambda: refresh_doors([]))

    def lose_answers(self) -> bool:
        """Have the cloud fail some calls of every kind, for some minutes at most."""
        for _ in range(self._dice.randint(1, 3)):
            kind = self._dice.choice(KINDS)
            told: dict[str, Any] = {}
            if kind == "errcode":
                told["errcode"] = self._dice.choice(ERRCODES)
            times = self._dice.randint(1, 3)
            self._simulator.fault(kind, times=times, seconds=1.6 * PATIENCE, **told)
        self._faulty = True
        self._mark()
        over = self._clock.now() + timedelta(minutes=self._dice.uniform(1, 20))
        self._agenda.at(over, self._answer)
        return True

    def _answer(self) -> None:
        self._simulator.clear_faults()
        self._faulty = False
        self._mark()

    def fill(self) -> bool:
        """Fill a lock's memory for some hours."""
        lock = self._dice.choice(LOCKS)
        self._simulator.lock(lock, capacity=max(1, len(self._simulator.held(lock))))
        self._full.add(lock)
        self._mark()
        over = self._clock.now() + timedelta(hours=self._dice.uniform(0.2, 6))
        self._agenda.at(over, lambda: self._make_space(lock))
        return True

    def _make_space(self, lock: str) -> None:
        self._simulator.lock(lock, capacity=250)
        self._full.discard(lock)
        self._mark()
        # Its code is tried again in its own time, which grows to half an hour.
        self._keep_away(lock, timedelta(minutes=40))

    def add_stranger(self) -> bool:
        """Let the owner put a code on a lock with the lock's own app."""
        lock, now = self._dice.choice(LOCKS), self._clock.now()
        digits = f"{self._dice.randrange(10**6):06d}"
        order = CodeOrder("the owner's", digits, Window(now, now + timedelta(days=30)))
        try:
            self._owner.put_code(lock, order)
        except PortError:
            return False
        return True

    def wipe(self) -> bool:
        """Let somebody delete one of our codes with the lock's own app."""
        lock = self._dice.choice(LOCKS)
        try:
            ours = [
                code for code in self._owner.list_codes(lock) if code.name.startswith("Latchkey ")
            ]
            if not ours:
                return False
            self._owner.remove_code(lock, self._dice.choice(ours).provider_ref)
        except PortError:
            return False
        self._keep_away(lock, EVERY * 1.1 + 2 * SYNCS_EVERY + timedelta(minutes=5))
        return True

    def kill(self) -> bool:
        """Have the worker killed at its next work."""
        self.kill_next = True
        return True

    def _keep_away(self, lock: str, how_long: timedelta) -> None:
        until = self._clock.now() + how_long
        self._kept_away[lock] = max(until, self._kept_away.get(lock, until))
        known = self._model.trouble_until.get(lock, until)
        self._model.trouble_until[lock] = max(until, known)

    def _mark(self) -> None:
        """Tell the model which locks cannot be reached, and which can again as of now."""
        now = self._clock.now()
        for lock in LOCKS:
            is_away = self._faulty or lock in self._full or gateway_of(lock) in self._off
            until = self._model.trouble_until.get(lock)
            if is_away:
                self._model.trouble_until[lock] = FAR
            elif until == FAR:
                self._model.trouble_until[lock] = max(now, self._kept_away.get(lock, now))
