"""The doors: keypads to type at, gateways to unplug, batteries and clocks that fail."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from simulator.gateways import plug
from simulator.locks import is_open, press_keypad
from simulator.page.parts import View, answer, only_from_here
from simulator.ttlock import the_world
from simulator.world import World

doors = Blueprint("doors_page", __name__)
doors.before_request(only_from_here)


@doors.post("/locks/<lock_id>/keypad")
def keypad(lock_id: str) -> Response:
    world, digits = the_world(), request.form.get("digits", "").strip()
    if lock_id not in world.data["locks"]:
        abort(404)
    opened, why = press_keypad(world, lock_id, digits)
    world.said[lock_id] = {"opened": opened, "text": why, "digits": "" if opened else digits}
    return answer("doors", doors_view(world))


@doors.post("/locks/<lock_id>")
def lock(lock_id: str) -> Response:
    """Change the `battery` for one as full, or set the `clock` so many minutes ahead."""
    world, form = the_world(), request.form
    if lock_id not in world.data["locks"]:
        abort(404)
    try:
        told = {
            **({"battery": min(max(0, int(form["battery"])), 100)} if "battery" in form else {}),
            **({"clock_offset_seconds": 60.0 * int(form["clock"])} if "clock" in form else {}),
        }
    except ValueError:
        abort(400)
    with world.guard:
        world.data["locks"][lock_id].update(told)
        world.changed()
    return answer("doors", doors_view(world))


@doors.post("/gateways/<gateway_id>")
def gateway(gateway_id: str) -> Response:
    world = the_world()
    try:
        delay = min(max(0.0, float(request.form.get("delay") or 0)), 60.0)
    except ValueError:
        abort(400)
    with world.guard:
        found = world.data["gateways"].get(gateway_id)
        if found is None:
            abort(404)
        if "online" in request.form:
            plug(world, gateway_id, online=request.form["online"] == "1")
        if "delay" in request.form:
            found["delay_seconds"] = delay
        world.changed()
    return answer("doors", doors_view(world))


def doors_view(world: World) -> View:
    with world.guard:
        found = [_door(world, lock_id) for lock_id in world.data["locks"]]
        found.sort(key=lambda door: (door["room"] is not None, door["room"]))
        return {
            "doors": found,
            "gateways": {key: dict(one) for key, one in world.data["gateways"].items()},
        }


def _door(world: World, lock_id: str) -> dict[str, Any]:
    lock = world.data["locks"][lock_id]
    codes = [
        {**code, "window": _window(world, code["start"], code["end"]), "is_unused": is_unused}
        for is_unused, table in ((False, "memory"), (True, "unused_codes"))
        for code in lock[table].values()
    ]
    return {
        "id": lock_id,
        "name": lock["name"],
        "room": lock["room"],
        "battery": lock["battery"],
        "is_flat": lock["battery"] <= 0,
        "clock": _clock(lock["clock_offset_seconds"]),
        "gateway": world.data["gateways"].get(lock["gateway"] or ""),
        "codes": codes,
        "is_open": is_open(world, lock),
        "said": world.said.get(lock_id, {}),
    }


def _clock(ahead_seconds: float) -> str:
    """Say how far a clock is off; empty when it is right."""
    minutes = round(abs(ahead_seconds) / 60)
    return f"{minutes} min {'fast' if ahead_seconds > 0 else 'slow'}" if minutes else ""


def _window(world: World, start: int | None, end: int | None) -> str:
    if start is None or end is None:
        return "for ever"
    first, last = (datetime.fromtimestamp(at / 1000, world.zone) for at in (start, end))
    return f"{first:%a %d %b %H:%M} \N{EN DASH} {last:%a %d %b %H:%M}"
