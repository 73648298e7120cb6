"""Where a reading that was not known before belongs: to a known reservation, or a new one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.nights import Nights, NightSet, subtracted
from app.domain.readings import Kind, Reading
from app.models import Feed, Origin, Property, Reservation, Sighting, Status
from app.services.history import record


@dataclass
class Stored:
    """The reservations to weigh anew, and what to tell the host in numbers."""

    touched: list[Reservation] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)


def store_readings(
    session: Session,
    house: Property,
    feed: Feed,
    readings: Sequence[Reading],
    reservations: Sequence[Reservation],
    held: Sequence[Nights],
    *,
    now: datetime,
) -> Stored:
    """Store each reading as a sighting: of a known reservation, its own old one, or a new one."""
    stored = Stored()
    earlier = _withdrawn(session, feed, readings)
    fresh: list[tuple[Reading, str, Reservation]] = []
    for reading in readings:
        own_id = reading.own_id
        if (old := earlier.get(own_id)) is not None:
            sighting, stay = old
            if _is_the_same_again(reading, stay):
                sighting.take(reading, now)
                sighting.withdrawn_at = None
                stored.touched.append(stay)
                stored.tally["changed"] += 1
                continue
            own_id = f"{own_id}~{now:%Y%m%d%H%M%S}"
        home = _known_from_elsewhere(reading, reservations, held)
        if home is None:
            home = _new_reservation(house, feed, reading, now)
            session.add(home)
            stored.tally["blocks" if reading.kind == Kind.BLOCK else "new"] += 1
        fresh.append((reading, own_id, home))
    session.flush()
    session.add_all(
        _new_sighting(feed, reading, own_id, stay, now) for reading, own_id, stay in fresh
    )
    session.flush()
    stored.touched += [stay for _reading, _own_id, stay in fresh]
    return stored


def absorb_explained(
    session: Session, house: Property, room_id: int, *, since: date, now: datetime, actor: str
) -> None:
    """Close questions of a room that certain stays have answered: closed nights all theirs."""
    live = select(Reservation).where(Reservation.room_id == room_id, Reservation.departure >= since)
    unclaimed = session.scalars(
        live.where(Reservation.status == Status.OPEN, Reservation.guest_id.is_(None))
    ).all()
    if not unclaimed:
        return
    certain = session.scalars(live.where(Reservation.status == Status.CONFIRMED)).all()
    held = NightSet(row.nights for row in certain)
    for row in unclaimed:
        if not held.holds(row.nights):
            continue
        theirs = [one for one in certain if one.nights.overlaps(row.nights)]
        session.execute(
            update(Sighting)
            .where(Sighting.reservation_id == row.id)
            .values(reservation_id=theirs[0].id)
        )
        row.status = Status.CANCELLED
        record(
            session,
            row,
            "reservation-explained",
            actor=actor,
            at=now,
            property_id=house.id,
            after={"by": [one.id for one in theirs]},
            why="Another source says whose these nights are.",
        )


def _withdrawn(
    session: Session, feed: Feed, readings: Sequence[Reading]
) -> dict[str, tuple[Sighting, Reservation]]:
    """Return what the feed once said, and took back, under the ids of these readings."""
    rows = session.execute(
        select(Sighting, Reservation)
        .join(Reservation, Reservation.id == Sighting.reservation_id)
        .where(
            Sighting.feed_id == feed.id,
            Sighting.own_id.in_([reading.own_id for reading in readings]),
        )
    )
    return {sighting.own_id: (sighting, stay) for sighting, stay in rows}


def _is_the_same_again(reading: Reading, stay: Reservation) -> bool:
    """Tell whether a reading revives its old reservation.

    It does when it bears the reference, or when nobody's name was ever on the old one. Nights alone
    prove nothing: sold again, they may be another guest's.
    """
    if reading.reference is not None:
        return stay.reference in (None, reading.reference)
    return stay.reference is None and stay.guest_id is None


def _known_from_elsewhere(
    reading: Reading, reservations: Sequence[Reservation], held: Sequence[Nights]
) -> Reservation | None:
    """Return the reservation that this reading only confirms.

    The same nights are the same stay unless both say, differently, whose it is. Closed nights that
    other sources' stays hold wholly are an echo of these.
    """
    if reading.kind == Kind.CANCELLED:
        return None
    for stay in reservations:
        same_nature = (stay.status == Status.BLOCK) == (reading.kind == Kind.BLOCK)
        strangers = bool(
            stay.reference and reading.reference and stay.reference != reading.reference
        )
        if stay.nights == reading.nights and same_nature and not strangers:
            return stay
    if reading.kind in (Kind.CLOSED, Kind.BLOCK) and not subtracted([reading.nights], held):
        return next(
            (
                stay
                for stay in reservations
                if stay.is_stay and stay.nights.overlaps(reading.nights)
            ),
            None,
        )
    return None


def _new_reservation(house: Property, feed: Feed, reading: Reading, now: datetime) -> Reservation:
    return Reservation(
        property_id=house.id,
        room_id=feed.room_id,
        arrival=reading.nights.arrival,
        departure=reading.nights.departure,
        status=Status.OPEN,
        channel=feed.channel,
        appeared_at=now,
    )


def _new_sighting(
    feed: Feed, reading: Reading, own_id: str, stay: Reservation, now: datetime
) -> Sighting:
    return Sighting(
        reservation_id=stay.id,
        origin=Origin.FEED,
        source=f"feed:{feed.id}",
        own_id=own_id,
        feed_id=feed.id,
        kind=reading.kind,
        arrival=reading.nights.arrival,
        departure=reading.nights.departure,
        reference=reading.reference,
        name=reading.name,
        phone_ending=reading.phone_ending,
        first_seen_at=now,
        last_seen_at=now,
        withdrawn_at=now if reading.kind == Kind.CANCELLED else None,
    )
