"""What providers' notices set in motion: they are hints, perhaps forged, doubled or in floods."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import exists, select
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

DOORS_ASKED = "doors-asked"
"""Under which beat it stands when a notice last had all locks looked at."""


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
    asked = (
        insert_into(session, Beat)
        .values(name=DOORS_ASKED, at=now)
        .on_conflict_do_update(
            index_elements=["name"], set_={"at": now}, where=Beat.at <= now - DOORS_APART
        )
        .returning(Beat.name)
    )
    return session.scalar(asked) is not None
