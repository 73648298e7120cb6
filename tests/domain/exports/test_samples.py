"""Each sample file, with everything that it says."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.domain.exports import ExportRow, read_export
from app.domain.notices import NoticeKind
from tests.domain.exports.files import SAMPLES, UPLOADED_AT, sample

DOUBLE, SINGLE = "Double Room with Harbour View", "Single Room"
CHECK_IN = "booking-reservations-check-in"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def stay(arrival: str, departure: str) -> tuple[date, date]:
    return date.fromisoformat(arrival), date.fromisoformat(departure)


def booking(
    line: int,
    reference: str,
    dates: tuple[date, date],
    name: str,
    party_size: int | None,
    *unit_types: str,
    channel: str = "booking.com",
    phone_ending: str | None = None,
    booked_at: str | None = None,
    cancelled_at: str | None = None,
    status: NoticeKind = NoticeKind.NEW,
    no_show: bool = False,
) -> ExportRow:
    return ExportRow(
        lines=(line,),
        channel=channel,
        reference=reference,
        status=NoticeKind.CANCELLED if cancelled_at else status,
        no_show=no_show,
        arrival=dates[0],
        departure=dates[1],
        name=name,
        phone_ending=phone_ending,
        party_size=party_size,
        unit_types=unit_types,
        rooms=max(len(unit_types), 1),
        booked_at=utc(booked_at) if booked_at else None,
        cancelled_at=utc(cancelled_at) if cancelled_at else None,
    )


CORIN = booking(
    2,
    "5100200304",
    stay("2026-12-19", "2026-12-21"),
    "Corin Baptiste",
    3,
    DOUBLE,
    SINGLE,
    phone_ending="0101",
    booked_at="2026-11-20 21:14:05",
)
MAJA = booking(
    3,
    "5100200301",
    stay("2026-12-21", "2026-12-23"),
    "Maja Lindqvist",
    2,
    DOUBLE,
    phone_ending="0001",
    booked_at="2026-11-23 09:14:58",
)
TAYO = booking(
    4,
    "5100200302",
    stay("2026-11-24", "2026-11-26"),
    "Tayo Okonjo",
    1,
    DOUBLE,
    phone_ending="0102",
    booked_at="2026-11-23 17:01:40",
)
MARLOW = booking(
    5,
    "5100200303",
    stay("2027-01-15", "2027-01-18"),
    "Marlow Teasdale",
    2,
    DOUBLE,
    booked_at="2026-11-21 08:30:00",
    cancelled_at="2026-11-26 11:39:12",
)
ROZA = booking(
    6,
    "5100200306",
    stay("2027-02-05", "2027-02-07"),
    "Róża Żółkiewska",
    1,
    SINGLE,
    booked_at="2026-11-23 09:57:44",
)
ASH = booking(
    7,
    "5100200307",
    stay("2026-11-10", "2026-11-11"),
    "Ash Penhaligon",
    1,
    SINGLE,
    booked_at="2026-11-09 19:00:00",
    no_show=True,
)
INACIO = booking(
    8,
    "5100200308",
    stay("2026-12-28", "2026-12-30"),
    "Inácio Ferreira",
    2,
    "Attic Room (renamed in the extranet)",
    booked_at="2026-11-01 10:00:00",
    cancelled_at="2026-11-02 09:00:00",
)


@pytest.mark.parametrize("ending", ["csv", "xls", "xlsx"])
def test_check_in_list_reads_the_same_in_every_form(ending: str) -> None:
    export = sample(f"{CHECK_IN}.{ending}")

    assert export.channel == "booking.com"
    assert export.rows == (CORIN, MAJA, TAYO, MARLOW, ROZA, ASH, INACIO)
    assert export.skipped == ()
    assert export.made_at == utc("2026-11-26 11:39:12")


def test_every_form_has_one_digest_and_another_list_another() -> None:
    digests = {sample(f"{CHECK_IN}.{ending}").digest for ending in ("csv", "xls", "xlsx")}

    assert len(digests) == 1
    assert len(digests.pop()) == 64
    assert sample("booking-resaved-by-hand.xlsx").digest != sample(f"{CHECK_IN}.csv").digest


def test_list_saved_again_by_hand_is_read_below_its_title() -> None:
    export = sample("booking-resaved-by-hand.xlsx")

    assert export.rows == tuple(
        replace(row, lines=(line,)) for line, row in enumerate((CORIN, MAJA, TAYO), start=4)
    )
    assert export.skipped == ()
    assert export.made_at == utc("2026-11-23 17:01:40")


def test_list_with_a_line_per_room_gives_one_booking_of_two_rooms() -> None:
    export = sample("booking-reservations-old-headings-row-per-room.csv")

    marlow = replace(MARLOW, lines=(4,), booked_at=utc("2026-11-21 00:00:00"), cancelled_at=None)
    assert export.rows == (
        replace(CORIN, lines=(2, 3), booked_at=utc("2026-11-20 00:00:00")),
        marlow,
    )
    assert export.skipped == ()
    assert export.made_at == utc("2026-11-21 00:00:00")


def test_monthly_statement_names_no_units_and_no_cancellation_dates() -> None:
    export = sample("booking-monthly-statement.csv")

    assert export.channel == "booking.com"
    assert export.rows == (
        booking(
            2,
            "5100200302",
            stay("2026-11-24", "2026-11-26"),
            "TAYO OKONJO",
            1,
            booked_at="2026-11-23 17:01:40",
        ),
        booking(
            3,
            "5100200303",
            stay("2027-01-15", "2027-01-18"),
            "MARLOW TEASDALE",
            2,
            booked_at="2026-11-21 08:30:00",
            status=NoticeKind.CANCELLED,
        ),
    )
    assert export.skipped == ()


def airbnb(
    line: int,
    code: str,
    dates: tuple[date, date],
    name: str,
    party_size: int | None,
    listing: str = "Harbour Loft - Room 1",
    *,
    phone_ending: str | None = None,
    booked_at: str | None = None,
    status: NoticeKind = NoticeKind.NEW,
) -> ExportRow:
    return booking(
        line,
        code,
        dates,
        name,
        party_size,
        listing,
        channel="airbnb",
        phone_ending=phone_ending,
        booked_at=booked_at,
        status=status,
    )


def test_airbnb_reservations_have_the_month_first_and_commas_in_names() -> None:
    export = sample("airbnb-reservations-en.csv")

    assert export.channel == "airbnb"
    assert export.rows == (
        airbnb(
            2,
            "HMTESTQ2BB",
            stay("2026-12-01", "2026-12-05"),
            "Idris Vale",
            1,
            phone_ending="0201",
            booked_at="2026-11-02",
        ),
        airbnb(
            3,
            "HMTESTQ2CC",
            stay("2026-12-05", "2026-12-09"),
            "Wren Abernathy",
            3,
            phone_ending="1195",
            booked_at="2026-11-23",
        ),
        airbnb(
            4,
            "HMTESTQ2DD",
            stay("2026-12-30", "2027-01-03"),
            "Ximena Duarte",
            1,
            booked_at="2026-11-10",
        ),
        airbnb(
            5,
            "HMTESTQ2EE",
            stay("2027-02-10", "2027-02-14"),
            "Pilar Osei",
            2,
            booked_at="2026-10-30",
            status=NoticeKind.CANCELLED,
        ),
        airbnb(
            6,
            "HMTESTQ2AA",
            stay("2026-11-20", "2026-11-22"),
            "Sam Field",
            2,
            booked_at="2026-11-01",
        ),
        airbnb(
            7,
            "HMTESTQ3AA",
            stay("2026-12-12", "2026-12-15"),
            "Lior Benedek",
            1,
            "Harbour Loft - Room 2, attic",
            booked_at="2026-11-12",
        ),
    )
    assert export.skipped == ()
    assert export.made_at == utc("2026-11-23")


def test_airbnb_earnings_pass_over_payouts_and_keep_the_listing() -> None:
    export = sample("airbnb-earnings-de-utf8bom.csv")

    assert export.rows == (
        airbnb(
            3,
            "HMTESTQ2CC",
            stay("2026-12-05", "2026-12-09"),
            "Wren Abernathy",
            None,
            "Harbour Loft - Zimmer 1",
            booked_at="2026-11-23",
        ),
    )
    assert export.skipped == ()


def test_airbnb_earnings_of_old_are_read_with_tabs_and_umlauts() -> None:
    export = sample("airbnb-old-tab-cp1252.csv")

    assert export.rows == (
        airbnb(
            2,
            "HMTESTQ2BB",
            stay("2026-12-01", "2026-12-05"),
            "Jürgen Weiß",
            None,
            "Harbour Loft - Zimmer 1",
        ),
    )
    assert (export.skipped, export.made_at) == ((), None)


def test_what_is_later_than_the_upload_says_nothing_of_its_age() -> None:
    data = (SAMPLES / f"{CHECK_IN}.csv").read_bytes()

    export = read_export(data, "list.csv", UPLOADED_AT.replace(day=24))

    assert export.made_at == utc("2026-11-23 17:01:40")
