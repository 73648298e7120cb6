"""The lines of one booking into one row.

Some lists have a line for each room, and Airbnb's earnings one for each part of a payment. What the
lines of one reference say must agree, with one exception: when one line is cancelled and another is
not, a room was given up and the booking goes on with the rest.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from app.domain.exports.export import ExportRow, SkippedRow
from app.domain.exports.lines import Line
from app.domain.exports.units import units_in, units_of_lines
from app.domain.notices import NoticeKind


def merged(lines: Iterable[Line]) -> Iterator[ExportRow | SkippedRow]:
    """Yield a row for each reference, and the lines that were left out with the reason."""
    bookings: dict[str, list[Line]] = {}
    for line in lines:
        bookings.setdefault(line.reference, []).append(line)
    for booking in bookings.values():
        yield from _merge(booking)


def _merge(booking: Sequence[Line]) -> Iterator[ExportRow | SkippedRow]:
    live = [line for line in booking if line.status == NoticeKind.NEW]
    told = live or booking
    if len({line.nights for line in told}) > 1:
        reason = f"For one booking, {_listed(told)} give different dates."
        yield from (SkippedRow(line.number, reason) for line in booking)
        return
    yield _row(told, rooms_known=len(told) == len(booking))
    reason = f"It is cancelled, unlike {_listed(told)} of the same booking."
    yield from (SkippedRow(line.number, reason) for line in booking if line not in told)


def _row(told: Sequence[Line], *, rooms_known: bool) -> ExportRow:
    """Make the row. The number of rooms is not known when some of them were given up."""
    first, *_ = rooms_told = _without_repeats(told)
    claimed = max((line.rooms or 0 for line in told), default=0) if rooms_known else 0
    if first.channel == "airbnb":
        units = tuple(dict.fromkeys(unit for line in told for unit in units_in(line.unit, 1)))
    else:
        units = units_of_lines([line.unit for line in rooms_told], claimed or None)
    return ExportRow(
        lines=tuple(line.number for line in told),
        channel=first.channel,
        reference=first.reference,
        status=first.status,
        no_show=all(line.no_show for line in told),
        arrival=first.nights.arrival,
        departure=first.nights.departure,
        name=next((line.name for line in told if line.name), None),
        phone_ending=next((line.phone_ending for line in told if line.phone_ending), None),
        party_size=sum(line.party_size or 0 for line in rooms_told) or None,
        unit_types=units,
        rooms=max(claimed, len(units), 1),
        booked_at=min((line.booked_at for line in told if line.booked_at), default=None),
        cancelled_at=max((line.cancelled_at for line in told if line.cancelled_at), default=None),
    )


def _without_repeats(told: Sequence[Line]) -> list[Line]:
    """Return the lines that tell of rooms; the same line again tells of none.

    Two equal lines are two rooms only where the booking has more rooms than one of them names.
    """
    first = told[0]
    is_whole = first.channel == "airbnb" or (
        first.rooms is not None and len(units_in(first.unit, first.rooms)) == first.rooms
    )
    if is_whole and len({replace(line, number=0) for line in told}) == 1:
        return [first]
    return list(told)


def _listed(lines: Sequence[Line]) -> str:
    *others, last = (str(line.number) for line in lines)
    return f"lines {', '.join(others)} and {last}" if others else f"line {last}"
