"""The first night, over HTTP with real processes: what broke the old system and may break us."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain

import pytest
from redis import Redis
from sqlalchemy import create_engine, text

from tests.support.simulator import Simulator
from tests.support.waiting import eventually, pause
from tests.support.world import World

FRONT, ROOM_1, ROOM_2, ROOM_3 = 1001, 1002, 1003, 1004
ON_SQLITE = pytest.mark.parametrize("world", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("world", ["postgresql"], indirect=True)
"""Where the database makes no difference, one is enough; the rest runs on both."""

ALL_THREE = {"Front door": FRONT, "Room 1": ROOM_1, "Room 2": ROOM_2}


def rows(world: World, query: str, **values: object) -> list[tuple[object, ...]]:
    engine = create_engine(world.env["DATABASE_URL"])
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]
    finally:
        engine.dispose()


def held(simulator: Simulator) -> list[str]:
    """Return the digits of every code on every lock of the house."""
    locks = simulator.state()["locks"].values()
    return [
        code["digits"] for code in chain.from_iterable(lock["memory"].values() for lock in locks)
    ]


def test_booking_of_two_rooms_becomes_one_guest_with_codes_on_three_doors(world: World) -> None:
    reference = world.simulator.book(1, 2)
    world.sync()
    two = rows(world, "SELECT room_id, arrival, reference, status FROM reservation"
                      " WHERE reference = :r", r=reference)  # fmt: skip
    assert len({row[0] for row in two}) == 2
    assert {row[2:] for row in two} == {(reference, "confirmed")}

    alice = world.browser()
    page = alice.check_in(reference)
    codes = alice.codes(page.url, doors=3)

    assert codes.keys() == ALL_THREE.keys()
    assert len(rows(world, "SELECT id FROM guest")) == 1
    assert len(rows(world, "SELECT DISTINCT guest_id FROM reservation WHERE reference = :r",
                    r=reference)) == 1  # fmt: skip
    assert all(name in page.text for name in ("Heron", "Kingfisher"))
    for door, lock in ALL_THREE.items():
        assert world.simulator.keypad(lock, codes[door])
    assert not world.simulator.keypad(ROOM_3, codes["Room 1"])
    [message] = eventually(lambda: world.simulator.texts())
    assert page.url in message


@ON_POSTGRESQL
def test_unlock_opens_the_door_and_says_so(world: World) -> None:
    reference = world.simulator.book(1)
    world.sync()
    alice = world.browser()
    page = alice.check_in(reference)

    alice.post(alice.stay(page.url).unlocks[0])

    eventually(lambda: "Open. Turn the handle now." in alice.stay(page.url).text)
    unlocks = [
        call for call in world.simulator.calls("lock/unlock") if call["lock_id"] == str(FRONT)
    ]
    assert len(unlocks) == 1


def test_host_checks_in_room_1_and_then_room_2_which_was_added_later(world: World) -> None:
    reference = world.simulator.book(1)
    world.sync()
    sam = world.browser()
    sam.sign_in()
    first = sam.reservation_ids(reference)[1]
    sam.press(f"/admin/reservations/{first}/check-in")
    world.simulator.add_room(reference, 2)
    world.sync()

    second = sam.reservation_ids(reference)[2]
    sam.press(f"/admin/reservations/{second}/check-in")

    eventually(lambda: all(world.simulator.held(lock) for lock in ALL_THREE.values()))
    guests = rows(world, "SELECT DISTINCT guest_id FROM reservation WHERE reference = :r",
                  r=reference)  # fmt: skip
    assert len(guests) == 1
    assert guests[0][0] is not None
    alice = world.browser()
    page = alice.check_in(reference)
    assert alice.codes(page.url, doors=3).keys() == ALL_THREE.keys()
    assert all(len(world.simulator.held(lock)) == 1 for lock in ALL_THREE.values())


@ON_POSTGRESQL
def test_rooms_with_different_dates_have_their_own_windows(world: World) -> None:
    simulator = world.simulator
    reference = simulator.book(1, 2)
    simulator.change(reference, simulator.today() + timedelta(days=1), 3, room=2)
    world.sync()

    alice = world.browser()
    page = alice.check_in(reference)
    codes = alice.codes(page.url, doors=2)

    assert codes.keys() == {"Front door", "Room 1"}
    assert "Opens for you tomorrow" in alice.stay(page.url).text
    [front], [room_2] = simulator.held(FRONT), eventually(lambda: simulator.held(ROOM_2))
    assert front["end"] == room_2["end"]
    assert not simulator.keypad(ROOM_2, room_2["digits"])


def test_twenty_simultaneous_check_ins_make_one_guest_and_one_code_per_door(world: World) -> None:
    reference = world.simulator.book(1, 2)
    world.sync()

    with ThreadPoolExecutor(20) as pool:
        pages = list(pool.map(lambda _: world.browser().check_in(reference), range(20)))

    assert len({page.url for page in pages}) == 1
    assert len(rows(world, "SELECT id FROM guest")) == 1
    world.browser().codes(pages[0].url, doors=3)
    pause(1)
    assert [len(world.simulator.held(lock)) for lock in ALL_THREE.values()] == [1, 1, 1]
    assert len(world.simulator.texts()) == 1


def test_worker_killed_after_the_lock_took_the_code_leaves_exactly_one(world: World) -> None:
    simulator = world.simulator
    reference = simulator.book(1)
    world.sync()
    # The lock takes each code, and the answer is on its way for ever.
    simulator.fault("timeout_after", path="keyboardPwd/add", seconds=30)
    alice = world.browser()
    page = alice.check_in(reference)
    eventually(lambda: held(simulator))

    world.kill_worker()
    assert alice.stay(page.url).codes == {}
    simulator.clear_faults()
    world.start_worker()

    codes = alice.codes(page.url, doors=2, seconds=60)
    assert [one["digits"] for one in simulator.held(FRONT)] == [codes["Front door"]]
    assert [one["digits"] for one in simulator.held(ROOM_1)] == [codes["Room 1"]]


@ON_SQLITE
def test_redis_emptied_while_codes_are_wanted_loses_nothing(world: World) -> None:
    reference = world.simulator.book(1, 2)
    world.sync()
    world.kill_worker()
    alice = world.browser()
    page = alice.check_in(reference)

    with Redis.from_url(world.env["REDIS_URL"]) as redis:
        redis.flushdb()
    world.start_worker()

    assert alice.codes(page.url, doors=3, seconds=40).keys() == ALL_THREE.keys()
    assert len(eventually(lambda: world.simulator.texts())) == 1


@ON_POSTGRESQL
def test_lock_service_down_is_said_honestly_and_the_codes_come_when_it_returns(
    world: World,
) -> None:
    reference = world.simulator.book(1)
    world.sync()
    world.simulator.fault("down")
    alice = world.browser()
    page = alice.check_in(reference)

    said = "has not confirmed its code yet"
    eventually(lambda: said in alice.stay(page.url).text)
    assert alice.stay(page.url).codes == {}

    world.simulator.clear_faults()
    assert alice.codes(page.url, doors=2, seconds=60).keys() == {"Front door", "Room 1"}


@ON_SQLITE
def test_guest_before_check_in_time_sees_no_code_and_cannot_unlock(world: World) -> None:
    reference = world.simulator.book(1, arrival=world.simulator.today() + timedelta(days=1))
    world.sync()
    alice = world.browser()
    page = alice.check_in(reference)
    [code] = eventually(lambda: world.simulator.held(ROOM_1))

    read = alice.stay(page.url)

    assert "Your codes show tomorrow" in read.text
    assert code["digits"] not in read.source
    assert read.unlocks == []
    door = rows(world, "SELECT id FROM door WHERE lock_id = :lock", lock=str(ROOM_1))[0][0]
    alice.post(f"{page.url}/doors/{door}/unlock")
    pause(1)
    assert world.simulator.calls("lock/unlock") == []
    assert not world.simulator.keypad(ROOM_1, code["digits"])


def test_cancelled_guests_codes_are_gone_from_the_locks(world: World) -> None:
    reference = world.simulator.book(1, 2)
    world.sync()
    alice = world.browser()
    page = alice.check_in(reference)
    codes = alice.codes(page.url, doors=3)
    sam = world.browser()
    sam.sign_in()

    for reservation in sam.reservation_ids(reference).values():
        sam.press(f"/admin/reservations/{reservation}/cancellation")

    eventually(lambda: held(world.simulator) == [])
    assert not world.simulator.keypad(FRONT, codes["Front door"])
    read = alice.stay(page.url)
    assert "This stay is cancelled" in read.text
    assert read.codes == {}
    assert read.unlocks == []
    eventually(lambda: len(world.simulator.texts()) == 3)
    _link, one_room_less, cancelled = world.simulator.texts()
    assert "rooms of your stay have changed" in one_room_less
    assert "is cancelled" in cancelled


@ON_POSTGRESQL
def test_guests_link_shows_and_opens_nothing_of_another_guest(world: World) -> None:
    alice_books, bob_books = world.simulator.book(1), world.simulator.book(2, guest="Bob Reed")
    world.sync()
    alice, bob = world.browser(), world.browser()
    hers, his = alice.check_in(alice_books), bob.check_in(bob_books, name="Bob Reed")
    her_codes, his_codes = alice.codes(hers.url, doors=2), bob.codes(his.url, doors=2)

    assert "Kingfisher" not in alice.stay(hers.url).text
    assert not set(her_codes.values()) & set(his_codes.values())
    assert not world.simulator.keypad(ROOM_2, her_codes["Room 1"])
    his_room = next(path for path in reversed(bob.stay(his.url).unlocks)).split("/doors/")[1]
    alice.post(f"{hers.url}/doors/{his_room}")
    pause(1)
    assert world.simulator.calls("lock/unlock") == []


@ON_SQLITE
def test_wrong_reference_and_wrong_proof_are_answered_alike_and_locked_out(world: World) -> None:
    reference = world.simulator.book(1)
    world.sync()
    stranger = world.browser()
    token = stranger.token("/")

    wrong_proof = stranger.post("/check-in", token, reference=reference, proof="9999")
    wrong_reference = stranger.post("/check-in", token, reference="HMNOBODY00", proof="9999")
    assert wrong_proof.status_code == wrong_reference.status_code == 422
    said = "We found no booking with these details."
    assert said in wrong_proof.text
    assert said in wrong_reference.text

    for _ in range(4):
        stranger.post("/check-in", token, reference=reference, proof="9999")
    locked = stranger.post("/check-in", token, reference=reference, proof="0417")
    assert locked.status_code == 429
    assert "15 minutes" in locked.text


@ON_SQLITE
@pytest.mark.parametrize("fault", ["timeout_after", "cut_after"])
def test_lost_answer_of_a_lock_never_makes_two_codes(world: World, fault: str) -> None:
    simulator = world.simulator
    reference = simulator.book(1)
    world.sync()
    simulator.fault(fault, path="keyboardPwd/add", times=2, seconds=1)
    alice = world.browser()
    page = alice.check_in(reference)

    codes = alice.codes(page.url, doors=2, seconds=40)

    assert [len(simulator.held(lock)) for lock in (FRONT, ROOM_1)] == [1, 1]
    assert simulator.keypad(ROOM_1, codes["Room 1"])
