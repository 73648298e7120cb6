"""Airbnb's mails: the subject has kind, name and a day without its year; the text has the code."""

import re

from app.domain.channels.names import LONGEST, name_in
from app.domain.mails import airbnb_words as words
from app.domain.mails.airbnb_dates import cancelled_stay, confirmed_stay
from app.domain.mails.doubts import doubt
from app.domain.mails.envelope import Envelope
from app.domain.mails.folding import folded
from app.domain.notices import BookingNotice, MailReading, NotABooking, NoticeKind
from app.domain.plain_text import one_line

CHANNEL = "airbnb"

_CODE = re.compile(r"(?<![A-Z0-9])HM[A-Z0-9]{8}(?![A-Z0-9])")


def read(mail: Envelope) -> MailReading:
    """Read one mail from airbnb.com itself."""
    subject = folded(mail.subject)
    if mail.template == words.CONFIRMATION or words.CONFIRMED.search(subject):
        return _confirmed(mail)
    if words.UPDATED.search(subject):
        return _updated(mail)
    if words.ASKED.search(subject):
        return NotABooking("It asks for a booking or a change, which changes nothing yet.")
    if words.CANCELLED.search(subject):
        return _cancelled(mail)
    if code := _only(_CODE.findall(mail.subject)):
        return doubt(mail, "is about a booking, in words that are not known here", code)
    return NotABooking("It is from Airbnb, but not of a booking made, changed or cancelled.")


def _confirmed(mail: Envelope) -> MailReading:
    code = _code(mail)
    if code is None:
        return doubt(mail, "tells of a new Airbnb booking, without one code of its own", None)
    arrives = words.ARRIVES.search(mail.subject)
    stay = confirmed_stay(arrives["when"] if arrives else "", mail.text, mail.said_at.date())
    if stay.contradicts:
        return doubt(mail, "names one day of arrival in its subject and another below", code)
    return BookingNotice(
        CHANNEL,
        NoticeKind.NEW,
        code,
        mail.said_at,
        stay.arrival,
        stay.departure,
        name=name_in("", f"Guest: {one_line(arrives['name'], LONGEST)}") if arrives else None,
        party_size=_party_size(mail.text),
    )


def _updated(mail: Envelope) -> MailReading:
    """Give the code alone: the mail does not say the new dates, the calendar does."""
    code = _code(mail)
    if code is None:
        return doubt(mail, "tells of a changed Airbnb booking, but not of which", None)
    return BookingNotice(CHANNEL, NoticeKind.MODIFIED, code, mail.said_at)


def _cancelled(mail: Envelope) -> MailReading:
    code = _code(mail)
    if code is None:  # it is so when the host cancels
        return doubt(mail, "tells of a cancelled Airbnb booking, but not of which", None)
    said_on = mail.said_at.date()
    stay = cancelled_stay(_CODE.sub(" ", mail.subject), said_on) or cancelled_stay(
        mail.text.partition(code)[2], said_on
    )
    arrival, departure = stay or (None, None)
    return BookingNotice(CHANNEL, NoticeKind.CANCELLED, code, mail.said_at, arrival, departure)


def _code(mail: Envelope) -> str | None:
    """Return the code in the subject or, where that has none, the one in text and links.

    None when there are several: a guest may have written another one's into a message.
    """
    in_subject = _CODE.findall(mail.subject)
    return _only(in_subject or _CODE.findall("\n".join((mail.text, *mail.links))))


def _only(codes: list[str]) -> str | None:
    return codes[0] if len(set(codes)) == 1 else None


def _party_size(text: str) -> int | None:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for line, below in zip(lines, [*lines[1:], ""], strict=False):
        if label := words.PARTY.match(folded(line[: words.LONGEST_LABEL])):
            counted = words.COUNTED.findall(label["here"] or folded(below[: words.LONGEST_LABEL]))
            return sum(map(int, counted)) or None
    return None
