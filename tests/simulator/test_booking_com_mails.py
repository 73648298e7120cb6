"""Booking.com's mails: in the form of the samples, one for each thing that happens."""

import re
from datetime import date, timedelta

import pytest

from tests.simulator.mailbox import mails, only_mail, part
from tests.support.simulator import Simulator

DAY = date(2027, 8, 14)  # a Saturday
SUBJECTS = {
    "en": (
        "New booking! ({}, Saturday, 14 August 2027)",
        "Modified booking! ({}, Saturday, 14 August 2027)",
        "Cancelled booking! ({}, Saturday, 14 August 2027)",
    ),
    "nl": (
        "Nieuwe boeking! ({}, zaterdag 14 augustus 2027)",
        "Gewijzigde boeking! ({}, zaterdag 14 augustus 2027)",
        "Geannuleerde boeking! ({}, zaterdag 14 augustus 2027)",
    ),
    "it": (
        "Hai una nuova prenotazione! ({}, sabato 14 agosto 2027)",
        "Prenotazione modificata! ({}, sabato 14 agosto 2027)",
        "Prenotazione cancellata! ({}, sabato 14 agosto 2027)",
    ),
    "es": (
        "¡Nueva reserva! ({}, sábado, 14 de agosto de 2027)",
        "¡Reserva modificada! ({}, sábado, 14 de agosto de 2027)",
        "¡Reserva cancelada! ({}, sábado, 14 de agosto de 2027)",
    ),
    "fr": (
        "Nouvelle réservation ! ({}, samedi 14 août 2027)",
        "Réservation modifiée ({}, samedi 14 août 2027)",
        "Réservation annulée ({}, samedi 14 août 2027)",
    ),
}
LAST_MINUTE = {
    "en": "New last-minute booking",
    "nl": "Nieuwe last-minutereservering",
    "it": "Nuova prenotazione last minute",
    "es": "Nueva reserva de última hora",
    "fr": "Nouvelle réservation de dernière minute",
}


def book(simulator: Simulator, *rooms: int, arrival: date = DAY, **told: object) -> str:
    return simulator.book(
        *rooms, channel="booking", arrival=arrival, guest="Zoë O'Neil & Sons", mail=told
    )


def subjects(simulator: Simulator) -> list[str]:
    return [str(mail["Subject"]).removeprefix("Booking.com - ") for mail in mails(simulator)]


def test_new_booking_is_a_number_and_the_day_of_arrival_and_tells_nothing_else(
    simulator: Simulator,
) -> None:
    number = book(simulator, 1)

    mail = only_mail(simulator)

    assert str(mail["From"]).replace('"', "") == "Booking.com <noreply@booking.com>"
    assert mail["Subject"] == f"Booking.com - New booking! ({number}, Saturday, 14 August 2027)"
    for text in (part(mail, "plain"), part(mail, "html").replace("&amp;", "&")):
        assert number in text
        assert "You have just received a new booking from a Booking.com guest." in text
        assert f"booking.html?res_id={number}&hotel_id=1234567" in text
        assert not re.search("Zoë|Neil|2027|August|Room", text)


@pytest.mark.parametrize("language", SUBJECTS)
def test_each_thing_that_happens_is_told_in_the_language_asked_for(
    simulator: Simulator, language: str
) -> None:
    number = book(simulator, 1, language=language)
    simulator.change(number, DAY, 5)
    simulator.cancel(number)

    expected = [subject.format(number) for subject in SUBJECTS[language]]
    assert subjects(simulator) == expected


@pytest.mark.parametrize("language", LAST_MINUTE)
@pytest.mark.parametrize(("days", "is_soon"), [(0, True), (1, True), (2, False)])
def test_booking_for_today_or_tomorrow_is_last_minute(
    simulator: Simulator, language: str, days: int, is_soon: bool
) -> None:
    number = book(simulator, 1, arrival=simulator.today() + timedelta(days=days), language=language)

    assert subjects(simulator)[0].startswith(f"{LAST_MINUTE[language]} ({number}, ") == is_soon


