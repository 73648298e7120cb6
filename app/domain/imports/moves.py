"""Bookings that have other dates: what keeps them from moving in their rooms."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from app.domain.exports import ExportRow
from app.domain.exports.cells import folded
from app.domain.imports.known import Known
from app.domain.imports.nights_held import NightsHeld, span_of
from app.domain.imports.outcomes import Cancel, Clash, Conflict, Move


def blocked_moves(
    known: Known, moves: Mapping[str, Sequence[Move]], cancels: Sequence[Cancel]
) -> dict[str, Conflict]:
    """Return the bookings (by reference) that cannot move as one, and what stands in the way.

    Those that stay where they are may be in the way of others, so it is asked until it is settled.
    """
    blocked: dict[str, Conflict] = {}
    span = span_of(move.nights for own in moves.values() for move in own)
    while True:
        going = [move for one, own in moves.items() if one not in blocked for move in own]
        held = NightsHeld(known, going, cancels, span)
        newly = {
            reference: conflict
            for reference, own in moves.items()
            if reference not in blocked and (conflict := _in_the_way(own, held)) is not None
        }
        if not newly:
            return blocked
        blocked |= newly


def _in_the_way(moves: Sequence[Move], held: NightsHeld) -> Conflict | None:
    for move in moves:
        for one in held.on(move.nights).get(move.room_id, ()):
            if one.stay.id == move.stay_id:
                continue
            if (conflict := one.in_the_way()) is not None:
                return conflict
            if one.is_somebody:
                return one.taken
    return None


def moved_elsewhere(
    row: ExportRow,
    moves: Iterable[Move],
    known: Known,
    held: NightsHeld,
    given: Collection[int],
) -> Conflict | None:
    """Return why a booking may have changed rooms along with its dates.

    Just its new nights are closed in another room of the same name, and none of them in its own.
    `given`: closed nights (ids) that other rows are put on.
    """
    open_in = {
        room_id: [one.stay for one in there if one.stay.may_be(None) and one.stay.id not in given]
        for room_id, there in held.on(row.nights).items()
    }
    listed = list(moves)
    own = {move.room_id for move in listed}
    booked = frozenset(map(folded, row.unit_types))
    names_of = {room.id: room.names & booked for room in known.rooms}
    for move in listed:
        if open_in.get(move.room_id):
            continue
        names = names_of[move.room_id] or booked
        for room_id, stays in open_in.items():
            if (
                room_id not in own
                and names_of[room_id] & names
                and any(stay.nights == row.nights for stay in stays)
            ):
                return Conflict(Clash.ELSEWHERE, move.stay_id, room_id, row.nights)
    return None
