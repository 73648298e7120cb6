"""The matches of a property: opened, reopened, settled and dropped."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.models import Match, MatchState, Notice, Property, Reservation, Status

SEEKING = (Status.OPEN, Status.CONFIRMED, Status.DISPUTED)
"""A reservation in one of these may be somebody's."""


class MatchBook:
    """The matches of one property."""

    def __init__(self, session: Session, house: Property, now: datetime) -> None:
        self._session, self._house, self._now = session, house, now
        recent = now.date() - timedelta(days=90)
        self._known = session.scalars(
            select(Match)
            .where(
                Match.property_id == house.id,
                or_(
                    Match.state.in_((MatchState.SEARCHING, MatchState.WAITING)),
                    Match.arrival >= recent,
                ),
            )
            .options(joinedload(Match.question))
        ).all()
        self._by_reservation = {one.reservation_id: one for one in self._known}
        self._by_notice = {one.notice_id: one for one in self._known}

    def match_of(
        self, *, reservation: Reservation | None = None, notice: Notice | None = None
    ) -> Match:
        """Return the open match of a reservation or notice: a new one, or its old one again."""
        subject = reservation or notice
        if subject is None or subject.arrival is None:
            raise ValueError("a match is of a reservation or of a notice with an arrival")
        known = (
            self._by_reservation.get(reservation.id)
            if reservation is not None
            else self._by_notice.get(notice.id if notice is not None else None)
        )
        if known is None:
            known = Match(
                property_id=self._house.id,
                reservation_id=reservation.id if reservation is not None else None,
                notice_id=notice.id if notice is not None else None,
                arrival=subject.arrival,
                state=MatchState.SEARCHING,
                opened_at=self._now,
                question=None,
            )
            self._session.add(known)
        elif not known.is_open:
            known.state, known.opened_at, known.question = MatchState.SEARCHING, self._now, None
            known.settled_at = known.settled_how = None
        known.arrival = subject.arrival
        return known

    def close_others(
        self,
        still_open: Sequence[Match],
        notices: Sequence[Notice],
        bearers: Mapping[str, Sequence[Reservation]],
    ) -> None:
        """Settle what has found its place, drop what there is nothing to find for."""
        kept = {id(one) for one in still_open}
        done = [one for one in self._known if one.is_open and id(one) not in kept]
        if not done:
            return
        stays = [one.reservation_id for one in done if one.reservation_id is not None]
        certain = set(
            self._session.scalars(
                select(Reservation.id).where(
                    Reservation.id.in_(stays),
                    Reservation.reference.is_not(None),
                    Reservation.status.in_(SEEKING),
                )
            )
        )
        placed = {notice.id for notice in notices if notice.reference in bearers}
        for match in done:
            found = match.reservation_id in certain or match.notice_id in placed
            match.state = MatchState.SETTLED if found else MatchState.DROPPED
            match.settled_at, match.look_at = self._now, None
