"""Codes on locks: put, change, remove. Each may run twice, or stop anywhere, and end the same."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.codes import DIGITS, can_type
from app.domain.ladder import Rung
from app.jobs.code_plans import (
    CodePlan,
    Held,
    found_there,
    held_right,
    hold_code,
    load_code,
    lock_of,
    note,
    note_contact,
    plan_for,
)
from app.jobs.runtime import the_seals
from app.models import AccessCode, CodeState, Effect, Guest, Property
from app.ports.errors import PortError
from app.ports.locks import DigitsRefused, DigitsTaken, LockFull
from app.ports.metering import CallKind
from app.services.code_retries import draws_of, put_back, redraw
from app.services.code_steps import (
    end_predecessors,
    order_again,
    replace_code,
    step_key,
)
from app.services.history import LOCK
from app.services.messages import Event, tell
from app.services.outbox import Taken
from app.wiring import Ports

MOST_DRAWS = 6
"""So often are digits drawn for one code within A_WHILE; then its lock needs a person."""
A_WHILE = timedelta(hours=1)

STILL_UNDERWAY = timedelta(minutes=2)
"""How long a put without an answer may yet arrive at its lock."""


class PutCode:
    """Make the lock hold the code."""

    def load(self, session: Session, taken: Taken, at: datetime) -> CodePlan | str:
        code = load_code(session, taken.subject_id)
        still_wanted = code.state in (CodeState.WANTED, CodeState.FAILED)
        if not still_wanted or taken.dedupe_key != step_key(taken.kind, code):
            return "no longer wanted"
        if code.valid_until <= at:
            return "its window is over"
        if code.may_be_redrawn and _needs_other_digits(session, code):
            code = hold_code(session, code.id)
            redraw(session, session.get_one(Property, code.door.property_id), code, the_seals(), at)
            return "with digits as the lock and the property have them now"
        look_first = taken.attempts > 1 or code.unclear_at is not None or code.version > 1
        plan = plan_for(code, look_first=look_first)
        code.unclear_at = at  # whatever happens from here on, the code may be on the lock
        code.sent_at = code.sent_at or at
        return plan

    def call(self, plan: CodePlan, ports: Ports) -> Held:
        lock = lock_of(ports, plan.provider)
        if plan.look_first and (held := held_right(lock, plan)) is not None:
            return held
        try:
            ref = lock.put_code(plan.lock_id, plan.order)
        except DigitsTaken:
            if (held := held_right(lock, plan)) is None:
                raise
            return held
        return Held(ref, plan.order.window)

    def record(self, session: Session, plan: CodePlan, result: Held, at: datetime) -> None:
        confirm(session, hold_code(session, plan.code_id), result, at)

    def fail(self, session: Session, plan: CodePlan, fault: PortError, at: datetime) -> bool:
        code = hold_code(session, plan.code_id)
        code.fault = fault.reason
        note_contact(code.door, at, fault)
        if not fault.unclear:
            code.unclear_at = plan.unclear_at
        still_wanted = code.state in (CodeState.WANTED, CodeState.FAILED)
        if not still_wanted or code.version != plan.version:
            return True
        others_may_do = isinstance(fault, DigitsTaken | DigitsRefused) and code.may_be_redrawn
        if others_may_do and draws_of(session, code, at - A_WHILE) < MOST_DRAWS:
            house = session.get_one(Property, code.door.property_id)
            among = (fault.allowed if isinstance(fault, DigitsRefused) else None) or DIGITS
            redraw(session, house, code, the_seals(), at, among)
            return True
        if isinstance(fault, LockFull):
            code.door.sync_due_at = at  # there may be ended codes on it that can go
        if fault.permanent and code.state != CodeState.FAILED:
            code.state = CodeState.FAILED
            note(session, code, "code-failed", at, why=fault.reason)
        return False  # what a person has to mend first is tried again, too: seldom


class ChangeCode:
    """Give a code on the lock the window it should have; the digits stay.

    One that is not there any more becomes wanted anew: nobody is told that it opens meanwhile.
    """

    def load(self, session: Session, taken: Taken, at: datetime) -> CodePlan | str:
        code = load_code(session, taken.subject_id)
        if code.state != CodeState.ACTIVE or taken.dedupe_key != step_key(taken.kind, code):
            return "no longer wanted"
        if code.valid_until <= at:
            return "its window is over"
        return plan_for(code, look_first=True)

    def call(self, plan: CodePlan, ports: Ports) -> Held | None:
        return held_right(lock_of(ports, plan.provider), plan)

    def record(self, session: Session, plan: CodePlan, result: Held | None, at: datetime) -> None:
        code = hold_code(session, plan.code_id)
        if result is not None:
            confirm(session, code, result, at)
        elif code.state == CodeState.ACTIVE:
            note_contact(code.door, at)
            note(session, code, "code-missing", at)
            put_back(session, code, at)

    def fail(self, session: Session, plan: CodePlan, fault: PortError, at: datetime) -> bool:
        code = hold_code(session, plan.code_id)
        code.fault = fault.reason
        note_contact(code.door, at, fault)
        if code.version != plan.version:
            return True
        if fault.permanent and code.by_provider and code.guest_id is not None:
            house = session.get_one(Property, code.door.property_id)
            guest = session.get_one(Guest, code.guest_id)
            replace_code(session, house, code, guest, seals=the_seals(), now=at, actor=LOCK)
            return True
        return False


class RemoveCode:
    """Take the code off the lock, and see for ourselves that it is gone."""

    def load(self, session: Session, taken: Taken, at: datetime) -> CodePlan | str:
        code = load_code(session, taken.subject_id)
        if code.state != CodeState.UNWANTED:
            return "wanted again"
        underway = code.unclear_at is not None and at - code.unclear_at < STILL_UNDERWAY
        code.held_from = code.held_until = None  # whatever happens from here on, it may be gone
        return plan_for(code, look_first=True, underway=underway)

    def call(self, plan: CodePlan, ports: Ports) -> None:
        lock = lock_of(ports, plan.provider)
        if plan.provider_ref is not None:
            lock.remove_code(plan.lock_id, plan.provider_ref)
        if left := found_there(lock, plan, CallKind.REVOKE):
            for held in left:
                lock.remove_code(plan.lock_id, held.provider_ref)
            if found_there(lock, plan, CallKind.REVOKE):
                raise PortError("The lock still holds the code.", retry_after=timedelta(seconds=15))
        if plan.underway and plan.provider_ref is None:
            raise PortError(
                "The code may still be on its way to the lock.", retry_after=timedelta(seconds=30)
            )

    def record(self, session: Session, plan: CodePlan, result: None, at: datetime) -> None:
        code = hold_code(session, plan.code_id)
        code.unclear_at = code.stays_for_id = None
        note_contact(code.door, at)
        if code.state != CodeState.UNWANTED:  # wanted again while it was being removed
            put_back(session, code, at)
            return
        code.provider_ref = code.held_from = code.held_until = code.missing_at = None
        code.state, code.gone_at, code.fault = CodeState.GONE, at, None
        note(session, code, "code-gone", at)

    def fail(self, session: Session, plan: CodePlan, fault: PortError, at: datetime) -> bool:
        code = hold_code(session, plan.code_id)
        code.fault = fault.reason
        note_contact(code.door, at, fault)
        return False  # a revocation is retried until it holds


def _needs_other_digits(session: Session, code: AccessCode) -> bool:
    """Tell whether a host has set another number of digits, or the lock has not all their keys."""
    house = session.get_one(Property, code.door.property_id)
    digits = the_seals().unseal(code.sealed_digits)
    return len(digits) != house.code_length or not can_type(digits, code.door.keypad)


def confirm(session: Session, code: AccessCode, held: Held, at: datetime) -> None:
    """Write down what the lock holds; order the change if another window is wanted by now."""
    code.provider_ref = held.provider_ref
    code.held_from, code.held_until = held.window.valid_from, held.window.valid_until
    code.unclear_at = code.fault = code.missing_at = None
    note_contact(code.door, at)
    if code.state not in (CodeState.WANTED, CodeState.FAILED, CodeState.ACTIVE):
        return
    newly = code.state != CodeState.ACTIVE
    code.state = CodeState.ACTIVE
    if code.rung == Rung.OFFLINE_CODE and (newly or not code.by_provider):
        code.rung = Rung.OWN_CODE  # here before the code that was to take its place
    code.active_at = code.active_at or at
    if code.window != held.window and newly:
        order_again(session, Effect.CHANGE_CODE, code, at)
    note(session, code, "code-active" if newly else "code-changed", at)
    _end_what_stayed(session, code, at)


def _end_what_stayed(session: Session, code: AccessCode, at: datetime) -> None:
    """End what its guest kept until this code was on its lock: the old room's code, or digits."""
    old = end_predecessors(session, code, at)
    if code.guest_id is not None and any(one.door_id == code.door_id for one in old):
        guest = session.get_one(Guest, code.guest_id)
        tell(session, guest, Event.CODE_CHANGED, at, {"door": code.door.name})
