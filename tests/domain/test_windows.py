from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.nights import Nights
from app.domain.windows import EmptyWindow, HouseTimes, Window, access_window

LONDON = ZoneInfo("Europe/London")
USUAL = HouseTimes(time(15), time(11))


def window(first: date, last: date, times: HouseTimes = USUAL, zone: ZoneInfo = LONDON) -> Window:
    return access_window(Nights(first, last), times, zone)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_code_begins_and_ends_at_the_houses_times() -> None:
    assert window(date(2026, 12, 19), date(2026, 12, 21)) == Window(
        utc(2026, 12, 19, 15), utc(2026, 12, 21, 11)
    )


def test_code_ends_at_check_out_time_across_dst() -> None:
    # London goes to summer time on 28 March 2027 and back on 31 October.
    spring = window(date(2027, 3, 27), date(2027, 3, 29))
    autumn = window(date(2027, 10, 30), date(2027, 11, 1))

    assert spring == Window(utc(2027, 3, 27, 15), utc(2027, 3, 29, 10))
    assert autumn == Window(utc(2027, 10, 30, 14), utc(2027, 11, 1, 11))


def test_time_that_does_not_exist_moves_to_the_next_real_minute() -> None:
    night = HouseTimes(time(1, 30), time(11))

    assert window(date(2027, 3, 28), date(2027, 3, 29), night).valid_from == utc(2027, 3, 28, 1)


def test_time_that_comes_twice_is_read_in_the_guests_favour() -> None:
    night = HouseTimes(time(1, 30), time(1, 30))

    found = window(date(2027, 10, 31), date(2027, 11, 1), night)
    leaving = window(date(2027, 10, 30), date(2027, 10, 31), night)

    assert found.valid_from == utc(2027, 10, 31, 0, 30)
    assert leaving.valid_until == utc(2027, 10, 31, 1, 30)


def test_half_hour_zone_with_a_half_hour_gap() -> None:
    # Lord Howe Island moves by thirty minutes.
    times = HouseTimes(time(2, 15), time(11))

    found = window(date(2026, 10, 4), date(2026, 10, 5), times, ZoneInfo("Australia/Lord_Howe"))

    assert found.valid_from == utc(2026, 10, 3, 15, 30)


def test_window_without_an_instant_is_refused() -> None:
    with pytest.raises(EmptyWindow):
        Window(utc(2026, 12, 19), utc(2026, 12, 19))


@given(
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.integers(1, 60),
    st.times(),
    st.times(),
    st.sampled_from(
        ["Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Africa/Casablanca"]
    ),
)
def test_every_stay_of_a_night_or_more_has_a_window(
    first: date, nights: int, check_in: time, check_out: time, name: str
) -> None:
    zone = ZoneInfo(name)
    last = date.fromordinal(first.toordinal() + nights)
    times = HouseTimes(check_in.replace(second=0, microsecond=0), check_out.replace(microsecond=0))
    try:
        found = window(first, last, times, zone)
    except EmptyWindow:
        assert nights == 1
        return

    assert found.valid_from.tzinfo is UTC
    assert found.valid_from.astimezone(zone).date() >= first
