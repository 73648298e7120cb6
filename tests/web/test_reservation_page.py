"""The page of one reservation: who says what, putting it right in place, and taking that back."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.notices import NoticeKind
from app.domain.readings import Kind
from app.models import (
    AccessCode,
    ChangeSet,
    CodeState,
    Match,
    Message,
    Origin,
    Question,
    Reservation,
    Role,
    Room,
    Sighting,
    Status,
)
from app.seals import Seals
from app.services.check_in import Details, check_in
from app.services.enrichment import tend_matches
from app.services.notices import take_notices
from app.services.testimony import restand
from tests.factories import ALICE, BOB, booking_mail, make_closed, make_feed, make_reservation
from tests.web.conftest import SignIn
from tests.web.houses import Lived, now
from tests.web.visitor import Elements, Visitor, everything, value_of

A = "5100200777"
DAY = timedelta(days=1)
WHO = Details("Corin Baptiste", None, "+447700900418", 2, None, None, "en")
BOTH_WAYS = pytest.mark.parametrize("htmx", [False, True])


class House:
    """The house lived in, with more coming to light."""

    def __init__(self, session: Session, seals: Seals, lived: Lived) -> None:
        self.session, self.seals, self.lived = session, seals, lived
        self.later: date = lived.bob.arrival + 10 * DAY

    def closed(self, number: int, nights: int = 2) -> Reservation:
        stay = make_closed(
            self.session, self.lived.house, number, arrival=self.later, nights=nights,
            seals=self.seals, now=now(),
        )  # fmt: skip
        self.session.commit()
        return stay

    def mail(self, reference: str = A, arrival: date | None = None, **said: object) -> None:
        at = now()
        mail = booking_mail(reference, arrival or self.later, said_at=at, **said)  # type: ignore[arg-type]
        house = self.lived.house
        take_notices(self.session, house, [mail], Origin.MAIL, seals=self.seals, now=at)
        tend_matches(self.session, house, seals=self.seals, now=at)
        self.session.commit()

    def calendar_says(self, stay: Reservation, departure: date, *, withdrawn: bool = False) -> None:
        at = now()
        feed = make_feed(self.session, self.session.get_one(Room, stay.room_id))
        self.session.add(
            Sighting(
                reservation_id=stay.id, origin=Origin.FEED, source=f"feed:{feed.id}", own_id="s",
                feed_id=feed.id, kind=Kind.STAY, arrival=stay.arrival, departure=departure,
                first_seen_at=at, last_seen_at=at, withdrawn_at=at if withdrawn else None,
            )
        )  # fmt: skip
        restand(
            self.session, self.lived.house, [stay.room_id], [stay], seals=self.seals, now=at,
            actor=f"feed:{feed.id}",
        )  # fmt: skip
        self.session.commit()

    def room(self, number: int) -> int:
        return self.session.scalars(select(Room.id).filter_by(number=number)).one()


@pytest.fixture
def house(session: Session, seals: Seals, lived: Lived) -> House:
    return House(session, seals, lived)


def path_of(stay: Reservation, noun: str = "") -> str:
    return f"/admin/reservations/{stay.id}{noun and '/'}{noun}"


def dates(arrival: date, departure: date) -> dict[str, str]:
    return {"arrival": arrival.isoformat(), "departure": departure.isoformat()}


def text_of(page: str) -> str:
    """Return the words of the page, without markup, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def section(page: str, name: str) -> str:
    found = re.search(rf'<(\w+) id="{name}".*?</\1>', page, re.DOTALL)
    assert found, name
    return text_of(found[0])


def test_every_fact_says_who_said_it_and_when(house: House, staff: Visitor) -> None:
    stay = house.closed(3)
    house.mail(name="Corin Baptiste")

    page = staff.get(path_of(stay)).text

    assert re.search(
        r"Booking\.com calendar, room 3: .* closed \(today", section(page, "fact-dates")
    )
    assert f"Booking.com mail: {A} (today" in section(page, "fact-reference")
    assert "Booking.com mail: Corin Baptiste" in section(page, "fact-name")


