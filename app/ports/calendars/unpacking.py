"""A response's body, unpacked a bounded piece at a time."""

import zlib
from collections.abc import Iterator

from requests import Response

from app.ports.errors import PortError

CHUNK = 16 * 1024


def unpacked(answer: Response) -> Iterator[bytes]:
    """Yield the body in pieces of bounded size, however far it unpacks.

    Raises PortError for a body that is damaged, breaks off, or is packed in another way than gzip:
    half a calendar must never look like a whole one.
    """
    packing = answer.headers.get("Content-Encoding", "identity").strip().lower()
    pieces: Iterator[bytes] = answer.raw.stream(CHUNK, decode_content=False)
    if packing in ("", "identity"):
        yield from pieces
        return
    if packing not in ("gzip", "x-gzip"):
        raise PortError("The calendar's server packs its answer in a way we did not ask for.")
    unzip = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        for piece in pieces:
            packed = piece
            while packed and not unzip.eof:
                yield unzip.decompress(packed, CHUNK)
                packed = unzip.unconsumed_tail
        while rest := unzip.decompress(b"", CHUNK):
            yield rest
    except zlib.error:
        raise PortError("The calendar's answer is damaged.") from None
    if not unzip.eof:
        raise PortError("The calendar's answer broke off.")
