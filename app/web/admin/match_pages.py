"""What the page of bookings to place is given: everything decided, nothing left to compute."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class _Seen:
    """A part of the page that asks for itself, and is sent again only when it says otherwise."""

    @property
    def seen(self) -> str:
        """A fingerprint of what this part says."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:8]


class Bond(StrEnum):
    """How a room and a booking hang together."""

    PROPOSED = "proposed"
    """A host need only say yes."""
    POSSIBLE = "possible"


@dataclass(frozen=True)
class Line:
    """One line of the drawing: heights of its ends, in hundredths of the drawing's own."""

    start: float
    end: float
    bond: Bond

    @property
    def path(self) -> str:
        """For the `d` of an SVG path in a square of 100."""
        return f"M0 {self.start:g}C50 {self.start:g} 50 {self.end:g} 100 {self.end:g}"


@dataclass(frozen=True)
class Parting:
    """The small form that parts closed nights between two bookings."""

    first_nights_text: str
    """The night that is surely the first one's: "Sat 19 Dec"."""
    departures: tuple[tuple[str, str], ...]
    """Days the first may leave on: ISO and in words."""


@dataclass(frozen=True)
class RoomEnd:
    """Closed nights of one room, on the left of the drawing."""

    reservation_id: int
    room_number: int
    room_name: str
    dates_text: str
    nights: int
    shown_text: str
    """ "Booking.com, since 13:52": when its calendar first showed them."""
    bond_text: str
    """What the lines say: "proposed: 5100200301"."""
    guest_waits: bool = False
    """Somebody has checked in to it by the reference that is proposed."""
    parting: Parting | None = None
    """None where there is only one night, or a guest in it."""


@dataclass(frozen=True)
class BookingEnd:
    """One booking, on the right of the drawing."""

    notice_id: int
    reference: str
    sources: tuple[str, ...]
    """ "Booking.com mail, today 14:03", "Guest’s claim by Anna Smith, today 14:10"."""
    bond_text: str
    name: str | None = None
    dates_text: str | None = None
    is_moved: bool = False
    """It was changed, and has rooms on other days."""
    lodging: "Lodging | None" = None
    """Given where no room is closed for it."""


@dataclass(frozen=True)
class Lodging:
    """The small form that puts a booking into a free room."""

    rooms: tuple[tuple[int, str], ...]
    """Ids and "1 Canal Room"."""
    earliest: str
    """ISO: the first day it can leave on."""
    departure: str
    """ISO: what its source says, or the next day."""


@dataclass(frozen=True)
class QuestionLine:
    """Rooms and bookings that are looked at together: why, and how far the asking is."""

    reason: str
    asking: str
    question_id: int | None = None
    ticket: str | None = None
    yes: str | None = None
    """The words on the button, where a host can simply say yes."""
    no: str | None = None
    is_urgent: bool = False
    """A guest has checked in and waits for it."""


@dataclass(frozen=True)
class Typed:
    """What came back from a form that could not be done: its words, and what is wrong."""

    form: str = ""
    """Which form of the day it was: `settle`, `part-17`, `lodge-3`; empty for none."""
    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    """By field."""
    problem: str | None = None
    """Of the whole: why the last press did nothing."""


@dataclass(frozen=True)
class SettledLine:
    """Something found out or decided lately."""

    what: str
    """ "5100200301: rooms 1 and 2, 19-21 Dec", with an en dash."""
    how: str
    when_text: str
    reservation_id: int | None = None


@dataclass(frozen=True)
class DayPanel(_Seen):
    """All that is open for one day of arrival; with nothing open it says how that came."""

    iso: str
    day_text: str
    """ "Saturday 19 December"."""
    short_text: str
    """ "Sat 19 Dec"."""
    when_text: str
    """ "tomorrow", "in 12 days"."""
    rooms: tuple[RoomEnd, ...] = ()
    bookings: tuple[BookingEnd, ...] = ()
    lines: tuple[Line, ...] = ()
    questions: tuple[QuestionLine, ...] = ()
    settled: tuple[SettledLine, ...] = ()
    """Given once nothing is open any more."""
    may_act: bool = False

    @property
    def is_done(self) -> bool:
        return not (self.rooms or self.bookings)

    @property
    def can_say_yes(self) -> bool:
        return any(question.yes for question in self.questions)

    @property
    def has_more(self) -> bool:
        return bool(self.bookings) or any(room.parting for room in self.rooms)


@dataclass(frozen=True)
class News(_Seen):
    """The line on top: how much is open, or that nothing is."""

    text: str
    """ "Open: 2 rooms and 1 booking, on 1 day."."""
    is_calm: bool
    to_place: int
    """How many questions wait for an answer: the number beside the page's name."""


@dataclass(frozen=True)
class LastAct(_Seen):
    """What the host did in the last ten minutes, to be taken back."""

    change_set_id: int | None = None
    what: str = ""
    until_text: str = ""


@dataclass(frozen=True)
class DoubtLine:
    """A mail that was not believed."""

    mail_id: int
    warning: str
    received_text: str
    reference: str | None = None
    is_seen: bool = False
    """A moment ago, so that it can be taken back."""


@dataclass(frozen=True)
class ChangeLine:
    """A booking that its channel says was changed."""

    reservation_id: int
    what: str
    told_text: str


@dataclass(frozen=True)
class Notes(_Seen):
    """Below the days: what else wants a look, and what was settled lately."""

    changes: tuple[ChangeLine, ...] = ()
    doubts: tuple[DoubtLine, ...] = ()
    settled: tuple[SettledLine, ...] = ()
    may_act: bool = False


@dataclass(frozen=True)
class Later:
    """Days that there was no room for on the page."""

    days: int
    since: str
    """ISO, for the link."""
    until_text: str


@dataclass(frozen=True)
class MatchesPage:
    """The whole page."""

    news: News
    last_act: LastAct
    days: tuple[DayPanel, ...]
    notes: Notes
    later: Later | None = None
    since: str = ""
    """ISO: the day it begins with, where that is not the soonest."""
