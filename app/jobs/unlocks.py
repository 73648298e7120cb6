"""Sending an unlock to its lock, once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.jobs.code_plans import lock_of, note_contact
from app.models import UnlockState
from app.ports.errors import PortError
from app.ports.locks import CannotDo
from app.services import unlocks
from app.services.outbox import Taken
from app.services.remote_refusals import note_opening, note_refusal
from app.wiring import Ports


@dataclass(frozen=True)
class UnlockPlan:
    """Which lock to open for which tap."""

    request_id: int
    provider: str
    lock_id: str
    begin_by: datetime
    """After that nobody may be at the door any more."""


class Unlock:
    """Open the door. Whatever comes of it, the entry is closed: an unlock is never repeated."""

    def load(self, session: Session, taken: Taken, at: datetime) -> UnlockPlan | str:
        request = unlocks.begin(session, taken.subject_id, at)
        if isinstance(request, str):
            return request
        door = request.door
        return UnlockPlan(request.id, door.provider, door.lock_id, request.expires_at)

    def call(self, plan: UnlockPlan, ports: Ports) -> None:
        lock_of(ports, plan.provider).unlock(plan.lock_id, plan.begin_by)

    def record(self, session: Session, plan: UnlockPlan, result: None, at: datetime) -> None:
        door = unlocks.end(session, plan.request_id, UnlockState.OPENED, at).door
        note_contact(door, at)
        note_opening(door)

    def fail(self, session: Session, plan: UnlockPlan, fault: PortError, at: datetime) -> bool:
        state = UnlockState.UNKNOWN if fault.unclear else UnlockState.FAILED
        request = unlocks.end(session, plan.request_id, state, at, fault.reason)
        note_contact(request.door, at, fault)
        if isinstance(fault, CannotDo):
            note_refusal(session, request.door, at, fault.reason)
        return True
