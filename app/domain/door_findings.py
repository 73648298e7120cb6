"""What can be found at a door that does not open, and what each finding asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Finding(StrEnum):
    """One thing to tell the guest. What `Found` holds for each stands beside it."""

    NOT_CHECKED_IN = "not-checked-in"
    UNCERTAIN = "uncertain"
    """A host is yet to say that the room is theirs."""
    TOO_EARLY = "too-early"
    """`at`: when their time begins."""
    OVER = "over"
    """`at`: when it ended, where it ever was theirs."""
    OPENED = "opened"
    """`at`: when the lock said that it opened."""
    DOUBLE_LOCKED = "double-locked"
    """From inside; `at`: when it refused for that."""
    LOCKED_OUT = "locked-out"
    """The keypad rests; `at`: until when."""
    NOT_ON_LOCK = "not-on-lock"
    """`at`: since when it is asked for; `why`: what keeps it."""
    STAND_IN = "stand-in"
    """Another code was given in place of one that failed, and has not been tried yet."""
    NOW_ON_LOCK = "now-on-lock"
    """The lock has got their code since they typed it; `at`: when they typed."""
    WRONG_DOOR = "wrong-door"
    """`at`, `door`: when and where they typed."""
    OTHER_CODE = "other-code"
    """`door`: whose code they typed here."""
    OLD_CODE = "old-code"
    """They typed a code that has been replaced; `at`."""
    CLOCK_OFF = "clock-off"
    """The lock refused by its clock what is right by ours; `at`: when."""
    CODE_REFUSED = "code-refused"
    """The right digits, and the lock does not know them; `at`."""
    DIGITS_MISSING = "digits-missing"
    """`at`, as for the three that follow."""
    DIGITS_ADDED = "digits-added"
    ONE_WRONG = "one-wrong"
    SWAPPED = "swapped"
    OTHER_DIGITS = "other-digits"
    """Digits that are none of theirs, nor near; `at`."""
    REFUSED = "refused"
    """The right digits, and the lock does not say why not; `at`."""
    BATTERY_FLAT = "battery-flat"
    """`percent`."""
    BATTERY_LOW = "battery-low"
    """`percent`."""
    LOST_CONTACT = "lost-contact"
    """Its gateway is away; `at`: when it was last heard of."""
    UNLOCK_FAILED = "unlock-failed"
    """Their tap on Unlock did not open it; `at`, `why`."""
    LOG_UNREAD = "log-unread"
    """`why`."""
    UNEXPLAINED = "unexplained"
    """Somebody typed, and nothing is wrong that the lock would tell."""
    NOTHING_TYPED = "nothing-typed"


@dataclass(frozen=True)
class Found:
    """A finding with its facts. `why` is a sentence for the host."""

    what: Finding
    at: datetime | None = None
    door: str | None = None
    percent: int | None = None
    why: str | None = None


NOT_THEIR_TIME = frozenset({Finding.NOT_CHECKED_IN, Finding.TOO_EARLY, Finding.OVER})
"""No lock is at fault: nobody is called for it unless the guest asks."""

BY_A_PERSON = frozenset({Finding.UNCERTAIN, Finding.DOUBLE_LOCKED, Finding.BATTERY_FLAT})
"""What neither the guest nor a machine mends: hosts are told at once."""

CODE_FAILS = frozenset({Finding.NOT_ON_LOCK, Finding.CLOCK_OFF, Finding.CODE_REFUSED})
"""The code itself does not work: another way in is needed."""

_NEEDS_CONTACT = frozenset({Finding.NOT_ON_LOCK, Finding.CODE_REFUSED})


def needs_a_person(found: Sequence[Found]) -> bool:
    """Tell whether only a person can open this door now."""
    what = {one.what for one in found}
    out_of_reach = Finding.LOST_CONTACT in what and bool(what & _NEEDS_CONTACT)
    return bool(what & BY_A_PERSON) or out_of_reach


def is_time_for_help(found: Sequence[Found]) -> bool:
    """Tell whether the guest may come in now, so that somebody is to be called if they cannot."""
    return not any(one.what in NOT_THEIR_TIME for one in found)


def is_open(found: Sequence[Found]) -> bool:
    return any(one.what == Finding.OPENED for one in found)
