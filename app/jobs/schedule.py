"""Every recurring job, in one list; and the loop that runs them."""

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from flask import current_app
from sqlalchemy import or_, select, update

from app.db import reading, transaction
from app.jobs.arrivals import warn_of_arrivals
from app.jobs.deliveries import heed_early_reports
from app.jobs.doorbell import BATCH, Doorbell, QueueName
from app.jobs.enrichment import tend_due
from app.jobs.erasure import erase_what_is_due
from app.jobs.houses import tend_each
from app.jobs.lock_events import forget_old_events, ring_for_logs
from app.jobs.runtime import guarded, now, the_seals
from app.jobs.staff import roll_staff_codes, tend_staff_codes
from app.models import Beat, Feed
from app.services.codes import end_windows
from app.services.deliveries import forget_early_reports
from app.services.door_help import houses_with_open_helps, tend_helps
from app.services.door_syncs import order_syncs
from app.services.export_files import forget_rows
from app.services.feeds import forget_snapshots
from app.services.history import CLOCK
from app.services.ladder import tend_ladders
from app.services.late_codes import houses_with_late_codes
from app.services.outbox import forget_done, unrung
from app.services.spares import houses_with_spares, settle_spares
from app.services.throttle import forget_old
from app.services.unlocks import sweep_unlocks

logger = logging.getLogger(__name__)

BEAT = "scheduler"
TICK_SECONDS = 1.0


def beat() -> None:
    """Leave a sign of life, for /readyz."""
    with transaction() as session:
        session.merge(Beat(name=BEAT, at=now()))


def ring_for_outbox() -> None:
    """Ring for what is due and nobody was called for lately: rings can be lost."""
    with transaction() as session:
        entries = unrung(session, now())
    if entries:
        _doorbell().ring(entries)


def close_unlocks() -> None:
    """Close unlocks that nobody will answer any more."""
    with transaction() as session:
        sweep_unlocks(session, now())


def ring_for_feeds() -> None:
    """Ring for the feeds whose time has come."""
    at = now()
    with transaction() as session:
        due = session.scalars(
            select(Feed.id)
            .where(
                Feed.next_fetch_at <= at,
                Feed.retired_at.is_(None),
                or_(Feed.leased_until.is_(None), Feed.leased_until < at),
            )
            .order_by(Feed.next_fetch_at)
            .limit(500)
        ).all()
        # Rung again after a minute, should the ring be lost.
        again = {"next_fetch_at": at + timedelta(minutes=1)}
        session.execute(update(Feed).where(Feed.id.in_(due)).values(again))
    for start in range(0, len(due), BATCH):
        _doorbell().call(QueueName.FEEDS, "app.jobs.feeds.fetch", due[start : start + BATCH])


def ring_for_doors() -> None:
    """Have a worker ask the lock providers how their locks are."""
    _doorbell().ask_for_doors()


def ring_for_mail() -> None:
    """Have a worker read the mailbox."""
    _doorbell().call(QueueName.FEEDS, "app.jobs.mail.read", [])


def ring_for_texts() -> None:
    """Have a worker fetch the texts that did not reach us."""
    _doorbell().call(QueueName.TEXTS, "app.jobs.texts.catch_up", [])


def look_at_matches() -> None:
    """Decide what only time can decide: that no mail came, that all calendars were read."""
    tend_due()


def end_codes() -> None:
    """Give up the codes whose window is over."""
    seals = the_seals()
    with transaction() as session:
        ended = end_windows(session, now(), seals=seals)
    if ended:
        logger.info("windows ended", extra={"guests": ended})


def look_after_guests() -> None:
    """Tell hosts of guests who stand before a door that stays shut."""
    with reading() as session:
        house_ids = houses_with_open_helps(session)
    for house_id in house_ids:
        with transaction() as session:
            tend_helps(session, house_id, now())


def ring_for_syncs() -> None:
    """Have the doors compared whose time has come."""
    with transaction() as session:
        order_syncs(session, now())


def tend_keys() -> None:
    """Give guests whose codes are late the next way in."""
    at = now()
    tend_each(partial(houses_with_late_codes, now=at), partial(tend_ladders, now=at, actor=CLOCK))


def tend_spares() -> None:
    """Keep a spare code on the doors of the houses that want one."""
    tend_each(houses_with_spares, partial(settle_spares, seals=the_seals(), now=now()))


def tidy() -> None:
    """Drop what need not be kept: old snapshots, done orders, counters, rows of exports; people."""
    at = now()
    with transaction() as session:
        forget_snapshots(session, at)
        forget_done(session, at - timedelta(days=30))
        forget_old(session, at)
        forget_rows(session, at)
        forget_early_reports(session, at)
    erase_what_is_due()
    forget_old_events()


@dataclass
class Recurring:
    """A job and how often it runs."""

    work: Callable[[], None]
    every: timedelta
    due_at: datetime = field(default_factory=now)

    def run_if_due(self, at: datetime) -> None:
        if at >= self.due_at:
            self.due_at = at + self.every
            guarded(self.work)()


def schedule() -> list[Recurring]:
    """Return all that recurs."""
    return [
        Recurring(beat, timedelta(seconds=5)),
        Recurring(ring_for_outbox, timedelta(seconds=1)),
        Recurring(close_unlocks, timedelta(seconds=2)),
        Recurring(ring_for_feeds, timedelta(seconds=5)),
        Recurring(ring_for_logs, timedelta(seconds=2)),
        Recurring(look_after_guests, timedelta(seconds=5)),
        Recurring(end_codes, timedelta(seconds=20)),
        Recurring(roll_staff_codes, timedelta(seconds=20)),
        Recurring(tend_staff_codes, timedelta(minutes=10)),
        Recurring(ring_for_syncs, timedelta(seconds=10)),
        Recurring(tend_keys, timedelta(seconds=15)),
        Recurring(tend_spares, timedelta(minutes=1)),
        Recurring(warn_of_arrivals, timedelta(minutes=1)),
        Recurring(ring_for_mail, timedelta(seconds=20)),
        Recurring(look_at_matches, timedelta(seconds=5)),
        Recurring(ring_for_texts, timedelta(minutes=2)),
        Recurring(heed_early_reports, timedelta(minutes=1)),
        Recurring(ring_for_doors, timedelta(minutes=30)),
        Recurring(tidy, timedelta(hours=6)),
    ]


def run_schedule() -> None:
    """Run until told to stop (SIGTERM, SIGINT)."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    recurring = schedule()
    while not stop.is_set():
        for one in recurring:
            one.run_if_due(now())
        stop.wait(TICK_SECONDS)


def _doorbell() -> Doorbell:
    doorbell: Doorbell = current_app.extensions["doorbell"]
    return doorbell
