"""Booking.com: closed nights per room, never by UID.

Measured on 80,000 events: every one says `CLOSED - Not available`, sold or closed; its UID names
only the start date; a stay in progress is cut to start today every night; neighbours are joined and
split between fetches; a closure can swallow a stay.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from app.domain.channels import words
from app.domain.channels.blocks import LONGEST_STAY, by_overlap
from app.domain.channels.closed_nights import unexplained
from app.domain.nights import Nights, NightSet
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
    names: dict[Nights, str | None] = {}
    for event in events:
        if event.status != "CANCELLED":
            name = words.name_in(event.summary, "")
            names[event.nights] = max(filter(None, (names.get(event.nights), name)), default=None)
    readings: list[Reading] = []
    ids: set[str] = set()
    for nights in sorted(names):
        readings.append(_reading(nights, ids, names[nights]))
        ids.add(readings[-1].own_id)
    return tuple(readings)


def compare(
    readings: Sequence[Reading], known: Sequence[KnownSighting], room: Room, now: datetime
) -> tuple[Step, ...]:
    """Compare nights, not events.

    A known closure whose nights from today on are all closed is still there, however the events are
    cut. A closure grows or shrinks with its event only while nobody is known to stay in it and it
    has not begun; nights joined to a stay are closed nights of their own, so that access never
    grows by a closure.
    """
    comparison = _Comparison(readings, known, room)
    comparison.look_for_closures()
    comparison.follow_blocks()
    comparison.grow()
    comparison.add_what_is_left()
    return tuple(comparison.steps)


class _Comparison:
    def __init__(
        self, readings: Sequence[Reading], known: Sequence[KnownSighting], room: Room
    ) -> None:
        self.today, self.held = room.today, room.held
        self.ids = {one.own_id for one in known}
        self.live = [one for one in known if not one.is_over(self.today)]
        self.closures = [one for one in self.live if one.may_be_stay]
        self.blocks = [one for one in self.live if not one.may_be_stay]
        self.events = [one for one in readings if one.nights.departure > self.today]
        closed = NightSet(one.nights for one in self.events)
        self.there = [one for one in self.closures if closed.holds(_left(one.nights, self.today))]
        # A closure that is gone explains nothing, so that its nights are read anew; only one that
        # has begun keeps them, because no feed can end it.
        explained = [one.nights for one in known if one.may_be_stay and one.has_begun(self.today)]
        explained += [one.nights for one in self.there]
        self.pieces = unexplained(self.events, [*explained, *self.held], self.today)
        self.steps: list[Step] = []

    def look_for_closures(self) -> None:
        """Say of every known closure whether it is there, shorter, or gone."""
        there = {one.id for one in self.there}
        starting = {piece.nights.arrival: piece for piece in self.pieces}
        for sighting in self.closures:
            piece = starting.get(sighting.nights.arrival)
            if sighting.id in there:
                self._see(sighting)
            elif (
                piece is not None
                and self._may_move(sighting)
                and piece.nights.departure < sighting.nights.departure
            ):
                self._change(sighting, piece.nights)
                self.pieces.remove(piece)
            else:
                self.steps.append(Missing(sighting.id))

    def follow_blocks(self) -> None:
        """Let known blocks follow the long ranges they share nights with, and go with them."""
        long = [piece for piece in self.pieces if self._is_long(piece.event)]
        pairs = by_overlap(self.blocks, long, lambda piece: piece.nights)
        for block, piece in pairs:
            arrival = piece.nights.arrival
            if block.has_begun(self.today) and arrival <= self.today:  # cut, not moved
                arrival = min(arrival, block.nights.arrival)
            self._follow(block, Nights(arrival, piece.nights.departure), Kind.BLOCK)
            self.pieces.remove(piece)
        followed = {block.id for block, _ in pairs}
        starting = {piece.nights.arrival: piece for piece in self.pieces}
        for block in self.blocks:
            if block.id in followed:
                continue
            if block.nights.arrival in starting:  # no longer too long to be a stay
                piece = starting.pop(block.nights.arrival)
                self._change(block, piece.nights)
                self.pieces.remove(piece)
            else:
                self.steps.append(Withdraw(block.id, "The nights were opened."))

    def grow(self) -> None:
        """Let a closure nobody is known in follow the longer event that begins on its first day."""
        movable = {one.nights.arrival: one for one in self.there if self._may_move(one)}
        for piece in list(self.pieces):
            sighting = movable.get(piece.event.nights.arrival)
            if sighting is None or piece.nights.arrival != sighting.nights.departure:
                continue
            grown = Nights(sighting.nights.arrival, piece.nights.departure)
            inside = [one for one in self.live if one.nights.overlaps(piece.event.nights)]
            # What may be a stay does not vanish into a closure many times its length.
            swallowed = len(grown) > LONGEST_STAY and len(grown) > 2 * len(sighting.nights)
            if len(inside) == 1 and not swallowed:
                self._change(sighting, grown)
                self.pieces.remove(piece)

    def add_what_is_left(self) -> None:
        """Add closed nights that no known closure, and no other source's stay, explains."""
        for piece in self.pieces:
            self._add(piece.nights, piece.event.name if piece.is_whole else None)
        held = NightSet(self.held)
        known = NightSet(one.nights for one in self.live)
        for event in self.events:
            left = _left(event.nights, self.today)
            if held.holds(left) and known.gaps(left) == [left]:
                # An echo of other sources' stays: one further sighting of them.
                self._add(event.nights, event.name)

    def _may_move(self, sighting: KnownSighting) -> bool:
        return not sighting.settled and not sighting.has_begun(self.today)

    def _is_long(self, event: Reading) -> bool:
        """Tell a block, also one in progress, whose length no longer shows: it is cut nightly."""
        if event.kind == Kind.BLOCK:
            return True
        begun = event.nights.arrival <= self.today
        return begun and any(block.has_begun(self.today) for block in self.blocks)

    def _see(self, sighting: KnownSighting) -> None:
        if sighting.missing_since is not None:
            self.steps.append(Seen(sighting.id))

    def _change(self, sighting: KnownSighting, nights: Nights) -> None:
        self._follow(sighting, nights, _kind(nights))

    def _follow(self, sighting: KnownSighting, nights: Nights, kind: Kind) -> None:
        if (nights, kind) == (sighting.nights, sighting.kind):
            self._see(sighting)
            return
        reading = Reading(
            sighting.own_id,
            nights,
            kind,
            sighting.reference,
            sighting.name,
            sighting.phone_ending,
        )
        self.steps.append(Change(sighting.id, reading))

    def _add(self, nights: Nights, name: str | None) -> None:
        reading = _reading(nights, self.ids, name)
        self.ids.add(reading.own_id)
        self.steps.append(Add(reading))


def _left(nights: Nights, today: date) -> Nights:
    return nights.from_day(today) or nights


def _kind(nights: Nights) -> Kind:
    return Kind.BLOCK if len(nights) > LONGEST_STAY else Kind.CLOSED


def _reading(nights: Nights, taken: Collection[str], name: str | None = None) -> Reading:
    """Name the nights by the day they begin, and by more where that name is taken."""
    own_id = f"nights:{nights.arrival}"
    if own_id in taken:
        own_id = f"{own_id}/{nights.departure}"
    number = 2
    while own_id in taken:
        own_id = f"nights:{nights.arrival}/{nights.departure}/{number}"
        number += 1
    return Reading(own_id, nights, _kind(nights), name=name)
