"""Rows the running system keeps about itself."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant, pk


class Beat(Base):
    """The last sign of life of a recurring job."""

    __tablename__ = "beat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[Instant]


class Throttle(Base):
    """Failed tries of one kind by one key (an address, a reference) within a period."""

    __tablename__ = "throttle"
    __table_args__ = (
        UniqueConstraint("scope", "key_hash"),
        CheckConstraint("failures >= 0", name="failures"),
    )

    id: Mapped[pk]
    scope: Mapped[str]
    key_hash: Mapped[str]
    """Keyed hash: neither addresses nor references are kept here."""
    since: Mapped[Instant]
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[Instant | None]


class ProviderToken(Base):
    """A lock provider's access token, sealed, shared by all processes."""

    __tablename__ = "provider_token"

    provider: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes | None]
    leased_until: Mapped[Instant | None]
    """Set while one process renews it; no transaction stays open for that."""
    expires_at: Mapped[Instant | None]


class LaneRest(Base):
    """A lane that is left alone for a while, because its gateway did not answer."""

    __tablename__ = "lane_rest"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)

    lane: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    """In a row."""
    failing_since: Mapped[Instant | None]
    rests_until: Mapped[Instant | None]


class CallCount(Base):
    """Calls made to a lock provider in one month of its own calendar."""

    __tablename__ = "call_count"
    __table_args__ = (CheckConstraint("calls >= 0", name="calls"),)

    provider: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    """`2026-11`."""
    calls: Mapped[int] = mapped_column(default=0)
