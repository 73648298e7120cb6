"""A code's steps at a simulated lock that answers badly, or does not do what it is asked."""

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.jobs.codes import MOST_DRAWS
from app.jobs.outbox import work
from app.models import (
    AccessCode,
    CallCount,
    CodeState,
    Door,
    Effect,
    Guest,
    Host,
    OutboxEntry,
    Property,
    Reservation,
)
from app.ports.locks.ttlock_errors import BEIJING
from app.seals import Seals
from app.services.attention import concerns
from app.services.check_in import Details, check_in
from app.services.code_steps import give_up, take_back
from app.services.reservations import set_times
from tests.factories import BOB, make_reservation
from tests.support.simulator import Simulator

ROOM = "1002"
BOBS = Details("Bob Hill", None, "+447700900418", 1, None, None, "en")
STEPS = (Effect.PUT_CODE, Effect.CHANGE_CODE, Effect.REMOVE_CODE)


@pytest.fixture
def app(simulated_app: Flask) -> Flask:
    return simulated_app


def of_room(session: Session, lock_id: str = ROOM) -> AccessCode:
    session.expire_all()
    found = select(AccessCode).join(Door).where(Door.lock_id == lock_id)
    return session.scalars(found.options(joinedload(AccessCode.door))).one()


def do_all(session: Session, rounds: int = 1) -> None:
    """Have a worker take up each step that waits, however long it would have waited yet."""
    for _ in range(rounds):
        waiting = (OutboxEntry.done_at.is_(None)) & OutboxEntry.kind.in_(STEPS)
        for entry in session.scalars(select(OutboxEntry).where(waiting)):
            entry.due_at = min(entry.due_at, datetime.now(UTC))
        session.commit()
        ids = session.scalars(select(OutboxEntry.id).where(waiting)).all()
        session.rollback()
        work(list(ids))
    session.expire_all()


def test_code_wanted_again_after_a_removal_without_an_answer_is_looked_for_and_put_back(
    session: Session, seals: Seals, simulator: Simulator, alice: Guest
) -> None:
    code = of_room(session)
    digits, at = seals.unseal(code.sealed_digits), datetime.now(UTC)
    give_up(session, code, now=at, actor="test")
    session.commit()
    simulator.fault("cut_after", path="keyboardPwd/delete", times=1)
    do_all(session)
    assert not simulator.keypad(ROOM, digits)

    code = of_room(session)
    take_back(session, code, code.window, now=datetime.now(UTC), actor="test")
    session.commit()
    assert not code.opens_at(datetime.now(UTC))
    do_all(session, rounds=3)

    code = of_room(session)
    assert code.is_held_as_wanted
    assert simulator.keypad(ROOM, digits)


def test_code_found_gone_when_its_dates_change_is_not_said_to_open_until_it_is_back(
    app: Flask, session: Session, seals: Seals, simulator: Simulator, alice: Guest
) -> None:
    code = of_room(session)
    digits, ref = seals.unseal(code.sealed_digits), code.provider_ref
    session.rollback()
    simulator.fault("errcode", path="keyboardPwd/add", errcode=-3002)
    app.extensions["ports"].locks["ttlock"].remove_code(ROOM, ref)
    later(session, seals)
    do_all(session, rounds=2)

    code = of_room(session)
    assert (code.state, code.held_until) == (CodeState.WANTED, None)
    simulator.clear_faults()
    do_all(session, rounds=2)

    assert of_room(session).is_held_as_wanted
    assert simulator.keypad(ROOM, digits)


def test_code_that_takes_no_other_dates_is_put_anew_with_its_digits(
    session: Session, seals: Seals, simulator: Simulator, alice: Guest
) -> None:
    code = of_room(session)
    digits = seals.unseal(code.sealed_digits)
    simulator.fault("errcode", path="keyboardPwd/change", lock_id=ROOM, errcode=-3008)
    later(session, seals)
    do_all(session, rounds=2)

    code = of_room(session)
    assert code.is_held_as_wanted
    assert seals.unseal(code.sealed_digits) == digits
    assert simulator.keypad(ROOM, digits)


def test_dates_that_a_lock_does_not_take_are_said_before_the_old_ones_end(
    session: Session, seals: Seals, simulator: Simulator, alice: Guest
) -> None:
    simulator.fault("errcode", path="keyboardPwd/change", lock_id=ROOM, errcode=-2025)
    later(session, seals)
    do_all(session)

    code = of_room(session)
    house = session.scalars(select(Property)).one()
    assert code.held_until is not None
    soon = code.held_until - timedelta(hours=1)
    assert code not in concerns(session, house, datetime.now(UTC)).codes_missing
    assert code in concerns(session, house, soon).codes_missing


def test_lock_that_takes_no_digits_whatever_they_are_needs_a_person_after_some(
    session: Session, seals: Seals, simulator: Simulator, alice: Guest
) -> None:
    simulator.fault("errcode", path="keyboardPwd/add", lock_id="1003", errcode=-2032)
    at = datetime.now(UTC)
    house = session.scalars(select(Property)).one()
    until = at.date() + timedelta(days=2)
    make_reservation(
        session, house, 2, seals=seals, reference=BOB, arrival=at.date(), departure=until, now=at
    )
    check_in(session, house.id, BOB, BOBS, seals=seals, now=at)
    session.commit()
    do_all(session, rounds=MOST_DRAWS + 4)

    code = of_room(session, "1003")
    assert code.state == CodeState.FAILED
    drawn = select(OutboxEntry).filter_by(kind=Effect.PUT_CODE, subject_id=code.id)
    assert len(session.scalars(drawn).all()) == MOST_DRAWS


@pytest.mark.parametrize(("spent", "ends"), [(0.92, True), (0.97, True), (0.985, False)])
def test_a_code_can_be_ended_while_only_the_reserve_is_left(
    session: Session, seals: Seals, simulator: Simulator, alice: Guest, spent: float, ends: bool
) -> None:
    code = of_room(session)
    digits = seals.unseal(code.sealed_digits)
    spend(session, spent)
    give_up(session, code, now=datetime.now(UTC), actor="test")
    session.commit()
    do_all(session)

    assert (of_room(session).state == CodeState.GONE) is ends
    assert simulator.keypad(ROOM, digits) is not ends


def test_dates_still_change_when_background_reading_has_to_stop(
    session: Session, seals: Seals, simulator: Simulator, alice: Guest
) -> None:
    spend(session, 0.92)
    later(session, seals)
    do_all(session)

    assert of_room(session).is_held_as_wanted


def later(session: Session, seals: Seals) -> None:
    """Have Alice leave her room an hour later."""
    host = session.scalars(select(Host)).one()
    stay = session.scalars(select(Reservation)).one()
    set_times(session, host, stay.id, None, time(12), seals=seals, now=datetime.now(UTC))
    session.commit()


def spend(session: Session, share: float) -> None:
    """Spend so much of the month's calls."""
    month = f"{datetime.now(UTC).astimezone(BEIJING):%Y-%m}"
    count = session.get_one(CallCount, ("ttlock", month))
    count.calls = round(30_000 * share)
    session.commit()
