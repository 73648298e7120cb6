"""Comparing readings that carry ids: by own id, then by reference, then by nights."""

from collections.abc import Callable, Hashable, Sequence

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

LONGEST_STAY = 60
"""Nights. A longer range is a closure or the end of the booking window, until a mail or an export
says otherwise."""

Pair = tuple[KnownSighting, Reading]
Key = Callable[[KnownSighting | Reading], Hashable]

_KEYS: tuple[Key, ...] = (
    lambda one: one.own_id,
    lambda one: one.reference,
    lambda one: (one.nights, one.kind == Kind.BLOCK) if one.reference is None else None,
)


def unique_ids(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Keep one of equal readings; give readings that share an id for other nights ids of their own.

    Which keeps the plain id depends on the dates, never on the order in the feed.
    """
    kept: dict[str, Reading] = {}
    for reading in sorted(readings, key=lambda one: (one.own_id, one.nights)):
        own_id = reading.own_id
        if own_id in kept:
            if kept[own_id].nights == reading.nights:
                continue
            own_id = f"{own_id}/{reading.nights.arrival}"
        kept.setdefault(own_id, _with_id(reading, own_id))
    return tuple(kept.values())


def compare(
    readings: Sequence[Reading], known: Sequence[KnownSighting], room: Room
) -> tuple[Step, ...]:
    """Say what became of each known sighting and what is new; blocks that vanish go at once."""
    pairs, new, absent = _paired(readings, known)
    steps: list[Step] = []
    for sighting, reading in pairs:
        step = _step(sighting, reading)
        if step is not None:
            steps.append(step)
    for sighting in absent:
        if sighting.nights.departure <= room.today:
            continue
        if sighting.kind == Kind.BLOCK:
            steps.append(Withdraw(sighting.id, "The block was opened."))
        else:
            steps.append(Missing(sighting.id))
    steps += [Add(reading) for reading in new if reading.nights.departure > room.today]
    return tuple(steps)


def _paired(
    readings: Sequence[Reading], known: Sequence[KnownSighting]
) -> tuple[list[Pair], list[Reading], list[KnownSighting]]:
    pairs: list[Pair] = []
    left_known, left_read = list(known), list(readings)
    for key in _KEYS:
        by_key = {key(reading): reading for reading in reversed(left_read)}
        by_key.pop(None, None)
        still: list[KnownSighting] = []
        for sighting in left_known:
            reading = by_key.pop(key(sighting), None)
            if reading is None:
                still.append(sighting)
            else:
                pairs.append((sighting, reading))
        taken = {id(reading) for _sighting, reading in pairs}
        left_known, left_read = still, [one for one in left_read if id(one) not in taken]
    return pairs, left_read, left_known


def _step(sighting: KnownSighting, reading: Reading) -> Step | None:
    if reading.kind == Kind.CANCELLED:
        return Withdraw(sighting.id, "The calendar says that it is cancelled.")
    if _says_the_same(sighting, reading):
        return Seen(sighting.id) if sighting.missing_since is not None else None
    return Change(sighting.id, reading)


def _says_the_same(sighting: KnownSighting, reading: Reading) -> bool:
    """Compare facts; what a later reading leaves empty is not a change."""
    return (
        sighting.own_id == reading.own_id
        and sighting.nights == reading.nights
        and sighting.kind == reading.kind
        and reading.reference in (None, sighting.reference)
        and reading.name in (None, sighting.name)
        and reading.phone_ending in (None, sighting.phone_ending)
    )


def _with_id(reading: Reading, own_id: str) -> Reading:
    return Reading(
        own_id, reading.nights, reading.kind, reading.reference, reading.name, reading.phone_ending
    )
