"""What hosts text, what it does, and what they are answered."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.notices import BookingNotice, NoticeKind
from app.domain.sms_text import is_gsm7, segments
from app.models import AccessCode, CodeState, Effect, Guest, Origin, Reservation, Role, Status
from app.seals import Seals
from app.services.inbound import InboundText, take_text
from app.services.notices import take_notices
from app.texting.conversation import Conversation
from tests.factories import TOMORROW, booking_mail
from tests.support.desk import MINUTE, A, B, Desk

OLD = "1234567890"


@pytest.fixture
def desk(session: Session, seals: Seals) -> Desk:
    return Desk(session, seals)


def test_two_lines_with_one_reference_make_one_guest_with_all_codes(desk: Desk) -> None:
    desk.closed(1), desk.closed(2)
    desk.tend()
    said = desk.text(f"{OLD}: 1-2\n{OLD}: 2-2")

    assert desk.guests() == {OLD: {1, 2}}
    assert desk.doors_of(OLD) == {"Front door", "Room 1", "Room 2"}
    assert f"{OLD}: rooms 1 and 2, 20-22 Dec" in said
    assert "undo" in said


def test_two_lines_with_two_references_make_two_guests_with_their_own_codes(desk: Desk) -> None:
    desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(A), booking_mail(B))
    desk.text(f"{A}: 1-2\n{B}: 2-2")

    assert desk.guests() == {A: {1}, B: {2}}
    assert desk.doors_of(A) == {"Front door", "Room 1"}
    assert desk.doors_of(B) == {"Front door", "Room 2"}
    assert desk.open() == []


def test_ok_confirms_the_rooms_of_one_booking(desk: Desk) -> None:
    first, second = desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(A))
    said = desk.text("ok")

    assert {first.status, second.status} == {Status.CONFIRMED}
    assert desk.guests() == {A: {1, 2}}
    assert desk.doors_of(A) == {"Front door", "Room 1", "Room 2"}
    assert "rooms 1 and 2" in said
    assert desk.open() == []


def test_guest_confirmed_by_text_has_not_checked_in(desk: Desk) -> None:
    desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(A))
    desk.text("OK A")

    [guest] = desk.session.scalars(select(Guest))
    assert guest.vouched_at == desk.now
    assert guest.checked_in_at is None


def test_ok_with_nothing_open_says_so_and_changes_nothing(desk: Desk) -> None:
    said = desk.text("OK")

    assert "Nothing is open" in said
    assert desk.changes() == []


def test_ok_with_two_open_asks_which_and_changes_nothing(desk: Desk) -> None:
    later = TOMORROW + timedelta(days=7)
    desk.closed(1), desk.closed(2)
    desk.closed(1, arrival=later), desk.closed(2, arrival=later)
    desk.mail(booking_mail(A), booking_mail(B, later))
    said = desk.text("OK")

    assert "A: " in said
    assert "B: " in said
    assert desk.guests() == {}
    desk.text("OK B")
    assert desk.guests() == {B: {1, 2}}


def test_no_asks_for_lines_and_is_not_proposed_again(desk: Desk) -> None:
    first, second = desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(A))
    said = desk.text("NO")
    desk.tend(MINUTE)

    assert f"{A}: 1-2" in said
    assert {first.reference, second.reference} == {None}
    desk.text(f"{A}: 2-2")
    assert desk.guests() == {A: {2}}


def test_reference_alone_goes_to_the_only_match_that_waits(desk: Desk) -> None:
    desk.closed(1)
    desk.tend()
    desk.tend(11 * MINUTE)
    desk.text(OLD)

    assert desk.guests() == {OLD: {1}}


def test_reference_alone_with_several_waiting_lists_them_and_changes_nothing(desk: Desk) -> None:
    desk.closed(1), desk.closed(2)
    desk.tend()
    said = desk.text(OLD)

    assert "A: Room 1" in said
    assert "B: Room 2" in said
    assert desk.guests() == {}
    desk.text(f"B {OLD}")
    assert desk.guests() == {OLD: {2}}


def test_mail_tells_which_day_a_reference_is_for(desk: Desk) -> None:
    desk.closed(1)
    desk.closed(2, arrival=TOMORROW + timedelta(days=7))
    desk.closed(3, arrival=TOMORROW + timedelta(days=7))
    desk.mail(booking_mail(A, TOMORROW + timedelta(days=7)))
    desk.text(A)

    assert desk.guests() == {A: {2, 3}}


def test_half_right_text_changes_nothing_and_says_which_line_is_wrong(desk: Desk) -> None:
    desk.closed(1), desk.closed(2)
    desk.tend()
    said = desk.text(f"{OLD}: 1-2\n{OLD}: 9-2")

    assert "Line 2: there is no room 9" in said
    assert "Nothing was changed" in said
    assert desk.guests() == {}
    assert desk.orders(Effect.PUT_CODE) == 0


def test_wrong_nights_are_refused_with_what_is_open(desk: Desk) -> None:
    desk.closed(1, nights=3)
    desk.tend()
    said = desk.text(f"{OLD}: 1-2")

    assert "20-23 Dec" in said
    assert desk.guests() == {}


def test_line_is_cut_out_of_joined_nights_where_a_mail_says_when(desk: Desk) -> None:
    whole = desk.closed(1, nights=10)
    inside = TOMORROW + timedelta(days=3)
    desk.mail(booking_mail(A, inside))
    desk.text(f"{A}: 1-2")

    assert desk.guests() == {A: {1}}
    assert (whole.arrival, whole.departure) == (TOMORROW, inside)
    spans = sorted((stay.arrival, stay.departure) for stay in stays(desk))
    assert spans == [
        (TOMORROW, inside),
        (inside, inside + timedelta(days=2)),
        (inside + timedelta(days=2), TOMORROW + timedelta(days=10)),
    ]


def test_correct_moves_a_booking_and_its_codes(desk: Desk) -> None:
    first, second = desk.closed(1), desk.closed(2)
    desk.tend()
    desk.text(f"{A}: 1-2")
    assert desk.doors_of(A) == {"Front door", "Room 1"}
    desk.text(f"{A}: 2-2 correct")

    assert desk.guests() == {A: {2}}
    assert desk.doors_of(A) == {"Front door", "Room 2"}
    assert (first.reference, first.status) == (None, Status.OPEN)
    assert second.reference == A


def test_two_bookings_change_rooms_in_one_text(desk: Desk) -> None:
    desk.closed(1), desk.closed(2)
    desk.tend()
    desk.text(f"{A}: 1-2\n{B}: 2-2")
    desk.text(f"{A}: 2-2 correct\n{B}: 1-2 correct")

    assert desk.guests() == {A: {2}, B: {1}}
    assert desk.doors_of(A) == {"Front door", "Room 2"}
    assert desk.doors_of(B) == {"Front door", "Room 1"}


def test_correct_to_a_room_that_no_calendar_closes_makes_the_stay(desk: Desk) -> None:
    desk.closed(1)
    desk.tend()
    desk.text(f"{A}: 1-2")
    desk.text(f"{A}: 3-2 correct")

    assert desk.guests() == {A: {3}}
    assert desk.doors_of(A) == {"Front door", "Room 3"}


def test_plain_line_for_a_taken_room_tells_how_to_move(desk: Desk) -> None:
    desk.closed(1)
    desk.tend()
    desk.text(f"{A}: 1-2")
    said = desk.text(f"{B}: 1-2")

    assert "correct" in said
    assert desk.guests() == {A: {1}}


def test_undo_takes_the_last_change_back(desk: Desk) -> None:
    first, second = desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(A))
    desk.text("OK")
    said = desk.text("undo")

    assert "Taken back" in said
    assert desk.guests() == {}
    assert desk.doors_of(A) == set()
    assert {first.is_unconfirmed, second.is_unconfirmed} == {True}
    assert [one.reference for one in desk.open()] == [A]


def test_undo_gives_a_corrected_booking_its_old_room_again(desk: Desk) -> None:
    desk.closed(1), desk.closed(2)
    desk.tend()
    desk.text(f"{A}: 1-2")
    desk.text(f"{A}: 2-2 correct")
    desk.text("undo")

    assert desk.guests() == {A: {1}}
    assert desk.doors_of(A) == {"Front door", "Room 1"}


def test_undo_after_ten_minutes_is_too_late(desk: Desk) -> None:
    desk.closed(1)
    desk.tend()
    desk.text(f"{A}: 1-2")
    said = desk.text("undo", after=11 * MINUTE)

    assert "nothing of the last 10 minutes" in said
    assert desk.guests() == {A: {1}}


def test_undo_of_what_has_changed_since_is_refused(desk: Desk) -> None:
    first = desk.closed(1)
    desk.tend()
    desk.text(f"{A}: 1-2")
    desk.mail(booking_mail(A, kind=NoticeKind.CANCELLED, said_at=desk.now))
    assert first.status == Status.CANCELLED

    assert "has changed since" in desk.text("undo")


def test_cancel_asks_first_and_sure_cancels(desk: Desk) -> None:
    desk.closed(1)
    desk.tend()
    desk.text(f"{A}: 1-2")
    said = desk.text(f"cancel {A}")
    assert f"sure {A}" in said
    assert statuses(desk) == [Status.CONFIRMED]

    desk.text(f"sure {A}")
    assert statuses(desk) == [Status.CANCELLED]
    assert desk.doors_of(A) == set()
    states = set(desk.session.scalars(select(AccessCode.state)))
    assert states == {CodeState.UNWANTED}


def test_sure_without_cancel_or_too_late_does_nothing(desk: Desk) -> None:
    first = desk.closed(1)
    desk.tend()
    desk.text(f"{A}: 1-2")
    assert "first" in desk.text(f"sure {A}")
    desk.text(f"cancel {A}")
    assert "first" in desk.text(f"sure {A}", after=11 * MINUTE)

    assert first.status == Status.CONFIRMED


def test_block_closes_the_nights_in_question(desk: Desk) -> None:
    first = desk.closed(1)
    desk.tend()
    desk.tend(11 * MINUTE)
    desk.text("block A")

    assert first.status == Status.BLOCK
    assert desk.open() == []


def test_check_tells_rooms_guest_and_codes_and_digits_to_an_owner_only(desk: Desk) -> None:
    desk.closed(1)
    desk.tend()
    desk.text(f"{A}: 1-2")
    for code in desk.codes():
        code.state, code.provider_ref = CodeState.ACTIVE, f"ref{code.id}"
    said = desk.text(f"check {A}")

    assert "Room 1, 20-22 Dec" in said
    assert "Front door: code on its lock" in said
    to_owner = desk.told_codes
    desk.host.role = Role.STAFF
    desk.text(f"check {A}")
    assert (len(to_owner), len(desk.told_codes)) == (2, 0)


def test_unlock_is_answered_when_the_door_has_answered(desk: Desk) -> None:
    said = desk.text("unlock front")

    assert said == ""
    assert desk.orders(Effect.UNLOCK) == 1


def test_unlock_of_a_door_nobody_knows_lists_the_doors(desk: Desk) -> None:
    said = desk.text("unlock 7")

    assert "Front door" in said
    assert desk.orders(Effect.UNLOCK) == 0


def test_unlock_that_comes_late_is_refused(desk: Desk) -> None:
    sent = desk.now
    desk.now += MINUTE
    message = take_text(
        desk.session,
        InboundText("SM" + "a" * 32, desk.host.phone or "", "unlock front", sent_at=sent),
        now=desk.now,
    )
    assert message is not None
    talk = Conversation(
        desk.session, desk.house, desk.host, message, seals=desk.seals, now=desk.now
    )

    assert "too late" in (talk.answer().text or "")
    assert desk.orders(Effect.UNLOCK) == 0


def test_today_and_tomorrow_list_arrivals_and_what_is_open(desk: Desk) -> None:
    desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(A))

    assert "Arriving: nobody" in desk.text("today")
    said = desk.text("tomorrow")
    assert "1 " + A in said
    assert "A: 20 Dec" in said


def test_every_answer_is_in_the_cheap_alphabet_and_short(desk: Desk) -> None:
    desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(A, name="Łukasz O’Neil 李"))
    for body in ("guide", "today", "tomorrow", "OK", f"check {A}", "nonsense", "undo"):
        said = desk.text(body)
        assert segments(said) <= 3, said
        assert body == f"check {A}" or is_gsm7(said), said


def test_carrier_words_are_not_answered_and_silence_the_phone(desk: Desk) -> None:
    assert desk.text("STOP") == ""
    assert desk.host.texts_stopped_at == desk.now
    desk.text("START")
    assert desk.host.texts_stopped_at is None


def test_claim_is_confirmed_by_ok_and_refused_by_no(desk: Desk) -> None:
    stay = desk.closed(1)
    claim = BookingNotice("other", NoticeKind.NEW, OLD, desk.now, TOMORROW, name="Ann Hale")
    take_notices(desk.session, desk.house, [claim], Origin.GUEST, seals=desk.seals, now=desk.now)
    desk.tend()
    assert stay.reference is None
    assert desk.codes() == []
    desk.text("OK")

    assert desk.guests() == {OLD: {1}}
    assert stay.name == "Ann Hale"


def stays(desk: Desk) -> list[Reservation]:
    return list(
        desk.session.scalars(select(Reservation).where(Reservation.status != Status.CANCELLED))
    )


def statuses(desk: Desk) -> list[Status]:
    return [stay.status for stay in desk.session.scalars(select(Reservation))]


def test_reference_whose_mail_tells_another_day_is_not_given_to_what_is_open(desk: Desk) -> None:
    desk.closed(1)
    desk.mail(booking_mail(A, TOMORROW + timedelta(days=7)))
    said = desk.text(A)

    assert "no room is open from then" in said
    assert desk.guests() == {}
