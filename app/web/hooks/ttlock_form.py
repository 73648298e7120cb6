"""TTLock's callback as a hint: which locks' logs to read, or that a way to locks came or went.

Forms are unsigned, so that nothing else of them is read; among it are guests' digits in clear.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

RECORDS, GATEWAY, WIFI_LOCK, WIFI_FAULT, DOOR_SENSOR = 1, 2, 3, 4, 7
"""notifyType (euopen.ttlock.com, record notify and its neighbours)."""
OF_LOCKS = (RECORDS, WIFI_FAULT, DOOR_SENSOR)
OF_STATE = (GATEWAY, WIFI_LOCK)

MOST_LOCKS = 50
_LOCK_ID = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True)
class Hint:
    """What a post is about."""

    lock_ids: frozenset[str]
    of_state: bool
    """A gateway, or a lock with Wi-Fi, came or went."""


def read_hint(form: Mapping[str, str]) -> Hint | None:
    """Read a form; None when it is none of TTLock's, or of a kind that we have no use for."""
    kind = form.get("notifyType", "")
    if kind in map(str, OF_STATE):
        return Hint(frozenset(), of_state=True)
    if kind not in map(str, OF_LOCKS):
        return None
    told = [form.get("lockId", ""), *_in_records(form.get("records", ""))]
    lock_ids = sorted({one for one in told if _LOCK_ID.fullmatch(one)})[:MOST_LOCKS]
    return Hint(frozenset(lock_ids), of_state=False) if lock_ids else None


def _in_records(text: str) -> Iterator[str]:
    """Yield the lock ids in a JSON array of records; nothing where it is none."""
    try:
        records = json.loads(text)
    except (ValueError, RecursionError):
        return
    for one in records if isinstance(records, list) else ():
        lock_id = one.get("lockId") if isinstance(one, dict) else None
        if isinstance(lock_id, int | str) and not isinstance(lock_id, bool):
            yield str(lock_id)
