"""The values of a spreadsheet's cells, and what they say as text and as numbers."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from app.domain.plain_text import one_line

Cell = str | int | float | bool | date | datetime | None
Row = Sequence[Cell]

LONGEST_TEXT = 2_000
"""Characters of a cell that are read; the rest is cut."""

_WITHOUT_A_MARK = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
_SHORTENED = re.compile(r"\d[.,]?\d*E\+?\d+", re.IGNORECASE)


def text_of(cell: Cell) -> str:
    """Return the cell as one tidy line; empty for an empty cell.

    Whole numbers lose the `.0` that spreadsheets and libraries give them.
    """
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    text = str(cell)
    if text.isprintable():  # nearly always, and many times quicker than looking at each character
        return " ".join(text.split())[:LONGEST_TEXT]
    return one_line(text, LONGEST_TEXT)


def count_of(cell: Cell) -> int | None:
    """Return a small whole number (rooms, persons, nights), or None where there is none."""
    found = re.fullmatch(r"(\d{1,3})(?:[.,]0+)?", text_of(cell))
    return int(found.group(1)) if found else None


def is_shortened(text: str) -> bool:
    """Tell a long number that a spreadsheet program has spoilt: 5.1002E+09."""
    return bool(_SHORTENED.fullmatch(text))


def folded(text: str) -> str:
    """Return letters and digits only, without case and accents: `# des bébés` is `desbebes`."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_WITHOUT_A_MARK))
    return "".join(filter(str.isalnum, plain))
