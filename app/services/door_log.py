"""What locks' logs tell, with whatever says who it was; in a fixed number of statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.lock_words import Way
from app.models import (
    AccessCode,
    Door,
    Guest,
    Host,
    LockEvent,
    Reservation,
    StaffCode,
    Stranger,
    UnlockRequest,
    UnlockState,
)

PAGE = 50
STAY_SHOWN = 10
"""Lines on a reservation's page."""

SAME_OPENING = timedelta(minutes=2)
"""Between the tap here and the line in the lock's log, by two clocks."""

MAY_HAVE_OPENED = (UnlockState.BEGUN, UnlockState.OPENED, UnlockState.UNKNOWN)


@dataclass(frozen=True)
class DoorLog:
    """Lines of logs, newest first, each with its code and guest; and who is behind them."""

    events: Sequence[LockEvent]
    has_more: bool
    staff: Mapping[int, str]
    """Whose a staff code is, by its id."""
    stays: Mapping[int, Reservation]
    """The reservation to go to, by guest: of this door's room, where the door has one."""
    openers: Mapping[int, str]
    """Who opened from afar, by line; names of hosts and guests."""


def door_log(session: Session, door: Door, page: int) -> DoorLog:
    """Load one page of a door's log, counting from 1."""
    events = session.scalars(
        select(LockEvent)
        .where(LockEvent.door_id == door.id)
        .options(
            joinedload(LockEvent.code).joinedload(AccessCode.guest),
            joinedload(LockEvent.code).joinedload(AccessCode.door),
        )
        .order_by(LockEvent.at.desc(), LockEvent.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    ).all()
    shown = events[:PAGE]
    codes = [event.code for event in shown if event.code is not None]
    return DoorLog(
        events=shown,
        has_more=len(events) > PAGE,
        staff=_staff(session, {code.staff_code_id for code in codes if code.staff_code_id}),
        stays=_stays(session, door, {code.guest_id for code in codes if code.guest_id}),
        openers=_openers(session, door, shown),
    )


def log_of_codes(session: Session, code_ids: Collection[int]) -> Sequence[LockEvent]:
    """Load the latest lines about these codes, at whatever door, each with its door and code."""
    return session.scalars(
        select(LockEvent)
        .where(LockEvent.code_id.in_(code_ids))
        .options(
            joinedload(LockEvent.door),
            joinedload(LockEvent.code).joinedload(AccessCode.door),
        )
        .order_by(LockEvent.at.desc(), LockEvent.id.desc())
        .limit(STAY_SHOWN)
    ).all()


def strangers_of(session: Session, door: Door) -> Sequence[Stranger]:
    """Return the codes on a lock that are not ours."""
    own = select(Stranger).where(Stranger.door_id == door.id)
    return session.scalars(own.order_by(Stranger.name, Stranger.id)).all()


def _staff(session: Session, ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(StaffCode.id, StaffCode.label).where(StaffCode.id.in_(ids)))
    return dict(rows.all())


def _stays(session: Session, door: Door, guest_ids: Collection[int]) -> dict[int, Reservation]:
    stays = session.scalars(
        select(Reservation)
        .where(Reservation.guest_id.in_(guest_ids))
        .order_by(Reservation.arrival.desc(), Reservation.room_id.desc())
    ).all()
    found = {stay.guest_id: stay for stay in stays if stay.guest_id is not None}
    own = {stay.guest_id: stay for stay in stays if stay.room_id == door.room_id}
    return found | {guest: stay for guest, stay in own.items() if guest is not None}


def _openers(session: Session, door: Door, events: Sequence[LockEvent]) -> dict[int, str]:
    """Tell by the taps here who opened from afar: each tap is one opening."""
    remote = [event for event in events if event.way == Way.REMOTE]
    times = [event.at for event in remote]
    if not times:
        return {}
    taps = session.execute(
        select(UnlockRequest.begun_at, Host.name, Guest.full_name, Guest.reference)
        .outerjoin(Host, Host.id == UnlockRequest.host_id)
        .outerjoin(Guest, Guest.id == UnlockRequest.guest_id)
        .where(
            UnlockRequest.door_id == door.id,
            UnlockRequest.state.in_(MAY_HAVE_OPENED),
            UnlockRequest.begun_at.between(min(times) - SAME_OPENING, max(times) + SAME_OPENING),
        )
    ).all()
    near = sorted(
        (abs(event.at - begun_at), event.id, place)
        for event in remote
        for place, (begun_at, *_) in enumerate(taps)
        if begun_at is not None and abs(event.at - begun_at) <= SAME_OPENING
    )
    openers: dict[int, str] = {}
    spent: set[int] = set()
    for _gap, event_id, place in near:
        if event_id not in openers and place not in spent:
            _, host, guest, reference = taps[place]
            openers[event_id] = host or guest or reference or ""
            spent.add(place)
    return openers
