"""What a feed's answer, good or bad, changes."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from app.domain.calendar_text import ParsedFeed
from app.models import Feed, FeedSnapshot, Property, Room
from app.ports.calendars import Validators
from app.seals import Seals
from app.services.enrichment import tend_matches
from app.services.feed_reading import NOTHING_NEW, FeedReading
from app.services.history import record
from app.services.lanes import hold_property

EVERY = timedelta(minutes=10)
SNAPSHOTS_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Answer:
    """A good answer of a feed's server; `parsed` is None when the content is what it was."""

    fingerprint: str | None
    validators: Validators
    body: bytes | None
    parsed: ParsedFeed | None
    asked_at: datetime | None = None


def take_answer(
    session: Session, feed_id: int, answer: Answer, *, seals: Seals, now: datetime
) -> str:
    """Write down what a good answer changes; return it in words for the host."""
    property_id = session.scalars(
        select(Room.property_id).join(Feed, Feed.room_id == Room.id).where(Feed.id == feed_id)
    ).one()
    house = hold_property(session, property_id)
    feed = session.scalars(
        select(Feed).where(Feed.id == feed_id).options(joinedload(Feed.room))
    ).one()
    reading = FeedReading(session, house, feed, seals=seals, now=now)
    if answer.parsed is None:
        outcome = reading.repeat()
    else:
        outcome = reading.read(answer.parsed)
        feed.fingerprint = answer.fingerprint
        body = zlib.compress(answer.body or b"")
        session.add(FeedSnapshot(feed_id=feed.id, fetched_at=now, body=body))
    feed.etag, feed.last_modified = answer.validators.etag, answer.validators.last_modified
    feed.fetched_at = feed.read_at = now
    feed.asked_at = answer.asked_at or now
    if reading.touched:
        session.flush()
        tend_matches(session, house, seals=seals, now=now)
    feed.failing_since = feed.fault = None
    if outcome != NOTHING_NEW:
        feed.outcome, feed.changed_at = outcome, now
    return outcome


def take_fault(session: Session, feed_id: int, reason: str, now: datetime) -> str:
    """Write down that a fetch failed; nothing else changes."""
    feed = session.get_one(Feed, feed_id)
    feed.fetched_at, feed.fault = now, reason
    feed.failing_since = feed.failing_since or now
    return f"{reason} Nothing was changed."


def accept_loss(
    session: Session, house: Property, feed: Feed, *, actor: str, now: datetime
) -> None:
    """Take the host's word that what vanished from the feed is really gone: read it again, now."""
    feed.loss_accepted = True
    # Forgotten, so that the same bytes are read anew.
    feed.fingerprint = feed.etag = feed.last_modified = None
    feed.next_fetch_at = now
    record(session, feed, "loss-accepted", actor=actor, at=now, property_id=house.id)


def forget_snapshots(session: Session, now: datetime) -> None:
    session.execute(delete(FeedSnapshot).where(FeedSnapshot.fetched_at < now - SNAPSHOTS_KEPT))
