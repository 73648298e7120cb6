"""Files that nothing can be taken from: each says what it is and what to do."""

import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress

import pytest

from app.domain.exports import UnreadableExport
from tests.domain.exports.files import (
    BOOKING,
    SAMPLES,
    Value,
    csv_of,
    read,
    sheet_of,
    with_part,
    xlsx_of,
    zip_of,
)

ROW: Sequence[Value] = (5100200304, "Alice", "2026-12-19", "2026-12-21", "ok", 1, "Double Room")
XLS = (SAMPLES / "booking-reservations-check-in.xls").read_bytes()
XLSX = (SAMPLES / "booking-reservations-check-in.xlsx").read_bytes()
SHEET = "xl/worksheets/sheet1.xml"
DAMAGED = "It is damaged"
NO_SPREADSHEET = "It is no spreadsheet"


def many_rows(count: int) -> Iterator[Sequence[Value]]:
    return ((5_100_000_000 + 7 * n, *ROW[1:]) for n in range(count))


def far_cell(where: str) -> bytes:
    """A small file whose table would fill the memory of any machine."""
    rows = f'<row><c r="A1"><v>1</v></c></row><row><c r="{where}"><v>1</v></c></row>'
    return with_part(xlsx_of([BOOKING, ROW]), SHEET, sheet_of(rows))


def circular_xls() -> bytes:
    """An xls whose first sector of the directory is followed by itself, for ever."""
    sectors = bytearray(XLS)
    table_at = 512 * (1 + struct.unpack_from("<I", XLS, 76)[0])
    directory = struct.unpack_from("<I", XLS, 48)[0]
    struct.pack_into("<I", sectors, table_at + 4 * directory, directory)
    return bytes(sectors)


def locked_xls() -> bytes:
    """The sample with a FILEPASS record among its first."""
    at = XLS.index(b"\x42\x00\x02\x00")
    return XLS[:at] + b"\x2f\x00" + XLS[at + 2 :]


def lying_zip() -> bytes:
    """60 MB of blanks in a part that says it has ten bytes."""
    honest = with_part(xlsx_of([BOOKING, ROW]), "xl/sharedStrings.xml", b" " * 60_000_000)
    size = struct.pack("<I", 60_000_000)
    return honest.replace(size, struct.pack("<I", 10))


