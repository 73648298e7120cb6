"""Staff codes by the clock: the next stretch of their hours, and doors that are new."""

import logging
from functools import partial

from app.db import transaction
from app.jobs.houses import tend_each
from app.jobs.runtime import now, the_seals
from app.services.history import CLOCK
from app.services.staff_settling import houses_with_staff, roll_staff, settle_house

logger = logging.getLogger(__name__)


def roll_staff_codes() -> None:
    """Give staff codes whose stretch of hours is over the next one."""
    with transaction() as session:
        rolled = roll_staff(session, now(), seals=the_seals())
    if rolled:
        logger.info("staff codes moved on", extra={"staff_codes": rolled})


def tend_staff_codes() -> None:
    """Put right what no event tells of: a new month of a code without an end, freed digits."""
    settle = partial(settle_house, seals=the_seals(), now=now(), actor=CLOCK)
    tend_each(houses_with_staff, settle)
