"""What `tonight` is answered."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.sms_text import is_gsm7, segments
from app.models import AccessCode, CodeState, Door, Message, MessageState, Property, Reservation
from app.seals import Seals
from app.services.check_in import Details, check_in
from tests.factories import NOW, TOMORROW, make_reservation, make_room
from tests.support.desk import Desk

EARLY = NOW - timedelta(hours=8)
WHO = Details("Bob Stone", None, "+447700900417", 2, None, None, "en")


@pytest.fixture
def desk(session: Session, seals: Seals) -> Desk:
    desk = Desk(session, seals)
    desk.now = EARLY
    for door in session.scalars(select(Door)):
        door.battery_percent, door.gateway_online, door.seen_at = 90, True, EARLY
    return desk


def arrives(desk: Desk, number: int, name: str = "Bob Stone") -> Reservation:
    """Somebody who has checked in, with their codes on the locks and the link delivered."""
    house: Property = desk.house
    reference = f"HMBOB{number:05}"
    stay = make_reservation(
        desk.session, house, number, seals=desk.seals, reference=reference, name=name, now=EARLY
    )
    who = Details(name, None, WHO.phone, 1, None, None, "en")
    check_in(desk.session, house.id, reference, who, seals=desk.seals, now=EARLY)
    for code in desk.session.scalars(select(AccessCode).filter_by(state=CodeState.WANTED)):
        code.state, code.provider_ref, code.active_at = CodeState.ACTIVE, str(code.id), EARLY
        code.held_from, code.held_until = code.valid_from, code.valid_until
    for message in desk.session.scalars(select(Message).filter_by(template="stay_link")):
        message.state = MessageState.DELIVERED
    desk.session.flush()
    return stay


def test_nobody_arrives(desk: Desk) -> None:
    assert desk.text("tonight") == "Nobody arrives today or tomorrow."


def test_all_will_work(desk: Desk) -> None:
    arrives(desk, 1)
    assert desk.text("tonight") == "The one arrival of today and tomorrow will work."
    arrives(desk, 2)
    assert desk.text("Tonight?") == "All 2 arrivals of today and tomorrow will work."


def test_who_has_not_checked_in_is_waited_for(desk: Desk) -> None:
    arrives(desk, 1)
    make_reservation(desk.session, desk.house, 2, seals=desk.seals, arrival=TOMORROW, now=EARLY)
    assert "1 ready, 1 waiting" in desk.text("tonight")


def test_first_fault_of_each_arrival_is_told(desk: Desk) -> None:
    stay = arrives(desk, 2)
    arrives(desk, 1)
    door = desk.session.scalars(select(Door).filter_by(room_id=stay.room_id)).one()
    door.battery_percent = 12
    code = desk.session.scalars(select(AccessCode).filter_by(door_id=door.id)).one()
    code.state = CodeState.FAILED
    desk.closed(3)

    assert desk.text("tonight").splitlines() == [
        "2 of 3 arrivals of today and tomorrow will not work as things are:",
        "2 Bob Stone, today 15:00: Room 2: the code failed (and 1 more)",
        "3 not known, tomorrow 15:00: we do not know who it is",
    ]


def test_it_fits_into_a_few_segments_however_many(desk: Desk) -> None:
    for number in range(4, 30):
        make_room(desk.session, desk.house, number)
    for number in range(1, 30):
        arrives(desk, number, "Łukasz O’Neil 李 of a Long Name")
    for door in desk.session.scalars(select(Door)):
        door.battery_percent = 3
    desk.session.flush()
    said = desk.text("tonight")
    assert is_gsm7(said)
    assert segments(said) <= 3
    assert "more, on the dashboard" in said


def test_it_changes_nothing(desk: Desk) -> None:
    arrives(desk, 1)
    desk.text("tonight")
    assert desk.changes() == []
