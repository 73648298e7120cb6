"""TTLock's lists: of codes, locks and gateways."""

from datetime import UTC, datetime

import pytest

from tests.ports.faults import fault_of
from tests.ports.loopback import CUT, HANG, Loopback, Reply, says
from tests.ports.ttlock_world import CODES, GATEWAYS, LOCKS, NEAR, STAY, client


def code_row(number: object = 71, **changes: object) -> dict[str, object]:
    return {
        "keyboardPwdId": number,
        "lockId": 1002,
        "keyboardPwd": "048213",
        "keyboardPwdName": "lk-17",
        "keyboardPwdType": 3,
        "startDate": 1795446000000,
        "endDate": 1795604400000,
        **changes,
    }


# Lists


def test_numbers_may_come_as_strings(cloud: Loopback) -> None:
    row = code_row(
        keyboardPwdId="71", keyboardPwdType="3", startDate="1795446000000", endDate="1795604400000"
    )
    cloud.on(CODES, says(list=[row], pages="1", total="1"))

    (held,) = client(cloud.url).list_codes("1002")

    assert (held.provider_ref, held.name, held.digits) == ("71", "lk-17", "048213")
    assert held.window == STAY


def test_all_pages_are_read(cloud: Loopback) -> None:
    def page(form: dict[str, str]) -> Reply:
        number, size = int(form["pageNo"]), int(form["pageSize"])
        rows = [code_row(n) for n in range(1, 451)]
        return says(list=rows[(number - 1) * size : number * size], pages=3, total=450)

    cloud.on(CODES, page)

    held = client(cloud.url).list_codes("1002")

    assert {code.provider_ref for code in held} == {str(n) for n in range(1, 451)}
    assert len(cloud.forms(CODES)) == 3


def test_pages_are_read_to_a_page_that_is_not_full_where_their_number_is_not_told(
    cloud: Loopback,
) -> None:
    rows = [code_row(n) for n in range(1, 221)]
    cloud.on(CODES, says(list=rows[:200]), says(list=rows[200:]))

    assert len(client(cloud.url).list_codes("1002")) == 220


@pytest.mark.parametrize(
    "second",
    [
        HANG,
        says(500),
        says(errcode=90000),
        says(list=None, pages=2, total=201),
        says(list=[], pages=2, total=201),
        says(list=[code_row(201)], pages=2, total=200),
    ],
)
def test_list_is_unknown_rather_than_short_when_a_page_is_missing(
    cloud: Loopback, second: Reply
) -> None:
    first = says(list=[code_row(n) for n in range(1, 201)], pages=2, total=201)
    cloud.on(CODES, first, second)

    fault = fault_of(lambda: client(cloud.url, timeout=0.5).list_codes("1002"))

    assert not fault.permanent


@pytest.mark.parametrize("row", ["71", None, {}, {"keyboardPwdId": None, "keyboardPwd": "1"}])
def test_list_is_unknown_when_one_of_its_codes_cannot_be_told(cloud: Loopback, row: object) -> None:
    cloud.on(CODES, says(list=[code_row(), row], pages=1))

    fault_of(lambda: client(cloud.url).list_codes("1002"))


@pytest.mark.parametrize(
    "changes",
    [
        {"keyboardPwdType": 2},
        {"keyboardPwdType": 6},
        {"startDate": 0, "endDate": 0},
        {"endDate": 1},
        {"startDate": "soon"},
        {"endDate": 10**30},
    ],
)
def test_code_of_another_kind_is_held_without_a_window(
    cloud: Loopback, changes: dict[str, object]
) -> None:
    cloud.on(CODES, says(list=[code_row(**changes)], pages=1))

    (held,) = client(cloud.url).list_codes("1002")

    assert held.window is None


def test_nameless_code_is_held_all_the_same(cloud: Loopback) -> None:
    row = code_row()
    del row["keyboardPwdName"], row["keyboardPwd"]
    cloud.on(CODES, says(list=[row], pages=1))

    (held,) = client(cloud.url).list_codes("1002")

    assert (held.name, held.digits) == ("", "")


def test_digits_told_as_a_number_are_not_believed(cloud: Loopback) -> None:
    cloud.on(CODES, says(list=[code_row(keyboardPwd=34234)], pages=1))

    (held,) = client(cloud.url).list_codes("1002")

    assert held.digits == ""


def test_code_whose_adding_failed_is_not_held(cloud: Loopback) -> None:
    cloud.on(CODES, says(list=[code_row(status=5), code_row(72, status=1)], pages=1, total=2))

    held = client(cloud.url).list_codes("1002")

    assert [code.provider_ref for code in held] == ["72"]


@pytest.mark.parametrize("status", [4, 6, 7, 8, 9, "8"])
def test_code_that_is_being_changed_is_held_but_not_with_the_window_it_claims(
    cloud: Loopback, status: object
) -> None:
    cloud.on(CODES, says(list=[code_row(status=status)], pages=1))

    (held,) = client(cloud.url).list_codes("1002")

    assert held.window is None


# Statuses

LOCK_ROW = {"lockId": 1002, "lockName": "S1_aa", "lockAlias": "Room 1", "electricQuantity": "80"}


def near(*rows: tuple[int, int | None], at: int = 1795442000000) -> Reply:
    return says(list=[{"lockId": lock, "rssi": rssi, "updateDate": at} for lock, rssi in rows])


def gateways(*online: int) -> Reply:
    rows = [{"gatewayId": 51 + n, "isOnline": up} for n, up in enumerate(online)]
    return says(list=rows, pages=1, total=len(rows))


