"""The parts of a mail, parsed within bounds: its headers, and the texts that a reader is shown.

The bytes are anybody's. A mail with more parts than any honest one, or deeper, is read by its
headers alone; headers and texts are cut.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32

from app.domain.mails.charsets import decoded
from app.domain.mails.headers import MOST_CHARACTERS

MOST_NESTED = 30
"""Parts that hold other parts."""
MOST_PARTS = 500
MOST_BYTES = 512 * 1024
"""Of one text, decoded. Airbnb's HTML takes about 150 kB."""
_MOST_LINES = 50
"""Of one header, folded."""

_NESTING = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_PART = re.compile(rb"^--", re.MULTILINE)
_CHARSET = re.compile(r"""\bcharset\s*=\s*["']?([^\s"';]+)""", re.IGNORECASE)
_ENCODINGS = frozenset({"", "7bit", "8bit", "binary", "quoted-printable", "base64"})


@dataclass(frozen=True)
class Text:
    """One text of a mail."""

    words: str
    is_html: bool


class _ShortHeaders(Compat32):
    """Cuts each header before it is parsed: parameters take quadratic time."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines[:_MOST_LINES])
        return name, value[:MOST_CHARACTERS]


_POLICY = _ShortHeaders()
_HEADERS = BytesHeaderParser(policy=_POLICY)


def parsed(raw: bytes) -> Message:
    # The parser takes a lone CR for a line end; what is counted is what it will see.
    raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if _more(_NESTING, raw, MOST_NESTED) or _more(_PART, raw, MOST_PARTS):
        return parsed_headers(raw)
    return message_from_bytes(raw, policy=_POLICY)


def parsed_headers(raw: bytes) -> Message:
    return _HEADERS.parsebytes(raw)


def headers(part: Message, name: str) -> list[str]:
    """Return all headers of that name as they stand, but with bytes beyond ASCII as text."""
    return [
        decoded(str(value).encode("utf-8", "surrogateescape"))
        for key, value in part.raw_items()
        if key.lower() == name
    ]


def header(part: Message, name: str) -> str:
    """Return the first header of that name, or ""."""
    return next(iter(headers(part, name)), "")


def texts(mail: Message) -> Iterator[Text]:
    """Give the texts that are shown: neither attachments nor mails that lie in the mail."""
    waiting = [mail]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart":
            inner = part.get_payload()
            if isinstance(inner, list):
                waiting.extend(one for one in reversed(inner) if isinstance(one, Message))
        elif part.get_content_type() in ("text/plain", "text/html") and _is_shown(part):
            charset = _CHARSET.search(header(part, "content-type"))
            words = decoded(_bytes_of(part), charset.group(1) if charset else None)
            yield Text(words.replace("\r\n", "\n"), part.get_content_subtype() == "html")


def _more(pattern: re.Pattern[bytes], raw: bytes, most: int) -> bool:
    return any(i >= most for i, _ in enumerate(pattern.finditer(raw)))


def _is_shown(part: Message) -> bool:
    return not header(part, "content-disposition").lower().startswith("attachment")


def _bytes_of(part: Message) -> bytes:
    if header(part, "content-transfer-encoding").strip().lower() not in _ENCODINGS:
        return b""
    payload = part.get_payload(decode=True)
    return payload[:MOST_BYTES] if isinstance(payload, bytes) else b""
