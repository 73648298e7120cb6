"""From a keypad to the host's page, with real processes: the lock cloud tells, and is asked."""

import pytest
from sqlalchemy import create_engine, text

from tests.support.waiting import eventually
from tests.support.world import World

ROOM_1, ROOM_2 = 1002, 1003


@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_what_is_typed_at_a_door_is_soon_on_its_page(world: World) -> None:
    token = world.env["TTLOCK_CALLBACK_TOKEN"]
    world.simulator.lock_cloud(callback_url=f"{world.url}/hooks/ttlock/{token}")
    reference = world.simulator.book(1)
    world.sync()
    alice = world.browser()
    codes = alice.codes(alice.check_in(reference).url, doors=2)
    sam = world.browser()
    sam.sign_in()
    as_if_a_minute_had_passed(world)

    assert world.simulator.keypad(ROOM_1, codes["Room 1"])
    assert not world.simulator.keypad(ROOM_2, codes["Room 1"])

    eventually(lambda: "Opened with a code" in sam.get(door(world, ROOM_1)).text)
    eventually(lambda: "the code is for Room 1" in sam.get(door(world, ROOM_2)).text)
    assert codes["Room 1"].replace(" ", "") not in world.logs()
    assert token not in world.logs()


def as_if_a_minute_had_passed(world: World) -> None:
    """Have no log been read lately: a notice waits until a minute after the last reading."""
    engine = create_engine(world.env["DATABASE_URL"])
    try:
        with engine.begin() as connection:
            connection.execute(text("UPDATE door SET log_read_at = '2026-01-01 00:00:00.000000'"))
    finally:
        engine.dispose()


def door(world: World, lock_id: int) -> str:
    """Return the path of the page of the door with this lock."""
    engine = create_engine(world.env["DATABASE_URL"])
    try:
        with engine.connect() as connection:
            found = connection.execute(
                text("SELECT id FROM door WHERE lock_id = :lock"), {"lock": str(lock_id)}
            )
            return f"/admin/doors/{found.scalar_one()}"
    finally:
        engine.dispose()
