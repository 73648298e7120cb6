"""Codes for cleaners, owners and tradespeople: the same digits on each of their doors."""

from datetime import time

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Instant, pk


class StaffCode(Base):
    """One person's code. Its digits and what the locks hold of it are AccessCodes, one a door."""

    __tablename__ = "staff_code"
    __table_args__ = (
        CheckConstraint("label <> ''", name="label"),
        CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="window"),
        CheckConstraint("days BETWEEN 1 AND 127", name="days"),
        CheckConstraint("(from_time IS NULL) = (until_time IS NULL)", name="hours"),
    )

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"), index=True)
    label: Mapped[str]
    """Whose it is, as the host calls them."""
    all_doors: Mapped[bool] = mapped_column(default=False)
    """Every door of the property, those added later too; else those of `StaffCodeDoor`."""
    valid_from: Mapped[Instant]
    valid_until: Mapped[Instant | None]
    """None: until a host ends it."""
    days: Mapped[int] = mapped_column(default=127)
    """Days it opens on, as bits: 1 is Monday, 64 Sunday, in the property's time zone."""
    from_time: Mapped[time | None]
    until_time: Mapped[time | None]
    """Hours of those days, local; None, like `from_time`, for the whole day."""
    created_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    """When a host ended it."""

    doors: Mapped[list["StaffCodeDoor"]] = relationship(lazy="raise")


class StaffCodeDoor(Base):
    """One door that a staff code is for."""

    __tablename__ = "staff_code_door"

    staff_code_id: Mapped[int] = mapped_column(
        ForeignKey("staff_code.id", ondelete="CASCADE"), primary_key=True
    )
    door_id: Mapped[int] = mapped_column(ForeignKey("door.id"), primary_key=True)
