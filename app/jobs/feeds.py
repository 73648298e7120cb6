"""Fetching feeds: take, call with no transaction open, record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import uniform
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import or_, select, update

from app.db import reading, transaction
from app.domain.calendar_text import UnreadableFeed, fingerprint, parse
from app.jobs.runtime import guarded, now, side_by_side, the_app, the_seals
from app.models import Feed, Property, Room
from app.ports.calendars import Fetched, Validators
from app.ports.errors import PortError
from app.services.feeds import EVERY, Answer, take_answer, take_fault
from app.wiring import Ports

LEASE = timedelta(seconds=60)
"""Longer than a fetch (10 s) and its reading."""


@dataclass(frozen=True)
class FetchPlan:
    """What one fetch needs, loaded before the call."""

    feed_id: int
    url: str
    validators: Validators
    fingerprint: str | None
    zone: ZoneInfo
    asked_at: datetime


def fetch(feed_ids: list[int]) -> None:
    """Fetch and read these feeds side by side (an RQ job)."""
    side_by_side(the_app(), guarded(fetch_feed), feed_ids)


def fetch_feed(feed_id: int) -> str:
    """Fetch and read one feed; return what it changed, in words for the host."""
    plan = _take(feed_id)
    if plan is None:
        return "Another process is reading this feed just now."
    ports: Ports = current_app.extensions["ports"]
    try:
        fetched = ports.calendars.fetch(plan.url, plan.validators)
        answer = _read(plan, fetched)
    except (PortError, UnreadableFeed) as fault:
        reason = fault.reason if isinstance(fault, PortError) else fault.message
        with transaction() as session:
            return take_fault(session, feed_id, reason, now())
    finally:
        _release(feed_id)
    seals = the_seals()
    with transaction() as session:
        return take_answer(session, feed_id, answer, seals=seals, now=now())


def due_feeds() -> list[int]:
    """Return the feeds whose time to be fetched has come."""
    with reading() as session:
        return list(
            session.scalars(
                select(Feed.id).where(Feed.next_fetch_at <= now(), Feed.retired_at.is_(None))
            )
        )


def _read(plan: FetchPlan, fetched: Fetched) -> Answer:
    """Parse the answer, unless it says what the last one said."""
    if fetched.body is None:
        return Answer(plan.fingerprint, fetched.validators, None, None, plan.asked_at)
    print_ = fingerprint(fetched.body)
    if print_ == plan.fingerprint:
        return Answer(print_, fetched.validators, None, None, plan.asked_at)
    parsed = parse(fetched.body, plan.zone)
    return Answer(print_, fetched.validators, fetched.body, parsed, plan.asked_at)


def _take(feed_id: int) -> FetchPlan | None:
    at = now()
    free = or_(Feed.leased_until.is_(None), Feed.leased_until < at)
    with transaction() as session:
        taken = session.scalar(
            update(Feed)
            .where(Feed.id == feed_id, Feed.retired_at.is_(None), free)
            .values(leased_until=at + LEASE, next_fetch_at=_next(at))
            .returning(Feed.id)
        )
        if taken is None:
            return None
        feed, zone = session.execute(
            select(Feed, Property.timezone)
            .join(Room, Room.id == Feed.room_id)
            .join(Property, Property.id == Room.property_id)
            .where(Feed.id == feed_id)
        ).one()
        # A feed that was never read has nothing to be compared with.
        validators = Validators(feed.etag, feed.last_modified) if feed.fingerprint else Validators()
        return FetchPlan(feed.id, feed.url, validators, feed.fingerprint, ZoneInfo(zone), at)


def _release(feed_id: int) -> None:
    with transaction() as session:
        session.execute(update(Feed).where(Feed.id == feed_id).values(leased_until=None))


def _next(at: datetime) -> datetime:
    """Spread fetches out, so that a hundred feeds do not call at the same second for ever."""
    return at + EVERY * uniform(0.95, 1.05)  # noqa: S311
