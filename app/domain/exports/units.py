"""The rooms a booking names: one cell may name several, and a name may hold a comma."""

import re
from collections.abc import Sequence
from itertools import chain

LONGEST_NAME = 200
_TIMES = re.compile(r"([1-9]\d?) ?[x\u00d7] ?(?=\D)(.+)", re.IGNORECASE)


def units_in(cell: str, rooms: int | None) -> tuple[str, ...]:
    """Return the names in one cell of a booking of so many rooms (None: it does not say).

    Only the number of rooms tells `Double Room, Single Room` from `Loft, attic`: a cell is taken
    apart where that gives just so many names, and is one name otherwise.
    """
    if not cell:
        return ()
    if rooms == 1:
        return (cell[:LONGEST_NAME],)
    whole = _each(cell)
    parts = tuple(chain.from_iterable(_each(part) for part in cell.split(", ")))
    if rooms is None or len(whole) == rooms:
        return whole
    return parts if len(parts) == rooms else whole


def units_of_lines(cells: Sequence[str], rooms: int | None) -> tuple[str, ...]:
    """Return the names in the lines of one booking, which may have a line for each room."""
    if len(cells) == 1:
        return units_in(cells[0], rooms)
    if len(cells) == rooms:
        return tuple(cell[:LONGEST_NAME] for cell in cells if cell)
    return tuple(chain.from_iterable(units_in(cell, None) for cell in cells))


def _each(name: str) -> tuple[str, ...]:
    """Read `2 x Double Room` as two of them."""
    found = _TIMES.fullmatch(name)
    times, name = (int(found[1]), found[2]) if found else (1, name)
    return (name.strip()[:LONGEST_NAME],) * times
