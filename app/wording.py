"""Dates, times and names as people say them, in the reader's language and the property's zone."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import phonenumbers
from flask_babel import format_date, format_time, gettext

from app.domain.nights import Nights
from app.models import Guest, Property

CHANNELS = {"booking.com": "Booking.com", "airbnb": "Airbnb", "vrbo": "Vrbo"}


def channel_name(channel: str | None) -> str | None:
    """Return the channel's name as it is written; None for a calendar of no channel we know."""
    return CHANNELS.get(channel or "")


def day(when: date, today: date) -> str:
    """Say "today", "tomorrow", "Sat 12 Dec", or "Sat 12 Dec 2027" in another year."""
    if when == today:
        return str(gettext("today"))
    if (when - today).days == 1:
        return str(gettext("tomorrow"))
    return weekday(when, today)


def weekday(when: date, today: date) -> str:
    """Say "Sat 12 Dec"; with the year when it is not this one."""
    if when.year == today.year:
        return _format(when, "EEE d MMM")
    return _format(when, "EEE d MMM y")


def clock(at: time) -> str:
    """Say "15:00"."""
    return str(format_time(datetime.combine(date(2000, 1, 1), at), "HH:mm", rebase=False))


def moment(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Say "today 15:00" or "Sat 12 Dec 15:00"."""
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    return f"{day(local.date(), today)} {clock(local.time())}"


def recently(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Say "13:50" of today, "Sat 12 Dec 13:50" of another day."""
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return clock(local.time())
    return f"{weekday(local.date(), today)} {clock(local.time())}"


def span(nights: Nights, today: date) -> str:
    """Say "12-14 Dec" (with an en dash), or "30 Dec - 3 Jan"; the year when it is another."""
    first, last = nights.arrival, nights.departure
    year = "" if last.year == today.year and first.year == today.year else f" {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{_format(first, 'd')}\N{EN DASH}{_format(last, 'd MMM')}{year}"
    return f"{_format(first, 'd MMM')} \N{EN DASH} {_format(last, 'd MMM')}{year}"


def phone_text(number: str | None) -> str | None:
    """Write an E.164 number as people do: "+44 161 234 5678"."""
    if number is None:
        return None
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def message_facts(guest: Guest, link: str, facts: Mapping[str, str]) -> dict[str, str | None]:
    """Return what the texts in templates/messages/ may say; dates in `facts` are ISO."""
    house: Property = guest.house
    said = {
        name: _format(date.fromisoformat(value), "EEE d MMM y")
        for name, value in facts.items()
        if name in ("arrival", "departure")
    }
    return {
        "guest_name": guest.full_name,
        "property_name": house.name,
        "property_phone": phone_text(house.phone),
        "link": link,
        "arrival": None,
        "departure": None,
        **said,
    }


def _format(when: date, pattern: str) -> str:
    return str(format_date(when, pattern))
