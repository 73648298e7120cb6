"""One SMS or mail, out (or in)."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant, pk, words


class Medium(StrEnum):
    SMS = "sms"
    EMAIL = "email"


class MessageState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"
    """What it said was no longer so when it could have been sent."""
    RECEIVED = "received"


class Message(Base):
    """What was said to whom. The text is made when it is sent, so that no link lies in here."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("address <> ''", name="address"),
        Index("uq_message_reply_to_id", "reply_to_id", unique=True),
    )

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"))
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id"), index=True)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("host.id"), index=True)
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    """The text it answers: each is answered once."""
    medium: Mapped[Medium] = mapped_column(words(Medium))
    address: Mapped[str]
    """E.164 number or mail address."""
    template: Mapped[str | None]
    """Which text, of templates/messages/; None for what came in and for answers to it."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the text tells beside the guest's and property's own facts."""
    body: Mapped[str | None]
    """What came in, or what a host is answered; no code lies in here."""
    provider_ref: Mapped[str | None] = mapped_column(unique=True)
    """The sender's own id (MessageSid, Message-ID)."""
    state: Mapped[MessageState] = mapped_column(words(MessageState))
    fault: Mapped[str | None]
    created_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
