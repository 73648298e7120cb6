"""Which guests stand before a door whose lock has not taken their code, and whose has after all."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.domain.ladder import Rung
from app.models import AccessCode, CodeState, Effect, Guest, OutboxEntry, Property

LATE = timedelta(seconds=90)
"""A code that its lock has not confirmed by then is late, once its guest may come in."""

WITH_A_CODE = (Rung.OWN_CODE, Rung.SPARE_CODE, Rung.OFFLINE_CODE)


def not_open(now: datetime) -> ColumnElement[bool]:
    """Choose codes that are on their locks, and do not open them then: with other dates."""
    return (AccessCode.state == CodeState.ACTIVE) & or_(
        AccessCode.held_from.is_(None),
        AccessCode.held_until.is_(None),
        AccessCode.held_from > now,
        AccessCode.held_until <= now,
    )


def houses_with_late_codes(session: Session, now: datetime) -> Sequence[int]:
    """Return the properties where a code may be late, or has arrived after all."""
    return session.scalars(
        select(Guest.property_id)
        .join(AccessCode, AccessCode.guest_id == Guest.id)
        .where((_missing(now) & (AccessCode.valid_from <= now)) | _arrived(now))
        .distinct()
    ).all()


def late_codes(session: Session, house: Property, now: datetime) -> Sequence[AccessCode]:
    """Return the codes that are late, each with its door and guest."""
    since = now - LATE
    return session.scalars(
        select(AccessCode)
        .join(Guest, Guest.id == AccessCode.guest_id)
        .where(
            Guest.property_id == house.id,
            Guest.checked_in_at <= since,
            _missing(since),
            AccessCode.valid_from <= since,
            AccessCode.created_at <= since,
            AccessCode.valid_until > now,
            ~_ordered_after(since),
            ~_has_predecessor(now),
        )
        .options(joinedload(AccessCode.door), joinedload(AccessCode.guest))
        .order_by(AccessCode.id)
    ).all()


def arrived_after_all(session: Session, house: Property, now: datetime) -> Sequence[AccessCode]:
    """Return the codes that came after their guests were offered something else."""
    return session.scalars(
        select(AccessCode)
        .join(Guest, Guest.id == AccessCode.guest_id)
        .where(Guest.property_id == house.id, _arrived(now))
        .options(joinedload(AccessCode.door), joinedload(AccessCode.guest))
    ).all()


def _missing(now: datetime) -> ColumnElement[bool]:
    return AccessCode.state.in_((CodeState.WANTED, CodeState.FAILED)) | not_open(now)


def _arrived(now: datetime) -> ColumnElement[bool]:
    on_its_lock = (AccessCode.state == CodeState.ACTIVE) & ~not_open(now)
    return on_its_lock & AccessCode.rung.not_in(WITH_A_CODE)


def _ordered_after(since: datetime) -> ColumnElement[bool]:
    """Choose codes whose step was ordered only then, as one's is that was missing at its lock."""
    return exists().where(
        OutboxEntry.kind.in_((Effect.PUT_CODE, Effect.CHANGE_CODE)),
        OutboxEntry.subject_id == AccessCode.id,
        OutboxEntry.done_at.is_(None),
        OutboxEntry.created_at > since,
    )


def _has_predecessor(now: datetime) -> ColumnElement[bool]:
    """Choose codes whose guest still has the old digits on the same lock until these are there."""
    old = aliased(AccessCode)
    return exists().where(
        old.stays_for_id == AccessCode.id,
        old.door_id == AccessCode.door_id,
        old.state == CodeState.UNWANTED,
        old.held_until > now,
    )
