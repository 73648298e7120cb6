"""Digits in the database: free or taken on a door, without being readable there."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.codes import choose_digits
from app.models import AccessCode, CodeState, Property
from app.seals import Seals


def digits_hash(seals: Seals, digits: str) -> str:
    """Return what keeps digits unique in the database without telling them."""
    return seals.hash("digits", digits)


def fresh_digits(house: Property, door_id: int, taken: set[tuple[int, str]], seals: Seals) -> str:
    """Draw digits that are free on one door."""
    return choose_digits(
        house.code_length, lambda digits: (door_id, digits_hash(seals, digits)) not in taken
    )


def taken_on(session: Session, door_ids: Sequence[int]) -> set[tuple[int, str]]:
    """Return (door id, keyed hash) of every live code's digits on these doors."""
    live = AccessCode.door_id.in_(door_ids) & (AccessCode.state != CodeState.GONE)
    rows = session.execute(select(AccessCode.door_id, AccessCode.digits_hash).where(live))
    return set(rows.all())
