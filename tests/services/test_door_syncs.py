"""What follows from comparing a door with what it should hold."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.reconcile import HeldCode, reconcile
from app.domain.windows import Window
from app.models import (
    AccessCode,
    CodeState,
    Door,
    Effect,
    Guest,
    OutboxEntry,
    Property,
    Stranger,
)
from app.seals import Seals
from app.services.check_in import Details, check_in
from app.services.codes import settle_codes
from app.services.digits import taken_on
from app.services.door_syncs import AGAIN, apply, expected, order_syncs, sync_soon
from tests.factories import ALICE, NOW, make_house, make_reservation

WHO = Details("Alice Moore", "alice@example.com", None, 2, None, None, "en")
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def house(session: Session) -> Property:
    return make_house(session, rooms=1)


@pytest.fixture
def code(session: Session, house: Property, seals: Seals) -> AccessCode:
    """Alice's code, confirmed by the lock of room 1; nothing is ordered any more."""
    make_reservation(session, house, 1, seals=seals)
    check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)
    code = session.scalars(
        select(AccessCode)
        .join(Door)
        .where(Door.name == "Room 1")
        .options(joinedload(AccessCode.door))
    ).one()
    code.state, code.provider_ref, code.active_at = CodeState.ACTIVE, "77", NOW
    code.held_from, code.held_until = code.valid_from, code.valid_until
    finish_orders(session)
    return code


def finish_orders(session: Session) -> None:
    for entry in session.scalars(select(OutboxEntry)):
        entry.done_at = NOW
    session.flush()


def held(code: AccessCode, seals: Seals, **facts: object) -> HeldCode:
    values = {
        "provider_ref": code.provider_ref or "77",
        "name": code.name,
        "digits": seals.unseal(code.sealed_digits),
        "window": code.window,
    }
    return HeldCode(**{**values, **facts})  # type: ignore[arg-type]


def sync(
    session: Session,
    door: Door,
    codes: Sequence[HeldCode],
    seals: Seals,
    at: datetime = NOW,
) -> None:
    should = expected(session, door, seals, at)
    actions = reconcile(should.wanted, should.leaving, should.ended, codes)
    apply(session, door, actions, should.versions, seals=seals, now=at)


def ordered(session: Session) -> list[Effect]:
    open_ = OutboxEntry.done_at.is_(None) & (OutboxEntry.kind != Effect.SEND_MESSAGE)
    return list(session.scalars(select(OutboxEntry.kind).where(open_)))


def test_door_that_holds_what_it_should_is_left_alone(
    session: Session, code: AccessCode, seals: Seals
) -> None:
    sync(session, code.door, [held(code, seals)], seals)

    assert ordered(session) == []
    assert code.door.synced_at == NOW


def test_empty_answer_takes_nothing_from_the_guest(
    session: Session, code: AccessCode, seals: Seals
) -> None:
    sync(session, code.door, [], seals)

    assert code.state == CodeState.ACTIVE
    assert ordered(session) == []
    assert code.door.sync_due_at == NOW + AGAIN


def test_code_still_missing_at_the_second_look_is_put_back_with_its_digits(
    session: Session, code: AccessCode, seals: Seals
) -> None:
    digits = seals.unseal(code.sealed_digits)
    sync(session, code.door, [], seals)
    sync(session, code.door, [], seals, LATER)

    assert ordered(session) == [Effect.PUT_CODE]
    assert (code.state, seals.unseal(code.sealed_digits)) == (CodeState.WANTED, digits)
    sync(session, code.door, [], seals, LATER)
    assert ordered(session) == [Effect.PUT_CODE]


def test_code_seen_again_is_no_longer_suspected(
    session: Session, code: AccessCode, seals: Seals
) -> None:
    sync(session, code.door, [], seals)
    sync(session, code.door, [held(code, seals)], seals, LATER)
    sync(session, code.door, [], seals, LATER)

    assert ordered(session) == []


