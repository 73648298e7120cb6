"""TTLock's records: which are asked for, and how the vendor's two numberings are read."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.lock_words import Refusal, Way
from app.ports.locks.ttlock_records import lock_record
from tests.ports.faults import fault_of
from tests.ports.loopback import Loopback, Reply, says
from tests.ports.ttlock_world import NOW, RECORDS, client

AT = 1795442400000
"""NOW, as the vendor writes it."""
HOUR = 3_600_000


def row(number: object = 71, **changes: object) -> dict[str, object]:
    return {
        "recordId": number,
        "lockId": 1002,
        "recordType": 4,
        "recordTypeFromLock": 4,
        "success": 1,
        "username": "lk-17",
        "keyboardPwd": "048213",
        "lockDate": AT,
        "serverDate": AT + 2000,
        **changes,
    }


# What is asked


def test_an_hour_before_is_asked_for_as_the_lock_dates_its_lines_itself(cloud: Loopback) -> None:
    cloud.on(RECORDS, says(list=[], pages=0, total=0))

    client(cloud.url).records("1002", NOW)

    (form,) = cloud.forms(RECORDS)
    assert form["lockId"] == "1002"
    assert int(form["startDate"]) == AT - HOUR
    assert "endDate" not in form


def test_time_before_there_were_locks_is_no_negative_number(cloud: Loopback) -> None:
    cloud.on(RECORDS, says(list=[], pages=0, total=0))

    client(cloud.url).records("1002", datetime(1970, 1, 1, tzinfo=UTC))

    assert cloud.forms(RECORDS)[0]["startDate"] == "0"


@pytest.mark.parametrize("newest_first", [True, False])
def test_all_pages_are_read_in_whichever_order_they_come(
    cloud: Loopback, newest_first: bool
) -> None:
    rows = [row(n, lockDate=AT + n, serverDate=AT + n) for n in range(1, 451)]
    told = rows[::-1] if newest_first else rows

    def page(form: dict[str, str]) -> Reply:
        number, size = int(form["pageNo"]), int(form["pageSize"])
        return says(list=told[(number - 1) * size : number * size], pages=3, total=450)

    cloud.on(RECORDS, page)

    records = client(cloud.url).records("1002", NOW)

    assert [one.key for one in records] == [str(n) for n in range(1, 451)]


def test_line_that_came_while_pages_were_read_does_no_harm(cloud: Loopback) -> None:
    first = says(list=[row(n) for n in range(400, 200, -1)], pages=2, total=400)
    second = says(list=[row(n) for n in range(201, 1, -1)], pages=3, total=401)
    third = says(list=[row(1)], pages=3, total=401)
    cloud.on(RECORDS, first, second, third)

    assert len(client(cloud.url).records("1002", NOW)) == 400


def test_records_are_unknown_rather_than_short_when_a_page_is_missing(cloud: Loopback) -> None:
    first = says(list=[row(n) for n in range(200)], pages=2, total=201)
    cloud.on(RECORDS, first, says(list=[], pages=2, total=201))

    assert not fault_of(lambda: client(cloud.url).records("1002", NOW)).permanent


def test_what_was_heard_since_then_is_told_whenever_it_was(cloud: Loopback) -> None:
    day = 24 * HOUR
    rows = [
        row(1, lockDate=AT - 3 * day, serverDate=AT - 3 * day),
        row(2, lockDate=AT - 3 * day, serverDate=AT + 1000),  # its gateway was away
        row(3, lockDate=AT + day, serverDate=AT + 2000),  # its clock is ahead
        row(4, lockDate=AT - HOUR, serverDate=AT - HOUR),
    ]
    cloud.on(RECORDS, says(list=rows, pages=1, total=4))

    assert [one.key for one in client(cloud.url).records("1002", NOW)] == ["2", "3"]


def test_unreadable_lines_are_left_out_and_counted(
    cloud: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    rows = [row(), "odd", None, {"lockDate": "soon"}, {}, row(72, lockDate={"value": 1})]
    cloud.on(RECORDS, says(list=rows, pages=1, total=6))

    assert [one.key for one in client(cloud.url).records("1002", NOW)] == ["71", "72"]
    assert [vars(one)["count"] for one in caplog.records] == [4]


# How a line is read


@pytest.mark.parametrize(
    ("record_type", "way"),
    [
        (1, Way.APP), (4, Way.CODE), (7, Way.CARD), (8, Way.FINGER), (10, Way.KEY),
        (11, Way.LOCKED), (12, Way.REMOTE), (32, Way.INSIDE), (33, Way.LOCKED), (36, Way.LOCKED),
        (45, Way.LOCKED), (47, Way.LOCKED), (92, Way.CODE), (29, Way.OTHER), (123, Way.OTHER),
        (-5, Way.OTHER), (10**30, Way.OTHER), ("4", Way.CODE), ("soon", Way.CODE),
    ],
)  # fmt: skip
def test_way_is_told_by_the_clouds_number(record_type: object, way: Way) -> None:
    record = lock_record(row(recordType=record_type))

    assert (record.way, record.refusal) == (way, None)


@pytest.mark.parametrize(
    ("from_lock", "refusal"),
    [
        (7, Refusal.UNKNOWN_CODE), (11, Refusal.OUTSIDE_WINDOW), (38, Refusal.DOUBLE_LOCKED),
        (48, Refusal.LOCKED_OUT), (13, Refusal.UNKNOWN_CODE), (12, Refusal.OTHER),
        (9999, Refusal.OTHER), (None, Refusal.OTHER), ({}, Refusal.OTHER), (4, Refusal.OTHER),
        ("11", Refusal.OUTSIDE_WINDOW),
    ],
)  # fmt: skip
@pytest.mark.parametrize("success", [0, "0"])
def test_why_a_code_failed_is_told_by_the_locks_own_number(
    from_lock: object, refusal: Refusal, success: object
) -> None:
    assert lock_record(row(recordTypeFromLock=from_lock, success=success)).refusal is refusal


@pytest.mark.parametrize("success", [0, 1, None])
def test_keypad_that_rests_is_no_opening_whatever_its_line_claims(success: object) -> None:
    record = lock_record(row(recordType=48, recordTypeFromLock=48, success=success))

    assert (record.way, record.refusal) == (Way.CODE, Refusal.LOCKED_OUT)


@pytest.mark.parametrize(("from_lock", "refusal"), [(4, None), (7, Refusal.UNKNOWN_CODE)])
def test_line_that_does_not_say_whether_it_opened_is_no_opening_unless_the_lock_says_so(
    from_lock: int, refusal: Refusal | None
) -> None:
    untold = row(recordTypeFromLock=from_lock)
    del untold["success"], untold["recordType"]

    record = lock_record(untold)

    assert (record.way, record.refusal) == (Way.CODE, refusal)


def test_card_that_failed_is_refused_for_no_reason_of_a_code() -> None:
    record = lock_record(row(recordType=7, recordTypeFromLock=11, success=0))

    assert (record.way, record.refusal) == (Way.CARD, Refusal.OTHER)


def test_neither_a_cards_number_nor_a_persons_account_is_taken_for_a_codes() -> None:
    card = lock_record(row(recordType=7, keyboardPwd="3947561", username="Kim's card"))
    app = lock_record(row(recordType=1, username="owner@example.com", keyboardPwd=""))

    assert (card.digits, card.code_name) == (None, "")
    assert (app.digits, app.code_name) == (None, "")


def test_line_is_as_old_as_it_was_heard_where_the_lock_gives_no_time() -> None:
    record = lock_record(row(lockDate=None))

    assert record.at == record.heard_at == NOW + timedelta(seconds=2)


# Keys


def test_line_without_the_clouds_id_has_a_key_by_what_it_says() -> None:
    untold = row()
    del untold["recordId"]
    others = [
        {**untold, "lockDate": AT + 1},
        {**untold, "recordType": 12},
        {**untold, "keyboardPwd": "730264"},
        {**untold, "lockId": 1003},
    ]

    keys = [lock_record(one).key for one in (untold, dict(untold), *others)]

    assert keys[0] == keys[1]
    assert len(set(keys)) == 5
    assert not any("048213" in key for key in keys)


def test_key_is_not_changed_by_how_numbers_are_written() -> None:
    untold = row(lockDate=str(AT), lockId="1002", recordType="4")
    del untold["recordId"]
    same = {**untold, "lockDate": AT, "lockId": 1002, "recordType": 4}

    assert lock_record(untold).key == lock_record(same).key
    assert lock_record(row("71")).key == lock_record(row(71)).key


def test_time_is_aware() -> None:
    assert lock_record(row()).at == datetime(2026, 11, 23, 14, tzinfo=UTC)
