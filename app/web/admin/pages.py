"""What the host's pages are given: everything already decided, nothing left to compute.

Texts are ready to be read ("today 15:00", "Sat 12 Dec"), in the property's zone. Which word and
shape goes with which state is the templates' part (`macros/states.html`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from app.web.guest.pages import Code, Pace, UnlockStep


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


@dataclass(frozen=True)
class CodeRow:
    """One code on one door. `code` only right after an audited Show code."""

    id: int
    door_name: str
    state: CodeState
    window_text: str
    masked: str
    """ "•••• 19"."""
    code: Code | None = None
    fault: str | None = None
    """Why the last try did not work."""
    next_try_text: str | None = None
    may_reveal: bool = False


@dataclass(frozen=True)
class Change:
    """One thing that became another; None where there was, or is, nothing."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened."""

    at: str
    """ISO, for machines."""
    at_text: str
    who: str
    """ "Sam", "the guest", "Booking.com calendar", "Latchkey"."""
    what: str
    why: str | None = None
    changes: tuple[Change, ...] = ()


class FeedState(StrEnum):
    FINE = "fine"
    FAILING = "failing"
    HELD = "held"
    """Withdrawals wait for the host's answer."""
    NEW = "new"
    """Not fetched yet."""


@dataclass(frozen=True)
class FeedRow:
    """One channel's calendar of one room."""

    id: int
    room_number: int
    room_name: str
    channel: str
    state: FeedState
    fetched_text: str | None = None
    """Last try: "13:50"."""
    outcome: str | None = None
    """What the last reading changed, in plain words."""
    changed_text: str | None = None
    """When it last changed anything."""
    fault: str | None = None
    failing_since_text: str | None = None
    hold: str | None = None


class GatewayState(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"
    UNKNOWN = "unknown"
    """The provider does not say, or there is none."""


@dataclass(frozen=True)
class DoorUnlock:
    """The Unlock button of one door on the host's page, and what came of its last tap."""

    door_id: int
    door_name: str
    step: UnlockStep = UnlockStep.IDLE
    reason: str | None = None

    @property
    def is_waiting(self) -> bool:
        return self.step == UnlockStep.WAITING

    @property
    def is_idle(self) -> bool:
        return self.step == UnlockStep.IDLE


@dataclass(frozen=True)
class CodeCount:
    """How many codes of one state are on a door."""

    state: CodeState
    count: int


@dataclass(frozen=True)
class DoorRow:
    """One door, its lock, and what is on it."""

    id: int
    name: str
    provider: str
    """ "TTLock", "Seam"."""
    lock_id: str
    room_text: str | None = None
    """ "1 Room 1"; None for a shared door."""
    battery_percent: int | None = None
    is_battery_low: bool = False
    gateway: GatewayState = GatewayState.UNKNOWN
    seen_text: str | None = None
    counts: tuple[CodeCount, ...] = ()
    strangers: int = 0
    """Codes on the lock that are not ours."""
    unlock: DoorUnlock | None = None
    """None when this host may not open doors."""


@dataclass(frozen=True)
class World:
    """One outside world."""

    name: str
    """ "Locks by TTLock"."""
    is_configured: bool
    meaning: str
    """What works, or what does not, because of it."""
    detail: str | None = None
    """ "connected, 12 locks"; or the fault."""
    variables: tuple[str, ...] = ()
    """Which to set to switch it on."""


@dataclass(frozen=True)
class HostLine:
    name: str
    email: str
    role: str
    phone_text: str | None = None
    is_waiting: bool = False
    """Has not used their one-time link yet."""


@dataclass(frozen=True)
class SettingsPage:
    property_name: str
    facts: tuple[Fact, ...]
    """Time zone, check-in, check-out, phone, digits of a code, months that data is kept."""
    worlds: tuple[World, ...]
    hosts: tuple[HostLine, ...]