def test_a_mail_that_tells_the_arrival_alone_is_not_said_to_tell_more(
    house: House, staff: Visitor
) -> None:
    stay = house.closed(3)
    house.mail()

    assert "Booking.com mail: arrives " in section(staff.get(path_of(stay)).text, "fact-dates")


def test_what_the_host_corrected_names_them_and_what_it_replaced(
    house: House, staff: Visitor
) -> None:
    stay = house.lived.bob
    staff.post(path_of(stay, "dates"), dates(stay.arrival, stay.departure + DAY))

    words = section(staff.get(path_of(stay)).text, "fact-dates")

    assert re.search(r"Sam: .* \(today", words)
    assert re.search(r"was .* until today", words)
    assert "differs:" in words


def test_a_word_taken_back_is_marked_in_words(house: House, staff: Visitor) -> None:
    stay = house.lived.bob
    house.calendar_says(stay, stay.departure, withdrawn=True)

    assert "taken back today" in section(staff.get(path_of(stay)).text, "fact-dates")


@BOTH_WAYS
def test_corrected_dates_move_the_codes_and_tell_the_guest_once(
    session: Session, house: House, staff: Visitor, htmx: bool
) -> None:
    stay, code = house.lived.alice, house.lived.code
    ended = code.valid_until

    answer = staff.post(
        path_of(stay, "dates"), dates(stay.arrival, stay.departure + DAY), htmx=htmx
    )

    assert (answer.status_code, answer.headers["Location"]) == (303, path_of(stay))
    session.refresh(code)
    assert code.valid_until - ended == DAY
    told = session.scalars(select(Message.template).where(Message.template != "stay_link"))
    assert list(told) == ["dates_changed"]


@BOTH_WAYS
@pytest.mark.parametrize("nights", [0, -1])
def test_a_departure_that_is_not_after_the_arrival_is_422_under_its_field(
    session: Session, house: House, staff: Visitor, nights: int, htmx: bool
) -> None:
    stay = house.lived.bob
    before = everything(session)
    form = dates(stay.arrival, stay.arrival + nights * DAY)

    answer = staff.post(path_of(stay, "dates"), form, htmx=htmx)

    assert answer.status_code == 422
    assert 'id="dates-departure-problem"' in answer.text
    assert {name: value_of(answer.text, name) for name in form} == form
    assert everything(session) == before


@pytest.mark.parametrize("typed", ["", "soon", "2026-13-40"])
def test_dates_that_are_none_are_422_and_stay_in_the_form(
    house: House, staff: Visitor, typed: str
) -> None:
    stay = house.lived.bob

    answer = staff.post(
        path_of(stay, "dates"), {"arrival": typed, "departure": stay.departure.isoformat()}
    )

    assert answer.status_code == 422
    assert (value_of(answer.text, "arrival") or "") == typed


def test_dates_in_which_the_room_is_taken_are_422_and_say_by_whom(
    session: Session, seals: Seals, house: House, staff: Visitor
) -> None:
    stay = house.lived.bob
    make_reservation(
        session, house.lived.house, 2, seals=seals, reference="HMNEXT0001", name="Dora Next",
        arrival=stay.departure, now=now(),
    )  # fmt: skip
    session.commit()
    before = everything(session)

    answer = staff.post(path_of(stay, "dates"), dates(stay.arrival, stay.departure + DAY))

    assert answer.status_code == 422
    assert "taken by Dora Next" in answer.text
    assert 'href="#dates-arrival"' in answer.text
    assert everything(session) == before


def test_the_form_that_came_back_is_open(house: House, staff: Visitor) -> None:
    stay = house.lived.bob

    page = staff.post(path_of(stay, "name"), {"full_name": ""}).text

    opened = [attrs for tag, attrs in Elements(page).all if tag == "details" and "open" in attrs]
    assert len(opened) == 1


