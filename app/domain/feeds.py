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
    Kind,
    KnownSighting,
    Missing,
    Room,
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
    current = [one for one in known if one.nights.departure > room.today]
    # Dates still compare when a stay has begun, but its absence means nothing any more.
    steps = policy.compare(policy.read(events, room), current, room, now)
    future = {one.id: one for one in current if _is_future(one, room)}
    absent = [step.sighting_id for step in steps if isinstance(step, Missing)]
    lost = [sighting_id for sighting_id in absent if sighting_id in future]
    if not accept_loss and (reason := _bad_day(events, future, lost)) is not None:
        kept = tuple(step for step in steps if not isinstance(step, Missing | Withdraw))
        return FeedPlan((*kept, Hold(reason, tuple(lost))), reason)
    believed = (
        _believe(step, future, current, now, accept_loss=accept_loss)
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


def _believe(
    step: Missing,
    future: dict[int, KnownSighting],
    current: Sequence[KnownSighting],
    now: datetime,
    *,
    accept_loss: bool,
) -> Step | None:
    sighting = future.get(step.sighting_id)
    if sighting is None:  # begun: sites drop stays in progress, so it says nothing
        begun = next(one for one in current if one.id == step.sighting_id)
        return step if begun.missing_since is None else None
    if accept_loss:
        return Withdraw(sighting.id, GONE_BY_HOST)
    if sighting.missing_since is None:
        return step
    return Withdraw(sighting.id, GONE) if _is_confirmed_missing(sighting, now) else None


def _bad_day(
    events: Sequence[FeedEvent], future: dict[int, KnownSighting], lost: Sequence[int]
) -> str | None:
    if not events and future:
        return (
            "The calendar is empty, though it had bookings to come. They are kept; "
            "are they really gone?"
        )
    if len(lost) >= BAD_DAY_LEAST and 2 * len(lost) > len(future):
        return (
            f"{len(lost)} of {len(future)} bookings to come vanished from the calendar at once. "
            "They are kept; are they really gone?"
        )
    return None


def _is_future(one: KnownSighting, room: Room) -> bool:
    return one.kind != Kind.BLOCK and one.nights.arrival >= room.today


def _is_confirmed_missing(one: KnownSighting, now: datetime) -> bool:
    return one.missing_since is not None and now - one.missing_since >= CONFIRMED_AFTER
