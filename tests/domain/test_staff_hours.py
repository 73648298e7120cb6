"""When a staff code opens: never outside its days and hours, whatever the clocks do."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.staff_hours import EVERY_DAY, NoHours, StaffHours, window_for
from app.domain.windows import Window

LONDON = ZoneInfo("Europe/London")
MON, TUE, WED, THU, FRI, SAT, SUN = (1 << day for day in range(7))
START = datetime(2026, 11, 2, tzinfo=LONDON)  # a Monday


def hours(
    days: int = EVERY_DAY,
    begins: str | None = None,
    ends: str | None = None,
    *,
    start: datetime = START,
    until: datetime | None = None,
    zone: ZoneInfo = LONDON,
) -> StaffHours:
    return StaffHours(
        days,
        time.fromisoformat(begins) if begins else None,
        time.fromisoformat(ends) if ends else None,
        start,
        until,
        zone,
    )


def at(text: str, zone: ZoneInfo = LONDON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def window(begins: str, ends: str, zone: ZoneInfo = LONDON) -> Window:
    return Window(at(begins, zone).astimezone(UTC), at(ends, zone).astimezone(UTC))


TUE_FRI = hours(TUE | FRI, "09:00", "13:00")
WORKING_WEEK = hours(MON | TUE | WED | THU | FRI)
NIGHTS = hours(FRI | SAT, "22:00", "02:00")


@pytest.mark.parametrize(
    ("staff", "now", "expected"),
    [
        # now in it, before it, just over, and the week after
        (TUE_FRI, "2026-11-24T10:00", ("2026-11-24T09:00", "2026-11-24T13:00")),
        (TUE_FRI, "2026-11-23T10:00", ("2026-11-24T09:00", "2026-11-24T13:00")),
        (TUE_FRI, "2026-11-24T13:00", ("2026-11-27T09:00", "2026-11-27T13:00")),
        (TUE_FRI, "2026-11-28T00:00", ("2026-12-01T09:00", "2026-12-01T13:00")),
        # whole days that follow each other are one
        (WORKING_WEEK, "2026-11-25T12:00", ("2026-11-23T00:00", "2026-11-28T00:00")),
        (WORKING_WEEK, "2026-11-28T00:00", ("2026-11-30T00:00", "2026-12-05T00:00")),
        (hours(SAT | SUN | MON), "2026-11-23T23:59", ("2026-11-21T00:00", "2026-11-24T00:00")),
        # past midnight, of the day they begin on
        (NIGHTS, "2026-11-28T01:00", ("2026-11-27T22:00", "2026-11-28T02:00")),
        (NIGHTS, "2026-11-29T01:59", ("2026-11-28T22:00", "2026-11-29T02:00")),
        (NIGHTS, "2026-11-29T02:00", ("2026-12-04T22:00", "2026-12-05T02:00")),
        (
            hours(SUN, "22:00", "00:00"),
            "2026-11-22T23:00",
            ("2026-11-22T22:00", "2026-11-23T00:00"),
        ),
        # before it begins, and cut by its beginning and its end
        (TUE_FRI, "2026-01-01T10:00", ("2026-11-03T09:00", "2026-11-03T13:00")),
        (
            hours(TUE, "09:00", "13:00", start=at("2026-11-24T11:00")),
            "2026-11-24T10:00",
            ("2026-11-24T11:00", "2026-11-24T13:00"),
        ),
        (
            hours(MON | TUE, until=at("2026-11-24T00:00")),
            "2026-11-23T10:00",
            ("2026-11-23T00:00", "2026-11-24T00:00"),
        ),
        # always
        (
            hours(until=at("2027-03-01T00:00")),
            "2026-11-24T10:00",
            ("2026-11-02T00:00", "2027-03-01T00:00"),
        ),
        (hours(), "2026-11-24T10:00", ("2026-11-02T00:00", "2027-11-01T00:00")),
        (hours(), "2026-11-30T23:59", ("2026-11-02T00:00", "2027-11-01T00:00")),
        (hours(), "2026-12-01T00:00", ("2026-11-02T00:00", "2027-12-01T00:00")),
    ],
)
def test_window_is_the_stretch_of_allowed_time_that_is_now_or_the_next(
    staff: StaffHours, now: str, expected: tuple[str, str]
) -> None:
    assert window_for(staff, at(now)) == window(*expected)


@pytest.mark.parametrize(
    ("staff", "now"),
    [
        (hours(until=at("2026-11-24T00:00")), "2026-11-24T00:00"),
        (hours(TUE, "09:00", "13:00", until=at("2026-11-24T00:00")), "2026-11-18T00:00"),
        (
            hours(SUN, start=at("2026-11-24T00:00"), until=at("2026-11-26T00:00")),
            "2026-11-24T00:00",
        ),
    ],
)
def test_there_is_no_window_when_no_allowed_time_is_left(staff: StaffHours, now: str) -> None:
    assert window_for(staff, at(now)) is None


EARLY = datetime(2026, 1, 1, tzinfo=LONDON)
SPRING, AUTUMN = "2027-03-28", "2026-10-25"
"""Sundays on which London's clocks skip 01:00 to 02:00, and run through it twice."""


