"""Reading the locks' logs: who opened which door when, and what was typed in vain."""

import logging
from datetime import timedelta
from functools import partial

from flask import current_app
from sqlalchemy import select

from app.db import reading, transaction
from app.domain.log_spans import WHOLE, read_since
from app.jobs.code_plans import lock_of
from app.jobs.doorbell import BATCH, Doorbell, QueueName
from app.jobs.houses import all_houses, until_none
from app.jobs.runtime import guarded, now, side_by_side, the_app, the_seals
from app.models import Door
from app.ports.errors import PortError
from app.services.lock_events import forget_events, is_busy, store_records
from app.services.log_polling import TAKEN, due_logs, next_due, note_reading, take_log
from app.services.log_rests import note_log_fault, note_log_read
from app.wiring import Ports
from config import Settings

logger = logging.getLogger(__name__)

AT_THE_DOOR = WHOLE
"""How far back the log is read for a guest who stands before it: its clock may be days behind."""


def read_logs(door_ids: list[int]) -> None:
    """Read the logs of these doors side by side, those that are due (an RQ job)."""
    side_by_side(the_app(), guarded(_read_if_due), door_ids)


def read_log(door_id: int, ports: Ports, *, back: timedelta = timedelta(0)) -> None:
    """Read a door's log, as far `back` at least, and store what is new in it. Raises PortError."""
    began_at = now()
    with reading() as session:
        provider, lock_id, read_at, due_at = session.execute(
            select(Door.provider, Door.lock_id, Door.log_read_at, Door.log_due_at).where(
                Door.id == door_id
            )
        ).one()
        busy = is_busy(session, door_id, began_at)
    since = min(read_since(door_id, read_at, began_at, is_busy=busy), began_at - back)
    records = lock_of(ports, provider).records(lock_id, since)
    seals = the_seals()
    with transaction() as session:
        door = session.get_one(Door, door_id)
        note_log_read(session, door)
        stored = store_records(session, door, records, seals=seals, now=now())
        again_at = next_due(session, door, began_at, told=providers_that_tell())
        note_reading(session, door_id, began_at, due_at, again_at)
    if stored:
        logger.info("lock events", extra={"door_id": door_id, "count": len(stored)})


def ring_for_logs() -> None:
    """Ring for the doors whose logs are due."""
    ports: Ports = current_app.extensions["ports"]
    with transaction() as session:
        due = due_logs(session, now(), providers=list(ports.locks), told=providers_that_tell())
    ring(due)


def ring(door_ids: list[int]) -> None:
    """Have a worker read the logs of these doors."""
    doorbell: Doorbell = current_app.extensions["doorbell"]
    for start in range(0, len(door_ids), BATCH):
        some = door_ids[start : start + BATCH]
        doorbell.call(QueueName.FEEDS, "app.jobs.lock_events.read_logs", some)


def forget_old_events() -> None:
    """Drop lines of the logs that need not be kept, in short transactions."""
    with reading() as session:
        houses = all_houses(session)
    for house in houses:
        until_none(partial(forget_events, property_id=house, now=now()))


def providers_that_tell() -> list[str]:
    """Return the providers that post to us what happens at their locks."""
    settings: Settings = current_app.extensions["settings"]
    seam = settings.seam.webhook_secret if settings.seam is not None else None
    secrets = {"ttlock": settings.ttlock_callback_token, "seam": seam}
    return [provider for provider, secret in secrets.items() if secret is not None]


def _read_if_due(door_id: int) -> None:
    with transaction() as session:
        if not take_log(session, door_id, now()):
            return
    try:
        read_log(door_id, current_app.extensions["ports"])
    except PortError as fault:
        logger.warning("log not read", extra={"door_id": door_id, "fault": fault.reason})
        with transaction() as session:
            door = session.get_one(Door, door_id)
            note_log_fault(session, door, now(), underway=TAKEN)
