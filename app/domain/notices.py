"""What a mail, an export's row or a guest says of one booking: the words that enrichment weighs."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """What the source says has become of the booking."""

    NEW = "new"
    MODIFIED = "modified"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class BookingNotice:
    """One source's word on one booking; None is what it does not say.

    `reference` is normalised (`domain.references`). Dates are the property's local ones, the
    departure exclusive. Booking.com's mails say neither departure nor name.
    """

    channel: str | None
    """`booking.com`, `airbnb`, `vrbo` or `other`, as feeds have it; None for a guest's claim."""
    kind: NoticeKind
    reference: str
    said_at: datetime
    """When the source said it (a mail's Date), aware UTC: a later word outweighs an earlier one."""
    arrival: date | None = None
    departure: date | None = None
    name: str | None = None
    phone_ending: str | None = None
    party_size: int | None = None


@dataclass(frozen=True)
class NotABooking:
    """A mail that is read and left alone: an invoice, a guest's message, a promotion."""

    reason: str
    """For the host, in a sentence."""


@dataclass(frozen=True)
class Doubtful:
    """A mail that may tell of a booking and is not believed, or not understood: the host is told.

    `number` is what looks like its reference.
    """

    warning: str
    number: str | None = None


MailReading = BookingNotice | NotABooking | Doubtful
