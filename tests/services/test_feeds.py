"""Feeds through the database: sightings, reservations, and what a second fetch makes of them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.domain.calendar_text import fingerprint, parse
from app.models import (
    AccessCode,
    CodeState,
    Feed,
    FeedSnapshot,
    Property,
    Reservation,
    Room,
    Sighting,
    Status,
)
from app.ports.calendars import Validators
from app.seals import Seals
from app.services.check_in import Details, check_in
from app.services.feeds import Answer, accept_loss, take_answer, take_fault
from app.services.host_check_in import check_in_by_host
from tests.factories import make_feed, make_host, make_house, make_reservation

SAMPLES = Path(__file__).parent.parent / "samples" / "ical"
MONDAY = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
WHO = Details("Alice Moore", None, "+447700900417", 2, None, None, "en")


@pytest.fixture
def house(session: Session) -> Property:
    return make_house(session)


def feed_of(session: Session, house: Property, number: int, channel: str) -> Feed:
    room = session.scalars(select(Room).filter_by(property_id=house.id, number=number)).one()
    return make_feed(session, room, channel)


def take(session: Session, feed: Feed, raw: bytes, seals: Seals, now: datetime) -> str:
    same = feed.fingerprint == fingerprint(raw)
    parsed = None if same else parse(raw, ZoneInfo("Europe/London"))
    answer = Answer(fingerprint(raw), Validators(), None if same else raw, parsed)
    outcome = take_answer(session, feed.id, answer, seals=seals, now=now)
    session.flush()
    return outcome


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.ics").read_bytes()


def calendar(*events: str) -> bytes:
    """Make an Airbnb calendar: "20261201/20261205 HMAAAAAA11"."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Airbnb Inc//Hosting Calendar 1.0//EN"]
    for one in ("20270601/20280101", *events):
        dates, _, code = one.partition(" ")
        first, last = dates.split("/")
        lines += ["BEGIN:VEVENT", f"DTSTART;VALUE=DATE:{first}", f"DTEND;VALUE=DATE:{last}"]
        if code:
            lines += [
                "SUMMARY:Reserved",
                f"UID:1418fb94e984-{code}@airbnb.com",
                f"DESCRIPTION:Reservation URL: https://www.airbnb.com/hosting/reservations/details/{code}"
                "\\nPhone Number (Last 4 Digits): 0417",
            ]
        else:
            lines += ["SUMMARY:Airbnb (Not available)", f"UID:7f662ec65913-{first}@airbnb.com"]
        lines.append("END:VEVENT")
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def stays(session: Session, *statuses: Status) -> dict[str, tuple[str, Status]]:
    """Return reservations by reference, or by arrival where they have none."""
    wanted = select(Reservation).order_by(Reservation.arrival)
    if statuses:
        wanted = wanted.where(Reservation.status.in_(statuses))
    return {
        stay.reference or str(stay.arrival): (f"{stay.arrival}/{stay.departure}", stay.status)
        for stay in session.scalars(wanted)
    }


def test_airbnb_samples_are_stays_with_references_and_blocks_apart(
    session: Session, house: Property, seals: Seals
) -> None:
    feed = feed_of(session, house, 1, "airbnb")

    take(session, feed, sample("airbnb-room1-fetch1"), seals, MONDAY - timedelta(days=2))
    take(session, feed, sample("airbnb-room1-fetch2"), seals, TUESDAY)
    outcome = take(
        session, feed, sample("airbnb-room1-fetch2"), seals, TUESDAY + timedelta(minutes=11)
    )

    found = stays(session)
    assert found["HMTESTQ2AA"] == ("2026-11-20/2026-11-22", Status.CONFIRMED)
    assert found["HMTESTQ2BB"] == ("2026-12-01/2026-12-07", Status.CONFIRMED)
    assert found["HMTESTQ2CC"] == ("2026-12-07/2026-12-09", Status.CONFIRMED)
    assert found["HMTESTQ2EE"] == ("2027-02-10/2027-02-14", Status.CANCELLED)
    assert found["HMTESTQ2FF"] == ("2027-03-01/2027-03-04", Status.CONFIRMED)
    assert len(stays(session, Status.BLOCK)) == 3
    assert outcome == "1 gone."


def test_booking_samples_are_closed_nights_that_stay_the_same(
    session: Session, house: Property, seals: Seals
) -> None:
    feed = feed_of(session, house, 1, "booking.com")

    take(session, feed, sample("booking-room1-fetch1"), seals, MONDAY)
    take(session, feed, sample("booking-room1-fetch2-clipped-merged"), seals, TUESDAY)

    assert stays(session, Status.OPEN) == {
        "2026-11-21": ("2026-11-21/2026-11-26", Status.OPEN),
        "2026-12-19": ("2026-12-19/2026-12-21", Status.OPEN),
        "2026-12-21": ("2026-12-21/2026-12-23", Status.OPEN),
        "2027-01-15": ("2027-01-15/2027-01-19", Status.OPEN),
    }
    assert not stays(session, Status.CANCELLED)


