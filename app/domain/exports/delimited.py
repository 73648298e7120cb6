"""A text of rows and columns into tables: csv, with semicolons, with tabs."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from app.domain.exports.cells import LONGEST_TEXT
from app.domain.exports.faults import UnreadableExport
from app.domain.exports.table import HEADING_WITHIN, MOST_ROWS, Table, table_of

DELIMITERS = (",", ";", "\t")
_BEGINNING = 2_000
_MOST_STRANGE = 20
"""Characters at its beginning that nobody types; a guest's remark may hold one or two."""
_NULS_OF_UTF_16 = 5
"""One byte in so many at least is one: every second in English, fewer in other scripts."""
_KEPT_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
"""How some programs keep a spreadsheet from taking a long number for one."""


def text_tables(data: bytes) -> list[Table]:
    """Read the text with each delimiter: the one that makes the headings readable is right.

    Raises UnreadableExport for what is no text, a web page, and a quotation never closed.
    """
    text = _decoded(data)
    if text.lstrip().startswith("<"):
        raise UnreadableExport(
            "It is a web page, whatever its name says. Sign in to the booking site and download"
            " the list again, or open it in a spreadsheet program and save it as .xlsx."
        )
    tables = [table for delimiter in DELIMITERS if (table := _table(text, delimiter))]
    if not tables:
        raise UnreadableExport(
            "A quotation mark in it is never closed, so its rows cannot be told apart."
            " Download it again."
        )
    return tables


def _table(text: str, delimiter: str) -> Table | None:
    try:
        rows = list(islice(_filled(_rows(text, delimiter)), MOST_ROWS + HEADING_WITHIN + 1))
    except csv.Error:
        return None
    return table_of(rows, len(rows), max(map(len, rows), default=0))


def _rows(text: str, delimiter: str) -> Iterator[list[str | None]]:
    # An odd number of quotation marks is read strictly: a lenient reader takes all that follows an
    # unclosed one for a single cell, and the bookings in it would be lost without a word.
    strict = text.count('"') % 2 == 1
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict):
        cells = [_cell(one) for one in row]
        while cells and cells[-1] is None:
            cells.pop()
        yield cells


def _filled(rows: Iterable[list[str | None]]) -> Iterator[list[str | None]]:
    """Leave out the empty rows at the end: some programs write thousands of them."""
    empty = 0
    for row in rows:
        if row:
            yield from ([] for _ in range(empty))
            yield row
        empty = 0 if row else empty + 1


def _cell(text: str) -> str | None:
    if kept := _KEPT_AS_TEXT.fullmatch(text):
        text = kept.group(1)
    return text.strip()[:LONGEST_TEXT] or None


def _decoded(data: bytes) -> str:
    """Return the text. A picture or a document that happens to decode is none."""
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = sum(not (one.isprintable() or one.isspace()) for one in text[:_BEGINNING])
        if strange <= _MOST_STRANGE:
            return text
        break
    raise UnreadableExport("It is no spreadsheet. Upload the .csv, .xls or .xlsx as it came.")


def _encodings(data: bytes) -> tuple[str, ...]:
    """Return what the text may be written in: many NULs show UTF-16, and which half comes first."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if data.count(0) * _NULS_OF_UTF_16 > len(data):
        return ("utf-16-le",) if data[1::2].count(0) > data[::2].count(0) else ("utf-16-be",)
    return ("utf-8-sig", "cp1252")
