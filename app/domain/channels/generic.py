"""Any other calendar: by UID, then by reference, then by nights; words decide what it is."""

from collections.abc import Sequence
from datetime import datetime

from app.domain.channels import by_identity, own_ids, words
from app.domain.channels.blocks import LONGEST_STAY
from app.domain.readings import FeedEvent, Kind, KnownSighting, Reading, Room, Step


def read(events: Sequence[FeedEvent], room: Room) -> tuple[Reading, ...]:
    """Read each event for what its words say; unknown words are a stay."""
    return own_ids.unique([_reading(event) for event in events])


def compare(
    readings: Sequence[Reading], known: Sequence[KnownSighting], room: Room, now: datetime
) -> tuple[Step, ...]:
    """Compare by UID, then reference, then nights: some sites give a new UID with new dates."""
    return by_identity.compare(readings, known, room, stays_by_nights=True)


def _reading(event: FeedEvent) -> Reading:
    reference = words.reference_in(event.summary, event.description)
    kind = _kind(event, reference)
    # "Blocked - painting" names nobody.
    name = words.name_in(event.summary, event.description) if kind != Kind.BLOCK else None
    ending = words.phone_ending_in(event.description)
    return Reading(own_ids.own_id_of(event), event.nights, kind, reference, name, ending)


def _kind(event: FeedEvent, reference: str | None) -> Kind:
    if event.status == "CANCELLED" or words.says_cancelled(event.summary):
        return Kind.CANCELLED
    if event.status == "TENTATIVE" or words.says_tentative(event.summary):
        return Kind.TENTATIVE
    if reference is not None:  # positive evidence wins over any word
        return Kind.STAY
    if len(event.nights) > LONGEST_STAY:
        return Kind.BLOCK
    if words.may_hide_a_stay(event.summary):
        return Kind.CLOSED
    return Kind.BLOCK if words.says_blocked(event.summary) else Kind.STAY
