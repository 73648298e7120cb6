"""Events: what befell codes, and what the locks' own logs tell, in Seam's words."""

from typing import Any
from uuid import UUID

from simulator.seam.devices import device_ids, iso, iso_ms
from simulator.world import World

BY_CODE, REMOTELY, LOCKED = 4, 12, 11
"""recordType of the locks' logs."""
REASONS = {
    7: "unknown_code", 11: "expired_code", 13: "blocklisted_code",
    38: "blocked_by_privacy_mode", 48: "too_many_attempts",
}  # fmt: skip
"""By recordTypeFromLock."""
MOST = 2000


def happened(world: World, kind: str, code: dict[str, Any]) -> None:
    """Note what befell a code; `guard` is held."""
    now = iso(world.now())
    world.data["seam"]["events"].append(
        {
            "event_id": _uuid(world.next_id()), "event_type": kind,
            "device_id": device_ids(world)[code["lock_id"]], "lock_id": code["lock_id"],
            "access_code_id": code["ref"], "occurred_at": now, "created_at": now,
        }
    )  # fmt: skip
    del world.data["seam"]["events"][:-MOST]


def events(world: World, lock_id: str) -> list[dict[str, Any]]:
    """Return all events of a lock, the newest first; `guard` is held."""
    own = [one for one in world.data["seam"]["events"] if one["lock_id"] == lock_id]
    logged = [from_log(world, lock_id, row) for row in world.by_lock.records(lock_id)]
    return sorted([*own, *logged], key=lambda event: str(event["created_at"]), reverse=True)


def from_log(world: World, lock_id: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return a line of a lock's log as an event; `guard` is held."""
    mine = [c for c in world.data["seam"]["codes"].values() if c["lock_id"] == lock_id]
    typed = row["keyboardPwd"] if row["recordType"] == BY_CODE else ""
    code = next((c["ref"] for c in mine if typed and c["digits"] == typed), None)
    event = {
        "event_id": _uuid(row["recordId"]), "device_id": device_ids(world)[lock_id],
        "lock_id": lock_id, "access_code_id": code,
        "occurred_at": iso_ms(row["lockDate"]), "created_at": iso_ms(row["serverDate"]),
    }  # fmt: skip
    if not row["success"]:
        reason = REASONS.get(row["recordTypeFromLock"])
        why = {"reason": {"reason_code": reason, "message": reason}} if reason else {}
        return {**event, "event_type": "lock.access_denied", **why}
    if row["recordType"] == LOCKED:
        return {**event, "event_type": "lock.locked", "method": "remote", "is_via_bluetooth": True}
    method = {BY_CODE: "keycode", REMOTELY: "remote"}.get(row["recordType"], "unknown")
    return {**event, "event_type": "lock.unlocked", "method": method, "code": typed or None}


def _uuid(number: int) -> str:
    return str(UUID(int=number))
