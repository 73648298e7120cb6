"""Warning hosts of arrivals that will not work."""

import logging

from flask import current_app
from sqlalchemy import select

from app.db import reading, transaction
from app.jobs.runtime import now
from app.models import Property
from app.services.arrival_warnings import Ways, due_warnings, warn_hosts
from app.wiring import Ports

logger = logging.getLogger(__name__)


def warn_of_arrivals() -> None:
    """Order the warnings that are due; a property is held only where there is one."""
    at = now()
    ports: Ports = current_app.extensions["ports"]
    ways = Ways(by_text=ports.sms is not None, by_mail=ports.mail is not None)
    with reading() as session:
        houses = session.scalars(select(Property).order_by(Property.id)).all()
        concerned = [house.id for house in houses if due_warnings(session, house, at)]
    for property_id in concerned:
        with transaction() as session:
            warned = warn_hosts(session, property_id, at, ways=ways)
        if warned:
            logger.info("hosts warned of arrivals", extra={"property_id": property_id})
