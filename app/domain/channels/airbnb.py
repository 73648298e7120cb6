"""Airbnb: stays by UID within the feed, then by confirmation code.

Measured on 339,495 events: a reservation's UID is stable, also when its dates move, and one code
has one UID; a block's UID is made from its start date alone and is shared by unrelated listings.
"""

from collections.abc import Sequence
from datetime import datetime

from app.domain.channels import by_identity, own_ids, words
from app.domain.readings import FeedEvent, Kind, KnownSighting, Reading, Room, Step

RESERVATION_UID = "1418fb94e984-"
"""The same for all hosts since 2020."""


def read(events: Sequence[FeedEvent], room: Room) -> tuple[Reading, ...]:
    """Tell stays, which carry a link and a code, from blocks, which carry nothing."""
    return own_ids.unique([_reading(event) for event in events])


def compare(
    readings: Sequence[Reading], known: Sequence[KnownSighting], room: Room, now: datetime
) -> tuple[Step, ...]:
    """Compare by UID, then code; blocks also by the nights they share."""
    return by_identity.compare(readings, known, room, stays_by_nights=False)


def _reading(event: FeedEvent) -> Reading:
    reference = words.airbnb_code_in(event.description, event.summary)
    own_id = own_ids.own_id_of(event)
    is_stay = own_id.startswith(RESERVATION_UID) or event.summary.casefold() == "reserved"
    if reference is None and not is_stay:
        return Reading(own_id, event.nights, Kind.BLOCK)
    kind = Kind.CANCELLED if event.status == "CANCELLED" else Kind.STAY
    ending = words.phone_ending_in(event.description)
    return Reading(own_id, event.nights, kind, reference, None, ending)
