"""Logs that cannot be read: few calls while a lock service is away, as usual when it is back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Door, Property
from app.services.log_polling import RUNG, TAKEN, due_logs, next_due, note_reading, take_log
from app.services.log_rests import PAUSES, note_log_fault, note_log_read
from tests.factories import NOW, make_house

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DAY = timedelta(days=1)
TICK = 20 * SECOND


@pytest.fixture
def house(session: Session) -> Property:
    return make_house(session, rooms=5)


class Locks:
    """A lock service, some locks of which cannot be read, and the worker that reads logs."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.fails: set[str] = set()
        self.calls: list[tuple[datetime, str]] = []

    def tick(self, at: datetime) -> None:
        """Ring for what is due, and have it read: two doors side by side, as threads do."""
        rung = due_logs(self.session, at, providers=["ttlock", "seam"], told=())
        for start in range(0, len(rung), 2):
            taken = [one for one in rung[start : start + 2] if take_log(self.session, one, at)]
            for door_id in taken:
                self._read(door_id, at)

    def run(self, begins: datetime, lasts: timedelta, every: timedelta = TICK) -> None:
        for number in range(int(lasts / every)):
            self.tick(begins + number * every)

    def called(self, since: datetime = NOW) -> list[str]:
        return [name for at, name in self.calls if at >= since]

    def _read(self, door_id: int, at: datetime) -> None:
        door = self.session.get_one(Door, door_id, populate_existing=True)
        self.calls.append((at, door.name))
        if door.name in self.fails:
            note_log_fault(self.session, door, at + SECOND, underway=TAKEN)
            return
        note_log_read(self.session, door)
        again_at = next_due(self.session, door, at, told=())
        note_reading(self.session, door_id, at, door.log_due_at, again_at)


@pytest.fixture
def locks(session: Session, house: Property) -> Locks:
    return Locks(session)


def everything(session: Session) -> set[str]:
    return set(session.scalars(select(Door.name)))


def test_an_outage_of_a_day_costs_few_calls(session: Session, locks: Locks) -> None:
    locks.fails = everything(session)
    locks.run(NOW, DAY, 10 * MINUTE)

    assert len(locks.calls) < 45
    assert len(locks.called(NOW + 12 * HOUR)) <= 12


def test_when_the_service_is_back_all_its_doors_are_read_within_its_longest_pause(
    session: Session, locks: Locks
) -> None:
    locks.fails = everything(session)
    locks.run(NOW, 6 * HOUR, 10 * MINUTE)
    locks.fails = set()
    back_at = NOW + 6 * HOUR
    locks.run(back_at, PAUSES[-1] * 2.5, 5 * MINUTE)

    assert set(locks.called(back_at)) == everything(session)


def test_a_fault_that_passes_is_tried_again_within_minutes(session: Session, locks: Locks) -> None:
    locks.fails = everything(session)
    locks.tick(NOW)
    locks.fails = set()
    locks.run(NOW + TICK, 8 * MINUTE)

    assert set(locks.called(NOW + TICK)) == everything(session)


def test_a_lock_that_fails_alone_holds_up_no_other_and_is_asked_ever_more_seldom(
    session: Session, locks: Locks
) -> None:
    locks.fails = {"Room 3"}
    locks.run(NOW, DAY, 10 * MINUTE)

    asked = locks.called()
    assert 15 <= asked.count("Room 3") <= 32
    assert set(asked) == everything(session)
    first = [name for at, name in locks.calls if at < NOW + 25 * MINUTE and name != "Room 3"]
    assert set(first) == everything(session) - {"Room 3"}


def test_a_provider_that_is_away_holds_up_no_other(session: Session, locks: Locks) -> None:
    for name in ("Room 1", "Room 2", "Room 3", "Room 4"):
        session.scalars(select(Door).filter_by(name=name)).one().provider = "seam"
    session.flush()
    locks.fails = {"Room 1", "Room 2", "Room 3", "Room 4"}
    locks.run(NOW, 5 * MINUTE)

    assert {"Front door", "Room 5"} <= set(locks.called())


def test_one_try_for_all_keeps_the_others_waiting(session: Session, locks: Locks) -> None:
    locks.fails = everything(session)
    locks.run(NOW, 3 * MINUTE)
    at = NOW + HOUR
    [tried] = due_logs(session, at, providers=["ttlock"], told=())

    assert due_logs(session, at + SECOND, providers=["ttlock"], told=()) == []
    assert take_log(session, tried, at + SECOND)
    others = set(session.scalars(select(Door.id))) - {tried}
    assert not any(take_log(session, one, at + 2 * SECOND) for one in others)
    assert due_logs(session, at + RUNG + SECOND, providers=["ttlock"], told=()) == []
