"""Days and hours of a staff code, as the windows that a lock can keep.

A lock knows one window of a code. It holds the stretch of allowed time that is now, or the next
one; when that is over it is given the one after it. So a code never opens outside its hours, even
when nobody can reach the lock: it then only opens late.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.errors import DomainError
from app.domain.windows import EmptyWindow, Window, first_instant, last_instant

EVERY_DAY = 0b1111111
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


class NoHours(DomainError):
    """The hours end when they begin."""

    code = "no-hours"


@dataclass(frozen=True)
class StaffHours:
    """When a code may open. Raises NoHours.

    `days` are bits, 1 for Monday to 64 for Sunday. The times are local; both None for the whole
    day. Hours that run past midnight belong to the day they begin on. `valid_until` is None for a
    code without an end.
    """

    days: int
    from_time: time | None
    until_time: time | None
    valid_from: datetime
    valid_until: datetime | None
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.from_time is not None and self.from_time == self.until_time:
            raise NoHours("The hours end when they begin. For the whole day, leave both empty.")

    @property
    def is_always(self) -> bool:
        return self.days == EVERY_DAY and self.from_time is None


def window_for(hours: StaffHours, now: datetime) -> Window | None:
    """Return the stretch of allowed time that is now, or the next; None when there are no more.

    The same answer throughout a stretch. Whole days that follow each other are one stretch; a code
    that always opens, and has no end, gets one until the month of next year, moved once a month.
    """
    if hours.valid_until is not None and hours.valid_until <= now:
        return None
    if hours.is_always:
        return Window(hours.valid_from, hours.valid_until or _a_year_ahead(hours, now))
    start = max(now, hours.valid_from).astimezone(hours.zone).date()
    for stretch in _stretches(hours, start - WEEK - DAY, start + 2 * WEEK):
        clipped = _clipped(stretch, hours)
        if clipped is not None and clipped.valid_until > now:
            return clipped
    return None


def _stretches(hours: StaffHours, first: date, last: date) -> Iterator[Window]:
    """Yield the stretches that begin on these days, those that meet made one."""
    day, open_one = first, None
    while day <= last:
        stretch = _of_day(hours, day) if hours.days >> day.weekday() & 1 else None
        if stretch is not None and open_one is not None and open_one.touches(stretch):
            open_one = open_one.spanning(stretch)
        elif stretch is not None:
            if open_one is not None:
                yield open_one
            open_one = stretch
        day += DAY
    if open_one is not None:
        yield open_one


def _of_day(hours: StaffHours, day: date) -> Window | None:
    """Return the hours of one day; None where a clock change swallows all of them."""
    begins, ends = hours.from_time or time(), hours.until_time or time()
    last_day = day if begins < ends else day + DAY
    try:
        return Window(
            first_instant(day, begins, hours.zone), last_instant(last_day, ends, hours.zone)
        )
    except EmptyWindow:
        return None


def _clipped(stretch: Window, hours: StaffHours) -> Window | None:
    start = max(stretch.valid_from, hours.valid_from)
    end = min(stretch.valid_until, hours.valid_until or stretch.valid_until)
    return Window(start, end) if start < end else None


def _a_year_ahead(hours: StaffHours, now: datetime) -> datetime:
    """Return the first of this month next year, or of the month it begins in."""
    start = max(now, hours.valid_from).astimezone(hours.zone).date()
    return first_instant(date(start.year + 1, start.month, 1), time(), hours.zone)
