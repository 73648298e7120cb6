"""A code that the provider makes and the lock accepts unasked: for when no gateway reaches it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.ladder import Rung
from app.domain.windows import Window
from app.jobs.code_plans import hold_code, load_code, lock_of, note
from app.jobs.runtime import the_seals
from app.models import AccessCode, CodeState, Effect, Guest
from app.ports.errors import PortError
from app.ports.locks import HeldCode
from app.ports.metering import CallKind
from app.services.code_steps import CURRENT, end_predecessors, give_up, order_code
from app.services.digits import digits_hash, taken_on
from app.services.history import LOCK
from app.services.ladder import offer_after_refusal
from app.services.messages import Event, tell
from app.services.outbox import Taken
from app.services.unlocks import may_guest_open
from app.wiring import Ports

TRIES = 5

LONGER_BEFORE = timedelta(hours=6)
"""Before a code of whole hours ends too early, its lock is asked for the rest. Not at once: a code
that was not used yet takes no other times, and would have to be replaced."""


@dataclass(frozen=True)
class IssuePlan:
    """Which lock, and from when until when at most."""

    code_id: int
    provider: str
    lock_id: str
    name: str
    window: Window
    look_first: bool
    last_try: bool


class IssueCode:
    """Have a code made in the place of one that is not on its lock; it becomes the guest's own."""

    def load(self, session: Session, taken: Taken, at: datetime) -> IssuePlan | str:
        code = load_code(session, taken.subject_id)
        if code.state not in CURRENT or code.rung != Rung.OFFLINE_CODE or code.by_provider:
            return "no longer wanted"
        found = select(Guest).where(Guest.id == code.guest_id).options(joinedload(Guest.house))
        guest = session.scalars(found).one()
        if not may_guest_open(session, guest, code.door_id, at):
            return "no longer allowed"
        return IssuePlan(
            code.id,
            code.door.provider,
            code.door.lock_id,
            f"{code.name} offline",
            Window(at, code.valid_until),
            look_first=taken.attempts > 1,
            last_try=taken.attempts >= TRIES,
        )

    def call(self, plan: IssuePlan, ports: Ports) -> HeldCode:
        lock = lock_of(ports, plan.provider)
        if plan.look_first:
            for held in lock.list_codes(plan.lock_id, CallKind.PUT):
                if held.name == plan.name and held.digits and held.window is not None:
                    return held
        return lock.make_offline_code(plan.lock_id, plan.name, plan.window)

    def record(self, session: Session, plan: IssuePlan, result: HeldCode, at: datetime) -> None:
        own = hold_code(session, plan.code_id)
        seals = the_seals()
        if taken_on(session, [own.door_id]).holds(seals, own.door_id, result.digits):
            why = "The code that was made instead is another guest's already."
            offer_after_refusal(session, own, why=why, now=at, actor=LOCK)
            return
        still_wanted = own.state in CURRENT and own.rung == Rung.OFFLINE_CODE
        made = AccessCode(
            door_id=own.door_id,
            door=own.door,
            guest_id=own.guest_id,
            name=plan.name,
            sealed_digits=seals.seal(result.digits),
            digits_hash=digits_hash(session, seals, own.door_id, result.digits),
            by_provider=True,
            state=CodeState.ACTIVE,
            valid_from=own.valid_from,
            valid_until=own.valid_until,
            provider_ref=result.provider_ref,
            held_from=result.window.valid_from if result.window else None,
            held_until=result.window.valid_until if result.window else None,
            rung=Rung.OFFLINE_CODE,
            created_at=at,
            sent_at=at,
            active_at=at,
        )
        if not still_wanted:  # the lock took the guest's own code meanwhile, or they are gone
            made.state = CodeState.UNWANTED
            session.add(made)
            session.flush()
            order_code(session, Effect.REMOVE_CODE, made, at)
            return
        give_up(session, own, now=at, actor=LOCK)
        end_predecessors(session, own, at)
        session.flush()
        session.add(made)
        session.flush()
        note(session, made, "code-active", at)
        if made.held_until is not None and made.held_until < made.valid_until:
            due_at = max(at, made.held_until - LONGER_BEFORE)
            order_code(session, Effect.CHANGE_CODE, made, at, due_at=due_at)
        guest = session.get_one(Guest, made.guest_id)
        tell(session, guest, Event.CODE_CHANGED, at, {"door": own.door.name})

    def fail(self, session: Session, plan: IssuePlan, fault: PortError, at: datetime) -> bool:
        if not (fault.permanent or plan.last_try):
            return False
        own = hold_code(session, plan.code_id)
        if own.state in CURRENT and own.rung == Rung.OFFLINE_CODE and not own.by_provider:
            offer_after_refusal(session, own, why=fault.reason, now=at, actor=LOCK)
        return True
