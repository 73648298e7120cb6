"""What may become of a row: steps that are taken, what a person must decide, or why nothing."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.exports import ExportRow
from app.domain.imports.known import CalledOff
from app.domain.nights import Nights


@dataclass(frozen=True)
class New:
    """A reservation that nothing here tells of yet."""

    room_id: int
    nights: Nights
    on_calendar: bool = False
    """A calendar shows the room as closed on some of these nights."""


@dataclass(frozen=True)
class Enrich:
    """Nights whose owner was not known are this booking's. `before`: as they are stored now."""

    stay_id: int
    room_id: int
    before: Nights
    nights: Nights

    @property
    def is_part(self) -> bool:
        """Only some of the closed nights are its; the others stay closed."""
        return self.before.covers(self.nights) and self.before != self.nights


@dataclass(frozen=True)
class Move:
    """A booking known here has other dates."""

    stay_id: int
    room_id: int
    before: Nights
    nights: Nights
    has_guest: bool = False


@dataclass(frozen=True)
class Cancel:
    stay_id: int
    room_id: int
    nights: Nights
    has_guest: bool = False


@dataclass(frozen=True)
class Tell:
    """Known as the row says, and now more of it: who it is, or that its dates were not changed."""

    stay_id: int
    room_id: int
    nights: Nights
    name: str | None = None
    phone_ending: str | None = None
    was_modified: bool = False


@dataclass(frozen=True)
class CallOff:
    """A booking that waits for its rooms waits no more: it was cancelled."""

    reference: str


Step = New | Enrich | Move | Cancel | Tell | CallOff


class Clash(StrEnum):
    """Why a row is left to the host."""

    CHECKED_IN = "checked-in"
    BEGUN = "begun"
    DISPUTED = "disputed"
    TAKEN = "taken"
    """Another booking's, on these nights."""
    CLOSED = "closed"
    """The host has closed these nights."""
    CONTESTED = "contested"
    """Another row of the same file wants the room."""
    MORE_ROOMS = "more-rooms"
    """More rooms are known here than the file names."""
    CALENDAR = "calendar"
    """A calendar shows the booking on other nights."""
    ELSEWHERE = "elsewhere"
    """The new nights are closed in another room: it may have changed rooms, too."""
    CALLED_OFF = "called-off"
    FULL = "full"
    """No room is free for it."""


@dataclass(frozen=True)
class Conflict:
    """What stands in the way, with the facts that tell of it."""

    clash: Clash
    stay_id: int | None = None
    room_id: int | None = None
    nights: Nights | None = None
    reference: str | None = None
    """Of the other booking."""
    line: int | None = None
    """Of the other row."""
    count: int = 0
    question: str | None = None
    by: CalledOff | None = None


@dataclass(frozen=True)
class RoomChoice:
    """One room that a row may mean. `shown`: closed nights of its calendar that meet the row's."""

    room_id: int
    shown: Nights | None = None


@dataclass(frozen=True)
class PickRooms:
    """Only the host can tell which of these rooms it is."""

    choices: tuple[RoomChoice, ...]
    wanted: int
    likely: tuple[int, ...] = ()
    """Rooms that are certain, or were chosen."""
    conflict: Conflict | None = None
    """What is wrong with the choice that was made."""


@dataclass(frozen=True)
class NameRooms:
    """No room bears this name of the channel's: the host says which it means, once for all."""

    name: str


Need = PickRooms | NameRooms | Conflict


class Same(StrEnum):
    """Why a row changes nothing."""

    KNOWN = "known"
    OVER = "over"
    NO_SHOW = "no-show"
    CANCELLED = "cancelled"
    """Here, too."""
    NEVER_HERE = "never-here"
    """Cancelled, and never known here."""
    LEFT_OUT = "left-out"
    """The host does not want it."""


@dataclass(frozen=True)
class RowPlan:
    """One row, and what becomes of it: steps, or a need, or neither, and then `same` says why."""

    row: ExportRow
    steps: tuple[Step, ...] = ()
    need: Need | None = None
    same: Same | None = None
