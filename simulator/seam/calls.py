"""What each call of Seam's API does."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from simulator.seam import codes, devices, radio, webhooks
from simulator.seam.happenings import events
from simulator.seam.refusals import Refused, invalid
from simulator.world import World

Asked = dict[str, Any]
Answer = dict[str, Any]


def _create(world: World, asked: Asked) -> Answer:
    with world.guard:
        code = codes.make(world, devices.known_lock(world, asked.get("device_id")), asked)
    radio.send_code(world, code["ref"])
    with world.guard:
        return {"access_code": codes.shown(world, code)}


def _update(world: World, asked: Asked) -> Answer:
    with world.guard:
        code = _code(world, asked)
        codes.move(world, code, asked)
    radio.send_code(world, code["ref"])
    return {}


def _delete(world: World, asked: Asked) -> Answer:
    with world.guard:
        code = _code(world, asked)
        codes.drop(world, code, asked)
    radio.send_code(world, code["ref"])
    return {}


def _get(world: World, asked: Asked) -> Answer:
    with world.guard:
        return {"access_code": codes.shown(world, _code(world, asked))}


def _codes(world: World, asked: Asked) -> Answer:
    with world.guard:
        lock_id = devices.known_lock(world, asked.get("device_id"))
        mine = [c for c in world.data["seam"]["codes"].values() if c["lock_id"] == lock_id]
        return _page(world, "access_codes", [codes.shown(world, code) for code in mine], asked)


def _strangers(world: World, asked: Asked) -> Answer:
    with world.guard:
        lock_id = devices.known_lock(world, asked.get("device_id"))
        ours = world.data["seam"]["codes"]
        refs = [ref for ref in world.data["locks"][lock_id]["memory"] if ref not in ours]
        rows = [codes.stranger(world, lock_id, ref) for ref in refs]
        return _page(world, "access_codes", rows, asked)


def _unlock(world: World, asked: Asked) -> Answer:
    with world.guard:
        lock_id = devices.known_lock(world, asked.get("device_id"))
        attempt_id = str(uuid4())
        world.data["seam"]["attempts"][attempt_id] = {
            "lock_id": lock_id, "status": "pending", "error": None,
            "told_error": asked.get("told_error"),
        }  # fmt: skip
    radio.send_unlock(world, attempt_id)
    return _attempt(world, {"action_attempt_id": attempt_id})


def _attempt(world: World, asked: Asked) -> Answer:
    attempt_id = str(asked.get("action_attempt_id"))
    with world.guard:
        attempt = world.data["seam"]["attempts"].get(attempt_id)
        if attempt is None:
            raise Refused(404, "action_attempt_not_found", "Could not find an action_attempt")
        error, status = attempt["error"], attempt["status"]
    return {
        "action_attempt": {
            "action_attempt_id": attempt_id,
            "action_type": "UNLOCK_DOOR",
            "status": status,
            "result": {"was_confirmed_by_device": True} if status == "success" else None,
            "error": {"type": error, "message": error} if status == "error" else None,
        }
    }


def _device(world: World, asked: Asked) -> Answer:
    with world.guard:
        lock_id = devices.known_lock(world, asked.get("device_id"))
        return {"device": devices.shown(world, lock_id)}


def _devices(world: World, asked: Asked) -> Answer:
    with world.guard:
        rows = [devices.shown(world, lock_id) for lock_id in devices.device_ids(world)]
        return _page(world, "devices", rows, asked)


def _events(world: World, asked: Asked) -> Answer:
    if "since" not in asked:
        raise invalid("since", "You must include since or between")
    with world.guard:
        lock_id = devices.known_lock(world, asked.get("device_id"))
        wanted = str(asked.get("event_types") or "").split(",")
        rows = [
            event
            for event in events(world, lock_id)
            if event["event_type"] in wanted and event["created_at"] > asked["since"]
        ]
        first, most = int(asked.get("unstable_offset") or 0), world.data["seam"]["page_size"]
        size = min(int(float(asked.get("limit") or most)), most)
        return {"events": rows[first : first + size]}


def _watch(world: World, asked: Asked) -> Answer:
    with world.guard:
        webhooks.watch(world, str(asked.get("url") or ""))
    return {
        "webhook": {
            "webhook_id": str(uuid4()), "url": asked.get("url"), "event_types": ["*"],
            "secret": world.house.seam["webhook_secret"],
        }
    }  # fmt: skip


def _code(world: World, asked: Asked) -> codes.Code:
    code = world.data["seam"]["codes"].get(asked.get("access_code_id"))
    if code is None:
        raise Refused(
            404, "access_code_not_found", "Could not find an access_code with access_code_id"
        )
    found: codes.Code = code
    return found


def _page(world: World, key: str, rows: list[Answer], asked: Asked) -> Answer:
    first, most = int(asked.get("page_cursor") or 0), world.data["seam"]["page_size"]
    over = first + most
    more = over < len(rows)
    pagination = {
        "has_next_page": more, "next_page_cursor": str(over) if more else None,
        "next_page_url": None,
    }  # fmt: skip
    return {key: rows[first:over], "pagination": pagination}


HANDLERS: dict[tuple[str, str], Callable[[World, Asked], Answer]] = {
    ("POST", "access_codes/create"): _create,
    ("PATCH", "access_codes/update"): _update,
    ("DELETE", "access_codes/delete"): _delete,
    ("GET", "access_codes/get"): _get,
    ("GET", "access_codes/list"): _codes,
    ("GET", "access_codes/unmanaged/list"): _strangers,
    ("POST", "locks/unlock_door"): _unlock,
    ("GET", "action_attempts/get"): _attempt,
    ("GET", "devices/get"): _device,
    ("GET", "devices/list"): _devices,
    ("GET", "events/list"): _events,
    ("POST", "webhooks/create"): _watch,
}
