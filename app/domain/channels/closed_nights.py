"""Which closed nights nothing explains yet, kept apart by the event that closes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.nights import Nights, NightSet
from app.domain.readings import Reading


@dataclass(frozen=True)
class Piece:
    """A part of one event's nights."""

    event: Reading
    nights: Nights

    @property
    def is_whole(self) -> bool:
        return self.nights == self.event.nights


def unexplained(events: Sequence[Reading], explained: Iterable[Nights], today: date) -> list[Piece]:
    """Return what is left of each event, in order; nights that two events share count once.

    What lies wholly in the past is left out.
    """
    known = NightSet(explained)
    pieces: list[Piece] = []
    counted = today
    for event in sorted(events, key=lambda one: one.nights):
        for part in known.gaps(event.nights):
            if part.departure <= counted:
                continue
            if pieces and part.arrival < pieces[-1].nights.departure:
                part = Nights(pieces[-1].nights.departure, part.departure)
            pieces.append(Piece(event, part))
            counted = max(counted, part.departure)
    return pieces
