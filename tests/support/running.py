"""What runs beside the tests: the simulated world, all processes of Latchkey, a browser."""

import os
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from redis import Redis

from tests.conftest import BASE
from tests.support.databases import Database
from tests.support.simulator import Simulator
from tests.support.standing import StandingWorlds
from tests.support.system import find_chromium
from tests.support.world import World


@pytest.fixture(scope="session")
def simulator_process(folder: Path) -> Iterator[Simulator]:
    one = Simulator(sys.executable, folder)
    yield one
    one.stop()


@pytest.fixture
def simulator(simulator_process: Simulator) -> Simulator:
    """The simulated world, as its house file says."""
    simulator_process.reset()
    for gateway in (501, 502, 503):
        simulator_process.gateway(gateway, delay_seconds=0.1)
    return simulator_process


@pytest.fixture(scope="session")
def standing_worlds(
    request: pytest.FixtureRequest, folder: Path, redis_url: str
) -> Iterator[StandingWorlds]:
    numbers = count(1)

    def make(kind: str) -> tuple[World, Database]:
        own = folder / f"world-{next(numbers)}"
        (own / "simulator").mkdir(parents=True)
        make_database: Callable[[str], Database] = request.getfixturevalue(f"make_{kind}")
        database = make_database(own.name)
        simulator = Simulator(sys.executable, own / "simulator")
        own_redis = f"{redis_url.rpartition('/')[0]}/{('sqlite', 'postgresql').index(kind) + 1}"
        with Redis.from_url(own_redis) as redis:
            redis.flushdb()
        env = {
            **BASE,
            **simulator.env(),
            "TTLOCK_CALLBACK_TOKEN": "a-callback-token-for-tests",
            "TWILIO_SEGMENTS_PER_SECOND": "100",
            "DATABASE_URL": database.url,
            "REDIS_URL": own_redis,
            "PATH": os.environ["PATH"],
        }
        return World(env, simulator, own), database

    worlds = StandingWorlds(make)
    yield worlds
    worlds.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, standing_worlds: StandingWorlds) -> World:
    """All processes, running, with the demo property."""
    world = standing_worlds.on(request.param)
    for gateway in (501, 502, 503):
        world.simulator.gateway(gateway, delay_seconds=0.1)
    return world


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = find_chromium()
    assert program is not None, "Chromium is missing; run `make test`, which sees to that."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def phone_page(chromium: Browser) -> Iterator[Page]:
    """A page on a phone, which may talk to loopback only; nothing may be refused on it."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    outside: list[str] = []
    faults: list[str] = []

    def only_loopback(route: object) -> None:
        address = route.request.url  # type: ignore[attr-defined]
        if address.startswith("http://127.0.0.1:"):
            route.continue_()  # type: ignore[attr-defined]
        else:
            outside.append(address)
            route.abort()  # type: ignore[attr-defined]

    page.route("**/*", only_loopback)
    page.on(
        "console",
        lambda message: faults.append(message.text) if "Content Security" in message.text else None,
    )
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    yield page
    context.close()
    assert outside == []
    assert faults == []
