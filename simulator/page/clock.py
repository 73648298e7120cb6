"""The house's clock, which can be moved on."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from simulator.page.parts import View, answer, only_from_here
from simulator.post.delivery import set_clock
from simulator.ttlock import the_world
from simulator.world import World

clock = Blueprint("clock_page", __name__)
clock.before_request(only_from_here)

STEP_SECONDS = 600


@clock.post("/clock")
def move() -> Response:
    """Put the clock on by ten minutes, or back to the real time."""
    world = the_world()
    with world.guard:
        is_back = request.form.get("to") == "real"
        set_clock(world, 0.0 if is_back else world.data["clock_offset"] + STEP_SECONDS)
    return answer("clock", clock_view(world))


def clock_view(world: World) -> View:
    with world.guard:
        ahead = round(world.data["clock_offset"] / 60)
        return {
            "now": f"{world.now().astimezone(world.zone):%a %d %b, %H:%M}",
            "ahead": _in_words(ahead) if ahead else "",
        }


def _in_words(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]
    side = "ahead of" if minutes > 0 else "behind"
    return f"{' '.join(filter(None, parts))} {side} the real time"
