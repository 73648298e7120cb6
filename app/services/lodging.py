"""Giving a booking a room that no calendar shows as closed for it."""

from sqlalchemy import select

from app.domain.nights import Nights
from app.models import Notice, Reservation, Room, Status
from app.services.settling import CannotSettle, Gift, Settlement


def lodge(settlement: Settlement, notice: Notice, room: Room, nights: Nights) -> Reservation:
    """Make a stay of a booking in a free room. Raises CannotSettle where the room is not free."""
    in_the_way = settlement.session.scalars(
        select(Reservation)
        .where(
            Reservation.room_id == room.id,
            Reservation.arrival < nights.departure,
            Reservation.departure > nights.arrival,
            Reservation.status != Status.CANCELLED,
        )
        .order_by(Reservation.arrival)
        .limit(1)
    ).first()
    if in_the_way is not None:
        whose = in_the_way.reference if in_the_way.is_stay else None
        raise CannotSettle(
            f"Room {room.number} is {whose}’s on these nights."
            if whose
            else f"Room {room.number} is closed on some of these nights already."
        )
    stay = settlement.add_stay(room, nights, notice.channel)
    settlement.give([Gift(stay, notice.reference)])
    return stay
