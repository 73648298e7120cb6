"""What is shown of whether the arrivals of today and tomorrow will work."""

from dataclasses import dataclass

from app.domain.tonight_words import Outlook, State
from app.web.admin.pages import Action

MOST = 12
"""Arrivals that nothing is wrong with, on the board; they must not bury the rest of the day."""


@dataclass(frozen=True)
class Fault:
    """One thing that stands in the way; of the same at several arrivals, one has the button."""

    says: str
    fix: Action | None = None


@dataclass(frozen=True)
class ArrivalLine:
    """One arrival on the board."""

    id: int
    room_number: int
    room_name: str
    when_text: str
    """ "today 15:00"."""
    outlook: Outlook
    guest_name: str | None = None
    faults: tuple[Fault, ...] = ()
    awaits_check_in: bool = False
    """Nothing else is to be waited for before the guest has checked in."""

    @property
    def is_red(self) -> bool:
        return self.outlook == Outlook.NO_GO


@dataclass(frozen=True)
class TonightBoard:
    """The board at the top of the day."""

    summary: str
    """ "All 6 arrivals of today and tomorrow will work."."""
    lines: tuple[ArrivalLine, ...] = ()
    note: str | None = None
    """What the last press has set in motion."""
    problem: str | None = None
    """Why the last press did nothing."""
    may_see_all: bool = False
    """The page with all evidence may be seen; it names guests."""

    @property
    def is_calm(self) -> bool:
        return not any(line.is_red for line in self.lines)

    @property
    def red(self) -> tuple[ArrivalLine, ...]:
        return tuple(line for line in self.lines if line.is_red)

    @property
    def others(self) -> tuple[ArrivalLine, ...]:
        return tuple(line for line in self.lines if not line.is_red)

    @property
    def lists_others(self) -> bool:
        """Where all is ready, one sentence says so; else each arrival is told apart."""
        return any(line.outlook in (Outlook.NO_GO, Outlook.WAITING) for line in self.lines)

    @property
    def first_others(self) -> tuple[ArrivalLine, ...]:
        return self.others[:MOST]

    @property
    def further(self) -> int:
        return len(self.others) - len(self.first_others)


@dataclass(frozen=True)
class EvidenceRow:
    """One condition of one arrival."""

    label: str
    """ "Code on Front door"."""
    state: State
    says: str
    by_text: str
    """Until when it must be so: "13:00"."""
    fix: Action | None = None


@dataclass(frozen=True)
class ArrivalEvidence:
    """One arrival with everything that is known."""

    line: ArrivalLine
    rows: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class TonightPage:
    """The whole evidence."""

    board: TonightBoard
    arrivals: tuple[ArrivalEvidence, ...]
