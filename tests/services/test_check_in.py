"""Check-in by guest and host: one guest, all rooms, codes on all doors."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.jobs.message_words import words_for_guest
from app.models import AccessCode, CodeState, Effect, Guest, Message, OutboxEntry, Property, Room
from app.seals import Seals
from app.services.check_in import Details, NotCheckedIn, check_in, parties, prove
from app.services.host_check_in import check_in_by_host, undo_check_in
from app.services.moving import move
from app.services.reservations import CannotChange, send_link
from tests.factories import (
    ALICE,
    BOB,
    NOW,
    TODAY,
    TOMORROW,
    make_host,
    make_house,
    make_reservation,
)

WHO = Details("Alice Moore", None, "+447700900417", 2, None, None, "en")


@pytest.fixture
def house(session: Session) -> Property:
    return make_house(session)


def codes(session: Session, *states: CodeState) -> list[AccessCode]:
    wanted = select(AccessCode).order_by(AccessCode.door_id)
    if states:
        wanted = wanted.where(AccessCode.state.in_(states))
    return list(session.scalars(wanted))


def orders(session: Session, kind: Effect) -> int:
    return session.scalar(select(func.count()).where(OutboxEntry.kind == kind)) or 0


def test_two_rooms_under_one_reference_become_one_guest_with_three_codes(
    session: Session, house: Property, seals: Seals
) -> None:
    rooms = [make_reservation(session, house, number, seals=seals) for number in (1, 2)]

    guest = check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)

    assert [room.guest_id for room in rooms] == [guest.id, guest.id]
    made = codes(session)
    assert [code.state for code in made] == [CodeState.WANTED] * 3
    assert len({seals.unseal(code.sealed_digits) for code in made}) == 1
    assert orders(session, Effect.PUT_CODE) == 3


def test_checking_in_twice_changes_nothing_more(
    session: Session, house: Property, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    first = check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)

    again = check_in(session, house.id, ALICE, replace(WHO, party_size=3), seals=seals, now=NOW)

    assert again.id == first.id
    assert orders(session, Effect.PUT_CODE) == 2
    assert session.scalar(select(func.count(Message.id))) == 1


def test_rooms_with_different_dates_have_their_own_windows_and_the_front_door_spans_them(
    session: Session, house: Property, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    make_reservation(session, house, 2, seals=seals, arrival=TOMORROW)

    check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)

    front, room_1, room_2 = codes(session)
    assert front.window == room_1.window.spanning(room_2.window)
    assert room_1.valid_until < room_2.valid_until


def test_host_check_in_of_the_second_room_links_it_to_the_same_guest(
    session: Session, house: Property, seals: Seals
) -> None:
    host = make_host(session, house)
    first = make_reservation(session, house, 1, seals=seals)
    check_in_by_host(session, host, first.id, seals=seals, now=NOW)
    second = make_reservation(session, house, 2, seals=seals)

    check_in_by_host(session, host, second.id, seals=seals, now=NOW + timedelta(hours=1))

    assert first.guest_id == second.guest_id is not None
    assert session.scalar(select(func.count(Guest.id))) == 1
    assert len(codes(session)) == 3


def test_walk_in_gets_a_reference_of_our_own(
    session: Session, house: Property, seals: Seals
) -> None:
    host = make_host(session, house)
    unknown = make_reservation(session, house, 1, seals=seals, reference=None, phone_ending=None)

    stay = check_in_by_host(session, host, unknown.id, seals=seals, now=NOW, name="Wanda Walker")

    assert stay.reference is not None
    assert stay.reference.startswith("LK-")
    assert stay.guest is not None or stay.guest_id is not None


def test_undo_takes_back_the_link_and_removes_nothing_before_its_minute_is_over(
    session: Session, house: Property, seals: Seals
) -> None:
    host = make_host(session, house)
    stay = make_reservation(session, house, 1, seals=seals)
    check_in_by_host(session, host, stay.id, seals=seals, now=NOW)

    undo_check_in(session, host, stay.id, seals=seals, now=NOW + timedelta(seconds=30))

    assert stay.guest_id is None
    assert {code.state for code in codes(session)} == {CodeState.UNWANTED}
    due = session.scalars(
        select(OutboxEntry.due_at).where(OutboxEntry.kind == Effect.REMOVE_CODE)
    ).all()
    assert set(due) == {NOW + timedelta(minutes=1)}


def test_undo_leaves_rooms_and_codes_to_whom_a_host_had_vouched_for(
    session: Session, house: Property, seals: Seals
) -> None:
    host = make_host(session, house)
    stay = make_reservation(session, house, 1, seals=seals)
    room = session.scalars(select(Room.id).filter_by(number=2)).one()
    moved = move(session, host, stay.id, room, seals=seals, now=NOW - timedelta(hours=1))
    check_in_by_host(session, host, moved.id, seals=seals, now=NOW)

    undo_check_in(session, host, moved.id, seals=seals, now=NOW + timedelta(seconds=30))

    assert moved.guest is not None
    assert moved.guest.checked_in_at is None
    assert {code.state for code in codes(session)} == {CodeState.WANTED}


def test_undo_is_over_after_a_minute(session: Session, house: Property, seals: Seals) -> None:
    host = make_host(session, house)
    stay = make_reservation(session, house, 1, seals=seals)
    check_in_by_host(session, host, stay.id, seals=seals, now=NOW)

    with pytest.raises(NotCheckedIn):
        undo_check_in(session, host, stay.id, seals=seals, now=NOW + timedelta(seconds=60))


def test_host_of_another_property_cannot_check_in(
    session: Session, house: Property, seals: Seals
) -> None:
    stranger = make_host(session, make_house(session, "Other House", rooms=1))
    stay = make_reservation(session, house, 1, seals=seals)

    with pytest.raises(CannotChange):
        check_in_by_host(session, stranger, stay.id, seals=seals, now=NOW)


def test_proof_is_name_or_phone_and_the_date_only_where_neither_is_known(
    session: Session, house: Property, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    make_reservation(session, house, 2, seals=seals, reference=BOB, phone_ending=None)

    alice, bob = parties(session, ALICE, NOW), parties(session, BOB, NOW)

    assert prove(alice, "0417", None) is not None
    assert prove(alice, None, TODAY) is None
    assert prove(alice, "0418", None) is None
    assert prove(bob, None, TODAY) is not None
    assert prove(bob, None, TOMORROW) is None


def test_stay_that_is_over_is_not_found(session: Session, house: Property, seals: Seals) -> None:
    make_reservation(session, house, 1, seals=seals, arrival=TODAY - timedelta(days=5))

    assert parties(session, ALICE, NOW) == []


def test_one_reference_at_two_properties_is_told_apart_by_its_proof(
    session: Session, house: Property, seals: Seals
) -> None:
    other = make_house(session, "Other House", rooms=1)
    make_reservation(session, house, 1, seals=seals, phone_ending="1111")
    make_reservation(session, other, 1, seals=seals, phone_ending="2222")

    found = prove(parties(session, ALICE, NOW), "2222", None)

    assert found is not None
    assert found.house.id == other.id


def test_stay_page_link_is_sent_once_to_the_phone(
    session: Session, house: Property, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)

    guest = check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)

    [message] = session.scalars(select(Message)).all()
    assert (message.address, message.guest_id) == ("+447700900417", guest.id)
    assert message.body is None


def test_mail_with_the_link_tells_the_dates_of_all_rooms(
    session: Session, house: Property, seals: Seals
) -> None:
    host = make_host(session, house)
    stay = make_reservation(session, house, 1, seals=seals)
    make_reservation(session, house, 2, seals=seals, arrival=TOMORROW)
    by_mail = replace(WHO, phone=None, email="alice@example.com")
    check_in(session, house.id, ALICE, by_mail, seals=seals, now=NOW)

    again = send_link(session, host, stay.id, now=NOW + timedelta(hours=1))

    first = session.scalars(select(Message).order_by(Message.id)).first()
    assert first is not None
    for message in (first, again):
        body = words_for_guest(session, message).body
        assert "from Sat 19 Dec 2026 to Tue 22 Dec 2026." in body
