"""Wanted codes follow from who may open what, and from nothing else."""

from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.jobs import codes as jobs
from app.jobs.code_plans import Held, plan_for
from app.models import (
    AccessCode,
    CodeState,
    Door,
    Effect,
    Guest,
    OutboxEntry,
    Property,
    Reservation,
    Room,
    Sighting,
)
from app.ports.locks import DigitsRefused
from app.seals import Seals
from app.services import moving
from app.services.check_in import Details, check_in
from app.services.code_retries import retry_code
from app.services.codes import end_windows, settle_codes
from app.services.corrections import cancel
from app.services.outbox import Taken
from app.services.reservations import set_times
from app.services.testimony import restand
from tests.factories import ALICE, BOB, NOW, TODAY, make_host, make_house, make_reservation

WHO = Details("Alice Moore", "alice@example.com", None, 2, None, None, "en")


@pytest.fixture
def house(session: Session) -> Property:
    return make_house(session)


def arrive(session: Session, house: Property, seals: Seals, reference: str = ALICE) -> Guest:
    return check_in(session, house.id, reference, WHO, seals=seals, now=NOW)


def confirm(session: Session) -> None:
    """Play the lock: every wanted code is on it."""
    for code in session.scalars(select(AccessCode).filter_by(state=CodeState.WANTED)):
        code.state, code.provider_ref = CodeState.ACTIVE, f"ref-{code.id}"
        code.held_from, code.held_until = code.valid_from, code.valid_until
    session.flush()


def codes(session: Session, guest: Guest) -> dict[str, AccessCode]:
    rows = session.execute(
        select(Door.name, AccessCode)
        .join(AccessCode, AccessCode.door_id == Door.id)
        .options(joinedload(AccessCode.door))
        .where(AccessCode.guest_id == guest.id)
    )
    return dict(rows.all())


def ordered(session: Session, kind: Effect) -> list[int]:
    return list(session.scalars(select(OutboxEntry.subject_id).filter_by(kind=kind)))


def taken(session: Session, code: AccessCode) -> Taken:
    """Return the order to put the code, taken up by a worker."""
    found = select(OutboxEntry).filter_by(kind=Effect.PUT_CODE, subject_id=code.id)
    entry = session.scalars(found).one()
    return Taken(entry.id, entry.kind, code.id, 1, None, entry.lane, entry.dedupe_key)


def move(session: Session, house: Property, stay_id: int, last: date, seals: Seals) -> None:
    sighting = session.scalars(select(Sighting).filter_by(reservation_id=stay_id)).one()
    sighting.departure = last
    row = session.get_one(Reservation, stay_id)
    restand(session, house, [row.room_id], [row], seals=seals, now=NOW, actor="test")


def test_settling_again_changes_nothing(session: Session, house: Property, seals: Seals) -> None:
    make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)
    before = len(session.scalars(select(OutboxEntry)).all())

    settle_codes(session, house, [guest], seals=seals, now=NOW, actor="test")

    assert len(session.scalars(select(OutboxEntry)).all()) == before


def test_cancelled_room_gives_up_its_code_and_the_front_door_stays(
    session: Session, house: Property, seals: Seals
) -> None:
    first, _second = (make_reservation(session, house, n, seals=seals) for n in (1, 2))
    guest = arrive(session, house, seals)
    confirm(session)

    cancel(session, make_host(session, house), first.id, seals=seals, now=NOW)

    found = codes(session, guest)
    assert found["Room 1"].state == CodeState.UNWANTED
    assert found["Room 2"].state == found["Front door"].state == CodeState.ACTIVE
    assert ordered(session, Effect.REMOVE_CODE) == [found["Room 1"].id]


def test_changed_dates_move_the_window_and_keep_the_digits(
    session: Session, house: Property, seals: Seals
) -> None:
    stay = make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)
    confirm(session)
    digits = {name: code.sealed_digits for name, code in codes(session, guest).items()}

    move(session, house, stay.id, TODAY + timedelta(days=4), seals)

    found = codes(session, guest)
    assert {name: code.sealed_digits for name, code in found.items()} == digits
    assert {code.valid_until.date() for code in found.values()} == {TODAY + timedelta(days=4)}
    assert sorted(ordered(session, Effect.CHANGE_CODE)) == sorted(c.id for c in found.values())


