"""Telling people things: only named events do, each once."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.models import Effect, Guest, Medium, Message, MessageState
from app.services.outbox import order


class Event(StrEnum):
    """What a guest is told of; each has its texts in templates/messages/."""

    STAY_LINK = "stay_link"
    DATES_CHANGED = "dates_changed"
    ROOMS_CHANGED = "rooms_changed"
    STAY_CANCELLED = "stay_cancelled"


def tell(
    session: Session,
    guest: Guest,
    event: Event,
    now: datetime,
    facts: Mapping[str, str] | None = None,
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
    key = f"send-message:{message.id}"
    order(session, Effect.SEND_MESSAGE, message.id, key=key, now=now)
    return message
