"""What providers say of their locks, and what follows when a gateway is back."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Door, Effect, LaneRest, OutboxEntry
from app.ports.locks import LockStatus
from app.services.door_status import keep_statuses
from app.services.lane_rests import note_failure
from app.services.outbox import order
from app.services.remote_refusals import note_opening, note_refusal
from tests.factories import NOW, make_house

SEEN = NOW - timedelta(minutes=3)


@pytest.fixture
def door(session: Session) -> Door:
    house = make_house(session, rooms=1)
    door = session.scalars(select(Door).filter_by(name="Room 1", property_id=house.id)).one()
    door.gateway_id, door.sync_due_at = "501", NOW + timedelta(hours=5)
    session.flush()
    return door


def status(door: Door, *, online: bool | None, battery: int | None = 80) -> LockStatus:
    seen_at = None if online is False else SEEN
    return LockStatus(door.lock_id, "S1", battery, "501", online, seen_at, True, True)


def test_what_the_provider_cannot_say_stays_as_it_was(session: Session, door: Door) -> None:
    keep_statuses(session, "ttlock", [status(door, online=True)], NOW)
    keep_statuses(session, "ttlock", [status(door, online=None, battery=None)], NOW)

    assert (door.battery_percent, door.gateway_online, door.seen_at) == (80, True, SEEN)
    assert (door.opens_remotely, door.gives_offline_codes) == (True, True)


def test_keys_that_a_lock_lacks_are_written_down(session: Session, door: Door) -> None:
    told = LockStatus(door.lock_id, "S1", 80, "501", True, SEEN, keypad="123456")

    keep_statuses(session, "ttlock", [told], NOW)

    assert door.keypad == "123456"


def test_lock_of_which_nothing_was_heard_was_last_heard_of_before(
    session: Session, door: Door
) -> None:
    later = NOW + timedelta(hours=1)
    keep_statuses(session, "ttlock", [status(door, online=True)], NOW)
    keep_statuses(session, "ttlock", [LockStatus(door.lock_id, "S1", 80, None, None, None)], later)

    assert (door.gateway_online, door.seen_at) == (True, SEEN)


def test_lock_that_no_gateway_hears_any_more_is_not_online(session: Session, door: Door) -> None:
    told = LockStatus(door.lock_id, "S1", 80, None, None, None, gateway_lost=True)
    keep_statuses(session, "ttlock", [status(door, online=True)], NOW)
    keep_statuses(session, "ttlock", [told], NOW + timedelta(hours=1))

    assert (door.gateway_online, door.seen_at) == (None, SEEN)


def test_lock_known_to_be_out_of_reach_stays_so_when_its_gateway_is_gone(
    session: Session, door: Door
) -> None:
    told = LockStatus(door.lock_id, "S1", 80, None, None, None, gateway_lost=True)
    keep_statuses(session, "ttlock", [status(door, online=False)], NOW)
    keep_statuses(session, "ttlock", [told], NOW + timedelta(hours=1))

    assert door.gateway_online is False


def test_gateway_that_is_online_was_heard_of_now(session: Session, door: Door) -> None:
    keep_statuses(session, "ttlock", [LockStatus(door.lock_id, "S1", 80, "501", True, None)], NOW)

    assert door.seen_at == NOW


def test_lock_that_refused_to_open_from_afar_is_believed_for_a_day(
    session: Session, door: Door
) -> None:
    keep_statuses(session, "ttlock", [status(door, online=True)], NOW)
    note_refusal(session, door, NOW, "Remote unlock is switched off.")
    session.flush()

    keep_statuses(session, "ttlock", [status(door, online=True)], NOW + timedelta(hours=23))
    assert door.opens_remotely is False

    keep_statuses(session, "ttlock", [status(door, online=True)], NOW + timedelta(hours=24))
    assert door.opens_remotely is True


def test_lock_that_opened_from_afar_after_all_is_offered_again(
    session: Session, door: Door
) -> None:
    note_refusal(session, door, NOW, "Remote unlock is switched off.")
    session.flush()
    note_opening(door)

    keep_statuses(session, "ttlock", [status(door, online=True)], NOW + timedelta(hours=1))

    assert door.opens_remotely is True


def test_gateway_that_is_away_was_last_heard_of_before(session: Session, door: Door) -> None:
    keep_statuses(session, "ttlock", [status(door, online=True)], NOW)
    keep_statuses(session, "ttlock", [status(door, online=False)], NOW + timedelta(hours=1))

    assert (door.gateway_online, door.seen_at) == (False, SEEN)


def test_door_whose_gateway_is_back_is_compared_at_once(session: Session, door: Door) -> None:
    keep_statuses(session, "ttlock", [status(door, online=False)], NOW)
    keep_statuses(session, "ttlock", [status(door, online=True)], NOW + timedelta(hours=1))
    session.refresh(door)

    assert door.sync_due_at == NOW + timedelta(hours=1)


def test_what_rests_is_taken_up_when_its_gateway_is_said_to_be_there(
    session: Session, door: Door
) -> None:
    entry = order(session, Effect.PUT_CODE, 1, key="put:1", now=NOW, lane=door.lane)
    entry.fault, entry.due_at = "The gateway is offline.", NOW + timedelta(minutes=4)
    for _ in range(4):
        note_failure(session, door.lane, NOW)
    session.flush()

    keep_statuses(session, "ttlock", [status(door, online=False)], NOW)
    assert session.scalars(select(OutboxEntry.due_at)).one() > NOW
    keep_statuses(session, "ttlock", [status(door, online=True)], NOW)

    assert session.scalars(select(OutboxEntry.due_at)).one() == NOW
    assert session.scalars(select(LaneRest)).all() == []
