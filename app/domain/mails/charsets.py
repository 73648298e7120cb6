"""Bytes of a mail into text, whatever they claim to be."""

import codecs

_NOT_OF_MAILS = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "raw_unicode_escape", "undefined", "unicode-escape",
     "unicode_escape", "utf-7"}
)  # fmt: skip
"""Python's codecs that take time out of all proportion, or make halves of letters."""


def decoded(data: bytes, charset: str | None = None) -> str:
    """Return the text in its charset, else as UTF-8, else as Western; never raises.

    What cannot be read becomes U+FFFD.
    """
    codec = _known(charset)
    if codec is not None and codec != "ascii":
        return storable(data.decode(codec, "replace"))
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def storable(text: str) -> str:
    """Return the text with `?` for halves of letters, which no database takes."""
    return text.encode("utf-8", "replace").decode()


def _known(charset: str | None) -> str | None:
    try:
        name = codecs.lookup(charset or "").name
        b"a".decode(name, "replace")  # some codecs are not of text
    except (LookupError, ValueError):
        return None
    return None if name in _NOT_OF_MAILS else name
