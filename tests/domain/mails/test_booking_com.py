"""Booking.com's mails, by language and by fault."""

from datetime import date

import pytest

from app.domain.notices import NoticeKind
from tests.domain.mails.letters import BOOKING, NEW, bare, doubt, ignored, letter, notice

NUMBER = "5100200301"
DAY = date(2026, 12, 19)
K = NoticeKind

SEEN = [
    (K.NEW, "Booking.com - New booking! (5100200301, Saturday, 19 December 2026)"),
    (K.NEW, "Booking.com - New booking! (5100200301, Saturday, December 19, 2026)"),
    (K.NEW, "Booking.com - New last-minute booking (5100200301, Saturday, 19 December 2026)"),
    (K.MODIFIED, "Booking.com - Modified booking! (5100200301, Saturday, 19 December 2026)"),
    (K.MODIFIED, "Booking.com - Modified booking (5100200301, Saturday, 19 December 2026)"),
    (K.CANCELLED, "Booking.com - Cancelled booking! (5100200301, Saturday, 19 December 2026)"),
    (K.CANCELLED, "Booking.com - Canceled booking (5100200301, Saturday, December 19, 2026)"),
    (K.NEW, "Booking.com - Nieuwe boeking! (5100200301, zaterdag 19 december 2026)"),
    (K.NEW, "Booking.com - Nieuwe last-minutereservering (5100200301, zaterdag 19 december 2026)"),
    (K.MODIFIED, "Booking.com - Gewijzigde boeking! (5100200301, zaterdag 19 december 2026)"),
    (K.CANCELLED, "Booking.com - Geannuleerde boeking! (5100200301, zaterdag 19 december 2026)"),
    (K.NEW, "Booking.com - Hai una nuova prenotazione! (5100200301, sabato 19 dicembre 2026)"),
    (K.NEW, "Booking.com - Nuova prenotazione last minute (5100200301, sabato 19 dicembre 2026)"),
    (K.MODIFIED, "Booking.com - Prenotazione modificata! (5100200301, sabato 19 dicembre 2026)"),
    (K.CANCELLED, "Booking.com - Prenotazione cancellata! (5100200301, sabato 19 dicembre 2026)"),
    (K.NEW, "Booking.com - ¡Nueva reserva! (5100200301, sábado, 19 de diciembre de 2026)"),
    (
        K.CANCELLED,
        "Booking.com - ¡Reserva cancelada! (5100200301, sábado, 19 de diciembre de 2026)",
    ),
    (
        K.NEW,
        "Booking.com - ¡Nueva reserva! Information about new reservation "
        "(5100200301, sábado, 19 de diciembre de 2026)",
    ),
    (K.NEW, "⚠️ Nueva reserva no registrada (5100200301, 19/12/2026)"),
    (K.CANCELLED, "⚠️ Cancelación no registrada (5100200301, 19/12/2026)"),
    (K.NEW, "Booking.com - Nouvelle réservation ! (5100200301, samedi 19 décembre 2026)"),
    (K.CANCELLED, "Booking.com - Réservation annulée (5100200301, samedi 19 décembre 2026)"),
]
LIKELY = [
    (K.NEW, "Booking.com - Neue Buchung! (5100200301, Samstag, 19. Dezember 2026)"),
    (K.NEW, "Booking.com - Neue Last-Minute-Buchung (5100200301, Samstag, 19. Dezember 2026)"),
    (K.MODIFIED, "Booking.com - Geänderte Buchung! (5100200301, Samstag, 19. Dezember 2026)"),
    (K.CANCELLED, "Booking.com - Stornierte Buchung! (5100200301, Samstag, 19. Dezember 2026)"),
    (K.MODIFIED, "Booking.com - Réservation modifiée (5100200301, samedi 19 décembre 2026)"),
    (K.MODIFIED, "Booking.com - Reserva modificada (5100200301, sábado, 19 de diciembre de 2026)"),
    (K.NEW, "Booking.com - Nova reserva! (5100200301, sábado, 19 de dezembro de 2026)"),
    (K.MODIFIED, "Booking.com - Reserva alterada! (5100200301, sábado, 19 de dezembro de 2026)"),
    (K.NEW, "Booking.com - Nova reserva! (5100200301, dissabte, 19 de desembre del 2026)"),
    (K.NEW, "Booking.com - Ny booking! (5100200301, lørdag den 19. december 2026)"),
    (K.MODIFIED, "Booking.com - Ændret booking! (5100200301, lørdag den 19. december 2026)"),
    (K.NEW, "Booking.com - Ny bestilling! (5100200301, lørdag 19. desember 2026)"),
    (K.NEW, "Booking.com - Ny bokning! (5100200301, lördag 19 december 2026)"),
    (K.CANCELLED, "Booking.com - Avbokad bokning! (5100200301, lördag 19 december 2026)"),
    (K.NEW, "Booking.com - Uusi varaus! (5100200301, lauantai 19. joulukuuta 2026)"),
    (K.NEW, "Booking.com - Nowa rezerwacja! (5100200301, sobota, 19 grudnia 2026)"),
    (K.CANCELLED, "Booking.com - Anulowana rezerwacja! (5100200301, sobota, 19 grudnia 2026)"),
    (K.NEW, "Booking.com - Nová rezervace! (5100200301, sobota 19. prosince 2026)"),
    (K.CANCELLED, "Booking.com - Zrušená rezervace! (5100200301, sobota 19. prosince 2026)"),
    (K.NEW, "Booking.com - Nova rezervacija! (5100200301, subota, 19. prosinca 2026.)"),
    (K.CANCELLED, "Booking.com - Otkazana rezervacija! (5100200301, subota, 19. prosinca 2026.)"),
    (K.NEW, "Booking.com - Új foglalás! (5100200301, 2026. december 19., szombat)"),
    (K.NEW, "Booking.com - Rezervare nouă! (5100200301, sâmbătă, 19 decembrie 2026)"),
    (K.NEW, "Booking.com - Yeni rezervasyon! (5100200301, 19 Aralık 2026 Cumartesi)"),
    (K.CANCELLED, "Booking.com - İptal edilen rezervasyon (5100200301, 19 Aralık 2026 Cumartesi)"),
    (K.NEW, "Booking.com - Νέα κράτηση! (5100200301, Σάββατο 19 Δεκεμβρίου 2026)"),
    (K.NEW, "Booking.com - Новое бронирование! (5100200301, суббота, 19 декабря 2026 г.)"),
    (K.CANCELLED, "Booking.com - Отменённое бронирование (5100200301, суббота, 19 декабря 2026)"),
    (K.NEW, "Booking.com - Нове бронювання! (5100200301, субота, 19 грудня 2026 р.)"),
    (K.NEW, "Booking.com - 新しい予約 (5100200301、2026年12月19日土曜日)"),
    (K.CANCELLED, "Booking.com - 预订取消（5100200301，2026年12月19日星期六）"),
    (K.NEW, "Booking.com - 새 예약 (5100200301, 2026년 12월 19일 토요일)"),
]


