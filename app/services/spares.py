"""Spare codes: one on each door, for the next arrival, should that guest's own not arrive."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.nights import Nights
from app.domain.windows import Window
from app.models import (
    AccessCode,
    Door,
    Property,
    Purpose,
    Reservation,
    Status,
)
from app.seals import Seals
from app.services.access import stay_window
from app.services.code_steps import CURRENT, give_up, move_code, new_code
from app.services.digits import fresh_digits, taken_on
from app.services.history import CLOCK

AHEAD = timedelta(days=3)
"""How long before its stay a spare is loaded: long enough to outlast most outages."""

LONGEST = timedelta(days=60)
"""A longer stay that only a calendar shows is rather a room that is not let."""


def houses_with_spares(session: Session) -> Sequence[int]:
    """Return the properties that want spare codes, or still have some."""
    have = select(Door.property_id).join(AccessCode, AccessCode.door_id == Door.id)
    have = have.where(AccessCode.purpose == Purpose.SPARE, AccessCode.state.in_(CURRENT))
    wanted = or_(Property.spare_codes, Property.id.in_(have))
    return session.scalars(select(Property.id).where(wanted).order_by(Property.id)).all()


def settle_spares(session: Session, house: Property, *, seals: Seals, now: datetime) -> None:
    """Have each door hold one spare code for the next stay there, with the property held.

    Its window is that stay's, so that it never opens longer than the guest it may be given to may
    come in. Nobody knows its digits until then.
    """
    doors = session.scalars(select(Door).where(Door.property_id == house.id)).all()
    spares = {
        code.door_id: code
        for code in session.scalars(
            select(AccessCode)
            .where(
                AccessCode.door_id.in_([door.id for door in doors]),
                AccessCode.purpose == Purpose.SPARE,
                AccessCode.state.in_(CURRENT),
            )
            .options(joinedload(AccessCode.door))
        )
    }
    windows = _windows(session, house, now) if house.spare_codes else {}
    missing = []
    for door in doors:
        window, spare = windows.get(door.room_id), spares.get(door.id)
        if spare is not None and (window is None or spare.valid_until <= now):
            give_up(session, spare, now=now, actor=CLOCK)
        elif spare is not None and window is not None and spare.window != window:
            move_code(session, spare, window, now=now, actor=CLOCK)
        elif spare is None and window is not None:
            missing.append((door, window))
    session.flush()
    taken = taken_on(session, [door.id for door, _ in missing])
    for door, window in missing:
        digits = fresh_digits(house, [door.id], taken, seals)
        new_code(
            session,
            door,
            window,
            digits,
            house=house,
            seals=seals,
            now=now,
            actor=CLOCK,
            purpose=Purpose.SPARE,
        )


def _windows(session: Session, house: Property, now: datetime) -> dict[int | None, Window]:
    """Return, for each room and for the shared doors (None), when the next arrival may come in.

    For a shared door that is the next guest to arrive, since who is in house has come through it.
    """
    today = now.astimezone(house.zone).date()
    stays = session.scalars(
        select(Reservation)
        .where(
            Reservation.property_id == house.id,
            Reservation.status.in_((Status.OPEN, Status.CONFIRMED, Status.DISPUTED)),
            Reservation.departure >= today,
            Reservation.arrival <= today + AHEAD,
        )
        .order_by(Reservation.arrival, Reservation.departure, Reservation.id)
    ).all()
    windows: dict[int | None, Window] = {}
    for stay in stays:
        window = stay_window(house, stay)
        if window.valid_until <= now or _length(stay.nights) > LONGEST:
            continue
        windows.setdefault(stay.room_id, window)
        if stay.arrival >= today:
            windows.setdefault(None, window)
    return windows


def _length(nights: Nights) -> timedelta:
    return nights.departure - nights.arrival
