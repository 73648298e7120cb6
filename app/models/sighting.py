"""What one source last said of a reservation."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.nights import Nights
from app.domain.readings import Kind
from app.models.base import Base, Instant, pk, words


class Origin(StrEnum):
    FEED = "feed"
    HOST = "host"
    EXPORT = "export"
    MAIL = "mail"
    GUEST = "guest"


class Sighting(Base):
    """One source's word, under its own id. Only that source changes or withdraws it."""

    __tablename__ = "sighting"
    __table_args__ = (
        UniqueConstraint("source", "own_id"),
        CheckConstraint("departure > arrival", name="nights"),
        CheckConstraint("(origin = 'feed') = (feed_id IS NOT NULL)", name="feed"),
        Index("ix_sighting_feed_id_departure", "feed_id", "departure"),
    )

    id: Mapped[pk]
    reservation_id: Mapped[int] = mapped_column(ForeignKey("reservation.id"), index=True)
    origin: Mapped[Origin] = mapped_column(words(Origin))
    source: Mapped[str]
    """Which one exactly: `feed:3`, `host`, `mail`, `export:booking.com`; the scope of `own_id`."""
    own_id: Mapped[str]
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feed.id"))
    kind: Mapped[Kind] = mapped_column(words(Kind))
    arrival: Mapped[date]
    departure: Mapped[date]
    reference: Mapped[str | None]
    name: Mapped[str | None]
    phone_ending: Mapped[str | None]
    first_seen_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    missing_since: Mapped[Instant | None]
    withdrawn_at: Mapped[Instant | None]

    @property
    def nights(self) -> Nights:
        return Nights(self.arrival, self.departure)

    @property
    def is_asserted(self) -> bool:
        return self.withdrawn_at is None
