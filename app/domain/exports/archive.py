"""An xlsx file is a ZIP archive: looked at before anything in it is unpacked."""

import io
import struct
import zipfile

from app.domain.exports.faults import UnreadableExport

MOST_ENTRIES = 1_000
MOST_UNPACKED = 50 * 1024 * 1024
HIGHEST_RATIO = 200
"""Times its packed size; a long list of much the same rows comes to 30."""
_SMALL = 1024 * 1024
"""Bytes that may be packed as tightly as can be."""


def check_archive(data: bytes) -> None:
    """Raise UnreadableExport for an archive that is broken, locked, a bomb, or no spreadsheet.

    Sizes are what the archive's directory says. One that lies meets the limits of `workbook`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error) as fault:
        raise UnreadableExport("It is damaged or was cut off. Download it again.") from fault
    unpacked = sum(entry.file_size for entry in entries)
    if (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED
        or unpacked > max(_SMALL, HIGHEST_RATIO * len(data))
    ):
        raise UnreadableExport(
            "It is packed so tightly that it will not be opened. Download it again as .csv."
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableExport(
            "It is locked with a password. Open it, save it without one, and upload that."
        )
    if not any(entry.filename.startswith("xl/") for entry in entries) and not any(
        entry.filename == "content.xml" for entry in entries
    ):
        raise UnreadableExport(
            "It is an archive and no spreadsheet. Unpack it, and upload the file that is in it."
        )
