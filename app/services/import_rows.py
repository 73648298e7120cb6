"""What the rows of an export say, taken down; and the guests whose further rooms they tell of."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.exports import ExportRow
from app.domain.notices import BookingNotice
from app.models import Guest, Notice, Origin, Property, Reservation
from app.seals import Seals
from app.services.codes import settle_codes
from app.services.history import record
from app.services.messages import Event, tell
from app.services.notices import new_notice


def take_rows(
    session: Session, house: Property, rows: Sequence[ExportRow], *, now: datetime
) -> dict[str, Notice]:
    """Store what the file says of each booking, as the host's word of now; by reference."""
    known = {
        notice.reference: notice
        for notice in session.scalars(
            select(Notice).where(
                Notice.property_id == house.id,
                Notice.origin == Origin.EXPORT,
                Notice.reference.in_({row.reference for row in rows}),
            )
        )
    }
    for row in rows:
        said = _said(row, now)
        notice = known.get(row.reference)
        if notice is None:
            notice = known[row.reference] = new_notice(house, said, Origin.EXPORT, now)
            session.add(notice)
        else:
            notice.take(said)
            notice.dismissed_at = None
    session.flush()
    return known


def _said(row: ExportRow, now: datetime) -> BookingNotice:
    return BookingNotice(
        channel=row.channel,
        kind=row.status,
        reference=row.reference,
        said_at=now,
        arrival=row.arrival,
        departure=row.departure,
        name=row.name,
        phone_ending=row.phone_ending,
        party_size=row.party_size,
    )


def link_guests(
    session: Session,
    house: Property,
    given: Sequence[tuple[str, Reservation]],
    waiting: Collection[int],
    *,
    seals: Seals,
    now: datetime,
    actor: str,
) -> None:
    """Give guests who are known already their further rooms, and the codes of these.

    `given`: references, and the reservations that became theirs. `waiting`: guests (ids) who have
    checked in and were waiting for just that.
    """
    guests = {
        guest.reference: guest
        for guest in session.scalars(
            select(Guest).where(
                Guest.property_id == house.id,
                Guest.reference.in_({reference for reference, _ in given}),
            )
        )
    }
    for reference, stay in given:
        if (guest := guests.get(reference)) is not None:
            stay.guest = guest
            record(
                session,
                stay,
                "guest-linked",
                actor=actor,
                at=now,
                property_id=house.id,
                after={"guest": guest.id, "reference": reference},
            )
    if not guests:
        return
    listed = list(guests.values())
    settle_codes(session, house, listed, seals=seals, now=now, actor=actor)
    for guest in listed:
        if guest.id in waiting:
            tell(session, guest, Event.ROOMS_CONFIRMED, now)
        elif guest.checked_in_at is not None:
            tell(session, guest, Event.ROOMS_CHANGED, now)
