"""What is known of a property when an export is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.nights import Nights
from app.domain.standing import Status


class CalledOff(StrEnum):
    """Who said that a booking is off."""

    HOST = "host"
    CHANNEL = "channel"
    """By mail, or in an export before this one."""
    CALENDAR = "calendar"
    """It vanished from its calendar."""


@dataclass(frozen=True)
class KnownRoom:
    """`names` are what channels call it, folded (`exports.cells.folded`)."""

    id: int
    number: int
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class KnownStay:
    """A reservation that is not cancelled.

    `reference` is its certain one; what is only proposed for it is None here.
    """

    id: int
    room_id: int
    nights: Nights
    status: Status
    reference: str | None = None
    channel: str | None = None
    name: str | None = None
    phone_ending: str | None = None
    guest: str | None = None
    """The reference of the guest that is linked to it."""
    checked_in: bool = False
    """That guest has checked in."""
    is_modified: bool = False
    """A mail said that the booking was modified, and no host has looked at it."""
    question: str | None = None
    """What the host is asked, while it is disputed."""
    shown: Nights | None = None
    """The nights on which a calendar shows a stay, where it says more than that they are closed."""
    closed_by_host: bool = False

    @property
    def is_certain(self) -> bool:
        """Somebody's for certain."""
        return self.reference is not None and self.status in LIVE

    def may_be(self, reference: str | None) -> bool:
        """Tell whether it may be that booking's: nobody else is known for certain, or in it."""
        return (
            self.reference is None
            and self.status in (Status.OPEN, Status.CONFIRMED)
            and (not self.checked_in or self.guest == reference)
        )

    @property
    def guest_waits(self) -> bool:
        """Somebody has checked in, and a host has yet to say that the room is theirs."""
        return self.reference is None and self.checked_in

    def has_begun(self, today: date) -> bool:
        """Tell whether the guest is there, or should be: then no export moves or ends it."""
        return self.checked_in or self.nights.arrival < today


LIVE = (Status.OPEN, Status.CONFIRMED, Status.DISPUTED)


@dataclass(frozen=True)
class Known:
    """The property as it is. `stays` are those of the rows' time and of their references."""

    today: date
    """In the property's zone."""
    rooms: Sequence[KnownRoom]
    stays: Sequence[KnownStay]
    called_off: Mapping[str, CalledOff] = field(default_factory=dict)
    """References of bookings that were said to be off."""
    waiting: frozenset[str] = frozenset()
    """References of bookings that were told of otherwise, and wait for their rooms."""
    picks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Rooms (ids) that the host has chosen, by reference."""
    left_out: frozenset[str] = frozenset()
    """References of rows that the host wants to be left out."""
