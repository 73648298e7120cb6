"""Whose booking is it, over HTTP with real processes: no door is given away by guessing."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from redis import Redis

from tests.flows.test_first_night import FRONT, ON_POSTGRESQL, ON_SQLITE, ROOM_1, ROOM_2, held, rows
from tests.support.simulator import HOST_PHONE, STAFF_PHONE
from tests.support.waiting import eventually, pause
from tests.support.world import World

OLD = "1234567890"


def book(world: World, *rooms: int, days: int = 1, **told: object) -> str:
    arrival = world.simulator.today() + timedelta(days=days)
    return world.simulator.book(*rooms, channel="booking", arrival=arrival, **told)  # type: ignore[arg-type]


def asked(world: World, *words: str) -> str:
    """Wait for a text on the host's phone that says all of these; return it."""

    def find() -> str | None:
        texts = world.simulator.inbox(HOST_PHONE)
        return next((text for text in texts if all(word in text for word in words)), None)

    found = eventually(find, 20)
    assert found is not None
    return found


def names_on(world: World, lock: int) -> set[str]:
    """Return the references of the codes that a lock remembers."""
    return {code["name"].split()[1] for code in world.simulator.held(lock)}


def wait_for_codes(world: World, wanted: dict[int, set[str]]) -> None:
    eventually(lambda: all(names_on(world, lock) == refs for lock, refs in wanted.items()), 30)


def guests(world: World) -> dict[str, int]:
    """Return how many rooms each guest has, by reference."""
    counted = rows(
        world,
        "SELECT g.reference, COUNT(r.id) FROM guest g"
        " JOIN reservation r ON r.guest_id = g.id GROUP BY g.reference",
    )
    return {str(reference): int(str(count)) for reference, count in counted}


@ON_SQLITE
def test_two_rooms_of_one_booking_need_one_ok_and_nothing_else(world: World) -> None:
    reference = book(world, 1, 2)
    world.sync()
    asked(world, reference, "rooms 1 and 2", "OK A")
    assert held(world.simulator) == []

    assert world.simulator.text("OK") == 200
    asked(world, reference, "codes are being put")
    wait_for_codes(world, {FRONT: {reference}, ROOM_1: {reference}, ROOM_2: {reference}})
    assert guests(world) == {reference: 2}


@ON_POSTGRESQL
def test_two_bookings_on_one_day_take_two_lines(world: World) -> None:
    first, second = book(world, 1), book(world, 2)
    world.sync()
    asked(world, first, second, "Which is whose?")
    world.simulator.text(f"{first}: 1-2\n{second}: 2-2")

    wait_for_codes(world, {FRONT: {first, second}, ROOM_1: {first}, ROOM_2: {second}})
    assert guests(world) == {first: 1, second: 1}
    digits = {code["name"].split()[1]: code["digits"] for code in world.simulator.held(FRONT)}
    assert not world.simulator.keypad(ROOM_2, digits[first])


@ON_POSTGRESQL
def test_second_mail_ten_minutes_late_gives_no_door_away(world: World) -> None:
    first = book(world, 1)
    second = book(world, 2, mail={"delay_seconds": 600})
    world.sync()
    asked(world, first, "rooms 1 and 2", "OK A")
    world.simulator.advance(600)
    world.sync()
    asked(world, first, second, "Which is whose?")

    world.simulator.text("OK A")
    asked(world, "no open question A")
    assert held(world.simulator) == []
    world.simulator.text(f"{first}: 1-2\n{second}: 2-2")
    wait_for_codes(world, {ROOM_1: {first}, ROOM_2: {second}})
    assert guests(world) == {first: 1, second: 1}


@ON_SQLITE
def test_old_systems_text_makes_one_guest_with_both_rooms(world: World) -> None:
    book(world, 1, mail={"enabled": False})
    book(world, 2, mail={"enabled": False})
    world.sync()
    world.simulator.text(f"{OLD}: 1-2\n{OLD}: 2-2")

    wait_for_codes(world, {FRONT: {OLD}, ROOM_1: {OLD}, ROOM_2: {OLD}})
    assert guests(world) == {OLD: 2}


@ON_SQLITE
def test_one_booking_of_one_room_disturbs_nobody(world: World) -> None:
    reference = book(world, 1)
    world.sync()

    assert rows(world, "SELECT reference, status FROM reservation WHERE reference IS NOT NULL") == [
        (reference, "confirmed")
    ]
    assert world.simulator.inbox(HOST_PHONE) == []


