"""My door does not open, with real processes and simulated locks: what was typed is said."""

import pytest

from tests.support.guest import Browser, page_text
from tests.support.waiting import eventually
from tests.support.world import World

ROOM_1, ROOM_2 = 1002, 1003
GATEWAYS = (501, 502, 503)


class AtTheDoor:
    """Alice, checked in to room 1, with her phone before a door of hers."""

    def __init__(self, world: World) -> None:
        reference = world.simulator.book(1)
        world.sync()
        self.browser: Browser = world.browser()
        stay = self.browser.check_in(reference)
        self.code = self.browser.codes(stay.url, doors=2)["Room 1"]
        room = self.browser.stay(stay.url).unlocks[-1]
        self.help = world.url + room.removesuffix("/unlock") + "/help"

    def ask(self) -> None:
        self.browser.post(self.help)

    def reads(self, said: str, seconds: float = 20) -> str:
        """Wait until the page says it, as it does to somebody who checks again."""

        def look() -> bool:
            self.page = self.browser.get(self.help).text
            return said in self.page

        try:
            eventually(look, seconds)
        except AssertionError:
            raise AssertionError(page_text(self.page)) from None
        return self.page

    def comes_in(self) -> None:
        self.browser.post(f"{self.help}/closing")


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
def test_what_was_typed_where_is_said_and_hosts_hear_the_story(world: World) -> None:
    alice = AtTheDoor(world)

    assert not world.simulator.keypad(ROOM_2, alice.code)
    alice.ask()
    alice.reads("That was Room 2. Yours is Room 1.")
    alice.comes_in()

    assert not world.simulator.keypad(ROOM_1, alice.code[:-1])
    alice.ask()
    assert alice.code in alice.reads("The end of the code was missing")
    alice.browser.post(f"{alice.help}/host")

    [text] = eventually(lambda: [one for one in world.simulator.inbox() if "cannot open" in one])
    assert "Alice Moore cannot open Room 1" in text
    assert "+44 7700 900417" in text
    assert "The end of the code was missing" in text
    assert world.simulator.keypad(ROOM_1, alice.code)
    alice.reads("The lock opened at", seconds=60)


@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_an_unplugged_gateway_is_said_though_the_worker_died_meanwhile(world: World) -> None:
    alice = AtTheDoor(world)
    for gateway in GATEWAYS:
        world.simulator.gateway(gateway, online=False)
    world.kill_worker()

    alice.ask()
    alice.reads("Looking at the lock…")
    world.start_worker()

    page = alice.reads("This lock has lost contact", seconds=60)
    assert "/unlock" not in page
    assert alice.code in page
