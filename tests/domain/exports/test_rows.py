"""What becomes of single rows, and of several rows of one booking."""

from datetime import date

import pytest

from app.domain.exports import Export, ExportRow
from app.domain.notices import NoticeKind
from tests.domain.exports.files import BOOKING, Value, csv_of, read, xlsx_of

NUMBER = "5100200304"
DOUBLE, SINGLE = "Double Room", "Single Room"


def line(
    unit: str = DOUBLE,
    rooms: Value = 2,
    *,
    reference: Value = NUMBER,
    status: str = "ok",
    guest: str = "Alice Moore",
    arrival: Value = "2026-12-19",
    departure: Value = "2026-12-21",
) -> tuple[Value, ...]:
    return (reference, guest, arrival, departure, status, rooms, unit)


def read_lines(*lines: tuple[Value, ...]) -> Export:
    return read(csv_of(BOOKING, *lines))


def only_row(*lines: tuple[Value, ...]) -> ExportRow:
    export = read_lines(*lines)
    assert export.skipped == ()
    (row,) = export.rows
    return row


@pytest.mark.parametrize(
    "written",
    [
        *(NUMBER, f" {NUMBER} ", f"#{NUMBER}", f"{NUMBER}.0", f"{NUMBER},00", f'="{NUMBER}"'),
        *("5,100,200,304", "5.100.200.304", "5 100 200 304", "5’100’200’304"),
    ],
)
def test_booking_number_is_read_however_a_program_wrote_it(written: str) -> None:
    assert only_row(line(reference=written)).reference == NUMBER


def test_booking_number_that_is_a_number_is_read() -> None:
    for number in (5100200304, 5100200304.0):
        assert read(xlsx_of([BOOKING, line(reference=number)])).rows[0].reference == NUMBER


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "It has no booking number."),
        ("Total", "Its booking number “Total” cannot be one."),
        ("12345", "Its booking number “12345” cannot be one."),
        ("HMTESTQ2BB", "Its booking number “HMTESTQ2BB” cannot be one."),
        (
            "5.1002E+09",
            "A spreadsheet program has shortened its booking number to 5.1002E+09."
            " Download the list again and upload it as it comes.",
        ),
    ],
)
def test_row_without_a_booking_number_is_skipped(written: str, reason: str) -> None:
    export = read_lines(line(reference=written))

    assert export.rows == ()
    assert [(one.line, one.reason) for one in export.skipped] == [(2, reason)]


def test_row_with_a_status_nobody_knows_is_skipped() -> None:
    export = read_lines(line(status="on the moon"), line(reference="5100200305"))

    assert [row.reference for row in export.rows] == ["5100200305"]
    assert [one.reason for one in export.skipped] == ["Its status “on the moon” is not known."]


def test_empty_rows_are_counted_and_passed_over() -> None:
    export = read_lines((), line(reference="5100200301"), (None, " "), line(reference="5100200302"))

    assert [row.line for row in export.rows] == [3, 5]
    assert export.skipped == ()


def test_line_break_in_a_cell_is_no_row_of_its_own() -> None:
    export = read_lines(line(guest="Alice\nMoore"), line(reference="5100200305"))

    assert [(row.line, row.name) for row in export.rows] == [(2, "Alice Moore"), (3, "Alice Moore")]


def test_name_cannot_forge_a_line_or_turn_the_text_round() -> None:
    assert only_row(line(guest="Alice\u202e\x07 Moore")).name == "Alice Moore"


def test_lines_of_one_booking_become_one_row_with_all_rooms() -> None:
    row = only_row(line(DOUBLE), line(SINGLE))

    assert (row.lines, row.line) == ((2, 3), 2)
    assert (row.unit_types, row.rooms) == ((DOUBLE, SINGLE), 2)
    assert row.nights.arrival == date(2026, 12, 19)


def test_two_equal_lines_are_two_rooms_where_the_booking_has_two() -> None:
    row = only_row(line(DOUBLE, 2), line(DOUBLE, 2))

    assert (row.unit_types, row.rooms) == ((DOUBLE, DOUBLE), 2)


def test_the_same_line_again_is_no_further_room() -> None:
    assert only_row(line(DOUBLE, 1), line(DOUBLE, 1)).unit_types == (DOUBLE,)
    whole = line(f"{DOUBLE}, {SINGLE}", 2)
    assert only_row(whole, whole, whole).unit_types == (DOUBLE, SINGLE)


