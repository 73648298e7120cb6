"""A channel's spreadsheet that a host uploaded, and what became of it."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant, pk, words


class ExportState(StrEnum):
    UPLOADED = "uploaded"
    """Shown as a preview; nothing was changed."""
    APPLIED = "applied"
    UNDONE = "undone"
    DROPPED = "dropped"
    """The host did not want it."""


class ExportFile(Base):
    """One upload. Its rows are forgotten some days after, what they changed is not."""

    __tablename__ = "export_file"
    __table_args__ = (
        Index("ix_export_file_property_id_uploaded_at", "property_id", "uploaded_at"),
    )

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"))
    host_id: Mapped[int] = mapped_column(ForeignKey("host.id"))
    file_name: Mapped[str]
    digest: Mapped[str]
    """Of what its rows say, whatever the form of the file."""
    channel: Mapped[str]
    made_at: Mapped[Instant | None]
    """The latest booking or cancellation it tells of: how old it is."""
    uploaded_at: Mapped[Instant]
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """What was read, as plain values; empty once forgotten."""
    skipped: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Lines that were not read: `line`, `reason`."""
    picks: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the host chose in the preview: rooms of a row, `reference` to room numbers; None for a
    row to be left out."""
    state: Mapped[ExportState] = mapped_column(words(ExportState), default=ExportState.UPLOADED)
    applied_at: Mapped[Instant | None]
    report: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """What applying it changed, a line each, as it was shown."""
    change_set_id: Mapped[int | None] = mapped_column(ForeignKey("change_set.id"))
