"""How long personal data is kept, to the day."""

from datetime import date

import pytest

from app.domain.retention import last_day_over


@pytest.mark.parametrize(
    ("today", "months", "last"),
    [
        (date(2026, 12, 19), 12, date(2025, 12, 19)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 12, 1), 120, date(2016, 12, 1)),
    ],
)
def test_departures_up_to_that_day_are_over(today: date, months: int, last: date) -> None:
    assert last_day_over(today, months) == last
