"""A house whose next arrival is ready for: what is then broken is broken on purpose."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Door, Guest, Message, MessageState, Property, Reservation
from app.seals import Seals
from app.services.check_in import Details, check_in
from tests.factories import make_house, make_reservation
from tests.web.houses import now, put_on_locks

PHONE = "+447700900417"


@dataclass(frozen=True)
class Harbour:
    """A house where Carol, checked in, comes tomorrow to room 1; all is well with it."""

    house: Property
    stay: Reservation
    guest: Guest


def make_harbour(session: Session, seals: Seals) -> Harbour:
    house = make_house(session, "Harbour House")
    at = now()
    for door in session.scalars(select(Door).filter_by(property_id=house.id)):
        door.battery_percent, door.gateway_online, door.seen_at = 90, True, at
    stay, guest = arrives(session, seals, house, 1)
    session.commit()
    return Harbour(house, stay, guest)


def arrives(
    session: Session, seals: Seals, house: Property, number: int
) -> tuple[Reservation, Guest]:
    """Have somebody come tomorrow who has checked in; codes on locks, link delivered."""
    at = now()
    reference = f"HMCAROL{number:03}"
    tomorrow = at.astimezone(house.zone).date() + timedelta(days=1)
    stay = make_reservation(
        session, house, number, seals=seals, reference=reference, arrival=tomorrow, now=at
    )
    who = Details(f"Carol Reef {number}", None, PHONE, 1, None, None, "en")
    guest = check_in(session, house.id, reference, who, seals=seals, now=at)
    put_on_locks(session, guest)
    for message in session.scalars(select(Message).filter_by(guest_id=guest.id)):
        message.state, message.sent_at = MessageState.DELIVERED, at
    session.commit()
    return stay, guest
