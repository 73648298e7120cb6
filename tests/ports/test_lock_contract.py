"""What every lock provider's client must do, in a world that does not always work."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.windows import Window
from app.ports.errors import PortError
from app.ports.locks import CodeOrder, DigitsRefused, DigitsTaken, HeldCode, LockOffline
from app.ports.locks.registry import PROVIDERS
from tests.ports.faults import fault_of
from tests.ports.lock_worlds import IMPATIENT, SIMULATORS, WORLDS, LockWorld, Trouble, soon
from tests.support.simulator import Simulator
from tests.support.waiting import eventually

TODAY = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
STAY = Window(TODAY - timedelta(hours=1), TODAY + timedelta(days=2))
LATER = Window(TODAY + timedelta(days=1), TODAY + timedelta(days=3))
ALICE = CodeOrder("lk-17", "048213", STAY)
BOB = CodeOrder("lk-18", "730264", LATER)

BEFORE: tuple[Trouble, ...] = ("timeout_before", "cut_before", "http_500", "nonsense")
AFTER: tuple[Trouble, ...] = ("timeout_after", "cut_after", "http_500_after")


@pytest.fixture(params=PROVIDERS)
def world(request: pytest.FixtureRequest) -> LockWorld:
    simulator: Simulator = request.getfixturevalue(SIMULATORS[request.param])
    return WORLDS[request.param](simulator)


def held(world: LockWorld, order: CodeOrder) -> HeldCode | None:
    found = [code for code in world.port.list_codes(world.lock_id) if code.name == order.name]
    assert len(found) < 2
    return found[0] if found else None


def test_every_provider_is_held_to_this() -> None:
    assert WORLDS.keys() == SIMULATORS.keys() == PROVIDERS.keys()


# When all is well


def test_code_that_was_put_opens_the_door_and_is_listed(world: LockWorld) -> None:
    ref = world.port.put_code(world.lock_id, ALICE)

    assert world.opens(ALICE.digits)
    assert world.port.list_codes(world.lock_id) == [HeldCode(ref, "lk-17", "048213", STAY)]


def test_code_opens_neither_another_door_nor_before_its_window(world: LockWorld) -> None:
    world.port.put_code(world.lock_id, BOB)

    assert not world.opens(BOB.digits)
    assert not world.opens(ALICE.digits)


def test_moved_window_holds_at_the_door_and_the_digits_stay(world: LockWorld) -> None:
    ref = world.port.put_code(world.lock_id, BOB)

    world.port.change_window(world.lock_id, ref, STAY)

    assert world.opens(BOB.digits)
    assert world.port.list_codes(world.lock_id) == [HeldCode(ref, "lk-18", "730264", STAY)]


def test_removed_code_opens_nothing_and_removing_it_again_is_no_error(world: LockWorld) -> None:
    ref = world.port.put_code(world.lock_id, ALICE)

    world.port.remove_code(world.lock_id, ref)
    world.port.remove_code(world.lock_id, ref)

    assert not world.opens(ALICE.digits)
    assert world.port.list_codes(world.lock_id) == []


def test_digits_on_the_lock_are_refused_and_the_list_tells_whose_they_are(
    world: LockWorld,
) -> None:
    world.port.put_code(world.lock_id, CodeOrder("the owner's", ALICE.digits, STAY))

    with pytest.raises(DigitsTaken) as caught:
        world.port.put_code(world.lock_id, ALICE)

    assert not caught.value.unclear
    assert [code.name for code in world.port.list_codes(world.lock_id)] == ["the owner's"]


@pytest.mark.parametrize("digits", ["1111", "123456", "987654"])
def test_digits_too_simple_are_refused_as_such(world: LockWorld, digits: str) -> None:
    with pytest.raises(DigitsRefused):
        world.port.put_code(world.lock_id, CodeOrder("lk-17", digits, STAY))


@pytest.mark.parametrize("digits", ["730", "7302649185"])
def test_number_of_digits_that_the_lock_does_not_take_is_a_matter_for_a_person(
    world: LockWorld, digits: str
) -> None:
    fault = fault_of(lambda: world.port.put_code(world.lock_id, CodeOrder("lk-17", digits, STAY)))

    assert not isinstance(fault, DigitsRefused)  # which would have others drawn, just as long
    assert fault.permanent
    assert "code_length" in fault.reason


def test_unlock_opens_the_door_once(world: LockWorld) -> None:
    world.port.unlock(world.lock_id, soon())

    assert world.times_opened() == 1


def test_unlock_that_must_have_begun_by_now_is_not_sent(world: LockWorld) -> None:
    fault = fault_of(lambda: world.port.unlock(world.lock_id, datetime.now(UTC)))

    assert not fault.unclear
    assert world.times_opened() == 0


def test_lock_that_does_not_exist_is_a_matter_for_a_person(world: LockWorld) -> None:
    fault = fault_of(lambda: world.port.put_code("999999", ALICE))

    assert fault.permanent
    assert not fault.unclear


def test_statuses_tell_of_battery_and_gateway(world: LockWorld) -> None:
    (status,) = (one for one in world.port.statuses() if one.lock_id == world.lock_id)

    assert (status.gateway_id, status.gateway_online) == (world.gateway_id, True)
    assert status.battery_percent is not None
    assert status.name


def test_client_logs_in_anew_when_its_tokens_are_forgotten(world: LockWorld) -> None:
    world.port.unlock(world.lock_id, soon())
    world.forget_tokens()

    world.port.unlock(world.lock_id, soon())

    assert world.times_opened() == 1


# When the gateway is away


def test_lock_out_of_reach_says_so_and_nothing_changes(world: LockWorld) -> None:
    ref = world.port.put_code(world.lock_id, ALICE)
    world.power(on=False)

    faults = [
        fault_of(lambda: world.port.put_code(world.lock_id, BOB)),
        fault_of(lambda: world.port.change_window(world.lock_id, ref, LATER)),
        fault_of(lambda: world.port.unlock(world.lock_id, soon())),
    ]

    assert all(isinstance(fault, LockOffline) for fault in faults)
    assert not any(fault.permanent or fault.unclear for fault in faults)
    assert world.port.list_codes(world.lock_id) == [HeldCode(ref, "lk-17", "048213", STAY)]
    assert world.times_opened() == 0


def test_removal_from_a_lock_out_of_reach_says_so_and_is_done_when_it_is_back(
    world: LockWorld,
) -> None:
    ref = world.port.put_code(world.lock_id, ALICE)
    world.power(on=False)

    fault = fault_of(lambda: world.port.remove_code(world.lock_id, ref))

    assert isinstance(fault, LockOffline)
    assert not fault.permanent
    assert held(world, ALICE) is not None
    world.power(on=True)
    world.port.remove_code(world.lock_id, ref)
    assert world.digits_in_lock() == set()


def test_statuses_tell_of_a_gateway_that_is_away(world: LockWorld) -> None:
    world.power(on=False)

    online = {one.lock_id: one.gateway_online for one in world.port.statuses()}

    assert online[world.lock_id] is False


def test_lock_is_reached_again_when_the_gateway_is_back(world: LockWorld) -> None:
    world.power(on=False)
    fault_of(lambda: world.port.put_code(world.lock_id, ALICE))
    world.power(on=True)

    world.port.put_code(world.lock_id, ALICE)

    assert world.opens(ALICE.digits)


def test_commands_that_meet_at_one_gateway_are_done_or_clearly_not(world: LockWorld) -> None:
    world.slow_radio(0.05)
    orders = [CodeOrder(f"lk-{n}", f"4{n}8213", STAY) for n in range(6)]

    def put(order: CodeOrder) -> PortError | None:
        try:
            world.port.put_code(world.lock_id, order)
        except PortError as fault:
            return fault
        return None

    with ThreadPoolExecutor(len(orders)) as pool:
        faults = list(pool.map(put, orders))

    done = {order.digits for order, fault in zip(orders, faults, strict=True) if fault is None}
    assert world.digits_in_lock() == done
    assert all(fault.retry_after and not fault.unclear for fault in faults if fault is not None)


# When the answer is lost


@pytest.mark.parametrize("kind", BEFORE)
def test_put_that_was_lost_on_the_way_is_unclear_and_the_list_shows_that_it_failed(
    world: LockWorld, kind: Trouble
) -> None:
    port = world.trouble("put", kind)

    assert fault_of(lambda: port.put_code(world.lock_id, ALICE)).unclear
    assert held(world, ALICE) is None


@pytest.mark.parametrize("kind", AFTER)
def test_put_whose_answer_was_lost_is_unclear_and_found_by_its_name(
    world: LockWorld, kind: Trouble
) -> None:
    port = world.trouble("put", kind)

    assert fault_of(lambda: port.put_code(world.lock_id, ALICE)).unclear
    code = eventually(lambda: held(world, ALICE))
    assert code is not None
    assert (code.digits, code.window) == (ALICE.digits, STAY)


def test_put_asked_again_after_its_answer_was_lost_meets_itself(world: LockWorld) -> None:
    port = world.trouble("put", "cut_after")
    fault_of(lambda: port.put_code(world.lock_id, ALICE))

    with pytest.raises(DigitsTaken):
        world.port.put_code(world.lock_id, ALICE)

    code = held(world, ALICE)
    assert code is not None
    assert code.digits == ALICE.digits


@pytest.mark.parametrize("kind", [*BEFORE, *AFTER])
def test_removal_without_an_answer_is_unclear_and_may_be_asked_again(
    world: LockWorld, kind: Trouble
) -> None:
    ref = world.port.put_code(world.lock_id, ALICE)
    port = world.trouble("remove", kind)

    assert fault_of(lambda: port.remove_code(world.lock_id, ref)).unclear
    world.port.remove_code(world.lock_id, ref)

    assert held(world, ALICE) is None
    assert world.digits_in_lock() == set()


@pytest.mark.parametrize("kind", [*BEFORE, *AFTER])
def test_change_without_an_answer_is_unclear_and_may_be_asked_again(
    world: LockWorld, kind: Trouble
) -> None:
    ref = world.port.put_code(world.lock_id, BOB)
    port = world.trouble("change", kind)

    assert fault_of(lambda: port.change_window(world.lock_id, ref, STAY)).unclear
    world.port.change_window(world.lock_id, ref, STAY)

    assert world.opens(BOB.digits)


@pytest.mark.parametrize(
    ("kind", "opened"), [*((kind, 0) for kind in BEFORE), *((kind, 1) for kind in AFTER)]
)
def test_unlock_without_an_answer_is_unclear_and_is_not_repeated(
    world: LockWorld, kind: Trouble, opened: int
) -> None:
    port = world.trouble("unlock", kind)

    assert fault_of(lambda: port.unlock(world.lock_id, soon())).unclear
    assert world.times_opened() == opened


@pytest.mark.parametrize("kind", [*BEFORE, *AFTER])
def test_list_without_an_answer_is_unknown_and_never_empty(world: LockWorld, kind: Trouble) -> None:
    world.port.put_code(world.lock_id, ALICE)
    port = world.trouble("list", kind)

    fault = fault_of(lambda: port.list_codes(world.lock_id))

    assert not fault.permanent
    assert not fault.unclear


@pytest.mark.parametrize("kind", [*BEFORE, *AFTER])
def test_statuses_without_an_answer_are_unknown_and_never_empty(
    world: LockWorld, kind: Trouble
) -> None:
    port = world.trouble("statuses", kind)

    assert not fault_of(port.statuses).permanent


def test_radio_slower_than_we_wait_leaves_the_code_unclear(world: LockWorld) -> None:
    world.slow_radio(2 * IMPATIENT)

    assert fault_of(lambda: world.impatient_port.put_code(world.lock_id, ALICE)).unclear
    assert eventually(lambda: held(world, ALICE)) is not None
