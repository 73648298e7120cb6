"""What a lock provider says of its locks, written down; and what follows when one is back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Door, LaneRest
from app.ports.locks import LockStatus
from app.services.door_syncs import sync_soon
from app.services.lane_rests import wake
from app.services.remote_refusals import refused_lately


def keep_statuses(
    session: Session, provider: str, statuses: Sequence[LockStatus], now: datetime
) -> None:
    """Write down what is known of each door; what the provider cannot say stays as it was.

    A gateway that is back is taken up at once: what waited for it, and what it holds.
    """
    known = {status.lock_id: status for status in statuses}
    back: list[Door] = []
    online: set[str] = set()
    doors = session.scalars(select(Door).filter_by(provider=provider)).all()
    refused = refused_lately(session, doors, now)
    for door in doors:
        status = known.get(door.lock_id)
        if status is None:
            continue
        if door.gateway_online is False and status.gateway_online:
            back.append(door)
        _take(door, status, now)
        if door.id in refused:
            door.opens_remotely = False
        if status.gateway_online:
            online.add(door.lane)
    session.flush()
    for lane in session.scalars(select(LaneRest.lane).where(LaneRest.lane.in_(online))).all():
        wake(session, lane, now)
    if back:
        sync_soon(session, [door.id for door in back], now)


def _take(door: Door, status: LockStatus, now: datetime) -> None:
    if status.battery_percent is not None:
        door.battery_percent = status.battery_percent
    if status.gateway_id is not None:
        door.gateway_id = status.gateway_id
    if status.gateway_online is not None:
        door.gateway_online = status.gateway_online
    elif status.gateway_lost and door.gateway_online:
        door.gateway_online = None
    if status.opens_remotely is not None:
        door.opens_remotely = status.opens_remotely
    door.gives_offline_codes = status.gives_offline_codes
    door.keypad = status.keypad
    if status.seen_at is not None:
        door.seen_at = status.seen_at
    elif status.gateway_online:
        door.seen_at = now
