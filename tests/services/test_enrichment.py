"""Whose booking is it: the same answers on both databases, asked once, never guessed."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.enrichment import Ask
from app.domain.notices import NoticeKind
from app.models import (
    Feed,
    Guest,
    Match,
    MatchState,
    Reservation,
    Status,
)
from app.seals import Seals
from tests.factories import NOW, TOMORROW, booking_mail, make_closed
from tests.support.desk import MINUTE, A, B, Desk


@pytest.fixture
def desk(session: Session, seals: Seals) -> Desk:
    return Desk(session, seals)


def test_one_booking_and_one_room_are_put_together_quietly(desk: Desk) -> None:
    stay = desk.closed(1)
    desk.mail(booking_mail(A))

    assert (stay.reference, stay.status) == (A, Status.CONFIRMED)
    assert desk.texts() == []
    assert {match.state for match in desk.session.scalars(select(Match))} == {MatchState.SETTLED}
    assert desk.codes() == []


def test_mail_that_comes_before_its_nights_waits_for_them(desk: Desk) -> None:
    desk.mail(booking_mail(A))
    stay = desk.closed(1)
    desk.tend(5 * MINUTE)

    assert stay.reference == A


def test_one_booking_and_two_rooms_wait_for_a_host_and_make_no_code(desk: Desk) -> None:
    first, second = desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(A))

    assert {(one.reference, one.is_unconfirmed, one.status) for one in (first, second)} == {
        (A, True, Status.OPEN)
    }
    [question] = desk.open()
    assert (question.ask, question.reference, question.ticket) == (Ask.SEVERAL_ROOMS, A, "A")
    assert desk.texts() == [[question.id]]
    assert desk.codes() == []
    assert desk.session.scalars(select(Guest)).all() == []


def test_asking_is_not_repeated_without_news(desk: Desk) -> None:
    desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(A))
    desk.mail(booking_mail(A))
    for _ in range(3):
        desk.tend(20 * MINUTE)

    assert len(desk.texts()) == 1


def test_two_bookings_on_one_day_are_a_collision_and_nothing_is_guessed(desk: Desk) -> None:
    first, second = desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(A), booking_mail(B))

    assert {first.reference, second.reference} == {None}
    [question] = desk.open()
    assert question.ask == Ask.COLLISION


def test_late_second_mail_reopens_what_was_not_confirmed(desk: Desk) -> None:
    first, second = desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(A))
    desk.now += 10 * MINUTE
    desk.mail(booking_mail(B, said_at=desk.now))

    assert {(one.reference, one.is_unconfirmed) for one in (first, second)} == {(None, False)}
    [question] = desk.open()
    assert (question.ask, question.ticket) == (Ask.COLLISION, "B")
    assert len(desk.texts()) == 2
    assert desk.codes() == []


def test_nothing_known_is_asked_after_ten_minutes_once(desk: Desk) -> None:
    desk.closed(1)
    for minutes in (0, 2, 3, 4):
        assert desk.tend(minutes * MINUTE) == []
    [question] = desk.tend(MINUTE)
    desk.tend(MINUTE)

    assert question.ask == Ask.MISSING
    assert desk.texts() == [[question.id]]


def test_clock_says_when_to_look_again(desk: Desk) -> None:
    desk.closed(1)
    desk.tend()

    [match] = desk.session.scalars(select(Match))
    assert match.look_at == NOW + 2 * MINUTE
    desk.tend(2 * MINUTE)
    assert match.look_at == NOW + 5 * MINUTE
    desk.tend(3 * MINUTE)
    assert match.look_at == NOW + 10 * MINUTE
    desk.tend(5 * MINUTE)
    assert match.look_at is None


def test_mail_that_comes_after_the_question_answers_it(desk: Desk) -> None:
    stay = desk.closed(1)
    desk.tend()
    desk.tend(11 * MINUTE)
    desk.mail(booking_mail(A, said_at=desk.now))

    assert stay.reference == A
    assert desk.open() == []


def test_room_is_not_taken_for_alone_before_the_other_calendars_were_read(desk: Desk) -> None:
    desk.closed(2, arrival=TOMORROW + timedelta(days=30))  # so that room 2 has a calendar
    desk.now += 10 * MINUTE
    stay = desk.closed(1)
    desk.mail(booking_mail(A))
    assert stay.reference is None

    desk.now += MINUTE
    desk.read_calendars()
    desk.tend()
    assert stay.reference == A


def test_host_is_asked_when_another_calendar_cannot_be_read(desk: Desk) -> None:
    desk.closed(2, arrival=TOMORROW + timedelta(days=30))
    desk.now += 30 * MINUTE
    stay = desk.closed(1)
    desk.mail(booking_mail(A))
    asked = desk.tend(12 * MINUTE)

    assert Ask.LONE in {one.ask for one in asked}
    assert stay.is_unconfirmed


def test_calendars_that_may_show_another_room_are_fetched_at_once(desk: Desk) -> None:
    desk.closed(2, arrival=TOMORROW + timedelta(days=30))
    feed = desk.session.scalars(select(Feed)).one()
    desk.now += 10 * MINUTE
    feed.next_fetch_at = desk.now + 10 * MINUTE
    desk.closed(1)
    desk.mail(booking_mail(A))

    assert feed.next_fetch_at == desk.now


def test_room_that_appears_right_after_is_asked_about_and_not_given_to_another(desk: Desk) -> None:
    first = desk.closed(1)
    desk.mail(booking_mail(A))
    desk.now += MINUTE
    second = desk.closed(2)
    desk.tend()

    assert first.reference == A
    assert not first.is_unconfirmed
    assert (second.reference, second.is_unconfirmed) == (A, True)
    desk.mail(booking_mail(B, said_at=desk.now))
    assert second.reference is None
    [question] = desk.open()
    assert question.ask == Ask.COLLISION


def test_room_that_appears_much_later_is_another_bookings(desk: Desk) -> None:
    first = desk.closed(1)
    desk.mail(booking_mail(A))
    desk.now += 60 * MINUTE
    second = desk.closed(2)
    desk.read_calendars()
    desk.mail(booking_mail(B, said_at=desk.now))

    assert (first.reference, second.reference) == (A, B)


def test_reference_in_use_is_no_candidate(desk: Desk) -> None:
    first = desk.closed(1)
    desk.mail(booking_mail(A))
    desk.now += 60 * MINUTE
    second = desk.closed(2)
    desk.tend(MINUTE)

    assert first.reference == A
    assert second.reference is None


def test_mail_of_another_channel_is_not_for_these_nights(desk: Desk) -> None:
    stay = desk.closed(1)
    make_closed(desk.session, desk.house, 2, channel="airbnb", seals=desk.seals,
                arrival=TOMORROW + timedelta(days=9))  # fmt: skip
    desk.mail(booking_mail("HMTESTQ2CC", channel="airbnb"))

    assert stay.reference is None


def test_booking_without_a_room_is_asked_after_half_an_hour(desk: Desk) -> None:
    desk.mail(booking_mail(A))
    desk.tend(29 * MINUTE)
    assert desk.texts() == []
    [question] = desk.tend(2 * MINUTE)

    assert question.ask == Ask.UNPLACED


def test_cancellation_by_mail_cancels_before_arrival(desk: Desk) -> None:
    stay = desk.closed(1)
    desk.mail(booking_mail(A))
    desk.now += MINUTE
    desk.mail(booking_mail(A, kind=NoticeKind.CANCELLED, said_at=desk.now))

    assert stay.status == Status.CANCELLED


def test_cancellation_overtaken_by_its_booking_stays_one(desk: Desk) -> None:
    stay = desk.closed(1)
    later = NOW + MINUTE
    desk.mail(booking_mail(A, kind=NoticeKind.CANCELLED, said_at=later))
    desk.mail(booking_mail(A, said_at=NOW))

    assert stay.reference is None


def test_nights_still_closed_long_after_a_cancellation_are_open_again(desk: Desk) -> None:
    cancelled = desk.closed(1)
    desk.mail(booking_mail(A))
    desk.now += MINUTE
    desk.mail(booking_mail(A, kind=NoticeKind.CANCELLED, said_at=desk.now))
    desk.now += 20 * MINUTE
    desk.read_calendars()
    desk.tend()
    assert len(stays_of(desk)) == 1

    desk.now += 20 * MINUTE
    desk.read_calendars()
    desk.tend()
    fresh = [stay for stay in stays_of(desk) if stay is not cancelled]
    assert [(one.status, one.reference) for one in fresh] == [(Status.OPEN, None)]


def test_room_sold_again_at_once_goes_to_the_new_booking(desk: Desk) -> None:
    cancelled = desk.closed(1)
    desk.mail(booking_mail(A))
    desk.now += MINUTE
    desk.mail(
        booking_mail(A, kind=NoticeKind.CANCELLED, said_at=desk.now),
        booking_mail(B, said_at=desk.now),
    )
    desk.tend(MINUTE)

    [fresh] = [stay for stay in stays_of(desk) if stay is not cancelled]
    assert (fresh.reference, fresh.status) == (B, Status.CONFIRMED)
    assert cancelled.status == Status.CANCELLED


def test_modification_flags_and_changes_nothing(desk: Desk) -> None:
    stay = desk.closed(1)
    desk.mail(booking_mail(A))
    desk.now += MINUTE
    moved = TOMORROW + timedelta(days=2)
    desk.mail(booking_mail(A, moved, kind=NoticeKind.MODIFIED, said_at=desk.now))

    assert stay.modified_at == desk.now
    assert (stay.arrival, stay.status) == (TOMORROW, Status.CONFIRMED)


def test_modified_booking_that_shows_on_its_new_day_is_asked_about(desk: Desk) -> None:
    desk.closed(1)
    desk.mail(booking_mail(A))
    moved = TOMORROW + timedelta(days=5)
    new = desk.closed(1, arrival=moved)
    desk.now += MINUTE
    desk.mail(booking_mail(A, moved, kind=NoticeKind.MODIFIED, said_at=desk.now))

    assert new.reference is None
    assert [one.ask for one in desk.open()] == [Ask.MOVED]


def test_name_in_a_mail_is_told_of_a_booking_known_already(desk: Desk) -> None:
    stay = desk.closed(1)
    desk.mail(booking_mail(A))
    desk.now += MINUTE
    desk.mail(booking_mail(A, said_at=desk.now, name="Corin Baptiste"))

    assert stay.name == "Corin Baptiste"


def test_many_questions_at_once_are_one_text(desk: Desk) -> None:
    for number in (1, 2, 3):
        desk.closed(number)
    desk.tend()
    asked = desk.tend(11 * MINUTE)

    assert len(asked) == 3
    assert desk.texts() == [[one.id for one in asked]]


def test_cancelled_nights_drop_their_question(desk: Desk) -> None:
    stay = desk.closed(1)
    desk.tend()
    desk.tend(11 * MINUTE)
    stay.status = Status.CANCELLED
    desk.tend()

    assert desk.open() == []
    [match] = desk.session.scalars(select(Match))
    assert match.state == MatchState.DROPPED


def stays_of(desk: Desk) -> list[Reservation]:
    return list(desk.session.scalars(select(Reservation).order_by(Reservation.id)))
