"""A host's word that a booking has another room than was thought."""

from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.nights import Nights
from app.domain.readings import Kind
from app.models import Host, Origin, Property, Reservation, Room, Sighting, Status
from app.seals import Seals
from app.services.corrections import taken_by
from app.services.history import record
from app.services.host_words import host_word
from app.services.placing import displace
from app.services.reservation_acts import acting_on
from app.services.reservations import CannotChange
from app.services.settling import Gift, Settlement
from app.services.testimony import restand


def move(
    session: Session, host: Host, reservation_id: int, room_id: int, *, seals: Seals, now: datetime
) -> Reservation:
    """Move a booking to another room; return the reservation that is theirs there.

    The nights of the old room stay closed where a calendar shows them so, and are open again:
    whose they are is asked anew. The codes of the old door are revoked, the new door gets its own,
    and the guest is told once. Where somebody else had the new room until today, a stay that has
    begun moves there from now on. Raises CannotChange.
    """
    with acting_on(session, host, reservation_id, seals=seals, now=now) as (act, stay):
        settlement = act.settlement
        if not stay.is_stay or stay.reference is None or stay.is_unconfirmed:
            raise CannotChange("Say first whose these nights are; then they can move.")
        room = session.scalar(select(Room).filter_by(id=room_id, property_id=host.property_id))
        if room is None or room.id == stay.room_id:
            raise CannotChange("Choose another room.")
        settlement.recording.watch([stay], {stay.reference})
        local = now.astimezone(settlement.house.zone)
        nights = _nights_there(session, stay, room, local.date())
        target = _place_for(settlement, stay, room, nights)
        word = host_word(session, target, now)
        word.name, word.phone_ending = stay.name or word.name, stay.phone_ending
        target.early_check_in, target.late_check_out = stay.early_check_in, stay.late_check_out
        if nights != stay.nights:
            target.early_check_in = _early_enough(settlement.house, local)
        gift = Gift(target, stay.reference)
        _leave(settlement, stay, room)
        _note(settlement, target, "moved-in", before=stay.room, after=room)
        settlement.give([gift])
        act.change_set.what = (
            f"{gift.reference} moved from room {stay.room.number} to room {room.number}."
        )
        return target


def _leave(settlement: Settlement, stay: Reservation, room: Room) -> None:
    """Take the booking from its old room.

    Codes are not settled in between, so that the doors the guest keeps keep their digits.
    """
    session, now = settlement.session, settlement.now
    _note(settlement, stay, "moved-out", before=stay.room, after=room)
    displace(session, [stay])
    session.flush()
    if not _is_shown_closed(session, stay):
        # No calendar knows of it, or one names it here: the host knows better.
        host_word(session, stay, now).withdrawn_at = now
    restand(
        session,
        settlement.house,
        [stay.room_id],
        [stay],
        seals=settlement.seals,
        now=now,
        actor=settlement.actor,
    )


def _is_shown_closed(session: Session, stay: Reservation) -> bool:
    shown = select(Sighting.id).where(
        Sighting.reservation_id == stay.id,
        Sighting.origin == Origin.FEED,
        Sighting.withdrawn_at.is_(None),
        Sighting.kind != Kind.STAY,
    )
    return session.scalar(shown.limit(1)) is not None


def _note(
    settlement: Settlement, stay: Reservation, what: str, *, before: Room, after: Room
) -> None:
    record(
        settlement.session,
        stay,
        what,
        actor=settlement.actor,
        at=settlement.now,
        property_id=settlement.house.id,
        before={"room": before.number},
        after={"room": after.number},
    )


def _nights_there(session: Session, stay: Reservation, room: Room, today: date) -> Nights:
    """Return the nights to have in the other room: all, or where not all are free those to come."""
    other = taken_by(session, room.id, stay.nights)
    if other is not None and stay.arrival < today < stay.departure:
        to_come = Nights(today, stay.departure)
        other = taken_by(session, room.id, to_come)
        if other is None:
            return to_come
    if other is not None:
        who = other.name or other.reference or "another booking"
        raise CannotChange(f"Room {room.number} is taken by {who} on some of these nights.")
    return stay.nights


def _early_enough(house: Property, local: datetime) -> time | None:
    """Return the early check-in of somebody who is in house and needs their new room at once."""
    at = local.time().replace(second=0, microsecond=0)
    return at if at < house.check_in else None


def _place_for(
    settlement: Settlement, stay: Reservation, room: Room, nights: Nights
) -> Reservation:
    """Return the nights there that nobody is known to have: closed ones, or free ones."""
    session = settlement.session
    there = session.scalars(
        select(Reservation)
        .where(
            Reservation.room_id == room.id,
            Reservation.status != Status.CANCELLED,
            Reservation.arrival < nights.departure,
            Reservation.departure > nights.arrival,
        )
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
    ).all()
    if not there:
        return settlement.add_stay(room, nights, stay.channel)
    if len(there) == 1 and there[0].nights == nights and there[0].status == Status.OPEN:
        return there[0]
    raise CannotChange(_why_not(room, there[0].nights))


def _why_not(room: Room, closed: Nights) -> str:
    first, last = closed.arrival, closed.departure
    return (
        f"Room {room.number} is closed from {first.day} {first:%b} to {last.day} {last:%b}, and "
        "it is not known for whom. Say first whose these nights are, or that nobody stays."
    )
