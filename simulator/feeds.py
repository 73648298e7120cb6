"""Serving the calendars, in good manners and bad."""

import hashlib
import re
import time
from typing import Any

from flask import Blueprint, Response, abort, redirect, request

from simulator.calendars import calendar
from simulator.faults import cut
from simulator.ttlock import the_world

feeds = Blueprint("feeds", __name__)
EMPTY = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//admin.booking.com\\\\\\, b.v.//NONSGML v1.0//EN"
    b"\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"
)
LOGIN = b"<!doctype html><html><head><title>Log in</title></head><body>Please log in.</body></html>"
MODES = ("ok", "http_500", "html", "empty", "truncated", "timeout", "cut", "redirect")


@feeds.get("/channel/<channel>/<int:number>.ics")
def feed(channel: str, number: int) -> Any:
    """Serve one room's calendar."""
    world = the_world()
    rooms = {room["number"] for room in world.house.rooms}
    if channel not in ("airbnb", "booking", "other") or number not in rooms:
        abort(404)
    if not request.headers.get("User-Agent"):
        abort(403)
    told = world.data["feeds"].get(f"{channel}/{number}", {})
    mode = told.get("mode", "ok")
    if mode == "http_500":
        abort(500)
    if mode in ("timeout", "cut"):
        time.sleep(told.get("seconds", 60) if mode == "timeout" else 0)
        return cut()
    if mode == "redirect":
        return redirect(told.get("to", "/"))
    body = told["body"].encode() if "body" in told else calendar(world, channel, number)
    if mode == "html":
        body = LOGIN
    if mode == "empty":
        body = EMPTY
    if mode == "truncated":
        body = body[: len(body) // 2]
    tag = hashlib.sha256(re.sub(rb"DTSTAMP:\w+", b"", body)).hexdigest()[:16]
    answer = Response(body, mimetype="text/calendar")
    answer.set_etag(tag)
    return answer.make_conditional(request)
