"""What a host puts right about one reservation: dates, reference, name; that it is off, or a block.

A host's word outweighs every other. The codes follow, and the guest is told once.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.nights import Nights
from app.models import Host, Reservation, Status
from app.seals import Seals
from app.services.acting import Act
from app.services.guests import stays_of_reference
from app.services.history import record
from app.services.host_words import say_stay
from app.services.modifications import see_modification
from app.services.new_sightings import absorb_explained
from app.services.reservation_acts import acting_on
from app.services.reservations import CannotChange
from app.services.testimony import restand

LONGEST = 365
"""Nights of one stay; more is a slip in the year."""


def correct_dates(
    session: Session,
    host: Host,
    reservation_id: int,
    nights: Nights,
    *,
    together: bool = False,
    seals: Seals,
    now: datetime,
) -> Reservation:
    """Take the host's word on the dates, also where sources differ.

    `together`: the other rooms of the booking that had the same dates get them, too. Raises
    CannotChange when a room is another's on one of these nights.
    """
    with acting_on(session, host, reservation_id, seals=seals, now=now) as (act, stay):
        if not stay.is_stay or stay.is_unconfirmed:
            raise CannotChange(
                "Say first whose these nights are; then their dates can be put right."
            )
        if len(nights) > LONGEST:
            raise CannotChange(f"That would be {len(nights)} nights. Please look at the year.")
        stays = [stay, *(_of_same_dates(session, stay) if together else ())]
        if stay.status == Status.CONFIRMED and stay.nights == nights and len(stays) == 1:
            return stay
        was_disputed = stay.status == Status.DISPUTED
        for one in stays:
            _refuse_if_taken(session, one, nights)
        _say_dates(act, stays, nights)
        for one in stays:
            if one.status != Status.CONFIRMED:
                raise CannotChange(one.question or "That contradicts another booking.")
        verb = "decided" if was_disputed else "corrected"
        act.change_set.what = f"Dates {verb}: {_rooms(stays)}, {_dates(nights)}."
        return stay


def _say_dates(act: Act, stays: Sequence[Reservation], nights: Nights) -> None:
    settlement = act.settlement
    session, house, now = settlement.session, settlement.house, settlement.now
    rooms = {stay.room_id for stay in stays}
    settlement.recording.watch([*stays, *_open_then(session, rooms, nights)])
    for stay in stays:
        say_stay(session, stay, now, nights=nights)
        stay.modified_at = None
    actor = settlement.actor
    restand(session, house, rooms, stays, seals=settlement.seals, now=now, actor=actor)
    for room_id in rooms:
        absorb_explained(session, house, room_id, since=nights.arrival, now=now, actor=actor)
    session.flush()


def _of_same_dates(session: Session, stay: Reservation) -> list[Reservation]:
    """Return the other rooms of the booking that have the same dates."""
    if stay.reference is None:
        return []
    return [
        other
        for other in stays_of_reference(session, stay.property_id, stay.reference)
        if other.id != stay.id and other.is_stay and other.nights == stay.nights
    ]


def _open_then(session: Session, rooms: set[int], nights: Nights) -> Sequence[Reservation]:
    return session.scalars(
        select(Reservation).where(
            Reservation.room_id.in_(rooms),
            Reservation.status == Status.OPEN,
            Reservation.arrival < nights.departure,
            Reservation.departure > nights.arrival,
        )
    ).all()


def _refuse_if_taken(session: Session, stay: Reservation, nights: Nights) -> None:
    other = taken_by(session, stay.room_id, nights, but=stay)
    if other is not None:
        who = other.name or other.reference or "another booking"
        raise CannotChange(
            f"Room {stay.room.number} is taken by {who}, {_dates(other.nights)}. "
            "Put that right first, or move one of the two."
        )


def taken_by(
    session: Session, room_id: int, nights: Nights, *, but: Reservation | None = None
) -> Reservation | None:
    """Return a certain stay of this room on one of these nights."""
    return session.scalar(
        select(Reservation)
        .where(
            Reservation.room_id == room_id,
            Reservation.id != (but.id if but is not None else 0),
            Reservation.arrival < nights.departure,
            Reservation.departure > nights.arrival,
            Reservation.confirmed_at.is_not(None),
            Reservation.status.in_((Status.CONFIRMED, Status.DISPUTED)),
        )
        .options(joinedload(Reservation.room))
        .order_by(Reservation.arrival)
        .limit(1)
    )


def correct_name(
    session: Session, host: Host, reservation_id: int, name: str, *, seals: Seals, now: datetime
) -> Reservation:
    """Take the host's word on who the booking is for; it counts for all its rooms."""
    with acting_on(session, host, reservation_id, seals=seals, now=now) as (act, stay):
        settlement = act.settlement
        if stay.status != Status.CONFIRMED or stay.reference is None or stay.is_unconfirmed:
            raise CannotChange("It is to be settled first whose stay this is.")
        stays = [
            one
            for one in stays_of_reference(session, stay.property_id, stay.reference)
            if one.status == Status.CONFIRMED and not one.is_unconfirmed
        ]
        guest = stay.guest
        if stay.name == name and (guest is None or guest.full_name == name):
            return stay
        settlement.recording.watch(stays, [stay.reference])
        for one in stays:
            say_stay(session, one, now, name=name)
            record(
                session,
                one,
                "name-corrected",
                actor=settlement.actor,
                at=now,
                property_id=stay.property_id,
            )
        if guest is not None:
            guest.full_name = name
        rooms = {one.room_id for one in stays}
        restand(
            session, settlement.house, rooms, stays, seals=seals, now=now, actor=settlement.actor
        )
        act.change_set.what = f"Name corrected: {_rooms(stays)}."
        return stay


def see_modified(
    session: Session, host: Host, reservation_id: int, *, seals: Seals, now: datetime
) -> Reservation:
    """Take it that a host has looked at a booking its channel said was modified."""
    with acting_on(session, host, reservation_id, seals=seals, now=now) as (act, stay):
        if stay.modified_at is not None:
            see_modification(act.settlement, stay)
            act.change_set.what = "Change of the booking seen."
        return stay


def cancel(
    session: Session, host: Host, reservation_id: int, *, seals: Seals, now: datetime
) -> Reservation:
    """End a reservation by the host's word: codes are revoked, the guest is told."""
    with acting_on(session, host, reservation_id, seals=seals, now=now) as (act, stay):
        if stay.status == Status.CANCELLED:
            raise CannotChange("This reservation is cancelled already.")
        act.settlement.cancel([stay])
        act.change_set.what = f"Cancelled: {_rooms([stay])}, {_dates(stay.nights)}."
        return stay


def close_nights(
    session: Session, host: Host, reservation_id: int, *, seals: Seals, now: datetime
) -> Reservation:
    """Take the host's word that closed nights are nobody's. Raises CannotSettle for a stay."""
    with acting_on(session, host, reservation_id, seals=seals, now=now) as (act, stay):
        act.settlement.block([stay])
        act.change_set.what = f"Closed: {_rooms([stay])}, {_dates(stay.nights)}."
        return stay


def _rooms(stays: Sequence[Reservation]) -> str:
    numbers = [str(number) for number in sorted({stay.room.number for stay in stays})]
    return f"room {numbers[0]}" if len(numbers) == 1 else f"rooms {', '.join(numbers)}"


def _dates(nights: Nights) -> str:
    first, last = nights.arrival, nights.departure
    return f"{first.day} {first:%b} to {last.day} {last:%b}"
