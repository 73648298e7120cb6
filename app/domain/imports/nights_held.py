"""Who has a room when, once the rows that move and cancel have been carried out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.imports.known import LIVE, Known, KnownStay
from app.domain.imports.outcomes import Cancel, Clash, Conflict, Move
from app.domain.nights import Nights
from app.domain.standing import Status


@dataclass(frozen=True)
class Held:
    """A reservation, on the nights that it will have."""

    stay: KnownStay
    nights: Nights

    def in_the_way(self, reference: str | None = None) -> Conflict | None:
        """Say why that booking cannot have these nights; None where it may."""
        stay = self.stay
        if stay.closed_by_host:
            return Conflict(Clash.CLOSED, stay.id, stay.room_id, self.nights)
        if stay.status not in LIVE or stay.may_be(reference):
            return None
        return self.taken

    @property
    def taken(self) -> Conflict:
        whose = self.stay.reference or self.stay.guest
        return Conflict(Clash.TAKEN, self.stay.id, self.stay.room_id, self.nights, reference=whose)

    @property
    def is_somebody(self) -> bool:
        """Somebody stays then for certain, if only nobody knows who."""
        return self.stay.status == Status.CONFIRMED


class NightsHeld:
    """The nights of all rooms, to be asked about often."""

    def __init__(
        self,
        known: Known,
        moves: Iterable[Move] = (),
        cancels: Iterable[Cancel] = (),
        span: Nights | None = None,
    ) -> None:
        to = {move.stay_id: move.nights for move in moves}
        gone = {one.stay_id for one in cancels}
        self._by_night: dict[date, list[Held]] = defaultdict(list)
        self._seen: dict[Nights, Mapping[int, Sequence[Held]]] = {}
        for stay in known.stays:
            if stay.id in gone or stay.status == Status.CANCELLED:
                continue
            held = Held(stay, to.get(stay.id, stay.nights))
            for night in _within(held.nights, span):
                self._by_night[night].append(held)

    def on(self, nights: Nights) -> Mapping[int, Sequence[Held]]:
        """Return what shares one of these nights, by room."""
        if nights not in self._seen:
            found = dict.fromkeys(held for night in nights for held in self._by_night[night])
            by_room: dict[int, list[Held]] = defaultdict(list)
            for held in found:
                by_room[held.stay.room_id].append(held)
            self._seen[nights] = by_room
        return self._seen[nights]


def span_of(all_nights: Iterable[Nights]) -> Nights | None:
    """Return the nights from the first arrival to the last departure."""
    listed = list(all_nights)
    if not listed:
        return None
    return Nights(min(one.arrival for one in listed), max(one.departure for one in listed))


def _within(nights: Nights, span: Nights | None) -> Iterable[date]:
    if span is None or not nights.overlaps(span):
        return ()
    return Nights(max(nights.arrival, span.arrival), min(nights.departure, span.departure))
