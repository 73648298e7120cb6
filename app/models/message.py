"""One SMS or mail, out (or in)."""

from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey
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
    RECEIVED = "received"


class Message(Base):
    """What was said to whom. The text is made when it is sent, so that no link lies in here."""

    __tablename__ = "message"
    __table_args__ = (CheckConstraint("address <> ''", name="address"),)

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"))
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id"), index=True)
    medium: Mapped[Medium] = mapped_column(words(Medium))
    address: Mapped[str]
    """E.164 number or mail address."""
    template: Mapped[str | None]
    """Which text, of templates/messages/; None for what came in."""
    facts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """What the text tells beside the guest's and property's own facts."""
    body: Mapped[str | None]
    """What came in; never what went out."""
    provider_ref: Mapped[str | None] = mapped_column(unique=True)
    """The sender's own id (MessageSid, Message-ID)."""
    state: Mapped[MessageState] = mapped_column(words(MessageState))
    fault: Mapped[str | None]
    created_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
