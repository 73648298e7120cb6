"""What the guest's pages are given: everything already decided, nothing left to compute.

Texts are ready to be read ("today 15:00", "Sat 12 Dec"), in the property's zone and the guest's
language. Which sentence goes with which state is the templates' part.
"""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from app.web.unlock_button import UnlockButton

_GROUPS = {4: (4,), 5: (3, 2), 6: (3, 3), 7: (3, 4), 8: (4, 4), 9: (3, 3, 3)}


class Pace(StrEnum):
    """How often a part of a page asks for itself again."""

    FAST = "fast"
    """While something is under way."""
    SLOW = "slow"
    """After two minutes of that, or while only time must pass."""
    STOPPED = "stopped"
    """Finished: the answer is also 286."""


@dataclass(frozen=True)
class Code:
    """Digits to be typed on a keypad."""

    digits: str = field(repr=False)

    @property
    def groups(self) -> tuple[str, ...]:
        """Split as people read digits out: 3+3, 4+4."""
        groups, start = [], 0
        for length in _GROUPS.get(len(self.digits), (len(self.digits),)):
            groups.append(self.digits[start : start + length])
            start += length
        return tuple(groups)

    @property
    def spoken(self) -> str:
        """One by one, for a screen reader."""
        return " ".join(self.digits)


@dataclass(frozen=True)
class Wifi:
    """The house's network; password None when it is open."""

    name: str
    password: str | None = field(repr=False)


@dataclass(frozen=True)
class House:
    """What guests are told of the property; what is None is not mentioned."""

    name: str
    phone: str | None = None
    """E.164, for the link."""
    phone_text: str | None = None
    """As people write it: "+44 161 234 5678"."""
    address: str | None = None
    map_url: str | None = None
    directions: str | None = None
    wifi: Wifi | None = None
    guide: str | None = None
    rules: str | None = None
    check_in_text: str | None = None
    """ "15:00"."""
    check_out_text: str | None = None


@dataclass(frozen=True)
class RoomOnPage:
    """One reservation, as its guest knows it."""

    number: int
    name: str
    arrival_text: str
    """ "Sat 12 Dec, from 15:00"."""
    departure_text: str
    """ "Mon 14 Dec, until 11:00"."""
    nights: int
    is_cancelled: bool = False
    is_unconfirmed: bool = False
    """The host has yet to say that it is theirs."""


@dataclass(frozen=True)
class Booked:
    """What the details are asked for: the rooms under one reference."""

    reference: str
    rooms: tuple[RoomOnPage, ...]


@dataclass(frozen=True)
class Unlock(UnlockButton):
    """The button as a guest sees it."""

    is_out_of_reach: bool = False
    """The lock cannot be reached just now: why it failed. All else is a matter for hosts."""
    is_offered: bool = True
    """Not where the lock does not open from afar: then only what came of a tap is shown."""


class DoorState(StrEnum):
    """What a guest can know about a door of theirs."""

    EARLY = "early"
    """Their time has not come."""
    COMING = "coming"
    """The code is being put on the lock."""
    READY = "ready"
    """The lock has confirmed the code, and it works now."""
    SILENT = "silent"
    """The lock does not answer; we go on trying."""
    ENDED = "ended"
    """No longer theirs to open."""


@dataclass(frozen=True)
class DoorOnPage:
    """One door. `code` only when READY; `unlock` only when may_open says yes now."""

    id: int
    name: str
    state: DoorState
    room_number: int | None = None
    """None for a shared door."""
    from_text: str | None = None
    """When it first opens: "today 15:00"."""
    until_text: str | None = None
    code: Code | None = None
    code_id: int | None = None
    """Tells one code from its replacement, without its digits."""
    unlock: Unlock | None = None
    is_away: bool = False
    """Its lock cannot be reached from here just now."""

    @property
    def is_shared(self) -> bool:
        return self.room_number is None

    @property
    def is_ready(self) -> bool:
        return self.state == DoorState.READY


class StayState(StrEnum):
    """The one answer that the top of the stay page gives."""

    OPEN = "open"
    """Theirs, and the time has come: the doors say the rest."""
    EARLY = "early"
    CONFIRMING = "confirming"
    """The host is still to say which rooms are theirs."""
    SORTING = "sorting"
    """They have checked in, and the rooms that were thought theirs may be another's."""
    NOT_CHECKED_IN = "not-checked-in"
    CANCELLED = "cancelled"
    OVER = "over"


@dataclass(frozen=True)
class StayPanel:
    """The part of the stay page that changes by itself: the answer, the doors, and the rooms.

    The front door comes first, then the rooms' doors by number.
    """

    token: str = field(repr=False)
    house: House = field(repr=False)
    state: StayState
    rooms: tuple[RoomOnPage, ...] = ()
    reference: str | None = None
    guest_name: str | None = None
    arrival_text: str | None = None
    """Set when all rooms share their dates, as in RoomOnPage; then rooms show none of their own."""
    departure_text: str | None = None
    nights: int | None = None
    doors: tuple[DoorOnPage, ...] = ()
    codes_show_text: str | None = None
    """When the codes will show: "at 15:00 today"; for EARLY."""
    pace: Pace = Pace.STOPPED
    is_late: bool = False
    """It has taken longer than two minutes: say whom to phone."""

    @property
    def unconfirmed(self) -> tuple[RoomOnPage, ...]:
        return tuple(room for room in self.rooms if room.is_unconfirmed)

    @property
    def are_all_ready(self) -> bool:
        return bool(self.doors) and all(door.is_ready for door in self.doors)

    @property
    def is_any_ready(self) -> bool:
        return any(door.is_ready for door in self.doors)

    @property
    def has_one_code(self) -> bool:
        """Every one of several doors takes the same digits."""
        digits = {door.code.digits for door in self.doors if door.code}
        return len(self.doors) > 1 and self.are_all_ready and len(digits) == 1

    @property
    def seen(self) -> str:
        """A fingerprint of what this panel says, free of digits, for `?seen=` in its own URL.

        When it still equals the panel's, the view answers 204: nothing flickers, loses focus or is
        read out again, and on a bad connection next to nothing travels.
        """
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class StayPage:
    """The whole page; what is outside the panel changes only with a reload."""

    house: House
    panel: StayPanel


@dataclass(frozen=True)
class ClaimPanel:
    """What has come of a claim; the same for everybody until a host has confirmed it."""

    house: House | None = field(repr=False)
    reference: str
    is_confirmed: bool = False
    pace: Pace = Pace.FAST

    @property
    def is_late(self) -> bool:
        """It has taken longer than two minutes: say whom to phone."""
        return self.pace == Pace.SLOW

    @property
    def seen(self) -> str:
        """A fingerprint of what the panel says, as in StayPanel."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]
