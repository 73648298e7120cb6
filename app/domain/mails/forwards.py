"""Mails that a host forwards by hand: the original stands below, with its own From and Subject."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, time

from app.domain.mails.dates import date_in
from app.domain.mails.envelope import Envelope
from app.domain.mails.senders import site_of

MOST_TEXT = 50_000
"""Characters in which the original's headers are looked for."""

_FORWARD = r"fwd?|wg|wtr|tr|rv|enc|i|doorst|vs|vb|vl|pd|tov|ynt|пересл|转发|轉寄|転送"
_ANSWER = r"re|aw|antw|sv|r|res|odp|ref|ant|回复|返信"
_FORWARDED = re.compile(rf"\s*(?:(?:{_ANSWER})\s*:\s*)*(?:{_FORWARD})\s*:", re.IGNORECASE)
_ANSWERED = re.compile(rf"\s*(?:{_ANSWER})\s*:", re.IGNORECASE)
_PREFIXES = re.compile(rf"\s*(?:(?:{_FORWARD}|{_ANSWER})\s*(?:\[\d+\])?\s*:\s*)*", re.IGNORECASE)
_QUOTED = r"^[> \t|*_]*(?:{0})[ \t*_]*:[ \t*_]*(?P<said>[^\n]*)$"
_FROM = re.compile(
    _QUOTED.format(
        "from|von|de|da|van|od|fra|från|frá|mittente|expéditeur|lähettäjä|feladó|kimden|gönderen|"
        "от|від|από|remitente|remetente|差出人|发件人|寄件者|보낸 사람"
    ),
    re.IGNORECASE | re.MULTILINE,
)
_SUBJECT = re.compile(
    _QUOTED.format(
        "subject|betreff|objet|oggetto|asunto|assunto|onderwerp|temat|předmět|predmet|emne|ämne|"
        "aihe|tárgy|konu|subiect|тема|θέμα|件名|主题|主旨|제목"
    ),
    re.IGNORECASE | re.MULTILINE,
)
_SENT = re.compile(
    _QUOTED.format(
        "date|sent|datum|gesendet|envoyé|data|inviato|fecha|enviado|enviada|verzonden|dato|sendt|"
        "skickat|lähetetty|wysłano|odesláno|dátum|elküldve|tarih|дата|отправлено|日付|日期"
    ),
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[^\s<>()\[\],;:\"'*]+")
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3]):([0-5]\d)(?::\d\d)?\s*([ap])?\.?m?", re.IGNORECASE)


def is_forwarded(subject: str) -> bool:
    return bool(_FORWARDED.match(subject))


def is_answer(subject: str) -> bool:
    return bool(_ANSWERED.match(subject)) and not is_forwarded(subject)


def original_in(mail: Envelope, own_addresses: Collection[str]) -> tuple[str, Envelope] | None:
    """Return the booking site that the forwarded mail was from, and that mail.

    The first quoted From that is no host's own decides: what a stranger forwarded to the host, who
    forwarded it here, is the stranger's. None when there is none, or it is no booking site.
    """
    text = mail.text[:MOST_TEXT]
    for quoted in _FROM.finditer(text):
        addresses = {found.lower() for found in _ADDRESS.findall(quoted["said"])}
        if len(addresses) != 1:
            return None
        (address,) = addresses
        if address in own_addresses:
            continue
        site = site_of(address)
        return (site, _original(mail, text, quoted.start())) if site else None
    return None


def _original(mail: Envelope, text: str, start: int) -> Envelope:
    above, text = text[:start], text[start:]
    subject = _PREFIXES.sub("", mail.subject, count=1)
    if not is_forwarded(mail.subject) and (quoted := _SUBJECT.search(text)):
        subject = _PREFIXES.sub("", quoted["said"].strip(), count=1)
    sent = _SENT.search(text)
    said_at = _moment(sent["said"]) if sent else None
    return replace(
        mail,
        subject=subject,
        text=text,
        links=tuple(link for link in mail.links if link not in above),
        said_at=min(said_at or mail.said_at, mail.said_at),
    )


def _moment(text: str) -> datetime | None:
    """Read when the original was sent; its zone is not said, and UTC near enough for an order."""
    day = date_in(text)
    if day is None:
        return None
    clock = _CLOCK.search(text)
    if clock is None:
        return datetime.combine(day, time(), UTC)
    hour, minute, half = clock.groups()
    in_day = int(hour) % 12 + (12 if half.lower() == "p" else 0) if half else int(hour)
    return datetime.combine(day, time(in_day, int(minute)), UTC)
