"""Mails from anybody else: never believed, but the host hears of those that speak of a booking."""

import re

from app.domain.channels.words import reference_in
from app.domain.mails.booking_words import speaks_of_booking
from app.domain.mails.doubts import doubt
from app.domain.mails.envelope import Envelope
from app.domain.mails.forwards import is_answer, is_forwarded
from app.domain.mails.senders import claimed_site
from app.domain.notices import MailReading, NotABooking
from app.domain.plain_text import one_line
from app.domain.references import normalised

MOST_TEXT = 20_000
_LONGEST_ADDRESS = 80
_IN_BRACKETS = re.compile(r"\(\s*#?([0-9]{6,14})(?![0-9])")


def read(mail: Envelope) -> MailReading:
    """Read one mail from an address that is no booking site's and no host's."""
    claimed = claimed_site(mail)
    number = number_in(mail)
    sender = one_line(mail.sender or "", _LONGEST_ADDRESS)
    if number is None or (claimed is None and is_answer(mail.subject)):
        return NotABooking("It is not from a booking site, and tells of no booking.")
    if is_forwarded(mail.subject):
        what = f"was forwarded by {sender}, which is no host’s address here"
    elif claimed:
        what = f"looks like one from {claimed}, but was sent by {sender}"
    else:
        what = f"speaks of a booking, and {sender} is not one of the booking sites"
    return doubt(mail, what, number)


def read_of_several(mail: Envelope) -> MailReading:
    """Read a mail that has not exactly one address in From, as only forged ones have."""
    number = number_in(mail)
    if number is None and not speaks_of_booking(mail.subject):
        return NotABooking("It does not say who it is from, and tells of no booking.")
    return doubt(mail, "does not say clearly who it is from", number)


def number_in(mail: Envelope) -> str | None:
    """Return what looks like a booking's number, in a mail that looks like one of a booking.

    Its subject must speak of one or, under a booking site's name, at least bear the number.
    """
    speaks = speaks_of_booking(mail.subject)
    if not speaks and claimed_site(mail) is None:
        return None
    if found := _IN_BRACKETS.search(mail.subject):
        return normalised(found.group(1))
    return reference_in(mail.subject, mail.text[:MOST_TEXT] if speaks else "")


def read_own(mail: Envelope) -> MailReading:
    """Read a mail of a host's own that carries no booking site's mail, or hides whose it is."""
    number = number_in(mail) if is_forwarded(mail.subject) else None
    if number is None:
        return NotABooking("It is a host’s own mail.")
    what = "was forwarded, but does not show that a booking site sent it first"
    return doubt(mail, what, number)
