"""Files as hosts upload them, made of rows; and files that nobody should."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from app.domain.exports import Export, read_export

SAMPLES = Path(__file__).parents[2] / "samples" / "export"
UPLOADED_AT = datetime(2026, 11, 27, 12, tzinfo=UTC)

Value = str | int | float | None

BOOKING = ("Book number", "Guest name(s)", "Check-in", "Check-out", "Status", "Rooms", "Unit type")
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org'
        '/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    ),
}


def sample(name: str) -> Export:
    return read(SAMPLES.joinpath(name).read_bytes(), name)


def read(data: bytes, name: str = "list.csv") -> Export:
    return read_export(data, name, UPLOADED_AT)


def csv_of(*rows: Sequence[Value], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


def xlsx_of(*sheets: Iterable[Sequence[Value]], hidden: int = 0) -> bytes:
    """Make a workbook of these sheets, the first `hidden` of them out of sight."""
    entries = "".join(
        f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"'
        + (' state="hidden"/>' if n <= hidden else "/>")
        for n in range(1, len(sheets) + 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Target="worksheets/sheet{n}.xml" Type="http://schemas.'
        'openxmlformats.org/officeDocument/2006/relationships/worksheet"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = {
        **_PARTS,
        "xl/workbook.xml": (
            '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f"<sheets>{entries}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{links}</Relationships>"
        ),
    }
    for number, rows in enumerate(sheets, start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = sheet_of("".join(map(_row, rows)))
    return zip_of(parts)


def sheet_of(rows: str) -> str:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


def zip_of(parts: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def with_part(workbook: bytes, name: str, content: str | bytes) -> bytes:
    """Exchange or add one part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        parts: dict[str, str | bytes] = {one: archive.read(one) for one in archive.namelist()}
    return zip_of({**parts, name: content})


def _row(values: Sequence[Value]) -> str:
    return f"<row>{''.join(map(_cell, values))}</row>"


def _cell(value: Value) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"
