"""The channel: a form to book at, and what is booked, each with the mail about it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from simulator import channel
from simulator.page.parts import View, answer, only_from_here
from simulator.page.words import clock_time
from simulator.post.announcing import WRITERS
from simulator.ttlock import the_world
from simulator.world import World

bookings = Blueprint("channel_page", __name__)
bookings.before_request(only_from_here)

CHANNELS = {"airbnb": "Airbnb", "booking": "Booking.com", "other": "another calendar"}
KINDS = {"new": "Booking mail", "modified": "Change mail", "cancelled": "Cancellation mail"}
AT_ONCE = {"enabled": True, "delay_seconds": 0, "copies": 1}
MAILS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "at-once": ("at once", AT_ONCE),
    "late": ("ten minutes late", {**AT_ONCE, "delay_seconds": 600}),
    "twice": ("twice", {**AT_ONCE, "copies": 2}),
    "never": ("never", {"enabled": False}),
}


@bookings.post("/bookings")
def book() -> AnyResponse:
    world, form = the_world(), request.form
    dates = {"arrival": form.get("arrival", ""), "departure": form.get("departure", "")}
    rooms = [{"number": number, **dates} for number in form.getlist("room")]
    _label, mail = MAILS.get(form.get("mail", ""), ("", {}))
    try:
        made = channel.book(
            world,
            form.get("channel", ""),
            rooms,
            guest=form.get("guest", ""),
            phone=form.get("phone", ""),
            reference=form.get("reference", ""),
            mail=mail,
        )
        world.said["channel"] = {"made": made["reference"], "form": {}}
    except channel.CannotBook as fault:
        world.said["channel"] = {
            "problem": str(fault),
            "form": {**form, "room": form.getlist("room")},
        }
    return answer("channel", channel_view(world))


@bookings.post("/bookings/<reference>")
def change(reference: str) -> AnyResponse:
    world, form = the_world(), request.form
    number = form.get("room", type=int)
    if number is None and form.get("room"):
        abort(400)
    try:
        if form.get("do") == "cancel":
            channel.cancel(world, reference, number)
        elif form.get("do") == "add" and number is not None:
            channel.add_same_nights(world, reference, number)
        else:
            dates = form.get("arrival", ""), form.get("departure", "")
            channel.change(world, reference, number, *dates)
        world.said["channel"] = {"form": {}}
    except channel.CannotBook as fault:
        world.said["channel"] = {"problem": str(fault), "form": {}}
    return answer("channel", channel_view(world))


@bookings.get("/part/mail/<reference>")
def mail_line(reference: str) -> Response:
    """Show again whether a booking's mail was sent; asked for only while one waits."""
    world = the_world()
    with world.guard:
        booking = world.data["bookings"].get(reference)
        if booking is None:
            return Response(status=286)  # htmx's word for: ask no more
        line = _mail_line(world, booking)
    return Response(render_template("_mail_line.html", mail=line))


def channel_view(world: World) -> View:
    with world.guard:
        today = world.today()
        return {
            "rooms": world.house.rooms,
            "channels": CHANNELS,
            "mails": {key: label for key, (label, _told) in MAILS.items()},
            "bookings": [
                {**booking, "mail": _mail_line(world, booking)}
                for booking in reversed(world.data["bookings"].values())
            ],
            "said": world.said.get("channel", {"form": {}}),
            "today": today.isoformat(),
            "tomorrow": (today + timedelta(days=1)).isoformat(),
        }


def _mail_line(world: World, booking: dict[str, Any]) -> dict[str, Any]:
    """Say of a booking's last mail whether it was sent."""
    reference = booking["reference"]
    mails = [one for one in world.data["outgoing"] if one["reference"] == reference]
    line = {"reference": reference, "waits": False, "text": ""}
    if not mails:
        sends = booking["channel"] in WRITERS
        return {**line, "text": "No mail was sent." if sends else "This calendar sends no mail."}
    mail, kind = mails[-1], KINDS[mails[-1]["kind"]]
    if mail["delivered"] is None:
        return {
            **line,
            "waits": True,
            "text": f"{kind} waits until {clock_time(world, mail['due'])} by the house’s clock.",
        }
    twice = "" if mail["copies"] == 1 else f", {mail['copies']} times"
    return {**line, "text": f"{kind} sent {clock_time(world, mail['delivered'])}{twice}."}
