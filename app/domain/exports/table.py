"""A file's bytes into tables of cells: by what it holds, not by what it is called."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.exports.cells import Row

MOST_ROWS = 20_000
MOST_COLUMNS = 200
HEADING_WITHIN = 20
"""Rows that may stand above the headings, and the headings themselves."""


@dataclass(frozen=True)
class Table:
    """One sheet; or a text, read with one delimiter.

    Of a table that is too large only the first HEADING_WITHIN rows are there, to be named by.
    """

    rows: Sequence[Row]
    """From the file's first row on, empty rows included, so that they can be counted."""
    height: int
    width: int


def table_of(rows: Sequence[Row], height: int, width: int) -> Table:
    """Make a table, cut to its top where it is too large to be read."""
    too_large = height > MOST_ROWS + HEADING_WITHIN or width > MOST_COLUMNS
    return Table(rows[:HEADING_WITHIN] if too_large else rows, height, width)
