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


def off(begins: float, ends: float) -> Reply:
    """Show a code whose window begins and ends so many seconds later than asked for."""
    window = ORDER.window
    return row(
        starts_at=str(window.valid_from + timedelta(seconds=begins)),
        ends_at=str(window.valid_until + timedelta(seconds=ends)),
    )


@pytest.mark.parametrize(("begins", "ends"), [(0, 0), (59, 0), (0, -59), (0.5, -30)])
def test_window_that_the_lock_rounds_off_within_ours_is_ours(
    seam: Loopback, begins: float, ends: float
) -> None:
    seam.on(GET, off(begins, ends))
    port = client(seam.url)

    assert port.put_code(ROOM_1, ORDER) == "a-code"
    port.change_window(ROOM_1, "a-code", ORDER.window)
    assert seam.forms(UPDATE) == []


@pytest.mark.parametrize(("begins", "ends"), [(-1, 0), (0, 1), (60, 0), (0, -60), (-59, 59)])
def test_window_that_is_wider_or_much_shorter_than_ours_is_not(
    seam: Loopback, begins: float, ends: float
) -> None:
    seam.on(GET, off(begins, ends))

    assert fault_of(lambda: client(seam.url).put_code(ROOM_1, ORDER)).unclear


# Codes whose digits Seam does not tell


@pytest.mark.parametrize("digits", [None, "", 48213])
def test_code_without_digits_is_listed_as_such(seam: Loopback, digits: object) -> None:
    last = {"has_next_page": False, "next_page_cursor": None, "next_page_url": None}
    code = {"access_code_id": "a-code", "name": "lk-17", "code": digits, **TIMES}
    seam.on("/access_codes/list", says(access_codes=[code], pagination=last))
    seam.on("/access_codes/unmanaged/list", says(access_codes=[], pagination=last))

    [held] = client(seam.url).list_codes(ROOM_1)

    assert (held.name, held.digits, held.window) == ("lk-17", "", ORDER.window)


def test_new_code_whose_digits_are_not_told_is_on_the_lock_all_the_same(seam: Loopback) -> None:
    seam.on(GET, row(code=None))

    assert client(seam.url).put_code(ROOM_1, ORDER) == "a-code"
