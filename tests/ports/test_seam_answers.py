"""Answers that no well-behaved Seam gives, and what is made of them."""

import pytest

from tests.ports.faults import fault_of
from tests.ports.lock_worlds import soon
from tests.ports.loopback import HANG, Answer, Loopback, Reply, closed_port, says
from tests.ports.seam_world import ROOM_1, client
from tests.ports.ttlock_world import ORDER

DEVICES, DEVICE, CODES = "/devices/list", "/devices/get", "/access_codes/list"
STRANGERS, CREATE, UNLOCK = (
    "/access_codes/unmanaged/list", "/access_codes/create", "/locks/unlock_door",
)  # fmt: skip
LAST = {"has_next_page": False, "next_page_cursor": None, "next_page_url": None}
MORE = {"has_next_page": True, "next_page_cursor": "2", "next_page_url": None}
ONLINE = says(device={"device_id": ROOM_1, "errors": [], "properties": {"online": True}})
TIMES = {"starts_at": "2026-11-23T15:00:00Z", "ends_at": "2026-11-25T11:00:00Z"}


@pytest.mark.parametrize(
    "answer",
    [
        Reply(b"<html>maintenance</html>", content_type="text/html"),
        Reply(b"[1, 2]"),
        Reply(b"{not json"),
        says(devices={"a": 1}, pagination=LAST),
        says(devices=["a", "b"], pagination=LAST),
        says(devices=[]),
        says(devices=[], pagination=MORE),
        says(ok=True),
    ],
)
def test_list_that_is_none_is_an_error_and_never_a_shorter_list(
    cloud: Loopback, answer: Answer
) -> None:
    cloud.on(DEVICES, answer)

    fault = fault_of(client(cloud.url).statuses)

    assert not fault.permanent
    assert not fault.unclear


@pytest.mark.parametrize(
    ("errors", "properties", "is_online"),
    [
        (["account_disconnected"], {"online": True}, False),
        (["hub_disconnected"], {}, False),
        (["one_that_is_new"], {"online": True}, True),
        ([], {"online": True}, True),
        ([], {"online": False}, False),
        ([], {}, None),
    ],
)
def test_lock_is_online_only_where_nothing_keeps_commands_from_it(
    cloud: Loopback, errors: list[str], properties: dict[str, object], is_online: bool | None
) -> None:
    told = [{"error_code": word} for word in errors]
    row = {"device_id": ROOM_1, "errors": told, "properties": properties}
    cloud.on(DEVICES, says(devices=[row], pagination=LAST))

    [status] = client(cloud.url).statuses()

    assert status.gateway_online is is_online


def test_read_is_not_repeated_by_the_sdk(cloud: Loopback) -> None:
    cloud.on(DEVICES, Reply(b"oh", 500))

    fault_of(client(cloud.url).statuses)

    assert len(cloud.asked) == 1


@pytest.mark.parametrize("answer", [Reply(b"slowly", 429), says(429, error={})])
def test_too_many_calls_are_answered_with_a_pause(cloud: Loopback, answer: Answer) -> None:
    cloud.on(DEVICES, answer)

    fault = fault_of(client(cloud.url).statuses)

    assert fault.retry_after is not None
    assert fault.retry_after.total_seconds() >= 60


def test_another_address_names_the_setting(cloud: Loopback) -> None:
    cloud.on(DEVICES, Reply(b"", 302, location="https://elsewhere.example"))

    assert "SEAM_API_URL" in fault_of(client(cloud.url).statuses).reason


def test_service_that_is_not_there_did_nothing() -> None:
    fault = fault_of(lambda: client(f"http://127.0.0.1:{closed_port()}").unlock(ROOM_1, soon()))

    assert not fault.unclear
    assert not fault.permanent


def test_unlock_without_an_attempt_is_unclear(cloud: Loopback) -> None:
    cloud.on(DEVICE, ONLINE)
    cloud.on(UNLOCK, says(action_attempt={"status": "pending"}))

    assert fault_of(lambda: client(cloud.url).unlock(ROOM_1, soon())).unclear


def test_unlock_is_not_asked_for_where_it_is_switched_off(cloud: Loopback) -> None:
    cloud.on(
        DEVICE, says(device={"device_id": ROOM_1, "can_remotely_unlock": False, "properties": {}})
    )

    fault = fault_of(lambda: client(cloud.url).unlock(ROOM_1, soon()))

    assert fault.permanent
    assert "Remote unlock" in fault.reason
    assert [path for path, _ in cloud.asked] == [DEVICE]


