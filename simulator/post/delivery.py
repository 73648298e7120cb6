"""Mails on their way to the host's mailbox. Time is the world's.

An end between a delivery and the next save of the state may bring a mail twice, as mail does.
"""

import threading
import time

from simulator.world import World

KEPT = 500
LOOK_SECONDS = 0.2


class CannotPost(Exception):
    """What was asked of the post cannot be done; the message says why."""


def deliver_due(world: World) -> None:
    """Put into the mailbox what is due; what cannot be written waits for the next time."""
    if world.maildir is None:
        return
    with world.guard:
        now = world.now().timestamp()
        waiting = [one for one in world.data["outgoing"] if one["delivered"] is None]
        for mail in sorted(waiting, key=lambda one: float(one["due"])):
            if mail["due"] > now:
                break
            try:
                while len(mail["files"]) < mail["copies"]:
                    mail["files"].append(world.maildir.deliver(mail["raw"].encode("ascii")))
            except OSError:
                return
            mail["delivered"] = now
            world.changed()
        delivered = [one for one in world.data["outgoing"] if one["delivered"] is not None]
        if len(delivered) > KEPT:
            world.data["outgoing"].remove(delivered[0])


def drop(world: World, raw: bytes) -> str:
    """Put any mail into the mailbox as it is; return its file's name. Raises CannotPost."""
    if world.maildir is None:
        raise CannotPost("There is no mailbox: start the simulator with --maildir.")
    return world.maildir.deliver(raw)


def set_clock(world: World, offset_seconds: float) -> None:
    """Set how far the world's time is ahead, and deliver what is due by then."""
    with world.guard:
        world.data["clock_offset"] = offset_seconds
        world.changed()
        deliver_due(world)


def start(world: World) -> None:
    """Deliver from now on, in a thread of its own."""

    def go_round() -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            deliver_due(world)

    threading.Thread(target=go_round, daemon=True).start()
