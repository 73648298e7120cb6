"""Dates, times and names as people say them, in the reader's language and the property's zone."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale
from babel.dates import format_interval, format_skeleton
from flask_babel import format_date, format_time, get_locale, gettext

from app.domain.nights import Nights
from app.models import Guest, Property

SOURCE = "en"
ENGLISH = {"MMMd": "d MMM", "MMMEd": "EEE d MMM", "yMMMEd": "EEE d MMM y"}
"""As dates are written in Europe, whatever English the browser asks for."""

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
    return _format(when, "MMMEd" if when.year == today.year else "yMMMEd")


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
    with_year = not last.year == first.year == today.year
    if (locale := _locale()).language != SOURCE:
        return format_interval(first, last, "yMMMd" if with_year else "MMMd", locale=locale)
    year = f" {last.year}" if with_year else ""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}\N{EN DASH}{_format(last, 'MMMd')}{year}"
    return f"{_format(first, 'MMMd')} \N{EN DASH} {_format(last, 'MMMd')}{year}"


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
        name: _format(date.fromisoformat(value), "yMMMEd")
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


def _format(when: date, skeleton: str) -> str:
    """Write a date with what the skeleton of CLDR names, in the reader's order."""
    if (locale := _locale()).language == SOURCE:
        return str(format_date(when, ENGLISH[skeleton]))
    return format_skeleton(skeleton, when, locale=locale)


def _locale() -> Locale:
    return get_locale() or Locale(SOURCE)
