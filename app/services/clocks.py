"""A lock's clock decides whether a code's time has come: noticing that it is wrong."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.lock_words import Refusal
from app.models import AccessCode, Door, Effect, LockEvent, OutboxEntry
from app.services.history import LOCK, record
from app.services.outbox import order

LATE_WORD = timedelta(minutes=2)
"""What was heard that soon after a window began may have been typed before it."""

LASTS = timedelta(hours=1)


def doubt_clock(
    session: Session, door: Door, events: Sequence[LockEvent], now: datetime
) -> OutboxEntry | None:
    """Order the clock to be set when a code was refused though its time had come.

    Once an hour at most, and not after that: then somebody has to look at the lock.
    """
    refused = {
        event.code_id: event.heard_at
        for event in events
        if event.refusal == Refusal.OUTSIDE_WINDOW and event.mistake is None and event.code_id
    }
    codes = session.scalars(select(AccessCode).where(AccessCode.id.in_(refused)))
    if not any(_was_open(code, refused[code.id]) for code in codes):
        return None
    key = f"{Effect.SET_CLOCK}:{door.id}:{now:%Y-%m-%dT%H}"
    if session.scalar(select(OutboxEntry.id).filter_by(dedupe_key=key)) is not None:
        return None
    return order(
        session, Effect.SET_CLOCK, door.id, key=key, now=now, lane=door.lane, expires_at=now + LASTS
    )


def _was_open(code: AccessCode, heard_at: datetime) -> bool:
    if code.held_from is None or code.held_until is None:
        return False
    return code.held_from + LATE_WORD < heard_at < code.held_until


def note_clock(session: Session, door: Door, ahead: timedelta, now: datetime) -> None:
    """Write down how far a clock was off that has been set; nothing where it was right."""
    if not ahead:
        return
    record(
        session,
        door,
        "clock-set",
        actor=LOCK,
        at=now,
        property_id=door.property_id,
        after={"ahead_seconds": round(ahead.total_seconds())},
    )
