"""Seam's events read as lines of a lock's own log."""

from collections.abc import Mapping
from typing import Literal

from app.domain.lock_words import Refusal, Way
from app.ports.locks import LockRecord
from app.ports.locks.seam_rows import instant, text

Event = Literal["lock.unlocked", "lock.locked", "lock.access_denied"]
UNLOCKED: Event = "lock.unlocked"
LOCKED: Event = "lock.locked"
DENIED: Event = "lock.access_denied"

WAYS: Mapping[str, Way] = {
    "keycode": Way.CODE,
    "manual": Way.INSIDE,
    "remote": Way.REMOTE,
    "card": Way.CARD,
    "mobile_key": Way.APP,
}
"""By the `method` of an event. Others ("automatic", "unknown") say nothing of a person."""

REFUSALS: Mapping[str, Refusal] = {
    "unknown_code": Refusal.UNKNOWN_CODE,
    "expired_code": Refusal.OUTSIDE_WINDOW,
    "too_many_attempts": Refusal.LOCKED_OUT,
    "blocked_by_privacy_mode": Refusal.DOUBLE_LOCKED,
}


TYPED = frozenset({"unknown_code", "expired_code", "blocklisted_code", "too_many_attempts"})
"""Reasons that only a keypad can give."""


def lock_record(event: object, names: Mapping[str, str]) -> LockRecord | None:
    """Read one event; `names` are those of the codes on the lock, by Seam's id.

    None when it cannot be told from others, or when it was.
    """
    key = text(getattr(event, "event_id", None))
    at = instant(getattr(event, "occurred_at", None))
    if not key or at is None:
        return None
    digits = text(getattr(event, "code", None))
    return LockRecord(
        key=key,
        at=at,
        heard_at=instant(getattr(event, "created_at", None)) or at,
        way=_way(event),
        refusal=_refusal(event),
        code_name=names.get(text(getattr(event, "access_code_id", None)), ""),
        digits=digits or None,
    )


def _way(event: object) -> Way:
    kind = getattr(event, "event_type", None)
    if kind == LOCKED:
        return Way.LOCKED
    if kind == DENIED:
        is_code = bool(getattr(event, "access_code_id", None)) or _reason(event) in TYPED
        return Way.CODE if is_code else Way.OTHER
    if getattr(event, "is_via_bluetooth", None) is True:
        return Way.APP
    if getattr(event, "is_via_nfc", None) is True:
        return Way.CARD
    return WAYS.get(text(getattr(event, "method", None)), Way.OTHER)


def _refusal(event: object) -> Refusal | None:
    if getattr(event, "event_type", None) != DENIED:
        return None
    return REFUSALS.get(_reason(event), Refusal.OTHER)


def _reason(event: object) -> str:
    return text(getattr(getattr(event, "reason", None), "reason_code", None))
