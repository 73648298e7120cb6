"""What a host says of a reservation: a sighting like any other, and the weightiest."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.readings import Kind
from app.models import Host, Origin, Property, Reservation, Sighting
from app.seals import Seals
from app.services.history import by_host
from app.services.testimony import restand


def assert_by_host(
    session: Session,
    house: Property,
    stay: Reservation,
    host: Host,
    *,
    now: datetime,
    reference: str | None,
    name: str | None,
    seals: Seals,
) -> None:
    """Take the host's word that these nights are a stay, and whose."""
    word = host_word(session, stay, now)
    word.kind, word.withdrawn_at, word.last_seen_at = Kind.STAY, None, now
    word.reference, word.name = reference or word.reference, name or word.name
    actor = by_host(host.id)
    restand(session, house, [stay.room_id], [stay], seals=seals, now=now, actor=actor)


def withdraw_by_host(
    session: Session, house: Property, stay: Reservation, host: Host, *, now: datetime, seals: Seals
) -> None:
    """Take the host's word that the stay is off; no feed brings it back."""
    host_word(session, stay, now).withdrawn_at = now
    actor = by_host(host.id)
    restand(session, house, [stay.room_id], [stay], seals=seals, now=now, actor=actor)


def block_by_host(
    session: Session, house: Property, stay: Reservation, host: Host, *, now: datetime, seals: Seals
) -> None:
    """Take the host's word that these nights are closed and nobody's."""
    word = host_word(session, stay, now)
    word.kind, word.withdrawn_at, word.last_seen_at = Kind.BLOCK, None, now
    actor = by_host(host.id)
    restand(session, house, [stay.room_id], [stay], seals=seals, now=now, actor=actor)


def host_word(session: Session, stay: Reservation, now: datetime) -> Sighting:
    """Return what the host said of this stay; a new word with its dates where nothing was."""
    own_id = f"reservation:{stay.id}"
    found = session.scalar(select(Sighting).filter_by(source=Origin.HOST, own_id=own_id))
    if found is not None:
        found.arrival, found.departure = stay.arrival, stay.departure
        return found
    word = Sighting(
        reservation_id=stay.id,
        origin=Origin.HOST,
        source=Origin.HOST,
        own_id=own_id,
        kind=Kind.STAY,
        arrival=stay.arrival,
        departure=stay.departure,
        first_seen_at=now,
        last_seen_at=now,
    )
    session.add(word)
    return word
