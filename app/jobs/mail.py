"""Reading the mailbox: take, read with no transaction open, record."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.db import transaction
from app.domain.mails import message_id, read_mail
from app.domain.notices import BookingNotice, Doubtful, MailReading
from app.jobs.runtime import guarded, now, the_seals
from app.models import Host, Mailbox, MailOutcome, Origin, Property, SeenMail
from app.ports.errors import PortError
from app.ports.mail.inbox import IncomingMail
from app.services.enrichment import tend_matches
from app.services.lanes import hold_property
from app.services.notices import take_notices
from app.wiring import Ports
from config import Settings

LEASE = timedelta(minutes=3)
MOST_BATCHES = 40
"""In one go; what is left is read the next time."""

NOT_SET_UP = "No mailbox is set up."
BUSY = "Another process is reading the mailbox just now."
NOTHING_NEW = "Nothing new."


@guarded
def read(_ids: list[int]) -> None:
    """Read the mailbox (an RQ job)."""
    read_mailbox()


def read_mailbox() -> str:
    """Read what is new in the mailbox; return what it told, in words for the host."""
    ports: Ports = current_app.extensions["ports"]
    if ports.inbox is None:
        return NOT_SET_UP
    name = _name()
    if not _take(name):
        return BUSY
    told: Counter[str] = Counter()
    try:
        for _ in range(MOST_BATCHES):
            with transaction() as session:
                place = session.get_one(Mailbox, name).place
                own = set(session.scalars(select(Host.email)))
            batch = ports.inbox.read(place)
            readings = [(mail, read_mail(mail.raw, mail.received_at, own)) for mail in batch.mails]
            told += _record(name, batch.place, readings)
            if batch.is_complete:
                break
    except PortError as fault:
        with transaction() as session:
            box = session.get_one(Mailbox, name)
            box.fault, box.failing_since = fault.reason, box.failing_since or now()
        return f"{fault.reason} Nothing was changed."
    finally:
        with transaction() as session:
            session.get_one(Mailbox, name).leased_until = None
    return _in_words(told)


def _name() -> str:
    settings: Settings = current_app.extensions["settings"]
    return hashlib.sha256((settings.mailbox_url or "").encode()).hexdigest()[:32]


def _take(name: str) -> bool:
    at = now()
    with transaction() as session:
        if session.get(Mailbox, name) is None:
            session.add(Mailbox(name=name))
            session.flush()
        taken = session.scalar(
            update(Mailbox)
            .where(
                Mailbox.name == name,
                or_(Mailbox.leased_until.is_(None), Mailbox.leased_until < at),
            )
            .values(leased_until=at + LEASE)
            .returning(Mailbox.name)
        )
        return taken is not None


def _record(
    name: str, place: str, readings: Sequence[tuple[IncomingMail, MailReading]]
) -> Counter[str]:
    """Store one batch: every mail that was not seen before, and what follows from it."""
    at = now()
    told: Counter[str] = Counter()
    seals = the_seals()
    with transaction() as session:
        houses = session.scalars(select(Property.id).order_by(Property.id)).all()
        held = [hold_property(session, house_id) for house_id in houses]
        fresh = _unseen(session, readings)
        for mail_id, mail, reading in fresh:
            session.add(_seen(mail_id, mail, reading, at))
            told[_kind(reading)] += 1
        notices = [reading for _, _, reading in fresh if isinstance(reading, BookingNotice)]
        if notices:
            for house in held:
                take_notices(session, house, notices, Origin.MAIL, seals=seals, now=at)
                tend_matches(session, house, seals=seals, now=at)
        box = session.get_one(Mailbox, name)
        box.place, box.read_at, box.leased_until = place, at, at + LEASE
        box.failing_since = box.fault = None
    return told


def _unseen(
    session: Session, readings: Sequence[tuple[IncomingMail, MailReading]]
) -> list[tuple[str, IncomingMail, MailReading]]:
    by_id = {message_id(mail.raw): (mail, reading) for mail, reading in readings}
    seen = set(session.scalars(select(SeenMail.message_id).where(SeenMail.message_id.in_(by_id))))
    return [(mail_id, *pair) for mail_id, pair in by_id.items() if mail_id not in seen]


def _seen(mail_id: str, mail: IncomingMail, reading: MailReading, at: datetime) -> SeenMail:
    row = SeenMail(
        message_id=mail_id,
        received_at=mail.received_at,
        seen_at=at,
        outcome=MailOutcome.NOT_A_BOOKING,
    )
    if isinstance(reading, BookingNotice):
        row.outcome, row.reference = MailOutcome.NOTICE, reading.reference
    elif isinstance(reading, Doubtful):
        row.outcome, row.reference, row.why = (
            MailOutcome.DOUBTFUL,
            reading.number,
            reading.warning,
        )
    else:
        row.why = reading.reason
    return row


def _kind(reading: MailReading) -> str:
    if isinstance(reading, BookingNotice):
        return str(reading.kind)
    return "doubtful" if isinstance(reading, Doubtful) else "other"


def _in_words(told: Counter[str]) -> str:
    names = {
        "new": ("new booking", "new bookings"),
        "modified": ("modified", "modified"),
        "cancelled": ("cancelled", "cancelled"),
        "doubtful": ("in doubt", "in doubt"),
        "other": ("not about a booking", "not about a booking"),
    }
    said = [f"{told[kind]} {words[told[kind] > 1]}" for kind, words in names.items() if told[kind]]
    return ", ".join(said) + "." if said else NOTHING_NEW