@BOTH_WAYS
def test_undo_on_the_page_takes_the_last_change_back(
    session: Session, house: House, staff: Visitor, htmx: bool
) -> None:
    stay = house.lived.alice
    departure = stay.departure
    staff.post(path_of(stay, "dates"), dates(stay.arrival, stay.departure + DAY))
    page = staff.get(path_of(stay)).text
    assert "Dates corrected" in page

    answer = staff.post(path_of(stay, "undo"), {"change": value_of(page, "change")}, htmx=htmx)

    assert answer.status_code == 303
    session.refresh(stay)
    assert stay.departure == departure
    after = staff.get(path_of(stay)).text
    assert path_of(stay, "undo") not in after
    assert "Last change taken back" in after


@pytest.mark.parametrize("change", ["0", "999", "x", ""])
def test_undo_of_what_never_was_is_422(house: House, staff: Visitor, change: str) -> None:
    assert staff.post(path_of(house.lived.bob, "undo"), {"change": change}).status_code == 422


def test_what_another_host_did_is_theirs_to_take_back(
    session: Session, house: House, staff: Visitor, sign_in: SignIn
) -> None:
    stay = house.lived.bob
    staff.post(path_of(stay, "dates"), dates(stay.arrival, stay.departure + DAY))
    change_id = session.scalar(select(func.max(ChangeSet.id)))
    other = sign_in(Role.OWNER)

    assert path_of(stay, "undo") not in other.get(path_of(stay)).text
    assert other.post(path_of(stay, "undo"), {"change": change_id}).status_code == 422


@BOTH_WAYS
def test_a_name_is_corrected_for_the_booking(
    session: Session, house: House, staff: Visitor, htmx: bool
) -> None:
    stay = house.lived.alice

    answer = staff.post(path_of(stay, "name"), {"full_name": " Alice  Moore-Lee "}, htmx=htmx)

    assert answer.status_code == 303
    session.refresh(stay)
    session.refresh(house.lived.guest)
    assert (stay.name, house.lived.guest.full_name) == ("Alice Moore-Lee", "Alice Moore-Lee")


def test_a_name_is_text_on_the_page(house: House, staff: Visitor) -> None:
    stay = house.lived.bob
    marker = '"><img src=x onerror=alert(1)>'
    staff.post(path_of(stay, "name"), {"full_name": marker})

    page = staff.get(path_of(stay)).text

    assert "<img" not in page
    assert "&lt;img" in page


@BOTH_WAYS
def test_another_reference_is_given_in_place(
    session: Session, house: House, staff: Visitor, htmx: bool
) -> None:
    stay = house.lived.bob

    answer = staff.post(path_of(stay, "reference"), {"reference": "5100 200 888"}, htmx=htmx)

    assert (answer.status_code, answer.headers["Location"]) == (303, path_of(stay))
    session.refresh(stay)
    assert stay.reference == "5100200888"


@pytest.mark.parametrize("typed", ["", "??", "no, he said"])
def test_a_bad_reference_is_422_under_its_field(house: House, staff: Visitor, typed: str) -> None:
    stay = house.lived.bob

    answer = staff.post(path_of(stay, "reference"), {"reference": typed, "full_name": "Bob"})

    assert answer.status_code == 422
    assert 'id="who-reference-problem"' in answer.text
    assert (value_of(answer.text, "reference") or "") == typed


def test_the_reference_of_a_guest_who_is_in_is_asked_about(
    session: Session, house: House, staff: Visitor
) -> None:
    stay = house.closed(3)

    answer = staff.post(path_of(stay, "reference"), {"reference": ALICE})
    assert answer.status_code == 422
    assert "Alice Moore, who has checked in already" in text_of(answer.text)
    assert "Yes, this room is theirs, too" in answer.text

    staff.post(path_of(stay, "reference"), {"reference": ALICE, "sure": "yes"})
    session.refresh(stay)
    assert stay.guest_id == house.lived.guest.id


