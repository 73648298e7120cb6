"""Windows: from local dates and the house's times to instants."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.errors import DomainError
from app.domain.nights import Nights

ROUNDED = timedelta(minutes=1)
"""What a lock may leave off a window at either end: some know whole minutes only."""


class EmptyWindow(DomainError):
    """The end is not after the beginning."""

    code = "empty-window"


@dataclass(frozen=True, order=True)
class Window:
    """The instants [valid_from, valid_until), aware UTC. Raises EmptyWindow when there are none."""

    valid_from: datetime
    valid_until: datetime

    def __post_init__(self) -> None:
        if self.valid_until <= self.valid_from:
            raise EmptyWindow("The time to leave is before the time to arrive.")

    def __contains__(self, instant: object) -> bool:
        return isinstance(instant, datetime) and self.valid_from <= instant < self.valid_until

    def is_kept_by(self, held: "Window | None") -> bool:
        """Tell whether a lock that opens in `held` keeps to this: it may round it off within."""
        if held is None:
            return False
        late, early = held.valid_from - self.valid_from, self.valid_until - held.valid_until
        return all(timedelta(0) <= off < ROUNDED for off in (late, early))

    def touches(self, other: "Window") -> bool:
        """Tell whether the two share an instant or meet."""
        return self.valid_from <= other.valid_until and other.valid_from <= self.valid_until

    def spanning(self, other: "Window") -> "Window":
        return Window(
            min(self.valid_from, other.valid_from), max(self.valid_until, other.valid_until)
        )


@dataclass(frozen=True)
class HouseTimes:
    """When guests may come and must leave, local wall-clock times."""

    check_in: time
    check_out: time


def access_window(nights: Nights, times: HouseTimes, zone: ZoneInfo) -> Window:
    """Turn a stay's local dates into instants.

    A time that the clock change skips moves to the next real minute; one that comes twice means the
    first for `valid_from` and the second for `valid_until`: a guest is never cut short.
    """
    return Window(
        first_instant(nights.arrival, times.check_in, zone),
        last_instant(nights.departure, times.check_out, zone),
    )


def first_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return when it is that time, or the first time where it comes twice."""
    return _instant(day, at, zone, fold=0)


def last_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return when it is that time, or the second time where it comes twice."""
    return _instant(day, at, zone, fold=1)


def _instant(day: date, at: time, zone: ZoneInfo, *, fold: int) -> datetime:
    local = datetime.combine(day, at, zone).replace(fold=fold)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    return _end_of_gap(local, zone)


def _end_of_gap(skipped: datetime, zone: ZoneInfo) -> datetime:
    """Return the first real minute after a skipped wall-clock time; gaps last at most hours."""
    minute = skipped
    while minute.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != minute.replace(
        tzinfo=None
    ):
        minute += timedelta(minutes=1)
    return minute.astimezone(UTC)
