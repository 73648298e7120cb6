"""Removals at Seam, which keeps what is asked of a lock that is away, codes among it."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.windows import Window
from app.ports.locks import CodeOrder, LockOffline
from tests.ports.faults import fault_of
from tests.ports.loopback import Loopback, says
from tests.ports.seam_world import NUMBER, ROOM_1, Workspace, client
from tests.support.simulator import Simulator
from tests.support.waiting import eventually

TODAY = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
STAY = Window(TODAY - timedelta(hours=1), TODAY + timedelta(days=2))
IN_A_MONTH = Window(TODAY + timedelta(days=30), TODAY + timedelta(days=32))
ALICE = CodeOrder("lk-17", "048213", STAY)
CAROL = CodeOrder("lk-18", "730264", IN_A_MONTH)
DELETE, DEVICE = "access_codes/delete", "devices/get"


@pytest.fixture
def seam(seam_simulator: Simulator) -> Workspace:
    return Workspace(seam_simulator)


def digits_in_lock(seam: Workspace) -> set[str]:
    return {code["digits"] for code in seam.simulator.held(NUMBER)}


def test_code_held_back_that_is_withdrawn_while_the_lock_is_away_never_comes(
    seam: Workspace,
) -> None:
    fault_of(lambda: seam.port.put_code(ROOM_1, CAROL))
    [code] = seam.port.list_codes(ROOM_1)
    seam.gateway(online=False)

    seam.port.remove_code(ROOM_1, code.provider_ref)

    assert seam.codes() == []
    seam.gateway(online=True)
    seam.simulator.advance(timedelta(days=29).total_seconds())
    assert digits_in_lock(seam) == set()


def test_removal_is_kept_while_the_lock_is_away_and_done_without_our_asking_again(
    seam: Workspace,
) -> None:
    ref = seam.port.put_code(ROOM_1, ALICE)
    seam.gateway(online=False)

    fault = fault_of(lambda: seam.port.remove_code(ROOM_1, ref))

    assert isinstance(fault, LockOffline)
    assert fault.unclear
    seam.gateway(online=True)
    eventually(lambda: digits_in_lock(seam) == set())
    assert seam.calls(DELETE) == 1


def test_lock_that_is_away_is_not_waited_for_though_nothing_is_wrong_with_the_code(
    cloud: Loopback,
) -> None:
    deleting = {"access_code_id": "a-code", "pending_mutations": [{"mutation_code": "deleting"}]}
    cloud.on(f"/{DELETE}", says(ok=True))
    cloud.on("/access_codes/get", says(access_code=deleting))
    cloud.on(f"/{DEVICE}", says(device={"device_id": ROOM_1, "properties": {"online": False}}))

    fault = fault_of(lambda: client(cloud.url).remove_code(ROOM_1, "a-code"))

    assert isinstance(fault, LockOffline)
    assert fault.unclear
    assert len(cloud.forms("/access_codes/get")) == 1


def test_code_of_a_lock_that_has_left_seam_is_removed_all_the_same(seam: Workspace) -> None:
    ref = seam.port.put_code(ROOM_1, ALICE)
    seam.fault("errcode", DEVICE, errcode="device_not_found", status=404, times=5)

    seam.port.remove_code(ROOM_1, ref)

    assert seam.codes() == []
