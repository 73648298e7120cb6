"""Calendars as each channel writes them, measured on real feeds byte by byte."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from simulator.world import World

FOLD = 75
AIRBNB_STAY, AIRBNB_BLOCK = "1418fb94e984", "7f662ec65913"
WINDOW_FROM, WINDOW_TO = timedelta(days=180), timedelta(days=540)
"""Between these days from now, the far end of the booking window is closed."""


def calendar(world: World, channel: str, number: int) -> bytes:
    """Return the channel's calendar of one room, now."""
    writers = {"airbnb": _airbnb, "booking": _booking_com, "other": _other}
    with world.guard:
        lines = list(writers[channel](world, number))
    return "".join(f"{line}\r\n" for line in lines).encode()


def _stays(world: World, channel: str, number: int) -> list[tuple[date, date, dict[str, Any]]]:
    found = [
        (date.fromisoformat(room["arrival"]), date.fromisoformat(room["departure"]), booking)
        for booking in world.data["bookings"].values()
        if booking["channel"] == channel
        for room in booking["rooms"]
        if room["number"] == number
    ]
    return sorted(found, key=lambda one: one[0])


def _blocks(world: World, channel: str, number: int) -> list[tuple[date, date]]:
    today = world.today()
    # Booking.com's has a first day that stays; only its end grows, by a day a day.
    begins = date.fromisoformat(world.data["first_day"]) if channel == "booking" else today
    far_end = (begins + WINDOW_FROM, today + WINDOW_TO)
    own = [
        (date.fromisoformat(one["arrival"]), date.fromisoformat(one["departure"]))
        for one in world.data["blocks"]
        if one["number"] == number and one["channel"] == channel
    ]
    return sorted([*own, far_end])


def _airbnb(world: World, number: int) -> Iterator[str]:
    """Stays first, then blocks; folded at 75 bytes; past stays go a day after departure."""
    stamp = f"{world.now():%Y%m%dT%H%M%SZ}"
    yield from (
        "BEGIN:VCALENDAR",
        "PRODID:-//Airbnb Inc//Hosting Calendar 1.0//EN",
        "CALSCALE:GREGORIAN",
        "VERSION:2.0",
    )
    for first, last, booking in _stays(world, "airbnb", number):
        if last + timedelta(days=1) < world.today():
            continue
        key = f"{number}{booking['reference']}"
        url = f"https://www.airbnb.com/hosting/reservations/details/{booking['reference']}"
        phone = booking["phone"][-4:]
        yield from _event(
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{last:%Y%m%d}",
            "SUMMARY:Reserved",
            f"UID:{AIRBNB_STAY}-{_hash(key)}@airbnb.com",
            f"DESCRIPTION:Reservation URL: {url}\\nPhone Number (Last 4 Digits): {phone}",
        )
    for first, last in _blocks(world, "airbnb", number):
        yield from _event(
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{last:%Y%m%d}",
            "SUMMARY:Airbnb (Not available)",
            f"UID:{AIRBNB_BLOCK}-{_hash(first.isoformat())}@airbnb.com",
        )
    yield "END:VCALENDAR"


def _booking_com(world: World, number: int) -> Iterator[str]:
    """Write closed nights and nothing else; the stay in progress is cut to start today."""
    stamp, today = f"{world.now():%Y%m%dT%H%M%SZ}", world.today()
    yield from (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        r"PRODID:-//admin.booking.com\\\, b.v.//NONSGML v1.0//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    )
    closed = [(a, d) for a, d, _ in _stays(world, "booking", number)]
    closed = sorted(closed + _blocks(world, "booking", number))
    if world.data["feeds"].get(f"booking/{number}", {}).get("joined"):
        closed = list(_joined(closed))
    for first, last in closed:
        if last <= today:
            continue
        start = max(first, today)
        yield from _event(
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
            f"DTEND;VALUE=DATE:{last:%Y%m%d}",
            f"UID:{_hash(f'{number}{start}')}@booking.com",
            "SUMMARY:CLOSED - Not available",
            "ORGANIZER:mailto:noreply@booking.com",
        )
    yield "END:VCALENDAR"


def _other(world: World, number: int) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example PMS//Calendar//EN")
    for first, last, booking in _stays(world, "other", number):
        yield from _event(
            f"UID:{booking['reference']}-{number}@pms.example",
            f"DTSTAMP:{world.now():%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{last:%Y%m%d}",
            f"SUMMARY:Reservation {_escaped(booking['reference'])}",
            f"DESCRIPTION:Guest: {_escaped(booking['guest'])}",
        )
    for first, last in _blocks(world, "other", number):
        yield from _event(
            f"UID:block-{number}-{first}@pms.example",
            f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{last:%Y%m%d}",
            "SUMMARY:Blocked",
        )
    yield "END:VCALENDAR"


def _joined(ranges: Iterable[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    pending: tuple[date, date] | None = None
    for first, last in ranges:
        if pending is not None and first <= pending[1]:
            pending = (pending[0], max(pending[1], last))
            continue
        if pending is not None:
            yield pending
        pending = (first, last)
    if pending is not None:
        yield pending


def _event(*lines: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    for line in lines:
        yield from _folded(line)
    yield "END:VEVENT"


def _folded(line: str) -> Iterator[str]:
    """Break a line at 75 bytes, never inside a letter."""
    while len(encoded := line.encode()) > FOLD:
        part = encoded[:FOLD].decode(errors="ignore")
        yield part
        line = " " + line[len(part) :]
    yield line


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text)


def _hash(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
