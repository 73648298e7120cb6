"""Closed nights of calendars, many at once: parted between bookings, and given to their owners."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.nights import Nights, subtracted
from app.domain.readings import Kind
from app.models import Origin, Property, Reservation, Sighting, Status
from app.services.history import record

Piece = tuple[int, Nights]
"""A reservation (id), and those of its nights that become one of their own."""


@dataclass(frozen=True)
class Parted:
    """Who has each piece, and the reservations that were made: some have only what was left."""

    homes: Mapping[Piece, Reservation]
    made: Sequence[Reservation]


def part(session: Session, wanted: Mapping[Piece, Reservation], *, now: datetime) -> Parted:
    """Make each piece a reservation of its own; what is left of the closed nights stays open.

    A piece is the reservation's itself where nothing is left for it. What the calendar says is
    parted with them. The pieces of one reservation do not overlap.
    """
    pieces: dict[int, list[Nights]] = defaultdict(list)
    for stay_id, nights in sorted(wanted):
        pieces[stay_id].append(nights)
    stays = {stay.id: stay for stay in wanted.values()}
    homes: dict[int, list[tuple[Nights, Reservation]]] = {}
    made: list[Reservation] = []
    for stay_id, own in pieces.items():
        stay = stays[stay_id]
        first, *others = [*subtracted([stay.nights], own), *own]
        fresh = [(nights, _like(stay, nights, now)) for nights in others]
        homes[stay_id] = [(first, stay), *fresh]
        made += [home for _, home in fresh]
    session.add_all(made)
    session.flush()
    _part_words(session, homes, now)
    for parts in homes.values():
        for nights, home in parts:
            home.arrival, home.departure = nights.arrival, nights.departure
    session.flush()
    found = {(stay_id, nights): home for stay_id, has in homes.items() for nights, home in has}
    return Parted({piece: found[piece] for piece in wanted}, made)


def shown_within(
    session: Session,
    house: Property,
    wanted: Iterable[tuple[int, Nights]],
    ending: Iterable[int] = (),
) -> list[tuple[Sighting, Reservation]]:
    """Return closed nights that nobody has, and that lie within these nights of these rooms.

    `ending`: reservations (ids) that are about to be cancelled.
    """
    by_room: dict[int, list[Nights]] = defaultdict(list)
    for room_id, nights in wanted:
        by_room[room_id].append(nights)
    if not by_room:
        return []
    listed = [nights for own in by_room.values() for nights in own]
    rows = session.execute(
        select(Sighting, Reservation)
        .join(Reservation, Reservation.id == Sighting.reservation_id)
        .where(
            Reservation.property_id == house.id,
            Reservation.room_id.in_(by_room),
            or_(
                (Reservation.status == Status.OPEN) & Reservation.guest_id.is_(None),
                Reservation.status == Status.CANCELLED,
                Reservation.id.in_(set(ending)),
            ),
            Sighting.origin == Origin.FEED,
            Sighting.kind == Kind.CLOSED,
            Sighting.withdrawn_at.is_(None),
            Sighting.arrival >= min(nights.arrival for nights in listed),
            Sighting.departure <= max(nights.departure for nights in listed),
        )
    )
    return [
        (word, stay)
        for word, stay in rows
        if any(nights.covers(word.nights) for nights in by_room[stay.room_id])
    ]


def give(
    session: Session,
    shown: Sequence[tuple[Sighting, Reservation]],
    owners: Sequence[Reservation],
    *,
    now: datetime,
    actor: str,
) -> None:
    """Let closed nights be their owners'; an open reservation that only they made is no more."""
    in_room: dict[int, list[Reservation]] = defaultdict(list)
    for one in owners:
        in_room[one.room_id].append(one)
    left: dict[int, Reservation] = {}
    for word, stay in shown:
        owner = next((one for one in in_room[stay.room_id] if one.nights.covers(word.nights)), None)
        if owner is None or owner is stay:
            continue
        word.reservation_id = owner.id
        if stay.status == Status.OPEN and owner.nights.covers(stay.nights):
            left[stay.id] = stay
            stay.status = Status.CANCELLED
            stay.reference = stay.unconfirmed_at = None
    for stay in left.values():
        record(
            session,
            stay,
            "reservation-explained",
            actor=actor,
            at=now,
            property_id=stay.property_id,
            why="Another source says whose these nights are.",
        )
    session.flush()


def _like(stay: Reservation, nights: Nights, now: datetime) -> Reservation:
    return Reservation(
        property_id=stay.property_id,
        room_id=stay.room_id,
        room=stay.room,
        guest=None,
        arrival=nights.arrival,
        departure=nights.departure,
        status=Status.OPEN,
        channel=stay.channel,
        appeared_at=now,
    )


def _part_words(
    session: Session, homes: Mapping[int, Sequence[tuple[Nights, Reservation]]], now: datetime
) -> None:
    """Let each piece have its own share of what calendars say."""
    words = session.scalars(
        select(Sighting).where(
            Sighting.reservation_id.in_(homes),
            Sighting.origin == Origin.FEED,
            Sighting.withdrawn_at.is_(None),
        )
    ).all()
    for word in words:
        said = word.nights
        shares = [
            (Nights(max(nights.arrival, said.arrival), min(nights.departure, said.departure)), home)
            for nights, home in homes[word.reservation_id]
            if nights.overlaps(said)
        ]
        if not shares:
            continue
        (first, keeper), *others = shares
        session.add_all(_share(word, nights, home, now) for nights, home in others)
        word.reservation_id = keeper.id
        word.arrival, word.departure = first.arrival, first.departure


def _share(word: Sighting, nights: Nights, home: Reservation, now: datetime) -> Sighting:
    return Sighting(
        reservation_id=home.id,
        origin=word.origin,
        source=word.source,
        own_id=f"nights:{nights.arrival}/{nights.departure}~{now:%Y%m%d%H%M%S}-{home.id}",
        feed_id=word.feed_id,
        kind=word.kind,
        arrival=nights.arrival,
        departure=nights.departure,
        first_seen_at=now,
        last_seen_at=now,
    )
