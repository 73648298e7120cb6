"""Guests at doors that stay shut: asked for, looked into, told to hosts, and closed again."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Because
from app.domain.door_findings import Finding, is_time_for_help, needs_a_person
from app.domain.errors import DomainError
from app.models import Door, DoorHelp, Effect, Guest, OutboxEntry, Property
from app.services.access import access_of
from app.services.door_stories import Asked, Story, stories
from app.services.history import CLOCK, LOCK, by_guest, record
from app.services.host_alarms import alarm_hosts
from app.services.lanes import hold_property
from app.services.outbox import order

LOOK_LASTS = timedelta(minutes=2)
"""A look not begun by then is dropped, and counts as one that did not work."""

LOOKS_APART = timedelta(seconds=8)
"""Asked again sooner, the last look still holds."""

PATIENCE = timedelta(seconds=60)
"""After the asking, hosts are told of a door that has not opened."""

ANEW = timedelta(minutes=30)
"""Asked after this, it is another trouble: hosts hear of it again."""

FORGOTTEN = timedelta(hours=24)
MOST_AN_HOUR = 10
"""Askings of one guest: each may wake the hosts."""

MOST_SHOWN = 20

AFRESH: Mapping[str, Any] = {"populate_existing": True}
"""What was read before the property was held may be old."""

NOBODY_LOOKED = "The lock could not be asked in time."


class HelpEnd(StrEnum):
    """How an asking was closed."""

    OPENED = "opened"
    GUEST = "guest"
    """They said that it is open."""
    HOST = "host"
    AGAIN = "again"
    """Asked anew, so long after that it counts as another trouble."""
    OLD = "old"


class NotTheirDoorError(DomainError):
    """The door has nothing to do with this guest."""

    code = "not-their-door"


class AskedTooOftenError(DomainError):
    """More askings in an hour than a door that stays shut explains."""

    code = "asked-too-often"


def ask_for_help(session: Session, guest: Guest, door_id: int, now: datetime) -> DoorHelp | None:
    """Have somebody look at the lock; an asking that is open is looked into again.

    None while it is not their time: no lock is at fault, and the page says so by itself. Hosts are
    told at once of a guest whose room waits for their OK. Raises NotTheirDoorError,
    AskedTooOftenError.
    """
    house = hold_property(session, guest.property_id)
    [access] = access_of(session, house, [guest], now)
    verdict = access.verdict(door_id)
    if verdict is None or verdict.because == Because.NOT_THEIRS:
        raise NotTheirDoorError("This door is not one of yours.")
    is_uncertain = verdict.because == Because.UNCERTAIN
    if guest.checked_in_at is None or not (verdict.allowed or is_uncertain):
        return None
    asked = open_help(session, guest, door_id)
    if asked is not None and now - asked.asked_at > ANEW:
        close_help(session, asked, HelpEnd.AGAIN, now, by_guest(guest.id))
        session.flush()
        asked = None
    if asked is None:
        asked = _new(session, guest, door_id, now)
    elif asked.looked_at is None or now - asked.looked_at < LOOKS_APART:
        return asked
    if is_uncertain:  # there is nothing to see at the lock
        asked.looked_at = now
        tell_hosts(session, asked, now, actor=CLOCK)
        return asked
    asked.looked_at = asked.look_fault = None
    order_look(session, asked, f"{int(now.timestamp() * 1000)}", now)
    return asked


def _new(session: Session, guest: Guest, door_id: int, now: datetime) -> DoorHelp:
    lately = DoorHelp.asked_at > now - timedelta(hours=1)
    count = select(func.count(DoorHelp.id)).where(DoorHelp.guest_id == guest.id, lately)
    if (session.scalar(count) or 0) >= MOST_AN_HOUR:
        raise AskedTooOftenError("You have asked many times. Please phone your host.")
    door = session.get_one(Door, door_id)
    asked = DoorHelp(
        property_id=guest.property_id, door_id=door_id, door=door, guest_id=guest.id, asked_at=now
    )
    session.add(asked)
    session.flush()
    _note(session, asked, "door-help-asked", now, by_guest(guest.id))
    return asked


def order_look(
    session: Session, asked: DoorHelp, which: str, now: datetime, due_at: datetime | None = None
) -> None:
    """Order a look. It has no lane: it asks the cloud, and must not wait behind a gateway."""
    order(
        session,
        Effect.LOOK_AT_DOOR,
        asked.id,
        key=f"look-at-door:{asked.id}:{which}",
        now=now,
        due_at=due_at,
        expires_at=(due_at or now) + LOOK_LASTS,
    )


def open_help(session: Session, guest: Guest, door_id: int) -> DoorHelp | None:
    """Return the guest's open asking at a door, with the door."""
    wanted = select(DoorHelp).filter_by(guest_id=guest.id, door_id=door_id, closed_at=None)
    return session.scalar(wanted.options(joinedload(DoorHelp.door)).execution_options(**AFRESH))


