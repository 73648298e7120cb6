"""Booking.com's mails: the subject has kind, number and date of arrival, the body next to nothing.

`Booking.com - New booking! (5100200301, Saturday, 19 December 2026)`. A modified booking's date is
its new one. The text and the links may only confirm the number.
"""

import re
from urllib.parse import unquote

from app.domain.channels.names import LONGEST, name_in
from app.domain.mails.booking_words import kind_in
from app.domain.mails.dates import date_in
from app.domain.mails.doubts import doubt
from app.domain.mails.envelope import Envelope
from app.domain.mails.folding import folded
from app.domain.notices import BookingNotice, MailReading, NotABooking, NoticeKind
from app.domain.plain_text import one_line

CHANNEL = "booking.com"

_IN_BRACKETS = re.compile(r"\(\s*#?([0-9]{6,14})(?![0-9])\s*(?:[,;\u060c\u3001]\s*([^()]*))?\)?")
_LINKED = re.compile(r"[?&]res_id=([0-9]+)")
_NOISE = (
    (r"today.?s or tomorrow.?s arrival", "It is the day’s list of arrivals."),
    (r"\b(?:invoice|fa[ck]tur|fattur|rechnung)", "It is an invoice."),
    (r"\b(?:message|mensaje|messaggi|nachricht|bericht|mensagem)", "It is a guest’s message."),
    (r"\b(?:review|resena|recension|commentaire|bewertung|beoordeling|avaliac)", "It is a review."),
    (r"\b(?:pay(?:out|ment)|pago|pagament|paiement|auszahlung|betaling)", "It is about a payment."),
    (r"\b(?:verif|security|codigo|codice|code\b|pin\b)", "It is about logging in."),
    (r"\b(?:promo|offer|deal|discount|boost|campaign|visibility)", "It is a promotion."),
)
_HAS_BEEN = (
    r"(?:has been|was|ha sido|fue|è stata|a été|is|wurde) "
    r"(?:cancell?ed|cancelada|anulada|cancellata|annullata|annulée|geannuleerd|storniert)\b"
)
_OF_GUEST = r"\W{1,3}(?:for|de|di|van|von) (?P<name>[^\d\n,:;]{2,60}?) "
_LABELLED = re.compile(r"^[ \t]*guest(?: name)?[ \t]*:[ \t]*(?P<name>[^\n]{2,60})$", re.I | re.M)
_MOST_TEXT = 20_000
"""Characters in which a name is looked for; such a mail has a few hundred."""


def read(mail: Envelope) -> MailReading:
    """Read one mail from booking.com itself."""
    numbers: dict[str, str] = dict(_IN_BRACKETS.findall(mail.subject))
    if len(numbers) > 1:
        return doubt(mail, "names several bookings at once", None)
    if not numbers:
        return NotABooking(_noise(mail.subject) or "It is from Booking.com, but not of a booking.")
    ((number, written),) = numbers.items()
    words = _IN_BRACKETS.sub(" ", mail.subject)
    kind, language = kind_in(words) or (None, None)
    arrival = date_in(written, language)
    noise = _noise(words)
    if noise and arrival is None:
        return NotABooking(noise)
    if kind is None or noise:
        return doubt(mail, "is about a booking, in words that are not known here", number)
    if _linked(mail) - {number}:
        return doubt(mail, "names one booking in its subject and links to another", number)
    if kind is NoticeKind.NEW and arrival is None:
        return doubt(mail, "tells of a new booking, with a date that cannot be read", number)
    name = _cancelled_guest(mail, number) if kind is NoticeKind.CANCELLED else None
    return BookingNotice(CHANNEL, kind, number, mail.said_at, arrival, name=name)


def read_of_guest(mail: Envelope) -> MailReading:
    """Leave alone what comes through Booking.com's relay: guests write there what they like."""
    return NotABooking("It is a guest’s message.")


def _noise(subject: str) -> str | None:
    words = folded(subject)
    return next((reason for pattern, reason in _NOISE if re.search(pattern, words)), None)


def _linked(mail: Envelope) -> set[str]:
    return {number for link in mail.links for number in _LINKED.findall(unquote(link))}


def _cancelled_guest(mail: Envelope, number: str) -> str | None:
    """Return the name of who cancelled; within a day of booking the mail gives none."""
    text = mail.text[:_MOST_TEXT]
    found = re.search(rf"{number}{_OF_GUEST}{_HAS_BEEN}", text) or _LABELLED.search(text)
    return name_in("", f"Guest: {one_line(found['name'], LONGEST)}") if found else None
