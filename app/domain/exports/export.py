"""What a channel's export says, whatever the form of its file."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from app.domain.nights import Nights
from app.domain.notices import NoticeKind


@dataclass(frozen=True)
class ExportRow:
    """One booking. A reference stands in one row only, however many lines of the file name it.

    A no-show is no cancellation: `status` stays NEW, the nights are sold.
    """

    lines: tuple[int, ...]
    """The file's rows it was read from, counted from 1 as a spreadsheet program shows them."""
    channel: str
    reference: str
    status: NoticeKind
    """NEW or CANCELLED: an export does not tell a changed booking from a new one."""
    no_show: bool
    arrival: date
    departure: date
    name: str | None
    phone_ending: str | None
    """The last four digits."""
    party_size: int | None
    """Adults and children; Airbnb does not count infants, nor do we."""
    unit_types: tuple[str, ...]
    """The channel's names of the rooms, one for each room where the file tells them apart."""
    rooms: int
    """How many rooms the booking has; may exceed the units that are named."""
    booked_at: datetime | None
    """Aware UTC, as is `cancelled_at`."""
    cancelled_at: datetime | None

    @property
    def line(self) -> int:
        return self.lines[0]

    @property
    def nights(self) -> Nights:
        return Nights(self.arrival, self.departure)


@dataclass(frozen=True)
class SkippedRow:
    """A line that nothing was taken from, and why, in words for the host."""

    line: int
    reason: str


@dataclass(frozen=True)
class Export:
    """One file, read."""

    channel: str
    rows: tuple[ExportRow, ...]
    """By their first line; no two share a reference."""
    skipped: tuple[SkippedRow, ...]
    made_at: datetime | None
    """The latest booking or cancellation it tells of: it is no older than that."""
    digest: str
    """Of what the rows say: csv, xls and xlsx of the same list have the same one, sorted or not."""


def digest_of(rows: Iterable[ExportRow], zone: tzinfo | None) -> str:
    """Hash what the rows say, with times as the file wrote them; lines and order do not count."""
    said = sorted(json.dumps(_said(row, zone), ensure_ascii=False) for row in rows)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _said(row: ExportRow, zone: tzinfo | None) -> list[object]:
    times = [
        moment and moment.astimezone(zone).replace(tzinfo=None).isoformat()
        for moment in (row.booked_at, row.cancelled_at)
    ]
    return [
        row.channel,
        row.reference,
        row.status,
        row.no_show,
        row.arrival.isoformat(),
        row.departure.isoformat(),
        row.name,
        row.phone_ending,
        row.party_size,
        row.unit_types,
        row.rooms,
        *times,
    ]
