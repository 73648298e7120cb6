"""Answering may_open from what is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.access import DoorFacts, GuestFacts, StayFacts, Verdict, may_open
from app.domain.windows import HouseTimes, Window, access_window
from app.models import Door, Guest, Property, Reservation


def stay_window(house: Property, reservation: Reservation) -> Window:
    """Return when this stay gives access, with its early check-in and late check-out."""
    times = HouseTimes(
        reservation.early_check_in or house.check_in,
        reservation.late_check_out or house.check_out,
    )
    return access_window(reservation.nights, times, house.zone)


def guest_facts(house: Property, guest: Guest, stays: Iterable[Reservation]) -> GuestFacts:
    """Put what is stored into the words of the rule."""
    return GuestFacts(
        admitted=guest.is_admitted,
        stays=[
            StayFacts(
                stay.room_id,
                stay.nights,
                stay_window(house, stay),
                holds=stay.holds or stay.is_unconfirmed,
                certain=not stay.is_unconfirmed,
            )
            for stay in stays
        ],
    )


@dataclass(frozen=True)
class GuestAccess:
    """One guest's stays and doors, and the rule's answer for each door at one instant."""

    guest: Guest
    stays: Sequence[Reservation]
    verdicts: Sequence[tuple[Door, Verdict]]

    def verdict(self, door_id: int) -> Verdict | None:
        """Return the answer for one door; None when it has nothing to do with this guest."""
        return next((verdict for door, verdict in self.verdicts if door.id == door_id), None)


def access_of(
    session: Session, house: Property, guests: Sequence[Guest], now: datetime
) -> list[GuestAccess]:
    """Answer for every door of these guests of one property, in two statements however many."""
    ids = [guest.id for guest in guests]
    stays = session.scalars(
        select(Reservation)
        .where(Reservation.guest_id.in_(ids))
        .order_by(Reservation.arrival, Reservation.room_id)
    ).all()
    rooms = {stay.room_id for stay in stays}
    doors = session.scalars(
        select(Door)
        .where(Door.property_id == house.id, or_(Door.room_id.is_(None), Door.room_id.in_(rooms)))
        .order_by(Door.room_id.is_not(None), Door.room_id, Door.id)
    ).all()
    return [_access(house, guest, stays, doors, now) for guest in guests]


def _access(
    house: Property,
    guest: Guest,
    stays: Sequence[Reservation],
    doors: Sequence[Door],
    now: datetime,
) -> GuestAccess:
    own = [stay for stay in stays if stay.guest_id == guest.id]
    facts = guest_facts(house, guest, own)
    rooms = {stay.room_id for stay in own}
    verdicts = [
        (door, may_open(facts, DoorFacts(door.room_id), now))
        for door in doors
        if door.room_id is None or door.room_id in rooms
    ]
    return GuestAccess(guest, own, verdicts)
