"""What Seam has sent by radio: one command at a time through each gateway, and again when it fails.

What is pending is in the codes and attempts themselves, so that it outlives a restart.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from simulator.locks import open_remotely
from simulator.seam import codes
from simulator.seam.devices import OFFLINE, is_reachable
from simulator.world import World

LOOK_SECONDS = 0.1


def send_code(world: World, ref: str) -> None:
    """Send on its way what is pending with a code; `guard` must not be held.

    Where the radio takes no time it has arrived on return.
    """
    with world.guard:
        code = world.data["seam"]["codes"].get(ref)
        if code is None:
            return
        codes.wake(world, code)
        if code["pending"] in ("", codes.DEFERRING) or set(code["errors"]) - {OFFLINE}:
            return
        if not is_reachable(world, code["lock_id"]):
            code["errors"] = [OFFLINE]
            return
        lock_id = code["lock_id"]

    def arrived() -> None:
        code = world.data["seam"]["codes"].get(ref)
        if code is not None:
            codes.carry_out(world, code)

    _send(world, ref, lock_id, arrived)


def send_unlock(world: World, attempt_id: str) -> None:
    """Send an unlock, once; `guard` must not be held."""
    with world.guard:
        attempt = world.data["seam"]["attempts"][attempt_id]
        if attempt["told_error"] or not is_reachable(world, attempt["lock_id"]):
            attempt.update(status="error", error=attempt["told_error"] or OFFLINE)
            return

    def arrived() -> None:
        open_remotely(world, attempt["lock_id"])
        attempt["status"] = "success"

    _send(world, attempt_id, attempt["lock_id"], arrived)


def work_through(world: World) -> None:
    """Send whatever is due by now: deferred codes, and what found its gateway away."""
    with world.guard:
        refs = list(world.data["seam"]["codes"])
    for ref in refs:
        send_code(world, ref)


def start(world: World) -> None:
    """Work from now on, in a thread of its own."""

    def go_round() -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            work_through(world)

    threading.Thread(target=go_round, daemon=True).start()


def _send(world: World, what: str, lock_id: str, arrived: Callable[[], None]) -> None:
    with world.guard:
        if what in world.on_air:
            return
        world.on_air.add(what)
        sent_in = world.data
        gateway_id = world.data["locks"][lock_id]["gateway"]
        seconds = float(world.data["gateways"][gateway_id]["delay_seconds"])
    if seconds == 0:
        _carry(world, sent_in, what, gateway_id, seconds, arrived)
    else:
        ride = (world, sent_in, what, gateway_id, seconds, arrived)
        threading.Thread(target=_carry, args=ride, daemon=True).start()


def _carry(
    world: World,
    sent_in: dict[str, Any],
    what: str,
    gateway_id: str,
    seconds: float,
    arrived: Callable[[], None],
) -> None:
    while True:
        with world.guard:
            if world.data is not sent_in:  # reset meanwhile: that lock is no more
                return
            if gateway_id not in world.busy:
                world.busy.add(gateway_id)
                break
        time.sleep(0.005)
    try:
        time.sleep(seconds)
        with world.guard:
            if world.data is sent_in and sent_in["gateways"][gateway_id]["online"]:
                arrived()
    finally:
        with world.guard:
            if world.data is sent_in:
                world.busy.discard(gateway_id)
                world.on_air.discard(what)
                world.changed()
