"""When a row's guests come and go, and how its list writes dates: by evidence, never by guess."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from app.domain.exports.cells import Cell, text_of
from app.domain.exports.dates import Order, day_of
from app.domain.nights import Nights

LONGEST_STAY = 731
"""Nights. A longer one is a mistyped year."""
_SHOWN = 40
"""Characters of a cell that a reason quotes."""


@dataclass(frozen=True)
class WrittenStay:
    """The two cells, and how many nights the row says lie between them, where it does.

    The nights are worth more than they look: they tell 12/1 from 1/12, and show that a spreadsheet
    program took an American date for a European one.
    """

    arrival: Cell
    departure: Cell
    nights: int | None = None

    @cached_property
    def readings(self) -> dict[Order, Nights]:
        """Return the stay as each order gives it, without those that cannot be meant."""
        found = {order: self._read(order) for order in Order}
        return {order: nights for order, nights in found.items() if nights and self._fits(nights)}

    def why_unreadable(self, order: Order | None) -> str:
        """Say why there is no reading at all, or why two are too many."""
        orders = list(Order) if order is None else [order]
        for cell, name in ((self.arrival, "check-in"), (self.departure, "check-out")):
            if not text_of(cell):
                return f"It has no {name} date."
            if all(day_of(cell, one) is None for one in orders):
                return f"Its {name} date “{text_of(cell)[:_SHOWN]}” cannot be read."
        wrong = next((nights for one in orders if (nights := self._read(one))), None)
        if wrong is None:
            return "Its check-out is not after its check-in."
        if len(wrong) > LONGEST_STAY:
            return f"It would last {len(wrong)} nights: one of its dates is wrong."
        if not self._fits(wrong):
            return (
                f"From {wrong.arrival} to {wrong.departure} is {len(wrong)} nights,"
                f" but its number of nights is {self.nights}."
            )
        return (
            f"Its dates, {text_of(self.arrival)[:_SHOWN]} to {text_of(self.departure)[:_SHOWN]},"
            " can be read in two ways: is the day first, or the month?"
        )

    def _read(self, order: Order) -> Nights | None:
        arrival, departure = day_of(self.arrival, order), day_of(self.departure, order)
        if arrival is None or departure is None or arrival >= departure:
            return None
        return Nights(arrival, departure)

    def _fits(self, nights: Nights) -> bool:
        return len(nights) <= LONGEST_STAY and self.nights in (None, len(nights))


def order_of(stays: Iterable[WrittenStay], usual: Order | None) -> Order | None:
    """Return the order in which the list writes its dates.

    Every row that makes sense in one order only is a witness. Where there is none, the list is
    taken to be as usual; where they contradict each other, each row must speak for itself: None.
    """
    witnesses = {
        order for stay in stays if len(readings := stay.readings) == 1 for order in readings
    }
    if not witnesses:
        return usual
    return witnesses.pop() if len(witnesses) == 1 else None


def nights_of(stay: WrittenStay, order: Order | None) -> Nights | None:
    """Return the nights, or None where they cannot be read, or be read in two ways."""
    readings = stay.readings
    if order is not None:
        return readings.get(order)
    return next(iter(readings.values())) if len(set(readings.values())) == 1 else None