@pytest.mark.parametrize(
    ("staff", "now", "expected"),
    [
        # 23 and 25 hours long, at midnight both ends
        (
            hours(SUN),
            SPRING,
            ("2027-03-28T00:00", "2027-03-28T23:00"),
        ),
        (
            hours(SUN, start=EARLY),
            AUTUMN,
            ("2026-10-24T23:00", "2026-10-26T00:00"),
        ),
        # hours on the wall after the change
        (
            hours(SUN, "09:00", "13:00"),
            SPRING,
            ("2027-03-28T08:00", "2027-03-28T12:00"),
        ),
        # a beginning that is skipped moves to the next real minute
        (
            hours(SUN, "01:30", "05:00"),
            SPRING,
            ("2027-03-28T01:00", "2027-03-28T04:00"),
        ),
        # what comes twice: from the first until the second
        (
            hours(SUN, "01:15", "01:45", start=EARLY),
            AUTUMN,
            ("2026-10-25T00:15", "2026-10-25T01:45"),
        ),
        # over midnight into the change
        (
            hours(SAT, "22:00", "03:00"),
            "2027-03-27T23:00",
            ("2027-03-27T22:00", "2027-03-28T02:00"),
        ),
    ],
)
def test_clock_changes_move_no_hour_on_the_wall(
    staff: StaffHours, now: str, expected: tuple[str, str]
) -> None:
    """What is expected is in UTC."""
    assert window_for(staff, at(now)) == window(*expected, ZoneInfo("UTC"))


def test_hours_that_a_clock_change_swallows_are_left_out() -> None:
    staff = hours(SUN, "01:10", "01:50")

    assert window_for(staff, at("2027-03-28T00:30")) == window(
        "2027-04-04T01:10", "2027-04-04T01:50"
    )


def test_hours_that_end_when_they_begin_are_refused() -> None:
    with pytest.raises(NoHours):
        hours(MON, "09:00", "09:00")


@pytest.mark.parametrize(
    "zone", ["Europe/London", "America/St_Johns", "Pacific/Apia", "Asia/Tokyo"]
)
@pytest.mark.parametrize(
    ("days", "begins", "ends"),
    [
        (EVERY_DAY, "09:00", "13:00"),
        (EVERY_DAY, "22:00", "21:59"),
        (MON | WED | SUN, "22:30", "03:15"),
        (TUE, None, None),
        (EVERY_DAY & ~SUN, None, None),
        (SUN, "01:30", "02:30"),
    ],
)
def test_window_stays_the_same_until_it_is_over_and_the_next_begins_no_earlier(
    days: int, begins: str | None, ends: str | None, zone: str
) -> None:
    """Walk a year in odd steps: what the lock is given never opens outside what was asked for."""
    local = ZoneInfo(zone)
    staff = hours(days, begins, ends, zone=local, start=datetime(2026, 11, 2, tzinfo=local))
    now, last = staff.valid_from, None
    while now < datetime(2027, 12, 1, tzinfo=UTC):
        found = window_for(staff, now)
        assert found is not None
        assert found.valid_until > now
        if last is not None and found != last:
            assert last.valid_until <= now
            assert found.valid_from >= last.valid_until
        day = found.valid_from.astimezone(local)
        assert days >> day.weekday() & 1
        if begins is not None:
            first = time.fromisoformat(begins)
            assert day.time() == first or (day - timedelta(hours=2)).time() <= first
        assert found.valid_until - found.valid_from <= timedelta(days=6, hours=1)
        last = found
        now += timedelta(hours=13, minutes=37)