def test_window_that_somebody_changed_is_put_right_once(
    session: Session, code: AccessCode, seals: Seals
) -> None:
    other = Window(NOW, NOW + timedelta(days=90))
    sync(session, code.door, [held(code, seals, window=other)], seals)
    sync(session, code.door, [held(code, seals, window=other)], seals, LATER)

    assert ordered(session) == [Effect.CHANGE_CODE]


def test_ended_code_that_lingers_is_taken_off_though_its_digits_were_given_again(
    session: Session, code: AccessCode, seals: Seals
) -> None:
    gone = AccessCode(
        door_id=code.door_id,
        guest_id=code.guest_id,
        name="Latchkey old",
        digits_hash=code.digits_hash,
        state=CodeState.GONE,
        valid_from=NOW - timedelta(days=9),
        valid_until=NOW - timedelta(days=8),
        gone_at=NOW - timedelta(days=8),
        created_at=NOW - timedelta(days=9),
    )
    session.add(gone)
    session.flush()

    lingering = HeldCode("5", "Latchkey old", seals.unseal(code.sealed_digits), None)
    sync(session, code.door, [held(code, seals), lingering], seals)

    assert gone.state == CodeState.UNWANTED
    assert gone.provider_ref == "5"
    assert ordered(session) == [Effect.REMOVE_CODE]


def test_code_that_lingers_is_not_taken_back_for_its_guest(
    session: Session, house: Property, code: AccessCode, seals: Seals
) -> None:
    code.state, code.gone_at, code.provider_ref = CodeState.GONE, NOW, None
    session.flush()
    lingering = HeldCode("5", code.name, seals.unseal(code.sealed_digits), None)
    sync(session, code.door, [lingering], seals)
    guest = session.scalars(select(Guest)).one()

    settle_codes(session, house, [guest], seals=seals, now=NOW, actor="test")

    assert code.state == CodeState.UNWANTED
    fresh = session.scalars(
        select(AccessCode).where(
            AccessCode.door_id == code.door_id, AccessCode.state == CodeState.WANTED
        )
    ).one()
    assert fresh.id != code.id


def test_strangers_are_known_and_their_digits_avoided_until_they_go(
    session: Session, code: AccessCode, seals: Seals
) -> None:
    owner = HeldCode("9", "the owner's", "730264", None)
    sync(session, code.door, [held(code, seals), owner], seals)

    [stranger] = session.scalars(select(Stranger)).all()
    assert stranger.name == "the owner's"
    assert "730264" not in stranger.digits_hash
    assert taken_on(session, [code.door_id]).holds(seals, code.door_id, "730264")
    assert ordered(session) == []

    sync(session, code.door, [held(code, seals)], seals, LATER)
    assert not taken_on(session, [code.door_id]).holds(seals, code.door_id, "730264")


def test_code_put_while_the_list_was_read_is_no_stranger(
    session: Session, code: AccessCode, seals: Seals
) -> None:
    actions = reconcile([], [], [], [held(code, seals)])

    apply(session, code.door, actions, {}, seals=seals, now=NOW)

    assert session.scalars(select(Stranger)).all() == []


def test_what_changed_since_the_list_was_read_is_left_to_the_next_comparison(
    session: Session, code: AccessCode, seals: Seals
) -> None:
    code.missing_at = NOW
    should = expected(session, code.door, seals, NOW)
    actions = reconcile(should.wanted, should.leaving, should.ended, [])
    code.state, code.version = CodeState.UNWANTED, code.version + 1

    apply(session, code.door, actions, should.versions, seals=seals, now=NOW)

    assert code.state == CodeState.UNWANTED
    assert ordered(session) == []


def test_each_door_waits_for_one_comparison_at_a_time(session: Session, code: AccessCode) -> None:
    doors = session.scalars(select(Door)).all()

    assert order_syncs(session, NOW) == len(doors)
    sync_soon(session, [code.door_id], NOW)
    assert order_syncs(session, NOW) == 0
    finish_orders(session)
    assert order_syncs(session, LATER) == 1
