"""What a mail, an export's row or a guest's claim says of one booking, wherever it belongs."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.notices import BookingNotice, NoticeKind
from app.models.base import Base, Instant, pk, words
from app.models.sighting import Origin


class Notice(Base):
    """One source's last word on one booking: one row per source and reference.

    Until it is known which reservations it means, it is a candidate of enrichment; what it says of
    each of them is then a sighting.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("property_id", "origin", "reference"),
        CheckConstraint("reference <> ''", name="reference"),
        CheckConstraint("origin IN ('mail', 'export', 'guest')", name="source"),
        CheckConstraint("departure IS NULL OR departure > arrival", name="nights"),
        Index("ix_notice_property_arrival", "property_id", "arrival"),
    )

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"))
    origin: Mapped[Origin] = mapped_column(words(Origin))
    channel: Mapped[str | None]
    """None for a guest's claim: they need not know where they booked."""
    kind: Mapped[NoticeKind] = mapped_column(words(NoticeKind))
    reference: Mapped[str]
    arrival: Mapped[date | None]
    departure: Mapped[date | None]
    name: Mapped[str | None]
    phone_ending: Mapped[str | None]
    party_size: Mapped[int | None]
    said_at: Mapped[Instant]
    """When its source last said it."""
    first_seen_at: Mapped[Instant]
    dismissed_at: Mapped[Instant | None]
    """When a host said that it is nothing of ours."""

    def take(self, said: BookingNotice) -> bool:
        """Let the source say it anew; False when it says nothing later than what is known.

        What a later word leaves empty is known all the same.
        """
        if said.said_at < self.said_at:
            return False
        before = self._facts()
        self.kind, self.said_at = said.kind, said.said_at
        self.channel = said.channel
        if said.arrival is not None:
            # The dates belong together: a new arrival makes the old departure worthless.
            self.departure = said.departure or (
                self.departure if said.arrival == self.arrival else None
            )
            self.arrival = said.arrival
        self.name = said.name or self.name
        self.phone_ending = said.phone_ending or self.phone_ending
        self.party_size = said.party_size or self.party_size
        return self._facts() != before

    def _facts(self) -> tuple[object, ...]:
        return (
            self.kind,
            self.arrival,
            self.departure,
            self.name,
            self.phone_ending,
            self.party_size,
        )
