"""Seam: where it posts to, and how long its pages are."""

from flask import Blueprint, Response, jsonify

from simulator.control.asking import Unclear, asked
from simulator.seam import webhooks
from simulator.ttlock import the_world

seam_control = Blueprint("control_seam", __name__, url_prefix="/control")

KNOWN = frozenset({"webhook_url", "page_size"})


@seam_control.post("/seam")
def seam() -> Response:
    """Set the `webhook_url` ("": posts nothing), or how many rows a page has (`page_size`)."""
    world, told = the_world(), asked()
    if unknown := told.keys() - KNOWN:
        raise Unclear(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(KNOWN))}.")
    with world.guard:
        if "page_size" in told:
            world.data["seam"]["page_size"] = int(told["page_size"])
        if "webhook_url" in told:
            webhooks.watch(world, str(told["webhook_url"]))
        return jsonify(world.data["seam"])
