"""What one step of a code's life needs to know, and how it finds the code on its lock."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.reconcile import with_digits
from app.domain.windows import Window
from app.jobs.runtime import the_seals
from app.models import AccessCode, Door
from app.ports.errors import PortError
from app.ports.locks import CannotMove, CodeOrder, HeldCode, LockOffline, LockPort
from app.ports.metering import CallKind
from app.services.history import LOCK, record
from app.services.lanes import hold_property
from app.wiring import Ports


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
    underway: bool
    """That was recently: not being on the lock proves nothing yet."""
    by_provider: bool


@dataclass(frozen=True)
class Held:
    """What the lock has confirmed."""

    provider_ref: str
    window: Window = field(repr=False)


def note_contact(door: Door, at: datetime, fault: PortError | None = None) -> None:
    """Write down what a command tells of the way to its lock, sooner than the provider's lists."""
    if isinstance(fault, LockOffline):
        door.gateway_online = False
    elif fault is None:
        door.seen_at = at
        if door.gateway_online is False:
            door.gateway_online = True


def lock_of(ports: Ports, provider: str) -> LockPort:
    """Return the provider's client. Raises PortError where it is not set up."""
    if (lock := ports.locks.get(provider)) is None:
        raise PortError(
            "The lock service is not set up here; see the settings page.",
            retry_after=timedelta(minutes=1),
        )
    return lock


def load_code(session: Session, code_id: int) -> AccessCode:
    found = select(AccessCode).where(AccessCode.id == code_id)
    return session.scalars(found.options(joinedload(AccessCode.door))).one()


def hold_code(session: Session, code_id: int) -> AccessCode:
    """Load the code for writing, after every other change of the property's codes."""
    property_id = session.scalars(
        select(Door.property_id).join(AccessCode).where(AccessCode.id == code_id)
    ).one()
    hold_property(session, property_id)
    return load_code(session, code_id)


def plan_for(code: AccessCode, *, look_first: bool, underway: bool = False) -> CodePlan:
    digits = the_seals().unseal(code.sealed_digits)
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
        by_provider=code.by_provider,
    )


def found_there(lock: LockPort, plan: CodePlan, why: CallKind) -> list[HeldCode]:
    """Return the code as the lock holds it, under our name, or under another it was given since."""
    return [
        held
        for held in lock.list_codes(plan.lock_id, why)
        if held.name == plan.order.name or held.provider_ref == plan.provider_ref
    ]


def held_right(lock: LockPort, plan: CodePlan) -> Held | None:
    """Find this very code on the lock and see that its window is right; None when it is not there.

    Earlier digits of it are cleared away, and so is it where its window cannot be moved. Raises
    CannotMove for one that the provider made, as only another can take its place.
    """
    there = found_there(lock, plan, CallKind.PUT)
    right = with_digits(there, plan.order.digits)
    for held in there:
        if held is not right:
            lock.remove_code(plan.lock_id, held.provider_ref)
    if right is None:
        return None
    if not plan.order.window.is_kept_by(right.window):
        try:
            lock.change_window(plan.lock_id, right.provider_ref, plan.order.window)
        except CannotMove:
            if plan.by_provider:
                raise
            lock.remove_code(plan.lock_id, right.provider_ref)
            return None
    return Held(right.provider_ref, plan.order.window)


def note(
    session: Session, code: AccessCode, what: str, at: datetime, why: str | None = None
) -> None:
    after = {"door": code.door.name}
    house_id = code.door.property_id
    record(session, code, what, actor=LOCK, at=at, property_id=house_id, after=after, why=why)