def test_empty_calendar_changes_nothing_and_asks_the_host(
    session: Session, house: Property, seals: Seals
) -> None:
    feed = feed_of(session, house, 2, "booking.com")
    take(session, feed, sample("booking-room2-multiroom-same-stay"), seals, MONDAY)
    before = stays(session)

    for hours in (1, 2, 3):
        take(session, feed, sample("booking-empty-200"), seals, MONDAY + timedelta(hours=hours))

    assert stays(session) == before
    assert feed.hold


def test_hosts_word_that_they_are_gone_cancels_them(
    session: Session, house: Property, seals: Seals
) -> None:
    feed = feed_of(session, house, 2, "booking.com")
    take(session, feed, sample("booking-room2-multiroom-same-stay"), seals, MONDAY)
    take(session, feed, sample("booking-empty-200"), seals, MONDAY + timedelta(hours=1))

    accept_loss(session, house, feed, actor="host:1", now=MONDAY + timedelta(hours=2))
    take(session, feed, sample("booking-empty-200"), seals, MONDAY + timedelta(hours=2))

    assert len(stays(session, Status.CANCELLED)) == 2
    assert feed.hold is None


def test_fault_changes_nothing_but_is_told(session: Session, house: Property, seals: Seals) -> None:
    feed = feed_of(session, house, 1, "airbnb")
    take(session, feed, calendar("20261201/20261205 HMAAAAAA11"), seals, MONDAY)
    before = stays(session)

    take_fault(session, feed.id, "The server answered 500.", MONDAY)

    assert stays(session) == before
    assert feed.failing_since == MONDAY


def test_same_content_costs_no_snapshot_and_no_sighting(
    session: Session, house: Property, seals: Seals
) -> None:
    feed = feed_of(session, house, 1, "airbnb")
    raw = calendar("20261201/20261205 HMAAAAAA11")
    take(session, feed, raw, seals, MONDAY)

    assert take(session, feed, raw, seals, TUESDAY) == "Nothing new."
    assert len(session.scalars(select(FeedSnapshot)).all()) == 1


def test_vanished_booking_is_cancelled_after_two_readings_and_its_codes_are_given_up(
    session: Session, house: Property, seals: Seals
) -> None:
    feed = feed_of(session, house, 1, "airbnb")
    both = calendar("20261201/20261205 HMAAAAAA11", "20261210/20261212 HMBBBBBB22")
    take(session, feed, both, seals, MONDAY)
    guest = check_in(session, house.id, "HMAAAAAA11", WHO, seals=seals, now=MONDAY)
    one = calendar("20261210/20261212 HMBBBBBB22")

    take(session, feed, one, seals, MONDAY + timedelta(minutes=10))
    assert stays(session)["HMAAAAAA11"][1] == Status.CONFIRMED
    take(session, feed, one, seals, MONDAY + timedelta(minutes=15))
    assert stays(session)["HMAAAAAA11"][1] == Status.CONFIRMED
    take(session, feed, one, seals, MONDAY + timedelta(minutes=20))

    assert stays(session)["HMAAAAAA11"][1] == Status.CANCELLED
    states = session.scalars(select(AccessCode.state).filter_by(guest_id=guest.id)).all()
    assert set(states) == {CodeState.UNWANTED}


def test_booking_that_flickers_keeps_everything(
    session: Session, house: Property, seals: Seals
) -> None:
    feed = feed_of(session, house, 1, "airbnb")
    both = calendar("20261201/20261205 HMAAAAAA11", "20261210/20261212 HMBBBBBB22")
    take(session, feed, both, seals, MONDAY)

    one = calendar("20261210/20261212 HMBBBBBB22")
    take(session, feed, one, seals, MONDAY + timedelta(minutes=10))
    take(session, feed, both, seals, MONDAY + timedelta(minutes=20))
    take(session, feed, one, seals, MONDAY + timedelta(minutes=30))

    assert stays(session)["HMAAAAAA11"][1] == Status.CONFIRMED


def test_feed_never_ends_a_stay_that_has_begun(
    session: Session, house: Property, seals: Seals
) -> None:
    feed = feed_of(session, house, 1, "airbnb")
    take(session, feed, calendar("20261122/20261126 HMAAAAAA11"), seals, MONDAY)

    for hours in (1, 2, 3):
        take(
            session,
            feed,
            calendar("20261210/20261212 HMBBBBBB22"),
            seals,
            MONDAY + timedelta(hours=hours),
        )

    assert stays(session)["HMAAAAAA11"][1] == Status.CONFIRMED


