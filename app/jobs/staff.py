"""Staff codes by the clock: the next stretch of their hours, and doors that are new."""

import logging

from app.db import reading, transaction
from app.jobs.runtime import now, the_seals
from app.services.history import CLOCK
from app.services.lanes import hold_property
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
    with reading() as session:
        houses = houses_with_staff(session)
    for house_id in houses:
        with transaction() as session:
            house = hold_property(session, house_id)
            settle_house(session, house, seals=the_seals(), now=now(), actor=CLOCK)
