"""The whole file: each row's outcome, and how many of each kind there are."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from app.domain.exports import ExportRow
from app.domain.imports.bookings import Bookings, Unplaced
from app.domain.imports.known import Known
from app.domain.imports.moves import blocked_moves, moved_elsewhere
from app.domain.imports.nights_held import NightsHeld, span_of
from app.domain.imports.outcomes import Cancel, Enrich, Move, RowPlan, Step
from app.domain.imports.rooms import find_rooms

Kind = TypeVar("Kind", Move, Cancel)


@dataclass(frozen=True)
class ImportPlan:
    """What applying the file does, row by row, in the order of the file."""

    rows: tuple[RowPlan, ...]

    @cached_property
    def changing(self) -> tuple[RowPlan, ...]:
        return tuple(one for one in self.rows if one.steps)

    @cached_property
    def needing(self) -> tuple[RowPlan, ...]:
        """Rows that wait for the host; they are left out until then."""
        return tuple(one for one in self.rows if one.need is not None)

    @cached_property
    def unchanged(self) -> tuple[RowPlan, ...]:
        return tuple(one for one in self.rows if one.same is not None)

    @property
    def steps(self) -> list[Step]:
        return [step for one in self.changing for step in one.steps]

    @cached_property
    def tally(self) -> Counter[type[Step]]:
        """How many steps of each kind."""
        return Counter(type(step) for step in self.steps)

    @cached_property
    def fingerprint(self) -> str:
        """Tells whether a plan made later is the one that was shown."""
        said = [(one.row.reference, one.steps, one.need, one.same) for one in self.rows]
        return hashlib.sha256(repr(said).encode()).hexdigest()


def plan_import(rows: Iterable[ExportRow], known: Known) -> ImportPlan:
    """Put what a file says against what is known; no two rows share a reference."""
    bookings = Bookings(known)
    looked_up = {row.reference: bookings.look_up(row) for row in rows}
    return ImportPlan(tuple(_Plan(known, looked_up).settle()))


class _Plan:
    """Rows that depend on each other: who moves away makes room for another."""

    def __init__(self, known: Known, looked_up: dict[str, RowPlan | Unplaced]) -> None:
        self.known, self.looked_up = known, looked_up
        self.unplaced = [one for one in looked_up.values() if isinstance(one, Unplaced)]
        self.span = span_of(
            one.row.nights for one in looked_up.values() if isinstance(one, Unplaced) or one.steps
        )

    def settle(self) -> list[RowPlan]:
        """Return every row's outcome.

        A booking that would move and needs the host moves not yet: then it is still where it was,
        and all is looked at again.
        """
        staying: dict[str, RowPlan] = {}
        while True:
            moves = self._moves(staying)
            blocked = blocked_moves(self.known, moves, self._cancels())
            going = {one: own for one, own in moves.items() if one not in blocked}
            to = [move for own in going.values() for move in own]
            held = NightsHeld(self.known, to, self._cancels(), self.span)
            wanting = [one for one in self.unplaced if one.row.reference not in blocked]
            found = find_rooms(wanting, self.known, held)
            waits = {one: found[one] for one in going if one in found and found[one].need}
            waits |= self._elsewhere(going, found, held)
            if not waits:
                break
            staying |= waits
        found |= staying | {
            one: RowPlan(self.looked_up[one].row, need=conflict)
            for one, conflict in blocked.items()
        }
        return [
            found[reference] if reference in found or isinstance(one, Unplaced) else one
            for reference, one in self.looked_up.items()
        ]

    def _elsewhere(
        self,
        moves: Mapping[str, Sequence[Move]],
        found: Mapping[str, RowPlan],
        held: NightsHeld,
    ) -> dict[str, RowPlan]:
        steps = [step for one in found.values() for step in one.steps]
        given = {step.stay_id for step in steps if isinstance(step, Enrich)}
        plans = {}
        for reference, own in moves.items():
            row = self.looked_up[reference].row
            conflict = moved_elsewhere(row, own, self.known, held, given)
            if conflict is not None:
                plans[reference] = RowPlan(row, need=conflict)
        return plans

    def _moves(self, staying: Collection[str]) -> dict[str, Sequence[Move]]:
        found: dict[str, Sequence[Move]] = {}
        for reference, one in self.looked_up.items():
            moves = one.moves if isinstance(one, Unplaced) else _of_kind(one, Move)
            if moves and reference not in staying:
                found[reference] = moves
        return found

    def _cancels(self) -> list[Cancel]:
        plans = [one for one in self.looked_up.values() if isinstance(one, RowPlan)]
        return [step for one in plans for step in _of_kind(one, Cancel)]


def _of_kind(plan: RowPlan, kind: type[Kind]) -> list[Kind]:
    return [step for step in plan.steps if isinstance(step, kind)]