def test_part_of_closed_nights_becomes_a_stay_of_its_own(
    session: Session, house: House, staff: Visitor
) -> None:
    stay = house.closed(3, nights=5)
    form = {"reference": A, **dates(house.later, house.later + 2 * DAY)}

    answer = staff.post(path_of(stay, "reference"), form)

    part = session.scalars(select(Reservation).filter_by(reference=A)).one()
    assert answer.headers["Location"] == path_of(part)
    assert len(part.nights) == 2
    session.refresh(stay)
    assert (len(stay.nights), stay.status) == (3, Status.OPEN)


@BOTH_WAYS
def test_a_move_goes_to_the_reservation_in_the_other_room(
    session: Session, house: House, staff: Visitor, htmx: bool
) -> None:
    stay = house.lived.alice

    answer = staff.post(path_of(stay, "room"), {"room": house.room(3)}, htmx=htmx)

    moved = session.scalars(select(Reservation).filter_by(room_id=house.room(3))).one()
    assert (answer.status_code, answer.headers["Location"]) == (303, path_of(moved))
    page = staff.get(path_of(moved)).text
    assert f"{ALICE} moved from room 1 to room 3." in page
    assert "Moved in from another room" in page
    live = select(AccessCode).where(
        AccessCode.state == CodeState.WANTED, AccessCode.guest_id.is_not(None)
    )
    assert len(session.scalars(live).all()) == 2


@pytest.mark.parametrize("room", ["", "x", "99", "own", "taken"])
def test_a_move_that_cannot_be_is_422_and_changes_nothing(
    session: Session, house: House, staff: Visitor, room: str
) -> None:
    stay = house.lived.alice
    chosen = {"own": str(house.room(1)), "taken": str(house.room(2))}.get(room, room)
    before = everything(session)

    answer = staff.post(path_of(stay, "room"), {"room": chosen})

    assert answer.status_code == 422
    assert 'id="move-room-problem"' in answer.text
    assert everything(session) == before


def test_two_sources_that_differ_are_a_button_each(
    session: Session, house: House, staff: Visitor
) -> None:
    stay = house.lived.bob
    house.calendar_says(stay, stay.departure + DAY)
    page = staff.get(path_of(stay)).text
    words = section(page, "to-settle")
    assert words.count("is right") == 2
    assert "Airbnb calendar, room 2" in words

    staff.post(path_of(stay, "dates"), dates(stay.arrival, stay.departure + DAY))

    session.refresh(stay)
    assert (stay.status, stay.question) == (Status.CONFIRMED, None)
    assert "is right" not in staff.get(path_of(stay)).text


def test_a_stay_that_its_calendar_took_back_can_be_kept(
    session: Session, house: House, staff: Visitor
) -> None:
    stay = house.lived.bob
    house.calendar_says(stay, stay.departure, withdrawn=True)
    assert "No, they stay" in staff.get(path_of(stay)).text

    staff.post(path_of(stay, "dates"), dates(stay.arrival, stay.departure))

    session.refresh(stay)
    assert stay.status == Status.CONFIRMED


def test_a_proposed_booking_waits_for_ok_on_page_and_board(house: House, staff: Visitor) -> None:
    house.later = house.lived.bob.arrival
    stay, _other = house.closed(3), _room_4(house)
    house.mail()

    page = staff.get(path_of(stay)).text
    assert f"{A} is proposed; it waits for your OK." in section(page, "to-settle")
    assert path_of(stay, "check-in") not in page
    row = staff.get(path_of(stay, "row"), htmx=True).text
    assert "Waits for your OK" in row
    assert path_of(stay, "check-in") not in row


def _room_4(house: House) -> Reservation:
    session = house.session
    room = Room(property_id=house.lived.house.id, number=4, name="Room 4")
    session.add(room)
    session.flush()
    return house.closed(4)


