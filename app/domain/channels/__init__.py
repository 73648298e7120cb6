"""How each channel's events are to be read: one small pure module each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.domain.channels import airbnb, booking_com, generic
from app.domain.readings import FeedEvent, KnownSighting, Reading, Room, Step


class Policy(Protocol):
    """A channel's module.

    `compare` says what each known sighting has become and what is new, as if every absence were a
    first one: `Missing`. When to believe an absence is the same for all (`app.domain.feeds`). A
    known sighting that is unchanged gives a step only when it had been missing.
    """

    def read(self, events: Sequence[FeedEvent], room: Room) -> tuple[Reading, ...]: ...

    def compare(
        self,
        readings: Sequence[Reading],
        known: Sequence[KnownSighting],
        room: Room,
        now: datetime,
    ) -> tuple[Step, ...]: ...


POLICIES: dict[str, Policy] = {
    "booking.com": booking_com,
    "airbnb": airbnb,
    "vrbo": generic,
    "other": generic,
}


def policy_for(channel: str) -> Policy:
    """Return the channel's policy; an unknown channel is read like any other calendar."""
    return POLICIES.get(channel, generic)
