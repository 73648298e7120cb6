"""Unlocks on their way to a lock: begun within twenty seconds of the tap, or not at all."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db import transaction
from app.jobs.locks import refresh_doors
from app.jobs.outbox import work
from app.models import Door, Guest, OutboxEntry, ProviderToken, UnlockRequest, UnlockState
from app.services.unlocks import TAP_LASTS, request_by_guest
from tests.support.simulator import Simulator

REMOTELY = 12
ROOM_1 = "1002"


@pytest.fixture
def app(simulated_app: Flask) -> Flask:
    return simulated_app


def tap(guest: Guest, at: datetime) -> tuple[int, int]:
    """Tap "Unlock" at the door of room 1; return the tap, and the order it made."""
    with transaction() as session:
        asking = session.get_one(Guest, guest.id)
        session.refresh(asking, ["house"])
        room = session.scalars(select(Door.id).filter_by(lock_id=ROOM_1)).one()
        request = request_by_guest(session, asking, room, at)
        key = f"unlock:{request.id}"
        return request.id, session.scalars(select(OutboxEntry.id).filter_by(dedupe_key=key)).one()


def outcome(session: Session, request_id: int) -> UnlockRequest:
    session.rollback()
    return session.get_one(UnlockRequest, request_id)


def times_opened(simulator: Simulator) -> int:
    records = simulator.state()["records"]
    return len([one for one in records if one["recordType"] == REMOTELY])


def tap_in_vain(session: Session, alice: Guest, simulator: Simulator, errcode: int) -> int:
    """Have a tap refused by its lock, whose features were read before; return the request."""
    session.rollback()
    refresh_doors([])
    simulator.fault("errcode", path="lock/unlock", errcode=errcode, times=1)
    request_id, entry = tap(alice, datetime.now(UTC))
    work([entry])
    return request_id


def test_an_unlock_opens_the_door(
    app: Flask, session: Session, alice: Guest, simulator: Simulator
) -> None:
    request_id, entry = tap(alice, datetime.now(UTC))

    work([entry])

    assert outcome(session, request_id).state == UnlockState.OPENED
    assert times_opened(simulator) == 1


@pytest.mark.parametrize("errcode", [-4043, -3046])
def test_a_lock_that_may_not_be_opened_from_afar_is_remembered(
    app: Flask, session: Session, alice: Guest, simulator: Simulator, errcode: int
) -> None:
    request_id = tap_in_vain(session, alice, simulator, errcode)
    refresh_doors([])

    assert outcome(session, request_id).state == UnlockState.FAILED
    opens = dict(session.execute(select(Door.lock_id, Door.opens_remotely)).all())
    assert opens == {"1001": True, ROOM_1: False, "1003": True}


@pytest.mark.parametrize("errcode", [-3002, -3003, 1])
def test_a_lock_that_could_not_be_reached_may_be_opened_from_afar_all_the_same(
    app: Flask, session: Session, alice: Guest, simulator: Simulator, errcode: int
) -> None:
    tap_in_vain(session, alice, simulator, errcode)

    assert set(session.scalars(select(Door.opens_remotely))) == {True}


def test_an_unlock_that_the_log_in_holds_up_too_long_is_not_sent(
    app: Flask, session: Session, alice: Guest, simulator: Simulator
) -> None:
    session.execute(update(ProviderToken).values(sealed=None))
    session.commit()
    simulator.fault("slow", path="oauth2/token", seconds=3)
    request_id, entry = tap(alice, datetime.now(UTC) - TAP_LASTS + timedelta(seconds=2))

    work([entry])

    assert outcome(session, request_id).state == UnlockState.FAILED
    assert times_opened(simulator) == 0
