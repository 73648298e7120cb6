"""Telling people things: only named events do, each once."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.models import Effect, Guest, Medium, Message, MessageState
from app.services.outbox import order

TEXTS_OUT = "texts-out"
"""The lane of all texts: one number sends them, a segment a second."""


class Event(StrEnum):
    """What a guest is told of; each has its texts in templates/messages/."""

    STAY_LINK = "stay_link"
    DATES_CHANGED = "dates_changed"
    ROOMS_CONFIRMED = "rooms_confirmed"
    ROOMS_CHANGED = "rooms_changed"
    STAY_CANCELLED = "stay_cancelled"


def tell(
    session: Session,
    guest: Guest,
    event: Event,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    medium: Medium | None = None,
) -> Message | None:
    """Order one message to the guest's phone, or mail where no phone is known.

    Returns None when neither is known.
    """
    if medium is None:
        medium = Medium.SMS if guest.phone else Medium.EMAIL
    address = guest.phone if medium == Medium.SMS else guest.email
    if not address:
        return None
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
    session.add(message)
    session.flush()
    order_message(session, message, now)
    return message


def order_message(session: Session, message: Message, now: datetime) -> None:
    """Order a stored message to be sent; texts go out one after the other."""
    lane = TEXTS_OUT if message.medium == Medium.SMS else None
    key = f"send-message:{message.id}"
    order(session, Effect.SEND_MESSAGE, message.id, key=key, now=now, lane=lane)
