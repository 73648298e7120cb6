"""The simulated lock cloud keeps the vendor's facts, also the awkward ones."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.support.simulator import Simulator

FRONT, ROOM_1, ROOM_3 = 1001, 1002, 1004
HOUR = 3_600_000


class Account:
    """A client that forgives nothing: it sends what it is told."""

    def __init__(self, simulator: Simulator) -> None:
        self._url = simulator.ttlock_url
        self.token = str(self.log_in()["access_token"])

    def log_in(self, **changed: str) -> dict[str, Any]:
        password = hashlib.md5(b"demo-lock-password", usedforsecurity=False).hexdigest()
        form = {
            "clientId": "demo-client",
            "clientSecret": "demo-client-secret",
            "username": "owner@example.com",
            "password": password,
        }
        return self._post("/oauth2/token", {**form, **changed})

    def call(self, path: str, **fields: object) -> dict[str, Any]:
        now = int(time.time() * 1000)
        form = {"clientId": "demo-client", "accessToken": self.token, "date": now, **fields}
        return self._post(f"/v3/{path}", form)

    def add(self, digits: str, lock: int = ROOM_1, **changed: object) -> dict[str, Any]:
        now = int(time.time() * 1000)
        window = {"startDate": now - HOUR, "endDate": now + HOUR}
        kind = {"keyboardPwdType": 3, "addType": 2}
        fields = {**kind, **window, "keyboardPwdName": "ours", **changed}
        return self.call("keyboardPwd/add", lockId=lock, keyboardPwd=digits, **fields)

    def _post(self, path: str, form: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = requests.post(self._url + path, data=form, timeout=20).json()
        return answer


@pytest.fixture
def account(simulator: Simulator) -> Account:
    return Account(simulator)


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"password": "demo-lock-password"}, 30005),
        ({"password": "0" * 32}, 10007),
        ({"clientId": "nobody"}, 10000),
        ({"clientSecret": "wrong"}, 10001),
        ({"grant_type": "refresh_token", "refresh_token": "unknown"}, 10011),
    ],
)
def test_log_in_that_does_not_fit_is_refused_in_the_vendors_words(
    account: Account, changed: dict[str, str], errcode: int
) -> None:
    assert account.log_in(**changed)["errcode"] == errcode


def test_refresh_gives_another_token_that_works(account: Account) -> None:
    first = account.log_in()
    again = account.log_in(grant_type="refresh_token", refresh_token=first["refresh_token"])
    account.token = again["access_token"]

    assert account.call("lock/list", pageNo=1, pageSize=20)["total"] == 7


def test_unknown_token_and_wrong_clock_are_refused(account: Account) -> None:
    late = int((time.time() - 600) * 1000)

    assert account.call("lock/list", date=late)["errcode"] == 80000
    account.token = "unknown"
    assert account.call("lock/list")["errcode"] == 10003


def test_code_added_by_bluetooth_shows_in_the_cloud_and_never_opens_the_door(
    simulator: Simulator, account: Account
) -> None:
    account.add("482913", addType=1)

    assert account.call("lock/listKeyboardPwd", lockId=ROOM_1)["total"] == 1
    assert not simulator.keypad(ROOM_1, "482913")


def test_code_deleted_by_bluetooth_leaves_the_cloud_and_still_opens_the_door(
    simulator: Simulator, account: Account
) -> None:
    ref = account.add("482913")["keyboardPwdId"]

    account.call("keyboardPwd/delete", lockId=ROOM_1, keyboardPwdId=ref)

    assert account.call("lock/listKeyboardPwd", lockId=ROOM_1)["total"] == 0
    assert simulator.keypad(ROOM_1, "482913")


def test_code_opens_its_door_within_its_window_and_no_other(
    simulator: Simulator, account: Account
) -> None:
    now = int(time.time() * 1000)
    account.add("048213")
    account.add("739105", startDate=now + HOUR, endDate=now + 2 * HOUR)

    assert simulator.keypad(ROOM_1, "048213")
    assert not simulator.keypad(ROOM_1, "739105")
    assert not simulator.keypad(ROOM_3, "048213")
    records = account.call("lockRecord/list", lockId=ROOM_1, pageNo=1, pageSize=20)["list"]
    assert [(one["recordTypeFromLock"], one["success"]) for one in records] == [(11, 0), (4, 1)]


@pytest.mark.parametrize(
    ("digits", "errcode"), [("123", -3006), ("1111", -2032), ("456789", -2032), ("482913", -3007)]
)
def test_digits_a_lock_does_not_take(account: Account, digits: str, errcode: int) -> None:
    account.add("482913")

    assert account.add(digits)["errcode"] == errcode


def test_change_without_a_start_reports_success_and_changes_nothing(account: Account) -> None:
    ref = account.add("482913")["keyboardPwdId"]
    before = account.call("lock/listKeyboardPwd", lockId=ROOM_1)["list"]

    done = account.call(
        "keyboardPwd/change", lockId=ROOM_1, keyboardPwdId=ref, endDate=1, changeType=2
    )

    assert done["errcode"] == 0
    assert account.call("lock/listKeyboardPwd", lockId=ROOM_1)["list"] == before


def test_gateway_does_one_command_at_a_time_and_gateways_work_side_by_side(
    simulator: Simulator, account: Account
) -> None:
    simulator.gateway(501, delay_seconds=1)
    simulator.gateway(502, delay_seconds=1)

    with ThreadPoolExecutor(3) as pool:
        locks = (FRONT, ROOM_1, ROOM_3)
        done = list(pool.map(lambda lock: account.add("482913", lock).get("errcode", 0), locks))

    assert sorted(done[:2]) == [-3003, 0]
    assert done[2] == 0


def test_unplugged_gateway_answers_nothing_but_that(simulator: Simulator, account: Account) -> None:
    simulator.gateway(501, online=False)

    assert account.add("482913")["errcode"] == -3002
    assert account.call("lock/unlock", lockId=ROOM_1)["errcode"] == -3002
    assert simulator.held(ROOM_1) == []


def test_deleting_what_is_not_there_is_a_success(account: Account) -> None:
    done = account.call("keyboardPwd/delete", lockId=ROOM_1, keyboardPwdId=9, deleteType=2)

    assert done["errcode"] == 0


@pytest.mark.parametrize(
    ("kind", "is_held"),
    [
        ("timeout_before", False),
        ("cut_before", False),
        ("http_500", False),
        ("nonsense", False),
        ("timeout_after", True),
        ("cut_after", True),
        ("http_500_after", True),
    ],
)
def test_fault_has_or_has_not_the_effect_its_name_says(
    simulator: Simulator, account: Account, kind: str, is_held: bool
) -> None:
    simulator.fault(kind, path="keyboardPwd/add", times=1, seconds=0.2)

    with pytest.raises(requests.RequestException):
        account.add("482913")

    assert bool(simulator.held(ROOM_1)) == is_held
    assert "keyboardPwdId" in account.add("739105")
