"""When the guest's code does not come, the next way in does, and is told once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.ladder import Rung
from app.models import AccessCode, CodeState, Door, Effect, Guest, Message, OutboxEntry, Property
from app.models.access_code import Purpose
from app.seals import Seals
from app.services.check_in import Details, check_in
from app.services.code_steps import order_again
from app.services.ladder import step_down, tend_ladders
from app.services.messages import Event
from app.services.moving import move
from app.services.spares import settle_spares
from tests.factories import ALICE, BOB, NOW, TODAY, make_host, make_house, make_reservation

WHO = Details("Alice Moore", "alice@example.com", None, 2, None, None, "en")
LATE = NOW + timedelta(minutes=5)


@pytest.fixture
def house(session: Session) -> Property:
    house = make_house(session, rooms=2)
    house.spare_codes = True
    return house


@pytest.fixture
def door(session: Session, house: Property) -> Door:
    return session.scalars(select(Door).filter_by(name="Room 1")).one()


def arrive(session: Session, house: Property, seals: Seals, reference: str = ALICE) -> Guest:
    return check_in(session, house.id, reference, WHO, seals=seals, now=NOW)


def on_the_lock(session: Session, *codes: AccessCode) -> None:
    for code in codes:
        code.state, code.provider_ref, code.active_at = CodeState.ACTIVE, f"r{code.id}", NOW
        code.held_from, code.held_until = code.valid_from, code.valid_until
    session.flush()


def spare_of(session: Session, door: Door) -> AccessCode:
    return session.scalars(
        select(AccessCode)
        .where(AccessCode.door_id == door.id, AccessCode.purpose == Purpose.SPARE)
        .options(joinedload(AccessCode.door))
    ).one()


def current(session: Session, guest: Guest, door: Door) -> AccessCode:
    return session.scalars(
        select(AccessCode)
        .where(
            AccessCode.guest_id == guest.id,
            AccessCode.door_id == door.id,
            AccessCode.state.in_((CodeState.WANTED, CodeState.ACTIVE, CodeState.FAILED)),
        )
        .options(joinedload(AccessCode.door))
    ).one()


def told(session: Session, guest: Guest) -> list[str | None]:
    found = select(Message.template).where(Message.guest_id == guest.id).order_by(Message.id)
    return [one for one in session.scalars(found) if one != Event.STAY_LINK]


def down(session: Session, house: Property, guest: Guest, door: Door) -> Rung:
    return step_down(session, house, guest, door, why="late", now=LATE, actor="test")


def test_spare_code_becomes_the_guests_own_and_they_are_told_once(
    session: Session, house: Property, door: Door, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    settle_spares(session, house, seals=seals, now=NOW)
    spare = spare_of(session, door)
    on_the_lock(session, spare)
    guest = arrive(session, house, seals)
    own = current(session, guest, door)

    assert down(session, house, guest, door) == Rung.SPARE_CODE

    assert current(session, guest, door).id == spare.id
    assert own.state == CodeState.UNWANTED
    assert told(session, guest) == [Event.CODE_CHANGED]
    settle_spares(session, house, seals=seals, now=LATE)
    assert spare_of(session, door).id not in (spare.id, own.id)


def test_spare_that_opens_longer_than_the_guest_may_come_in_is_not_given(
    session: Session, house: Property, door: Door, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    settle_spares(session, house, seals=seals, now=NOW)
    spare = spare_of(session, door)
    spare.valid_until += timedelta(hours=1)
    on_the_lock(session, spare)
    guest = arrive(session, house, seals)

    assert down(session, house, guest, door) != Rung.SPARE_CODE
    assert spare.guest_id is None


def test_spare_is_never_given_before_check_in_time_or_to_another_room(
    session: Session, house: Property, door: Door, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals, arrival=TODAY + timedelta(days=1))
    make_reservation(session, house, 2, seals=seals, reference=BOB)
    settle_spares(session, house, seals=seals, now=NOW)
    on_the_lock(session, spare_of(session, door))
    early, other = arrive(session, house, seals), arrive(session, house, seals, BOB)

    assert down(session, house, early, door) == Rung.HOST
    assert down(session, house, other, door) == Rung.HOST
    assert spare_of(session, door).guest_id is None


def test_provider_is_asked_for_a_code_that_needs_no_gateway(
    session: Session, house: Property, door: Door, seals: Seals
) -> None:
    door.gives_offline_codes, door.gateway_online = True, False
    make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)

    assert down(session, house, guest, door) == Rung.OFFLINE_CODE
    assert down(session, house, guest, door) == Rung.OFFLINE_CODE

    issues = session.scalars(select(OutboxEntry).filter_by(kind=Effect.ISSUE_CODE)).all()
    assert [entry.subject_id for entry in issues] == [current(session, guest, door).id]
    assert told(session, guest) == []


@pytest.mark.parametrize(
    ("online", "rung"), [(True, Rung.REMOTE_UNLOCK), (False, Rung.HOST), (None, Rung.REMOTE_UNLOCK)]
)
def test_late_code_leads_to_the_unlock_button_or_to_the_host_told_once(
    session: Session, house: Property, door: Door, seals: Seals, online: bool | None, rung: Rung
) -> None:
    house.spare_codes = False
    for one in session.scalars(select(Door)):
        one.gateway_online = online
    make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)

    tend_ladders(session, house, now=NOW + timedelta(seconds=30), actor="clock")
    assert told(session, guest) == []
    for minutes in (5, 6, 7):
        tend_ladders(session, house, now=NOW + timedelta(minutes=minutes), actor="clock")

    assert current(session, guest, door).rung == rung
    assert set(told(session, guest)) == {Event.CODE_LATE}
    assert len(told(session, guest)) == 1


def test_code_that_is_being_put_back_is_not_late_at_once(
    session: Session, house: Property, door: Door, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)
    on_the_lock(session, *session.scalars(select(AccessCode)))
    for entry in session.scalars(select(OutboxEntry)):
        entry.done_at = NOW
    code = current(session, guest, door)
    code.state = CodeState.WANTED
    order_again(session, Effect.PUT_CODE, code, LATE)

    tend_ladders(session, house, now=LATE + timedelta(seconds=60), actor="clock")
    assert told(session, guest) == []
    tend_ladders(session, house, now=LATE + timedelta(seconds=95), actor="clock")
    assert told(session, guest) == [Event.CODE_LATE]


def test_code_that_comes_after_all_is_told_once(
    session: Session, house: Property, door: Door, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)
    tend_ladders(session, house, now=LATE, actor="clock")
    on_the_lock(session, current(session, guest, door))

    for _ in range(2):
        tend_ladders(session, house, now=LATE + timedelta(minutes=1), actor="clock")

    assert told(session, guest)[-1] == Event.CODE_READY
    assert told(session, guest).count(Event.CODE_READY) == 1


def test_code_whose_lock_still_has_the_old_dates_is_late_until_it_has_the_new(
    session: Session, house: Property, door: Door, seals: Seals
) -> None:
    house.spare_codes = False
    make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)
    on_the_lock(session, *session.scalars(select(AccessCode)))
    code = current(session, guest, door)
    until, code.held_until = code.held_until, LATE - timedelta(minutes=5)
    for entry in session.scalars(select(OutboxEntry)):
        entry.done_at = NOW

    for minutes in (0, 1):
        tend_ladders(session, house, now=LATE + timedelta(minutes=minutes), actor="clock")
    assert told(session, guest) == [Event.CODE_LATE]
    assert current(session, guest, door).rung == Rung.REMOTE_UNLOCK

    code.held_until = until
    for minutes in (2, 3):
        tend_ladders(session, house, now=LATE + timedelta(minutes=minutes), actor="clock")
    assert told(session, guest) == [Event.CODE_LATE, Event.CODE_READY]


def test_old_rooms_code_ends_when_a_spare_stands_in_for_the_new_rooms(
    session: Session, house: Property, door: Door, seals: Seals
) -> None:
    stay = make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)
    on_the_lock(session, *session.scalars(select(AccessCode)))
    old = current(session, guest, door)
    new_door = session.scalars(select(Door).filter_by(name="Room 2")).one()
    room_id = new_door.room_id or 0
    move(session, make_host(session, house), stay.id, room_id, seals=seals, now=NOW)
    settle_spares(session, house, seals=seals, now=NOW)
    on_the_lock(session, spare_of(session, new_door))

    assert down(session, house, guest, new_door) == Rung.SPARE_CODE

    session.expire_all()
    removal = select(OutboxEntry).filter_by(kind=Effect.REMOVE_CODE, subject_id=old.id)
    assert session.scalars(removal).one().due_at == LATE
    assert old.stays_for_id is None


def test_code_on_the_lock_that_fails_at_the_door_is_not_offered_again_as_late(
    session: Session, house: Property, door: Door, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)
    on_the_lock(session, current(session, guest, door))

    assert down(session, house, guest, door) == Rung.REMOTE_UNLOCK
    assert told(session, guest) == []
    assert current(session, guest, door).rung == Rung.OWN_CODE
