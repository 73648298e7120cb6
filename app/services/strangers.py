"""Codes on locks that are none of ours: known, so that their digits are not given out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.reconcile import HeldCode
from app.models import Door, Stranger
from app.seals import Seals


def keep_strangers(
    session: Session, door: Door, held: Sequence[HeldCode], *, seals: Seals, now: datetime
) -> None:
    """Write down which strangers a door holds, and forget those it holds no more."""
    known = {
        stranger.provider_ref: stranger
        for stranger in session.scalars(select(Stranger).where(Stranger.door_id == door.id))
    }
    for code in held:
        stranger = known.pop(code.provider_ref, None)
        if stranger is None:
            stranger = Stranger(door_id=door.id, provider_ref=code.provider_ref, first_seen_at=now)
            session.add(stranger)
        stranger.name = code.name
        stranger.digits_hash = seals.digits_hash(code.digits)
        stranger.valid_from = code.window.valid_from if code.window else None
        stranger.valid_until = code.window.valid_until if code.window else None
        stranger.last_seen_at = now
    gone = [stranger.id for stranger in known.values()]
    if gone:
        session.execute(delete(Stranger).where(Stranger.id.in_(gone)))
    session.flush()
