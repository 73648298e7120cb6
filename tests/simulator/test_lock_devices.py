"""The simulated locks themselves: space, batteries, clocks, keypads, and the logs they keep."""

from typing import Any

import pytest

from tests.simulator.test_lock_cloud import ROOM_1, ROOM_3, Account
from tests.support.simulator import Simulator


def records(account: Account, **asked: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = account.call(
        "lockRecord/list", lockId=ROOM_1, pageNo=1, pageSize=200, **asked
    )["list"]
    return rows


def numbers(account: Account) -> list[tuple[int, int, int]]:
    """Return the two numberings and the success of each line, the oldest first."""
    lines = reversed(records(account))
    return [(one["recordType"], one["recordTypeFromLock"], one["success"]) for one in lines]


# Codes


def test_code_deleted_by_bluetooth_blocks_its_digits_for_the_gateway(
    simulator: Simulator, account: Account
) -> None:
    ref = account.add("482913")["keyboardPwdId"]
    account.call("keyboardPwd/delete", lockId=ROOM_1, keyboardPwdId=ref)

    assert account.add("482913")["errcode"] == -3007
    assert "keyboardPwdId" in account.add("482913", lock=ROOM_3)


def test_expired_code_blocks_its_digits(account: Account) -> None:
    account.add("482913", startDate=1, endDate=2)

    assert account.add("482913")["errcode"] == -3007


def test_lock_takes_as_many_codes_as_it_has_space_for(
    simulator: Simulator, account: Account
) -> None:
    simulator.lock(ROOM_1, capacity=2)
    ref = account.add("482913")["keyboardPwdId"]
    account.add("739105")

    assert account.add("905261")["errcode"] == -3009
    account.call("keyboardPwd/delete", lockId=ROOM_1, keyboardPwdId=ref)
    assert account.add("905261")["errcode"] == -3009  # the lock has not forgotten it
    assert "keyboardPwdId" in account.add("905261", lock=ROOM_3)


# Battery, clock, remote unlock


def test_lock_with_a_flat_battery_neither_hears_nor_opens(
    simulator: Simulator, account: Account
) -> None:
    account.add("482913")
    simulator.lock(ROOM_1, battery=0)

    assert not simulator.keypad(ROOM_1, "482913")
    assert account.call("lock/unlock", lockId=ROOM_1)["errcode"] == -2012
    assert records(account) == []


def test_clock_that_is_off_shows_in_the_lock_and_in_its_lines(
    simulator: Simulator, account: Account
) -> None:
    simulator.lock(ROOM_1, clock_offset_seconds=-7200)
    account.add("482913")

    assert not simulator.keypad(ROOM_1, "482913")
    [line] = records(account)
    assert line["recordTypeFromLock"] == 11
    assert 7_195_000 < line["serverDate"] - line["lockDate"] < 7_205_000
    assert records(account, startDate=line["lockDate"] + 1) == []
    assert records(account, endDate=line["lockDate"]) == [line]


def test_clock_is_asked_and_set_by_the_gateway(simulator: Simulator, account: Account) -> None:
    simulator.lock(ROOM_1, clock_offset_seconds=3600)
    account.add("482913", endDate=int(4e12))

    before = account.call("lock/queryDate", lockId=ROOM_1)["date"]
    after = account.call("lock/updateDate", lockId=ROOM_1)["date"]

    assert 3_590_000 < before - after < 3_610_000
    simulator.gateway(501, online=False)
    assert account.call("lock/updateDate", lockId=ROOM_1)["errcode"] == -3002


@pytest.mark.parametrize("told", [{"remote_unlock": False}, {"feature_value": "81"}])
def test_lock_not_to_be_opened_from_afar_is_not(
    simulator: Simulator, account: Account, told: dict[str, object]
) -> None:
    simulator.lock(ROOM_1, **told)

    assert account.call("lock/unlock", lockId=ROOM_1)["errcode"] == -4043
    assert records(account) == []


def test_door_is_locked_again_from_afar(simulator: Simulator, account: Account) -> None:
    account.call("lock/unlock", lockId=ROOM_1)

    assert account.call("lock/lock", lockId=ROOM_1)["errcode"] == 0

    assert account.call("lock/queryOpenState", lockId=ROOM_1)["state"] == 0
    assert [one["recordType"] for one in records(account)] == [11, 12]


def test_detail_tells_of_one_lock(simulator: Simulator, account: Account) -> None:
    simulator.lock(ROOM_1, battery=12, feature_value="481")

    told = account.call("lock/detail", lockId=ROOM_1)

    assert (told["lockAlias"], told["electricQuantity"]) == ("Room 1", 12)
    assert (told["featureValue"], told["hasGateway"]) == ("481", 1)
    assert account.call("lock/detail", lockId=9)["errcode"] == -1003


# Keypads and their lines


def test_keypad_rests_after_five_wrong_codes_in_three_minutes(
    simulator: Simulator, account: Account
) -> None:
    account.add("482913", endDate=int(4e12))
    for _ in range(5):
        simulator.keypad(ROOM_1, "640257")

    assert not simulator.keypad(ROOM_1, "482913")
    assert numbers(account) == [*[(4, 7, 0)] * 5, (48, 48, 0)]
    simulator.advance(301)
    assert simulator.keypad(ROOM_1, "482913")


@pytest.mark.parametrize("between", ["time", "a right code"])
def test_wrong_codes_far_apart_do_not_add_up(
    simulator: Simulator, account: Account, between: str
) -> None:
    account.add("482913", endDate=int(4e12))
    for _ in range(4):
        simulator.keypad(ROOM_1, "640257")
    if between == "time":
        simulator.advance(181)
    else:
        simulator.keypad(ROOM_1, "482913")

    simulator.keypad(ROOM_1, "640257")

    assert simulator.keypad(ROOM_1, "482913")


def test_door_locked_from_inside_refuses_a_good_code(
    simulator: Simulator, account: Account
) -> None:
    account.add("482913")
    simulator.lock(ROOM_1, double_locked=True)

    assert not simulator.keypad(ROOM_1, "482913")
    assert numbers(account) == [(4, 38, 0)]


def test_lines_wait_in_the_lock_until_its_gateway_is_back(
    simulator: Simulator, account: Account
) -> None:
    account.add("482913")
    simulator.gateway(501, online=False)
    simulator.keypad(ROOM_1, "482913")
    assert records(account) == []

    simulator.advance(120)
    simulator.gateway(501, online=True)

    [line] = records(account)
    assert 119_000 < line["serverDate"] - line["lockDate"] < 130_000


def test_any_line_can_be_written(simulator: Simulator, account: Account) -> None:
    simulator.lock_event(ROOM_1, 7, from_lock=17, name="Kim's card", digits="3947561")
    simulator.lock_event(ROOM_1, 32)

    assert numbers(account) == [(7, 17, 1), (32, 32, 1)]


# The cloud


def test_calls_of_a_month_are_counted_and_can_be_used_up(
    simulator: Simulator, account: Account
) -> None:
    simulator.lock_cloud(monthly_quota=3)

    first, second, third = (account.call("lock/list") for _ in range(3))

    assert "list" in first
    assert "list" in second
    assert third["errcode"] == 30007


def test_token_expires_by_the_worlds_clock(simulator: Simulator, account: Account) -> None:
    simulator.advance(91 * 24 * 3600)

    assert account.call("lock/list")["errcode"] == 10004


def test_date_can_be_held_to_the_worlds_clock_alone(simulator: Simulator, account: Account) -> None:
    simulator.advance(3600)
    assert "list" in account.call("lock/list")

    simulator.lock_cloud(strict_date=True)

    assert account.call("lock/list")["errcode"] == 80000
