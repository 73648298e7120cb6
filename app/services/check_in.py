"""Check-in: by the guest on the web, or by a host for them; and its undo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import DomainError
from app.domain.proofs import KnownOfGuest, is_proof
from app.models import Guest, Property, Reservation
from app.seals import Seals
from app.services.codes import settle_codes
from app.services.guests import BOOKED, dates_told, guest_of, link_all, stays_of_reference
from app.services.history import by_guest, record
from app.services.lanes import hold_property
from app.services.messages import Event, tell
from app.services.reminders import remind_hosts


class NotCheckedIn(DomainError):
    """The check-in cannot be; the message says what to do."""

    code = "not-checked-in"


@dataclass(frozen=True)
class Party:
    """Everything booked under one reference at one property that is not over yet."""

    house: Property
    reference: str
    stays: Sequence[Reservation]
    guest: Guest | None

    @property
    def known(self) -> KnownOfGuest:
        """What the sources, and the guest themselves, have said of who they are."""
        names = {stay.name for stay in self.stays} | {self.guest.full_name if self.guest else None}
        endings = {stay.phone_ending for stay in self.stays}
        if self.guest and self.guest.phone:
            endings.add(self.guest.phone[-4:])
        return KnownOfGuest(
            frozenset(name for name in names if name),
            frozenset(ending for ending in endings if ending),
            frozenset(stay.arrival for stay in self.stays),
        )


def parties(session: Session, reference: str, now: datetime) -> list[Party]:
    """Find the reference at every property; one party each. Stays that are over do not count."""
    rows = session.scalars(
        select(Reservation)
        .where(Reservation.reference == reference, BOOKED)
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
        .order_by(Reservation.property_id, Reservation.arrival, Reservation.room_id)
    ).all()
    houses = session.scalars(
        select(Property).where(Property.id.in_({row.property_id for row in rows}))
    ).all()
    found = []
    for house in houses:
        today = now.astimezone(house.zone).date()
        own = [row for row in rows if row.property_id == house.id and row.departure >= today]
        if own:
            guest = next((row.guest for row in own if row.guest is not None), None)
            found.append(Party(house, reference, own, guest))
    return found


def prove(found: Sequence[Party], proof: str | None, arrival: date | None) -> Party | None:
    """Return the party that the second proof fits, if exactly one does.

    A name or the end of the phone number where either is known; the arrival date where neither is.
    """
    fitting = [
        party
        for party in found
        if (
            arrival in party.known.arrivals
            if party.known.asks_for_arrival
            else proof is not None and is_proof(proof, party.known)
        )
    ]
    return fitting[0] if len(fitting) == 1 else None


@dataclass(frozen=True)
class Details:
    """What the guest says of themselves. The phone number is E.164."""

    full_name: str
    email: str | None
    phone: str | None
    party_size: int
    expected_arrival: time | None
    car_registration: str | None
    language: str


def check_in(
    session: Session,
    property_id: int,
    reference: str,
    details: Details,
    *,
    seals: Seals,
    now: datetime,
) -> Guest:
    """Check the guest in on the web: one guest, all their reservations, codes asked for, link sent.

    Rooms that wait for a host's OK get no code; the host is reminded of them. Twenty at once make
    one guest and send one link. Raises NotCheckedIn when nothing is booked any more under the
    reference.
    """
    house = hold_property(session, property_id)
    stays = stays_of_reference(session, house.id, reference)
    today = now.astimezone(house.zone).date()
    if not any(stay.departure >= today for stay in stays):
        raise NotCheckedIn("This booking is no longer open for check-in. Please call us.")
    actor = "guest"
    guest = guest_of(session, house, reference, seals=seals, now=now, actor=actor)
    first_time = guest.agreed_to_rules_at is None
    guest.full_name, guest.party_size = details.full_name, details.party_size
    guest.email, guest.phone = details.email, details.phone
    guest.expected_arrival = details.expected_arrival
    guest.car_registration = details.car_registration
    guest.language = details.language
    guest.agreed_to_rules_at = guest.agreed_to_rules_at or now
    actor = by_guest(guest.id)
    if guest.checked_in_at is None:
        guest.checked_in_at = now
        record(session, guest, "checked-in", actor=actor, at=now, property_id=house.id)
    link_all(session, guest, stays, now=now, actor=actor)
    settle_codes(session, house, [guest], seals=seals, now=now, actor=actor)
    if first_time:
        tell(session, guest, Event.STAY_LINK, now, dates_told(stays))
    remind_hosts(session, house, stays, now=now)
    return guest


def rejoin(session: Session, party: Party, *, seals: Seals, now: datetime) -> Guest:
    """Let a guest who has checked in before in again, with the rooms added since."""
    house = hold_property(session, party.house.id)
    actor = "guest"
    guest = guest_of(session, house, party.reference, seals=seals, now=now, actor=actor)
    stays = stays_of_reference(session, house.id, party.reference)
    if guest.checked_in_at is None:
        guest.checked_in_at = now
        record(session, guest, "checked-in", actor=actor, at=now, property_id=house.id)
    link_all(session, guest, stays, now=now, actor=by_guest(guest.id))
    settle_codes(session, house, [guest], seals=seals, now=now, actor=by_guest(guest.id))
    remind_hosts(session, house, stays, now=now)
    return guest
