"""Booking references and tickets, as they stand among the words of a text message.

Stricter than a form's field that holds nothing else: here a word, a date, a time or `10-2` must
not pass for a reference, since it would be given to a stay.
"""

import re
from collections.abc import Iterator
from itertools import product
from string import ascii_uppercase

from app.domain.references import normalised

_TICKET = re.compile("[A-Z]{1,2}")
_NOT_TICKETS = frozenset({"OK", "NO", "HM"})
"""Answers, and what Airbnb's references begin with: `HM TESTQ2AA` is one of them."""

_BY_SHAPE = re.compile("HM[A-Z0-9]{8}|HA-[A-Z0-9]{6}|VRB-HA-[A-Z0-9]{6}-[A-Z0-9]{5}|LK-[A-Z0-9]{6}")
"""Airbnb, Vrbo (itself and through channel managers) and our own; about one in ten has no digit."""

_SOMETHING_ELSE = re.compile(
    "[0-9]{1,4}-[0-9]{1,2}"  # room and nights
    "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}-[0-9]{1,2}-[0-9]{2,4}"  # a date
    "|[0-9]{1,2}(?:AM|PM|H[0-9]{2})|[0-9]+(?:ST|ND|RD|TH)"  # a time, a day
    "|[0-9]{9,10}(?:-[0-9]{1,4}){1,2}"  # 1234567890-1-2: the colon is missing
    "|[A-Z]{1,2}[0-9]{10}|[A-Z]{2}-[0-9]{10}|[0-9]{10}-?[A-Z]{1,2}"  # A1234567890: the space is
    "|.*(?:ROOM|DOOR|NIGHT|UNLOCK|OPEN|CHECK|CANCEL|SURE|BLOCK|TODAY|TOMORROW|CORRECT|UNDO).*"
    "|(?:OK|OKAY|YES|CONFIRM|NO|NOPE|GUIDE|MENU|COMMANDS|ARRIVALS|TOM+OR+OW)(?![A-Z]).*"
)
_PARTING = " :=.,"
_TICKET_BEFORE = re.compile(f"([A-Z]{{1,2}}(?=[{_PARTING}])|[A-Z](?=-))[{_PARTING}-]+(.+)")
_TICKET_GLUED_ON = re.compile("([A-Z]{1,2})-?([0-9]{10})|([0-9]{10})-?([A-Z]{1,2})")


def is_ticket(word: str) -> bool:
    """Tell whether an upper-case word can name a match: A to Z, AA to ZZ, but OK, NO, HM."""
    return _TICKET.fullmatch(word) is not None and word not in _NOT_TICKETS


def tickets() -> Iterator[str]:
    """Return the tickets in the order to hand them out: A, B … Z, AA … ZZ."""
    words = (*ascii_uppercase, *map("".join, product(ascii_uppercase, repeat=2)))
    return filter(is_ticket, words)


def reference_in(text: str) -> str | None:
    """Return the reference that the folded `text` is, normalised, or None when it is not one.

    It has four characters or more and a digit, or a channel's own shape. Spaces may part it where
    it cannot be several things: `5100 200 301`, `HM TEST Q2 AA`, `HA - T3ST01`.
    """
    text = re.sub(" ?- ?", "-", text.strip())
    together = text.replace(" ", "")
    has_digit = re.search("[0-9]", together) is not None
    is_spaced = together != text
    if _BY_SHAPE.fullmatch(together) and (
        not is_spaced or (has_digit and " " not in text[:2])  # "H MTESTQ2AA" has a ticket
    ):
        return together
    if is_spaced and not _is_number_in_groups(text):
        return None
    if len(together) < 4 or not has_digit or _SOMETHING_ELSE.fullmatch(together):
        return None
    return together if normalised(together) == together else None


def ticket_before(said: str) -> tuple[str, str | None]:
    """Part `A 1234567890`, `A: …`, `A-…` into rest and ticket; (said, None) without a ticket.

    Two letters and a dash begin a reference (`HA-T3ST01`).
    """
    found = _TICKET_BEFORE.fullmatch(said)
    if found is None or not is_ticket(found[1]):
        return said, None
    return found[2], found[1]


def ticket_after(said: str) -> tuple[str, str | None]:
    """Part `1234567890 A` into rest and ticket; (said, None) without a ticket."""
    found = re.search("(?<![A-Z0-9])[A-Z]{1,2}$", said)
    if found is None or not is_ticket(found[0]):
        return said, None
    before = said[: found.start()]
    rest = before.rstrip(_PARTING + "-")
    is_apart = set(before[len(rest) :]) & set(_PARTING)
    return (rest, found[0]) if is_apart else (said, None)


def ticket_glued_on(said: str) -> tuple[str, str] | None:
    """Return (ticket, number) of `A1234567890`, which may also be a reference: it is asked back."""
    found = _TICKET_GLUED_ON.fullmatch(said)
    if found is None:
        return None
    before, number, same, after = found.groups()
    return (before, number) if before else (after, same)


def _is_number_in_groups(text: str) -> bool:
    groups = text.split(" ")
    return all(re.fullmatch("[0-9]{2,7}", group) for group in groups) and (
        9 <= sum(map(len, groups)) <= 12
    )
