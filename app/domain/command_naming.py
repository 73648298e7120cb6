"""Lines that name a booking: its reference alone, with a ticket, or with rooms and nights."""

import re
from collections.abc import Iterator
from itertools import islice

from app.domain.command_references import (
    is_ticket,
    reference_in,
    ticket_after,
    ticket_before,
    ticket_glued_on,
)
from app.domain.command_rooms import example, out_of_range, rooms_in
from app.domain.commands import AssignRoom, GiveReference, Naming, Unclear, canonical

_CORRECT = re.compile("(?<![A-Z0-9-])CORRECT(?:ED|ION)?(?![A-Z0-9-])")
_PARTED = re.compile(" *[:=.,]+[ -]*| +-? *|- +")
_TICKET_APART = re.compile("[A-Z] ?-.*|.* - ?[A-Z]")
"""A letter and a dash: a ticket, though `A-1234` has the shape of a reference."""
_COLON_MISSING = re.compile("([0-9]{9,10})((?:-[0-9]{1,4}){1,2})")
_MOST_PARTINGS = 8


def naming_in(said: str, number: int) -> tuple[Naming, ...]:
    """Return what a folded line names. Raises Unclear."""
    reference = _leading(said)
    if reference is not None:
        return (GiveReference(reference, line=number),)
    for rest, ticket in (ticket_before(said), ticket_after(said)):
        if ticket is not None and (reference := reference_in(rest)) is not None:
            return (GiveReference(reference, ticket, line=number),)
    return _assignment(said, number) or _nothing(said)


def _leading(said: str) -> str | None:
    return None if _TICKET_APART.fullmatch(said) else reference_in(said)


def _assignment(said: str, number: int) -> tuple[AssignRoom, ...]:
    """Read `1234567890: 1-2, 2-2 correct`; empty when no reference starts the line."""
    bare = " ".join(_CORRECT.sub(" ", said).split())
    correct = bare != said
    if correct:
        bare = bare.strip(" :=.,-")
    alone = reference_in(bare) if correct else None
    longest = (alone, "") if alone else None
    for reference, rest in _partings(bare):
        if rooms := rooms_in(rest):
            if (why := out_of_range(rooms)) is not None:
                raise Unclear(why)
            return tuple(
                AssignRoom(reference, one.room_number, one.nights, correct, line=number)
                for one in rooms
            )
        longest = reference, rest
    if longest is not None:
        reference, rest = longest
        suffix = " correct" if correct else ""
        raise Unclear(f"needs room and nights, such as {reference}: {example(rest)}{suffix}.")
    return ()


def _partings(said: str) -> Iterator[tuple[str, str]]:
    """Yield (reference, rest) for every place near the start where a reference may end."""
    for parting in islice(_PARTED.finditer(said), _MOST_PARTINGS):
        reference = _leading(said[: parting.start()])
        if reference is not None:
            yield reference, said[parting.end() :]


def _nothing(said: str) -> tuple[Naming, ...]:
    if (glued := ticket_glued_on(said)) is not None:
        raise Unclear(f"needs a space after the letter: {glued[0]} {glued[1]}.")
    if colon := _COLON_MISSING.fullmatch(said):
        raise Unclear(f"needs a colon, such as {colon[1]}: {example(colon[2])}.")
    rest, ticket = ticket_before(said)
    if ticket is not None and (rooms := _assignment(rest, 0)):
        raise Unclear(f"has a letter too many. Write {canonical(rooms[0])}.")
    if is_ticket(said):
        raise Unclear(f"is only a letter. Write OK {said}, NO {said} or block {said}.")
    if said.endswith("?") and (reference := reference_in(said[:-1])) is not None:
        raise Unclear(f"is a question. Write check {reference}.")
    if rooms_in(said) or any(rooms_in(said[part.end() :]) for part in _PARTED.finditer(said)):
        raise Unclear("needs the booking reference first, such as 1234567890: 1-2.")
    raise Unclear("is not a command. Write guide for the list.")
