"""Taking a source's word on a booking: storing it, and what follows for what is known already."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.notices import BookingNotice, NoticeKind
from app.models import Notice, Origin, Property, Reservation, Status
from app.seals import Seals
from app.services.history import record
from app.services.placing import place
from app.services.testimony import restand


def take_notices(
    session: Session,
    house: Property,
    said: Sequence[BookingNotice],
    origin: Origin,
    *,
    seals: Seals,
    now: datetime,
) -> list[Notice]:
    """Store what a source says; return the notices that this changed.

    The caller holds the property. Cancellations and modifications take effect on the reservations
    that bear the reference; finding out whose nights are whose is left to `tend_matches`.
    """
    known = {
        notice.reference: notice
        for notice in session.scalars(
            select(Notice).where(
                Notice.property_id == house.id,
                Notice.origin == origin,
                Notice.reference.in_({one.reference for one in said}),
            )
        )
    }
    changed: dict[int, Notice] = {}
    for one in sorted(said, key=lambda one: one.said_at):
        notice = known.get(one.reference)
        if notice is None:
            notice = known[one.reference] = new_notice(house, one, origin, now)
            session.add(notice)
            session.flush()
        elif not notice.take(one):
            continue
        changed[notice.id] = notice
    if changed:
        session.flush()
        _follow(session, house, list(changed.values()), seals=seals, now=now)
    return list(changed.values())


def new_notice(house: Property, said: BookingNotice, origin: Origin, now: datetime) -> Notice:
    return Notice(
        property_id=house.id,
        origin=origin,
        channel=said.channel,
        kind=said.kind,
        reference=said.reference,
        arrival=said.arrival,
        departure=said.departure,
        name=said.name,
        phone_ending=said.phone_ending,
        party_size=said.party_size,
        said_at=said.said_at,
        first_seen_at=now,
    )


def _follow(
    session: Session, house: Property, notices: Sequence[Notice], *, seals: Seals, now: datetime
) -> None:
    """Cancel, flag, or tell more of, the reservations that bear these references."""
    today = now.astimezone(house.zone).date()
    by_reference = {notice.reference: notice for notice in notices}
    stays = session.scalars(
        select(Reservation)
        .where(
            Reservation.property_id == house.id,
            Reservation.reference.in_(by_reference),
            Reservation.departure > today,
            Reservation.status != Status.CANCELLED,
            Reservation.unconfirmed_at.is_(None),
        )
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
    ).all()
    pairs = []
    for stay in stays:
        notice = by_reference[stay.reference or ""]
        if notice.kind == NoticeKind.MODIFIED:
            _flag(session, house, stay, now)
        elif notice.kind == NoticeKind.CANCELLED or notice.arrival in (None, stay.arrival):
            pairs.append((notice, stay))
    told = place(session, pairs, now=now)
    if told:
        rooms = {stay.room_id for stay in told}
        actor = str(notices[0].origin)
        restand(session, house, rooms, told, seals=seals, now=now, actor=actor)


def _flag(session: Session, house: Property, stay: Reservation, now: datetime) -> None:
    """Have a host look at a reservation whose booking was modified: the mail says not how."""
    if stay.modified_at is None:
        record(session, stay, "booking-modified", actor="mail", at=now, property_id=house.id)
    stay.modified_at = now


def dismiss(
    session: Session, house: Property, notice: Notice, *, actor: str, now: datetime
) -> None:
    """Take a host's word that a notice is nothing of this house's."""
    notice.dismissed_at = now
    record(session, notice, "notice-dismissed", actor=actor, at=now, property_id=house.id)