def test_long_subject_is_folded_at_a_space_and_a_foreign_one_is_coded(
    simulator: Simulator,
) -> None:
    book(simulator, 1, arrival=simulator.today())
    book(simulator, 2, language="es")

    english, spanish = sorted(
        (file.read_bytes() for file in (simulator.maildir / "new").iterdir()),
        key=lambda raw: b"=?utf-8?" in raw,
    )

    assert re.search(rb"\nSubject: Booking\.com - New last-minute booking \([^\n]*\n \w", english)
    assert re.search(rb"\nSubject: =\?utf-8\?q\?Booking=2Ecom_-_=C2=A1Nueva[^\n]*\n =\?", spanish)
    assert all(len(line) <= 78 for raw in (english, spanish) for line in raw.split(b"\n"))
    assert english.isascii()
    assert spanish.isascii()


@pytest.mark.parametrize(
    ("language", "kind", "parts", "coding"),
    [
        ("en", "new", ("plain", "html"), "quoted-printable"),
        ("en", "last-minute", ("plain",), "quoted-printable"),
        ("en", "modified", ("html",), "quoted-printable"),
        ("en", "cancelled", ("html",), "quoted-printable"),
        ("it", "new", ("html",), "quoted-printable"),
        ("es", "new", ("plain", "html"), "base64"),
    ],
)
def test_parts_are_those_of_the_samples(
    simulator: Simulator, language: str, kind: str, parts: tuple[str, ...], coding: str
) -> None:
    soon = simulator.today() if kind == "last-minute" else DAY
    number = book(simulator, 1, arrival=soon, language=language)
    if kind == "modified":
        simulator.change(number, DAY + timedelta(days=1), 2)
    if kind == "cancelled":
        simulator.cancel(number)

    mail = mails(simulator)[-1]

    assert tuple(one for one in ("plain", "html") if part(mail, one)) == parts
    leaves = [one for one in mail.walk() if not one.is_multipart()]
    assert {one["Content-Transfer-Encoding"] for one in leaves} == {coding}


def test_several_rooms_are_one_mail_and_a_room_more_or_less_is_a_change(
    simulator: Simulator,
) -> None:
    number = simulator.book(1, 2, channel="booking")
    simulator.add_room(number, 3)
    simulator.cancel(number, room=2)

    kinds = [re.split(r"!? \(", subject)[0] for subject in subjects(simulator)]
    assert kinds == ["New last-minute booking", "Modified booking", "Modified booking"]


def test_date_in_the_subject_is_the_first_arrival_of_all_rooms_and_moves(
    simulator: Simulator,
) -> None:
    number = book(simulator, 1, 2)
    simulator.change(number, DAY - timedelta(days=1), 2, room=2)
    simulator.change(number, DAY + timedelta(days=1), 2)

    days = [re.findall(r", (\d+) August", subject)[0] for subject in subjects(simulator)]
    assert days == ["14", "13", "15"]


def test_cancellation_names_the_guest(simulator: Simulator) -> None:
    number = book(simulator, 1)

    simulator.cancel(number)

    html = part(mails(simulator)[-1], "html")
    assert f"Reservation number {number} for Zoë O&#39;Neil &amp; Sons has been" in html


def test_change_that_changes_nothing_is_not_told(simulator: Simulator) -> None:
    number = book(simulator, 1)

    simulator.change(number, DAY, 2)
    simulator.cancel(number, room=4)

    assert len(mails(simulator)) == 1


def test_each_mail_has_an_id_of_its_own_and_the_worlds_time(simulator: Simulator) -> None:
    simulator.advance(86_400)

    numbers = [book(simulator, room) for room in (1, 2, 3)]

    found = mails(simulator)
    assert len({mail["Message-ID"] for mail in found}) == len(numbers)
    days = {mail["Date"].datetime.date() - simulator.today() for mail in found}
    assert days <= {timedelta(days=1), timedelta(days=2)}
