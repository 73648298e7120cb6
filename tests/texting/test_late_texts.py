"""Texts that are read long after they were sent: what they mean is what was open then."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.command_references import tickets
from app.domain.enrichment import Ask
from app.models import Question, Reservation
from app.seals import Seals
from app.services.acting import act
from app.services.question_answers import confirm
from app.services.questions import KEPT_AFTER
from app.services.settling import Gift
from tests.factories import TOMORROW, booking_mail
from tests.support.desk import MINUTE, A, B, Desk

OLD, OTHER = "1234567890", "9876543210"
NEXT_WEEK = TOMORROW + timedelta(days=7)


@pytest.fixture
def desk(session: Session, seals: Seals) -> Desk:
    return Desk(session, seals)


def asked_of_two_rooms(desk: Desk) -> None:
    desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(A))


def confirm_at_the_dashboard(desk: Desk) -> None:
    [question] = desk.open()
    with act(desk.session, desk.host, seals=desk.seals, now=desk.now) as done:
        confirm(done.settlement, question)


def give_at_the_dashboard(desk: Desk, stay: Reservation, reference: str) -> None:
    with act(desk.session, desk.host, seals=desk.seals, now=desk.now) as done:
        done.settlement.give([Gift(stay, reference)])


def ask_of_next_week(desk: Desk) -> None:
    desk.now += MINUTE
    desk.closed(1, arrival=NEXT_WEEK), desk.closed(2, arrival=NEXT_WEEK)
    desk.mail(booking_mail(B, NEXT_WEEK))


@pytest.mark.parametrize("body", ["OK", "OK A", "NO", "NO A"])
def test_answer_sent_before_a_question_was_asked_is_not_to_that_question(
    desk: Desk, body: str
) -> None:
    asked_of_two_rooms(desk)
    sent_at = desk.now + timedelta(seconds=30)
    desk.now += MINUTE
    confirm_at_the_dashboard(desk)
    ask_of_next_week(desk)
    [present] = desk.open()
    said = desk.text(body, sent_at=sent_at)

    assert desk.guests() == {A: {1, 2}}
    assert desk.doors_of(B) == set()
    assert desk.open() == [present]
    assert "Nothing was changed" in said
    if " " not in body:
        assert "sent before this was asked" in said
        assert f"OK {present.ticket}" in said


def test_answer_to_the_letter_of_a_later_question_is_refused_and_the_question_repeated(
    desk: Desk,
) -> None:
    sent_at = desk.now
    desk.now += MINUTE
    asked_of_two_rooms(desk)
    said = desk.text("OK A", sent_at=sent_at)

    assert desk.guests() == {}
    assert "sent before this was asked" in said
    assert f"A: {A}" in said
    desk.text("OK A")
    assert desk.guests() == {A: {1, 2}}


def test_late_ok_is_taken_where_nothing_else_can_be_meant(desk: Desk) -> None:
    asked_of_two_rooms(desk)
    sent_at = desk.now + timedelta(seconds=30)
    desk.text("OK", after=timedelta(hours=3), sent_at=sent_at)

    assert desk.guests() == {A: {1, 2}}


def test_ok_sent_while_two_were_open_is_not_taken_for_the_one_that_is_left(desk: Desk) -> None:
    asked_of_two_rooms(desk)
    ask_of_next_week(desk)
    sent_at = desk.now + timedelta(seconds=30)
    desk.text("OK A")
    said = desk.text("OK", sent_at=sent_at)

    assert desk.guests() == {A: {1, 2}}
    assert "settled by now" in said
    assert f"B: {B}" in said


def test_letter_is_not_used_again_for_two_days(desk: Desk) -> None:
    asked_of_two_rooms(desk)
    desk.text("OK A")
    ask_of_next_week(desk)
    assert [one.ticket for one in desk.open()] == ["B"]
    desk.text("OK B")
    desk.now += KEPT_AFTER
    desk.closed(3, arrival=NEXT_WEEK)
    desk.tend(MINUTE)
    desk.tend(11 * MINUTE)

    assert [one.ticket for one in desk.open()] == ["A"]


def test_when_letters_run_out_the_one_longest_closed_is_used_again(desk: Desk) -> None:
    words = list(tickets())
    for number, ticket in enumerate(words):
        closed_at = desk.now - MINUTE * (number if ticket != "F" else len(words))
        desk.session.add(
            Question(
                property_id=desk.house.id, ticket=ticket, ask=Ask.MISSING, arrival=TOMORROW,
                asked_at=desk.now - timedelta(days=1), closed_at=closed_at,
            )
        )  # fmt: skip
    asked_of_two_rooms(desk)

    assert [one.ticket for one in desk.open()] == ["F"]


def test_reference_sent_before_nights_were_open_is_not_given_to_them(desk: Desk) -> None:
    first = desk.closed(1)
    desk.tend()
    sent_at = desk.now + timedelta(seconds=30)
    desk.now += MINUTE
    give_at_the_dashboard(desk, first, OTHER)
    desk.now += MINUTE
    desk.closed(1, arrival=NEXT_WEEK)
    desk.tend()

    for body in (OLD, f"{OLD}: 1-2"):
        said = desk.text(body, sent_at=sent_at)
        assert "Nothing was changed" in said
        assert desk.guests() == {OTHER: {1}}


@pytest.mark.parametrize("body", [OLD, f"{OLD}: 1-2"])
def test_reference_sent_before_anything_was_open_is_refused_with_the_present_question(
    desk: Desk, body: str
) -> None:
    sent_at = desk.now
    desk.now += MINUTE
    desk.closed(1)
    desk.tend()
    desk.tend(11 * MINUTE)
    said = desk.text(body, sent_at=sent_at)

    assert desk.guests() == {}
    assert "sent before room 1, 20-22 Dec, was open" in said
    assert "A: Room 1" in said


@pytest.mark.parametrize("body", [OLD, f"{OLD}: 1-2"])
def test_reference_that_could_have_meant_what_is_settled_by_now_is_asked_back(
    desk: Desk, body: str
) -> None:
    said = overtaken(desk, body, by=OTHER)

    assert desk.guests() == {OTHER: {1}}
    assert f"Which one is {OLD}?" in said
    desk.text(f"A {OLD}")
    assert desk.guests() == {OTHER: {1}, OLD: {1}}


@pytest.mark.parametrize("body", [OLD, f"{OLD}: 1-2"])
def test_reference_given_at_the_dashboard_meanwhile_gets_no_second_room(
    desk: Desk, body: str
) -> None:
    said = overtaken(desk, body, by=OLD)

    assert [stay.arrival for stay in stays_of(desk, OLD)] == [TOMORROW]
    assert f"{OLD}: room 1, 20-22 Dec" in said


def overtaken(desk: Desk, body: str, *, by: str) -> str:
    """Send a text while the room waits in two weeks, which comes after one of them is given."""
    first = desk.closed(1)
    desk.closed(1, arrival=NEXT_WEEK)
    desk.tend()
    sent_at = desk.now + timedelta(seconds=30)
    desk.now += MINUTE
    give_at_the_dashboard(desk, first, by)
    return desk.text(body, sent_at=sent_at)


def stays_of(desk: Desk, reference: str) -> list[Reservation]:
    return list(desk.session.scalars(select(Reservation).filter_by(reference=reference)))
