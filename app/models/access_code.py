"""Digits that open one door within a window: a guest's, a member of staff's, or one kept spare."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.ladder import Rung
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


class Purpose(StrEnum):
    """Whom a code is for."""

    GUEST = "guest"
    STAFF = "staff"
    SPARE = "spare"
    """Nobody's yet: loaded beforehand, to be given to the next guest should theirs not arrive."""


LINGERS = "lingers-"
"""Begins what stands in the place of the digits' hash of a code that was thought gone."""

LIVE = text("state <> 'gone'")
CURRENT = text("state IN ('wanted', 'active', 'failed')")
CURRENT_SPARE = text("state IN ('wanted', 'active', 'failed') AND purpose = 'spare'")


class AccessCode(Base):
    """One code on one door, within a window.

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
        Index(
            "uq_current_staff_code",
            "door_id",
            "staff_code_id",
            unique=True,
            postgresql_where=CURRENT,
            sqlite_where=CURRENT,
        ),
        Index(
            "uq_current_spare",
            "door_id",
            unique=True,
            postgresql_where=CURRENT_SPARE,
            sqlite_where=CURRENT_SPARE,
        ),
        CheckConstraint("(purpose = 'guest') = (guest_id IS NOT NULL)", name="guest"),
        CheckConstraint("(purpose = 'staff') = (staff_code_id IS NOT NULL)", name="staff"),
        CheckConstraint("state = 'gone' OR sealed_digits IS NOT NULL", name="digits_kept"),
        Index("ix_access_code_state_valid_until", "state", "valid_until"),
        CheckConstraint("valid_until > valid_from", name="window"),
        CheckConstraint("state <> 'active' OR provider_ref IS NOT NULL", name="confirmed"),
    )

    id: Mapped[pk]
    door_id: Mapped[int] = mapped_column(ForeignKey("door.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(words(Purpose), default=Purpose.GUEST)
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id"), index=True)
    staff_code_id: Mapped[int | None] = mapped_column(ForeignKey("staff_code.id"), index=True)
    name: Mapped[str] = mapped_column(unique=True)
    """What it is called on the lock; tells ours from strangers', and one of ours from another."""
    sealed_digits: Mapped[bytes | None]
    """None once erased, some time after the code was gone."""
    digits_hash: Mapped[str]
    by_provider: Mapped[bool] = mapped_column(default=False)
    """The provider chose the digits, and they opened without being sent to the lock."""
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
    missing_at: Mapped[Instant | None]
    """When the lock's list was first seen without it; a second look decides."""
    stays_for_id: Mapped[int | None] = mapped_column(ForeignKey("access_code.id"))
    """Given up, and left on its lock until this other code, of the guest's new room, is on its."""
    fault: Mapped[str | None]
    """Why the last try did not work, as a sentence for the host."""
    rung: Mapped[Rung] = mapped_column(words(Rung), default=Rung.OWN_CODE)
    """What its guest has been offered at this door while the code is not on the lock."""
    created_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
    """When it was first on its way to the lock."""
    active_at: Mapped[Instant | None]
    """When the lock first confirmed it."""
    used_at: Mapped[Instant | None]
    """When it first opened the door, by the lock's log."""
    gone_at: Mapped[Instant | None]

    door: Mapped[Door] = relationship(lazy="raise")
    guest: Mapped[Guest | None] = relationship(lazy="raise")

    def linger(self, provider_ref: str) -> None:
        """Become unwanted anew: it was thought gone, and its lock still holds it.

        Under a hash of its own, for its digits may have been given to another by now.
        """
        self.state, self.gone_at = CodeState.UNWANTED, None
        self.provider_ref, self.digits_hash = provider_ref, f"{LINGERS}{self.id}"

    @property
    def may_be_kept(self) -> bool:
        """It was given up, and may be wanted again: its digits are still its own."""
        return self.state == CodeState.UNWANTED and not self.digits_hash.startswith(LINGERS)

    @property
    def may_be_redrawn(self) -> bool:
        """Nobody can know the digits yet: no lock has had them, and no person chose them."""
        return self.active_at is None and self.purpose != Purpose.STAFF

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

    def opens_at(self, now: datetime) -> bool:
        """Tell whether it opens then, by what the lock has confirmed."""
        if self.state != CodeState.ACTIVE or self.held_from is None or self.held_until is None:
            return False
        return self.held_from <= now < self.held_until

    def __repr__(self) -> str:
        return f"<AccessCode {self.id} {self.state}>"
