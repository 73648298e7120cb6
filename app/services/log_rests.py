"""Logs that cannot be read are asked for ever more seldom, since each call counts.

A lock service that is away fails for all its doors: after some failures in a row it rests as a
whole, and then one door is tried for all of them, the one that waits longest, so that a door with
a fault of its own does not stand for the others. Such a door rests by itself.

The rests stand among those of lanes, under names that no lane bears.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from random import uniform

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from app.db import insert_into
from app.models import Door, LaneRest

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (2, 4, 8, 15, 30, 60))
"""From one failure to the next; the last one repeats."""

OF = "log of "

FAILURES = 3
"""In a row, until a provider rests."""

LONGER = (1.05, 1.2)
"""Pauses are that much longer, so that doors do not fall into step."""


def rests_alone(now: datetime) -> ColumnElement[bool]:
    """Choose doors whose own log is to be left alone."""
    name = OF + Door.provider + ":" + Door.lock_id
    return exists().where(LaneRest.lane == name, LaneRest.rests_until > now)


def failing_providers(session: Session, providers: Collection[str]) -> set[str]:
    """Return those of which only one door is to be tried, once they have rested."""
    names = {OF + one: one for one in providers}
    rests = select(LaneRest.lane).where(LaneRest.lane.in_(names), LaneRest.failures >= FAILURES)
    return {names[lane] for lane in session.scalars(rests)}


def put_off(session: Session, provider: str, until: datetime, *, if_by: datetime) -> bool:
    """Leave a failing provider alone until then, for the sake of one try that is under way.

    False when it rests beyond `if_by` already: then nothing is to be tried.
    """
    failing = select(LaneRest.lane).where(*_failing(provider))
    if session.scalar(failing) is None:
        return True
    free = or_(LaneRest.rests_until.is_(None), LaneRest.rests_until <= if_by)
    trying = (
        update(LaneRest)
        .where(*_failing(provider), free)
        .values(rests_until=until)
        .returning(LaneRest.lane)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(trying) is not None


def note_log_fault(session: Session, door: Door, now: datetime, *, underway: timedelta) -> None:
    """Count a reading that failed. `underway`: for how long a try may keep the others waiting.

    What fails beside others, before their failures made the provider rest, tells nothing more.
    """
    for name, at_first in zip(_names(door), (FAILURES, 1), strict=True):
        fresh = {"lane": name, "failures": 0, "failing_since": now}
        adding = insert_into(session, LaneRest).values(**fresh)
        session.execute(adding.on_conflict_do_nothing(index_elements=["lane"]))
        rest = session.get_one(LaneRest, name, with_for_update=True, populate_existing=True)
        if rest.rests_until is not None and rest.rests_until > now + underway:
            continue
        rest.failures += 1
        if rest.failures >= at_first:
            pause = PAUSES[min(rest.failures - at_first, len(PAUSES) - 1)]
            rest.rests_until = now + pause * uniform(*LONGER)  # noqa: S311
        session.flush()


def note_log_read(session: Session, door: Door) -> None:
    """Ask as usual again, the door and all others of its provider."""
    session.execute(delete(LaneRest).where(LaneRest.lane.in_(_names(door))))


def _failing(provider: str) -> tuple[ColumnElement[bool], ...]:
    return LaneRest.lane == OF + provider, LaneRest.failures >= FAILURES


def _names(door: Door) -> tuple[str, str]:
    """Return what the rest of its provider is called, and its own."""
    return OF + door.provider, f"{OF}{door.provider}:{door.lock_id}"
