"""Who a mail is from: the domain of its one address, and nothing that it says of itself."""

import re

from app.domain.mails.envelope import Envelope
from app.domain.mails.folding import folded

BOOKING_COM, AIRBNB, VRBO = "booking.com", "airbnb", "vrbo"
GUESTS = "guests"
"""Booking.com's relay: what its guests write to the host."""

_SITES = {
    "booking.com": BOOKING_COM,
    "guest.booking.com": GUESTS,
    "airbnb.com": AIRBNB,
    "partners.expediagroup.com": VRBO,
}
"""Exactly these. Hosts and guests, too, send mail through other domains below booking.com."""
_CLAIMED = {
    "Booking.com": re.compile(r"\bbooking[\s._-]?com\b"),
    "Airbnb": re.compile(r"air\s?bnb"),
    "Vrbo": re.compile(r"\bvrbo\b|homeaway|expediagroup"),
}
_PUNYCODE = re.compile(r"\bxn--([a-z0-9-]{1,59})", re.IGNORECASE)


def address_of(mail: Envelope) -> str | None:
    """Return the one address a mail is from, in small letters; None for none, and for several."""
    if mail.sender is None or not mail.sender.isascii():  # small letters of others may be ASCII
        return mail.sender
    return mail.sender.lower()


def site_of(address: str) -> str | None:
    """Return the booking site whose address this is; its exact domain is asked, no part of it."""
    return _SITES.get(address.rpartition("@")[2])


def claimed_site(mail: Envelope) -> str | None:
    """Return the booking site that a mail seems to be from, by its name, address or subject."""
    shown = folded(_without_punycode(f"{mail.sender_text} {mail.subject}"))
    return next((site for site, name in _CLAIMED.items() if name.search(shown)), None)


def _without_punycode(text: str) -> str:
    """Return the text with `xn--bookng-dwa.com` as people see it: bookìng.com."""
    return _PUNYCODE.sub(_as_seen, text)


def _as_seen(label: re.Match[str]) -> str:
    try:
        return label.group(1).encode().decode("punycode")
    except UnicodeError:
        return label.group()
