"""A lock that is set to another time zone is noticed when its door is compared."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.outbox import work
from app.models import Door, Guest, OutboxEntry, Property
from app.services.attention import Concerns, concerns
from app.services.door_syncs import order_syncs
from tests.support.simulator import Simulator

ROOM = "1002"
DETAIL = "lock/detail"
WEEK = timedelta(days=7)


@pytest.fixture
def app(simulated_app: Flask) -> Flask:
    return simulated_app


def compare(session: Session, later: timedelta = timedelta()) -> None:
    """Have every door compared now, as if it had last been asked so much sooner."""
    for door in session.scalars(select(Door)):
        door.sync_due_at = datetime.now(UTC)
        if door.zone_read_at is not None:
            door.zone_read_at -= later
    session.flush()
    order_syncs(session, datetime.now(UTC))
    waiting = OutboxEntry.done_at.is_(None) & OutboxEntry.kind.startswith("sync")
    session.commit()
    ids = session.scalars(select(OutboxEntry.id).where(waiting)).all()
    session.rollback()
    work(list(ids))
    session.expire_all()


def found(session: Session) -> Concerns:
    return concerns(session, session.scalars(select(Property)).one(), datetime.now(UTC))


def names(session: Session) -> list[str]:
    return [door.name for door in found(session).doors_elsewhere]


def test_lock_of_another_zone_needs_a_person_until_it_is_set_right(
    session: Session, simulator: Simulator, alice: Guest
) -> None:
    simulator.lock(ROOM, hours_off=-8)
    compare(session)
    assert names(session) == ["Room 1"]

    simulator.lock(ROOM, hours_off=0)
    compare(session)
    assert names(session) == []


def test_lock_that_is_set_right_is_asked_once_a_week(
    session: Session, simulator: Simulator, alice: Guest
) -> None:
    compare(session)
    compare(session)
    assert len(simulator.calls(DETAIL)) == 3

    compare(session, WEEK)
    assert len(simulator.calls(DETAIL)) == 6


def test_lock_that_is_told_of_by_another_summer_time_is_right(
    session: Session, simulator: Simulator, alice: Guest
) -> None:
    now = datetime.now(UTC)
    house = session.scalars(select(Property)).one()
    ahead = now.astimezone(house.zone).utcoffset()
    simulator.lock(ROOM, hours_off=1 if not ahead else -1)
    compare(session)

    assert session.scalars(select(Door).filter_by(lock_id=ROOM)).one().utc_offset_minutes in (0, 60)
    assert names(session) == []


def test_door_is_compared_though_nobody_can_say_how_its_lock_is_set(
    session: Session, simulator: Simulator, alice: Guest
) -> None:
    simulator.fault("http_500", path=DETAIL)
    compare(session)

    door = session.scalars(select(Door).filter_by(lock_id=ROOM)).one()
    assert (door.sync_fault, door.zone_read_at) == (None, None)
    assert door.synced_at is not None
