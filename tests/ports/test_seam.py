"""What only Seam does: it takes requests, and carries them out later, or not at all."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.lock_words import Refusal, Way
from app.domain.windows import Window
from app.ports.errors import PortError
from app.ports.locks import (
    CannotDo,
    CodeOrder,
    DigitsRefused,
    DigitsTaken,
    LockFull,
    LockOffline,
)
from app.ports.locks.ttlock import TtlockLocks
from tests.ports.faults import fault_of
from tests.ports.lock_worlds import soon
from tests.ports.seam_world import API_KEY, NUMBER, ROOM_1, Workspace, client
from tests.ports.tokens import MemoryTokens
from tests.support.processes import ROOT
from tests.support.simulator import Simulator
from tests.support.waiting import eventually

TODAY = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
STAY = Window(TODAY - timedelta(hours=1), TODAY + timedelta(days=2))
IN_A_MONTH = Window(TODAY + timedelta(days=30), TODAY + timedelta(days=32))
ALICE = CodeOrder("lk-17", "048213", STAY)
BOB = CodeOrder("lk-18", "730264", IN_A_MONTH)
CREATE, DELETE = "access_codes/create", "access_codes/delete"
UNLOCK = "locks/unlock_door"


@pytest.fixture
def seam(seam_simulator: Simulator) -> Workspace:
    return Workspace(seam_simulator)


def digits_in_lock(seam: Workspace) -> set[str]:
    return {code["digits"] for code in seam.simulator.held(NUMBER)}


# Codes that wait at Seam for their day


def test_code_that_seam_holds_back_is_not_confirmed_and_says_when_it_will_be(
    seam: Workspace,
) -> None:
    fault = fault_of(lambda: seam.port.put_code(ROOM_1, BOB))

    due = BOB.window.valid_from - timedelta(hours=72)
    assert fault.unclear
    assert not fault.permanent
    assert f"on {due.day} {due:%B at %H:%M} UTC" in fault.reason
    assert fault.retry_after == timedelta(hours=4)
    assert digits_in_lock(seam) == set()


def test_code_held_back_is_listed_as_ours_and_without_a_window(seam: Workspace) -> None:
    fault_of(lambda: seam.port.put_code(ROOM_1, BOB))

    [code] = seam.port.list_codes(ROOM_1)

    assert (code.name, code.digits, code.window) == ("lk-18", "730264", None)


def test_code_held_back_is_looked_at_again_when_it_is_due(seam: Workspace) -> None:
    soon = Window(datetime.now(UTC) + timedelta(hours=73), IN_A_MONTH.valid_until)

    fault = fault_of(lambda: seam.port.put_code(ROOM_1, CodeOrder("lk-19", "730264", soon)))

    assert fault.retry_after is not None
    assert timedelta(minutes=55) < fault.retry_after < timedelta(minutes=65)


def test_code_held_back_is_confirmed_once_it_is_on_the_lock_and_nothing_is_sent_again(
    seam: Workspace,
) -> None:
    fault_of(lambda: seam.port.put_code(ROOM_1, BOB))
    [code] = seam.port.list_codes(ROOM_1)
    assert fault_of(lambda: seam.port.change_window(ROOM_1, code.provider_ref, IN_A_MONTH)).unclear

    seam.simulator.advance(timedelta(days=28).total_seconds())
    eventually(lambda: digits_in_lock(seam) == {"730264"})
    seam.port.change_window(ROOM_1, code.provider_ref, IN_A_MONTH)

    assert [held.window for held in seam.port.list_codes(ROOM_1)] == [IN_A_MONTH]
    assert seam.calls("access_codes/update") == 0


def test_code_held_back_that_is_to_begin_sooner_is_on_the_lock_at_once(seam: Workspace) -> None:
    fault_of(lambda: seam.port.put_code(ROOM_1, BOB))
    [code] = seam.port.list_codes(ROOM_1)

    seam.port.change_window(ROOM_1, code.provider_ref, STAY)

    assert digits_in_lock(seam) == {"730264"}


def test_code_held_back_that_is_withdrawn_never_comes(seam: Workspace) -> None:
    fault_of(lambda: seam.port.put_code(ROOM_1, BOB))
    [code] = seam.port.list_codes(ROOM_1)

    seam.port.remove_code(ROOM_1, code.provider_ref)
    seam.simulator.advance(timedelta(days=29).total_seconds())

    assert seam.port.list_codes(ROOM_1) == []
    assert digits_in_lock(seam) == set()


# Codes that Seam could not set


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("failed_to_set_on_device", PortError),
        ("duplicate_code_on_device", DigitsTaken),
        ("code_constraints_violated", DigitsRefused),
        ("no_space_for_access_code_on_device", LockFull),
        ("hub_disconnected", LockOffline),
        ("account_disconnected", PortError),
    ],
)
def test_code_that_cannot_be_set_is_taken_back_so_that_seam_stops_trying(
    seam: Workspace, word: str, kind: type[PortError]
) -> None:
    seam.fault("errcode", CREATE, errcode=word)

    fault = fault_of(lambda: seam.port.put_code(ROOM_1, ALICE))

    assert type(fault) is kind
    assert not fault.unclear
    assert seam.codes() == []


def test_code_that_could_not_be_taken_back_is_unclear_and_found_by_its_name(
    seam: Workspace,
) -> None:
    seam.fault("errcode", CREATE, errcode="failed_to_set_on_device")
    seam.fault("http_500", DELETE)

    assert fault_of(lambda: seam.port.put_code(ROOM_1, ALICE)).unclear
    [code] = seam.port.list_codes(ROOM_1)

    assert (code.name, code.window) == ("lk-17", None)
    seam.port.remove_code(ROOM_1, code.provider_ref)
    assert seam.codes() == []


def test_fault_we_do_not_know_is_unclear_and_the_code_is_left_alone(seam: Workspace) -> None:
    seam.fault("errcode", CREATE, errcode="something_new")

    fault = fault_of(lambda: seam.port.put_code(ROOM_1, ALICE))

    assert fault.unclear
    assert len(seam.codes()) == 1


def test_code_refused_at_once_is_refused_as_such(seam: Workspace) -> None:
    seam.fault("errcode", CREATE, errcode="duplicate_access_code", status=409)

    with pytest.raises(DigitsTaken):
        seam.port.put_code(ROOM_1, ALICE)


@pytest.mark.parametrize(
    ("word", "kind", "is_permanent"),
    [("device_offline", LockOffline, False), ("account_disconnected", PortError, True)],
)
def test_code_refused_at_once_for_the_way_to_its_lock_says_so(
    seam: Workspace, word: str, kind: type[PortError], is_permanent: bool
) -> None:
    seam.fault("errcode", CREATE, errcode=word, status=400)

    fault = fault_of(lambda: seam.port.put_code(ROOM_1, ALICE))

    assert type(fault) is kind
    assert (fault.permanent, fault.unclear) == (is_permanent, False)
    assert "fault of Latchkey" not in fault.reason


def test_removal_that_fails_at_the_lock_is_unclear_and_the_code_stays_listed(
    seam: Workspace,
) -> None:
    ref = seam.port.put_code(ROOM_1, ALICE)
    seam.fault("errcode", DELETE, errcode="failed_to_remove_from_device")

    fault = fault_of(lambda: seam.port.remove_code(ROOM_1, ref))

    assert fault.unclear
    assert [code.window for code in seam.port.list_codes(ROOM_1)] == [None]
    seam.port.remove_code(ROOM_1, ref)
    assert digits_in_lock(seam) == set()


def test_gateway_lost_while_the_code_is_on_its_way_leaves_no_code_behind(seam: Workspace) -> None:
    seam.fault("errcode", CREATE, errcode="device_offline")

    fault = fault_of(lambda: seam.port.put_code(ROOM_1, ALICE))

    assert isinstance(fault, LockOffline)
    assert seam.codes() == []


def test_code_whose_time_is_over_is_taken_off_by_seam_itself(seam: Workspace) -> None:
    seam.port.put_code(ROOM_1, ALICE)

    seam.simulator.advance(timedelta(days=3).total_seconds())

    eventually(lambda: digits_in_lock(seam) == set())
    assert list(seam.port.list_codes(ROOM_1)) == []


# Doors


def test_unlock_that_lasts_is_waited_for_and_asked_for_once(seam: Workspace) -> None:
    seam.gateway(delay_seconds=0.5)

    seam.port.unlock(ROOM_1, soon())

    assert seam.calls(UNLOCK) == 1
    assert len(seam.port.records(ROOM_1, TODAY - timedelta(days=1))) == 1


def test_unlock_that_lasts_longer_than_we_wait_is_unclear_and_asked_for_once(
    seam: Workspace,
) -> None:
    seam.gateway(delay_seconds=1)

    fault = fault_of(lambda: client(seam.url, 0.4).unlock(ROOM_1, soon()))

    assert fault.unclear
    assert seam.calls(UNLOCK) == 1


def test_unlock_on_its_way_ends_with_the_world_it_was_sent_in(seam: Workspace) -> None:
    seam.gateway(delay_seconds=0.8)
    fault_of(lambda: client(seam.url, 0.4).unlock(ROOM_1, soon()))
    assert seam.calls(UNLOCK) == 1

    seam.simulator.reset()
    time.sleep(0.8)

    assert seam.simulator.state()["records"] == []


@pytest.mark.parametrize(
    ("word", "is_unclear"), [("device_offline", False), ("some_new_fault", True)]
)
def test_unlock_that_ends_in_a_fault_is_clear_only_where_the_fault_is_known(
    seam: Workspace, word: str, is_unclear: bool
) -> None:
    seam.fault("errcode", UNLOCK, errcode=word)

    fault = fault_of(lambda: seam.port.unlock(ROOM_1, soon()))

    assert fault.unclear is is_unclear


def test_unlock_that_was_held_up_is_not_sent_any_more(seam: Workspace) -> None:
    fault = fault_of(lambda: client(seam.url, clock=lambda: TODAY).unlock(ROOM_1, TODAY))

    assert not fault.unclear
    assert seam.calls(UNLOCK) == 0


# What is there to be read


def test_list_shows_codes_that_seam_did_not_make(seam: Workspace) -> None:
    seam.port.put_code(ROOM_1, ALICE)
    TtlockLocks(
        seam.simulator.ttlock_url, "mill-client", "mill-client-secret", "owner@example.com",
        "mill-lock-password", MemoryTokens(), lambda: datetime.now(UTC),
    ).put_code(str(NUMBER), CodeOrder("cleaner", "9134", STAY))  # fmt: skip

    codes = seam.port.list_codes(ROOM_1)

    assert {code.name: code.window for code in codes} == {"lk-17": STAY, "cleaner": STAY}


def test_lists_are_read_to_their_last_page(seam: Workspace) -> None:
    for number in range(3):
        seam.port.put_code(ROOM_1, CodeOrder(f"lk-{number}", f"4{number}8213", STAY))
    seam.simulator.seam(page_size=1)

    assert len(seam.port.list_codes(ROOM_1)) == 3
    assert len(seam.port.statuses()) == 2


def test_statuses_tell_what_seam_knows(seam: Workspace) -> None:
    (status,) = (one for one in seam.port.statuses() if one.lock_id == ROOM_1)

    assert (status.name, status.battery_percent, status.opens_remotely) == ("Room 1", 88, True)
    assert (status.gateway_id, status.gives_offline_codes) == (None, False)


def test_records_tell_who_opened_and_who_did_not_though_pages_are_short(seam: Workspace) -> None:
    seam.port.put_code(ROOM_1, ALICE)
    seam.simulator.keypad(NUMBER, ALICE.digits)
    seam.simulator.keypad(NUMBER, "111222")
    seam.port.unlock(ROOM_1, soon())
    seam.simulator.seam(page_size=1)

    records = seam.port.records(ROOM_1, TODAY - timedelta(days=1))

    assert [(one.way, one.refusal, one.code_name, one.digits) for one in records] == [
        (Way.CODE, None, "lk-17", ALICE.digits),
        (Way.CODE, Refusal.UNKNOWN_CODE, "", None),
        (Way.REMOTE, None, "", None),
    ]
    assert len({one.key for one in records}) == 3
    assert records == seam.port.records(ROOM_1, TODAY - timedelta(days=1))


def test_records_from_before_are_left_out(seam: Workspace) -> None:
    seam.port.unlock(ROOM_1, soon())

    assert seam.port.records(ROOM_1, datetime.now(UTC) + timedelta(seconds=1)) == []


def test_what_seam_has_not_is_said_to_be_so(seam: Workspace) -> None:
    with pytest.raises(CannotDo):
        seam.port.make_offline_code(ROOM_1, "lk-17", STAY)
    with pytest.raises(CannotDo):
        seam.port.correct_clock(ROOM_1)
    with pytest.raises(CannotDo):
        seam.port.utc_offset(ROOM_1)


# The account


@pytest.mark.parametrize("key", ["seam_test_of_another_workspace", "seam_at_of_a_person", "none"])
def test_key_that_is_refused_is_a_matter_for_a_person(seam: Workspace, key: str) -> None:
    fault = fault_of(lambda: client(seam.url, key=key).statuses())

    assert fault.permanent
    assert "SEAM_API_KEY" in fault.reason


@pytest.mark.parametrize("kind", ["http_500", "cut_after", "nonsense", "timeout_before"])
def test_neither_digits_nor_key_are_told_to_anybody(
    seam: Workspace, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="app")
    seam.fault(kind, CREATE, seconds=1)
    port = client(seam.url, 0.4)

    fault = fault_of(lambda: port.put_code(ROOM_1, ALICE))

    told = f"{fault!r} {fault} {fault.__cause__!r} {port!r} {vars(port)!r} {caplog.text}"
    assert ALICE.digits not in told
    assert API_KEY not in told


def test_sdk_is_not_loaded_before_it_is_needed() -> None:
    look = "import sys, app.wiring; sys.exit('seam' in sys.modules or 'httpx' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", look], cwd=ROOT, check=False).returncode == 0
