"""Looking again at open matches when their time has come."""

from sqlalchemy import select

from app.db import transaction
from app.jobs.runtime import now, the_seals
from app.models import Match, Property
from app.services.enrichment import tend_matches
from app.services.lanes import hold_property


def tend_due() -> int:
    """Tend the properties that have a match to look at by now; return how many."""
    with transaction() as session:
        due = session.scalars(
            select(Match.property_id).where(Match.look_at <= now()).distinct()
        ).all()
    for property_id in due:
        tend(property_id)
    return len(due)


def tend_all() -> None:
    """Tend every property: after a round of reading everything."""
    with transaction() as session:
        houses = session.scalars(select(Property.id).order_by(Property.id)).all()
    for property_id in houses:
        tend(property_id)


def tend(property_id: int) -> None:
    seals = the_seals()
    with transaction() as session:
        house = hold_property(session, property_id)
        tend_matches(session, house, seals=seals, now=now())
