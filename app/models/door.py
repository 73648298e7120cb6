"""Doors, and the taps that open them from afar."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.lock_lanes import lane_of
from app.models.base import Base, Instant, pk, words
from app.models.property import Property, Room


class Door(Base):
    """What is opened; of one room, or shared by the property when it has none."""

    __tablename__ = "door"
    __table_args__ = (
        UniqueConstraint("provider", "lock_id"),
        UniqueConstraint("property_id", "name"),
        CheckConstraint("battery_percent BETWEEN 0 AND 100", name="battery_percent"),
    )

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    name: Mapped[str]
    provider: Mapped[str]
    lock_id: Mapped[str]
    """The provider's own id of the lock."""
    gateway_id: Mapped[str | None]
    """The gateway with the best signal, as the provider last said; commands to one run singly."""
    gateway_online: Mapped[bool | None]
    battery_percent: Mapped[int | None]
    seen_at: Mapped[Instant | None]
    """When the gateway, or the lock itself, was last heard of."""
    opens_remotely: Mapped[bool | None]
    gives_offline_codes: Mapped[bool] = mapped_column(default=False)
    """The provider can make codes for it that need no gateway."""
    keypad: Mapped[str | None]
    """The digits on its keys, where some are missing: no code may need another."""
    utc_offset_minutes: Mapped[int | None]
    """What its lock is set to, where the provider says; see `app/domain/lock_zones.py`."""
    zone_read_at: Mapped[Instant | None]
    how_to_open: Mapped[str | None]
    """The steps at this door, for guests: how its keypad is woken, which way the handle turns."""
    synced_at: Mapped[Instant | None]
    """When what it holds was last compared with what it should hold."""
    sync_due_at: Mapped[Instant | None]
    """When to compare next; None when it never was planned, which means now."""
    sync_fault: Mapped[str | None]
    """Why the last comparison did not come about: what the lock holds is then not known."""
    log_read_at: Mapped[Instant | None]
    """Up to when the provider's log of it has been read."""
    log_due_at: Mapped[Instant | None]

    house: Mapped[Property] = relationship(lazy="raise")
    room: Mapped[Room | None] = relationship(lazy="raise")

    @property
    def is_shared(self) -> bool:
        return self.room_id is None

    @property
    def lane(self) -> str:
        """Commands of one lane never run at once."""
        return lane_of(self.provider, self.lock_id, self.gateway_id)


class UnlockState(StrEnum):
    WAITING = "waiting"
    BEGUN = "begun"
    OPENED = "opened"
    FAILED = "failed"
    DROPPED = "dropped"
    """Not begun in time; nothing was sent to the lock."""
    UNKNOWN = "unknown"
    """Sent, and no clear answer came; the door may have opened."""


class UnlockRequest(Base):
    """One tap on an Unlock button. It is begun at most once, and never after `expires_at`."""

    __tablename__ = "unlock_request"
    __table_args__ = (
        CheckConstraint("(guest_id IS NULL) <> (host_id IS NULL)", name="one_asker"),
        CheckConstraint("begun_at IS NULL OR begun_at < expires_at", name="begun_in_time"),
        Index("uq_unlock_request_asked_by_id", "asked_by_id", unique=True),
        Index(
            "uq_unlock_request_open_guest",
            "door_id",
            "guest_id",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'begun')"),
            sqlite_where=text("state IN ('waiting', 'begun')"),
        ),
    )

    id: Mapped[pk]
    door_id: Mapped[int] = mapped_column(ForeignKey("door.id"), index=True)
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id"), index=True)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("host.id"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    """The text that asked for it, to be answered when it has ended."""
    state: Mapped[UnlockState] = mapped_column(words(UnlockState), default=UnlockState.WAITING)
    detail: Mapped[str | None]
    """Why it failed, as a sentence for the person at the door."""
    requested_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    begun_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]

    door: Mapped[Door] = relationship(lazy="raise")

    @property
    def is_open(self) -> bool:
        """Still to be answered."""
        return self.state in (UnlockState.WAITING, UnlockState.BEGUN)

    def end(self, state: UnlockState, at: datetime, detail: str | None = None) -> None:
        self.state, self.ended_at, self.detail = state, at, detail
