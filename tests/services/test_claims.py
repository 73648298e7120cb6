"""A guest's claim asks a host and gives nothing; reminders of those who wait."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.enrichment import Ask
from app.models import (
    AccessCode,
    CodeState,
    HistoryEntry,
    Message,
    Notice,
    Origin,
    Question,
    Status,
)
from app.seals import Seals
from app.services.answers import answer
from app.services.check_in import Details, check_in, parties, prove, rejoin
from app.services.claims import MOST_A_DAY, Claim, has_come_true, take_claim
from app.services.guests import stays_of_reference
from app.services.naming import name_booking
from tests.factories import NOW, TODAY, TOMORROW, booking_mail, make_closed, make_host, make_house
from tests.support.desk import MINUTE, A, B, Desk

BOB = Claim("5100200555", "Bob Stone", TOMORROW, "0417")
WHO = Details("Bob Stone", None, "+447700900417", 2, None, None, "en")


class Door(Desk):
    """The desk, and a guest who tells of their booking."""

    def claim(self, claim: Claim = BOB) -> list[Notice]:
        self.now += MINUTE
        return take_claim(self.session, claim, seals=self.seals, now=self.now)

    def check_in(self, reference: str = A) -> int:
        self.now += MINUTE
        guest = check_in(
            self.session, self.house.id, reference, WHO, seals=self.seals, now=self.now
        )
        return guest.id

    def reminders(self) -> list[list[int]]:
        texts = self.session.scalars(select(Message).where(Message.host_id.is_not(None)))
        return [one.facts["questions"] for one in texts if one.facts["reminder"]]


@pytest.fixture
def door(session: Session, seals: Seals) -> Door:
    return Door(session, seals)


def notices(door: Door) -> list[Notice]:
    return list(door.session.scalars(select(Notice)))


def test_a_claim_asks_the_host_and_gives_no_code(door: Door) -> None:
    stay = door.closed(1)
    door.claim()

    [notice] = notices(door)
    assert (notice.origin, notice.channel, notice.name) == (Origin.GUEST, None, "Bob Stone")
    [question] = door.open()
    assert (question.ask, question.reference) == (Ask.CLAIM, BOB.reference)
    assert door.texts() == [[question.id]]
    assert (stay.reference, door.codes()) == (None, [])


def test_a_claim_that_the_host_confirms_can_be_proven_by_the_name_it_gave(door: Door) -> None:
    stay = door.closed(1)
    door.claim()
    [question] = door.open()
    answer(
        door.session, door.host, stay.id, question.id, is_so=True, seals=door.seals, now=door.now
    )

    found = parties(door.session, BOB.reference, door.now)
    assert prove(found, "stone", None) is not None
    assert prove(found, "0417", None) is not None
    assert prove(found, None, TOMORROW) is None


def test_a_claim_of_several_open_rooms_is_confirmed_for_the_room_it_is_answered_for(
    door: Door,
) -> None:
    first, second = door.closed(1), door.closed(2)
    door.claim()
    [question] = door.open()

    answer(
        door.session, door.host, second.id, question.id, is_so=True, seals=door.seals, now=door.now
    )

    assert (first.reference, second.reference) == (None, BOB.reference)


def test_a_refused_claim_is_not_asked_again(door: Door) -> None:
    stay = door.closed(1)
    door.claim()
    [question] = door.open()
    answer(
        door.session, door.host, stay.id, question.id, is_so=False, seals=door.seals, now=door.now
    )

    door.claim()

    assert [one.ask for one in door.open() if one.ask == Ask.CLAIM] == []
    assert len(notices(door)) == 1


def test_nothing_is_stored_where_no_room_is_open_that_day(door: Door) -> None:
    door.closed(1)

    assert door.claim(Claim("5100200555", "Bob Stone", TOMORROW + timedelta(days=1))) == []
    assert notices(door) == []


@pytest.mark.parametrize("how", ["mail", "reservation"])
def test_nothing_is_stored_of_a_reference_that_is_known(door: Door, how: str) -> None:
    stay = door.closed(1)
    if how == "mail":
        door.mail(booking_mail(BOB.reference, TOMORROW + timedelta(days=3)))
    else:
        name_booking(
            door.session, door.host, stay.id, BOB.reference, seals=door.seals, now=door.now
        )
        door.closed(2)
    before = len(notices(door))

    assert door.claim() == []
    assert len(notices(door)) == before


def test_a_claim_never_overwrites_one_of_another_name(door: Door) -> None:
    door.closed(1)
    door.claim()

    door.claim(Claim(BOB.reference, "Eve Sharp", TOMORROW))

    [notice] = notices(door)
    assert notice.name == "Bob Stone"


def test_the_same_guest_may_put_the_day_right(door: Door) -> None:
    door.closed(1)
    door.closed(2, arrival=TOMORROW + timedelta(days=1))
    door.claim(Claim(BOB.reference, "Bob Stone", TOMORROW + timedelta(days=1)))

    door.claim(Claim(BOB.reference, "bob  stone", TOMORROW))

    [notice] = notices(door)
    assert notice.arrival == TOMORROW


def test_a_property_is_asked_of_so_many_claims_a_day_and_no_more(door: Door) -> None:
    door.closed(1)
    for number in range(MOST_A_DAY + 3):
        door.claim(Claim(f"51002{number:05}", "Bob Stone", TOMORROW))

    assert len(notices(door)) == MOST_A_DAY

    door.now += timedelta(days=1)
    assert door.claim() != []


def test_only_the_property_with_an_open_room_is_asked(
    session: Session, seals: Seals, door: Door
) -> None:
    other = make_house(session, "Other House", rooms=1)
    make_host(session, other)
    make_closed(session, other, 1, seals=seals, now=NOW)

    [notice] = door.claim()

    assert notice.property_id == other.id


def test_a_claim_is_kept_in_the_history_without_the_name(door: Door) -> None:
    door.closed(1)
    door.claim()

    [entry] = door.session.scalars(select(HistoryEntry).filter_by(what="booking-claimed"))
    assert entry.actor == "guest"
    assert "Bob" not in repr((entry.before, entry.after, entry.why))


def test_a_mail_that_comes_after_a_claim_makes_it_true(door: Door) -> None:
    stay = door.closed(1)
    door.claim()
    since = door.now
    assert not has_come_true(door.session, BOB.reference, since)

    door.now += MINUTE
    door.mail(booking_mail(BOB.reference, said_at=door.now))

    assert stay.reference == BOB.reference
    assert has_come_true(door.session, BOB.reference, since)


def test_what_was_known_before_a_claim_is_not_told_by_it(door: Door) -> None:
    door.closed(1)
    door.mail(booking_mail(A))
    door.now += MINUTE

    assert stays_of_reference(door.session, door.house.id, A)
    assert not has_come_true(door.session, A, door.now)


def test_a_guest_may_check_in_to_unconfirmed_rooms_and_gets_no_code(door: Door) -> None:
    first, second = door.closed(1), door.closed(2)
    door.mail(booking_mail(A))

    guest_id = door.check_in()

    assert {first.guest_id, second.guest_id} == {guest_id}
    assert {first.status, second.status} == {Status.OPEN}
    assert door.codes() == []


def test_the_host_is_reminded_at_once_and_only_once(door: Door) -> None:
    door.closed(1), door.closed(2)
    door.mail(booking_mail(A))
    [question] = door.open()

    door.check_in()
    door.check_in()
    [party] = parties(door.session, A, door.now)
    rejoin(door.session, party, seals=door.seals, now=door.now)

    assert door.reminders() == [[question.id]]
    assert question.reminded_at is not None


def test_nobody_is_reminded_where_all_is_certain(door: Door) -> None:
    door.closed(1)
    door.mail(booking_mail(A))

    door.check_in()

    assert door.reminders() == []


def test_ok_after_check_in_makes_the_codes_and_tells_the_guest(door: Door) -> None:
    first, _second = door.closed(1), door.closed(2)
    door.mail(booking_mail(A))
    guest_id = door.check_in()
    [question] = door.open()

    answer(
        door.session, door.host, first.id, question.id, is_so=True, seals=door.seals, now=door.now
    )

    wanted = select(AccessCode).filter_by(guest_id=guest_id, state=CodeState.WANTED)
    assert len(door.session.scalars(wanted).all()) == 3
    told = door.session.scalars(select(Message.template).filter_by(guest_id=guest_id))
    assert list(told) == ["stay_link", "rooms_confirmed"]


def test_a_late_second_mail_takes_the_rooms_back_from_the_guest(door: Door) -> None:
    first, second = door.closed(1), door.closed(2)
    door.mail(booking_mail(A))
    door.check_in()

    door.mail(booking_mail(B, said_at=door.now))

    assert {first.guest_id, second.guest_id} == {None}
    assert door.codes() == []
    [question] = door.session.scalars(select(Question).where(Question.closed_at.is_(None)))
    assert question.ask == Ask.COLLISION


@pytest.mark.parametrize("days", [0, 1])
def test_the_link_tells_the_dates_of_the_stay(door: Door, days: int) -> None:
    arrival = TODAY + timedelta(days=days)
    stay = door.closed(1, arrival=arrival)
    door.mail(booking_mail(A, arrival))
    door.check_in()

    [message] = door.session.scalars(select(Message).where(Message.guest_id.is_not(None)))
    assert told(message) == (stay.arrival, stay.departure)


def told(message: Message) -> tuple[date, date]:
    facts = message.facts
    return date.fromisoformat(facts["arrival"]), date.fromisoformat(facts["departure"])
