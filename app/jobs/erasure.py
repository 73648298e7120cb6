"""Erasing what need not be kept, in short transactions."""

import logging
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import reading, transaction
from app.jobs.runtime import now, the_seals
from app.models import Property
from app.services.erasure import (
    erase_bookings,
    erase_digits,
    erase_guests,
    erase_notices,
    erase_words,
)

logger = logging.getLogger(__name__)

MOST_TURNS = 50
"""Transactions of one kind at one run; the rest follows at the next, hours later."""


def erase_what_is_due() -> None:
    """Erase digits, then property by property who guests were. It may be stopped anywhere."""
    seals = the_seals()
    at = now()
    counts = Counter(codes=_until_none(partial(erase_digits, now=at)))
    with reading() as session:
        houses = session.scalars(select(Property.id).order_by(Property.id)).all()
    for house in houses:
        own: dict[str, Any] = {"property_id": house, "now": at}
        counts["guests"] += _until_none(partial(erase_guests, **own, seals=seals))
        counts["bookings"] += _until_none(partial(erase_bookings, **own))
        counts["notices"] += _until_none(partial(erase_notices, **own))
        counts["words"] += _until_none(partial(erase_words, **own))
    if counts.total():
        logger.info("erased", extra=dict(counts))


def _until_none(erase: Callable[[Session], int]) -> int:
    total = 0
    for _ in range(MOST_TURNS):
        with transaction() as session:
            count = erase(session)
        total += count
        if not count:
            break
    return total
