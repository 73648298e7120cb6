"""Mails written for the tests, and the moment they are read at."""

from collections.abc import Collection
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

from app.domain.mails import read_mail
from app.domain.notices import BookingNotice, Doubtful, MailReading, NotABooking

SAMPLES = Path(__file__).parents[2] / "samples" / "email"
RECEIVED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HOST = "owner@example.org"

BOOKING = "Booking.com <noreply@booking.com>"
AIRBNB = "Airbnb <automated@airbnb.com>"
VRBO = "Vrbo <vrbo@partners.expediagroup.com>"
STRANGER = "Somebody <somebody@example.net>"

NEW = "Booking.com - New booking! (5100200301, Saturday, 19 December 2026)"


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.eml").read_bytes()


def letter(
    subject: str,
    body: str = "",
    *,
    sender: str = BOOKING,
    html: str | None = None,
    date: str = "Mon, 23 Nov 2026 09:15:00 +0000",
    **headers: str,
) -> bytes:
    """Write a mail as a mail program would, its headers coded and its parts encoded."""
    mail = EmailMessage()
    name, _, address = sender.rpartition(" ")
    mail["From"] = Address(name, addr_spec=address.strip("<>"))
    mail["To"] = HOST
    mail["Subject"] = subject
    mail["Date"] = date
    for header, value in headers.items():
        mail[header.replace("_", "-")] = value
    if html is None or body:
        mail.set_content(body)
    if html is not None:
        (mail.add_alternative if body else mail.set_content)(html, subtype="html")
    return mail.as_bytes()


def bare(*headers: str, body: str = "") -> bytes:
    """Write a mail with exactly these headers, right or wrong."""
    return "\r\n".join([*headers, "", body]).encode()


def read(raw: bytes, own: Collection[str] = ()) -> MailReading:
    return read_mail(raw, RECEIVED, own)


def notice(raw: bytes, own: Collection[str] = ()) -> BookingNotice:
    found = read(raw, own)
    assert isinstance(found, BookingNotice), found
    return found


def doubt(raw: bytes, own: Collection[str] = ()) -> Doubtful:
    found = read(raw, own)
    assert isinstance(found, Doubtful), found
    return found


def ignored(raw: bytes, own: Collection[str] = ()) -> NotABooking:
    found = read(raw, own)
    assert isinstance(found, NotABooking), found
    return found
