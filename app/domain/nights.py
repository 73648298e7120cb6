"""Nights of a stay: local dates in the property's time zone, departure exclusive."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Self


@dataclass(frozen=True, order=True)
class Nights:
    """The nights [arrival, departure); at least one. Raises ValueError when there is none."""

    arrival: date
    departure: date

    def __post_init__(self) -> None:
        if self.departure <= self.arrival:
            raise ValueError(f"no night between {self.arrival} and {self.departure}")

    def __len__(self) -> int:
        return (self.departure - self.arrival).days

    def __iter__(self) -> Iterator[date]:
        return (self.arrival + timedelta(days=n) for n in range(len(self)))

    def __contains__(self, night: object) -> bool:
        return isinstance(night, date) and self.arrival <= night < self.departure

    def overlaps(self, other: "Nights") -> bool:
        """Tell whether the two share a night; a same-day turnover shares none."""
        return self.arrival < other.departure and other.arrival < self.departure

    def covers(self, other: "Nights") -> bool:
        return self.arrival <= other.arrival and other.departure <= self.departure

    def shared_with(self, other: "Nights") -> int:
        """Count the nights that the two share."""
        shared = min(self.departure, other.departure) - max(self.arrival, other.arrival)
        return max(shared.days, 0)

    def from_day(self, today: date) -> Self | None:
        """Return what is left from `today` on, or None when the last night is over."""
        if self.departure <= today:
            return None
        return type(self)(max(self.arrival, today), self.departure)


def merged(ranges: Iterable[Nights]) -> list[Nights]:
    """Join touching and overlapping ranges; sorted."""
    joined: list[Nights] = []
    for one in sorted(ranges):
        if joined and one.arrival <= joined[-1].departure:
            last = joined.pop()
            one = Nights(last.arrival, max(last.departure, one.departure))
        joined.append(one)
    return joined


class NightSet:
    """Many nights to be asked about often: each question costs a search, not a walk."""

    def __init__(self, ranges: Iterable[Nights]) -> None:
        self._ranges = merged(ranges)
        self._arrivals = [one.arrival for one in self._ranges]

    def holds(self, nights: Nights) -> bool:
        """Tell whether every one of these nights is in the set."""
        return not self.gaps(nights)

    def gaps(self, nights: Nights) -> list[Nights]:
        """Return the parts of `nights` that are not in the set; sorted."""
        parts: list[Nights] = []
        day = nights.arrival
        first = max(bisect_right(self._arrivals, day) - 1, 0)
        for held in islice(self._ranges, first, None):
            if held.arrival >= nights.departure:
                break
            if day < held.arrival:
                parts.append(Nights(day, held.arrival))
            day = max(day, held.departure)
        if day < nights.departure:
            parts.append(Nights(day, nights.departure))
        return parts


def subtracted(ranges: Iterable[Nights], taken: Iterable[Nights]) -> list[Nights]:
    """Return the parts of `ranges` that no range of `taken` holds; sorted, joined."""
    holes = NightSet(taken)
    return [part for one in merged(ranges) for part in holes.gaps(one)]
