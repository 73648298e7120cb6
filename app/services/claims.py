"""A guest's claim: a reference nobody knows, for a day on which a room waits for a name.

No code is ever given on it: a host is asked. Whoever claims is not told whether anything came of
it, so that nobody can find out this way which rooms are open when, or which references exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.domain.notices import BookingNotice, NoticeKind
from app.models import Notice, Origin, Property, Reservation, Sighting, Status
from app.seals import Seals
from app.services.enrichment import tend_matches
from app.services.history import record
from app.services.lanes import hold_property
from app.services.match_book import SEEKING
from app.services.matches import LATE_CANDIDATE
from app.services.notices import take_notices

MOST_A_DAY = 20
"""Claims of a property that are put to its hosts within a day."""


@dataclass(frozen=True)
class Claim:
    """What a guest says is theirs; only the end of their number is kept."""

    reference: str
    full_name: str
    arrival: date
    phone_ending: str | None = None


def take_claim(session: Session, claim: Claim, *, seals: Seals, now: datetime) -> list[Notice]:
    """Put a claim to the hosts who have a room open that day; return what was stored.

    Nothing is, where the reference is known already, or somebody else has claimed it before.
    """
    if _is_known(session, claim.reference):
        return []
    stored = []
    for property_id in _where_rooms_are_open(session, claim, now):
        house = hold_property(session, property_id)
        if _may_be_stored(session, house, claim, now):
            stored += _store(session, house, claim, seals=seals, now=now)
    return stored


def has_come_true(session: Session, reference: str, since: datetime) -> bool:
    """Tell whether a reference that was claimed has become a certain booking since.

    One that was known before tells nothing here.
    """
    news = or_(
        Sighting.first_seen_at > since,
        and_(Sighting.origin == Origin.HOST, Sighting.last_seen_at > since),
    )
    found = (
        select(Sighting.id)
        .join(Reservation, Reservation.id == Sighting.reservation_id)
        .where(
            Reservation.reference == reference,
            Reservation.unconfirmed_at.is_(None),
            Reservation.confirmed_at.is_not(None),
            Reservation.status.in_((Status.CONFIRMED, Status.DISPUTED)),
            Sighting.reference == reference,
            news,
        )
    )
    return session.scalar(found.limit(1)) is not None


def _is_known(session: Session, reference: str) -> bool:
    told = select(Notice.id).where(Notice.reference == reference, Notice.origin != Origin.GUEST)
    borne = select(Reservation.id).where(Reservation.reference == reference)
    return bool(session.scalar(select(or_(exists(told), exists(borne)))))


def _where_rooms_are_open(session: Session, claim: Claim, now: datetime) -> Sequence[int]:
    """Return the properties that have a room from that day, and do not know for certain whose."""
    return session.scalars(
        select(Reservation.property_id)
        .where(
            Reservation.arrival == claim.arrival,
            Reservation.departure >= now.date(),
            Reservation.status.in_(SEEKING),
            or_(Reservation.reference.is_(None), Reservation.unconfirmed_at.is_not(None)),
        )
        .distinct()
        .order_by(Reservation.property_id)
    ).all()


def _may_be_stored(session: Session, house: Property, claim: Claim, now: datetime) -> bool:
    if claim.arrival < now.astimezone(house.zone).date() - LATE_CANDIDATE:
        return False
    claims = select(Notice).filter_by(property_id=house.id, origin=Origin.GUEST)
    earlier = session.scalar(claims.filter_by(reference=claim.reference))
    if earlier is not None:
        return _is_same_name(earlier.name, claim.full_name)
    lately = claims.where(Notice.first_seen_at > now - timedelta(days=1))
    count = session.scalar(lately.with_only_columns(func.count(Notice.id))) or 0
    return count < MOST_A_DAY


def _is_same_name(one: str | None, other: str) -> bool:
    return " ".join((one or "").casefold().split()) == " ".join(other.casefold().split())


def _store(
    session: Session, house: Property, claim: Claim, *, seals: Seals, now: datetime
) -> list[Notice]:
    said = BookingNotice(
        channel=None,
        kind=NoticeKind.NEW,
        reference=claim.reference,
        said_at=now,
        arrival=claim.arrival,
        name=claim.full_name,
        phone_ending=claim.phone_ending,
    )
    stored = take_notices(session, house, [said], Origin.GUEST, seals=seals, now=now)
    for notice in stored:
        after = {"arrival": claim.arrival, "reference": claim.reference}
        record(
            session,
            notice,
            "booking-claimed",
            actor="guest",
            at=now,
            property_id=house.id,
            after=after,
        )
    tend_matches(session, house, seals=seals, now=now)
    return stored
