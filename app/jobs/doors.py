"""Comparing one door with what it should hold. The cloud is asked; no lock is woken for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.reconcile import Action, reconcile
from app.jobs.code_plans import lock_of
from app.jobs.runtime import the_seals
from app.models import Door
from app.ports.errors import PortError
from app.services.door_syncs import Expected, apply, expected
from app.services.lanes import hold_property
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
    last_try: bool


class SyncDoor:
    """Read what a lock holds, and order what closes the gap. Unreadable means unknown."""

    def load(self, session: Session, taken: Taken, at: datetime) -> SyncPlan | str:
        door = session.get_one(Door, taken.subject_id)
        should = expected(session, door, the_seals(), at)
        return SyncPlan(door.id, door.provider, door.lock_id, should, taken.attempts >= TRIES)

    def call(self, plan: SyncPlan, ports: Ports) -> Sequence[Action]:
        held = lock_of(ports, plan.provider).list_codes(plan.lock_id)
        should = plan.expected
        return reconcile(should.wanted, should.leaving, should.ended, held)

    def record(
        self, session: Session, plan: SyncPlan, result: Sequence[Action], at: datetime
    ) -> None:
        door = session.get_one(Door, plan.door_id)
        hold_property(session, door.property_id)
        apply(session, door, result, plan.expected.versions, seals=the_seals(), now=at)

    def fail(self, session: Session, plan: SyncPlan, fault: PortError, at: datetime) -> bool:
        door = session.get_one(Door, plan.door_id)
        door.sync_fault = fault.reason
        if fault.permanent:
            door.sync_due_at = at + FOR_A_PERSON
        elif plan.last_try:
            door.sync_due_at = at + AFTER_AN_OUTAGE
        return plan.last_try or fault.permanent
