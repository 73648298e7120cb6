from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.exports.cells import Cell
from app.domain.exports.dates import Order, day_of, moment_of
from app.domain.exports.stays import WrittenStay, nights_of, order_of
from app.domain.nights import Nights

DAY, MONTH = Order.DAY_FIRST, Order.MONTH_FIRST
CHRISTMAS = date(2026, 12, 25)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-12-25",
        " 2026-12-25 ",
        "2026/12/25",
        "2026-12-25 14:30:00",
        "2026-12-25T14:30:00Z",
        "25.12.2026",
        "25. 12. 2026.",
        "25/12/2026",
        "25-12-2026",
        "25/12/2026, 14:30",
        "25 December 2026",
        "25\xa0December 2026",
        "25 Dec 2026",
        "25. Dezember 2026",
        "Friday, 25 December 2026",
        "Fri 25th December 2026",
        "viernes, 25 de diciembre de 2026",
        "vendredi 25 décembre 2026",
        "25. prosinca 2026.",
        "December 25, 2026",
        "Friday, Dec 25, 2026",
        date(2026, 12, 25),
        datetime(2026, 12, 25, 14, 30),  # noqa: DTZ001
    ],
)
def test_a_day_is_read_however_it_is_written(cell: Cell) -> None:
    assert day_of(cell, DAY) == CHRISTMAS


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        "soon",
        "25/12/26",
        "12/25",
        "25 Smarch 2026",
        "2026-02-30",
        "31.04.2026",
        "0000-00-00",
        "1926-12-25",
        "2126-12-25",
        "25/12-2026",
        "46381",
        46381,
        46381.0,
        True,
        date(1900, 1, 1),
        "2026-12-25" * 100,
    ],
)
def test_what_is_no_day_of_our_times_is_not_read(cell: Cell) -> None:
    assert day_of(cell, DAY) is None
    assert day_of(cell, MONTH) is None


@pytest.mark.parametrize(("order", "day"), [(DAY, date(2026, 4, 3)), (MONTH, date(2026, 3, 4))])
@pytest.mark.parametrize("text", ["03/04/2026", "3/4/2026", "03-04-2026"])
def test_order_decides_between_day_and_month(text: str, order: Order, day: date) -> None:
    assert day_of(text, order) == day


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2026-07-01 12:00:00", "2026-07-01T11:00+00:00"),
        ("2026-12-01 12:00:00", "2026-12-01T12:00+00:00"),
        ("2026-07-01T12:00:30.5Z", "2026-07-01T12:00:30+00:00"),
        ("2026-07-01T12:00+02:00", "2026-07-01T10:00+00:00"),
        ("2026-07-01T12:00-0330", "2026-07-01T15:30+00:00"),
        ("1/7/2026 1:05 pm", "2026-07-01T12:05+00:00"),
        ("1/7/2026 12:05 a.m.", "2026-06-30T23:05+00:00"),
        ("2026-07-01", "2026-06-30T23:00+00:00"),
        (date(2026, 12, 1), "2026-12-01T00:00+00:00"),
        (datetime(2026, 7, 1, 12), "2026-07-01T11:00+00:00"),  # noqa: DTZ001
    ],
)
def test_a_time_is_read_in_its_zone(cell: Cell, instant: str) -> None:
    read = moment_of(cell, DAY, ZoneInfo("Europe/London"))

    assert read == datetime.fromisoformat(instant)
    assert read is not None
    assert read.tzinfo is UTC


@pytest.mark.parametrize("cell", [None, "yesterday", "2026-07-01 25:00", "2026-07-01T12:00+99:00"])
def test_what_is_no_time_is_not_read(cell: Cell) -> None:
    assert moment_of(cell, DAY, UTC) is None


def stay(arrival: Cell, departure: Cell, nights: int | None = None) -> WrittenStay:
    return WrittenStay(arrival, departure, nights)


PLAIN = stay("2026-12-01", "2026-12-05")
TWO_WAYS = stay("3/4/2026", "5/6/2026")
FOUR_NIGHTS = stay("12/1/2026", "12/5/2026", 4)
DAY_ONLY = stay("13/4/2026", "15/4/2026")
MONTH_ONLY = stay("4/13/2026", "4/15/2026")
NEITHER = stay("13/13/2026", "15/4/2026")


@pytest.mark.parametrize(
    ("stays", "usual", "order"),
    [
        ([], None, None),
        ([TWO_WAYS], None, None),
        ([TWO_WAYS], MONTH, MONTH),
        ([TWO_WAYS, DAY_ONLY], None, DAY),
        ([TWO_WAYS, DAY_ONLY], MONTH, DAY),
        ([TWO_WAYS, FOUR_NIGHTS], None, MONTH),
        ([FOUR_NIGHTS, NEITHER, PLAIN], None, MONTH),
        ([DAY_ONLY, MONTH_ONLY], MONTH, None),
        ([NEITHER, PLAIN], MONTH, MONTH),
    ],
)
def test_the_rows_that_make_sense_in_one_order_tell_it(
    stays: list[WrittenStay], usual: Order | None, order: Order | None
) -> None:
    assert order_of(stays, usual) == order


def test_where_the_order_is_not_known_a_row_must_speak_for_itself() -> None:
    assert nights_of(PLAIN, None) == Nights(date(2026, 12, 1), date(2026, 12, 5))
    assert nights_of(MONTH_ONLY, None) == Nights(date(2026, 4, 13), date(2026, 4, 15))
    assert nights_of(FOUR_NIGHTS, None) == Nights(date(2026, 12, 1), date(2026, 12, 5))
    assert nights_of(TWO_WAYS, None) is None
    assert nights_of(stay("3/3/2026", "4/4/2026"), None) == Nights(
        date(2026, 3, 3), date(2026, 4, 4)
    )


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (stay(None, "2026-12-05"), "It has no check-in date."),
        (stay("2026-12-01", "  "), "It has no check-out date."),
        (NEITHER, "Its check-in date “13/13/2026” cannot be read."),
        (stay("2026-12-01", "x" * 99), f"Its check-out date “{'x' * 40}” cannot be read."),
        (stay("2026-12-05", "2026-12-01"), "Its check-out is not after its check-in."),
        (stay("2026-12-05", "2026-12-05"), "Its check-out is not after its check-in."),
        (
            stay("2026-12-05", "2062-12-06"),
            "It would last 13150 nights: one of its dates is wrong.",
        ),
        (
            stay(date(2026, 1, 12), date(2026, 5, 12), 4),
            "From 2026-01-12 to 2026-05-12 is 120 nights, but its number of nights is 4.",
        ),
        (
            TWO_WAYS,
            "Its dates, 3/4/2026 to 5/6/2026, can be read in two ways:"
            " is the day first, or the month?",
        ),
    ],
)
def test_reason_says_what_is_wrong_with_the_dates(written: WrittenStay, reason: str) -> None:
    assert nights_of(written, None) is None
    assert written.why_unreadable(None) == reason
