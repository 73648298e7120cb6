"""How long personal data is kept."""

from calendar import monthrange
from datetime import date, timedelta

DIGITS_KEPT = timedelta(days=30)
"""After a code is gone from its lock: as long as a guest may ask why it did not open."""


def last_day_over(today: date, months: int) -> date:
    """Return the latest departure that is at least so many months ago.

    A month that is too short for the day ends early: nobody's data is erased sooner than said.
    """
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
