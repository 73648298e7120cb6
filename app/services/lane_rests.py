"""The breaker of each lane: a gateway that does not answer is asked seldom, by one entry."""

import random
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, update
from sqlalchemy.orm import Session

from app.models import Effect, LaneRest, OutboxEntry
from app.ports.errors import PortError
from app.ports.locks import LockOffline

FAILURES = 3
"""In a row, until the lane rests."""

RESTS = (15, 30, 60)
"""Seconds, for the third failure, the fourth, and the next ones."""

LONG_RESTS = ((timedelta(hours=6), 240), (timedelta(hours=1), 120))
"""Seconds, once it has failed for that long: whoever comes back is served within five minutes."""


A_WAIT = timedelta(minutes=2)
"""Who is told to come back after so long has been answered: nothing is wrong with the way there."""


def is_silence(fault: PortError) -> bool:
    """Tell whether a command's fault counts against its lane: nobody answered, or nobody is there.

    Seam holds codes back until their day, and says so: that must not slow what is for tonight.
    """
    is_wait = fault.retry_after is not None and fault.retry_after >= A_WAIT
    return isinstance(fault, LockOffline) or (fault.unclear and not is_wait)


def is_resting(now: datetime) -> ColumnElement[bool]:
    """Choose entries to leave alone for their lane's sake.

    Not those that were never tried: one dead lock must not hold up what is new for the others. And
    never an unlock: somebody stands there.
    """
    resting = exists().where(LaneRest.lane == OutboxEntry.lane, LaneRest.rests_until > now)
    return resting & (OutboxEntry.attempts > 0) & (OutboxEntry.kind != Effect.UNLOCK)


def note_failure(session: Session, lane: str, now: datetime) -> None:
    """Count that nobody answered in this lane; let it rest when that goes on."""
    rest = session.get(LaneRest, lane, with_for_update=True)
    if rest is None:
        rest = LaneRest(lane=lane, failures=0, failing_since=now)
        session.add(rest)
    rest.failures += 1
    if rest.failures >= FAILURES:
        seconds = _seconds(rest, now) * random.uniform(0.8, 1.2)  # noqa: S311
        rest.rests_until = now + timedelta(seconds=seconds)


def _seconds(rest: LaneRest, now: datetime) -> int:
    failing = now - (rest.failing_since or now)
    for least, seconds in LONG_RESTS:
        if failing > least:
            return seconds
    return RESTS[min(rest.failures - FAILURES, len(RESTS) - 1)]


def wake(session: Session, lane: str, now: datetime) -> None:
    """Take up again, at once, what waits in a lane that answers."""
    rested = session.scalar(
        delete(LaneRest).where(LaneRest.lane == lane).returning(LaneRest.failures)
    )
    if rested is not None and rested >= FAILURES:
        take_up_again(session, OutboxEntry.lane == lane, now)


def take_up_again(session: Session, which: ColumnElement[bool], at: datetime) -> None:
    """Have those of these entries done by then that wait because they could not be done before."""
    session.execute(
        update(OutboxEntry)
        .where(
            which,
            OutboxEntry.done_at.is_(None),
            OutboxEntry.leased_until.is_(None),
            OutboxEntry.fault.is_not(None),
            OutboxEntry.due_at > at,
        )
        .values(due_at=at)
        .execution_options(synchronize_session=False)
    )
