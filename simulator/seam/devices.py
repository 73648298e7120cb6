"""The locks that Seam knows: those of the house file with `provider = "seam"` and a `device_id`."""

from datetime import UTC, datetime
from typing import Any

from simulator.locks import is_open
from simulator.seam.refusals import Refused
from simulator.world import World

CODE_LENGTHS = [4, 5, 6, 7, 8, 9]
OFFLINE = "device_offline"


def device_ids(world: World) -> dict[str, str]:
    """Return Seam's id of each of its locks, by the lock's number."""
    mine = (one for one in world.house.locks if one.get("provider") == "seam")
    return {str(one["id"]): str(one["device_id"]) for one in mine}


def lock_of(world: World, device_id: object) -> str | None:
    """Return the number of the lock that Seam calls so."""
    known = device_ids(world)
    return next((lock_id for lock_id, known_as in known.items() if known_as == device_id), None)


def known_lock(world: World, device_id: object) -> str:
    lock_id = lock_of(world, device_id)
    if lock_id is None:
        raise Refused(404, "device_not_found", "Could not find a device with device_id or name")
    return lock_id


def is_reachable(world: World, lock_id: str) -> bool:
    gateway = world.data["gateways"].get(world.data["locks"][lock_id]["gateway"] or "")
    return gateway is not None and bool(gateway["online"])


def shown(world: World, lock_id: str) -> dict[str, Any]:
    """Return a lock's row; `guard` is held."""
    lock, online = world.data["locks"][lock_id], is_reachable(world, lock_id)
    problem = {
        "error_code": OFFLINE, "is_device_error": True, "message": "Device is offline.",
        "created_at": iso(world.now()),
    }  # fmt: skip
    return {
        "device_id": device_ids(world)[lock_id],
        "device_type": "ttlock_lock",
        "display_name": lock["name"],
        "nickname": None,
        "capabilities_supported": ["access_code", "lock"],
        "can_remotely_unlock": True,
        "can_remotely_lock": True,
        "can_program_online_access_codes": True,
        "can_program_offline_access_codes": False,
        "is_managed": True,
        "errors": [] if online else [problem],
        "warnings": [],
        "properties": {
            "name": lock["name"],
            "online": online,
            "locked": not is_open(world, lock),
            "battery_level": lock["battery"] / 100,
            "battery": {"level": lock["battery"] / 100, "status": "full"},
            "supported_code_lengths": CODE_LENGTHS,
            "max_active_codes_supported": 250,
            "ttlock_metadata": {"lock_id": int(lock_id), "lock_alias": lock["name"]},
        },
    }


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_ms(ms: float | None) -> str | None:
    return None if ms is None else iso(datetime.fromtimestamp(ms / 1000, UTC))
