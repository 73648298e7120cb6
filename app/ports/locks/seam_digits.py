"""What a lock says of the codes it takes, looked at before Seam is asked to put one on it.

Constraints are those of the SDK (3.18.0) that digits alone can break; the others Seam tells of by
refusing. The length of names is none of them: the name is shortened on the lock, and not at Seam.
"""

from collections.abc import Callable, Mapping
from itertools import groupby, pairwise

from app.ports.errors import PortError
from app.ports.locks import CannotDo, DigitsRefused
from app.ports.locks.seam_errors import PERSON, safe
from app.ports.locks.seam_rows import text

LENGTHS = range(4, 10)
"""Of the codes that we make."""

MOST_IN_A_ROW = 3

ALLOWED: Mapping[str, frozenset[str]] = {
    "no_zeros": frozenset("123456789"),
    "cannot_contain_089": frozenset("1234567"),
    "cannot_contain_0789": frozenset("123456"),
}
"""The digits on the keypad, by constraint."""


def expect_takes(device: object, digits: str) -> None:
    """Raise CannotDo, PortError for another length, or DigitsRefused; nothing of it is unclear."""
    properties = getattr(device, "properties", None)
    _expect_length(getattr(properties, "supported_code_lengths", None), len(digits))
    constraints = _constraints(device)
    if "cannot_specify_pin_code" in constraints:
        raise CannotDo("The lock chooses the digits of its codes itself.", permanent=True)
    for word in constraints:
        allowed = ALLOWED.get(word)
        is_broken = PATTERNS.get(word)
        if (allowed and not allowed.issuperset(digits)) or (is_broken and is_broken(digits)):
            fault = DigitsRefused(
                f"The lock refuses these digits. (Seam: {safe(word)})", permanent=True
            )
            fault.allowed = keypad_of(device)
            raise fault


def keypad_of(device: object) -> str | None:
    """Return the digits on the lock's keys, where it says that some are missing."""
    limits = [ALLOWED[word] for word in _constraints(device) if word in ALLOWED]
    return "".join(sorted(frozenset.intersection(*limits))) if limits else None


def _constraints(device: object) -> list[str]:
    rows = getattr(getattr(device, "properties", None), "code_constraints", None)
    told = rows if isinstance(rows, list) else []
    return [text(getattr(row, "constraint_type", None)) for row in told]


def _expect_length(lengths: object, ours: int) -> None:
    told = lengths if isinstance(lengths, list) else []
    known = sorted({int(one) for one in told if isinstance(one, int | float)})
    if not known or ours in known:
        return
    possible = [str(one) for one in known if one in LENGTHS]
    if not possible:
        raise CannotDo("The lock takes no codes of 4 to 9 digits.", permanent=True)
    raise PortError(
        f"The lock takes no codes of {ours} digits: set the property's number of digits "
        f"(code_length) to {' or '.join(possible)} in the setup file and run flask setup, or give "
        "the door another lock.",
        permanent=True,
        retry_after=PERSON,
    )


def _steps(digits: str) -> list[int]:
    return [int(b) - int(a) for a, b in pairwise(digits)]


def _has_long_run(digits: str) -> bool:
    """Tell whether too many in a row go up or down by one, or are the same."""
    runs = ((step, len(list(same))) for step, same in groupby(_steps(digits)))
    return any(step in (-1, 0, 1) and length >= MOST_IN_A_ROW for step, length in runs)


PATTERNS: Mapping[str, Callable[[str], bool]] = {
    "cannot_start_with_12": lambda digits: digits.startswith("12"),
    "no_triple_consecutive_ints": _has_long_run,
    "no_ascending_or_descending_sequence": lambda digits: set(_steps(digits)) in ({1}, {-1}),
    "no_all_same_digits": lambda digits: len(set(digits)) == 1,
    "at_least_three_unique_digits": lambda digits: len(set(digits)) < 3,
}
"""What the digits would break, by constraint."""
