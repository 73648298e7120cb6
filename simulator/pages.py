"""The house page: where a newcomer plays. Everything works by plain forms; htmx makes it live."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from simulator import channel
from simulator.locks import is_open, press_keypad
from simulator.ttlock import the_world
from simulator.world import World

pages = Blueprint("pages", __name__)

CHANNELS = {"airbnb": "Airbnb", "booking": "Booking.com", "other": "another calendar"}


@pages.before_request
def only_from_here() -> None:
    """Refuse presses that another site's page sends here."""
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.host:
        abort(403)


@pages.get("/")
def house() -> str:
    """Show the whole world."""
    return render_template("house.html", **_shown(the_world()))


@pages.get("/part/<name>")
def part(name: str) -> AnyResponse:
    """Show one part again; 204 when nothing has changed since."""
    world = the_world()
    if name not in ("doors", "channel", "messages"):
        abort(404)
    if request.args.get("seen") == _version(world):
        return Response(status=204)
    return Response(render_template(f"_{name}.html", **_shown(world)))


@pages.post("/locks/<lock_id>/keypad")
def keypad(lock_id: str) -> AnyResponse:
    world, digits = the_world(), request.form.get("digits", "").strip()
    if lock_id not in world.data["locks"]:
        abort(404)
    opened, why = press_keypad(world, lock_id, digits)
    world.said[lock_id] = {"opened": opened, "text": why, "digits": "" if opened else digits}
    return _answer("doors")


@pages.post("/gateways/<gateway_id>")
def gateway(gateway_id: str) -> AnyResponse:
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
            found["online"] = request.form["online"] == "1"
        if "delay" in request.form:
            found["delay_seconds"] = delay
        world.changed()
    return _answer("doors")


@pages.post("/bookings")
def book() -> AnyResponse:
    world, form = the_world(), request.form
    dates = {"arrival": form.get("arrival", ""), "departure": form.get("departure", "")}
    rooms = [{"number": number, **dates} for number in form.getlist("room")]
    try:
        made = channel.book(
            world,
            form.get("channel", ""),
            rooms,
            guest=form.get("guest", ""),
            phone=form.get("phone", ""),
            reference=form.get("reference", ""),
        )
        world.said["channel"] = {"made": made["reference"], "form": {}}
    except channel.CannotBook as fault:
        world.said["channel"] = {
            "problem": str(fault),
            "form": {**form, "room": form.getlist("room")},
        }
    return _answer("channel")


@pages.post("/bookings/<reference>")
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
    return _answer("channel")


def _answer(name: str) -> AnyResponse:
    if request.headers.get("HX-Request") == "true":
        return Response(render_template(f"_{name}.html", **_shown(the_world())))
    return redirect(url_for(".house") + f"#{name}", 303)


def _version(world: World) -> str:
    opened = sum(is_open(world, lock) for lock in world.data["locks"].values())
    return f"{world.data['version']}.{opened}"


def _shown(world: World) -> dict[str, Any]:
    with world.guard:
        today = world.today()
        doors = [_door(world, lock_id) for lock_id in world.data["locks"]]
        doors.sort(key=lambda door: (door["room"] is not None, door["room"]))
        phones: dict[str, list[Any]] = {}
        for text in world.data["texts"]:
            phones.setdefault(text["to"], []).append({**text, "html": _linked(text["body"])})
        return {
            "house": world.house,
            "doors": doors,
            "gateways": world.data["gateways"],
            "rooms": world.house.rooms,
            "bookings": list(reversed(list(world.data["bookings"].values()))),
            "channels": CHANNELS,
            "said": world.said.get("channel", {"form": {}}),
            "today": today.isoformat(),
            "tomorrow": (today + timedelta(days=1)).isoformat(),
            "phones": phones,
            "mails": [
                {**mail, "html": _linked(mail["body"])} for mail in reversed(world.data["mails"])
            ],
            "version": _version(world),
        }


def _door(world: World, lock_id: str) -> dict[str, Any]:
    lock = world.data["locks"][lock_id]
    gateway = world.data["gateways"].get(lock["gateway"] or "")
    codes = [
        {**code, "window": _window(world, code["start"], code["end"])}
        for code in lock["memory"].values()
    ]
    return {
        "id": lock_id,
        "name": lock["name"],
        "room": lock["room"],
        "battery": lock["battery"],
        "gateway": gateway,
        "codes": codes,
        "is_open": is_open(world, lock),
        "said": world.said.get(lock_id, {}),
    }


def _window(world: World, start: int | None, end: int | None) -> str:
    if start is None or end is None:
        return "for ever"
    first, last = (datetime.fromtimestamp(at / 1000, world.zone) for at in (start, end))
    return f"{first:%a %d %b %H:%M} \N{EN DASH} {last:%a %d %b %H:%M}"


def _linked(text: str) -> Markup:
    """Make web addresses in a message clickable."""
    parts = []
    for line in text.splitlines():
        words = [
            Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(word)
            if word.startswith(("http://", "https://"))
            else escape(word)
            for word in line.split(" ")
        ]
        parts.append(Markup(" ").join(words))
    return Markup("<br>").join(parts)
