"""The outbox: ordering effects, taking them, and telling what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, case, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db import RINGS
from app.models import AccessCode, Effect, OutboxEntry
from app.services.lane_rests import is_resting

LEASE = timedelta(seconds=20)
"""How long a taken entry is left alone. Its worker renews it every few seconds while the call
lasts, so that a call may take a minute, and yet a killed worker's entry is free again this soon."""

RING_AGAIN = timedelta(seconds=15)
"""A due entry that nobody took is rung for again after this: the ring may be lost, or queued."""

PUTTING = (Effect.PUT_CODE, Effect.CHANGE_CODE)

NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Taken:
    """An entry in hand. `attempts` counts this one and fences off a worker that lost its lease."""

    id: int
    kind: Effect
    subject_id: int
    attempts: int
    expires_at: datetime | None
    lane: str | None
    dedupe_key: str


class LostLeaseError(Exception):
    """Another worker has taken the entry over; what this one did must not be recorded."""


def order(
    session: Session,
    kind: Effect,
    subject_id: int,
    *,
    key: str,
    now: datetime,
    lane: str | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> OutboxEntry:
    """Order one effect in the caller's transaction; `key` says the intent and exists only once."""
    entry = OutboxEntry(
        kind=kind,
        subject_id=subject_id,
        dedupe_key=key,
        lane=lane,
        due_at=due_at or now,
        expires_at=expires_at,
        rung_at=now if due_at is None else NEVER,
        created_at=now,
    )
    session.add(entry)
    if due_at is None:
        session.info.setdefault(RINGS, []).append(entry)
    return entry


def take(session: Session, entry_id: int, now: datetime) -> Taken | None:
    """Take one entry for LEASE; None when it is done, not due, taken, or its lane is busy."""
    lane = select(OutboxEntry.lane).where(OutboxEntry.id == entry_id).scalar_subquery()
    lost = or_(OutboxEntry.id == entry_id, OutboxEntry.lane == lane)
    session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.leased_until < now, lost)
        .values(leased_until=None)
        .execution_options(synchronize_session=False)
    )
    due = (
        (OutboxEntry.id == entry_id)
        & OutboxEntry.done_at.is_(None)
        & OutboxEntry.leased_until.is_(None)
        & (OutboxEntry.due_at <= now)
        & or_(OutboxEntry.expires_at.is_(None), OutboxEntry.expires_at > now)
        & ~is_resting(now)
    )
    taking = (
        update(OutboxEntry)
        .where(due)
        .values(leased_until=now + LEASE, attempts=OutboxEntry.attempts + 1)
        .returning(
            OutboxEntry.id,
            OutboxEntry.kind,
            OutboxEntry.subject_id,
            OutboxEntry.attempts,
            OutboxEntry.expires_at,
            OutboxEntry.lane,
            OutboxEntry.dedupe_key,
        )
        .execution_options(synchronize_session=False)
    )
    try:
        with session.begin_nested():
            row = session.execute(taking).one_or_none()
    except IntegrityError:
        return None  # the lane is busy
    return None if row is None else Taken(*row)


def renew(session: Session, entry_ids: Sequence[int], now: datetime) -> None:
    """Keep leases that have not run out."""
    session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.id.in_(entry_ids), OutboxEntry.leased_until >= now)
        .values(leased_until=now + LEASE)
    )


def finish(session: Session, taken: Taken, outcome: str, now: datetime) -> None:
    """Close the entry, in the transaction that records what was done. Raises LostLeaseError."""
    _release(session, taken, done_at=now, outcome=outcome, fault=None)


def postpone(session: Session, taken: Taken, due_at: datetime, fault: str) -> None:
    """Give the entry back to be tried again at `due_at`. Raises LostLeaseError."""
    _release(session, taken, due_at=due_at, fault=fault, rung_at=NEVER)


def _release(session: Session, taken: Taken, **values: object) -> None:
    mine = (OutboxEntry.id == taken.id) & (OutboxEntry.attempts == taken.attempts)
    released = session.scalar(
        update(OutboxEntry)
        .where(mine, OutboxEntry.done_at.is_(None))
        .values(leased_until=None, **values)
        .returning(OutboxEntry.id)
        .execution_options(synchronize_session=False)
    )
    if released is None:
        raise LostLeaseError(taken.dedupe_key)


def next_in_lane(session: Session, lane: str, now: datetime) -> int | None:
    """Return what is most urgent in a lane: unlocks, then codes by how soon they must open.

    A code that is to open next week waits for a removal that is due now, and that one for a code
    whose guest may be at the door.
    """
    due = _due(now) & (OutboxEntry.lane == lane)
    needed_at = case(
        (OutboxEntry.kind.in_(PUTTING), func.coalesce(AccessCode.valid_from, OutboxEntry.due_at)),
        else_=OutboxEntry.due_at,
    )
    return session.scalar(
        select(OutboxEntry.id)
        .outerjoin(
            AccessCode,
            (AccessCode.id == OutboxEntry.subject_id) & OutboxEntry.kind.in_(PUTTING),
        )
        .where(due)
        .order_by(OutboxEntry.kind != Effect.UNLOCK, needed_at, OutboxEntry.id)
        .limit(1)
    )


def unrung(session: Session, now: datetime, limit: int = 500) -> list[tuple[int, Effect]]:
    """Mark as rung, and return, the due entries that nobody has been called for lately."""
    waiting = (
        select(OutboxEntry.id)
        .where(_due(now), OutboxEntry.rung_at < now - RING_AGAIN)
        .order_by(OutboxEntry.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.id.in_(waiting))
        .values(rung_at=now)
        .returning(OutboxEntry.id, OutboxEntry.kind)
        .execution_options(synchronize_session=False)
    )
    return [(row.id, row.kind) for row in rows]


def forget_done(session: Session, before: datetime) -> None:
    """Drop entries done long ago."""
    session.execute(delete(OutboxEntry).where(OutboxEntry.done_at < before))


def waiting_by_kind(session: Session) -> dict[Effect, int]:
    counts = select(OutboxEntry.kind, func.count()).where(OutboxEntry.done_at.is_(None))
    return dict(session.execute(counts.group_by(OutboxEntry.kind)).all())


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(OutboxEntry.leased_until.is_(None), OutboxEntry.leased_until < now)
    alive = or_(OutboxEntry.expires_at.is_(None), OutboxEntry.expires_at > now)
    is_due = OutboxEntry.done_at.is_(None) & free & alive & (OutboxEntry.due_at <= now)
    return is_due & ~is_resting(now)