def shared_text() -> bytes:
    """One text of 30,000 characters that 40,000 cells show."""
    text = "x" * 30_000
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>{text}</t></si></sst>"
    )
    rows = "<row>" + '<c t="s"><v>0</v></c>' * 100 + "</row>"
    book = with_part(xlsx_of([BOOKING, ROW]), SHEET, sheet_of(rows * 400))
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        links = archive.read("xl/_rels/workbook.xml.rels").decode()
    links = links.replace(
        "</Relationships>",
        '<Relationship Id="rId9" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org'
        '/officeDocument/2006/relationships/sharedStrings"/></Relationships>',
    )
    book = with_part(book, "xl/_rels/workbook.xml.rels", links)
    return with_part(book, "xl/sharedStrings.xml", strings)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "It is empty", id="empty"),
        pytest.param(b" \r\n\t ", "It is empty", id="blank"),
        pytest.param(b"x" * (5 * 1024 * 1024 + 1), "It is larger than 5 MB", id="6-mb"),
        pytest.param(csv_of(BOOKING), "It has headings and no bookings", id="only-headings"),
        pytest.param(xlsx_of([BOOKING]), "headings and no bookings", id="only-headings-xlsx"),
        pytest.param(xlsx_of([]), "There is nothing in its sheets", id="empty-sheet"),
        pytest.param(b"<html><table><tr><td>Book number", "It is a web page", id="html-as-xls"),
        pytest.param(b"\xef\xbb\xbf\n<!DOCTYPE html>", "It is a web page", id="html-with-bom"),
        pytest.param(b'<?xml version="1.0"?><Workbook>', "It is a web page", id="xml"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(1, 9)) * 99, NO_SPREADSHEET),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), NO_SPREADSHEET),
        pytest.param(b"\x81\x8d\x8f\x90\x9d", NO_SPREADSHEET, id="no-encoding"),
        pytest.param(b"Dear Alice,\nsee you soon.", "Its headings are “Dear Alice”", id="letter"),
        pytest.param(csv_of(BOOKING) + b'"unclosed,1\n' * 3, "never closed", id="unclosed"),
        pytest.param(XLSX[: len(XLSX) // 2], DAMAGED, id="truncated-xlsx"),
        pytest.param(XLS[: len(XLS) // 2], DAMAGED, id="truncated-xls"),
        pytest.param(b"PK\x03\x04", DAMAGED, id="zip-magic-only"),
        pytest.param(XLS[:8], DAMAGED, id="ole-magic-only"),
        pytest.param(circular_xls(), DAMAGED, id="circular-xls"),
        pytest.param(with_part(XLSX, "xl/workbook.xml", "<nothing"), DAMAGED, id="broken-xml"),
        pytest.param(far_cell("XFD1048576"), DAMAGED, id="far-cell"),
        pytest.param(far_cell("ZZZZ99999999"), DAMAGED, id="farther-cell"),
        pytest.param(shared_text(), DAMAGED, id="shared-text"),
        pytest.param(zip_of({"list.csv": csv_of(BOOKING, ROW)}), "It is an archive", id="zip"),
        pytest.param(
            with_part(XLSX, "xl/media/bomb.bin", b"\0" * 40_000_000), "packed so tightly", id="bomb"
        ),
        pytest.param(
            zip_of({f"xl/{n}.xml": "" for n in range(1_001)}), "packed so tightly", id="many-parts"
        ),
        pytest.param(XLS + "EncryptedPackage".encode("utf-16-le"), "with a password", id="locked"),
        pytest.param(locked_xls(), "with a password", id="locked-xls"),
        pytest.param(
            csv_of(BOOKING, *many_rows(25_000)), "It has more than 20,000 rows", id="25000-rows"
        ),
        pytest.param(
            xlsx_of([BOOKING, *many_rows(25_000)]), "more than 20,000 rows", id="25000-rows-xlsx"
        ),
        pytest.param(
            csv_of((*BOOKING, *["x"] * 194), ROW), "It has more than 200 columns", id="201-columns"
        ),
        pytest.param(far_cell("XFD2"), "It has no row of headings", id="no-headings"),
    ],
)
def test_file_is_refused_in_words(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableExport) as caught:
        read(data, "list.xls")

    assert caught.value.message.startswith("list.xls could not be read. ")
    assert message in caught.value.message


def test_archive_that_lies_of_its_size_does_no_harm() -> None:
    with suppress(UnreadableExport):
        assert [row.reference for row in read(lying_zip()).rows] == ["5100200304"]


def test_largest_file_is_read() -> None:
    assert len(read(xlsx_of([BOOKING, *many_rows(20_000)])).rows) == 20_000


def test_long_texts_are_cut() -> None:
    (row,) = read(csv_of(BOOKING, (*ROW[:-1], "Loft " * 1_000))).rows

    assert len(row.unit_types[0]) == 200


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_in_every_encoding_with_every_delimiter(encoding: str, delimiter: str) -> None:
    text = csv_of(BOOKING, (5100200304, "Jürgen Weiß", *ROW[2:]), delimiter=delimiter).decode()

    (row,) = read(text.encode(encoding)).rows

    assert row.name == "Jürgen Weiß"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_line_end_is_one(ends: str) -> None:
    data = csv_of(BOOKING, ROW).replace(b"\r\n", ends.encode())

    assert [row.line for row in read(data).rows] == [2]


def test_stray_characters_spoil_no_letter() -> None:
    data = csv_of(BOOKING, (5100200304, "Zo\0ë\x02 Moore", *ROW[2:]))

    assert read(data).rows[0].name == "Zoë Moore"


def test_empty_rows_and_columns_that_a_program_wrote_are_none() -> None:
    data = csv_of((*BOOKING, *[""] * 300), ROW) + b",,,,\r\n" * 100_000

    assert [row.line for row in read(data).rows] == [2]


@pytest.mark.parametrize("name", ["list.xls", "list.csv", "list", "../../etc/passwd"])
def test_content_decides_and_the_name_does_not(name: str) -> None:
    for data in (XLS, XLSX, csv_of(BOOKING, ROW)):
        assert read(data, name).rows


def test_file_name_is_shown_tidily() -> None:
    with pytest.raises(UnreadableExport, match=r"^The file could not be read\. It is empty\."):
        read(b"", "\n")
    with pytest.raises(UnreadableExport, match=r"^a b\.csv could"):
        read(b"", "a\nb.csv")
