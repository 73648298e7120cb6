"""Finding rooms for bookings that no reservation bears: where it is certain, never by guess.

A room is certain when the host chose it; when the channel's name means just as many rooms as the
booking has; or when of the rooms so named just as many are closed on its nights, and no other row
of the file could be theirs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.imports.bookings import Unplaced
from app.domain.imports.competition import Competition
from app.domain.imports.known import Known
from app.domain.imports.nights_held import NightsHeld
from app.domain.imports.offers import Demand, Offers
from app.domain.imports.outcomes import Clash, Conflict, NameRooms, RowPlan
from app.domain.imports.prospects import Prospect


def find_rooms(unplaced: Iterable[Unplaced], known: Known, held: NightsHeld) -> dict[str, RowPlan]:
    """Return a plan for each row, by reference; they are put against each other."""
    offers = Offers(known, held)
    plans: dict[str, RowPlan] = {}
    settled: list[_Settled] = []
    open_ones: dict[str, tuple[Demand, Sequence[Prospect]]] = {}
    unnamed: list[Unplaced] = []
    for one in unplaced:
        unknown = next((unit for unit in one.row.unit_types if not offers.knows(unit)), None)
        if unknown is not None:
            unnamed.append(one)
            plans[one.row.reference] = RowPlan(one.row, need=NameRooms(unknown))
            continue
        demand = offers.demand(one)
        found = _picked(offers, demand) or _meant(offers, demand)
        offers.claim(demand, found.rooms)
        if len(found.rooms) == demand.wanted:
            settled.append(found)
        else:
            open_ones[demand.reference] = (demand, found.rooms)
    competition = Competition(offers, open_ones, (one.row.nights for one in unnamed))
    plans |= competition.decide()
    return plans | {one.demand.reference: _plan(offers, one) for one in settled}


@dataclass(frozen=True)
class _Settled:
    """The rooms of a row that are certain, whatever the others want."""

    demand: Demand
    rooms: Sequence[Prospect]
    by_host: bool = False


def _picked(offers: Offers, demand: Demand) -> _Settled | None:
    """Return the rooms that the host chose."""
    rooms = offers.of_rooms(demand, offers.known.picks.get(demand.reference, ()))
    return _Settled(demand, rooms, by_host=True) if len(rooms) == demand.wanted else None


def _meant(offers: Offers, demand: Demand) -> _Settled:
    """Return the rooms of the names that just as many rooms bear as are wanted."""
    rooms = [
        one for name in demand.names if name in demand.meant for one in offers.named(demand, name)
    ]
    return _Settled(demand, rooms)


def _plan(offers: Offers, one: _Settled) -> RowPlan:
    """Let a row have the rooms that are its, unless something is in the way."""
    demand, conflict = one.demand, _conflict(offers, one)
    if one.by_host and conflict is not None:
        return RowPlan(demand.row, need=offers.ask(demand, conflict=conflict))
    if conflict is not None:
        return RowPlan(demand.row, need=conflict)
    if not one.by_host and not all(prospect.is_clear for prospect in one.rooms):
        return RowPlan(demand.row, need=offers.ask(demand))
    return demand.planned(one.rooms)


def _conflict(offers: Offers, one: _Settled) -> Conflict | None:
    for prospect in one.rooms:
        if prospect.conflict is not None:
            return prospect.conflict
        if (other := offers.claimed(one.demand, prospect.room_id)) is not None:
            return Conflict(
                Clash.CONTESTED,
                room_id=prospect.room_id,
                nights=other.nights,
                reference=other.reference,
                line=other.row.line,
            )
    return None
