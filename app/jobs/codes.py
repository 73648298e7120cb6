"""Codes on locks: put, change, remove. Each may run twice, or stop anywhere, and end the same."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.windows import Window
from app.models import AccessCode, CodeState, Effect, Guest
from app.ports.errors import PortError
from app.ports.locks import CodeOrder, DigitsRefused, DigitsTaken, HeldCode, LockPort
from app.seals import Seals
from app.services.codes import order_code, redraw
from app.services.history import LOCK, record
from app.services.lanes import hold_property
from app.services.outbox import Taken
from app.wiring import Ports

STILL_UNDERWAY = timedelta(minutes=2)
"""How long a put without an answer may yet arrive at its lock."""


@dataclass(frozen=True)
class CodePlan:
    """What one step needs to know, loaded before the call."""

    code_id: int
    version: int
    provider: str
    lock_id: str
    order: CodeOrder
    provider_ref: str | None
    look_first: bool
    """An earlier try may have worked: ask the lock what it holds before anything is repeated."""
    unclear_at: datetime | None
    """When an earlier put ended without an answer."""
    underway: bool = False
    """That was recently: not being on the lock proves nothing yet."""


@dataclass(frozen=True)
class Held:
    """What the lock has confirmed."""

    provider_ref: str
    window: Window = field(repr=False)


def lock_of(ports: Ports, provider: str) -> LockPort:
    """Return the provider's client. Raises PortError where it is not set up."""
    if (lock := ports.locks.get(provider)) is None:
        raise PortError(
            "The lock service is not set up here; see the settings page.",
            retry_after=timedelta(minutes=1),
        )
    return lock


class PutCode:
    """Make the lock hold the code."""

    def load(self, session: Session, taken: Taken, at: datetime) -> CodePlan | str:
        code = _load(session, taken.subject_id)
        if code.state != CodeState.WANTED or taken.dedupe_key != _key(taken.kind, code):
            return "no longer wanted"
        if code.valid_until <= at:
            return "its window is over"
        look_first = taken.attempts > 1 or code.unclear_at is not None or code.version > 1
        plan = _plan(code, look_first=look_first)
        code.unclear_at = at  # whatever happens from here on, the code may be on the lock
        return plan

    def call(self, plan: CodePlan, ports: Ports) -> Held:
        lock = lock_of(ports, plan.provider)
        if plan.look_first and (held := _ours(lock, plan)) is not None:
            return _made_right(lock, plan, held)
        try:
            ref = lock.put_code(plan.lock_id, plan.order)
        except DigitsTaken:
            if (held := _ours(lock, plan)) is None:
                raise
            return _made_right(lock, plan, held)
        return Held(ref, plan.order.window)

    def record(self, session: Session, plan: CodePlan, result: Held, at: datetime) -> None:
        code = _hold(session, plan.code_id)
        _confirm(session, code, result, at)

    def fail(self, session: Session, plan: CodePlan, fault: PortError, at: datetime) -> bool:
        code = _hold(session, plan.code_id)
        code.fault = fault.reason
        if not fault.unclear:
            code.unclear_at = plan.unclear_at
        if code.state != CodeState.WANTED or code.version != plan.version:
            return True
        if isinstance(fault, DigitsTaken | DigitsRefused):
            redraw(session, code.guest.house, code, _seals(), at)
            return True
        if fault.permanent:
            code.state = CodeState.FAILED
            _note(session, code, "code-failed", at, why=fault.reason)
        return fault.permanent


class ChangeCode:
    """Give a code on the lock the window it should have; the digits stay."""

    def load(self, session: Session, taken: Taken, at: datetime) -> CodePlan | str:
        code = _load(session, taken.subject_id)
        if code.state != CodeState.ACTIVE or taken.dedupe_key != _key(taken.kind, code):
            return "no longer wanted"
        if code.valid_until <= at:
            return "its window is over"
        return _plan(code, look_first=True)

    def call(self, plan: CodePlan, ports: Ports) -> Held:
        lock = lock_of(ports, plan.provider)
        held = _ours(lock, plan)
        if held is None:  # somebody took it off the lock
            return Held(lock.put_code(plan.lock_id, plan.order), plan.order.window)
        return _made_right(lock, plan, held)

    def record(self, session: Session, plan: CodePlan, result: Held, at: datetime) -> None:
        _confirm(session, _hold(session, plan.code_id), result, at)

    def fail(self, session: Session, plan: CodePlan, fault: PortError, at: datetime) -> bool:
        code = _hold(session, plan.code_id)
        code.fault = fault.reason
        return code.version != plan.version


