"""Rows for tests: functions with sensible defaults, people who are always the same.

Alice has arrived, Bob comes tomorrow with two rooms, Carol has cancelled.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.notices import BookingNotice, NoticeKind
from app.domain.readings import Kind
from app.models import Door, Feed, Host, Origin, Property, Reservation, Role, Room, Sighting, Status
from app.seals import Seals
from app.services.testimony import restand

NOW = datetime(2026, 12, 19, 16, 0, tzinfo=UTC)
"""A Saturday afternoon: check-in at Canal House has begun."""
TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)

ALICE, BOB, CAROL = "HMALICE111", "5100200301", "HMCAROL333"
PASSWORD = "correct horse battery"

_number = count(1)


def make_house(session: Session, name: str = "Canal House", rooms: int = 3) -> Property:
    """Make a property with its front door, and rooms with a door each."""
    house = Property(
        name=name,
        timezone="Europe/London",
        check_in=time(15),
        check_out=time(11),
        phone="+441612345678",
        asks_car=False,
        code_length=6,
        retention_months=12,
    )
    session.add(house)
    session.flush()
    make_door(session, house, None, "Front door")
    for number in range(1, rooms + 1):
        make_room(session, house, number)
    return house


def make_room(session: Session, house: Property, number: int) -> Room:
    room = Room(property_id=house.id, number=number, name=f"Room {number}")
    session.add(room)
    session.flush()
    make_door(session, house, room, room.name)
    return room


def make_door(session: Session, house: Property, room: Room | None, name: str) -> Door:
    door = Door(
        property_id=house.id,
        room_id=room.id if room else None,
        name=name,
        provider="ttlock",
        lock_id=f"{house.id}00{room.number if room else 0}",
    )
    session.add(door)
    session.flush()
    return door


def make_host(session: Session, house: Property, role: Role = Role.OWNER) -> Host:
    host = Host(
        property_id=house.id,
        name="Sam",
        email=f"{role}{next(_number)}@example.com",
        role=role,
        session_epoch=0,
    )
    host.password_hash = _password_hash()
    session.add(host)
    session.flush()
    return host


def cheap_hasher() -> PasswordHasher:
    """Make what hashes in a millisecond, where the app's own takes a fifth of a second."""
    return PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


@cache
def _password_hash() -> str:
    """Hash the password once: most tests only need it to be right."""
    return cheap_hasher().hash(PASSWORD)


def make_feed(session: Session, room: Room, channel: str = "airbnb") -> Feed:
    feed = Feed(
        room_id=room.id,
        channel=channel,
        url=f"http://127.0.0.1:9/{next(_number)}.ics",
        next_fetch_at=NOW,
        loss_accepted=False,
    )
    session.add(feed)
    session.flush()
    return feed


def make_reservation(
    session: Session,
    house: Property,
    number: int,
    *,
    seals: Seals,
    reference: str | None = ALICE,
    arrival: date = TODAY,
    departure: date | None = None,
    name: str | None = None,
    phone_ending: str | None = "0417",
    kind: Kind = Kind.STAY,
    now: datetime = NOW,
) -> Reservation:
    """Make a reservation as a mail would have told of it, weighed by the rules."""
    room = session.scalars(select(Room).filter_by(property_id=house.id, number=number)).one()
    stay = Reservation(
        property_id=house.id,
        room_id=room.id,
        arrival=arrival,
        departure=departure or arrival + timedelta(days=2),
        status=Status.OPEN,
        channel="airbnb",
        appeared_at=now,
    )
    session.add(stay)
    session.flush()
    session.add(
        Sighting(
            reservation_id=stay.id,
            origin=Origin.MAIL,
            source="mail",
            own_id=f"mail-{next(_number)}",
            kind=kind,
            arrival=stay.arrival,
            departure=stay.departure,
            reference=reference,
            name=name,
            phone_ending=phone_ending,
            first_seen_at=now,
            last_seen_at=now,
        )
    )
    restand(session, house, [room.id], [stay], seals=seals, now=now, actor="test")
    return stay


def make_closed(
    session: Session,
    house: Property,
    number: int,
    *,
    arrival: date = TOMORROW,
    nights: int = 2,
    channel: str = "booking.com",
    seals: Seals,
    now: datetime = NOW,
) -> Reservation:
    """Make nights that a channel's calendar shows as closed, and says no more of."""
    room = session.scalars(select(Room).filter_by(property_id=house.id, number=number)).one()
    feed = session.scalar(select(Feed).filter_by(room_id=room.id, channel=channel))
    if feed is None:
        feed = make_feed(session, room, channel)
    feed.read_at = feed.asked_at = feed.fetched_at = now
    stay = Reservation(
        property_id=house.id,
        room_id=room.id,
        arrival=arrival,
        departure=arrival + timedelta(days=nights),
        status=Status.OPEN,
        channel=channel,
        appeared_at=now,
    )
    session.add(stay)
    session.flush()
    session.add(
        Sighting(
            reservation_id=stay.id,
            origin=Origin.FEED,
            source=f"feed:{feed.id}",
            own_id=f"nights:{arrival}#{next(_number)}",
            feed_id=feed.id,
            kind=Kind.CLOSED,
            arrival=stay.arrival,
            departure=stay.departure,
            first_seen_at=now,
            last_seen_at=now,
        )
    )
    restand(session, house, [room.id], [stay], seals=seals, now=now, actor="test")
    return stay


def booking_mail(
    reference: str,
    arrival: date | None = TOMORROW,
    *,
    kind: NoticeKind = NoticeKind.NEW,
    said_at: datetime = NOW,
    channel: str = "booking.com",
    **facts: Any,
) -> BookingNotice:
    """What a booking site's mail says."""
    return BookingNotice(channel, kind, reference, said_at, arrival, **facts)
