"""What one act of a host changed, row by row, so that it can be taken back as a whole."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant, pk


class ChangeSet(Base):
    """One act: a text, a press on the puzzle page, an import."""

    __tablename__ = "change_set"
    __table_args__ = (Index("ix_change_set_property_id_made_at", "property_id", "made_at"),)

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"))
    host_id: Mapped[int] = mapped_column(ForeignKey("host.id"))
    what: Mapped[str]
    """What was done, as a sentence for the host."""
    made_at: Mapped[Instant]
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Per row `table`, `id`, `before` and `after`; `before` None for a row that was made."""
    undone_at: Mapped[Instant | None]
