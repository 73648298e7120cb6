"""Whether an OLE file, the outer form of .xls and of every locked workbook, has a password."""

import struct
from collections.abc import Iterator
from itertools import islice

_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Excel puts a locked .xlsx ([MS-OFFCRYPTO] 2.3.4.4)."""
_GLOBALS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
"""BOF of a workbook's globals, BIFF8 ([MS-XLS] 2.4.21)."""
_FILEPASS = 0x002F
"""Stands among the first records of a locked .xls ([MS-XLS] 2.4.117)."""


def is_encrypted(data: bytes) -> bool:
    """Tell a locked file. One so damaged that it cannot be told is not."""
    if _PACKAGE in data:
        return True
    start = data.find(_GLOBALS)
    return start >= 0 and _FILEPASS in islice(_record_types(data, start), 10)


def _record_types(data: bytes, at: int) -> Iterator[int]:
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        yield kind
        at += 4 + length
