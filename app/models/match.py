"""Open questions of enrichment: each reservation or notice that belongs to nothing yet."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.enrichment import Ask
from app.models.base import Base, Instant, pk, words


class MatchState(StrEnum):
    SEARCHING = "searching"
    WAITING = "waiting"
    """For the host's answer."""
    SETTLED = "settled"
    DROPPED = "dropped"
    """There is nothing to settle any more: it was cancelled, is a block, or over."""


OPEN_QUESTION = text("closed_at IS NULL")


class Question(Base):
    """What a host is asked about one arrival date: one text, one ticket, one answer."""

    __tablename__ = "question"
    __table_args__ = (
        Index(
            "uq_question_open_ticket",
            "property_id",
            "ticket",
            unique=True,
            postgresql_where=OPEN_QUESTION,
            sqlite_where=OPEN_QUESTION,
        ),
        CheckConstraint("ticket <> ''", name="ticket"),
    )

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"))
    ticket: Mapped[str]
    """The letters a host answers with: A, B, … AA."""
    ask: Mapped[Ask] = mapped_column(words(Ask))
    arrival: Mapped[date]
    reference: Mapped[str | None]
    """What `OK` gives, where the question proposes one."""
    asked_at: Mapped[Instant]
    reminded_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    closed_how: Mapped[str | None]
    """By whom and by what, in words for the host."""


class Match(Base):
    """A reservation without a certain reference, or a notice without a reservation."""

    __tablename__ = "match"
    __table_args__ = (
        CheckConstraint("(reservation_id IS NULL) <> (notice_id IS NULL)", name="one_subject"),
        Index("ix_match_property_arrival", "property_id", "arrival"),
        Index("ix_match_question_id", "question_id"),
    )

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"))
    reservation_id: Mapped[int | None] = mapped_column(ForeignKey("reservation.id"), unique=True)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"), unique=True)
    arrival: Mapped[date]
    state: Mapped[MatchState] = mapped_column(words(MatchState), default=MatchState.SEARCHING)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"))
    """The question it is, or last was, asked in."""
    refused: Mapped[str | None]
    """The reference that a host said this is not, or not all of."""
    opened_at: Mapped[Instant]
    look_at: Mapped[Instant | None]
    """When to look at it again by the clock; None when only news can change anything."""
    settled_at: Mapped[Instant | None]
    settled_how: Mapped[str | None]
    """Who settled it and by what, in words for the host."""

    question: Mapped[Question | None] = relationship(lazy="raise")

    @property
    def is_open(self) -> bool:
        return self.state in (MatchState.SEARCHING, MatchState.WAITING)
