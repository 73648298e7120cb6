"""From a feed's events to steps: the channel's policy, and when to believe that a stay is gone.

A future reservation that vanishes is withdrawn only after it was absent from two good fetches at
least ten minutes apart; when many vanish at once, or the whole feed is empty, nothing is withdrawn
and the host is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.channels import Policy
from app.domain.readings import (
    FeedEvent,
    Hold,
    KnownSighting,
    Missing,
    Room,
    Seen,
    Step,
    Withdraw,
)

CONFIRMED_AFTER = timedelta(minutes=10)
BAD_DAY_LEAST = 3
GONE = "It was absent from two readings of the calendar."
GONE_BY_HOST = "The host says that it is really gone."


@dataclass(frozen=True)
class FeedPlan:
    """What to do, and a sentence for the host when something was held back."""

    steps: tuple[Step, ...]
    warning: str | None = None


def plan(
    policy: Policy,
    events: Sequence[FeedEvent],
    known: Sequence[KnownSighting],
    room: Room,
    now: datetime,
    accept_loss: bool = False,
) -> FeedPlan:
    """Compare a good fetch with what is known.

    `accept_loss`: the host has said that what vanished is really gone.
    """
    steps = policy.compare(policy.read(events, room), known, room, now)
    sightings = {one.id: one for one in known}
    future = {one.id for one in known if _is_future(one, room)}
    absent = [step.sighting_id for step in steps if isinstance(step, Missing)]
    lost = [sighting_id for sighting_id in absent if sighting_id in future]
    if not accept_loss and (reason := _bad_day(events, len(future), len(lost))) is not None:
        held = (_held(step, sightings) for step in steps)
        kept = tuple(step for step in held if step is not None)
        return FeedPlan((*kept, Hold(reason, tuple(lost))), reason)
    believed = (
        _believed(sightings[step.sighting_id], room, now, accept_loss=accept_loss)
        if isinstance(step, Missing)
        else step
        for step in steps
    )
    return FeedPlan(tuple(step for step in believed if step is not None))


def overdue(known: Sequence[KnownSighting], room: Room, now: datetime) -> tuple[Withdraw, ...]:
    """Withdraw what was missing before and is missing again, as the content has not changed."""
    return tuple(
        Withdraw(one.id, GONE)
        for one in known
        if _is_future(one, room) and _is_confirmed_missing(one, now)
    )


def _believed(
    sighting: KnownSighting, room: Room, now: datetime, *, accept_loss: bool
) -> Step | None:
    """Say what the absence of a sighting comes to."""
    if not sighting.has_begun(room.today):
        if accept_loss:
            return Withdraw(sighting.id, GONE_BY_HOST)
        if _is_confirmed_missing(sighting, now):
            return Withdraw(sighting.id, GONE)
    # Sites drop stays in progress: of what has begun, an absence is noted and comes to nothing.
    return Missing(sighting.id) if sighting.missing_since is None else None


def _held(step: Step, sightings: dict[int, KnownSighting]) -> Step | None:
    """Keep what a bad day's feed does say; what it leaves out is not believed, nor counted."""
    match step:
        case Missing(sighting_id):
            # An earlier absence must be seen twice again: this fetch is no witness to it.
            was_missing = sightings[sighting_id].missing_since is not None
            return Seen(sighting_id) if was_missing else None
        case Withdraw(sighting_id, _) if not sightings[sighting_id].may_be_stay:
            return None
    return step


def _bad_day(events: Sequence[FeedEvent], future: int, lost: int) -> str | None:
    if not events and future:
        return (
            "The calendar is empty, though it had bookings to come. They are kept; "
            "are they really gone?"
        )
    if lost >= BAD_DAY_LEAST and 2 * lost > future:
        return (
            f"{lost} of {future} bookings to come vanished from the calendar at once. "
            "They are kept; are they really gone?"
        )
    return None


def _is_future(one: KnownSighting, room: Room) -> bool:
    return one.may_be_stay and not one.has_begun(room.today)


def _is_confirmed_missing(one: KnownSighting, now: datetime) -> bool:
    return one.missing_since is not None and now - one.missing_since >= CONFIRMED_AFTER
