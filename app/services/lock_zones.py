"""Noticing locks that are set to another time zone than their house."""

from collections.abc import Collection
from datetime import datetime, timedelta

from app.domain.lock_zones import offsets_of
from app.models import Door, Property

EVERY = timedelta(days=7)
"""It is set once, and each look is a call of the month's."""


def is_look_due(house: Property, door: Door, now: datetime) -> bool:
    """Tell whether to ask how a door's lock is set; where it was wrong, each time."""
    if door.zone_read_at is None or is_elsewhere(door, right_minutes(house, now)):
        return True
    return door.zone_read_at <= now - EVERY


def note_offset(door: Door, offset: timedelta | None, now: datetime) -> None:
    """Write down how far ahead of UTC a lock is set; None where its provider cannot say."""
    door.zone_read_at = now
    door.utc_offset_minutes = None if offset is None else _minutes(offset)


def right_minutes(house: Property, now: datetime) -> frozenset[int]:
    """Return by how many minutes ahead of UTC a lock of the house may be set."""
    return frozenset(_minutes(one) for one in offsets_of(house.zone, now))


def is_elsewhere(door: Door, right: Collection[int]) -> bool:
    """Tell whether the lock is set to an offset that its house never has: see `right_minutes`."""
    return door.utc_offset_minutes is not None and door.utc_offset_minutes not in right


def offset_of(door: Door) -> timedelta | None:
    """Return how far ahead of UTC the lock is set, as far as is known."""
    minutes = door.utc_offset_minutes
    return None if minutes is None else timedelta(minutes=minutes)


def _minutes(offset: timedelta) -> int:
    return round(offset.total_seconds() / 60)