def test_early_check_in_opens_earlier(session: Session, house: Property, seals: Seals) -> None:
    stay = make_reservation(session, house, 1, seals=seals, arrival=TODAY + timedelta(days=1))
    guest = arrive(session, house, seals)

    set_times(session, make_host(session, house), stay.id, time(9), None, seals=seals, now=NOW)

    assert {code.valid_from.hour for code in codes(session, guest).values()} == {9}


def test_ended_window_gives_its_codes_up(session: Session, house: Property, seals: Seals) -> None:
    make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)
    confirm(session)
    later = NOW + timedelta(days=3)

    assert end_windows(session, later, seals=seals) == 1
    assert {code.state for code in codes(session, guest).values()} == {CodeState.UNWANTED}
    assert end_windows(session, later, seals=seals) == 0


def test_digits_taken_on_one_door_are_replaced_on_that_door_only(
    session: Session, house: Property, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    make_reservation(session, house, 2, seals=seals, reference=BOB)
    make_reservation(session, house, 3, seals=seals, reference=BOB)
    alice, bob = arrive(session, house, seals), arrive(session, house, seals, BOB)
    of_alice, of_bob = codes(session, alice), codes(session, bob)

    fronts = {seals.unseal(one["Front door"].sealed_digits) for one in (of_alice, of_bob)}
    assert len(fronts) == 2
    assert seals.unseal(of_bob["Room 2"].sealed_digits) == seals.unseal(
        of_bob["Room 3"].sealed_digits
    )


def test_digits_that_a_guest_has_for_all_doors_can_be_typed_on_each(
    session: Session, house: Property, seals: Seals
) -> None:
    session.scalars(select(Door).filter_by(name="Room 1")).one().keypad = "123456"
    make_reservation(session, house, 1, seals=seals)

    of_alice = codes(session, arrive(session, house, seals))

    (digits,) = {seals.unseal(of_alice[name].sealed_digits) for name in ("Front door", "Room 1")}
    assert set(digits) <= set("123456")


def test_digits_that_cannot_be_typed_on_a_later_door_are_replaced_on_that_door_only(
    session: Session, house: Property, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)
    codes(session, guest)["Front door"].sealed_digits = seals.seal("078990")
    session.scalars(select(Door).filter_by(name="Room 2")).one().keypad = "123456"
    make_reservation(session, house, 2, seals=seals)
    again = check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)

    of_alice = codes(session, again)

    assert set(seals.unseal(of_alice["Room 2"].sealed_digits)) <= set("123456")
    assert seals.unseal(of_alice["Front door"].sealed_digits) == "078990"


def test_code_whose_lock_turns_out_to_lack_keys_takes_digits_that_it_has(
    app: Flask, session: Session, house: Property, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    code = codes(session, arrive(session, house, seals))["Room 1"]
    code.sealed_digits, code.door.keypad = seals.seal("078990"), "123456"

    assert isinstance(jobs.PutCode().load(session, taken(session, code), NOW), str)

    assert set(seals.unseal(code.sealed_digits)) <= set("123456")
    assert ordered(session, Effect.PUT_CODE).count(code.id) == 2


def test_digits_lie_sealed_in_the_database(session: Session, house: Property, seals: Seals) -> None:
    make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)
    code = codes(session, guest)["Front door"]
    digits = seals.unseal(code.sealed_digits)

    assert code.sealed_digits is not None
    assert digits.encode() not in code.sealed_digits
    assert digits not in code.digits_hash
    assert digits not in repr(code)


