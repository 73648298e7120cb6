"""A lock that refuses a code whose time has come has a wrong clock."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.lock_words import Refusal, Way
from app.models import AccessCode, CodeState, Door, Effect, OutboxEntry, Property
from app.ports.locks import LockRecord
from app.seals import Seals
from app.services.check_in import Details, check_in
from app.services.lock_events import store_records
from tests.factories import ALICE, NOW, make_house, make_reservation

WHO = Details("Alice Moore", "alice@example.com", None, 2, None, None, "en")


@pytest.fixture
def code(session: Session, seals: Seals) -> AccessCode:
    house: Property = make_house(session, rooms=1)
    make_reservation(session, house, 1, seals=seals)
    check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)
    code = session.scalars(select(AccessCode).join(Door).where(Door.name == "Room 1")).one()
    code.state, code.provider_ref = CodeState.ACTIVE, "77"
    code.held_from, code.held_until = code.valid_from, code.valid_until
    session.flush()
    return code


def typed(
    session: Session,
    code: AccessCode,
    seals: Seals,
    *,
    refusal: Refusal | None = Refusal.OUTSIDE_WINDOW,
    minutes: int = 5,
    digits: str | None = None,
) -> list[OutboxEntry]:
    """Have the lock tell of it, and return what is ordered about the clock."""
    at = NOW + timedelta(minutes=minutes)
    known = seals.unseal(code.sealed_digits)
    line = LockRecord(f"{minutes}", at, at, Way.CODE, refusal, code.name, digits or known)
    door = session.get_one(Door, code.door_id)
    store_records(session, door, [line], seals=seals, now=at)
    return list(session.scalars(select(OutboxEntry).filter_by(kind=Effect.SET_CLOCK)))


def test_refusal_within_the_window_has_the_clock_set_once_an_hour(
    session: Session, code: AccessCode, seals: Seals
) -> None:
    assert len(typed(session, code, seals)) == 1
    assert len(typed(session, code, seals, minutes=6)) == 1
    assert len(typed(session, code, seals, minutes=65)) == 2


@pytest.mark.parametrize("refusal", [None, Refusal.UNKNOWN_CODE, Refusal.LOCKED_OUT])
def test_other_lines_say_nothing_of_the_clock(
    session: Session, code: AccessCode, seals: Seals, refusal: Refusal | None
) -> None:
    assert typed(session, code, seals, refusal=refusal) == []


def test_refusal_before_or_after_the_window_is_right(
    session: Session, code: AccessCode, seals: Seals
) -> None:
    early = (code.valid_from - NOW) // timedelta(minutes=1)
    late = (code.valid_until - NOW) // timedelta(minutes=1)

    assert typed(session, code, seals, minutes=early - 5) == []
    assert typed(session, code, seals, minutes=early + 1) == []
    assert typed(session, code, seals, minutes=late + 5) == []


def test_mistake_is_not_held_against_the_clock(
    session: Session, code: AccessCode, seals: Seals
) -> None:
    digits = seals.unseal(code.sealed_digits)[:-1]

    assert typed(session, code, seals, digits=digits, refusal=Refusal.UNKNOWN_CODE) == []
