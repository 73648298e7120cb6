"""Nights of a stay: local dates in the property's time zone, departure exclusive."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
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


def subtracted(ranges: Iterable[Nights], taken: Iterable[Nights]) -> list[Nights]:
    """Return the parts of `ranges` that no range of `taken` holds; sorted, joined."""
    left = merged(ranges)
    for hole in taken:
        parts: list[Nights] = []
        for one in left:
            if not one.overlaps(hole):
                parts.append(one)
                continue
            if one.arrival < hole.arrival:
                parts.append(Nights(one.arrival, hole.arrival))
            if hole.departure < one.departure:
                parts.append(Nights(hole.departure, one.departure))
        left = parts
    return left
