"""A channel's calendar URL for one room, and what it answered."""

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Instant, pk
from app.models.property import Room


class Feed(Base):
    """`url` is a secret: whoever has it can read when the room is empty."""

    __tablename__ = "feed"
    __table_args__ = (UniqueConstraint("room_id", "url"),)

    id: Mapped[pk]
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    channel: Mapped[str]
    url: Mapped[str]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    fingerprint: Mapped[str | None]
    """Of the last content read; equal means nothing to read."""
    next_fetch_at: Mapped[Instant]
    leased_until: Mapped[Instant | None]
    fetched_at: Mapped[Instant | None]
    """Last try, good or bad."""
    read_at: Mapped[Instant | None]
    """Last good answer."""
    asked_at: Mapped[Instant | None]
    """When that answer was asked for: it knows nothing of what came later."""
    failing_since: Mapped[Instant | None]
    fault: Mapped[str | None]
    """What went wrong in the last try, as a sentence for the host."""
    outcome: Mapped[str | None]
    """What was changed when it last changed anything, in words for the host."""
    changed_at: Mapped[Instant | None]
    hold: Mapped[str | None]
    """Why withdrawals are held back until the host answers."""
    loss_accepted: Mapped[bool] = mapped_column(default=False)
    """The host said that the vanished reservations are really gone; spent by the next fetch."""
    retired_at: Mapped[Instant | None]
    """No longer configured; kept because sightings tell of it."""

    room: Mapped[Room] = relationship(lazy="raise")


class FeedSnapshot(Base):
    """A raw answer that differed from the one before, kept 30 days to be read and replayed."""

    __tablename__ = "feed_snapshot"

    id: Mapped[pk]
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"), index=True)
    fetched_at: Mapped[Instant] = mapped_column(index=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    """zlib-compressed."""
