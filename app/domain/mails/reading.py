"""One mail of the mailbox: what it says of a booking, or why it says nothing."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from app.domain.mails import airbnb, booking_com, generic, vrbo
from app.domain.mails.doubts import doubt
from app.domain.mails.envelope import Envelope, header_of, opened
from app.domain.mails.forwards import original_in
from app.domain.mails.senders import AIRBNB, BOOKING_COM, GUESTS, VRBO, address_of, site_of
from app.domain.notices import MailReading
from app.domain.plain_text import one_line

LONGEST_ID = 250

_READERS: Mapping[str, Callable[[Envelope], MailReading]] = {
    BOOKING_COM: booking_com.read,
    GUESTS: booking_com.read_of_guest,
    AIRBNB: airbnb.read,
    VRBO: vrbo.read,
}


def read_mail(raw: bytes, received_at: datetime, own_addresses: Collection[str]) -> MailReading:
    """Read one mail. Never raises, on any bytes.

    `received_at` is aware UTC. `own_addresses` are the hosts', in small letters: who may forward a
    booking site's mail by hand.
    """
    mail = opened(raw, received_at)
    address = address_of(mail)
    if address is None:
        return generic.read_of_several(mail)
    site = site_of(address)
    if site is None and address not in own_addresses:
        return generic.read(mail)
    if mail.is_disowned and (number := generic.number_in(mail)):
        return doubt(
            mail, "may be forged: the domain it is from does not vouch for it (DMARC)", number
        )
    if site is not None:
        return _READERS[site](mail)
    original = original_in(mail, own_addresses)
    if original is not None:
        site, mail = original
        return _READERS[site](mail)
    return generic.read_own(mail)


def message_id(raw: bytes) -> str:
    """Return the Message-ID or, for a mail without a usable one, `sha256:` and its hash.

    The same mail gives the same, from whichever mailbox it is read: line ends make no difference.
    """
    said = one_line(header_of(raw, "message-id"), LONGEST_ID + 1)
    if 0 < len(said) <= LONGEST_ID:
        return said
    return "sha256:" + hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest()
