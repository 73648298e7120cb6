"""What follows from a look at a lock: the next way in, hosts told, or nothing more to do."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.door_findings import CODE_FAILS, Finding, Found
from app.models import AccessCode, Door, DoorHelp, Guest, LockEvent, OutboxEntry, Room
from app.services.door_help import AFRESH, asked_of, order_look, settle
from app.services.door_stories import Story, story
from app.services.history import LOCK, record
from app.services.ladder import step_down
from app.services.lanes import hold_property

SECOND_LOOK = timedelta(seconds=45)
"""After the asking, to see whether it has opened before hosts are called."""

NEARBY = 8
"""So many doors' logs are read for digits typed at the wrong one: each is a call to the cloud."""

JUST_TYPED = timedelta(minutes=3)

ON_ITS_WAY = timedelta(seconds=60)
"""A code takes that long to reach its lock when all is well."""

_WHY = {
    Finding.NOT_ON_LOCK: "The guest is at the door, and the code is not on its lock.",
    Finding.CLOCK_OFF: "The lock refused the code at a time when it is good: its clock is off.",
    Finding.CODE_REFUSED: "The lock refused the code, although it was typed right.",
}


def take_look(session: Session, help_id: int) -> DoorHelp | None:
    """Return the asking to look for, with its door; None when it is closed."""
    wanted = select(DoorHelp).where(DoorHelp.id == help_id, DoorHelp.closed_at.is_(None))
    return session.scalar(wanted.options(joinedload(DoorHelp.door)).execution_options(**AFRESH))


def nearby_doors(session: Session, asked: DoorHelp) -> Sequence[int]:
    """Return the doors that are easily mistaken for this one, the nearest rooms' first."""
    number = select(Room.number).where(Room.id == asked.door.room_id).scalar_subquery()
    return session.scalars(
        select(Door.id)
        .outerjoin(Room, Room.id == Door.room_id)
        .where(Door.property_id == asked.property_id, Door.id != asked.door_id)
        .order_by(Room.id.is_(None), func.abs(Room.number - func.coalesce(number, 0)), Door.id)
        .limit(NEARBY)
    ).all()


def heard_their_digits(session: Session, help_id: int, now: datetime) -> bool:
    """Tell whether this guest's code, or what was nearly it, has just been typed at this door."""
    heard = (
        select(LockEvent.id)
        .join(AccessCode, AccessCode.id == LockEvent.code_id)
        .join(DoorHelp, DoorHelp.guest_id == AccessCode.guest_id)
        .where(
            DoorHelp.id == help_id,
            LockEvent.door_id == DoorHelp.door_id,
            LockEvent.heard_at > now - JUST_TYPED,
        )
    )
    return session.scalar(heard.limit(1)) is not None


def record_look(session: Session, help_id: int, fault: str | None, now: datetime) -> None:
    """Write down that the lock was looked at, and do what follows from what is found."""
    property_id = session.scalars(select(DoorHelp.property_id).filter_by(id=help_id)).one()
    house = hold_property(session, property_id)
    asked = take_look(session, help_id)
    if asked is None:
        return
    is_first = asked.looked_at is None
    asked.looked_at, asked.look_fault = now, fault
    guest = session.scalars(
        select(Guest).where(Guest.id == asked.guest_id).options(joinedload(Guest.house))
    ).one()
    told = story(session, asked_of(guest, asked), now)
    if is_first:
        _note(session, told, now)
    if (failing := _code_failing(told, now)) is not None:
        step_down(session, house, guest, asked.door, why=_WHY[failing.what], now=now, actor=LOCK)
        told = story(session, asked_of(guest, asked), now)
    settle(session, told, now)
    if asked.closed_at is None and asked.hosts_told_at is None:
        _look_again(session, asked, now)


def _code_failing(told: Story, now: datetime) -> Found | None:
    """Return why the code itself does not work, unless another way in was given since."""
    if not told.may_see_code:
        return None
    for found in told.found:
        if found.what not in CODE_FAILS:
            continue
        if found.what == Finding.NOT_ON_LOCK:
            is_late = found.at is None or now - found.at >= ON_ITS_WAY
            if is_late or (found.why is not None and told.offered_at is None):
                return found
        elif told.offered_at is None or (found.at is not None and found.at > told.offered_at):
            return found
    return None


def _look_again(session: Session, asked: DoorHelp, now: datetime) -> None:
    """Order one more look, shortly before hosts are told; once for each asking."""
    due_at = asked.asked_at + SECOND_LOOK
    key = f"look-at-door:{asked.id}:again"
    if now < due_at and not session.scalar(select(OutboxEntry.id).filter_by(dedupe_key=key)):
        order_look(session, asked, "again", now, due_at)


def _note(session: Session, told: Story, now: datetime) -> None:
    after = {"door": told.door.name, "found": told.found[0].what}
    house_id = told.guest.property_id
    what = "door-help-looked"
    record(session, told.guest, what, actor=LOCK, at=now, property_id=house_id, after=after)
