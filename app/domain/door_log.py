"""Reading a lock's log for one guest: which line means what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.door_findings import Finding, Found
from app.domain.lock_words import Mistake, Refusal
from app.domain.windows import Window

RESTS = timedelta(minutes=5)
"""How long a keypad rests after too many wrong tries."""

TRIES = 5
"""Wrong tries after which locks let their keypad rest, within RESTS."""

CLOCKS_DIFFER = timedelta(minutes=2)
"""Clocks that differ by no more are right; a line takes that long to be heard of, too."""


class Whose(StrEnum):
    """Which digits were typed, or came nearest to what was typed."""

    CURRENT = "current"
    """This guest's code on this door."""
    FORMER = "former"
    """One that this guest had on this door before."""
    ELSEWHERE = "elsewhere"
    """This guest's code of another door."""
    NOBODY = "nobody"
    """None that we know."""


@dataclass(frozen=True)
class LogLine:
    """One line that concerns this guest: their digits anywhere, or whatever happened here."""

    at: datetime
    """By the lock's clock."""
    heard_at: datetime
    """By the provider's."""
    is_here: bool
    door: str
    """Where it was typed."""
    whose: Whose = Whose.NOBODY
    code_door: str | None = None
    """The door that the code is for, for ELSEWHERE."""
    refusal: Refusal | None = None
    mistake: Mistake | None = None

    @property
    def opened(self) -> bool:
        return self.refusal is None


@dataclass(frozen=True)
class HeldSince:
    """The guest's current code, as far as reading the log goes; all None when there is none."""

    window: Window | None = None
    """What the lock has confirmed."""
    given_at: datetime | None = None
    confirmed_at: datetime | None = None


_MISTAKES = {
    Mistake.DIGITS_MISSING: Finding.DIGITS_MISSING,
    Mistake.DIGITS_ADDED: Finding.DIGITS_ADDED,
    Mistake.ONE_WRONG: Finding.ONE_WRONG,
    Mistake.SWAPPED: Finding.SWAPPED,
    Mistake.OTHER_DOOR: Finding.OTHER_CODE,
}


def readings(lines: Sequence[LogLine], code: HeldSince, now: datetime) -> list[Found]:
    """Return what the lines mean, the latest first; each finding once.

    What happened before the door last opened for this guest counts no more.
    """
    ordered = sorted(lines, key=lambda line: (line.heard_at, line.at), reverse=True)
    fresh: list[LogLine] = []
    for line in ordered:
        if line.is_here and line.opened:
            break
        fresh.append(line)
    refused = [line for line in fresh if not line.opened]
    clock_is_right = any(
        abs(line.heard_at - line.at) <= CLOCKS_DIFFER for line in ordered if line.is_here
    )
    meant = [_read(line, code, now, clock_is_right=clock_is_right) for line in refused]
    found: dict[Finding, Found] = {}
    for one in (*_resting(refused, now), *meant):
        if one is not None:
            found.setdefault(one.what, one)
    return list(found.values())


def _resting(refused: Sequence[LogLine], now: datetime) -> list[Found]:
    """Expect a keypad to rest that has had so many wrong tries, though it may not say so."""
    lately = [line for line in refused if line.is_here and now - line.heard_at < RESTS]
    if len(lately) < TRIES:
        return []
    return [Found(Finding.LOCKED_OUT, at=lately[0].heard_at + RESTS)]


def _read(line: LogLine, code: HeldSince, now: datetime, *, clock_is_right: bool) -> Found | None:
    if not line.is_here:
        is_theirs = line.whose != Whose.NOBODY
        return Found(Finding.WRONG_DOOR, at=line.heard_at, door=line.door) if is_theirs else None
    if line.refusal == Refusal.DOUBLE_LOCKED:
        return Found(Finding.DOUBLE_LOCKED, at=line.heard_at)
    if line.refusal == Refusal.LOCKED_OUT:
        until = line.heard_at + RESTS
        return Found(Finding.LOCKED_OUT, at=until) if now < until else None
    if line.whose == Whose.FORMER:
        was_replaced = code.given_at is not None and line.heard_at > code.given_at
        return Found(Finding.OLD_CODE if was_replaced else Finding.STAND_IN, at=line.heard_at)
    if line.whose == Whose.ELSEWHERE:
        return Found(Finding.OTHER_CODE, at=line.heard_at, door=line.code_door)
    if line.whose == Whose.NOBODY:
        return Found(Finding.OTHER_DIGITS, at=line.heard_at)
    if line.mistake is not None:
        return Found(_MISTAKES[line.mistake], at=line.heard_at)
    if line.refusal == Refusal.OUTSIDE_WINDOW:
        return _by_its_clock(line, code.window, clock_is_right=clock_is_right)
    if line.refusal != Refusal.UNKNOWN_CODE:
        return Found(Finding.REFUSED, at=line.heard_at)
    came_later = code.confirmed_at is not None and line.heard_at < code.confirmed_at
    return Found(Finding.NOW_ON_LOCK if came_later else Finding.CODE_REFUSED, at=line.heard_at)


def _by_its_clock(line: LogLine, held: Window | None, *, clock_is_right: bool) -> Found | None:
    """Tell a lock whose clock is off from a guest who was early, or a line that came late.

    By our clock the code was good when the line was heard. It may have been typed before, and
    heard of only when the gateway came back: then the lock's other lines come in time.
    """
    if held is None or line.heard_at not in held:
        return None
    if line.heard_at - held.valid_from <= CLOCKS_DIFFER and line.at not in held:
        return None
    if clock_is_right and line.at not in held:
        return None
    return Found(Finding.CLOCK_OFF, at=line.heard_at)
