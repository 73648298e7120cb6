"""The steps of one code's life, each with the order that carries it to the lock."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.windows import Window
from app.models import (
    AccessCode,
    CodeState,
    Door,
    Effect,
    Guest,
    OutboxEntry,
    Property,
    Purpose,
    StaffCode,
)
from app.seals import Seals
from app.services.digits import digits_hash, fresh_digits, taken_on
from app.services.history import record
from app.services.outbox import order

CURRENT = (CodeState.WANTED, CodeState.ACTIVE, CodeState.FAILED)

LONGEST_OWNER = 24
"""Letters of a name on the lock that say whose it is; clouds refuse long names."""


def new_code(
    session: Session,
    door: Door,
    window: Window,
    digits: str,
    *,
    house: Property,
    seals: Seals,
    now: datetime,
    actor: str,
    purpose: Purpose = Purpose.GUEST,
    guest: Guest | None = None,
    staff_code: StaffCode | None = None,
) -> AccessCode:
    """Order a code with these digits, which the caller has found free on the door."""
    owner = guest.reference if guest else staff_code.label if staff_code else purpose.value
    code = AccessCode(
        door_id=door.id,
        door=door,
        purpose=purpose,
        guest_id=guest.id if guest else None,
        staff_code_id=staff_code.id if staff_code else None,
        name=f"Latchkey {owner[:LONGEST_OWNER]} {secrets.token_hex(4)}",
        sealed_digits=seals.seal(digits),
        digits_hash=digits_hash(session, seals, door.id, digits),
        state=CodeState.WANTED,
        valid_from=window.valid_from,
        valid_until=window.valid_until,
        version=1,
        created_at=now,
    )
    session.add(code)
    session.flush()
    after = {"door": door.name, "from": window.valid_from, "until": window.valid_until}
    note_step(session, code, "code-wanted", now, actor, after=after)
    order_code(session, Effect.PUT_CODE, code, now)
    return code


def move_code(
    session: Session, code: AccessCode, window: Window, *, now: datetime, actor: str
) -> None:
    """Give a code another window, here and on its lock; the digits stay."""
    before = {"from": code.valid_from, "until": code.valid_until}
    code.window = window
    after = {"from": window.valid_from, "until": window.valid_until}
    note_step(session, code, "code-moved", now, actor, before=before, after=after)
    if code.state != CodeState.ACTIVE:
        code.state = CodeState.WANTED
    order_again(session, due_step(code), code, now)


def give_up(
    session: Session,
    code: AccessCode,
    *,
    now: datetime,
    actor: str,
    remove_at: datetime | None = None,
    stays_for: AccessCode | None = None,
) -> None:
    """Mark a code as no longer wanted; it stays ours until its lock has let it go.

    `remove_at`: leave it on the lock until then, for an undo. `stays_for`: leave it there until
    that other code is on its lock, and at most until its own window ends.
    """
    code.state = CodeState.UNWANTED
    note_step(session, code, "code-unwanted", now, actor, before={"until": code.valid_until})
    if stays_for is not None:
        code.stays_for_id = stays_for.id
        remove_at = min(code.valid_until, code.held_until or code.valid_until)
    order_again(session, Effect.REMOVE_CODE, code, now, remove_at)


def take_back(
    session: Session, code: AccessCode, window: Window, *, now: datetime, actor: str
) -> None:
    """Want a code again that was given up and, as far as we know, is still on its lock."""
    code.state = CodeState.ACTIVE if code.provider_ref else CodeState.WANTED
    code.fault = code.stays_for_id = None
    note_step(session, code, "code-kept", now, actor)
    if code.window != window:
        move_code(session, code, window, now=now, actor=actor)
    elif not code.is_held_as_wanted:
        order_again(session, due_step(code), code, now)


def replace_code(
    session: Session,
    house: Property,
    code: AccessCode,
    guest: Guest,
    *,
    seals: Seals,
    now: datetime,
    actor: str,
) -> AccessCode:
    """Order another code in the place of one whose window its lock will not change.

    The old one stays on the lock until the new one is there, and at most as long as it opens; then
    the guest is told, once.
    """
    code.state = CodeState.UNWANTED
    session.flush()
    taken = taken_on(session, [code.door_id])
    new = new_code(
        session,
        code.door,
        code.window,
        fresh_digits(house, [code.door_id], taken, seals),
        house=house,
        seals=seals,
        now=now,
        actor=actor,
        guest=guest,
    )
    give_up(session, code, now=now, actor=actor, stays_for=new)
    return new


def end_predecessors(session: Session, code: AccessCode, now: datetime) -> list[AccessCode]:
    """End what was left on its lock until this code, or one in its place, was there; return it."""
    waiting = (AccessCode.stays_for_id == code.id) & (AccessCode.state == CodeState.UNWANTED)
    old = list(session.scalars(select(AccessCode).where(waiting)))
    if old:
        remove_now(session, old, now)
    return old


def remove_now(session: Session, codes: list[AccessCode], now: datetime) -> None:
    """Bring the removal of codes that were left on their locks for a while forward to now."""
    for code in codes:
        code.stays_for_id = None
    session.execute(
        update(OutboxEntry)
        .where(
            OutboxEntry.kind == Effect.REMOVE_CODE,
            OutboxEntry.subject_id.in_([code.id for code in codes]),
            OutboxEntry.done_at.is_(None),
            OutboxEntry.due_at > now,
        )
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )


def order_code(
    session: Session,
    effect: Effect,
    code: AccessCode,
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """Order one step of a code's life; each version of what is wanted is ordered once."""
    key = step_key(effect, code)
    order(session, effect, code.id, key=key, now=now, lane=code.door.lane, due_at=due_at)


def order_again(
    session: Session,
    effect: Effect,
    code: AccessCode,
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """Order a step anew: what was ordered for earlier versions is then no longer wanted."""
    code.version += 1
    order_code(session, effect, code, now, due_at)


def due_step(code: AccessCode) -> Effect:
    """Return the step that makes its lock hold a current code as it is wanted."""
    return Effect.CHANGE_CODE if code.state == CodeState.ACTIVE else Effect.PUT_CODE


def step_key(effect: Effect, code: AccessCode) -> str:
    """Return the key of this step of the code as it is wanted now: `put-code:42:v3`."""
    return f"{effect}:{code.id}:v{code.version}"


def note_step(
    session: Session,
    code: AccessCode,
    what: str,
    now: datetime,
    actor: str,
    **facts: Mapping[str, object],
) -> None:
    record(
        session,
        code,
        what,
        actor=actor,
        at=now,
        property_id=code.door.property_id,
        before=facts.get("before"),
        after=facts.get("after"),
    )
