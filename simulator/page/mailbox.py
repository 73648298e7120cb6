"""Mail: what channels wrote to the host, and what Latchkey wrote to guests."""

from simulator.page.channel import CHANNELS
from simulator.page.parts import View
from simulator.page.words import clock_time, linked
from simulator.world import World

SHOWN = 20


def mailbox_view(world: World) -> View:
    with world.guard:
        return {
            "to_host": [
                {
                    "channel": CHANNELS[mail["channel"]],
                    "subject": mail["subject"],
                    "waits": mail["delivered"] is None,
                    "time": clock_time(world, mail["delivered"] or mail["due"]),
                    "copies": mail["copies"],
                }
                for mail in reversed(world.data["outgoing"][-SHOWN:])
            ],
            "to_guests": [
                {**mail, "html": linked(mail["body"])}
                for mail in reversed(world.data["mails"][-SHOWN:])
            ],
        }
