"""The lock cloud's lists and records, and what its forms take by default."""

import time

import requests

from tests.simulator.test_lock_cloud import HOUR, ROOM_1, Account
from tests.support.simulator import Simulator


def codes(account: Account, **asked: object) -> list[str]:
    page = account.call("lock/listKeyboardPwd", lockId=ROOM_1, **asked)
    return [row["keyboardPwd"] for row in page["list"]]


def failed_try(account: Account) -> tuple[int, int, int, str]:
    [row] = account.call("lockRecord/list", lockId=ROOM_1, pageNo=1, pageSize=20)["list"]
    return row["recordType"], row["recordTypeFromLock"], row["success"], row["keyboardPwd"]


def window(account: Account, ref: int) -> tuple[int, int]:
    page = account.call("lock/listKeyboardPwd", lockId=ROOM_1)
    [row] = [one for one in page["list"] if one["keyboardPwdId"] == ref]
    return row["startDate"], row["endDate"]


def test_code_is_added_by_bluetooth_unless_told_otherwise(
    simulator: Simulator, account: Account
) -> None:
    now = int(time.time() * 1000)

    account.call(
        "keyboardPwd/add",
        lockId=ROOM_1,
        keyboardPwd="482913",
        startDate=now - HOUR,
        endDate=now + HOUR,
    )

    assert codes(account) == ["482913"]
    assert simulator.held(ROOM_1) == []


def test_leading_zeros_survive_the_cloud_and_the_lock(
    simulator: Simulator, account: Account
) -> None:
    account.add("004821")

    assert codes(account) == ["004821"]
    assert [code["digits"] for code in simulator.held(ROOM_1)] == ["004821"]


def test_same_digits_are_taken_on_another_lock(account: Account) -> None:
    account.add("482913")

    assert "keyboardPwdId" in account.add("482913", lock=1001)


def test_permanent_code_ignores_its_window(simulator: Simulator, account: Account) -> None:
    now = int(time.time() * 1000)

    account.add("482913", keyboardPwdType=2, startDate=now + HOUR, endDate=now + 2 * HOUR)

    assert simulator.keypad(ROOM_1, "482913")


def test_period_code_without_dates_is_an_invalid_parameter(account: Account) -> None:
    now = account.call("keyboardPwd/add", lockId=ROOM_1, keyboardPwd="482913", addType=2)

    assert now["errcode"] == -3


def test_codes_are_listed_page_by_page(account: Account) -> None:
    for digits in ("4821", "7391", "9052"):
        account.add(digits, addType=1)

    first = account.call("lock/listKeyboardPwd", lockId=ROOM_1, pageNo=1, pageSize=2)

    assert (first["pageNo"], first["pageSize"], first["pages"], first["total"]) == (1, 2, 2, 3)
    assert [row["keyboardPwd"] for row in first["list"]] == ["4821", "7391"]
    assert codes(account, pageNo=2, pageSize=2) == ["9052"]
    assert codes(account, pageNo=3, pageSize=2) == []


def test_search_takes_a_part_of_a_name_and_a_whole_code(account: Account) -> None:
    account.add("482913", addType=1, keyboardPwdName="lk-17")
    account.add("739105", addType=1, keyboardPwdName="cleaner")

    assert codes(account, searchStr="k-1") == ["482913"]
    assert codes(account, searchStr="739105") == ["739105"]
    assert codes(account, searchStr="7391") == []


def test_json_body_is_refused_with_a_page(simulator: Simulator, account: Account) -> None:
    form = {"clientId": "demo-client", "accessToken": account.token, "date": time.time() * 1000}

    answer = requests.post(f"{simulator.ttlock_url}/v3/lock/list", json=form, timeout=10)

    assert answer.status_code == 400
    assert answer.text.startswith("<html>")


def test_clock_ahead_by_ten_minutes_is_refused(account: Account) -> None:
    ahead = int((time.time() + 600) * 1000)

    assert account.call("lock/list", date=ahead)["errcode"] == 80000


def test_clock_off_by_four_minutes_is_taken(account: Account) -> None:
    behind = int((time.time() - 240) * 1000)

    assert "list" in account.call("lock/list", date=behind)


def test_unknown_digits_leave_a_failed_try_of_an_unknown_code(
    simulator: Simulator, account: Account
) -> None:
    simulator.keypad(ROOM_1, "640257")

    assert failed_try(account) == (4, 7, 0, "640257")


def test_expired_code_leaves_a_failed_try_outside_its_window(
    simulator: Simulator, account: Account
) -> None:
    now = int(time.time() * 1000)
    account.add("482913", startDate=now - 2 * HOUR, endDate=now - HOUR)

    simulator.keypad(ROOM_1, "482913")

    assert failed_try(account) == (4, 11, 0, "482913")


def test_remote_unlock_is_recorded_as_the_gateways(account: Account) -> None:
    account.call("lock/unlock", lockId=ROOM_1)

    assert failed_try(account)[:3] == (12, 28, 1)


def test_change_of_both_dates_moves_them_in_the_cloud_and_on_the_lock(
    simulator: Simulator, account: Account
) -> None:
    ref = account.add("482913")["keyboardPwdId"]
    dates = {"startDate": 1795446000000, "endDate": 1795604400000}

    account.call("keyboardPwd/change", lockId=ROOM_1, keyboardPwdId=ref, changeType=2, **dates)

    assert window(account, ref) == tuple(dates.values())
    [held] = simulator.held(ROOM_1)
    assert (held["start"], held["end"]) == tuple(dates.values())


def test_change_by_bluetooth_leaves_the_lock_as_it_was(
    simulator: Simulator, account: Account
) -> None:
    ref = account.add("482913")["keyboardPwdId"]
    before = simulator.held(ROOM_1)

    account.call("keyboardPwd/change", lockId=ROOM_1, keyboardPwdId=ref, startDate=1, endDate=2)

    assert window(account, ref) == (1, 2)
    assert simulator.held(ROOM_1) == before


def test_delete_by_the_gateway_takes_the_code_from_the_lock(
    simulator: Simulator, account: Account
) -> None:
    ref = account.add("482913")["keyboardPwdId"]

    account.call("keyboardPwd/delete", lockId=ROOM_1, keyboardPwdId=ref, deleteType=2)

    assert codes(account) == []
    assert simulator.held(ROOM_1) == []
