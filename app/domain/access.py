"""may_open: the one rule on who may open which door, and when.

It answers for showing a code, for a code's window and for the Unlock button alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import reduce

from app.domain.nights import Nights
from app.domain.windows import Window


class Because(StrEnum):
    """Why a door may or may not be opened now."""

    THEIRS = "theirs"
    NOT_CHECKED_IN = "not-checked-in"
    UNCERTAIN = "uncertain"
    """It is not certain yet that the room is theirs."""
    NOT_THEIRS = "not-theirs"
    TOO_EARLY = "too-early"
    OVER = "over"


@dataclass(frozen=True)
class StayFacts:
    """One reservation of the guest: which room, when, and whether it holds.

    `holds` is false once it is cancelled; `certain` is false while the host has yet to say that it
    is this guest's.
    """

    room_id: int
    nights: Nights
    window: Window
    holds: bool = True
    certain: bool = True


@dataclass(frozen=True)
class GuestFacts:
    """The guest, for this question: what they have booked, and whether they are let in.

    `admitted`: they have checked in, or a host has vouched for them.
    """

    admitted: bool
    stays: Sequence[StayFacts]


@dataclass(frozen=True)
class DoorFacts:
    """The door, for this question; room None is a door shared by the whole property."""

    room_id: int | None


@dataclass(frozen=True)
class Verdict:
    """The answer, and the window in which it is (or would be, or was) yes."""

    allowed: bool
    because: Because
    window: Window | None = None

    @property
    def wants_code(self) -> bool:
        """A code belongs on the lock: now, or from the beginning of the window."""
        return self.because in (Because.THEIRS, Because.TOO_EARLY)


def may_open(guest: GuestFacts, door: DoorFacts, now: datetime) -> Verdict:
    """Tell whether this guest may open this door at `now`.

    What is not certain to be theirs opens nothing, and takes nothing from what is. A shared door's
    window spans all of the guest's stays. A room's own door opens for one unbroken
    run of stays in it, the one not over yet: between two runs the room may be another guest's.
    """
    holding = [stay for stay in guest.stays if stay.holds and door.room_id in (None, stay.room_id)]
    if not holding:
        return Verdict(False, Because.NOT_THEIRS)
    stays = [stay for stay in holding if stay.certain]
    if not stays:
        return Verdict(False, Because.UNCERTAIN)
    window = _span(stays) if door.room_id is None else _run(stays, now)
    if now >= window.valid_until:
        return Verdict(False, Because.OVER, window)
    if not guest.admitted:
        return Verdict(False, Because.NOT_CHECKED_IN, window)
    if now < window.valid_from:
        return Verdict(False, Because.TOO_EARLY, window)
    return Verdict(True, Because.THEIRS, window)


def _span(stays: Sequence[StayFacts]) -> Window:
    return reduce(Window.spanning, (stay.window for stay in stays))


def _run(stays: Sequence[StayFacts], now: datetime) -> Window:
    """Return the first run of stays that is not over, or the last one of all."""
    runs: list[tuple[Window, date]] = []
    for stay in sorted(stays, key=lambda stay: stay.nights):
        window, departure = stay.window, stay.nights.departure
        if runs and stay.nights.arrival <= runs[-1][1]:
            earlier, until = runs.pop()
            window, departure = earlier.spanning(window), max(until, departure)
        runs.append((window, departure))
    return next((run for run, _ in runs if now < run.valid_until), runs[-1][0])