def test_lines_of_a_room_each_may_count_it_alone() -> None:
    row = only_row(line(DOUBLE, 1, guest="Alice Moore"), line(DOUBLE, 1, guest="Bob Moore"))

    assert (row.unit_types, row.rooms, row.name) == ((DOUBLE, DOUBLE), 2, "Alice Moore")


def test_more_rooms_than_names_are_counted() -> None:
    row = only_row(line(DOUBLE, 3))

    assert (row.unit_types, row.rooms) == ((DOUBLE,), 3)


def test_room_that_was_given_up_does_not_cancel_the_others() -> None:
    export = read_lines(line(DOUBLE), line(SINGLE, status="cancelled_by_guest"))

    (row,) = export.rows
    assert (row.lines, row.status) == ((2,), NoticeKind.NEW)
    assert (row.unit_types, row.rooms) == ((DOUBLE,), 1)
    assert [(one.line, one.reason) for one in export.skipped] == [
        (3, "It is cancelled, unlike line 2 of the same booking.")
    ]


def test_booking_of_two_lines_is_cancelled_when_both_are() -> None:
    row = only_row(line(DOUBLE, status="cancelled_by_guest"), line(SINGLE, status="cancelled"))

    assert (row.status, row.unit_types) == (NoticeKind.CANCELLED, (DOUBLE, SINGLE))


def test_booking_is_a_no_show_only_when_nobody_came() -> None:
    assert only_row(line(DOUBLE, status="no_show"), line(SINGLE, status="no_show")).no_show
    assert not only_row(line(DOUBLE, status="no_show"), line(SINGLE)).no_show


def test_lines_that_disagree_on_dates_are_all_left_out() -> None:
    export = read_lines(
        line(DOUBLE), line(reference="5100200305"), line(SINGLE, departure="2026-12-22")
    )

    assert [row.reference for row in export.rows] == ["5100200305"]
    assert [(one.line, one.reason) for one in export.skipped] == [
        (2, "For one booking, lines 2 and 4 give different dates."),
        (4, "For one booking, lines 2 and 4 give different dates."),
    ]


def test_no_line_is_left_out_in_silence() -> None:
    export = read_lines(
        line(DOUBLE),
        line(SINGLE, arrival="2026-12-18"),
        line(SINGLE, status="cancelled_by_guest"),
    )

    assert [one.line for one in export.skipped] == [2, 3, 4]


def test_rows_come_in_the_order_of_the_file() -> None:
    export = read_lines(
        line(SINGLE, status="cancelled_by_guest"), line(reference="5100200305"), line(DOUBLE)
    )

    assert [row.line for row in export.rows] == [3, 4]


def test_number_of_nights_that_is_nought_says_nothing() -> None:
    headings = ("Confirmation code", "Status", "Start date", "End date", "# of nights")
    cancelled = ("HMTESTQ2BB", "Canceled by guest", "12/1/2026", "12/5/2026", "0")

    (row,) = read(csv_of(headings, cancelled)).rows

    assert (row.status, row.departure) == (NoticeKind.CANCELLED, date(2026, 12, 5))


def test_airbnb_entry_paid_in_parts_is_one_room() -> None:
    headings = ("Type", "Confirmation code", "Start date", "End date", "Listing", "Amount")
    parts = [
        ("Reservation", "HMTESTQ2BB", "12/1/2026", "2/27/2027", "Loft, attic", amount)
        for amount in (700, 800, 900)
    ]

    (row,) = read(csv_of(headings, *parts)).rows

    assert (row.lines, row.unit_types, row.rooms) == ((2, 3, 4), ("Loft, attic",), 1)


def test_digest_is_of_what_is_said_and_not_of_how_it_is_sorted() -> None:
    first, second = line(reference="5100200301"), line(reference="5100200302")

    assert read_lines(first, second).digest == read_lines((), second, first).digest
    assert read_lines(first, second).digest == read(xlsx_of([BOOKING, first, second])).digest
    assert read_lines(first).digest != read_lines(first, second).digest
    assert read_lines(first).digest != read_lines((*first[:3], "2026-12-22", *first[4:])).digest