def last_help(session: Session, guest: Guest, door_id: int) -> DoorHelp | None:
    """Return the guest's latest asking at a door, open or not."""
    wanted = select(DoorHelp).filter_by(guest_id=guest.id, door_id=door_id)
    return session.scalar(wanted.order_by(DoorHelp.id.desc()).limit(1))


def tell_hosts(session: Session, asked: DoorHelp, now: datetime, *, actor: str) -> None:
    """Tell every host who may act, once for each asking. The caller holds the property."""
    if asked.closed_at is not None or asked.hosts_told_at is not None:
        return
    asked.hosts_told_at = now
    alarm_hosts(session, asked, now)
    _note(session, asked, "door-help-told", now, actor)


def close_help(session: Session, asked: DoorHelp, how: HelpEnd, now: datetime, actor: str) -> None:
    """Close an asking; `asked.door` is loaded."""
    if asked.closed_at is None:
        asked.closed_at, asked.closed_how = max(now, asked.asked_at), how
        _note(session, asked, f"door-help-closed-{how}", now, actor)


def houses_with_open_helps(session: Session) -> Sequence[int]:
    """Return the properties that `tend_helps` has something to look at in."""
    waiting = select(DoorHelp.property_id).where(DoorHelp.closed_at.is_(None)).distinct()
    return session.scalars(waiting).all()


def tend_helps(session: Session, property_id: int, now: datetime) -> None:
    """Do for every open asking what only time decides: see it opened, tell hosts, forget it."""
    house = hold_property(session, property_id)
    waiting = [asked_of(guest, asked) for asked, guest in open_helps(session, property_id)]
    underway = _looks_underway(session, [one.help.id for one in waiting if one.help], now)
    for told in stories(session, house, waiting, now):
        asked = told.help
        if asked is not None and asked.looked_at is None and asked.id not in underway:
            asked.looked_at, asked.look_fault = now, NOBODY_LOOKED
        settle(session, told, now)
    session.flush()


def open_helps(session: Session, property_id: int) -> Sequence[tuple[DoorHelp, Guest]]:
    """Return the open askings of a property, each with its door and guest; the oldest first."""
    rows = session.execute(
        select(DoorHelp, Guest)
        .join(Guest, Guest.id == DoorHelp.guest_id)
        .where(DoorHelp.property_id == property_id, DoorHelp.closed_at.is_(None))
        .options(joinedload(DoorHelp.door))
        .order_by(DoorHelp.id)
        .execution_options(**AFRESH)
    )
    return rows.all()


def helps_now(session: Session, house: Property, now: datetime) -> Sequence[Story]:
    """Return the stories of the guests who stand before a door that does not open."""
    rows = open_helps(session, house.id)[:MOST_SHOWN]
    return stories(session, house, [asked_of(guest, asked) for asked, guest in rows], now)


def asked_of(guest: Guest, asked: DoorHelp) -> Asked:
    return Asked(guest, asked.door, asked)


def _looks_underway(session: Session, help_ids: Sequence[int], now: datetime) -> set[int]:
    wanted = select(OutboxEntry.subject_id).where(
        OutboxEntry.done_at.is_(None),
        OutboxEntry.kind == Effect.LOOK_AT_DOOR,
        OutboxEntry.expires_at > now,
        OutboxEntry.subject_id.in_(help_ids),
    )
    return set(session.scalars(wanted))


def settle(session: Session, told: Story, now: datetime) -> None:
    """Close an asking whose door has opened, or tell hosts when it is time."""
    asked = told.help
    if asked is None or asked.closed_at is not None:
        return
    if any(one.what == Finding.OPENED and _is_since(one.at, asked) for one in told.found):
        close_help(session, asked, HelpEnd.OPENED, now, LOCK)
    elif now - asked.asked_at > FORGOTTEN:
        close_help(session, asked, HelpEnd.OLD, now, CLOCK)
    elif is_time_for_help(told.found) and asked.looked_at is not None:
        has_waited = now - asked.asked_at >= PATIENCE
        if has_waited or needs_a_person(told.found):
            tell_hosts(session, asked, now, actor=CLOCK)


def _is_since(at: datetime | None, asked: DoorHelp) -> bool:
    return at is not None and at > asked.asked_at


def _note(session: Session, asked: DoorHelp, what: str, now: datetime, actor: str) -> None:
    """Write it on the guest's history, which their reservations' pages show."""
    guest = session.get_one(Guest, asked.guest_id)
    after = {"door": asked.door.name}
    record(session, guest, what, actor=actor, at=now, property_id=asked.property_id, after=after)
