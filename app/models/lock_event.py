"""What happened at the doors, by the locks' own logs; and guests who said a door stays shut."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.lock_words import Mistake, Refusal, Way
from app.models.access_code import AccessCode
from app.models.base import Base, Instant, pk, words
from app.models.door import Door


class LockEvent(Base):
    """One line of a lock's log, read from the provider; typed digits are compared, not kept."""

    __tablename__ = "lock_event"
    __table_args__ = (
        UniqueConstraint("door_id", "key"),
        Index("ix_lock_event_door_at", "door_id", "at"),
        Index("ix_lock_event_code", "code_id"),
    )

    id: Mapped[pk]
    door_id: Mapped[int] = mapped_column(ForeignKey("door.id"))
    key: Mapped[str]
    """The provider's own, so that reading a line twice stores it once."""
    at: Mapped[Instant]
    """By the lock's clock."""
    heard_at: Mapped[Instant]
    way: Mapped[Way] = mapped_column(words(Way))
    refusal: Mapped[Refusal | None] = mapped_column(words(Refusal))
    """None when it opened."""
    code_id: Mapped[int | None] = mapped_column(ForeignKey("access_code.id"))
    """The code of ours that was typed, whether it opened or not; of this or of another door."""
    mistake: Mapped[Mistake | None] = mapped_column(words(Mistake))
    """How what was typed differs from `code_id`'s digits; None when it does not."""
    who: Mapped[str | None]
    """What the provider calls the code or person, where it is none of ours."""

    door: Mapped[Door] = relationship(lazy="raise")
    code: Mapped[AccessCode | None] = relationship(lazy="raise")


class DoorHelp(Base):
    """A guest at a door that does not open, from their asking until it opened or a host closed it.

    What is found is worked out anew whenever it is shown; here stands what was set in motion.
    """

    __tablename__ = "door_help"
    __table_args__ = (
        CheckConstraint("closed_at IS NULL OR closed_at >= asked_at", name="closed"),
        Index(
            "uq_open_door_help",
            "door_id",
            "guest_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"), index=True)
    door_id: Mapped[int] = mapped_column(ForeignKey("door.id"))
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id"), index=True)
    asked_at: Mapped[Instant]
    looked_at: Mapped[Instant | None]
    """When the lock's log and state were read for it; None while that is under way."""
    look_fault: Mapped[str | None]
    """Why they could not be read, as a sentence."""
    hosts_told_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    closed_how: Mapped[str | None]

    door: Mapped[Door] = relationship(lazy="raise")
