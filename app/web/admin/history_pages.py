"""What a timeline is given."""

from dataclasses import dataclass


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
