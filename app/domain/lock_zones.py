"""The time zone a lock is set to: it looks at the wall clock when it decides on a code.

TTLock's locks are told instants, and hold them against their own clock and a fixed offset from UTC
that does not follow summer time. Either of a zone's two offsets will do, since clock and offset go
together; any other is the usual cause of codes that are off by whole hours.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MONTH = timedelta(days=30)


def offsets_of(zone: ZoneInfo, now: datetime) -> frozenset[timedelta]:
    """Return how far ahead of UTC the zone is in the months around `now`."""
    months = (now.astimezone(zone) + number * MONTH for number in range(-6, 7))
    return frozenset(ahead for one in months if (ahead := one.utcoffset()) is not None)


def written(offset: timedelta) -> str:
    """Write an offset as people do: UTC, UTC+2, UTC-3:30."""
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "-"
    return "UTC" if minutes == 0 else f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
