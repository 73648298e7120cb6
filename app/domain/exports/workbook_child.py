"""Run by `workbook`, by path and alone: a workbook on stdin, its sheets as JSON on stdout.

Says nothing when it fails: the exit status does. It knows nothing of the rest of the app.
"""

import contextlib
import io
import json
import math
import resource
import sys
from datetime import date, datetime
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MOST_MEMORY = 512 * 1024 * 1024
"""Bytes. 20,000 bookings of 27 columns need about 200 MB."""
MOST_TEXT = 50_000_000
"""Characters of all cells together: one long text can be shared by a million cells."""
LONGEST_TEXT = 2_000


def main() -> int:
    seconds, most_rows, most_columns, top = map(int, sys.argv[1:])
    _limit(resource.RLIMIT_CPU, seconds)
    _limit(resource.RLIMIT_AS, MOST_MEMORY)
    _limit(resource.RLIMIT_CORE, 0)
    sheets = []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        for metadata in filter(_is_shown, workbook.sheets_metadata):
            sheet = workbook.get_sheet_by_name(metadata.name)
            if sheet.end is not None:
                height, width = sheet.end[0] + 1, sheet.end[1] + 1
                wanted = top if height > most_rows or width > most_columns else most_rows
                sheets.append((_rows(sheet, wanted, most_columns), height, width))
    except CalamineError:
        return 1
    said = json.dumps(sheets)
    if len(said) > MOST_TEXT:
        return 1
    sys.stdout.write(said)
    return 0


def _limit(kind: int, most: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # where the system has no such limit
        resource.setrlimit(kind, (most, most))


def _is_shown(sheet: SheetMetadata) -> bool:
    return sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible


def _rows(sheet: CalamineSheet, most_rows: int, most_columns: int) -> list[list[Any]]:
    rows = sheet.to_python(skip_empty_area=False, nrows=most_rows)
    return [[_plain(cell) for cell in row[:most_columns]] for row in rows]


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return ["datetime", cell.isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    return cell if isinstance(cell, int | float) else str(cell)[:LONGEST_TEXT]


if __name__ == "__main__":
    sys.exit(main())
