"""What reading a feed costs beside parsing it."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask
from flask_migrate import upgrade
from icalendar import Calendar
from sqlalchemy import event, select

from app.db import db, transaction
from app.domain.calendar_text import fingerprint, parse
from app.factory import create_app
from app.models import Feed, Room
from app.ports.calendars import Validators
from app.services.feeds import Answer, take_answer
from config import Settings
from tests.factories import make_feed, make_house

ZONE = ZoneInfo("Europe/London")
EVENTS = 1_000


def calendar(events: int) -> bytes:
    """Make an Airbnb calendar with so many stays to come."""
    first = datetime.now(UTC).date() + timedelta(days=1)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Airbnb Inc//Hosting Calendar 1.0//EN"]
    for number in range(events):
        start = first + timedelta(days=2 * number)
        lines += [
            "BEGIN:VEVENT", f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
            f"DTEND;VALUE=DATE:{start + timedelta(days=1):%Y%m%d}", "SUMMARY:Reserved",
            f"UID:1418fb94e984-{number:032x}@airbnb.com",
            "DESCRIPTION:Reservation URL: https://www.airbnb.com/hosting/reservations/de",
            f" tails/HM{number:08d}\\nPhone Number (Last 4 Digits): {number % 10000:04d}",
            "END:VEVENT",
        ]  # fmt: skip
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def measure() -> list[str]:
    """Compare the steps of a sync with icalendar's parse of the same bytes."""
    raw = calendar(EVENTS)
    alone = _seconds(lambda: Calendar.from_ical(raw))
    read = _seconds(lambda: parse(raw, ZONE))
    printed = _seconds(lambda: fingerprint(raw))
    first, again = _synced(raw)
    few, many = _statements(10), _statements(300)
    return [
        f"icalendar alone, {EVENTS} events: {alone:.2f} s",
        f"our reading of it: {read / alone:.2f} x",
        f"noticing that nothing changed: {printed / alone:.2f} x",
        f"first sync of it, all new, with the database: {first / alone:.2f} x",
        f"sync after one change: {again / alone:.2f} x",
        f"SQL statements of a sync: {few} for 10 events, {many} for 300",
    ]


def _synced(raw: bytes) -> tuple[float, float]:
    with _feed() as (app, feed_id):
        changed = raw.replace(b"(Last 4 Digits): 0001", b"(Last 4 Digits): 9999")
        return _timed(app, feed_id, raw), _timed(app, feed_id, changed)


def _timed(app: Flask, feed_id: int, raw: bytes) -> float:
    began = time.perf_counter()
    answer = Answer(fingerprint(raw), Validators(), raw, parse(raw, ZONE))
    seals = app.extensions["seals"]
    with transaction() as session:
        take_answer(session, feed_id, answer, seals=seals, now=datetime.now(UTC))
    return time.perf_counter() - began


def _statements(events: int) -> int:
    with _feed() as (app, feed_id):
        seen: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
        _timed(app, feed_id, calendar(events))
        return len(seen)


@contextmanager
def _feed() -> Iterator[tuple[Flask, int]]:
    """Make a fresh SQLite database with one feed."""
    with tempfile.TemporaryDirectory() as folder:
        env = {
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'bench.db'}",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "SECRET_KEY": "b" * 40,
            "PUBLIC_URL": "http://localhost",
        }
        app = create_app(Settings.from_environment(env))
        with app.app_context():
            upgrade()
            with transaction() as session:
                make_house(session, rooms=1)
                make_feed(session, session.scalars(select(Room)).one())
            yield app, db.session.scalars(select(Feed.id)).one()
            db.session.remove()
            db.engine.dispose()


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best
