"""Down the ladder at a simulated lock and up again: codes that need no gateway, and their end."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.nights import Nights
from app.jobs.locks import refresh_doors
from app.jobs.outbox import work
from app.models import (
    AccessCode,
    CodeState,
    Door,
    Effect,
    Guest,
    Host,
    Message,
    OutboxEntry,
    Property,
    Reservation,
)
from app.seals import Seals
from app.services.check_in import Details, check_in
from app.services.corrections import correct_dates
from app.services.ladder import tend_ladders
from app.services.messages import Event
from tests.factories import ALICE, make_host, make_house, make_reservation
from tests.support.simulator import Simulator

ROOM, GATEWAY = "1002", 501
WHO = Details("Alice Moore", "alice@example.com", None, 2, None, None, "en")
LOCK_EFFECTS = (Effect.PUT_CODE, Effect.CHANGE_CODE, Effect.REMOVE_CODE, Effect.ISSUE_CODE)


@pytest.fixture
def app(simulated_app: Flask) -> Flask:
    return simulated_app


@pytest.fixture
def stay(session: Session, seals: Seals) -> Reservation:
    """Alice's room, since yesterday: its lock makes offline codes. The front door has no lock."""
    house = make_house(session, rooms=1)
    front, room = session.scalars(select(Door).order_by(Door.id)).all()
    front.property_id, front.room_id = house.id, room.room_id
    session.delete(front)
    room.lock_id, room.gateway_id, room.gives_offline_codes = ROOM, str(GATEWAY), True
    make_host(session, house)
    at = datetime.now(UTC)
    since = at.date() - timedelta(days=1)
    stay = make_reservation(
        session, house, 1, seals=seals, arrival=since, departure=since + timedelta(days=3), now=at
    )
    session.commit()
    return stay


def do_all(session: Session) -> None:
    """Have a worker do what the locks are asked for, as far as it can be done now."""
    for _ in range(4):
        session.rollback()
        for entry in session.scalars(select(OutboxEntry).where(OutboxEntry.done_at.is_(None))):
            entry.due_at = min(entry.due_at, datetime.now(UTC))
        session.commit()
        open_ = OutboxEntry.done_at.is_(None) & OutboxEntry.kind.in_(LOCK_EFFECTS)
        ids = session.scalars(select(OutboxEntry.id).where(open_)).all()
        session.rollback()
        work(list(ids))
    session.expire_all()


def arrive_while_away(session: Session, seals: Seals, simulator: Simulator) -> Guest:
    """Check in while the gateway is unplugged, and wait at the door until the ladder acts."""
    simulator.gateway(GATEWAY, online=False)
    at = datetime.now(UTC)
    house = session.scalars(select(Property)).one()
    guest = check_in(session, house.id, ALICE, WHO, seals=seals, now=at)
    session.commit()
    do_all(session)
    tend_ladders(session, house, now=at + timedelta(minutes=3), actor="clock")
    session.commit()
    do_all(session)
    return guest


def plug_in(session: Session, simulator: Simulator) -> None:
    """Give the gateway its power again, and have that noticed."""
    session.rollback()
    simulator.gateway(GATEWAY, online=True)
    refresh_doors([])


def current(session: Session, seals: Seals) -> tuple[AccessCode, str]:
    code = session.scalars(
        select(AccessCode)
        .where(AccessCode.state.in_((CodeState.WANTED, CodeState.ACTIVE)))
        .options(joinedload(AccessCode.door))
    ).one()
    return code, seals.unseal(code.sealed_digits)


def changes_told(session: Session) -> int:
    return len(session.scalars(select(Message).filter_by(template=Event.CODE_CHANGED)).all())


def extend(session: Session, seals: Seals, stay: Reservation) -> None:
    nights = Nights(stay.arrival, stay.departure + timedelta(days=1))
    host = session.scalars(select(Host)).one()
    correct_dates(session, host, stay.id, nights, seals=seals, now=datetime.now(UTC))
    session.commit()


def test_guest_gets_a_code_that_needs_no_gateway_and_is_told_once(
    session: Session, seals: Seals, simulator: Simulator, stay: Reservation
) -> None:
    arrive_while_away(session, seals, simulator)

    code, digits = current(session, seals)
    assert code.by_provider
    assert simulator.keypad(ROOM, digits)
    assert changes_told(session) == 1
    assert code.held_until is not None
    assert code.held_until <= code.valid_until


def test_used_offline_code_takes_other_dates_and_keeps_its_digits(
    session: Session, seals: Seals, simulator: Simulator, stay: Reservation
) -> None:
    arrive_while_away(session, seals, simulator)
    _, digits = current(session, seals)
    assert simulator.keypad(ROOM, digits)
    plug_in(session, simulator)

    extend(session, seals, stay)
    do_all(session)

    code, still = current(session, seals)
    assert (still, code.held_until) == (digits, code.valid_until)
    assert changes_told(session) == 1


def test_offline_code_that_takes_no_other_dates_is_replaced_once_the_new_one_is_on_the_lock(
    session: Session, seals: Seals, simulator: Simulator, stay: Reservation
) -> None:
    arrive_while_away(session, seals, simulator)
    _, old = current(session, seals)
    extend(session, seals, stay)
    do_all(session)
    assert current(session, seals)[1] == old

    plug_in(session, simulator)
    do_all(session)

    code, new = current(session, seals)
    assert not code.by_provider
    assert code.is_held_as_wanted
    assert simulator.keypad(ROOM, new)
    assert not simulator.keypad(ROOM, old)
    assert changes_told(session) == 2
