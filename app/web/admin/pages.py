"""What the host's pages are given: everything already decided, nothing left to compute.

Texts are ready to be read ("today 15:00", "Sat 12 Dec"), in the property's zone. Which word and
shape goes with which state is the templates' part (`macros/states.html`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from app.web.guest.pages import Pace


@dataclass(frozen=True)
class Frame:
    """What surrounds every page of a signed-in host."""

    property_name: str
    host_name: str
    role: str
    """owner, staff, cleaner or viewer."""
    to_place: int = 0
    """How many questions on whose bookings are wait for an answer."""


@dataclass(frozen=True)
class Action:
    """The one thing to do about something: a link, or a button that posts."""

    label: str
    """Says what it does: "Unlock front door", "Check in Alice"."""
    url: str
    is_post: bool = False


@dataclass(frozen=True)
class AttentionItem:
    """One thing that needs a person."""

    what: str
    """What happened: "The code for Room 2 is not on its lock."."""
    advice: str
    """What it means and what to do."""
    since_text: str | None = None
    """ "since 13:40"."""
    is_urgent: bool = False
    """Somebody may stand before a closed door."""
    action: Action | None = None
    further: tuple[Action, ...] = ()
    """What else may be done, beside it."""


@dataclass(frozen=True)
class Attention:
    """The list on top of the dashboard; empty means that all is well."""

    items: tuple[AttentionItem, ...] = ()
    is_all: bool = True
    """Nothing above it needs a person either."""
    is_live: bool = False
    """Asks `admin.attention` for itself every 30 s."""


@dataclass(frozen=True)
class Counters:
    """Today in numbers."""

    to_arrive: int
    """Arriving today and not checked in."""
    arrived: int
    """Arriving today and checked in."""
    in_house: int
    to_leave: int
    codes_not_ready: int
    """Wanted by a checked-in guest and not confirmed by the lock."""


class CodeState(StrEnum):
    """What a host can know about one code on one door."""

    NONE = "none"
    """Not asked for: nobody has checked in."""
    COMING = "coming"
    READY = "ready"
    FAILED = "failed"
    """Needs a person."""
    LEAVING = "leaving"
    """To be removed; the lock has not confirmed that it is."""
    GONE = "gone"


@dataclass(frozen=True)
class DoorMark:
    """One door's code in one word, for a row."""

    door_name: str
    state: CodeState


@dataclass(frozen=True)
class MarkGroup:
    """The doors whose codes are in the same state."""

    state: CodeState
    door_names: tuple[str, ...]


class RowAction(StrEnum):
    """What a row offers to do."""

    CHECK_IN = "check-in"
    ASK_AND_CHECK_IN = "ask-and-check-in"
    """Nobody knows whose it is: a name, and a reference if there is one, come first."""
    IDENTIFY = "identify"
    """The same, for a reservation that is not due yet: nothing but the reference and name."""
    UNDO = "undo"
    NONE = "none"


@dataclass(frozen=True)
class WhoAnswer:
    """What the host typed into a row's small form, to be shown again with what was wrong."""

    reference: str = ""
    full_name: str = ""
    reference_problem: str | None = None
    full_name_problem: str | None = None


@dataclass(frozen=True)
class ReservationRow:
    """One line of the board."""

    id: int
    room_number: int
    room_name: str
    dates_text: str
    """ "12-14 Dec", with an en dash."""
    nights: int
    guest_name: str | None = None
    reference: str | None = None
    channel: str | None = None
    """As people write it: "Booking.com"; None for the host's own."""
    rooms_together: int = 1
    """How many reservations bear the same reference."""
    party_size: int | None = None
    expected_text: str | None = None
    """When the guest said they come: "17:30"."""
    checked_in_text: str | None = None
    """ "today 14:02"; None when nobody has checked in."""
    note: str | None = None
    """What is unusual: "The calendar no longer shows this stay."."""
    marks: tuple[DoorMark, ...] = ()
    action: RowAction = RowAction.NONE
    answer: WhoAnswer = field(default_factory=WhoAnswer)
    problem: str | None = None
    """Why the last press did nothing."""
    pace: Pace = Pace.STOPPED
    """FAST while codes are under way, SLOW while only Undo must run out."""

    @property
    def is_known(self) -> bool:
        return self.guest_name is not None or self.reference is not None

    @property
    def asks_who(self) -> bool:
        return self.action in (RowAction.ASK_AND_CHECK_IN, RowAction.IDENTIFY)

    @property
    def has_answer_problem(self) -> bool:
        return bool(self.answer.reference_problem or self.answer.full_name_problem)

    @property
    def mark_groups(self) -> tuple[MarkGroup, ...]:
        """Marks of one state taken together, worst first."""
        return grouped(self.marks)


def grouped(marks: Iterable[DoorMark]) -> tuple[MarkGroup, ...]:
    """Take the marks of one state together, worst first."""
    ordered = sorted(marks, key=lambda mark: _WORST_FIRST.index(mark.state))
    return tuple(
        MarkGroup(state, tuple(mark.door_name for mark in group))
        for state, group in groupby(ordered, key=lambda mark: mark.state)
    )


_WORST_FIRST = (
    CodeState.FAILED,
    CodeState.COMING,
    CodeState.LEAVING,
    CodeState.READY,
    CodeState.NONE,
    CodeState.GONE,
)


@dataclass(frozen=True)
class Search:
    """What was looked for, and what was found."""

    q: str
    rows: tuple[ReservationRow, ...]
    has_more: bool = False


@dataclass(frozen=True)
class Today:
    """The dashboard. No reservation is in two of its lists."""

    day_text: str
    """ "Saturday 12 December"."""
    attention: Attention
    counters: Counters
    arrivals: tuple[ReservationRow, ...] = ()
    in_house: tuple[ReservationRow, ...] = ()
    departures: tuple[ReservationRow, ...] = ()
    tomorrow: tuple[ReservationRow, ...] = ()
    next_arrival_text: str | None = None
    """For the empty state: "The next guest comes on Sat 12 Dec."."""
    search: Search | None = None
    """Given: its rows are shown instead of the lists."""


class Standing(StrEnum):
    """The same words as a reservation's status."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    CANCELLED = "cancelled"
    BLOCK = "block"


@dataclass(frozen=True)
class Fact:
    """One thing known, and who said so."""

    label: str
    value: str
    source: str | None = None
