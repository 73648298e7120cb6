"""The mailbox as far as it was read, and every mail that was seen in it."""

from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant, pk, words


class Mailbox(Base):
    """How far the one mailbox of the settings was read."""

    __tablename__ = "mailbox"

    name: Mapped[str] = mapped_column(primary_key=True)
    """A hash of its address; the address holds a password."""
    place: Mapped[str | None]
    """Where to go on reading; the port's own words."""
    leased_until: Mapped[Instant | None]
    read_at: Mapped[Instant | None]
    """Last good reading."""
    failing_since: Mapped[Instant | None]
    fault: Mapped[str | None]
    """What went wrong in the last try, as a sentence for the host."""


class MailOutcome(StrEnum):
    NOTICE = "notice"
    """It told of a booking."""
    NOT_A_BOOKING = "not-a-booking"
    DOUBTFUL = "doubtful"
    """Not believed, or not understood: the host is told."""


class SeenMail(Base):
    """One mail that was read; its words are not kept. Seen once, whatever the mailbox does."""

    __tablename__ = "seen_mail"
    __table_args__ = (Index("ix_seen_mail_outcome_seen_at", "outcome", "seen_at"),)

    id: Mapped[pk]
    message_id: Mapped[str] = mapped_column(unique=True)
    received_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    outcome: Mapped[MailOutcome] = mapped_column(words(MailOutcome))
    reference: Mapped[str | None]
    """Of the booking; of a doubtful mail, what looks like one."""
    why: Mapped[str | None]
    """Why it is no booking, or is doubted, as a sentence for the host."""
    dismissed_at: Mapped[Instant | None]
    """When a host had seen the warning."""
