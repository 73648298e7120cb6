"""Headers of a mail: coded words, folded lines, addresses (RFC 5322, RFC 2047)."""

import re
from email.errors import HeaderParseError
from email.header import decode_header

from app.domain.mails.charsets import decoded, storable
from app.domain.mails.folding import plain

MOST_CHARACTERS = 2_000
"""Of one header; what goes beyond is cut before anything looks at it."""

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_MAILBOX = re.compile(
    r"[^<>@,;:]*<[ \t]*(?P<angled>[^\s<>,;:]+@[^\s<>,;:]+)[ \t]*>[ \t]*|"
    r"[ \t]*(?P<bare>[^\s<>,;:]+@[^\s<>,;:]+)[ \t]*"
)


def text_of(header: str) -> str:
    """Return what a header says, on one line: unfolded with one space, its coded words decoded."""
    unfolded = " ".join(header.split())
    try:
        pieces = decode_header(unfolded)
    except HeaderParseError:
        pieces = [(unfolded, None)]
    words = (
        piece if isinstance(piece, str) else _word(piece, charset) for piece, charset in pieces
    )
    return " ".join(plain(storable("".join(words))).split())


def address_in(header: str) -> str | None:
    """Return the address that a From header names; None unless every reader finds just that one.

    What is quoted or a comment names nobody. `noreply@booking.com <me@evil.example>` could be read
    to name either, and so could what was cut.
    """
    bare = _QUOTED.sub(" ", header)
    while (outer := _COMMENT.sub(" ", bare)) != bare:
        bare = outer
    found = _MAILBOX.fullmatch(" ".join(bare.split("\n")))
    if found is None or len(header) >= MOST_CHARACTERS:
        return None
    return found["angled"] or found["bare"]


def _word(piece: bytes, charset: str | None) -> str:
    if charset is None:  # what stands between coded words, as decode_header hands it over
        return piece.decode("raw-unicode-escape", "replace")
    return decoded(piece, charset)
