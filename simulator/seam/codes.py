"""Access codes: what is asked for at once, and comes true when the radio has carried it."""

import re
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

from simulator.seam.devices import device_ids, iso, iso_ms
from simulator.seam.happenings import happened
from simulator.seam.refusals import Refused, invalid
from simulator.world import World

AHEAD = timedelta(hours=72)
"""How long before its start a code is loaded onto the lock."""
MOST_CODES = 250
CREATING, DEFERRING, UPDATING = "creating", "deferring_creation", "updating_time_frame"
DELETING = "deleting"
Code = dict[str, Any]


def make(world: World, lock_id: str, asked: dict[str, Any]) -> Code:
    """Take a code on; nothing is on the lock yet. `guard` is held."""
    code: Code = {
        "ref": str(uuid4()), "lock_id": lock_id, "name": str(asked.get("name") or ""),
        "digits": str(asked.get("code") or ""), "made_at": iso(world.now()),
        "errors": [], "told_error": asked.get("told_error"), **_times(asked),
    }  # fmt: skip
    code["pending"] = DEFERRING if _due_ms(code) > _now_ms(world) else CREATING
    world.data["seam"]["codes"][code["ref"]] = code
    happened(world, "access_code.created", code)
    world.changed()
    return code


def move(world: World, code: Code, asked: dict[str, Any]) -> None:
    """Take a change on; `guard` is held."""
    if code["pending"] == DELETING:
        raise Refused(400, "access_code_being_deleted", "The access code is being deleted")
    code.update(_times({**_shown_times(code), **asked}))
    code.update(errors=[], told_error=asked.get("told_error"))
    if code["pending"] in (CREATING, DEFERRING):
        code["pending"] = DEFERRING if _due_ms(code) > _now_ms(world) else CREATING
    else:
        code["pending"] = UPDATING
    world.changed()


def drop(world: World, code: Code, asked: dict[str, Any]) -> None:
    """Take a removal on; what has never been on the lock is gone at once. `guard` is held."""
    never_set = code["pending"] == DEFERRING or (code["pending"] == CREATING and code["errors"])
    code.update(pending=DELETING, errors=[], told_error=asked.get("told_error"))
    if never_set:
        carry_out(world, code)
    world.changed()


def wake(world: World, code: Code) -> None:
    """Look at the clock: what was deferred may be due, what is over goes; `guard` is held."""
    if code["pending"] == DEFERRING and _due_ms(code) <= _now_ms(world):
        code["pending"] = CREATING
    if code["end"] is not None and code["end"] <= _now_ms(world) and code["pending"] != DELETING:
        code.update(pending=DELETING, errors=[])


def carry_out(world: World, code: Code) -> None:
    """Do at the lock what is pending; `guard` is held, and the lock is reachable."""
    memory = world.data["locks"][code["lock_id"]]["memory"]
    on_lock = {"digits": code["digits"], "name": code["name"], "start": code["start"],
               "end": code["end"]}  # fmt: skip
    error = code["told_error"] or (_refusal(code, memory) if code["pending"] == CREATING else None)
    world.changed()
    if error is not None:
        code["errors"] = [error]
        happened(world, "access_code.failed_to_set_on_device", code)
    elif code["pending"] == DELETING:
        if memory.pop(code["ref"], None) is not None:
            happened(world, "access_code.removed_from_device", code)
        world.data["seam"]["codes"].pop(code["ref"], None)
        happened(world, "access_code.deleted", code)
    else:
        memory[code["ref"]] = on_lock
        is_ahead = code["start"] is not None and code["start"] > _now_ms(world)
        code.update(pending="", errors=[])
        happened(world, f"access_code.{'scheduled' if is_ahead else 'set'}_on_device", code)


def shown(world: World, code: Code) -> dict[str, Any]:
    pending = []
    if code["pending"]:
        pending.append(
            {
                "mutation_code": code["pending"], "created_at": code["made_at"], "message": "",
                "scheduled_at": iso_ms(_due_ms(code)),
            }
        )  # fmt: skip
    is_ahead = code["start"] is not None and code["start"] > _now_ms(world)
    return {
        "access_code_id": code["ref"],
        "device_id": device_ids(world)[code["lock_id"]],
        "name": code["name"],
        "code": code["digits"],
        "type": "ongoing" if code["end"] is None else "time_bound",
        **_shown_times(code),
        "created_at": code["made_at"],
        "is_managed": True,
        "is_scheduled_on_device": is_ahead and not code["pending"],
        "is_offline_access_code": False,
        "status": "unset" if is_ahead else "setting" if code["pending"] else "set",
        "pending_mutations": pending,
        "errors": [
            {"error_code": one, "message": one, "is_access_code_error": True}
            for one in code["errors"]
        ],
        "warnings": [],
    }


def stranger(world: World, lock_id: str, ref: str) -> dict[str, Any]:
    """Return a code of the lock that Seam did not make; `guard` is held."""
    known = world.data["locks"][lock_id]["memory"][ref]
    return {
        "access_code_id": str(UUID(int=int(ref))) if ref.isdecimal() else ref,
        "device_id": device_ids(world)[lock_id],
        "name": known["name"],
        "code": known["digits"],
        "type": "ongoing" if known["end"] is None else "time_bound",
        "starts_at": iso_ms(known["start"]),
        "ends_at": iso_ms(known["end"]),
        "created_at": iso(world.now()),
        "is_managed": False,
        "status": "set",
        "errors": [],
        "warnings": [],
    }


def _refusal(code: Code, memory: dict[str, Any]) -> str | None:
    digits = code["digits"]
    steps = {int(b) - int(a) for a, b in pairwise(digits)} if digits.isdecimal() else {0}
    if not re.fullmatch(r"\d{4,9}", digits) or steps in ({0}, {1}, {-1}):
        return "code_constraints_violated"
    if any(held["digits"] == digits for ref, held in memory.items() if ref != code["ref"]):
        return "duplicate_code_on_device"
    return "no_space_for_access_code_on_device" if len(memory) >= MOST_CODES else None


def _times(asked: dict[str, Any]) -> dict[str, int | None]:
    if asked.get("starts_at") is None and asked.get("ends_at") is None:
        return {"start": None, "end": None}
    start, end = (_ms(asked, field) for field in ("starts_at", "ends_at"))
    if end <= start:
        raise invalid("ends_at", "ends_at must be after starts_at")
    return {"start": start, "end": end}


def _ms(asked: dict[str, Any], field: str) -> int:
    try:
        return int(datetime.fromisoformat(str(asked.get(field))).timestamp() * 1000)
    except ValueError:
        raise invalid(field, "Invalid datetime") from None


def _shown_times(code: Code) -> dict[str, str | None]:
    return {"starts_at": iso_ms(code["start"]), "ends_at": iso_ms(code["end"])}


def _due_ms(code: Code) -> float:
    start = code["start"]
    return 0.0 if start is None else float(start) - AHEAD.total_seconds() * 1000


def _now_ms(world: World) -> float:
    return world.now().timestamp() * 1000
