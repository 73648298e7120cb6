"""How long six rooms on six gateways take beside one; and what the processes weigh."""

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import BASE
from tests.support.servers import redis_server
from tests.support.simulator import Simulator
from tests.support.waiting import eventually
from tests.support.world import World

SECONDS_PER_COMMAND = 3.0
ROOMS = 6


def measure() -> list[str]:
    """Check a guest in to one room, then another to six, and wait for their codes on the locks."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        house, setup = folder / "house.toml", folder / "property.toml"
        house.write_text(_simulated_house())
        simulator = Simulator(sys.executable, folder, house)
        try:
            with redis_server(folder) as redis_url:
                env = {
                    **BASE, **simulator.env(), "REDIS_URL": redis_url, "PATH": os.environ["PATH"],
                    "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
                }  # fmt: skip
                world = World(env, simulator, folder)
                world.flask("db", "upgrade")
                setup.write_text(_property(simulator))
                world.start(setup)
                try:
                    return _measured(world)
                finally:
                    world.stop()
        finally:
            simulator.stop()


def _measured(world: World) -> list[str]:
    # Each lock's gateway is known once the provider has been asked.
    eventually(lambda: world.simulator.calls("gateway/listLock"))
    time.sleep(1)
    one = _seconds_until_held(world, [1])
    six = _seconds_until_held(world, list(range(2, 2 + ROOMS)))
    return [
        f"one room: its code is on the lock after {one:.1f} s ({SECONDS_PER_COMMAND} s a command)",
        f"six rooms on six gateways: {six / one:.2f} x",
        f"web, worker and scheduler together: {world.memory_mb():.0f} MB (proportional set size)",
    ]


def _seconds_until_held(world: World, rooms: list[int]) -> float:
    reference = world.simulator.book(*rooms)
    world.sync()
    began = time.perf_counter()
    world.browser().check_in(reference)
    eventually(lambda: all(world.simulator.held(2000 + room) for room in rooms), 60, 0.05)
    return time.perf_counter() - began


def _simulated_house() -> str:
    rooms = range(1, 2 + ROOMS)
    head = (
        (Path(__file__).parent.parent / "demo" / "house.toml").read_text().split("[[gateways]]")[0]
    )
    return head + "".join(
        f'[[gateways]]\nid = {500 + n}\nname = "Gateway {n}"\n'
        f'[[locks]]\nid = {2000 + n}\nname = "Room {n}"\ngateway = {500 + n}\nroom = {n}\n'
        f'[[rooms]]\nnumber = {n}\nname = "Room {n}"\n'
        for n in rooms
    )


def _property(simulator: Simulator) -> str:
    for room in range(1, 2 + ROOMS):
        simulator.gateway(500 + room, delay_seconds=SECONDS_PER_COMMAND)
    head = '[property]\nname = "Bench"\ntimezone = "Europe/London"\ncheck_in = "00:00"\n'
    return f'{head}check_out = "11:00"\n' + "".join(
        f'[[rooms]]\nnumber = {n}\nname = "Room {n}"\n'
        f'feeds = [{{ channel = "airbnb", url = "{simulator.feed_url("airbnb", n)}" }}]\n'
        f'doors = [{{ name = "Room {n}", provider = "ttlock", lock_id = "{2000 + n}" }}]\n'
        for n in range(1, 2 + ROOMS)
    )