def test_feed_never_cancels_what_the_host_said(
    session: Session, house: Property, seals: Seals
) -> None:
    feed = feed_of(session, house, 1, "booking.com")
    take(session, feed, sample("booking-room1-fetch1"), seals, MONDAY)
    closed = session.scalars(select(Reservation).filter_by(arrival=date(2026, 12, 19))).one()
    check_in_by_host(
        session,
        make_host(session, house),
        closed.id,
        seals=seals,
        now=MONDAY,
        reference="5100200304",
    )
    raw = sample("booking-room1-fetch1").replace(b"20261219", b"20261220")

    for hours in (1, 2):
        take(session, feed, raw, seals, MONDAY + timedelta(hours=hours))

    assert stays(session)["5100200304"][1] == Status.DISPUTED
    assert closed.holds


def test_two_channels_on_one_stay_are_one_reservation(
    session: Session, house: Property, seals: Seals
) -> None:
    booking, airbnb = (feed_of(session, house, 1, name) for name in ("booking.com", "airbnb"))
    raw = sample("booking-room1-fetch1")
    take(session, booking, raw, seals, MONDAY)

    take(session, airbnb, calendar("20261219/20261221 HMAAAAAA11"), seals, MONDAY)

    stay = session.scalars(select(Reservation).filter_by(arrival=date(2026, 12, 19))).one()
    assert (stay.status, stay.reference) == (Status.CONFIRMED, "HMAAAAAA11")
    said = session.scalars(select(Sighting).filter_by(reservation_id=stay.id)).all()
    assert {one.feed_id for one in said} == {booking.id, airbnb.id}


def test_double_booking_is_a_question_and_the_first_guest_keeps_the_room(
    session: Session, house: Property, seals: Seals
) -> None:
    feed = feed_of(session, house, 1, "airbnb")
    make_reservation(
        session, house, 1, seals=seals, reference="5100200301", arrival=date(2026, 12, 1),
        departure=date(2026, 12, 4), now=MONDAY,
    )  # fmt: skip

    take(session, feed, calendar("20261203/20261205 HMAAAAAA11"), seals, MONDAY)

    found = stays(session)
    assert found["5100200301"][1] == Status.CONFIRMED
    assert found["HMAAAAAA11"][1] == Status.DISPUTED
    second = session.scalars(select(Reservation).filter_by(reference="HMAAAAAA11")).one()
    assert not second.holds


def test_two_stays_may_change_places_in_one_fetch(
    session: Session, house: Property, seals: Seals
) -> None:
    feed = feed_of(session, house, 1, "airbnb")
    take(
        session,
        feed,
        calendar("20261201/20261203 HMAAAAAA11", "20261203/20261205 HMBBBBBB22"),
        seals,
        MONDAY,
    )

    take(
        session,
        feed,
        calendar("20261203/20261205 HMAAAAAA11", "20261201/20261203 HMBBBBBB22"),
        seals,
        TUESDAY,
    )

    assert stays(session, Status.CONFIRMED) == {
        "HMAAAAAA11": ("2026-12-03/2026-12-05", Status.CONFIRMED),
        "HMBBBBBB22": ("2026-12-01/2026-12-03", Status.CONFIRMED),
    }


def test_cancelled_nights_sold_again_are_another_reservation(
    session: Session, house: Property, seals: Seals
) -> None:
    feed = feed_of(session, house, 1, "booking.com")
    raw = sample("booking-room1-fetch1")
    take(session, feed, raw, seals, MONDAY)
    first = session.scalars(select(Reservation).filter_by(arrival=date(2026, 12, 19))).one()
    first.reference = "5100200304"
    without = raw.replace(b"DTSTART;VALUE=DATE:20261219", b"DTSTART;VALUE=DATE:20261220").replace(
        b"DTEND;VALUE=DATE:20261221\r\nUID:8421", b"DTEND;VALUE=DATE:20261221\r\nUID:8422"
    )
    for hours in (1, 2):
        take(session, feed, without, seals, MONDAY + timedelta(hours=hours))
    assert first.status == Status.CANCELLED

    take(session, feed, raw, seals, MONDAY + timedelta(hours=3))

    again = session.scalars(
        select(Reservation).filter_by(arrival=date(2026, 12, 19), status=Status.OPEN)
    ).all()
    assert first.status == Status.CANCELLED
    assert all(one.reference is None for one in again)


def test_number_of_statements_does_not_grow_with_the_feed(
    session: Session, house: Property, seals: Seals
) -> None:
    def statements(count: int, number: int) -> int:
        feed = feed_of(session, house, number, "airbnb")
        day = date(2026, 12, 1)
        events = [
            f"{day + timedelta(days=2 * n):%Y%m%d}/{day + timedelta(days=2 * n + 1):%Y%m%d} "
            f"HM{number}{n:07d}"
            for n in range(count)
        ]
        seen: list[str] = []
        engine = session.get_bind()

        def count_it(_c: object, _cur: object, sql: str, *_rest: object) -> None:
            seen.append(sql)

        event.listen(engine, "before_cursor_execute", count_it)
        take(session, feed, calendar(*events), seals, MONDAY)
        event.remove(engine, "before_cursor_execute", count_it)
        return len(seen)

    assert statements(60, 2) <= statements(6, 1) + 2
