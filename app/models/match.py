"""One open question of enrichment."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant, pk, words


class MatchState(StrEnum):
    SEARCHING = "searching"
    WAITING = "waiting"
    """For the host's answer."""
    SETTLED = "settled"
    DROPPED = "dropped"


class Match(Base):
    """A reservation without a reference, or a reference or claim without a reservation."""

    __tablename__ = "match"
    __table_args__ = (Index("ix_match_property_arrival", "property_id", "arrival"),)

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"))
    reservation_id: Mapped[int | None] = mapped_column(ForeignKey("reservation.id"), unique=True)
    arrival: Mapped[date]
    state: Mapped[MatchState] = mapped_column(words(MatchState), default=MatchState.SEARCHING)
    opened_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]
    settled_how: Mapped[str | None]
    """Who settled it and by what, in words for the host."""