def test_failed_code_is_ordered_anew_by_the_host(
    session: Session, house: Property, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    code = codes(session, arrive(session, house, seals))["Front door"]
    code.state, code.fault = CodeState.FAILED, "The lock is frozen."

    retry_code(session, code, now=NOW, actor="host:1")

    assert code.state == CodeState.WANTED
    assert ordered(session, Effect.PUT_CODE).count(code.id) == 2


def test_digits_are_drawn_anew_from_those_that_the_lock_has(
    app: Flask, session: Session, house: Property, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    code = codes(session, arrive(session, house, seals))["Room 1"]
    code.sealed_digits = seals.seal("078990")
    refused = DigitsRefused("The lock has the digits 1 to 6 only.", permanent=True)
    refused.allowed = "123456"
    plan = plan_for(code, look_first=False)

    assert jobs.PutCode().fail(session, plan, refused, NOW)

    assert set(seals.unseal(code.sealed_digits)) <= set("123456")
    assert ordered(session, Effect.PUT_CODE).count(code.id) == 2


def test_code_that_is_not_on_its_lock_takes_the_number_of_digits_that_a_host_has_set_since(
    app: Flask, session: Session, house: Property, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    code = codes(session, arrive(session, house, seals))["Room 1"]
    house.code_length = 4

    assert isinstance(jobs.PutCode().load(session, taken(session, code), NOW), str)

    assert len(seals.unseal(code.sealed_digits)) == 4
    assert ordered(session, Effect.PUT_CODE).count(code.id) == 2


def test_code_with_old_dates_is_ordered_anew_by_the_host(
    session: Session, house: Property, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    code = codes(session, arrive(session, house, seals))["Front door"]
    confirm(session)
    retry_code(session, code, now=NOW, actor="host:1")
    assert ordered(session, Effect.CHANGE_CODE) == []

    code.held_until = NOW
    retry_code(session, code, now=NOW, actor="host:1")

    assert code.state == CodeState.ACTIVE
    assert ordered(session, Effect.CHANGE_CODE) == [code.id]


def test_guest_moved_while_in_house_keeps_the_old_code_until_the_new_one_is_on_its_lock(
    session: Session, house: Property, seals: Seals
) -> None:
    stay = make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)
    confirm(session)

    moving.move(
        session, make_host(session, house), stay.id, room_id(session, 2), seals=seals, now=NOW
    )

    found = codes(session, guest)
    old, new = found["Room 1"], found["Room 2"]
    assert (old.state, old.stays_for_id) == (CodeState.UNWANTED, new.id)
    assert removal_of(session, old).due_at == old.valid_until

    jobs.confirm(session, new, Held("new", new.window), NOW)
    assert removal_of(session, old).due_at == NOW


def test_old_code_of_a_moved_guest_goes_at_once_when_the_room_is_anothers(
    session: Session, house: Property, seals: Seals
) -> None:
    stay = make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)
    confirm(session)
    moving.move(
        session, make_host(session, house), stay.id, room_id(session, 2), seals=seals, now=NOW
    )

    make_reservation(session, house, 1, seals=seals, reference=BOB)
    arrive(session, house, seals, BOB)

    assert removal_of(session, codes(session, guest)["Room 1"]).due_at == NOW


def test_old_code_of_a_moved_guest_goes_at_once_when_the_booking_ends(
    session: Session, house: Property, seals: Seals
) -> None:
    host, stay = make_host(session, house), make_reservation(session, house, 1, seals=seals)
    guest = arrive(session, house, seals)
    confirm(session)
    target = moving.move(session, host, stay.id, room_id(session, 2), seals=seals, now=NOW)

    cancel(session, host, target.id, seals=seals, now=NOW)

    assert removal_of(session, codes(session, guest)["Room 1"]).due_at == NOW


def room_id(session: Session, number: int) -> int:
    return session.scalars(select(Room.id).filter_by(number=number)).one()


def removal_of(session: Session, code: AccessCode) -> OutboxEntry:
    session.expire_all()
    wanted = select(OutboxEntry).filter_by(kind=Effect.REMOVE_CODE, subject_id=code.id)
    return session.scalars(wanted).one()
