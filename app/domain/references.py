"""Spelling of a booking reference, normalised once on the way in."""

import re
import secrets
import unicodedata

_NOISE = re.compile(r"[\s#.\u200b-\u200f\u2060\ufeff]+")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,38}[A-Z0-9]")
_OURS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody confuses on paper."""


def normalised(text: str) -> str | None:
    """Return the reference without spaces, '#' and case, or None when it cannot be one.

    Full-width digits, dashes of all kinds and invisible marks, as pasted from mails, are forgiven.
    """
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    plain = _NOISE.sub("", plain).upper()
    return plain if _SHAPE.fullmatch(plain) else None


def walk_in_reference() -> str:
    """Make a reference for a guest who has none: `LK-` and six characters."""
    return "LK-" + "".join(secrets.choice(_OURS) for _ in range(6))
