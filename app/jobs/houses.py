"""Going through properties, or through what is much, in short transactions."""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import reading, transaction
from app.models import Property
from app.services.lanes import hold_property

MOST_TURNS = 50
"""Transactions of one kind at one run; the rest follows at the next."""


def tend_each(
    find: Callable[[Session], Sequence[int]], tend: Callable[[Session, Property], object]
) -> None:
    """Do `tend` for each property that `find` names, held, in a transaction of its own.

    No property is held to find out that there is nothing to do.
    """
    with reading() as session:
        house_ids = find(session)
    for house_id in house_ids:
        with transaction() as session:
            tend(session, hold_property(session, house_id))


def all_houses(session: Session) -> Sequence[int]:
    return session.scalars(select(Property.id).order_by(Property.id)).all()


def until_none(step: Callable[[Session], int]) -> int:
    """Do `step`, a transaction each, until it finds nothing more; return what it did in all."""
    total = 0
    for _ in range(MOST_TURNS):
        with transaction() as session:
            count = step(session)
        total += count
        if not count:
            break
    return total
