"""Days and times as exports write them. What can be read in two ways is read in neither."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum

from app.domain.exports.cells import Cell, folded
from app.domain.exports.months import MONTHS


class Order(StrEnum):
    """Which of two numbers is the day: 03/04/2026."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


YEARS = range(2000, 2100)
_LONGEST = 60
"""Characters; no date is longer."""
_TIME = re.compile(
    r"[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?\s*(?P<offset>Z|UTC|[+-]\d\d:?\d\d)?$",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})\.?")
"""Day first, wherever dates are written with dots."""
_EITHER = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})")
_WORDED = re.compile(
    r"(?:[^\W\d]+\.?,? )?(\d{1,2})(?:\.|st|nd|rd|th)? (?:de )?([^\W\d]+)\.?,? (?:de )?(\d{4})\.?"
)
_WORD_FIRST = re.compile(
    r"(?:[^\W\d]+\.?,? )?([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.IGNORECASE
)


def day_of(cell: Cell, order: Order) -> date | None:
    """Return the day a cell names, or None. `order` matters only for dates such as 03/04/2026."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell if cell.year in YEARS else None
    if not isinstance(cell, str) or len(cell) > _LONGEST:
        return None
    text = _TIME.sub("", _tidy(cell))
    return next((day for numbers in _numbers(text, order) if (day := _date(*numbers))), None)


def moment_of(cell: Cell, order: Order, zone: tzinfo | None) -> datetime | None:
    """Return the instant a cell names, in UTC; local times are of `zone`, a mere day begins it."""
    day = day_of(cell, order)
    if day is None:
        return None
    if isinstance(cell, datetime):
        local = cell if cell.tzinfo else cell.replace(tzinfo=zone)
    else:
        found = _TIME.search(_tidy(str(cell)))
        local = datetime.combine(day, time(), zone)
        if found:
            try:
                local = datetime.combine(day, _clock(found), _zone(found["offset"]) or zone)
            except ValueError:
                return None
    return local.astimezone(UTC)


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _numbers(text: str, order: Order) -> Iterator[tuple[int, int, int]]:
    """Yield year, month and day."""
    if found := _YEAR_FIRST.fullmatch(text):
        yield int(found[1]), int(found[2]), int(found[3])
    elif found := _DOTTED.fullmatch(text):
        yield int(found[3]), int(found[2]), int(found[1])
    elif found := _EITHER.fullmatch(text):
        first, second = int(found[1]), int(found[3])
        day, month = (first, second) if order == Order.DAY_FIRST else (second, first)
        yield int(found[4]), month, day
    elif found := _WORDED.fullmatch(text):
        yield int(found[3]), MONTHS.get(folded(found[2]), 0), int(found[1])
    elif found := _WORD_FIRST.fullmatch(text):
        yield int(found[3]), MONTHS.get(folded(found[1]), 0), int(found[2])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> time:
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    return time(hour, int(found["minute"]), int(found["second"] or 0))


def _zone(offset: str | None) -> tzinfo | None:
    if offset is None:
        return None
    if offset[0] not in "+-":
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
