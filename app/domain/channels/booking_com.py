"""Booking.com: closed nights per room, never by UID.

Measured on 80,000 events: every one says `CLOSED - Not available`, sold or closed; its UID names
only the start date; a stay in progress is cut to start today every night; neighbours are joined and
split between fetches; a closure can swallow a stay.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.domain.channels.by_identity import LONGEST_STAY
from app.domain.nights import Nights, merged, subtracted
from app.domain.readings import (
    Add,
    Change,
    FeedEvent,
    Kind,
    KnownSighting,
    Missing,
    Reading,
    Room,
    Seen,
    Step,
    Withdraw,
)


def read(events: Sequence[FeedEvent], room: Room) -> tuple[Reading, ...]:
    """Read every event as closed nights; ranges that nobody stays for are blocks."""
    nights = sorted({event.nights for event in events if event.status != "CANCELLED"})
    return tuple(_reading(one) for one in nights)


def compare(
    readings: Sequence[Reading], known: Sequence[KnownSighting], room: Room, now: datetime
) -> tuple[Step, ...]:
    """Compare nights, not events.

    A known closure whose nights from today on are all closed is still there, however the events are
    cut. A closure grows or shrinks with its event only while nobody is known to stay in it; nights
    joined to a stay are new closed nights of their own, so that access never grows by a closure.
    """
    comparison = _Comparison(readings, known, room)
    comparison.follow_moved_ends()
    comparison.look_for_known()
    comparison.add_what_is_left()
    return tuple(comparison.steps)


class _Comparison:
    def __init__(
        self, readings: Sequence[Reading], known: Sequence[KnownSighting], room: Room
    ) -> None:
        self.readings, self.room = readings, room
        self.known = [one for one in known if one.nights.departure > room.today]
        self.closed = merged(reading.nights for reading in readings)
        self.explained: list[Nights] = []
        self.followed: set[int] = set()
        self.steps: list[Step] = []

    def follow_moved_ends(self) -> None:
        """Let a closure nobody is known in follow the event that begins on its first night."""
        for reading in self.readings:
            inside = [one for one in self.known if one.nights.overlaps(reading.nights)]
            if len(inside) != 1 or inside[0].nights == reading.nights:
                continue
            sighting = inside[0]
            same_start = sighting.nights.arrival == reading.nights.arrival
            if sighting.kind == Kind.BLOCK and reading.kind == Kind.BLOCK:
                same_start = True  # the end of the booking window moves at both ends
            if not same_start or self._is_fixed(sighting) or self._is_covered_by_more(sighting):
                continue
            self.followed.add(sighting.id)
            self.explained.append(reading.nights)
            moved = Reading(sighting.own_id, reading.nights, reading.kind)
            self.steps.append(Change(sighting.id, moved))

    def look_for_known(self) -> None:
        """Say of every other known closure whether its nights are still closed."""
        for sighting in self.known:
            if sighting.id in self.followed:
                continue
            remaining = sighting.nights.from_day(self.room.today)
            if remaining is None:
                continue
            self.explained.append(sighting.nights)
            if not subtracted([remaining], self.closed):
                if sighting.missing_since is not None:
                    self.steps.append(Seen(sighting.id))
            elif sighting.kind == Kind.BLOCK:
                self.explained.pop()
                self.steps.append(Withdraw(sighting.id, "The nights were opened."))
            else:
                self.steps.append(Missing(sighting.id))

    def add_what_is_left(self) -> None:
        """Add closed nights that no known closure, and no other source's stay, explains."""
        ids = {sighting.own_id for sighting in self.known}
        for reading in self.readings:
            if reading.nights.departure <= self.room.today:
                continue
            for nights in self._unexplained(reading):
                fresh = _reading(nights, ids)
                ids.add(fresh.own_id)
                self.steps.append(Add(fresh))

    def _unexplained(self, reading: Reading) -> Iterable[Nights]:
        unknown = subtracted([reading.nights], self.explained)
        if unknown == [reading.nights] and not subtracted(unknown, self.room.held):
            return unknown  # an echo of other sources' stays: one further sighting of them
        return subtracted(unknown, self.room.held)

    def _is_fixed(self, sighting: KnownSighting) -> bool:
        return sighting.settled or (
            sighting.kind != Kind.BLOCK and sighting.nights.arrival <= self.room.today
        )

    def _is_covered_by_more(self, sighting: KnownSighting) -> bool:
        """Tell whether several events share its nights: then it was split, not shortened."""
        return not subtracted([sighting.nights], self.closed) and not any(
            reading.nights.covers(sighting.nights) for reading in self.readings
        )


def _reading(nights: Nights, taken: Iterable[str] = ()) -> Reading:
    kind = Kind.BLOCK if len(nights) > LONGEST_STAY else Kind.CLOSED
    own_id = f"nights:{nights.arrival}"
    if own_id in taken:
        own_id = f"{own_id}/{nights.departure}"
    return Reading(own_id, nights, kind)
