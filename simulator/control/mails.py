"""The channels' mails: how they are sent, what waits, and mails from elsewhere."""

import base64
import binascii

from flask import Blueprint, Response, jsonify

from simulator.control.asking import Unclear, asked
from simulator.post.announcing import checked
from simulator.post.delivery import drop
from simulator.ttlock import the_world

mails = Blueprint("control_mails", __name__, url_prefix="/control")


@mails.post("/mail")
def mail() -> Response:
    """Say how mails are sent from now on: `delay_seconds`, `copies`, `language`, `enabled`."""
    world, told = the_world(), checked(asked())
    with world.guard:
        world.data["mail"].update(told)
        world.changed()
        return jsonify(world.data["mail"])


@mails.get("/outgoing-mails")
def outgoing() -> Response:
    """Show what was written, as `waiting` and `delivered`, the oldest first."""
    world = the_world()
    with world.guard:
        rows = world.data["outgoing"]
        return jsonify(
            waiting=[one for one in rows if one["delivered"] is None],
            delivered=[one for one in rows if one["delivered"] is not None],
        )


@mails.post("/mails")
def foreign() -> Response:
    """Put a mail into the mailbox as it is: `raw` as text, or `base64`."""
    told = asked()
    if isinstance(told.get("raw"), str):
        return jsonify(file=drop(the_world(), told["raw"].encode()))
    try:
        return jsonify(file=drop(the_world(), base64.b64decode(told["base64"], validate=True)))
    except (KeyError, TypeError, binascii.Error):
        raise Unclear("Send the mail as raw (a text) or base64.") from None
