"""Comparing one door with what it should hold. The cloud is asked; no lock is woken for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.reconcile import Action, reconcile
from app.jobs.code_plans import lock_of
from app.jobs.runtime import the_seals
from app.models import Door, Property
from app.ports.errors import PortError
from app.ports.locks import LockPort
from app.services.door_syncs import Expected, apply, expected
from app.services.lanes import hold_property
from app.services.lock_zones import is_look_due, note_offset
from app.services.outbox import Taken
from app.wiring import Ports

FOR_A_PERSON = timedelta(minutes=30)
"""Until the next comparison where somebody has to mend something first."""

AFTER_AN_OUTAGE = timedelta(minutes=10)
"""Until the next one where the list could not be read: a code may be missing there."""

TRIES = 4
"""Of one comparison; the next one comes in its own time."""


@dataclass(frozen=True)
class SyncPlan:
    """What the door should hold, before its list is read."""

    door_id: int
    provider: str
    lock_id: str
    expected: Expected
    asks_zone: bool
    last_try: bool


@dataclass(frozen=True)
class Compared:
    """What a look at a door came to."""

    actions: Sequence[Action]
    zone_read: bool
    """The provider was asked which time zone the lock is set to, and answered."""
    utc_offset: timedelta | None


class SyncDoor:
    """Read what a lock holds, and order what closes the gap. Unreadable means unknown."""

    def load(self, session: Session, taken: Taken, at: datetime) -> SyncPlan | str:
        door = session.get_one(Door, taken.subject_id)
        should = expected(session, door, the_seals(), at)
        asks_zone = is_look_due(session.get_one(Property, door.property_id), door, at)
        last_try = taken.attempts >= TRIES
        return SyncPlan(door.id, door.provider, door.lock_id, should, asks_zone, last_try)

    def call(self, plan: SyncPlan, ports: Ports) -> Compared:
        lock = lock_of(ports, plan.provider)
        held = lock.list_codes(plan.lock_id)
        should = plan.expected
        actions = reconcile(should.wanted, should.leaving, should.ended, held)
        zone_read, utc_offset = _zone(lock, plan.lock_id) if plan.asks_zone else (False, None)
        return Compared(actions, zone_read, utc_offset)

    def record(self, session: Session, plan: SyncPlan, result: Compared, at: datetime) -> None:
        door = session.get_one(Door, plan.door_id)
        hold_property(session, door.property_id)
        if result.zone_read:
            note_offset(door, result.utc_offset, at)
        apply(session, door, result.actions, plan.expected.versions, seals=the_seals(), now=at)

    def fail(self, session: Session, plan: SyncPlan, fault: PortError, at: datetime) -> bool:
        door = session.get_one(Door, plan.door_id)
        door.sync_fault = fault.reason
        if fault.permanent:
            door.sync_due_at = at + FOR_A_PERSON
        elif plan.last_try:
            door.sync_due_at = at + AFTER_AN_OUTAGE
        return plan.last_try or fault.permanent


def _zone(lock: LockPort, lock_id: str) -> tuple[bool, timedelta | None]:
    """Return whether the provider answered, and what; a comparison never fails for it."""
    try:
        return True, lock.utc_offset(lock_id)
    except PortError as fault:
        return fault.permanent, None
