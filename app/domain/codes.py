"""Choosing digits."""

import secrets
from collections.abc import Callable, Sequence
from itertools import pairwise

TRIES = 10_000

DIGITS = "0123456789"


class NoDigitsLeft(Exception):
    """No free digits were found; the door holds too many codes for this length."""


def is_too_simple(digits: str) -> bool:
    """Tell whether a lock, or a passer-by, finds the digits too simple.

    TTLock refuses repeats and runs without saying which (error -2032); this is stricter than any
    seen: fewer than three different digits, or a run up or down of all of them but one.
    """
    if len(set(digits)) < 3:
        return True
    steps = [(int(b) - int(a)) % 10 for a, b in pairwise(digits)]
    return _longest_run(steps, 1) >= len(steps) - 1 or _longest_run(steps, 9) >= len(steps) - 1


def can_type(digits: str, keypad: str | None) -> bool:
    """Tell whether a lock has a key for each of the digits; `keypad` None: it has all ten."""
    return keypad is None or set(digits) <= set(keypad)


def choose_digits(length: int, is_free: Callable[[str], bool], among: str = DIGITS) -> str:
    """Draw random digits that are not too simple and that `is_free` accepts.

    Raises NoDigitsLeft after many tries rather than looping for ever.
    """
    for _ in range(TRIES):
        digits = "".join(secrets.choice(among) for _ in range(length))
        if not is_too_simple(digits) and is_free(digits):
            return digits
    raise NoDigitsLeft


def _longest_run(steps: Sequence[int], of: int) -> int:
    longest = run = 0
    for step in steps:
        run = run + 1 if step == of else 0
        longest = max(longest, run)
    return longest
