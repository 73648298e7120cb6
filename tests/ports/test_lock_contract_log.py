"""What every lock provider's client must tell of a lock's own log."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.lock_words import Refusal, Way
from app.domain.windows import Window
from app.ports.locks import CodeOrder, LockRecord
from app.ports.locks.registry import PROVIDERS
from tests.ports.faults import fault_of
from tests.ports.lock_worlds import SIMULATORS, WORLDS, LockWorld, Trouble, soon
from tests.support.simulator import Simulator

TODAY = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
STAY = Window(TODAY - timedelta(hours=1), TODAY + timedelta(days=2))
LATER = Window(TODAY + timedelta(days=1), TODAY + timedelta(days=3))
ALICE = CodeOrder("lk-17", "048213", STAY)
BOB = CodeOrder("lk-18", "730264", LATER)
SOME_TIME_AGO = TODAY - timedelta(days=1)

TROUBLES: tuple[Trouble, ...] = (
    *("timeout_before", "timeout_after", "cut_before", "cut_after"),
    *("http_500", "http_500_after", "nonsense"),
)


@pytest.fixture(params=PROVIDERS)
def world(request: pytest.FixtureRequest) -> LockWorld:
    simulator: Simulator = request.getfixturevalue(SIMULATORS[request.param])
    return WORLDS[request.param](simulator)


def told(world: LockWorld, since: datetime = SOME_TIME_AGO) -> list[LockRecord]:
    return list(world.port.records(world.lock_id, since))


def test_lock_that_nobody_touched_has_nothing_to_tell(world: LockWorld) -> None:
    assert told(world) == []


def test_code_that_opened_is_told_by_its_name(world: LockWorld) -> None:
    world.port.put_code(world.lock_id, ALICE)
    before = datetime.now(UTC) - timedelta(seconds=1)
    world.opens(ALICE.digits)

    (record,) = told(world)

    assert (record.way, record.refusal, record.code_name) == (Way.CODE, None, ALICE.name)
    assert record.digits in (ALICE.digits, None)
    assert before <= record.at <= datetime.now(UTC)
    assert before <= record.heard_at <= datetime.now(UTC)


def test_unknown_digits_are_told_as_such(world: LockWorld) -> None:
    world.opens("640257")

    (record,) = told(world)

    assert (record.way, record.refusal) == (Way.CODE, Refusal.UNKNOWN_CODE)
    assert record.digits in ("640257", None)
    assert record.code_name == ""


def test_code_before_its_time_is_told_as_such(world: LockWorld) -> None:
    world.port.put_code(world.lock_id, BOB)
    world.opens(BOB.digits)

    (record,) = told(world)

    assert (record.way, record.refusal) == (Way.CODE, Refusal.OUTSIDE_WINDOW)


def test_door_locked_from_inside_is_told_as_such(world: LockWorld) -> None:
    world.port.put_code(world.lock_id, ALICE)
    world.set_lock(double_locked=True)
    world.opens(ALICE.digits)

    (record,) = told(world)

    assert record.refusal is Refusal.DOUBLE_LOCKED


def test_keypad_that_rests_after_too_many_wrong_codes_is_told_as_such(world: LockWorld) -> None:
    for _ in range(5):
        world.opens("640257")

    assert Refusal.LOCKED_OUT in {record.refusal for record in told(world)}


def test_opening_from_afar_is_told_as_that(world: LockWorld) -> None:
    world.port.unlock(world.lock_id, soon())

    (record,) = told(world)

    assert (record.way, record.refusal, record.digits) == (Way.REMOTE, None, None)


def test_records_come_oldest_first_with_keys_that_stay(world: LockWorld) -> None:
    world.port.put_code(world.lock_id, ALICE)
    for digits in (ALICE.digits, "640257", ALICE.digits):
        world.opens(digits)

    first, again = told(world), told(world)

    assert [one.refusal for one in first] == [None, Refusal.UNKNOWN_CODE, None]
    assert len({one.key for one in first}) == 3
    assert first == again


def test_what_befell_while_the_gateway_was_away_is_told_once_it_is_back(world: LockWorld) -> None:
    world.port.put_code(world.lock_id, ALICE)
    world.power(on=False)
    world.opens(ALICE.digits)
    meanwhile = told(world)
    last_looked = datetime.now(UTC)

    world.power(on=True)

    assert meanwhile == []
    (record,) = told(world, last_looked)
    assert record.at < last_looked + timedelta(seconds=1)
    assert last_looked - timedelta(seconds=1) < record.heard_at


def test_line_that_a_slow_clock_dates_before_the_last_look_is_told(world: LockWorld) -> None:
    world.port.put_code(world.lock_id, ALICE)
    world.set_lock(clock_offset_seconds=-1800)
    last_looked = datetime.now(UTC)
    world.opens(ALICE.digits)

    (record,) = told(world, last_looked)

    assert record.at < last_looked


@pytest.mark.parametrize("kind", TROUBLES)
def test_log_without_an_answer_is_unknown_and_never_empty(world: LockWorld, kind: Trouble) -> None:
    world.opens("640257")
    port = world.trouble("records", kind)

    fault = fault_of(lambda: port.records(world.lock_id, SOME_TIME_AGO))

    assert not fault.permanent
    assert not fault.unclear


def test_digits_do_not_show_when_a_record_is_printed(world: LockWorld) -> None:
    world.opens("640257")

    assert "640257" not in repr(told(world))
