"""When logs are read: as needed, bounded, and never in floods."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AccessCode, CodeState, Door, DoorHelp, Guest, Property
from app.seals import Seals
from app.services.check_in import Details, check_in
from app.services.lock_notices import (
    APART,
    APART_IN_NEED,
    DOORS_APART,
    bring_forward,
    may_refresh_doors,
)
from app.services.log_polling import (
    AT_ONCE,
    EXPECTED_FOR,
    RUNG,
    SPREAD,
    TAKEN,
    due_logs,
    next_due,
    note_reading,
    take_log,
)
from tests.factories import ALICE, NOW, make_house, make_reservation

WHO = Details("Alice Moore", None, "+447700900417", 2, None, None, "en")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def house(session: Session) -> Property:
    return make_house(session, rooms=2)


@pytest.fixture
def alice(session: Session, house: Property, seals: Seals) -> Guest:
    """Alice's codes, of room 1 and the front door, are on their locks and not used yet."""
    make_reservation(session, house, 1, seals=seals)
    guest = check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)
    for code in session.scalars(select(AccessCode).filter_by(guest_id=guest.id)):
        code.state, code.provider_ref = CodeState.ACTIVE, f"ref-{code.id}"
        code.held_from, code.held_until = code.valid_from, code.valid_until
    session.flush()
    return guest


def door(session: Session, name: str = "Room 1") -> Door:
    return session.scalars(
        select(Door).filter_by(name=name).execution_options(populate_existing=True)
    ).one()


def due(session: Session, at: datetime, told: tuple[str, ...] = ()) -> set[str]:
    ids = due_logs(session, at, providers=["ttlock"], told=told)
    return set(session.scalars(select(Door.name).where(Door.id.in_(ids))))


def read(session: Session, at: datetime = NOW, told: tuple[str, ...] = ()) -> None:
    """Have read every log, successfully."""
    for one in session.scalars(select(Door).execution_options(populate_existing=True)).all():
        again_at = next_due(session, one, at, told=told)
        note_reading(session, one.id, at, one.log_due_at, again_at)


def use(session: Session, guest: Guest) -> None:
    for code in session.scalars(select(AccessCode).filter_by(guest_id=guest.id)):
        code.used_at = NOW
    session.flush()


def ask_for_help(session: Session, guest: Guest) -> DoorHelp:
    room = door(session)
    help = DoorHelp(property_id=room.property_id, door_id=room.id, guest_id=guest.id, asked_at=NOW)
    session.add(help)
    session.flush()
    return help


def test_what_was_never_read_is_due(session: Session, house: Property) -> None:
    assert due(session, NOW) == {"Front door", "Room 1", "Room 2"}


def test_what_was_rung_for_is_rung_for_again_only_when_nobody_came(
    session: Session, house: Property
) -> None:
    due(session, NOW)

    assert due(session, NOW + RUNG - SECOND) == set()
    assert due(session, NOW + RUNG) == {"Front door", "Room 1", "Room 2"}


def test_an_empty_house_is_read_once_a_day(session: Session, house: Property) -> None:
    read(session)

    assert due(session, NOW + DAY - SECOND) == set()
    assert due(session, NOW + DAY * SPREAD) == {"Front door", "Room 1", "Room 2"}


def test_the_doors_of_a_guest_who_is_expected_are_read_every_five_minutes(
    session: Session, alice: Guest
) -> None:
    read(session)

    assert due(session, NOW + 5 * MINUTE - SECOND) == set()
    assert due(session, NOW + 5 * MINUTE * SPREAD) == {"Front door", "Room 1"}


def test_the_doors_of_a_guest_in_house_are_read_every_three_hours(
    session: Session, alice: Guest
) -> None:
    use(session, alice)
    read(session)

    assert due(session, NOW + 3 * HOUR - SECOND) == set()
    assert due(session, NOW + 3 * HOUR * SPREAD) == {"Front door", "Room 1"}


def test_a_guest_who_never_types_their_code_is_no_reason_for_ever(
    session: Session, alice: Guest
) -> None:
    later = NOW + EXPECTED_FOR
    read(session, later)

    assert due(session, later + 5 * MINUTE * SPREAD) == set()
    assert due(session, later + 3 * HOUR * SPREAD) == {"Front door", "Room 1"}


def test_in_house_is_read_every_six_hours_where_the_provider_tells(
    session: Session, alice: Guest
) -> None:
    use(session, alice)
    read(session, told=("ttlock",))

    assert due(session, NOW + HOUR * SPREAD, told=("ttlock",)) == set()
    assert due(session, NOW + 6 * HOUR * SPREAD, told=("ttlock",)) == {"Front door", "Room 1"}


def test_a_door_somebody_stands_before_is_read_every_minute_until_it_is_over(
    session: Session, alice: Guest
) -> None:
    help = ask_for_help(session, alice)
    read(session)

    assert due(session, NOW + MINUTE * SPREAD) == {"Room 1"}
    read(session)
    help.closed_at = NOW
    session.flush()
    read(session)
    assert due(session, NOW + MINUTE * SPREAD) == set()


def test_a_need_that_is_new_does_not_wait_for_the_old_interval(
    session: Session, house: Property, seals: Seals
) -> None:
    read(session)
    make_reservation(session, house, 1, seals=seals)
    guest = check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)
    for code in session.scalars(select(AccessCode).filter_by(guest_id=guest.id)):
        code.state, code.provider_ref = CodeState.ACTIVE, f"ref-{code.id}"
    session.flush()

    assert due(session, NOW + MINUTE) == {"Front door", "Room 1"}