class RemoveCode:
    """Take the code off the lock, and see for ourselves that it is gone."""

    def load(self, session: Session, taken: Taken, at: datetime) -> CodePlan | str:
        code = _load(session, taken.subject_id)
        if code.state != CodeState.UNWANTED:
            return "wanted again"
        underway = code.unclear_at is not None and at - code.unclear_at < STILL_UNDERWAY
        return _plan(code, look_first=True, underway=underway)

    def call(self, plan: CodePlan, ports: Ports) -> None:
        lock = lock_of(ports, plan.provider)
        if plan.provider_ref is not None:
            lock.remove_code(plan.lock_id, plan.provider_ref)
        for held in _by_name(lock, plan):
            lock.remove_code(plan.lock_id, held.provider_ref)
        if _by_name(lock, plan):
            raise PortError("The lock still holds the code.", retry_after=timedelta(seconds=15))
        if plan.underway and plan.provider_ref is None:
            raise PortError(
                "The code may still be on its way to the lock.", retry_after=timedelta(seconds=30)
            )

    def record(self, session: Session, plan: CodePlan, result: None, at: datetime) -> None:
        code = _hold(session, plan.code_id)
        code.provider_ref = code.held_from = code.held_until = code.unclear_at = None
        if code.state != CodeState.UNWANTED:  # wanted again while it was being removed
            code.state = CodeState.WANTED
            code.version += 1
            order_code(session, Effect.PUT_CODE, code, at)
            return
        code.state, code.gone_at, code.fault = CodeState.GONE, at, None
        _note(session, code, "code-gone", at)

    def fail(self, session: Session, plan: CodePlan, fault: PortError, at: datetime) -> bool:
        _hold(session, plan.code_id).fault = fault.reason
        return False  # a revocation is retried until it holds


def _load(session: Session, code_id: int) -> AccessCode:
    load = (joinedload(AccessCode.door), joinedload(AccessCode.guest).joinedload(Guest.house))
    return session.scalars(select(AccessCode).where(AccessCode.id == code_id).options(*load)).one()


def _hold(session: Session, code_id: int) -> AccessCode:
    """Load the code for writing, after every other change of the property's codes."""
    property_id = session.scalars(
        select(Guest.property_id).join(AccessCode).where(AccessCode.id == code_id)
    ).one()
    hold_property(session, property_id)
    return _load(session, code_id)


def _plan(code: AccessCode, *, look_first: bool, underway: bool = False) -> CodePlan:
    digits = _seals().unseal(code.sealed_digits)
    return CodePlan(
        code_id=code.id,
        version=code.version,
        provider=code.door.provider,
        lock_id=code.door.lock_id,
        order=CodeOrder(code.name, digits, code.window),
        provider_ref=code.provider_ref,
        look_first=look_first,
        unclear_at=code.unclear_at,
        underway=underway,
    )


def _by_name(lock: LockPort, plan: CodePlan) -> list[HeldCode]:
    return [held for held in lock.list_codes(plan.lock_id) if held.name == plan.order.name]


def _ours(lock: LockPort, plan: CodePlan) -> HeldCode | None:
    """Return this very code as the lock holds it, clearing away earlier digits of it."""
    found = None
    for held in _by_name(lock, plan):
        if held.digits == plan.order.digits and found is None:
            found = held
        else:
            lock.remove_code(plan.lock_id, held.provider_ref)
    return found


def _made_right(lock: LockPort, plan: CodePlan, held: HeldCode) -> Held:
    if held.window != plan.order.window:
        lock.change_window(plan.lock_id, held.provider_ref, plan.order.window)
    return Held(held.provider_ref, plan.order.window)


def _confirm(session: Session, code: AccessCode, held: Held, at: datetime) -> None:
    """Write down what the lock holds; order the change if another window is wanted by now."""
    code.provider_ref = held.provider_ref
    code.held_from, code.held_until = held.window.valid_from, held.window.valid_until
    code.unclear_at = code.fault = None
    if code.state not in (CodeState.WANTED, CodeState.ACTIVE):
        return
    newly = code.state == CodeState.WANTED
    code.state = CodeState.ACTIVE
    code.active_at = code.active_at or at
    if code.window != held.window and newly:
        code.version += 1
        order_code(session, Effect.CHANGE_CODE, code, at)
    _note(session, code, "code-active" if newly else "code-changed", at)


def _note(
    session: Session, code: AccessCode, what: str, at: datetime, why: str | None = None
) -> None:
    house = code.guest.property_id
    after = {"door": code.door.name}
    record(session, code, what, actor=LOCK, at=at, property_id=house, after=after, why=why)


def _key(effect: Effect, code: AccessCode) -> str:
    return f"{effect}:{code.id}:v{code.version}"


def _seals() -> Seals:
    seals: Seals = current_app.extensions["seals"]
    return seals
