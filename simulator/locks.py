"""The locks themselves: what they remember, what their keypads do, and who opened them.

The cloud's list and a lock's memory are two things (facts of the vendor: a code added by type 1
shows in the cloud and never opens the door).
"""

from dataclasses import dataclass
from typing import Any

from simulator.records import record
from simulator.ttlock_period import FIRST_USE_MS
from simulator.world import World

OPEN_SECONDS = 5.0
MOST_WRONG, WRONG_SECONDS, REST_SECONDS = 5, 180.0, 300.0
"""So many wrong codes within that time, and the keypad rests."""
BY_CODE, BY_APP, REMOTELY, SYSTEM_LOCKED = 4, 11, 12, 48
"""recordType of the cloud."""
CODE_OK, UNKNOWN_CODE, OUTSIDE_WINDOW, WITHDRAWN = 4, 7, 11, 13
LOCKED_BY_BLUETOOTH, BY_GATEWAY, DOUBLE_LOCKED = 26, 28, 38
"""recordTypeFromLock, another numbering, which has 48 as well."""


@dataclass(frozen=True)
class _Finding:
    """What a lock makes of digits."""

    from_lock: int
    why: str
    code_id: str = ""
    name: str = ""


def press_keypad(world: World, lock_id: str, digits: str) -> tuple[bool, str]:
    """Type digits at a door; return whether it opened, and what the lock found."""
    with world.guard:
        lock, now = world.data["locks"][lock_id], world.now().timestamp()
        if lock["battery"] <= 0:
            return False, "The keypad stays dark: the battery is flat."
        if lock["rests_until"] > now:
            return False, "The keypad rests: too many wrong codes."
        shown = now + lock["clock_offset_seconds"] + lock["hours_off"] * 3600
        found = _find(lock, digits, shown * 1000)
        is_good = found.from_lock == CODE_OK
        record(
            world, lock_id, BY_CODE, found.from_lock,
            success=is_good, name=found.name, digits=digits,
        )  # fmt: skip
        if not is_good:
            if found.from_lock == UNKNOWN_CODE:
                _count_wrong(world, lock_id, now)
            return False, found.why
        lock["wrong_at"].clear()
        if found.code_id in lock["unused_codes"]:  # from now on the lock remembers it
            lock["memory"][found.code_id] = lock["unused_codes"].pop(found.code_id)
        _open(world, lock)
        return True, found.why


def open_remotely(world: World, lock_id: str) -> None:
    _open(world, world.data["locks"][lock_id])
    record(world, lock_id, REMOTELY, BY_GATEWAY, success=True, name="remote")


def lock_remotely(world: World, lock_id: str) -> None:
    world.data["locks"][lock_id]["open_until"] = 0.0
    record(world, lock_id, BY_APP, LOCKED_BY_BLUETOOTH, success=True, name="remote")


def is_open(world: World, lock: dict[str, Any]) -> bool:
    return bool(lock["open_until"] > world.now().timestamp())


def _find(lock: dict[str, Any], digits: str, now_ms: float) -> _Finding:
    codes = [*lock["memory"].items(), *lock["unused_codes"].items()]
    ref, code = next(((r, c) for r, c in codes if c["digits"] == digits), ("", None))
    if code is None:
        if digits in lock["withdrawn"]:
            return _Finding(WITHDRAWN, "The code was withdrawn.")
        return _Finding(UNKNOWN_CODE, "These digits are not on this lock.")
    if lock["double_locked"]:
        return _Finding(DOUBLE_LOCKED, "The door is locked from inside.", ref, code["name"])
    is_late = ref in lock["unused_codes"] and now_ms >= code["start"] + FIRST_USE_MS
    if is_late or not (code["start"] is None or code["start"] <= now_ms < code["end"]):
        why = "The code is on this lock, but its time has not come or is over."
        return _Finding(OUTSIDE_WINDOW, why, ref, code["name"])
    return _Finding(CODE_OK, f"Opened by {code['name']}.", ref, code["name"])


def _count_wrong(world: World, lock_id: str, now: float) -> None:
    lock = world.data["locks"][lock_id]
    lock["wrong_at"] = [at for at in lock["wrong_at"] if at > now - WRONG_SECONDS] + [now]
    if len(lock["wrong_at"]) >= MOST_WRONG:
        lock["wrong_at"] = []
        lock["rests_until"] = now + REST_SECONDS
        record(world, lock_id, SYSTEM_LOCKED, SYSTEM_LOCKED, success=False)


def _open(world: World, lock: dict[str, Any]) -> None:
    lock["open_until"] = world.now().timestamp() + OPEN_SECONDS
    world.changed()
