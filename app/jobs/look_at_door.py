"""Looking at a lock for a guest who stands before it: its log, and how it is."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db import reading
from app.jobs.code_plans import lock_of
from app.jobs.lock_events import AT_THE_DOOR, read_log
from app.jobs.runtime import now, side_by_side, the_app
from app.ports.errors import PortError
from app.ports.locks import LockStatus
from app.services.door_looks import heard_their_digits, nearby_doors, record_look, take_look
from app.services.door_status import keep_statuses
from app.services.lanes import hold_property
from app.services.outbox import Taken
from app.wiring import Ports

logger = logging.getLogger(__name__)

TRIES = 2
"""Somebody waits in the rain: what could not be read by then is said to be unknown."""

WORKER_DIED = "Looking at the lock did not work."


@dataclass(frozen=True)
class LookPlan:
    """Which lock to look at, for which asking."""

    help_id: int
    property_id: int
    door_id: int
    provider: str
    nearby: Sequence[int]
    """Doors at which they may have typed by mistake."""
    is_last_try: bool


@dataclass(frozen=True)
class Look:
    """What came of it; the log's lines are stored by then."""

    statuses: Sequence[LockStatus]
    fault: str | None
    """Why the log could not be read."""


class LookAtDoor:
    """Read the log and the state of one lock. Both are the cloud's: the lock is not woken."""

    def load(self, session: Session, taken: Taken, at: datetime) -> LookPlan | str:
        asked = take_look(session, taken.subject_id)
        if asked is None:
            return "no longer wanted"
        if taken.attempts > TRIES:
            record_look(session, asked.id, WORKER_DIED, at)
            return "given up"
        door = asked.door
        last = taken.attempts >= TRIES
        nearby = nearby_doors(session, asked)
        return LookPlan(asked.id, asked.property_id, door.id, door.provider, nearby, last)

    def call(self, plan: LookPlan, ports: Ports) -> Look:
        fault = None
        try:
            read_log(plan.door_id, ports, back=AT_THE_DOOR)
        except PortError as failed:
            if not (plan.is_last_try or _is_hopeless(failed)):
                raise
            fault = failed.reason
        else:
            _read_nearby(plan, ports)
        return Look(_statuses(plan, ports), fault)

    def record(self, session: Session, plan: LookPlan, result: Look, at: datetime) -> None:
        hold_property(session, plan.property_id)
        keep_statuses(session, plan.provider, result.statuses, at)
        record_look(session, plan.help_id, result.fault, at)

    def fail(self, session: Session, plan: LookPlan, fault: PortError, at: datetime) -> bool:
        return False  # only a first try fails; the second one is recorded, whatever came of it


def _read_nearby(plan: LookPlan, ports: Ports) -> None:
    """Read the logs of the doors next to it, unless the guest is known to be at the right one."""
    with reading() as session:
        if heard_their_digits(session, plan.help_id, now()):
            return

    def read(door_id: int) -> None:
        try:
            read_log(door_id, ports)
        except PortError as fault:
            logger.warning("log not read", extra={"door_id": door_id, "fault": fault.reason})

    side_by_side(the_app(), read, list(plan.nearby))


def _is_hopeless(fault: PortError) -> bool:
    """Tell whether trying again at once cannot help."""
    return fault.permanent or fault.retry_after is not None


def _statuses(plan: LookPlan, ports: Ports) -> Sequence[LockStatus]:
    """Return how the locks are; nothing where that cannot be learnt now: what was known stays."""
    try:
        return lock_of(ports, plan.provider).statuses()
    except PortError as fault:
        logger.warning("locks not read", extra={"door_id": plan.door_id, "fault": fault.reason})
        return ()
