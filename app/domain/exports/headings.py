"""Which row of a table holds the headings, whose they are, and where each column stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.exports.cells import Cell, Row, folded, text_of
from app.domain.exports.dates import Order
from app.domain.exports.heading_words import HEADINGS, Column, Words
from app.domain.exports.table import HEADING_WITHIN, Table

NEEDED = frozenset({Column.REFERENCE, Column.ARRIVAL, Column.DEPARTURE})
"""Without these a row says nothing of a booking."""

_COLUMNS: Mapping[str, Mapping[str, Column]] = {
    channel: {folded(word): column for column, words in table.items() for word in words}
    for channel, table in HEADINGS.items()
}
_MOST_NAMED = 12
_LONGEST_NAMED = 30
_ENGLISH = folded("Start date")


@dataclass(frozen=True)
class Headings:
    """The row of the table (counted from 1) in which they stand, and the column of each."""

    channel: str
    line: int
    columns: Mapping[Column, int]
    usual_order: Order | None
    """How this list writes dates with slashes, where nothing in it shows it."""

    def fields_of(self, row: Row) -> dict[Column, Cell]:
        """Return what the row says by column; what it is too short for is empty."""
        return {column: row[at] if at < len(row) else None for column, at in self.columns.items()}


def headings_of(table: Table) -> Headings | None:
    """Find the row with most known headings; titles, filters and empty rows may stand above."""
    found = [
        headings
        for line, row in enumerate(table.rows[:HEADING_WITHIN], start=1)
        for channel in HEADINGS
        if (headings := _headings(channel, line, row))
    ]
    return max(found, key=lambda one: len(one.columns), default=None)


def headings_looked_for() -> str:
    """Name, for each channel, what its needed columns are called, in English."""
    return "; ".join(f"{_named(words)} ({channel})" for channel, words in HEADINGS.items())


def headings_seen(table: Table) -> str:
    """Name what stands in the row that looks most like headings; empty when none does."""
    texts = [[text_of(cell) for cell in row if isinstance(cell, str)] for row in table.rows]
    fullest: Sequence[str] = max(texts[:HEADING_WITHIN], key=len, default=())
    named = [f"“{text[:_LONGEST_NAMED]}”" for text in fullest[:_MOST_NAMED]]
    return ", ".join(named) + (" …" if len(fullest) > _MOST_NAMED else "")


def _headings(channel: str, line: int, row: Row) -> Headings | None:
    columns: dict[Column, int] = {}
    for at, cell in enumerate(row):
        column = _COLUMNS[channel].get(folded(text_of(cell))) if isinstance(cell, str) else None
        if column is not None:
            columns.setdefault(column, at)
    if not columns.keys() >= NEEDED:
        return None
    return Headings(channel, line, columns, _usual_order(channel, columns, row))


def _usual_order(channel: str, columns: Mapping[Column, int], row: Row) -> Order | None:
    """Airbnb writes the month first in its earnings, in every language, and in English lists.

    Its lists of reservations in French and Dutch were seen with the day first.
    """
    if channel != "airbnb":
        return None
    is_english = folded(text_of(row[columns[Column.ARRIVAL]])) == _ENGLISH
    return Order.MONTH_FIRST if is_english or Column.KIND in columns else None


def _named(words: Words) -> str:
    return ", ".join(f"“{words[column][0]}”" for column in Column if column in NEEDED)
