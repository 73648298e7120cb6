"""Doors at which somebody tries codes that are nobody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.lock_words import Refusal, Way
from app.models import Door, LockEvent, Property

TRIES = 5
WITHIN = timedelta(minutes=10)
SHOWN = timedelta(hours=24)
MOST_LINES = 2000


@dataclass(frozen=True)
class Suspicion:
    """A door, and the tries there of the last day that were near to no code of ours."""

    door: Door
    tries: int
    last_at: datetime


def suspicious_doors(session: Session, house: Property, now: datetime) -> list[Suspicion]:
    """Return the doors with TRIES wrong codes WITHIN some minutes of the last day.

    A guest's slip is none of them: it is near to a code of theirs.
    """
    rows = session.execute(
        select(Door, LockEvent.at)
        .join(LockEvent, LockEvent.door_id == Door.id)
        .where(
            Door.property_id == house.id,
            LockEvent.at > now - SHOWN,
            LockEvent.way == Way.CODE,
            LockEvent.refusal == Refusal.UNKNOWN_CODE,
            LockEvent.code_id.is_(None),
        )
        .order_by(LockEvent.at.desc())
        .limit(MOST_LINES)
    )
    tries: dict[Door, list[datetime]] = {}
    for door, at in rows:
        tries.setdefault(door, []).append(at)
    return [
        Suspicion(door, len(times), times[0])
        for door, times in tries.items()
        if _is_burst(sorted(times))
    ]


def _is_burst(times: Sequence[datetime]) -> bool:
    firsts, lasts = times, times[TRIES - 1 :]
    return any(last - first <= WITHIN for first, last in zip(firsts, lasts, strict=False))
