"""Airbnb: stays by UID within the feed, then by confirmation code.

Measured on 339,495 events: a reservation's UID is stable, also when its dates move, and one code
has one UID; a block's UID is made from its start date alone and is shared by unrelated listings.
"""

from collections.abc import Sequence
from datetime import datetime

from app.domain.channels import by_identity, words
from app.domain.readings import FeedEvent, Kind, KnownSighting, Reading, Room, Step

RESERVATION_UID = "1418fb94e984-"
"""The same for all hosts since 2020."""


def read(events: Sequence[FeedEvent], room: Room) -> tuple[Reading, ...]:
    """Tell stays, which carry a link and a code, from blocks, which carry nothing."""
    return by_identity.unique_ids([_reading(event) for event in events])


def compare(
    readings: Sequence[Reading], known: Sequence[KnownSighting], room: Room, now: datetime
) -> tuple[Step, ...]:
    """Compare by UID, then code; blocks also by their nights."""
    return by_identity.compare(readings, known, room)


def _reading(event: FeedEvent) -> Reading:
    reference = words.reference_in(event.description)
    uid = event.uid or f"nights:{event.nights.arrival}/{event.nights.departure}"
    if reference is None and not uid.startswith(RESERVATION_UID) and event.summary != "Reserved":
        return Reading(uid, event.nights, Kind.BLOCK)
    kind = Kind.CANCELLED if event.status == "CANCELLED" else Kind.STAY
    ending = words.phone_ending_in(event.description)
    return Reading(uid, event.nights, kind, reference, None, ending)
