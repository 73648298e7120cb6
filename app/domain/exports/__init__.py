"""Reading the channels' spreadsheet exports: a file's bytes into bookings.

From the bytes inwards: `content` finds the tables, `headings` the columns, `lines` reads each row,
`merging` puts the lines of one booking together. The same bytes always give the same bookings;
only `workbook` needs more than Python for it, a process that may end in its stead.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.domain.exports.content import tables_in
from app.domain.exports.export import Export as Export
from app.domain.exports.export import ExportRow as ExportRow
from app.domain.exports.export import SkippedRow as SkippedRow
from app.domain.exports.export import digest_of
from app.domain.exports.faults import UnreadableExport as UnreadableExport
from app.domain.exports.headings import (
    Headings,
    headings_looked_for,
    headings_of,
    headings_seen,
)
from app.domain.exports.lines import Entry, Line, Manner, line_in
from app.domain.exports.merging import merged
from app.domain.exports.stays import order_of
from app.domain.exports.table import MOST_COLUMNS, MOST_ROWS, Table
from app.domain.plain_text import one_line

LONGEST_FILE_NAME = 100
_CLOCKS_APART = timedelta(days=1)
"""How far ahead of ours the channel's clock may be, time zones included."""


def read_export(data: bytes, file_name: str, uploaded_at: datetime) -> Export:
    """Read a file that a host has uploaded.

    `uploaded_at` is aware, in the property's zone: the times in the file name none, and are read as
    of that one; what is later than it says nothing of the file's age. Raises UnreadableExport.
    """
    try:
        return _read(data, uploaded_at)
    except UnreadableExport as fault:
        name = one_line(file_name, LONGEST_FILE_NAME) or "The file"
        raise UnreadableExport(f"{name} could not be read. {fault.message}") from fault


def _read(data: bytes, uploaded_at: datetime) -> Export:
    table, headings = _known_table(tables_in(data))
    below = enumerate(table.rows[headings.line :], start=headings.line + 1)
    entries = [Entry(number, headings.fields_of(row)) for number, row in below]
    bookings = [entry for entry in entries if entry.is_booking]
    if not bookings:
        raise UnreadableExport("It has headings and no bookings. Choose a longer time.")
    order = order_of((entry.stay for entry in bookings), headings.usual_order)
    manner = Manner(headings.channel, order, uploaded_at.tzinfo)
    read = [line_in(entry, manner) for entry in bookings]
    told = list(merged(line for line in read if isinstance(line, Line)))
    skipped = [one for one in (*read, *told) if isinstance(one, SkippedRow)]
    rows = [one for one in told if isinstance(one, ExportRow)]
    return Export(
        channel=headings.channel,
        rows=tuple(sorted(rows, key=lambda one: one.line)),
        skipped=tuple(sorted(skipped, key=lambda one: one.line)),
        made_at=_made_at(rows, uploaded_at),
        digest=digest_of(rows, uploaded_at.tzinfo),
    )


def _known_table(tables: list[Table]) -> tuple[Table, Headings]:
    """Return the table with most known headings. Raises UnreadableExport when none has them."""
    known = [(table, found) for table in tables if (found := headings_of(table))]
    if not known:
        fullest = max(tables, key=lambda table: table.width)
        seen = headings_seen(fullest)
        raise UnreadableExport(
            (f"Its headings are {seen}. " if seen else "It has no row of headings. ")
            + f"Looked for: {headings_looked_for()}."
            + " Download the list of reservations again, in English if that can be chosen."
        )
    table, headings = max(known, key=lambda pair: len(pair[1].columns))
    if table.height - headings.line > MOST_ROWS:
        raise UnreadableExport(f"It has more than {MOST_ROWS:,} rows. Choose a shorter time.")
    if table.width > MOST_COLUMNS:
        raise UnreadableExport(
            f"It has more than {MOST_COLUMNS} columns. Upload the list as it was downloaded."
        )
    return table, headings


def _made_at(rows: Iterable[ExportRow], uploaded_at: datetime) -> datetime | None:
    told = [moment for row in rows for moment in (row.booked_at, row.cancelled_at) if moment]
    return max((one for one in told if one <= uploaded_at + _CLOCKS_APART), default=None)
