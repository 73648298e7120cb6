"""Reports on texts that come before the text is recorded."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class EarlyReport(Base):
    """What became of a text whose sid is not recorded yet: the report overtook the answer."""

    __tablename__ = "early_report"
    __table_args__ = (Index("ix_early_report_came_at", "came_at"),)

    sid: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    """One that ends a text's way: `delivered`, `failed` and their like."""
    error_code: Mapped[str | None]
    came_at: Mapped[Instant]
