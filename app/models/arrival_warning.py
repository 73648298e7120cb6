"""Hosts warned that an arrival may stand before a closed door."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant, pk


class ArrivalWarning(Base):
    """One warning: hosts are told of a no-go 24, 6 and 2 hours before arrival, once each."""

    __tablename__ = "arrival_warning"
    __table_args__ = (
        UniqueConstraint("reservation_id", "hours"),
        CheckConstraint("hours IN (2, 6, 24)", name="hours"),
    )

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"), index=True)
    reservation_id: Mapped[int] = mapped_column(ForeignKey("reservation.id"))
    hours: Mapped[int]
    told_at: Mapped[Instant]
