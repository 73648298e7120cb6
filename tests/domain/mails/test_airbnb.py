"""Airbnb's mails, by language and by fault."""

from datetime import date

import pytest

from app.domain.notices import NoticeKind
from tests.domain.mails.letters import AIRBNB, doubt, ignored, letter, notice

CODE = "HMTESTQ2CC"
CONFIRMED = "Reservation confirmed - Wren Abernathy arrives Dec 5"
BODY = """\
NEW BOOKING CONFIRMED! WREN ARRIVES DEC 5.

Send a message to confirm check-in details or welcome Wren.

Check-in      Checkout
Sat, Dec 5    Wed, Dec 9
3:00 PM       11:00 AM

GUESTS
2 adults, 1 child, 1 infant

CONFIRMATION CODE
HMTESTQ2CC
"""


def mail(subject: str, body: str = BODY, **more: str) -> bytes:
    return letter(subject, body, sender=AIRBNB, **more)


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        (CONFIRMED, "Wren Abernathy"),
        ("Reserva confirmada: Wren Abernathy llega el 5 dic.", "Wren Abernathy"),
        ("Prenotazione confermata: Wren Abernathy arriverà il 5 dic", "Wren Abernathy"),
        ("Réservation confirmée : Jean-Luc O’Neil arrive le 5 déc.", "Jean-Luc O’Neil"),
        ("Buchung bestätigt – Wren Abernathy kommt am 5. Dez. an", "Wren Abernathy"),
        ("Reservering bevestigd: Wren Abernathy komt aan op 5 dec.", "Wren Abernathy"),
        ("Reserva confirmada - Wren Abernathy chega em 5 de dez.", "Wren Abernathy"),
        ("Reservation confirmed", None),
        ("Reservation confirmed - guest arrives Dec 5", None),
    ],
)
def test_confirmation_tells_code_name_days_and_party(subject: str, name: str | None) -> None:
    found = notice(mail(subject))

    assert (found.channel, found.kind, found.reference) == ("airbnb", NoticeKind.NEW, CODE)
    assert (found.arrival, found.departure) == (date(2026, 12, 5), date(2026, 12, 9))
    assert (found.name, found.party_size) == (name, 3)


def test_template_tells_a_confirmation_in_a_language_nobody_knows() -> None:
    found = notice(mail("Bokun staðfest", X_Template="booking_confirmation_to_host"))

    assert (found.kind, found.arrival) == (NoticeKind.NEW, date(2026, 12, 5))


def test_code_is_found_in_the_link_alone() -> None:
    html = (
        "<p>Reserved</p>"
        f'<a href="https://www.airbnb.es/hosting/reservations/details/{CODE}?c=1">Ver</a>'
    )

    found = notice(letter(CONFIRMED, sender=AIRBNB, html=html))

    assert (found.reference, found.arrival, found.departure) == (CODE, date(2026, 12, 5), None)


@pytest.mark.parametrize(
    "days",
    [
        "Check-in      Checkout\nSat, Dec 5    Wed, Dec 9\n3:00 PM  11:00 AM",
        "Check-in\nSat, Dec 5\n3:00 PM\nCheckout\nWed, Dec 9\n11:00 AM",
        "Check-in\n\nCheckout\n\nSaturday, December 5, 2026\n\nWednesday, December 9, 2026",
        "Llegada  Salida\nsáb, 5 dic  mié, 9 dic",
        "Arrivée  Départ\nsam. 5 déc.  mer. 9 déc.",
        "Check-in: Sat, 5 Dec\nCheck-out: Wed, 9 Dec",
    ],
)
def test_days_stand_side_by_side_or_one_below_the_other(days: str) -> None:
    found = notice(mail(CONFIRMED, f"{days}\nCONFIRMATION CODE\n{CODE}"))

    assert (found.arrival, found.departure) == (date(2026, 12, 5), date(2026, 12, 9))


@pytest.mark.parametrize(
    ("sent", "arrives", "leaves", "arrival", "departure"),
    [
        ("Mon, 23 Nov 2026", "Dec 30", "Jan 3", date(2026, 12, 30), date(2027, 1, 3)),
        ("Mon, 23 Nov 2026", "Jan 2", "Jan 5", date(2027, 1, 2), date(2027, 1, 5)),
        ("Mon, 23 Nov 2026", "Nov 23", "Nov 24", date(2026, 11, 23), date(2026, 11, 24)),
        ("Mon, 23 Nov 2026", "Nov 22", "Nov 24", date(2026, 11, 22), date(2026, 11, 24)),
        ("Mon, 23 Nov 2026", "Nov 21", "Nov 24", date(2027, 11, 21), date(2027, 11, 24)),
        ("Mon, 23 Nov 2026", "Feb 29", "Mar 2", date(2028, 2, 29), date(2028, 3, 2)),
        ("Mon, 23 Nov 2026", "Dec 5", "Dec 5", date(2026, 12, 5), None),
    ],
)
def test_year_is_the_one_that_puts_arrival_nearest_after_the_mail(
    sent: str, arrives: str, leaves: str, arrival: date, departure: date | None
) -> None:
    subject = f"Reservation confirmed - Wren Abernathy arrives {arrives}"
    days = f"Check-in  Checkout\n{arrives}  {leaves}\n{CODE}"

    found = notice(mail(subject, days, date=f"{sent} 09:15:00 +0000"))

    assert (found.arrival, found.departure) == (arrival, departure)


def test_days_that_contradict_each_other_are_not_believed() -> None:
    found = doubt(mail(CONFIRMED, BODY.replace("Dec 5 ", "Dec 6 ")))

    assert found.number == CODE
    assert "another below" in found.warning


