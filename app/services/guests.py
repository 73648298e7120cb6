"""The guest of a booking reference, and the reservations that are theirs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from app.models import Guest, Property, Reservation, Status
from app.seals import Seals, link_hash
from app.services.history import by_guest, record

BOOKED = or_(
    Reservation.status.in_((Status.CONFIRMED, Status.DISPUTED)),
    (Reservation.status == Status.OPEN) & Reservation.unconfirmed_at.is_not(None),
)
"""Stays, and rooms that wait for a host to confirm that they are the booking's."""


def guest_of(
    session: Session, house: Property, reference: str, *, seals: Seals, now: datetime, actor: str
) -> Guest:
    """Find or make the one guest of a reference. The caller holds the property."""
    found = session.scalar(select(Guest).filter_by(property_id=house.id, reference=reference))
    if found is not None:
        return found
    seed = seals.new_link_seed()
    guest = Guest(
        property_id=house.id,
        house=house,
        reference=reference,
        link_seed=seed,
        link_hash=link_hash(seals.link_token(seed)),
        language="en",
        created_at=now,
    )
    session.add(guest)
    session.flush()
    record(session, guest, "guest-made", actor=actor, at=now, property_id=house.id)
    return guest


def stays_of_reference(session: Session, property_id: int, reference: str) -> Sequence[Reservation]:
    """Return every stay booked under the reference, soonest first, each with room and guest."""
    return session.scalars(
        select(Reservation)
        .where(
            Reservation.property_id == property_id,
            Reservation.reference == reference,
            BOOKED,
        )
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
        .order_by(Reservation.arrival, Reservation.room_id)
    ).all()


def dates_told(stays: Sequence[Reservation]) -> dict[str, str]:
    """Return what messages tell of the dates of these stays, one at least."""
    return {
        "arrival": min(stay.arrival for stay in stays).isoformat(),
        "departure": max(stay.departure for stay in stays).isoformat(),
    }


def link_all(
    session: Session, guest: Guest, stays: Sequence[Reservation], *, now: datetime, actor: str
) -> list[Reservation]:
    """Make these stays the guest's; return those that were not yet."""
    fresh = [stay for stay in stays if stay.guest_id is None]
    for stay in fresh:
        stay.guest = guest
        record(
            session,
            stay,
            "guest-linked",
            actor=actor,
            at=now,
            property_id=guest.property_id,
            after={"guest": guest.id, "reference": guest.reference},
        )
    session.flush()
    return fresh


def guest_by_link(session: Session, token: str) -> Guest | None:
    """Return the guest whose stay page this token opens."""
    found = select(Guest).where(Guest.link_hash == link_hash(token))
    return session.scalar(found.options(joinedload(Guest.house)))


def mark_page_seen(session: Session, guest: Guest, now: datetime) -> None:
    """Write down, the first time only, that the stay page was open in the guest's browser."""
    first = session.scalar(
        update(Guest)
        .where(Guest.id == guest.id, Guest.page_seen_at.is_(None))
        .values(page_seen_at=now)
        .returning(Guest.id)
        .execution_options(synchronize_session=False)
    )
    if first is not None:
        actor = by_guest(guest.id)
        house_id = guest.property_id
        record(session, guest, "page-seen", actor=actor, at=now, property_id=house_id)
