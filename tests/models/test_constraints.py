"""The database refuses what may never happen, whatever the code above it does."""

from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.models import (
    AccessCode,
    CodeState,
    Door,
    Effect,
    Guest,
    HistoryEntry,
    OutboxEntry,
    Property,
    Reservation,
    Room,
    Sighting,
    Status,
)
from app.seals import Seals
from app.services.outbox import order, take
from tests.factories import ALICE, BOB, NOW, TODAY, make_house, make_reservation

_number = count(1)


@pytest.fixture
def house(session: Session) -> Property:
    return make_house(session)


def make_guest(session: Session, house: Property, reference: str = ALICE) -> Guest:
    guest = Guest(
        property_id=house.id,
        reference=reference,
        link_seed=reference.encode(),
        link_hash=f"{house.id}{reference}{next(_number)}",
        language="en",
        created_at=NOW,
    )
    session.add(guest)
    session.flush()
    return guest


def make_code(session: Session, guest: Guest, door: Door, **values: object) -> AccessCode:
    facts = {
        "door_id": door.id,
        "guest_id": guest.id,
        "name": f"code {next(_number)}",
        "sealed_digits": b"sealed",
        "digits_hash": "same",
        "state": CodeState.WANTED,
        "valid_from": NOW,
        "valid_until": NOW + timedelta(days=1),
        "version": 1,
        "created_at": NOW,
    }
    code = AccessCode(**(facts | values))
    session.add(code)
    session.flush()
    return code


def front_door(session: Session, house: Property) -> Door:
    return session.scalars(select(Door).filter_by(property_id=house.id, name="Front door")).one()


def confirmed(session: Session, house: Property, first: date, last: date) -> Reservation:
    room = session.scalars(select(Room).filter_by(property_id=house.id, number=1)).one()
    stay = Reservation(
        property_id=house.id,
        room_id=room.id,
        arrival=first,
        departure=last,
        status=Status.CONFIRMED,
        appeared_at=NOW,
    )
    session.add(stay)
    session.flush()
    return stay


def test_one_reference_has_one_guest_per_property(session: Session, house: Property) -> None:
    make_guest(session, house)

    with pytest.raises(IntegrityError):
        make_guest(session, house)


def test_the_same_reference_at_another_property_is_another_guest(
    session: Session, house: Property
) -> None:
    make_guest(session, house)

    make_guest(session, make_house(session, "Other House", rooms=1))


def test_two_live_codes_never_have_the_same_digits_on_one_door(
    session: Session, house: Property
) -> None:
    door = front_door(session, house)
    make_code(session, make_guest(session, house), door, state=CodeState.UNWANTED)

    with pytest.raises(IntegrityError):
        make_code(session, make_guest(session, house, BOB), door)


def test_digits_of_a_code_that_is_gone_are_free_again(session: Session, house: Property) -> None:
    door = front_door(session, house)
    make_code(session, make_guest(session, house), door, state=CodeState.GONE)

    make_code(session, make_guest(session, house, BOB), door)


def test_guest_has_one_current_code_per_door(session: Session, house: Property) -> None:
    guest, door = make_guest(session, house), front_door(session, house)
    make_code(session, guest, door)

    with pytest.raises(IntegrityError):
        make_code(session, guest, door, digits_hash="other")


def test_active_code_has_the_locks_own_id(session: Session, house: Property) -> None:
    with pytest.raises(IntegrityError):
        make_code(
            session, make_guest(session, house), front_door(session, house), state=CodeState.ACTIVE
        )


def test_confirmed_stays_of_a_room_never_share_a_night(session: Session, house: Property) -> None:
    confirmed(session, house, TODAY, TODAY + timedelta(days=3))

    with pytest.raises(IntegrityError):
        confirmed(session, house, TODAY + timedelta(days=2), TODAY + timedelta(days=4))


def test_moving_a_confirmed_stay_onto_another_is_refused(session: Session, house: Property) -> None:
    confirmed(session, house, TODAY, TODAY + timedelta(days=3))
    second = confirmed(session, house, TODAY + timedelta(days=3), TODAY + timedelta(days=4))

    second.arrival = TODAY + timedelta(days=2)
    with pytest.raises(IntegrityError):
        session.flush()


def test_leaving_and_arriving_on_the_same_day_is_no_overlap(
    session: Session, house: Property
) -> None:
    confirmed(session, house, TODAY, TODAY + timedelta(days=3))

    confirmed(session, house, TODAY + timedelta(days=3), TODAY + timedelta(days=4))


def test_a_stay_has_a_night(session: Session, house: Property) -> None:
    with pytest.raises(IntegrityError):
        confirmed(session, house, TODAY, TODAY)


def test_a_source_says_one_thing_under_one_id(
    session: Session, house: Property, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals)
    said = session.scalars(select(Sighting)).one()

    facts = {
        column.key: getattr(said, column.key)
        for column in Sighting.__table__.columns
        if column.key != "id"
    }
    session.add(Sighting(**facts))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize("attack", ["update", "delete"])
def test_history_is_only_added_to(
    session: Session, house: Property, seals: Seals, attack: str
) -> None:
    make_reservation(session, house, 1, seals=seals)
    session.flush()
    statement = (
        delete(HistoryEntry) if attack == "delete" else update(HistoryEntry).values(what="nothing")
    )

    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(statement)


def test_an_intent_is_ordered_once(session: Session, house: Property) -> None:
    order(session, Effect.PUT_CODE, 1, key="put-code:1:v1", now=NOW)
    order(session, Effect.PUT_CODE, 1, key="put-code:1:v1", now=NOW)

    with pytest.raises(IntegrityError):
        session.flush()


def test_one_lane_runs_one_command_at_a_time(session: Session, house: Property) -> None:
    first, second, third = (
        order(session, Effect.PUT_CODE, n, key=f"put-code:{n}:v1", now=NOW, lane=lane)
        for n, lane in ((1, "ttlock:a"), (2, "ttlock:a"), (3, "ttlock:b"))
    )
    session.flush()

    assert take(session, first.id, NOW) is not None
    assert take(session, second.id, NOW) is None
    assert take(session, third.id, NOW) is not None
    with pytest.raises(IntegrityError):
        session.execute(
            update(OutboxEntry).where(OutboxEntry.id == second.id).values(leased_until=NOW)
        )
