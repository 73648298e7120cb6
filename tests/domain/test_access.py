from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.access import Because, DoorFacts, GuestFacts, StayFacts, may_open
from app.domain.nights import Nights
from app.domain.windows import Window

FRONT = DoorFacts(None)
ROOM_1, ROOM_2 = DoorFacts(1), DoorFacts(2)


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=UTC)


def stay(room: int, first: int, last: int, **facts: bool) -> StayFacts:
    nights = Nights(date(2026, 12, first), date(2026, 12, last))
    return StayFacts(room, nights, Window(at(first, 15), at(last, 11)), **facts)


def alice(*stays: StayFacts, admitted: bool = True) -> GuestFacts:
    return GuestFacts(admitted, stays)


@pytest.mark.parametrize(
    ("now", "because"),
    [
        (at(19, 14), Because.TOO_EARLY),
        (at(19, 15), Because.THEIRS),
        (at(21, 10), Because.THEIRS),
        (at(21, 11), Because.OVER),
    ],
)
def test_room_opens_from_check_in_until_check_out(now: datetime, because: Because) -> None:
    verdict = may_open(alice(stay(1, 19, 21)), ROOM_1, now)

    assert verdict.because == because
    assert verdict.allowed == (because == Because.THEIRS)


def test_nothing_opens_before_check_in() -> None:
    verdict = may_open(alice(stay(1, 19, 21), admitted=False), ROOM_1, at(20))

    assert (verdict.allowed, verdict.because) == (False, Because.NOT_CHECKED_IN)
    assert not verdict.wants_code


def test_another_room_is_not_theirs() -> None:
    assert may_open(alice(stay(1, 19, 21)), ROOM_2, at(20)).because == Because.NOT_THEIRS


def test_cancelled_room_no_longer_opens_and_the_other_still_does() -> None:
    guest = alice(stay(1, 19, 21, holds=False), stay(2, 19, 21))

    assert not may_open(guest, ROOM_1, at(20)).allowed
    assert may_open(guest, ROOM_2, at(20)).allowed
    assert may_open(guest, FRONT, at(20)).allowed


def test_front_door_spans_rooms_with_different_dates() -> None:
    guest = alice(stay(1, 19, 21), stay(2, 20, 23))

    verdict = may_open(guest, FRONT, at(22))

    assert verdict.allowed
    assert verdict.window == Window(at(19, 15), at(23, 11))
    assert may_open(guest, ROOM_1, at(22)).because == Because.OVER


def test_rooms_that_are_all_uncertain_keep_every_door_closed() -> None:
    guest = alice(stay(1, 19, 21, certain=False), stay(2, 19, 21, certain=False))

    assert may_open(guest, ROOM_1, at(20)).because == Because.UNCERTAIN
    assert may_open(guest, FRONT, at(20)).because == Because.UNCERTAIN


def test_uncertain_room_takes_nothing_from_a_certain_one() -> None:
    guest = alice(stay(1, 19, 21), stay(2, 19, 25, certain=False))

    assert may_open(guest, ROOM_2, at(20)).because == Because.UNCERTAIN
    assert may_open(guest, ROOM_1, at(20)).allowed
    assert may_open(guest, FRONT, at(20)).window == Window(at(19, 15), at(21, 11))


def test_staying_on_in_the_same_room_is_one_window() -> None:
    guest = alice(stay(1, 19, 21), stay(1, 21, 24))

    assert may_open(guest, ROOM_1, at(21, 13)).window == Window(at(19, 15), at(24, 11))


def test_room_between_two_stays_may_be_another_guests_and_does_not_open() -> None:
    guest = alice(stay(1, 3, 5), stay(1, 9, 11))

    between = may_open(guest, ROOM_1, at(7))

    assert not between.allowed
    assert between.window == Window(at(9, 15), at(11, 11))
    assert may_open(guest, ROOM_1, at(10)).allowed


def test_code_is_wanted_ahead_of_its_window_but_not_after_it() -> None:
    guest = alice(stay(1, 19, 21))

    assert may_open(guest, ROOM_1, at(1)).wants_code
    assert not may_open(guest, ROOM_1, at(21, 11) + timedelta(seconds=1)).wants_code
