"""Gateways: plugged in and unplugged."""

from simulator import ttlock_notices
from simulator.records import send
from simulator.world import World


def plug(world: World, gateway_id: str, *, online: bool) -> None:
    """Plug a gateway in, whose locks then send what they kept, or unplug it; `guard` is held."""
    gateway = world.data["gateways"][gateway_id]
    if gateway["online"] == online:
        return
    gateway["online"] = online
    if online:
        for lock_id, lock in world.data["locks"].items():
            if lock["gateway"] == gateway_id:
                send(world, lock_id)
    ttlock_notices.tell_of_gateway(world, gateway_id)
    world.changed()
