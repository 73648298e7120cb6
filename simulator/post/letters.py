"""What a channel has to say, and how a mail is made of it."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

WIDTH = 76
AS_IN_A_FILE = SMTP.clone(linesep="\n", cte_type="7bit", max_line_length=WIDTH)


@dataclass(frozen=True)
class News:
    """What became of a booking, in the house's own dates."""

    kind: str
    """`new`, `modified` or `cancelled`."""
    reference: str
    guest: str
    arrival: date
    """The first of all its rooms."""
    departure: date
    """The last of all its rooms."""
    house: str
    language: str
    written_on: date


@dataclass(frozen=True)
class Letter:
    """A mail still without envelope. `text` or `html` may be empty, not both."""

    sender: str
    subject: str
    text: str = ""
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    transfer: str = "quoted-printable"
    """Or `base64`."""


def as_mail(letter: Letter, message_id: str, to: str, at: datetime) -> bytes:
    """Write a letter as mail (ASCII, lines ending as in a maildir)."""
    headers = (
        ("From", letter.sender),
        ("To", to),
        ("Subject", letter.subject),
        ("Date", format_datetime(at)),
        ("Message-ID", message_id),
        *letter.headers,
    )
    lines = "".join(f"{name}: {_value(name, value)}\n" for name, value in headers)
    return lines.encode("ascii") + _content(letter).as_bytes()


def _value(name: str, value: str) -> str:
    """Code foreign letters, and fold a long line at a space.

    By the older of Python's two ways: the newer one (`EmailMessage`) leaves the first line empty,
    or doubles a space at a fold, neither of which these senders do.
    """
    value = re.sub(r"\s*[\r\n]\s*", " ", value)
    charset = "us-ascii" if value.isascii() else "utf-8"
    header = Header(value, charset, maxlinelen=WIDTH, header_name=name)
    return header.encode(splitchars=" ")


def _content(letter: Letter) -> EmailMessage:
    content = EmailMessage(policy=AS_IN_A_FILE)
    if letter.text:
        content.set_content(letter.text, cte=letter.transfer)
    if letter.html and letter.text:
        content.add_alternative(letter.html, subtype="html", cte=letter.transfer)
        content.set_boundary(f"=_part_{secrets.token_hex(8)}")
    elif letter.html:
        content.set_content(letter.html, subtype="html", cte=letter.transfer)
    return content
