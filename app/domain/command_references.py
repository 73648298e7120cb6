"""Booking references and tickets, as they stand among the words of a text message.

Stricter than a form's field that holds nothing else: here a word, a date, a time or `10-2` must
not pass for a reference, since it would be given to a stay.
"""

import re
from collections.abc import Iterator
from itertools import count
from string import ascii_uppercase

from app.domain.references import normalised

_TICKET = re.compile("[A-Z]{1,2}")
_NOT_TICKETS = frozenset({"OK", "NO"})

_BY_SHAPE = re.compile(
    "HM[A-Z0-9]{8}|HA-[A-Z0-9]{6}|VRB-HA-[A-Z0-9]{6}-[A-Z0-9]{5}|LK-[A-Z0-9]{6}"
)
"""Airbnb, Vrbo (itself and through channel managers) and our own; about one in ten has no digit."""

_SOMETHING_ELSE = re.compile(
    "[0-9]{1,4}-[0-9]{1,2}"  # room and nights
    "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}-[0-9]{1,2}-[0-9]{2,4}"  # a date
    "|[0-9]{1,2}(?:AM|PM|H[0-9]{2})|[0-9]+(?:ST|ND|RD|TH)"  # a time, a day
    "|[0-9]{9,10}(?:-[0-9]{1,4}){1,2}"  # 1234567890-1-2: the colon is missing
    "|[A-Z]{1,2}[0-9]{10}|[A-Z]{2}-[0-9]{10}|[0-9]{10}-?[A-Z]{1,2}"  # A1234567890: the space is
    "|.*(?:ROOM|DOOR|NIGHT|UNLOCK|OPEN|CHECK|CANCEL|SURE|BLOCK|TODAY|TOMORROW|CORRECT|UNDO).*"
)
_TICKET_GLUED_ON = re.compile("([A-Z]{1,2})-?([0-9]{10})|([0-9]{10})-?([A-Z]{1,2})")


def is_ticket(word: str) -> bool:
    """Tell whether an upper-case word can name a match: A to Z, AA to ZZ, but not OK or NO."""
    return _TICKET.fullmatch(word) is not None and word not in _NOT_TICKETS


def tickets() -> Iterator[str]:
    """Yield the tickets in the order to hand them out: A, B … Z, AA … ZZ."""
    for length in (1, 2):
        for number in count():
            if number == 26**length:
                break
            first, last = divmod(number, 26)
            word = (ascii_uppercase[first] if length == 2 else "") + ascii_uppercase[last]
            if is_ticket(word):
                yield word


def reference_in(text: str) -> str | None:
    """Return the reference that the folded `text` is, normalised, or None when it is not one.

    It has four characters or more and a digit, or a channel's own shape. Spaces may part it where
    it cannot be several things: `5100 200 301`, `HM TEST Q2 AA`, `HA - T3ST01`.
    """
    text = re.sub(" ?- ?", "-", text.strip())
    together = text.replace(" ", "")
    has_digit = re.search("[0-9]", together) is not None
    if _BY_SHAPE.fullmatch(together) and (has_digit or together == text):
        return together
    if together != text and not _is_number_in_groups(text):
        return None
    if len(together) < 4 or not has_digit or _SOMETHING_ELSE.fullmatch(together):
        return None
    return together if normalised(together) == together else None


def ticket_glued_on(text: str) -> tuple[str, str] | None:
    """Return (ticket, number) of `A1234567890`, which may also be a reference: it is asked back."""
    found = _TICKET_GLUED_ON.fullmatch(text)
    if found is None:
        return None
    before, after, number, letters = found.groups()
    return (before, after) if before else (letters, number)


def _is_number_in_groups(text: str) -> bool:
    groups = text.split(" ")
    return all(re.fullmatch("[0-9]{2,7}", group) for group in groups) and (
        9 <= sum(map(len, groups)) <= 12
    )
