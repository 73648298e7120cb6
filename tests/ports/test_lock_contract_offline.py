"""What every lock provider's client must do of offline codes and clocks, or say that it cannot."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.windows import Window
from app.ports.locks import CannotDo, CodeOrder, LockOffline
from app.ports.locks.registry import PROVIDERS
from tests.ports.faults import fault_of
from tests.ports.lock_worlds import SIMULATORS, WORLDS, LockWorld, Trouble
from tests.support.simulator import Simulator

NOW = datetime.now(UTC).replace(second=0, microsecond=0)
STAY = Window(NOW, NOW + timedelta(days=2, minutes=10))

BEFORE: tuple[Trouble, ...] = ("timeout_before", "cut_before", "http_500", "nonsense")
AFTER: tuple[Trouble, ...] = ("timeout_after", "cut_after", "http_500_after")


@pytest.fixture(params=PROVIDERS)
def world(request: pytest.FixtureRequest) -> LockWorld:
    simulator: Simulator = request.getfixturevalue(SIMULATORS[request.param])
    return WORLDS[request.param](simulator)


@pytest.fixture
def giver(world: LockWorld) -> LockWorld:
    if not world.gives_offline_codes:
        pytest.skip("this provider gives no offline codes")
    return world


@pytest.fixture
def setter(world: LockWorld) -> LockWorld:
    if not world.sets_clocks:
        pytest.skip("this provider sees to clocks itself")
    return world


# Offline codes


def test_lock_that_gives_offline_codes_says_so_and_another_makes_none(world: LockWorld) -> None:
    (status,) = (one for one in world.port.statuses() if one.lock_id == world.lock_id)

    assert status.gives_offline_codes == world.gives_offline_codes
    assert status.opens_remotely
    if not world.gives_offline_codes:
        with pytest.raises(CannotDo) as caught:
            world.port.make_offline_code(world.lock_id, "lk-17", STAY)
        assert caught.value.permanent


def test_offline_code_opens_the_door_while_its_gateway_is_away(giver: LockWorld) -> None:
    giver.power(on=False)

    code = giver.port.make_offline_code(giver.lock_id, "lk-17", STAY)

    assert giver.opens(code.digits)


def test_offline_code_ends_within_the_window_and_begins_within_an_hour_of_it(
    giver: LockWorld,
) -> None:
    code = giver.port.make_offline_code(giver.lock_id, "lk-17", STAY)

    assert code.window is not None
    assert NOW - timedelta(hours=1) < code.window.valid_from <= datetime.now(UTC)
    assert NOW < code.window.valid_until <= STAY.valid_until


def test_offline_code_of_a_stay_that_began_days_ago_opens(giver: LockWorld) -> None:
    stay = Window(NOW - timedelta(days=3), NOW + timedelta(days=2))

    code = giver.port.make_offline_code(giver.lock_id, "lk-17", stay)

    assert giver.opens(code.digits)


def test_offline_code_is_listed_as_it_was_given(giver: LockWorld) -> None:
    code = giver.port.make_offline_code(giver.lock_id, "lk-17", STAY)

    assert giver.port.list_codes(giver.lock_id) == [code]


def test_removed_offline_code_opens_nothing_and_is_not_listed(giver: LockWorld) -> None:
    code = giver.port.make_offline_code(giver.lock_id, "lk-17", STAY)

    giver.port.remove_code(giver.lock_id, code.provider_ref)
    giver.port.remove_code(giver.lock_id, code.provider_ref)

    assert not giver.opens(code.digits)
    assert giver.port.list_codes(giver.lock_id) == []


def test_offline_code_is_not_removed_while_the_gateway_is_away(giver: LockWorld) -> None:
    code = giver.port.make_offline_code(giver.lock_id, "lk-17", STAY)
    giver.power(on=False)

    with pytest.raises(LockOffline):
        giver.port.remove_code(giver.lock_id, code.provider_ref)

    assert giver.opens(code.digits)


def test_offline_code_of_hours_whose_code_was_removed_is_another_one_that_opens(
    giver: LockWorld,
) -> None:
    first = giver.port.make_offline_code(giver.lock_id, "lk-17", STAY)
    giver.port.remove_code(giver.lock_id, first.provider_ref)

    code = giver.port.make_offline_code(giver.lock_id, "lk-18", STAY)

    assert giver.opens(code.digits)
    assert giver.port.list_codes(giver.lock_id) == [code]


def test_offline_code_for_less_than_an_hour_cannot_be_made(giver: LockWorld) -> None:
    begins = NOW.replace(minute=5)

    with pytest.raises(CannotDo):
        giver.port.make_offline_code(
            giver.lock_id, "lk-17", Window(begins, begins + timedelta(minutes=50))
        )


@pytest.mark.parametrize("kind", BEFORE)
def test_offline_code_lost_on_the_way_is_unclear_and_may_be_asked_again(
    giver: LockWorld, kind: Trouble
) -> None:
    port = giver.trouble("offline", kind)

    assert fault_of(lambda: port.make_offline_code(giver.lock_id, "lk-17", STAY)).unclear
    code = giver.port.make_offline_code(giver.lock_id, "lk-17", STAY)
    assert giver.opens(code.digits)


@pytest.mark.parametrize("kind", AFTER)
def test_offline_code_whose_answer_was_lost_is_unclear_and_found_by_its_name(
    giver: LockWorld, kind: Trouble
) -> None:
    port = giver.trouble("offline", kind)

    assert fault_of(lambda: port.make_offline_code(giver.lock_id, "lk-17", STAY)).unclear
    (code,) = giver.port.list_codes(giver.lock_id)
    assert code.name == "lk-17"
    assert code.window is not None
    assert giver.opens(code.digits)


# Clocks


def test_clock_is_set_right_or_that_is_the_providers_matter(world: LockWorld) -> None:
    world.set_lock(clock_offset_seconds=-5400)
    world.port.put_code(
        world.lock_id,
        CodeOrder("lk-17", "048213", Window(NOW - timedelta(hours=1), NOW + timedelta(hours=1))),
    )
    if not world.sets_clocks:
        with pytest.raises(CannotDo):
            world.port.correct_clock(world.lock_id)
        return
    assert not world.opens("048213")

    behind = world.port.correct_clock(world.lock_id)

    assert abs(behind + timedelta(minutes=90)) < timedelta(seconds=5)
    assert world.opens("048213")


def test_clock_that_is_right_is_left_alone(setter: LockWorld) -> None:
    assert abs(setter.port.correct_clock(setter.lock_id)) < timedelta(seconds=5)


def test_clock_of_a_lock_out_of_reach_is_not_known(setter: LockWorld) -> None:
    setter.power(on=False)

    with pytest.raises(LockOffline):
        setter.port.correct_clock(setter.lock_id)


@pytest.mark.parametrize("kind", [*BEFORE, *AFTER])
def test_clock_without_an_answer_is_not_known_and_may_be_asked_again(
    setter: LockWorld, kind: Trouble
) -> None:
    setter.set_lock(clock_offset_seconds=3600)
    port = setter.trouble("clock", kind)

    assert not fault_of(lambda: port.correct_clock(setter.lock_id)).permanent

    assert setter.port.correct_clock(setter.lock_id) > timedelta(minutes=59)
