"""Rooms, dates and bookings as a text message says them: short, and in the GSM alphabet."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from app.domain.nights import Nights
from app.models import Property, Reservation


def day(when: date, today: date) -> str:
    """Say "today", "tomorrow", "Sat 19 Dec"; with the year when it is not this one."""
    if when == today:
        return "today"
    if (when - today).days == 1:
        return "tomorrow"
    year = "" if when.year == today.year else f" {when.year}"
    return f"{when:%a} {when.day} {when:%b}{year}"


def dates(nights: Nights, today: date) -> str:
    """Say "19-21 Dec" or "30 Dec-3 Jan"; the year when it is not this one."""
    first, last = nights.arrival, nights.departure
    year = "" if last.year == today.year else f" {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}-{last.day} {last:%b}{year}"
    return f"{first.day} {first:%b}-{last.day} {last:%b}{year}"


def rooms(stays: Iterable[Reservation]) -> str:
    """Say "room 1" or "rooms 1, 2 and 3"; each has its room loaded."""
    numbers = [str(number) for number in sorted({stay.room.number for stay in stays})]
    if len(numbers) == 1:
        return f"room {numbers[0]}"
    return f"rooms {listed(numbers)}"


def rooms_with_dates(stays: Sequence[Reservation], today: date) -> str:
    """Say "room 1, 19-21 Dec", and each room's own dates where they differ."""
    spans = {stay.nights for stay in stays}
    if len(spans) == 1:
        return f"{rooms(stays)}, {dates(spans.pop(), today)}"
    ordered = sorted(stays, key=lambda stay: (stay.nights, stay.room.number))
    return "; ".join(f"room {one.room.number}, {dates(one.nights, today)}" for one in ordered)


def listed(words: Sequence[str]) -> str:
    """Say "1, 2 and 3"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def local_day(house: Property, now: datetime) -> date:
    """Return the day it is in the house."""
    return now.astimezone(house.zone).date()
