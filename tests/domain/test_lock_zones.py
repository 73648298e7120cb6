"""Which offsets from UTC a zone has, and how they are written."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.lock_zones import offsets_of, written

WINTER, SUMMER = datetime(2026, 12, 19, 16, tzinfo=UTC), datetime(2027, 6, 19, 16, tzinfo=UTC)


@pytest.mark.parametrize("now", [WINTER, SUMMER])
@pytest.mark.parametrize(
    ("zone", "minutes"),
    [
        ("Europe/London", {0, 60}),
        ("Australia/Lord_Howe", {630, 660}),
        ("Asia/Kolkata", {330}),
        ("America/St_Johns", {-210, -150}),
    ],
)
def test_zone_has_the_offsets_of_both_halves_of_the_year(
    zone: str, minutes: set[int], now: datetime
) -> None:
    assert offsets_of(ZoneInfo(zone), now) == {timedelta(minutes=one) for one in minutes}


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "UTC"), (60, "UTC+1"), (330, "UTC+5:30"), (-210, "UTC-3:30"), (-600, "UTC-10")],
)
def test_offset_is_written_as_people_do(minutes: int, text: str) -> None:
    assert written(timedelta(minutes=minutes)) == text
