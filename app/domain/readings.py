"""What a feed said, and what we remember of what it said: the words the channel policies share."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.nights import Nights


class Kind(StrEnum):
    """What a source claims the nights are."""

    STAY = "stay"
    CLOSED = "closed"
    """Closed, and the channel does not say why: a stay or a block."""
    TENTATIVE = "tentative"
    BLOCK = "block"
    CANCELLED = "cancelled"
    """The source says in so many words that the stay is off."""


@dataclass(frozen=True)
class FeedEvent:
    """One parsed calendar event. Dates are local to the property; the departure is exclusive."""

    uid: str | None
    nights: Nights
    summary: str
    description: str
    status: str | None = None
    """STATUS in upper case, where the event has one."""


@dataclass(frozen=True)
class Skipped:
    """An event that was not read, and why, in words for the host."""

    summary: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """One event as its channel's policy understands it."""

    own_id: str
    """The source's own id; unique within one reading of the feed."""
    nights: Nights
    kind: Kind
    reference: str | None = None
    name: str | None = None
    phone_ending: str | None = None


@dataclass(frozen=True)
class KnownSighting:
    """What this feed last said, as stored. Only sightings that are still asserted are known."""

    id: int
    own_id: str
    nights: Nights
    kind: Kind
    reference: str | None = None
    name: str | None = None
    phone_ending: str | None = None
    missing_since: datetime | None = None
    """First good fetch that did not show it; None while it is shown."""
    settled: bool = False
    """Its reservation has a reference or a guest: its dates may not drift with a closure."""

    @property
    def may_be_stay(self) -> bool:
        """Somebody may stay in it: its absence is a question, where a block's says nothing."""
        return self.settled or self.kind not in (Kind.BLOCK, Kind.CANCELLED)

    def has_begun(self, today: date) -> bool:
        """Tell whether its first day is here: from then on no feed can end it."""
        return self.nights.arrival <= today

    def is_over(self, today: date) -> bool:
        return self.nights.departure <= today


@dataclass(frozen=True)
class Room:
    """What a policy may know beside the feed itself."""

    today: date
    held: tuple[Nights, ...] = ()
    """Nights of this room's stays that other sources assert."""


@dataclass(frozen=True)
class Add:
    """A reading no sighting is known for."""

    reading: Reading


@dataclass(frozen=True)
class Change:
    """A known sighting whose facts are now those of `reading` (own id and kind included)."""

    sighting_id: int
    reading: Reading


@dataclass(frozen=True)
class Seen:
    """A known sighting that is still there, or whose absence is not believed: no longer missing."""

    sighting_id: int


@dataclass(frozen=True)
class Missing:
    """First good fetch without it: remember when, change nothing else."""

    sighting_id: int


@dataclass(frozen=True)
class Withdraw:
    """The source no longer asserts it (or says that it is cancelled)."""

    sighting_id: int
    reason: str


@dataclass(frozen=True)
class Hold:
    """Nothing is withdrawn in this fetch; the host is asked. `reason` is for people."""

    reason: str
    sighting_ids: tuple[int, ...]


Step = Add | Change | Seen | Missing | Withdraw | Hold
