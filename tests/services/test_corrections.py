"""What a host puts right on a reservation's page: codes follow, the guest is told once, undo."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.nights import Nights
from app.domain.notices import NoticeKind
from app.domain.readings import Kind
from app.domain.standing import DATES_DIFFER
from app.models import (
    AccessCode,
    CodeState,
    Door,
    Guest,
    HistoryEntry,
    Message,
    Origin,
    Reservation,
    Room,
    Sighting,
    Status,
)
from app.seals import Seals
from app.services.acting import take_back
from app.services.answers import answer, open_question_of
from app.services.check_in import Details, check_in
from app.services.corrections import (
    cancel,
    close_nights,
    correct_dates,
    correct_name,
    see_modified,
)
from app.services.moving import move
from app.services.naming import IsSomebody, name_booking
from app.services.reservation_acts import last_act_on
from app.services.reservations import CannotChange, set_times
from app.services.testimony import restand
from tests.factories import (
    ALICE,
    BOB,
    NOW,
    TODAY,
    TOMORROW,
    booking_mail,
    make_feed,
    make_reservation,
)
from tests.support.desk import MINUTE, A, B, Desk

WHO = Details("Alice Moore", None, "+447700900417", 2, None, None, "en")
DAY = timedelta(days=1)


class Page(Desk):
    """The desk, seen from the page of one reservation."""

    def stay(self, number: int = 1, reference: str = ALICE, **facts: object) -> Reservation:
        return make_reservation(
            self.session, self.house, number, seals=self.seals, reference=reference,
            **facts,  # type: ignore[arg-type]
        )  # fmt: skip

    def check_in(self, reference: str = ALICE) -> Guest:
        return check_in(self.session, self.house.id, reference, WHO, seals=self.seals, now=self.now)

    def act(self, what: object, *given: object, **more: object) -> Reservation:
        self.now += MINUTE
        done: Reservation = what(  # type: ignore[operator]
            self.session, self.host, *given, **more, seals=self.seals, now=self.now
        )
        return done

    def undo(self, stay: Reservation) -> None:
        self.now += MINUTE
        last = last_act_on(self.session, self.host, stay, self.now)
        assert last is not None
        assert last.what
        take_back(self.session, self.host, last.id, seals=self.seals, now=self.now)

    def told(self) -> list[str | None]:
        """Return what guests were told, beside the link at check-in."""
        found = self.session.scalars(
            select(Message.template)
            .where(Message.guest_id.is_not(None), Message.template != "stay_link")
            .order_by(Message.id)
        )
        return list(found)

    def live(self) -> dict[str, AccessCode]:
        found = self.session.scalars(
            select(AccessCode).where(AccessCode.state.in_((CodeState.WANTED, CodeState.ACTIVE)))
        )
        return {self.session.get_one(Door, code.door_id).name: code for code in found}

    def room(self, number: int) -> int:
        return self.session.scalars(select(Room.id).filter_by(number=number)).one()

    def happened(self, stay: Reservation) -> list[str]:
        entries = select(HistoryEntry.what).filter_by(subject="reservation", subject_id=stay.id)
        return list(self.session.scalars(entries.order_by(HistoryEntry.id)))


@pytest.fixture
def page(session: Session, seals: Seals) -> Page:
    return Page(session, seals)


def facts(stay: Reservation) -> tuple[str | None, str | None]:
    return stay.reference, stay.name


def status(stay: Reservation) -> str:
    return str(stay.status)


def is_flagged(stay: Reservation) -> bool:
    return stay.modified_at is not None


def nights(first: date, count: int) -> Nights:
    return Nights(first, first + timedelta(days=count))


def test_corrected_dates_move_the_codes_and_tell_the_guest_once(page: Page) -> None:
    stay = page.stay()
    page.check_in()
    before = {door: code.valid_until for door, code in page.live().items()}

    page.act(correct_dates, stay.id, nights(TODAY, 3))

    assert (stay.nights, stay.status) == (nights(TODAY, 3), Status.CONFIRMED)
    after = {door: code.valid_until for door, code in page.live().items()}
    assert after == {door: until + DAY for door, until in before.items()}
    assert page.told() == ["dates_changed"]


def test_dates_of_all_rooms_of_a_booking_are_corrected_in_one_act(page: Page) -> None:
    first, second = page.stay(1), page.stay(2)
    page.check_in()

    page.act(correct_dates, first.id, nights(TODAY, 1), together=True)

    assert first.nights == second.nights == nights(TODAY, 1)
    assert page.told() == ["dates_changed"]


def test_dates_are_refused_where_the_room_is_taken(page: Page) -> None:
    stay = page.stay()
    page.stay(1, BOB, arrival=TODAY + 3 * DAY, name="Bob Stone")

    with pytest.raises(CannotChange, match="Bob Stone"):
        page.act(correct_dates, stay.id, nights(TODAY, 4))


def test_turnover_on_the_day_is_no_conflict(page: Page) -> None:
    stay = page.stay()
    page.stay(1, BOB, arrival=TODAY + 3 * DAY)

    page.act(correct_dates, stay.id, nights(TODAY, 3))

    assert stay.status == Status.CONFIRMED


def test_a_slip_in_the_year_is_refused(page: Page) -> None:
    stay = page.stay()

    with pytest.raises(CannotChange, match="year"):
        page.act(correct_dates, stay.id, nights(TODAY, 367))


def test_undo_gives_the_old_dates_back_to_stay_and_codes(page: Page) -> None:
    stay = page.stay()
    page.check_in()
    old, until = stay.nights, page.live()["Room 1"].valid_until
    page.act(correct_dates, stay.id, nights(TODAY, 4))

    page.undo(stay)

    assert stay.nights == old
    assert page.live()["Room 1"].valid_until == until


def test_undo_is_over_after_ten_minutes(page: Page) -> None:
    stay = page.stay()
    page.act(correct_dates, stay.id, nights(TODAY, 4))

    assert last_act_on(page.session, page.host, stay, page.now + 10 * MINUTE) is None


def test_one_of_two_dates_is_chosen_and_the_dispute_is_over(page: Page) -> None:
    stay = page.stay()
    disputed_by(page, stay, nights(TODAY, 3))
    assert (stay.status, stay.question) == (Status.DISPUTED, DATES_DIFFER)

    page.act(correct_dates, stay.id, nights(TODAY, 3))

    assert (stay.status, stay.nights, stay.question) == (Status.CONFIRMED, nights(TODAY, 3), None)


def test_a_later_word_with_other_dates_is_a_question_again(page: Page) -> None:
    stay = page.stay()
    page.act(correct_dates, stay.id, nights(TODAY, 4))

    page.now += MINUTE
    disputed_by(page, stay, nights(TODAY, 3))

    assert (stay.status, stay.nights) == (Status.DISPUTED, nights(TODAY, 4))


def disputed_by(page: Page, stay: Reservation, says: Nights) -> None:
    """Let a calendar give other dates."""
    feed = make_feed(page.session, page.session.get_one(Room, stay.room_id))
    page.session.add(
        Sighting(
            reservation_id=stay.id,
            origin=Origin.FEED,
            source=f"feed:{feed.id}",
            own_id="stay",
            feed_id=feed.id,
            kind=Kind.STAY,
            arrival=says.arrival,
            departure=says.departure,
            first_seen_at=page.now,
            last_seen_at=page.now,
        )
    )
    weigh(page, stay)


def weigh(page: Page, stay: Reservation) -> None:
    rooms = [stay.room_id]
    restand(page.session, page.house, rooms, [stay], seals=page.seals, now=page.now, actor="feed")


def test_closed_nights_that_the_new_dates_explain_are_no_stay_of_their_own(page: Page) -> None:
    stay = page.stay(arrival=TOMORROW)
    closed = page.closed(1, arrival=TOMORROW + 2 * DAY)

    page.act(correct_dates, stay.id, nights(TOMORROW, 4))
    assert closed.status == Status.CANCELLED

    page.undo(stay)
    assert (closed.status, stay.nights) == (Status.OPEN, nights(TOMORROW, 2))


def test_corrected_dates_that_the_calendar_follows_are_no_question(page: Page) -> None:
    stay = page.closed(1)
    page.mail(booking_mail(A))
    page.act(correct_dates, stay.id, nights(TOMORROW + 5 * DAY, 2))
    [seen] = page.session.scalars(select(Sighting).filter_by(reservation_id=stay.id, origin="feed"))

    page.now += MINUTE
    seen.withdrawn_at = page.now
    weigh(page, stay)

    assert stay.status == Status.CONFIRMED


def test_dates_of_nights_that_are_nobodys_are_not_corrected(page: Page) -> None:
    stay = page.closed(1)

    with pytest.raises(CannotChange):
        page.act(correct_dates, stay.id, nights(TOMORROW, 1))


def test_a_reference_given_to_open_nights_makes_its_guest_and_codes(page: Page) -> None:
    stay = page.closed(1)
    page.tend()

    page.act(name_booking, stay.id, A, name="Corin Baptiste")

    assert (stay.reference, stay.name, stay.status) == (A, "Corin Baptiste", Status.CONFIRMED)
    assert page.guests() == {A: {1}}
    assert page.doors_of(A) == {"Front door", "Room 1"}
    assert page.open() == []


def test_undo_of_a_given_reference_takes_guest_and_codes_back(page: Page) -> None:
    stay = page.closed(1)
    page.tend()
    page.act(name_booking, stay.id, A)

    page.undo(stay)

    assert (stay.reference, stay.status) == (None, Status.OPEN)
    assert page.doors_of(A) == set()


def test_part_of_the_closed_nights_can_be_the_booking(page: Page) -> None:
    stay = page.closed(1, nights=5)
    page.tend()

    part = page.act(name_booking, stay.id, A, nights=nights(TOMORROW, 2))

    assert (part.nights, part.reference) == (nights(TOMORROW, 2), A)
    assert (stay.nights, stay.status) == (nights(TOMORROW + 2 * DAY, 3), Status.OPEN)


def test_another_reference_takes_the_room_from_the_old_booking(page: Page) -> None:
    stay = page.closed(1)
    page.mail(booking_mail(A, name="Corin Baptiste"))
    assert facts(stay) == (A, "Corin Baptiste")

    page.act(name_booking, stay.id, B)

    assert facts(stay) == (B, None)
    assert page.guests() == {B: {1}}


def test_a_slip_in_the_reference_keeps_the_name(page: Page) -> None:
    stay = page.closed(1)
    page.act(name_booking, stay.id, A, name="Corin Baptiste")

    page.act(name_booking, stay.id, B)

    assert (stay.reference, stay.name) == (B, "Corin Baptiste")


def test_whoever_is_in_the_room_keeps_their_codes_under_the_right_reference(page: Page) -> None:
    stay = page.stay()
    guest = page.check_in()
    before = {door: code.id for door, code in page.live().items()}

    page.act(name_booking, stay.id, A)

    assert (stay.reference, stay.guest_id, guest.reference) == (A, guest.id, A)
    assert {door: code.id for door, code in page.live().items()} == before
    assert page.told() == []

    page.undo(stay)
    assert (stay.reference, guest.reference) == (ALICE, ALICE)
    assert {door: code.id for door, code in page.live().items()} == before


def test_one_room_of_a_guest_who_is_in_can_be_another_bookings(page: Page) -> None:
    first, second = page.stay(1), page.stay(2)
    guest = page.check_in()

    page.act(name_booking, second.id, A)

    assert page.guests() == {ALICE: {1}, A: {2}}
    assert page.doors_of(ALICE) == {"Front door", "Room 1"}
    assert page.doors_of(A) == {"Front door", "Room 2"}
    assert (guest.reference, first.reference) == (ALICE, ALICE)
    assert page.told() == ["rooms_changed"]


def test_the_reference_of_somebody_who_is_in_is_asked_about_first(page: Page) -> None:
    page.stay(1)
    page.check_in()
    closed = page.closed(2, arrival=TODAY)

    with pytest.raises(IsSomebody, match="Alice Moore"):
        page.act(name_booking, closed.id, ALICE)
    page.act(name_booking, closed.id, ALICE, sure=True)

    assert page.guests() == {ALICE: {1, 2}}
    assert page.told() == ["rooms_changed"]


def test_two_guests_who_are_in_are_not_made_one(page: Page) -> None:
    page.stay(1)
    page.check_in()
    stay = page.stay(2, BOB)
    page.check_in(BOB)

    with pytest.raises(CannotChange):
        page.act(name_booking, stay.id, ALICE, sure=True)


def test_a_name_counts_for_all_rooms_and_for_the_guest(page: Page) -> None:
    first, second = page.stay(1, name="Alice More"), page.stay(2, name="Alice More")
    guest = page.check_in()

    page.act(correct_name, first.id, "Alice Moore-Lee")

    assert (first.name, second.name, guest.full_name) == ("Alice Moore-Lee",) * 3
    assert page.told() == []

    page.undo(second)
    assert (first.name, guest.full_name) == ("Alice More", "Alice Moore")


def test_a_name_does_not_settle_what_is_in_dispute(page: Page) -> None:
    stay = page.stay()
    disputed_by(page, stay, nights(TODAY, 3))

    with pytest.raises(CannotChange):
        page.act(correct_name, stay.id, "Alice Moore")


def test_a_move_keeps_the_digits_and_tells_the_guest_once(page: Page) -> None:
    stay = page.stay(name="Alice Moore")
    guest = page.check_in()
    digits = page.seals.unseal(page.live()["Front door"].sealed_digits)

    moved = page.act(move, stay.id, page.room(2))

    assert (moved.room_id, moved.nights, moved.guest_id) == (page.room(2), stay.nights, guest.id)
    assert (moved.name, moved.phone_ending) == ("Alice Moore", "0417")
    assert page.doors_of(ALICE) == {"Front door", "Room 2"}
    assert {page.seals.unseal(code.sealed_digits) for code in page.live().values()} == {digits}
    assert stay.status == Status.CANCELLED
    assert page.told() == ["rooms_changed"]


def test_a_move_of_one_of_two_rooms_tells_once_and_keeps_the_other(page: Page) -> None:
    first, _second = page.stay(1), page.stay(2)
    page.check_in()

    page.act(move, first.id, page.room(3))

    assert page.guests() == {ALICE: {2, 3}}
    assert page.told() == ["rooms_changed"]


def test_times_agreed_with_the_guest_move_along(page: Page) -> None:
    stay = page.stay()
    page.check_in()
    page.act(set_times, stay.id, None, time(13))

    moved = page.act(move, stay.id, page.room(2))

    assert moved.late_check_out == time(13)
    assert page.live()["Room 2"].valid_until.hour == 13


def test_undo_of_a_move_leaves_nothing_in_the_new_room(page: Page) -> None:
    stay = page.stay()
    page.check_in()
    moved = page.act(move, stay.id, page.room(2))

    page.undo(moved)

    assert page.guests() == {ALICE: {1}}
    assert page.doors_of(ALICE) == {"Front door", "Room 1"}
    assert moved.status == Status.CANCELLED


def test_a_move_takes_the_closed_nights_there_and_leaves_those_here_open(page: Page) -> None:
    stay, there = page.closed(1), page.closed(2)
    page.act(name_booking, stay.id, A)

    moved = page.act(move, stay.id, page.room(2))

    assert moved.id == there.id
    assert (stay.status, stay.reference) == (Status.OPEN, None)
    assert page.guests() == {A: {2}}


def test_a_move_into_a_taken_room_is_refused(page: Page) -> None:
    stay = page.stay()
    page.stay(2, BOB, name="Bob Stone")

    with pytest.raises(CannotChange, match="Bob Stone"):
        page.act(move, stay.id, page.room(2))


def test_a_guest_in_house_moves_into_a_room_that_was_left_today(page: Page) -> None:
    stay = page.stay(arrival=TODAY - DAY, departure=TODAY + 2 * DAY)
    page.stay(2, BOB, arrival=TODAY - 3 * DAY, departure=TODAY)
    guest = page.check_in()
    page.now = NOW.replace(hour=12, minute=30, second=7)

    moved = page.act(move, stay.id, page.room(2))

    assert (moved.guest_id, moved.nights) == (guest.id, nights(TODAY, 2))
    assert page.doors_of(ALICE) == {"Front door", "Room 2"}
    opens = {code.valid_from for code in page.live().values()}
    assert opens == {NOW.replace(hour=12, minute=31)}


def test_a_guest_in_house_who_moves_in_the_evening_gets_in_as_well(page: Page) -> None:
    stay = page.stay(arrival=TODAY - DAY, departure=TODAY + 2 * DAY)
    page.stay(2, BOB, arrival=TODAY - 3 * DAY, departure=TODAY)
    page.check_in()

    moved = page.act(move, stay.id, page.room(2))

    assert moved.early_check_in is None
    assert page.live()["Room 2"].valid_from < NOW


def test_undo_of_a_move_in_the_middle_of_a_stay_brings_all_its_nights_back(page: Page) -> None:
    stay = page.stay(arrival=TODAY - DAY, departure=TODAY + 2 * DAY)
    page.stay(2, BOB, arrival=TODAY - 3 * DAY, departure=TODAY)
    page.check_in()
    moved = page.act(move, stay.id, page.room(2))

    page.undo(moved)

    assert page.doors_of(ALICE) == {"Front door", "Room 1"}
    assert stay.nights == nights(TODAY - DAY, 3)


@pytest.mark.parametrize(("arrival", "departure"), [(TODAY, TODAY + DAY), (TODAY - DAY, TODAY)])
def test_a_room_that_is_taken_tonight_or_a_stay_that_ends_today_is_not_moved(
    page: Page, arrival: date, departure: date
) -> None:
    stay = page.stay(arrival=TODAY - DAY, departure=max(departure, TODAY))
    page.stay(2, BOB, name="Bob Stone", arrival=arrival - DAY, departure=departure)
    page.check_in()

    with pytest.raises(CannotChange, match="Bob Stone"):
        page.act(move, stay.id, page.room(2))


def test_ok_on_the_page_gives_all_proposed_rooms(page: Page) -> None:
    first, _second = page.closed(1), page.closed(2)
    page.mail(booking_mail(A))
    question = open_question_of(page.session, first)
    assert question is not None

    page.act(answer, first.id, question.id, is_so=True)

    assert page.guests() == {A: {1, 2}}
    assert page.open() == []


def test_no_on_the_page_takes_the_proposal_back(page: Page) -> None:
    first, second = page.closed(1), page.closed(2)
    page.mail(booking_mail(A))
    question = open_question_of(page.session, first)
    assert question is not None

    page.act(answer, first.id, question.id, is_so=False)

    assert {first.reference, second.reference} == {None}
    assert page.guests() == {}


def test_an_answer_to_what_was_asked_before_is_refused(page: Page) -> None:
    first, _second = page.closed(1), page.closed(2)
    page.mail(booking_mail(A))
    question = open_question_of(page.session, first)
    assert question is not None
    page.mail(booking_mail(B, said_at=page.now + MINUTE))

    with pytest.raises(CannotChange, match="look again"):
        page.act(answer, first.id, question.id, is_so=True)


def test_a_seen_modification_is_not_shown_again(page: Page) -> None:
    stay = page.closed(1)
    page.mail(booking_mail(A))
    page.mail(booking_mail(A, TOMORROW + DAY, kind=NoticeKind.MODIFIED, said_at=page.now + MINUTE))
    assert is_flagged(stay)

    page.act(see_modified, stay.id)

    assert not is_flagged(stay)
    assert "modification-seen" in page.happened(stay)


def test_cancelling_is_taken_back_with_the_codes(page: Page) -> None:
    stay = page.stay()
    page.check_in()
    page.act(cancel, stay.id)
    assert (stay.status, page.live()) == (Status.CANCELLED, {})

    page.undo(stay)

    assert stay.status == Status.CONFIRMED
    assert set(page.live()) == {"Front door", "Room 1"}


def test_closing_nights_is_taken_back(page: Page) -> None:
    stay = page.closed(1)
    page.act(close_nights, stay.id)
    assert status(stay) == "block"

    page.undo(stay)

    assert status(stay) == "open"


def test_a_stay_is_no_block(page: Page) -> None:
    stay = page.stay()

    with pytest.raises(DomainError):
        page.act(close_nights, stay.id)