@pytest.mark.parametrize(
    ("line", "party"),
    [
        ("GUESTS\n2 adults, 1 child", 3),
        ("GUESTS\n2 adults, 1 pet", 2),
        ("Guests: 4 guests", 4),
        ("VIAJEROS\n1 adulto", 1),
        ("GÄSTE\n2 Erwachsene, 2 Kinder, 1 Kleinkind", 4),
        ("GUESTS\nmany", None),
        ("Our guests love it\n3 adults", None),
        ("", None),
    ],
)
def test_party_is_counted_without_infants_and_pets(line: str, party: int | None) -> None:
    assert notice(mail(CONFIRMED, f"{CODE}\n{line}\n")).party_size == party


# Cancelled and changed


@pytest.mark.parametrize(
    "subject",
    [
        f"Canceled: Reservation {CODE} for Dec 5\u2009–\u20099, 2026",
        f"Canceled: Reservation {CODE} for Dec\u00a05\u202f–\u200b9,\u00a02026",
        f"Cancelled: Reservation {CODE} for Dec 5 – Dec 9, 2026",
        f"Cancelada: reserva {CODE} (del 5 – 9 dic 2026)",
        f"Cancellata: prenotazione {CODE} (5–9 dic 2026)",
        f"Annulée : réservation {CODE} pour le 5 – 9 déc. 2026",
        f"Storniert: Buchung {CODE} für 5.–9. Dez. 2026",
        f"Canceled: Reservation {CODE} for Dec 5 – 9",
    ],
)
def test_cancellation_tells_code_and_days(subject: str) -> None:
    found = notice(mail(subject, "Your calendar is open again."))

    assert (found.kind, found.reference) == (NoticeKind.CANCELLED, CODE)
    assert (found.arrival, found.departure) == (date(2026, 12, 5), date(2026, 12, 9))


@pytest.mark.parametrize(
    ("days", "arrival", "departure"),
    [
        ("Dec 30 – Jan 3, 2027", date(2026, 12, 30), date(2027, 1, 3)),
        ("Dec 30, 2026 – Jan 3, 2027", date(2026, 12, 30), date(2027, 1, 3)),
        ("Dec 30 – Jan 3", date(2026, 12, 30), date(2027, 1, 3)),
        ("Nov 20 – 25", date(2026, 11, 20), date(2026, 11, 25)),
        ("Nov 20 – 22, 2026", date(2026, 11, 20), date(2026, 11, 22)),
        ("Mar 1 – 27, 2026", date(2026, 3, 1), date(2026, 3, 27)),
        ("some days", None, None),
        ("Feb 30 – 31", None, None),
    ],
)
def test_cancelled_stay_across_new_year_or_under_way(
    days: str, arrival: date | None, departure: date | None
) -> None:
    found = notice(mail(f"Canceled: Reservation {CODE} for {days}", "Sorry."))

    assert (found.arrival, found.departure) == (arrival, departure)


def test_code_and_days_of_a_cancellation_may_stand_in_the_text() -> None:
    body = f"Your guest had to cancel reservation {CODE} for Dec 5 – 9."

    found = notice(mail("Reservation canceled", body))

    assert (found.reference, found.arrival) == (CODE, date(2026, 12, 5))


def test_cancellation_by_the_host_names_no_booking() -> None:
    found = doubt(mail("Reservation canceled: Dec 5 – 9, 2026", "You canceled a reservation."))

    assert found.number is None
    assert "not of which" in found.warning


@pytest.mark.parametrize(
    "subject",
    [
        "Reservation updated",
        "Your reservation change was accepted",
        "Your reservation change request was accepted",
        "Reserva actualizada",
    ],
)
def test_changed_booking_gives_its_code_and_no_days(subject: str) -> None:
    found = notice(mail(subject, f"Reservation {CODE}\nDec 7 – 9"))

    assert (found.kind, found.reference) == (NoticeKind.MODIFIED, CODE)
    assert (found.arrival, found.departure) == (None, None)


def test_changed_booking_without_a_code_is_shown_to_the_host() -> None:
    assert doubt(mail("Reservation updated", "Something changed.")).number is None


# What is no booking, and what is not understood


@pytest.mark.parametrize(
    "subject",
    [
        "Wren wants to change their reservation",
        "Pending: Reservation Request at Harbour Loft for Dec 5 – 9, 2026",
        "Reservation request canceled",
        "Inquiry for Harbour Loft for Dec 5 – 9, 2026",
    ],
)
def test_question_changes_nothing_yet(subject: str) -> None:
    assert "changes nothing" in ignored(mail(subject)).reason


@pytest.mark.parametrize(
    "subject",
    ["RE: Reservation at Harbour Loft for Dec 5 – 9", "We sent a payout of £399.64", "Hello"],
)
def test_other_mail_is_left_alone_though_it_holds_a_code(subject: str) -> None:
    assert "not of a booking" in ignored(mail(subject)).reason


def test_unknown_words_with_a_code_are_shown_to_the_host() -> None:
    assert doubt(mail(f"Something of tomorrow about {CODE}")).number == CODE


def test_confirmation_without_a_code_is_shown_to_the_host() -> None:
    assert doubt(mail(CONFIRMED, "No code here.")).number is None


def test_second_code_slipped_into_the_text_is_not_chosen_from() -> None:
    body = f'Wren says: "CONFIRMATION CODE\nHMOTHERAAA"\n{BODY}'

    assert doubt(mail(CONFIRMED, body)).number is None
