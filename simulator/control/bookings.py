"""The channels: bookings, closed dates, and how the calendars behave."""

from flask import Blueprint, Response, jsonify, request

from simulator import channel
from simulator.control.asking import Unclear, asked
from simulator.feeds import MODES
from simulator.ttlock import the_world

bookings = Blueprint("control_bookings", __name__, url_prefix="/control")


@bookings.post("/bookings")
def book() -> Response:
    """Book; `mail` and `language` say how this booking's mails are sent, where it differs."""
    told = asked("channel", "rooms")
    language = {"language": told["language"]} if "language" in told else {}
    return jsonify(
        channel.book(
            the_world(),
            told["channel"],
            told["rooms"],
            guest=told.get("guest", ""),
            phone=told.get("phone", ""),
            reference=told.get("reference", ""),
            mail={**(told.get("mail") or {}), **language},
        )
    )


@bookings.post("/bookings/<reference>/rooms")
def add_room(reference: str) -> Response:
    told = asked("number", "arrival", "departure")
    return jsonify(channel.add_room(the_world(), reference, told))


@bookings.patch("/bookings/<reference>")
def change(reference: str) -> Response:
    told = asked("arrival", "departure")
    number = told.get("number")
    return jsonify(
        channel.change(the_world(), reference, number, told["arrival"], told["departure"])
    )


@bookings.delete("/bookings/<reference>")
def cancel(reference: str) -> Response:
    channel.cancel(the_world(), reference, request.args.get("room", type=int))
    return jsonify(ok=True)


@bookings.post("/blocks")
def block() -> Response:
    told = asked("number", "arrival", "departure", "channel")
    dates = told["arrival"], told["departure"]
    channel.block(the_world(), told["number"], *dates, told["channel"])
    return jsonify(ok=True)


@bookings.post("/feeds/<name>/<int:number>")
def feed(name: str, number: int) -> Response:
    world, told = the_world(), asked()
    if told.get("mode", "ok") not in MODES:
        raise Unclear(f"Modes are: {', '.join(MODES)}.")
    with world.guard:
        world.data["feeds"][f"{name}/{number}"] = told
        world.changed()
    return jsonify(ok=True)
