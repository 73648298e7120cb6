"""The page as a whole, and each part of it again."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, abort, render_template, request

from simulator.page.channel import channel_view
from simulator.page.clock import clock_view
from simulator.page.doors import doors_view
from simulator.page.mailbox import mailbox_view
from simulator.page.parts import View, is_by_htmx, rendered, seen, with_seen
from simulator.page.phones import phones_view
from simulator.ttlock import the_world
from simulator.world import World

page = Blueprint("page", __name__)

VIEWS: Mapping[str, Callable[[World], View]] = {
    "clock": clock_view,
    "channel": channel_view,
    "doors": doors_view,
    "phones": phones_view,
    "mailbox": mailbox_view,
}


@page.get("/")
def house() -> str:
    """Show the whole world."""
    world = the_world()
    views = with_seen({name: view(world) for name, view in VIEWS.items()})
    return render_template("house.html", house=world.house, **views)


@page.get("/part/<name>")
def part(name: str) -> Response:
    """Show one part again; 204 when nothing has changed since."""
    if name not in VIEWS:
        abort(404)
    view = VIEWS[name](the_world())
    if request.args.get("seen") == seen(view):
        return Response(status=204)
    return rendered(name, view, tells_news=is_by_htmx())
