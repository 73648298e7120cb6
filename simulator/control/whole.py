"""The world as a whole: its state, its clock, its faults."""

from flask import Blueprint, Response, jsonify

from simulator import ttlock_notices
from simulator.control.asking import Unclear, asked
from simulator.faults import KINDS
from simulator.post.delivery import set_clock
from simulator.ttlock import the_world

whole = Blueprint("control_whole", __name__, url_prefix="/control")


@whole.get("/state")
def state() -> Response:
    world = the_world()
    with world.guard:
        return jsonify(world.data)


@whole.post("/reset")
def reset() -> Response:
    the_world().reset()
    return jsonify(ok=True)


@whole.post("/clock")
def clock() -> Response:
    """Set the clock `offset_seconds` ahead of real time, or put it on by `advance_seconds`."""
    world, told = the_world(), asked()
    if not told.keys() & {"offset_seconds", "advance_seconds"}:
        raise Unclear("Missing: offset_seconds or advance_seconds.")
    with world.guard:
        told = {"offset_seconds": world.data["clock_offset"], "advance_seconds": 0, **told}
        try:
            offset = float(told["offset_seconds"]) + float(told["advance_seconds"])
        except (TypeError, ValueError):
            raise Unclear("Seconds are a number.") from None
        set_clock(world, offset)
    ttlock_notices.deliver_due(world)
    return jsonify(now=world.now().isoformat())


@whole.post("/faults")
def fault() -> Response:
    world, told = the_world(), asked("service", "kind")
    if told["kind"] not in KINDS:
        raise Unclear(f"Kinds are: {', '.join(sorted(KINDS))}.")
    with world.guard:
        world.data["faults"].append(told)
    return jsonify(ok=True)


@whole.delete("/faults")
def clear_faults() -> Response:
    world = the_world()
    with world.guard:
        world.data["faults"].clear()
    return jsonify(ok=True)


@whole.get("/calls")
def calls() -> Response:
    world = the_world()
    with world.guard:
        return jsonify(world.data["calls"])


@whole.delete("/calls")
def forget_calls() -> Response:
    world = the_world()
    with world.guard:
        world.data["calls"].clear()
    return jsonify(ok=True)
