"""Telling people things: only named events do, each once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Effect, Guest, Host, Medium, Message, MessageState
from app.services.outbox import order

AGAIN = "again"
"""Among a message's facts: it was sent before, and did not arrive."""

BY_MAIL = "by-mail"
"""Among a message's facts: what it says has been written as a mail, too."""

ORDERED_AT = "ordered-at"
"""Among the facts of a message that is sent again: when it was first ordered."""

WAITS_FOR_MAIL, WAITS_ALONE = timedelta(hours=1), timedelta(days=1)
"""How long a text waits for a person to mend what keeps it: where a mail can go instead, and where
none can."""

TEXTS_OUT = "texts-out"
"""The lane of all texts: one number sends them, a segment a second."""


class Event(StrEnum):
    """What a guest is told of; each has its texts in templates/messages/."""

    STAY_LINK = "stay_link"
    CHECK_IN_LINK = "check_in_link"
    """The same link, for a guest who has not checked in yet."""
    DATES_CHANGED = "dates_changed"
    ROOMS_CONFIRMED = "rooms_confirmed"
    ROOMS_CHANGED = "rooms_changed"
    STAY_CANCELLED = "stay_cancelled"
    CODE_CHANGED = "code_changed"
    CODE_LATE = "code_late"
    CODE_READY = "code_ready"


LINKS = (Event.STAY_LINK, Event.CHECK_IN_LINK)


def link_for(guest: Guest) -> Event:
    """Return the event that sends this guest the link to their page."""
    return Event.STAY_LINK if guest.checked_in_at is not None else Event.CHECK_IN_LINK


def tell(
    session: Session,
    guest: Guest,
    event: Event,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    medium: Medium | None = None,
) -> Message | None:
    """Order one message to the guest's phone, or mail where no phone is known.

    What several steps of one act, at one `now`, have to tell is told once. Returns None when
    neither is known.
    """
    if medium is None:
        medium = Medium.SMS if guest.phone else Medium.EMAIL
    address = guest.phone if medium == Medium.SMS else guest.email
    if not address:
        return None
    told = select(Message).filter_by(guest_id=guest.id, template=event, medium=medium)
    if (same := session.scalar(told.where(Message.created_at == now).limit(1))) is not None:
        return same
    message = Message(
        property_id=guest.property_id,
        guest_id=guest.id,
        medium=medium,
        address=address,
        template=event,
        facts=dict(facts or {}),
        state=MessageState.WAITING,
        created_at=now,
    )
    order_message(session, message, now)
    return message


def order_message(
    session: Session, message: Message, now: datetime, due_at: datetime | None = None
) -> None:
    """Store a message and order it to be sent; texts go out one after the other."""
    session.add(message)
    session.flush()
    lane = TEXTS_OUT if message.medium == Medium.SMS else None
    key = f"send-message:{message.id}"
    order(session, Effect.SEND_MESSAGE, message.id, key=key, now=now, lane=lane, due_at=due_at)


def send_again(session: Session, message: Message, now: datetime, after: timedelta) -> Message:
    """Order the same message once more, for later. The first one stays as it ended."""
    again = Message(
        property_id=message.property_id,
        guest_id=message.guest_id,
        host_id=message.host_id,
        medium=message.medium,
        address=message.address,
        template=message.template,
        facts={
            **message.facts,
            AGAIN: message.facts.get(AGAIN, 0) + 1,
            ORDERED_AT: _ordered_at(message).isoformat(),
        },
        body=message.body,
        state=MessageState.WAITING,
        created_at=now,
    )
    order_message(session, again, now, due_at=now + after)
    return again


def send_the_other_way(session: Session, message: Message, now: datetime) -> Message | None:
    """Order as a mail, once, what cannot arrive as a text, where an address is known."""
    if message.template is None or not _has_other_way(session, message):
        return None
    if message.facts.get(BY_MAIL):
        return None
    facts, message.facts = message.facts, {**message.facts, BY_MAIL: True}
    if message.guest_id is not None:
        guest = session.get_one(Guest, message.guest_id)
        return tell(session, guest, Event(message.template), now, facts, Medium.EMAIL)
    host = session.get_one(Host, message.host_id)
    letter = Message(
        property_id=message.property_id,
        host_id=host.id,
        medium=Medium.EMAIL,
        address=host.email,
        template=message.template,
        facts=facts,
        state=MessageState.WAITING,
        created_at=now,
    )
    order_message(session, letter, now)
    return letter


def may_wait(session: Session, message: Message, now: datetime) -> bool:
    """Tell whether a text is of use still once a person has mended what keeps it from going."""
    lasts = WAITS_FOR_MAIL if _has_other_way(session, message) else WAITS_ALONE
    return now < _ordered_at(message) + lasts


def _has_other_way(session: Session, message: Message) -> bool:
    if message.medium != Medium.SMS or message.template is None:
        return False
    return message.guest_id is None or bool(session.get_one(Guest, message.guest_id).email)


def _ordered_at(message: Message) -> datetime:
    ordered_at = message.facts.get(ORDERED_AT)
    return datetime.fromisoformat(ordered_at) if ordered_at else message.created_at
