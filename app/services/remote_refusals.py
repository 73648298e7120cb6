"""Locks that refused to open from afar: nobody is offered that at their doors for a day.

What a lock can do is told by its features, and not whether it is allowed to: that is a switch in
its app, of which only a refusal tells. The history keeps when that was.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Door, HistoryEntry
from app.services.history import LOCK, record

BELIEVED_FOR = timedelta(days=1)
"""Then it may be tried again: the switch may have been turned on."""

REFUSED = "remote-unlock-refused"


def note_refusal(session: Session, door: Door, now: datetime, why: str) -> None:
    """Write down that a lock does not open from afar, so that no guest is sent to that button."""
    door.opens_remotely = False
    record(session, door, REFUSED, actor=LOCK, at=now, property_id=door.property_id, why=why)


def note_opening(door: Door) -> None:
    """Write down that it does after all."""
    if door.opens_remotely is False:
        door.opens_remotely = True


def refused_lately(session: Session, doors: Iterable[Door], now: datetime) -> set[int]:
    """Return those of the doors whose lock has refused within BELIEVED_FOR."""
    closed = [door.id for door in doors if door.opens_remotely is False]
    if not closed:
        return set()
    refusals = select(HistoryEntry.subject_id).where(
        HistoryEntry.subject == Door.__tablename__,
        HistoryEntry.subject_id.in_(closed),
        HistoryEntry.what == REFUSED,
        HistoryEntry.at > now - BELIEVED_FOR,
    )
    return set(session.scalars(refusals))
