"""Setting a lock's clock, in its gateway's lane like every command."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.jobs.code_plans import lock_of
from app.models import Door
from app.ports.errors import PortError
from app.services.clocks import note_clock
from app.services.outbox import Taken
from app.wiring import Ports


@dataclass(frozen=True)
class ClockPlan:
    """Which lock."""

    door_id: int
    provider: str
    lock_id: str


class SetClock:
    """Read the clock, and set it where it is off. Doing it twice is harmless."""

    def load(self, session: Session, taken: Taken, at: datetime) -> ClockPlan | str:
        door = session.get_one(Door, taken.subject_id)
        return ClockPlan(door.id, door.provider, door.lock_id)

    def call(self, plan: ClockPlan, ports: Ports) -> timedelta:
        return lock_of(ports, plan.provider).correct_clock(plan.lock_id)

    def record(self, session: Session, plan: ClockPlan, result: timedelta, at: datetime) -> None:
        note_clock(session, session.get_one(Door, plan.door_id), result, at)

    def fail(self, session: Session, plan: ClockPlan, fault: PortError, at: datetime) -> bool:
        return fault.permanent  # else tried until it expires
