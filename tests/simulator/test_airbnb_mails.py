"""Airbnb's mails, and the channels that send none."""

from datetime import date

import pytest

from tests.simulator.mailbox import mails, only_mail, part
from tests.support.simulator import Simulator

DAY = date(2027, 2, 10)
THIN, FIXED = "\N{THIN SPACE}", "\N{NO-BREAK SPACE}"
FIRST, LAST = f"10{THIN}\N{EN DASH}{THIN}14", f"27{THIN}\N{EN DASH}{THIN}"


def book(simulator: Simulator, arrival: date = DAY, nights: int = 4, **told: object) -> str:
    return simulator.book(1, arrival=arrival, nights=nights, guest="Wren Abernathy", mail=told)


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "Reservation confirmed - Wren Abernathy arrives Feb 10"),
        ("es", "Reserva confirmada: Wren Abernathy llega el 10 feb."),
        ("it", "Prenotazione confermata: Wren Abernathy arriverà il 10 feb"),
        ("nl", "Reservation confirmed - Wren Abernathy arrives Feb 10"),
    ],
)
def test_confirmation_names_the_guest_and_the_day_without_a_year(
    simulator: Simulator, language: str, subject: str
) -> None:
    book(simulator, language=language)

    mail = only_mail(simulator)

    assert mail["From"] == "Airbnb <automated@airbnb.com>"
    assert mail["Subject"] == subject
    assert mail["X-Template"] == "BOOKING_CONFIRMATION_TO_HOST"
    assert mail["X-Locale"] == (language if language != "nl" else "en")
    assert "2027" not in part(mail, "html")


def test_confirmation_has_code_and_both_days_as_the_sample_has_them(simulator: Simulator) -> None:
    code = book(simulator)

    text = part(only_mail(simulator), "plain")

    assert f"https://www.airbnb.com/hosting/reservations/details/{code}\n" in text
    assert "Check-in      Checkout\nWed, Feb 10    Sun, Feb 14\n" in text
    assert "GUESTS\n2 adults\n" in text
    assert f"CONFIRMATION CODE\n{code}\n" in text


@pytest.mark.parametrize(
    ("language", "arrival", "subject"),
    [
        ("en", DAY, f"Canceled: Reservation {{}} for Feb{FIXED}{FIRST}, 2027"),
        ("es", DAY, f"Cancelada: reserva {{}} (del {FIRST}{FIXED}feb 2027)"),
        (
            "en",
            date(2027, 2, 27),
            f"Canceled: Reservation {{}} for Feb{FIXED}{LAST}Mar{FIXED}3, 2027",
        ),
    ],
)
def test_cancellation_has_code_and_days_with_thin_spaces(
    simulator: Simulator, language: str, arrival: date, subject: str
) -> None:
    code = book(simulator, arrival=arrival, language=language)

    simulator.cancel(code)

    mail = mails(simulator)[-1]
    assert mail["Subject"] == subject.format(code)
    assert mail["X-Template"] == "CANCELLATIONS_RESERVATION_CANCELED_BY_GUEST_TO_HOST"
    assert code in part(mail, "plain")


def test_change_tells_the_code_and_not_the_new_days(simulator: Simulator) -> None:
    code = book(simulator)

    simulator.change(code, date(2027, 3, 1), 2)

    mail = mails(simulator)[-1]
    assert mail["Subject"] == "Reservation updated"
    assert mail["X-Template"] == "ALTERATION_ACCEPTED"
    assert part(mail, "plain") == f"The change to reservation {code} was accepted.\n"


def test_other_calendars_send_no_mail(simulator: Simulator) -> None:
    code = simulator.book(1, channel="other")
    simulator.cancel(code)

    assert mails(simulator) == []
