"""Why a door does not open for its guest: findings from what the lock and its log tell.

The facts hold nothing of other guests: only lines on this guest's codes, and lines of this very
door that concern whoever stands before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.access import Because, Verdict
from app.domain.door_findings import Finding, Found
from app.domain.door_log import HeldSince, LogLine, readings
from app.domain.windows import Window

FLAT, LOW = 5, 20
"""Percent of a battery: what hardly turns a motor, and what soon will not."""

JUST_OPENED = timedelta(minutes=3)
"""So long after the lock said it opened, the handle is the thing to try."""

LATELY = timedelta(minutes=3)
"""What was typed before that tells less than a lock that has lost its power or its contact."""

TYPED_LATELY = timedelta(minutes=10)
"""Within this a keypad that was typed on has been heard of, where its gateway is there."""


class Remote(StrEnum):
    """What became of the guest's last tap on Unlock."""

    OPENED = "opened"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class CodeFacts:
    """The guest's current code on the door. `held` is the window the lock has confirmed."""

    held: Window | None
    since: datetime
    """When it was asked for, or given to them."""
    confirmed_at: datetime | None = None
    """When the lock first confirmed it."""
    fault: str | None = None


@dataclass(frozen=True)
class LockFacts:
    """What the provider last told of the lock; None where it tells nothing."""

    gateway_online: bool | None = None
    seen_at: datetime | None = None
    battery_percent: int | None = None


@dataclass(frozen=True)
class TroubleFacts:
    """Everything that bears on one guest before one door at `now`."""

    now: datetime
    verdict: Verdict
    is_checked_in: bool
    code: CodeFacts | None
    lines: Sequence[LogLine]
    """Of about the last half hour, in any order."""
    lock: LockFacts
    was_touched: bool = False
    """Somebody, whoever it was, typed at this door lately."""
    stands_in: bool = False
    """The code is the one that was given in place of one that failed."""
    remote: Remote | None = None
    remote_at: datetime | None = None
    remote_why: str | None = None
    log_fault: str | None = None


_VERDICTS = {
    Because.NOT_CHECKED_IN: Finding.NOT_CHECKED_IN,
    Because.UNCERTAIN: Finding.UNCERTAIN,
    Because.TOO_EARLY: Finding.TOO_EARLY,
    Because.OVER: Finding.OVER,
    Because.NOT_THEIRS: Finding.OVER,
}


def find_trouble(facts: TroubleFacts) -> list[Found]:
    """Return what there is to say, the most telling first; never nothing.

    Whether they may come in at all goes before everything: no handle, battery or digit helps a
    guest whose time has not come.
    """
    because = facts.verdict.because
    if facts.verdict.allowed and not facts.is_checked_in:
        because = Because.NOT_CHECKED_IN
    if because in _VERDICTS:
        return [_not_theirs_now(_VERDICTS[because], facts.verdict)]
    if (opened := _opened(facts)) is not None:
        return [opened]
    read = _readings(facts)
    typed = [one for one in read if one.what in _TYPED]
    lately = [one for one in typed if one.at is None or facts.now - one.at <= LATELY]
    state = [*_power(facts), *_contact(facts)]
    found = [
        *(one for one in read if one.what in _BARRED),
        *_not_on_lock(facts),
        *_stand_in(facts, read),
        *lately,
        *(one for one in state if one.what != Finding.BATTERY_LOW),
        *(one for one in typed if one not in lately),
        *(one for one in state if one.what == Finding.BATTERY_LOW),
        *_unlock_failed(facts),
    ]
    return [*found, *_silence(facts, found)]


def _not_theirs_now(finding: Finding, verdict: Verdict) -> Found:
    window = verdict.window
    if finding == Finding.TOO_EARLY and window is not None:
        return Found(finding, at=window.valid_from)
    if finding == Finding.OVER and window is not None:
        return Found(finding, at=window.valid_until)
    return Found(finding)


def _opened(facts: TroubleFacts) -> Found | None:
    """Believe the lock while nothing has been refused since."""
    at = max((one.heard_at for one in facts.lines if one.is_here and one.opened), default=None)
    if facts.remote == Remote.OPENED and facts.remote_at is not None:
        at = max(at or facts.remote_at, facts.remote_at)
    if at is None or facts.now - at > JUST_OPENED:
        return None
    refused = any(one.heard_at > at for one in facts.lines if one.is_here and not one.opened)
    return None if refused else Found(Finding.OPENED, at=at)


_BARRED = (Finding.DOUBLE_LOCKED, Finding.LOCKED_OUT)
_TYPED = frozenset(Finding) - {*_BARRED, Finding.STAND_IN}


def _readings(facts: TroubleFacts) -> list[Found]:
    """Return what the log means, a barred door first."""
    code = facts.code
    held_code = HeldSince(code.held, code.since, code.confirmed_at) if code else HeldSince()
    read = readings(facts.lines, held_code, facts.now)
    return sorted(read, key=lambda one: [*_BARRED, one.what].index(one.what))


def _not_on_lock(facts: TroubleFacts) -> list[Found]:
    code = facts.code
    if code is not None and code.held is not None and facts.now in code.held:
        return []
    since = code.since if code is not None else None
    return [Found(Finding.NOT_ON_LOCK, at=since, why=code.fault if code is not None else None)]


def _stand_in(facts: TroubleFacts, read: Sequence[Found]) -> list[Found]:
    """Say that there is another code, unless it has been tried: then that is spoken of."""
    code = facts.code
    is_on_lock = code is not None and code.held is not None and facts.now in code.held
    if not is_on_lock or any(one.what in _TYPED for one in read):
        return []
    was_replaced = any(one.what == Finding.STAND_IN for one in read)
    return [Found(Finding.STAND_IN)] if facts.stands_in or was_replaced else []


def _power(facts: TroubleFacts) -> list[Found]:
    percent = facts.lock.battery_percent
    if percent is None or percent >= LOW:
        return []
    return [
        Found(Finding.BATTERY_FLAT if percent <= FLAT else Finding.BATTERY_LOW, percent=percent)
    ]


def _contact(facts: TroubleFacts) -> list[Found]:
    if facts.lock.gateway_online is not False:
        return []
    return [Found(Finding.LOST_CONTACT, at=facts.lock.seen_at)]


def _unlock_failed(facts: TroubleFacts) -> list[Found]:
    if facts.remote != Remote.FAILED:
        return []
    return [Found(Finding.UNLOCK_FAILED, at=facts.remote_at, why=facts.remote_why)]


def _silence(facts: TroubleFacts, found: Sequence[Found]) -> list[Found]:
    """Say what the log's silence means: nothing at all, where it could not have been heard."""
    if facts.log_fault is not None:
        return [Found(Finding.LOG_UNREAD, why=facts.log_fault)]
    if any(one.what != Finding.BATTERY_LOW for one in found):
        return []
    here = [one for one in facts.lines if one.is_here]
    typed = any(facts.now - one.heard_at <= TYPED_LATELY for one in here)
    if facts.was_touched or typed:
        return [Found(Finding.UNEXPLAINED)]
    return [Found(Finding.NOTHING_TYPED)]
