"""What was typed at a door, compared with the codes that would have opened one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.lock_words import Mistake

LEAST_TYPED = 3
"""Fewer digits are the beginning of too many codes to mean one."""
MOST_MISSING = 2


@dataclass(frozen=True)
class LiveCode:
    """A code of ours on one of the property's doors.

    `owner` is the same for all codes of one guest or member of staff, who may have the same digits
    on several doors.
    """

    id: int
    door_id: int
    owner: str
    digits: str = field(repr=False)


def compare(
    typed: str, codes: Sequence[LiveCode], door_id: int
) -> tuple[LiveCode | None, Mistake | None]:
    """Tell whose code was meant by digits typed at a door, and what was wrong with them.

    The first of these that fits decides:
    1. a code of this door, to the digit: no mistake;
    2. a code of another door, to the digit. Where one owner has it on several, the first in `codes`
       is meant; where several owners have these digits, nobody can say whose was meant: none;
    3. a code of this door but for one slip: its last one or two digits missing, digits before or
       after it, one digit wrong, two neighbours swapped. Near to the codes of two owners is none,
       and near digits never mean a code of another door.
    """
    here = [code for code in codes if code.door_id == door_id]
    exact = next((code for code in here if code.digits == typed), None)
    if exact is not None:
        return exact, None
    if there := [code for code in codes if code.digits == typed]:
        code = _of_one_owner(there)
        return code, Mistake.OTHER_DOOR if code is not None else None
    slips = {code: slip for code in here if (slip := _slip(typed, code.digits)) is not None}
    near = _of_one_owner(list(slips))
    return near, slips[near] if near is not None else None


def _of_one_owner(codes: Sequence[LiveCode]) -> LiveCode | None:
    return codes[0] if len({code.owner for code in codes}) == 1 else None


def _slip(typed: str, digits: str) -> Mistake | None:
    """Tell by which one slip `digits` became `typed`, which differs from it."""
    if len(typed) < LEAST_TYPED:
        return None
    if digits.startswith(typed) and len(digits) - len(typed) <= MOST_MISSING:
        return Mistake.DIGITS_MISSING
    if digits in typed:
        return Mistake.DIGITS_ADDED
    if len(typed) != len(digits):
        return None
    wrong = [place for place, (a, b) in enumerate(zip(typed, digits, strict=True)) if a != b]
    if len(wrong) == 1:
        return Mistake.ONE_WRONG
    if len(wrong) == 2:
        first, second = wrong
        has_changed_places = (typed[first], typed[second]) == (digits[second], digits[first])
        if second == first + 1 and has_changed_places:
            return Mistake.SWAPPED
    return None
