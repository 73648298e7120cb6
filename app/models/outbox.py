"""Outside effects still to be done: the order book that survives every crash."""

from enum import StrEnum

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant, pk, words


class Effect(StrEnum):
    PUT_CODE = "put-code"
    CHANGE_CODE = "change-code"
    REMOVE_CODE = "remove-code"
    ISSUE_CODE = "issue-code"
    """Have the provider make a code that needs no gateway."""
    SYNC_DOOR = "sync-door"
    SET_CLOCK = "set-clock"
    """Set a lock's clock right, which decides when codes open."""
    LOOK_AT_DOOR = "look-at-door"
    """Read a lock's log and state for a guest who stands before it."""
    UNLOCK = "unlock"
    SEND_MESSAGE = "send-message"
    READ_TEXT = "read-text"


RUNNING = text("leased_until IS NOT NULL")
DUE = text("done_at IS NULL")


class OutboxEntry(Base):
    """One effect. Redis only rings for it; this row is the order.

    `leased_until` is set while a worker has it. Entries with the same `lane` never run at once: the
    unique index refuses the second.
    """

    __tablename__ = "outbox_entry"
    __table_args__ = (
        Index(
            "uq_outbox_entry_running_lane",
            "lane",
            unique=True,
            postgresql_where=RUNNING,
            sqlite_where=RUNNING,
        ),
        Index("ix_outbox_entry_due", "due_at", postgresql_where=DUE, sqlite_where=DUE),
    )

    id: Mapped[pk]
    kind: Mapped[Effect] = mapped_column(words(Effect))
    subject_id: Mapped[int]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    """Says the intent: `put-code:42:v3`, `send-message:17`."""
    lane: Mapped[str | None]
    due_at: Mapped[Instant]
    expires_at: Mapped[Instant | None]
    """Not to be begun after this."""
    leased_until: Mapped[Instant | None]
    rung_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None]
    """Why the last attempt did not work, as a sentence for the host."""
    created_at: Mapped[Instant]
    done_at: Mapped[Instant | None]
    outcome: Mapped[str | None]
    """`done`, or why it was no longer wanted."""
