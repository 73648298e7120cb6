"""How far back logs are read: a week where that is one call, else at least once a day."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from app.domain.log_spans import FIRST, MARGIN, WHOLE, read_since

NOW = datetime(2026, 12, 19, 16, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def whole_readings(door_id: int, every: timedelta, lasts: timedelta) -> list[datetime]:
    """Return when a door that is read so often is read as far back as can be."""
    times = [NOW + number * every for number in range(int(lasts / every))]
    return [
        at
        for before, at in pairwise(times)
        if read_since(door_id, before, at, is_busy=True) <= at - WHOLE
    ]


def test_log_that_was_never_read_is_read_a_day_back() -> None:
    assert read_since(3, None, NOW, is_busy=False) == NOW - FIRST


@pytest.mark.parametrize("every", [MINUTE, 5 * MINUTE, 3 * HOUR, 6.6 * HOUR])
@pytest.mark.parametrize("door_id", [1, 2, 33])
def test_what_is_heard_late_is_read_within_a_day(door_id: int, every: timedelta) -> None:
    whole = whole_readings(door_id, every, 10 * DAY)

    assert all(later - earlier <= DAY for earlier, later in pairwise(whole))
    assert 10 <= len(whole) <= 15


def test_quiet_log_is_read_whole_each_time() -> None:
    assert read_since(3, NOW - MINUTE, NOW, is_busy=False) == NOW - WHOLE


def test_most_readings_go_back_to_the_last_one_only() -> None:
    spans = [
        read_since(1, NOW + n * MINUTE, NOW + (n + 1) * MINUTE, is_busy=True)
        for n in range(14 * 60)
    ]

    far = [n for n, since in enumerate(spans) if since != NOW + n * MINUTE - MARGIN]
    assert len(far) <= 1


def test_log_that_was_not_read_for_long_is_read_from_then() -> None:
    long_ago = NOW - 9 * DAY

    assert read_since(1, long_ago, NOW, is_busy=True) == long_ago - MARGIN


def test_doors_are_not_read_far_back_all_at_once() -> None:
    at_once = {whole_readings(door_id, 5 * MINUTE, DAY)[0] for door_id in range(10)}

    assert len(at_once) > 5
