"""Seam's posts to the app: JSON, signed as Svix does it."""

import base64
import hashlib
import hmac
import json
import threading
import time
from typing import Any

from simulator.posting import Answer, post
from simulator.seam.devices import device_ids
from simulator.seam.happenings import events
from simulator.world import World

LOOK_SECONDS = 0.1
PATIENCE = 15.0
MOST_TRIES = 4


def signed(secret: str, message_id: str, body: bytes, at: float) -> dict[str, str]:
    """Return the headers for a post. `at` is real time: whoever verifies looks at its own clock."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    stamp = str(int(at))
    content = f"{message_id}.{stamp}.".encode() + body
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {
        "Content-Type": "application/json",
        "svix-id": message_id,
        "svix-timestamp": stamp,
        "svix-signature": f"v1,{signature}",
    }


def tell(world: World, event: dict[str, Any]) -> Answer:
    """Post one event; `guard` must not be held, as the app may call back."""
    told = {key: value for key, value in event.items() if key != "lock_id"}
    body = json.dumps(told).encode()
    headers = signed(world.house.seam["webhook_secret"], f"msg_{event['event_id']}", body,
                     time.time())  # fmt: skip
    return post(world.data["seam"]["webhook_url"], body, headers, PATIENCE)


def watch(world: World, url: str) -> None:
    """Post to this address what happens from now on; `guard` is held."""
    everything = [event["event_id"] for lock in device_ids(world) for event in events(world, lock)]
    world.data["seam"].update(webhook_url=url, told=everything)
    world.changed()


def tell_news(world: World) -> None:
    """Post what has not been told yet, each a few times at most."""
    with world.guard:
        if not world.data["seam"]["webhook_url"]:
            return
        told_of = world.data["seam"]["told"]
        told = set(told_of)
        news = [
            event
            for lock_id in device_ids(world)
            for event in reversed(events(world, lock_id))
            if event["event_id"] not in told
        ]
    for event in news:
        if world.data["seam"]["told"] is not told_of:  # reset meanwhile: ids begin again
            return
        tries = 0
        while tries < MOST_TRIES and not tell(world, event).is_good:
            tries += 1
            time.sleep(LOOK_SECONDS)
        with world.guard:
            told_of.append(event["event_id"])
            world.changed()


def start(world: World) -> None:
    """Tell from now on, in a thread of its own."""

    def go_round() -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            tell_news(world)

    threading.Thread(target=go_round, daemon=True).start()
