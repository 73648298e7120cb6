"""Seam over HTTP: who asks, what goes wrong on the way, and how errors are told."""

import time
from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator import faults
from simulator.seam.calls import HANDLERS
from simulator.seam.devices import lock_of
from simulator.seam.refusals import Refused
from simulator.ttlock import the_world
from simulator.world import World

seam = Blueprint("seam", __name__, url_prefix="/seam")


@seam.route("/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def call(path: str) -> Response:
    world, began = the_world(), time.time()
    calls = world.data["calls"]  # those of this world, should it be reset
    asked = _asked()
    lock_id = _lock_meant(world, asked)
    gateway = world.data["locks"].get(lock_id or "", {}).get("gateway")
    fault = faults.fault_for(world, "seam", path, lock_id, gateway)
    early = faults.before(fault)
    if early is not None:
        _note(world, calls, path, lock_id, gateway, began, str((fault or {}).get("kind")))
        return early
    try:
        answer = jsonify({**_done(world, path, asked, fault), "ok": True})
        outcome = "ok"
    except Refused as refusal:
        answer, outcome = jsonify(error=refusal.error), refusal.error["type"]
        answer.status_code = refusal.status
    _note(world, calls, path, lock_id, gateway, began, outcome)
    return faults.after(fault, answer)


def _done(
    world: World, path: str, asked: dict[str, Any], fault: dict[str, Any] | None
) -> dict[str, Any]:
    key = world.house.seam.get("api_key")
    if not key or request.headers.get("Authorization") != f"Bearer {key}":
        raise Refused(401, "unauthorized", "Unauthorized")
    handler = HANDLERS.get((request.method, path))
    if handler is None:
        raise Refused(404, "unknown_route", f"There is no {request.method} {path}")
    if fault is not None and fault["kind"] == "errcode":
        if "status" in fault:  # it is the call itself that is refused
            raise Refused(int(fault["status"]), str(fault["errcode"]), "as told")
        asked = {**asked, "told_error": str(fault["errcode"])}
    return handler(world, asked)


def _asked() -> dict[str, Any]:
    if request.method in ("POST", "PUT", "PATCH"):
        body = request.get_json(silent=True)
        return dict(body) if isinstance(body, dict) else {}
    return {
        name: ",".join(values) if name.endswith("s") and len(values) > 1 else values[0]
        for name, values in request.args.lists()
    }


def _lock_meant(world: World, asked: dict[str, Any]) -> str | None:
    code = world.data["seam"]["codes"].get(asked.get("access_code_id"))
    if code is not None:
        return str(code["lock_id"])
    return lock_of(world, asked.get("device_id"))


def _note(
    world: World,
    calls: list[dict[str, Any]],
    path: str,
    lock_id: str | None,
    gateway: str | None,
    began: float,
    outcome: str,
) -> None:
    with world.guard:
        calls.append(
            {
                "service": "seam", "path": path, "method": request.method, "lock_id": lock_id,
                "gateway": gateway, "began": began, "ended": time.time(), "outcome": outcome,
            }
        )  # fmt: skip
        del calls[:-5000]
