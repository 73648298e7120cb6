"""How long Seam asks us to wait, and that we do."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.ports.faults import fault_of
from tests.ports.loopback import Loopback, Reply, says
from tests.ports.seam_world import ROOM_1, client
from tests.ports.ttlock_world import ORDER

DEVICES, DEVICE, CREATE, GET = (
    "/devices/list", "/devices/get", "/access_codes/create", "/access_codes/get",
)  # fmt: skip
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ERROR = b'{"error": {"type": "rate_limit_exceeded", "message": "slowly"}}'


def slowly(retry_after: str | None, body: bytes = ERROR) -> Reply:
    return Reply(body, 429, retry_after=retry_after)


@pytest.mark.parametrize("body", [ERROR, b"slowly"])
@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ("30", 30 * SECOND),
        ("0", SECOND),
        ("999999999999", 15 * MINUTE),
        ("soon", 2 * MINUTE),
        ("-5", 2 * MINUTE),
        (None, 2 * MINUTE),
        ("Wed, 21 Oct 2015 07:28:00 GMT", SECOND),
    ],
)
def test_we_wait_as_long_as_seam_says_within_reason(
    cloud: Loopback, told: str | None, wait: timedelta, body: bytes
) -> None:
    cloud.on(DEVICES, slowly(told, body))

    fault = fault_of(client(cloud.url).statuses)

    assert fault.retry_after == wait
    assert not fault.unclear


def test_a_time_to_wait_until_is_understood(cloud: Loopback) -> None:
    cloud.on(DEVICES, slowly(format_datetime(datetime.now(UTC) + 5 * MINUTE, usegmt=True)))

    fault = fault_of(client(cloud.url).statuses)

    assert fault.retry_after is not None
    assert 4 * MINUTE < fault.retry_after <= 5 * MINUTE


@pytest.fixture
def taking(cloud: Loopback) -> Loopback:
    """A Seam that takes every code on."""
    properties = {"online": True}
    cloud.on(DEVICE, says(device={"device_id": ROOM_1, "errors": [], "properties": properties}))
    cloud.on(CREATE, says(access_code={"access_code_id": "a-code"}))
    return cloud


def test_we_do_not_go_on_looking_when_asked_to_call_less_often(taking: Loopback) -> None:
    taking.on(GET, slowly("60"))

    fault = fault_of(lambda: client(taking.url).put_code(ROOM_1, ORDER))

    assert (fault.unclear, fault.retry_after) == (True, MINUTE)
    assert len(taking.forms(GET)) == 1


def test_a_short_wait_is_waited_and_then_looked_again(taking: Loopback) -> None:
    window = ORDER.window
    times = {"starts_at": str(window.valid_from), "ends_at": str(window.valid_until)}
    taking.on(GET, slowly("1"), says(access_code={"access_code_id": "a-code", **times}))
    began = datetime.now(UTC)

    assert client(taking.url).put_code(ROOM_1, ORDER) == "a-code"
    assert datetime.now(UTC) - began >= SECOND
