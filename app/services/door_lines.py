"""Which lines of the locks' logs are a guest's business, and what each is to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.door_log import LogLine, Whose
from app.domain.door_trouble import TYPED_LATELY
from app.domain.lock_words import Mistake, Refusal, Way
from app.models import AccessCode, Door, LockEvent
from app.services.access import GuestAccess

_BARRED = (Refusal.LOCKED_OUT, Refusal.DOUBLE_LOCKED)


@dataclass(frozen=True)
class Before:
    """A guest before a door, for reading the log: their codes of all time, by id."""

    access: GuestAccess
    door: Door
    codes: Mapping[int, AccessCode]
    current: AccessCode | None
    asked_at: datetime | None
    now: datetime


def lines_for(
    before: Before, events: Sequence[LockEvent], names: Mapping[int, str]
) -> list[LogLine]:
    """Return what this guest may know; `names` are of the property's doors.

    What others do at other doors is none of their business, and at this one only that it is barred.
    """
    lines = [_line(before, event, names) for event in events]
    return [line for line in lines if line is not None]


def was_touched(before: Before, events: Sequence[LockEvent]) -> bool:
    """Tell whether anybody has typed at this door lately."""
    return any(
        event.door_id == before.door.id
        and event.way == Way.CODE
        and before.now - event.heard_at <= TYPED_LATELY
        for event in events
    )


def _line(before: Before, event: LockEvent, names: Mapping[int, str]) -> LogLine | None:
    is_here = event.door_id == before.door.id
    code = before.codes.get(event.code_id or 0)
    mistake, whose, code_door = None, Whose.NOBODY, None
    if code is not None:
        if not is_here and not _is_astray(before, event):
            return None
        whose, mistake = _whose(before, code, event.mistake)
        code_door = names.get(code.door_id)
    elif not is_here or not _is_of_whoever_is_here(before, event):
        return None
    return LogLine(
        at=event.at,
        heard_at=event.heard_at,
        is_here=is_here,
        door=names[event.door_id],
        whose=whose,
        code_door=code_door,
        refusal=event.refusal,
        mistake=mistake,
    )


def _is_astray(before: Before, event: LockEvent) -> bool:
    """Tell whether their digits were typed where they do not belong."""
    if event.refusal is None:
        return False
    is_theirs = before.access.verdict(event.door_id) is not None
    return not is_theirs or event.mistake == Mistake.OTHER_DOOR


def _is_of_whoever_is_here(before: Before, event: LockEvent) -> bool:
    """Tell whether a line of this door without a code of theirs is about the one before it."""
    if event.refusal in _BARRED:
        return True
    if event.refusal is None:  # opened from afar since they asked: for them
        since = before.asked_at
        return event.way == Way.REMOTE and since is not None and event.heard_at > since
    unknown = event.code_id is None and event.way == Way.CODE
    return unknown and before.now - event.heard_at <= TYPED_LATELY


def _whose(
    before: Before, code: AccessCode, mistake: Mistake | None
) -> tuple[Whose, Mistake | None]:
    """Say whose digits these are at this door. The same digits on another door are the same."""
    current = before.current
    if current is not None and code.digits_hash == current.digits_hash:
        return Whose.CURRENT, None if mistake == Mistake.OTHER_DOOR else mistake
    if code.door_id == before.door.id:
        return Whose.FORMER, mistake
    return Whose.ELSEWHERE, mistake
