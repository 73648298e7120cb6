"""What the pages of exports are given: everything decided, nothing left to compute."""

from dataclasses import dataclass
from enum import StrEnum


class FileState(StrEnum):
    """The same words as an export file's state."""

    UPLOADED = "uploaded"
    APPLIED = "applied"
    UNDONE = "undone"
    DROPPED = "dropped"


@dataclass(frozen=True)
class FileLine:
    """One file of the list."""

    id: int
    name: str
    channel: str
    state: FileState
    uploaded_text: str
    by: str


@dataclass(frozen=True)
class ExportsPage:
    """The list of files, and the form to upload another."""

    files: tuple[FileLine, ...]
    may_upload: bool
    problem: str | None = None
    """Why the last upload was not taken."""


@dataclass(frozen=True)
class RoomOption:
    """One room to choose."""

    number: int
    name: str
    note: str | None = None
    """What its calendar shows: "closed 19-21 Dec"."""
    is_chosen: bool = False


@dataclass(frozen=True)
class Picker:
    """The rooms that one row may mean."""

    key: str
    reference: str
    wanted: int
    options: tuple[RoomOption, ...]
    problem: str | None = None

    @property
    def is_single(self) -> bool:
        return self.wanted == 1


@dataclass(frozen=True)
class NameLine:
    """A channel's name for rooms, and which they are."""

    key: str
    name: str
    bookings_text: str
    """ "3 bookings: Corin Baptiste, 19-21 Dec; Maja Lindqvist, 21-23 Dec; and 1 more"."""
    options: tuple[RoomOption, ...]
    rooms_text: str | None = None
    """ "1, 2"; None while nobody has said."""
    from_setup: bool = False
    problem: str | None = None

    @property
    def is_known(self) -> bool:
        return self.rooms_text is not None


@dataclass(frozen=True)
class BookingLine:
    """One row of the file."""

    key: str
    """For ids and anchors: letters, digits and hyphens."""
    lines_text: str
    """ "Line 2", "Lines 2 and 3"."""
    reference: str
    guest: str | None
    dates_text: str
    units: tuple[str, ...] = ()
    """As the channel calls the rooms."""
    says: tuple[str, ...] = ()
    """What changes, or what stands in the way; a sentence each."""
    picker: Picker | None = None
    reservation_ids: tuple[int, ...] = ()
    """The reservations it is about, to be looked at."""
    was_picked: bool = False
    """The rooms are the host's choice, and can be chosen anew."""


@dataclass(frozen=True)
class SameGroup:
    """Rows that change nothing, for one reason."""

    reason: str
    rows: tuple[BookingLine, ...]
    more: int = 0
    """How many there are beside those listed."""
    by_host: bool = False
    """The host left them out, and can have them back."""


@dataclass(frozen=True)
class SkippedLine:
    line: int
    reason: str


@dataclass(frozen=True)
class PlanPart:
    """What the file would change; the part of the page that is replaced after a choice."""

    export_id: int
    tally: tuple[str, ...]
    """ "12 new", "2 need you"."""
    unknown_names: tuple[NameLine, ...]
    needing: tuple[BookingLine, ...]
    needing_more: int
    """How many wait beside those listed."""
    changing: tuple[BookingLine, ...]
    unchanged: tuple[SameGroup, ...]
    unchanged_count: int
    skipped: tuple[SkippedLine, ...]
    names: tuple[NameLine, ...]
    steps: int
    left_out: int
    seen: str
    """The fingerprint of what is shown, to be sent along with Apply."""
    may_act: bool
    main: str = ""
    """The key of the row that was acted on: it has the focus."""

    @property
    def was_left_out(self) -> bool:
        """The row that was acted on is among those left out."""
        rows = [line.key for group in self.unchanged if group.by_host for line in group.rows]
        return self.main in rows


@dataclass(frozen=True)
class FileHead:
    """What is said of a file on top of its page."""

    id: int
    name: str
    facts_text: str
    """ "Booking.com, 7 bookings, uploaded today 14:02 by Sam"."""
    state: FileState
    doubt: str | None = None
    """What is to be known of it before anything else."""


@dataclass(frozen=True)
class ReportLine:
    """One row of the report, as it was shown before it was applied."""

    lines_text: str
    reference: str
    guest: str | None
    dates_text: str
    says: tuple[str, ...]
    reservation_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Happening:
    at: str
    """ISO, for machines."""
    text: str


@dataclass(frozen=True)
class ReportPart:
    """What a file has changed."""

    changed: tuple[ReportLine, ...]
    left_out: tuple[ReportLine, ...]
    happened: tuple[Happening, ...]
    may_undo: bool
