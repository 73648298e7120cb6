"""Letters made plain, so that words of many languages can be looked for in one spelling."""

import unicodedata

_NO_MARK = str.maketrans("łıøđ", "liod")
"""Letters that are drawn with a stroke (or without a dot) and do not come apart as é does."""
_WIDTHLESS = dict.fromkeys(
    (0x00AD, 0x034F, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070),
     0xFEFF)
)  # fmt: skip
"""Soft hyphens, joiners, direction marks: in mails they stand in the middle of a date."""


def plain(text: str) -> str:
    """Return the text with one kind of space and digit, and without what has no width.

    Airbnb writes thin spaces (U+2009, U+202F, U+00A0) round its dates; Asian mails have full-width
    brackets. Line breaks stay.
    """
    return unicodedata.normalize("NFKC", text).translate(_WIDTHLESS)


def folded(text: str) -> str:
    """Return the text in small letters without accents: `Réservation` becomes `reservation`."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_NO_MARK))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare)
