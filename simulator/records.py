"""What locks write into their logs, and when the cloud hears of it.

A lock keeps its log until its gateway is reachable: what happens meanwhile is heard late. It dates
each line by its own clock.
"""

from typing import Any

from simulator import ttlock_notices
from simulator.world import World

MOST_UNSENT = 500
"""What a lock holds by itself."""


def record(
    world: World,
    lock_id: str,
    record_type: int,
    from_lock: int,
    *,
    success: bool,
    name: str = "",
    digits: str = "",
) -> None:
    """Write one line; `guard` is held."""
    lock = world.data["locks"][lock_id]
    line = {
        "lockId": int(lock_id),
        "recordType": record_type,
        "recordTypeFromLock": from_lock,
        "success": int(success),
        "username": name,
        "keyboardPwd": digits,
        "lockDate": int((world.now().timestamp() + lock["clock_offset_seconds"]) * 1000),
    }
    lock["unsent"].append(line)
    del lock["unsent"][:-MOST_UNSENT]
    gateway = world.data["gateways"].get(lock["gateway"] or "")
    if gateway is not None and gateway["online"]:
        send(world, lock_id)
    world.changed()


def send(world: World, lock_id: str) -> None:
    """Let the cloud hear what a lock has not sent yet; `guard` is held."""
    lock = world.data["locks"][lock_id]
    heard: list[dict[str, Any]] = []
    for line in lock["unsent"]:
        server_date = int(world.now().timestamp() * 1000)
        heard.append({"recordId": world.next_id(), **line, "serverDate": server_date})
    lock["unsent"].clear()
    for row in heard:
        world.by_lock.keep_record(row)
    if heard:
        ttlock_notices.tell_of_records(world, lock_id, heard)
