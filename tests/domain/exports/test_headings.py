"""Lists in other languages and of other times: which columns are found, and whose they are."""

from datetime import date

import pytest

from app.domain.exports import UnreadableExport
from app.domain.exports.cells import folded
from app.domain.exports.heading_words import HEADINGS, Column
from app.domain.notices import NoticeKind
from tests.domain.exports.files import BOOKING, Value, csv_of, read, xlsx_of

ROW = ("5100200304", "Alice Moore", "2026-12-19", "2026-12-21", "ok", "1", "Double Room")
STAY = (date(2026, 12, 19), date(2026, 12, 21))


@pytest.mark.parametrize("channel", HEADINGS)
def test_no_heading_means_two_columns_of_one_channel(channel: str) -> None:
    words = [(folded(word), column) for column, all_ in HEADINGS[channel].items() for word in all_]

    assert len(dict(words)) == len(set(words))
    assert all(word for word, _ in words)


def test_reference_headings_tell_the_channels_apart() -> None:
    ours, theirs = (
        {folded(word) for word in words[Column.REFERENCE]} for words in HEADINGS.values()
    )

    assert not ours & theirs


@pytest.mark.parametrize(
    "headings",
    [
        BOOKING,
        tuple(map(str.upper, BOOKING)),
        tuple(f"  {word} " for word in BOOKING),
        tuple(word.replace("-", " ") for word in BOOKING),
        ("Book Number", "Guest Name(s)", "Check-in", "Check-out", "Status", "Rooms", "Unit type"),
        (
            *("Broj rezervacije", "Ime gosta", "Prijava", "Odjava", "Status", "Sobe"),
            "Vrsta smještajne jedinice",
        ),
        (
            *("Broj rezervacije", "Ime gosta", "Dolazak", "Odlazak", "Status", "Jedinice"),
            "Tip smeštajne jedinice",
        ),
    ],
)
def test_booking_com_list_is_known_by_its_headings(headings: tuple[str, ...]) -> None:
    export = read(csv_of(headings, ROW))

    assert export.channel == "booking.com"
    (row,) = export.rows
    assert (row.reference, row.name, row.arrival, row.departure) == (
        *("5100200304", "Alice Moore"),
        *STAY,
    )
    assert (row.unit_types, row.rooms) == (("Double Room",), 1)


def test_simple_list_writes_dates_in_words() -> None:
    export = read(
        csv_of(
            (
                *("Property name", "Location", "Booker name", "Genius booker", "Arrival"),
                *("Departure", "Booked on", "Status", "Total payment", "Commission", "Currency"),
                "Reservation number",
            ),
            (
                *("Loft", "Exampleton", "Alice Moore", "No", "19 December 2026"),
                *("21 December 2026", "20 November 2026", "OK", "310.5", "46.6", "GBP"),
                "5100200304",
            ),
        )
    )

    (row,) = export.rows
    assert (row.channel, row.name, row.arrival, row.departure) == (
        *("booking.com", "Alice Moore"),
        *STAY,
    )
    assert (row.unit_types, row.rooms) == ((), 1)


FRENCH = (
    *("Code de confirmation", "Statut", "Nom du voyageur", "Contact", "# des adultes"),
    *("# des enfants", "# des bébés", "Date de début", "Date de fin", "# des nuits", "Réservée"),
    *("Annonce", "Revenus"),
)
DUTCH = (
    *("Bevestigingscode", "Status", "Naam van de gast", "Contact", "# volwassenen"),
    *("# kinderen", "# baby's", "Begindatum", "Einddatum", "# nachten", "Gereserveerd"),
    *("Advertentie", "Inkomsten"),
)
GERMAN = (
    *("Bestätigungs-Code", "Status", "Name des Gastes", "Kontakt", "# Erwachsene", "# Kinder"),
    *("# Kleinkinder", "Startdatum", "Enddatum", "Anzahl der Nächte", "Gebucht", "Inserat"),
    "Einkünfte",
)


