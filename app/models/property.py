"""A property, its rooms, and the channels' names for them."""

from datetime import time
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.windows import HouseTimes
from app.models.base import Base, Instant, pk


class Property(Base):
    """One building or site."""

    __tablename__ = "property"
    __table_args__ = (
        CheckConstraint("code_length BETWEEN 4 AND 9", name="code_length"),
        CheckConstraint("retention_months BETWEEN 1 AND 120", name="retention_months"),
    )

    id: Mapped[pk]
    name: Mapped[str] = mapped_column(unique=True)
    timezone: Mapped[str]
    """IANA name."""
    check_in: Mapped[time]
    check_out: Mapped[time]
    phone: Mapped[str | None]
    """E.164; also decides the country that guests' numbers are guessed to be from."""
    address: Mapped[str | None]
    directions: Mapped[str | None]
    wifi_name: Mapped[str | None]
    wifi_password: Mapped[str | None]
    house_guide: Mapped[str | None]
    house_rules: Mapped[str | None]
    asks_car: Mapped[bool] = mapped_column(default=False)
    code_length: Mapped[int] = mapped_column(default=6)
    retention_months: Mapped[int] = mapped_column(default=12)
    spare_codes: Mapped[bool] = mapped_column(default=False)
    """Load a spare code on each door for the next arrival, should the guest's own not arrive."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def house_times(self) -> HouseTimes:
        return HouseTimes(self.check_in, self.check_out)


class Room(Base):
    """What is booked. `number` is what hosts call it in text commands."""

    __tablename__ = "room"
    __table_args__ = (
        UniqueConstraint("property_id", "number"),
        CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"))
    number: Mapped[int]
    name: Mapped[str]

    house: Mapped[Property] = relationship(lazy="raise")


class UnitType(Base):
    """A channel's name for a room; several rooms may bear the same."""

    __tablename__ = "unit_type"
    __table_args__ = (UniqueConstraint("room_id", "name"),)

    id: Mapped[pk]
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    name: Mapped[str]
    told_at: Mapped[Instant | None]
    """When a host said so while importing; None for a name from the setup file."""
