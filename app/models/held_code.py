"""Codes that locks hold and that are none of ours."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant, pk


class Stranger(Base):
    """A code on a lock that we did not put there: reported, never touched, its digits avoided."""

    __tablename__ = "stranger"
    __table_args__ = (
        UniqueConstraint("door_id", "provider_ref"),
        Index("ix_stranger_door_digits", "door_id", "digits_hash"),
    )

    id: Mapped[pk]
    door_id: Mapped[int] = mapped_column(ForeignKey("door.id"))
    provider_ref: Mapped[str]
    name: Mapped[str]
    digits_hash: Mapped[str]
    valid_from: Mapped[Instant | None]
    valid_until: Mapped[Instant | None]
    """None, like `valid_from`, when it opens for ever or the provider cannot say."""
    first_seen_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