@pytest.mark.parametrize(
    ("headings", "status", "arrival", "departure"),
    [
        (FRENCH, "Confirmée", "02/12/2026", "05/12/2026"),
        (DUTCH, "Bevestigd", "02-12-2026", "05-12-2026"),
        (GERMAN, "Bestätigt", "02.12.2026", "05.12.2026"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_airbnb_list_in_another_language_has_the_day_first(
    headings: tuple[str, ...], status: str, arrival: str, departure: str, delimiter: str
) -> None:
    values = (
        *("HMTESTQ2BB", status, "Alice Moore", "+44 7700 900101", "2", "1", "0"),
        *(arrival, departure, "3", "2026-11-02", "Loft, attic", "€ 1.020,00"),
    )

    (row,) = read(csv_of(headings, values, delimiter=delimiter)).rows

    assert (row.channel, row.reference, row.status) == ("airbnb", "HMTESTQ2BB", NoticeKind.NEW)
    assert (row.arrival, row.departure) == (date(2026, 12, 2), date(2026, 12, 5))
    assert (row.name, row.phone_ending, row.party_size) == ("Alice Moore", "0101", 3)
    assert row.unit_types == ("Loft, attic",)


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (
            "Date,Type,Confirmation Code,Booking date,Start date,End date,Nights,Guest,Listing",
            "Reservation",
        ),
        (
            "Data,Tipo,Código de Confirmação,Data da reserva,Data de início,Data de término,"
            "Noites,Hóspede,Anúncio",
            "Reserva",
        ),
        (
            "Datum,Type,Bevestigingscode,Boekingsdatum,Begindatum,Einddatum,Nachten,Gast,"
            "Advertentie",
            "Boeking",
        ),
    ],
)
def test_airbnb_earnings_have_the_month_first_in_every_language(headings: str, kind: str) -> None:
    values = (
        *("12/06/2026", kind, "HMTESTQ2BB", "11/02/2026", "12/02/2026", "12/05/2026", ""),
        *("Alice Moore", "Loft, attic"),
    )
    payout = ("12/06/2026", "Payout", "", "", "", "", "", "", "")

    export = read(csv_of(headings.split(","), payout, values))

    (row,) = export.rows
    assert (row.arrival, row.departure) == (date(2026, 12, 2), date(2026, 12, 5))
    assert row.booked_at is not None
    assert row.booked_at.date() == date(2026, 11, 2)
    assert (row.line, row.name, row.unit_types) == (3, "Alice Moore", ("Loft, attic",))
    assert export.skipped == ()


def test_dates_that_may_be_either_are_not_guessed() -> None:
    values: tuple[Value, ...] = ("HMTESTQ2BB", "02/12/2026", "05/12/2026")

    export = read(csv_of(("Code de confirmation", "Date de début", "Date de fin"), values))

    assert export.rows == ()
    assert [one.line for one in export.skipped] == [2]
    assert "can be read in two ways" in export.skipped[0].reason


def test_nights_show_that_a_spreadsheet_program_turned_the_dates_round() -> None:
    headings = ("Confirmation code", "Start date", "End date", "# of nights")
    turned = ("HMTESTQ2BB", "2026-01-12", "2026-05-12", "4")

    export = read(csv_of(headings, turned))

    assert export.rows == ()
    assert "is 120 nights, but its number of nights is 4" in export.skipped[0].reason


@pytest.mark.parametrize("above", [0, 1, 3, 19])
def test_titles_and_empty_rows_may_stand_above_the_headings(above: int) -> None:
    titles: list[tuple[Value, ...]] = [("Check-in 2026-11-01 to 2027-11-30",), ()] * 10

    for data in (
        csv_of(*titles[:above], BOOKING, ROW),
        xlsx_of([*titles[:above], BOOKING, ROW]),
    ):
        (row,) = read(data).rows
        assert row.lines == (above + 2,)


def test_headings_too_far_down_are_not_found() -> None:
    with pytest.raises(UnreadableExport, match="Its headings are “title”"):
        read(csv_of(*[("title",)] * 20, BOOKING, ROW))


def test_the_sheet_with_the_headings_is_read_and_hidden_ones_are_not() -> None:
    notes: list[tuple[Value, ...]] = [("Ask Bob about this",)]
    hidden = [BOOKING, ("5100200999", *ROW[1:])]

    export = read(xlsx_of(hidden, notes, [BOOKING, ROW], hidden=1))

    assert [row.reference for row in export.rows] == ["5100200304"]


def test_unknown_headings_are_named_with_those_looked_for() -> None:
    with pytest.raises(UnreadableExport) as caught:
        read(csv_of(("Gast", "Von", "Bis", *(f"Column {n}" for n in range(20))), ROW), "gäste.csv")

    assert caught.value.code == "unreadable-export"
    assert caught.value.message.startswith(
        "gäste.csv could not be read. Its headings are “Gast”, “Von”, “Bis”, “Column 0”,"
    )
    assert "“Column 8” …. Looked for: “Book number”, “Check-in”, “Check-out” (booking.com); " in (
        caught.value.message
    )
    assert "“Confirmation code”, “Start date”, “End date” (airbnb)." in caught.value.message


def test_without_a_check_out_column_nothing_is_read() -> None:
    with pytest.raises(UnreadableExport, match=r"“Book number”, “Check-in”\. Looked for"):
        read(csv_of(("Book number", "Check-in"), ("5100200304", "2026-12-19")))
