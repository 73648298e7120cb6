"""What the house has to offer to rows that want rooms, and who has laid claim to what."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.domain.exports import ExportRow
from app.domain.exports.cells import folded
from app.domain.imports.bookings import Unplaced
from app.domain.imports.known import Known
from app.domain.imports.nights_held import NightsHeld
from app.domain.imports.outcomes import Clash, Conflict, Need, PickRooms, RowPlan
from app.domain.imports.prospects import Prospect, Prospects
from app.domain.nights import Nights

ANY = ""
"""Instead of a name, for rooms that the row does not name."""


@dataclass(frozen=True)
class Demand:
    """The rooms that a row still wants: how many of each name."""

    unplaced: Unplaced
    names: Mapping[str, int]
    meant: frozenset[str] = frozenset()
    """Names that just as many rooms bear as it wants of them."""
    is_vague: bool = False
    """It has a room of none of its names, so nobody can tell which of them it still wants."""

    @property
    def row(self) -> ExportRow:
        return self.unplaced.row

    @property
    def reference(self) -> str:
        return self.row.reference

    @property
    def nights(self) -> Nights:
        return self.row.nights

    @property
    def wanted(self) -> int:
        return self.unplaced.missing

    def planned(self, found: Iterable[Prospect]) -> RowPlan:
        """Return what having these rooms comes to."""
        return RowPlan(self.row, (*self.unplaced.moves, *(one.step for one in found)))


class Offers:
    """The rooms of the house, for the rows of one file."""

    def __init__(self, known: Known, held: NightsHeld) -> None:
        self.known, self._prospects = known, Prospects(known, held)
        self._claims: dict[tuple[int, date], list[Demand]] = defaultdict(list)

    @cached_property
    def _rooms_of(self) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for room in sorted(self.known.rooms, key=lambda room: room.number):
            for name in (*room.names, ANY):
                found[name].append(room.id)
        return dict(found)

    def knows(self, unit: str) -> bool:
        return folded(unit) in self._rooms_of

    def demand(self, one: Unplaced) -> Demand:
        """Take the names that its rooms have already off what the row wants."""
        names = Counter(map(folded, one.row.unit_types))
        names[ANY] += max(len(one.bearers) + one.missing - names.total(), 0)
        is_vague = False
        for stay in one.bearers:
            fitting = [
                name
                for name, count in names.items()
                if count and name != ANY and stay.room_id in self._rooms_of[name]
            ]
            if fitting or names[ANY]:
                names[fitting[0] if fitting else ANY] -= 1
            else:
                is_vague = True
        wanted = +names
        own = {stay.room_id for stay in one.bearers}
        free = {name: [room for room in self._rooms_of[name] if room not in own] for name in wanted}
        meant = [name for name, count in wanted.items() if len(free[name]) == count]
        if is_vague or len({room for name in meant for room in free[name]}) != sum(
            wanted[name] for name in meant
        ):
            meant = []
        return Demand(one, wanted, frozenset(meant), is_vague)

    def named(self, demand: Demand, name: str) -> list[Prospect]:
        """Return what the rooms of a name offer, in the order of their numbers."""
        return self.of_rooms(demand, self._rooms_of.get(name, ()))

    def of_rooms(self, demand: Demand, rooms: Iterable[int]) -> list[Prospect]:
        """Return what these rooms offer; those that are the row's already are left out."""
        own = {stay.room_id for stay in demand.unplaced.bearers}
        others = (room_id for room_id in dict.fromkeys(rooms) if room_id not in own)
        return self._prospects.of(demand.row, others)

    def claim(self, demand: Demand, rooms: Iterable[Prospect]) -> None:
        """Let a row have rooms for certain."""
        for one in rooms:
            for night in demand.nights:
                self._claims[one.room_id, night].append(demand)

    def claimed(self, demand: Demand, room_id: int) -> Demand | None:
        """Return another row that has the room for certain on one of these nights."""
        claims = (one for night in demand.nights for one in self._claims.get((room_id, night), ()))
        return next((one for one in claims if one is not demand), None)

    def ask(
        self, demand: Demand, likely: Iterable[int] = (), conflict: Conflict | None = None
    ) -> Need:
        """Let the host pick: of the rooms so named, or of all where too few of these are free."""
        all_named = [one for name in demand.names for one in self.named(demand, name)]
        for found in (all_named, self.named(demand, ANY)):
            possible = {
                one.room_id: one
                for one in found
                if one.conflict is None and self.claimed(demand, one.room_id) is None
            }
            if len(possible) >= demand.wanted:
                best = sorted(possible.values(), key=lambda one: (not one.seeker, not one.shown))
                return PickRooms(
                    tuple(one.choice for one in best),
                    demand.wanted,
                    tuple(room_id for room_id in likely if room_id in possible),
                    conflict,
                )
        in_the_way = next((one.conflict for one in all_named if one.conflict), None)
        return conflict or in_the_way or Conflict(Clash.FULL, nights=demand.nights)