def test_codes_that_are_not_on_their_locks_or_not_valid_yet_are_no_reason(
    session: Session, alice: Guest
) -> None:
    codes = session.scalars(select(AccessCode)).all()
    codes[0].state = CodeState.FAILED
    codes[1].valid_from = NOW + HOUR
    read(session)

    assert due(session, NOW + HOUR - SECOND) == set()


def test_one_run_is_bounded_and_the_most_urgent_go_first(
    session: Session, house: Property, alice: Guest
) -> None:
    for number in range(AT_ONCE):
        gate = f"Gate {number}"
        session.add(Door(property_id=house.id, name=gate, provider="ttlock", lock_id=gate))
    session.flush()

    first = due_logs(session, NOW, providers=["ttlock"], told=())
    rest = due_logs(session, NOW, providers=["ttlock"], told=())

    assert len(first) == AT_ONCE
    assert {door(session, "Front door").id, door(session).id} <= set(first)
    assert len(rest) == 3
    assert not set(first) & set(rest)


def test_a_provider_that_is_off_is_not_asked(session: Session, house: Property) -> None:
    assert due_logs(session, NOW, providers=["seam"], told=()) == []


def test_two_rings_are_one_reading(session: Session, house: Property) -> None:
    one = door(session).id

    assert take_log(session, one, NOW)
    assert not take_log(session, one, NOW + SECOND)


def test_what_failed_is_rung_for_again(session: Session, house: Property) -> None:
    due(session, NOW)
    take_log(session, door(session).id, NOW + SECOND)

    assert "Room 1" not in due(session, NOW + TAKEN)
    assert "Room 1" in due(session, NOW + SECOND + TAKEN)


def test_a_reading_that_lasts_or_failed_is_rung_for_once_though_somebody_waits(
    session: Session, alice: Guest
) -> None:
    ask_for_help(session, alice)
    read(session)
    rung: list[datetime] = []
    for tick in range(300):
        at = NOW + MINUTE + tick * 2 * SECOND
        if "Room 1" in due(session, at):
            rung.append(at)
            assert take_log(session, door(session).id, at + SECOND / 2)

    assert len(rung) <= 10 * MINUTE / TAKEN + 1


def test_the_first_notice_rings_and_those_that_follow_do_not(
    session: Session, house: Property
) -> None:
    read(session, NOW - HOUR)
    lock = door(session).lock_id

    rung = [bring_forward(session, "ttlock", [lock], NOW + n * SECOND / 10) for n in range(9)]

    assert rung == [[door(session).id], *[[]] * 8]


@pytest.mark.parametrize(("asks", "apart"), [(False, APART), (True, APART_IN_NEED)])
def test_a_flood_of_notices_makes_a_reading_a_minute_or_every_few_seconds_in_need(
    session: Session, alice: Guest, asks: bool, apart: timedelta
) -> None:
    if asks:
        ask_for_help(session, alice)
    read(session, NOW - HOUR)
    one = door(session)
    begun: list[datetime] = []
    for number in range(240):
        at = NOW + number * apart / 20
        rung = bring_forward(session, "ttlock", [one.lock_id], at)
        if (rung or due(session, at)) and take_log(session, one.id, at):
            begun.append(at)
            note_reading(session, one.id, at, door(session).log_due_at, at + HOUR)

    assert 11 <= len(begun) <= 13
    assert all(later - earlier >= apart for earlier, later in pairwise(begun))


def test_a_notice_during_a_reading_is_not_lost(session: Session, house: Property) -> None:
    one = door(session)
    assert take_log(session, one.id, NOW)
    was_due_at = door(session).log_due_at

    bring_forward(session, "ttlock", [one.lock_id], NOW + SECOND)
    note_reading(session, one.id, NOW, was_due_at, NOW + HOUR)

    assert door(session).log_due_at == NOW + SECOND + APART


def test_a_notice_right_after_a_reading_waits_for_the_minute_to_be_over(
    session: Session, house: Property
) -> None:
    read(session)

    assert bring_forward(session, "ttlock", [door(session).lock_id], NOW + 20 * SECOND) == []

    assert door(session).log_due_at == NOW + APART


def test_notices_of_unknown_locks_and_other_providers_change_nothing(
    session: Session, house: Property
) -> None:
    read(session, NOW - HOUR)
    before = door(session).log_due_at

    assert bring_forward(session, "ttlock", ["999999"], NOW) == []
    assert bring_forward(session, "seam", [door(session).lock_id], NOW) == []

    assert door(session).log_due_at == before


def test_all_locks_are_looked_at_once_a_minute_however_many_notices_come(
    session: Session, house: Property
) -> None:
    looks = [may_refresh_doors(session, NOW + n * SECOND) for n in range(60)]

    assert looks == [True, *[False] * 59]
    assert may_refresh_doors(session, NOW + DOORS_APART)


def test_an_earlier_reading_that_ends_later_does_not_put_the_mark_back(
    session: Session, house: Property
) -> None:
    one = door(session).id
    note_reading(session, one, NOW, None, NOW + HOUR)
    note_reading(session, one, NOW - MINUTE, None, NOW + DAY)

    assert (door(session).log_read_at, door(session).log_due_at) == (NOW, NOW + HOUR)
