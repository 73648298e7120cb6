"""Days and hours as people say them: "Mon-Fri 09:00-13:00", with en dashes."""

from datetime import date, time, timedelta

from flask_babel import format_date
from flask_babel import gettext as _

from app import wording
from app.domain.staff_hours import EVERY_DAY

MONDAY = date(2024, 1, 1)
RUN = 3
"""So many days that follow each other are said as from-to."""


def day_name(number: int) -> str:
    """Return "Mon" for 0 to "Sun" for 6."""
    return str(format_date(MONDAY + timedelta(days=number), "EEE"))


def days_text(days: int) -> str:
    """Say which days the bits mean: "every day", "Mon-Fri", "Tue, Thu"."""
    if days == EVERY_DAY:
        return str(_("every day"))
    runs: list[list[int]] = []
    for number in range(7):
        if not days >> number & 1:
            continue
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said: list[str] = []
    for run in runs:
        if len(run) >= RUN:
            said.append(f"{day_name(run[0])}\N{EN DASH}{day_name(run[-1])}")
        else:
            said.extend(day_name(number) for number in run)
    return ", ".join(said)


def hours_text(from_time: time | None, until_time: time | None) -> str:
    """Say "09:00-13:00", or "the whole day"."""
    if from_time is None or until_time is None:
        return str(_("the whole day"))
    return f"{wording.clock(from_time)}\N{EN DASH}{wording.clock(until_time)}"
