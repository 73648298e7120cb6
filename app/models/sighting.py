"""What one source last said of a reservation."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.nights import Nights
from app.domain.readings import Kind, Reading
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

    def take(self, reading: Reading, at: datetime) -> None:
        """Let the source say it anew; what it leaves empty stays as it was."""
        self.own_id, self.kind = reading.own_id, reading.kind
        self.arrival, self.departure = reading.nights.arrival, reading.nights.departure
        self.reference = reading.reference or self.reference
        self.name = reading.name or self.name
        self.phone_ending = reading.phone_ending or self.phone_ending
        self.missing_since, self.last_seen_at = None, at

    @property
    def is_asserted(self) -> bool:
        return self.withdrawn_at is None
