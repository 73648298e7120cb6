"""Phones that have silenced us, or no longer do: the carrier keeps to it, whatever we send."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.models import Host, Message
from app.services.history import record


def stop_texts(session: Session, host: Host, *, actor: str, now: datetime) -> None:
    """Write to a host by mail from now on."""
    if host.texts_stopped_at is None:
        host.texts_stopped_at = now
        house = host.property_id
        record(session, host, "texts-stopped", actor=actor, at=now, property_id=house)


def resume_texts(session: Session, host: Host, *, actor: str, now: datetime) -> None:
    """Text a host again."""
    if host.texts_stopped_at is not None:
        host.texts_stopped_at = None
        house = host.property_id
        record(session, host, "texts-resumed", actor=actor, at=now, property_id=house)


def note_refusal(session: Session, message: Message, now: datetime) -> None:
    """Heed that the text service sends this phone nothing: its STOP need not have reached us.

    Guests are written to by mail, text by text, where one is refused.
    """
    host = session.get(Host, message.host_id) if message.host_id is not None else None
    if host is not None and host.phone == message.address:
        stop_texts(session, host, actor="twilio", now=now)
