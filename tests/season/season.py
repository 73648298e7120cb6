"""The season itself: time, what happens in it, and a look at every lock after each step."""

import logging
import random
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from app.db import reading, transaction
from app.jobs import schedule
from app.models import AccessCode, Effect, LaneRest, OutboxEntry
from app.services.code_steps import CURRENT
from app.services.late_codes import LATE
from tests.season.checks import SOON, check
from tests.season.clock import SeasonClock
from tests.season.events import Events
from tests.season.house import make_property
from tests.season.model import Model
from tests.season.ports import impatient_ports
from tests.season.troubles import SYNCS_EVERY, Agenda, Troubles
from tests.season.worker import SeasonWorker
from tests.support.simulator import Simulator

logger = logging.getLogger(__name__)

PROGRESS = 250
"""Events, between two signs of life."""

A_MOMENT = timedelta(milliseconds=20)


class Rings:
    """Collects what RQ would be rung for."""

    def __init__(self) -> None:
        self._ids: list[int] = []

    def ring(self, entries: Iterable[tuple[int, Effect]]) -> None:
        self._ids += [entry_id for entry_id, _ in entries]

    def drain(self) -> list[int]:
        ids, self._ids = self._ids, []
        return ids


@dataclass
class Tally:
    """What a season came to."""

    happened: Counter[str] = field(default_factory=Counter)
    checks: int = 0
    codes_seen: int = 0
    kills: int = 0
    diary: deque[str] = field(default_factory=lambda: deque(maxlen=25))
    """What happened last."""

    @property
    def events(self) -> int:
        return self.happened.total()


class Season:
    """Thirty rooms, from now on, as one seed has it."""

    def __init__(self, app: Flask, simulator: Simulator, seed: int, *, spares: bool) -> None:
        self._dice = random.Random(seed)  # noqa: S311
        self._app, self._simulator = app, simulator
        self._rings = app.extensions["doorbell"] = Rings()
        app.extensions["ports"] = impatient_ports(app)
        for gateway in (501, 502, 503):
            simulator.gateway(gateway, delay_seconds=0)
        self._clock, self._model, self._agenda = SeasonClock(simulator), Model(), Agenda()
        self._worker = SeasonWorker(app)
        with transaction() as session:
            house_id, host_id = make_property(session, spares=spares)
        self._events = Events(app, self._model, self._clock, self._dice, house_id, host_id)
        owner = app.extensions["ports"].locks["ttlock"]
        self._troubles = Troubles(
            simulator, owner, self._model, self._clock, self._dice, self._agenda
        )
        self._sync_at = self._clock.now()
        self.tally = Tally()

    def run(self, events: int, length: timedelta) -> Tally:
        """Let so many things happen in that time. Raises Broken at the first that must not."""
        choices = [*self._events.weighted, *self._troubles.weighted]
        things = [thing for thing, _ in choices]
        weights = [weight for _, weight in choices]
        pause = length / events
        while self.tally.events < events:
            self._pass(self._clock.now() + pause * self._dice.expovariate(1))
            [thing] = self._dice.choices(things, weights)
            if thing():
                self.tally.happened[thing.__name__] += 1
                self.tally.diary.append(f"{self._clock.now():%d %b %H:%M:%S} {thing.__name__}")
                self._step()
                if self.tally.events % PROGRESS == 0:
                    logger.warning("season", extra={"events": self.tally.events, "at": self.now})
                self._agenda.at(self._clock.now() + SOON + timedelta(seconds=2), lambda: None)
        self._pass(self._clock.now() + timedelta(hours=12))
        self.tally.kills = self._worker.kills
        return self.tally

    def story(self, broken: str) -> list[str]:
        """Tell what happened last, and what is known of the bookings that a broken rule names."""
        named = [one for one in self._model.bookings.values() if one.reference in broken]
        return [*self.tally.diary, *map(repr, named)]

    def stop(self) -> None:
        self._worker.stop()

    def leap(self, ahead: timedelta) -> None:
        """Begin so much later."""
        self._clock.leap_to(self.now + ahead)

    @property
    def now(self) -> datetime:
        return self._clock.now()

    def _pass(self, target: datetime) -> None:
        """Let time pass, from one thing that is due to the next."""
        while self._clock.now() < target:
            after = self._clock.now() + A_MOMENT
            self._clock.leap_to(min(max(self._next_due(after), after), target))
            self._agenda.do_due(self._clock.now())
            self._step()

    def _step(self) -> None:
        """Do all that is due now, then look at every lock."""
        for tend in (schedule.end_codes, schedule.tend_keys, schedule.tend_spares):
            tend()
        if self._clock.now() >= self._sync_at:
            self._sync_at = self._clock.now() + SYNCS_EVERY
            schedule.ring_for_syncs()
        while True:
            schedule.ring_for_outbox()
            ids = self._rings.drain()
            if not ids:
                break
            self._work(ids)
        with reading() as session:
            memory = self._simulator.all_held()
            self.tally.codes_seen += check(
                session, self._app.extensions["seals"], self._model, memory, self._clock.now()
            )
        self.tally.checks += 1

    def _work(self, ids: Sequence[int]) -> None:
        if self._troubles.kill_next:
            self._troubles.kill_next = False
            self._worker.work_and_die(ids, self._dice.uniform(0, 0.06))
        else:
            self._worker.work(ids)

    def _next_due(self, after: datetime) -> datetime:
        """Return when the next thing is due that would be done in the background."""
        waiting = OutboxEntry.done_at.is_(None)
        current = AccessCode.state.in_(CURRENT)
        begins, ends = AccessCode.valid_from, AccessCode.valid_until
        moments = union_all(
            _first(OutboxEntry.due_at, OutboxEntry.due_at > after, waiting),
            _first(OutboxEntry.leased_until, OutboxEntry.leased_until > after, waiting),
            _first(LaneRest.rests_until, LaneRest.rests_until > after),
            _first(ends, ends > after, current),
            _first(begins, begins > after, current),
        )
        late = _first(begins, begins > after - LATE, current)
        known = [self._agenda.next_at, self._sync_at]
        with reading() as session:
            known += [one for (one,) in session.execute(moments) if one is not None]
            if (begun := session.scalar(late)) is not None:
                known.append(begun + LATE)
        return min(known)


def _first(moment: InstrumentedAttribute[Any], *which: ColumnElement[bool]) -> Select[tuple[Any]]:
    return select(func.min(moment)).where(*which)
