"""What a property's calendars can tell together: whether a room may yet appear beside another."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Feed, Match, MatchState, Property, Reservation, Room
from app.services.outbox import NEVER


class Calendars:
    """What the calendars of a property can tell: whether a room may yet appear beside another."""

    def __init__(self, session: Session, house: Property) -> None:
        self._session, self._house = session, house
        self._feeds: dict[str, list[Feed]] = defaultdict(list)
        feeds = session.scalars(
            select(Feed)
            .join(Room, Room.id == Feed.room_id)
            .where(Room.property_id == house.id, Feed.retired_at.is_(None))
        )
        for feed in feeds:
            self._feeds[feed.channel].append(feed)
        for read in self._feeds.values():
            read.sort(key=lambda feed: feed.asked_at or NEVER)
        self.channels = frozenset(self._feeds)

    def others_read(self, stay: Reservation) -> bool:
        """Tell whether every other room's calendar of the channel was asked since it appeared."""
        oldest = next(self._others(stay), None)
        return oldest is None or (oldest.asked_at or NEVER) >= stay.appeared_at

    def read_others_soon(self, stay: Reservation, now: datetime) -> None:
        """Have the calendars fetched that might show another room; one that fails, only once."""
        for feed in self._others(stay):
            tried_at = feed.asked_at if feed.failing_since is None else feed.fetched_at
            if (tried_at or NEVER) < stay.appeared_at:
                feed.next_fetch_at = min(feed.next_fetch_at, now)

    def _others(self, stay: Reservation) -> Iterator[Feed]:
        """Yield the other rooms' calendars of the channel, longest unread first."""
        return (
            feed for feed in self._feeds.get(stay.channel or "", ()) if feed.room_id != stay.room_id
        )

    def days_open_elsewhere(self, days: set[date]) -> set[date]:
        """Return the days for which another property, with the same mailbox, seeks a booking."""
        return set(
            self._session.scalars(
                select(Match.arrival).where(
                    Match.property_id != self._house.id,
                    Match.reservation_id.is_not(None),
                    Match.state.in_((MatchState.SEARCHING, MatchState.WAITING)),
                    Match.arrival.in_(days),
                )
            )
        )
