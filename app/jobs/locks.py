"""Asking lock providers how their locks are: battery, gateway, last contact."""

import logging

from flask import current_app

from app.db import transaction
from app.jobs.runtime import guarded, now
from app.ports.errors import PortError
from app.services.door_status import keep_statuses
from app.wiring import Ports

logger = logging.getLogger(__name__)


@guarded
def refresh_doors(_ids: list[int]) -> None:
    """Write down what each provider knows of its locks (an RQ job); what it cannot say stays."""
    ports: Ports = current_app.extensions["ports"]
    for provider, lock in ports.locks.items():
        try:
            statuses = lock.statuses()
        except PortError as fault:
            logger.warning("locks not read", extra={"provider": provider, "fault": fault.reason})
            continue
        with transaction() as session:
            keep_statuses(session, provider, statuses, now())
