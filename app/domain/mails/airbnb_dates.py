"""The days of an Airbnb booking. Its mails leave the year out, or give it once for both days."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.mails.airbnb_words import CHECK_IN, LONGEST_LABEL
from app.domain.mails.dates import NamedDay, days_in, span_in
from app.domain.mails.folding import folded

LONGEST_STAY = timedelta(days=360)
"""What seems longer is one day named twice, and taken for that of two years."""
_LINES_BELOW_LABEL = 6
_A_DAY = timedelta(days=1)
"""A mail of the evening in America bears the next day's date here."""


@dataclass(frozen=True)
class ConfirmedStay:
    """What a confirmation says; `contradicts` when subject and text name different days."""

    arrival: date | None
    departure: date | None
    contradicts: bool = False


def confirmed_stay(in_subject: str, text: str, said_on: date) -> ConfirmedStay:
    """Read the day after "arrives", and the two days below "Check-in".

    A day without a year is the nearest one after the mail.
    """
    earliest = said_on - _A_DAY
    named = next(iter(days_in(in_subject)), None)
    arrival = named.from_day(earliest) if named else None
    below = _below_check_in(text)
    if below is None:
        return ConfirmedStay(arrival, None)
    first = below[0].from_day(earliest)
    if arrival is not None and first != arrival:
        return ConfirmedStay(None, None, contradicts=True)
    last = below[1].from_day(first + _A_DAY) if first else None
    return ConfirmedStay(first, last if first and last and _is_stay(first, last) else None)


def cancelled_stay(text: str, said_on: date) -> tuple[date, date] | None:
    """Read `Feb 10 – 14, 2027`. Without a year it is the stay that ends next after the mail."""
    span = span_in(text)
    if span is None:
        return None
    first, last = span
    if first.year is not None:
        arrival = first.in_year(first.year)
        departure = last.from_day(arrival + _A_DAY) if arrival else None
    else:
        departure = last.from_day(said_on - _A_DAY)
        arrival = _last_before(departure, first) if departure else None
    if arrival and departure and _is_stay(arrival, departure):
        return arrival, departure
    return None


def _below_check_in(text: str) -> tuple[NamedDay, NamedDay] | None:
    """Find the two days that follow the label, side by side or one below the other."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for i, line in enumerate(lines):
        if CHECK_IN.match(folded(line[:LONGEST_LABEL])):
            days = days_in("\n".join(lines[i : i + _LINES_BELOW_LABEL]))
            if len(days) >= 2:
                return days[0], days[1]
    return None


def _last_before(departure: date, day: NamedDay) -> date | None:
    days = (day.in_year(year) for year in (departure.year, departure.year - 1))
    return next((found for found in days if found and found < departure), None)


def _is_stay(arrival: date, departure: date) -> bool:
    return timedelta(0) < departure - arrival <= LONGEST_STAY
