"""What a host says of a reservation: a sighting like any other, and the weightiest."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.nights import Nights
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
    say_stay(session, stay, now, reference=reference, name=name)
    actor = by_host(host.id)
    restand(session, house, [stay.room_id], [stay], seals=seals, now=now, actor=actor)


def say_stay(
    session: Session,
    stay: Reservation,
    now: datetime,
    *,
    nights: Nights | None = None,
    reference: str | None = None,
    name: str | None = None,
) -> Sighting:
    """Let the host say that this is a stay, of these dates, of this booking; None says nothing.

    The caller weighs it anew.
    """
    word = host_word(session, stay, now)
    word.kind, word.withdrawn_at, word.last_seen_at = Kind.STAY, None, now
    word.reference, word.name = reference or word.reference, name or word.name
    if nights is not None:
        word.arrival, word.departure = nights.arrival, nights.departure
    return word


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
