"""Rows whose reference is known here: as it is, moved, cancelled, or something in the way."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.exports import ExportRow
from app.domain.imports.known import Known, KnownStay
from app.domain.imports.outcomes import (
    CallOff,
    Cancel,
    Clash,
    Conflict,
    Move,
    Need,
    RowPlan,
    Same,
    Step,
    Tell,
)
from app.domain.nights import Nights
from app.domain.notices import NoticeKind
from app.domain.standing import WITHDRAWN, Status


@dataclass(frozen=True)
class Unplaced:
    """A row some of whose rooms are still to be found."""

    row: ExportRow
    missing: int
    bearers: Sequence[KnownStay] = ()
    """Reservations that are its already."""
    moves: tuple[Move, ...] = ()


@dataclass
class Bookings:
    """The certain reservations, by reference."""

    known: Known
    by_reference: Mapping[str, Sequence[KnownStay]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, list[KnownStay]] = defaultdict(list)
        for stay in self.known.stays:
            if stay.is_certain:
                found[stay.reference or ""].append(stay)
        self.by_reference = found

    def look_up(self, row: ExportRow) -> RowPlan | Unplaced:
        """Say what becomes of a row by its reference alone."""
        if row.reference in self.known.left_out:
            return RowPlan(row, same=Same.LEFT_OUT)
        if row.no_show:
            return RowPlan(row, same=Same.NO_SHOW)
        own = self.by_reference.get(row.reference, ())
        if row.status == NoticeKind.CANCELLED:
            return self._cancelled(row, own)
        if row.departure <= self.known.today:
            return RowPlan(row, same=Same.OVER)
        return self._live(row, own)

    def _cancelled(self, row: ExportRow, own: Sequence[KnownStay]) -> RowPlan:
        today = self.known.today
        own = [stay for stay in own if stay.nights.departure > today]
        if own:
            if (conflict := _arrived(own, today)) is not None:
                return RowPlan(row, need=conflict)
            steps = [
                Cancel(stay.id, stay.room_id, stay.nights, stay.guest is not None) for stay in own
            ]
            return RowPlan(row, tuple(steps))
        if row.reference in self.known.waiting:
            return RowPlan(row, (CallOff(row.reference),))
        if row.departure <= today:
            return RowPlan(row, same=Same.OVER)
        was_here = row.reference in self.known.called_off
        return RowPlan(row, same=Same.CANCELLED if was_here else Same.NEVER_HERE)

    def _live(self, row: ExportRow, own: Sequence[KnownStay]) -> RowPlan | Unplaced:
        today = self.known.today
        for stay in own:
            if stay.status == Status.DISPUTED and not self._settles(row, stay):
                return RowPlan(row, need=_conflict(Clash.DISPUTED, stay))
        wanted = row.rooms if row.unit_types else max(row.rooms, len(own))
        if own and _fills(own, row.nights, wanted, today):
            steps = _told(row, own)
            return RowPlan(row, steps, same=None if steps else Same.KNOWN)
        if len(own) > wanted:
            conflict = Conflict(Clash.MORE_ROOMS, own[0].id, nights=row.nights, count=len(own))
            return RowPlan(row, need=conflict)
        leaving = [stay for stay in own if _ahead(stay.nights, today) != _ahead(row.nights, today)]
        if (need := self._cannot_move(leaving, len(own) < wanted, row)) is not None:
            return RowPlan(row, need=need)
        moves = tuple(
            Move(stay.id, stay.room_id, stay.nights, row.nights, stay.guest is not None)
            for stay in leaving
        )
        if len(own) == wanted:
            return RowPlan(row, moves)
        return Unplaced(row, wanted - len(own), own, moves)

    def _settles(self, row: ExportRow, stay: KnownStay) -> bool:
        """Tell whether the row explains a dispute: by the dates that its calendar shows by now."""
        if _ahead(row.nights, self.known.today) == _ahead(stay.nights, self.known.today):
            return False
        return stay.question == WITHDRAWN or stay.shown == row.nights

    def _cannot_move(
        self, leaving: Sequence[KnownStay], is_short: bool, row: ExportRow
    ) -> Need | None:
        if (conflict := _arrived(leaving, self.known.today)) is not None:
            return conflict
        for stay in leaving:
            if stay.shown is not None and stay.shown == stay.nights:
                return _conflict(Clash.CALENDAR, stay)
        by = self.known.called_off.get(row.reference)
        return Conflict(Clash.CALLED_OFF, by=by) if is_short and by is not None else None


def _arrived(stays: Sequence[KnownStay], today: date) -> Conflict | None:
    """Return what keeps an export from moving or ending these: somebody is there."""
    for clash, holds in (
        (Clash.CHECKED_IN, [stay for stay in stays if stay.checked_in]),
        (Clash.BEGUN, [stay for stay in stays if stay.has_begun(today)]),
    ):
        if holds:
            return _conflict(clash, holds[0])
    return None


def _conflict(clash: Clash, stay: KnownStay) -> Conflict:
    return Conflict(clash, stay.id, stay.room_id, stay.nights, question=stay.question)


def _ahead(nights: Nights, today: date) -> Nights | None:
    """Return what is left: calendars cut what is in progress, and the past is nobody's business."""
    return nights.from_day(today)


def _fills(own: Sequence[KnownStay], nights: Nights, wanted: int, today: date) -> bool:
    """Tell whether the booking has just these nights, in so many rooms on each.

    One that changes rooms during its stay is several reservations here, and one row there.
    """
    have: Counter[date] = Counter()
    for stay in own:
        have.update(_ahead(stay.nights, today) or ())
    return have == Counter(dict.fromkeys(_ahead(nights, today) or (), wanted))


def _told(row: ExportRow, own: Sequence[KnownStay]) -> tuple[Step, ...]:
    """Return what the row knows beyond what is known; a known name is never overwritten."""
    return tuple(
        tell
        for stay in own
        if stay.nights == row.nights and not stay.checked_in
        if (tell := _tell(row, stay)) is not None
    )


def _tell(row: ExportRow, stay: KnownStay) -> Tell | None:
    name = row.name if stay.name is None else None
    ending = row.phone_ending if stay.phone_ending is None else None
    if name is None and ending is None and not stay.is_modified:
        return None
    return Tell(stay.id, stay.room_id, stay.nights, name, ending, stay.is_modified)
