"""The house: its gateways, its locks and their keypads."""

from flask import Blueprint, Response, jsonify

from simulator.control.asking import Unclear, asked
from simulator.locks import press_keypad
from simulator.ttlock import the_world

house = Blueprint("control_house", __name__, url_prefix="/control")


@house.post("/gateways/<gateway_id>")
def gateway(gateway_id: str) -> Response:
    return _update("gateways", gateway_id, {"online", "delay_seconds"})


@house.post("/locks/<lock_id>")
def lock(lock_id: str) -> Response:
    return _update("locks", lock_id, {"battery", "clock_offset_seconds"})


@house.get("/locks/<lock_id>")
def held(lock_id: str) -> Response:
    world = the_world()
    with world.guard:
        if lock_id not in world.data["locks"]:
            raise Unclear(f"There is no lock {lock_id}.")
        rows = [c for c in world.data["codes"].values() if str(c["lockId"]) == lock_id]
        memory = list(world.data["locks"][lock_id]["memory"].values())
        return jsonify(memory=memory, cloud=rows)


@house.post("/locks/<lock_id>/keypad")
def keypad(lock_id: str) -> Response:
    if lock_id not in the_world().data["locks"]:
        raise Unclear(f"There is no lock {lock_id}.")
    opened, why = press_keypad(the_world(), lock_id, str(asked("digits")["digits"]))
    return jsonify(opened=opened, why=why)


def _update(table: str, key: str, known: set[str]) -> Response:
    world, told = the_world(), asked()
    if unknown := told.keys() - known:
        raise Unclear(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(known))}.")
    with world.guard:
        if key not in world.data[table]:
            raise Unclear(f"There is no {key} among the {table}.")
        world.data[table][key].update(told)
        world.changed()
        return jsonify(world.data[table][key])
