"""Own ids of events: their UID, and what is done where a feed gives none or the same one twice."""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from app.domain.nights import Nights
from app.domain.readings import FeedEvent, Kind, Reading

LONGEST_UID = 200
_NIGHTS = re.compile(r" \d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d\Z")


def own_id_of(event: FeedEvent) -> str:
    """Return the event's UID; without one, its nights are all it can be known by."""
    if event.uid is None:
        return f"nights:{event.nights.arrival}/{event.nights.departure}"
    if len(event.uid) > LONGEST_UID:
        return "uid:" + hashlib.sha256(event.uid.encode()).hexdigest()
    return event.uid


def uid_of(own_id: str) -> str:
    """Return the UID in an own id, without the nights that made it unique."""
    return _NIGHTS.sub("", own_id)


def unused(own_id: str, nights: Nights, taken: Collection[str]) -> str:
    """Return an own id that is not taken: the same, with the nights where it must be."""
    if own_id not in taken:
        return own_id
    longer = f"{uid_of(own_id)} {nights.arrival}/{nights.departure}"
    number = 2
    while longer in taken:
        longer = f"{own_id}#{number}"
        number += 1
    return longer


def unique(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Keep one of equal readings; give readings that share an id for other nights ids of their own.

    Which keeps the plain id depends on the dates, never on the order in the feed. A stay that is
    listed as cancelled and again as not cancelled is not.
    """
    kept: dict[tuple[str, Nights], Reading] = {}
    for reading in sorted(readings, key=_order):
        kept.setdefault((reading.own_id, reading.nights), reading)
    ids: set[str] = set()
    named: list[Reading] = []
    for reading in kept.values():
        own_id = unused(reading.own_id, reading.nights, ids)
        ids.add(own_id)
        named.append(reading if own_id == reading.own_id else replace(reading, own_id=own_id))
    return tuple(named)


def _order(one: Reading) -> tuple[object, ...]:
    facts = (one.reference or "", one.name or "", one.phone_ending or "")
    return (one.nights, one.own_id, one.kind == Kind.CANCELLED, *facts, one.kind)
