"""What the page of one reservation is given: facts, who says them, and what can be done."""

from dataclasses import dataclass
from enum import StrEnum

from app.web.admin.door_log_pages import LogLine
from app.web.admin.history_pages import HistoryLine
from app.web.admin.pages import CodeState, Fact, Standing
from app.web.guest.pages import Code


class Stance(StrEnum):
    """How one source's word stands to what counts now."""

    SAYS = "says"
    DIFFERS = "differs"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    """The source says in so many words that the stay is off."""


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
class SourceWord:
    """What one source last said of one fact."""

    source: str
    """ "Booking.com calendar, room 1", "Sam, by text"."""
    says: str
    """ "19-21 Dec"."""
    when_text: str
    """ "today 14:02"."""
    stance: Stance = Stance.SAYS


class FactName(StrEnum):
    DATES = "dates"
    REFERENCE = "reference"
    NAME = "name"
    PHONE = "phone"


@dataclass(frozen=True)
class KnownFact:
    """One fact: what counts now, who says so, and what it was before."""

    name: FactName
    value: str | None
    words: tuple[SourceWord, ...] = ()
    replaced: tuple[str, ...] = ()
    """ "was 19-22 Dec until today 13:00"."""
    may_correct: bool = False
    is_proposed: bool = False
    """A host has yet to say OK to it."""


@dataclass(frozen=True)
class DateChoice:
    """One of the dates that sources differ about; ISO dates, and whose word they are."""

    arrival: str
    departure: str
    dates_text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What a host is asked about this reservation, to be answered here."""

    question_id: int
    what: str
    """ "5100200301 is proposed; it waits for your OK."."""
    detail: str
    ok_label: str
    no_label: str
    is_guest_waiting: bool = False
    """The guest has checked in, and gets no code before the answer."""


@dataclass(frozen=True)
class UndoOffer:
    """What was done last, and until when it can be taken back."""

    change_id: int
    what: str
    until_text: str


@dataclass(frozen=True)
class Sibling:
    """Another reservation, to be gone to: a room of the same booking, or another of the room."""

    reservation_id: int
    room_number: int
    room_name: str
    dates_text: str
    who: str | None = None


@dataclass(frozen=True)
class ReservationPage:
    """All there is to know of one reservation."""

    id: int
    room_number: int
    room_name: str
    dates_text: str
    nights: int
    standing: Standing
    guest_name: str | None = None
    reference: str | None = None
    is_unconfirmed: bool = False
    channel: str | None = None
    question: str | None = None
    """What the host is asked, while it is disputed."""
    choices: tuple[DateChoice, ...] = ()
    """The dates to choose from, where sources differ."""
    arrival: str = ""
    departure: str = ""
    """ISO, for the press that keeps things as they are."""
    rivals: tuple[Sibling, ...] = ()
    """The other stays of a room that is booked twice."""
    proposal: Proposal | None = None
    modified: str | None = None
    """What the channel said was changed, until a host has looked."""
    undo: UndoOffer | None = None
    checked_in_text: str | None = None
    known: tuple[KnownFact, ...] = ()
    facts: tuple[Fact, ...] = ()
    """What the guest told of themselves."""
    siblings: tuple[Sibling, ...] = ()
    codes: tuple[CodeRow, ...] = ()
    log: tuple[LogLine, ...] = ()
    """What the locks tell of these codes, newest first."""
    no_codes_because: str | None = None
    link_sent_text: str | None = None
    """ "today 14:03 by SMS to …0123"."""
    history: tuple[HistoryLine, ...] = ()
    may_check_in: bool = False
    may_undo: bool = False
    may_identify: bool = False
    may_close: bool = False
    """The nights may be called nobody's."""
    may_keep: bool = False
    """A stay that its source took back: the host can say that it stands."""
    may_correct_dates: bool = False
    may_settle: bool = False
    """This host may answer and choose; others only look."""
    may_set_times: bool = False
    may_move: bool = False
    may_cancel: bool = False
    may_send_link: bool = False
    may_add_contact: bool = False
    """It is certain whose stay it is, so that they can be written to."""
    phone_text: str | None = None
    email: str | None = None
    together: tuple[int, ...] = ()
    """Numbers of the other rooms of the booking that have the same dates."""
    cancels: tuple[str, ...] = ()
    """What a cancellation would do, one sentence each."""

    @property
    def needs_settling(self) -> bool:
        return bool(self.question or self.proposal or self.modified)
