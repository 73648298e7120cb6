"""Putting a notice's word on the reservations it means, and taking it off again."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.nights import Nights
from app.domain.notices import NoticeKind
from app.domain.readings import Kind
from app.models import Notice, Origin, Reservation, Sighting

PLACED = (Origin.MAIL, Origin.EXPORT, Origin.GUEST)
"""Sources that know a reference and not which reservation: that was found out here."""


def place(
    session: Session, pairs: Iterable[tuple[Notice, Reservation]], *, now: datetime
) -> list[Reservation]:
    """Let each notice say of its reservation what it knows; return those that this tells anything.

    The caller weighs these anew.
    """
    wanted = {own_id(notice, stay): (notice, stay) for notice, stay in pairs}
    known = {
        one.own_id: one
        for one in session.scalars(
            select(Sighting).where(Sighting.origin.in_(PLACED), Sighting.own_id.in_(wanted))
        )
    }
    told = []
    for key, (notice, stay) in wanted.items():
        word = known.get(key)
        if word is None:
            word = _new_word(notice, stay, key, now)
            session.add(word)
        elif not _says_more(word, notice):
            continue
        _say(word, notice, stay, now)
        told.append(stay)
    return told


def own_id(notice: Notice, stay: Reservation) -> str:
    """Return the id of what this notice says of this reservation."""
    return f"{notice.id}:{stay.id}"


def displace(session: Session, stays: Sequence[Reservation]) -> None:
    """Take what was placed off these reservations: it was found to be another's."""
    ids = [stay.id for stay in stays]
    session.execute(
        delete(Sighting).where(
            Sighting.reservation_id.in_(ids), Sighting.origin.in_((*PLACED, Origin.HOST))
        )
    )
    for stay in stays:
        stay.reference = stay.name = stay.phone_ending = stay.question = None
        stay.unconfirmed_at = stay.confirmed_at = stay.modified_at = None
        stay.guest = stay.checked_in_by_host_at = None


def _new_word(notice: Notice, stay: Reservation, key: str, now: datetime) -> Sighting:
    return Sighting(
        reservation_id=stay.id,
        origin=notice.origin,
        source=_source(notice),
        own_id=key,
        kind=Kind.STAY,
        arrival=stay.arrival,
        departure=stay.departure,
        first_seen_at=now,
        last_seen_at=now,
    )


def _source(notice: Notice) -> str:
    if notice.origin == Origin.EXPORT:
        return f"export:{notice.channel}"
    return str(notice.origin)


def _says_more(word: Sighting, notice: Notice) -> bool:
    return (word.kind == Kind.CANCELLED) != (notice.kind == NoticeKind.CANCELLED) or any(
        said is not None and said != known
        for said, known in (
            (notice.name, word.name),
            (notice.phone_ending, word.phone_ending),
            (notice.departure, word.departure),
            (notice.departure and notice.arrival, word.arrival),
        )
    )


def _say(word: Sighting, notice: Notice, stay: Reservation, now: datetime) -> None:
    word.kind = Kind.CANCELLED if notice.kind == NoticeKind.CANCELLED else Kind.STAY
    nights = _nights(notice, stay)
    word.arrival, word.departure = nights.arrival, nights.departure
    word.reference = notice.reference
    word.name = notice.name or word.name
    word.phone_ending = notice.phone_ending or word.phone_ending
    word.withdrawn_at, word.last_seen_at = None, now


def _nights(notice: Notice, stay: Reservation) -> Nights:
    """Return the dates the notice gives; the reservation's own where it gives none of its own."""
    if notice.arrival is None or notice.departure is None or notice.kind == NoticeKind.CANCELLED:
        return stay.nights
    return Nights(notice.arrival, notice.departure)
