"""Putting a code on its lock once more: with other digits, or with the same."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.codes import DIGITS
from app.models import AccessCode, CodeState, Effect, OutboxEntry, Property
from app.seals import Seals
from app.services.code_steps import CURRENT, due_step, note_step, order_again
from app.services.digits import digits_hash, fresh_digits, taken_on


def redraw(
    session: Session,
    house: Property,
    code: AccessCode,
    seals: Seals,
    now: datetime,
    among: str = DIGITS,
) -> None:
    """Give a code that nobody has been told other digits, and order it anew.

    `among`: the digits its lock has, where it has not all.
    """
    taken = taken_on(session, [code.door_id])
    digits = fresh_digits(house, [code.door_id], taken, seals, among)
    code.sealed_digits = seals.seal(digits)
    code.digits_hash = digits_hash(session, seals, code.door_id, digits)
    code.state = CodeState.WANTED
    order_again(session, Effect.PUT_CODE, code, now)


def draws_of(session: Session, code: AccessCode, since: datetime) -> int:
    """Return how often it was ordered to put the code on its lock, each time with new digits."""
    found = select(func.count()).where(
        OutboxEntry.kind == Effect.PUT_CODE,
        OutboxEntry.subject_id == code.id,
        OutboxEntry.created_at > since,
    )
    return session.scalar(found) or 0


def put_back(session: Session, code: AccessCode, now: datetime) -> None:
    """Order a code anew that was on its lock and is not any more; the digits stay."""
    code.state, code.missing_at = CodeState.WANTED, None
    code.provider_ref = code.held_from = code.held_until = None
    order_again(session, Effect.PUT_CODE, code, now)


def retry_code(session: Session, code: AccessCode, *, now: datetime, actor: str) -> None:
    """Order a code that failed, or has not come, or has old dates on its lock, once more."""
    if code.state not in CURRENT or code.is_held_as_wanted:
        return
    if code.state == CodeState.FAILED:
        code.state = CodeState.WANTED
    code.fault = None
    note_step(session, code, "code-retried", now, actor)
    order_again(session, due_step(code), code, now)
