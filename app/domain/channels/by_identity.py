"""Comparing readings that carry ids: by own id, then by reference, then by nights."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from app.domain.channels.blocks import by_overlap
from app.domain.channels.own_ids import uid_of, unused
from app.domain.nights import Nights
from app.domain.readings import (
    Add,
    Change,
    Kind,
    KnownSighting,
    Missing,
    Reading,
    Room,
    Seen,
    Step,
    Withdraw,
)

LATELY = timedelta(days=7)

Pair = tuple[KnownSighting, Reading]
Key = Callable[[KnownSighting | Reading], Hashable]

_BY_ID: tuple[Key, ...] = (
    # Of several events with one UID, each stays with the sighting that has its dates.
    lambda one: (uid_of(one.own_id), one.nights),
    lambda one: one.own_id,
    lambda one: one.reference,
)


def compare(
    readings: Sequence[Reading],
    known: Sequence[KnownSighting],
    room: Room,
    *,
    stays_by_nights: bool,
) -> tuple[Step, ...]:
    """Say what became of each known sighting and what is new; blocks that vanish go at once.

    `stays_by_nights`: the channel's ids may change while the stay is the same.
    """
    pairing = _Pairing(readings, known, room.today)
    for key in _BY_ID:
        pairing.pair(key, _may_be)
    if stays_by_nights:
        pairing.pair(lambda one: (one.nights, one.kind == Kind.BLOCK), _may_be_by_nights)
    pairing.pair_blocks()
    ids = {one.own_id for one in known}
    steps: list[Step] = []
    for sighting, reading in pairing.pairs:
        step = _step(sighting, reading, room.today, ids)
        if step is not None:
            steps.append(step)
    for sighting in pairing.absent:
        if sighting.may_be_stay and not sighting.is_over(room.today):
            steps.append(Missing(sighting.id))
        elif not sighting.may_be_stay:
            steps.append(Withdraw(sighting.id, "The block was opened."))
    for reading in pairing.new:
        if _is_worth_adding(reading, known, room.today):
            fresh = replace(reading, own_id=unused(reading.own_id, reading.nights, ids))
            ids.add(fresh.own_id)
            steps.append(Add(fresh))
    return tuple(steps)


def _is_worth_adding(reading: Reading, known: Sequence[KnownSighting], today: date) -> bool:
    """Tell whether the host wants to know: what is to come, and who left within a few days.

    A site lists a stay for a while after it is over; a first look at a feed shows it, too. The
    past of a stay that is known is none of these: a feed that says it ended early is not believed.
    """
    if reading.nights.departure > today:
        return True
    if reading.kind != Kind.STAY or reading.nights.departure <= today - LATELY:
        return False
    uid = uid_of(reading.own_id)
    return not any(
        uid_of(one.own_id) == uid or (reading.reference and one.reference == reading.reference)
        for one in known
    )


class _Pairing:
    """Which reading is which known sighting; what is left is `absent`, and `new`."""

    def __init__(
        self, readings: Sequence[Reading], known: Sequence[KnownSighting], today: date
    ) -> None:
        self.today = today
        self.pairs: list[Pair] = []
        self.absent, self.new = list(known), list(readings)

    def pair(self, key: Key, may_be: Callable[[KnownSighting, Reading, date], bool]) -> None:
        """Pair what has the same key, where it may be the same; keys of None pair nothing."""
        candidates: defaultdict[Hashable, list[Reading]] = defaultdict(list)
        for reading in self.new:
            candidates[key(reading)].append(reading)
        candidates.pop(None, None)
        found: list[Pair] = []
        for sighting in self.absent:
            alike = candidates.get(key(sighting), [])
            same = next((one for one in alike if may_be(sighting, one, self.today)), None)
            if same is not None:
                alike.remove(same)
                found.append((sighting, same))
        self._take(found)

    def pair_blocks(self) -> None:
        """Pair blocks that share nights: their UIDs are made from dates and change with these."""
        blocks = [one for one in self.absent if one.kind == Kind.BLOCK and not one.settled]
        found = [one for one in self.new if one.kind == Kind.BLOCK]
        self._take(by_overlap(blocks, found, lambda reading: reading.nights))

    def _take(self, found: Sequence[Pair]) -> None:
        self.pairs += found
        sightings = {id(sighting) for sighting, _ in found}
        readings = {id(reading) for _, reading in found}
        self.absent = [one for one in self.absent if id(one) not in sightings]
        self.new = [one for one in self.new if id(one) not in readings]


def _may_be(sighting: KnownSighting, reading: Reading, today: date) -> bool:
    """Tell whether a reading with the same id may be this sighting, changed."""
    if sighting.reference and reading.reference and sighting.reference != reading.reference:
        return False
    if not sighting.may_be_stay or sighting.is_over(today) or reading.kind == Kind.CANCELLED:
        return True
    if reading.kind == Kind.BLOCK and sighting.kind != Kind.BLOCK:
        # What somebody is known to stay in does not turn into a block behind the host's back.
        return not sighting.settled and not sighting.has_begun(today)
    # A stay in house is neither ended nor moved away by a feed.
    return not sighting.has_begun(today) or today in reading.nights


def _may_be_by_nights(sighting: KnownSighting, reading: Reading, today: date) -> bool:
    """Tell whether a reading of the same nights under another id may be the same stay."""
    same_person = all(
        said is None or known is None or said == known
        for said, known in (
            (reading.name, sighting.name),
            (reading.phone_ending, sighting.phone_ending),
        )
    )
    return same_person and reading.kind != Kind.CANCELLED and _may_be(sighting, reading, today)


def _step(sighting: KnownSighting, reading: Reading, today: date, taken: set[str]) -> Step | None:
    if reading.kind == Kind.CANCELLED and sighting.kind != Kind.CANCELLED:
        return Withdraw(sighting.id, "The calendar says that it is cancelled.")
    own_id = sighting.own_id
    if uid_of(own_id) != uid_of(reading.own_id):
        own_id = unused(reading.own_id, reading.nights, taken)
        taken.add(own_id)
    said = Reading(
        own_id,
        _nights_after(sighting, reading, today),
        reading.kind,
        # What a later reading leaves empty is known all the same.
        reading.reference or sighting.reference,
        reading.name or sighting.name,
        reading.phone_ending or sighting.phone_ending,
    )
    if said == _last_said(sighting):
        return Seen(sighting.id) if sighting.missing_since is not None else None
    return Change(sighting.id, said)


def _nights_after(sighting: KnownSighting, reading: Reading, today: date) -> Nights:
    """Return the nights now said; a start that moved up to today is only cut off."""
    begun = sighting.has_begun(today) and today in reading.nights
    arrival = sighting.nights.arrival if begun else reading.nights.arrival
    return Nights(min(arrival, reading.nights.arrival), reading.nights.departure)


def _last_said(sighting: KnownSighting) -> Reading:
    return Reading(
        sighting.own_id,
        sighting.nights,
        sighting.kind,
        sighting.reference,
        sighting.name,
        sighting.phone_ending,
    )
