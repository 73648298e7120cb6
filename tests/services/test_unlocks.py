"""Unlocking from afar: begun within twenty seconds of the tap, once, or not at all."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Door, Guest, Property, UnlockState
from app.seals import Seals
from app.services.check_in import Details, check_in
from app.services.unlocks import (
    ANSWER_LASTS,
    TAP_LASTS,
    MayNotOpenError,
    begin,
    end,
    request_by_guest,
    request_by_host,
    sweep_unlocks,
)
from tests.factories import ALICE, NOW, TOMORROW, make_host, make_house, make_reservation

WHO = Details("Alice Moore", None, "+447700900417", 2, None, None, "en")


@pytest.fixture
def house(session: Session) -> Property:
    return make_house(session)


@pytest.fixture
def alice(session: Session, house: Property, seals: Seals) -> Guest:
    make_reservation(session, house, 1, seals=seals)
    return check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)


def door(session: Session, name: str = "Room 1") -> Door:
    return session.scalars(select(Door).filter_by(name=name)).one()


def test_tap_within_the_window_is_begun_once(session: Session, alice: Guest) -> None:
    tap = request_by_guest(session, alice, door(session).id, NOW)

    assert not isinstance(begin(session, tap.id, NOW), str)
    assert isinstance(begin(session, tap.id, NOW), str)


def test_two_taps_are_one_unlock(session: Session, alice: Guest) -> None:
    first = request_by_guest(session, alice, door(session).id, NOW)

    assert request_by_guest(session, alice, door(session).id, NOW).id == first.id


def test_unlock_not_begun_in_time_is_dropped(session: Session, alice: Guest) -> None:
    tap = request_by_guest(session, alice, door(session).id, NOW)

    assert begin(session, tap.id, NOW + TAP_LASTS) == "too late"
    assert tap.state == UnlockState.DROPPED


def test_another_room_does_not_open(session: Session, alice: Guest) -> None:
    with pytest.raises(MayNotOpenError):
        request_by_guest(session, alice, door(session, "Room 2").id, NOW)


def test_nothing_opens_before_check_in_time(
    session: Session, house: Property, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals, arrival=TOMORROW)
    guest = check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)

    with pytest.raises(MayNotOpenError):
        request_by_guest(session, guest, door(session).id, NOW)


def test_right_that_ends_between_tap_and_command_stops_the_command(
    session: Session, alice: Guest
) -> None:
    leaving = NOW.replace(hour=10, minute=59, second=55) + timedelta(days=2)
    tap = request_by_guest(session, alice, door(session).id, leaving)

    assert begin(session, tap.id, leaving + timedelta(seconds=6)) == "no longer allowed"
    assert tap.state == UnlockState.FAILED


def test_unlock_whose_worker_died_is_unknown_and_never_sent_again(
    session: Session, alice: Guest
) -> None:
    tap = request_by_guest(session, alice, door(session).id, NOW)
    begin(session, tap.id, NOW)

    sweep_unlocks(session, NOW + ANSWER_LASTS + timedelta(seconds=1))
    session.refresh(tap)

    assert tap.state == UnlockState.UNKNOWN
    assert isinstance(begin(session, tap.id, NOW + ANSWER_LASTS), str)


def test_tap_that_nobody_took_is_swept_as_dropped(session: Session, alice: Guest) -> None:
    tap = request_by_guest(session, alice, door(session).id, NOW)

    sweep_unlocks(session, NOW + TAP_LASTS)
    session.refresh(tap)

    assert tap.state == UnlockState.DROPPED


def test_tap_after_an_ended_one_is_a_new_unlock(session: Session, alice: Guest) -> None:
    first = request_by_guest(session, alice, door(session).id, NOW)
    begin(session, first.id, NOW)
    end(session, first.id, UnlockState.OPENED, NOW)

    assert request_by_guest(session, alice, door(session).id, NOW).id != first.id


def test_host_opens_doors_of_their_own_property_only(session: Session, house: Property) -> None:
    other = make_house(session, "Other House", rooms=1)
    stranger = make_host(session, other)

    with pytest.raises(MayNotOpenError):
        request_by_host(session, stranger, door(session, "Room 2"), NOW)
