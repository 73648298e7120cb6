"""The control API: how tests tell the world what to do, and look at it. JSON in, JSON out."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator import channel
from simulator.faults import KINDS
from simulator.feeds import MODES
from simulator.locks import press_keypad
from simulator.ttlock import the_world

control = Blueprint("control", __name__, url_prefix="/control")


class Unclear(Exception):
    """The request cannot be understood; the message says why."""


@control.errorhandler(Unclear)
@control.errorhandler(channel.CannotBook)
def unclear(fault: Exception) -> tuple[Response, int]:
    return jsonify(message=str(fault)), 422


@control.get("/state")
def state() -> Response:
    world = the_world()
    with world.guard:
        return jsonify(world.data)


@control.post("/reset")
def reset() -> Response:
    the_world().reset()
    return jsonify(ok=True)


@control.post("/bookings")
def book() -> Response:
    asked = _json("channel", "rooms")
    return jsonify(
        channel.book(
            the_world(),
            asked["channel"],
            asked["rooms"],
            guest=asked.get("guest", ""),
            phone=asked.get("phone", ""),
            reference=asked.get("reference", ""),
        )
    )


@control.post("/bookings/<reference>/rooms")
def add_room(reference: str) -> Response:
    asked = _json("number", "arrival", "departure")
    return jsonify(channel.add_room(the_world(), reference, asked))


@control.patch("/bookings/<reference>")
def change(reference: str) -> Response:
    asked = _json("arrival", "departure")
    number = asked.get("number")
    return jsonify(
        channel.change(the_world(), reference, number, asked["arrival"], asked["departure"])
    )


@control.delete("/bookings/<reference>")
def cancel(reference: str) -> Response:
    channel.cancel(the_world(), reference, request.args.get("room", type=int))
    return jsonify(ok=True)


@control.post("/blocks")
def block() -> Response:
    asked = _json("number", "arrival", "departure", "channel")
    dates = asked["arrival"], asked["departure"]
    channel.block(the_world(), asked["number"], *dates, asked["channel"])
    return jsonify(ok=True)


@control.post("/gateways/<gateway_id>")
def gateway(gateway_id: str) -> Response:
    return _update("gateways", gateway_id, {"online", "delay_seconds"})


@control.post("/locks/<lock_id>")
def lock(lock_id: str) -> Response:
    return _update("locks", lock_id, {"battery", "clock_offset_seconds"})


@control.get("/locks/<lock_id>")
def held(lock_id: str) -> Response:
    world = the_world()
    with world.guard:
        if lock_id not in world.data["locks"]:
            raise Unclear(f"There is no lock {lock_id}.")
        rows = [c for c in world.data["codes"].values() if str(c["lockId"]) == lock_id]
        memory = list(world.data["locks"][lock_id]["memory"].values())
        return jsonify(memory=memory, cloud=rows)


@control.post("/locks/<lock_id>/keypad")
def keypad(lock_id: str) -> Response:
    if lock_id not in the_world().data["locks"]:
        raise Unclear(f"There is no lock {lock_id}.")
    opened, why = press_keypad(the_world(), lock_id, str(_json("digits")["digits"]))
    return jsonify(opened=opened, why=why)


@control.post("/feeds/<name>/<int:number>")
def feed(name: str, number: int) -> Response:
    world, asked = the_world(), _json()
    if asked.get("mode", "ok") not in MODES:
        raise Unclear(f"Modes are: {', '.join(MODES)}.")
    with world.guard:
        world.data["feeds"][f"{name}/{number}"] = asked
        world.changed()
    return jsonify(ok=True)


@control.post("/clock")
def clock() -> Response:
    world = the_world()
    with world.guard:
        world.data["clock_offset"] = float(_json("offset_seconds")["offset_seconds"])
        world.changed()
    return jsonify(now=world.now().isoformat())


@control.post("/faults")
def fault() -> Response:
    world, asked = the_world(), _json("service", "kind")
    if asked["kind"] not in KINDS:
        raise Unclear(f"Kinds are: {', '.join(sorted(KINDS))}.")
    with world.guard:
        world.data["faults"].append(asked)
    return jsonify(ok=True)


@control.delete("/faults")
def clear_faults() -> Response:
    world = the_world()
    with world.guard:
        world.data["faults"].clear()
    return jsonify(ok=True)


@control.get("/calls")
def calls() -> Response:
    world = the_world()
    with world.guard:
        return jsonify(world.data["calls"])


@control.delete("/calls")
def forget_calls() -> Response:
    world = the_world()
    with world.guard:
        world.data["calls"].clear()
    return jsonify(ok=True)


def _json(*needed: str) -> dict[str, Any]:
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict):
        raise Unclear("Send a JSON object.")
    if missing := [name for name in needed if name not in asked]:
        raise Unclear(f"Missing: {', '.join(missing)}.")
    return asked


def _update(table: str, key: str, known: set[str]) -> Response:
    world, asked = the_world(), _json()
    if unknown := asked.keys() - known:
        raise Unclear(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(known))}.")
    with world.guard:
        if key not in world.data[table]:
            raise Unclear(f"There is no {key} among the {table}.")
        world.data[table][key].update(asked)
        world.changed()
        return jsonify(world.data[table][key])
