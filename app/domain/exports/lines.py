"""One row of the file into what it says, or the reason why it says nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property

from app.domain import references
from app.domain.exports.cells import Cell, count_of, is_shortened, text_of
from app.domain.exports.dates import Order, moment_of
from app.domain.exports.export import SkippedRow
from app.domain.exports.heading_words import Column
from app.domain.exports.people import name_of, party_of, phone_ending_of
from app.domain.exports.statuses import is_reservation, status_of
from app.domain.exports.stays import WrittenStay, nights_of
from app.domain.nights import Nights
from app.domain.notices import NoticeKind

_GROUPED = re.compile(r"\d{1,3}(?:[,.'’ ]\d{3})+")
_WITH_DECIMALS = re.compile(r"(\d{6,14})[.,]0+")
_BOOK_NUMBER = re.compile(r"\d{6,14}")
_SHOWN = 40


@dataclass(frozen=True)
class Line:
    """What one line says of a booking; other lines may say more of it."""

    number: int
    channel: str
    reference: str
    status: NoticeKind
    no_show: bool
    nights: Nights
    name: str | None
    phone_ending: str | None
    party_size: int | None
    unit: str
    rooms: int | None
    booked_at: datetime | None
    cancelled_at: datetime | None


@dataclass(frozen=True)
class Manner:
    """How a list is to be read."""

    channel: str
    order: Order | None
    zone: tzinfo | None
    """Of the times in it, which name none."""


@dataclass(frozen=True)
class Entry:
    """A row of the file below the headings, counted from the file's first row as 1."""

    number: int
    fields: Mapping[Column, Cell]

    def text(self, column: Column) -> str:
        return text_of(self.fields.get(column))

    def count(self, column: Column) -> int | None:
        return count_of(self.fields.get(column))

    def moment(self, column: Column, manner: Manner) -> datetime | None:
        orders = list(Order) if manner.order is None else [manner.order]
        readings = {moment_of(self.fields.get(column), order, manner.zone) for order in orders}
        readings.discard(None)
        return readings.pop() if len(readings) == 1 else None  # of two, either is a guess

    @cached_property
    def stay(self) -> WrittenStay:
        arrival, departure = self.fields.get(Column.ARRIVAL), self.fields.get(Column.DEPARTURE)
        return WrittenStay(arrival, departure, self.count(Column.NIGHTS) or None)

    @property
    def is_booking(self) -> bool:
        """Tell a row that may be a booking from an empty one, and from a payout or a tax."""
        if Column.KIND in self.fields:
            return is_reservation(self.text(Column.KIND))
        return any(map(text_of, self.fields.values()))


def line_in(entry: Entry, manner: Manner) -> Line | SkippedRow:
    """Read a row, or say why nothing can be taken from it."""
    text, count = entry.text, entry.count
    reference = _reference(text(Column.REFERENCE), manner.channel)
    if reference is None:
        return SkippedRow(entry.number, _why_no_reference(text(Column.REFERENCE)))
    status = status_of(text(Column.STATUS), text(Column.CANCELLED_ON))
    if status is None:
        reason = f"Its status “{text(Column.STATUS)[:_SHOWN]}” is not known."
        return SkippedRow(entry.number, reason)
    nights = nights_of(entry.stay, manner.order)
    if nights is None:
        return SkippedRow(entry.number, entry.stay.why_unreadable(manner.order))
    return Line(
        number=entry.number,
        channel=manner.channel,
        reference=reference,
        status=status.kind,
        no_show=status.no_show,
        nights=nights,
        name=name_of(text(Column.GUEST), text(Column.BOOKER)),
        phone_ending=phone_ending_of(text(Column.PHONE)),
        party_size=party_of(count(Column.PERSONS), count(Column.ADULTS), count(Column.CHILDREN)),
        unit=text(Column.UNIT),
        rooms=1 if manner.channel == "airbnb" else count(Column.ROOMS) or None,
        booked_at=entry.moment(Column.BOOKED_ON, manner),
        cancelled_at=entry.moment(Column.CANCELLED_ON, manner),
    )


def _reference(text: str, channel: str) -> str | None:
    if found := _WITH_DECIMALS.fullmatch(text):
        text = found[1]
    elif _GROUPED.fullmatch(text):
        text = "".join(filter(str.isdecimal, text))
    reference = None if is_shortened(text) else references.normalised(text)
    if reference and channel == "booking.com" and not _BOOK_NUMBER.fullmatch(reference):
        return None
    return reference


def _why_no_reference(text: str) -> str:
    if not text:
        return "It has no booking number."
    if is_shortened(text):
        return (
            f"A spreadsheet program has shortened its booking number to {text}."
            " Download the list again and upload it as it comes."
        )
    return f"Its booking number “{text[:_SHOWN]}” cannot be one."
