"""Offline codes as the simulated lock cloud and its locks have them: whole hours, and no radio."""

import time
from typing import Any

import pytest

from tests.simulator.test_lock_cloud import HOUR, ROOM_1, ROOM_3, Account
from tests.support.simulator import Simulator

DAY = 24 * HOUR


def this_hour() -> int:
    return int(time.time() * 1000) // HOUR * HOUR


def get(account: Account, **changed: object) -> dict[str, Any]:
    window = {"startDate": this_hour(), "endDate": this_hour() + 72 * HOUR}
    fields = {"lockId": ROOM_1, "keyboardPwdType": 3, "keyboardPwdName": "ours", **window}
    return account.call("keyboardPwd/get", **{**fields, **changed})


def delete(account: Account, ref: object, way: int = 2) -> dict[str, Any]:
    return account.call("keyboardPwd/delete", lockId=ROOM_1, keyboardPwdId=ref, deleteType=way)


def listed(account: Account) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = account.call("lock/listKeyboardPwd", lockId=ROOM_1)["list"]
    return rows


def test_code_opens_its_door_alone_though_no_gateway_is_there(
    simulator: Simulator, account: Account
) -> None:
    simulator.gateway(501, online=False)

    digits = get(account)["keyboardPwd"]

    assert digits.isdigit()
    assert 6 <= len(digits) <= 9
    assert not simulator.keypad(ROOM_3, digits)
    assert simulator.keypad(ROOM_1, digits)


def test_code_is_listed_in_whole_hours_as_one_nobody_chose(account: Account) -> None:
    ref = get(account, startDate=this_hour() + 1_200_000)["keyboardPwdId"]

    [row] = listed(account)
    assert (row["keyboardPwdId"], row["isCustom"], row["keyboardPwdType"]) == (ref, 0, "3")
    assert (row["startDate"], row["endDate"]) == (this_hour(), this_hour() + 72 * HOUR)


def test_same_hours_give_the_same_code_and_others_another(account: Account) -> None:
    first, again = get(account), get(account, startDate=this_hour() + 60_000)
    other = get(account, endDate=this_hour() + 71 * HOUR)

    assert first == again
    assert other["keyboardPwd"] != first["keyboardPwd"]
    assert len(listed(account)) == 2


def test_code_not_used_within_a_day_never_opens(simulator: Simulator, account: Account) -> None:
    digits = get(account)["keyboardPwd"]
    simulator.advance(24 * 3600)

    assert not simulator.keypad(ROOM_1, digits)


def test_code_used_within_a_day_opens_until_its_end(simulator: Simulator, account: Account) -> None:
    digits = get(account)["keyboardPwd"]
    simulator.keypad(ROOM_1, digits)

    simulator.advance(48 * 3600)
    assert simulator.keypad(ROOM_1, digits)
    simulator.advance(24 * 3600)
    assert not simulator.keypad(ROOM_1, digits)


def test_lock_remembers_the_code_once_it_was_used(simulator: Simulator, account: Account) -> None:
    digits = get(account)["keyboardPwd"]
    assert (len(simulator.unused_codes(ROOM_1)), simulator.held(ROOM_1)) == (1, [])

    simulator.keypad(ROOM_1, digits)

    assert simulator.unused_codes(ROOM_1) == []
    assert [code["digits"] for code in simulator.held(ROOM_1)] == [digits]


def test_code_is_changed_only_once_it_was_used(simulator: Simulator, account: Account) -> None:
    made = get(account)
    dates = {"startDate": this_hour(), "endDate": this_hour() + DAY, "changeType": 2}
    code = {"lockId": ROOM_1, "keyboardPwdId": made["keyboardPwdId"]}

    before = account.call("keyboardPwd/change", **code, **dates)["errcode"]
    simulator.keypad(ROOM_1, made["keyboardPwd"])
    after = account.call("keyboardPwd/change", **code, **dates)["errcode"]

    assert (before, after) == (-3008, 0)


def test_hours_whose_code_was_deleted_have_no_other(account: Account) -> None:
    delete(account, get(account)["keyboardPwdId"])

    assert get(account)["errcode"] == -1026
    assert "keyboardPwd" in get(account, endDate=this_hour() + 71 * HOUR)


@pytest.mark.parametrize("is_used", [False, True])
def test_code_deleted_by_the_gateway_opens_no_more(
    simulator: Simulator, account: Account, is_used: bool
) -> None:
    made = get(account)
    if is_used:
        simulator.keypad(ROOM_1, made["keyboardPwd"])

    delete(account, made["keyboardPwdId"])

    assert not simulator.keypad(ROOM_1, made["keyboardPwd"])
    assert listed(account) == []


def test_code_deleted_by_bluetooth_opens_all_the_same(
    simulator: Simulator, account: Account
) -> None:
    made = get(account)

    delete(account, made["keyboardPwdId"], way=1)

    assert listed(account) == []
    assert simulator.keypad(ROOM_1, made["keyboardPwd"])


def test_lock_that_cannot_withdraw_an_unused_code_says_done_and_opens(
    simulator: Simulator, account: Account
) -> None:
    simulator.lock(ROOM_1, cancels_unused=False)
    made = get(account)

    assert delete(account, made["keyboardPwdId"])["errcode"] == 0
    assert listed(account) == []
    assert simulator.keypad(ROOM_1, made["keyboardPwd"])


@pytest.mark.parametrize(
    ("told", "errcode"),
    [
        ({"has_code_data": False}, -1007),
        ({"feature_value": "80"}, -4043),
        ({"feature_value": "100081"}, -4043),
    ],
)
def test_lock_that_makes_no_codes(
    simulator: Simulator, account: Account, told: dict[str, object], errcode: int
) -> None:
    simulator.lock(ROOM_1, **told)

    assert get(account)["errcode"] == errcode


@pytest.mark.parametrize(
    "changed",
    [
        {"keyboardPwdType": 4},
        {"endDate": "soon"},
        {"endDate": 0},
        {"endDate": this_hour() + 400 * DAY},
        {"endDate": this_hour()},
    ],
)
def test_window_that_cannot_be_is_an_invalid_parameter(
    account: Account, changed: dict[str, object]
) -> None:
    assert get(account, **changed)["errcode"] == -3


def test_code_is_deleted_by_its_digits(simulator: Simulator, account: Account) -> None:
    account.add("482913")

    account.call("keyboardPwd/deleteByCode", lockId=ROOM_1, keyboardPwd="482913", deleteType=2)

    assert (listed(account), simulator.held(ROOM_1)) == ([], [])


def test_offline_codes_outlive_a_restart(own: Simulator) -> None:
    account = Account(own)
    digits = get(account)["keyboardPwd"]

    own.restart()

    assert get(account)["keyboardPwd"] == digits
    assert own.keypad(ROOM_1, digits)
