"""What kind of file the bytes are, and the tables in it."""

from app.domain.exports.archive import check_archive
from app.domain.exports.delimited import text_tables
from app.domain.exports.encryption import is_encrypted
from app.domain.exports.faults import UnreadableExport
from app.domain.exports.table import Table
from app.domain.exports.workbook import sheet_tables

MOST_BYTES = 5 * 1024 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def tables_in(data: bytes) -> list[Table]:
    """Return every table the file may be read as: its sheets, or its text by each delimiter.

    Raises UnreadableExport.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableExport("It is larger than 5 MB. Choose a shorter time and download again.")
    if not data.strip():
        raise UnreadableExport("It is empty. Download it again.")
    if data.startswith(_ZIP):
        check_archive(data)
        return sheet_tables(data)
    if data.startswith(_OLE):
        if is_encrypted(data):
            raise UnreadableExport(
                "It is locked with a password. Open it, save it without one, and upload that."
            )
        return sheet_tables(data)
    return text_tables(data)
