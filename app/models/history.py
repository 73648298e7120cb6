"""What happened, for hosts. Append-only: triggers made in the migration refuse anything else."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant, pk


class HistoryEntry(Base):
    """One thing that happened to one subject: when, who or what, before, after, why."""

    __tablename__ = "history_entry"
    __table_args__ = (
        Index("ix_history_entry_subject", "subject", "subject_id"),
        Index("ix_history_entry_property_at", "property_id", "at"),
    )

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"))
    at: Mapped[Instant]
    actor: Mapped[str]
    """`host:3`, `guest:17`, `feed:5`, `clock`, `lock`."""
    subject: Mapped[str]
    """Table name: `reservation`, `guest`, `access_code`, `door`, `message`, `feed`."""
    subject_id: Mapped[int]
    what: Mapped[str]
    """A verb of ours: `checked-in`, `dates-changed`, `code-active`."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    why: Mapped[str | None]
    """A sentence for the host."""
