"""Erasing what need not be kept, in short transactions."""

import logging
from collections import Counter
from functools import partial
from typing import Any

from app.db import reading
from app.jobs.houses import all_houses, until_none
from app.jobs.runtime import now, the_seals
from app.services.erasure import (
    erase_bookings,
    erase_digits,
    erase_guests,
    erase_notices,
    erase_words,
)

logger = logging.getLogger(__name__)


def erase_what_is_due() -> None:
    """Erase digits, then property by property who guests were. It may be stopped anywhere."""
    seals = the_seals()
    at = now()
    counts = Counter(codes=until_none(partial(erase_digits, now=at)))
    with reading() as session:
        houses = all_houses(session)
    for house in houses:
        own: dict[str, Any] = {"property_id": house, "now": at}
        counts["guests"] += until_none(partial(erase_guests, **own, seals=seals))
        counts["bookings"] += until_none(partial(erase_bookings, **own))
        counts["notices"] += until_none(partial(erase_notices, **own))
        counts["words"] += until_none(partial(erase_words, **own))
    if counts.total():
        logger.info("erased", extra=dict(counts))
