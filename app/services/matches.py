"""Keeping the open questions of enrichment in step with reservations and notices."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.enrichment import ONE_BOOKING
from app.domain.notices import NoticeKind
from app.models import Match, Notice, Origin, Property, Reservation, Sighting, Status
from app.services.match_book import SEEKING, MatchBook

LATE_CANDIDATE = timedelta(days=1)
"""A mail for yesterday's arrival may still find its room."""


@dataclass(frozen=True)
class OpenEnds:
    """What belongs to nothing for certain yet, with its match; soonest arrival first."""

    seekers: Sequence[tuple[Reservation, Match]]
    """Each reservation with its room and guest."""
    candidates: Sequence[tuple[Notice, Match]]
    bearers: Mapping[str, Sequence[Reservation]]
    """The certain reservations of each notice's reference at this property."""
    witnesses: Sequence[tuple[Notice, Reservation]]
    """Notices whose booking is known, with the reservations they tell more of."""
    growing: Set[int]
    """Notices, among the candidates, that have a room already and may have more."""


def open_ends(session: Session, house: Property, *, now: datetime) -> OpenEnds:
    """Open, reopen, settle and drop matches as things are; return what is open.

    The number of statements does not grow with the number of rows.
    """
    today = now.astimezone(house.zone).date()
    seekers = session.scalars(
        select(Reservation)
        .where(
            Reservation.property_id == house.id,
            Reservation.departure > today,
            Reservation.status.in_(SEEKING),
            or_(Reservation.reference.is_(None), Reservation.unconfirmed_at.is_not(None)),
        )
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
        .order_by(Reservation.arrival, Reservation.room_id)
    ).all()
    ended = _called_off(session, house, today)
    told = session.scalars(
        select(Notice)
        .where(
            Notice.property_id == house.id,
            Notice.kind != NoticeKind.CANCELLED,
            Notice.dismissed_at.is_(None),
            Notice.arrival >= today - LATE_CANDIDATE,
        )
        .order_by(Notice.arrival, Notice.said_at, Notice.id)
    ).all()
    notices = [
        notice
        for notice in told
        if notice.reference not in ended or notice.said_at > ended[notice.reference]
    ]
    bearers = _bearers(session, house, [notice.reference for notice in notices])
    growing = _growing(session, seekers, notices, bearers)
    elsewhere = _borne_elsewhere(session, house, notices)
    loose = [
        notice
        for notice in _one_each(notices)
        if notice.reference not in elsewhere
        and (_is_loose(notice, bearers) or notice.id in growing)
    ]
    book = MatchBook(session, house, now)
    seeking = [(stay, book.match_of(reservation=stay)) for stay in seekers]
    wanting = [(notice, book.match_of(notice=notice)) for notice in loose]
    book.close_others([match for _, match in (*seeking, *wanting)], notices, bearers)
    session.flush()
    witnesses = [
        (notice, stay)
        for notice in notices
        for stay in bearers.get(notice.reference, ())
        if notice.arrival == stay.arrival and notice.kind == NoticeKind.NEW
    ]
    return OpenEnds(seeking, wanting, bearers, witnesses, growing)


def _called_off(session: Session, house: Property, today: date) -> dict[str, datetime]:
    """Return when bookings were last said to be off, by a source or by a host."""
    by_source = session.execute(
        select(Notice.reference, Notice.said_at).where(
            Notice.property_id == house.id,
            Notice.kind == NoticeKind.CANCELLED,
            Notice.dismissed_at.is_(None),
            or_(Notice.arrival.is_(None), Notice.arrival >= today - LATE_CANDIDATE),
        )
    )
    by_host = session.execute(
        select(Reservation.reference, Sighting.withdrawn_at)
        .join(Sighting, Sighting.reservation_id == Reservation.id)
        .where(
            Reservation.property_id == house.id,
            Reservation.departure > today,
            Reservation.status == Status.CANCELLED,
            Reservation.reference.is_not(None),
            Sighting.origin == Origin.HOST,
            Sighting.withdrawn_at.is_not(None),
        )
    )
    ended: dict[str, datetime] = {}
    for reference, at in (*by_source, *by_host):
        ended[reference] = max(at, ended.get(reference, at))
    return ended


def is_moved(notice: Notice, bearers: Mapping[str, Sequence[Reservation]]) -> bool:
    """Tell whether a booking was modified to a day on which none of its reservations begins."""
    own = bearers.get(notice.reference, ())
    return (
        notice.kind == NoticeKind.MODIFIED
        and bool(own)
        and all(stay.arrival != notice.arrival for stay in own)
    )


def _is_loose(notice: Notice, bearers: Mapping[str, Sequence[Reservation]]) -> bool:
    return notice.reference not in bearers or is_moved(notice, bearers)


def _growing(
    session: Session,
    seekers: Sequence[Reservation],
    notices: Sequence[Notice],
    bearers: Mapping[str, Sequence[Reservation]],
) -> set[int]:
    """Return the mails whose booking was given a room quietly, just before another room appeared.

    Such a mail does not say how many rooms were booked; calendars are read one after the other.
    """
    appeared: dict[tuple[date, str | None], list[datetime]] = {}
    for stay in seekers:
        appeared.setdefault((stay.arrival, stay.channel), []).append(stay.appeared_at)
    lately = {
        notice.id: own[0]
        for notice in notices
        if notice.origin == Origin.MAIL and len(own := bearers.get(notice.reference, ())) == 1
        for at in appeared.get((own[0].arrival, own[0].channel), ())
        if abs(at - own[0].appeared_at) <= ONE_BOOKING
    }
    if not lately:
        return set()
    told_otherwise = set(
        session.scalars(
            select(Sighting.reservation_id).where(
                Sighting.reservation_id.in_({stay.id for stay in lately.values()}),
                Sighting.origin != Origin.MAIL,
                Sighting.reference.is_not(None),
            )
        )
    )
    return {notice_id for notice_id, stay in lately.items() if stay.id not in told_otherwise}


def _one_each(notices: Sequence[Notice]) -> list[Notice]:
    """Keep one notice of each reference: a mail or an export outweighs a guest's claim."""
    best: dict[str, Notice] = {}
    for notice in notices:
        known = best.get(notice.reference)
        if known is None or known.origin == Origin.GUEST:
            best[notice.reference] = notice
    return list(best.values())


def _bearers(
    session: Session, house: Property, references: Iterable[str]
) -> dict[str, list[Reservation]]:
    found: dict[str, list[Reservation]] = {}
    rows = session.scalars(
        select(Reservation)
        .where(
            Reservation.property_id == house.id,
            Reservation.reference.in_(set(references)),
            Reservation.status != Status.CANCELLED,
            Reservation.unconfirmed_at.is_(None),
        )
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
    )
    for row in rows:
        found.setdefault(row.reference or "", []).append(row)
    return found


def _borne_elsewhere(session: Session, house: Property, notices: Sequence[Notice]) -> set[str]:
    """Return the references of mails that belong to another property with the same mailbox."""
    mails = {notice.reference for notice in notices if notice.origin == Origin.MAIL}
    return {
        reference
        for reference in session.scalars(
            select(Reservation.reference)
            .where(
                Reservation.property_id != house.id,
                Reservation.reference.in_(mails),
                Reservation.status != Status.CANCELLED,
            )
            .distinct()
        )
        if reference is not None
    }
