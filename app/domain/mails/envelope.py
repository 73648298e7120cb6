"""A mail's bytes into what its reader sees: from whom, subject, text and links; nothing more."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime

from app.domain.mails.folding import plain
from app.domain.mails.headers import address_in, text_of
from app.domain.mails.html_text import MOST_LINKS, read_html
from app.domain.mails.parts import header, headers, parsed, parsed_headers, texts

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = timedelta(days=1)
"""How far a sender's clock may be ahead of ours."""

_MOST_SENDERS = 5
_URL = re.compile(r"https?://[^\s<>\"]{1,2000}")


@dataclass(frozen=True)
class Envelope:
    """One mail, opened. All texts have one kind of space (`folding.plain`)."""

    sender: str | None
    """The one address of the one From header; None where that is not so."""
    sender_text: str
    """What From shows, names and all."""
    subject: str
    text: str
    """The plain one or, without one, what the HTML shows."""
    links: tuple[str, ...]
    said_at: datetime
    """Of the Date header where it can be believed, aware UTC."""
    template: str
    """Airbnb's X-Template, which is the same in all languages."""
    is_disowned: bool
    """The receiving server asked, and the sender's domain does not vouch for the mail (DMARC)."""


def opened(raw: bytes, received_at: datetime) -> Envelope:
    """Open a mail. Never raises."""
    mail = parsed(raw)
    senders = headers(mail, "from")
    text, links = _text_and_links(mail)
    verdicts = headers(mail, "authentication-results")
    return Envelope(
        sender=address_in(senders[0]) if len(senders) == 1 else None,
        sender_text=" ".join(map(text_of, senders[:_MOST_SENDERS])),
        subject=text_of(header(mail, "subject")),
        text=text,
        links=links,
        said_at=_said_at(header(mail, "date"), received_at),
        template=text_of(header(mail, "x-template")).upper(),
        is_disowned=any("dmarc=fail" in verdict.lower() for verdict in verdicts),
    )


def header_of(raw: bytes, name: str) -> str:
    """Return one header of a mail, decoded; "" when it is missing. Never raises."""
    return text_of(header(parsed_headers(raw), name))


def _said_at(written: str, received_at: datetime) -> datetime:
    try:
        said = parsedate_to_datetime(text_of(written))
        at = said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return received_at
    return at if EARLIEST <= at <= received_at + LATEST else received_at


def _text_and_links(mail: Message) -> tuple[str, tuple[str, ...]]:
    from_plain: list[str] = []
    from_html: list[str] = []
    links: list[str] = []
    for one in texts(mail):
        if one.is_html:
            page = read_html(one.words)
            from_html.append(plain(page.text))
            links.extend(page.links)
        else:
            from_plain.append(plain(one.words))
            links.extend(_URL.findall(one.words)[:MOST_LINKS])
    text = next((text for text in from_plain + from_html if text.strip()), "")
    return text, tuple(links)
