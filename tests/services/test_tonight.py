"""What is gathered for the question whether arrivals will work, and how it turns out."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.readings import Kind
from app.domain.tonight_words import Check, Outlook, State, Why
from app.models import (
    AccessCode,
    CodeState,
    Door,
    Guest,
    HistoryEntry,
    Message,
    MessageState,
    Property,
    Reservation,
    Status,
)
from app.seals import Seals
from app.services.attention import concerns
from app.services.check_in import Details, check_in
from app.services.contacts import add_contact
from app.services.guests import mark_page_seen
from app.services.messages import Event
from app.services.reservations import CannotChange, send_link
from app.services.tonight import Arrival, tonight
from app.services.tonight_concerns import apart_from
from tests.factories import (
    ALICE,
    BOB,
    NOW,
    TODAY,
    TOMORROW,
    make_closed,
    make_host,
    make_house,
    make_reservation,
)

WHO = Details("Alice Moore", None, "+447700900417", 2, None, None, "en")
EARLY = NOW - timedelta(hours=8)
"""Seven hours before check-in begins."""


@pytest.fixture
def house(session: Session) -> Property:
    """A house whose locks and gateways are well."""
    house = make_house(session)
    for door in session.scalars(select(Door)):
        door.battery_percent, door.gateway_online, door.seen_at = 90, True, EARLY
    return house


@pytest.fixture
def alice(session: Session, house: Property, seals: Seals) -> Guest:
    """Alice, who has checked in; her codes are on their locks and her link has arrived."""
    make_reservation(session, house, 1, seals=seals, now=EARLY)
    guest = check_in(session, house.id, ALICE, WHO, seals=seals, now=EARLY)
    for code in session.scalars(select(AccessCode)):
        put(code)
    session.scalars(select(Message)).one().state = MessageState.DELIVERED
    session.flush()
    return guest


def put(code: AccessCode) -> None:
    code.state, code.active_at, code.provider_ref = CodeState.ACTIVE, EARLY, str(code.id)
    code.held_from, code.held_until = code.valid_from, code.valid_until


def one(session: Session, house: Property) -> Arrival:
    [arrival] = tonight(session, house, EARLY).arrivals
    return arrival


def red(session: Session, house: Property) -> list[tuple[Check, Why]]:
    return [(item.check, item.why) for item in one(session, house).readiness.red]


def test_everything_well_is_a_go(session: Session, house: Property, alice: Guest) -> None:
    found = one(session, house).readiness
    assert found.outlook == Outlook.GO
    assert [item.door for item in found.items if item.check == Check.CODE] == [
        "Front door",
        "Room 1",
    ]


def test_each_fault_is_told(session: Session, house: Property, alice: Guest) -> None:
    room = session.scalars(select(Door).where(Door.room_id.is_not(None)).order_by(Door.id)).first()
    assert room is not None
    code = session.scalars(select(AccessCode).filter_by(door_id=room.id)).one()
    code.state, code.fault = CodeState.FAILED, "The lock is full."
    room.gateway_online, room.battery_percent = False, 9
    session.scalars(select(Message)).one().state = MessageState.FAILED
    session.flush()
    assert red(session, house) == [
        (Check.CODE, Why.FAILED),
        (Check.GATEWAY, Why.OFFLINE),
        (Check.BATTERY, Why.LOW),
        (Check.MESSAGE, Why.UNDELIVERED),
    ]


def test_code_held_for_another_time_is_not_on_its_lock(
    session: Session, house: Property, alice: Guest
) -> None:
    for code in session.scalars(select(AccessCode)):
        code.held_from = code.valid_from + timedelta(hours=1)
    session.flush()
    codes = [item for item in one(session, house).readiness.items if item.check == Check.CODE]
    assert {(item.state, item.why) for item in codes} == {(State.WAITING, Why.ON_ITS_WAY)}


def test_used_code_of_the_room_says_that_they_are_in(
    session: Session, house: Property, alice: Guest
) -> None:
    front, room = session.scalars(select(AccessCode).order_by(AccessCode.door_id)).all()
    front.used_at = NOW
    session.flush()
    assert one(session, house).readiness.outlook == Outlook.GO
    room.used_at = NOW
    session.flush()
    assert one(session, house).readiness.outlook == Outlook.IN


def test_rooms_of_one_guest_are_an_arrival_each_and_share_their_message(
    session: Session, house: Property, seals: Seals, alice: Guest
) -> None:
    make_reservation(session, house, 2, seals=seals, now=EARLY)
    session.scalars(select(Message)).one().state = MessageState.FAILED
    check_in(session, house.id, ALICE, WHO, seals=seals, now=EARLY)
    first, second = tonight(session, house, EARLY).arrivals
    assert (Check.MESSAGE, Why.UNDELIVERED) in red_of(first)
    assert (Check.MESSAGE, Why.UNDELIVERED) in red_of(second)
    assert [door.name for door in second.doors] == ["Front door", "Room 2"]


def red_of(arrival: Arrival) -> list[tuple[Check, Why]]:
    return [(item.check, item.why) for item in arrival.readiness.red]


def test_who_arrives_and_who_does_not(session: Session, house: Property, seals: Seals) -> None:
    make_reservation(session, house, 1, seals=seals, reference="HMTODAY111", now=EARLY)
    make_closed(session, house, 2, arrival=TOMORROW, seals=seals, now=EARLY)
    later = TODAY + timedelta(days=2)
    make_reservation(session, house, 3, seals=seals, reference="HMLATER333", arrival=later)
    cancelled = make_reservation(
        session, house, 3, seals=seals, reference="HMGONE1111", arrival=TODAY
    )
    cancelled.status = Status.CANCELLED
    make_reservation(
        session, house, 2, seals=seals, reference=None, arrival=TODAY - timedelta(days=2)
    )
    session.flush()
    found = tonight(session, house, EARLY)
    assert [(one.stay.room.number, one.stay.arrival) for one in found.arrivals] == [
        (1, TODAY),
        (2, TOMORROW),
    ]
    assert red_of(found.arrivals[1])[0] == (Check.MATCH, Why.NOBODY_KNOWN)


def test_after_midnight_yesterdays_guests_are_still_expected(
    session: Session, house: Property, alice: Guest
) -> None:
    night = NOW + timedelta(hours=9)
    assert [one.stay.arrival for one in tonight(session, house, night).arrivals] == [TODAY]
    assert tonight(session, house, night + timedelta(hours=5)).arrivals == []


def test_blocks_are_nobodys_arrival(session: Session, house: Property, seals: Seals) -> None:
    make_reservation(session, house, 1, seals=seals, reference=None, kind=Kind.BLOCK)
    assert tonight(session, house, EARLY).arrivals == []


def test_page_is_seen_once_and_stays_so(session: Session, house: Property, alice: Guest) -> None:
    mark_page_seen(session, alice, EARLY)
    mark_page_seen(session, alice, NOW)
    session.refresh(alice)
    assert alice.page_seen_at == EARLY
    told = session.scalars(select(HistoryEntry).filter_by(what="page-seen")).all()
    assert len(told) == 1


def test_contact_makes_the_guest_and_sends_the_link_but_no_code(
    session: Session, house: Property, seals: Seals
) -> None:
    stay = make_reservation(session, house, 2, seals=seals, reference=BOB, name="Bob Stone")
    host = make_host(session, house)
    guest = add_contact(
        session, host, stay.id, phone="+447700900555", email=None, seals=seals, now=EARLY
    )
    [message] = session.scalars(select(Message))
    assert (message.template, message.address) == (Event.CHECK_IN_LINK, "+447700900555")
    assert (guest.full_name, guest.checked_in_at, stay.guest_id) == ("Bob Stone", None, guest.id)
    assert session.scalars(select(AccessCode)).all() == []
    assert (Check.CONTACT, Why.NO_CONTACT) not in red(session, house)


@pytest.mark.parametrize("reference", [None, BOB])
def test_contact_of_nobody_known_is_refused(
    session: Session, house: Property, seals: Seals, reference: str | None
) -> None:
    stay = make_reservation(session, house, 2, seals=seals, reference=reference)
    if reference is None:
        stay.confirmed_at = None
    else:
        stay.unconfirmed_at = EARLY
    session.flush()
    host = make_host(session, house)
    with pytest.raises(CannotChange):
        add_contact(session, host, stay.id, phone="+447700900555", email=None, seals=seals, now=NOW)
    assert session.scalars(select(Message)).all() == []


def test_new_contact_in_place_of_one_that_failed_is_sent_the_link(
    session: Session, house: Property, seals: Seals, alice: Guest
) -> None:
    session.scalars(select(Message)).one().state = MessageState.FAILED
    stay = session.scalars(select(Reservation)).one()
    host = make_host(session, house)
    add_contact(session, host, stay.id, phone=None, email="a@example.com", seals=seals, now=EARLY)
    addresses = session.scalars(select(Message.address).order_by(Message.id)).all()
    assert addresses == ["+447700900417", "a@example.com"]
    assert (alice.phone, alice.email) == ("+447700900417", "a@example.com")
    assert (Check.MESSAGE, Why.UNDELIVERED) not in red(session, house)


def test_link_is_sent_again_once_a_minute(session: Session, house: Property, alice: Guest) -> None:
    host = make_host(session, house)
    stay = session.scalars(select(Reservation)).one()
    send_link(session, host, stay.id, now=NOW)
    with pytest.raises(CannotChange, match="less than a minute"):
        send_link(session, host, stay.id, now=NOW + timedelta(seconds=59))
    send_link(session, host, stay.id, now=NOW + timedelta(seconds=61))
    assert len(session.scalars(select(Message)).all()) == 3


def test_what_the_board_tells_the_attention_list_does_not(
    session: Session, house: Property, seals: Seals, alice: Guest
) -> None:
    doors = session.scalars(select(Door).order_by(Door.id)).all()
    for door in doors:
        door.battery_percent = 5
    session.scalars(select(AccessCode)).first().state = CodeState.FAILED  # type: ignore[union-attr]
    session.scalars(select(Message)).one().state = MessageState.FAILED
    make_closed(session, house, 2, seals=seals, now=EARLY)
    session.flush()
    found = concerns(session, house, EARLY)
    left = apart_from(found, tonight(session, house, EARLY))

    assert len(found.codes_missing) == len(found.messages_failed) == 1
    assert len(found.doors_weak) == 4
    assert len(found.unknown_arrivals) == 1
    assert (left.codes_missing, left.messages_failed, left.unknown_arrivals) == ([], [], [])
    assert [door.name for door in left.doors_weak] == ["Room 3"]


def test_a_fault_of_nobodys_arrival_stays_in_the_attention_list(
    session: Session, house: Property
) -> None:
    for door in session.scalars(select(Door)):
        door.battery_percent, door.gateway_online = 5, False
    session.flush()
    left = apart_from(concerns(session, house, EARLY), tonight(session, house, EARLY))
    assert (len(left.doors_weak), len(left.doors_offline)) == (4, 4)
