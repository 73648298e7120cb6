"""The way of a text from our number to a phone, told of by signed status callbacks."""

import threading
import time

from simulator.texts.phones import outcome
from simulator.texts.rows import Text
from simulator.texts.webhooks import post_form, signature
from simulator.world import World

STEP_SECONDS = 0.3


def set_out(world: World, text: Text) -> None:
    """Send a text on its way, in a thread of its own."""
    threading.Thread(target=_travel, args=(world, text), daemon=True).start()


def set_out_again(world: World) -> None:
    """Send on what an earlier run of the simulator left on the way."""
    with world.guard:
        for text in world.data["texts"]:
            if text["direction"] != "inbound" and text["status"] in ("queued", "accepted", "sent"):
                set_out(world, text)


def arrive(world: World, text: Text) -> None:
    """Let a text go its way at once, without callbacks; `guard` is held."""
    for status in outcome(world, text["to"]).way:
        _step(world, text, status)


def _travel(world: World, text: Text) -> None:
    with world.guard:
        way, sent_in = outcome(world, text["to"]).way, world.data
    for status in way[way.index(text["status"]) + 1 :] if text["status"] in way else way:
        time.sleep(STEP_SECONDS)
        with world.guard:
            if world.data is not sent_in:  # reset meanwhile
                return
            _step(world, text, status)
        if text["callback"]:
            _report(world, text, status)


def _step(world: World, text: Text, status: str) -> None:
    text["status"] = status
    if status == "sent":
        text["sent"] = world.now().timestamp()
    if status in ("failed", "undelivered"):
        text["error_code"] = outcome(world, text["to"]).error_code
    world.changed()


def _report(world: World, text: Text, status: str) -> None:
    form = {
        "MessageSid": text["sid"], "SmsSid": text["sid"], "MessageStatus": status,
        "SmsStatus": status, "To": text["to"], "From": text["from"],
        "AccountSid": world.house.twilio["account_sid"], "ApiVersion": "2010-04-01",
    }  # fmt: skip
    if text["error_code"] is not None:
        form["ErrorCode"] = str(text["error_code"])
    token = world.house.twilio["auth_token"]
    post_form(text["callback"], form, signature(token, text["callback"], form))
