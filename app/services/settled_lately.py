"""What has been found out, or decided, since yesterday."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.models import Match, MatchState, Notice, Property, Reservation

LATELY = timedelta(hours=24)
MOST = 60


@dataclass(frozen=True)
class Settled:
    """One match that is settled: of nights, with their room, or of a booking that is not ours."""

    match: Match
    stay: Reservation | None
    notice: Notice | None


def settled_lately(session: Session, house: Property, now: datetime) -> Sequence[Settled]:
    """Return what found its owner or was found to be nobody's; the latest first."""
    rows = session.execute(
        select(Match, Reservation, Notice)
        .outerjoin(Reservation, Reservation.id == Match.reservation_id)
        .outerjoin(Notice, Notice.id == Match.notice_id)
        .where(
            Match.property_id == house.id,
            Match.settled_at > now - LATELY,
            or_(
                (Match.state == MatchState.SETTLED) & Match.reservation_id.is_not(None),
                (Match.state == MatchState.DROPPED) & Match.settled_how.is_not(None),
            ),
        )
        .options(joinedload(Reservation.room))
        .order_by(Match.settled_at.desc(), Match.reservation_id)
        .limit(MOST)
    )
    return [Settled(*row) for row in rows]
