"""What each room offers for a row: closed nights that fit it, others, nothing, or no place."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.domain.exports import ExportRow
from app.domain.imports.known import Known, KnownStay
from app.domain.imports.nights_held import Held, NightsHeld
from app.domain.imports.outcomes import Conflict, Enrich, New, RoomChoice
from app.domain.nights import Nights

ANY_CALENDAR = (None, "other")
"""Channels of nights that may be any channel's."""


@dataclass(frozen=True)
class Prospect:
    """One room, for one row. At most one of the three is there; none of them: it is free."""

    room_id: int
    nights: Nights
    seeker: KnownStay | None = None
    """Its closed nights are just the row's, or hold them."""
    shown: Nights | None = None
    """Closed nights that meet the row's and do not fit them."""
    conflict: Conflict | None = None

    @property
    def is_clear(self) -> bool:
        """Nothing speaks against it: it is free, or closed on just these nights."""
        return self.shown is None and self.conflict is None

    @property
    def step(self) -> New | Enrich:
        """Return what putting the row there comes to."""
        if self.seeker is not None:
            return Enrich(self.seeker.id, self.room_id, self.seeker.nights, self.nights)
        return New(self.room_id, self.nights, on_calendar=self.shown is not None)

    @property
    def choice(self) -> RoomChoice:
        seen = self.seeker.nights if self.seeker is not None else self.shown
        return RoomChoice(self.room_id, seen)


class Prospects:
    """What the rooms offer; the same for all rows of the same nights."""

    def __init__(self, known: Known, held: NightsHeld) -> None:
        self._held, self._today = held, known.today
        self._waiting = {stay.guest for stay in known.stays if stay.guest_waits}
        self._seen: dict[Wish, dict[int, Prospect]] = defaultdict(dict)

    def of(self, row: ExportRow, room_ids: Iterable[int]) -> list[Prospect]:
        """Return what these rooms offer for a row."""
        guest = row.reference if row.reference in self._waiting else None
        wish = Wish(row.nights, row.channel, bool(row.unit_types), guest)
        seen = self._seen[wish]
        listed = list(room_ids)
        for room_id in listed:
            if room_id not in seen:
                held = self._held.on(wish.nights).get(room_id, ())
                seen[room_id] = _prospect(wish, room_id, held, self._today)
        return [seen[room_id] for room_id in listed]


class Wish(NamedTuple):
    """All that matters of a row here."""

    nights: Nights
    channel: str
    names_rooms: bool
    guest: str | None
    """Its reference, where somebody has checked in by it and waits for a room."""


def _prospect(wish: Wish, room_id: int, held: Sequence[Held], today: date) -> Prospect:
    conflict = next((found for one in held if (found := one.in_the_way(wish.guest))), None)
    if conflict is not None:
        return Prospect(room_id, wish.nights, conflict=conflict)
    open_ones = [one for one in held if one.stay.may_be(wish.guest)]
    seekers = [one.stay for one in open_ones]
    seeker = _fitting([one for one in seekers if _may_be(one, wish)], wish, today)
    others = [one for one in open_ones if one.stay is not seeker and one.is_somebody]
    if others:
        return Prospect(room_id, wish.nights, conflict=others[0].taken)
    if seeker is not None:
        return Prospect(room_id, wish.nights, seeker=seeker)
    shown = seekers[0].nights if seekers else None
    return Prospect(room_id, wish.nights, shown=shown)


def _may_be(stay: KnownStay, wish: Wish) -> bool:
    return stay.channel == wish.channel or stay.channel in ANY_CALENDAR


def _fitting(seekers: Sequence[KnownStay], wish: Wish, today: date) -> KnownStay | None:
    """Return the closed nights that are the row's: the very same; else cut, or joined to others.

    Calendars cut what is in progress to begin today, and join neighbours to one range. Rows that do
    not name their room's kind are put on the very same nights only.
    """
    same = [one for one in seekers if one.nights == wish.nights]
    if len(same) == 1:
        return same[0]
    wider = [one for one in seekers if _is_cut(one.nights, wish.nights, today)]
    if wish.names_rooms:
        wider += [one for one in seekers if one.nights.covers(wish.nights)]
    if len(seekers) != 1 or not wider or wider[0].checked_in or wider[0].shown is not None:
        return None
    return wider[0]


def _is_cut(shown: Nights, whole: Nights, today: date) -> bool:
    return shown.departure == whole.departure and whole.arrival < shown.arrival <= today