def test_lock_is_at_the_gateway_that_hears_it_best(cloud: Loopback) -> None:
    cloud.on(LOCKS, says(list=[LOCK_ROW], pages=1, total=1))
    cloud.on(GATEWAYS, gateways(1, 1, 1))
    cloud.on(NEAR, near((1002, -85)), near((1002, -60), (1003, -50)), near((1002, None)))

    (status,) = client(cloud.url).statuses()

    assert (status.lock_id, status.name, status.battery_percent) == ("1002", "Room 1", 80)
    assert (status.gateway_id, status.gateway_online) == ("52", True)
    assert status.seen_at == datetime(2026, 11, 23, 13, 53, 20, tzinfo=UTC)


def test_gateway_that_is_online_comes_before_a_stronger_one_that_is_not(cloud: Loopback) -> None:
    cloud.on(LOCKS, says(list=[LOCK_ROW], pages=1))
    cloud.on(GATEWAYS, gateways(0, 1))
    cloud.on(NEAR, near((1002, -40)), near((1002, -90)))

    (status,) = client(cloud.url).statuses()

    assert (status.gateway_id, status.gateway_online) == ("52", True)


@pytest.mark.parametrize("answer", [says(404), says(500), says(errcode=30001), CUT, HANG])
@pytest.mark.parametrize("path", [GATEWAYS, NEAR])
def test_locks_are_told_of_without_gateways_that_cannot_be_read(
    cloud: Loopback, path: str, answer: Reply
) -> None:
    cloud.on(LOCKS, says(list=[LOCK_ROW], pages=1))
    cloud.on(GATEWAYS, gateways(1))
    cloud.on(NEAR, near((1002, -60)))
    cloud.on(path, answer)

    (status,) = client(cloud.url, timeout=0.3).statuses()

    assert (status.lock_id, status.gateway_id, status.gateway_online) == ("1002", None, None)


WIFI = f"{1 << 56:X}"


@pytest.mark.parametrize(
    ("row", "online"),
    [
        ({"hasGateway": 0}, False),
        ({"hasGateway": 1}, None),
        ({}, None),
        ({"hasGateway": 0, "featureValue": WIFI}, None),
    ],
)
@pytest.mark.parametrize("ids", [[], [0]])
def test_lock_that_no_gateway_hears_is_never_online(
    cloud: Loopback, row: dict[str, object], online: bool | None, ids: list[int]
) -> None:
    cloud.on(LOCKS, says(list=[{**LOCK_ROW, **row}], pages=1))
    cloud.on(GATEWAYS, gateways(*[1 for _ in ids]))
    cloud.on(NEAR, near((1003, -60)))

    (status,) = client(cloud.url).statuses()

    assert (status.gateway_id, status.gateway_online, status.seen_at) == (None, online, None)
    assert status.gateway_lost


@pytest.mark.parametrize("path", [GATEWAYS, NEAR])
def test_gateway_that_cannot_be_read_is_not_lost(cloud: Loopback, path: str) -> None:
    cloud.on(LOCKS, says(list=[{**LOCK_ROW, "hasGateway": 0}], pages=1))
    cloud.on(GATEWAYS, gateways(1))
    cloud.on(path, says(500))

    (status,) = client(cloud.url).statuses()

    assert (status.gateway_online, status.gateway_lost) == (None, False)


@pytest.mark.parametrize("battery", [None, -1, 101, "?"])
def test_battery_that_makes_no_sense_is_unknown(cloud: Loopback, battery: object) -> None:
    cloud.on(LOCKS, says(list=[{**LOCK_ROW, "electricQuantity": battery}, "odd"], pages=1))

    (status,) = client(cloud.url).statuses()

    assert status.battery_percent is None


@pytest.mark.parametrize(
    ("value", "opens", "gives"),
    [
        ("3F0421C4F5F3", True, True),
        (f"{1 << 10 | 1 << 7 | 1:X}", True, True),
        (f"{1 << 120 | 1 << 10 | 1 << 7 | 1:x}", True, True),
        (f"{1 << 10 | 1 << 7:X}", True, False),
        (f"{1 << 10 | 1:X}", True, False),
        (f"{1 << 20 | 1 << 10 | 1 << 7 | 1:X}", True, False),  # it has no clock
        (f"{1 << 7 | 1:X}", False, True),
        (f"{1 << 56 | 1 << 7 | 1:X}", None, True),  # by Wi-Fi
        ("0", False, False),
        ("", None, False),
        ("0x81", None, False),
        (" 81", None, False),
        ("F" * 10_000, None, False),
        (81, None, False),
        (None, None, False),
    ],
)
def test_what_a_lock_can_do_is_read_bit_by_bit(
    cloud: Loopback, value: object, opens: bool | None, gives: bool
) -> None:
    cloud.on(LOCKS, says(list=[{**LOCK_ROW, "featureValue": value}], pages=1))

    (status,) = client(cloud.url).statuses()

    assert (status.opens_remotely, status.gives_offline_codes) == (opens, gives)


@pytest.mark.parametrize(
    ("value", "keypad"),
    [(f"{1 << 60 | 1 << 7 | 1:X}", "123456"), (f"{1 << 61 | 1 << 59 | 1:X}", None), (None, None)],
)
def test_keypad_that_is_not_complete_has_the_keys_of_a_cylinder(
    cloud: Loopback, value: object, keypad: str | None
) -> None:
    cloud.on(LOCKS, says(list=[{**LOCK_ROW, "featureValue": value}], pages=1))

    (status,) = client(cloud.url).statuses()

    assert status.keypad == keypad


def test_lock_without_features_told_is_there_all_the_same(cloud: Loopback) -> None:
    cloud.on(LOCKS, says(list=[LOCK_ROW], pages=1))

    (status,) = client(cloud.url).statuses()

    assert (status.opens_remotely, status.gives_offline_codes) == (None, False)