@pytest.mark.parametrize(
    "row",
    [
        {"errors": [{"error_code": "device_disconnected"}], "properties": {"online": True}},
        {"errors": [{"error_code": "an_unknown_one"}], "properties": {"online": False}},
    ],
)
def test_nothing_is_asked_of_a_lock_out_of_reach(cloud: Loopback, row: dict[str, object]) -> None:
    cloud.on(DEVICE, says(device={"device_id": ROOM_1, **row}))

    fault = fault_of(lambda: client(cloud.url).put_code(ROOM_1, ORDER))

    assert not fault.unclear
    assert [path for path, _ in cloud.asked] == [DEVICE]


def test_new_code_without_an_id_is_unclear(cloud: Loopback) -> None:
    cloud.on(DEVICE, ONLINE)
    cloud.on(CREATE, says(access_code={"name": "lk-17"}))

    assert fault_of(lambda: client(cloud.url).put_code(ROOM_1, ORDER)).unclear


def test_new_code_that_is_never_told_to_be_set_is_unclear(cloud: Loopback) -> None:
    cloud.on(DEVICE, ONLINE)
    cloud.on(CREATE, says(access_code={"access_code_id": "a-code"}))
    cloud.on("/access_codes/get", HANG)

    fault = fault_of(lambda: client(cloud.url, 0.4).put_code(ROOM_1, ORDER))

    assert fault.unclear
    assert fault.retry_after is not None


@pytest.mark.parametrize(
    "state",
    [
        {"pending_mutations": [{"mutation_code": "updating_time_frame"}]},
        {"pending_mutations": [{"mutation_code": "one_that_is_new"}]},
        {"pending_mutations": [{"mutation_code": None}]},
        {"pending_mutations": [{"message": "in another form"}]},
        {"pending_mutations": [{}]},
        {"pending_mutations": {}, "status": "setting"},
        {"pending_mutations": None, "status": "removing"},
        {"status": "setting"},
        {"errors": [{"error_code": "failed_to_update"}]},
        {"errors": [{"error_code": "one_that_is_new"}]},
        {"errors": [{"message": "in another form"}]},
        {"warnings": [{"warning_code": "delay_in_setting_on_device"}]},
        {"warnings": [{"warning_code": "time_frame_adjusted_for_unknown_time_zone"}]},
        {"starts_at": "2026-11-23T15:00:00"},
        {"ends_at": None},
    ],
)
def test_code_with_anything_pending_or_wrong_has_no_window(
    cloud: Loopback, state: dict[str, object]
) -> None:
    row = {"access_code_id": "a-code", "name": "lk-17", "code": "048213", **TIMES, **state}
    cloud.on(CODES, says(access_codes=[row], pagination=LAST))
    cloud.on(STRANGERS, says(access_codes=[], pagination=LAST))

    [code] = client(cloud.url).list_codes(ROOM_1)

    assert (code.name, code.window) == ("lk-17", None)


@pytest.mark.parametrize(
    "state",
    [
        {"warnings": [{"warning_code": "third_party_integration_detected"}]},
        {"warnings": [{"message": "in another form"}]},
        {"pending_mutations": [], "errors": []},
        {"status": "set"},
        {"status": "unset"},
        {"status": "unknown"},
        {"status": None},
        {"status": {"value": "setting"}},
    ],
)
def test_code_with_nothing_pending_or_wrong_is_held_whatever_else_is_said(
    cloud: Loopback, state: dict[str, object]
) -> None:
    row = {"access_code_id": "a-code", "code": "048213", **TIMES, **state}
    cloud.on(CODES, says(access_codes=[row], pagination=LAST))
    cloud.on(STRANGERS, says(access_codes=[], pagination=LAST))

    [code] = client(cloud.url).list_codes(ROOM_1)

    assert code.window == ORDER.window


def test_list_is_not_told_when_the_part_of_strangers_is_missing(cloud: Loopback) -> None:
    cloud.on(CODES, says(access_codes=[], pagination=LAST))
    cloud.on(STRANGERS, Reply(b"oh", 503))

    assert not fault_of(lambda: client(cloud.url).list_codes(ROOM_1)).permanent