@BOTH_WAYS
@pytest.mark.parametrize("said", ["ok", "no"])
def test_ok_and_no_answer_the_question_in_place(
    session: Session, house: House, staff: Visitor, said: str, htmx: bool
) -> None:
    stay, other = house.closed(3), _room_4(house)
    house.mail()
    page = staff.get(path_of(stay)).text

    answer = staff.post(
        path_of(stay, "answer"),
        {"question": value_of(page, "question"), "answer": said},
        htmx=htmx,
    )

    assert answer.status_code == 303
    session.refresh(stay)
    session.refresh(other)
    given = A if said == "ok" else None
    assert (stay.reference, other.reference) == (given, given)
    assert not stay.is_unconfirmed


@pytest.mark.parametrize(
    "form", [{}, {"answer": "ok"}, {"answer": "perhaps", "question": "1"}, {"question": "1"}]
)
def test_an_answer_to_nothing_is_422(house: House, staff: Visitor, form: dict[str, str]) -> None:
    assert staff.post(path_of(house.lived.bob, "answer"), form).status_code == 422


def test_a_proposed_room_cannot_be_checked_in_to(
    session: Session, house: House, staff: Visitor
) -> None:
    stay, _other = house.closed(3), _room_4(house)
    house.mail()
    before = everything(session)

    assert staff.post(path_of(stay, "check-in"), htmx=True).status_code == 422
    assert everything(session) == before


def test_a_guest_who_waits_is_told_of(
    session: Session, seals: Seals, house: House, staff: Visitor
) -> None:
    stay, _other = house.closed(3), _room_4(house)
    house.mail()
    check_in(session, house.lived.house.id, A, WHO, seals=seals, now=now())
    session.commit()

    assert "The guest has checked in and waits." in staff.get(path_of(stay)).text


@BOTH_WAYS
def test_a_modified_booking_says_so_until_it_is_seen(
    session: Session, house: House, staff: Visitor, htmx: bool
) -> None:
    stay = house.closed(3)
    house.mail()
    house.mail(A, house.later + 3 * DAY, kind=NoticeKind.MODIFIED)
    page = staff.get(path_of(stay)).text
    assert "Booking.com says this booking was changed: it now arrives" in page
    assert value_of(page, "arrival") == (house.later + 3 * DAY).isoformat()

    answer = staff.post(path_of(stay, "seen"), htmx=htmx)

    assert answer.status_code == 303
    assert "says this booking was changed" not in staff.get(path_of(stay)).text


def test_a_viewer_sees_the_facts_and_no_way_to_change_them(house: House, sign_in: SignIn) -> None:
    stay = house.lived.bob
    house.calendar_says(stay, stay.departure + DAY)

    page = sign_in(Role.VIEWER).get(path_of(stay)).text

    assert "What we know, and from whom" in page
    assert 'method="post"' not in page.split('<main id="main"')[1]


def test_the_question_sent_to_hosts_is_in_the_history(
    session: Session, house: House, staff: Visitor
) -> None:
    stay, _other = house.closed(3), _room_4(house)
    house.mail()
    page = text_of(staff.get(path_of(stay)).text)

    assert "Reference proposed; it waits for your OK a booking mail" in page
    match = session.scalars(select(Match).filter_by(reservation_id=stay.id)).one()
    assert session.get_one(Question, match.question_id).reference == A


@pytest.mark.parametrize("noun", ["dates", "reference", "name", "room", "answer", "seen", "undo"])
def test_nothing_is_done_to_a_reservation_that_never_was(
    house: House, staff: Visitor, noun: str
) -> None:
    form = {
        **dates(house.later, house.later + DAY), "reference": BOB, "full_name": "Bob", "room": "1",
        "answer": "ok", "question": "1", "change": "1",
    }  # fmt: skip

    assert staff.post(f"/admin/reservations/999/{noun}", form).status_code == 404
