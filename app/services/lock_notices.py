"""What providers' notices set in motion: they are hints, perhaps forged, doubled or in floods."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.db import insert_into
from app.models import Beat, Door, DoorHelp
from app.services.log_polling import RUNG, TAKEN, set_due

APART = timedelta(minutes=1)
"""Between two readings of a door, however many notices of it come."""
APART_IN_NEED = timedelta(seconds=5)
"""The same where a guest stands before the door and asks for help."""

DOORS_APART = timedelta(minutes=1)
"""Between two looks at all locks, however many notices of gateways come."""

LOGS_APART = timedelta(minutes=10)
"""Between two readings of all logs, however many notices cannot be read."""

DOORS_ASKED, LOGS_ASKED = "doors-asked", "logs-asked"
"""Under which beats it stands when a notice last had all locks looked at, or all logs read."""


def bring_forward(
    session: Session, provider: str, lock_ids: Collection[str], now: datetime
) -> list[int]:
    """Have the logs of these locks read soon; return the doors to ring for at once.

    Unknown locks are passed over. The first notice rings; those that follow make one reading
    together, APART after the last.
    """
    is_asked_for = exists().where(DoorHelp.door_id == Door.id, DoorHelp.closed_at.is_(None))
    doors = session.execute(
        select(Door.id, Door.log_due_at, Door.log_read_at, is_asked_for)
        .where(Door.provider == provider, Door.lock_id.in_(lock_ids))
        .order_by(Door.id)
        .with_for_update(of=Door)
    ).all()
    at_once: list[int] = []
    for door_id, due_at, read_at, in_need in doors:
        apart = APART_IN_NEED if in_need else APART
        fresh_at = read_at if read_at is not None and read_at > now - apart else None
        again_at = (fresh_at or now) + apart
        if (due_at is None or due_at > now + TAKEN) and fresh_at is None:
            at_once.append(door_id)
        elif due_at is None or due_at > again_at:
            set_due(session, [door_id], again_at)
    set_due(session, at_once, now + RUNG)
    return at_once


def may_refresh_doors(session: Session, now: datetime) -> bool:
    """Tell whether to ask how all locks are, after a notice: once a minute, however many come."""
    return _is_time(session, DOORS_ASKED, DOORS_APART, now)


def bring_all_forward(session: Session, provider: str, now: datetime) -> None:
    """Have all of a provider's logs read soon, after a notice that may have been of any lock.

    The scheduler rings for them.
    """
    if not _is_time(session, LOGS_ASKED, LOGS_APART, now):
        return
    soon = now + APART
    later = or_(Door.log_due_at.is_(None), Door.log_due_at > soon)
    doors = select(Door.id).where(Door.provider == provider, later).order_by(Door.id)
    set_due(session, session.scalars(doors.with_for_update()).all(), soon)


def _is_time(session: Session, name: str, apart: timedelta, now: datetime) -> bool:
    asked = (
        insert_into(session, Beat)
        .values(name=name, at=now)
        .on_conflict_do_update(
            index_elements=["name"], set_={"at": now}, where=Beat.at <= now - apart
        )
        .returning(Beat.name)
    )
    return session.scalar(asked) is not None
