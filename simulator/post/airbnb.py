"""Airbnb's mails: the guest's name in the subject, the code and both days in the body.

The subjects of confirmations and cancellations are those of real mails in English and Spanish
(facts/ota-feeds.md), as are the X-Template words; the rest is translated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from simulator.post.dates import short_date, weekday
from simulator.post.letters import Letter, News

SENDER = "Airbnb <automated@airbnb.com>"
TEMPLATES = {
    "new": "BOOKING_CONFIRMATION_TO_HOST",
    "modified": "ALTERATION_ACCEPTED",
    "cancelled": "CANCELLATIONS_RESERVATION_CANCELED_BY_GUEST_TO_HOST",
}
ADDRESS = "https://www.airbnb.com/hosting/reservations/details/"
THIN, FIXED = "\N{THIN SPACE}", "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Words:
    """One language. Subjects by kind."""

    subjects: Mapping[str, str]
    arrives: str
    updated: str
    cancelled: str
    check_in: str
    checkout: str
    guests: str
    party: str
    code: str


WORDS: Mapping[str, Words] = {
    "en": Words(
        {
            "new": "Reservation confirmed - {guest} arrives {arrival}",
            "modified": "Reservation updated",
            "cancelled": "Canceled: Reservation {code} for {days}, {year}",
        },
        "New booking confirmed! {first} arrives {arrival}.",
        "The change to reservation {code} was accepted.",
        "We’re sorry to tell you that your guest {first} had to cancel reservation {code} for "
        "{days}. Your calendar is open again for those dates.",
        "Check-in", "Checkout", "Guests", "2 adults", "Confirmation code",
    ),
    "es": Words(
        {
            "new": "Reserva confirmada: {guest} llega el {arrival}.",
            "modified": "Reserva actualizada",
            "cancelled": "Cancelada: reserva {code} (del {days} {year})",
        },
        "¡Nueva reserva confirmada! {first} llega el {arrival}.",
        "Se ha aceptado el cambio de la reserva {code}.",
        "Lamentamos informarte de que {first} ha cancelado la reserva {code} (del {days}).",
        "Llegada", "Salida", "Viajeros", "2 adultos", "Código de confirmación",
    ),
    "it": Words(
        {
            "new": "Prenotazione confermata: {guest} arriverà il {arrival}",
            "modified": "Prenotazione aggiornata",
            "cancelled": "Cancellata: prenotazione {code} ({days} {year})",
        },
        "Nuova prenotazione confermata! {first} arriverà il {arrival}.",
        "La modifica della prenotazione {code} è stata accettata.",
        "Ci dispiace: {first} ha cancellato la prenotazione {code} ({days}).",
        "Check-in", "Check-out", "Ospiti", "2 adulti", "Codice di conferma",
    ),
}  # fmt: skip
"""Where Airbnb's words in a language are not known, its mails are in English."""

STAY = """{said}

{address}{code}

{check_in}      {checkout}
{first_day}    {last_day}

{guests}
{party}

{code_is}
{code}
"""
PAGE = Markup(
    '<html><body><h1>{said}</h1><p><a href="{address}{code}">Airbnb</a></p>'
    "<table><tr><td>{check_in}</td><td>{checkout}</td></tr>"
    "<tr><td>{first_day}</td><td>{last_day}</td></tr></table>"
    "<p>{guests}<br>{party}</p><p>{code_is}<br>{code}</p></body></html>"
)


def airbnb_letter(news: News) -> Letter:
    """Write what Airbnb mails the host. A change tells the code alone, not the new days."""
    language = news.language if news.language in WORDS else "en"
    words = WORDS[language]
    facts = {
        "guest": news.guest,
        "first": news.guest.split()[0],
        "code": news.reference,
        "arrival": short_date(news.arrival, language),
        "days": _days(news.arrival, news.departure, language),
        "year": news.departure.year,
    }
    subject = words.subjects[news.kind].format(**facts)
    headers = (("X-Template", TEMPLATES[news.kind]), ("X-Locale", language))
    if news.kind != "new":
        said = words.updated if news.kind == "modified" else words.cancelled
        return Letter(SENDER, subject, text=said.format(**facts) + "\n", headers=headers)
    parts = {
        "said": words.arrives.format(**facts),
        "address": ADDRESS,
        "code": news.reference,
        "check_in": words.check_in,
        "checkout": words.checkout,
        "first_day": _with_weekday(news.arrival, language),
        "last_day": _with_weekday(news.departure, language),
        "guests": words.guests,
        "party": words.party,
        "code_is": words.code,
    }
    plain = {**parts, **{name: parts[name].upper() for name in ("said", "guests", "code_is")}}
    text = STAY.format(**plain) if language == "en" else ""
    return Letter(SENDER, subject, text, PAGE.format(**parts), headers)


def _days(first: date, last: date, language: str) -> str:
    """Write `Feb 10 – 14` or `18 – 19 jul`, with the thin spaces of the real ones."""
    dash = f"{THIN}\N{EN DASH}{THIN}"
    begin, end = (short_date(day, language).replace(" ", FIXED) for day in (first, last))
    if (first.year, first.month) == (last.year, last.month):
        if language == "en":
            end = str(last.day)
        else:
            begin = str(first.day)
    return f"{begin}{dash}{end}"


def _with_weekday(day: date, language: str) -> str:
    return f"{weekday(day, language)[:3]}, {short_date(day, language)}"
