"""The house: its gateways, its locks and their keypads, and the locks' cloud."""

from typing import Any

from flask import Blueprint, Response, jsonify

from simulator.control.asking import Unclear, asked
from simulator.gateways import plug
from simulator.locks import press_keypad
from simulator.records import record
from simulator.ttlock import the_world

GATEWAY = frozenset({"online", "delay_seconds"})
LOCK = frozenset(
    {
        *("battery", "clock_offset_seconds", "capacity", "remote_unlock", "feature_value"),
        *("has_code_data", "double_locked", "cancels_unused", "hours_off"),
    }
)
CLOUD = frozenset(
    {
        *("callback_url", "record_notice_seconds", "gateway_notice_seconds", "retry_seconds"),
        *("monthly_quota", "strict_date"),
    }
)

house = Blueprint("control_house", __name__, url_prefix="/control")


@house.post("/gateways/<gateway_id>")
def gateway(gateway_id: str) -> Response:
    """Say whether it is `online`, and how many `delay_seconds` a command takes."""
    world = the_world()
    told = _told("gateways", gateway_id, GATEWAY)
    with world.guard:
        row = world.data["gateways"][gateway_id]
        if "online" in told:
            plug(world, gateway_id, online=bool(told.pop("online")))
        row.update(told)
        world.changed()
        return jsonify(row)


@house.post("/locks/<lock_id>")
def lock(lock_id: str) -> Response:
    """Say how it is: see `LOCK` for what can be told."""
    world, told = the_world(), _told("locks", lock_id, LOCK)
    with world.guard:
        row = world.data["locks"][lock_id]
        row.update(told)
        world.changed()
        return jsonify(row)


@house.get("/locks")
def all_held() -> Response:
    """Return what each lock itself remembers, and the codes it would accept unasked."""
    world = the_world()
    with world.guard:
        locks = world.data["locks"].items()
        return jsonify(
            {
                lock_id: [*lock["memory"].values(), *lock["unused_codes"].values()]
                for lock_id, lock in locks
            }
        )


@house.get("/locks/<lock_id>")
def held(lock_id: str) -> Response:
    world = the_world()
    with world.guard:
        if lock_id not in world.data["locks"]:
            raise Unclear(f"There is no lock {lock_id}.")
        rows = list(world.by_lock.codes(lock_id).values())
        lock = world.data["locks"][lock_id]
        memory, unused = (list(lock[name].values()) for name in ("memory", "unused_codes"))
        return jsonify(memory=memory, unused=unused, cloud=rows)


@house.post("/locks/<lock_id>/keypad")
def keypad(lock_id: str) -> Response:
    if lock_id not in the_world().data["locks"]:
        raise Unclear(f"There is no lock {lock_id}.")
    opened, why = press_keypad(the_world(), lock_id, str(asked("digits")["digits"]))
    return jsonify(opened=opened, why=why)


@house.post("/locks/<lock_id>/records")
def happen(lock_id: str) -> Response:
    """Have a lock write a line: `record_type`, `from_lock`, `success`, `name`, `digits`."""
    world, told = the_world(), asked("record_type")
    with world.guard:
        if lock_id not in world.data["locks"]:
            raise Unclear(f"There is no lock {lock_id}.")
        record_type = int(told["record_type"])
        record(
            world,
            lock_id,
            record_type,
            int(told.get("from_lock", record_type)),
            success=bool(told.get("success", True)),
            name=str(told.get("name", "")),
            digits=str(told.get("digits", "")),
        )
    return jsonify(ok=True)


@house.post("/ttlock")
def cloud() -> Response:
    """Say how TTLock's cloud is: see `CLOUD` for what can be told."""
    world, told = the_world(), _known(CLOUD)
    with world.guard:
        world.data["ttlock"].update(told)
        world.changed()
        return jsonify(world.data["ttlock"])


def _told(table: str, key: str, known: frozenset[str]) -> dict[str, Any]:
    told = _known(known)
    if key not in the_world().data[table]:
        raise Unclear(f"There is no {key} among the {table}.")
    return told


def _known(known: frozenset[str]) -> dict[str, Any]:
    told = asked()
    if unknown := told.keys() - known:
        raise Unclear(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(known))}.")
    return told
