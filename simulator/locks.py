"""The locks themselves: what they remember, what their keypads do, and who opened them.

The cloud's list and a lock's memory are two things (facts of the vendor: a code added by type 1
shows in the cloud and never opens the door).
"""

from typing import Any

from simulator.world import World

OPEN_SECONDS = 5.0
BY_CODE, REMOTELY = 4, 12
"""recordType of the cloud."""
CODE_OK, UNKNOWN_CODE, OUTSIDE_WINDOW, BY_GATEWAY = 4, 7, 11, 28
"""recordTypeFromLock, another numbering."""


def press_keypad(world: World, lock_id: str, digits: str) -> tuple[bool, str]:
    """Type digits at a door; return whether it opened, and what the lock found."""
    with world.guard:
        lock = world.data["locks"][lock_id]
        now_ms = world.now().timestamp() * 1000 + lock["clock_offset_seconds"] * 1000
        known = next((c for c in lock["memory"].values() if c["digits"] == digits), None)
        if known is None:
            _record(world, lock_id, BY_CODE, UNKNOWN_CODE, success=False, name="", digits=digits)
            return False, "These digits are not on this lock."
        inside = known["start"] is None or known["start"] <= now_ms < known["end"]
        if not inside:
            name = known["name"]
            _record(
                world, lock_id, BY_CODE, OUTSIDE_WINDOW, success=False, name=name, digits=digits
            )
            return False, "The code is on this lock, but its time has not come or is over."
        _open(world, lock)
        name = known["name"]
        _record(world, lock_id, BY_CODE, CODE_OK, success=True, name=name, digits=digits)
        return True, f"Opened by {name}."


def open_remotely(world: World, lock_id: str) -> None:
    _open(world, world.data["locks"][lock_id])
    _record(world, lock_id, REMOTELY, BY_GATEWAY, success=True, name="remote", digits="")


def is_open(world: World, lock: dict[str, Any]) -> bool:
    return bool(lock["open_until"] > world.now().timestamp())


def _open(world: World, lock: dict[str, Any]) -> None:
    lock["open_until"] = world.now().timestamp() + OPEN_SECONDS
    world.changed()


def _record(
    world: World,
    lock_id: str,
    record_type: int,
    from_lock: int,
    *,
    success: bool,
    name: str,
    digits: str,
) -> None:
    at = int(world.now().timestamp() * 1000)
    world.data["records"].append(
        {
            "recordId": world.next_id(),
            "lockId": int(lock_id),
            "recordType": record_type,
            "recordTypeFromLock": from_lock,
            "success": int(success),
            "username": name,
            "keyboardPwd": digits,
            "lockDate": at,
            "serverDate": at,
        }
    )
    del world.data["records"][:-2000]
    world.changed()
