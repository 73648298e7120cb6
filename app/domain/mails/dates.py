"""Days as mails name them: `Saturday, 19 December 2026`, `Dec 5`, `18 – 19 jul 2026`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.mails.folding import folded, plain
from app.domain.mails.months import NAMES, month_of

LONGEST = 2_000
"""Characters that are looked through; a subject has a few dozen."""

_MONTH = rf"(?<![^\W\d_])({'|'.join(sorted(NAMES, key=len, reverse=True))})(?![^\W\d_])\.?"
_DAY = r"(?<![\d:])(\d{1,2})(?:st|nd|rd|th|er|[.oa])?(?![\w:])"
_YEAR = r"(?:,?\s*(?:del?\s+)?(20\d\d)(?!\d))?"
_OF = r"\s*(?:of\s+|de\s+|d['\u2019])?"
_TO = r"\s*[-\u2010-\u2015]\s*"

_NAMED = re.compile(f"{_DAY}{_OF}{_MONTH}{_YEAR}|{_MONTH}\\s*{_DAY}{_YEAR}")
_SPAN_DAY_FIRST = re.compile(rf"(?<![\d:])(\d{{1,2}})\.?{_TO}{_DAY}{_OF}{_MONTH}{_YEAR}")
_SPAN_MONTH_FIRST = re.compile(rf"{_MONTH}\s*(\d{{1,2}}){_TO}{_DAY}{_YEAR}")
_YEAR_FIRST = re.compile(
    r"(?<!\d)(20\d\d)\s*[-/.\u5e74\ub144]\s*(\d{1,2})\s*[-/.\u6708\uc6d4]\s*(\d{1,2})(?!\d)"
)
"""ISO, and Chinese, Japanese (`2026年12月19日`) and Korean."""
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(20\d\d)(?!\d)")
_ANY_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


@dataclass(frozen=True)
class NamedDay:
    """A day of a month. Airbnb leaves the year out."""

    day: int
    month: int
    year: int | None = None

    def in_year(self, year: int) -> date | None:
        """Return the date, or None where that year has no such day."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None

    def from_day(self, earliest: date) -> date | None:
        """Return the day in its own year or, without one, the first such day from `earliest` on."""
        if self.year is not None:
            return self.in_year(self.year)
        years = range(earliest.year, earliest.year + 9)  # 29 February may be eight years away
        days = (self.in_year(year) for year in years)
        return next((day for day in days if day and day >= earliest), None)


def date_in(text: str, language: str | None = None) -> date | None:
    """Return the one full date that a text gives; None when it gives none, or two.

    `1/8/2026` is the first of August, as everywhere but in America; in English it is neither.
    """
    words = _searched(text)
    found = {*_dates_in_words(words, language), *_dates_in_numbers(words, language)}
    return found.pop() if len(found) == 1 else None


def days_in(text: str, language: str | None = None) -> list[NamedDay]:
    """Return the days that a text names with their month, in order."""
    return list(_named(_searched(text), language))


def span_in(text: str, language: str | None = None) -> tuple[NamedDay, NamedDay] | None:
    """Return the first and the last day of `Feb 10 – 14, 2027`, `18 – 19 jul` or `30 dic – 3 ene`.

    A year that stands only at the end is the last day's; the first is then the nearest before it.
    """
    words = _searched(text)
    if found := _SPAN_MONTH_FIRST.search(words):
        month, first, last, year = found.groups()
    elif found := _SPAN_DAY_FIRST.search(words):
        first, last, month, year = found.groups()
    else:
        days = list(_named(words, language))
        return (days[0], days[1]) if len(days) == 2 else None
    number = month_of(month, language)
    if number is None:
        return None
    in_year = int(year) if year else None
    return NamedDay(int(first), number, in_year), NamedDay(int(last), number, in_year)


def _searched(text: str) -> str:
    return folded(plain(text[:LONGEST]))


def _named(words: str, language: str | None) -> Iterator[NamedDay]:
    for found in _NAMED.finditer(words):
        day, month, year, other_month, other_day, other_year = found.groups()
        number = month_of(month or other_month, language)
        if number is not None:
            written = year or other_year
            yield NamedDay(int(day or other_day), number, int(written) if written else None)


def _dates_in_words(words: str, language: str | None) -> Iterator[date]:
    """Give each day its own year or, as in Hungarian, the one that stands elsewhere in the text."""
    years = {int(year) for year in _ANY_YEAR.findall(words)}
    for named in _named(words, language):
        year = named.year or (next(iter(years)) if len(years) == 1 else None)
        if year is not None and (day := named.in_year(year)):
            yield day


def _dates_in_numbers(words: str, language: str | None) -> Iterator[date]:
    for year, month, day in _YEAR_FIRST.findall(words):
        if found := NamedDay(int(day), int(month)).in_year(int(year)):
            yield found
    for first, second, year in _YEAR_LAST.findall(words):
        yield from _either_order(int(first), int(second), int(year), language)


def _either_order(first: int, second: int, year: int, language: str | None) -> Iterator[date]:
    day_first = NamedDay(first, second).in_year(year)
    month_first = NamedDay(second, first).in_year(year)
    if language != "en" and day_first:
        yield day_first
    else:
        yield from {day for day in (day_first, month_first) if day}
