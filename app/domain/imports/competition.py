"""Rows whose rooms depend on what the calendars show, and on each other."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from app.domain.imports.offers import ANY, Demand, Offers
from app.domain.imports.outcomes import RowPlan
from app.domain.imports.prospects import Prospect
from app.domain.nights import Nights


class Competition:
    """Each row against all others: what several could be is left to the host."""

    def __init__(
        self,
        offers: Offers,
        demands: Mapping[str, tuple[Demand, Sequence[Prospect]]],
        elsewhere: Iterable[Nights],
    ) -> None:
        """`demands`: by reference, each with the rooms that are the row's for certain.

        `elsewhere`: nights of rows that could be any room's, as their names are not known.
        """
        self._offers, self._demands = offers, demands
        self._fits = {
            reference: self._fitting(demand, certain)
            for reference, (demand, certain) in demands.items()
        }
        self._elsewhere = {night for nights in elsewhere for night in nights}
        self._wishes: Counter[tuple[int, date]] = Counter()
        """How many rows could be the closed nights of a room, by room and night."""
        for reference, (demand, _) in demands.items():
            rooms = {fit.room_id for fits in self._fits[reference].values() for fit in fits}
            self._wishes.update((room_id, night) for room_id in rooms for night in demand.nights)

    def decide(self) -> dict[str, RowPlan]:
        """Return a plan for each row, by reference."""
        return {
            reference: self._decide(demand, certain)
            for reference, (demand, certain) in self._demands.items()
        }

    def _fitting(
        self, demand: Demand, certain: Sequence[Prospect]
    ) -> Mapping[str, Sequence[Prospect]]:
        """Return, for each name, the rooms that are closed on the row's nights."""
        own = {one.room_id for one in certain}
        return {
            name: [
                one
                for one in self._offers.named(demand, name)
                if one.seeker is not None
                and one.room_id not in own
                and self._offers.claimed(demand, one.room_id) is None
            ]
            for name in demand.names
            if name not in demand.meant
        }

    def _decide(self, demand: Demand, certain: Sequence[Prospect]) -> RowPlan:
        fits = self._fits[demand.reference]
        fitting = {one.room_id: one for found in fits.values() for one in found}
        is_open = demand.is_vague or any(self._is_contested(demand, one) for one in fitting)
        found = [*certain, *fitting.values()]
        if (
            not is_open
            and len(found) == demand.wanted
            and all(len(fits[name]) >= demand.names[name] for name in fits)
            and all(one.is_clear for one in certain)
        ):
            return demand.planned(found)
        likely = [one.room_id for one in certain]
        if not is_open:
            likely += self._likely(demand)
        return RowPlan(demand.row, need=self._offers.ask(demand, likely))

    def _likely(self, demand: Demand) -> list[int]:
        """Return the rooms that are certain though others are not."""
        fits = self._fits[demand.reference]
        return [
            one.room_id
            for name, found in fits.items()
            if name != ANY and len(found) == demand.names[name]
            for one in found
        ]

    def _is_contested(self, demand: Demand, room_id: int) -> bool:
        """Tell whether another row could be these closed nights'."""
        return any(
            night in self._elsewhere or self._wishes[room_id, night] > 1 for night in demand.nights
        )
