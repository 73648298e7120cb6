"""Notices of codes bring the next look forward, and however many come, never more than that."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AccessCode, Door, Effect, OutboxEntry
from app.seals import Seals
from app.services.check_in import Details, check_in
from app.services.code_notices import APART, look_soon
from app.services.outbox import take
from tests.factories import ALICE, NOW, make_house, make_reservation

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
WHO = Details("Alice Moore", None, "+447700900417", 2, None, None, "en")
FAULT = "Seam has lost the lock's account."


@pytest.fixture
def put(session: Session, seals: Seals) -> OutboxEntry:
    """The order of a code for room 1, which failed; the next try is in half an hour."""
    house = make_house(session)
    make_reservation(session, house, 1, seals=seals)
    check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)
    door = session.scalars(select(Door).filter_by(name="Room 1")).one()
    door.provider, door.lock_id, door.sync_due_at = "seam", "device-1", NOW + 5 * HOUR
    code = session.scalars(select(AccessCode).filter_by(door_id=door.id)).one()
    entry = session.scalars(
        select(OutboxEntry).filter_by(kind=Effect.PUT_CODE, subject_id=code.id)
    ).one()
    entry.attempts, entry.fault, entry.due_at = 4, FAULT, NOW + HOUR / 2
    session.flush()
    return entry


def due(session: Session, entry: OutboxEntry) -> datetime:
    session.refresh(entry)
    return entry.due_at


def compared_at(session: Session) -> datetime | None:
    door = session.scalars(select(Door).filter_by(lock_id="device-1")).one()
    session.refresh(door)
    return door.sync_due_at


def test_notice_has_the_door_compared_and_what_failed_tried_again(
    session: Session, put: OutboxEntry
) -> None:
    look_soon(session, "seam", NOW, ["device-1", "unknown"])

    assert (compared_at(session), due(session, put)) == (NOW, NOW)


def test_notice_of_all_locks_is_of_this_one_too(session: Session, put: OutboxEntry) -> None:
    look_soon(session, "seam", NOW)

    assert (compared_at(session), due(session, put)) == (NOW, NOW)


@pytest.mark.parametrize(("provider", "lock_id"), [("seam", "device-2"), ("ttlock", "device-1")])
def test_notice_of_another_lock_brings_nothing_forward(
    session: Session, put: OutboxEntry, provider: str, lock_id: str
) -> None:
    look_soon(session, provider, NOW, [lock_id])

    assert (compared_at(session), due(session, put)) == (NOW + 5 * HOUR, NOW + HOUR / 2)


def test_what_was_never_tried_waits_for_its_time(session: Session, put: OutboxEntry) -> None:
    put.attempts, put.fault = 0, None

    look_soon(session, "seam", NOW, ["device-1"])

    assert due(session, put) == NOW + HOUR / 2


def test_what_is_due_already_is_not_put_off(session: Session, put: OutboxEntry) -> None:
    look_soon(session, "seam", NOW, ["device-1"])
    put.due_at = NOW + SECOND

    look_soon(session, "seam", NOW + SECOND, ["device-1"])

    assert due(session, put) == NOW + SECOND


def test_tries_that_fail_and_are_told_of_do_not_follow_each_other_at_once(
    session: Session, put: OutboxEntry
) -> None:
    tried: list[datetime] = []
    for second in range(300):
        at = NOW + second * SECOND
        look_soon(session, "seam", at, ["device-1"])
        if take(session, put.id, at) is not None:
            tried.append(at)
            session.refresh(put)
            put.leased_until, put.due_at = None, at + HOUR / 2
            session.flush()

    assert len(tried) == 5
    assert all(later - earlier >= APART for earlier, later in pairwise(tried))


def test_notice_that_comes_soon_after_another_is_not_lost(
    session: Session, put: OutboxEntry
) -> None:
    look_soon(session, "seam", NOW, ["device-1"])
    put.due_at = NOW + HOUR

    look_soon(session, "seam", NOW + 5 * SECOND, ["device-1"])

    assert due(session, put) == NOW + APART
