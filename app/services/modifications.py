"""Bookings that their channel says were changed, until a host has looked at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.notices import NoticeKind
from app.models import Notice, Property, Reservation, Status
from app.services.history import record
from app.services.settling import Settlement

MOST = 50


@dataclass(frozen=True)
class Modified:
    """One booking: its reservations, each with its room, and what the channel now says."""

    reference: str
    stays: Sequence[Reservation]
    notice: Notice | None
    """None when what it said has been told otherwise since."""


def modified_bookings(session: Session, house: Property, today: date) -> list[Modified]:
    """Return what is to be looked at, soonest arrival first."""
    stays = session.scalars(
        select(Reservation)
        .where(
            Reservation.property_id == house.id,
            Reservation.modified_at.is_not(None),
            Reservation.departure >= today,
            Reservation.status != Status.CANCELLED,
        )
        .options(joinedload(Reservation.room))
        .order_by(Reservation.arrival, Reservation.room_id)
        .limit(MOST)
    ).all()
    if not stays:
        return []
    by_reference: dict[str, list[Reservation]] = {}
    for stay in stays:
        by_reference.setdefault(stay.reference or "", []).append(stay)
    notices = {
        notice.reference: notice
        for notice in session.scalars(
            select(Notice)
            .where(
                Notice.property_id == house.id,
                Notice.reference.in_(by_reference),
                Notice.kind == NoticeKind.MODIFIED,
            )
            .order_by(Notice.said_at)
        )
    }
    return [
        Modified(reference, own, notices.get(reference)) for reference, own in by_reference.items()
    ]


def see_modification(settlement: Settlement, stay: Reservation) -> None:
    """Take down that a host has looked at the change of this reservation's whole booking."""
    session, now = settlement.session, settlement.now
    together = session.scalars(
        select(Reservation).where(
            Reservation.property_id == settlement.house.id,
            Reservation.reference == stay.reference,
            Reservation.modified_at.is_not(None),
        )
    ).all()
    settlement.recording.watch(together)
    for one in together:
        one.modified_at = None
        record(
            session,
            one,
            "modification-seen",
            actor=settlement.actor,
            at=now,
            property_id=settlement.house.id,
        )
