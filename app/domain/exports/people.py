"""Who a row says is coming. A wrong name is worse than none: it is asked as a proof."""

import re

from app.domain.exports.cells import folded, is_shortened

LONGEST_NAME = 200
_NOBODY = frozenset({"", "na", "unknown", "guest", "none", "null", "nan"})
_FEWEST_DIGITS = 7
"""Fewer are no telephone number."""


def name_of(guest: str, booker: str) -> str | None:
    """Return the guest's name, `First Last`.

    `guest` may name several, with commas between them: the first is meant. `booker` is
    `Last, First`, and so is `guest` where it says the same.
    """
    if folded(guest) == folded(booker):
        guest = ""
    first, _, _ = guest.partition(", ")
    return _real(first) or _real(_turned(booker))


def phone_ending_of(text: str) -> str | None:
    """Return the last four digits of a whole telephone number."""
    digits = "".join(str(int(one)) for one in text if one.isdecimal())
    if len(digits) < _FEWEST_DIGITS or "@" in text or is_shortened(text):
        return None
    return digits[-4:]


def party_of(persons: int | None, adults: int | None, children: int | None) -> int | None:
    """Return how many come, or None where the row does not say."""
    return persons or (adults or 0) + (children or 0) or None


def _turned(name: str) -> str:
    last, comma, first = name.rpartition(",")
    return f"{first.strip()} {last.strip()}" if comma else name


def _real(name: str) -> str | None:
    name = re.sub(r"\s+", " ", name).strip(" ,;")[:LONGEST_NAME]
    has_letters = any(map(str.isalpha, name))
    return name if has_letters and folded(name) not in _NOBODY else None
