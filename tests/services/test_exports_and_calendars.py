"""Exports and calendars together: the one says whose, the other when; neither undoes the other."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.imports.outcomes import Clash, Conflict
from app.models import Origin, Reservation, Sighting, Status
from app.seals import Seals
from tests.services.test_feeds import calendar, feed_of, sample, take
from tests.support.export_desk import CHECK_IN, CORIN, DOUBLE, MAJA, ExportDesk, booking

CONFIRMED, OPEN = "confirmed", "open"
MINUTES = timedelta(minutes=1)


@pytest.fixture
def desk(session: Session, seals: Seals) -> ExportDesk:
    return ExportDesk(session, seals)


class Calendar:
    """One room's calendar, read again and again."""

    def __init__(self, desk: ExportDesk, number: int = 1, channel: str = "booking.com") -> None:
        self.desk, self.channel = desk, channel
        self.feed = feed_of(desk.session, desk.house, number, channel)

    def shows(self, *ranges: str) -> str:
        """Read it twice, so far apart that what is gone is believed gone."""
        raw = calendar(*ranges) if self.channel == "airbnb" else booking_calendar(*ranges)
        said = take(self.desk.session, self.feed, raw, self.desk.seals, self.desk.now)
        self.desk.now += 15 * MINUTES
        take(self.desk.session, self.feed, raw, self.desk.seals, self.desk.now)
        self.desk.tend(MINUTES)
        return said


def booking_calendar(*ranges: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//admin.booking.com//EN"]
    # Something else is closed for good, so that no calendar is ever empty.
    for one in (*ranges, "20270301/20270303"):
        first, last = one.split("/")
        lines += [
            "BEGIN:VEVENT", f"DTSTART;VALUE=DATE:{first}", f"DTEND;VALUE=DATE:{last}",
            f"UID:{first}@booking.com", "SUMMARY:CLOSED - Not available", "END:VEVENT",
        ]  # fmt: skip
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def december(desk: ExportDesk) -> set[tuple[int, str, str, str | None]]:
    return {one for one in desk.stays() if "Dec" in one[1]}


def test_calendar_that_comes_after_the_list_tells_of_the_same_stays(desk: ExportDesk) -> None:
    desk.apply(desk.sample(f"{CHECK_IN}.csv"))
    before = december(desk)
    feed = feed_of(desk.session, desk.house, 1, "booking.com")

    take(desk.session, feed, sample("booking-room1-fetch1"), desk.seals, desk.now)
    desk.tend(MINUTES)

    assert december(desk) == before
    shown = desk.session.scalars(
        select(Reservation)
        .join(Sighting, Sighting.reservation_id == Reservation.id)
        .where(Sighting.origin == Origin.FEED, Reservation.reference == CORIN)
    ).all()
    assert len(shown) == 1


def test_list_that_comes_after_a_calendar_with_joined_nights_parts_them_for_good(
    desk: ExportDesk,
) -> None:
    page = Calendar(desk)
    page.shows("20261219/20261223")

    desk.take(booking(CORIN, "19", "21", DOUBLE), booking(MAJA, "21", "23", DOUBLE))
    page.shows("20261219/20261223", "20270105/20270106")
    page.shows("20261219/20261221", "20261221/20261223", "20270105/20270106")

    assert december(desk) == {
        (1, "19 Dec-21 Dec", CONFIRMED, CORIN),
        (1, "21 Dec-23 Dec", CONFIRMED, MAJA),
    }


@pytest.mark.parametrize("dates", [("20", "22"), ("26", "28"), ("19", "24")])
def test_booking_that_the_list_moved_is_followed_by_its_calendar(
    desk: ExportDesk, dates: tuple[str, str]
) -> None:
    page = Calendar(desk)
    page.shows("20261219/20261221")
    desk.take(booking(CORIN, "19", "21", DOUBLE))

    desk.take(booking(CORIN, *dates, DOUBLE))
    first, last = dates
    moved = {(1, f"{first} Dec-{last} Dec", CONFIRMED, CORIN)}
    assert {one for one in december(desk) if one[3]} == moved

    page.shows(f"202612{first}/202612{last}")
    assert december(desk) == moved


@pytest.mark.parametrize("dates", [("20", "22"), ("26", "28"), ("19", "24")])
def test_booking_that_its_calendar_moved_is_followed_by_the_list(
    desk: ExportDesk, dates: tuple[str, str]
) -> None:
    page = Calendar(desk)
    page.shows("20261219/20261221")
    desk.take(booking(CORIN, "19", "21", DOUBLE))
    first, last = dates
    page.shows(f"202612{first}/202612{last}")

    desk.take(booking(CORIN, *dates, DOUBLE))
    desk.tend(MINUTES)

    assert december(desk) == {(1, f"{first} Dec-{last} Dec", CONFIRMED, CORIN)}


def test_booking_that_the_list_cancelled_is_gone_once_its_nights_are_free(
    desk: ExportDesk,
) -> None:
    page = Calendar(desk)
    page.shows("20261219/20261221")
    desk.take(booking(CORIN, "19", "21", DOUBLE))

    desk.take(booking(CORIN, "19", "21", DOUBLE, status="cancelled_by_guest"))
    page.shows()

    assert december(desk) == set()


def test_nights_that_stay_closed_after_a_cancellation_are_open_again(desk: ExportDesk) -> None:
    page = Calendar(desk)
    page.shows("20261219/20261221")
    desk.take(booking(CORIN, "19", "21", DOUBLE))

    desk.take(booking(CORIN, "19", "21", DOUBLE, status="cancelled_by_guest"))
    desk.now += 40 * MINUTES
    page.shows("20261219/20261221")
    page.shows("20261219/20261221")

    assert december(desk) == {(1, "19 Dec-21 Dec", OPEN, None)}


def test_airbnb_calendar_that_names_a_booking_otherwise_is_not_overruled(desk: ExportDesk) -> None:
    desk.name(1, "Loft")
    page = Calendar(desk, channel="airbnb")
    page.shows("20261219/20261221 HMAAAAAA11")
    file = desk.upload(booking("5100200399", "26", "28", DOUBLE))
    file.rows = [{**file.rows[0], "channel": "airbnb", "reference": "HMAAAAAA11"}]

    [need] = [one.need for one in desk.plan(file).rows]

    assert isinstance(need, Conflict)
    assert need.clash == Clash.CALENDAR


def test_no_calendar_brings_an_undone_reservation_back(desk: ExportDesk) -> None:
    page = Calendar(desk)
    file = desk.take(booking(CORIN, "19", "21", DOUBLE))
    desk.undo(file)

    page.shows("20261219/20261221")

    assert december(desk) == {(1, "19 Dec-21 Dec", OPEN, None)}
    [gone] = desk.session.scalars(select(Reservation).filter_by(status=Status.CANCELLED))
    assert (gone.reference, gone.arrival) == (None, date(2026, 12, 19))
