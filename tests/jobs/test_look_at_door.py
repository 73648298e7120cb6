"""Looking at a simulated lock for a guest before it: what was typed there is what is found."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import transaction
from app.domain.door_findings import Finding
from app.domain.ladder import Rung
from app.jobs.doorbell import QUEUE_OF, QueueName
from app.jobs.outbox import JOBS, work
from app.models import (
    AccessCode,
    Door,
    DoorHelp,
    Effect,
    Guest,
    LockEvent,
    Message,
    OutboxEntry,
)
from app.seals import Seals
from app.services.door_help import HelpEnd, ask_for_help, asked_of, close_help
from app.services.door_stories import Story, story
from app.services.outbox import take
from tests.jobs.conftest import LOCKS
from tests.support.simulator import Simulator

ROOM_1, ROOM_2 = LOCKS["Room 1"], LOCKS["Room 2"]
GATEWAYS = (501, 502, 503)


@pytest.fixture
def app(simulated_app: Flask) -> Flask:
    return simulated_app


@pytest.fixture
def digits(session: Session, seals: Seals, alice: Guest) -> str:
    code = session.scalars(select(AccessCode).join(Door).where(Door.name == "Room 1")).one()
    assert code.sealed_digits is not None
    found = seals.unseal(code.sealed_digits)
    session.rollback()
    return found


def ask(session: Session) -> int:
    """Ask about room 1; return the order to look at it."""
    with transaction() as own:
        guest = own.scalars(select(Guest)).one()
        door = own.scalars(select(Door).filter_by(name="Room 1")).one()
        asked = ask_for_help(own, guest, door.id, now())
        assert asked is not None
    session.rollback()
    wanted = select(OutboxEntry.id).filter_by(kind=Effect.LOOK_AT_DOOR, done_at=None)
    entry = session.scalars(wanted.order_by(OutboxEntry.id)).first()
    session.rollback()
    assert entry is not None
    return entry


def tell(session: Session) -> Story:
    session.rollback()
    wanted = select(DoorHelp).options(joinedload(DoorHelp.door)).order_by(DoorHelp.id.desc())
    asked = session.scalars(wanted.limit(1)).one()
    guest = session.scalars(select(Guest).options(joinedload(Guest.house))).one()
    return story(session, asked_of(guest, asked), now())


def find(session: Session) -> Sequence[Finding]:
    """Ask, look, and return what was found."""
    work([ask(session)])
    return [found.what for found in tell(session).found]


def test_a_look_is_done_by_the_worker_that_nobody_waits_behind() -> None:
    assert QUEUE_OF[Effect.LOOK_AT_DOOR] == QueueName.UNLOCKS
    assert set(JOBS) == set(Effect)
    assert set(QUEUE_OF) == set(Effect)


def test_the_code_typed_at_the_wrong_door(
    session: Session, simulator: Simulator, digits: str
) -> None:
    assert not simulator.keypad(ROOM_2, digits)

    work([ask(session)])

    [found] = tell(session).found
    assert (found.what, found.door) == (Finding.WRONG_DOOR, "Room 2")


@pytest.mark.parametrize(
    ("slip", "finding"),
    [
        (lambda code: code[:-1], Finding.DIGITS_MISSING),
        (lambda code: code[:-1] + str((int(code[-1]) + 5) % 10), Finding.ONE_WRONG),
        (lambda code: code, Finding.OPENED),
    ],
)
def test_what_was_typed_at_their_door(
    session: Session,
    simulator: Simulator,
    digits: str,
    slip: Callable[[str], str],
    finding: Finding,
) -> None:
    simulator.keypad(ROOM_1, slip(digits))

    assert find(session)[0] == finding


def test_a_bolted_door(session: Session, simulator: Simulator, digits: str) -> None:
    simulator.lock(ROOM_1, double_locked=True)
    simulator.keypad(ROOM_1, digits)

    assert find(session)[0] == Finding.DOUBLE_LOCKED
    assert session.scalars(select(Message).filter_by(template="door_help")).one()


def test_a_keypad_that_rests(session: Session, simulator: Simulator, digits: str) -> None:
    for _time in range(5):
        simulator.keypad(ROOM_1, "40" + digits[:-2])

    assert find(session)[0] == Finding.LOCKED_OUT


def test_a_clock_that_is_off_gives_the_next_way_in(
    session: Session, simulator: Simulator, digits: str
) -> None:
    simulator.lock(ROOM_1, clock_offset_seconds=-3 * 24 * 3600)
    assert not simulator.keypad(ROOM_1, digits)

    assert find(session)[0] == Finding.CLOCK_OFF
    assert tell(session).rung != Rung.OWN_CODE


def test_an_unplugged_gateway_is_lost_contact(
    session: Session, simulator: Simulator, digits: str
) -> None:
    for gateway in GATEWAYS:
        simulator.gateway(gateway, online=False)

    assert find(session) == [Finding.LOST_CONTACT]


def test_a_flat_battery_wakes_the_hosts(
    session: Session, simulator: Simulator, digits: str
) -> None:
    simulator.lock(ROOM_1, battery=0)
    assert not simulator.keypad(ROOM_1, digits)

    assert find(session)[0] == Finding.BATTERY_FLAT
    assert session.scalars(select(Message).filter_by(template="door_help")).one()


def test_a_keypad_nobody_touched(session: Session, digits: str) -> None:
    assert find(session) == [Finding.NOTHING_TYPED]


def test_a_log_that_cannot_be_read_is_tried_twice_and_then_said(
    session: Session, simulator: Simulator, digits: str
) -> None:
    simulator.fault("down")
    entry = ask(session)

    work([entry])
    session.rollback()
    first = session.get_one(OutboxEntry, entry)
    assert first.done_at is None
    assert first.due_at - now() < timedelta(seconds=5)
    first.due_at = now()
    session.commit()
    work([entry])

    told = tell(session)
    assert Finding.LOG_UNREAD in [found.what for found in told.found]
    assert told.help is not None
    assert told.help.look_fault
    assert session.get_one(OutboxEntry, entry).done_at is not None


def test_a_worker_that_dies_twice_does_not_look_for_ever(session: Session, digits: str) -> None:
    entry = ask(session)
    for _time in range(2):  # taken, and nothing more
        with transaction() as own:
            assert take(own, entry, now()) is not None
        with transaction() as own:
            own.get_one(OutboxEntry, entry).leased_until = None

    work([entry])

    told = tell(session)
    assert told.help is not None
    assert told.help.look_fault
    assert session.get_one(OutboxEntry, entry).outcome == "given up"


def test_looking_twice_is_looking_once(session: Session, simulator: Simulator, digits: str) -> None:
    simulator.keypad(ROOM_1, digits[:-1])
    entry = ask(session)
    work([entry])
    with transaction() as own:  # stopped between the call and the record, and taken again
        again = own.get_one(OutboxEntry, entry)
        again.done_at = again.outcome = None

    work([entry])

    session.rollback()
    assert len(session.scalars(select(LockEvent)).all()) == 1
    assert [found.what for found in tell(session).found] == [Finding.DIGITS_MISSING]


def test_other_doors_are_not_read_for_who_is_known_to_be_at_theirs(
    session: Session, simulator: Simulator, digits: str
) -> None:
    simulator.keypad(ROOM_1, digits[:-1])
    simulator.forget_calls()

    work([ask(session)])

    assert [call["lock_id"] for call in simulator.calls("lockRecord/list")] == [ROOM_1]


def test_what_was_closed_meanwhile_is_not_looked_at(
    session: Session, simulator: Simulator, digits: str
) -> None:
    entry = ask(session)
    with transaction() as own:
        asked = own.scalars(select(DoorHelp).options(joinedload(DoorHelp.door))).one()
        close_help(own, asked, HelpEnd.GUEST, now(), "guest")
    simulator.forget_calls()

    work([entry])

    assert simulator.calls() == []