@ON_SQLITE
def test_forged_and_foreign_texts_do_nothing(world: World) -> None:
    book(world, 1, 2)
    world.sync()
    asked(world, "OK A")

    assert world.simulator.text("OK", sign="wrong") == 403
    assert world.simulator.text("OK", sign=False) == 403
    assert world.simulator.text("OK", number="+447700900999") == 200
    pause(2)
    assert guests(world) == {}
    assert world.simulator.inbox("+447700900999") == []


@ON_POSTGRESQL
def test_same_text_three_times_is_answered_once(world: World) -> None:
    book(world, 1, 2)
    world.sync()
    asked(world, "OK A")
    world.simulator.text("OK", times=3)
    asked(world, "codes are being put")
    pause(2)

    answers = [text for text in world.simulator.inbox() if "codes are being put" in text]
    assert len(answers) == 1


@ON_POSTGRESQL
def test_unlock_by_text_opens_the_door_and_says_so(world: World) -> None:
    world.simulator.text("unlock front")

    asked(world, "Front door is open")
    assert world.simulator.state()["locks"][str(FRONT)]["open_until"] > 0


@ON_POSTGRESQL
def test_questions_and_answers_survive_every_outage(world: World) -> None:
    """Twilio down for the whole time, the worker killed, Redis emptied, the web away."""
    simulator = world.simulator
    simulator.fault("down", service="twilio")
    reference = book(world, 1, 2)
    world.sync()
    pause(2)
    world.kill_worker()
    with Redis.from_url(world.env["REDIS_URL"]) as redis:
        redis.flushdb()
    assert simulator.inbox() == []
    simulator.clear_faults()
    world.start_worker()
    asked(world, reference, "OK A")

    world.kill("web")
    world.kill("scheduler")
    assert simulator.text("OK") is None
    simulator.fault("down", service="twilio")
    world.start_web()
    world.start_scheduler()
    world.wait_until_ready()
    simulator.clear_faults()
    world.kill("scheduler")
    world.start_scheduler()
    asked(world, reference, "codes are being put")
    pause(3)

    for phone in (HOST_PHONE, STAFF_PHONE):
        assert len([text for text in simulator.inbox(phone) if "OK A" in text]) == 1
    assert len([text for text in simulator.inbox() if "codes are being put" in text]) == 1
    assert guests(world) == {reference: 2}


@pytest.mark.timeout(240)
@ON_POSTGRESQL
def test_mail_storm_over_two_workers_settles_right_and_asks_once(world: World) -> None:
    """200 bookings, 60 of them sharing dates: each found, or asked about once."""
    world.start_worker("second worker")
    alone = {
        book(world, 1 + day % 6, days=day, nights=1): (1 + day % 6, day) for day in range(1, 141)
    }
    sharing = [
        (book(world, 1 + day % 3, days=day, nights=1), book(world, 4 + day % 3, days=day, nights=1))
        for day in range(141, 171)
    ]
    world.sync()
    world.sync()

    def enriched() -> dict[str, tuple[int, str]]:
        found = rows(
            world,
            "SELECT r.reference, o.number, r.status FROM reservation r"
            " JOIN room o ON o.id = r.room_id WHERE r.reference IS NOT NULL",
        )
        return {str(ref): (int(str(number)), str(status)) for ref, number, status in found}

    eventually(lambda: len(enriched()) == len(alone), 60)
    assert enriched() == {ref: (room, "confirmed") for ref, (room, _day) in alone.items()}
    open_now = rows(world, "SELECT id, ask FROM question WHERE closed_at IS NULL")
    assert {ask for _id, ask in open_now} == {"collision"}
    assert len(open_now) == len(sharing)
    _asked_once(world, {int(str(row[0])) for row in open_now})


def _asked_once(world: World, questions: Iterable[int]) -> None:
    """Every question was told to each phone in one text, and no text went out twice."""
    eventually(lambda: rows(world, "SELECT id FROM message WHERE state IN ('waiting')") == [], 60)
    for phone in (HOST_PHONE, STAFF_PHONE):
        told = rows(world, "SELECT facts FROM message WHERE address = :a AND state <> 'dropped'",
                    a=phone)  # fmt: skip
        ids = [one for (facts,) in told for one in facts["questions"]]  # type: ignore[index]
        assert sorted(set(ids) & set(questions)) == sorted(questions)
        assert len(ids) == len(set(ids))
        texts = world.simulator.texts(phone)
        assert len(texts) == len(set(texts))
