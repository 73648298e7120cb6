"""Opening a door from afar: asked for by a tap, begun within seconds or not at all."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import DomainError
from app.models import Door, Effect, Guest, Host, Message, UnlockRequest, UnlockState
from app.services.access import access_of
from app.services.history import LOCK, by_guest, by_host, record
from app.services.inbound import reply
from app.services.outbox import order

TAP_LASTS = timedelta(seconds=20)
"""An unlock not begun by then is dropped: nobody may be at the door any more."""

ANSWER_LASTS = timedelta(seconds=100)
"""Longer than any call to a lock: a begun unlock without an answer by then is never answered."""


class MayNotOpenError(DomainError):
    """The door is not theirs to open now."""

    code = "may-not-open"


def may_guest_open(session: Session, guest: Guest, door_id: int, now: datetime) -> bool:
    """Ask the one rule about one guest and one door."""
    [access] = access_of(session, guest.house, [guest], now)
    verdict = access.verdict(door_id)
    return verdict is not None and verdict.allowed


def request_by_guest(session: Session, guest: Guest, door_id: int, now: datetime) -> UnlockRequest:
    """Order an unlock, or return the one under way. Raises MayNotOpenError."""
    if not may_guest_open(session, guest, door_id, now):
        raise MayNotOpenError("This door does not open for you now.")
    underway = session.scalar(
        select(UnlockRequest).where(
            UnlockRequest.door_id == door_id,
            UnlockRequest.guest_id == guest.id,
            UnlockRequest.state.in_((UnlockState.WAITING, UnlockState.BEGUN)),
        )
    )
    if underway is not None:
        if underway.state == UnlockState.BEGUN or now < underway.expires_at:
            return underway
        drop(session, underway, now)
        session.flush()
    door = session.get_one(Door, door_id)
    return _request(session, door, now, by_guest(guest.id), guest_id=guest.id)


def request_by_host(session: Session, host: Host, door: Door, now: datetime) -> UnlockRequest:
    """Order an unlock for a host, who may open every door of their property."""
    if door.property_id != host.property_id:
        raise MayNotOpenError("This door belongs to another property.")
    return _request(session, door, now, by_host(host.id), host_id=host.id)


def _request(
    session: Session, door: Door, now: datetime, actor: str, **asker: int
) -> UnlockRequest:
    request = UnlockRequest(
        door_id=door.id,
        state=UnlockState.WAITING,
        requested_at=now,
        expires_at=now + TAP_LASTS,
        **asker,
    )
    session.add(request)
    session.flush()
    order(
        session,
        Effect.UNLOCK,
        request.id,
        key=f"unlock:{request.id}",
        now=now,
        lane=door.lane,
        expires_at=request.expires_at,
    )
    record(session, door, "unlock-asked", actor=actor, at=now, property_id=door.property_id)
    return request


def begin(session: Session, request_id: int, now: datetime) -> UnlockRequest | str:
    """Mark an unlock begun, before anything is sent; or say why it must not be.

    Once begun it is never taken again, whatever becomes of the worker.
    """
    request = session.scalars(
        select(UnlockRequest)
        .where(UnlockRequest.id == request_id)
        .options(joinedload(UnlockRequest.door))
        .with_for_update(of=UnlockRequest)
    ).one()
    if request.state != UnlockState.WAITING:
        return "already begun or ended"
    if now >= request.expires_at:
        drop(session, request, now)
        return "too late"
    if request.guest_id is not None:
        guest = session.scalars(
            select(Guest).where(Guest.id == request.guest_id).options(joinedload(Guest.house))
        ).one()
        if not may_guest_open(session, guest, request.door_id, now):
            request.end(UnlockState.FAILED, now, "This door does not open for you now.")
            return "no longer allowed"
    request.state, request.begun_at = UnlockState.BEGUN, now
    return request


def end(
    session: Session, request_id: int, state: UnlockState, now: datetime, why: str | None = None
) -> UnlockRequest:
    """Write down how a begun unlock ended; return it with its door."""
    request = session.scalars(
        select(UnlockRequest)
        .where(UnlockRequest.id == request_id)
        .options(joinedload(UnlockRequest.door))
    ).one()
    request.end(state, now, why)
    answer_asker(session, request, now)
    house = request.door.property_id
    what = f"unlock-{state}"
    record(session, request.door, what, actor=LOCK, at=now, property_id=house, why=why)
    return request


def drop(session: Session, request: UnlockRequest, now: datetime) -> None:
    """Give up an unlock that was not begun in time; nothing was sent to the lock."""
    request.end(UnlockState.DROPPED, now)
    answer_asker(session, request, now)


def sweep_unlocks(session: Session, now: datetime) -> None:
    """Close what nobody answers any more: dropped when never begun, unknown when begun."""
    late = (UnlockRequest.state == UnlockState.WAITING) & (UnlockRequest.expires_at <= now)
    lost = (UnlockRequest.state == UnlockState.BEGUN) & (
        UnlockRequest.begun_at < now - ANSWER_LASTS
    )
    left = session.scalars(
        select(UnlockRequest)
        .where(or_(late, lost))
        .options(joinedload(UnlockRequest.door))
        .with_for_update(of=UnlockRequest, skip_locked=True)
    )
    for request in left.all():
        if request.state == UnlockState.WAITING:
            drop(session, request, now)
        else:
            request.end(UnlockState.UNKNOWN, now)
            answer_asker(session, request, now)
    session.flush()


def answer_asker(session: Session, request: UnlockRequest, now: datetime) -> None:
    """Answer the text that asked for this unlock, if one did, with what came of it."""
    if request.asked_by_id is None:
        return
    asked = session.get_one(Message, request.asked_by_id)
    if session.scalar(select(Message.id).where(Message.reply_to_id == asked.id)) is None:
        reply(session, asked, _outcome(request), now=now)


def _outcome(request: UnlockRequest) -> str:
    name = request.door.name
    match request.state:
        case UnlockState.OPENED:
            return f"{name} is open."
        case UnlockState.DROPPED:
            return f"{name} was not opened: it took too long to begin. Send it again."
        case UnlockState.UNKNOWN:
            return f"{name}: no clear answer. It may have opened; look before you send it again."
        case _:
            return f"{name} was not opened. {request.detail or ''}".strip()
