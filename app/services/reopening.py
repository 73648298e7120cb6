"""Nights that stay closed after their booking was cancelled: they may be somebody else's."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.domain.notices import NoticeKind
from app.domain.readings import Kind
from app.models import Feed, Notice, Origin, Property, Reservation, Sighting, Status

CALENDAR_LAG = timedelta(minutes=30)
"""A cancelled stay leaves its calendar later than its mail comes: 5 to 20 minutes (measured)."""


def reopen_resold(session: Session, house: Property, *, now: datetime) -> None:
    """Give closed nights whose booking was called off to a new, open reservation.

    Once the calendar has been read well after the cancellation and still shows them, or as soon as
    another booking is told of that arrives on the day: the room was sold again.
    """
    today = now.astimezone(house.zone).date()
    end = aliased(Sighting)
    called_off = (
        select(func.max(end.last_seen_at))
        .where(
            end.reservation_id == Reservation.id,
            end.kind == Kind.CANCELLED,
            end.origin.in_((Origin.MAIL, Origin.EXPORT)),
        )
        .correlate(Reservation)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Reservation, Sighting, Feed.read_at, called_off)
        .join(Sighting, Sighting.reservation_id == Reservation.id)
        .join(Feed, Feed.id == Sighting.feed_id)
        .where(
            Reservation.property_id == house.id,
            Reservation.status == Status.CANCELLED,
            Reservation.departure > today,
            Sighting.withdrawn_at.is_(None),
            Sighting.kind == Kind.CLOSED,
            called_off.is_not(None),
        )
    ).all()
    if not rows:
        return
    wanted = set(
        session.scalars(
            select(Notice.arrival).where(
                Notice.property_id == house.id,
                Notice.kind != NoticeKind.CANCELLED,
                Notice.dismissed_at.is_(None),
                Notice.arrival.in_({stay.arrival for stay, *_ in rows}),
                Notice.reference.not_in(
                    select(Reservation.reference).where(
                        Reservation.property_id == house.id,
                        Reservation.status != Status.CANCELLED,
                        Reservation.reference.is_not(None),
                    )
                ),
            )
        )
    )
    for stay, sighting, read_at, ended_at in rows:
        still_shown = read_at is not None and read_at > ended_at + CALENDAR_LAG
        if not still_shown and stay.arrival not in wanted:
            continue
        fresh = Reservation(
            property_id=house.id,
            room_id=stay.room_id,
            arrival=sighting.arrival,
            departure=sighting.departure,
            status=Status.OPEN,
            channel=stay.channel,
            appeared_at=now,
        )
        session.add(fresh)
        session.flush()
        sighting.reservation_id = fresh.id
