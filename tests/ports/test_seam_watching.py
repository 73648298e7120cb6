"""What Seam shows of a code that it has just taken on, and what is believed of it."""

from datetime import timedelta

import pytest

from tests.ports.faults import fault_of
from tests.ports.loopback import Loopback, Reply, says
from tests.ports.seam_world import ROOM_1, client
from tests.ports.ttlock_world import ORDER

DEVICE, CREATE, GET, UPDATE = (
    "/devices/get", "/access_codes/create", "/access_codes/get", "/access_codes/update",
)  # fmt: skip
NOT_FOUND = says(404, error={"type": "access_code_not_found", "message": "Could not find it"})
TIMES = {"starts_at": "2026-11-23T15:00:00Z", "ends_at": "2026-11-25T11:00:00Z"}


def row(**state: object) -> Reply:
    code = {"access_code_id": "a-code", "name": "lk-17", "code": "048213", **TIMES, **state}
    return says(access_code=code)


@pytest.fixture
def seam(cloud: Loopback) -> Loopback:
    """A Seam that takes everything on."""
    properties = {"online": True}
    cloud.on(DEVICE, says(device={"device_id": ROOM_1, "errors": [], "properties": properties}))
    cloud.on(CREATE, row(pending_mutations=[{"mutation_code": "creating"}]))
    cloud.on(UPDATE, says(ok=True))
    return cloud


def test_new_code_that_is_not_shown_at_once_is_looked_for_again(seam: Loopback) -> None:
    seam.on(GET, NOT_FOUND, NOT_FOUND, row())

    assert client(seam.url).put_code(ROOM_1, ORDER) == "a-code"


def test_new_code_that_is_not_shown_at_all_may_be_there_all_the_same(seam: Loopback) -> None:
    seam.on(GET, NOT_FOUND)

    fault = fault_of(lambda: client(seam.url, 0.4).put_code(ROOM_1, ORDER))

    assert fault.unclear
    assert not fault.permanent
    assert fault.retry_after is not None


def test_changed_code_that_is_not_shown_at_once_is_looked_for_again(seam: Loopback) -> None:
    later = ORDER.window.valid_until + timedelta(days=1)
    seam.on(GET, row(ends_at=later.isoformat()), NOT_FOUND, row())

    client(seam.url).change_window(ROOM_1, "a-code", ORDER.window)

    assert len(seam.forms(UPDATE)) == 1
