"""Vrbo's mails: only the one of a cancellation is known."""

from app.domain.channels.words import reference_in
from app.domain.mails.booking_words import kind_in
from app.domain.mails.doubts import doubt
from app.domain.mails.envelope import Envelope
from app.domain.notices import BookingNotice, MailReading, NotABooking, NoticeKind


def read(mail: Envelope) -> MailReading:
    """Read one mail from Vrbo: `Your reservation HA-XXXXXX was canceled at Property 12345678`."""
    number = reference_in(mail.subject)
    if number is None:
        return NotABooking("It is from Vrbo, but names no booking.")
    kind, _language = kind_in(mail.subject) or (None, None)
    if kind is not NoticeKind.CANCELLED:
        return doubt(mail, "is about a Vrbo booking, in words that are not known here", number)
    return BookingNotice("vrbo", kind, number, mail.said_at)
