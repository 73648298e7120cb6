"""Digits that open one door for one guest."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.windows import Window
from app.models.base import Base, Instant, pk, words
from app.models.door import Door
from app.models.guest import Guest


class CodeState(StrEnum):
    WANTED = "wanted"
    ACTIVE = "active"
    """On the lock: the lock itself has said so."""
    UNWANTED = "unwanted"
    """Must go from the lock; its digits stay taken until it has."""
    GONE = "gone"
    FAILED = "failed"
    """Needs a person."""


LIVE = text("state <> 'gone'")
CURRENT = text("state IN ('wanted', 'active', 'failed')")


class AccessCode(Base):
    """One code on one door for one guest, within a window.

    `valid_from`/`valid_until` are what it should be; `held_from`/`held_until` what the lock has
    confirmed. The digits are sealed with CODES_KEY; `digits_hash`, keyed too, keeps them unique.
    """

    __tablename__ = "access_code"
    __table_args__ = (
        Index(
            "uq_live_digits",
            "door_id",
            "digits_hash",
            unique=True,
            postgresql_where=LIVE,
            sqlite_where=LIVE,
        ),
        Index(
            "uq_current_code",
            "door_id",
            "guest_id",
            unique=True,
            postgresql_where=CURRENT,
            sqlite_where=CURRENT,
        ),
        Index("ix_access_code_state_valid_until", "state", "valid_until"),
        CheckConstraint("valid_until > valid_from", name="window"),
        CheckConstraint("state <> 'active' OR provider_ref IS NOT NULL", name="confirmed"),
    )

    id: Mapped[pk]
    door_id: Mapped[int] = mapped_column(ForeignKey("door.id"), index=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id"), index=True)
    name: Mapped[str] = mapped_column(unique=True)
    """What it is called on the lock; tells ours from strangers', and one of ours from another."""
    sealed_digits: Mapped[bytes]
    digits_hash: Mapped[str]
    state: Mapped[CodeState] = mapped_column(words(CodeState), default=CodeState.WANTED)
    valid_from: Mapped[Instant]
    valid_until: Mapped[Instant]
    held_from: Mapped[Instant | None]
    held_until: Mapped[Instant | None]
    provider_ref: Mapped[str | None]
    """The provider's id; None until the lock has confirmed the code."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes of what is wanted, so that each has its own outbox entry."""
    unclear_at: Mapped[Instant | None]
    """When a try to put it last ended without a clear answer: it may be on the lock."""
    fault: Mapped[str | None]
    """Why the last try did not work, as a sentence for the host."""
    created_at: Mapped[Instant]
    active_at: Mapped[Instant | None]
    gone_at: Mapped[Instant | None]

    door: Mapped[Door] = relationship(lazy="raise")
    guest: Mapped[Guest] = relationship(lazy="raise")

    @property
    def window(self) -> Window:
        return Window(self.valid_from, self.valid_until)

    @window.setter
    def window(self, window: Window) -> None:
        self.valid_from, self.valid_until = window.valid_from, window.valid_until

    @property
    def is_held_as_wanted(self) -> bool:
        """The lock has confirmed this code with this very window."""
        return self.state == CodeState.ACTIVE and (self.held_from, self.held_until) == (
            self.valid_from,
            self.valid_until,
        )

    def __repr__(self) -> str:
        return f"<AccessCode {self.id} {self.state}>"
