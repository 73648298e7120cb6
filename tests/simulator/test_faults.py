"""Faults: how each is seen by the caller, and for how many calls of whom."""

import pytest
import requests

from tests.simulator.test_lock_cloud import FRONT, ROOM_1, ROOM_3, Account
from tests.support.simulator import Simulator

ADD = "keyboardPwd/add"


def answer(account: Account, simulator: Simulator) -> requests.Response:
    form = {"lockId": ROOM_1, "accessToken": account.token}
    return requests.post(f"{simulator.ttlock_url}/v3/{ADD}", data=form, timeout=10)


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "timeout_before", "timeout_after"])
def test_connection_ends_without_an_answer(
    simulator: Simulator, account: Account, kind: str
) -> None:
    simulator.fault(kind, path=ADD, seconds=0.2)

    with pytest.raises(requests.ConnectionError):
        account.add("482913")


@pytest.mark.parametrize("kind", ["http_500", "http_500_after"])
def test_server_error_is_status_500(simulator: Simulator, account: Account, kind: str) -> None:
    simulator.fault(kind, path=ADD)

    assert answer(account, simulator).status_code == 500


def test_nonsense_is_a_page_with_status_200(simulator: Simulator, account: Account) -> None:
    simulator.fault("nonsense", path=ADD)

    page = answer(account, simulator)

    assert page.status_code == 200
    assert page.text == "<html>maintenance</html>"


def test_errcode_is_answered_and_the_lock_learns_nothing(
    simulator: Simulator, account: Account
) -> None:
    simulator.fault("errcode", path=ADD, errcode=-3037)

    assert account.add("482913")["errcode"] == -3037
    assert simulator.held(ROOM_1) == []


def test_errcode_after_comes_once_the_lock_has_learnt_it(
    simulator: Simulator, account: Account
) -> None:
    simulator.fault("errcode_after", path=ADD, errcode=90000)

    assert account.add("482913")["errcode"] == 90000
    assert len(simulator.held(ROOM_1)) == 1


def test_nonsense_after_comes_once_the_lock_has_learnt_it(
    simulator: Simulator, account: Account
) -> None:
    simulator.fault("nonsense_after", path=ADD, times=1)

    with pytest.raises(requests.JSONDecodeError):
        account.add("482913")

    assert len(simulator.held(ROOM_1)) == 1


def test_busy_gateway_does_nothing(simulator: Simulator, account: Account) -> None:
    simulator.fault("busy", path=ADD)

    assert account.add("482913")["errcode"] == -3003
    assert simulator.held(ROOM_1) == []


def test_wrong_types_are_json_all_the_same(simulator: Simulator, account: Account) -> None:
    simulator.fault("wrong_types")

    assert isinstance(account.add("482913")["keyboardPwdId"], dict)
    assert isinstance(account.call("lock/list")["list"], dict)
    assert len(simulator.held(ROOM_1)) == 1


def test_empty_list_hides_what_is_there(simulator: Simulator, account: Account) -> None:
    account.add("482913")
    simulator.fault("empty")

    assert account.call("lock/listKeyboardPwd", lockId=ROOM_1) == {"list": []}
    assert account.call("lock/unlock", lockId=ROOM_1) == {}


def test_slow_answer_is_the_right_one(simulator: Simulator, account: Account) -> None:
    simulator.fault("slow", path=ADD, seconds=0.4)

    account.add("482913")

    [call] = simulator.calls(ADD)
    assert len(simulator.held(ROOM_1)) == 1
    assert call["ended"] - call["began"] >= 0.4


def test_fault_told_twice_is_spent_after_two_calls(simulator: Simulator, account: Account) -> None:
    simulator.fault("errcode", path=ADD, errcode=1, times=2)

    outcomes = [account.add("482913").get("errcode") for _ in range(3)]

    assert outcomes == [1, 1, None]


def test_fault_without_times_lasts_until_it_is_cleared(
    simulator: Simulator, account: Account
) -> None:
    simulator.fault("errcode", path=ADD, errcode=1)
    spoilt = [account.add("482913").get("errcode") for _ in range(3)]

    simulator.clear_faults()

    assert spoilt == [1, 1, 1]
    assert "keyboardPwdId" in account.add("482913")


def test_fault_of_one_path_leaves_the_others_alone(simulator: Simulator, account: Account) -> None:
    simulator.fault("errcode", path=ADD, errcode=1)

    assert account.call("lock/list")["total"] == 7


def test_fault_of_one_lock_leaves_the_others_alone(simulator: Simulator, account: Account) -> None:
    simulator.fault("errcode", path=ADD, errcode=1, lock_id=str(FRONT))

    assert "keyboardPwdId" in account.add("482913", ROOM_1)
    assert account.add("482913", FRONT)["errcode"] == 1


def test_fault_of_one_gateway_meets_all_of_its_locks(
    simulator: Simulator, account: Account
) -> None:
    simulator.fault("errcode", path=ADD, errcode=1, gateway_id="501")

    outcomes = [account.add("482913", lock).get("errcode") for lock in (FRONT, ROOM_1, ROOM_3)]

    assert outcomes == [1, 1, None]


def test_cloud_that_is_down_answers_nobody(simulator: Simulator, account: Account) -> None:
    simulator.fault("down")

    with pytest.raises(requests.ConnectionError):
        account.log_in()
    with pytest.raises(requests.ConnectionError):
        account.call("lock/list")


def test_unknown_kind_of_fault_is_refused_with_the_known_ones(simulator: Simulator) -> None:
    told = {"service": "ttlock", "kind": "gremlins"}

    refused = requests.post(f"{simulator.url}/control/faults", json=told, timeout=10)

    assert refused.status_code == 422
    assert "nonsense" in refused.json()["message"]
