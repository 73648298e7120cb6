"""A workbook's bytes (.xls, .xlsx, .ods) into tables, read in a process of its own.

The library that reads them is written in Rust and ends the whole process when memory runs out. A
small file can make it: one cell at XFD1048576, a damaged .xls whose sectors point in a circle
(both measured, python-calamine 0.9.1). The child has little memory and little time to lose, and
whatever becomes of it is only a file that cannot be read.
"""

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.domain.exports.cells import Cell
from app.domain.exports.faults import UnreadableExport
from app.domain.exports.table import HEADING_WITHIN, MOST_COLUMNS, MOST_ROWS, Table, table_of

PATIENCE_SECONDS = 20
"""The child's own limit, of processor time, is half of it."""
_CHILD = Path(__file__).with_name("workbook_child.py")
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "RUST_BACKTRACE": "0"}
"""All that the child gets of it: no secret of ours is near what strangers wrote."""


def sheet_tables(data: bytes) -> list[Table]:
    """Return the visible sheets that hold anything. Raises UnreadableExport.

    Formulas are never evaluated: a cell is the value that was saved with it.
    """
    sheets = _read(data)
    if sheets is None:
        raise UnreadableExport(
            "It is damaged, or far too large once opened. Download it again, or open it in a"
            " spreadsheet program and save it as .csv."
        )
    if not sheets:
        raise UnreadableExport("There is nothing in its sheets. Download it again.")
    return [
        table_of([[_cell(one) for one in row] for row in rows], height, width)
        for rows, height, width in sheets
    ]


def _read(data: bytes) -> list[tuple[list[list[Any]], int, int]] | None:
    limits = [str(MOST_ROWS + HEADING_WITHIN), str(MOST_COLUMNS), str(HEADING_WITHIN)]
    try:
        child = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(_CHILD), str(PATIENCE_SECONDS // 2), *limits],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_SECONDS,
            env=_ENVIRONMENT,
            check=True,
        )
        sheets: list[tuple[list[list[Any]], int, int]] = json.loads(child.stdout)
    except (subprocess.SubprocessError, ValueError):
        return None
    return sheets


def _cell(value: Any) -> Cell:
    """Read one value of the child's: dates come as a list of their kind and their text."""
    if isinstance(value, list):
        kind, text = value
        return datetime.fromisoformat(text) if kind == "datetime" else date.fromisoformat(text)
    if isinstance(value, str):
        return value.strip() or None
    return value  # type: ignore[no-any-return]