@pytest.mark.parametrize(("kind", "subject"), SEEN + LIKELY)
def test_subject_tells_kind_number_and_arrival(kind: NoticeKind, subject: str) -> None:
    found = notice(letter(subject))

    assert (found.channel, found.kind) == ("booking.com", kind)
    assert (found.reference, found.arrival, found.departure) == (NUMBER, DAY, None)


@pytest.mark.parametrize(
    ("subject", "arrival"),
    [
        ("Nowa rezerwacja! (5100200301, wtorek, 10 listopada 2026)", date(2026, 11, 10)),
        ("Nova rezervacija! (5100200301, subota, 10. listopada 2026.)", date(2026, 10, 10)),
    ],
)
def test_month_with_one_name_in_two_languages_is_that_of_the_mail(
    subject: str, arrival: date
) -> None:
    assert notice(letter(subject)).arrival == arrival


@pytest.mark.parametrize("number", ["510020", "51002003014567"])
def test_number_has_six_to_fourteen_digits(number: str) -> None:
    assert notice(letter(NEW.replace(NUMBER, number))).reference == number


def test_long_subject_folded_before_the_year_is_read_whole() -> None:
    subject = f"Subject: {NEW[:-6]}\r\n {NEW[-5:]}"

    assert notice(bare(f"From: {BOOKING}", subject)).arrival == DAY


def test_cancellation_is_read_without_its_date() -> None:
    found = notice(letter("Booking.com - Cancelled booking! (5100200301)"))

    assert (found.kind, found.arrival) == (NoticeKind.CANCELLED, None)


# Names


