"""Blocks have no identity worth the name: they are followed by the nights they share."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from app.domain.nights import Nights
from app.domain.readings import KnownSighting

LONGEST_STAY = 60
"""Nights. A longer range is a closure or the end of the booking window, until a mail or an export
says otherwise."""

Found = TypeVar("Found")


def by_overlap(
    blocks: Sequence[KnownSighting], found: Sequence[Found], nights_of: Callable[[Found], Nights]
) -> list[tuple[KnownSighting, Found]]:
    """Pair known blocks with what was found, those that share most nights first."""
    shared = [
        (block.nights.shared_with(nights_of(one)), block, one)
        for block in blocks
        for one in found
        if block.nights.overlaps(nights_of(one))
    ]
    shared.sort(key=lambda each: (-each[0], each[1].nights, nights_of(each[2])))
    pairs: list[tuple[KnownSighting, Found]] = []
    taken: set[int] = set()
    for _count, block, one in shared:
        if id(block) not in taken and id(one) not in taken:
            taken |= {id(block), id(one)}
            pairs.append((block, one))
    return pairs
