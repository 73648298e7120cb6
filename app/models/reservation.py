"""One room, one arrival, one departure."""

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.nights import Nights
from app.domain.standing import Status
from app.models.base import Base, Instant, pk, words
from app.models.guest import Guest
from app.models.property import Room


class Reservation(Base):
    """Nights of one room.

    That two confirmed ones never share a night is a constraint made in the migration: an exclusion
    constraint on PostgreSQL, triggers on SQLite.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("departure > arrival", name="nights"),
        CheckConstraint("reference <> ''", name="reference"),
        Index("ix_reservation_property_reference", "property_id", "reference"),
        Index("ix_reservation_property_departure", "property_id", "departure"),
        Index("ix_reservation_property_arrival", "property_id", "arrival"),
        Index("ix_reservation_room_departure", "room_id", "departure"),
    )

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"))
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id"), index=True)
    reference: Mapped[str | None]
    arrival: Mapped[date]
    departure: Mapped[date]
    """Exclusive: the day they leave."""
    status: Mapped[Status] = mapped_column(words(Status))
    confirmed_at: Mapped[Instant | None]
    """When it was first certain: a disputed stay keeps the access it has, if it had any."""
    unconfirmed_at: Mapped[Instant | None]
    """Since when its reference waits for a host's OK: until then no code is made for it."""
    question: Mapped[str | None]
    """What the host is asked about it while it is disputed."""
    modified_at: Mapped[Instant | None]
    """When a mail told that the booking was modified; until a host has looked at it."""
    channel: Mapped[str | None]
    name: Mapped[str | None]
    """Who the sources say it is; the guest's own word is on the guest."""
    phone_ending: Mapped[str | None]
    early_check_in: Mapped[time | None]
    late_check_out: Mapped[time | None]
    appeared_at: Mapped[Instant]
    checked_in_by_host_at: Mapped[Instant | None]
    """When a host's check-in linked it to its guest; for a minute that can be undone."""

    room: Mapped[Room] = relationship(lazy="raise")
    guest: Mapped[Guest | None] = relationship(lazy="raise")

    @property
    def nights(self) -> Nights:
        return Nights(self.arrival, self.departure)

    @property
    def is_stay(self) -> bool:
        """Somebody's, and not called off."""
        return self.status in (Status.CONFIRMED, Status.DISPUTED)

    @property
    def is_unconfirmed(self) -> bool:
        """Bears a reference that a host has yet to say OK to."""
        return self.unconfirmed_at is not None

    @property
    def holds(self) -> bool:
        """Gives access: certain, or once certain and now in dispute."""
        return self.is_stay and self.confirmed_at is not None