@pytest.mark.parametrize(
    ("subject", "sentence", "name"),
    [
        (
            "Cancelled booking! (5100200301, Saturday, 19 December 2026)",
            "Reservation number 5100200301 for Marlow J. Teasdale has been cancelled.",
            "Marlow J. Teasdale",
        ),
        (
            "¡Reserva cancelada! (5100200301, sábado, 19 de diciembre de 2026)",
            "La reserva 5100200301 de Ximena Duarte ha sido cancelada.",
            "Ximena Duarte",
        ),
        (
            "Prenotazione cancellata! (5100200301, sabato 19 dicembre 2026)",
            "La prenotazione 5100200301 di Enzo De Luca è stata cancellata.",
            "Enzo De Luca",
        ),
        ("Cancelled booking! (5100200301)", "Guest name: Marlow Teasdale", "Marlow Teasdale"),
        ("Cancelled booking! (5100200301)", "The booking has been cancelled.", None),
        (
            "Cancelled booking! (5100200301)",
            "A booking for Harbour Loft Rooms has been cancelled.",
            None,
        ),
        ("Cancelled booking! (5100200301)", "Guest name: not available", None),
        (NEW, "Guest name: Marlow Teasdale", None),
    ],
)
def test_only_a_cancellation_names_the_guest(subject: str, sentence: str, name: str | None) -> None:
    assert notice(letter(subject, sentence)).name == name


# What is not understood


@pytest.mark.parametrize(
    "subject",
    [
        "Booking.com - Something of tomorrow (5100200301, Saturday, 19 December 2026)",
        "Booking.com - Something of tomorrow (5100200301)",
        "Booking.com - New booking! (5100200301)",
        "Booking.com - New booking! (5100200301, sometime)",
        "Booking.com - New booking! (5100200301, Wednesday, 31 June 2026)",
        "Booking.com - New booking! (5100200301, 1/8/2026)",
        "Booking.com - Cancellation request (5100200301, Saturday, 19 December 2026)",
        "Booking.com - Your guest would like to cancel (5100200301, Saturday, 19 December 2026)",
        "Booking.com - Payment for new booking (5100200301, Saturday, 19 December 2026)",
    ],
)
def test_words_or_days_nobody_knows_are_shown_to_the_host(subject: str) -> None:
    found = doubt(letter(subject))

    assert found.number == NUMBER
    assert "Nothing was changed" in found.warning
    assert NUMBER in found.warning


def test_american_order_is_read_where_it_can_be_no_other() -> None:
    assert notice(letter("New booking! (5100200301, 12/19/2026)")).arrival == DAY


def test_link_to_another_booking_is_not_believed() -> None:
    link = "https://admin.booking.com/booking.html?hotel_id=1&res_id=5100200399"

    assert "links to another" in doubt(letter(NEW, f"See {link} now")).warning
    assert "links to another" in doubt(letter(NEW, html=f'<a href="{link}">See</a>')).warning


def test_link_within_a_link_is_followed_by_eye() -> None:
    link = "https://click.booking.com/?u=https%3A%2F%2Fadmin.booking.com%2F%3Fres_id%3D5100200301"

    assert notice(letter(NEW, html=f'<a href="{link}">See</a>')).reference == NUMBER


def test_two_numbers_in_a_subject_are_not_believed() -> None:
    assert doubt(letter(f"{NEW} (5100200302, Sunday, 20 December 2026)")).number is None


def test_phone_number_in_the_text_is_no_booking() -> None:
    found = notice(letter(NEW, "Call the guest at +44 1632 960123 or (0201) 555 0101."))

    assert found.reference == NUMBER


# What is no booking


@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        ("Booking.com Invoice 1500000001", "invoice"),
        ("Booking.com - Your invoice (1500000001)", "invoice"),
        ("Tu factura de Booking.com (1500000001)", "invoice"),
        ("We received this message from Marlow Teasdale", "message"),
        ("New guest message about booking (5100200301)", "message"),
        ("You have a new guest review", "review"),
        ("Your payout is on its way", "payment"),
        ("Your verification code is 482193", "logging in"),
        ("Offer a deal for Black Friday", "promotion"),
        ("Reservations with today's or tomorrow's arrival date for Harbour Loft", "arrivals"),
        ("Reservations with today’s or tomorrow’s arrival date for Loft (1234567)", "arrivals"),
        ("Something else altogether", "not of a booking"),
        ("", "not of a booking"),
    ],
)
def test_noise_is_left_alone_with_its_reason(subject: str, reason: str) -> None:
    assert reason in ignored(letter(subject, "Confirmation number: 5100200301")).reason


def test_guest_cannot_make_a_booking_through_the_relay() -> None:
    relay = "Mallory <5100200303-ab12.cd34@guest.booking.com>"

    assert "message" in ignored(letter(NEW, sender=relay)).reason
