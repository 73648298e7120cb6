"""Doing things one at a time where two at once could contradict each other."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Property


def hold_property(session: Session, property_id: int) -> Property:
    """Wait until no other transaction changes this property's guests, stays or codes.

    First statement of every service that does. On SQLite the transaction itself is exclusive.
    """
    held = select(Property).where(Property.id == property_id).with_for_update(key_share=True)
    return session.scalars(held).one()
