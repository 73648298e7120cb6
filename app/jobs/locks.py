"""Asking lock providers how their locks are: battery, gateway, last contact."""

import logging

from flask import current_app
from sqlalchemy import select

from app.db import transaction
from app.jobs.runtime import guarded, now
from app.models import Door
from app.ports.errors import PortError
from app.wiring import Ports

logger = logging.getLogger(__name__)


@guarded
def refresh_doors(_ids: list[int]) -> None:
    """Write down what each provider knows of its locks (an RQ job); what it cannot say stays."""
    ports: Ports = current_app.extensions["ports"]
    for provider, lock in ports.locks.items():
        try:
            known = {status.lock_id: status for status in lock.statuses()}
        except PortError as fault:
            logger.warning("locks not read", extra={"provider": provider, "fault": fault.reason})
            continue
        with transaction() as session:
            for door in session.scalars(select(Door).filter_by(provider=provider)):
                status = known.get(door.lock_id)
                if status is None:
                    continue
                if status.battery_percent is not None:
                    door.battery_percent = status.battery_percent
                if status.gateway_id is not None:
                    door.gateway_id = status.gateway_id
                if status.gateway_online is not None:
                    door.gateway_online = status.gateway_online
                door.seen_at = status.seen_at or now()
