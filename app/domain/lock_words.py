"""Words for what a lock's log tells."""

from enum import StrEnum


class Way(StrEnum):
    """How a lock was worked."""

    CODE = "code"
    REMOTE = "remote"
    APP = "app"
    CARD = "card"
    FINGER = "finger"
    KEY = "key"
    INSIDE = "inside"
    LOCKED = "locked"
    """It locked, or was locked."""
    OTHER = "other"


class Refusal(StrEnum):
    """Why a lock did not open for a code."""

    UNKNOWN_CODE = "unknown-code"
    OUTSIDE_WINDOW = "outside-window"
    LOCKED_OUT = "locked-out"
    """Too many wrong codes: the keypad rests for some minutes."""
    DOUBLE_LOCKED = "double-locked"
    """Locked from inside."""
    OTHER = "other"


class Mistake(StrEnum):
    """How digits that were typed differ from a code that would have opened."""

    DIGITS_MISSING = "digits-missing"
    """The end is missing."""
    DIGITS_ADDED = "digits-added"
    """The code, and more after it or before it."""
    ONE_WRONG = "one-wrong"
    SWAPPED = "swapped"
    """Two neighbours changed places."""
    OTHER_DOOR = "other-door"
    """Right, but for another door."""
